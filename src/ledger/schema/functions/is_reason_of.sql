-- Whether a reason for or against a paper belongs to issuances of this kind of paper.
create or replace function is_reason_of(kind text, reason text) returns boolean language sql immutable as $$
  select case kind
    when 'notice' then reason in ('member', 'joined-since', 'symbol-changed', 'number-changed', 'ratio-changed',
                                  'details-changed', 'held-before', 'lost', 'not-yet', 'day-labourer', 'after-cutoff',
                                  'already-noticed', 'holds-certificate', 'earlier-unsent')
    else reason not in ('member', 'joined-since', 'symbol-changed', 'number-changed', 'ratio-changed', 'details-changed',
                        'held-before', 'already-noticed', 'earlier-unsent') end
$$;
