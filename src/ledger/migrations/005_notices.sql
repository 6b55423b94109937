-- 資格情報のお知らせ: an issuance of another kind on the same spine. A notice is one person's, in one mailpiece of its own
-- (there `certificate_count` = papers of persons inside = 1); those through the employer lie in parcels.

alter table issuance add column paper_kind text not null default 'certificate' check (paper_kind in ('certificate', 'notice'));

-- The last four digits of the individual number, sealed (AES-256-GCM: nonce 12, digits 4, tag 16 bytes) before they
-- reach the database. What older rows held unsealed is dropped, not kept.
alter table member drop column individual_number_last4;
alter table member add column sealed_digits bytea check (length(sealed_digits) = 32);

-- A decision's reason belongs to the kind of its issuance (checked when a chunk closes) and to its side (checked here).
alter table decision drop constraint reasons_partition;
alter table decision add constraint reasons_partition check (
  case when is_target
    then reason in ('special-care', 'unlinked', 'card-returned', 'no-card', 'deregistered', 'unregistered',
                    'certificate-expired', 'no-status', 'member', 'joined-since', 'symbol-changed', 'held-before')
    else reason in ('lost', 'not-yet', 'day-labourer', 'after-cutoff', 'no-legacy-card', 'holds-certificate',
                    'verifiable', 'already-noticed', 'earlier-unsent')
  end);

create function is_reason_of(kind text, reason text) returns boolean language sql immutable as $$
  select case kind
    when 'notice' then reason in ('member', 'joined-since', 'symbol-changed', 'held-before', 'lost', 'not-yet',
                                  'day-labourer', 'after-cutoff', 'already-noticed', 'earlier-unsent')
    else reason not in ('member', 'joined-since', 'symbol-changed', 'held-before', 'already-noticed',
                        'earlier-unsent') end
$$;

alter table target_exit drop constraint target_exit_reason_check;
alter table target_exit add constraint target_exit_reason_check check (
  reason in ('mail-stopped', 'withdrawn-lost', 'no-validity', 'reached-75', 'match-unresolved', 'income-unknown',
             'no-address'));

-- Who was noticed under another symbol before the workplace moved out of the branch's area; found when a round opens.
create table moved_member (
  issuance_id integer not null references issuance,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as (number::bigint) stored,
  -- The first day the change can have been: 取得決定年月日 where it lies after the earlier round, else the day after that.
  changed_on date not null,
  primary key (issuance_id, symbol, number_rank, number, sub_number)
);
create trigger frozen before update or delete on moved_member for each row execute function refuse_change();

create table notice (
  issuance_id integer not null,
  chunk_no integer not null,
  mailpiece_number bigint not null,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  number_rank bigint not null generated always as (number::bigint) stored,
  match_class text not null check (match_class in ('agrees', 'confirmed', 'low-risk', 'unresolved', 'not-submitted')),
  -- Whether the last four digits stand on it; they themselves are in no row but the member's.
  shows_digits boolean not null,
  request_form boolean not null,
  -- Tenths of the cost; null = 高齢受給者証 says it.
  ratio smallint check (ratio in (2, 3)),
  ratio_from date,
  ratio_through date,
  primary key (issuance_id, symbol, number_rank, number, sub_number),
  unique (issuance_id, mailpiece_number),
  constraint digits_of_the_matched_alone
    check (not shows_digits or match_class in ('agrees', 'confirmed', 'low-risk')),
  constraint digits_or_request_form check (shows_digits <> request_form),
  check ((ratio_from is null) = (ratio_through is null))
) partition by list (issuance_id);
create trigger closed_chunk after insert on notice
  referencing new table as added for each statement execute function refuse_rows_of_closed_chunk();
create trigger frozen before update or delete on notice for each row execute function refuse_change();

-- Parcels to workplaces, in order of symbol.
create table notice_parcel (
  issuance_id integer not null references issuance,
  no integer not null check (no > 0),
  insurer_number text not null references insurer,
  symbol text collate "C" not null,
  sequence smallint not null check (sequence > 0),
  sequence_count smallint not null check (sequence_count >= sequence),
  container text not null check (container in ('envelope', 'box')),
  notice_count smallint not null check (notice_count > 0),
  -- Estimates.
  weight_g integer not null check (weight_g > 0),
  depth_mm integer not null check (depth_mm > 0),
  -- 引受番号 from the range the post office assigned; null = none is left, or none was assigned.
  acceptance_number text check (acceptance_number ~ '^[56][0-9]{10}$'
    and left(acceptance_number, 10)::bigint % 7 = right(acceptance_number, 1)::bigint),
  primary key (issuance_id, no),
  unique (issuance_id, symbol, sequence),
  unique (insurer_number, acceptance_number)
);

