-- Postal data, edition by edition, never changed: papers that were printed with one can be made again with the same.
create table postal_edition (
  id integer primary key generated always as identity,
  -- Hash of the files it came from: the same files twice are one edition.
  sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
  district_count integer not null check (district_count > 0),
  office_count integer not null check (office_count >= 0),
  imported_at timestamptz not null default now()
);

create table postal_district (
  edition_id integer not null references postal_edition,
  postal_code text not null check (postal_code ~ '^\d{7}$'),
  prefecture text not null,
  city text not null,
  town text not null
);
create index postal_district_edition on postal_district (edition_id);

create table postal_office (
  edition_id integer not null references postal_edition,
  postal_code text not null check (postal_code ~ '^\d{7}$'),
  prefecture text not null,
  city text not null,
  primary key (edition_id, postal_code)
);

-- The edition an issuance is printed with; null = none was there.
create table issuance_postal (
  issuance_id integer primary key references issuance,
  edition_id integer references postal_edition
);

create trigger frozen before update or delete on postal_edition for each row execute function refuse_change();
create trigger frozen before update or delete on postal_district for each row execute function refuse_change();
create trigger frozen before update or delete on postal_office for each row execute function refuse_change();
create trigger frozen before update or delete on issuance_postal for each row execute function refuse_change();
