-- At commit nothing of what was erased may be left.
create or replace function refuse_remains() returns trigger language plpgsql as $$
begin
  if new.issuance_id is not null
     and (cardinality(issuance_partitions(new.issuance_id)) > 0
          or exists (select 1 from target_exit where issuance_id = new.issuance_id)
          or exists (select 1 from moved_member where issuance_id = new.issuance_id)
          or exists (select 1 from digits_access where issuance_id = new.issuance_id)
          or exists (select 1 from warning where issuance_id = new.issuance_id)
          or exists (select 1 from chunk where issuance_id = new.issuance_id and (first_symbol, last_symbol) <> ('', '')))
     or new.dataset_id is not null and cardinality(dataset_partitions(new.dataset_id)) > 0 then
    raise exception 'erasure_incomplete: something of % is left', coalesce(new.issuance_id, new.dataset_id)
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
