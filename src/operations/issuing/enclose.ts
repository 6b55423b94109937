// Room: operations. Makes certificates and envelopes of the targets, household by household, chunk by chunk.
import { findOpenChunks } from '../../ledger/papers/issuances.ts';
import { writeEnrolmentJoin } from '../../ledger/intake/fits.ts';
import { readPostalMaster } from '../../ledger/intake/postal.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import {
  lockWarnings,
  readMailedAddresses,
  removeWarnings,
  writeGroupWarnings,
  writeWarnings,
} from '../../ledger/issuing/warnings.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';
import { Refusal } from '../context.ts';
import { doubtOfAddress } from '../../rules/intake/doubts.ts';
import { UNBELIEVABLE_AGE } from '../../rules/issuing/warnings.ts';
import type { WarningCode } from '../../rules/issuing/warnings.ts';
import { addYears } from '../../rules/words/calendar.ts';
import type { Context } from '../context.ts';
import { eachOpenChunk } from './chunks.ts';
import type { Issuance } from '../issuance.ts';
import { issuingOf } from './kinds.ts';
import { refuseCancelled } from './plan.ts';

/** Encloses what is not enclosed yet. Doing it again changes nothing. */
export async function encloseAll(context: Context, issuance: Issuance): Promise<void> {
  await refuseCancelled(context, issuance);
  const undecided = await context.database.transaction((tx) => findOpenChunks(tx, issuance.id, 'decided'));
  if (undecided.length > 0) {
    throw new Refusal('not-decided', '判定が終わっていません。先に対象者の判定を行ってください。');
  }
  const kind = issuingOf(issuance);
  await eachOpenChunk(context, issuance, 'enclosed', '封入計画', (chunk) => kind.encloseChunk(context, chunk));
}

/** Finds what only many rows together show (one address, one person): the lists for staff. Asked again, the same lists. */
export async function warnAll(context: Context, issuance: Issuance): Promise<void> {
  context.progress.begin('職員向けの確認', 1, '回');
  await context.database.transaction(async (tx) => {
    await lockWarnings(tx, issuance.id);
    await writeEnrolmentJoin(tx, issuance.id);
    const bornThroughUnbelievable = addYears(issuance.referenceOn, -UNBELIEVABLE_AGE);
    await writeGroupWarnings(tx, issuance, { ...issuance.rules.warnings, bornThroughUnbelievable });
    const master = await readPostalMaster(tx, issuance.id);
    if (master) await warnOfPostalCodes(tx, issuance, master);
  });
  context.progress.end();
}

/** Addresses that do not agree with their postal code or lack what it says they have, where the postal data is at hand. */
async function warnOfPostalCodes(tx: Transaction, issuance: Issuance, master: PostalMaster): Promise<void> {
  const suspects: (PersonKey & { code: WarningCode })[] = [];
  for (const code of ['postal-code-differs', 'address-incomplete'] as const)
    await removeWarnings(tx, issuance.id, code);
  for await (const pieces of readMailedAddresses(tx, issuance.id))
    for (const piece of pieces) {
      if (master.check(piece) !== 'matches') suspects.push({ ...keyOf(piece), code: 'postal-code-differs' });
      const lacks = master.lacks(piece);
      if (lacks !== null && doubtOfAddress(piece) === null && doubtOfAddress(piece, lacks) !== null)
        suspects.push({ ...keyOf(piece), code: 'address-incomplete' });
    }
  await writeWarnings(tx, issuance.id, suspects);
}

function keyOf({ symbol, number, subNumber }: PersonKey): PersonKey {
  return { symbol, number, subNumber };
}
