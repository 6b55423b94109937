-- Members of a chunk = targets + others, one decision each. A stray is a decision of another chunk, or one whose reason
-- belongs to the other kind of paper. (Each row is read once, and a reason is checked once a reason: nothing is sorted.)
create or replace function count_decisions(c chunk, out targets bigint, out others bigint, out strays bigint)
language sql stable as $$
  select coalesce(sum(n) filter (where is_target), 0), coalesce(sum(n) filter (where not is_target), 0),
         coalesce(sum(n) filter (where is_stray
                                    or not is_reason_of((select paper_kind from issuance where id = c.issuance_id), reason)), 0)
    from (select is_target, reason, chunk_no <> c.no as is_stray, count(*) as n
            from decision d
           where d.issuance_id = c.issuance_id
             and (d.symbol, d.number_rank, d.number) >= (c.first_symbol, c.first_rank, c.first_number)
             and (d.symbol, d.number_rank, d.number) <= (c.last_symbol, c.last_rank, c.last_number)
           group by is_target, reason, chunk_no <> c.no) grouped
$$;
