-- Whether two persons have given an issuance up.
create or replace function is_cancelled(issuance integer) returns boolean language sql stable as $$
  select count(*) >= 2 from cancellation c
   where issuance_id = issuance
     and not exists (select from cancellation_take_back t where t.issuance_id = c.issuance_id and t.turn = c.turn)
$$;
