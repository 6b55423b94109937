-- Erases the last four digits of a file of members, and counts them.
create or replace function erase_digits() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  name text := format('member_%s', new.dataset_id);
begin
  execute format('alter table %I disable trigger frozen', name);
  execute format('update %I set sealed_digits = null where sealed_digits is not null', name);
  get diagnostics new.digits_count = row_count;
  execute format('alter table %I enable trigger frozen', name);
  return new;
end $$;
