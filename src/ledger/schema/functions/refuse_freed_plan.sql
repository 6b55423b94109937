-- An issuance stands for its plan until it is given up.
create or replace function refuse_freed_plan() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' or not is_cancelled(old.issuance_id) then
    raise exception 'plan_run: issuance % stands', old.issuance_id using errcode = 'check_violation';
  end if;
  return old;
end $$;
