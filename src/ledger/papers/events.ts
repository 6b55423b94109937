// Room: ledger. Events in the life of papers: only ever added, one writer at a time for an insurer, each hashed with the one
// before. The trigger `append_event` refuses what the table of transitions does not allow.
import type { Lineage } from '../../rules/papers/lineage.ts';
import type { PaperEvent, PaperState, PaperSubject } from '../../rules/papers/lifecycle.ts';
import { withdrawalCodeOf } from '../../rules/papers/standing.ts';
import type { WithdrawalCause } from '../../rules/papers/standing.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Transaction } from '../core/pool.ts';

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
  /** Of a withdrawal: why, for as long as it is to keep the person out of later issuances; absent = as the reason says. */
  readonly withdrawal?: WithdrawalCause;
}

export interface RecordedEvent extends NewEvent {
  readonly seq: number;
  readonly from: PaperState;
  readonly to: PaperState;
  /** ISO instant. */
  readonly at: string;
  readonly actor: string;
  /** Where the event's reason is an issuance in which the paper was made again. */
  readonly remadeIn: Lineage | null;
}

/** Takes the insurer's chain for this transaction: states read after it do not change under the reader. */
export async function lockChain(tx: Transaction, insurerNumber: string): Promise<void> {
  await tx.execute(
    `insert into chain_head values ($1, 0, '') on conflict (insurer_number) do update set seq = chain_head.seq`,
    [insurerNumber],
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
  const appended = await tx.execute(
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
  await writeWithdrawals(
    tx,
    issuanceId,
    events.filter((e) => e.event === 'withdraw'),
  );
  return appended;
}

/** Notes why certificates (of notices: pieces) were withdrawn. A piece of certificates has no reason of its own. */
async function writeWithdrawals(tx: Transaction, issuanceId: number, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const causes = events.map((e) => e.withdrawal ?? { code: withdrawalCodeOf(e.reason), lostOn: null });
  await tx.execute(
    `insert into withdrawal (paper_number, issuance_id, code, lost_on, withdrawn_on)
     select paper, $1, code, lost_on, coalesce(happened_on, (now() at time zone 'Asia/Tokyo')::date)
       from unnest($2::text[], $3::bigint[], $4::text[], $5::date[], $6::date[]) e (subject, paper, code, lost_on, happened_on)
      where subject = (select case paper_kind when 'notice' then 'mailpiece' else 'certificate' end from issuance where id = $1)
         on conflict do nothing`,
    [
      issuanceId,
      events.map((e) => e.subject),
      events.map((e) => e.paperNumber),
      causes.map((cause) => cause.code),
      causes.map((cause) => cause.lostOn),
      events.map((e) => e.on ?? null),
    ],
  );
}

const EVENT_COLUMNS = `seq, subject, paper_number::text as "paperNumber", event, from_state as "from", to_state as "to",
  to_char(at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS') as at, actor, reason, source, key,
  happened_on as on,
  (select lineage(i) from issuance i
    where i.insurer_number = event.insurer_number and i.name = event.reason and i.parent_id is not null) as "remadeIn"`;

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

/** Who had a person's piece sent home though nobody knows its workplace, in this issuance or the one it was made of; or null. */
export async function findSentHome(
  tx: Transaction,
  issuanceId: number,
  { symbol, number, subNumber }: PersonKey,
): Promise<{ readonly actor: string; readonly on: LocalDate; readonly reason: string } | null> {
  const rows = await tx.query<{ actor: string; on: LocalDate; reason: string }>(
    `select e.actor, (e.at at time zone 'Asia/Tokyo')::date as on, e.reason
       from issuance i
       join person_paper p on p.issuance_id in (i.id, i.parent_id)
       join event e on e.insurer_number = i.insurer_number and e.paper_number = p.mailpiece_number and e.event = 'send-home'
      where i.id = $1 and p.symbol = $2 and p.number = $3 and p.sub_number = $4
      order by e.seq desc limit 1`,
    [issuanceId, symbol, number, subNumber],
  );
  return rows[0] ?? null;
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
