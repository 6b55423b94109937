// Room: ledger. Sealed digits of a person, and the log of looks at them. Nothing here can open them.
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Transaction } from '../core/pool.ts';

/** Where digits are shown: on paper (print, reference), or to a person. Proofs cover them. */
export type AccessPurpose = 'print' | 'reference' | 'person';

/** A person in the insurer's newest members, with the sealed digits or null for none; null where there is no such person. */
export async function findSealedDigits(
  tx: Transaction,
  insurerNumber: string,
  key: PersonKey,
): Promise<{ datasetId: number; sealed: Uint8Array | null } | null> {
  const rows = await tx.query<{ datasetId: number; sealed: Uint8Array | null }>(
    `select m.dataset_id as "datasetId", m.sealed_digits as sealed
       from member m
      where m.dataset_id = dataset_in_use($1, 'members')
        and m.symbol = $2 and m.number_rank = $3 and m.number = $4 and m.sub_number = $5`,
    [insurerNumber, key.symbol, key.number, key.number, key.subNumber],
  );
  return rows[0] ?? null;
}

export interface DigitsAccess extends PersonKey {
  readonly actor: string;
  readonly reason: string;
  readonly insurerNumber: string;
  readonly datasetId: number;
}

/** Records that somebody looked at one person's digits. */
export async function recordDigitsAccess(tx: Transaction, access: DigitsAccess): Promise<void> {
  await tx.execute(
    `insert into digits_access (actor, purpose, reason, insurer_number, dataset_id, symbol, number, sub_number)
     values ($1, 'person', $2, $3, $4, $5, $6, $7)`,
    [
      access.actor,
      access.reason,
      access.insurerNumber,
      access.datasetId,
      access.symbol,
      access.number,
      access.subNumber,
    ],
  );
}

/** Looks at a person's digits, oldest first. */
export async function listDigitsAccess(
  tx: Transaction,
  insurerNumber: string,
  key: PersonKey,
): Promise<{ at: string; actor: string; purpose: AccessPurpose; reason: string; issuanceId: number | null }[]> {
  return tx.query(
    `select to_char(at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS') as at, actor, purpose, reason,
            issuance_id as "issuanceId"
       from digits_access where insurer_number = $1 and symbol = $2 and number = $3 and sub_number = $4 order by id`,
    [insurerNumber, key.symbol, key.number, key.subNumber],
  );
}
