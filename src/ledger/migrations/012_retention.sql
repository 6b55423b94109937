-- Retention: personal data past its time is erased, an issuance or an input file at a time. What stays is numbers: the
-- papers' events and states, and the books as they were counted just before.

-- Entering a row erases; the database counts first, and at commit looks that nothing is left.
create table erasure (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  issuance_id integer unique references issuance,
  dataset_id integer unique references dataset,
  -- The last day on which something of it was in use.
  ended_on date not null,
  years integer not null check (years > 0),
  erased_on date not null,
  row_count bigint not null,
  target_count integer,
  not_target_count integer,
  paper_count integer,
  exit_count integer,
  mailpiece_count integer,
  -- Of an issuance: the whole reconciliation of that moment.
  books jsonb,
  actor text not null,
  recorded_at timestamptz not null default now(),
  constraint of_one_thing check ((issuance_id is null) <> (dataset_id is null)),
  constraint past_retention check (erased_on > (ended_on + make_interval(years => years))::date),
  constraint books_of_an_issuance check ((issuance_id is null) = (books is null)),
  constraint balance_erased_members
    check (issuance_id is null or coalesce(target_count + not_target_count = row_count, false)),
  constraint balance_erased_targets
    check (issuance_id is null or coalesce(paper_count + exit_count = target_count, false)),
  constraint books_balance check (issuance_id is null or coalesce((books ->> 'balanced')::boolean, false))
);
create trigger frozen before update or delete on erasure for each row execute function refuse_change();

-- Names of the partitions of an issuance or a dataset that are there.
create function partitions_of(parents text[], id integer) returns text[] language sql stable as $$
  select coalesce(array_agg(parent || '_' || id), '{}') from unnest(parents) parent
   where to_regclass(format('%I', parent || '_' || id)) is not null
$$;
create function issuance_partitions(issuance integer) returns text[] language sql stable as $$
  select partitions_of(array['decision', 'mailpiece', 'printed_piece', 'certificate', 'parcelled_notice', 'notice'], issuance)
$$;
create function dataset_partitions(dataset integer) returns text[] language sql stable as $$
  select partitions_of(array['member', 'workplace', 'enrolment'], dataset)
$$;

create function count_erased() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if new.issuance_id is not null then
    if exists (select 1 from issuance i left join erasure e on e.issuance_id = i.id
                where i.parent_id = new.issuance_id and e.id is null) then
      raise exception 'erase_order: papers made again of these are still held' using errcode = 'check_violation';
    end if;
    select count(*), count(*) filter (where is_target), count(*) filter (where not is_target)
      into new.row_count, new.target_count, new.not_target_count
      from decision where issuance_id = new.issuance_id;
    select count(*) into new.paper_count from (
      select 1 from certificate where issuance_id = new.issuance_id
      union all select 1 from notice where issuance_id = new.issuance_id) paper;
    select count(*) into new.exit_count from target_exit where issuance_id = new.issuance_id;
    select count(*) into new.mailpiece_count from mailpiece where issuance_id = new.issuance_id;
  else
    if exists (select 1 from issuance i left join erasure e on e.issuance_id = i.id
                where new.dataset_id in (i.members_id, i.workplaces_id, i.enrolment_id) and e.id is null) then
      raise exception 'erase_order: an issuance still needs file %', new.dataset_id using errcode = 'check_violation';
    end if;
    if exists (select 1 from dataset d
                where d.id = new.dataset_id
                  and not exists (select 1 from dataset n where n.insurer_number = d.insurer_number and n.kind = d.kind
                                                            and n.id > d.id)) then
      raise exception 'erase_order: file % is the newest of its kind', new.dataset_id using errcode = 'check_violation';
    end if;
    select row_count into new.row_count from dataset where id = new.dataset_id;
  end if;
  return new;
end $$;
create trigger count_erased before insert on erasure for each row execute function count_erased();

