-- 負担割合.csv: what members of 70 and over pay, as the insurer has determined it. The members' file has no income class, and a
-- notice says the ratio where no 高齢受給者証 does. A snapshot like the others, of which a run may have none.

alter table dataset drop constraint dataset_kind_check;
alter table dataset add constraint dataset_kind_check check (kind in ('members', 'workplaces', 'enrolment', 'ratios'));

create table burden_ratio (
  dataset_id integer not null,
  line integer not null check (line > 0),
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as (number::bigint) stored,
  -- Tenths of the cost, and the days on which they hold, both inclusive.
  tenths smallint not null check (tenths in (2, 3)),
  holds_from date not null,
  holds_through date not null,
  check (holds_through >= holds_from),
  primary key (dataset_id, symbol, number_rank, number, sub_number)
) partition by list (dataset_id);
create trigger frozen before update or delete on burden_ratio for each row execute function refuse_change();

alter table issuance add column ratios_id integer references dataset;
do $$
declare
  old_key text := (select conname from pg_constraint where conrelid = 'issuance'::regclass and contype = 'u');
begin
  execute format('alter table issuance drop constraint %I', old_key);
end $$;
alter table issuance add constraint issuance_inputs unique nulls not distinct
  (insurer_number, profile_id, name, members_id, workplaces_id, enrolment_id, ratios_id, issued_on, rules_sha256);

-- As in 002, of one table more.
create or replace function create_snapshot_partition(parent text, dataset integer) returns text language plpgsql as $$
declare
  name text := format('%s_%s', parent, dataset);
begin
  if parent not in ('member', 'workplace', 'enrolment', 'burden_ratio') then
    raise exception 'no snapshot table %', parent;
  end if;
  execute format('create table %I (like %I including defaults including generated including constraints)', name, parent);
  execute format('alter table %I alter column dataset_id set default %s', name, dataset);
  execute format('alter table %I add constraint snapshot check (dataset_id = %s)', name, dataset);
  return name;
end $$;

-- As in 012, of one table more.
create or replace function dataset_partitions(dataset integer) returns text[] language sql stable as $$
  select partitions_of(array['member', 'workplace', 'enrolment', 'burden_ratio'], dataset)
$$;
create or replace function count_erased() returns trigger language plpgsql
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
    select count(*) into new.paper_count from person_paper where issuance_id = new.issuance_id;
    select count(*) into new.exit_count from target_exit where issuance_id = new.issuance_id;
    select count(*) into new.mailpiece_count from mailpiece where issuance_id = new.issuance_id;
  else
    if exists (select 1 from issuance i left join erasure e on e.issuance_id = i.id
                where new.dataset_id in (i.members_id, i.workplaces_id, i.enrolment_id, i.ratios_id) and e.id is null) then
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
