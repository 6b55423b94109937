-- Files are taken in when so many different persons have confirmed this very version as it needs, with a reason where one is due.
create or replace function refuse_unconfirmed_import() returns trigger language plpgsql as $$
begin
  if (select count(*) from import_confirmation
       where proposal_id = new.id and version = new.version and (reason is not null or not new.needs_reason)) < new.persons then
    raise exception 'import_unconfirmed: proposal % needs % persons', new.id, new.persons using errcode = 'check_violation';
  end if;
  return new;
end $$;
