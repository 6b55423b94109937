-- A file that was taken in is the one in use.
create or replace function use_new_dataset() returns trigger language plpgsql as $$
begin
  insert into dataset_use (insurer_number, kind, dataset_id, by)
  values (new.insurer_number, new.kind, new.id, new.imported_by);
  return null;
end $$;
