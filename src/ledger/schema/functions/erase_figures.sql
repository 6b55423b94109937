-- The figures of a workplace of a few people are about those people: its counts go when the issuance or the file is erased.
create or replace function erase_figures() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  delete from reason_group where issuance_id = new.issuance_id and level = 'workplace';
  delete from enrolment_group where dataset_id = new.dataset_id and level = 'workplace';
  return null;
end $$;
