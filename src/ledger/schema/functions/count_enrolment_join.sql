-- An insert says only for which issuance; the database counts for itself.
create or replace function count_enrolment_join() returns trigger language plpgsql as $$
declare
  counted record;
begin
  counted := count_enrolment_rows(new.issuance_id);
  select d.row_count into new.row_count
    from issuance i join dataset d on d.id = i.enrolment_id where i.id = new.issuance_id;
  new.matched_count := counted.matched;
  new.nobodys_count := counted.nobodys;
  return new;
end $$;
