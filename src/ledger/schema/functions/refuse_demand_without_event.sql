-- A demand stands in the chain of events, or it is none. Asked at commit, as both are written together.
create or replace function refuse_demand_without_event() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from event where paper_number = new.certificate_number and insurer_number = new.insurer_number
                                       and to_state = 'return-demanded') then
    raise exception 'demand_without_event: %', new.certificate_number using errcode = 'check_violation';
  end if;
  return null;
end $$;
