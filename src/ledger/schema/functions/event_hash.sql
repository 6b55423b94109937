-- The hash of an event: of its own text and of the hash before it, so that the events of an insurer form a chain.
create or replace function event_hash(previous text, e event) returns text language sql immutable as $$
  select encode(sha256(convert_to(previous || E'\x1e' || event_text(e), 'UTF8')), 'hex')
$$;
