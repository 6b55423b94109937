-- The text a hash is made of: everything in the row, so that no part of it can be changed unseen. `happened_on` is left out
-- where there is none.
create or replace function event_text(e event) returns text language sql immutable as $$
  select concat_ws(E'\x1f', e.insurer_number, e.seq, e.issuance_id, e.subject, e.paper_number, e.event, e.from_state,
                   e.to_state, extract(epoch from e.at), e.actor, e.reason, e.source, e.key,
                   'on ' || extract(epoch from e.happened_on))
$$;
