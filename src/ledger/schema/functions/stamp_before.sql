-- The stamp a paper came back with, before it leaves the state 'returned' by the event number `before`.
create or replace function stamp_before(paper bigint, before bigint) returns text language sql stable as $$
  select reason from event where paper_number = paper and seq < before order by seq desc limit 1
$$;
