-- A spoiled piece is owed until it is made again. Where nobody inside is to get a paper any more it is not made again, with
-- the reason, and counts as withdrawn: else its lot could never be closed.
insert into transition values
  ('mailpiece', 'waive', 'spoiled', 'withdrawn'),
  -- The contractor has destroyed it meanwhile.
  ('mailpiece', 'waive', 'destroyed', 'destroyed');

-- What is owed alone is waived, and once.
create function refuse_waiver() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if not exists (select 1 from event where paper_number = new.paper_number and event = 'spoil')
     or exists (select 1 from event where paper_number = new.paper_number and event = 'waive' and seq < new.seq)
     or exists (select 1 from remade_piece where parent_id = new.issuance_id and mailpiece_number = new.paper_number) then
    raise exception 'waiver_refused: % is not owed', new.paper_number using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger owed after insert on event for each row when (new.event = 'waive') execute function refuse_waiver();

-- What was withdrawn, before print or instead of being made again, is not made again.
create function refuse_remake_of_withdrawn() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if exists (select 1 from event where paper_number = new.mailpiece_number and event in ('withdraw', 'waive')) then
    raise exception 'remake_refused: % was withdrawn', new.mailpiece_number using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger wanted before insert on remade_piece for each row execute function refuse_remake_of_withdrawn();

-- As in 006; what is new: a spoiled piece that is not made again counts as withdrawn.
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
