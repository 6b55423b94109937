-- A file for a workplace, a branch or the contractor holds nobody outside it, whoever made it: the rows as they will be
-- written are compared with the papers of the ledger. `recipients[i]` = symbol or branch code of row i ('' = contractor);
-- `run` null = papers of any issuance of the insurer (a recall list).
create or replace function refuse_outsiders(insurer text, run integer, kind text, recipients text[], symbols text[], numbers text[],
                                 sub_numbers text[]) returns void language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  outside bigint;
  first_row bigint;
begin
  with listed as (
    select l.recipient, l.symbol collate "C" as symbol, l.number collate "C" as number,
           l.sub_number collate "C" as sub_number, l.place
      from unnest(recipients, symbols, numbers, sub_numbers) with ordinality l (recipient, symbol, number, sub_number, place)
  ), paper as (
    select l.place, bool_or(p.mailpiece_number is not null) as is_printed,
           coalesce(bool_or(w.branch_code = l.recipient), false) as is_of_branch
      from listed l
      join issuance i on i.insurer_number = insurer and (run is null or i.id = run)
      join person_paper c on c.issuance_id = i.id and c.symbol = l.symbol and c.number_rank = l.number::bigint
                         and c.number = l.number and c.sub_number = l.sub_number
      left join printed_piece p on p.issuance_id = i.id and p.mailpiece_number = c.mailpiece_number
      left join workplace w on kind = 'branch' and w.dataset_id = i.workplaces_id and w.symbol = l.symbol
     group by l.place
  )
  select count(*), min(l.place) into outside, first_row
    from listed l left join paper using (place)
   where not coalesce(case kind when 'workplace' then l.symbol = l.recipient and paper.place is not null
                                when 'branch' then paper.is_of_branch
                                when 'contractor' then paper.is_printed end, false);
  if outside > 0 then
    raise exception 'outside_recipient: % of the % rows are outside their recipient, the first is row %', outside,
      cardinality(symbols), first_row using errcode = 'check_violation';
  end if;
end $$;
