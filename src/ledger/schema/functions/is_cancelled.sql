-- Whether two persons have given an issuance up.
create or replace function is_cancelled(issuance integer) returns boolean language sql stable as $$
  select count(*) >= 2 from cancellation where issuance_id = issuance
$$;
