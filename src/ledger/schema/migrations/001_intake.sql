-- Input files and what is in them. Snapshots (members, workplaces, enrolment, burden ratios) come as whole files, one
-- partition each, and never change.
--
-- The console reads and writes as the role `todoke_console` (made by migrate.ts: roles belong to the whole server). It owns
-- nothing and sees only what the policies beside each table let through: the wall of the insurer, and within it those of the
-- branch, the workplace and the contractor, read from settings of the transaction by wall(). Policies say
-- `case when (select wall('branch')) is null then true else … end` because the planner takes "no such limit, or it is mine"
-- for one row in a thousand, and a search by kana then sorted a whole range instead of reading its first page off the index.

grant usage on schema todoke to todoke_console;

create table insurer (
  insurer_number text primary key check (insurer_number ~ '^([0-9]{6}|[0-9]{8})$'),
  name text not null
);
comment on table insurer is 'Insurers (保険者) whose papers this database holds.';
alter table insurer enable row level security;
create policy insurer_wall on insurer to todoke_console using (insurer_number = (select wall('insurer')));
grant select on insurer to todoke_console;

-- (The cells of a file's rows are checked by formats; a regular expression in the tables below would cost as much as the copy
-- itself. That 番号 is digits is what number_rank needs, so a letter cannot enter.)
create table dataset (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  kind text not null check (kind in ('members', 'workplaces', 'enrolment', 'ratios')),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  reading text not null,
  as_of date,
  through_on date,
  file_name text not null,
  encoding text not null,
  row_count integer not null check (row_count >= 0),
  rejected_count integer not null check (rejected_count >= 0),
  override_by text,
  override_reason text,
  imported_at timestamptz not null default now(),
  imported_by text not null,
  unique nulls not distinct (insurer_number, kind, sha256, reading, as_of),
  check ((kind = 'enrolment') = (as_of is not null)),
  constraint override_has_its_reason check ((override_by is null) = (override_reason is null))
);
comment on table dataset is 'One stored input file.';
comment on column dataset.sha256 is 'Content hash of the file.';
comment on column dataset.reading is 'How the file was read (column map, forced encoding), since that decides the rows.';
comment on column dataset.as_of is 'The day an enrolment snapshot was taken; null for all other kinds.';
comment on column dataset.through_on is 'Of members: the newest day of joining or decision its rows speak of.';
comment on column dataset.override_by is 'The person who let in a file older than the one in use; null where none had to.';
create trigger older before insert on dataset for each row execute function refuse_older_dataset();
create trigger frozen before update or delete on dataset for each row execute function refuse_change();
alter table dataset enable row level security;
create policy insurer_wall on dataset to todoke_console using (insurer_number = (select wall('insurer')));
grant select on dataset to todoke_console;

