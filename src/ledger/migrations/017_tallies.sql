-- Lists by issuance, lot, branch and reason stay quick at twelve million papers, and their totals are sums of what has been
-- counted already: every event moves one paper from one count to another, in the transaction that records it.

-- Where a piece belongs, kept beside its state: the lot it was printed or held in (0 = none), its workplace's branch ('' =
-- none). Null for certificates.
alter table paper_state add column lot_no smallint;
alter table paper_state add column branch_code text collate "C";

update paper_state s set lot_no = coalesce(b.lot_no, 0), branch_code = coalesce(w.branch_code, '')
  from mailpiece m
  join issuance i on i.id = m.issuance_id
  left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = m.symbol
  left join printed_piece p on p.issuance_id = m.issuance_id and p.mailpiece_number = m.mailpiece_number
  left join lateral (select batch_no from held_piece h
                      where h.issuance_id = m.issuance_id and h.mailpiece_number = m.mailpiece_number limit 1) h on true
  left join print_batch b on b.issuance_id = m.issuance_id and b.no = coalesce(p.batch_no, h.batch_no)
 where s.subject = 'mailpiece' and m.issuance_id = s.issuance_id and m.mailpiece_number = s.paper_number;

create index paper_state_branch on paper_state (issuance_id, state, branch_code, seq) where subject = 'mailpiece';

-- As in 004; what is new: the first event of a piece notes where it belongs.
create or replace function append_event() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  head chain_head;
  is_known boolean;
  lot smallint;
  branch text;
begin
  insert into chain_head values (new.insurer_number, 0, '') on conflict do nothing;
  -- One writer at a time for an insurer: the chain has one order.
  select * into head from chain_head where insurer_number = new.insurer_number for update;
  if exists (select 1 from event where insurer_number = new.insurer_number and key = new.key) then
    return null;
  end if;
  select state into new.from_state from paper_state where paper_number = new.paper_number;
  is_known := found;
  if not is_known then
    new.from_state := first_state(new.subject, new.issuance_id, new.paper_number);
  end if;
  if new.from_state is null then
    raise exception 'unknown_paper: %', new.paper_number using errcode = 'check_violation';
  end if;
  select to_state into new.to_state from transition
   where subject = new.subject and event = new.event and from_state = new.from_state;
  if not found then
    raise exception 'transition_refused: % of % in %', new.event, new.paper_number, new.from_state
      using errcode = 'check_violation', detail = new.from_state;
  end if;
  new.seq := head.seq + 1;
  new.hash := event_hash(head.hash, new);
  update chain_head set seq = new.seq, hash = new.hash where insurer_number = new.insurer_number;
  if is_known then
    update paper_state set state = new.to_state, seq = new.seq where paper_number = new.paper_number;
    return new;
  end if;
  if new.subject = 'mailpiece' then
    select coalesce(b.lot_no, 0), coalesce(w.branch_code, '') into lot, branch
      from mailpiece m
      join issuance i on i.id = m.issuance_id
      left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = m.symbol
      left join printed_piece p on p.issuance_id = new.issuance_id and p.mailpiece_number = new.paper_number
      left join lateral (select batch_no from held_piece h
                          where h.issuance_id = new.issuance_id and h.mailpiece_number = new.paper_number limit 1) h on true
      left join print_batch b on b.issuance_id = new.issuance_id and b.no = coalesce(p.batch_no, h.batch_no)
     where m.issuance_id = new.issuance_id and m.mailpiece_number = new.paper_number;
  end if;
  insert into paper_state values (new.paper_number, new.issuance_id, new.subject, new.to_state, new.seq, lot, branch);
  return new;
end $$;

-- Pieces a batch printed or held when it closed, by branch: what their counts begin with.
create table batch_tally (
  issuance_id integer not null,
  batch_no integer not null,
  lot_no smallint not null,
  branch_code text collate "C" not null,
  state text not null check (state in ('printed', 'held')),
  count integer not null check (count > 0),
  primary key (issuance_id, batch_no, branch_code, state),
  foreign key (issuance_id, batch_no) references print_batch
);
create trigger frozen before update or delete on batch_tally for each row execute function refuse_change();

create function tally_batch() returns trigger language plpgsql
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
create trigger tally_batch after update on print_batch for each row
  when (old.printed_at is null and new.printed_at is not null) execute function tally_batch();

