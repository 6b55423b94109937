-- For tables that are only added to.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%: rows are never changed or removed', tg_table_name using errcode = 'check_violation';
end $$;
