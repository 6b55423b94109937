-- An input file older than the one in use is refused, unless a named person has let it in.
create or replace function refuse_older_dataset() returns trigger language plpgsql as $$
declare
  newest dataset;
begin
  if new.fitted_from is not null then
    return new;
  end if;
  select * into newest from dataset where id = dataset_in_use(new.insurer_number, new.kind);
  if new.override_by is null and (new.as_of < newest.as_of or new.through_on < newest.through_on) then
    raise exception 'file_precedes: % is in use, which is newer', newest.file_name using errcode = 'check_violation';
  end if;
  return new;
end $$;
