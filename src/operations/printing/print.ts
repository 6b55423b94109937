// Room: operations. Prints an issuance: pieces gathered into batches, batches stamped by workers side by side, each
// recorded when its files are written and read back. Interrupted and run again, it goes on with the batches not done;
// files that are missing are made again, byte for byte the same.
import { existsSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../formats/files.ts';
import { readPostalMaster } from '../../ledger/intake/postal.ts';
import { findPieceToPrint, listPrintFiles } from '../../ledger/printing/prints.ts';
import type { StoredBatch } from '../../ledger/printing/prints.ts';
import { takeArtwork } from '../../print/artwork.ts';
import type { BatchPapers } from '../../print/batch.ts';
import type { Stampable } from '../../print/batch-files.ts';
import type { NoticePapers } from '../../print/notice-batch.ts';
import type { PaperKind } from '../../print/papers.ts';
import { referencePiece } from '../../print/reference.ts';
import { TemplateError, Templates } from '../../print/template.ts';
import type { CompiledSheet } from '../../print/template.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { countNotices } from '../../ledger/issuing/notices.ts';
import { Refusal, throwIfStopped } from '../context.ts';
import { planLots } from './plan-lots.ts';
import { withCustomerBarcode } from './customer-codes.ts';
import type { Context } from '../context.ts';
import { digitsKeyOf } from '../intake/digits.ts';
import { inLanes } from './lanes.ts';
import type { CertificateRun, NoticeRun, Run } from '../run.ts';
import { printNoticeReference } from './print-notices.ts';
import type { PrintWork, LaneData } from './print-worker.ts';

/** What a run's print files are together. */
export interface Printed {
  readonly fileCount: number;
  readonly pageCount: number;
  /** Papers that are the same for everyone: their files, relative to the output folder. */
  readonly artwork: readonly ArtworkFile[];
}

export interface ArtworkFile {
  readonly path: string;
  readonly byteCount: number;
  readonly sha256: string;
}

/**
 * Prints what is not printed yet, of a lot or of all, into `<outDir>/print/`, and the papers without a person into
 * `<outDir>/artwork/`.
 */
export async function printAll(
  context: Context,
  run: Run,
  profile: InsurerProfile,
  outDir: string,
  lotNo: number | null = null,
): Promise<Printed> {
  await mkdir(path.join(outDir, 'print'), { recursive: true });
  const planned = await planLots(context, run, profile);
  const batches = planned.filter((batch) => lotNo === null || batch.lotNo === lotNo);
  if (batches.length === 0 && planned.length > 0)
    throw new Refusal('lot-unknown', `ロット${lotNo}はこの発行にありません。`);
  const open = await batchesToPrint(context, run, batches, outDir);
  const total = batches.reduce((sum, batch) => sum + batch.certificateCount, 0);
  const done = total - open.reduce((sum, batch) => sum + batch.certificateCount, 0);
  context.progress.begin('印刷', total, '枚');
  context.progress.reach(done);
  if (open.length > 0) {
    const routes = [...new Set(open.map((batch) => batch.route))];
    const work =
      run.kind === 'notice'
        ? { run, noticePapers: await compileNoticePapers(profile, routes), digitsKey: await keyFor(context, run) }
        : { run, papers: await compilePapers(profile, routes) };
    await runWorkers(context, { ...work, profile, outDir: path.resolve(outDir) }, open, done);
  }
  context.progress.end();
  const files = await context.database.transaction((tx) => listPrintFiles(tx, run.id));
  const pageCount = files.reduce((sum, file) => sum + file.pageCount, 0);
  const artwork = await (run.kind === 'notice' ? writeNoticeArtwork : writeArtwork)(profile, outDir);
  return { fileCount: files.length, pageCount, artwork };
}

/** 同封物 and privacy seal as one-page PDFs for the printer. */
async function writeArtwork(profile: InsurerProfile, outDir: string): Promise<ArtworkFile[]> {
  await mkdir(path.join(outDir, 'artwork'), { recursive: true });
  const templates = new Templates(profile, profile.print.fonts);
  const papers: PaperKind[] = profile.form.kind === 'card' ? ['flyer', 'privacy-seal'] : ['flyer'];
  const files: ArtworkFile[] = [];
  for (const paper of papers) {
    const { artwork } = compiled(templates, paper, profile.route);
    files.push(await writeOne(outDir, `artwork/${paper}.pdf`, artwork));
  }
  return files;
}

/** The flyers of the notices, each in the insurer's words. */
async function writeNoticeArtwork(profile: InsurerProfile, outDir: string): Promise<ArtworkFile[]> {
  await mkdir(path.join(outDir, 'artwork'), { recursive: true });
  const files: ArtworkFile[] = [];
  for (const [i, flyer] of (profile.notices?.flyers ?? []).entries()) {
    const { artwork } = compiled(new Templates({ ...profile, flyer }, profile.print.fonts), 'flyer', 'workplace');
    files.push(await writeOne(outDir, `artwork/flyer-${i + 1}.pdf`, artwork));
  }
  return files;
}

async function writeOne(outDir: string, name: string, artwork: Uint8Array): Promise<ArtworkFile> {
  await writeWhole(path.join(outDir, name), artwork);
  return { path: name, byteCount: artwork.length, sha256: createHash('sha256').update(artwork).digest('hex') };
}

/** Batches not recorded, and batches whose files are not in this folder. */
async function batchesToPrint(
  context: Context,
  run: Run,
  batches: readonly StoredBatch[],
  outDir: string,
): Promise<StoredBatch[]> {
  const files = await context.database.transaction((tx) => listPrintFiles(tx, run.id));
  const missing = new Set(
    files.filter((file) => !isThere(path.join(outDir, file.path), file.byteCount)).map((file) => file.batchNo),
  );
  return batches.filter((batch) => !batch.isPrinted || missing.has(batch.no));
}

function isThere(file: string, byteCount: number): boolean {
  return existsSync(file) && statSync(file).size === byteCount;
}

/** Compiles the papers of these routes once. */
export async function compilePapers(
  profile: InsurerProfile,
  routes: readonly Route[],
): Promise<Partial<Record<Route, BatchPapers>>> {
  const templates = new Templates(profile, profile.print.fonts);
  const { kind } = profile.form;
  const papers: Partial<Record<Route, BatchPapers>> = {};
  for (const route of routes) {
    papers[route] = {
      letter: await compilePaper(templates, 'letter', route),
      front: await compilePaper(templates, `${kind}-front`, route),
      back: await compilePaper(templates, `${kind}-back`, route),
    };
  }
  return papers;
}

/** Compiles the papers of notices of these routes once. */
export async function compileNoticePapers(
  profile: InsurerProfile,
  routes: readonly Route[],
): Promise<Partial<Record<Route, NoticePapers>>> {
  const templates = new Templates(profile, profile.print.fonts);
  const papers: Partial<Record<Route, NoticePapers>> = {};
  for (const route of routes) {
    papers[route] = {
      notice: await compilePaper(templates, 'notice', route),
      form: await compilePaper(templates, 'request-form', route),
    };
  }
  return papers;
}

/** The key of the digits where a notice of the run shows any; a refusal where it is needed and was not given. */
async function keyFor(context: Context, run: NoticeRun): Promise<Uint8Array | null> {
  const shown = await context.database.transaction((tx) => countNotices(tx, run.id));
  return shown.some((row) => row.showsDigits) ? digitsKeyOf(context) : null;
}

export async function compilePaper(templates: Templates, paper: PaperKind, route: Route): Promise<Stampable> {
  const { artwork, sheet } = compiled(templates, paper, route);
  return { sheet, artwork: await takeArtwork(artwork) };
}

function compiled(templates: Templates, paper: PaperKind, route: Route): CompiledSheet {
  try {
    return templates.compile(paper, route);
  } catch (error) {
    if (error instanceof TemplateError) throw new Refusal('template', `雛形を直してください。${error.message}`);
    throw error;
  }
}

/**
 * Sets one piece whole through Typst, for comparison with its stamped pages; writes `<outDir>/reference/<number>-*.pdf`.
 * Returns the files, relative to `outDir`.
 */
export async function printReference(
  context: Context,
  run: Run,
  profile: InsurerProfile,
  mailpieceNumber: string,
  outDir: string,
): Promise<string[]> {
  const papers = await (run.kind === 'notice'
    ? printNoticeReference(context, run, profile, mailpieceNumber)
    : certificateReference(context, run, profile, mailpieceNumber));
  await mkdir(path.join(outDir, 'reference'), { recursive: true });
  const written: string[] = [];
  for (const [paper, pdf] of Object.entries(papers)) {
    const name = `reference/${mailpieceNumber}-${paper}.pdf`;
    await writeWhole(path.join(outDir, name), pdf);
    written.push(name);
  }
  return written;
}

async function certificateReference(
  context: Context,
  run: CertificateRun,
  profile: InsurerProfile,
  mailpieceNumber: string,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const { found, master } = await context.database.transaction(async (tx) => ({
    found: await findPieceToPrint(tx, run, mailpieceNumber),
    master: await readPostalMaster(tx, run.id),
  }));
  if (!found) throw new Refusal('mailpiece-unknown', `郵便物 ${mailpieceNumber} はこの発行の印刷にありません。`);
  const { piece, batchNo } = found;
  const templates = new Templates(profile, profile.print.fonts);
  return { ...referencePiece(templates, withCustomerBarcode(piece, master), profile, batchNo) };
}

/** Hands batches to workers one by one until none is left, or the run is asked to stop. */
async function runWorkers(
  context: Context,
  data: PrintWork,
  batches: readonly StoredBatch[],
  doneBefore: number,
): Promise<void> {
  const given: LaneData = { ...data, connection: context.database.connection, actor: context.actor };
  let done = doneBefore;
  await inLanes(new URL('print-worker.ts', import.meta.url), given, batches, {
    orderOf: (batch) => {
      throwIfStopped(context);
      return batch;
    },
    done: (batch) => context.progress.reach((done += batch.certificateCount)),
  });
}
