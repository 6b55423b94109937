-- Decisions, certificates, notices, mailpieces and exits are written while their chunk is open, and never after.
create or replace function refuse_rows_of_closed_chunk() returns trigger language plpgsql as $$
declare
  closed integer;
begin
  select c.no into closed
    from (select distinct issuance_id, chunk_no from added) a
    join chunk c on c.issuance_id = a.issuance_id and c.no = a.chunk_no
   where case when tg_table_name like 'decision%' then c.decided_at else c.enclosed_at end is not null
   limit 1;
  if found then
    raise exception 'closed_chunk: % of chunk % is closed', tg_table_name, closed using errcode = 'check_violation';
  end if;
  return null;
end $$;
