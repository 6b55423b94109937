-- The caller that closes a chunk only says when; the counts are the database's own.
create or replace function close_chunk() returns trigger language plpgsql as $$
declare
  counted record;
  strays bigint;
begin
  if old.decided_at is not null and new.decided_at is distinct from old.decided_at
     or old.enclosed_at is not null and new.enclosed_at is distinct from old.enclosed_at then
    raise exception 'closed_chunk: chunk % is closed', old.no using errcode = 'check_violation';
  end if;
  if new.decided_at is not null and old.decided_at is null then
    counted := count_decisions(new);
    if counted.strays > 0 then
      raise exception 'balance_members_decided: % decisions of another chunk', counted.strays
        using errcode = 'check_violation';
    end if;
    new.target_count := counted.targets;
    new.not_target_count := counted.others;
  end if;
  if new.enclosed_at is not null and old.enclosed_at is null then
    counted := count_enclosed(new);
    strays := counted.strays;
    if strays > 0 then
      raise exception 'balance_certificates_enclosed: % mailpieces do not hold what they say', strays
        using errcode = 'check_violation';
    end if;
    strays := count_papers_of_nobody(new);
    if strays > 0 then
      raise exception 'balance_targets_certificates: % papers or exits that belong to no target alone', strays
        using errcode = 'check_violation';
    end if;
    new.mailpiece_count := counted.pieces;
    new.certificate_count := counted.certificates;
    select count(*) into new.exit_count from target_exit e
     where e.issuance_id = new.issuance_id and e.chunk_no = new.no;
  end if;
  return new;
end $$;
