// Room: operations. Plans how an issuance is printed and posted: its pieces into lots by the calendar of waves, each lot's
// into batches. Planned once, before the first batch is printed; withdrawals and results move no piece to another lot.
import { findOpenChunks, writeJournal } from '../../ledger/papers/issuances.ts';
import { countPiecesByBranch, readPiecesToPlan, writeLots } from '../../ledger/printing/lot-plans.ts';
import type { NewLot } from '../../ledger/printing/lot-plans.ts';
import { pinPostalEdition } from '../../ledger/intake/postal.ts';
import { listPrintBatches, writePrintBatches } from '../../ledger/printing/prints.ts';
import type { PrintBatch, StoredBatch } from '../../ledger/printing/prints.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { BatchPlanner } from '../../rules/printing/print-batches.ts';
import type { PlannedBatch } from '../../rules/printing/print-batches.ts';
import { WaveAssigner, assignWaves } from '../../rules/printing/waves.ts';
import type { Wave, WaveShare } from '../../rules/printing/waves.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { printingOf } from './kinds.ts';

const ROUTES: readonly Route[] = ['home', 'workplace'];

/** The batches of the issuance: as planned before, or planned now from all its pieces. */
export async function planLots(context: Context, issuance: Issuance, profile: InsurerProfile): Promise<StoredBatch[]> {
  return context.database.transaction(async (tx) => {
    // Two processes that plan at once would plan twice.
    await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 2))', [String(issuance.id)]);
    if ((await findOpenChunks(tx, issuance.id, 'enclosed')).length > 0)
      throw new Refusal('not-enclosed', '封入計画が終わっていません。先に封入を計画してください。');
    const known = await listPrintBatches(tx, issuance.id);
    if (known.length > 0) return known;
    const printing = printingOf(issuance);
    const { waves, postThrough } = printing.calendar(profile);
    const shares = waves.length === 0 ? null : await planShares(tx, issuance, waves);
    const planner = new Planner(profile.print.pagesPerFile, printing.pagesPerPaper, shares);
    for await (const pieces of readPiecesToPlan(tx, issuance)) for (const piece of pieces) planner.add(piece);
    const batches = planner.finish();
    if (batches.length === 0) return [];
    await writeLots(tx, issuance.id, planner.lots(waves, postThrough));
    await writePrintBatches(tx, issuance, batches);
    await pinPostalEdition(tx, issuance.id);
    await writeJournal(tx, context.actor, 'plan-lots', issuance, {
      lots: new Set(batches.map((batch) => batch.lotNo)).size,
      batches: batches.length,
    });
    return listPrintBatches(tx, issuance.id);
  });
}

/** The shares of each wave, of the pieces by branch (null = to be counted). A calendar too small for them is refused. */
export async function planShares(
  tx: Transaction,
  issuance: Issuance,
  waves: readonly Wave[],
  counted: ReadonlyMap<string, number> | null = null,
): Promise<readonly WaveShare[]> {
  const plan = assignWaves(waves, counted ?? (await countPiecesByBranch(tx, issuance)));
  if (plan.kind === 'planned') return plan.shares;
  throw new Refusal(
    'waves-over-capacity',
    `発送の波に入りきらない郵便物が ${plan.left} 通あります。プロファイルの waves の capacity を見直してください。`,
  );
}

/** Pieces in number order into the batches of their lots, and the shares they make. */
class Planner {
  readonly #pagesPerFile: number;
  readonly #pagesPerPaper: number;
  readonly #assigner: WaveAssigner | null;
  readonly #open = new Map<string, { lotNo: number; route: Route; planner: BatchPlanner }>();
  readonly #batches: (PlannedBatch & { lotNo: number; route: Route })[] = [];
  readonly #shares = new Map<string, { lotNo: number; branchCode: string; first: string; last: string }>();

  constructor(pagesPerFile: number, pagesPerPaper: number, shares: readonly WaveShare[] | null) {
    this.#pagesPerFile = pagesPerFile;
    this.#pagesPerPaper = pagesPerPaper;
    this.#assigner = shares && new WaveAssigner(shares);
  }

  add(piece: { mailpieceNumber: string; certificateCount: number; route: Route; branchCode: string }): void {
    const { mailpieceNumber, route, branchCode } = piece;
    const lotNo = this.#assigner ? this.#assigner.next(branchCode) : 1;
    if (this.#assigner) {
      const share = this.#shares.get(`${lotNo} ${branchCode}`);
      if (share) share.last = mailpieceNumber;
      else
        this.#shares.set(`${lotNo} ${branchCode}`, {
          lotNo,
          branchCode,
          first: mailpieceNumber,
          last: mailpieceNumber,
        });
    }
    const key = `${lotNo} ${route}`;
    let open = this.#open.get(key);
    if (!open)
      this.#open.set(
        key,
        (open = { lotNo, route, planner: new BatchPlanner(this.#pagesPerFile, this.#pagesPerPaper) }),
      );
    const full = open.planner.add(piece);
    if (full) this.#batches.push({ lotNo, route, ...full });
  }

  /** Batches lot by lot, homes first, in number order. */
  finish(): PrintBatch[] {
    for (const { lotNo, route, planner } of this.#open.values()) {
      const last = planner.finish();
      if (last) this.#batches.push({ lotNo, route, ...last });
    }
    this.#open.clear();
    return this.#batches
      .sort(
        (a, b) =>
          a.lotNo - b.lotNo ||
          ROUTES.indexOf(a.route) - ROUTES.indexOf(b.route) ||
          Number(a.firstMailpiece) - Number(b.firstMailpiece),
      )
      .map((batch, i) => ({ ...batch, no: i + 1 }));
  }

  /** A lot for each wave that has pieces; the waves keep their numbers. */
  lots(waves: readonly Wave[], postThrough: LocalDate | null): NewLot[] {
    if (waves.length === 0) return [{ no: 1, name: '', postFrom: null, postThrough, shares: [] }];
    return waves.flatMap((wave, i) => {
      const shares = [...this.#shares.values()].filter((share) => share.lotNo === i + 1);
      if (shares.length === 0) return [];
      return [
        {
          no: i + 1,
          name: wave.name,
          postFrom: wave.postFrom,
          postThrough: wave.postThrough,
          // One wave for everyone needs no look at branches when it is printed.
          shares:
            waves.length === 1
              ? []
              : shares.map(({ branchCode, first, last }) => ({
                  branchCode,
                  firstMailpiece: first,
                  lastMailpiece: last,
                })),
        },
      ];
    });
  }
}
