-- The life of papers: events that are only added, each with its person, time, reason and source, chained by hashes for each
-- insurer; the present state follows from them and from nothing else.

create table transition (
  subject text not null check (subject in ('mailpiece', 'certificate')),
  event text not null,
  from_state text not null,
  to_state text not null,
  primary key (subject, event, from_state)
);
comment on table transition is 'What may happen to a paper in which state: the table of rules/lifecycle (a test compares the two).';
grant select on transition to todoke_console;

insert into transition values
  ('mailpiece', 'print', 'planned', 'printed'),
  ('mailpiece', 'correct', 'held', 'held'),
  ('mailpiece', 'release', 'held', 'released'),
  ('mailpiece', 'remake', 'released', 'remade'),
  ('mailpiece', 'spoil', 'printed', 'spoiled'),
  ('mailpiece', 'spoil', 'enclosed', 'spoiled'),
  -- A spoiled piece is owed until it is made again. Where nobody inside is to get a paper any more it is waived, with the
  -- reason, and counts as withdrawn: otherwise its lot could never be closed. The contractor may have destroyed it meanwhile.
  ('mailpiece', 'waive', 'spoiled', 'withdrawn'),
  ('mailpiece', 'waive', 'destroyed', 'destroyed'),
  ('mailpiece', 'enclose', 'printed', 'enclosed'),
  -- A named override lets one piece be posted against the calendar or the release, or again.
  ('mailpiece', 'override', 'enclosed', 'enclosed'),
  ('mailpiece', 'override', 'posted', 'enclosed'),
  ('mailpiece', 'post', 'enclosed', 'posted'),
  ('mailpiece', 'return', 'posted', 'returned'),
  -- What a workplace could not hand over and sends back unopened is a return too (reason 'sent-back'), and goes home.
  ('mailpiece', 'return', 'not-handed-over', 'returned'),
  -- A return that was scanned by mistake is taken back by a new fact.
  ('mailpiece', 'take-back-return', 'returned', 'posted'),
  ('mailpiece', 'repost', 'returned', 'posted'),
  ('mailpiece', 'hand-over', 'posted', 'handed-over'),
  ('mailpiece', 'hand-over', 'not-handed-over', 'handed-over'),
  ('mailpiece', 'fail-hand-over', 'posted', 'not-handed-over'),
  -- The workplace reports an employee who has left; the piece is made again for home, or its papers are recalled.
  ('mailpiece', 'report-left', 'posted', 'left-workplace'),
  ('mailpiece', 'report-left', 'not-handed-over', 'left-workplace'),
  ('mailpiece', 'reroute', 'returned', 'rerouted'),
  ('mailpiece', 'reroute', 'left-workplace', 'rerouted'),
  ('mailpiece', 'withdraw', 'planned', 'withdrawn'),
  ('mailpiece', 'withdraw', 'held', 'withdrawn'),
  ('mailpiece', 'withdraw', 'released', 'withdrawn'),
  ('mailpiece', 'withdraw', 'printed', 'withdrawn'),
  ('mailpiece', 'withdraw', 'enclosed', 'withdrawn'),
  ('mailpiece', 'destroy', 'rerouted', 'destroyed'),
  ('mailpiece', 'destroy', 'spoiled', 'destroyed'),
  ('mailpiece', 'destroy', 'withdrawn', 'destroyed'),
  ('certificate', 'issue', 'made', 'issued'),
  ('certificate', 'withdraw', 'made', 'withdrawn'),
  ('certificate', 'request-return', 'issued', 'return-requested'),
  ('certificate', 'request-return', 'superseded', 'superseded'),
  ('certificate', 'demand-return', 'issued', 'return-demanded'),
  ('certificate', 'demand-return', 'return-requested', 'return-demanded'),
  ('certificate', 'demand-return', 'superseded', 'return-demanded'),
  ('certificate', 'remind', 'return-demanded', 'return-demanded'),
  ('certificate', 'give-back', 'issued', 'given-back'),
  ('certificate', 'give-back', 'return-requested', 'given-back'),
  ('certificate', 'give-back', 'return-demanded', 'given-back'),
  ('certificate', 'give-back', 'missing', 'given-back'),
  ('certificate', 'give-back', 'superseded', 'given-back'),
  ('certificate', 'give-back', 'void', 'given-back'),
  ('certificate', 'give-back', 'unrecoverable', 'given-back'),
  ('certificate', 'give-back', 'expired', 'given-back'),
  ('certificate', 'give-up', 'return-demanded', 'unrecoverable'),
  ('certificate', 'declare-missing', 'issued', 'missing'),
  ('certificate', 'declare-missing', 'return-requested', 'missing'),
  ('certificate', 'declare-missing', 'return-demanded', 'missing'),
  ('certificate', 'declare-missing', 'superseded', 'missing'),
  ('certificate', 'find', 'missing', 'issued'),
  ('certificate', 'find', 'superseded', 'return-demanded'),
  -- Found after another was asked for in its place: it goes back at once (健保則49条).
  ('certificate', 'find', 'void', 'return-demanded'),
  -- 再交付: the request is an event of the old certificate.
  ('certificate', 'reissue', 'missing', 'void'),
  ('certificate', 'reissue', 'issued', 'issued'),
  ('certificate', 'supersede', 'issued', 'superseded'),
  ('certificate', 'supersede', 'return-requested', 'superseded'),
  ('certificate', 'supersede', 'missing', 'superseded'),
  ('certificate', 'annul', 'made', 'void'),
  ('certificate', 'annul', 'issued', 'void'),
  ('certificate', 'annul', 'return-requested', 'void'),
  ('certificate', 'annul', 'return-demanded', 'void'),
  ('certificate', 'annul', 'missing', 'void'),
  ('certificate', 'present', 'issued', 'issued'),
  ('certificate', 'present', 'return-requested', 'return-requested'),
  ('certificate', 'expire', 'issued', 'expired'),
  ('certificate', 'expire', 'return-requested', 'expired'),
  ('certificate', 'expire', 'return-demanded', 'expired'),
  ('certificate', 'expire', 'missing', 'expired'),
  ('certificate', 'expire', 'superseded', 'expired'),
  ('certificate', 'expire', 'unrecoverable', 'expired');

