-- Who changed an insurer's profile, when, why, and the whole text it became. The file is the profile; this is its history.
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
create trigger frozen before update or delete on profile_change for each row execute function refuse_change();
alter table profile_change enable row level security;
create policy insurer_wall on profile_change to todoke_console using (insurer_number = (select wall('insurer')));
grant select, insert on profile_change to todoke_console;
grant usage on sequence profile_change_id_seq to todoke_console;