create function erase() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  name text;
begin
  if new.dataset_id is not null then
    foreach name in array dataset_partitions(new.dataset_id) loop
      execute format('drop table %I', name);
    end loop;
    return null;
  end if;
  foreach name in array issuance_partitions(new.issuance_id) loop
    execute format('drop table %I', name);
  end loop;
  foreach name in array array['target_exit', 'moved_member', 'digits_look'] loop
    execute format('alter table %I disable trigger frozen', name);
    execute format('delete from %I where issuance_id = $1', name) using new.issuance_id;
    execute format('alter table %I enable trigger frozen', name);
  end loop;
  delete from warning where issuance_id = new.issuance_id;
  update chunk set first_symbol = '', first_number = '0', first_rank = 0, last_symbol = '', last_number = '0', last_rank = 0
   where issuance_id = new.issuance_id;
  return null;
end $$;
create trigger erase after insert on erasure for each row execute function erase();

create function refuse_remains() returns trigger language plpgsql as $$
begin
  if new.issuance_id is not null
     and (cardinality(issuance_partitions(new.issuance_id)) > 0
          or exists (select 1 from target_exit where issuance_id = new.issuance_id)
          or exists (select 1 from moved_member where issuance_id = new.issuance_id)
          or exists (select 1 from digits_look where issuance_id = new.issuance_id)
          or exists (select 1 from warning where issuance_id = new.issuance_id)
          or exists (select 1 from chunk where issuance_id = new.issuance_id and (first_symbol, last_symbol) <> ('', '')))
     or new.dataset_id is not null and cardinality(dataset_partitions(new.dataset_id)) > 0 then
    raise exception 'erasure_incomplete: something of % is left', coalesce(new.issuance_id, new.dataset_id)
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger nothing_left after insert on erasure
  deferrable initially deferred for each row execute function refuse_remains();

-- Filings, and who looked at whom, name persons by their key; they go by their own day.
create function erase_keys(insurer text, before date) returns bigint language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  erased bigint;
  more bigint;
begin
  alter table filing disable trigger frozen;
  delete from filing where insurer_number = insurer and processed_on < before;
  get diagnostics erased = row_count;
  alter table filing enable trigger frozen;
  alter table look disable trigger frozen;
  delete from look where insurer_number = insurer and at < before;
  get diagnostics more = row_count;
  alter table look enable trigger frozen;
  return erased + more;
end $$;

alter table erasure enable row level security;
create policy insurer_wall on erasure to todoke_console using (insurer_number = (select wall('insurer')));
grant select on erasure to todoke_console;

-- What recall keeps, for the console: of the whole insurer, or of the workplace's own slips.
alter table filing enable row level security;
alter table recall_demand enable row level security;
alter table recall_slip enable row level security;
alter table recall_slip_paper enable row level security;
alter table recall_receipt enable row level security;
create policy people_wall on filing to todoke_console using (
  insurer_number = (select wall('insurer')) and (select wall('role')) not in ('contractor', 'workplace')
  and ((select wall('branch')) is null or symbol in (select w.symbol from workplace w)));
create policy insurer_wall on recall_demand to todoke_console using (
  insurer_number = (select wall('insurer')) and (select wall('branch')) is null and (select wall('workplace')) is null
  and (select wall('role')) is distinct from 'contractor');
create policy people_wall on recall_slip to todoke_console using (
  insurer_number = (select wall('insurer')) and (select wall('role')) is distinct from 'contractor'
  and ((select wall('branch')) is null or symbol in (select w.symbol from workplace w))
  and ((select wall('workplace')) is null or symbol = (select wall('workplace'))));
create policy people_wall on recall_slip_paper to todoke_console using (slip_id in (select id from recall_slip));
create policy people_wall on recall_receipt to todoke_console using (slip_id in (select id from recall_slip));
grant select on filing, recall_demand, recall_slip, recall_slip_paper, recall_receipt to todoke_console;
