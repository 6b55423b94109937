-- Taken back is what stands: the current turn of a step that somebody has confirmed, before the step after it and before
-- anything of the lot was posted.
create or replace function refuse_take_back() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  select count(*) + 1 into new.turn from lot_take_back t
   where t.issuance_id = new.issuance_id and t.lot_no = new.lot_no and t.step = new.step;
  if not exists (select from lot_confirmation c
                  where c.issuance_id = new.issuance_id and c.lot_no = new.lot_no and c.step = new.step
                    and c.turn = new.turn) then
    raise exception 'nothing_to_take_back: nobody has confirmed % of lot %', new.step, new.lot_no
      using errcode = 'check_violation';
  end if;
  if new.step = 'print' and exists (
       select from lot_confirmation c
        where c.issuance_id = new.issuance_id and c.lot_no = new.lot_no and c.step = 'post'
          and not exists (select from lot_take_back t
                           where t.issuance_id = c.issuance_id and t.lot_no = c.lot_no and t.step = c.step and t.turn = c.turn)) then
    raise exception 'take_back_order: post of lot % is confirmed', new.lot_no using errcode = 'check_violation';
  end if;
  if exists (select from print_batch b
               join printed_piece p on p.issuance_id = b.issuance_id and p.batch_no = b.no
               join event e on e.paper_number = p.mailpiece_number and e.event = 'post'
              where b.issuance_id = new.issuance_id and b.lot_no = new.lot_no) then
    raise exception 'take_back_after_posting: pieces of lot % are posted', new.lot_no using errcode = 'check_violation';
  end if;
  return new;
end $$;
