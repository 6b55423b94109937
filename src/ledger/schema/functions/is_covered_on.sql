-- Whether a person is covered on a day; `lost_on`: the first day without cover, null = no end is known. The rule is `isCoveredOn`
-- (src/rules/intake/eligibility.ts); a test compares the two row by row.
create or replace function is_covered_on(lost_on date, on_day date) returns boolean language sql immutable as $$
  select lost_on is null or on_day < lost_on
$$;
