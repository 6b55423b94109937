-- What became of a lot's pieces, from the rows. A piece withdrawn before print is in no file; for all others the events say. A
-- spoiled piece that is not made again (it was waived) counts as withdrawn.
create or replace function count_lot(run integer, lot smallint, out extracted bigint, out held bigint, out withdrawn bigint,
                                     out spoiled bigint, out remade bigint, out printed bigint, out enclosed bigint,
                                     out posted bigint)
language sql stable
  security definer set search_path = todoke, pg_temp as $$
  with batch as (
    select no, mailpiece_count, coalesce(withdrawn_count, 0) as withdrawn_count from print_batch
     where issuance_id = run and lot_no = lot
  ), paper as (
    select p.mailpiece_number, coalesce(bool_or(e.event in ('withdraw', 'waive')), false) as withdrawn,
           coalesce(bool_or(e.event = 'spoil') and not bool_or(e.event = 'waive'), false) as spoiled,
           bool_or(e.event = 'enclose') as enclosed, bool_or(e.event = 'post') as posted
      from printed_piece p left join event e on e.paper_number = p.mailpiece_number
     where p.issuance_id = run and p.batch_no in (select no from batch)
     group by p.mailpiece_number
  ), stopped as (
    select h.mailpiece_number, coalesce(s.state = 'withdrawn', false) as withdrawn
      from (select distinct mailpiece_number from held_piece
             where issuance_id = run and batch_no in (select no from batch)) h
      left join paper_state s on s.paper_number = h.mailpiece_number
  ), good as (
    select * from paper where not paper.withdrawn and not paper.spoiled
  )
  select (select coalesce(sum(mailpiece_count), 0) from batch),
         (select count(*) from stopped where not stopped.withdrawn),
         (select coalesce(sum(withdrawn_count), 0) from batch) + (select count(*) from paper where paper.withdrawn)
           + (select count(*) from stopped where stopped.withdrawn),
         (select count(*) from paper where paper.spoiled),
         (select count(*) from paper join remade_piece r on r.parent_id = run
                                                        and r.mailpiece_number = paper.mailpiece_number
           where paper.spoiled),
         (select count(*) from good),
         (select count(*) from good where good.enclosed),
         (select count(*) from good where good.posted)
$$;
