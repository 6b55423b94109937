-- Print before post before close, and no confirmation while a batch of the lot has no files.
create or replace function refuse_early_confirmation() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if new.step = 'post' and not is_approved(new.issuance_id, new.lot_no, 'print')
     or new.step = 'close' and not is_approved(new.issuance_id, new.lot_no, 'post') then
    raise exception 'lot_order: % of lot % comes too early', new.step, new.lot_no using errcode = 'check_violation';
  end if;
  if exists (select 1 from print_batch where issuance_id = new.issuance_id and lot_no = new.lot_no and printed_at is null) then
    raise exception 'lot_unprinted: lot % has batches without files', new.lot_no using errcode = 'check_violation';
  end if;
  return new;
end $$;
