-- Whether the account sees all of the insurer's papers, or each paper must be checked.
create or replace function sees_all() returns boolean language sql stable as $$
  select wall('branch') is null and wall('workplace') is null
$$;
