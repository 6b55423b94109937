-- Recipients are checked for papers of either kind, and within one issuance where a file is of one.

create or replace view person_paper with (security_invoker = true) as
  select issuance_id, mailpiece_number, symbol, number, sub_number, number::bigint as number_rank from certificate
  union all
  select issuance_id, mailpiece_number, symbol, number, sub_number, number_rank from notice;

-- As in 006, of papers of either kind. `run` null = of any issuance of the insurer (a recall list).
drop function refuse_outsiders(text, text, text[], text[], text[], text[]);
create function refuse_outsiders(insurer text, run integer, kind text, recipients text[], symbols text[], numbers text[],
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
