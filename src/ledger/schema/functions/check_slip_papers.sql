-- Papers are added to slips in one statement; each slip must then count what it lists.
create or replace function check_slip_papers() returns trigger language plpgsql as $$
begin
  perform refuse_uneven_slip(array(select distinct slip_id from added));
  return null;
end $$;
