-- Recall: papers asked back by law (健保則51条, 49条) or by request, reminded of, returned, found or given up; the filings
-- that ask; the slips that go out with them and what comes back.

-- When something happened, where that is another day than when it was recorded.
alter table event add column happened_on date;

-- Part of what the hash is made of; left out where there is none, so that older hashes stand.
create or replace function event_text(e event) returns text language sql immutable as $$
  select concat_ws(E'\x1f', e.insurer_number, e.seq, e.issuance_id, e.subject, e.paper_number, e.event, e.from_state,
                   e.to_state, extract(epoch from e.at), e.actor, e.reason, e.source, e.key,
                   'on ' || extract(epoch from e.happened_on))
$$;

insert into transition values
  ('certificate', 'request-return', 'superseded', 'superseded'),
  ('certificate', 'demand-return', 'superseded', 'return-demanded'),
  ('certificate', 'remind', 'return-demanded', 'return-demanded'),
  ('certificate', 'give-back', 'unrecoverable', 'given-back'),
  ('certificate', 'give-back', 'expired', 'given-back'),
  ('certificate', 'give-up', 'return-demanded', 'unrecoverable'),
  ('certificate', 'declare-missing', 'superseded', 'missing'),
  ('certificate', 'find', 'missing', 'issued'),
  ('certificate', 'find', 'superseded', 'return-demanded'),
  ('certificate', 'present', 'issued', 'issued'),
  ('certificate', 'present', 'return-requested', 'return-requested'),
  ('certificate', 'expire', 'unrecoverable', 'expired');

-- Filings of loss and change, as they arrived. 'late' and the duty of the old card are what the rules said that day.
create table filing (
  insurer_number text not null references insurer,
  kind text not null check (kind in ('loss', 'dependent-loss', 'name-change')),
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null check (length(sub_number) = 2),
  -- Of a loss the first day without cover.
  effective_on date not null,
  arrived_on date not null,
  processed_on date not null check (processed_on >= arrived_on),
  is_late boolean not null,
  legacy_card text not null check (legacy_card in ('attached', 'unrecoverable', 'none', 'unsaid')),
  legacy_duty text not null check (legacy_duty in ('return-through-workplace', 'return-to-insurer', 'destroy-allowed')),
  certificate text not null check (certificate in ('attached', 'unrecoverable', 'none', 'unsaid')),
  -- Why a paper cannot come back.
  reason text not null,
  source text not null,
  actor text not null,
  recorded_at timestamptz not null default now(),
  primary key (insurer_number, symbol, number, sub_number, kind, effective_on),
  constraint what_cannot_come_back_has_a_reason
    check (reason <> '' or 'unrecoverable' not in (legacy_card, certificate)),
  constraint only_losses_are_late check (not is_late or kind <> 'name-change')
);
create trigger frozen before update or delete on filing for each row execute function refuse_change();

-- Each certificate the law asks back, once, with the loss that is counted from.
create table recall_demand (
  certificate_number bigint primary key,
  insurer_number text not null references insurer,
  ground text not null check (ground in ('lost', 'found')),
  lost_on date,
  processed_on date not null,
  constraint a_loss_has_its_day check ((ground = 'lost') = (lost_on is not null))
);
create index recall_demand_insurer on recall_demand (insurer_number);
create trigger frozen before update or delete on recall_demand for each row execute function refuse_change();

-- A demand is in the chain, or it is none. Asked at commit, as both are written together.
create function refuse_demand_without_event() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from event where paper_number = new.certificate_number and insurer_number = new.insurer_number
                                       and to_state = 'return-demanded') then
    raise exception 'demand_without_event: %', new.certificate_number using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger demand_has_event after insert on recall_demand
  deferrable initially deferred for each row execute function refuse_demand_without_event();

-- 資格確認書回収連絡書: what a workplace is asked for, on a day; the papers apart by kind.
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
create table recall_slip_paper (
  slip_id integer not null references recall_slip,
  certificate_number bigint not null,
  ground text not null check (ground in ('lost', 'found', 'enrolled', 'superseded')),
  primary key (slip_id, certificate_number)
);
create trigger frozen before update or delete on recall_slip for each row execute function refuse_change();
create trigger frozen before update or delete on recall_slip_paper for each row execute function refuse_change();

-- The papers of a slip come in one statement, after it; at commit no slip may stand without them.
create function refuse_uneven_slip(slips integer[]) returns void language plpgsql as $$
declare
  uneven record;
begin
  select s.id, s.duty_count, s.request_count, count(*) filter (where p.ground in ('lost', 'found')) as duty,
         count(*) filter (where p.ground in ('enrolled', 'superseded')) as request
    into uneven
    from recall_slip s left join recall_slip_paper p on p.slip_id = s.id
   where s.id = any (slips)
   group by s.id
  having count(*) filter (where p.ground in ('lost', 'found')) <> s.duty_count
      or count(*) filter (where p.ground in ('enrolled', 'superseded')) <> s.request_count
   limit 1;
  if found then
    raise exception 'balance_slip_papers: slip % says % and %, lists % and %', uneven.id, uneven.duty_count,
      uneven.request_count, uneven.duty, uneven.request using errcode = 'check_violation';
  end if;
end $$;
create function check_slip() returns trigger language plpgsql as $$
begin
  perform refuse_uneven_slip(array[new.id]);
  return null;
end $$;
create function check_slip_papers() returns trigger language plpgsql as $$
begin
  perform refuse_uneven_slip(array(select distinct slip_id from added));
  return null;
end $$;
create constraint trigger balance_slip_papers after insert on recall_slip
  deferrable initially deferred for each row execute function check_slip();
create trigger balance_slip_papers after insert on recall_slip_paper
  referencing new table as added for each statement execute function check_slip_papers();

-- What came back with a slip: as written on it, and as counted or read here.
create table recall_receipt (
  id integer generated always as identity primary key,
  slip_id integer not null references recall_slip,
  received_on date not null,
  way text not null check (way in ('scan', 'count')),
  -- On the slip; null where it says nothing.
  declared_count integer check (declared_count >= 0),
  counted_count integer not null check (counted_count >= 0),
  -- Papers recorded as given back by this receipt or found so already, and those the slip does not list.
  listed_count integer not null check (listed_count >= 0),
  unlisted_count integer not null check (unlisted_count >= 0),
  -- Of the slip, still out afterwards.
  open_count integer not null check (open_count >= 0),
  actor text not null,
  recorded_at timestamptz not null default now(),
  constraint balance_receipt check (way = 'count' or counted_count = listed_count + unlisted_count)
);
create trigger frozen before update or delete on recall_receipt for each row execute function refuse_change();
