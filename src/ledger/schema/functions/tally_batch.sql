-- Counts the pieces a batch printed or held, by branch, when it closes.
create or replace function tally_batch() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  insert into batch_tally
  select new.issuance_id, new.no, new.lot_no, coalesce(w.branch_code, ''), piece.state, count(*)
    from (select mailpiece_number, 'printed' as state from printed_piece
           where issuance_id = new.issuance_id and batch_no = new.no
             and mailpiece_number between new.first_mailpiece and new.last_mailpiece
          union all
          select distinct h.mailpiece_number, 'held' from held_piece h
           where h.issuance_id = new.issuance_id and h.batch_no = new.no
             and not exists (select from printed_piece p where p.issuance_id = new.issuance_id
                                and p.mailpiece_number = h.mailpiece_number)) piece
    join mailpiece m on m.issuance_id = new.issuance_id and m.mailpiece_number = piece.mailpiece_number
    join issuance i on i.id = new.issuance_id
    left join lateral (select branch_code from workplace
                        where dataset_id = i.workplaces_id and symbol = m.symbol limit 1) w on true
   group by 4, 5;
  return null;
end $$;
