-- Those of an id's partitions that exist.
create or replace function partitions_of(parents text[], id integer) returns text[] language sql stable as $$
  select coalesce(array_agg(parent || '_' || id), '{}') from unnest(parents) parent
   where to_regclass(format('%I', parent || '_' || id)) is not null
$$;
