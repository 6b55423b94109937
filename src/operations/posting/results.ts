// Room: operations. Takes the results of contractor and workplaces in: rows that are right are recorded, rows that cannot be are refused
// one by one, and a file is taken once.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { IntakeFault, ROW_ERROR_LABELS } from '../../formats/intake.ts';
import { readResults } from '../../formats/results.ts';
import type { PieceResult } from '../../formats/results.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { findNewestJobDay, takeJobFile } from '../../ledger/posting/job-files.ts';
import type { JobFile } from '../../ledger/posting/job-files.ts';
import { findPiecesInHand } from '../../ledger/papers/pieces.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal, overrideCounts, throwIfStopped } from '../context.ts';
import type { Context, Override } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { recordPieceEvents } from './piece-events.ts';
import type { PieceEvent } from './piece-events.ts';

export interface TakenResults {
  readonly recorded: number;
  /** Rows that said what was recorded before. */
  readonly already: number;
  readonly refused: readonly RefusedRow[];
}

export interface RefusedRow {
  readonly line: number;
  readonly why: string;
  /** A named person may have it recorded all the same. */
  readonly canOverride: boolean;
}

/** The party that reports. A workplace may report its own pieces alone. */
export type Reporter = { readonly party: 'contractor' } | { readonly party: 'workplace'; readonly symbol: string };

export interface ResultsOptions {
  readonly reporter: Reporter;
  /** The person who lets through postings that are not approved, outside their days or again, and a file older than one before. */
  readonly override: Override | null;
}

/**
 * Records 結果.csv or 手渡し.csv. The same file twice is refused as a whole, and so is one older than a file of its kind
 * taken before; interrupted, it goes on: each row has its own key.
 */
export async function takeResults(
  context: Context,
  issuance: Issuance,
  file: string,
  options: Partial<ResultsOptions> = {},
): Promise<TakenResults> {
  const { reporter = { party: 'contractor' }, override = null } = options;
  const fileName = path.basename(file);
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) throw new Refusal('no-file', `${fileName}: ファイルがありません。`);
  const job = {
    insurerNumber: issuance.insurerNumber,
    kind: reporter.party === 'contractor' ? 'results' : `hand-over ${reporter.symbol}`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    issuanceId: issuance.id,
  };
  try {
    const throughOn = await newestDay(file, reporter);
    if (override === null) await refuseOlder(context, job, fileName, throughOn);
    const { rows, recorded, already, refused } = await recordRows(context, issuance, file, reporter, override);
    const isNew = await context.database.transaction(async (tx) => {
      const isTaken = await takeJobFile(tx, {
        ...job,
        fileName,
        rowCount: rows,
        refusedCount: refused.length,
        throughOn,
        override,
        actor: context.actor,
      });
      const operation = reporter.party === 'contractor' ? 'results' : 'hand-over';
      const counts = { file: fileName, rows, recorded, rejected: refused.length, ...overrideCounts(override) };
      if (isTaken || recorded > 0) await writeJournal(tx, context.actor, operation, issuance, counts);
      return isTaken;
    });
    if (!isNew && recorded === 0) {
      const waiting = refused.filter((row) => row.canOverride).length;
      const text = `${fileName}: この結果ファイルは取込済みです。何も変わりません。`;
      throw waiting === 0
        ? new Refusal('file-taken-before', text)
        : new Refusal('file-repeats', `${text}許可がなくて記録していない発送が${waiting}通あります。`);
    }
    return { recorded, already, refused };
  } catch (error) {
    if (error instanceof IntakeFault) throw new Refusal(error.code, `${fileName}: ${error.message}`);
    throw error;
  }
}

/** The newest day the rows speak of. */
async function newestDay(file: string, reporter: Reporter): Promise<LocalDate | null> {
  let newest: LocalDate | null = null;
  for await (const { rows } of readResults(file, reporter.party, {}))
    for (const { value } of rows) if (newest === null || value.on > newest) newest = value.on;
  return newest;
}

/** A file older than one taken before: a contractor may send last year's. */
async function refuseOlder(
  context: Context,
  job: Pick<JobFile, 'insurerNumber' | 'kind' | 'sha256' | 'issuanceId'>,
  fileName: string,
  throughOn: LocalDate | null,
): Promise<void> {
  const newest = await context.database.transaction((tx) => findNewestJobDay(tx, job));
  if (throughOn === null || newest === null || throughOn >= newest) return;
  throw new Refusal(
    'file-precedes',
    `${fileName}: ${throughOn} までの結果ですが、${newest} までの結果を取込済みです（前のファイルではありませんか）。何も記録しませんでした。`,
  );
}

async function recordRows(
  context: Context,
  issuance: Issuance,
  file: string,
  reporter: Reporter,
  override: Override | null,
): Promise<TakenResults & { readonly rows: number }> {
  const refused: RefusedRow[] = [];
  let [recorded, already, rows] = [0, 0, 0];
  for await (const batch of readResults(file, reporter.party, {})) {
    throwIfStopped(context);
    for (const error of batch.errors)
      refused.push({
        line: error.line,
        why: `${error.column}: ${ROW_ERROR_LABELS[error.code]}。必要なもの: ${error.expected}`,
        canOverride: false,
      });
    const own = await ownRows(context, issuance, reporter, batch.rows);
    for (const { line } of batch.rows.filter((row) => !own.includes(row)))
      refused.push({ line, why: 'この事業所の郵便物ではありません', canOverride: false });
    const asked = own.map((row) => pieceEventOf(row, path.basename(file)));
    rows += batch.rows.length + batch.errors.length;
    const outcomes = await recordPieceEvents(context, issuance, asked, override);
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.kind === 'recorded') recorded += 1;
      else if (outcome.kind === 'already') already += 1;
      else refused.push({ line: own[i]?.line ?? 0, why: outcome.why, canOverride: outcome.canOverride ?? false });
    }
  }
  return { rows, recorded, already, refused: refused.toSorted((a, b) => a.line - b.line) };
}

function pieceEventOf({ line, value }: Rows[number], fileName: string): PieceEvent {
  const { mailpieceNumber, event, on, reason, trackingNumber } = value;
  return {
    mailpieceNumber,
    event,
    on,
    reason: [on, reason, trackingNumber].filter((part) => part !== '').join(' '),
    source: `${fileName}:${line}`,
    key: `result:${event}:${mailpieceNumber}:${on}`,
  };
}

type Rows = readonly { readonly line: number; readonly value: PieceResult }[];

/** The rows the reporter may speak of. */
async function ownRows(context: Context, issuance: Issuance, reporter: Reporter, rows: Rows): Promise<Rows> {
  if (reporter.party === 'contractor') return rows;
  const numbers = rows.map((row) => row.value.mailpieceNumber);
  const pieces = await context.database.transaction((tx) => findPiecesInHand(tx, issuance, numbers));
  return rows.filter((row) => {
    const piece = pieces.get(row.value.mailpieceNumber);
    return piece?.symbol === reporter.symbol && piece.route === 'workplace';
  });
}
