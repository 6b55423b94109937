-- The greatest number a certificate of the piece can have (see first_certificate).
create or replace function last_certificate(mailpiece bigint) returns bigint language sql immutable as $$
  select ('1' || lpad((substr(mailpiece::text, 2, 12)::bigint + 100)::text, 12, '0') || '9')::bigint
$$;
