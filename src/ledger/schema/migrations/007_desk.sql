-- The console: accounts and sessions, work that is started from it, records of what was done and looked at, and figures.

create table account (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  login text not null unique check (login ~ '^[A-Za-z0-9._@-]{2,64}$'),
  display_name text not null check (length(display_name) between 1 and 60),
  role text not null check (role in ('headquarters', 'branch', 'contractor', 'workplace', 'call-centre', 'auditor',
                                     'administrator')),
  branch_code text,
  workplace_symbol text collate "C",
  password_hash text,
  totp_secret text,
  totp_step bigint,
  oidc_issuer text,
  oidc_subject text,
  failed_count integer not null default 0,
  locked_until timestamptz,
  expires_on date,
  is_disabled boolean not null default false,
  created_at timestamptz not null default now(),
  created_by text not null,
  unique (oidc_issuer, oidc_subject),
  check ((role = 'branch') = (branch_code is not null)),
  check ((role = 'workplace') = (workplace_symbol is not null)),
  check ((oidc_issuer is null) = (oidc_subject is null))
);
comment on table account is 'Accounts of the console.';
comment on column account.branch_code is 'The one branch a branch account sees.';
comment on column account.workplace_symbol is 'The one workplace a workplace account sees.';
comment on column account.password_hash is
  'Argon2id in PHC form, or null where only the organisation''s sign-in (OpenID Connect) opens it.';
comment on column account.totp_secret is 'Base32 secret of the one-time code, or null.';
comment on column account.totp_step is 'The last time step a code was taken for: each code opens once.';

create table session (
  token_sha256 text primary key check (token_sha256 ~ '^[0-9a-f]{64}$'),
  account_id integer not null references account,
  csrf text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
comment on table session is 'Sessions of the console, by the hash of their token.';
create index session_account on session (account_id);

-- A reading request brings its session's token along with its questions: one round trip asks whether the session is still
-- open and the same, sets the walls from what is stored, and answers (enter).
create view open_session as
select s.token_sha256, s.seen_at, s.csrf, s.expires_at, a.id, a.insurer_number, a.login, a.display_name, a.role,
       a.branch_code, a.workplace_symbol, a.expires_on, a.is_disabled,
       md5(row (a.id, a.insurer_number, a.login, a.display_name, a.role, a.branch_code, a.workplace_symbol, a.expires_on,
                s.csrf, extract(epoch from s.expires_at))::text) as version
  from session s
  join account a on a.id = s.account_id
 where s.expires_at > now() and not a.is_disabled and coalesce(a.expires_on >= current_date, true);
comment on view open_session is
  'Sessions that still open the door, of accounts that may still sign in. How long a session may rest is the caller''s to say (seen_at).';
comment on column open_session.version is 'Changes with everything the server decides by.';

-- Lost with a crash of the database, as a minute's memory may be.
create unlogged table sign_in_try (
  address_sha256 text primary key check (address_sha256 ~ '^[0-9a-f]{64}$'),
  tries integer not null check (tries >= 0),
  ends_at timestamptz not null
);
comment on table sign_in_try is
  'Tries to sign in by the hash of the address they come from: what one process counts holds in all.';
create index sign_in_try_ends on sign_in_try (ends_at);

create table answered_request (
  account_id integer not null references account,
  key text not null check (length(key) between 8 and 128),
  request_sha256 text not null,
  status integer,
  body text,
  at timestamptz not null default now(),
  primary key (account_id, key)
);
comment on table answered_request is 'A write asked for twice with the same key is done once and answered twice.';

create table job (
  id uuid primary key,
  insurer_number text not null references insurer,
  kind text not null,
  issuance_id integer references issuance,
  input jsonb not null,
  actor text not null,
  override_of uuid unique references job,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'stopped', 'failed')),
  stop_asked boolean not null default false,
  step text not null default '',
  done bigint not null default 0,
  total bigint not null default 0,
  unit text not null default '',
  message text not null default '',
  outcome jsonb,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  check ((state in ('done', 'stopped', 'failed')) = (ended_at is not null))
);
comment on table job is
  'Work that outlives a request: what it is, how far, how it ended. The queue only says which process does it.';
comment on column job.override_of is
  'A job that was refused unless a named person says otherwise; this one is asked for by that person in its place, once.';
comment on column job.message is 'What came of it, in words for staff.';
comment on column job.outcome is 'What came of it, as data for the page.';
create index job_insurer on job (insurer_number, created_at desc);
alter table job enable row level security;
create policy insurer_wall on job to todoke_console using (insurer_number = (select wall('insurer')));
grant select on job to todoke_console;

create table journal (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  insurer_number text references insurer,
  actor text not null,
  operation text not null,
  issuance_id integer references issuance,
  counts jsonb not null,
  -- Postal data is everybody's.
  constraint journal_has_its_insurer check (insurer_number is not null or operation = 'import-postal')
);
comment on table journal is
  'One line a transaction: person, time, operation, how much. The journal is an insurer''s, with or without an issuance.';
