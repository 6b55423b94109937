-- At commit a slip must have the papers it counts.
create or replace function check_slip() returns trigger language plpgsql as $$
begin
  perform refuse_uneven_slip(array[new.id]);
  return null;
end $$;
