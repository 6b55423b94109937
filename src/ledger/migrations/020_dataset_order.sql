-- Input files in their order: a file older than the one in use is last year's, until a named person says otherwise.
alter table dataset
  -- Of members: the newest day of joining or decision its rows speak of.
  add column through_on date,
  add column override_by text,
  add column override_reason text,
  add constraint override_has_its_reason check ((override_by is null) = (override_reason is null));

alter table job_file add column override_reason text;

create function refuse_older_dataset() returns trigger language plpgsql as $$
declare
  newest dataset;
begin
  select * into newest from dataset
   where insurer_number = new.insurer_number and kind = new.kind order by id desc limit 1;
  if new.override_by is null and (new.as_of < newest.as_of or new.through_on < newest.through_on) then
    raise exception 'file_precedes: % is in use, which is newer', newest.file_name using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger older before insert on dataset for each row execute function refuse_older_dataset();
