-- The double-entry ledger of people and paper.
--
-- Snapshots (member, workplace, enrolment) come as whole files, one partition each, and never change. An issuance over
-- three of them has exactly one decision per member; every target has exactly one certificate or one named exit; every
-- certificate sits in exactly one mailpiece; every mailpiece is printed once or held. The balances are checks on
-- `chunk` and `print_batch`, counted by the database itself when a chunk closes (see 002).

create table insurer (
  insurer_number text primary key check (insurer_number ~ '^([0-9]{6}|[0-9]{8})$'),
  name text not null
);

-- One stored input file. (The cells of its rows are checked by formats; a regular expression here would cost as much
-- as the copy itself. That 番号 is digits is what `number_rank` needs, so a letter cannot enter.)
create table dataset (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  kind text not null check (kind in ('members', 'workplaces', 'enrolment')),
  -- Content hash of the file; `reading` says how it was read (column map, forced encoding), since that decides the rows.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  reading text not null,
  as_of date,
  file_name text not null,
  encoding text not null,
  row_count integer not null check (row_count >= 0),
  rejected_count integer not null check (rejected_count >= 0),
  imported_at timestamptz not null default now(),
  imported_by text not null,
  unique nulls not distinct (insurer_number, kind, sha256, reading, as_of),
  check ((kind = 'enrolment') = (as_of is not null))
);

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
  individual_number_last4 text check (length(individual_number_last4) = 4),
  match_result text,
  -- Hashes of the folded home address and of folded kana + birth date + sex: only to find rows that may belong together.
  address_key bigint,
  person_key bigint not null,
  primary key (dataset_id, symbol, number_rank, number, sub_number)
) partition by list (dataset_id);

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

-- One run of an issuance of the profile over three snapshots. `rules` is everything that decides about people and
-- envelopes, frozen; the same rules over the same snapshots are the same run.
create table issuance (
  id integer generated always as identity primary key check (id between 1 and 9999),
  insurer_number text not null references insurer,
  profile_id text not null,
  name text not null,
  members_id integer not null references dataset,
  workplaces_id integer not null references dataset,
  enrolment_id integer not null references dataset,
  reference_on date not null,
  issued_on date not null,
  rules jsonb not null,
  rules_sha256 text not null,
  member_count integer not null check (member_count >= 0),
  created_at timestamptz not null default now(),
  created_by text not null,
  unique (insurer_number, profile_id, name, members_id, workplaces_id, enrolment_id, issued_on, rules_sha256)
);

-- A run of whole households in key order, the unit of work that is done in one transaction and may be done again.
create table chunk (
  issuance_id integer not null references issuance,
  no integer not null check (no > 0),
  first_symbol text collate "C" not null,
  first_rank bigint not null,
  first_number text collate "C" not null,
  last_symbol text collate "C" not null,
  last_rank bigint not null,
  last_number text collate "C" not null,
  -- Members of the snapshot before this chunk: the n-th member of the whole issuance has ordinal n, from 1.
  members_before integer not null check (members_before >= 0),
  household_count integer not null check (household_count > 0),
  member_count integer not null check (member_count >= household_count),
  decided_at timestamptz,
  target_count integer,
  not_target_count integer,
  enclosed_at timestamptz,
  certificate_count integer,
  exit_count integer,
  mailpiece_count integer,
  primary key (issuance_id, no),
  constraint balance_members_decided
    check (decided_at is null or coalesce(target_count + not_target_count = member_count, false)),
  constraint balance_targets_certificates
    check (enclosed_at is null or coalesce(certificate_count + exit_count = target_count, false)),
  check (enclosed_at is null or decided_at is not null),
  check (enclosed_at is null or coalesce(mailpiece_count <= certificate_count, false))
);

-- Why each member does or does not receive a certificate, with the facts the rule saw.
create table decision (
  issuance_id integer not null,
  chunk_no integer not null,
  ordinal integer not null check (ordinal > 0),
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as (number::bigint) stored,
  is_target boolean not null,
  reason text not null,
  -- As written by decisions.ts: what is null, false or ordinary is left out. (json, not jsonb: half the cost of a copy.)
  facts json not null,
  primary key (issuance_id, symbol, number_rank, number, sub_number),
  constraint reasons_partition check (
    case when is_target
      then reason in ('special-care', 'unlinked', 'card-returned', 'no-card', 'deregistered', 'unregistered',
                      'certificate-expired', 'no-status')
      else reason in ('lost', 'not-yet', 'day-labourer', 'after-cutoff', 'no-legacy-card', 'holds-certificate',
                      'verifiable')
    end)
) partition by list (issuance_id);

