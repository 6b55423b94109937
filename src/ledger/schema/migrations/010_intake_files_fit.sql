-- Files that fit each other: keys join in one canonical form, every row of an enrolment file is somebody's or nobody's, and
-- which file is in use is a fact of its own.

alter table dataset
  add column key_shapes jsonb,
  add column fitted_from integer references dataset,
  add column fitted_to integer references dataset,
  add column fitted_count integer check (fitted_count > 0),
  add constraint fitted_is_whole check (num_nulls(fitted_from, fitted_to, fitted_count) in (0, 3)),
  add constraint fitted_once unique (fitted_from, fitted_to);
comment on column dataset.key_shapes is 'How the keys are written (KeyShapes of rules/intake/join-keys).';
comment on column dataset.fitted_from is 'The file whose rows these are, under the members'' spelling of their keys: for joins of equal keys, never shown as a file.';
comment on column dataset.fitted_to is 'The members file whose spelling it is.';
comment on column dataset.fitted_count is 'Rows (of workplaces: symbols of members) that join in canonical form only.';

create table dataset_use (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  kind text not null,
  dataset_id integer not null references dataset,
  at timestamptz not null default now(),
  by text not null,
  person text,
  reason text,
  constraint going_back_has_its_reason check ((person is null) = (reason is null))
);
comment on table dataset_use is 'Which file of a kind is in use: the newest row says it.';
comment on column dataset_use.by is 'Login of the user.';
comment on column dataset_use.person is 'Person who decided to take up an earlier file again; null = it was taken in.';
create index dataset_use_newest on dataset_use (insurer_number, kind, id desc);
create trigger frozen before update or delete on dataset_use for each row execute function refuse_change();
alter table dataset_use enable row level security;
create policy insurer_wall on dataset_use to todoke_console using (insurer_number = (select wall('insurer')));
grant select on dataset_use to todoke_console;

insert into dataset_use (insurer_number, kind, dataset_id, at, by)
select insurer_number, kind, id, imported_at, imported_by from dataset order by id;
create trigger taken_up after insert on dataset for each row when (new.fitted_from is null)
  execute function use_new_dataset();

create table enrolment_join (
  issuance_id integer primary key references issuance,
  row_count bigint not null,
  matched_count bigint not null,
  nobodys_count bigint not null,
  constraint balance_enrolment_rows check (row_count = matched_count + nobodys_count)
);
comment on table enrolment_join is 'Whose the rows of an issuance''s enrolment file are; counted by the database itself.';
comment on column enrolment_join.matched_count is 'Rows of members who were decided about.';
create trigger frozen before update or delete on enrolment_join for each row execute function refuse_change();
create trigger counted before insert on enrolment_join for each row execute function count_enrolment_join();
