-- The symbols of a members file, each once: from one to the next in the index, not by reading every row.
create or replace function symbols_of_members(members integer) returns setof text language plpgsql stable as $$
declare
  found_symbol text collate "C" := '';
begin
  loop
    select m.symbol into found_symbol from member m
     where m.dataset_id = members and m.symbol > found_symbol order by m.symbol limit 1;
    exit when not found;
    return next found_symbol;
  end loop;
end $$;
