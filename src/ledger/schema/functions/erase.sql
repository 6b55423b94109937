-- Erases an issuance or an input file: its partitions are dropped, its rows elsewhere deleted, the keys in its chunks blanked.
create or replace function erase() returns trigger language plpgsql
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
  foreach name in array array['target_exit', 'moved_member', 'digits_access'] loop
    execute format('alter table %I disable trigger frozen', name);
    execute format('delete from %I where issuance_id = $1', name) using new.issuance_id;
    execute format('alter table %I enable trigger frozen', name);
  end loop;
  delete from warning where issuance_id = new.issuance_id;
  update chunk set first_symbol = '', first_number = '0', first_rank = 0, last_symbol = '', last_number = '0', last_rank = 0
   where issuance_id = new.issuance_id;
  return null;
end $$;
