-- Counts what an erasure is about to remove, and refuses one that comes too early: papers made again of these are still held,
-- an issuance still needs the file, or the file is the one in use.
create or replace function count_erased() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if new.issuance_id is not null then
    if exists (select 1 from issuance i left join erasure e on e.issuance_id = i.id
                where i.parent_id = new.issuance_id and e.id is null) then
      raise exception 'erase_order: papers made again of these are still held' using errcode = 'check_violation';
    end if;
    select count(*), count(*) filter (where is_target), count(*) filter (where not is_target)
      into new.row_count, new.target_count, new.not_target_count
      from decision where issuance_id = new.issuance_id;
    select count(*) into new.paper_count from person_paper where issuance_id = new.issuance_id;
    select count(*) into new.exit_count from target_exit where issuance_id = new.issuance_id;
    select count(*) into new.mailpiece_count from mailpiece where issuance_id = new.issuance_id;
  else
    if exists (select 1 from issuance i left join erasure e on e.issuance_id = i.id
                where new.dataset_id in (i.members_id, i.workplaces_id, i.enrolment_id, i.ratios_id) and e.id is null) then
      raise exception 'erase_order: an issuance still needs file %', new.dataset_id using errcode = 'check_violation';
    end if;
    if exists (select 1 from dataset d
                where d.id = new.dataset_id and d.id = dataset_in_use(d.insurer_number, d.kind)) then
      raise exception 'erase_order: file % is in use', new.dataset_id using errcode = 'check_violation';
    end if;
    select row_count into new.row_count from dataset where id = new.dataset_id;
  end if;
  return new;
end $$;
