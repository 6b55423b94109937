-- Paper numbers are kind (1) + issuance (4) + member ordinal (8) + check digit (1), so a chunk's numbers are one range: its
-- least. `kind` is '1' for certificates, '2' for mailpieces.
create or replace function first_serial(kind text, c chunk) returns bigint language sql immutable as $$
  select (kind || lpad(c.issuance_id::text, 4, '0') || lpad((c.members_before + 1)::text, 8, '0') || '0')::bigint
$$;
