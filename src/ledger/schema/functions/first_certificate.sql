-- The certificates of a piece are numbered from the piece's own ordinal on, within a household (sub-numbers have two digits):
-- the least number they can have.
create or replace function first_certificate(mailpiece bigint) returns bigint language sql immutable as $$
  select ('1' || substr(mailpiece::text, 2, 12) || '0')::bigint
$$;
