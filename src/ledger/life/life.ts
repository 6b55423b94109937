// Room: ledger. Events in the life of papers: only ever added, chained per insurer; states follow from them. The trigger
// of migration 004 is the guard; what is asked here first is asked to answer politely.
import type { PaperEvent, PaperState, PaperSubject } from '../../rules/papers/lifecycle.ts';
import type { LocalDate, PersonKey } from '../../rules/intake/member.ts';
import type { Database, Reader, Transaction } from '../core/pool.ts';

export interface NewEvent {
  readonly subject: PaperSubject;
  /** 14 digits. */
  readonly paperNumber: string;
  readonly event: PaperEvent;
  readonly reason: string;
  /** File and line, or ''. */
  readonly source: string;
  /** What makes doing it again the same. */
  readonly key: string;
  /** The day it happened, where that is another than the day of recording. */
  readonly on?: LocalDate | null;
}

export interface RecordedEvent extends NewEvent {
  readonly seq: number;
  readonly from: PaperState;
  readonly to: PaperState;
  /** ISO instant. */
  readonly at: string;
  readonly actor: string;
}

/** States of a mailpiece whose papers are with the contractor again, in nobody's hand. SQL. */
export const BROUGHT_BACK = `('returned', 'rerouted', 'destroyed')`;

/** Takes the insurer's chain for this transaction: states read after it do not change under the reader. */
export async function lockChain(tx: Transaction, insurerNumber: string): Promise<void> {
  await tx.execute(
    `insert into chain_head values ($1, 0, '') on conflict (insurer_number) do update set seq = chain_head.seq`,
    [insurerNumber],
  );
}

/** Present states of papers of an issuance; a number the issuance does not know is left out. */
export async function findStates(
  tx: Reader,
  issuanceId: number,
  subject: PaperSubject,
  numbers: readonly string[],
): Promise<Map<string, PaperState>> {
  const rows = await tx.query<{ number: string; state: PaperState | null }>(
    `select n::text as number, coalesce(s.state, first_state($2, $1, n)) as state
       from unnest($3::bigint[]) n left join paper_state s on s.paper_number = n and s.issuance_id = $1`,
    [issuanceId, subject, numbers],
  );
  return new Map(rows.flatMap((row) => (row.state === null ? [] : [[row.number, row.state]])));
}

/** Certificates that households of an insurer have or had in hand, with their states, oldest first. */
export async function findCertificatesInHand(
  tx: Transaction,
  insurerNumber: string,
  keys: readonly { readonly symbol: string; readonly number: string }[],
): Promise<(PersonKey & { certificateNumber: string; issuanceId: number; state: PaperState; seq: number })[]> {
  return tx.query(
    `select c.symbol, c.number, c.sub_number as "subNumber", c.certificate_number::text as "certificateNumber",
            c.issuance_id as "issuanceId", s.state, s.seq
       from (select distinct symbol collate "C" as symbol, number collate "C" as number
               from unnest($2::text[], $3::text[]) k (symbol, number)) k
       join issuance i on i.insurer_number = $1
       join certificate c on c.issuance_id = i.id and c.symbol = k.symbol and c.number = k.number
       join paper_state s on s.paper_number = c.certificate_number
       -- What the post has brought back is in nobody's hand.
       left join paper_state p on p.paper_number = c.mailpiece_number and p.state in ${BROUGHT_BACK}
      where p.paper_number is null
      order by c.certificate_number`,
    [insurerNumber, keys.map((k) => k.symbol), keys.map((k) => k.number)],
  );
}

/** Certificates of households of an insurer whose envelopes have not gone yet, by number. */
export async function findCertificatesToGo(
  tx: Transaction,
  insurerNumber: string,
  keys: readonly { readonly symbol: string; readonly number: string }[],
): Promise<(PersonKey & { issuanceId: number })[]> {
  return tx.query(
    `select c.symbol, c.number, c.sub_number as "subNumber", c.issuance_id as "issuanceId"
       from (select distinct symbol collate "C" as symbol, number collate "C" as number
               from unnest($2::text[], $3::text[]) k (symbol, number)) k
       join issuance i on i.insurer_number = $1
       join certificate c on c.issuance_id = i.id and c.symbol = k.symbol and c.number = k.number
       left join paper_state s on s.paper_number = c.certificate_number
       left join paper_state p on p.paper_number = c.mailpiece_number
      where coalesce(s.state, 'made') = 'made'
        and coalesce(p.state, first_state('mailpiece', c.issuance_id, c.mailpiece_number))
            in (select from_state from transition where subject = 'mailpiece' and event = 'withdraw')
      order by c.certificate_number`,
    [insurerNumber, keys.map((k) => k.symbol), keys.map((k) => k.number)],
  );
}

