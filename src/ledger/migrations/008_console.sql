-- The console: accounts, sessions, work that is started from it, and the walls between insurers, branches, workplaces
-- and contractors, held by the database itself.

create table account (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  login text not null unique check (login ~ '^[A-Za-z0-9._@-]{2,64}$'),
  display_name text not null check (length(display_name) between 1 and 60),
  role text not null check (role in ('headquarters', 'branch', 'contractor', 'workplace', 'call-centre', 'auditor',
                                     'administrator')),
  -- Whose eyes: a branch account sees one branch, a workplace account one workplace.
  branch_code text,
  workplace_symbol text collate "C",
  -- Argon2id in PHC form, or null where only the organisation's sign-in (OpenID Connect) opens it.
  password_hash text,
  -- Base32 secret of the one-time code, or null.
  totp_secret text,
  -- The last time step a code was taken for: each code opens once.
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

create table session (
  token_sha256 text primary key check (token_sha256 ~ '^[0-9a-f]{64}$'),
  account_id integer not null references account,
  csrf text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_account on session (account_id);

-- A write asked for twice with the same key is done once and answered twice.
create table answered_request (
  account_id integer not null references account,
  key text not null check (length(key) between 8 and 128),
  request_sha256 text not null,
  status integer,
  body text,
  at timestamptz not null default now(),
  primary key (account_id, key)
);

-- Work that outlives a request: what it is, how far, how it ended. The queue only says who does it.
create table job (
  id uuid primary key,
  insurer_number text not null references insurer,
  kind text not null,
  issuance_id integer references issuance,
  input jsonb not null,
  actor text not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'stopped', 'failed')),
  stop_asked boolean not null default false,
  step text not null default '',
  done bigint not null default 0,
  total bigint not null default 0,
  unit text not null default '',
  -- What came of it, in words for staff, and as data for the page.
  message text not null default '',
  outcome jsonb,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  check ((state in ('done', 'stopped', 'failed')) = (ended_at is not null))
);
create index job_insurer on job (insurer_number, created_at desc);

-- Who looked at whose page, apart from who did what.
create table look (
  id bigint generated always as identity primary key,
  insurer_number text not null references insurer,
  at timestamptz not null default now(),
  actor text not null,
  what text not null,
  subject text not null
);
create index look_insurer on look (insurer_number, id desc);
create trigger frozen before update or delete on look for each row execute function refuse_change();

-- A return that was scanned by mistake is taken back by a new fact.
insert into transition values ('mailpiece', 'take-back-return', 'returned', 'posted');

-- The chain writes its own head and states, whoever's hands the event comes from.
alter function append_event() security definer set search_path = todoke, pg_temp;

-- One wall setting of the transaction (`todoke.insurer`, `.role`, `.branch`, `.workplace`), or null.
create function wall(name text) returns text language sql stable as $$
  select nullif(current_setting('todoke.' || name, true), '')
$$;

-- `todoke_console` (made by migrate.ts: roles belong to the whole server) owns nothing and sees only what the policies below
-- let through.
grant usage on schema todoke to todoke_console;
grant select on insurer, dataset, member, workplace, enrolment, issuance, chunk, decision, target_exit, mailpiece,
  certificate, warning, print_batch, print_file, printed_piece, held_piece, replaced_variant, journal, job_file, event,
  chain_head, paper_state, remade_piece, issuance_postal, job, look, transition, postal_edition to todoke_console;
grant insert on event, journal, job_file, look to todoke_console;
grant insert, update on chain_head to todoke_console;
grant usage on all sequences in schema todoke to todoke_console;

do $$
declare
  name text;
begin
  foreach name in array array['insurer', 'dataset', 'member', 'workplace', 'enrolment', 'issuance', 'chunk', 'decision',
    'target_exit', 'mailpiece', 'certificate', 'warning', 'print_batch', 'print_file', 'printed_piece', 'held_piece',
    'replaced_variant', 'journal', 'job_file', 'event', 'chain_head', 'paper_state', 'remade_piece', 'issuance_postal',
    'job', 'look'] loop
    execute format('alter table %I enable row level security', name);
  end loop;
  foreach name in array array['insurer', 'dataset', 'issuance', 'chain_head', 'job', 'look'] loop
    execute format('create policy insurer_wall on %I to todoke_console using (insurer_number = (select wall(''insurer'')))',
      name);
  end loop;
  -- What belongs to an issuance is seen where the issuance is.
  foreach name in array array['chunk', 'print_batch', 'print_file', 'printed_piece', 'held_piece', 'replaced_variant',
    'remade_piece', 'issuance_postal', 'paper_state', 'journal'] loop
    execute format('create policy insurer_wall on %I to todoke_console using (issuance_id in (select id from issuance))',
      name);
  end loop;
end $$;
create policy journal_insert on journal for insert to todoke_console with check (true);
create policy insurer_wall on job_file to todoke_console using (insurer_number = (select wall('insurer')));

-- People and their workplaces: the insurer's, and of those the branch's or the workplace's own.
create policy people_wall on workplace to todoke_console using (
  dataset_id in (select id from dataset)
  and (select wall('role')) is distinct from 'contractor'
  and ((select wall('branch')) is null or branch_code = (select wall('branch')))
  and ((select wall('workplace')) is null or symbol = (select wall('workplace'))));

do $$
declare
  name text;
  own constant text := $own$
    ((select wall('branch')) is null or symbol in (select w.symbol from workplace w))
    and ((select wall('workplace')) is null or symbol = (select wall('workplace')))$own$;
begin
  foreach name in array array['member', 'enrolment'] loop
    execute format($policy$create policy people_wall on %I to todoke_console using (
      dataset_id in (select id from dataset)
      and (select wall('role')) is distinct from 'contractor' and %s)$policy$, name, own);
  end loop;
  -- Reasons are between the member and the insurer: neither contractor nor employer ever sees one.
  foreach name in array array['decision', 'target_exit', 'warning'] loop
    execute format($policy$create policy people_wall on %I to todoke_console using (
      issuance_id in (select id from issuance)
      and (select wall('role')) not in ('contractor', 'workplace') and %s)$policy$, name, own);
  end loop;
  foreach name in array array['mailpiece', 'certificate'] loop
    execute format($policy$create policy people_wall on %I to todoke_console using (
      issuance_id in (select id from issuance) and %s)$policy$, name, own);
  end loop;
end $$;

-- Events of papers one may see; whoever sees the whole insurer needs no look at the paper.
create policy insurer_wall on event to todoke_console using (
  insurer_number = (select wall('insurer'))
  and ((select wall('branch')) is null and (select wall('workplace')) is null
       or subject = 'mailpiece' and exists (select from mailpiece p where p.issuance_id = event.issuance_id
                                               and p.mailpiece_number = event.paper_number)
       or subject = 'certificate' and exists (select from certificate c where c.issuance_id = event.issuance_id
                                                 and c.certificate_number = event.paper_number)));
