// Room: ledger. Lots as they are planned with the print batches.
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { PieceSize } from '../../rules/printing/print-batches.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { columns, date, digits, flag, numeric, orNull, text, word } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';
import type { Transaction } from '../core/pool.ts';
import type { StoredIssuance } from '../papers/issuances.ts';

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
export async function countPiecesByBranch(tx: Transaction, issuance: StoredIssuance): Promise<Map<string, number>> {
  const rows = await tx.query<{ branchCode: string; count: number }>(
    `select coalesce(w.branch_code, '') as "branchCode", sum(p.count)::int as count
       from (select symbol, count(*) from mailpiece where issuance_id = $1 group by symbol) p
       left join workplace w on w.dataset_id = $2 and w.symbol = p.symbol
      group by 1 order by 1`,
    [issuance.id, issuance.workplacesId],
  );
  return new Map(rows.map((row) => [row.branchCode, row.count]));
}

const PIECE_TO_PLAN = columns({
  mailpieceNumber: digits('m.mailpiece_number'),
  certificateCount: numeric('m.certificate_count'),
  route: word<Route>('m.route'),
  branchCode: text(`coalesce(w.branch_code, '')`),
} satisfies ColumnsOf<PieceToPlan>);

/** All pieces in number order, for the planning of lots and batches. */
export async function* readPiecesToPlan(tx: Transaction, issuance: StoredIssuance): AsyncIterable<PieceToPlan[]> {
  const lines = tx.copyOut(
    `copy (select ${PIECE_TO_PLAN.list}
             from mailpiece m left join workplace w on w.dataset_id = ${issuance.workplacesId} and w.symbol = m.symbol
            where m.issuance_id = ${issuance.id} order by m.mailpiece_number) to stdout`,
  );
  yield* PIECE_TO_PLAN.rows(lines);
}

const ISSUANCE = { issuanceId: numeric('issuance_id') };
const LOTS = columns({
  ...ISSUANCE,
  lot: {
    no: numeric('no'),
    name: text('name'),
    postFrom: orNull(date('post_from')),
    postThrough: orNull(date('post_through')),
  },
  byBranch: flag('by_branch'),
});
const LOT_SHARES = columns({
  ...ISSUANCE,
  lotNo: numeric('lot_no'),
  share: {
    branchCode: text('branch_code'),
    firstMailpiece: digits('first_mailpiece'),
    lastMailpiece: digits('last_mailpiece'),
  } satisfies ColumnsOf<LotShare>,
});

export async function writeLots(tx: Transaction, issuanceId: number, lots: readonly NewLot[]): Promise<void> {
  await tx.copyIn(
    `copy lot (${LOTS.list}) from stdin`,
    lots.map((lot) => LOTS.line({ issuanceId, lot, byBranch: lot.shares.length > 0 })),
  );
  await tx.copyIn(
    `copy lot_share (${LOT_SHARES.list}) from stdin`,
    lots.flatMap((lot) => lot.shares.map((share) => LOT_SHARES.line({ issuanceId, lotNo: lot.no, share }))),
  );
}
