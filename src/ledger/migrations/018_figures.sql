-- Figures by branch and workplace, counted once: of an issuance when all of it is decided, of an enrolment file when it is
-- there. A page then reads a few rows instead of millions. Which groups cover for others is the rule's answer
-- (src/rules/disclosure), kept with the counts it was made from.

-- An enrolment file that has been counted. `workplaces_id`: by whose branches, null where there was no such file yet.
create table enrolment_count (
  dataset_id integer primary key references dataset,
  workplaces_id integer references dataset,
  people integer not null check (people >= 0),
  registered integer not null check (registered between 0 and people),
  linked integer not null check (linked between 0 and people)
);
-- `code`: of a branch ('' = of none), or the symbol of a workplace on the list.
create table enrolment_group (
  dataset_id integer not null references enrolment_count on delete cascade,
  level text not null check (level in ('branch', 'workplace')),
  code text collate "C" not null,
  people integer not null check (people > 0),
  registered integer not null check (registered between 0 and people),
  is_cover boolean not null default false,
  primary key (dataset_id, level, code)
);
create table reason_group (
  issuance_id integer not null references issuance,
  level text not null check (level in ('branch', 'workplace')),
  code text collate "C" not null,
  people integer not null check (people > 0),
  is_cover boolean not null default false,
  primary key (issuance_id, level, code)
);
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

-- A workplace of a few people is those people: its counts go when the issuance or the file is erased.
create function erase_figures() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  delete from reason_group where issuance_id = new.issuance_id and level = 'workplace';
  delete from enrolment_group where dataset_id = new.dataset_id and level = 'workplace';
  return null;
end $$;
create trigger erase_figures after insert on erasure for each row execute function erase_figures();

-- The walls of decisions and enrolment: the whole is for who sees the whole, a branch sees itself and its workplaces.
grant select on enrolment_count, enrolment_group, reason_group, reason_count to todoke_console;
do $$
declare
  name text;
begin
  foreach name in array array['enrolment_count', 'enrolment_group', 'reason_group', 'reason_count'] loop
    execute format('alter table %I enable row level security', name);
  end loop;
  foreach name in array array['enrolment_group', 'reason_group', 'reason_count'] loop
    execute format($policy$create policy people_wall on %I to todoke_console using (
      %s and (select wall('role')) not in ('contractor', 'workplace')
      and case when (select sees_all()) then true
               when level = 'branch' then code = (select wall('branch'))
               else code in (select w.symbol from workplace w) end)$policy$, name,
      case name when 'enrolment_group' then 'dataset_id in (select id from dataset)'
                else 'issuance_id in (select id from issuance)' end);
  end loop;
end $$;
create policy insurer_wall on enrolment_count to todoke_console using (
  dataset_id in (select id from dataset) and (select sees_all())
  and (select wall('role')) not in ('contractor', 'workplace'));
