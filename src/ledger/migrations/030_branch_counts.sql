-- A branch's page of an issuance is sums too: what its papers began with is counted once by branch, and what has moved of
-- its certificates is told by branch as it is of its pieces.
create table enclosed_count (
  issuance_id integer not null references issuance,
  -- '' = of no branch.
  branch_code text collate "C" not null,
  certificates integer not null check (certificates >= 0),
  mailpieces integer not null check (mailpieces > 0),
  primary key (issuance_id, branch_code)
);
create trigger frozen before update or delete on enclosed_count for each row execute function refuse_change();
alter table enclosed_count enable row level security;
create policy insurer_wall on enclosed_count to todoke_console using (
  issuance_id in (select id from issuance) and (select wall('workplace')) is null
  and case when (select wall('branch')) is null then true else branch_code = (select wall('branch')) end);
grant select on enclosed_count to todoke_console;

-- As in 017; what is new: a certificate notes its branch as well.
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
  else
    select coalesce(w.branch_code, '') into branch
      from certificate c
      join issuance i on i.id = c.issuance_id
      left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = c.symbol
     where c.issuance_id = new.issuance_id and c.certificate_number = new.paper_number;
  end if;
  insert into paper_state values (new.paper_number, new.issuance_id, new.subject, new.to_state, new.seq, lot, branch);
  return new;
end $$;

update paper_state s set branch_code = coalesce(w.branch_code, '')
  from certificate c
  join issuance i on i.id = c.issuance_id
  left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = c.symbol
 where s.subject = 'certificate' and c.issuance_id = s.issuance_id and c.certificate_number = s.paper_number;

delete from paper_tally where subject = 'certificate';
insert into paper_tally
select e.issuance_id, e.subject, 0, coalesce(s.branch_code, ''), side.state, '', sum(side.n)
  from event e
  join paper_state s on s.paper_number = e.paper_number
 cross join lateral (values (e.to_state, 1), (e.from_state, -1)) side (state, n)
 where e.subject = 'certificate' and e.from_state <> e.to_state
 group by 1, 2, 3, 4, 5
having sum(side.n) <> 0;

-- A piece says what it was made for again.
create index remade_piece_issuance on remade_piece (issuance_id);
