-- Counts the parcels of an issuance of notices: each notice goes home or lies in a parcel of its own workplace, and each
-- parcel holds what it says.
create or replace function count_packing() returns trigger language plpgsql as $$
declare
  strays bigint;
begin
  if exists (select 1 from chunk where issuance_id = new.issuance_id and enclosed_at is null) then
    raise exception 'balance_notices_parcels: chunks are open' using errcode = 'check_violation';
  end if;
  -- A notice in another workplace's parcel, or one that goes home; a parcel that does not hold what it says.
  select count(*) into strays
    from parcelled_notice i
    join notice_parcel p on p.issuance_id = i.issuance_id and p.no = i.parcel_no
    left join mailpiece m on m.issuance_id = i.issuance_id and m.mailpiece_number = i.mailpiece_number
   where i.issuance_id = new.issuance_id and (m.symbol is distinct from p.symbol or m.route <> 'workplace');
  select strays + count(*) into strays
    from notice_parcel p
    left join (select parcel_no, count(*) as held, max(position) as top from parcelled_notice
                where issuance_id = new.issuance_id group by parcel_no) i on i.parcel_no = p.no
   where p.issuance_id = new.issuance_id and (i.held is distinct from p.notice_count or i.top is distinct from i.held);
  if strays > 0 then
    raise exception 'balance_notices_parcels: % notices or parcels out of place', strays
      using errcode = 'check_violation';
  end if;
  select count(*) into new.notice_count from notice where issuance_id = new.issuance_id;
  select count(*) into new.home_count from mailpiece where issuance_id = new.issuance_id and route = 'home';
  select count(*) into new.parcelled_count from parcelled_notice where issuance_id = new.issuance_id;
  select count(*) into new.parcel_count from notice_parcel where issuance_id = new.issuance_id;
  return new;
end $$;
