-- The caller that closes a lot only says when; the counts are the database's own.
create or replace function close_lot() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  counted record;
begin
  if old.closed_at is not null then
    raise exception 'closed_lot: lot % is closed', old.no using errcode = 'check_violation';
  end if;
  if (new.name, new.by_branch) is distinct from (old.name, old.by_branch)
     or (new.post_from, new.post_through) is distinct from (old.post_from, old.post_through) then
    raise exception 'lot: what a lot is never changes' using errcode = 'check_violation';
  end if;
  if new.closed_at is not null then
    if not is_approved(new.issuance_id, new.no, 'close') then
      raise exception 'lot_unconfirmed: two persons close lot %', new.no using errcode = 'check_violation';
    end if;
    counted := count_lot(new.issuance_id, new.no);
    new.extracted_count := counted.extracted;
    new.held_count := counted.held;
    new.withdrawn_count := counted.withdrawn;
    new.spoiled_count := counted.spoiled;
    new.remade_count := counted.remade;
    new.printed_count := counted.printed;
    new.enclosed_count := counted.enclosed;
    new.posted_count := counted.posted;
  end if;
  return new;
end $$;