/** Keys among these that are in the chain already. */
export async function findKeys(tx: Transaction, insurerNumber: string, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>('select key from event where insurer_number = $1 and key = any($2)', [
    insurerNumber,
    keys,
  ]);
  return new Set(rows.map((row) => row.key));
}

/** Adds events in order. Errors: 23514 `transition_refused` or `unknown_paper`, and nothing is added. */
export async function appendEvents(
  tx: Transaction,
  insurerNumber: string,
  issuanceId: number,
  actor: string,
  events: readonly NewEvent[],
): Promise<number> {
  if (events.length === 0) return 0;
  return tx.execute(
    `insert into event (insurer_number, seq, issuance_id, subject, paper_number, event, from_state, to_state, actor,
                        reason, source, key, happened_on, hash)
     select $1, 0, $2, subject, paper, event, '', '', $3, reason, source, key, happened_on, ''
       from unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::date[])
            with ordinality e (subject, paper, event, reason, source, key, happened_on, place)
      order by place`,
    [
      insurerNumber,
      issuanceId,
      actor,
      events.map((e) => e.subject),
      events.map((e) => e.paperNumber),
      events.map((e) => e.event),
      events.map((e) => e.reason),
      events.map((e) => e.source),
      events.map((e) => e.key),
      events.map((e) => e.on ?? null),
    ],
  );
}

const EVENT_COLUMNS = `seq, subject, paper_number::text as "paperNumber", event, from_state as "from", to_state as "to",
  to_char(at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS') as at, actor, reason, source, key,
  happened_on as on`;

/** Events of papers, oldest first. */
export async function listEvents(
  tx: Transaction,
  insurerNumber: string,
  numbers: readonly string[],
): Promise<RecordedEvent[]> {
  return tx.query(
    `select ${EVENT_COLUMNS} from event where insurer_number = $1 and paper_number = any($2::bigint[]) order by seq`,
    [insurerNumber, numbers],
  );
}

/** Papers by state; those nothing has happened to are where printing left them. */
export async function countStates(
  tx: Reader,
  issuanceId: number,
): Promise<{ subject: PaperSubject; state: PaperState; count: number }[]> {
  return tx.query(
    `with paper as (
       select 'mailpiece' as subject, m.mailpiece_number as number,
              case when p.mailpiece_number is not null then 'printed' when h.mailpiece_number is not null then 'held'
                   else 'planned' end as first
         from mailpiece m
         left join printed_piece p using (issuance_id, mailpiece_number)
         left join (select distinct mailpiece_number from held_piece where issuance_id = $1) h using (mailpiece_number)
        where issuance_id = $1
       union all
       select 'certificate', certificate_number, 'made' from certificate where issuance_id = $1
     )
     select paper.subject, coalesce(s.state, first) as state, count(*)::int as count
       from paper left join paper_state s on s.paper_number = paper.number
      group by 1, 2 order by 1, 3 desc, 2`,
    [issuanceId],
  );
}

