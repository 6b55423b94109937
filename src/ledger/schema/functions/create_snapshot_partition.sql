-- Makes the table one input file is copied into, apart from its parent until it is whole (see attach_snapshot_partition), so
-- that the application's role needs no right to change the schema.
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