insert into batch_tally
select b.issuance_id, b.no, b.lot_no, coalesce(w.branch_code, ''), piece.state, count(*)
  from print_batch b
  join (select issuance_id, batch_no, mailpiece_number, 'printed' as state from printed_piece
        union all
        select distinct h.issuance_id, h.batch_no, h.mailpiece_number, 'held' from held_piece h
         where not exists (select from printed_piece p where p.issuance_id = h.issuance_id
                              and p.mailpiece_number = h.mailpiece_number)) piece
    on piece.issuance_id = b.issuance_id and piece.batch_no = b.no
  join mailpiece m on m.issuance_id = b.issuance_id and m.mailpiece_number = piece.mailpiece_number
  join issuance i on i.id = b.issuance_id
  left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = m.symbol
 where b.printed_at is not null
 group by 1, 2, 3, 4, 5;

-- What events have added to each count and taken from it. Papers rest in `planned`, `made`, `printed` and `held` before
-- their first event, so those alone go below nothing here: what they begin with is counted elsewhere. Of certificates the
-- whole issuance is one count (lot 0, branch '').
create table paper_tally (
  issuance_id integer not null references issuance,
  subject text not null,
  lot_no smallint not null,
  branch_code text collate "C" not null,
  state text not null,
  -- A return's stamp; '' in every other state.
  reason text not null,
  count integer not null,
  primary key (issuance_id, subject, lot_no, branch_code, state, reason),
  constraint balance_tally check (count >= 0 or state in ('planned', 'made', 'printed', 'held'))
);

create function tally_events() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  moved record;
begin
  -- Few groups, whatever the number of events; nobody else writes them, the chain is held.
  for moved in
    select a.issuance_id, a.subject, coalesce(s.lot_no, 0::smallint) as lot_no, coalesce(s.branch_code, '') as branch_code,
           side.state, side.reason, sum(side.n)::integer as n
      from added a
      join paper_state s on s.paper_number = a.paper_number
     cross join lateral (
       select a.to_state as state, case when a.to_state = 'returned' then a.reason else '' end as reason, 1 as n
       union all
       select a.from_state,
              case when a.from_state = 'returned' then
                (select e.reason from event e where e.paper_number = a.paper_number and e.seq < a.seq
                  order by e.seq desc limit 1) else '' end, -1) side
     where a.from_state <> a.to_state
     group by 1, 2, 3, 4, 5, 6
    having sum(side.n) <> 0
  loop
    update paper_tally set count = count + moved.n
     where (issuance_id, subject, lot_no, branch_code, state, reason)
         = (moved.issuance_id, moved.subject, moved.lot_no, moved.branch_code, moved.state, moved.reason);
    if not found then
      insert into paper_tally values (moved.issuance_id, moved.subject, moved.lot_no, moved.branch_code, moved.state,
                                      moved.reason, moved.n);
    end if;
  end loop;
  return null;
end $$;
create trigger tally_events after insert on event referencing new table as added
  for each statement execute function tally_events();

insert into paper_tally
select e.issuance_id, e.subject, coalesce(s.lot_no, 0::smallint), coalesce(s.branch_code, ''), side.state, side.reason, sum(side.n)
  from event e
  join paper_state s on s.paper_number = e.paper_number
 cross join lateral (
   select e.to_state as state, case when e.to_state = 'returned' then e.reason else '' end as reason, 1 as n
   union all
   select e.from_state,
          case when e.from_state = 'returned' then
            (select b.reason from event b where b.paper_number = e.paper_number and b.seq < e.seq
              order by b.seq desc limit 1) else '' end, -1) side
 where e.from_state <> e.to_state
 group by 1, 2, 3, 4, 5, 6
having sum(side.n) <> 0;

-- A branch reads its own counts; an employer, who sees one workplace, none.
do $$
declare
  name text;
begin
  foreach name in array array['batch_tally', 'paper_tally'] loop
    execute format('alter table %I enable row level security', name);
    execute format($policy$create policy insurer_wall on %I to todoke_console using (
      issuance_id in (select id from issuance) and (select wall('workplace')) is null
      and case when (select wall('branch')) is null then true else branch_code = (select wall('branch')) end)$policy$, name);
    execute format('grant select on %I to todoke_console', name);
  end loop;
end $$;
