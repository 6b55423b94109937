-- Refuses slips whose counts differ from the papers they list.
create or replace function refuse_uneven_slip(slips integer[]) returns void language plpgsql as $$
declare
  uneven record;
begin
  select s.id, s.duty_count, s.request_count, count(*) filter (where p.ground not in ('enrolled', 'superseded')) as duty,
         count(*) filter (where p.ground in ('enrolled', 'superseded')) as request
    into uneven
    from recall_slip s left join recall_slip_paper p on p.slip_id = s.id
   where s.id = any (slips)
   group by s.id
  having count(*) filter (where p.ground not in ('enrolled', 'superseded')) <> s.duty_count
      or count(*) filter (where p.ground in ('enrolled', 'superseded')) <> s.request_count
   limit 1;
  if found then
    raise exception 'balance_slip_papers: slip % says % and %, lists % and %', uneven.id, uneven.duty_count,
      uneven.request_count, uneven.duty, uneven.request using errcode = 'check_violation';
  end if;
end $$;
