-- Rows of an issuance's enrolment file: all, those of its members who were decided about, and those of nobody, in one pass over the
-- two. That all are there is held against the rows that were counted when the file came in (enrolment_join).
-- (Nested loops are what the planner takes for the fewest rows; here all rows meet.)
create or replace function count_enrolment_rows(issuance integer, out rows bigint, out matched bigint, out nobodys bigint)
language plpgsql stable set enable_nestloop = off as $$
declare
  run issuance%rowtype;
begin
  select * into run from issuance i where i.id = issuance;
  execute format('select count(*), count(d.symbol), count(*) filter (where d.symbol is null)
                    from enrolment e
                    left join decision d on d.issuance_id = %s and d.symbol = e.symbol and d.number_rank = e.number_rank
                                        and d.number = e.number and d.sub_number = e.sub_number
                   where e.dataset_id = %s', run.id, run.enrolment_id) into rows, matched, nobodys;
end $$;
