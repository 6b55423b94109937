// Room: ledger. The one check of every file that leaves for somebody: the rows as they will be written are compared with
// the papers of the ledger.
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Reader, Transaction } from '../core/pool.ts';

/** Whom a file is for. */
export type RecipientKind = 'workplace' | 'branch' | 'contractor';

/** A person a file names. `recipient`: symbol of the workplace, code of the branch, '' for the contractor. */
export interface RecipientRow extends PersonKey {
  readonly recipient: string;
}

/** Whose papers a file is of: one issuance's, or (`id` null) any of the insurer's. */
export interface PapersOf {
  readonly insurerNumber: string;
  readonly id: number | null;
}

/**
 * Every person must hold a paper, a certificate or a notice, and belong to the recipient: workplace = of the same symbol;
 * branch = of one of its workplaces; contractor = with a printed paper. Errors: 23514 `outside_recipient` with counts, never
 * a value.
 */
export async function refuseOutsiders(
  tx: Transaction,
  { insurerNumber, id }: PapersOf,
  kind: RecipientKind,
  rows: readonly RecipientRow[],
): Promise<void> {
  await tx.execute('select refuse_outsiders($1, $2, $3, $4, $5, $6, $7)', [
    insurerNumber,
    id,
    kind,
    rows.map((row) => row.recipient),
    rows.map((row) => row.symbol),
    rows.map((row) => row.number),
    rows.map((row) => row.subNumber),
  ]);
}

/** How many of these symbols are no workplace of the branch, in a file of workplaces. */
export async function countOutsideBranch(
  tx: Reader,
  workplacesId: number,
  branchCode: string,
  symbols: readonly string[],
): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count from unnest($3::text[]) asked (symbol)
      where not exists (
        select from workplace w
         where w.dataset_id = $1
           and w.symbol = asked.symbol collate "C" and w.branch_code = $2)`,
    [workplacesId, branchCode, symbols],
  );
  return rows[0]!.count;
}
