-- The life of papers: events that are only added, each with who, when, why and from which file, chained by hashes for
-- each insurer; the present state follows from them and from nothing else.

-- The same table as rules/lifecycle.ts; a test compares them.
create table transition (
  subject text not null check (subject in ('mailpiece', 'certificate')),
  event text not null,
  from_state text not null,
  to_state text not null,
  primary key (subject, event, from_state)
);

insert into transition values
  ('mailpiece', 'print', 'planned', 'printed'),
  ('mailpiece', 'spoil', 'printed', 'spoiled'),
  ('mailpiece', 'spoil', 'enclosed', 'spoiled'),
  ('mailpiece', 'enclose', 'printed', 'enclosed'),
  ('mailpiece', 'post', 'enclosed', 'posted'),
  ('mailpiece', 'return', 'posted', 'returned'),
  ('mailpiece', 'repost', 'returned', 'posted'),
  ('mailpiece', 'reroute', 'returned', 'rerouted'),
  ('mailpiece', 'destroy', 'rerouted', 'destroyed'),
  ('mailpiece', 'destroy', 'spoiled', 'destroyed'),
  ('mailpiece', 'destroy', 'withdrawn', 'destroyed'),
  ('mailpiece', 'hand-over', 'posted', 'handed-over'),
  ('mailpiece', 'hand-over', 'not-handed-over', 'handed-over'),
  ('mailpiece', 'fail-hand-over', 'posted', 'not-handed-over'),
  ('mailpiece', 'withdraw', 'planned', 'withdrawn'),
  ('mailpiece', 'withdraw', 'held', 'withdrawn'),
  ('mailpiece', 'withdraw', 'printed', 'withdrawn'),
  ('mailpiece', 'withdraw', 'enclosed', 'withdrawn'),
  ('certificate', 'withdraw', 'made', 'withdrawn'),
  ('certificate', 'issue', 'made', 'issued'),
  ('certificate', 'request-return', 'issued', 'return-requested'),
  ('certificate', 'demand-return', 'issued', 'return-demanded'),
  ('certificate', 'demand-return', 'return-requested', 'return-demanded'),
  ('certificate', 'give-back', 'issued', 'given-back'),
  ('certificate', 'give-back', 'return-requested', 'given-back'),
  ('certificate', 'give-back', 'return-demanded', 'given-back'),
  ('certificate', 'give-back', 'missing', 'given-back'),
  ('certificate', 'give-back', 'superseded', 'given-back'),
  ('certificate', 'give-back', 'void', 'given-back'),
  ('certificate', 'declare-missing', 'issued', 'missing'),
  ('certificate', 'declare-missing', 'return-requested', 'missing'),
  ('certificate', 'declare-missing', 'return-demanded', 'missing'),
  ('certificate', 'supersede', 'issued', 'superseded'),
  ('certificate', 'supersede', 'return-requested', 'superseded'),
  ('certificate', 'supersede', 'missing', 'superseded'),
  ('certificate', 'annul', 'made', 'void'),
  ('certificate', 'annul', 'issued', 'void'),
  ('certificate', 'annul', 'return-requested', 'void'),
  ('certificate', 'annul', 'return-demanded', 'void'),
  ('certificate', 'annul', 'missing', 'void'),
  ('certificate', 'expire', 'issued', 'expired'),
  ('certificate', 'expire', 'return-requested', 'expired'),
  ('certificate', 'expire', 'return-demanded', 'expired'),
  ('certificate', 'expire', 'missing', 'expired'),
  ('certificate', 'expire', 'superseded', 'expired');

create table event (
  -- Place in the insurer's chain, from 1 without a gap.
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
  -- File and line it came from, or ''.
  source text not null,
  -- What makes doing it again the same: unique for the insurer.
  key text not null,
  hash text not null,
  primary key (insurer_number, seq),
  unique (insurer_number, key)
);
create index event_paper on event (paper_number, seq);

create table chain_head (
  insurer_number text primary key,
  seq bigint not null,
  hash text not null
);

-- Present state of papers to which something has happened; written by the trigger alone.
create table paper_state (
  paper_number bigint primary key,
  issuance_id integer not null,
  subject text not null,
  state text not null,
  seq bigint not null
);
create index paper_state_issuance on paper_state (issuance_id, subject, state);

-- The text a hash is made of: everything in the row, so that no part of it can be changed unseen.
create function event_text(e event) returns text language sql immutable as $$
  select concat_ws(E'\x1f', e.insurer_number, e.seq, e.issuance_id, e.subject, e.paper_number, e.event, e.from_state,
                   e.to_state, extract(epoch from e.at), e.actor, e.reason, e.source, e.key)
$$;

create function event_hash(previous text, e event) returns text language sql immutable as $$
  select encode(sha256(convert_to(previous || E'\x1e' || event_text(e), 'UTF8')), 'hex')
$$;

