-- Parcels of notices are written until the issuance is packed, and never after.
create or replace function refuse_rows_of_packed_issuance() returns trigger language plpgsql as $$
begin
  if exists (select 1 from (select distinct issuance_id from added) a join packing using (issuance_id)) then
    raise exception 'closed_packing: % of a packed issuance is closed', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $$;