create index journal_insurer on journal (insurer_number, id desc);
create index journal_operation on journal (insurer_number, operation, id desc);
create index journal_actor on journal (insurer_number, actor, id desc);
create trigger frozen before update or delete on journal for each row execute function refuse_change();
alter table journal enable row level security;
-- The roles that check see all of it; no other role sees any.
create policy insurer_wall on journal for select to todoke_console using (
  (insurer_number = (select wall('insurer')) or insurer_number is null and operation = 'import-postal')
  and (select wall('role')) in ('auditor', 'administrator'));
create policy journal_insert on journal for insert to todoke_console
  with check (insurer_number = (select wall('insurer')));
grant select, insert on journal to todoke_console;

create table access_record (
  id bigint generated always as identity primary key,
  insurer_number text not null references insurer,
  at timestamptz not null default now(),
  actor text not null,
  what text not null,
  subject text not null
);
comment on table access_record is 'Access records: which account looked at which person''s page. (What was done is in the journal.)';
create index access_record_insurer on access_record (insurer_number, id desc);
create trigger frozen before update or delete on access_record for each row execute function refuse_change();
alter table access_record enable row level security;
create policy insurer_wall on access_record to todoke_console using (insurer_number = (select wall('insurer')));
grant select, insert on access_record to todoke_console;

-- Figures by branch and workplace, counted once: of an issuance when all of it is decided, of an enrolment file when it is
-- there. A page then reads a few rows instead of millions. Which groups cover for others is the rule's answer
-- (rules/disclosure), kept with the counts it was made from.
create table enrolment_count (
  dataset_id integer primary key references dataset,
  workplaces_id integer references dataset,
  people integer not null check (people >= 0),
  registered integer not null check (registered between 0 and people),
  linked integer not null check (linked between 0 and people)
);
comment on table enrolment_count is 'Enrolment files that have been counted.';
comment on column enrolment_count.workplaces_id is 'By whose branches; null where there was no such file yet.';
alter table enrolment_count enable row level security;
create policy insurer_wall on enrolment_count to todoke_console using (
  dataset_id in (select id from dataset) and (select sees_all())
  and (select wall('role')) not in ('contractor', 'workplace'));
grant select on enrolment_count to todoke_console;

create table enrolment_group (
  dataset_id integer not null references enrolment_count on delete cascade,
  level text not null check (level in ('branch', 'workplace')),
  code text collate "C" not null,
  people integer not null check (people > 0),
  registered integer not null check (registered between 0 and people),
  is_cover boolean not null default false,
  primary key (dataset_id, level, code)
);
comment on table enrolment_group is 'People of an enrolment file by branch and by workplace.';
comment on column enrolment_group.code is 'Code of a branch ('''' = of none), or symbol of a workplace.';
comment on column enrolment_group.is_cover is 'Whether the group is left out so that a small one cannot be worked out from the sum.';
alter table enrolment_group enable row level security;
-- The whole is for accounts that see the whole; a branch sees itself and its workplaces.
create policy people_wall on enrolment_group to todoke_console using (
  dataset_id in (select id from dataset)
  and (select wall('role')) not in ('contractor', 'workplace')
  and case when (select sees_all()) then true
           when level = 'branch' then code = (select wall('branch'))
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = enrolment_group.code) is true end);
grant select on enrolment_group to todoke_console;

create table reason_group (
  issuance_id integer not null references issuance,
  level text not null check (level in ('branch', 'workplace')),
  code text collate "C" not null,
  people integer not null check (people > 0),
  is_cover boolean not null default false,
  primary key (issuance_id, level, code)
);
comment on table reason_group is 'Members of an issuance by branch and by workplace.';
comment on column reason_group.code is 'Code of a branch ('''' = of none), or symbol of a workplace.';
comment on column reason_group.is_cover is 'Whether the group is left out so that a small one cannot be worked out from the sum.';
alter table reason_group enable row level security;
create policy people_wall on reason_group to todoke_console using (
  issuance_id in (select id from issuance)
  and (select wall('role')) not in ('contractor', 'workplace')
  and case when (select sees_all()) then true
           when level = 'branch' then code = (select wall('branch'))
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = reason_group.code) is true end);
grant select on reason_group to todoke_console;

create table reason_count (
  issuance_id integer not null,
  level text not null,
  code text collate "C" not null,
  is_target boolean not null,
  reason text not null,
  count integer not null check (count > 0),
  primary key (issuance_id, level, code, is_target, reason),
  foreign key (issuance_id, level, code) references reason_group on delete cascade
);
comment on table reason_count is 'Decisions of a group by reason.';
alter table reason_count enable row level security;
create policy people_wall on reason_count to todoke_console using (
  issuance_id in (select id from issuance)
  and (select wall('role')) not in ('contractor', 'workplace')
  and case when (select sees_all()) then true
           when level = 'branch' then code = (select wall('branch'))
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = reason_count.code) is true end);
grant select on reason_count to todoke_console;
