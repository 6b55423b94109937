// Room: ledger. Sealed digits of a person, and the log of looks at them. Nothing here can open them.
import type { PersonKey } from '../../rules/intake/member.ts';
import type { Transaction } from '../core/pool.ts';
import type { IssuanceRun } from '../papers/issuances.ts';
import type { PrintBatch } from '../printing/prints.ts';

/** Where digits are shown: on paper (print, reference), or to a person. Proofs cover them. */
export type LookPurpose = 'print' | 'reference' | 'person';

/** A person in the insurer's newest members, with the sealed digits or null for none; null where there is no such person. */
export async function findSealedDigits(
  tx: Transaction,
  insurerNumber: string,
  key: PersonKey,
): Promise<{ datasetId: number; sealed: Uint8Array | null } | null> {
  const rows = await tx.query<{ datasetId: number; sealed: Uint8Array | null }>(
    `select m.dataset_id as "datasetId", m.sealed_digits as sealed
       from member m
      where m.dataset_id = (select max(id) from dataset where insurer_number = $1 and kind = 'members')
        and m.symbol = $2 and m.number_rank = $3 and m.number = $4 and m.sub_number = $5`,
    [insurerNumber, key.symbol, key.number, key.number, key.subNumber],
  );
  return rows[0] ?? null;
}

export interface Look extends PersonKey {
  readonly actor: string;
  readonly reason: string;
  readonly insurerNumber: string;
  readonly datasetId: number;
}

/** Records that somebody looked at one person's digits. */
export async function writeLook(tx: Transaction, look: Look): Promise<void> {
  await tx.execute(
    `insert into digits_look (actor, purpose, reason, insurer_number, dataset_id, symbol, number, sub_number)
     values ($1, 'person', $2, $3, $4, $5, $6, $7)`,
    [look.actor, look.reason, look.insurerNumber, look.datasetId, look.symbol, look.number, look.subNumber],
  );
}

/** Records that the digits of these pieces are put on paper; a row a person whose notice shows them. */
export async function writePaperLooks(
  tx: Transaction,
  run: IssuanceRun,
  pieces: Pick<PrintBatch, 'firstMailpiece' | 'lastMailpiece' | 'route'>,
  actor: string,
  purpose: Exclude<LookPurpose, 'person'>,
): Promise<number> {
  return tx.execute(
    `insert into digits_look (actor, purpose, reason, insurer_number, dataset_id, issuance_id, symbol, number, sub_number)
     select $1, $2, '', $3, $4, n.issuance_id, n.symbol, n.number, n.sub_number
       from notice n
       join mailpiece p on p.issuance_id = n.issuance_id and p.mailpiece_number = n.mailpiece_number and p.route = $8
      where n.issuance_id = $5 and n.mailpiece_number between $6 and $7 and n.shows_digits
      order by n.mailpiece_number`,
    [
      actor,
      purpose,
      run.insurerNumber,
      run.membersId,
      run.id,
      pieces.firstMailpiece,
      pieces.lastMailpiece,
      pieces.route,
    ],
  );
}

/** Looks at a person's digits, oldest first. */
export async function listLooks(
  tx: Transaction,
  insurerNumber: string,
  key: PersonKey,
): Promise<{ at: string; actor: string; purpose: LookPurpose; reason: string; issuanceId: number | null }[]> {
  return tx.query(
    `select to_char(at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS') as at, actor, purpose, reason,
            issuance_id as "issuanceId"
       from digits_look where insurer_number = $1 and symbol = $2 and number = $3 and sub_number = $4 order by id`,
    [insurerNumber, key.symbol, key.number, key.subNumber],
  );
}
