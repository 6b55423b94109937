-- Print. The pieces of an issuance are shared out over lots (ロット), released for print and for post, and closed, by two
-- different persons each; the pieces of a lot are printed in batches, and every piece of a batch is printed, held or withdrawn.

create table issuance_postal (
  issuance_id integer primary key references issuance,
  edition_id integer references postal_edition
);
comment on table issuance_postal is 'The edition of the postal data an issuance is printed with; null = there was none.';
create trigger frozen before update or delete on issuance_postal for each row execute function refuse_change();
alter table issuance_postal enable row level security;
create policy insurer_wall on issuance_postal to todoke_console using (issuance_id in (select id from issuance));
grant select on issuance_postal to todoke_console;

create table lot (
  issuance_id integer not null references issuance,
  no smallint not null check (no > 0),
  name text not null,
  post_from date,
  post_through date,
  by_branch boolean not null,
  extracted_count integer,
  held_count integer,
  withdrawn_count integer,
  spoiled_count integer,
  remade_count integer,
  printed_count integer,
  enclosed_count integer,
  posted_count integer,
  closed_at timestamptz,
  primary key (issuance_id, no),
  check (post_from <= post_through),
  constraint balance_lot_extracted
    check (closed_at is null
           or coalesce(extracted_count = held_count + withdrawn_count + spoiled_count + printed_count, false)),
  constraint balance_lot_remade check (closed_at is null or coalesce(spoiled_count = remade_count, false)),
  constraint balance_lot_posted
    check (closed_at is null or coalesce(printed_count = enclosed_count and enclosed_count = posted_count, false))
);
comment on table lot is
  'Lots: the pieces of one wave, or of a whole issuance where the profile has no waves. A lot closes when nothing of it is missing.';
comment on column lot.name is '「第1波」, or '''' where the profile has no waves.';
comment on column lot.post_from is 'First day on which its pieces may be posted; null = no such day.';
comment on column lot.post_through is 'Last day on which its pieces may be posted; null = no such day.';
comment on column lot.by_branch is 'False = every piece of the issuance; true = the pieces of its rows in lot_share.';
create trigger close_lot before update on lot for each row execute function close_lot();
create trigger frozen before delete on lot for each row execute function refuse_change();
alter table lot enable row level security;
create policy insurer_wall on lot to todoke_console using (issuance_id in (select id from issuance));
grant select, update (closed_at) on lot to todoke_console;

create table lot_share (
  issuance_id integer not null,
  lot_no smallint not null,
  branch_code text collate "C" not null,
  first_mailpiece bigint not null,
  last_mailpiece bigint not null,
  primary key (issuance_id, branch_code, first_mailpiece),
  foreign key (issuance_id, lot_no) references lot,
  check (first_mailpiece <= last_mailpiece)
);
comment on table lot_share is 'The run of a branch''s pieces (by number) that goes into a lot. Shares of one branch never overlap.';
comment on column lot_share.branch_code is ''''' = without a branch.';
create trigger frozen before update or delete on lot_share for each row execute function refuse_change();
alter table lot_share enable row level security;
create policy insurer_wall on lot_share to todoke_console using (issuance_id in (select id from issuance));
grant select on lot_share to todoke_console;

create table lot_confirmation (
  issuance_id integer not null,
  lot_no smallint not null,
  step text not null check (step in ('print', 'post', 'close')),
  place smallint not null check (place in (1, 2)),
  person text not null check (person <> ''),
  person_key text not null check (person_key <> ''),
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  primary key (issuance_id, lot_no, step, place),
  constraint two_different_persons unique (issuance_id, lot_no, step, person_key),
  foreign key (issuance_id, lot_no) references lot
);
comment on table lot_confirmation is 'Two different persons a step: two places, and one key a person.';
comment on column lot_confirmation.person_key is
  'The name with its spellings folded: two spellings of one name are one person.';
create trigger early before insert on lot_confirmation for each row execute function refuse_early_confirmation();
create trigger frozen before update or delete on lot_confirmation for each row execute function refuse_change();
alter table lot_confirmation enable row level security;
create policy insurer_wall on lot_confirmation to todoke_console using (issuance_id in (select id from issuance));
grant select, insert on lot_confirmation to todoke_console;

