-- Whether two persons have confirmed a step of a lot ('print', 'post' or 'close').
create or replace function is_approved(run integer, lot smallint, released text) returns boolean language sql stable
  security definer set search_path = todoke, pg_temp as $$
  select count(*) = 2 from lot_confirmation where issuance_id = run and lot_no = lot and step = released
$$;
