-- One plan, one issuance: which issuance stands for a plan, which was given up before anything was posted, and why papers
-- were withdrawn, since that decides who may be in a later issuance.

create table plan_run (
  insurer_number text not null references insurer,
  plan text not null,
  issuance_id integer not null unique references issuance,
  primary key (insurer_number, plan)
);
comment on table plan_run is 'The one issuance that stands for a plan of the profile or a round of it.';
comment on column plan_run.plan is 'Name of the issuance; of notices with the day of extraction, since a plan without a day of its own is made once a day.';
-- Of what was made twice before, the newest stands under the plan's name.
insert into plan_run (insurer_number, plan, issuance_id)
select insurer_number,
       plan || case when id = max(id) over (partition by insurer_number, plan) then '' else '#' || id end, id
  from (select insurer_number, id,
               name || case when paper_kind = 'notice' then '@' || reference_on else '' end as plan
          from issuance where parent_id is null) planned;

-- A plan that was given up may be begun again with the same files.
alter table issuance drop constraint issuance_inputs;

create table cancellation (
  issuance_id integer not null references issuance,
  person text not null check (person <> ''),
  person_key text not null,
  reason text not null check (reason <> ''),
  actor text not null,
  at timestamptz not null default now(),
  primary key (issuance_id, person_key)
);
comment on table cancellation is 'Persons who give an issuance up (取りやめ), each once; with the second its plan is free.';
comment on column cancellation.person_key is 'The name without spaces and width: two spellings of one name are one person.';
create trigger refuse_cancellation before insert on cancellation for each row execute function refuse_cancellation();
create trigger frozen before update or delete on cancellation for each row execute function refuse_change();
create trigger free_plan after insert on cancellation for each row execute function free_plan();
create trigger refuse_freed_plan before update or delete on plan_run for each row execute function refuse_freed_plan();

create table withdrawal (
  paper_number bigint primary key,
  issuance_id integer not null references issuance,
  code text not null check (code in ('lost', 'enrolled', 'staff', 'cancelled')),
  lost_on date,
  withdrawn_on date not null,
  constraint only_a_loss_has_a_day check (lost_on is null or code = 'lost')
);
comment on table withdrawal is 'Why a certificate (of notices: its piece) was withdrawn (引き抜き): how long that keeps the person out of later issuances.';
comment on column withdrawal.lost_on is 'The first day without cover; null = not said.';
create index withdrawal_issuance on withdrawal (issuance_id);
create trigger frozen before update or delete on withdrawal for each row execute function refuse_change();

insert into withdrawal (paper_number, issuance_id, code, withdrawn_on)
select e.paper_number, e.issuance_id, case when e.reason ~ '喪失|資格を失' then 'lost' else 'staff' end,
       (e.at at time zone 'Asia/Tokyo')::date
  from event e join issuance i on i.id = e.issuance_id
 where e.event = 'withdraw' and e.subject = case when i.paper_kind = 'notice' then 'mailpiece' else 'certificate' end
    on conflict do nothing;

create constraint trigger withdrawal_has_event after insert on withdrawal
  deferrable initially deferred for each row execute function refuse_withdrawal_without_event();

create table lifted_withdrawal (
  paper_number bigint primary key references withdrawal,
  person text not null check (person <> ''),
  reason text not null check (reason <> ''),
  actor text not null,
  at timestamptz not null default now()
);
comment on table lifted_withdrawal is 'Withdrawals that a person has lifted: they keep nobody out any more.';
create trigger frozen before update or delete on lifted_withdrawal for each row execute function refuse_change();

-- Who is out because of the ledger's own papers.
alter table decision drop constraint reasons_partition;
alter table decision add constraint reasons_partition check (
  case when is_target
    then reason in ('special-care', 'unlinked', 'card-returned', 'no-card', 'deregistered', 'unregistered',
                    'certificate-expired', 'no-status', 'member', 'joined-since', 'symbol-changed', 'number-changed',
                    'ratio-changed', 'details-changed', 'held-before')
    else reason in ('lost', 'not-yet', 'day-labourer', 'after-cutoff', 'no-legacy-card', 'withdrawn', 'holds-certificate',
                    'on-the-way', 'verifiable', 'already-noticed', 'earlier-unsent')
  end);

alter table plan_run enable row level security;
create policy insurer_wall on plan_run to todoke_console using (issuance_id in (select id from issuance));
alter table cancellation enable row level security;
create policy insurer_wall on cancellation to todoke_console using (issuance_id in (select id from issuance));
alter table withdrawal enable row level security;
create policy insurer_wall on withdrawal to todoke_console using (issuance_id in (select id from issuance));
alter table lifted_withdrawal enable row level security;
create policy insurer_wall on lifted_withdrawal to todoke_console
  using (paper_number in (select paper_number from withdrawal));
grant select on plan_run, cancellation, withdrawal, lifted_withdrawal to todoke_console;
grant insert on withdrawal, lifted_withdrawal to todoke_console;
