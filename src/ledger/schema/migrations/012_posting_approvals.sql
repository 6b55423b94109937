-- An approval says what it was given for, release for post asks that all that was printed is enclosed, and both can be taken
-- back until something of the lot is posted; a person who asks for an issuance to be given up can take that back.

alter table lot_confirmation
  add column turn smallint not null default 1 check (turn > 0),
  add column counts jsonb,
  add column files_sha256 text check (files_sha256 ~ '^[0-9a-f]{64}$'),
  add column override_by text check (override_by <> ''),
  add column override_reason text check (override_reason <> ''),
  add constraint override_has_its_reason check ((override_by is null) = (override_reason is null)),
  add constraint only_posting_is_overridden check (override_by is null or step = 'post'),
  drop constraint lot_confirmation_pkey,
  drop constraint two_different_persons,
  add primary key (issuance_id, lot_no, step, turn, place),
  add constraint two_different_persons unique (issuance_id, lot_no, step, turn, person_key);
comment on table lot_confirmation is 'Two different persons a step: two places, and one key a person. What is taken back begins another turn.';
comment on column lot_confirmation.turn is 'One more than the step was taken back before; set by the database.';
comment on column lot_confirmation.counts is 'What was approved: the lot''s pieces as the database counted them then. Null = of an earlier release.';
comment on column lot_confirmation.files_sha256 is 'What was approved: one hash over the lot''s print files. Null = of an earlier release.';
comment on column lot_confirmation.override_by is 'The person who lets a lot go in which not all that was printed is enclosed; null where nobody had to.';

create table lot_take_back (
  issuance_id integer not null,
  lot_no smallint not null,
  step text not null check (step in ('print', 'post')),
  turn smallint not null check (turn > 0),
  person text not null check (person <> ''),
  reason text not null check (reason <> ''),
  actor text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (issuance_id, lot_no, step, turn),
  foreign key (issuance_id, lot_no) references lot
);
comment on table lot_take_back is 'Confirmations of a step that a person has taken back: those of its turn count no more.';
create trigger refused before insert on lot_take_back for each row execute function refuse_take_back();
create trigger frozen before update or delete on lot_take_back for each row execute function refuse_change();
alter table lot_take_back enable row level security;
create policy insurer_wall on lot_take_back to todoke_console using (issuance_id in (select id from issuance));
grant select, insert on lot_take_back to todoke_console;

alter table cancellation
  add column turn smallint not null default 1 check (turn > 0),
  drop constraint cancellation_pkey,
  add primary key (issuance_id, turn, person_key);
comment on column cancellation.turn is 'One more than was taken back before; set by the database.';

create table cancellation_take_back (
  issuance_id integer not null references issuance,
  turn smallint not null check (turn > 0),
  person text not null check (person <> ''),
  reason text not null check (reason <> ''),
  actor text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (issuance_id, turn)
);
comment on table cancellation_take_back is 'The first person''s asking for a cancellation, taken back before the second one confirmed it.';
create trigger refused before insert on cancellation_take_back for each row execute function refuse_cancellation_take_back();
create trigger frozen before update or delete on cancellation_take_back for each row execute function refuse_change();
alter table cancellation_take_back enable row level security;
create policy insurer_wall on cancellation_take_back to todoke_console using (issuance_id in (select id from issuance));
grant select on cancellation_take_back to todoke_console;
