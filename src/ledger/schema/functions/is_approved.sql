-- Whether two persons have confirmed a step of a lot ('print', 'post' or 'close'), and nobody has taken that back.
create or replace function is_approved(run integer, lot smallint, released text) returns boolean language sql stable
  security definer set search_path = todoke, pg_temp as $$
  select count(*) = 2 from lot_confirmation c
   where issuance_id = run and lot_no = lot and step = released
     and not exists (select from lot_take_back t
                      where t.issuance_id = run and t.lot_no = lot and t.step = released and t.turn = c.turn)
$$;