create table parcelled_notice (
  issuance_id integer not null,
  mailpiece_number bigint not null,
  parcel_no integer not null,
  position smallint not null check (position > 0),
  primary key (issuance_id, mailpiece_number),
  unique (issuance_id, parcel_no, position),
  foreign key (issuance_id, parcel_no) references notice_parcel
) partition by list (issuance_id);

-- One row closes the parcels of an issuance; the database counts.
create table packing (
  issuance_id integer primary key references issuance,
  notice_count integer,
  home_count integer,
  parcelled_count integer,
  parcel_count integer,
  constraint balance_notices_parcels
    check (coalesce(notice_count = parcelled_count + home_count, false))
);

create function count_packing() returns trigger language plpgsql as $$
declare
  strays bigint;
begin
  if exists (select 1 from chunk where issuance_id = new.issuance_id and enclosed_at is null) then
    raise exception 'balance_notices_parcels: chunks are open' using errcode = 'check_violation';
  end if;
  -- A notice in another workplace's parcel, or one that goes home; a parcel that does not hold what it says.
  select count(*) into strays
    from parcelled_notice i
    join notice_parcel p on p.issuance_id = i.issuance_id and p.no = i.parcel_no
    left join mailpiece m on m.issuance_id = i.issuance_id and m.mailpiece_number = i.mailpiece_number
   where i.issuance_id = new.issuance_id and (m.symbol is distinct from p.symbol or m.route <> 'workplace');
  select strays + count(*) into strays
    from notice_parcel p
    left join (select parcel_no, count(*) as held, max(position) as top from parcelled_notice
                where issuance_id = new.issuance_id group by parcel_no) i on i.parcel_no = p.no
   where p.issuance_id = new.issuance_id and (i.held is distinct from p.notice_count or i.top is distinct from i.held);
  if strays > 0 then
    raise exception 'balance_notices_parcels: % notices or parcels out of place', strays
      using errcode = 'check_violation';
  end if;
  select count(*) into new.notice_count from notice where issuance_id = new.issuance_id;
  select count(*) into new.home_count from mailpiece where issuance_id = new.issuance_id and route = 'home';
  select count(*) into new.parcelled_count from parcelled_notice where issuance_id = new.issuance_id;
  select count(*) into new.parcel_count from notice_parcel where issuance_id = new.issuance_id;
  return new;
end $$;
create trigger count_packing before insert on packing for each row execute function count_packing();

create function refuse_rows_of_packed_issuance() returns trigger language plpgsql as $$
begin
  if exists (select 1 from (select distinct issuance_id from added) a join packing using (issuance_id)) then
    raise exception 'closed_packing: % of a packed issuance is closed', tg_table_name using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger closed_packing after insert on notice_parcel
  referencing new table as added for each statement execute function refuse_rows_of_packed_issuance();
create trigger closed_packing after insert on parcelled_notice
  referencing new table as added for each statement execute function refuse_rows_of_packed_issuance();
create trigger frozen before update or delete on notice_parcel for each row execute function refuse_change();
create trigger frozen before update or delete on parcelled_notice for each row execute function refuse_change();
create trigger frozen before update or delete on packing for each row execute function refuse_change();

-- Every look at somebody's digits, one row a person, written in the transaction that reads them.
create table digits_look (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null check (actor <> ''),
  -- Where they are shown: on paper (print, reference, proof) or to a person.
  purpose text not null check (purpose in ('print', 'reference', 'proof', 'person')),
  reason text not null,
  insurer_number text not null references insurer,
  dataset_id integer not null references dataset,
  issuance_id integer references issuance,
  symbol text collate "C" not null,
  number text collate "C" not null,
  sub_number text collate "C" not null,
  check (purpose <> 'person' or reason <> '')
);
create trigger frozen before update or delete on digits_look for each row execute function refuse_change();

-- A notice sheet may stand alone: no request form, no second page.
alter table printed_piece alter column certificate_page drop not null;

