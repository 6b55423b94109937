-- One wall setting of the transaction ('insurer', 'role', 'branch' or 'workplace'), or null.
create or replace function wall(name text) returns text language sql stable as $$
  select nullif(current_setting('todoke.' || name, true), '')
$$;
