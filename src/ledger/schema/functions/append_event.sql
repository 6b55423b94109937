-- Appends one event to its insurer's chain: finds the state the paper is in, refuses what the table of transitions does not
-- allow, numbers and hashes the row, and writes the paper's new state. The chain writes its own head and states, so it runs
-- with the owner's rights, whichever role inserts the event. Errors of all balances and refusals in this folder carry SQLSTATE
-- 23514 (check_violation) and a message that begins with the rule's name.
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