create table event (
  insurer_number text not null,
  seq bigint not null check (seq > 0),
  issuance_id integer not null references issuance,
  subject text not null,
  paper_number bigint not null,
  event text not null,
  from_state text not null,
  to_state text not null,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  reason text not null,
  source text not null,
  key text not null,
  hash text not null,
  happened_on date,
  primary key (insurer_number, seq),
  unique (insurer_number, key)
);
comment on table event is 'What has happened to papers. Only added to; states, number and hash are filled in by append_event().';
comment on column event.seq is 'Place in the insurer''s chain, from 1 without a gap.';
comment on column event.source is 'File and line it came from, or ''''.';
comment on column event.key is 'Doing it again is the same event: unique for the insurer.';
comment on column event.hash is 'Hash of this row and of the hash before it (event_hash).';
comment on column event.happened_on is 'The day it happened, where that is another day than when it was recorded.';
create index event_paper on event (paper_number, seq);
create index event_reissue on event (insurer_number, seq) where event = 'reissue';
create trigger append_event before insert on event for each row execute function append_event();
create trigger released after insert on event for each row
  when (new.event = 'post' and new.subject = 'mailpiece') execute function refuse_unapproved_posting();
create trigger owed after insert on event for each row when (new.event = 'waive') execute function refuse_waiver();
create trigger tally_events after insert on event referencing new table as added
  for each statement execute function tally_events();
create trigger frozen before update or delete on event for each row execute function refuse_change();
alter table event enable row level security;
-- Events of papers the account may see; an account that sees the whole insurer is not asked paper by paper.
create policy insurer_wall on event to todoke_console using (
  insurer_number = (select wall('insurer'))
  and ((select wall('branch')) is null and (select wall('workplace')) is null
       or subject = 'mailpiece' and exists (select from mailpiece p where p.issuance_id = event.issuance_id
                                               and p.mailpiece_number = event.paper_number)
       or subject = 'certificate' and exists (select from certificate c where c.issuance_id = event.issuance_id
                                                 and c.certificate_number = event.paper_number)));
grant select, insert on event to todoke_console;

create table chain_head (
  insurer_number text primary key,
  seq bigint not null,
  hash text not null
);
comment on table chain_head is 'The last event of each insurer''s chain. Appending an event locks its row, so that the chain has one order.';
alter table chain_head enable row level security;
create policy insurer_wall on chain_head to todoke_console using (insurer_number = (select wall('insurer')));
grant select, insert, update on chain_head to todoke_console;

-- Lists by issuance, lot, branch and reason stay quick at twelve million papers: the order in which papers came to a state is
-- an index, and where a piece belongs is kept beside its state.
create table paper_state (
  paper_number bigint primary key,
  issuance_id integer not null,
  subject text not null,
  state text not null,
  seq bigint not null,
  lot_no smallint,
  branch_code text collate "C"
);
comment on table paper_state is
  'Present state of papers to which something has happened; written by append_event() alone. A paper without an event is where printing left it (first_state).';
comment on column paper_state.seq is 'The event that made the state.';
comment on column paper_state.lot_no is 'The lot a piece was printed or held in, 0 = none; null for certificates.';
comment on column paper_state.branch_code is 'The branch of the paper''s workplace, '''' = none.';
create index paper_state_issuance on paper_state (issuance_id, subject, state, seq);
create index paper_state_branch on paper_state (issuance_id, state, branch_code, seq) where subject = 'mailpiece';
alter table paper_state enable row level security;
create policy insurer_wall on paper_state to todoke_console using (issuance_id in (select id from issuance));
grant select on paper_state to todoke_console;

-- Papers rest in 'planned', 'made', 'printed' and 'held' before their first event, so only those counts go below nothing: what
-- they begin with is counted elsewhere (batch_tally, enclosed_count).
create table paper_tally (
  issuance_id integer not null references issuance,
  subject text not null,
  lot_no smallint not null,
  branch_code text collate "C" not null,
  state text not null,
  reason text not null,
  count integer not null,
  primary key (issuance_id, subject, lot_no, branch_code, state, reason),
  constraint balance_tally check (count >= 0 or state in ('planned', 'made', 'printed', 'held'))
);
comment on table paper_tally is
  'What events have added to each count of papers and taken from it: every event moves one paper from one count to another, in the transaction that records it.';
comment on column paper_tally.lot_no is 'Lot of a piece; 0 for certificates, which have none.';
comment on column paper_tally.reason is 'A return''s stamp; '''' in every other state.';
alter table paper_tally enable row level security;
-- A branch reads its own counts; an employer, who sees one workplace, none.
create policy insurer_wall on paper_tally to todoke_console using (
  issuance_id in (select id from issuance) and (select wall('workplace')) is null
  and case when (select wall('branch')) is null then true else branch_code = (select wall('branch')) end);
grant select on paper_tally to todoke_console;
