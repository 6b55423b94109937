-- The second person frees the plan.
create or replace function free_plan() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if is_cancelled(new.issuance_id) then
    delete from plan_run where issuance_id = new.issuance_id;
  end if;
  return null;
end $$;
