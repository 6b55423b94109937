-- The decisions about members and the papers made of them. An issuance over its input files has exactly one decision per member; every target
-- has exactly one paper or one named exit; every paper lies in exactly one mailpiece. The balances are checks on `chunk`,
-- counted by the database itself when a chunk closes, and the rows behind them are frozen afterwards.

create table issuance (
  id integer generated always as identity primary key check (id between 1 and 9999),
  insurer_number text not null references insurer,
  profile_id text not null,
  name text not null,
  paper_kind text not null default 'certificate' check (paper_kind in ('certificate', 'notice')),
  members_id integer not null references dataset,
  workplaces_id integer not null references dataset,
  enrolment_id integer not null references dataset,
  ratios_id integer references dataset,
  reference_on date not null,
  issued_on date not null,
  rules jsonb not null,
  rules_sha256 text not null,
  member_count integer not null check (member_count >= 0),
  parent_id integer references issuance,
  remake text check (remake in ('reroute', 'reprint', 'rehome', 'reissue', 'release')),
  plan text not null,
  round integer not null check (round > 0),
  remake_no integer check (remake_no > 0),
  is_requested boolean not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  constraint issuance_inputs unique nulls not distinct
    (insurer_number, profile_id, name, members_id, workplaces_id, enrolment_id, ratios_id, issued_on, rules_sha256),
  constraint remake_has_parent check ((parent_id is null) = (remake is null) and (remake is null) = (remake_no is null)),
  constraint name_says_lineage check
    (parent_id is not null or name = plan || case when round = 1 then '' else '-' || round end)
);
comment on table issuance is 'One run of an issuance of the profile over its input files.';
comment on column issuance.id is 'Four digits of every paper number.';
comment on column issuance.ratios_id is 'The file of burden ratios; a run may have none.';
comment on column issuance.rules is
  'Everything that decides about people and envelopes, frozen; the same rules over the same files are the same run.';
comment on column issuance.parent_id is
  'The issuance whose pieces are made again here; the members of this one are only those whose papers are made again.';
comment on column issuance.remake is
  'Why they are made again: returned and through the employer, spoiled, left the workplace, asked for, or held and set right.';
comment on column issuance.plan is 'Which issuance of the profile it is made of, itself or by its parents.';
comment on column issuance.round is 'Which making of the plan, from 1; the parent''s where pieces are made again.';
comment on column issuance.remake_no is 'Which remake of its kind of the parent, from 1.';
comment on column issuance.is_requested is 'It, or a parent, is made because somebody asked for a certificate again (reissue).';
create trigger frozen before update or delete on issuance for each row execute function refuse_change();
alter table issuance enable row level security;
create policy insurer_wall on issuance to todoke_console using (insurer_number = (select wall('insurer')));
grant select on issuance to todoke_console;

create table chunk (
  issuance_id integer not null references issuance,
  no integer not null check (no > 0),
  first_symbol text collate "C" not null,
  first_rank bigint not null,
  first_number text collate "C" not null,
  last_symbol text collate "C" not null,
  last_rank bigint not null,
  last_number text collate "C" not null,
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
comment on table chunk is
  'A run of whole households in key order: the unit of work that is done in one transaction and may be done again.';
comment on column chunk.members_before is
  'Members of the file before this chunk: the n-th member of the whole issuance has ordinal n, from 1.';
comment on column chunk.certificate_count is 'Papers of persons, of either kind.';
create trigger close_chunk before update on chunk for each row execute function close_chunk();
create trigger frozen before delete on chunk for each row execute function refuse_change();
alter table chunk enable row level security;
create policy insurer_wall on chunk to todoke_console using (issuance_id in (select id from issuance));
grant select on chunk to todoke_console;

-- The reason's side is checked here; that it belongs to the kind of paper is checked when the chunk closes (is_reason_of).
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
  facts json not null,
  primary key (issuance_id, symbol, number_rank, number, sub_number),
  constraint reasons_partition check (
    case when is_target
      then reason in ('special-care', 'unlinked', 'card-returned', 'no-card', 'deregistered', 'unregistered',
                      'certificate-expired', 'no-status', 'member', 'joined-since', 'symbol-changed', 'number-changed',
                      'ratio-changed', 'details-changed', 'held-before')
      else reason in ('lost', 'not-yet', 'day-labourer', 'after-cutoff', 'no-legacy-card', 'holds-certificate',
                      'verifiable', 'already-noticed', 'earlier-unsent')
    end)
) partition by list (issuance_id);
comment on table decision is 'Why each member does or does not receive a paper, with the facts the rule saw.';
comment on column decision.facts is
  'What is null, false or ordinary is left out. (json, not jsonb: half the cost of a copy.)';
