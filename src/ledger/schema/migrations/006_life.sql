-- After posting: pieces and certificates made again, filings, papers asked back by law (健保則51条, 49条) or by request, and the
-- erasure of what is past its retention.

create table remade_piece (
  parent_id integer not null references issuance,
  mailpiece_number bigint not null,
  issuance_id integer not null references issuance,
  primary key (parent_id, mailpiece_number)
);
comment on table remade_piece is 'Pieces made again: each once, and by which issuance.';
create index remade_piece_issuance on remade_piece (issuance_id);
create trigger wanted before insert on remade_piece for each row execute function refuse_remake_of_withdrawn();
create trigger frozen before update or delete on remade_piece for each row execute function refuse_change();
alter table remade_piece enable row level security;
create policy insurer_wall on remade_piece to todoke_console using (issuance_id in (select id from issuance));
grant select on remade_piece to todoke_console;

create table reissued_certificate (
  certificate_number bigint primary key,
  parent_id integer not null references issuance,
  issuance_id integer not null references issuance
);
comment on table reissued_certificate is
  '再交付: certificates made again on request. The request is an event of the old certificate; each is met once, and by which issuance.';
create index reissued_certificate_issuance on reissued_certificate (issuance_id);
create trigger asked before insert on reissued_certificate for each row execute function refuse_reissue_unasked();
create trigger frozen before update or delete on reissued_certificate for each row execute function refuse_change();
alter table reissued_certificate enable row level security;
create policy insurer_wall on reissued_certificate to todoke_console using (issuance_id in (select id from issuance));
grant select on reissued_certificate to todoke_console;

