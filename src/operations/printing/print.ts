// Room: operations. Prints an issuance: pieces gathered into batches, batches stamped by workers side by side, each
// recorded when its files are written and read back. Interrupted and run again, it goes on with the batches not done;
// files that are missing are made again, byte for byte the same.
import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../formats/files.ts';
import { hashFile } from '../../formats/content-hash.ts';
import { listPrintFiles } from '../../ledger/printing/prints.ts';
import type { StoredBatch } from '../../ledger/printing/prints.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { Refusal, throwIfStopped } from '../context.ts';
import { refuseCancelled } from '../issuing/plan.ts';
import { planLots } from './plan-lots.ts';
import type { Context } from '../context.ts';
import { inProcesses } from './processes.ts';
import type { Issuance } from '../issuance.ts';
import { printingOf } from './kinds.ts';
import type { ArtworkFile } from './kind.ts';
import type { PrintWork, ProcessInput } from './print-work.ts';

/** What an issuance's print files are together. */
export interface Printed {
  readonly fileCount: number;
  readonly pageCount: number;
  /** Papers that are the same for everyone: their files, relative to the output folder. */
  readonly artwork: readonly ArtworkFile[];
  /** Print files that were there with another content than recorded, and were made again: relative to the output folder. */
  readonly changed: readonly string[];
}

/**
 * Prints what is not printed yet, of a lot or of all, into `<outDir>/print/`, and the papers without a person into
 * `<outDir>/artwork/`.
 */
export async function printAll(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  outDir: string,
  lotNo: number | null = null,
): Promise<Printed> {
  await refuseCancelled(context, issuance);
  await mkdir(path.join(outDir, 'print'), { recursive: true });
  const kind = printingOf(issuance);
  const planned = await planLots(context, issuance, profile);
  const batches = planned.filter((batch) => lotNo === null || batch.lotNo === lotNo);
  if (batches.length === 0 && planned.length > 0)
    throw new Refusal('lot-unknown', `ロット${lotNo}はこの発行にありません。`);
  const { open, changed } = await batchesToPrint(context, issuance, batches, outDir);
  const total = batches.reduce((sum, batch) => sum + batch.certificateCount, 0);
  const done = total - open.reduce((sum, batch) => sum + batch.certificateCount, 0);
  context.progress.begin('印刷', total, '枚');
  context.progress.reach(done);
  if (open.length > 0) {
    const routes = [...new Set(open.map((batch) => batch.route))];
    const work = await kind.prepare(context, profile, routes);
    await runProcesses(context, { ...work, profile, outDir: path.resolve(outDir) }, open, done);
  }
  context.progress.end();
  const files = await context.database.transaction((tx) => listPrintFiles(tx, issuance.id));
  const pageCount = files.reduce((sum, file) => sum + file.pageCount, 0);
  const artwork = await kind.writeArtwork(profile, outDir);
  return { fileCount: files.length, pageCount, artwork, changed };
}

/** Batches not recorded, and batches whose files are not in this folder as they were recorded. */
async function batchesToPrint(
  context: Context,
  issuance: Issuance,
  batches: readonly StoredBatch[],
  outDir: string,
): Promise<{ open: StoredBatch[]; changed: string[] }> {
  const own = new Set(batches.filter((batch) => batch.isPrinted).map((batch) => batch.no));
  const files = await context.database.transaction((tx) => listPrintFiles(tx, issuance.id));
  const again = new Set<number>();
  const changed: string[] = [];
  for (const file of files.filter(({ batchNo }) => own.has(batchNo))) {
    throwIfStopped(context);
    const place = path.join(outDir, file.path);
    if (existsSync(place) && (statSync(place).size !== file.byteCount || (await hashFile(place)) !== file.sha256)) {
      changed.push(file.path);
      again.add(file.batchNo);
    } else if (!existsSync(place)) again.add(file.batchNo);
  }
  return { open: batches.filter((batch) => !batch.isPrinted || again.has(batch.no)), changed };
}

/**
 * Sets one piece whole through Typst, for comparison with its stamped pages; writes `<outDir>/reference/<number>-*.pdf`.
 * Returns the files, relative to `outDir`.
 */
export async function printReference(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  mailpieceNumber: string,
  outDir: string,
): Promise<string[]> {
  const papers = await printingOf(issuance).setReference(context, profile, mailpieceNumber);
  await mkdir(path.join(outDir, 'reference'), { recursive: true });
  const written: string[] = [];
  for (const [paper, pdf] of Object.entries(papers)) {
    const name = `reference/${mailpieceNumber}-${paper}.pdf`;
    await writeWhole(path.join(outDir, name), pdf);
    written.push(name);
  }
  return written;
}

/** Hands batches to workers one by one until none is left, or the command is asked to stop. */
async function runProcesses(
  context: Context,
  data: PrintWork,
  batches: readonly StoredBatch[],
  doneBefore: number,
): Promise<void> {
  const given: ProcessInput = { ...data, connection: context.database.connection, actor: context.actor };
  let done = doneBefore;
  await inProcesses(new URL('print-process.ts', import.meta.url), given, batches, {
    orderOf: (batch) => {
      throwIfStopped(context);
      return batch;
    },
    done: (batch) => context.progress.reach((done += batch.certificateCount)),
  });
}
