-- Adds to one count of papers, or takes from it.
create or replace function move_tally(run integer, paper_subject text, lot smallint, branch text, of_state text, of_reason text, by integer)
returns void language plpgsql as $$
begin
  update paper_tally set count = count + by
   where issuance_id = run and subject = paper_subject and lot_no = lot and branch_code = branch and state = of_state
     and reason = of_reason;
  if not found then
    insert into paper_tally values (run, paper_subject, lot, branch, of_state, of_reason, by);
  end if;
end $$;
revoke execute on function move_tally from public;
