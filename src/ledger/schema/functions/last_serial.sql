-- The greatest number a chunk's papers can have (see first_serial).
create or replace function last_serial(kind text, c chunk) returns bigint language sql immutable as $$
  select (kind || lpad(c.issuance_id::text, 4, '0') || lpad((c.members_before + c.member_count)::text, 8, '0')
          || '9')::bigint
$$;
