-- Names of the partitions of an issuance that exist.
create or replace function issuance_partitions(issuance integer) returns text[] language sql stable as $$
  select partitions_of(array['decision', 'mailpiece', 'printed_piece', 'certificate', 'parcelled_notice', 'notice'], issuance)
$$;
