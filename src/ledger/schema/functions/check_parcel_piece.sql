-- A piece enters only a parcel of its own workplace, and is scanned in once, sealed, while the parcel is open.
create or replace function check_parcel_piece() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  owner parcel;
begin
  select * into owner from parcel where id = new.parcel_id;
  if owner.closed_at is not null then
    raise exception 'closed_parcel: parcel % is closed', owner.id using errcode = 'check_violation';
  end if;
  if tg_op = 'UPDATE' then
    if (new.mailpiece_number, new.parcel_id, new.position) is distinct from
       (old.mailpiece_number, old.parcel_id, old.position) or old.scanned_at is not null then
      raise exception 'parcel_piece: a piece is scanned in once' using errcode = 'check_violation';
    end if;
    if not exists (select 1 from paper_state where paper_number = new.mailpiece_number and state = 'enclosed') then
      raise exception 'parcel_piece: the piece is not sealed' using errcode = 'check_violation';
    end if;
  -- Nobody's papers go to another workplace.
  elsif not exists (select 1 from mailpiece where issuance_id = owner.issuance_id and route = 'workplace'
                      and mailpiece_number = new.mailpiece_number and symbol = owner.symbol) then
    raise exception 'outside_recipient: the piece is not of this workplace' using errcode = 'check_violation';
  end if;
  return new;
end $$;
