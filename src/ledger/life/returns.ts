// Room: ledger. Mailpieces that the post brings back.
import type { PassageFacts } from '../../rules/intake/passage.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import type { Database } from '../core/pool.ts';

/** What a scan of a returned piece met. */
export interface ScannedReturn extends PassageFacts {
  readonly issuanceFound: boolean;
  /** Null = the insurer has no such piece. */
  readonly outcome: 'recorded' | 'already' | 'refused' | null;
  /** Before the scan. */
  readonly state: PaperState;
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
