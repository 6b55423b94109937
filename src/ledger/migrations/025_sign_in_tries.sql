-- Tries to sign in by the hash of the address they come from: what one process counts holds in all. Lost with a crash of
-- the database, as a minute's memory may be.
create unlogged table sign_in_try (
  address_sha256 text primary key check (address_sha256 ~ '^[0-9a-f]{64}$'),
  tries integer not null check (tries >= 0),
  ends_at timestamptz not null
);
create index sign_in_try_ends on sign_in_try (ends_at);
