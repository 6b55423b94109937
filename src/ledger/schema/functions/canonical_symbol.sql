-- The canonical form of a 記号: `canonicalSymbol` of rules/intake/join-keys; a test holds one against the other.
create or replace function canonical_symbol(symbol text) returns text language sql immutable parallel safe as $$
  select case when narrow ~ '^[0-9]+$' then coalesce(nullif(ltrim(narrow, '0'), ''), '0') else narrow end
    from (select case when symbol ~ '^[0-9]+$' then symbol else normalize(symbol, NFKC) end as narrow) text
$$;
