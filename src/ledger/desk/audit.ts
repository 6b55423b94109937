// Room: ledger. The insurer's records for those who check: events of papers, the journal of operations, looks.
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Reader } from '../core/pool.ts';

export interface AuditRow {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly subject: string;
  readonly paperNumber: string;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly source: string;
}

/** Events of the insurer, newest first, before a place of the chain. */
export async function listAudit(
  tx: Reader,
  insurerNumber: string,
  filter: { readonly actor: string; readonly event: string; readonly before: number; readonly limit: number },
): Promise<AuditRow[]> {
  return tx.query(
    `select seq, to_json(at) #>> '{}' as at, actor, subject, paper_number::text as "paperNumber", event,
            from_state as "from", to_state as "to", reason, source
       from event
      where insurer_number = $1 and seq < $2 and ($3 = '' or actor = $3) and ($4 = '' or event = $4)
      order by seq desc limit $5`,
    [insurerNumber, filter.before, filter.actor, filter.event, filter.limit],
  );
}

/** Looks at persons and pages, newest first. */
export async function listAccessRecords(
  tx: Reader,
  insurerNumber: string,
  before: number,
  limit: number,
): Promise<{ id: number; at: string; actor: string; what: string; subject: string }[]> {
  return tx.query(
    `select id, to_json(at) #>> '{}' as at, actor, what, subject from access_record
      where insurer_number = $1 and id < $2 order by id desc limit $3`,
    [insurerNumber, before, limit],
  );
}

export interface JournalRow {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly operation: string;
  /** Null = of the insurer: imports, users, files. */
  readonly issuanceId: number | null;
  readonly counts: unknown;
}

/** Which entries; '' and null = any. Days are Japan's, both inclusive. */
export interface JournalFilter {
  readonly operation: string;
  readonly actor: string;
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
}

/** Entries of the insurer's journal, and those that are everybody's (postal data), newest first, before one. */
export async function listJournal(
  tx: Reader,
  insurerNumber: string,
  filter: JournalFilter,
  before: number,
  limit: number,
): Promise<JournalRow[]> {
  // Each of the two in the order of its own index.
  const entries = (whose: string): string => `
    (select id, at, actor, operation, issuance_id, counts from journal
      where ${whose} and id < $2 and ($3 = '' or operation = $3) and ($4 = '' or actor = $4)
        and ($5::date is null or at >= $5::date::timestamp at time zone 'Asia/Tokyo')
        and ($6::date is null or at < ($6::date + 1)::timestamp at time zone 'Asia/Tokyo')
      order by id desc limit $7)`;
  return tx.query(
    `select id, to_json(at) #>> '{}' as at, actor, operation, issuance_id as "issuanceId", counts
       from (${entries('insurer_number = $1')} union all
             ${entries("insurer_number is null and operation = 'import-postal'")}) entry
      order by id desc limit $7`,
    [insurerNumber, before, filter.operation, filter.actor, filter.from, filter.to, limit],
  );
}
