-- A piece that was withdrawn, before print or instead of being made again, is not made again.
create or replace function refuse_remake_of_withdrawn() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if exists (select 1 from event where paper_number = new.mailpiece_number and event in ('withdraw', 'waive')) then
    raise exception 'remake_refused: % was withdrawn', new.mailpiece_number using errcode = 'check_violation';
  end if;
  return new;
end $$;
