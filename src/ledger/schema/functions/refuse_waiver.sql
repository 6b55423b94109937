-- Only a piece that is still owed (spoiled and not made again) is waived, and once.
create or replace function refuse_waiver() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if not exists (select 1 from event where paper_number = new.paper_number and event = 'spoil')
     or exists (select 1 from event where paper_number = new.paper_number and event = 'waive' and seq < new.seq)
     or exists (select 1 from remade_piece where parent_id = new.issuance_id and mailpiece_number = new.paper_number) then
    raise exception 'waiver_refused: % is not owed', new.paper_number using errcode = 'check_violation';
  end if;
  return null;
end $$;
