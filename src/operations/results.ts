// Room: operations. Takes the results of contractor and workplaces in: rows that are right are recorded, rows that cannot be are refused
// one by one, and a file is taken once.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { IntakeFault, ROW_ERROR_LABELS } from '../formats/intake.ts';
import { readResults } from '../formats/results.ts';
import type { PieceResult } from '../formats/results.ts';
import { findPiecesInHand, takeJobFile } from '../ledger/life.ts';
import { Refusal, throwIfStopped } from './context.ts';
import type { Context } from './context.ts';
import type { Run } from './issuance-run.ts';
import { recordPieceEvents } from './life.ts';
import type { PieceEvent } from './life.ts';

export interface TakenResults {
  readonly recorded: number;
  /** Rows that said what was recorded before. */
  readonly already: number;
  readonly refused: readonly { readonly line: number; readonly why: string }[];
}

/** Who reports. A workplace may speak of its own pieces alone. */
export type Reporter = { readonly party: 'contractor' } | { readonly party: 'workplace'; readonly symbol: string };

/**
 * Records 結果.csv or 手渡し.csv. The same file twice is refused as a whole; interrupted, it goes on: each row has its own
 * key.
 */
export async function takeResults(
  context: Context,
  run: Run,
  file: string,
  reporter: Reporter = { party: 'contractor' },
): Promise<TakenResults> {
  const fileName = path.basename(file);
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) throw new Refusal('no-file', `${fileName}: ファイルがありません。`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const refused: { line: number; why: string }[] = [];
  let recorded = 0;
  let already = 0;
  let rows = 0;
  try {
    for await (const batch of readResults(file, reporter.party, {})) {
      throwIfStopped(context);
      for (const error of batch.errors)
        refused.push({
          line: error.line,
          why: `${error.column}: ${ROW_ERROR_LABELS[error.code]}。必要なもの: ${error.expected}`,
        });
      const own = await ownRows(context, run, reporter, batch.rows);
      for (const { line } of batch.rows.filter((row) => !own.includes(row)))
        refused.push({ line, why: 'この事業所の郵便物ではありません' });
      const asked = own.map(({ line, value }): PieceEvent => {
        const { mailpieceNumber, event, on, reason, trackingNumber } = value;
        return {
          mailpieceNumber,
          event,
          reason: [on, reason, trackingNumber].filter((part) => part !== '').join(' '),
          source: `${fileName}:${line}`,
          key: `result:${event}:${mailpieceNumber}:${on}`,
        };
      });
      rows += batch.rows.length + batch.errors.length;
      const outcomes = await recordPieceEvents(context, run, asked);
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.kind === 'recorded') recorded += 1;
        else if (outcome.kind === 'already') already += 1;
        else refused.push({ line: own[i]?.line ?? 0, why: outcome.why });
      }
    }
  } catch (error) {
    if (error instanceof IntakeFault) throw new Refusal(error.code, `${fileName}: ${error.message}`);
    throw error;
  }
  await context.database.transaction(async (tx) => {
    const isNew = await takeJobFile(tx, {
      insurerNumber: run.insurerNumber,
      kind: reporter.party === 'contractor' ? 'results' : `hand-over ${reporter.symbol}`,
      sha256,
      issuanceId: run.id,
      fileName,
      rowCount: rows,
      refusedCount: refused.length,
      actor: context.actor,
    });
    if (!isNew && recorded === 0)
      throw new Refusal('file-taken-before', `${fileName}: この結果ファイルは取込済みです。何も変わりません。`);
  });
  return { recorded, already, refused };
}

type Rows = readonly { readonly line: number; readonly value: PieceResult }[];

/** The rows the reporter may speak of. */
async function ownRows(context: Context, run: Run, reporter: Reporter, rows: Rows): Promise<Rows> {
  if (reporter.party === 'contractor') return rows;
  const numbers = rows.map((row) => row.value.mailpieceNumber);
  const pieces = await context.database.transaction((tx) => findPiecesInHand(tx, run, numbers));
  return rows.filter((row) => {
    const piece = pieces.get(row.value.mailpieceNumber);
    return piece?.symbol === reporter.symbol && piece.route === 'workplace';
  });
}
