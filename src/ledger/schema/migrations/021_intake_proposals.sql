-- An import is a proposal: files that were brought together, what taking them in would change, and who confirmed it.

create table import_proposal (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  created_at timestamptz not null default now(),
  created_by text not null,
  files jsonb not null,
  skip_invalid boolean not null,
  state text not null default 'checking'
    check (state in ('checking', 'open', 'taking-in', 'taken-in', 'rejected', 'unchanged')),
  version integer not null default 0,
  persons smallint check (persons in (1, 2)),
  needs_reason boolean,
  base jsonb,
  report jsonb,
  worked_out_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  end_reason text,
  constraint worked_out_as_a_whole check (num_nulls(persons, needs_reason, base, report, worked_out_at) in (0, 5)),
  constraint looked_at_when_worked_out check (state = 'checking' or state = 'rejected' or report is not null),
  constraint ended_with_its_person check ((state in ('taken-in', 'rejected', 'unchanged')) = (ended_at is not null)
                                          and (ended_at is null) = (ended_by is null))
);
comment on table import_proposal is 'Files brought to the console together, what taking them in would change, and what became of them.';
comment on column import_proposal.files is 'Uploads with their kinds, reference dates and stated numbers of rows.';
comment on column import_proposal.version is 'How often it was worked out: a confirmation is of one version.';
comment on column import_proposal.persons is 'Persons who have to confirm: two where a file stops.';
comment on column import_proposal.needs_reason is 'Whoever confirms has to say why: a file stops, or an earlier file comes into use again.';
comment on column import_proposal.base is 'Files that were in use when it was worked out, by kind; others since then = it has to be worked out again.';
comment on column import_proposal.report is 'What would change; persons are named by their keys alone.';
comment on column import_proposal.ended_by is 'Login of the user.';
create index import_proposal_insurer on import_proposal (insurer_number, id desc);
alter table import_proposal enable row level security;
create policy headquarters_wall on import_proposal to todoke_console using (
  insurer_number = (select wall('insurer')) and (select wall('role')) = 'headquarters');
grant select on import_proposal to todoke_console;

create table import_confirmation (
  proposal_id integer not null references import_proposal on delete cascade,
  version integer not null,
  person text not null check (person <> ''),
  person_key text not null,
  reason text check (reason <> ''),
  actor text not null,
  at timestamptz not null default now(),
  primary key (proposal_id, version, person_key)
);
comment on table import_confirmation is 'Persons who confirmed a version of a proposal, each once.';
comment on column import_confirmation.person_key is 'The name without spaces and width: two spellings of one name are one person.';
create trigger frozen before update on import_confirmation for each row execute function refuse_change();
alter table import_confirmation enable row level security;
create policy headquarters_wall on import_confirmation to todoke_console using (
  proposal_id in (select id from import_proposal));
grant select on import_confirmation to todoke_console;

create trigger confirmed before update on import_proposal for each row
  when (new.state in ('taking-in', 'taken-in')) execute function refuse_unconfirmed_import();
