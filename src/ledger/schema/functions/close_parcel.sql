-- The caller that closes a parcel only says when; the counts are the database's own.
create or replace function close_parcel() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if old.closed_at is not null then
    raise exception 'closed_parcel: parcel % is closed', old.id using errcode = 'check_violation';
  end if;
  if (new.issuance_id, new.symbol, new.sequence, new.sequence_count) is distinct from
     (old.issuance_id, old.symbol, old.sequence, old.sequence_count) then
    raise exception 'parcel: whose a parcel is never changes' using errcode = 'check_violation';
  end if;
  if new.closed_at is not null then
    -- What was withdrawn or spoiled does not go; if it was scanned in, it must come out first: the counts differ.
    select count(*) filter (where coalesce(s.state, '') not in (
             select to_state from transition where subject = 'mailpiece' and event in ('withdraw', 'spoil', 'destroy'))),
           count(*) filter (where i.scanned_at is not null)
      into new.expected_count, new.scanned_count
      from parcel_piece i left join paper_state s on s.paper_number = i.mailpiece_number
     where i.parcel_id = new.id;
  end if;
  return new;
end $$;
