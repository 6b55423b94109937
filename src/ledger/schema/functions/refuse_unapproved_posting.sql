-- Posting needs two persons' release of the piece's lot, and its parcel closed; or a named override just before.
create or replace function refuse_unapproved_posting() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  before text;
  lot smallint;
begin
  select event into before from event
   where paper_number = new.paper_number and seq < new.seq order by seq desc limit 1;
  if before = 'override' then
    return null;
  end if;
  select b.lot_no into lot
    from printed_piece p join print_batch b on b.issuance_id = p.issuance_id and b.no = p.batch_no
   where p.issuance_id = new.issuance_id and p.mailpiece_number = new.paper_number;
  if found and not is_approved(new.issuance_id, lot, 'post') then
    raise exception 'posting_unapproved: lot % is not released', lot using errcode = 'check_violation';
  end if;
  if exists (select 1 from parcel_piece i join parcel p on p.id = i.parcel_id
              where i.mailpiece_number = new.paper_number and p.closed_at is null) then
    raise exception 'parcel_open: the parcel is not closed' using errcode = 'check_violation';
  end if;
  return null;
end $$;
