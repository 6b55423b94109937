// Room: operations. Takes the contractor's results in: rows that are right are recorded, rows that cannot be are refused
// one by one, and a file is taken once.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { IntakeFault, ROW_ERROR_LABELS } from '../formats/intake.ts';
import { readResults } from '../formats/results.ts';
import { takeJobFile } from '../ledger/life.ts';
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

/**
 * Records 結果.csv. The same file twice is refused as a whole; interrupted, it goes on: each row has its own key.
 */
export async function takeResults(context: Context, run: Run, file: string): Promise<TakenResults> {
  const fileName = path.basename(file);
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) throw new Refusal('no-file', `${fileName}: ファイルがありません。`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const refused: { line: number; why: string }[] = [];
  let recorded = 0;
  let already = 0;
  let rows = 0;
  try {
    for await (const batch of readResults(file, {})) {
      throwIfStopped(context);
      for (const error of batch.errors)
        refused.push({
          line: error.line,
          why: `${error.column}: ${ROW_ERROR_LABELS[error.code]}。必要なもの: ${error.expected}`,
        });
      const asked = batch.rows.map(({ line, value }): PieceEvent => {
        const { mailpieceNumber, event, on, reason, trackingNumber } = value;
        return {
          mailpieceNumber,
          event,
          reason: [on, reason, trackingNumber].filter((part) => part !== '').join(' '),
          source: `${fileName}:${line}`,
          key: `result:${event}:${mailpieceNumber}:${on}`,
        };
      });
      rows += asked.length + batch.errors.length;
      const outcomes = await recordPieceEvents(context, run, asked);
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.kind === 'recorded') recorded += 1;
        else if (outcome.kind === 'already') already += 1;
        else refused.push({ line: batch.rows[i]?.line ?? 0, why: outcome.why });
      }
    }
  } catch (error) {
    if (error instanceof IntakeFault) throw new Refusal(error.code, `${fileName}: ${error.message}`);
    throw error;
  }
  await context.database.transaction(async (tx) => {
    const isNew = await takeJobFile(tx, {
      insurerNumber: run.insurerNumber,
      kind: 'results',
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
