-- What a certificate says of a few people besides: a name in use with the registered one on the back, and entries asked for.
alter table member
  add column registered_name text,
  add column optional_content text,
  add column optional_from date,
  add column optional_through date,
  add constraint optional_days check (optional_content <> '' or (optional_from is null and optional_through is null));
comment on column member.name is 'Name as it is printed: 通称名 where one is in use.';
comment on column member.registered_name is '戸籍上の氏名, where `name` is a 通称名: it stands on the back.';
comment on column member.has_optional_entries is
  'Nothing of it passes the employer: 任意記載, unless the applicant asked for that way, or at the person''s own request.';
comment on column member.optional_content is
  '任意記載の内容 as it is printed; '''' = asked for, and the file does not say what: print holds it. Null = none asked for.';
comment on column member.optional_from is '発効年月日 of the optional entries.';
comment on column member.optional_through is '有効期限 of the optional entries, inclusive.';

alter table held_piece drop constraint held_piece_reason_check;
alter table held_piece add constraint held_piece_reason_check
  check (reason in ('address-missing', 'workplace-unknown', 'missing-character', 'does-not-fit', 'name-unreadable',
                    'address-none', 'address-unreadable', 'insured-person-missing', 'optional-entries-unknown',
                    'former-name-unplaced'));