create trigger closed_chunk after insert on decision
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger frozen before update or delete on decision for each row execute function refuse_change();
alter table decision enable row level security;
-- Reasons are between the member and the insurer: neither contractor nor employer ever sees one.
create policy people_wall on decision to todoke_console using (
  issuance_id in (select id from issuance)
  and (select wall('role')) not in ('contractor', 'workplace')
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = decision.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on decision to todoke_console;

create table target_exit (
  issuance_id integer not null,
  chunk_no integer not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  reason text not null check (reason in ('mail-stopped', 'withdrawn-lost', 'no-validity', 'reached-75', 'match-unresolved',
                                         'income-unknown', 'no-address')),
  primary key (issuance_id, symbol, number, sub_number),
  foreign key (issuance_id, chunk_no) references chunk
);
comment on table target_exit is 'Targets that get no paper now, and why.';
create trigger closed_chunk after insert on target_exit
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger frozen before update or delete on target_exit for each row execute function refuse_change();
alter table target_exit enable row level security;
create policy people_wall on target_exit to todoke_console using (
  issuance_id in (select id from issuance)
  and (select wall('role')) not in ('contractor', 'workplace')
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = target_exit.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on target_exit to todoke_console;

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
comment on table mailpiece is 'Mailpieces (郵便物): an envelope of a household, or one notice.';
comment on column mailpiece.certificate_count is 'Papers of persons inside; of a notice 1.';
create trigger closed_chunk after insert on mailpiece
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger frozen before update or delete on mailpiece for each row execute function refuse_change();
alter table mailpiece enable row level security;
create policy people_wall on mailpiece to todoke_console using (
  issuance_id in (select id from issuance)
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = mailpiece.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on mailpiece to todoke_console;

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
comment on table certificate is
  'Certificates (資格確認書). Each lies in exactly one mailpiece: the column is not null, and a certificate is one row.';
create trigger closed_chunk after insert on certificate
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger frozen before update or delete on certificate for each row execute function refuse_change();
alter table certificate enable row level security;
create policy people_wall on certificate to todoke_console using (
  issuance_id in (select id from issuance)
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = certificate.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on certificate to todoke_console;

create table notice (
  issuance_id integer not null,
  chunk_no integer not null,
  mailpiece_number bigint not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as (number::bigint) stored,
  match_class text not null check (match_class in ('agrees', 'confirmed', 'low-risk', 'unresolved', 'not-submitted')),
  shows_digits boolean not null,
  request_form boolean not null,
  ratio smallint check (ratio in (2, 3)),
  ratio_from date,
  ratio_through date,
  primary key (issuance_id, symbol, number_rank, number, sub_number),
  unique (issuance_id, mailpiece_number),
  constraint digits_of_the_matched_alone
    check (not shows_digits or match_class in ('agrees', 'confirmed', 'low-risk')),
  constraint digits_or_request_form check (shows_digits <> request_form),
  check ((ratio_from is null) = (ratio_through is null))
) partition by list (issuance_id);
comment on table notice is 'Notices (資格情報のお知らせ): each one person''s, in a mailpiece of its own.';
comment on column notice.shows_digits is
  'Whether the last four digits of the individual number stand on it; the digits themselves are in no row but the member''s.';
comment on column notice.ratio is 'Tenths of the cost; null = 高齢受給者証 says it.';
create trigger closed_chunk after insert on notice
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger frozen before update or delete on notice for each row execute function refuse_change();
alter table notice enable row level security;
create policy people_wall on notice to todoke_console using (
  issuance_id in (select id from issuance)
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = notice.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
-- No match and no ratio: they are between the member and the insurer.
grant select (issuance_id, chunk_no, mailpiece_number, symbol, number, sub_number, number_rank) on notice to todoke_console;

create table digits_access (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null check (actor <> ''),
  purpose text not null check (purpose in ('print', 'reference', 'proof', 'person')),
  reason text not null,
  insurer_number text not null references insurer,
  dataset_id integer not null references dataset,
  issuance_id integer references issuance,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  check (purpose <> 'person' or reason <> '')
);
comment on table digits_access is
  'Every use of the last four digits of somebody''s individual number, one row a person, written in the transaction that reads them.';
comment on column digits_access.purpose is 'Where they are shown: on paper (print, reference, proof) or to a person.';
create trigger frozen before update or delete on digits_access for each row execute function refuse_change();

create view person_paper with (security_invoker = true) as
  select issuance_id, mailpiece_number, symbol, number, sub_number, number::bigint as number_rank from certificate
  union all
  select issuance_id, mailpiece_number, symbol, number, sub_number, number_rank from notice;
comment on view person_paper is 'Every paper of a person, of either kind, with the piece it lies in.';
grant select on person_paper to todoke_console;

create table moved_member (
  issuance_id integer not null references issuance,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as (number::bigint) stored,
  changed_on date not null,
  primary key (issuance_id, symbol, number_rank, number, sub_number)
);
comment on table moved_member is
  'Members who had a notice under another symbol before their workplace moved out of the branch''s area; found when a round opens.';
comment on column moved_member.changed_on is
  'The first day the change can have been: 取得決定年月日 where it lies after the earlier round, else the day after that round.';
create trigger frozen before update or delete on moved_member for each row execute function refuse_change();

create table warning (
  issuance_id integer not null references issuance,
  code text not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  group_no integer,
  primary key (issuance_id, code, symbol, number, sub_number)
);
comment on table warning is 'Lists for staff. Nothing here stops anything by itself.';
comment on column warning.group_no is
  'Rows that belong together (they share an address or a person) share a number; it is never made of a personal value.';
alter table warning enable row level security;
create policy people_wall on warning to todoke_console using (
  issuance_id in (select id from issuance)
  and (select wall('role')) not in ('contractor', 'workplace')
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = warning.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on warning to todoke_console;

-- A closed chunk's decisions never change, so a count made once stays true, and a page costs the same at forty million members
-- as at four hundred.
create table chunk_reason (
  issuance_id integer not null,
  chunk_no integer not null,
  is_target boolean not null,
  reason text not null,
  count integer not null check (count > 0),
  primary key (issuance_id, chunk_no, is_target, reason),
  foreign key (issuance_id, chunk_no) references chunk
);
comment on table chunk_reason is 'Decisions of a closed chunk, counted by reason.';
create trigger frozen before update or delete on chunk_reason for each row execute function refuse_change();
alter table chunk_reason enable row level security;
-- These are counts of the whole insurer: an account that sees a part counts that part itself.
create policy insurer_wall on chunk_reason to todoke_console
  using ((select sees_all()) and (select wall('role')) not in ('contractor', 'workplace')
         and issuance_id in (select id from issuance));
grant select on chunk_reason to todoke_console;

create table enclosed_count (
  issuance_id integer not null references issuance,
  branch_code text collate "C" not null,
  certificates integer not null check (certificates >= 0),
  mailpieces integer not null check (mailpieces > 0),
  primary key (issuance_id, branch_code)
);
comment on table enclosed_count is 'Papers and pieces of an issuance by branch, counted once: a branch''s page is sums too.';
comment on column enclosed_count.branch_code is ''''' = of no branch.';
create trigger frozen before update or delete on enclosed_count for each row execute function refuse_change();
alter table enclosed_count enable row level security;
create policy insurer_wall on enclosed_count to todoke_console using (
  issuance_id in (select id from issuance) and (select wall('workplace')) is null
  and case when (select wall('branch')) is null then true else branch_code = (select wall('branch')) end);
grant select on enclosed_count to todoke_console;
