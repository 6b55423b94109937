-- Moves papers from one count to another, as the events just recorded say. (A scan is one event: its two counts are moved
-- without grouping.)
create or replace function tally_events() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  one event;
  place paper_state;
  moved record;
begin
  if (select count(*) from (select from added limit 2) few) = 1 then
    select * into one from added;
    if one.from_state = one.to_state then return null; end if;
    select * into place from paper_state where paper_number = one.paper_number;
    perform move_tally(one.issuance_id, one.subject, coalesce(place.lot_no, 0::smallint), coalesce(place.branch_code, ''),
                       one.to_state, case when one.to_state = 'returned' then one.reason else '' end, 1);
    perform move_tally(one.issuance_id, one.subject, coalesce(place.lot_no, 0::smallint), coalesce(place.branch_code, ''),
                       one.from_state,
                       case when one.from_state = 'returned' then stamp_before(one.paper_number, one.seq) else '' end, -1);
    return null;
  end if;
  -- Few groups, whatever the number of events; nobody else writes them, the chain is held.
  for moved in
    select a.issuance_id, a.subject, coalesce(s.lot_no, 0::smallint) as lot_no, coalesce(s.branch_code, '') as branch_code,
           side.state, side.reason, sum(side.n)::integer as n
      from added a
      join paper_state s on s.paper_number = a.paper_number
     cross join lateral (
       select a.to_state as state, case when a.to_state = 'returned' then a.reason else '' end as reason, 1 as n
       union all
       select a.from_state,
              case when a.from_state = 'returned' then stamp_before(a.paper_number, a.seq) else '' end, -1) side
     where a.from_state <> a.to_state
     group by 1, 2, 3, 4, 5, 6
    having sum(side.n) <> 0
  loop
    perform move_tally(moved.issuance_id, moved.subject, moved.lot_no, moved.branch_code, moved.state, moved.reason, moved.n);
  end loop;
  return null;
end $$;
