// Room: ledger. Lots as they are planned with the print batches.
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { PieceSize } from '../../rules/printing/print-batches.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { copyLine } from '../core/copy.ts';
import type { Transaction } from '../core/pool.ts';
import type { IssuanceRun } from '../papers/issuances.ts';

export interface NewLot {
  /** From 1, in the order of the calendar. */
  readonly no: number;
  readonly name: string;
  readonly postFrom: LocalDate | null;
  readonly postThrough: LocalDate | null;
  /** Empty = every piece of the issuance. */
  readonly shares: readonly LotShare[];
}

/** Pieces of a branch ('' = of none) from one number to another, both included. */
export interface LotShare {
  readonly branchCode: string;
  readonly firstMailpiece: string;
  readonly lastMailpiece: string;
}

/** A piece as planning needs it. */
export interface PieceToPlan extends PieceSize {
  readonly route: Route;
  /** '' = its workplace has none, or is unknown. */
  readonly branchCode: string;
}

/** Pieces of an issuance by branch. */
export async function countPiecesByBranch(tx: Transaction, run: IssuanceRun): Promise<Map<string, number>> {
  const rows = await tx.query<{ branchCode: string; count: number }>(
    `select coalesce(w.branch_code, '') as "branchCode", sum(p.count)::int as count
       from (select symbol, count(*) from mailpiece where issuance_id = $1 group by symbol) p
       left join workplace w on w.dataset_id = $2 and w.symbol = p.symbol
      group by 1 order by 1`,
    [run.id, run.workplacesId],
  );
  return new Map(rows.map((row) => [row.branchCode, row.count]));
}

/** All pieces in number order, for the planning of lots and batches. */
export async function* readPiecesToPlan(tx: Transaction, run: IssuanceRun): AsyncIterable<PieceToPlan[]> {
  const lines = tx.copyOut(
    `copy (select m.mailpiece_number, m.certificate_count, m.route, coalesce(w.branch_code, '')
             from mailpiece m left join workplace w on w.dataset_id = ${run.workplacesId} and w.symbol = m.symbol
            where m.issuance_id = ${run.id} order by m.mailpiece_number) to stdout`,
  );
  for await (const batch of lines) {
    yield batch.map((line) => {
      const [mailpieceNumber = '', count, route, branchCode = ''] = line.split('\t');
      return { mailpieceNumber, certificateCount: Number(count), route: route as Route, branchCode };
    });
  }
}

export async function writeLots(tx: Transaction, issuanceId: number, lots: readonly NewLot[]): Promise<void> {
  await tx.copyIn(
    'copy lot (issuance_id, no, name, post_from, post_through, by_branch) from stdin',
    lots.map((l) => copyLine([issuanceId, l.no, l.name, l.postFrom, l.postThrough, l.shares.length > 0])),
  );
  await tx.copyIn(
    'copy lot_share (issuance_id, lot_no, branch_code, first_mailpiece, last_mailpiece) from stdin',
    lots.flatMap((l) =>
      l.shares.map((s) => copyLine([issuanceId, l.no, s.branchCode, s.firstMailpiece, s.lastMailpiece])),
    ),
  );
}
