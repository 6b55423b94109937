-- Made by `npm run schema`: the schema as PostgreSQL says it is, for reading and for review. Nothing runs this file.
-- The bodies of the functions are the files of functions/.

grant usage on schema todoke to todoke_console;

create table access_record (
  id bigint not null generated always as identity,
  insurer_number text not null,
  at timestamp with time zone not null default now(),
  actor text not null,
  what text not null,
  subject text not null,
  constraint access_record_pkey PRIMARY KEY (id),
  constraint access_record_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table access_record is 'Access records: which account looked at which person''s page. (What was done is in the journal.)';
CREATE INDEX access_record_insurer ON todoke.access_record USING btree (insurer_number, id DESC);
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.access_record FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on access_record for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table access_record enable row level security;
grant insert, select on access_record to todoke_console;

create table account (
  id integer not null generated always as identity,
  insurer_number text not null,
  login text not null,
  display_name text not null,
  role text not null,
  branch_code text,
  workplace_symbol text collate "C",
  password_hash text,
  totp_secret text,
  totp_step bigint,
  oidc_issuer text,
  oidc_subject text,
  failed_count integer not null default 0,
  locked_until timestamp with time zone,
  expires_on date,
  is_disabled boolean not null default false,
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint account_login_key UNIQUE (login),
  constraint account_oidc_issuer_oidc_subject_key UNIQUE (oidc_issuer, oidc_subject),
  constraint account_check CHECK (((role = 'branch'::text) = (branch_code IS NOT NULL))),
  constraint account_check1 CHECK (((role = 'workplace'::text) = (workplace_symbol IS NOT NULL))),
  constraint account_check2 CHECK (((oidc_issuer IS NULL) = (oidc_subject IS NULL))),
  constraint account_display_name_check CHECK (((length(display_name) >= 1) AND (length(display_name) <= 60))),
  constraint account_login_check CHECK ((login ~ '^[A-Za-z0-9._@-]{2,64}$'::text)),
  constraint account_role_check CHECK ((role = ANY (ARRAY['headquarters'::text, 'branch'::text, 'contractor'::text, 'workplace'::text, 'call-centre'::text, 'auditor'::text, 'administrator'::text]))),
  constraint account_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table account is 'Accounts of the console.';
comment on column account.branch_code is 'The one branch a branch account sees.';
comment on column account.workplace_symbol is 'The one workplace a workplace account sees.';
comment on column account.password_hash is 'Argon2id in PHC form, or null where only the organisation''s sign-in (OpenID Connect) opens it.';
comment on column account.totp_secret is 'Base32 secret of the one-time code, or null.';
comment on column account.totp_step is 'The last time step a code was taken for: each code opens once.';

create table answered_request (
  account_id integer not null,
  key text not null,
  request_sha256 text not null,
  status integer,
  body text,
  at timestamp with time zone not null default now(),
  constraint answered_request_pkey PRIMARY KEY (account_id, key),
  constraint answered_request_key_check CHECK (((length(key) >= 8) AND (length(key) <= 128))),
  constraint answered_request_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id)
);
comment on table answered_request is 'A write asked for twice with the same key is done once and answered twice.';

create table batch_tally (
  issuance_id integer not null,
  batch_no integer not null,
  lot_no smallint not null,
  branch_code text collate "C" not null,
  state text not null,
  count integer not null,
  constraint batch_tally_pkey PRIMARY KEY (issuance_id, batch_no, branch_code, state),
  constraint batch_tally_count_check CHECK ((count > 0)),
  constraint batch_tally_state_check CHECK ((state = ANY (ARRAY['printed'::text, 'held'::text]))),
  constraint batch_tally_issuance_id_batch_no_fkey FOREIGN KEY (issuance_id, batch_no) REFERENCES print_batch(issuance_id, no)
);
comment on table batch_tally is 'Pieces a batch printed or held when it closed, by branch: the numbers that paper_tally counts on from.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.batch_tally FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on batch_tally for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND (( SELECT wall('workplace'::text) AS wall) IS NULL) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (branch_code = ( SELECT wall('branch'::text) AS wall))
END));
alter table batch_tally enable row level security;
grant select on batch_tally to todoke_console;

