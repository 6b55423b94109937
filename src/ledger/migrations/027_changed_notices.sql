-- Notices given again because something on them changed (施行規則51条の3第5項): reasons of their own.
alter table decision drop constraint reasons_partition;
alter table decision add constraint reasons_partition check (
  case when is_target
    then reason in ('special-care', 'unlinked', 'card-returned', 'no-card', 'deregistered', 'unregistered',
                    'certificate-expired', 'no-status', 'member', 'joined-since', 'symbol-changed', 'number-changed',
                    'ratio-changed', 'details-changed', 'held-before')
    else reason in ('lost', 'not-yet', 'day-labourer', 'after-cutoff', 'no-legacy-card', 'holds-certificate',
                    'verifiable', 'already-noticed', 'earlier-unsent')
  end);

create or replace function is_reason_of(kind text, reason text) returns boolean language sql immutable as $$
  select case kind
    when 'notice' then reason in ('member', 'joined-since', 'symbol-changed', 'number-changed', 'ratio-changed',
                                  'details-changed', 'held-before', 'lost', 'not-yet', 'day-labourer', 'after-cutoff',
                                  'already-noticed', 'holds-certificate', 'earlier-unsent')
    else reason not in ('member', 'joined-since', 'symbol-changed', 'number-changed', 'ratio-changed', 'details-changed',
                        'held-before', 'already-noticed', 'earlier-unsent') end
$$;

-- A person's page says the ratio and where it comes from: of those one may see, to whom a decision may be told.
grant select on burden_ratio to todoke_console;
alter table burden_ratio enable row level security;
create policy people_wall on burden_ratio to todoke_console using (
  dataset_id in (select id from dataset)
  and (select wall('role')) not in ('contractor', 'workplace')
  and ((select wall('branch')) is null or symbol in (select w.symbol from workplace w))
  and ((select wall('workplace')) is null or symbol = (select wall('workplace'))));
