-- Names of the partitions of an input file that exist.
create or replace function dataset_partitions(dataset integer) returns text[] language sql stable as $$
  select partitions_of(array['member', 'workplace', 'enrolment', 'burden_ratio'], dataset)
$$;
