-- A file from outside that is older than one taken before is refused, unless a named person has let it in.
create or replace function refuse_older_file() returns trigger language plpgsql as $$
begin
  if new.override_by is null and new.through_on < (select max(through_on) from job_file
       where insurer_number = new.insurer_number and kind = new.kind and issuance_id = new.issuance_id) then
    raise exception 'file_precedes: a newer file of this kind was taken before' using errcode = 'check_violation';
  end if;
  return new;
end $$;
