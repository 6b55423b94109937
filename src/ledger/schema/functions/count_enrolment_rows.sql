-- Rows of an issuance's enrolment file: all, those of its members, and those of nobody; each counted by itself.
-- (Nested loops are what the planner takes for the fewest rows; here all rows meet.)
create or replace function count_enrolment_rows(issuance integer, out rows bigint, out matched bigint, out nobodys bigint)
language plpgsql stable set enable_nestloop = off as $$
declare
  run issuance%rowtype;
begin
  select * into run from issuance i where i.id = issuance;
  execute format('select count(*) from enrolment where dataset_id = %s', run.enrolment_id) into rows;
  execute format('select count(*) from decision d join enrolment e using (symbol, number_rank, number, sub_number)
                   where d.issuance_id = %s and e.dataset_id = %s', run.id, run.enrolment_id) into matched;
  execute format('select count(*) from enrolment e
                    left join member m on m.dataset_id = %s and m.symbol = e.symbol and m.number_rank = e.number_rank
                                      and m.number = e.number and m.sub_number = e.sub_number
                   where e.dataset_id = %s and m.symbol is null', run.members_id, run.enrolment_id) into nobodys;
end $$;
