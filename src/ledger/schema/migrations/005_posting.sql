-- Handing over and posting: files that come in from others, parcels of certificates to workplaces (closed by scan), and
-- parcels of notices.

create table job_file (
  insurer_number text not null,
  kind text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  issuance_id integer not null references issuance,
  file_name text not null,
  through_on date,
  row_count integer not null,
  refused_count integer not null,
  override_by text,
  override_reason text,
  taken_at timestamptz not null default now(),
  actor text not null,
  primary key (insurer_number, kind, sha256)
);
comment on table job_file is
  'Files that came in from others (results, lists): each is taken once, and none that is older than one taken before of its kind.';
comment on column job_file.through_on is 'The newest day the file speaks of.';
comment on column job_file.override_by is 'The person who let in an older file; null where none had to.';
create trigger older before insert on job_file for each row execute function refuse_older_file();
create trigger frozen before update or delete on job_file for each row execute function refuse_change();
alter table job_file enable row level security;
create policy insurer_wall on job_file to todoke_console using (insurer_number = (select wall('insurer')));
grant select, insert on job_file to todoke_console;

create table parcel (
  id integer generated always as identity primary key,
  issuance_id integer not null references issuance,
  symbol text collate "C" not null,
  sequence smallint not null check (sequence > 0),
  sequence_count smallint not null check (sequence_count >= sequence),
  container text not null check (container in ('envelope', 'box')),
  opened_at timestamptz not null default clock_timestamp(),
  opened_by text not null,
  expected_count integer,
  scanned_count integer,
  closed_at timestamptz,
  closed_by text,
  check ((closed_at is null) = (closed_by is null)),
  constraint balance_parcel
    check (closed_at is null or coalesce(expected_count = scanned_count and expected_count > 0, false))
);
comment on table parcel is 'Pieces of certificates that go to a workplace together.';
comment on column parcel.expected_count is 'Pieces that are still to go, counted when it closes.';
comment on column parcel.scanned_count is 'Pieces that were scanned in, counted when it closes.';
create index parcel_workplace on parcel (issuance_id, symbol);
create trigger close_parcel before update on parcel for each row execute function close_parcel();
create trigger frozen before delete on parcel for each row execute function refuse_change();
alter table parcel enable row level security;
create policy people_wall on parcel to todoke_console using (
  issuance_id in (select id from issuance)
  and (select wall('role')) is distinct from 'contractor'
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = parcel.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select, insert, update (closed_at, closed_by) on parcel to todoke_console;

create table parcel_piece (
  mailpiece_number bigint primary key,
  parcel_id integer not null references parcel,
  position smallint not null check (position > 0),
  scanned_at timestamptz,
  scanned_by text,
  unique (parcel_id, position),
  check ((scanned_at is null) = (scanned_by is null))
);
comment on table parcel_piece is 'The pieces of a parcel; a piece goes into one parcel.';
create trigger check_parcel_piece before insert or update on parcel_piece
  for each row execute function check_parcel_piece();
create trigger frozen before delete on parcel_piece for each row execute function refuse_change();
alter table parcel_piece enable row level security;
create policy people_wall on parcel_piece to todoke_console using (parcel_id in (select id from parcel));
grant select, insert, update (scanned_at, scanned_by) on parcel_piece to todoke_console;

create table notice_parcel (
  issuance_id integer not null references issuance,
  no integer not null check (no > 0),
  insurer_number text not null references insurer,
  symbol text collate "C" not null,
  sequence smallint not null check (sequence > 0),
  sequence_count smallint not null check (sequence_count >= sequence),
  container text not null check (container in ('envelope', 'box')),
  notice_count smallint not null check (notice_count > 0),
  weight_g integer not null check (weight_g > 0),
  depth_mm integer not null check (depth_mm > 0),
  acceptance_number text check (acceptance_number ~ '^[56][0-9]{10}$'
    and left(acceptance_number, 10)::bigint % 7 = right(acceptance_number, 1)::bigint),
  primary key (issuance_id, no),
  unique (issuance_id, symbol, sequence),
  unique (insurer_number, acceptance_number)
);
comment on table notice_parcel is 'Parcels of notices to workplaces, in order of symbol.';
comment on column notice_parcel.weight_g is 'An estimate.';
comment on column notice_parcel.depth_mm is 'An estimate.';
comment on column notice_parcel.acceptance_number is
  '引受番号 from the range the post office assigned; null = none is left, or none was assigned.';
create trigger closed_packing after insert on notice_parcel
  referencing new table as added for each statement execute function refuse_rows_of_packed_issuance();
create trigger frozen before update or delete on notice_parcel for each row execute function refuse_change();
alter table notice_parcel enable row level security;
create policy people_wall on notice_parcel to todoke_console using (
  issuance_id in (select id from issuance)
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = notice_parcel.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on notice_parcel to todoke_console;

create table parcelled_notice (
  issuance_id integer not null,
  mailpiece_number bigint not null,
  parcel_no integer not null,
  position smallint not null check (position > 0),
  primary key (issuance_id, mailpiece_number),
  unique (issuance_id, parcel_no, position),
  foreign key (issuance_id, parcel_no) references notice_parcel
) partition by list (issuance_id);
comment on table parcelled_notice is 'The notices of a parcel.';
create trigger closed_packing after insert on parcelled_notice
  referencing new table as added for each statement execute function refuse_rows_of_packed_issuance();
create trigger frozen before update or delete on parcelled_notice for each row execute function refuse_change();

create table packing (
  issuance_id integer primary key references issuance,
  notice_count integer,
  home_count integer,
  parcelled_count integer,
  parcel_count integer,
  constraint balance_notices_parcels
    check (coalesce(notice_count = parcelled_count + home_count, false))
);
comment on table packing is 'One row closes the parcels of an issuance of notices; the counts are the database''s own.';
create trigger count_packing before insert on packing for each row execute function count_packing();
create trigger frozen before update or delete on packing for each row execute function refuse_change();