create or replace function count_decisions(c chunk, out targets bigint, out others bigint, out strays bigint)
language sql stable as $$
  select count(*) filter (where is_target), count(*) filter (where not is_target),
         count(*) filter (where chunk_no <> c.no
                            or not is_reason_of((select paper_kind from issuance where id = c.issuance_id), reason))
    from decision d
   where d.issuance_id = c.issuance_id
     and (d.symbol, d.number_rank, d.number) >= (c.first_symbol, c.first_rank, c.first_number)
     and (d.symbol, d.number_rank, d.number) <= (c.last_symbol, c.last_rank, c.last_number)
$$;

-- Papers of persons, certificates and notices alike, with the pieces they lie in.
create or replace function count_enclosed(c chunk, out pieces bigint, out certificates bigint, out strays bigint)
language sql stable as $$
  with piece as (
    select mailpiece_number, certificate_count from mailpiece
     where issuance_id = c.issuance_id and mailpiece_number between first_serial('2', c) and last_serial('2', c)
  ), enclosed as (
    select mailpiece_number, count(*) as held, max(position) as top from certificate
     where issuance_id = c.issuance_id and certificate_number between first_serial('1', c) and last_serial('1', c)
     group by mailpiece_number
    union all
    -- Unique by piece; one that lies with a certificate is a stray below.
    select mailpiece_number, 1, 1 from notice
     where issuance_id = c.issuance_id and mailpiece_number between first_serial('2', c) and last_serial('2', c)
  )
  select count(distinct p.mailpiece_number), coalesce(sum(e.held), 0),
         count(*) filter (where p.mailpiece_number is null or e.mailpiece_number is null
                            or p.certificate_count <> e.held or e.top <> e.held)
           + count(*) - count(distinct coalesce(p.mailpiece_number, e.mailpiece_number))
    from piece p full join enclosed e using (mailpiece_number)
$$;

create or replace function count_papers_of_nobody(c chunk) returns bigint language sql stable as $$
  with paper as (
    select symbol, number::bigint as number_rank, number, sub_number from certificate
     where issuance_id = c.issuance_id and certificate_number between first_serial('1', c) and last_serial('1', c)
    union all
    select symbol, number_rank, number, sub_number from notice
     where issuance_id = c.issuance_id and mailpiece_number between first_serial('2', c) and last_serial('2', c)
    union all
    select symbol, number::bigint, number, sub_number from target_exit
     where issuance_id = c.issuance_id and chunk_no = c.no
  ), target as (
    select symbol, number_rank, number, sub_number from decision d
     where d.issuance_id = c.issuance_id and d.is_target
       and (d.symbol, d.number_rank, d.number) >= (c.first_symbol, c.first_rank, c.first_number)
       and (d.symbol, d.number_rank, d.number) <= (c.last_symbol, c.last_rank, c.last_number)
  )
  -- Each table is unique by person, so only a paper and an exit can double, or papers of the two kinds.
  select (select count(*) from paper left join target using (symbol, number_rank, number, sub_number)
           where target.symbol is null)
       + (select count(*) from target_exit e join certificate using (issuance_id, symbol, number, sub_number)
           where e.issuance_id = c.issuance_id and e.chunk_no = c.no)
       + (select count(*) from target_exit e join notice using (issuance_id, symbol, number, sub_number)
           where e.issuance_id = c.issuance_id and e.chunk_no = c.no)
       + case when (select paper_kind from issuance where id = c.issuance_id) = 'notice'
           then (select count(*) from certificate where issuance_id = c.issuance_id
                    and certificate_number between first_serial('1', c) and last_serial('1', c))
           else (select count(*) from notice where issuance_id = c.issuance_id
                    and mailpiece_number between first_serial('2', c) and last_serial('2', c)) end
$$;

create or replace function create_issuance_partitions(issuance integer) returns void language plpgsql as $$
declare
  parent text;
  kind text := (select i.paper_kind from issuance i where i.id = issuance);
begin
  foreach parent in array array['decision', 'mailpiece', 'printed_piece']
    || case kind when 'notice' then array['notice', 'parcelled_notice'] else array['certificate'] end loop
    execute format('create table %I partition of %I for values in (%s)', parent || '_' || issuance, parent, issuance);
  end loop;
end $$;

-- Every paper of a person with the piece it lies in, of either kind.
create view person_paper as
  select issuance_id, mailpiece_number, symbol, number, sub_number from certificate
  union all
  select issuance_id, mailpiece_number, symbol, number, sub_number from notice;
