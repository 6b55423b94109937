-- Fills the partition of a file's rows under the members' spelling of their keys; which rows are spelt otherwise stands in the
-- temporary table `fitting` (line, symbol, number). A workplace keeps its own spelling beside the members'.
create or replace function fill_fitted_partition(parent text, source integer, dataset integer) returns void
language plpgsql as $$
declare
  target text := format('%s_%s', parent, dataset);
  listed text;
  spelt text;
begin
  select string_agg(quote_ident(attname), ', ' order by attnum),
         string_agg(case attname when 'symbol' then 'coalesce(f.symbol, r.symbol)'
                                 when 'number' then 'coalesce(f.number, r.number)'
                                 else 'r.' || quote_ident(attname) end, ', ' order by attnum)
    into listed, spelt
    from pg_attribute
   where attrelid = parent::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attname <> 'dataset_id';
  if parent = 'workplace' then
    execute format('insert into %I (%s) select %s from workplace where dataset_id = %s', target, listed, listed, source);
    execute format('insert into %I (%s) select %s from workplace r join fitting f using (line) where r.dataset_id = %s',
                   target, listed, spelt, source);
    execute format('insert into workplace_branch (insurer_number, branch_code, symbol)
                    select d.insurer_number, w.branch_code, w.symbol from %I w join dataset d on d.id = %s
                     where w.branch_code <> '''' on conflict do nothing', target, source);
  else
    execute format('insert into %I (%s) select %s from %I r left join fitting f using (line) where r.dataset_id = %s',
                   target, listed, spelt, parent, source);
  end if;
end $$;