-- Targets that get no certificate now, and why.
create table target_exit (
  issuance_id integer not null,
  chunk_no integer not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  reason text not null check (reason in ('mail-stopped', 'withdrawn-lost', 'no-validity')),
  primary key (issuance_id, symbol, number, sub_number),
  foreign key (issuance_id, chunk_no) references chunk
);

create table mailpiece (
  issuance_id integer not null,
  chunk_no integer not null,
  mailpiece_number bigint not null,
  route text not null check (route in ('home', 'workplace')),
  symbol text collate "C" not null,
  number text collate "C" not null,
  sequence smallint not null check (sequence > 0),
  sequence_count smallint not null check (sequence_count >= sequence),
  certificate_count smallint not null check (certificate_count > 0),
  addressee text not null,
  postal_code text,
  address_line text,
  building text,
  primary key (issuance_id, mailpiece_number),
  unique (issuance_id, symbol, number, sequence),
  check ((postal_code is null) = (address_line is null) and (postal_code is null) = (building is null)),
  check (route = 'home' or address_line is null)
) partition by list (issuance_id);

-- Every certificate sits in exactly one mailpiece (not null, one row a certificate).
create table certificate (
  issuance_id integer not null,
  chunk_no integer not null,
  certificate_number bigint not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  issued_on date not null,
  valid_through date not null,
  mailpiece_number bigint not null,
  position smallint not null check (position > 0),
  primary key (issuance_id, certificate_number),
  unique (issuance_id, symbol, number, sub_number),
  unique (issuance_id, mailpiece_number, position),
  check (valid_through >= issued_on)
) partition by list (issuance_id);

-- Lists for staff. Nothing here stops anything by itself.
create table warning (
  issuance_id integer not null references issuance,
  code text not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  -- What belongs together (rows that share an address or a person), never a personal value.
  group_no integer,
  primary key (issuance_id, code, symbol, number, sub_number)
);

-- A run of mailpieces that is printed together: its letters in one file, its certificates in others.
create table print_batch (
  issuance_id integer not null references issuance,
  no integer not null check (no > 0),
  route text not null check (route in ('home', 'workplace')),
  first_mailpiece bigint not null,
  last_mailpiece bigint not null,
  mailpiece_count integer not null check (mailpiece_count > 0),
  certificate_count integer not null check (certificate_count > 0),
  template_sha256 text,
  printed_at timestamptz,
  printed_count integer,
  held_count integer,
  printed_certificate_count integer,
  held_certificate_count integer,
  primary key (issuance_id, no),
  constraint balance_mailpieces_printed
    check (printed_at is null or coalesce(printed_count + held_count = mailpiece_count, false)),
  constraint balance_certificates_printed
    check (printed_at is null
           or coalesce(printed_certificate_count + held_certificate_count = certificate_count, false))
);

create table print_file (
  issuance_id integer not null,
  batch_no integer not null,
  -- Paper on its pages: letter, card-front and so on.
  paper text not null,
  path text not null,
  page_count integer not null check (page_count > 0),
  mailpiece_count integer not null check (mailpiece_count > 0),
  certificate_count integer not null check (certificate_count > 0),
  byte_count bigint not null check (byte_count > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  primary key (issuance_id, batch_no, paper),
  unique (issuance_id, path),
  foreign key (issuance_id, batch_no) references print_batch
);

-- Where each printed piece stands: page of its letter, first page of its certificates.
create table printed_piece (
  issuance_id integer not null,
  batch_no integer not null,
  mailpiece_number bigint not null,
  letter_page integer not null check (letter_page > 0),
  certificate_page integer not null check (certificate_page > 0),
  certificate_count smallint not null check (certificate_count > 0),
  primary key (issuance_id, mailpiece_number)
) partition by list (issuance_id);

-- Pieces that print stopped for staff, by key; several reasons a piece are possible.
create table held_piece (
  issuance_id integer not null,
  batch_no integer not null,
  mailpiece_number bigint not null,
  reason text not null
    check (reason in ('address-missing', 'workplace-unknown', 'missing-character', 'does-not-fit')),
  -- Whose paper, which field, and for a character its code point: never the value itself.
  sub_number text not null,
  field text not null,
  code_point text not null,
  primary key (issuance_id, mailpiece_number, reason, sub_number, field, code_point),
  foreign key (issuance_id, batch_no) references print_batch
);

-- Characters that were printed as their base character because no font has the variant.
create table replaced_variant (
  issuance_id integer not null,
  batch_no integer not null,
  mailpiece_number bigint not null,
  sub_number text not null,
  field text not null,
  code_point text not null,
  primary key (issuance_id, mailpiece_number, sub_number, field, code_point),
  foreign key (issuance_id, batch_no) references print_batch
);

-- One line a transaction: who, when, what, how much.
create table journal (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  operation text not null,
  issuance_id integer references issuance,
  counts jsonb not null
);