create table print_batch (
  issuance_id integer not null references issuance,
  no integer not null check (no > 0),
  lot_no smallint not null default 1,
  route text not null check (route in ('home', 'workplace')),
  first_mailpiece bigint not null,
  last_mailpiece bigint not null,
  mailpiece_count integer not null check (mailpiece_count > 0),
  certificate_count integer not null check (certificate_count > 0),
  template_sha256 text,
  printed_at timestamptz,
  printed_count integer,
  held_count integer,
  withdrawn_count integer,
  printed_certificate_count integer,
  held_certificate_count integer,
  withdrawn_certificate_count integer,
  primary key (issuance_id, no),
  constraint print_batch_lot foreign key (issuance_id, lot_no) references lot,
  constraint balance_mailpieces_printed
    check (printed_at is null
           or coalesce(printed_count + held_count + coalesce(withdrawn_count, 0) = mailpiece_count, false)),
  constraint balance_certificates_printed
    check (printed_at is null
           or coalesce(printed_certificate_count + held_certificate_count + coalesce(withdrawn_certificate_count, 0)
                       = certificate_count, false))
);
comment on table print_batch is
  'A run of mailpieces of one lot that is printed together: its letters in one file, its certificates in others.';
comment on column print_batch.withdrawn_count is
  'Pieces withdrawn before they were printed: they leave the batch, and the batch says so.';
create trigger close_print_batch before update on print_batch for each row execute function close_print_batch();
create trigger tally_batch after update on print_batch for each row
  when (old.printed_at is null and new.printed_at is not null) execute function tally_batch();
create trigger frozen before delete on print_batch for each row execute function refuse_change();
alter table print_batch enable row level security;
create policy insurer_wall on print_batch to todoke_console using (issuance_id in (select id from issuance));
grant select on print_batch to todoke_console;