create table burden_ratio (
  dataset_id integer not null,
  line integer not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as ((number)::bigint) stored,
  tenths smallint not null,
  holds_from date not null,
  holds_through date not null,
  constraint burden_ratio_pkey PRIMARY KEY (dataset_id, symbol, number_rank, number, sub_number),
  constraint burden_ratio_check CHECK ((holds_through >= holds_from)),
  constraint burden_ratio_line_check CHECK ((line > 0)),
  constraint burden_ratio_tenths_check CHECK ((tenths = ANY (ARRAY[2, 3])))
) partition by LIST (dataset_id);
comment on table burden_ratio is 'Rows of 負担割合.csv: what members of 70 and over pay, as the insurer has determined it. (The members'' file has no income class.)';
comment on column burden_ratio.line is 'Line of the file as the clerk sees it.';
comment on column burden_ratio.tenths is 'Tenths of the cost.';
comment on column burden_ratio.holds_from is 'First day on which the ratio holds.';
comment on column burden_ratio.holds_through is 'Last day on which the ratio holds.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.burden_ratio FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on burden_ratio for all to todoke_console
  using (((dataset_id IN ( SELECT dataset.id
   FROM dataset)) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = burden_ratio.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table burden_ratio enable row level security;
grant select on burden_ratio to todoke_console;

create table cancellation (
  issuance_id integer not null,
  person text not null,
  person_key text not null,
  reason text not null,
  actor text not null,
  at timestamp with time zone not null default now(),
  turn smallint not null default 1,
  constraint cancellation_pkey PRIMARY KEY (issuance_id, turn, person_key),
  constraint cancellation_person_check CHECK ((person <> ''::text)),
  constraint cancellation_reason_check CHECK ((reason <> ''::text)),
  constraint cancellation_turn_check CHECK ((turn > 0)),
  constraint cancellation_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table cancellation is 'Persons who give an issuance up (取りやめ), each once; with the second its plan is free.';
comment on column cancellation.person_key is 'The name without spaces and width: two spellings of one name are one person.';
comment on column cancellation.turn is 'One more than was taken back before; set by the database.';
CREATE TRIGGER free_plan AFTER INSERT ON todoke.cancellation FOR EACH ROW EXECUTE FUNCTION free_plan();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.cancellation FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_cancellation BEFORE INSERT ON todoke.cancellation FOR EACH ROW EXECUTE FUNCTION refuse_cancellation();
create policy insurer_wall on cancellation for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table cancellation enable row level security;
grant select on cancellation to todoke_console;

create table cancellation_take_back (
  issuance_id integer not null,
  turn smallint not null,
  person text not null,
  reason text not null,
  actor text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint cancellation_take_back_pkey PRIMARY KEY (issuance_id, turn),
  constraint cancellation_take_back_person_check CHECK ((person <> ''::text)),
  constraint cancellation_take_back_reason_check CHECK ((reason <> ''::text)),
  constraint cancellation_take_back_turn_check CHECK ((turn > 0)),
  constraint cancellation_take_back_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table cancellation_take_back is 'The first person''s asking for a cancellation, taken back before the second one confirmed it.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.cancellation_take_back FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refused BEFORE INSERT ON todoke.cancellation_take_back FOR EACH ROW EXECUTE FUNCTION refuse_cancellation_take_back();
create policy insurer_wall on cancellation_take_back for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table cancellation_take_back enable row level security;
grant select on cancellation_take_back to todoke_console;

create table certificate (
  issuance_id integer not null,
  chunk_no integer not null,
  certificate_number bigint not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  issued_on date not null,
  valid_through date not null,
  mailpiece_number bigint not null,
  "position" smallint not null,
  ratio smallint,
  ratio_from date,
  constraint certificate_pkey PRIMARY KEY (issuance_id, certificate_number),
  constraint certificate_issuance_id_mailpiece_number_position_key UNIQUE (issuance_id, mailpiece_number, "position"),
  constraint certificate_issuance_id_symbol_number_sub_number_key UNIQUE (issuance_id, symbol, number, sub_number),
  constraint certificate_check CHECK ((valid_through >= issued_on)),
  constraint certificate_position_check CHECK (("position" > 0)),
  constraint certificate_ratio_check CHECK ((ratio = ANY (ARRAY[2, 3]))),
  constraint ratio_has_its_day CHECK (((ratio IS NULL) = (ratio_from IS NULL)))
) partition by LIST (issuance_id);
comment on table certificate is 'Certificates (資格確認書). Each lies in exactly one mailpiece: the column is not null, and a certificate is one row.';
comment on column certificate.ratio is 'Tenths of the cost on the face, from 70 on where no 高齢受給者証 says it; null = none stands there.';
comment on column certificate.ratio_from is '発効期日 of the ratio on the face; null where there is none.';
CREATE TRIGGER closed_chunk AFTER INSERT ON todoke.certificate REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_closed_chunk();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.certificate FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on certificate for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = certificate.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table certificate enable row level security;
grant select on certificate to todoke_console;

create table chain_head (
  insurer_number text not null,
  seq bigint not null,
  hash text not null,
  constraint chain_head_pkey PRIMARY KEY (insurer_number)
);
comment on table chain_head is 'The last event of each insurer''s chain. Appending an event locks its row, so that the chain has one order.';
create policy insurer_wall on chain_head for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table chain_head enable row level security;
grant insert, select, update on chain_head to todoke_console;

create table chunk (
  issuance_id integer not null,
  no integer not null,
  first_symbol text collate "C" not null,
  first_rank bigint not null,
  first_number text collate "C" not null,
  last_symbol text collate "C" not null,
  last_rank bigint not null,
  last_number text collate "C" not null,
  members_before integer not null,
  household_count integer not null,
  member_count integer not null,
  decided_at timestamp with time zone,
  target_count integer,
  not_target_count integer,
  enclosed_at timestamp with time zone,
  certificate_count integer,
  exit_count integer,
  mailpiece_count integer,
  constraint chunk_pkey PRIMARY KEY (issuance_id, no),
  constraint balance_members_decided CHECK (((decided_at IS NULL) OR COALESCE(((target_count + not_target_count) = member_count), false))),
  constraint balance_targets_certificates CHECK (((enclosed_at IS NULL) OR COALESCE(((certificate_count + exit_count) = target_count), false))),
  constraint chunk_check CHECK ((member_count >= household_count)),
  constraint chunk_check1 CHECK (((enclosed_at IS NULL) OR (decided_at IS NOT NULL))),
  constraint chunk_check2 CHECK (((enclosed_at IS NULL) OR COALESCE((mailpiece_count <= certificate_count), false))),
  constraint chunk_household_count_check CHECK ((household_count > 0)),
  constraint chunk_members_before_check CHECK ((members_before >= 0)),
  constraint chunk_no_check CHECK ((no > 0)),
  constraint chunk_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table chunk is 'A run of whole households in key order: the unit of work that is done in one transaction and may be done again.';
comment on column chunk.members_before is 'Members of the file before this chunk: the n-th member of the whole issuance has ordinal n, from 1.';
comment on column chunk.certificate_count is 'Papers of persons, of either kind.';
CREATE TRIGGER close_chunk BEFORE UPDATE ON todoke.chunk FOR EACH ROW EXECUTE FUNCTION close_chunk();
CREATE TRIGGER frozen BEFORE DELETE ON todoke.chunk FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on chunk for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table chunk enable row level security;
grant select on chunk to todoke_console;

create table chunk_reason (
  issuance_id integer not null,
  chunk_no integer not null,
  is_target boolean not null,
  reason text not null,
  count integer not null,
  constraint chunk_reason_pkey PRIMARY KEY (issuance_id, chunk_no, is_target, reason),
  constraint chunk_reason_count_check CHECK ((count > 0)),
  constraint chunk_reason_issuance_id_chunk_no_fkey FOREIGN KEY (issuance_id, chunk_no) REFERENCES chunk(issuance_id, no)
);
comment on table chunk_reason is 'Decisions of a closed chunk, counted by reason.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.chunk_reason FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on chunk_reason for all to todoke_console
  using ((( SELECT sees_all() AS sees_all) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND (issuance_id IN ( SELECT issuance.id
   FROM issuance))));
alter table chunk_reason enable row level security;
grant select on chunk_reason to todoke_console;

create table dataset (
  id integer not null generated always as identity,
  insurer_number text not null,
  kind text not null,
  sha256 text not null,
  reading text not null,
  as_of date,
  through_on date,
  file_name text not null,
  encoding text not null,
  row_count integer not null,
  rejected_count integer not null,
  override_by text,
  override_reason text,
  imported_at timestamp with time zone not null default now(),
  imported_by text not null,
  key_shapes jsonb,
  fitted_from integer,
  fitted_to integer,
  fitted_count integer,
  constraint dataset_pkey PRIMARY KEY (id),
  constraint dataset_insurer_number_kind_sha256_reading_as_of_key UNIQUE NULLS NOT DISTINCT (insurer_number, kind, sha256, reading, as_of),
  constraint fitted_once UNIQUE (fitted_from, fitted_to),
  constraint dataset_check CHECK (((kind = 'enrolment'::text) = (as_of IS NOT NULL))),
  constraint dataset_fitted_count_check CHECK ((fitted_count > 0)),
  constraint dataset_kind_check CHECK ((kind = ANY (ARRAY['members'::text, 'workplaces'::text, 'enrolment'::text, 'ratios'::text]))),
  constraint dataset_rejected_count_check CHECK ((rejected_count >= 0)),
  constraint dataset_row_count_check CHECK ((row_count >= 0)),
  constraint dataset_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint fitted_is_whole CHECK ((num_nulls(fitted_from, fitted_to, fitted_count) = ANY (ARRAY[0, 3]))),
  constraint override_has_its_reason CHECK (((override_by IS NULL) = (override_reason IS NULL))),
  constraint dataset_fitted_from_fkey FOREIGN KEY (fitted_from) REFERENCES dataset(id),
  constraint dataset_fitted_to_fkey FOREIGN KEY (fitted_to) REFERENCES dataset(id),
  constraint dataset_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table dataset is 'One stored input file.';
comment on column dataset.sha256 is 'Content hash of the file.';
comment on column dataset.reading is 'How the file was read (column map, forced encoding), since that decides the rows.';
comment on column dataset.as_of is 'The day an enrolment snapshot was taken; null for all other kinds.';
comment on column dataset.through_on is 'Of members: the newest day of joining or decision its rows speak of.';
comment on column dataset.override_by is 'The person who let in a file older than the one in use; null where none had to.';
comment on column dataset.key_shapes is 'How the keys are written (KeyShapes of rules/intake/join-keys).';
comment on column dataset.fitted_from is 'The file whose rows these are, under the members'' spelling of their keys: for joins of equal keys, never shown as a file.';
comment on column dataset.fitted_to is 'The members file whose spelling it is.';
comment on column dataset.fitted_count is 'Rows (of workplaces: symbols of members) that join in canonical form only.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.dataset FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER older BEFORE INSERT ON todoke.dataset FOR EACH ROW EXECUTE FUNCTION refuse_older_dataset();
CREATE TRIGGER taken_up AFTER INSERT ON todoke.dataset FOR EACH ROW WHEN ((new.fitted_from IS NULL)) EXECUTE FUNCTION use_new_dataset();
create policy insurer_wall on dataset for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table dataset enable row level security;
grant select on dataset to todoke_console;

create table dataset_use (
  id integer not null generated always as identity,
  insurer_number text not null,
  kind text not null,
  dataset_id integer not null,
  at timestamp with time zone not null default now(),
  by text not null,
  person text,
  reason text,
  constraint dataset_use_pkey PRIMARY KEY (id),
  constraint going_back_has_its_reason CHECK (((person IS NULL) = (reason IS NULL))),
  constraint dataset_use_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES dataset(id),
  constraint dataset_use_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table dataset_use is 'Which file of a kind is in use: the newest row says it.';
comment on column dataset_use.by is 'Login of the user.';
comment on column dataset_use.person is 'Person who decided to take up an earlier file again; null = it was taken in.';
CREATE INDEX dataset_use_newest ON todoke.dataset_use USING btree (insurer_number, kind, id DESC);
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.dataset_use FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on dataset_use for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table dataset_use enable row level security;
grant select on dataset_use to todoke_console;

create table decision (
  issuance_id integer not null,
  chunk_no integer not null,
  ordinal integer not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as ((number)::bigint) stored,
  is_target boolean not null,
  reason text not null,
  facts json not null,
  constraint decision_pkey PRIMARY KEY (issuance_id, symbol, number_rank, number, sub_number),
  constraint decision_ordinal_check CHECK ((ordinal > 0)),
  constraint reasons_partition CHECK (
CASE
    WHEN is_target THEN (reason = ANY (ARRAY['special-care'::text, 'unlinked'::text, 'card-returned'::text, 'no-card'::text, 'deregistered'::text, 'unregistered'::text, 'certificate-expired'::text, 'no-status'::text, 'member'::text, 'joined-since'::text, 'symbol-changed'::text, 'number-changed'::text, 'ratio-changed'::text, 'details-changed'::text, 'held-before'::text]))
    ELSE (reason = ANY (ARRAY['lost'::text, 'not-yet'::text, 'day-labourer'::text, 'after-cutoff'::text, 'no-legacy-card'::text, 'withdrawn'::text, 'holds-certificate'::text, 'on-the-way'::text, 'waiting'::text, 'verifiable'::text, 'already-noticed'::text, 'earlier-unsent'::text]))
END)
) partition by LIST (issuance_id);
comment on table decision is 'Why each member does or does not receive a paper, with the facts the rule saw.';
comment on column decision.facts is 'What is null, false or ordinary is left out. (json, not jsonb: half the cost of a copy.)';
CREATE TRIGGER closed_chunk AFTER INSERT ON todoke.decision REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_closed_chunk();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.decision FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on decision for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = decision.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table decision enable row level security;
grant select on decision to todoke_console;

create table digits_access (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default clock_timestamp(),
  actor text not null,
  purpose text not null,
  reason text not null,
  insurer_number text not null,
  dataset_id integer not null,
  issuance_id integer,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  constraint digits_access_pkey PRIMARY KEY (id),
  constraint digits_access_actor_check CHECK ((actor <> ''::text)),
  constraint digits_access_check CHECK (((purpose <> 'person'::text) OR (reason <> ''::text))),
  constraint digits_access_purpose_check CHECK ((purpose = ANY (ARRAY['print'::text, 'reference'::text, 'proof'::text, 'person'::text]))),
  constraint digits_access_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES dataset(id),
  constraint digits_access_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number),
  constraint digits_access_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table digits_access is 'Every use of the last four digits of somebody''s individual number, one row a person, written in the transaction that reads them.';
comment on column digits_access.purpose is 'Where they are shown: on paper (print, reference, proof) or to a person.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.digits_access FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table digits_erasure (
  dataset_id integer not null,
  insurer_number text not null,
  ended_on date not null,
  months integer not null,
  erased_on date not null,
  digits_count bigint not null,
  actor text not null,
  recorded_at timestamp with time zone not null default now(),
  constraint digits_erasure_pkey PRIMARY KEY (dataset_id),
  constraint digits_erasure_months_check CHECK ((months > 0)),
  constraint past_digits_retention CHECK ((erased_on > ((ended_on + make_interval(months => months)))::date)),
  constraint digits_erasure_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES dataset(id),
  constraint digits_erasure_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table digits_erasure is 'Last four digits of individual numbers that were erased, a file of members at a time.';
comment on column digits_erasure.ended_on is 'The last day on which they were needed: of the last round that printed them, or of the import.';
comment on column digits_erasure.digits_count is 'How many there were, as the database counted.';
CREATE TRIGGER erase_digits BEFORE INSERT ON todoke.digits_erasure FOR EACH ROW EXECUTE FUNCTION erase_digits();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.digits_erasure FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on digits_erasure for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table digits_erasure enable row level security;
grant select on digits_erasure to todoke_console;

create table enclosed_count (
  issuance_id integer not null,
  branch_code text collate "C" not null,
  certificates integer not null,
  mailpieces integer not null,
  constraint enclosed_count_pkey PRIMARY KEY (issuance_id, branch_code),
  constraint enclosed_count_certificates_check CHECK ((certificates >= 0)),
  constraint enclosed_count_mailpieces_check CHECK ((mailpieces > 0)),
  constraint enclosed_count_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table enclosed_count is 'Papers and pieces of an issuance by branch, counted once: a branch''s page is sums too.';
comment on column enclosed_count.branch_code is ''''' = of no branch.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.enclosed_count FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on enclosed_count for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND (( SELECT wall('workplace'::text) AS wall) IS NULL) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (branch_code = ( SELECT wall('branch'::text) AS wall))
END));
alter table enclosed_count enable row level security;
grant select on enclosed_count to todoke_console;

create table enrolment (
  dataset_id integer not null,
  line integer not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as ((number)::bigint) stored,
  card text not null,
  registration text not null,
  registered_on date,
  deregistered_on date,
  digital_certificate_expires_on date,
  card_returned_on date,
  linked boolean not null,
  constraint enrolment_pkey PRIMARY KEY (dataset_id, symbol, number_rank, number, sub_number),
  constraint enrolment_card_check CHECK ((card = ANY (ARRAY['held'::text, 'none'::text, 'returned'::text]))),
  constraint enrolment_line_check CHECK ((line > 0)),
  constraint enrolment_registration_check CHECK ((registration = ANY (ARRAY['registered'::text, 'unregistered'::text, 'deregistered'::text])))
) partition by LIST (dataset_id);
comment on table enrolment is 'Rows of an enrolment snapshot: whether a member holds an individual number card, and whether it is registered for use as a health insurance card (利用登録).';
comment on column enrolment.line is 'Line of the file as the clerk sees it.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.enrolment FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on enrolment for all to todoke_console
  using (((dataset_id IN ( SELECT dataset.id
   FROM dataset)) AND (( SELECT wall('role'::text) AS wall) IS DISTINCT FROM 'contractor'::text) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = enrolment.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table enrolment enable row level security;
grant select on enrolment to todoke_console;

create table enrolment_count (
  dataset_id integer not null,
  workplaces_id integer,
  people integer not null,
  registered integer not null,
  linked integer not null,
  constraint enrolment_count_pkey PRIMARY KEY (dataset_id),
  constraint enrolment_count_check CHECK (((registered >= 0) AND (registered <= people))),
  constraint enrolment_count_check1 CHECK (((linked >= 0) AND (linked <= people))),
  constraint enrolment_count_people_check CHECK ((people >= 0)),
  constraint enrolment_count_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES dataset(id),
  constraint enrolment_count_workplaces_id_fkey FOREIGN KEY (workplaces_id) REFERENCES dataset(id)
);
comment on table enrolment_count is 'Enrolment files that have been counted.';
comment on column enrolment_count.workplaces_id is 'By whose branches; null where there was no such file yet.';
create policy insurer_wall on enrolment_count for all to todoke_console
  using (((dataset_id IN ( SELECT dataset.id
   FROM dataset)) AND ( SELECT sees_all() AS sees_all) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text]))));
alter table enrolment_count enable row level security;
grant select on enrolment_count to todoke_console;

create table enrolment_group (
  dataset_id integer not null,
  level text not null,
  code text collate "C" not null,
  people integer not null,
  registered integer not null,
  is_cover boolean not null default false,
  constraint enrolment_group_pkey PRIMARY KEY (dataset_id, level, code),
  constraint enrolment_group_check CHECK (((registered >= 0) AND (registered <= people))),
  constraint enrolment_group_level_check CHECK ((level = ANY (ARRAY['branch'::text, 'workplace'::text]))),
  constraint enrolment_group_people_check CHECK ((people > 0)),
  constraint enrolment_group_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES enrolment_count(dataset_id) ON DELETE CASCADE
);
comment on table enrolment_group is 'People of an enrolment file by branch and by workplace.';
comment on column enrolment_group.code is 'Code of a branch ('''' = of none), or symbol of a workplace.';
comment on column enrolment_group.is_cover is 'Whether the group is left out so that a small one cannot be worked out from the sum.';
create policy people_wall on enrolment_group for all to todoke_console
  using (((dataset_id IN ( SELECT dataset.id
   FROM dataset)) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND
CASE
    WHEN ( SELECT sees_all() AS sees_all) THEN true
    WHEN (level = 'branch'::text) THEN (code = ( SELECT wall('branch'::text) AS wall))
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = enrolment_group.code))) IS TRUE)
END));
alter table enrolment_group enable row level security;
grant select on enrolment_group to todoke_console;

create table enrolment_join (
  issuance_id integer not null,
  row_count bigint not null,
  matched_count bigint not null,
  nobodys_count bigint not null,
  constraint enrolment_join_pkey PRIMARY KEY (issuance_id),
  constraint balance_enrolment_rows CHECK ((row_count = (matched_count + nobodys_count))),
  constraint enrolment_join_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table enrolment_join is 'Whose the rows of an issuance''s enrolment file are; counted by the database itself.';
comment on column enrolment_join.matched_count is 'Rows of members who were decided about.';
CREATE TRIGGER counted BEFORE INSERT ON todoke.enrolment_join FOR EACH ROW EXECUTE FUNCTION count_enrolment_join();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.enrolment_join FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table erasure (
  id integer not null generated always as identity,
  insurer_number text not null,
  issuance_id integer,
  dataset_id integer,
  ended_on date not null,
  years integer not null,
  erased_on date not null,
  row_count bigint not null,
  target_count integer,
  not_target_count integer,
  paper_count integer,
  exit_count integer,
  mailpiece_count integer,
  books jsonb,
  actor text not null,
  recorded_at timestamp with time zone not null default now(),
  constraint erasure_pkey PRIMARY KEY (id),
  constraint erasure_dataset_id_key UNIQUE (dataset_id),
  constraint erasure_issuance_id_key UNIQUE (issuance_id),
  constraint balance_erased_members CHECK (((issuance_id IS NULL) OR COALESCE(((target_count + not_target_count) = row_count), false))),
  constraint balance_erased_targets CHECK (((issuance_id IS NULL) OR COALESCE(((paper_count + exit_count) = target_count), false))),
  constraint books_balance CHECK (((issuance_id IS NULL) OR COALESCE(((books ->> 'balanced'::text))::boolean, false))),
  constraint books_of_an_issuance CHECK (((issuance_id IS NULL) = (books IS NULL))),
  constraint erasure_years_check CHECK ((years > 0)),
  constraint of_one_thing CHECK (((issuance_id IS NULL) <> (dataset_id IS NULL))),
  constraint past_retention CHECK ((erased_on > ((ended_on + make_interval(years => years)))::date)),
  constraint erasure_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES dataset(id),
  constraint erasure_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number),
  constraint erasure_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table erasure is 'Personal data past its retention, erased: an issuance or an input file at a time.';
comment on column erasure.ended_on is 'The last day on which something of it was in use.';
comment on column erasure.books is 'Of an issuance: the whole reconciliation of that moment.';
CREATE TRIGGER count_erased BEFORE INSERT ON todoke.erasure FOR EACH ROW EXECUTE FUNCTION count_erased();
CREATE TRIGGER erase AFTER INSERT ON todoke.erasure FOR EACH ROW EXECUTE FUNCTION erase();
CREATE TRIGGER erase_figures AFTER INSERT ON todoke.erasure FOR EACH ROW EXECUTE FUNCTION erase_figures();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.erasure FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE CONSTRAINT TRIGGER nothing_left AFTER INSERT ON todoke.erasure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_remains();
create policy insurer_wall on erasure for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table erasure enable row level security;
grant select on erasure to todoke_console;

create table event (
  insurer_number text not null,
  seq bigint not null,
  issuance_id integer not null,
  subject text not null,
  paper_number bigint not null,
  event text not null,
  from_state text not null,
  to_state text not null,
  at timestamp with time zone not null default clock_timestamp(),
  actor text not null,
  reason text not null,
  source text not null,
  key text not null,
  hash text not null,
  happened_on date,
  constraint event_pkey PRIMARY KEY (insurer_number, seq),
  constraint event_insurer_number_key_key UNIQUE (insurer_number, key),
  constraint event_seq_check CHECK ((seq > 0)),
  constraint event_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table event is 'What has happened to papers. Only added to; states, number and hash are filled in by append_event().';
comment on column event.seq is 'Place in the insurer''s chain, from 1 without a gap.';
comment on column event.source is 'File and line it came from, or ''''.';
comment on column event.key is 'Doing it again is the same event: unique for the insurer.';
comment on column event.hash is 'Hash of this row and of the hash before it (event_hash).';
comment on column event.happened_on is 'The day it happened, where that is another day than when it was recorded.';
CREATE INDEX event_paper ON todoke.event USING btree (paper_number, seq);
CREATE INDEX event_reissue ON todoke.event USING btree (insurer_number, seq) WHERE (event = 'reissue'::text);
CREATE TRIGGER append_event BEFORE INSERT ON todoke.event FOR EACH ROW EXECUTE FUNCTION append_event();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER owed AFTER INSERT ON todoke.event FOR EACH ROW WHEN ((new.event = 'waive'::text)) EXECUTE FUNCTION refuse_waiver();
CREATE TRIGGER released AFTER INSERT ON todoke.event FOR EACH ROW WHEN (((new.event = 'post'::text) AND (new.subject = 'mailpiece'::text))) EXECUTE FUNCTION refuse_unapproved_posting();
CREATE TRIGGER tally_events AFTER INSERT ON todoke.event REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tally_events();
create policy insurer_wall on event for all to todoke_console
  using (((insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (((( SELECT wall('branch'::text) AS wall) IS NULL) AND (( SELECT wall('workplace'::text) AS wall) IS NULL)) OR ((subject = 'mailpiece'::text) AND (EXISTS ( SELECT
   FROM mailpiece p
  WHERE ((p.issuance_id = event.issuance_id) AND (p.mailpiece_number = event.paper_number))))) OR ((subject = 'certificate'::text) AND (EXISTS ( SELECT
   FROM certificate c
  WHERE ((c.issuance_id = event.issuance_id) AND (c.certificate_number = event.paper_number))))))));
alter table event enable row level security;
grant insert, select on event to todoke_console;

create table filing (
  insurer_number text not null,
  kind text not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  effective_on date not null,
  arrived_on date not null,
  processed_on date not null,
  is_late boolean not null,
  legacy_card text not null,
  legacy_duty text not null,
  certificate text not null,
  reason text not null,
  source text not null,
  actor text not null,
  recorded_at timestamp with time zone not null default now(),
  cause text not null default 'unsaid'::text,
  constraint filing_pkey PRIMARY KEY (insurer_number, symbol, number, sub_number, kind, effective_on),
  constraint filing_cause_check CHECK ((cause = ANY (ARRAY['unsaid'::text, 'retired'::text, 'died'::text, 'reached-75'::text, 'disability'::text, 'other'::text]))),
  constraint filing_certificate_check CHECK ((certificate = ANY (ARRAY['attached'::text, 'unrecoverable'::text, 'none'::text, 'unsaid'::text]))),
  constraint filing_check CHECK ((processed_on >= arrived_on)),
  constraint filing_kind_check CHECK ((kind = ANY (ARRAY['loss'::text, 'dependent-loss'::text, 'name-change'::text]))),
  constraint filing_legacy_card_check CHECK ((legacy_card = ANY (ARRAY['attached'::text, 'unrecoverable'::text, 'none'::text, 'unsaid'::text]))),
  constraint filing_legacy_duty_check CHECK ((legacy_duty = ANY (ARRAY['return-through-workplace'::text, 'return-to-insurer'::text, 'destroy-allowed'::text]))),
  constraint filing_sub_number_check CHECK ((length(sub_number) = 2)),
  constraint only_losses_are_late CHECK (((NOT is_late) OR (kind <> 'name-change'::text))),
  constraint what_cannot_come_back_has_a_reason CHECK (((reason <> ''::text) OR (('unrecoverable'::text <> legacy_card) AND ('unrecoverable'::text <> certificate)))),
  constraint filing_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table filing is 'Filings (届書) of loss and change, as they arrived.';
comment on column filing.effective_on is 'Of a loss the first day without cover.';
comment on column filing.is_late is 'As the rules said on the day it was processed.';
comment on column filing.legacy_duty is 'The duty of the old card, as the rules said on the day it was processed.';
comment on column filing.reason is 'Why a paper cannot come back.';
comment on column filing.cause is '喪失原因 as filed; `unsaid` = not said.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.filing FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on filing for all to todoke_console
  using (((insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = filing.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table filing enable row level security;
grant select on filing to todoke_console;

create table function_source (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint function_source_pkey PRIMARY KEY (name)
);

create table held_piece (
  issuance_id integer not null,
  batch_no integer not null,
  mailpiece_number bigint not null,
  reason text not null,
  sub_number text not null,
  field text not null,
  code_point text not null,
  constraint held_piece_pkey PRIMARY KEY (issuance_id, mailpiece_number, reason, sub_number, field, code_point),
  constraint held_piece_reason_check CHECK ((reason = ANY (ARRAY['address-missing'::text, 'workplace-unknown'::text, 'missing-character'::text, 'does-not-fit'::text, 'name-unreadable'::text, 'address-none'::text, 'address-unreadable'::text, 'insured-person-missing'::text, 'optional-entries-unknown'::text, 'former-name-unplaced'::text]))),
  constraint held_piece_issuance_id_batch_no_fkey FOREIGN KEY (issuance_id, batch_no) REFERENCES print_batch(issuance_id, no)
);
comment on table held_piece is 'Pieces that print stopped for staff; a piece may have several reasons.';
comment on column held_piece.sub_number is 'Whose paper it is about.';
comment on column held_piece.code_point is 'Of a character no font has: its code point. Never the value itself.';
CREATE TRIGGER closed_batch AFTER INSERT ON todoke.held_piece REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_printed_batch();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.held_piece FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on held_piece for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table held_piece enable row level security;
grant select on held_piece to todoke_console;

create table import_confirmation (
  proposal_id integer not null,
  version integer not null,
  person text not null,
  person_key text not null,
  reason text,
  actor text not null,
  at timestamp with time zone not null default now(),
  constraint import_confirmation_pkey PRIMARY KEY (proposal_id, version, person_key),
  constraint import_confirmation_person_check CHECK ((person <> ''::text)),
  constraint import_confirmation_reason_check CHECK ((reason <> ''::text)),
  constraint import_confirmation_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES import_proposal(id) ON DELETE CASCADE
);
comment on table import_confirmation is 'Persons who confirmed a version of a proposal, each once.';
comment on column import_confirmation.person_key is 'The name without spaces and width: two spellings of one name are one person.';
CREATE TRIGGER frozen BEFORE UPDATE ON todoke.import_confirmation FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy headquarters_wall on import_confirmation for all to todoke_console
  using ((proposal_id IN ( SELECT import_proposal.id
   FROM import_proposal)));
alter table import_confirmation enable row level security;
grant select on import_confirmation to todoke_console;

create table import_proposal (
  id integer not null generated always as identity,
  insurer_number text not null,
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  files jsonb not null,
  skip_invalid boolean not null,
  state text not null default 'checking'::text,
  version integer not null default 0,
  persons smallint,
  needs_reason boolean,
  base jsonb,
  report jsonb,
  worked_out_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_by text,
  end_reason text,
  constraint import_proposal_pkey PRIMARY KEY (id),
  constraint ended_with_its_person CHECK ((((state = ANY (ARRAY['taken-in'::text, 'rejected'::text, 'unchanged'::text])) = (ended_at IS NOT NULL)) AND ((ended_at IS NULL) = (ended_by IS NULL)))),
  constraint import_proposal_persons_check CHECK ((persons = ANY (ARRAY[1, 2]))),
  constraint import_proposal_state_check CHECK ((state = ANY (ARRAY['checking'::text, 'open'::text, 'taking-in'::text, 'taken-in'::text, 'rejected'::text, 'unchanged'::text]))),
  constraint looked_at_when_worked_out CHECK (((state = 'checking'::text) OR (state = 'rejected'::text) OR (report IS NOT NULL))),
  constraint worked_out_as_a_whole CHECK ((num_nulls(persons, needs_reason, base, report, worked_out_at) = ANY (ARRAY[0, 5]))),
  constraint import_proposal_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table import_proposal is 'Files brought to the console together, what taking them in would change, and what became of them.';
comment on column import_proposal.files is 'Uploads with their kinds, reference dates and stated numbers of rows.';
comment on column import_proposal.version is 'How often it was worked out: a confirmation is of one version.';
comment on column import_proposal.persons is 'Persons who have to confirm: two where a file stops.';
comment on column import_proposal.needs_reason is 'Whoever confirms has to say why: a file stops, or an earlier file comes into use again.';
comment on column import_proposal.base is 'Files that were in use when it was worked out, by kind; others since then = it has to be worked out again.';
comment on column import_proposal.report is 'What would change; persons are named by their keys alone.';
comment on column import_proposal.ended_by is 'Login of the user.';
CREATE INDEX import_proposal_insurer ON todoke.import_proposal USING btree (insurer_number, id DESC);
CREATE TRIGGER confirmed BEFORE UPDATE ON todoke.import_proposal FOR EACH ROW WHEN ((new.state = ANY (ARRAY['taking-in'::text, 'taken-in'::text]))) EXECUTE FUNCTION refuse_unconfirmed_import();
create policy headquarters_wall on import_proposal for all to todoke_console
  using (((insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (( SELECT wall('role'::text) AS wall) = 'headquarters'::text)));
alter table import_proposal enable row level security;
grant select on import_proposal to todoke_console;

create table insurer (
  insurer_number text not null,
  name text not null,
  constraint insurer_pkey PRIMARY KEY (insurer_number),
  constraint insurer_insurer_number_check CHECK ((insurer_number ~ '^([0-9]{6}|[0-9]{8})$'::text))
);
comment on table insurer is 'Insurers (保険者) whose papers this database holds.';
create policy insurer_wall on insurer for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table insurer enable row level security;
grant select on insurer to todoke_console;

create table issuance (
  id integer not null generated always as identity,
  insurer_number text not null,
  profile_id text not null,
  name text not null,
  paper_kind text not null default 'certificate'::text,
  members_id integer not null,
  workplaces_id integer not null,
  enrolment_id integer not null,
  ratios_id integer,
  reference_on date not null,
  issued_on date not null,
  rules jsonb not null,
  rules_sha256 text not null,
  member_count integer not null,
  parent_id integer,
  remake text,
  plan text not null,
  round integer not null,
  remake_no integer,
  is_requested boolean not null,
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  constraint issuance_pkey PRIMARY KEY (id),
  constraint issuance_id_check CHECK (((id >= 1) AND (id <= 9999))),
  constraint issuance_member_count_check CHECK ((member_count >= 0)),
  constraint issuance_paper_kind_check CHECK ((paper_kind = ANY (ARRAY['certificate'::text, 'notice'::text]))),
  constraint issuance_remake_check CHECK ((remake = ANY (ARRAY['reroute'::text, 'reprint'::text, 'rehome'::text, 'reissue'::text, 'release'::text, 'send-home'::text]))),
  constraint issuance_remake_no_check CHECK ((remake_no > 0)),
  constraint issuance_round_check CHECK ((round > 0)),
  constraint name_says_lineage CHECK (((parent_id IS NOT NULL) OR (name = (plan ||
CASE
    WHEN (round = 1) THEN ''::text
    ELSE ('-'::text || round)
END)))),
  constraint remake_has_parent CHECK ((((parent_id IS NULL) = (remake IS NULL)) AND ((remake IS NULL) = (remake_no IS NULL)))),
  constraint issuance_enrolment_id_fkey FOREIGN KEY (enrolment_id) REFERENCES dataset(id),
  constraint issuance_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number),
  constraint issuance_members_id_fkey FOREIGN KEY (members_id) REFERENCES dataset(id),
  constraint issuance_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES issuance(id),
  constraint issuance_ratios_id_fkey FOREIGN KEY (ratios_id) REFERENCES dataset(id),
  constraint issuance_workplaces_id_fkey FOREIGN KEY (workplaces_id) REFERENCES dataset(id)
);
comment on table issuance is 'One run of an issuance of the profile over its input files.';
comment on column issuance.id is 'Four digits of every paper number.';
comment on column issuance.ratios_id is 'The file of burden ratios; a run may have none.';
comment on column issuance.rules is 'Everything that decides about people and envelopes, frozen; the same rules over the same files are the same run.';
comment on column issuance.parent_id is 'The issuance whose pieces are made again here; the members of this one are only those whose papers are made again.';
comment on column issuance.remake is 'Why they are made again: returned and through the employer, spoiled, left the workplace, asked for, or held and set right.';
comment on column issuance.plan is 'Which issuance of the profile it is made of, itself or by its parents.';
comment on column issuance.round is 'Which making of the plan, from 1; the parent''s where pieces are made again.';
comment on column issuance.remake_no is 'Which remake of its kind of the parent, from 1.';
comment on column issuance.is_requested is 'It, or a parent, is made because somebody asked for a certificate again (reissue).';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.issuance FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on issuance for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table issuance enable row level security;
grant select on issuance to todoke_console;

create table issuance_postal (
  issuance_id integer not null,
  edition_id integer,
  constraint issuance_postal_pkey PRIMARY KEY (issuance_id),
  constraint issuance_postal_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES postal_edition(id),
  constraint issuance_postal_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table issuance_postal is 'The edition of the postal data an issuance is printed with; null = there was none.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.issuance_postal FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on issuance_postal for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table issuance_postal enable row level security;
grant select on issuance_postal to todoke_console;

create table job (
  id uuid not null,
  insurer_number text not null,
  kind text not null,
  issuance_id integer,
  input jsonb not null,
  actor text not null,
  override_of uuid,
  state text not null default 'waiting'::text,
  stop_asked boolean not null default false,
  step text not null default ''::text,
  done bigint not null default 0,
  total bigint not null default 0,
  unit text not null default ''::text,
  message text not null default ''::text,
  outcome jsonb,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint job_pkey PRIMARY KEY (id),
  constraint job_override_of_key UNIQUE (override_of),
  constraint job_check CHECK (((state = ANY (ARRAY['done'::text, 'stopped'::text, 'failed'::text])) = (ended_at IS NOT NULL))),
  constraint job_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'stopped'::text, 'failed'::text]))),
  constraint job_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number),
  constraint job_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id),
  constraint job_override_of_fkey FOREIGN KEY (override_of) REFERENCES job(id)
);
comment on table job is 'Work that outlives a request: what it is, how far, how it ended. The queue only says which process does it.';
comment on column job.override_of is 'A job that was refused unless a named person says otherwise; this one is asked for by that person in its place, once.';
comment on column job.message is 'What came of it, in words for staff.';
comment on column job.outcome is 'What came of it, as data for the page.';
CREATE INDEX job_insurer ON todoke.job USING btree (insurer_number, created_at DESC);
create policy insurer_wall on job for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table job enable row level security;
grant select on job to todoke_console;

create table job_file (
  insurer_number text not null,
  kind text not null,
  sha256 text not null,
  issuance_id integer not null,
  file_name text not null,
  through_on date,
  row_count integer not null,
  refused_count integer not null,
  override_by text,
  override_reason text,
  taken_at timestamp with time zone not null default now(),
  actor text not null,
  constraint job_file_pkey PRIMARY KEY (insurer_number, kind, sha256),
  constraint job_file_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint job_file_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table job_file is 'Files that came in from others (results, lists): each is taken once, and none that is older than one taken before of its kind.';
comment on column job_file.through_on is 'The newest day the file speaks of.';
comment on column job_file.override_by is 'The person who let in an older file; null where none had to.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.job_file FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER older BEFORE INSERT ON todoke.job_file FOR EACH ROW EXECUTE FUNCTION refuse_older_file();
create policy insurer_wall on job_file for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table job_file enable row level security;
grant insert, select on job_file to todoke_console;

create table journal (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  insurer_number text,
  actor text not null,
  operation text not null,
  issuance_id integer,
  counts jsonb not null,
  constraint journal_pkey PRIMARY KEY (id),
  constraint journal_has_its_insurer CHECK (((insurer_number IS NOT NULL) OR (operation = 'import-postal'::text))),
  constraint journal_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number),
  constraint journal_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table journal is 'One line a transaction: person, time, operation, how much. The journal is an insurer''s, with or without an issuance.';
CREATE INDEX journal_actor ON todoke.journal USING btree (insurer_number, actor, id DESC);
CREATE INDEX journal_insurer ON todoke.journal USING btree (insurer_number, id DESC);
CREATE INDEX journal_operation ON todoke.journal USING btree (insurer_number, operation, id DESC);
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.journal FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on journal for select to todoke_console
  using ((((insurer_number = ( SELECT wall('insurer'::text) AS wall)) OR ((insurer_number IS NULL) AND (operation = 'import-postal'::text))) AND (( SELECT wall('role'::text) AS wall) = ANY (ARRAY['auditor'::text, 'administrator'::text]))));
create policy journal_insert on journal for insert to todoke_console
  with check ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table journal enable row level security;
grant insert, select on journal to todoke_console;

create table lifted_withdrawal (
  paper_number bigint not null,
  person text not null,
  reason text not null,
  actor text not null,
  at timestamp with time zone not null default now(),
  constraint lifted_withdrawal_pkey PRIMARY KEY (paper_number),
  constraint lifted_withdrawal_person_check CHECK ((person <> ''::text)),
  constraint lifted_withdrawal_reason_check CHECK ((reason <> ''::text)),
  constraint lifted_withdrawal_paper_number_fkey FOREIGN KEY (paper_number) REFERENCES withdrawal(paper_number)
);
comment on table lifted_withdrawal is 'Withdrawals that a person has lifted: they keep nobody out any more.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.lifted_withdrawal FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on lifted_withdrawal for all to todoke_console
  using ((paper_number IN ( SELECT withdrawal.paper_number
   FROM withdrawal)));
alter table lifted_withdrawal enable row level security;
grant insert, select on lifted_withdrawal to todoke_console;

create table lot (
  issuance_id integer not null,
  no smallint not null,
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
  closed_at timestamp with time zone,
  constraint lot_pkey PRIMARY KEY (issuance_id, no),
  constraint balance_lot_extracted CHECK (((closed_at IS NULL) OR COALESCE((extracted_count = (((held_count + withdrawn_count) + spoiled_count) + printed_count)), false))),
  constraint balance_lot_posted CHECK (((closed_at IS NULL) OR COALESCE(((printed_count = enclosed_count) AND (enclosed_count = posted_count)), false))),
  constraint balance_lot_remade CHECK (((closed_at IS NULL) OR COALESCE((spoiled_count = remade_count), false))),
  constraint lot_check CHECK ((post_from <= post_through)),
  constraint lot_no_check CHECK ((no > 0)),
  constraint lot_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table lot is 'Lots: the pieces of one wave, or of a whole issuance where the profile has no waves. A lot closes when nothing of it is missing.';
comment on column lot.name is '「第1波」, or '''' where the profile has no waves.';
comment on column lot.post_from is 'First day on which its pieces may be posted; null = no such day.';
comment on column lot.post_through is 'Last day on which its pieces may be posted; null = no such day.';
comment on column lot.by_branch is 'False = every piece of the issuance; true = the pieces of its rows in lot_share.';
CREATE TRIGGER close_lot BEFORE UPDATE ON todoke.lot FOR EACH ROW EXECUTE FUNCTION close_lot();
CREATE TRIGGER frozen BEFORE DELETE ON todoke.lot FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on lot for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table lot enable row level security;
grant select on lot to todoke_console;
grant update (closed_at) on lot to todoke_console;

create table lot_confirmation (
  issuance_id integer not null,
  lot_no smallint not null,
  step text not null,
  place smallint not null,
  person text not null,
  person_key text not null,
  at timestamp with time zone not null default clock_timestamp(),
  actor text not null,
  turn smallint not null default 1,
  counts jsonb,
  files_sha256 text,
  override_by text,
  override_reason text,
  constraint lot_confirmation_pkey PRIMARY KEY (issuance_id, lot_no, step, turn, place),
  constraint two_different_persons UNIQUE (issuance_id, lot_no, step, turn, person_key),
  constraint lot_confirmation_files_sha256_check CHECK ((files_sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint lot_confirmation_override_by_check CHECK ((override_by <> ''::text)),
  constraint lot_confirmation_override_reason_check CHECK ((override_reason <> ''::text)),
  constraint lot_confirmation_person_check CHECK ((person <> ''::text)),
  constraint lot_confirmation_person_key_check CHECK ((person_key <> ''::text)),
  constraint lot_confirmation_place_check CHECK ((place = ANY (ARRAY[1, 2]))),
  constraint lot_confirmation_step_check CHECK ((step = ANY (ARRAY['print'::text, 'post'::text, 'close'::text]))),
  constraint lot_confirmation_turn_check CHECK ((turn > 0)),
  constraint only_posting_is_overridden CHECK (((override_by IS NULL) OR (step = 'post'::text))),
  constraint override_has_its_reason CHECK (((override_by IS NULL) = (override_reason IS NULL))),
  constraint lot_confirmation_issuance_id_lot_no_fkey FOREIGN KEY (issuance_id, lot_no) REFERENCES lot(issuance_id, no)
);
comment on table lot_confirmation is 'Two different persons a step: two places, and one key a person. What is taken back begins another turn.';
comment on column lot_confirmation.person_key is 'The name with its spellings folded: two spellings of one name are one person.';
comment on column lot_confirmation.turn is 'One more than the step was taken back before; set by the database.';
comment on column lot_confirmation.counts is 'What was approved: the lot''s pieces as the database counted them then. Null = of an earlier release.';
comment on column lot_confirmation.files_sha256 is 'What was approved: one hash over the lot''s print files. Null = of an earlier release.';
comment on column lot_confirmation.override_by is 'The person who lets a lot go in which not all that was printed is enclosed; null where nobody had to.';
CREATE TRIGGER early BEFORE INSERT ON todoke.lot_confirmation FOR EACH ROW EXECUTE FUNCTION refuse_early_confirmation();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.lot_confirmation FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on lot_confirmation for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table lot_confirmation enable row level security;
grant insert, select on lot_confirmation to todoke_console;

create table lot_share (
  issuance_id integer not null,
  lot_no smallint not null,
  branch_code text collate "C" not null,
  first_mailpiece bigint not null,
  last_mailpiece bigint not null,
  constraint lot_share_pkey PRIMARY KEY (issuance_id, branch_code, first_mailpiece),
  constraint lot_share_check CHECK ((first_mailpiece <= last_mailpiece)),
  constraint lot_share_issuance_id_lot_no_fkey FOREIGN KEY (issuance_id, lot_no) REFERENCES lot(issuance_id, no)
);
comment on table lot_share is 'The run of a branch''s pieces (by number) that goes into a lot. Shares of one branch never overlap.';
comment on column lot_share.branch_code is ''''' = without a branch.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.lot_share FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on lot_share for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table lot_share enable row level security;
grant select on lot_share to todoke_console;

create table lot_take_back (
  issuance_id integer not null,
  lot_no smallint not null,
  step text not null,
  turn smallint not null,
  person text not null,
  reason text not null,
  actor text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint lot_take_back_pkey PRIMARY KEY (issuance_id, lot_no, step, turn),
  constraint lot_take_back_person_check CHECK ((person <> ''::text)),
  constraint lot_take_back_reason_check CHECK ((reason <> ''::text)),
  constraint lot_take_back_step_check CHECK ((step = ANY (ARRAY['print'::text, 'post'::text]))),
  constraint lot_take_back_turn_check CHECK ((turn > 0)),
  constraint lot_take_back_issuance_id_lot_no_fkey FOREIGN KEY (issuance_id, lot_no) REFERENCES lot(issuance_id, no)
);
comment on table lot_take_back is 'Confirmations of a step that a person has taken back: those of its turn count no more.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.lot_take_back FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refused BEFORE INSERT ON todoke.lot_take_back FOR EACH ROW EXECUTE FUNCTION refuse_take_back();
create policy insurer_wall on lot_take_back for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table lot_take_back enable row level security;
grant insert, select on lot_take_back to todoke_console;

create table mailpiece (
  issuance_id integer not null,
  chunk_no integer not null,
  mailpiece_number bigint not null,
  route text not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sequence smallint not null,
  sequence_count smallint not null,
  certificate_count smallint not null,
  addressee text not null,
  postal_code text,
  address_line text,
  building text,
  constraint mailpiece_pkey PRIMARY KEY (issuance_id, mailpiece_number),
  constraint mailpiece_issuance_id_symbol_number_sequence_key UNIQUE (issuance_id, symbol, number, sequence),
  constraint mailpiece_certificate_count_check CHECK ((certificate_count > 0)),
  constraint mailpiece_check CHECK ((sequence_count >= sequence)),
  constraint mailpiece_check1 CHECK ((((postal_code IS NULL) = (address_line IS NULL)) AND ((postal_code IS NULL) = (building IS NULL)))),
  constraint mailpiece_check2 CHECK (((route = 'home'::text) OR (address_line IS NULL))),
  constraint mailpiece_route_check CHECK ((route = ANY (ARRAY['home'::text, 'workplace'::text]))),
  constraint mailpiece_sequence_check CHECK ((sequence > 0))
) partition by LIST (issuance_id);
comment on table mailpiece is 'Mailpieces (郵便物): an envelope of a household, or one notice.';
comment on column mailpiece.certificate_count is 'Papers of persons inside; of a notice 1.';
CREATE TRIGGER closed_chunk AFTER INSERT ON todoke.mailpiece REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_closed_chunk();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.mailpiece FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on mailpiece for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = mailpiece.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table mailpiece enable row level security;
grant select on mailpiece to todoke_console;

create table member (
  dataset_id integer not null,
  line integer not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as ((number)::bigint) stored,
  name text not null,
  kana text not null,
  born_on date not null,
  sex text not null,
  relation text not null,
  acquired_on date not null,
  decided_on date,
  lost_on date,
  insured_class text not null,
  holds_legacy_card boolean not null,
  certificate_valid_through date,
  home_postal_code text,
  home_line text,
  home_building text,
  mail_postal_code text,
  mail_line text,
  mail_building text,
  mail_stopped boolean not null,
  has_optional_entries boolean not null,
  former_name text,
  shows_former_name boolean not null,
  sex_on_back boolean not null,
  special_care boolean not null,
  match_result text,
  sealed_digits bytea,
  address_key bigint,
  person_key bigint not null,
  given_class text,
  registered_name text,
  optional_content text,
  optional_from date,
  optional_through date,
  constraint member_pkey PRIMARY KEY (dataset_id, symbol, number_rank, number, sub_number),
  constraint member_given_class_check CHECK ((given_class = ANY (ARRAY['general'::text, 'voluntary-continuation'::text, 'special-retiree'::text, 'day-labourer'::text]))),
  constraint member_insured_class_check CHECK ((insured_class = ANY (ARRAY['general'::text, 'voluntary-continuation'::text, 'special-retiree'::text, 'day-labourer'::text]))),
  constraint member_line_check CHECK ((line > 0)),
  constraint member_relation_check CHECK ((relation = ANY (ARRAY['insured'::text, 'dependent'::text]))),
  constraint member_sealed_digits_check CHECK ((length(sealed_digits) = 32)),
  constraint member_sex_check CHECK ((sex = ANY (ARRAY['male'::text, 'female'::text]))),
  constraint member_sub_number_check CHECK ((length(sub_number) = 2)),
  constraint member_symbol_check CHECK (((length(symbol) >= 1) AND (length(symbol) <= 8))),
  constraint optional_days CHECK (((optional_content <> ''::text) OR ((optional_from IS NULL) AND (optional_through IS NULL))))
) partition by LIST (dataset_id);
comment on table member is 'Rows of 加入者.csv.';
comment on column member.line is 'Line of the file as the clerk sees it.';
comment on column member.number_rank is '番号 as a number: keys are in the order of numbers, not of their digits.';
comment on column member.name is 'Name as it is printed: 通称名 where one is in use.';
comment on column member.has_optional_entries is 'Nothing of it passes the employer: 任意記載, unless the applicant asked for that way, or at the person''s own request.';
comment on column member.sealed_digits is 'The last four digits of the individual number, sealed before they reach the database (AES-256-GCM: nonce 12, digits 4, tag 16 bytes).';
comment on column member.address_key is 'Hash of the folded home address: only to find rows that may belong together.';
comment on column member.person_key is 'Hash of folded kana, birth date and sex: only to find rows that may belong together.';
comment on column member.given_class is 'Class the row gave where it is not the insured person''s: `insured_class` is then that of the insured person. Null = the same.';
comment on column member.registered_name is '戸籍上の氏名, where `name` is a 通称名: it stands on the back.';
comment on column member.optional_content is '任意記載の内容 as it is printed; '''' = asked for, and the file does not say what: print holds it. Null = none asked for.';
comment on column member.optional_from is '発効年月日 of the optional entries.';
comment on column member.optional_through is '有効期限 of the optional entries, inclusive.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.member FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on member for all to todoke_console
  using (((dataset_id IN ( SELECT dataset.id
   FROM dataset)) AND (( SELECT wall('role'::text) AS wall) IS DISTINCT FROM 'contractor'::text) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = member.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table member enable row level security;
grant select on member to todoke_console;

create table migration (
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);

create table moved_member (
  issuance_id integer not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as ((number)::bigint) stored,
  changed_on date not null,
  constraint moved_member_pkey PRIMARY KEY (issuance_id, symbol, number_rank, number, sub_number),
  constraint moved_member_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table moved_member is 'Members who had a notice under another symbol before their workplace moved out of the branch''s area; found when a round opens.';
comment on column moved_member.changed_on is 'The first day the change can have been: 取得決定年月日 where it lies after the earlier round, else the day after that round.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.moved_member FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table notice (
  issuance_id integer not null,
  chunk_no integer not null,
  mailpiece_number bigint not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as ((number)::bigint) stored,
  match_class text not null,
  shows_digits boolean not null,
  request_form boolean not null,
  ratio smallint,
  ratio_from date,
  ratio_through date,
  constraint notice_pkey PRIMARY KEY (issuance_id, symbol, number_rank, number, sub_number),
  constraint notice_issuance_id_mailpiece_number_key UNIQUE (issuance_id, mailpiece_number),
  constraint digits_of_the_matched_alone CHECK (((NOT shows_digits) OR (match_class = ANY (ARRAY['agrees'::text, 'confirmed'::text, 'low-risk'::text])))),
  constraint digits_or_request_form CHECK ((NOT (shows_digits AND request_form))),
  constraint notice_check CHECK (((ratio_from IS NULL) = (ratio_through IS NULL))),
  constraint notice_match_class_check CHECK ((match_class = ANY (ARRAY['agrees'::text, 'confirmed'::text, 'low-risk'::text, 'unresolved'::text, 'not-submitted'::text]))),
  constraint notice_ratio_check CHECK ((ratio = ANY (ARRAY[2, 3])))
) partition by LIST (issuance_id);
comment on table notice is 'Notices (資格情報のお知らせ): each one person''s, in a mailpiece of its own.';
comment on column notice.shows_digits is 'Whether the last four digits of the individual number stand on it; the digits themselves are in no row but the member''s.';
comment on column notice.ratio is 'Tenths of the cost; null = 高齢受給者証 says it.';
CREATE TRIGGER closed_chunk AFTER INSERT ON todoke.notice REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_closed_chunk();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.notice FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on notice for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = notice.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table notice enable row level security;
grant select (issuance_id, chunk_no, mailpiece_number, symbol, number, sub_number, number_rank) on notice to todoke_console;

create table notice_parcel (
  issuance_id integer not null,
  no integer not null,
  insurer_number text not null,
  symbol text collate "C" not null,
  sequence smallint not null,
  sequence_count smallint not null,
  container text not null,
  notice_count smallint not null,
  weight_g integer not null,
  depth_mm integer not null,
  acceptance_number text,
  constraint notice_parcel_pkey PRIMARY KEY (issuance_id, no),
  constraint notice_parcel_insurer_number_acceptance_number_key UNIQUE (insurer_number, acceptance_number),
  constraint notice_parcel_issuance_id_symbol_sequence_key UNIQUE (issuance_id, symbol, sequence),
  constraint notice_parcel_acceptance_number_check CHECK (((acceptance_number ~ '^[56][0-9]{10}$'::text) AND ((("left"(acceptance_number, 10))::bigint % (7)::bigint) = ("right"(acceptance_number, 1))::bigint))),
  constraint notice_parcel_check CHECK ((sequence_count >= sequence)),
  constraint notice_parcel_container_check CHECK ((container = ANY (ARRAY['envelope'::text, 'box'::text]))),
  constraint notice_parcel_depth_mm_check CHECK ((depth_mm > 0)),
  constraint notice_parcel_no_check CHECK ((no > 0)),
  constraint notice_parcel_notice_count_check CHECK ((notice_count > 0)),
  constraint notice_parcel_sequence_check CHECK ((sequence > 0)),
  constraint notice_parcel_weight_g_check CHECK ((weight_g > 0)),
  constraint notice_parcel_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number),
  constraint notice_parcel_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table notice_parcel is 'Parcels of notices to workplaces, in order of symbol.';
comment on column notice_parcel.weight_g is 'An estimate.';
comment on column notice_parcel.depth_mm is 'An estimate.';
comment on column notice_parcel.acceptance_number is '引受番号 from the range the post office assigned; null = none is left, or none was assigned.';
CREATE TRIGGER closed_packing AFTER INSERT ON todoke.notice_parcel REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_packed_issuance();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.notice_parcel FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on notice_parcel for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = notice_parcel.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table notice_parcel enable row level security;
grant select on notice_parcel to todoke_console;

create table packing (
  issuance_id integer not null,
  notice_count integer,
  home_count integer,
  parcelled_count integer,
  parcel_count integer,
  constraint packing_pkey PRIMARY KEY (issuance_id),
  constraint balance_notices_parcels CHECK (COALESCE((notice_count = (parcelled_count + home_count)), false)),
  constraint packing_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table packing is 'One row closes the parcels of an issuance of notices; the counts are the database''s own.';
CREATE TRIGGER count_packing BEFORE INSERT ON todoke.packing FOR EACH ROW EXECUTE FUNCTION count_packing();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.packing FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table paper_state (
  paper_number bigint not null,
  issuance_id integer not null,
  subject text not null,
  state text not null,
  seq bigint not null,
  lot_no smallint,
  branch_code text collate "C",
  constraint paper_state_pkey PRIMARY KEY (paper_number)
);
comment on table paper_state is 'Present state of papers to which something has happened; written by append_event() alone. A paper without an event is where printing left it (first_state).';
comment on column paper_state.seq is 'The event that made the state.';
comment on column paper_state.lot_no is 'The lot a piece was printed or held in, 0 = none; null for certificates.';
comment on column paper_state.branch_code is 'The branch of the paper''s workplace, '''' = none.';
CREATE INDEX paper_state_branch ON todoke.paper_state USING btree (issuance_id, state, branch_code, seq) WHERE (subject = 'mailpiece'::text);
CREATE INDEX paper_state_issuance ON todoke.paper_state USING btree (issuance_id, subject, state, seq);
create policy insurer_wall on paper_state for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table paper_state enable row level security;
grant select on paper_state to todoke_console;

create table paper_tally (
  issuance_id integer not null,
  subject text not null,
  lot_no smallint not null,
  branch_code text collate "C" not null,
  state text not null,
  reason text not null,
  count integer not null,
  constraint paper_tally_pkey PRIMARY KEY (issuance_id, subject, lot_no, branch_code, state, reason),
  constraint balance_tally CHECK (((count >= 0) OR (state = ANY (ARRAY['planned'::text, 'made'::text, 'printed'::text, 'held'::text])))),
  constraint paper_tally_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table paper_tally is 'What events have added to each count of papers and taken from it: every event moves one paper from one count to another, in the transaction that records it.';
comment on column paper_tally.lot_no is 'Lot of a piece; 0 for certificates, which have none.';
comment on column paper_tally.reason is 'A return''s stamp; '''' in every other state.';
create policy insurer_wall on paper_tally for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND (( SELECT wall('workplace'::text) AS wall) IS NULL) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (branch_code = ( SELECT wall('branch'::text) AS wall))
END));
alter table paper_tally enable row level security;
grant select on paper_tally to todoke_console;

create table parcel (
  id integer not null generated always as identity,
  issuance_id integer not null,
  symbol text collate "C" not null,
  sequence smallint not null,
  sequence_count smallint not null,
  container text not null,
  opened_at timestamp with time zone not null default clock_timestamp(),
  opened_by text not null,
  expected_count integer,
  scanned_count integer,
  closed_at timestamp with time zone,
  closed_by text,
  constraint parcel_pkey PRIMARY KEY (id),
  constraint balance_parcel CHECK (((closed_at IS NULL) OR COALESCE(((expected_count = scanned_count) AND (expected_count > 0)), false))),
  constraint parcel_check CHECK ((sequence_count >= sequence)),
  constraint parcel_check1 CHECK (((closed_at IS NULL) = (closed_by IS NULL))),
  constraint parcel_container_check CHECK ((container = ANY (ARRAY['envelope'::text, 'box'::text]))),
  constraint parcel_sequence_check CHECK ((sequence > 0)),
  constraint parcel_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table parcel is 'Pieces of certificates that go to a workplace together.';
comment on column parcel.expected_count is 'Pieces that are still to go, counted when it closes.';
comment on column parcel.scanned_count is 'Pieces that were scanned in, counted when it closes.';
CREATE INDEX parcel_workplace ON todoke.parcel USING btree (issuance_id, symbol);
CREATE TRIGGER close_parcel BEFORE UPDATE ON todoke.parcel FOR EACH ROW EXECUTE FUNCTION close_parcel();
CREATE TRIGGER frozen BEFORE DELETE ON todoke.parcel FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on parcel for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND (( SELECT wall('role'::text) AS wall) IS DISTINCT FROM 'contractor'::text) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = parcel.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table parcel enable row level security;
grant insert, select on parcel to todoke_console;
grant update (closed_at, closed_by) on parcel to todoke_console;

create table parcel_piece (
  mailpiece_number bigint not null,
  parcel_id integer not null,
  "position" smallint not null,
  scanned_at timestamp with time zone,
  scanned_by text,
  constraint parcel_piece_pkey PRIMARY KEY (mailpiece_number),
  constraint parcel_piece_parcel_id_position_key UNIQUE (parcel_id, "position"),
  constraint parcel_piece_check CHECK (((scanned_at IS NULL) = (scanned_by IS NULL))),
  constraint parcel_piece_position_check CHECK (("position" > 0)),
  constraint parcel_piece_parcel_id_fkey FOREIGN KEY (parcel_id) REFERENCES parcel(id)
);
comment on table parcel_piece is 'The pieces of a parcel; a piece goes into one parcel.';
CREATE TRIGGER check_parcel_piece BEFORE INSERT OR UPDATE ON todoke.parcel_piece FOR EACH ROW EXECUTE FUNCTION check_parcel_piece();
CREATE TRIGGER frozen BEFORE DELETE ON todoke.parcel_piece FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on parcel_piece for all to todoke_console
  using ((parcel_id IN ( SELECT parcel.id
   FROM parcel)));
alter table parcel_piece enable row level security;
grant insert, select on parcel_piece to todoke_console;
grant update (scanned_at, scanned_by) on parcel_piece to todoke_console;

create table parcelled_notice (
  issuance_id integer not null,
  mailpiece_number bigint not null,
  parcel_no integer not null,
  "position" smallint not null,
  constraint parcelled_notice_pkey PRIMARY KEY (issuance_id, mailpiece_number),
  constraint parcelled_notice_issuance_id_parcel_no_position_key UNIQUE (issuance_id, parcel_no, "position"),
  constraint parcelled_notice_position_check CHECK (("position" > 0)),
  constraint parcelled_notice_issuance_id_parcel_no_fkey FOREIGN KEY (issuance_id, parcel_no) REFERENCES notice_parcel(issuance_id, no)
) partition by LIST (issuance_id);
comment on table parcelled_notice is 'The notices of a parcel.';
CREATE TRIGGER closed_packing AFTER INSERT ON todoke.parcelled_notice REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_packed_issuance();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.parcelled_notice FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table plan_run (
  insurer_number text not null,
  plan text not null,
  issuance_id integer not null,
  constraint plan_run_pkey PRIMARY KEY (insurer_number, plan),
  constraint plan_run_issuance_id_key UNIQUE (issuance_id),
  constraint plan_run_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number),
  constraint plan_run_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table plan_run is 'The one issuance that stands for a plan of the profile or a round of it.';
comment on column plan_run.plan is 'Name of the issuance; of notices with the day of extraction, since a plan without a day of its own is made once a day.';
CREATE TRIGGER refuse_freed_plan BEFORE DELETE OR UPDATE ON todoke.plan_run FOR EACH ROW EXECUTE FUNCTION refuse_freed_plan();
create policy insurer_wall on plan_run for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table plan_run enable row level security;
grant select on plan_run to todoke_console;

create table postal_district (
  edition_id integer not null,
  postal_code text not null,
  prefecture text not null,
  city text not null,
  town text not null,
  constraint postal_district_postal_code_check CHECK ((postal_code ~ '^\d{7}$'::text)),
  constraint postal_district_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES postal_edition(id)
);
comment on table postal_district is 'Postal codes of districts.';
CREATE INDEX postal_district_edition ON todoke.postal_district USING btree (edition_id);
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.postal_district FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table postal_edition (
  id integer not null generated always as identity,
  sha256 text not null,
  district_count integer not null,
  office_count integer not null,
  imported_at timestamp with time zone not null default now(),
  constraint postal_edition_pkey PRIMARY KEY (id),
  constraint postal_edition_sha256_key UNIQUE (sha256),
  constraint postal_edition_district_count_check CHECK ((district_count > 0)),
  constraint postal_edition_office_count_check CHECK ((office_count >= 0)),
  constraint postal_edition_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);
comment on table postal_edition is 'Editions of the postal data, never changed: papers that were printed with one can be made again with the same.';
comment on column postal_edition.sha256 is 'Hash of the files it came from: the same files twice are one edition.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.postal_edition FOR EACH ROW EXECUTE FUNCTION refuse_change();
grant select on postal_edition to todoke_console;

create table postal_office (
  edition_id integer not null,
  postal_code text not null,
  prefecture text not null,
  city text not null,
  constraint postal_office_pkey PRIMARY KEY (edition_id, postal_code),
  constraint postal_office_postal_code_check CHECK ((postal_code ~ '^\d{7}$'::text)),
  constraint postal_office_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES postal_edition(id)
);
comment on table postal_office is 'Postal codes that belong to one large receiver of mail (大口事業所個別番号).';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.postal_office FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table print_batch (
  issuance_id integer not null,
  no integer not null,
  lot_no smallint not null default 1,
  route text not null,
  first_mailpiece bigint not null,
  last_mailpiece bigint not null,
  mailpiece_count integer not null,
  certificate_count integer not null,
  template_sha256 text,
  printed_at timestamp with time zone,
  printed_count integer,
  held_count integer,
  withdrawn_count integer,
  printed_certificate_count integer,
  held_certificate_count integer,
  withdrawn_certificate_count integer,
  constraint print_batch_pkey PRIMARY KEY (issuance_id, no),
  constraint balance_certificates_printed CHECK (((printed_at IS NULL) OR COALESCE((((printed_certificate_count + held_certificate_count) + COALESCE(withdrawn_certificate_count, 0)) = certificate_count), false))),
  constraint balance_mailpieces_printed CHECK (((printed_at IS NULL) OR COALESCE((((printed_count + held_count) + COALESCE(withdrawn_count, 0)) = mailpiece_count), false))),
  constraint print_batch_certificate_count_check CHECK ((certificate_count > 0)),
  constraint print_batch_mailpiece_count_check CHECK ((mailpiece_count > 0)),
  constraint print_batch_no_check CHECK ((no > 0)),
  constraint print_batch_route_check CHECK ((route = ANY (ARRAY['home'::text, 'workplace'::text]))),
  constraint print_batch_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id),
  constraint print_batch_lot FOREIGN KEY (issuance_id, lot_no) REFERENCES lot(issuance_id, no)
);
comment on table print_batch is 'A run of mailpieces of one lot that is printed together: its letters in one file, its certificates in others.';
comment on column print_batch.withdrawn_count is 'Pieces withdrawn before they were printed: they leave the batch, and the batch says so.';
CREATE TRIGGER close_print_batch BEFORE UPDATE ON todoke.print_batch FOR EACH ROW EXECUTE FUNCTION close_print_batch();
CREATE TRIGGER frozen BEFORE DELETE ON todoke.print_batch FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tally_batch AFTER UPDATE ON todoke.print_batch FOR EACH ROW WHEN (((old.printed_at IS NULL) AND (new.printed_at IS NOT NULL))) EXECUTE FUNCTION tally_batch();
create policy insurer_wall on print_batch for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table print_batch enable row level security;
grant select on print_batch to todoke_console;

create table print_correction (
  insurer_number text not null,
  id bigint not null generated always as identity,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  field text not null,
  source text not null,
  text text not null,
  mailpiece_number bigint not null,
  actor text not null,
  reason text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint print_correction_pkey PRIMARY KEY (id),
  constraint print_correction_field_check CHECK ((field = ANY (ARRAY['name'::text, 'kana'::text, 'former-name'::text, 'address'::text]))),
  constraint print_correction_text_check CHECK (((text <> ''::text) AND (text !~ '\d{12}'::text))),
  constraint print_correction_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table print_correction is 'How a text of a person''s papers is printed, as long as the files say the very text it was corrected from. Only added to: the last of a person and field counts.';
comment on column print_correction.source is 'The text as it stands in the file; of an address its line and building, a line each. '''' = none on record.';
comment on column print_correction.text is 'The text as it is printed; of an address its postal code, line and building, a line each.';
comment on column print_correction.mailpiece_number is 'The piece that was held.';
CREATE INDEX print_correction_person ON todoke.print_correction USING btree (insurer_number, symbol, number);
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.print_correction FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on print_correction for all to todoke_console
  using (((insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = print_correction.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table print_correction enable row level security;
grant insert, select on print_correction to todoke_console;

create table print_file (
  issuance_id integer not null,
  batch_no integer not null,
  paper text not null,
  path text not null,
  page_count integer not null,
  mailpiece_count integer not null,
  certificate_count integer not null,
  byte_count bigint not null,
  sha256 text not null,
  constraint print_file_pkey PRIMARY KEY (issuance_id, batch_no, paper),
  constraint print_file_issuance_id_path_key UNIQUE (issuance_id, path),
  constraint print_file_byte_count_check CHECK ((byte_count > 0)),
  constraint print_file_certificate_count_check CHECK ((certificate_count > 0)),
  constraint print_file_mailpiece_count_check CHECK ((mailpiece_count > 0)),
  constraint print_file_page_count_check CHECK ((page_count > 0)),
  constraint print_file_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint print_file_issuance_id_batch_no_fkey FOREIGN KEY (issuance_id, batch_no) REFERENCES print_batch(issuance_id, no)
);
comment on table print_file is 'The files of a printed batch.';
comment on column print_file.paper is 'Paper on its pages: letter, card-front and so on.';
CREATE TRIGGER closed_batch AFTER INSERT ON todoke.print_file REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_printed_batch();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.print_file FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on print_file for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table print_file enable row level security;
grant select on print_file to todoke_console;

create table printed_piece (
  issuance_id integer not null,
  batch_no integer not null,
  mailpiece_number bigint not null,
  letter_page integer not null,
  certificate_page integer,
  certificate_count smallint not null,
  constraint printed_piece_pkey PRIMARY KEY (issuance_id, mailpiece_number),
  constraint printed_piece_certificate_count_check CHECK ((certificate_count > 0)),
  constraint printed_piece_certificate_page_check CHECK ((certificate_page > 0)),
  constraint printed_piece_letter_page_check CHECK ((letter_page > 0))
) partition by LIST (issuance_id);
comment on table printed_piece is 'Where each printed piece stands: the page of its letter, the first page of its certificates.';
comment on column printed_piece.certificate_page is 'Of a notice the page of its request form; null where the notice''s sheet stands alone.';
CREATE TRIGGER closed_batch AFTER INSERT ON todoke.printed_piece REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_printed_batch();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.printed_piece FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on printed_piece for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table printed_piece enable row level security;
grant select on printed_piece to todoke_console;

create table profile_change (
  id integer not null generated always as identity,
  insurer_number text not null,
  at timestamp with time zone not null default now(),
  actor text not null,
  reason text not null,
  before_sha256 text not null,
  after_sha256 text not null,
  source text not null,
  constraint profile_change_pkey PRIMARY KEY (id),
  constraint profile_change_before_sha256_check CHECK ((before_sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint profile_change_check CHECK (((after_sha256 ~ '^[0-9a-f]{64}$'::text) AND (after_sha256 <> before_sha256))),
  constraint profile_change_reason_check CHECK ((reason <> ''::text)),
  constraint profile_change_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table profile_change is 'Changes of an insurer''s profile: person, time, reason, and the whole text it became. The file is the profile; this is its history.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.profile_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on profile_change for all to todoke_console
  using ((insurer_number = ( SELECT wall('insurer'::text) AS wall)));
alter table profile_change enable row level security;
grant insert, select on profile_change to todoke_console;

create table reason_count (
  issuance_id integer not null,
  level text not null,
  code text collate "C" not null,
  is_target boolean not null,
  reason text not null,
  count integer not null,
  constraint reason_count_pkey PRIMARY KEY (issuance_id, level, code, is_target, reason),
  constraint reason_count_count_check CHECK ((count > 0)),
  constraint reason_count_issuance_id_level_code_fkey FOREIGN KEY (issuance_id, level, code) REFERENCES reason_group(issuance_id, level, code) ON DELETE CASCADE
);
comment on table reason_count is 'Decisions of a group by reason.';
create policy people_wall on reason_count for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND
CASE
    WHEN ( SELECT sees_all() AS sees_all) THEN true
    WHEN (level = 'branch'::text) THEN (code = ( SELECT wall('branch'::text) AS wall))
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = reason_count.code))) IS TRUE)
END));
alter table reason_count enable row level security;
grant select on reason_count to todoke_console;

create table reason_group (
  issuance_id integer not null,
  level text not null,
  code text collate "C" not null,
  people integer not null,
  is_cover boolean not null default false,
  constraint reason_group_pkey PRIMARY KEY (issuance_id, level, code),
  constraint reason_group_level_check CHECK ((level = ANY (ARRAY['branch'::text, 'workplace'::text]))),
  constraint reason_group_people_check CHECK ((people > 0)),
  constraint reason_group_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table reason_group is 'Members of an issuance by branch and by workplace.';
comment on column reason_group.code is 'Code of a branch ('''' = of none), or symbol of a workplace.';
comment on column reason_group.is_cover is 'Whether the group is left out so that a small one cannot be worked out from the sum.';
create policy people_wall on reason_group for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND
CASE
    WHEN ( SELECT sees_all() AS sees_all) THEN true
    WHEN (level = 'branch'::text) THEN (code = ( SELECT wall('branch'::text) AS wall))
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = reason_group.code))) IS TRUE)
END));
alter table reason_group enable row level security;
grant select on reason_group to todoke_console;

create table recall_demand (
  certificate_number bigint not null,
  insurer_number text not null,
  ground text not null,
  lost_on date,
  processed_on date not null,
  constraint recall_demand_pkey PRIMARY KEY (certificate_number),
  constraint a_loss_has_its_day CHECK (((ground = 'lost'::text) = (lost_on IS NOT NULL))),
  constraint recall_demand_ground_check CHECK ((ground = ANY (ARRAY['lost'::text, 'found'::text, 'corrected'::text, 'damaged'::text]))),
  constraint recall_demand_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table recall_demand is 'Each certificate the law asks back, once, with the loss that is counted from.';
CREATE INDEX recall_demand_insurer ON todoke.recall_demand USING btree (insurer_number);
CREATE CONSTRAINT TRIGGER demand_has_event AFTER INSERT ON todoke.recall_demand DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_demand_without_event();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.recall_demand FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on recall_demand for all to todoke_console
  using (((insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (( SELECT wall('branch'::text) AS wall) IS NULL) AND (( SELECT wall('workplace'::text) AS wall) IS NULL) AND (( SELECT wall('role'::text) AS wall) IS DISTINCT FROM 'contractor'::text)));
alter table recall_demand enable row level security;
grant select on recall_demand to todoke_console;

create table recall_receipt (
  id integer not null generated always as identity,
  slip_id integer not null,
  received_on date not null,
  way text not null,
  declared_count integer,
  counted_count integer not null,
  listed_count integer not null,
  unlisted_count integer not null,
  open_count integer not null,
  actor text not null,
  recorded_at timestamp with time zone not null default now(),
  constraint recall_receipt_pkey PRIMARY KEY (id),
  constraint balance_receipt CHECK (((way = 'count'::text) OR (counted_count = (listed_count + unlisted_count)))),
  constraint recall_receipt_counted_count_check CHECK ((counted_count >= 0)),
  constraint recall_receipt_declared_count_check CHECK ((declared_count >= 0)),
  constraint recall_receipt_listed_count_check CHECK ((listed_count >= 0)),
  constraint recall_receipt_open_count_check CHECK ((open_count >= 0)),
  constraint recall_receipt_unlisted_count_check CHECK ((unlisted_count >= 0)),
  constraint recall_receipt_way_check CHECK ((way = ANY (ARRAY['scan'::text, 'count'::text]))),
  constraint recall_receipt_slip_id_fkey FOREIGN KEY (slip_id) REFERENCES recall_slip(id)
);
comment on table recall_receipt is 'What came back with a slip: as written on it, and as counted or read here.';
comment on column recall_receipt.declared_count is 'As written on the slip; null where it says nothing.';
comment on column recall_receipt.listed_count is 'Papers recorded as given back by this receipt, or found to be so already.';
comment on column recall_receipt.unlisted_count is 'Papers the slip does not list.';
comment on column recall_receipt.open_count is 'Papers of the slip that are still out afterwards.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.recall_receipt FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on recall_receipt for all to todoke_console
  using ((slip_id IN ( SELECT recall_slip.id
   FROM recall_slip)));
alter table recall_receipt enable row level security;
grant select on recall_receipt to todoke_console;

create table recall_slip (
  id integer not null generated always as identity,
  insurer_number text not null,
  kind text not null,
  symbol text collate "C" not null,
  asked_on date not null,
  duty_count integer not null,
  request_count integer not null,
  constraint recall_slip_pkey PRIMARY KEY (id),
  constraint recall_slip_insurer_number_kind_symbol_asked_on_key UNIQUE (insurer_number, kind, symbol, asked_on),
  constraint no_request_is_reminded_of CHECK (((kind = 'list'::text) OR (request_count = 0))),
  constraint recall_slip_duty_count_check CHECK ((duty_count >= 0)),
  constraint recall_slip_kind_check CHECK ((kind = ANY (ARRAY['list'::text, 'reminder'::text]))),
  constraint recall_slip_request_count_check CHECK ((request_count >= 0)),
  constraint recall_slip_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table recall_slip is '資格確認書回収連絡書: the papers a workplace is asked for, on a day.';
comment on column recall_slip.duty_count is 'Papers asked back by law.';
comment on column recall_slip.request_count is 'Papers asked back by request.';
CREATE CONSTRAINT TRIGGER balance_slip_papers AFTER INSERT ON todoke.recall_slip DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_slip();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.recall_slip FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on recall_slip for all to todoke_console
  using (((insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (( SELECT wall('role'::text) AS wall) IS DISTINCT FROM 'contractor'::text) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = recall_slip.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table recall_slip enable row level security;
grant select on recall_slip to todoke_console;

create table recall_slip_paper (
  slip_id integer not null,
  certificate_number bigint not null,
  ground text not null,
  constraint recall_slip_paper_pkey PRIMARY KEY (slip_id, certificate_number),
  constraint recall_slip_paper_ground_check CHECK ((ground = ANY (ARRAY['lost'::text, 'found'::text, 'corrected'::text, 'damaged'::text, 'enrolled'::text, 'superseded'::text]))),
  constraint recall_slip_paper_slip_id_fkey FOREIGN KEY (slip_id) REFERENCES recall_slip(id)
);
comment on table recall_slip_paper is 'The papers a slip lists.';
CREATE TRIGGER balance_slip_papers AFTER INSERT ON todoke.recall_slip_paper REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_slip_papers();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.recall_slip_paper FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on recall_slip_paper for all to todoke_console
  using ((slip_id IN ( SELECT recall_slip.id
   FROM recall_slip)));
alter table recall_slip_paper enable row level security;
grant select on recall_slip_paper to todoke_console;

create table reissued_certificate (
  certificate_number bigint not null,
  parent_id integer not null,
  issuance_id integer not null,
  constraint reissued_certificate_pkey PRIMARY KEY (certificate_number),
  constraint reissued_certificate_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id),
  constraint reissued_certificate_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES issuance(id)
);
comment on table reissued_certificate is '再交付: certificates made again on request. The request is an event of the old certificate; each is met once, and by which issuance.';
CREATE INDEX reissued_certificate_issuance ON todoke.reissued_certificate USING btree (issuance_id);
CREATE TRIGGER asked BEFORE INSERT ON todoke.reissued_certificate FOR EACH ROW EXECUTE FUNCTION refuse_reissue_unasked();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.reissued_certificate FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on reissued_certificate for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table reissued_certificate enable row level security;
grant select on reissued_certificate to todoke_console;

create table remade_piece (
  parent_id integer not null,
  mailpiece_number bigint not null,
  issuance_id integer not null,
  constraint remade_piece_pkey PRIMARY KEY (parent_id, mailpiece_number),
  constraint remade_piece_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id),
  constraint remade_piece_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES issuance(id)
);
comment on table remade_piece is 'Pieces made again: each once, and by which issuance.';
CREATE INDEX remade_piece_issuance ON todoke.remade_piece USING btree (issuance_id);
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.remade_piece FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER wanted BEFORE INSERT ON todoke.remade_piece FOR EACH ROW EXECUTE FUNCTION refuse_remake_of_withdrawn();
create policy insurer_wall on remade_piece for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table remade_piece enable row level security;
grant select on remade_piece to todoke_console;

create table replaced_variant (
  issuance_id integer not null,
  batch_no integer not null,
  mailpiece_number bigint not null,
  sub_number text not null,
  field text not null,
  code_point text not null,
  constraint replaced_variant_pkey PRIMARY KEY (issuance_id, mailpiece_number, sub_number, field, code_point),
  constraint replaced_variant_issuance_id_batch_no_fkey FOREIGN KEY (issuance_id, batch_no) REFERENCES print_batch(issuance_id, no)
);
comment on table replaced_variant is 'Characters that were printed as their base character because no font has the variant.';
CREATE TRIGGER closed_batch AFTER INSERT ON todoke.replaced_variant REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_printed_batch();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.replaced_variant FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy insurer_wall on replaced_variant for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table replaced_variant enable row level security;
grant select on replaced_variant to todoke_console;

create table session (
  token_sha256 text not null,
  account_id integer not null,
  csrf text not null,
  created_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (token_sha256),
  constraint session_token_sha256_check CHECK ((token_sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id)
);
comment on table session is 'Sessions of the console, by the hash of their token.';
CREATE INDEX session_account ON todoke.session USING btree (account_id);

create unlogged table sign_in_try (
  address_sha256 text not null,
  tries integer not null,
  ends_at timestamp with time zone not null,
  constraint sign_in_try_pkey PRIMARY KEY (address_sha256),
  constraint sign_in_try_address_sha256_check CHECK ((address_sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint sign_in_try_tries_check CHECK ((tries >= 0))
);
comment on table sign_in_try is 'Tries to sign in by the hash of the address they come from: what one process counts holds in all.';
CREATE INDEX sign_in_try_ends ON todoke.sign_in_try USING btree (ends_at);

create table target_exit (
  issuance_id integer not null,
  chunk_no integer not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  reason text not null,
  constraint target_exit_pkey PRIMARY KEY (issuance_id, symbol, number, sub_number),
  constraint target_exit_reason_check CHECK ((reason = ANY (ARRAY['mail-stopped'::text, 'withdrawn-lost'::text, 'no-validity'::text, 'reached-75'::text, 'match-unresolved'::text, 'income-unknown'::text, 'ratio-doubtful'::text, 'no-address'::text]))),
  constraint target_exit_issuance_id_chunk_no_fkey FOREIGN KEY (issuance_id, chunk_no) REFERENCES chunk(issuance_id, no)
);
comment on table target_exit is 'Targets that get no paper now, and why.';
CREATE TRIGGER closed_chunk AFTER INSERT ON todoke.target_exit REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_rows_of_closed_chunk();
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.target_exit FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on target_exit for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = target_exit.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table target_exit enable row level security;
grant select on target_exit to todoke_console;

create table transition (
  subject text not null,
  event text not null,
  from_state text not null,
  to_state text not null,
  constraint transition_pkey PRIMARY KEY (subject, event, from_state),
  constraint transition_subject_check CHECK ((subject = ANY (ARRAY['mailpiece'::text, 'certificate'::text])))
);
comment on table transition is 'What may happen to a paper in which state: the table of rules/lifecycle (a test compares the two).';
grant select on transition to todoke_console;

create table warning (
  issuance_id integer not null,
  code text not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  group_no integer,
  constraint warning_pkey PRIMARY KEY (issuance_id, code, symbol, number, sub_number),
  constraint warning_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table warning is 'Lists for staff. Nothing here stops anything by itself.';
comment on column warning.group_no is 'Rows that belong together (they share an address or a person) share a number; it is never made of a personal value.';
create policy people_wall on warning for all to todoke_console
  using (((issuance_id IN ( SELECT issuance.id
   FROM issuance)) AND (( SELECT wall('role'::text) AS wall) <> ALL (ARRAY['contractor'::text, 'workplace'::text])) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (( SELECT true
       FROM workplace_branch b
      WHERE ((b.insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (b.branch_code = ( SELECT wall('branch'::text) AS wall)) AND (b.symbol = warning.symbol))) IS TRUE)
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table warning enable row level security;
grant select on warning to todoke_console;

create table withdrawal (
  paper_number bigint not null,
  issuance_id integer not null,
  code text not null,
  lost_on date,
  withdrawn_on date not null,
  constraint withdrawal_pkey PRIMARY KEY (paper_number),
  constraint only_a_loss_has_a_day CHECK (((lost_on IS NULL) OR (code = 'lost'::text))),
  constraint withdrawal_code_check CHECK ((code = ANY (ARRAY['lost'::text, 'enrolled'::text, 'staff'::text, 'cancelled'::text]))),
  constraint withdrawal_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table withdrawal is 'Why a certificate (of notices: its piece) was withdrawn (引き抜き): how long that keeps the person out of later issuances.';
comment on column withdrawal.lost_on is 'The first day without cover; null = not said.';
CREATE INDEX withdrawal_issuance ON todoke.withdrawal USING btree (issuance_id);
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.withdrawal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE CONSTRAINT TRIGGER withdrawal_has_event AFTER INSERT ON todoke.withdrawal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_withdrawal_without_event();
create policy insurer_wall on withdrawal for all to todoke_console
  using ((issuance_id IN ( SELECT issuance.id
   FROM issuance)));
alter table withdrawal enable row level security;
grant insert, select on withdrawal to todoke_console;

create table workplace (
  dataset_id integer not null,
  line integer not null,
  symbol text collate "C" not null,
  name text not null,
  postal_code text not null,
  address text not null,
  building text not null,
  employer_name text not null,
  branch_code text not null,
  corporate_number text not null,
  phone text not null,
  email text not null,
  address_key bigint,
  constraint workplace_pkey PRIMARY KEY (dataset_id, symbol),
  constraint workplace_line_check CHECK ((line > 0))
) partition by LIST (dataset_id);
comment on table workplace is 'Rows of 事業所.csv.';
comment on column workplace.line is 'Line of the file as the clerk sees it.';
comment on column workplace.address_key is 'Hash of the folded address: only to find rows that may belong together.';
CREATE INDEX workplace_of_branch ON ONLY todoke.workplace USING btree (dataset_id, branch_code, symbol);
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.workplace FOR EACH ROW EXECUTE FUNCTION refuse_change();
create policy people_wall on workplace for all to todoke_console
  using (((dataset_id IN ( SELECT dataset.id
   FROM dataset)) AND (( SELECT wall('role'::text) AS wall) IS DISTINCT FROM 'contractor'::text) AND
CASE
    WHEN (( SELECT wall('branch'::text) AS wall) IS NULL) THEN true
    ELSE (branch_code = ( SELECT wall('branch'::text) AS wall))
END AND
CASE
    WHEN (( SELECT wall('workplace'::text) AS wall) IS NULL) THEN true
    ELSE (symbol = ( SELECT wall('workplace'::text) AS wall))
END));
alter table workplace enable row level security;
grant select on workplace to todoke_console;

create table workplace_branch (
  insurer_number text not null,
  branch_code text collate "C" not null,
  symbol text collate "C" not null,
  constraint workplace_branch_pkey PRIMARY KEY (insurer_number, branch_code, symbol),
  constraint workplace_branch_branch_code_check CHECK ((branch_code <> ''::text)),
  constraint workplace_branch_insurer_number_fkey FOREIGN KEY (insurer_number) REFERENCES insurer(insurer_number)
);
comment on table workplace_branch is 'Which branch a workplace belongs to, or has belonged to in any file.';
create policy insurer_wall on workplace_branch for all to todoke_console
  using (((insurer_number = ( SELECT wall('insurer'::text) AS wall)) AND (branch_code = ( SELECT wall('branch'::text) AS wall))));
alter table workplace_branch enable row level security;
grant select on workplace_branch to todoke_console;

create table written_output (
  issuance_id integer not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint written_output_pkey PRIMARY KEY (issuance_id),
  constraint written_output_issuance_id_fkey FOREIGN KEY (issuance_id) REFERENCES issuance(id)
);
comment on table written_output is 'Issuances whose output was written whole at least once, with its lists and its manifest. One that was interrupted before is not finished, though all of it is printed.';
CREATE TRIGGER frozen BEFORE DELETE OR UPDATE ON todoke.written_output FOR EACH ROW EXECUTE FUNCTION refuse_change();

create view open_session as
 SELECT s.token_sha256,
    s.seen_at,
    s.csrf,
    s.expires_at,
    a.id,
    a.insurer_number,
    a.login,
    a.display_name,
    a.role,
    a.branch_code,
    a.workplace_symbol,
    a.expires_on,
    a.is_disabled,
    md5((ROW(a.id, a.insurer_number, a.login, a.display_name, a.role, a.branch_code, a.workplace_symbol, a.expires_on, s.csrf, EXTRACT(epoch FROM s.expires_at)))::text) AS version
   FROM (session s
     JOIN account a ON ((a.id = s.account_id)))
  WHERE ((s.expires_at > now()) AND (NOT a.is_disabled) AND COALESCE((a.expires_on >= CURRENT_DATE), true));
comment on view open_session is 'Sessions that still open the door, of accounts that may still sign in. How long a session may rest is the caller''s to say (seen_at).';
comment on column open_session.version is 'Changes with everything the server decides by.';

create view person_paper with (security_invoker=true) as
 SELECT certificate.issuance_id,
    certificate.mailpiece_number,
    certificate.symbol,
    certificate.number,
    certificate.sub_number,
    (certificate.number)::bigint AS number_rank
   FROM certificate
UNION ALL
 SELECT notice.issuance_id,
    notice.mailpiece_number,
    notice.symbol,
    notice.number,
    notice.sub_number,
    notice.number_rank
   FROM notice;
comment on view person_paper is 'Every paper of a person, of either kind, with the piece it lies in.';
grant select on person_paper to todoke_console;

create function append_event() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function attach_snapshot_partition(parent text, dataset integer) returns void language plpgsql volatile;
create function canonical_symbol(symbol text) returns text language sql immutable parallel safe;
create function check_parcel_piece() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function check_slip() returns trigger language plpgsql volatile;
create function check_slip_papers() returns trigger language plpgsql volatile;
create function close_chunk() returns trigger language plpgsql volatile;
create function close_lot() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function close_parcel() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function close_print_batch() returns trigger language plpgsql volatile;
create function count_decisions(c chunk, OUT targets bigint, OUT others bigint, OUT strays bigint) returns record language sql stable;
create function count_enclosed(c chunk, OUT pieces bigint, OUT certificates bigint, OUT strays bigint) returns record language sql stable;
create function count_enrolment_join() returns trigger language plpgsql volatile;
create function count_enrolment_rows(issuance integer, OUT rows bigint, OUT matched bigint, OUT nobodys bigint) returns record language plpgsql stable set enable_nestloop=off;
create function count_erased() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function count_lot(run integer, lot smallint, OUT extracted bigint, OUT held bigint, OUT withdrawn bigint, OUT spoiled bigint, OUT remade bigint, OUT printed bigint, OUT enclosed bigint, OUT posted bigint) returns record language sql stable security definer set search_path=todoke, pg_temp;
create function count_packing() returns trigger language plpgsql volatile;
create function count_papers_of_nobody(c chunk) returns bigint language sql stable;
create function create_issuance_partitions(issuance integer) returns void language plpgsql volatile;
create function create_snapshot_partition(parent text, dataset integer) returns text language plpgsql volatile;
create function dataset_in_use(insurer text, of_kind text) returns integer language sql stable;
create function dataset_partitions(dataset integer) returns text[] language sql stable;
create function enter(token text, idle_minutes integer, known_version text) returns void language plpgsql volatile; -- rights: of the owner alone
create function erase() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function erase_digits() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function erase_figures() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function erase_keys(insurer text, before date) returns bigint language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function event_hash(previous text, e event) returns text language sql immutable;
create function event_text(e event) returns text language sql immutable;
create function fill_fitted_partition(parent text, source integer, dataset integer) returns void language plpgsql volatile;
create function first_certificate(mailpiece bigint) returns bigint language sql immutable;
create function first_serial(kind text, c chunk) returns bigint language sql immutable;
create function first_state(kind text, run integer, paper bigint) returns text language sql stable;
create function free_plan() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function is_approved(run integer, lot smallint, released text) returns boolean language sql stable security definer set search_path=todoke, pg_temp;
create function is_cancelled(issuance integer) returns boolean language sql stable;
create function is_covered_on(lost_on date, on_day date) returns boolean language sql immutable;
create function is_reason_of(kind text, reason text) returns boolean language sql immutable;
create function issuance_partitions(issuance integer) returns text[] language sql stable;
create function last_certificate(mailpiece bigint) returns bigint language sql immutable;
create function last_serial(kind text, c chunk) returns bigint language sql immutable;
create function lineage(i issuance) returns jsonb language sql stable;
create function lost_by_filing(insurer text, household_symbol text, household_number text, person text, own_acquired date, insured_acquired date) returns TABLE(lost_on date) language sql stable;
create function lot_files_sha256(run integer, lot smallint) returns text language sql stable security definer set search_path=todoke, pg_temp;
create function move_tally(run integer, paper_subject text, lot smallint, branch text, of_state text, of_reason text, by integer) returns void language plpgsql volatile; -- rights: of the owner alone
create function partitions_of(parents text[], id integer) returns text[] language sql stable;
create function refuse_cancellation() returns trigger language plpgsql volatile;
create function refuse_cancellation_take_back() returns trigger language plpgsql volatile;
create function refuse_change() returns trigger language plpgsql volatile;
create function refuse_demand_without_event() returns trigger language plpgsql volatile;
create function refuse_early_confirmation() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function refuse_freed_plan() returns trigger language plpgsql volatile;
create function refuse_older_dataset() returns trigger language plpgsql volatile;
create function refuse_older_file() returns trigger language plpgsql volatile;
create function refuse_outsiders(insurer text, run integer, kind text, recipients text[], symbols text[], numbers text[], sub_numbers text[]) returns void language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function refuse_reissue_unasked() returns trigger language plpgsql volatile;
create function refuse_remains() returns trigger language plpgsql volatile;
create function refuse_remake_of_withdrawn() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function refuse_rows_of_closed_chunk() returns trigger language plpgsql volatile;
create function refuse_rows_of_packed_issuance() returns trigger language plpgsql volatile;
create function refuse_rows_of_printed_batch() returns trigger language plpgsql volatile;
create function refuse_take_back() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function refuse_unapproved_posting() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function refuse_unconfirmed_import() returns trigger language plpgsql volatile;
create function refuse_uneven_slip(slips integer[]) returns void language plpgsql volatile;
create function refuse_waiver() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function refuse_withdrawal_without_event() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function scan_return(insurer text, run integer, paper bigint, why text, who text, OUT issuance_found boolean, OUT outcome text, OUT state text, OUT insured_class text, OUT has_workplace boolean, OUT has_optional_entries boolean, OUT is_protected boolean) returns record language plpgsql volatile;
create function sees_all() returns boolean language sql stable;
create function stamp_before(paper bigint, before bigint) returns text language sql stable;
create function stand_behind(insurer text, of_role text, branch text, workplace text) returns void language sql volatile; -- rights: of the owner alone
create function symbols_of_members(members integer) returns SETOF text language plpgsql stable;
create function tally_batch() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function tally_events() returns trigger language plpgsql volatile security definer set search_path=todoke, pg_temp;
create function use_new_dataset() returns trigger language plpgsql volatile;
create function wall(name text) returns text language sql stable;
