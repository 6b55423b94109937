-- Whose acquisition a filed loss comes after decides whether it is of this eligibility: the function asks for both days now.
drop function if exists lost_by_filing(text, text, text, text);

-- 施行規則47条3項4号: from 70 on the ratio and its 発効期日 stand on the certificate where no 高齢受給者証 is issued.
alter table certificate
  add column ratio smallint check (ratio in (2, 3)),
  add column ratio_from date,
  add constraint ratio_has_its_day check ((ratio is null) = (ratio_from is null));
comment on column certificate.ratio is 'Tenths of the cost on the face, from 70 on where no 高齢受給者証 says it; null = none stands there.';
comment on column certificate.ratio_from is '発効期日 of the ratio on the face; null where there is none.';

-- Three tenths of a dependent whose insured person is under 70 wait for staff.
alter table target_exit drop constraint target_exit_reason_check;
alter table target_exit add constraint target_exit_reason_check
  check (reason in ('mail-stopped', 'withdrawn-lost', 'no-validity', 'reached-75', 'match-unresolved', 'income-unknown',
                    'ratio-doubtful', 'no-address'));

-- A round that shows no digits asks only those for the number whose number is not known for certain.
alter table notice drop constraint digits_or_request_form;
alter table notice add constraint digits_or_request_form check (not (shows_digits and request_form));

-- What is handed in by law though eligibility goes on (施行規則48条1項, 49条2項), beside losses and what is found again.
alter table recall_demand drop constraint recall_demand_ground_check;
alter table recall_demand add constraint recall_demand_ground_check
  check (ground in ('lost', 'found', 'corrected', 'damaged'));
alter table recall_slip_paper drop constraint recall_slip_paper_ground_check;
alter table recall_slip_paper add constraint recall_slip_paper_ground_check
  check (ground in ('lost', 'found', 'corrected', 'damaged', 'enrolled', 'superseded'));

-- 喪失原因: after the insured person's death the family is asked, not the employer (施行規則51条5項).
alter table filing add column cause text not null default 'unsaid'
  check (cause in ('unsaid', 'retired', 'died', 'reached-75', 'disability', 'other'));
comment on column filing.cause is '喪失原因 as filed; `unsaid` = not said.';

-- The last four digits of individual numbers go before all else of a file (番号法: once they are needed no more). Entering a row
-- erases them; the database counts. What stays says that, when and by whom.
create table digits_erasure (
  dataset_id integer primary key references dataset,
  insurer_number text not null references insurer,
  ended_on date not null,
  months integer not null check (months > 0),
  erased_on date not null,
  digits_count bigint not null,
  actor text not null,
  recorded_at timestamptz not null default now(),
  constraint past_digits_retention check (erased_on > (ended_on + make_interval(months => months))::date)
);
comment on table digits_erasure is 'Last four digits of individual numbers that were erased, a file of members at a time.';
comment on column digits_erasure.ended_on is 'The last day on which they were needed: of the last round that printed them, or of the import.';
comment on column digits_erasure.digits_count is 'How many there were, as the database counted.';
create trigger erase_digits before insert on digits_erasure for each row execute function erase_digits();
create trigger frozen before update or delete on digits_erasure for each row execute function refuse_change();
alter table digits_erasure enable row level security;
create policy insurer_wall on digits_erasure to todoke_console using (insurer_number = (select wall('insurer')));
grant select on digits_erasure to todoke_console;
