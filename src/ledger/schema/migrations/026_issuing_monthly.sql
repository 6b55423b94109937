-- Who joined so lately that the enrolment snapshot cannot show them waits for a later one.
alter table decision drop constraint reasons_partition;
alter table decision add constraint reasons_partition check (
  case when is_target
    then reason in ('special-care', 'unlinked', 'card-returned', 'no-card', 'deregistered', 'unregistered',
                    'certificate-expired', 'no-status', 'member', 'joined-since', 'symbol-changed', 'number-changed',
                    'ratio-changed', 'details-changed', 'held-before')
    else reason in ('lost', 'not-yet', 'day-labourer', 'after-cutoff', 'no-legacy-card', 'withdrawn', 'holds-certificate',
                    'on-the-way', 'waiting', 'verifiable', 'already-noticed', 'earlier-unsent')
  end);
