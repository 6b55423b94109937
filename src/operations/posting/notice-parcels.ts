// Room: operations. Packs a run's notices into parcels to workplaces, in one transaction: all of them or none.
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
import type { NoticeRun } from '../run.ts';

/** Notices read at once; memory depends on this and on the largest workplace alone. */
const AT_ONCE = 50_000;

/** Packs what is not packed yet. Doing it again changes nothing. */
export async function packNotices(context: Context, run: NoticeRun): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (await claimPacking(tx, run)) return;
    const total = await countToPack(tx, run.id);
    context.progress.begin('梱包計画', total, '通');
    const range = run.rules.acceptanceNumbers;
    let used = range === null ? 0 : await countAcceptanceNumbers(tx, run.insurerNumber, range);
    let done = 0;
    let no = 0;
    let symbol = '';
    for (;;) {
      throwIfStopped(context);
      const pieces = await readPiecesToPack(tx, run, symbol, AT_ONCE);
      const last = pieces.at(-1);
      if (!last) break;
      const parcels = parcelsOf(pieces, run);
      const taken = takeAcceptanceNumbers(range, used, parcels.length);
      used = taken.used;
      const packed = parcels.map((parcel, i): PackedParcel => ({
        no: ++no,
        parcel,
        acceptanceNumber: taken.numbers[i] ?? null,
      }));
      await writeParcels(tx, run, packed);
      symbol = last.symbol;
      done += pieces.length;
      context.progress.reach(done);
    }
    await closePacking(tx, run.id);
    await writeJournal(tx, context.actor, 'pack', run, { parcels: no, notices: done });
    context.progress.end();
  });
}

/** Parcels of many workplaces, in order of symbol. */
function parcelsOf(pieces: readonly NoticePiece[], run: NoticeRun): ReturnType<typeof packParcels> {
  return [...Map.groupBy(pieces, (piece) => piece.symbol).values()].flatMap((of) => packParcels(of, run.rules.parcels));
}