-- A paper without an event is where printing left it.
create function first_state(kind text, run integer, paper bigint) returns text language sql stable as $$
  select case
    when kind = 'certificate' then
      case when exists (select 1 from certificate where issuance_id = run and certificate_number = paper) then 'made' end
    when exists (select 1 from printed_piece where issuance_id = run and mailpiece_number = paper) then 'printed'
    when exists (select 1 from held_piece where issuance_id = run and mailpiece_number = paper) then 'held'
    when exists (select 1 from mailpiece where issuance_id = run and mailpiece_number = paper) then 'planned'
  end
$$;

create function append_event() returns trigger language plpgsql as $$
declare
  head chain_head;
begin
  insert into chain_head values (new.insurer_number, 0, '') on conflict do nothing;
  -- One writer at a time for an insurer: the chain has one order.
  select * into head from chain_head where insurer_number = new.insurer_number for update;
  if exists (select 1 from event where insurer_number = new.insurer_number and key = new.key) then
    return null;
  end if;
  select state into new.from_state from paper_state where paper_number = new.paper_number;
  if not found then
    new.from_state := first_state(new.subject, new.issuance_id, new.paper_number);
  end if;
  if new.from_state is null then
    raise exception 'unknown_paper: %', new.paper_number using errcode = 'check_violation';
  end if;
  select to_state into new.to_state from transition
   where subject = new.subject and event = new.event and from_state = new.from_state;
  if not found then
    raise exception 'transition_refused: % of % in %', new.event, new.paper_number, new.from_state
      using errcode = 'check_violation', detail = new.from_state;
  end if;
  new.seq := head.seq + 1;
  new.hash := event_hash(head.hash, new);
  update chain_head set seq = new.seq, hash = new.hash where insurer_number = new.insurer_number;
  insert into paper_state values (new.paper_number, new.issuance_id, new.subject, new.to_state, new.seq)
    on conflict (paper_number) do update set state = excluded.state, seq = excluded.seq;
  return new;
end $$;

create trigger append_event before insert on event for each row execute function append_event();
create trigger frozen before update or delete on event for each row execute function refuse_change();

-- Files that came in (results, lists): each once, and none older than one before of its kind.
create table job_file (
  insurer_number text not null,
  kind text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  issuance_id integer not null references issuance,
  file_name text not null,
  row_count integer not null,
  refused_count integer not null,
  taken_at timestamptz not null default now(),
  actor text not null,
  primary key (insurer_number, kind, sha256)
);
create trigger frozen before update or delete on job_file for each row execute function refuse_change();

-- What is withdrawn before it is printed leaves the batch, and the batch says so.
alter table print_batch add column withdrawn_count integer;
alter table print_batch add column withdrawn_certificate_count integer;
alter table print_batch drop constraint balance_mailpieces_printed;
alter table print_batch drop constraint balance_certificates_printed;
alter table print_batch add constraint balance_mailpieces_printed
  check (printed_at is null
         or coalesce(printed_count + held_count + coalesce(withdrawn_count, 0) = mailpiece_count, false));
alter table print_batch add constraint balance_certificates_printed
  check (printed_at is null
         or coalesce(printed_certificate_count + held_certificate_count + coalesce(withdrawn_certificate_count, 0)
                     = certificate_count, false));

-- Certificates of a piece are numbered from its own ordinal on, within a household (sub-numbers have two digits).
create function first_certificate(mailpiece bigint) returns bigint language sql immutable as $$
  select ('1' || substr(mailpiece::text, 2, 12) || '0')::bigint
$$;
create function last_certificate(mailpiece bigint) returns bigint language sql immutable as $$
  select ('1' || lpad((substr(mailpiece::text, 2, 12)::bigint + 100)::text, 12, '0') || '9')::bigint
$$;

create or replace function close_print_batch() returns trigger language plpgsql as $$
declare
  counted record;
begin
  if old.printed_at is not null then
    raise exception 'closed_batch: batch % is printed', old.no using errcode = 'check_violation';
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
        left join printed_piece p on p.issuance_id = new.issuance_id and p.mailpiece_number = m.mailpiece_number
        left join paper_state s on s.paper_number = m.mailpiece_number
       where m.issuance_id = new.issuance_id and m.route = new.route
         and m.mailpiece_number between new.first_mailpiece and new.last_mailpiece
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

-- An issuance made of another's pieces: returned ones through the employer, spoiled ones again. Its members are only
-- those whose papers are made again.
alter table issuance add column parent_id integer references issuance;
alter table issuance add column remake text check (remake in ('reroute', 'reprint'));
alter table issuance add constraint remake_has_parent check ((parent_id is null) = (remake is null));

-- Each piece is made again once, and by whom.
create table remade_piece (
  parent_id integer not null references issuance,
  mailpiece_number bigint not null,
  issuance_id integer not null references issuance,
  primary key (parent_id, mailpiece_number)
);
create trigger frozen before update or delete on remade_piece for each row execute function refuse_change();
