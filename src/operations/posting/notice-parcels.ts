// Room: operations. Packs an issuance's notices into parcels to workplaces, in one transaction: all of them or none.
import { writeJournal } from '../../ledger/papers/issuances.ts';
import {
  claimPacking,
  closePacking,
  countAcceptanceNumbers,
  countToPack,
  readPiecesToPack,
  writeParcels,
} from '../../ledger/posting/notice-parcels.ts';
import type { PackedParcel } from '../../ledger/posting/notice-parcels.ts';
import { takeAcceptanceNumbers } from '../../rules/posting/acceptance-numbers.ts';
import { packParcels } from '../../rules/posting/parcels.ts';
import type { NoticePiece } from '../../rules/posting/parcels.ts';
import { throwIfStopped } from '../context.ts';
import type { Context } from '../context.ts';
import type { NoticeIssuance } from '../issuance.ts';

/** Notices read at once; memory depends on this and on the largest workplace alone. */
const AT_ONCE = 50_000;

/** Packs what is not packed yet. Doing it again changes nothing. */
export async function packNotices(context: Context, issuance: NoticeIssuance): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (await claimPacking(tx, issuance)) return;
    const total = await countToPack(tx, issuance.id);
    context.progress.begin('梱包計画', total, '通');
    const range = issuance.rules.acceptanceNumbers;
    let used = range === null ? 0 : await countAcceptanceNumbers(tx, issuance.insurerNumber, range);
    let done = 0;
    let no = 0;
    let symbol = '';
    for (;;) {
      throwIfStopped(context);
      const pieces = await readPiecesToPack(tx, issuance, symbol, AT_ONCE);
      const last = pieces.at(-1);
      if (!last) break;
      const parcels = parcelsOf(pieces, issuance);
      const taken = takeAcceptanceNumbers(range, used, parcels.length);
      used = taken.used;
      const packed = parcels.map((parcel, i): PackedParcel => ({
        no: ++no,
        parcel,
        acceptanceNumber: taken.numbers[i] ?? null,
      }));
      await writeParcels(tx, issuance, packed);
      symbol = last.symbol;
      done += pieces.length;
      context.progress.reach(done);
    }
    await closePacking(tx, issuance.id);
    await writeJournal(tx, context.actor, 'pack', issuance, { parcels: no, notices: done });
    context.progress.end();
  });
}

/** Parcels of many workplaces, in order of symbol. */
function parcelsOf(pieces: readonly NoticePiece[], issuance: NoticeIssuance): ReturnType<typeof packParcels> {
  return [...Map.groupBy(pieces, (piece) => piece.symbol).values()].flatMap((of) =>
    packParcels(of, issuance.rules.parcels),
  );
}
