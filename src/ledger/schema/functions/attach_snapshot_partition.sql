-- Makes a filled snapshot partition part of its table: key, partition bound, statistics.
create or replace function attach_snapshot_partition(parent text, dataset integer) returns void language plpgsql as $$
declare
  name text := format('%s_%s', parent, dataset);
  key text := case when parent = 'workplace' then 'dataset_id, symbol'
                   else 'dataset_id, symbol, number_rank, number, sub_number' end;
begin
  execute format('alter table %I add primary key (%s)', name, key);
  execute format('alter table %I attach partition %I for values in (%s)', parent, name, dataset);
  execute format('analyze %I', name);
end $$;
