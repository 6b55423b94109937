-- Print before post before close, no confirmation while a batch of the lot has no files, and no release for post while
-- something that was printed is not enclosed, unless a named person lets it go. What was approved is noted: the lot's counts
-- and the hash over its files are the database's own.
create or replace function refuse_early_confirmation() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  counted record;
begin
  if new.step = 'post' and not is_approved(new.issuance_id, new.lot_no, 'print')
     or new.step = 'close' and not is_approved(new.issuance_id, new.lot_no, 'post') then
    raise exception 'lot_order: % of lot % comes too early', new.step, new.lot_no using errcode = 'check_violation';
  end if;
  if exists (select 1 from print_batch where issuance_id = new.issuance_id and lot_no = new.lot_no and printed_at is null) then
    raise exception 'lot_unprinted: lot % has batches without files', new.lot_no using errcode = 'check_violation';
  end if;
  select count(*) + 1 into new.turn from lot_take_back t
   where t.issuance_id = new.issuance_id and t.lot_no = new.lot_no and t.step = new.step;
  counted := count_lot(new.issuance_id, new.lot_no);
  if new.step = 'post' and counted.printed <> counted.enclosed and new.override_by is null
     and not exists (select from lot_confirmation c
                      where c.issuance_id = new.issuance_id and c.lot_no = new.lot_no and c.step = 'post'
                        and c.turn = new.turn and c.override_by is not null) then
    raise exception 'lot_not_enclosed: % of % printed pieces of lot % are enclosed', counted.enclosed, counted.printed,
      new.lot_no using errcode = 'check_violation';
  end if;
  new.counts := to_jsonb(counted);
  new.files_sha256 := lot_files_sha256(new.issuance_id, new.lot_no);
  return new;
end $$;