create table workplace (
  dataset_id integer not null,
  line integer not null check (line > 0),
  symbol text collate "C" not null,
  name text not null,
  postal_code text not null,
  address text not null,
  building text not null,
  employer_name text not null,
  branch_code text not null,
  corporate_number text not null,
  phone text not null,
  email text not null,
  address_key bigint,
  primary key (dataset_id, symbol)
) partition by list (dataset_id);
comment on table workplace is 'Rows of 事業所.csv.';
comment on column workplace.line is 'Line of the file as the clerk sees it.';
comment on column workplace.address_key is 'Hash of the folded address: only to find rows that may belong together.';
-- A branch's workplaces in the order of their symbols: its lists are read along this.
create index workplace_of_branch on workplace (dataset_id, branch_code, symbol);
create trigger frozen before update or delete on workplace for each row execute function refuse_change();
alter table workplace enable row level security;
create policy people_wall on workplace to todoke_console using (
  dataset_id in (select id from dataset)
  and (select wall('role')) is distinct from 'contractor'
  and case when (select wall('branch')) is null then true else branch_code = (select wall('branch')) end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on workplace to todoke_console;

-- A branch's wall is asked row by row. "One of all the workplaces of the branch" was gathered anew by every table of every
-- query, which cost as much as the insurer has workplaces; here it is one look into an index.
create table workplace_branch (
  insurer_number text not null references insurer,
  branch_code text collate "C" not null check (branch_code <> ''),
  symbol text collate "C" not null,
  primary key (insurer_number, branch_code, symbol)
);
comment on table workplace_branch is 'Which branch a workplace belongs to, or has belonged to in any file.';
alter table workplace_branch enable row level security;
create policy insurer_wall on workplace_branch to todoke_console using (
  insurer_number = (select wall('insurer')) and branch_code = (select wall('branch')));
grant select on workplace_branch to todoke_console;

create table member (
  dataset_id integer not null,
  line integer not null check (line > 0),
  symbol text collate "C" not null check (length(symbol) between 1 and 8),
  number text collate "C" not null,
  sub_number text collate "C" not null check (length(sub_number) = 2),
  number_rank bigint not null generated always as (number::bigint) stored,
  name text not null,
  kana text not null,
  born_on date not null,
  sex text not null check (sex in ('male', 'female')),
  relation text not null check (relation in ('insured', 'dependent')),
  acquired_on date not null,
  decided_on date,
  lost_on date,
  insured_class text not null
    check (insured_class in ('general', 'voluntary-continuation', 'special-retiree', 'day-labourer')),
  holds_legacy_card boolean not null,
  certificate_valid_through date,
  home_postal_code text,
  home_line text,
  home_building text,
  mail_postal_code text,
  mail_line text,
  mail_building text,
  mail_stopped boolean not null,
  has_optional_entries boolean not null,
  former_name text,
  shows_former_name boolean not null,
  sex_on_back boolean not null,
  special_care boolean not null,
  match_result text,
  sealed_digits bytea check (length(sealed_digits) = 32),
  address_key bigint,
  person_key bigint not null,
  primary key (dataset_id, symbol, number_rank, number, sub_number)
) partition by list (dataset_id);
comment on table member is 'Rows of 加入者.csv.';
comment on column member.line is 'Line of the file as the clerk sees it.';
comment on column member.number_rank is '番号 as a number: keys are in the order of numbers, not of their digits.';
comment on column member.sealed_digits is
  'The last four digits of the individual number, sealed before they reach the database (AES-256-GCM: nonce 12, digits 4, tag 16 bytes).';
comment on column member.address_key is 'Hash of the folded home address: only to find rows that may belong together.';
comment on column member.person_key is 'Hash of folded kana, birth date and sex: only to find rows that may belong together.';
create trigger frozen before update or delete on member for each row execute function refuse_change();
alter table member enable row level security;
create policy people_wall on member to todoke_console using (
  dataset_id in (select id from dataset)
  and (select wall('role')) is distinct from 'contractor'
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = member.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on member to todoke_console;

create table enrolment (
  dataset_id integer not null,
  line integer not null check (line > 0),
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as (number::bigint) stored,
  card text not null check (card in ('held', 'none', 'returned')),
  registration text not null check (registration in ('registered', 'unregistered', 'deregistered')),
  registered_on date,
  deregistered_on date,
  digital_certificate_expires_on date,
  card_returned_on date,
  linked boolean not null,
  primary key (dataset_id, symbol, number_rank, number, sub_number)
) partition by list (dataset_id);
comment on table enrolment is
  'Rows of an enrolment snapshot: whether a member holds an individual number card, and whether it is registered for use as a health insurance card (利用登録).';
comment on column enrolment.line is 'Line of the file as the clerk sees it.';
create trigger frozen before update or delete on enrolment for each row execute function refuse_change();
alter table enrolment enable row level security;
create policy people_wall on enrolment to todoke_console using (
  dataset_id in (select id from dataset)
  and (select wall('role')) is distinct from 'contractor'
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = enrolment.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on enrolment to todoke_console;

create table burden_ratio (
  dataset_id integer not null,
  line integer not null check (line > 0),
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as (number::bigint) stored,
  tenths smallint not null check (tenths in (2, 3)),
  holds_from date not null,
  holds_through date not null,
  check (holds_through >= holds_from),
  primary key (dataset_id, symbol, number_rank, number, sub_number)
) partition by list (dataset_id);
comment on table burden_ratio is
  'Rows of 負担割合.csv: what members of 70 and over pay, as the insurer has determined it. (The members'' file has no income class.)';
comment on column burden_ratio.line is 'Line of the file as the clerk sees it.';
comment on column burden_ratio.tenths is 'Tenths of the cost.';
comment on column burden_ratio.holds_from is 'First day on which the ratio holds.';
comment on column burden_ratio.holds_through is 'Last day on which the ratio holds.';
create trigger frozen before update or delete on burden_ratio for each row execute function refuse_change();
alter table burden_ratio enable row level security;
-- A person's page says the ratio and where it comes from, to roles that may see decisions.
create policy people_wall on burden_ratio to todoke_console using (
  dataset_id in (select id from dataset)
  and (select wall('role')) not in ('contractor', 'workplace')
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = burden_ratio.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on burden_ratio to todoke_console;

create table postal_edition (
  id integer primary key generated always as identity,
  sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
  district_count integer not null check (district_count > 0),
  office_count integer not null check (office_count >= 0),
  imported_at timestamptz not null default now()
);
comment on table postal_edition is
  'Editions of the postal data, never changed: papers that were printed with one can be made again with the same.';
comment on column postal_edition.sha256 is 'Hash of the files it came from: the same files twice are one edition.';
create trigger frozen before update or delete on postal_edition for each row execute function refuse_change();
grant select on postal_edition to todoke_console;

create table postal_district (
  edition_id integer not null references postal_edition,
  postal_code text not null check (postal_code ~ '^\d{7}$'),
  prefecture text not null,
  city text not null,
  town text not null
);
comment on table postal_district is 'Postal codes of districts.';
create index postal_district_edition on postal_district (edition_id);
create trigger frozen before update or delete on postal_district for each row execute function refuse_change();

create table postal_office (
  edition_id integer not null references postal_edition,
  postal_code text not null check (postal_code ~ '^\d{7}$'),
  prefecture text not null,
  city text not null,
  primary key (edition_id, postal_code)
);
comment on table postal_office is 'Postal codes that belong to one large receiver of mail (大口事業所個別番号).';
create trigger frozen before update or delete on postal_office for each row execute function refuse_change();

create table profile_change (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  at timestamptz not null default now(),
  actor text not null,
  reason text not null check (reason <> ''),
  before_sha256 text not null check (before_sha256 ~ '^[0-9a-f]{64}$'),
  after_sha256 text not null check (after_sha256 ~ '^[0-9a-f]{64}$' and after_sha256 <> before_sha256),
  source text not null
);
comment on table profile_change is
  'Changes of an insurer''s profile: person, time, reason, and the whole text it became. The file is the profile; this is its history.';
create trigger frozen before update or delete on profile_change for each row execute function refuse_change();
alter table profile_change enable row level security;
create policy insurer_wall on profile_change to todoke_console using (insurer_number = (select wall('insurer')));
grant select, insert on profile_change to todoke_console;
