-- The first day without cover by the filings of a household that arrived, null = no filing ends it: the person's own, and the
-- insured person's loss; one from before the acquisition of whose it is was of an earlier eligibility. The rule is
-- `lostByFilings` (src/rules/intake/eligibility.ts); a test compares the two row by row.
create or replace function lost_by_filing(insurer text, household_symbol text, household_number text, person text,
                                          own_acquired date, insured_acquired date)
  returns table (lost_on date) language sql stable as $$
  select min(f.effective_on) from filing f
   where f.insurer_number = insurer and f.symbol = household_symbol and f.number = household_number
     and f.kind <> 'name-change' and (f.sub_number = person or f.sub_number = '00' and f.kind = 'loss')
     and f.effective_on > case when f.sub_number = person then own_acquired else coalesce(insured_acquired, own_acquired) end
$$;