/** States whose last event in the chain says something else: what an edit behind the program's back leaves. */
export async function countStrayStates(tx: Transaction, issuanceId: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count
       from paper_state s
       full join (select distinct on (paper_number) paper_number, to_state from event
                   where issuance_id = $1 order by paper_number, seq desc) e using (paper_number)
      where coalesce(s.issuance_id, $1) = $1 and s.state is distinct from e.to_state`,
    [issuanceId],
  );
  return rows[0]?.count ?? 0;
}

export type ChainFault =
  /** The row's own content does not make its hash. */
  | { readonly kind: 'changed'; readonly seq: number }
  /** A number in the order is not there. */
  | { readonly kind: 'missing'; readonly seq: number }
  /** The chain's end is not the last row. */
  | { readonly kind: 'end'; readonly seq: number };

/** Recomputes an insurer's whole chain; the first fault, or null. */
export async function findChainFault(tx: Transaction, insurerNumber: string): Promise<ChainFault | null> {
  const rows = await tx.query<ChainFault>(
    `with linked as (
       select seq, hash, row_number() over (order by seq) as place,
              event_hash(coalesce(lag(hash) over (order by seq), ''), e) as computed
         from event e where insurer_number = $1
     )
     select case when seq <> place then 'missing' else 'changed' end as kind,
            case when seq <> place then place else seq end as seq
       from linked where seq <> place or hash <> computed order by linked.seq limit 1`,
    [insurerNumber],
  );
  if (rows[0]) return rows[0];
  const ends = await tx.query<{ seq: number }>(
    `select h.seq from chain_head h
       left join (select seq, hash from event where insurer_number = $1 order by seq desc limit 1) last on true
      where h.insurer_number = $1 and (h.seq <> coalesce(last.seq, 0) or h.hash <> coalesce(last.hash, ''))`,
    [insurerNumber],
  );
  return ends[0] ? { kind: 'end', seq: ends[0].seq } : null;
}

/** A piece with what its road depends on and whose papers are inside. */
export interface PieceInHand {
  readonly mailpieceNumber: string;
  readonly symbol: string;
  readonly number: string;
  readonly route: 'home' | 'workplace';
  readonly insuredClass: string;
  readonly hasOptionalEntries: boolean;
  readonly isProtected: boolean;
  readonly hasWorkplace: boolean;
  /** Certificates inside, by position; none in a notice's piece. */
  readonly certificates: readonly { readonly number: string; readonly subNumber: string; readonly position: number }[];
}

/** Pieces of an issuance by number. */
export async function findPiecesInHand(
  tx: Reader,
  run: { readonly id: number; readonly membersId: number; readonly workplacesId: number },
  numbers: readonly string[],
): Promise<Map<string, PieceInHand>> {
  const rows = await tx.query<PieceInHand>(
    `select p.mailpiece_number::text as "mailpieceNumber", p.symbol, p.number, p.route,
            min(m.insured_class) as "insuredClass", bool_or(m.has_optional_entries) as "hasOptionalEntries",
            bool_or(m.mail_stopped) as "isProtected",
            exists (select 1 from workplace w where w.dataset_id = $3 and w.symbol = p.symbol) as "hasWorkplace",
            coalesce(json_agg(json_build_object('number', c.certificate_number::text, 'subNumber', c.sub_number,
                                                'position', c.position) order by c.position)
                       filter (where c.certificate_number is not null), '[]') as certificates
       from mailpiece p
       left join notice n on n.issuance_id = p.issuance_id and n.mailpiece_number = p.mailpiece_number
       left join certificate c on c.issuance_id = p.issuance_id and c.mailpiece_number = p.mailpiece_number
                         and c.certificate_number between first_certificate(p.mailpiece_number)
                                                      and last_certificate(p.mailpiece_number)
       join member m on m.dataset_id = $2 and m.symbol = p.symbol and m.number_rank = p.number::bigint
                    and m.number = p.number and m.sub_number = coalesce(c.sub_number, n.sub_number)
      where p.issuance_id = $1 and p.mailpiece_number = any($4::bigint[])
      group by p.mailpiece_number, p.symbol, p.number, p.route`,
    [run.id, run.membersId, run.workplacesId, numbers],
  );
  return new Map(rows.map((row) => [row.mailpieceNumber, row]));
}

/** The certificate of a person in an issuance with its piece, or null. */
export async function findCertificateOf(
  tx: Transaction,
  issuanceId: number,
  key: { readonly symbol: string; readonly number: string; readonly subNumber: string },
): Promise<{ certificateNumber: string; mailpieceNumber: string; position: number } | null> {
  const rows = await tx.query<{ certificateNumber: string; mailpieceNumber: string; position: number }>(
    `select certificate_number::text as "certificateNumber", mailpiece_number::text as "mailpieceNumber", position
       from certificate where issuance_id = $1 and symbol = $2 and number = $3 and sub_number = $4`,
    [issuanceId, key.symbol, key.number, key.subNumber],
  );
  return rows[0] ?? null;
}

/** The mailpiece of a person's notice in an issuance, or null. */
export async function findNoticePiece(
  tx: Transaction,
  issuanceId: number,
  key: { readonly symbol: string; readonly number: string; readonly subNumber: string },
): Promise<string | null> {
  const rows = await tx.query<{ number: string }>(
    `select mailpiece_number::text as number from notice
      where issuance_id = $1 and symbol = $2 and number_rank = $3 and number = $4 and sub_number = $5`,
    [issuanceId, key.symbol, key.number, key.number, key.subNumber],
  );
  return rows[0]?.number ?? null;
}

/**
 * Of certificates just posted and those of the same persons in other issuances: which one ends, and for which newer one.
 * An older one that is out ends; one that is posted after a newer one was ends at once.
 */
export async function findOutdated(
  tx: Transaction,
  insurerNumber: string,
  issuanceId: number,
  numbers: readonly string[],
): Promise<{ certificateNumber: string; issuanceId: number; newer: string }[]> {
  return tx.query(
    `with pair as (
       select c.certificate_number as posted, c.issued_on as posted_on, o.certificate_number as other,
              o.issued_on as other_on, o.issuance_id as other_issuance, s.state
         from certificate c
         -- One that was withdrawn is not in its envelope.
         join paper_state cs on cs.paper_number = c.certificate_number and cs.state = 'issued'
         join issuance i on i.insurer_number = $1 and i.id <> $2
         join certificate o on o.issuance_id = i.id and o.symbol = c.symbol and o.number = c.number
                           and o.sub_number = c.sub_number
         join paper_state s on s.paper_number = o.certificate_number
        where c.issuance_id = $2 and c.certificate_number = any($3::bigint[])
     )
     select distinct on (1) * from (
       select other::text as "certificateNumber", other_issuance as "issuanceId", posted::text as newer from pair
        where (other_on, other) < (posted_on, posted) and state in ('issued', 'return-requested', 'missing')
       union all
       select posted::text, $2, other::text from pair
        where (other_on, other) > (posted_on, posted) and state not in ('made', 'withdrawn', 'void')) outdated
      order by 1, 3 desc`,
    [insurerNumber, issuanceId, numbers],
  );
}

/**
 * Where the papers of certificates withdrawn after printing lie: what the contractor pulls out. `position`: place in the
 * envelope, `page`: of the face in the file.
 */
export async function listPulls(
  tx: Transaction,
  issuanceId: number,
): Promise<{ mailpieceNumber: string; certificateNumber: string; position: number; file: string; page: number }[]> {
  return tx.query(
    `with printed as (
       select c.mailpiece_number, c.certificate_number, f.path, s.state = 'withdrawn' as is_withdrawn,
              p.certificate_page, row_number() over (partition by c.mailpiece_number order by c.position) as place
         from printed_piece p
         join print_batch b on b.issuance_id = $1 and b.no = p.batch_no
         join print_file f on f.issuance_id = $1 and f.batch_no = p.batch_no and f.paper = 'certificates'
         join certificate c on c.issuance_id = $1 and c.mailpiece_number = p.mailpiece_number
         left join paper_state s on s.paper_number = c.certificate_number
         left join event e on e.insurer_number = (select insurer_number from issuance where id = $1) and e.seq = s.seq
        where p.issuance_id = $1
          and p.mailpiece_number in (select w.mailpiece_number from certificate w join paper_state ws
                                       on ws.paper_number = w.certificate_number and ws.state = 'withdrawn'
                                      where w.issuance_id = $1 and ws.issuance_id = $1)
          -- What was withdrawn before the batch was printed is in no file.
          and (s.state is distinct from 'withdrawn' or e.at > b.printed_at)
     )
     select mailpiece_number::text as "mailpieceNumber", certificate_number::text as "certificateNumber",
            place::int as position, path as file, (certificate_page + (place - 1) * 2)::int as page
       from printed where is_withdrawn order by mailpiece_number, place`,
    [issuanceId],
  );
}

/** What a scan of a returned piece met. */
export interface ScannedReturn {
  readonly issuanceFound: boolean;
  /** Null = the insurer has no such piece. */
  readonly outcome: 'recorded' | 'already' | 'refused' | null;
  /** Before the scan. */
  readonly state: PaperState;
  readonly insuredClass: string;
  readonly hasWorkplace: boolean;
  readonly hasOptionalEntries: boolean;
  readonly isProtected: boolean;
}

/** Records the return of a piece where it may be, in one statement. Errors: 23514 where another event came between. */
export async function recordReturn(
  database: Database,
  asked: {
    readonly insurerNumber: string;
    readonly issuanceId: number;
    readonly mailpieceNumber: string;
    readonly reason: string;
    readonly actor: string;
  },
): Promise<ScannedReturn> {
  const rows = await database.statement<ScannedReturn>(
    'scan-return',
    `select issuance_found as "issuanceFound", outcome, state, insured_class as "insuredClass",
            has_workplace as "hasWorkplace", has_optional_entries as "hasOptionalEntries", is_protected as "isProtected"
       from scan_return($1, $2, $3, $4, $5)`,
    [asked.insurerNumber, asked.issuanceId, asked.mailpieceNumber, asked.reason, asked.actor],
  );
  return rows[0]!;
}