create table print_file (
  issuance_id integer not null,
  batch_no integer not null,
  paper text not null,
  path text not null,
  page_count integer not null check (page_count > 0),
  mailpiece_count integer not null check (mailpiece_count > 0),
  certificate_count integer not null check (certificate_count > 0),
  byte_count bigint not null check (byte_count > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  primary key (issuance_id, batch_no, paper),
  unique (issuance_id, path),
  foreign key (issuance_id, batch_no) references print_batch
);
comment on table print_file is 'The files of a printed batch.';
comment on column print_file.paper is 'Paper on its pages: letter, card-front and so on.';
create trigger closed_batch after insert on print_file
  referencing new table as added for each statement execute function refuse_rows_of_printed_batch();
create trigger frozen before update or delete on print_file for each row execute function refuse_change();
alter table print_file enable row level security;
create policy insurer_wall on print_file to todoke_console using (issuance_id in (select id from issuance));
grant select on print_file to todoke_console;

create table printed_piece (
  issuance_id integer not null,
  batch_no integer not null,
  mailpiece_number bigint not null,
  letter_page integer not null check (letter_page > 0),
  certificate_page integer check (certificate_page > 0),
  certificate_count smallint not null check (certificate_count > 0),
  primary key (issuance_id, mailpiece_number)
) partition by list (issuance_id);
comment on table printed_piece is 'Where each printed piece stands: the page of its letter, the first page of its certificates.';
comment on column printed_piece.certificate_page is
  'Of a notice the page of its request form; null where the notice''s sheet stands alone.';
create trigger closed_batch after insert on printed_piece
  referencing new table as added for each statement execute function refuse_rows_of_printed_batch();
create trigger frozen before update or delete on printed_piece for each row execute function refuse_change();
alter table printed_piece enable row level security;
create policy insurer_wall on printed_piece to todoke_console using (issuance_id in (select id from issuance));
grant select on printed_piece to todoke_console;

create table held_piece (
  issuance_id integer not null,
  batch_no integer not null,
  mailpiece_number bigint not null,
  reason text not null
    check (reason in ('address-missing', 'workplace-unknown', 'missing-character', 'does-not-fit')),
  sub_number text not null,
  field text not null,
  code_point text not null,
  primary key (issuance_id, mailpiece_number, reason, sub_number, field, code_point),
  foreign key (issuance_id, batch_no) references print_batch
);
comment on table held_piece is 'Pieces that print stopped for staff; a piece may have several reasons.';
comment on column held_piece.sub_number is 'Whose paper it is about.';
comment on column held_piece.code_point is 'Of a character no font has: its code point. Never the value itself.';
create trigger closed_batch after insert on held_piece
  referencing new table as added for each statement execute function refuse_rows_of_printed_batch();
create trigger frozen before update or delete on held_piece for each row execute function refuse_change();
alter table held_piece enable row level security;
create policy insurer_wall on held_piece to todoke_console using (issuance_id in (select id from issuance));
grant select on held_piece to todoke_console;

create table replaced_variant (
  issuance_id integer not null,
  batch_no integer not null,
  mailpiece_number bigint not null,
  sub_number text not null,
  field text not null,
  code_point text not null,
  primary key (issuance_id, mailpiece_number, sub_number, field, code_point),
  foreign key (issuance_id, batch_no) references print_batch
);
comment on table replaced_variant is
  'Characters that were printed as their base character because no font has the variant.';
alter table replaced_variant enable row level security;
create policy insurer_wall on replaced_variant to todoke_console using (issuance_id in (select id from issuance));
grant select on replaced_variant to todoke_console;

create table batch_tally (
  issuance_id integer not null,
  batch_no integer not null,
  lot_no smallint not null,
  branch_code text collate "C" not null,
  state text not null check (state in ('printed', 'held')),
  count integer not null check (count > 0),
  primary key (issuance_id, batch_no, branch_code, state),
  foreign key (issuance_id, batch_no) references print_batch
);
comment on table batch_tally is
  'Pieces a batch printed or held when it closed, by branch: the numbers that paper_tally counts on from.';
create trigger frozen before update or delete on batch_tally for each row execute function refuse_change();
alter table batch_tally enable row level security;
create policy insurer_wall on batch_tally to todoke_console using (
  issuance_id in (select id from issuance) and (select wall('workplace')) is null
  and case when (select wall('branch')) is null then true else branch_code = (select wall('branch')) end);
grant select on batch_tally to todoke_console;

-- A piece that print held is set right by staff, released, and made again as a piece of another issuance: each step is an
-- event. The name or address it was held for is corrected here for the person; print reads the correction.
create table print_correction (
  insurer_number text not null references insurer,
  id bigint generated always as identity primary key,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  field text not null check (field in ('name', 'kana', 'former-name', 'address')),
  source text not null,
  text text not null check (text <> '' and text !~ '\d{12}'),
  mailpiece_number bigint not null,
  actor text not null,
  reason text not null,
  at timestamptz not null default clock_timestamp()
);
comment on table print_correction is
  'How a text of a person''s papers is printed, as long as the files say the very text it was corrected from. Only added to: the last of a person and field counts.';
comment on column print_correction.source is
  'The text as it stands in the file; of an address its line and building, a line each. '''' = none on record.';
comment on column print_correction.text is
  'The text as it is printed; of an address its postal code, line and building, a line each.';
comment on column print_correction.mailpiece_number is 'The piece that was held.';
create index print_correction_person on print_correction (insurer_number, symbol, number);
create trigger frozen before update or delete on print_correction for each row execute function refuse_change();
alter table print_correction enable row level security;
create policy people_wall on print_correction to todoke_console using (
  insurer_number = (select wall('insurer'))
  and (select wall('role')) not in ('contractor', 'workplace')
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = print_correction.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select, insert on print_correction to todoke_console;

create table written_output (
  issuance_id integer primary key references issuance,
  at timestamptz not null default clock_timestamp()
);
comment on table written_output is
  'Issuances whose output was written whole at least once, with its lists and its manifest. One that was interrupted before is not finished, though all of it is printed.';
create trigger frozen before update or delete on written_output for each row execute function refuse_change();
