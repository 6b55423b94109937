-- Papers and exits of persons who are no targets, targets with both a paper and an exit, and papers of the wrong kind.
create or replace function count_papers_of_nobody(c chunk) returns bigint language sql stable as $$
  with paper as (
    select symbol, number::bigint as number_rank, number, sub_number from certificate
     where issuance_id = c.issuance_id and certificate_number between first_serial('1', c) and last_serial('1', c)
    union all
    select symbol, number_rank, number, sub_number from notice
     where issuance_id = c.issuance_id and mailpiece_number between first_serial('2', c) and last_serial('2', c)
    union all
    select symbol, number::bigint, number, sub_number from target_exit
     where issuance_id = c.issuance_id and chunk_no = c.no
  ), target as (
    select symbol, number_rank, number, sub_number from decision d
     where d.issuance_id = c.issuance_id and d.is_target
       and (d.symbol, d.number_rank, d.number) >= (c.first_symbol, c.first_rank, c.first_number)
       and (d.symbol, d.number_rank, d.number) <= (c.last_symbol, c.last_rank, c.last_number)
  )
  -- Each table is unique by person, so only a paper and an exit can double, or papers of the two kinds.
  select (select count(*) from paper left join target using (symbol, number_rank, number, sub_number)
           where target.symbol is null)
       + (select count(*) from target_exit e join certificate using (issuance_id, symbol, number, sub_number)
           where e.issuance_id = c.issuance_id and e.chunk_no = c.no)
       + (select count(*) from target_exit e join notice using (issuance_id, symbol, number, sub_number)
           where e.issuance_id = c.issuance_id and e.chunk_no = c.no)
       + case when (select paper_kind from issuance where id = c.issuance_id) = 'notice'
           then (select count(*) from certificate where issuance_id = c.issuance_id
                    and certificate_number between first_serial('1', c) and last_serial('1', c))
           else (select count(*) from notice where issuance_id = c.issuance_id
                    and mailpiece_number between first_serial('2', c) and last_serial('2', c)) end
$$;
