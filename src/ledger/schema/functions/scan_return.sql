-- A scan at the returns station, in one statement: what the piece is, and its return recorded where the table of transitions
-- allows one. `outcome` null = the insurer has no such issuance (`issuance_found` false) or no such piece.
create or replace function scan_return(insurer text, run integer, paper bigint, why text, who text,
                            out issuance_found boolean, out outcome text, out state text, out insured_class text,
                            out has_workplace boolean, out has_optional_entries boolean, out is_protected boolean)
language plpgsql as $$
declare
  own issuance;
  piece_symbol text;
  event_key text;
begin
  select * into own from issuance where id = run and insurer_number = insurer;
  issuance_found := found;
  if not found then return; end if;
  select m.symbol into piece_symbol from mailpiece m where m.issuance_id = run and m.mailpiece_number = paper;
  if not found then return; end if;
  select min(m.insured_class), bool_or(m.has_optional_entries), bool_or(m.mail_stopped)
    into insured_class, has_optional_entries, is_protected
    from person_paper c
    join member m on m.dataset_id = own.members_id and m.symbol = c.symbol and m.number_rank = c.number::bigint
                 and m.number = c.number and m.sub_number = c.sub_number
   where c.issuance_id = run and c.mailpiece_number = paper;
  has_workplace := exists (select 1 from workplace w where w.dataset_id = own.workplaces_id and w.symbol = piece_symbol);
  select s.state into state from paper_state s where s.paper_number = paper;
  if not found then state := first_state('mailpiece', run, paper); end if;
  -- A piece that was posted again, or whose return was taken back, may come back again.
  select 'return:' || paper || ':' || count(*) into event_key from event
   where paper_number = paper and to_state = 'posted';
  if exists (select 1 from transition t where t.subject = 'mailpiece' and t.event = 'return' and t.from_state = scan_return.state) then
    insert into event (insurer_number, seq, issuance_id, subject, paper_number, event, from_state, to_state, actor,
                       reason, source, key, hash)
    values (insurer, 0, run, 'mailpiece', paper, 'return', '', '', who, why, '', event_key, '');
    -- Another station was first: the same return.
    outcome := case when found then 'recorded' else 'already' end;
  else
    outcome := case when exists (select 1 from event where insurer_number = insurer and key = event_key)
                    then 'already' else 'refused' end;
  end if;
end $$;
