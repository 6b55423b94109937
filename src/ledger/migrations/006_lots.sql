-- Lots: the pieces of one wave (of a whole issuance where there are none), released for print and for post by two
-- different persons each, and closed by two when nothing of it is missing. Parcels to workplaces, closed by scan. Files for
-- others hold nobody outside their recipient.

create table lot (
  issuance_id integer not null references issuance,
  no smallint not null check (no > 0),
  -- 「第1波」, or '' where the profile has no waves.
  name text not null,
  -- Days on which its pieces may be posted, both included; null = no such day.
  post_from date,
  post_through date,
  -- False = every piece of the issuance; true = the shares below.
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

-- The run of a branch's pieces (by number) that goes into a lot; '' = without a branch. Shares of one branch never meet.
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

-- Two different persons a step: two places, and one key a person.
create table lot_confirmation (
  issuance_id integer not null,
  lot_no smallint not null,
  step text not null check (step in ('print', 'post', 'close')),
  place smallint not null check (place in (1, 2)),
  person text not null check (person <> ''),
  -- The name with its spellings folded: two spellings of one name are one person.
  person_key text not null check (person_key <> ''),
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  primary key (issuance_id, lot_no, step, place),
  constraint two_different_persons unique (issuance_id, lot_no, step, person_key),
  foreign key (issuance_id, lot_no) references lot
);

-- Issuances printed before lots were: each is one lot.
insert into lot (issuance_id, no, name, by_branch) select distinct issuance_id, 1, '', false from print_batch;
alter table print_batch add column lot_no smallint not null default 1;
alter table print_batch add constraint print_batch_lot foreign key (issuance_id, lot_no) references lot;

-- A lot's pieces: all of the issuance, or those of its shares.
create function is_in_lot(run integer, lot smallint, branch text, piece bigint) returns boolean language sql stable as $$
  select exists (select 1 from lot l where l.issuance_id = run and l.no = lot and not l.by_branch)
      or exists (select 1 from lot_share s where s.issuance_id = run and s.lot_no = lot and s.branch_code = branch
                    and piece between s.first_mailpiece and s.last_mailpiece)
$$;

-- As in 004, of the pieces of the batch's lot alone.
create or replace function close_print_batch() returns trigger language plpgsql as $$
declare
  counted record;
begin
  if old.printed_at is not null then
    raise exception 'closed_batch: batch % is printed', old.no using errcode = 'check_violation';
  end if;
  if new.lot_no <> old.lot_no then
    raise exception 'closed_batch: a batch stays in its lot' using errcode = 'check_violation';
  end if;
  if new.printed_at is not null then
    -- Every piece of the batch's range, with what is on paper of it and what was withdrawn.
    with piece as (
      select m.mailpiece_number, m.certificate_count as planned, p.certificate_count as printed, p.batch_no <> new.no as elsewhere,
             exists (select 1 from held_piece h where h.issuance_id = new.issuance_id and h.batch_no = new.no
                        and h.mailpiece_number = m.mailpiece_number) as is_held,
             coalesce(s.state = 'withdrawn', false) as is_withdrawn,
             (select count(*) from certificate c join paper_state cs on cs.paper_number = c.certificate_number
               where c.issuance_id = new.issuance_id and c.mailpiece_number = m.mailpiece_number
                 and c.certificate_number between first_certificate(m.mailpiece_number)
                                              and last_certificate(m.mailpiece_number)
                 and cs.state = 'withdrawn') as withdrawn
        from mailpiece m
        join issuance i on i.id = new.issuance_id
        left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = m.symbol
        left join printed_piece p on p.issuance_id = new.issuance_id and p.mailpiece_number = m.mailpiece_number
        left join paper_state s on s.paper_number = m.mailpiece_number
       where m.issuance_id = new.issuance_id and m.route = new.route
         and m.mailpiece_number between new.first_mailpiece and new.last_mailpiece
         and is_in_lot(new.issuance_id, new.lot_no, coalesce(w.branch_code, ''), m.mailpiece_number)
    )
    select count(*) filter (where printed is not null) as printed_pieces,
           coalesce(sum(printed), 0) as printed_certificates,
           count(*) filter (where is_held and printed is null) as held_pieces,
           coalesce(sum(planned - withdrawn) filter (where is_held and printed is null), 0) as held_certificates,
           count(*) filter (where is_withdrawn and not is_held and printed is null) as withdrawn_pieces,
           coalesce(sum(withdrawn) filter (where printed is not null or is_held), 0)
             + coalesce(sum(planned) filter (where is_withdrawn and not is_held and printed is null), 0)
             as withdrawn_certificates,
           count(*) filter (where elsewhere or is_held and printed is not null or printed <> planned - withdrawn) as strays
      into counted from piece;
    if counted.strays > 0
       or (select count(*) from printed_piece p where p.issuance_id = new.issuance_id and p.batch_no = new.no)
          <> counted.printed_pieces then
      raise exception 'balance_mailpieces_printed: % pieces printed that should not be, or not as they should',
        counted.strays using errcode = 'check_violation';
    end if;
    new.printed_count := counted.printed_pieces;
    new.printed_certificate_count := counted.printed_certificates;
    new.held_count := counted.held_pieces;
    new.held_certificate_count := counted.held_certificates;
    new.withdrawn_count := counted.withdrawn_pieces;
    new.withdrawn_certificate_count := counted.withdrawn_certificates;
  end if;
  return new;
end $$;

create trigger frozen before update or delete on lot_share for each row execute function refuse_change();
create trigger frozen before update or delete on lot_confirmation for each row execute function refuse_change();
create trigger frozen before delete on lot for each row execute function refuse_change();

create function is_released(run integer, lot smallint, released text) returns boolean language sql stable
  security definer set search_path = todoke, pg_temp as $$
  select count(*) = 2 from lot_confirmation where issuance_id = run and lot_no = lot and step = released
$$;

-- Print before post before close, and no batch of the lot without its files.
create function refuse_early_confirmation() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if new.step = 'post' and not is_released(new.issuance_id, new.lot_no, 'print')
     or new.step = 'close' and not is_released(new.issuance_id, new.lot_no, 'post') then
    raise exception 'lot_order: % of lot % comes too early', new.step, new.lot_no using errcode = 'check_violation';
  end if;
  if exists (select 1 from print_batch where issuance_id = new.issuance_id and lot_no = new.lot_no and printed_at is null) then
    raise exception 'lot_unprinted: lot % has batches without files', new.lot_no using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger early before insert on lot_confirmation for each row execute function refuse_early_confirmation();

-- What became of a lot's pieces, from the rows. What left before print is in no file; the rest is told by its events.
create function count_lot(run integer, lot smallint, out extracted bigint, out held bigint, out withdrawn bigint,
                          out spoiled bigint, out remade bigint, out printed bigint, out enclosed bigint,
                          out posted bigint)
language sql stable
  security definer set search_path = todoke, pg_temp as $$
  with batch as (
    select no, mailpiece_count, coalesce(withdrawn_count, 0) as withdrawn_count from print_batch
     where issuance_id = run and lot_no = lot
  ), paper as (
    select p.mailpiece_number, bool_or(e.event = 'withdraw') as withdrawn, bool_or(e.event = 'spoil') as spoiled,
           bool_or(e.event = 'enclose') as enclosed, bool_or(e.event = 'post') as posted
      from printed_piece p left join event e on e.paper_number = p.mailpiece_number
     where p.issuance_id = run and p.batch_no in (select no from batch)
     group by p.mailpiece_number
  ), stopped as (
    select h.mailpiece_number, coalesce(s.state = 'withdrawn', false) as withdrawn
      from (select distinct mailpiece_number from held_piece
             where issuance_id = run and batch_no in (select no from batch)) h
      left join paper_state s on s.paper_number = h.mailpiece_number
  ), good as (
    select * from paper where not coalesce(withdrawn, false) and not coalesce(spoiled, false)
  )
  select (select coalesce(sum(mailpiece_count), 0) from batch),
         (select count(*) from stopped where not stopped.withdrawn),
         (select coalesce(sum(withdrawn_count), 0) from batch) + (select count(*) from paper where paper.withdrawn)
           + (select count(*) from stopped where stopped.withdrawn),
         (select count(*) from paper where paper.spoiled),
         (select count(*) from paper join remade_piece r on r.parent_id = run
                                                        and r.mailpiece_number = paper.mailpiece_number
           where paper.spoiled),
         (select count(*) from good),
         (select count(*) from good where good.enclosed),
         (select count(*) from good where good.posted)
$$;

-- Whoever closes a lot only says when; the counts are the database's own.
create function close_lot() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  counted record;
begin
  if old.closed_at is not null then
    raise exception 'closed_lot: lot % is closed', old.no using errcode = 'check_violation';
  end if;
  if (new.name, new.by_branch) is distinct from (old.name, old.by_branch)
     or (new.post_from, new.post_through) is distinct from (old.post_from, old.post_through) then
    raise exception 'lot: what a lot is never changes' using errcode = 'check_violation';
  end if;
  if new.closed_at is not null then
    if not is_released(new.issuance_id, new.no, 'close') then
      raise exception 'lot_unconfirmed: two persons close lot %', new.no using errcode = 'check_violation';
    end if;
    counted := count_lot(new.issuance_id, new.no);
    new.extracted_count := counted.extracted;
    new.held_count := counted.held;
    new.withdrawn_count := counted.withdrawn;
    new.spoiled_count := counted.spoiled;
    new.remade_count := counted.remade;
    new.printed_count := counted.printed;
    new.enclosed_count := counted.enclosed;
    new.posted_count := counted.posted;
  end if;
  return new;
end $$;
create trigger close_lot before update on lot for each row execute function close_lot();

-- A named override lets one piece be posted against the calendar, the release, or again.
insert into transition values
  ('mailpiece', 'override', 'enclosed', 'enclosed'),
  ('mailpiece', 'override', 'posted', 'enclosed');

-- Who left the company is reported by the workplace; the piece is made again for home, or its papers are recalled.
insert into transition values
  ('mailpiece', 'report-left', 'posted', 'left-workplace'),
  ('mailpiece', 'report-left', 'not-handed-over', 'left-workplace'),
  ('mailpiece', 'reroute', 'left-workplace', 'rerouted');
alter table issuance drop constraint issuance_remake_check;
alter table issuance add constraint issuance_remake_check check (remake in ('reroute', 'reprint', 'rehome'));

-- Posting needs the two persons' release of its lot, and its parcel closed; or a named override just before.
create function refuse_unreleased_posting() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  before text;
  lot smallint;
begin
  select event into before from event
   where paper_number = new.paper_number and seq < new.seq order by seq desc limit 1;
  if before = 'override' then
    return null;
  end if;
  select b.lot_no into lot
    from printed_piece p join print_batch b on b.issuance_id = p.issuance_id and b.no = p.batch_no
   where p.issuance_id = new.issuance_id and p.mailpiece_number = new.paper_number;
  if found and not is_released(new.issuance_id, lot, 'post') then
    raise exception 'posting_unreleased: lot % is not released', lot using errcode = 'check_violation';
  end if;
  if exists (select 1 from parcel_piece i join parcel p on p.id = i.parcel_id
              where i.mailpiece_number = new.paper_number and p.closed_at is null) then
    raise exception 'parcel_open: the parcel is not closed' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger released after insert on event for each row
  when (new.event = 'post' and new.subject = 'mailpiece') execute function refuse_unreleased_posting();

-- Pieces that go to a workplace together.
create table parcel (
  id integer generated always as identity primary key,
  issuance_id integer not null references issuance,
  symbol text collate "C" not null,
  sequence smallint not null check (sequence > 0),
  sequence_count smallint not null check (sequence_count >= sequence),
  container text not null check (container in ('envelope', 'box')),
  opened_at timestamptz not null default clock_timestamp(),
  opened_by text not null,
  -- Pieces that are still to go, and those of them that were scanned in, counted when it closes.
  expected_count integer,
  scanned_count integer,
  closed_at timestamptz,
  closed_by text,
  check ((closed_at is null) = (closed_by is null)),
  constraint balance_parcel
    check (closed_at is null or coalesce(expected_count = scanned_count and expected_count > 0, false))
);
create index parcel_workplace on parcel (issuance_id, symbol);

-- A piece goes into one parcel.
create table parcel_piece (
  mailpiece_number bigint primary key,
  parcel_id integer not null references parcel,
  position smallint not null check (position > 0),
  scanned_at timestamptz,
  scanned_by text,
  unique (parcel_id, position),
  check ((scanned_at is null) = (scanned_by is null))
);

create function check_parcel_piece() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  owner parcel;
begin
  select * into owner from parcel where id = new.parcel_id;
  if owner.closed_at is not null then
    raise exception 'closed_parcel: parcel % is closed', owner.id using errcode = 'check_violation';
  end if;
  if tg_op = 'UPDATE' then
    if (new.mailpiece_number, new.parcel_id, new.position) is distinct from
       (old.mailpiece_number, old.parcel_id, old.position) or old.scanned_at is not null then
      raise exception 'parcel_piece: a piece is scanned in once' using errcode = 'check_violation';
    end if;
    if not exists (select 1 from paper_state where paper_number = new.mailpiece_number and state = 'enclosed') then
      raise exception 'parcel_piece: the piece is not sealed' using errcode = 'check_violation';
    end if;
  -- Nobody's papers go to another workplace.
  elsif not exists (select 1 from mailpiece where issuance_id = owner.issuance_id and route = 'workplace'
                      and mailpiece_number = new.mailpiece_number and symbol = owner.symbol) then
    raise exception 'outside_recipient: the piece is not of this workplace' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger check_parcel_piece before insert or update on parcel_piece
  for each row execute function check_parcel_piece();
create trigger frozen before delete on parcel_piece for each row execute function refuse_change();
create trigger frozen before delete on parcel for each row execute function refuse_change();

create function close_parcel() returns trigger language plpgsql
  security definer set search_path = todoke, pg_temp as $$
begin
  if old.closed_at is not null then
    raise exception 'closed_parcel: parcel % is closed', old.id using errcode = 'check_violation';
  end if;
  if (new.issuance_id, new.symbol, new.sequence, new.sequence_count) is distinct from
     (old.issuance_id, old.symbol, old.sequence, old.sequence_count) then
    raise exception 'parcel: whose a parcel is never changes' using errcode = 'check_violation';
  end if;
  if new.closed_at is not null then
    -- What was withdrawn or spoiled does not go; if it was scanned in, it must come out first: the counts differ.
    select count(*) filter (where coalesce(s.state, '') not in ('withdrawn', 'spoiled', 'destroyed')),
           count(*) filter (where i.scanned_at is not null)
      into new.expected_count, new.scanned_count
      from parcel_piece i left join paper_state s on s.paper_number = i.mailpiece_number
     where i.parcel_id = new.id;
  end if;
  return new;
end $$;
create trigger close_parcel before update on parcel for each row execute function close_parcel();

-- A file for a workplace, a branch or the contractor holds nobody outside it, whoever made it: the rows as they will be
-- written are compared with the papers of the ledger. `recipients[i]` = symbol or branch code of row i ('' = contractor).
create function refuse_outsiders(insurer text, kind text, recipients text[], symbols text[], numbers text[],
                                 sub_numbers text[]) returns void language plpgsql
  security definer set search_path = todoke, pg_temp as $$
declare
  outside bigint;
  first_row bigint;
begin
  with listed as (
    select l.recipient, l.symbol collate "C" as symbol, l.number collate "C" as number,
           l.sub_number collate "C" as sub_number, l.place
      from unnest(recipients, symbols, numbers, sub_numbers) with ordinality l (recipient, symbol, number, sub_number, place)
  ), paper as (
    select l.place, bool_or(p.mailpiece_number is not null) as is_printed,
           coalesce(bool_or(w.branch_code = l.recipient), false) as is_of_branch
      from listed l
      join issuance i on i.insurer_number = insurer
      join certificate c on c.issuance_id = i.id and c.symbol = l.symbol and c.number = l.number
                        and c.sub_number = l.sub_number
      left join printed_piece p on p.issuance_id = i.id and p.mailpiece_number = c.mailpiece_number
      left join workplace w on kind = 'branch' and w.dataset_id = i.workplaces_id and w.symbol = l.symbol
     group by l.place
  )
  select count(*), min(l.place) into outside, first_row
    from listed l left join paper using (place)
   where not coalesce(case kind when 'workplace' then l.symbol = l.recipient and paper.place is not null
                                when 'branch' then paper.is_of_branch
                                when 'contractor' then paper.is_printed end, false);
  if outside > 0 then
    raise exception 'outside_recipient: % of the % rows are outside their recipient, the first is row %', outside,
      cardinality(symbols), first_row using errcode = 'check_violation';
  end if;
end $$;

-- A scan at the station is one statement: what the piece is, and its return recorded where the table of transitions allows
-- one. `outcome` null = the insurer has no such issuance (`found` false) or no such piece.
create function scan_return(insurer text, run integer, paper bigint, why text, who text,
                            out issuance_found boolean, out outcome text, out state text, out insured_class text,
                            out has_workplace boolean, out has_optional_entries boolean, out is_protected boolean)
language plpgsql as $$
declare
  own issuance;
  piece_symbol text;
  event_key text;
begin
  select * into own from issuance where id = run and insurer_number = insurer;
  issuance_found := found;
  if not found then return; end if;
  select m.symbol into piece_symbol from mailpiece m where m.issuance_id = run and m.mailpiece_number = paper;
  if not found then return; end if;
  select min(m.insured_class), bool_or(m.has_optional_entries), bool_or(m.mail_stopped)
    into insured_class, has_optional_entries, is_protected
    from certificate c
    join member m on m.dataset_id = own.members_id and m.symbol = c.symbol and m.number_rank = c.number::bigint
                 and m.number = c.number and m.sub_number = c.sub_number
   where c.issuance_id = run and c.mailpiece_number = paper
     and c.certificate_number between first_certificate(paper) and last_certificate(paper);
  has_workplace := exists (select 1 from workplace w where w.dataset_id = own.workplaces_id and w.symbol = piece_symbol);
  select s.state into state from paper_state s where s.paper_number = paper;
  if not found then state := first_state('mailpiece', run, paper); end if;
  -- A piece that was posted again, or whose return was taken back, may come back again.
  select 'return:' || paper || ':' || count(*) into event_key from event
   where paper_number = paper and event in ('post', 'repost', 'take-back-return');
  if exists (select 1 from transition t where t.subject = 'mailpiece' and t.event = 'return' and t.from_state = scan_return.state) then
    insert into event (insurer_number, seq, issuance_id, subject, paper_number, event, from_state, to_state, actor,
                       reason, source, key, hash)
    values (insurer, 0, run, 'mailpiece', paper, 'return', '', '', who, why, '', event_key, '');
    -- Another station was first: the same return.
    outcome := case when found then 'recorded' else 'already' end;
  else
    outcome := case when exists (select 1 from event where insurer_number = insurer and key = event_key)
                    then 'already' else 'refused' end;
  end if;
end $$;

-- Files that came in carry the days they speak of: none may be older than one taken before, but by a named override.
alter table job_file add column through_on date;
alter table job_file add column override_by text;
create function refuse_older_file() returns trigger language plpgsql as $$
begin
  if new.override_by is null and new.through_on < (select max(through_on) from job_file
       where insurer_number = new.insurer_number and kind = new.kind and issuance_id = new.issuance_id) then
    raise exception 'file_precedes: a newer file of this kind was taken before' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger older before insert on job_file for each row execute function refuse_older_file();

-- The console's role sees lots where it sees the issuance, and parcels where it sees the workplace; it confirms, and the
-- triggers above count and refuse.
grant select on lot, lot_share, lot_confirmation, parcel, parcel_piece to todoke_console;
grant insert on lot_confirmation, parcel, parcel_piece to todoke_console;
grant update (closed_at) on lot to todoke_console;
grant update (closed_at, closed_by) on parcel to todoke_console;
grant update (scanned_at, scanned_by) on parcel_piece to todoke_console;
do $$
declare
  name text;
begin
  foreach name in array array['lot', 'lot_share', 'lot_confirmation'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy insurer_wall on %I to todoke_console using (issuance_id in (select id from issuance))',
      name);
  end loop;
end $$;
alter table parcel enable row level security;
create policy people_wall on parcel to todoke_console
  using (issuance_id in (select id from issuance) and symbol in (select w.symbol from workplace w));
alter table parcel_piece enable row level security;
create policy people_wall on parcel_piece to todoke_console using (parcel_id in (select id from parcel));
