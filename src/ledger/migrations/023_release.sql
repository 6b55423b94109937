-- A piece that print held is set right by staff, released, and made again as a piece of another issuance: who, when and why
-- are events. What it was held for, a name or an address, is corrected for the person; print reads the correction.
insert into transition values
  ('mailpiece', 'correct', 'held', 'held'),
  ('mailpiece', 'release', 'held', 'released'),
  ('mailpiece', 'remake', 'released', 'remade'),
  ('mailpiece', 'withdraw', 'released', 'withdrawn');

alter table issuance drop constraint issuance_remake_check;
alter table issuance add constraint issuance_remake_check
  check (remake in ('reroute', 'reprint', 'rehome', 'reissue', 'release'));

-- How a text of a person's papers is printed, as long as the files say the very text it was corrected from. Only added to:
-- the last of a person and field counts.
create table print_correction (
  insurer_number text not null references insurer,
  id bigint generated always as identity primary key,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  field text not null check (field in ('name', 'kana', 'former-name', 'address')),
  -- As it stands in the file; of an address its line and building, a line each. '' = none on record.
  source text not null,
  -- As it is printed; of an address its postal code, line and building, a line each.
  text text not null check (text <> '' and text !~ '\d{12}'),
  -- The piece that was held.
  mailpiece_number bigint not null,
  actor text not null,
  reason text not null,
  at timestamptz not null default clock_timestamp()
);
create index print_correction_person on print_correction (insurer_number, symbol, number);
create trigger frozen before update or delete on print_correction for each row execute function refuse_change();

alter table print_correction enable row level security;
create policy people_wall on print_correction to todoke_console using (
  insurer_number = (select wall('insurer')) and (select wall('role')) not in ('contractor', 'workplace')
  and ((select wall('branch')) is null or symbol in (select w.symbol from workplace w)));
grant select, insert on print_correction to todoke_console;

-- As in 012; corrections name persons and their texts, and go by their own day.
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
  alter table look disable trigger frozen;
  delete from look where insurer_number = insurer and at < before;
  get diagnostics more = row_count;
  erased := erased + more;
  alter table look enable trigger frozen;
  alter table print_correction disable trigger frozen;
  delete from print_correction where insurer_number = insurer and at < before;
  get diagnostics more = row_count;
  alter table print_correction enable trigger frozen;
  return erased + more;
end $$;
