// Room: ledger. The insurer's records for those who check: events of papers, the journal of operations, looks.
import type { Reader } from './database.ts';

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
export async function listLooks(
  tx: Reader,
  insurerNumber: string,
  before: number,
  limit: number,
): Promise<{ id: number; at: string; actor: string; what: string; subject: string }[]> {
  return tx.query(
    `select id, to_json(at) #>> '{}' as at, actor, what, subject from look
      where insurer_number = $1 and id < $2 order by id desc limit $3`,
    [insurerNumber, before, limit],
  );
}

/** The journal of the insurer's issuances, newest first. */
export async function listJournal(
  tx: Reader,
  insurerNumber: string,
  before: number,
  limit: number,
): Promise<{ id: number; at: string; actor: string; operation: string; issuanceId: number; counts: unknown }[]> {
  return tx.query(
    `select j.id, to_json(j.at) #>> '{}' as at, j.actor, j.operation, j.issuance_id as "issuanceId", j.counts
       from journal j join issuance i on i.id = j.issuance_id
      where i.insurer_number = $1 and j.id < $2 order by j.id desc limit $3`,
    [insurerNumber, before, limit],
  );
}
