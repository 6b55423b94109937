-- A withdrawal is in the chain, or it is none. Asked at commit, as both are written together.
create or replace function refuse_withdrawal_without_event() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if not exists (select 1 from event where paper_number = new.paper_number and event = 'withdraw') then
    raise exception 'withdrawal_without_event: %', new.paper_number using errcode = 'check_violation';
  end if;
  return null;
end $$;