create table filing (
  insurer_number text not null references insurer,
  kind text not null check (kind in ('loss', 'dependent-loss', 'name-change')),
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null check (length(sub_number) = 2),
  effective_on date not null,
  arrived_on date not null,
  processed_on date not null check (processed_on >= arrived_on),
  is_late boolean not null,
  legacy_card text not null check (legacy_card in ('attached', 'unrecoverable', 'none', 'unsaid')),
  legacy_duty text not null check (legacy_duty in ('return-through-workplace', 'return-to-insurer', 'destroy-allowed')),
  certificate text not null check (certificate in ('attached', 'unrecoverable', 'none', 'unsaid')),
  reason text not null,
  source text not null,
  actor text not null,
  recorded_at timestamptz not null default now(),
  primary key (insurer_number, symbol, number, sub_number, kind, effective_on),
  constraint what_cannot_come_back_has_a_reason
    check (reason <> '' or 'unrecoverable' not in (legacy_card, certificate)),
  constraint only_losses_are_late check (not is_late or kind <> 'name-change')
);
comment on table filing is 'Filings (届書) of loss and change, as they arrived.';
comment on column filing.effective_on is 'Of a loss the first day without cover.';
comment on column filing.is_late is 'As the rules said on the day it was processed.';
comment on column filing.legacy_duty is 'The duty of the old card, as the rules said on the day it was processed.';
comment on column filing.reason is 'Why a paper cannot come back.';
create trigger frozen before update or delete on filing for each row execute function refuse_change();
alter table filing enable row level security;
create policy people_wall on filing to todoke_console using (
  insurer_number = (select wall('insurer'))
  and (select wall('role')) not in ('contractor', 'workplace')
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = filing.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on filing to todoke_console;

create table recall_demand (
  certificate_number bigint primary key,
  insurer_number text not null references insurer,
  ground text not null check (ground in ('lost', 'found')),
  lost_on date,
  processed_on date not null,
  constraint a_loss_has_its_day check ((ground = 'lost') = (lost_on is not null))
);
comment on table recall_demand is 'Each certificate the law asks back, once, with the loss that is counted from.';
create index recall_demand_insurer on recall_demand (insurer_number);
create constraint trigger demand_has_event after insert on recall_demand
  deferrable initially deferred for each row execute function refuse_demand_without_event();
create trigger frozen before update or delete on recall_demand for each row execute function refuse_change();
alter table recall_demand enable row level security;
create policy insurer_wall on recall_demand to todoke_console using (
  insurer_number = (select wall('insurer')) and (select wall('branch')) is null and (select wall('workplace')) is null
  and (select wall('role')) is distinct from 'contractor');
grant select on recall_demand to todoke_console;

-- The papers of a slip come in one statement, after it; at commit no slip may stand without them.
create table recall_slip (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  kind text not null check (kind in ('list', 'reminder')),
  symbol text collate "C" not null,
  asked_on date not null,
  duty_count integer not null check (duty_count >= 0),
  request_count integer not null check (request_count >= 0),
  unique (insurer_number, kind, symbol, asked_on),
  constraint no_request_is_reminded_of check (kind = 'list' or request_count = 0)
);
comment on table recall_slip is '資格確認書回収連絡書: the papers a workplace is asked for, on a day.';
comment on column recall_slip.duty_count is 'Papers asked back by law.';
comment on column recall_slip.request_count is 'Papers asked back by request.';
create constraint trigger balance_slip_papers after insert on recall_slip
  deferrable initially deferred for each row execute function check_slip();
create trigger frozen before update or delete on recall_slip for each row execute function refuse_change();
alter table recall_slip enable row level security;
create policy people_wall on recall_slip to todoke_console using (
  insurer_number = (select wall('insurer'))
  and (select wall('role')) is distinct from 'contractor'
  and case when (select wall('branch')) is null then true
           else (select true from workplace_branch b where b.insurer_number = (select wall('insurer'))
                    and b.branch_code = (select wall('branch')) and b.symbol = recall_slip.symbol) is true end
  and case when (select wall('workplace')) is null then true else symbol = (select wall('workplace')) end);
grant select on recall_slip to todoke_console;

create table recall_slip_paper (
  slip_id integer not null references recall_slip,
  certificate_number bigint not null,
  ground text not null check (ground in ('lost', 'found', 'enrolled', 'superseded')),
  primary key (slip_id, certificate_number)
);
comment on table recall_slip_paper is 'The papers a slip lists.';
create trigger balance_slip_papers after insert on recall_slip_paper
  referencing new table as added for each statement execute function check_slip_papers();
create trigger frozen before update or delete on recall_slip_paper for each row execute function refuse_change();
alter table recall_slip_paper enable row level security;
create policy people_wall on recall_slip_paper to todoke_console using (slip_id in (select id from recall_slip));
grant select on recall_slip_paper to todoke_console;

create table recall_receipt (
  id integer generated always as identity primary key,
  slip_id integer not null references recall_slip,
  received_on date not null,
  way text not null check (way in ('scan', 'count')),
  declared_count integer check (declared_count >= 0),
  counted_count integer not null check (counted_count >= 0),
  listed_count integer not null check (listed_count >= 0),
  unlisted_count integer not null check (unlisted_count >= 0),
  open_count integer not null check (open_count >= 0),
  actor text not null,
  recorded_at timestamptz not null default now(),
  constraint balance_receipt check (way = 'count' or counted_count = listed_count + unlisted_count)
);
comment on table recall_receipt is 'What came back with a slip: as written on it, and as counted or read here.';
comment on column recall_receipt.declared_count is 'As written on the slip; null where it says nothing.';
comment on column recall_receipt.listed_count is 'Papers recorded as given back by this receipt, or found to be so already.';
comment on column recall_receipt.unlisted_count is 'Papers the slip does not list.';
comment on column recall_receipt.open_count is 'Papers of the slip that are still out afterwards.';
create trigger frozen before update or delete on recall_receipt for each row execute function refuse_change();
alter table recall_receipt enable row level security;
create policy people_wall on recall_receipt to todoke_console using (slip_id in (select id from recall_slip));
grant select on recall_receipt to todoke_console;

-- Entering a row erases; the database counts first, and at commit looks that nothing is left. What stays is numbers: the
-- papers' events and states, and the reconciliation as it was just before.
create table erasure (
  id integer generated always as identity primary key,
  insurer_number text not null references insurer,
  issuance_id integer unique references issuance,
  dataset_id integer unique references dataset,
  ended_on date not null,
  years integer not null check (years > 0),
  erased_on date not null,
  row_count bigint not null,
  target_count integer,
  not_target_count integer,
  paper_count integer,
  exit_count integer,
  mailpiece_count integer,
  books jsonb,
  actor text not null,
  recorded_at timestamptz not null default now(),
  constraint of_one_thing check ((issuance_id is null) <> (dataset_id is null)),
  constraint past_retention check (erased_on > (ended_on + make_interval(years => years))::date),
  constraint books_of_an_issuance check ((issuance_id is null) = (books is null)),
  constraint balance_erased_members
    check (issuance_id is null or coalesce(target_count + not_target_count = row_count, false)),
  constraint balance_erased_targets
    check (issuance_id is null or coalesce(paper_count + exit_count = target_count, false)),
  constraint books_balance check (issuance_id is null or coalesce((books ->> 'balanced')::boolean, false))
);
comment on table erasure is 'Personal data past its retention, erased: an issuance or an input file at a time.';
comment on column erasure.ended_on is 'The last day on which something of it was in use.';
comment on column erasure.books is 'Of an issuance: the whole reconciliation of that moment.';
create trigger count_erased before insert on erasure for each row execute function count_erased();
create trigger erase after insert on erasure for each row execute function erase();
create trigger erase_figures after insert on erasure for each row execute function erase_figures();
create constraint trigger nothing_left after insert on erasure
  deferrable initially deferred for each row execute function refuse_remains();
create trigger frozen before update or delete on erasure for each row execute function refuse_change();
alter table erasure enable row level security;
create policy insurer_wall on erasure to todoke_console using (insurer_number = (select wall('insurer')));
grant select on erasure to todoke_console;
