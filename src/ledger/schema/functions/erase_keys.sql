-- Erases what names persons by their key and goes by its own day: filings, access records, corrections of printed texts, imports
-- that were proposed.
create or replace function erase_keys(insurer text, before date) returns bigint language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  erased bigint := 0;
  more bigint;
begin
  alter table filing disable trigger frozen;
  delete from filing where insurer_number = insurer and processed_on < before;
  get diagnostics erased = row_count;
  alter table filing enable trigger frozen;
  alter table access_record disable trigger frozen;
  delete from access_record where insurer_number = insurer and at < before;
  get diagnostics more = row_count;
  erased := erased + more;
  alter table access_record enable trigger frozen;
  alter table print_correction disable trigger frozen;
  delete from print_correction where insurer_number = insurer and at < before;
  get diagnostics more = row_count;
  alter table print_correction enable trigger frozen;
  erased := erased + more;
  delete from import_proposal where insurer_number = insurer and created_at < before;
  get diagnostics more = row_count;
  return erased + more;
end $$;
