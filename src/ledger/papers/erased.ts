// Room: ledger. Issuances whose personal data is gone.
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Transaction } from '../core/pool.ts';

/** The erasure of an issuance, with its reconciliation as it was entered, or null while it is unerased. */
export async function findErasure(
  tx: Transaction,
  issuanceId: number,
): Promise<{ erasedOn: LocalDate; years: number; reconciliation: unknown; statesLeft: number } | null> {
  const rows = await tx.query<{ erasedOn: LocalDate; years: number; reconciliation: unknown; statesLeft: number }>(
    `select erased_on as "erasedOn", years, books as reconciliation,
            (select count(*)::int from paper_state where issuance_id = $1) as "statesLeft"
       from erasure where issuance_id = $1`,
    [issuanceId],
  );
  return rows[0] ?? null;
}
