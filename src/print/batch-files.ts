// Room: print. The files of one print batch: pages of whole pieces, written, read back, and listed page by page. A piece with a
// problem is on no page of any file; the others are not touched by it.
import path from 'node:path';
import type { InsurerProfile } from '../rules/insurer.ts';
import type { Hold } from '../rules/printing/holds.ts';
import type { Artwork } from './artwork.ts';
import type { FontStack } from './fonts.ts';
import type { PageValues } from './page-values.ts';
import { PrintFile } from './pdf.ts';
import type { WrittenPrintFile } from './pdf.ts';
import { PageTexts, verifyPrintFile } from './read-back.ts';
import { Stamper } from './stamp.ts';
import type { StampedPage } from './stamp.ts';
import type { Sheet } from './template.ts';

/** A compiled template with its artwork taken out: plain data for any process. */
export interface Stampable {
  readonly sheet: Sheet;
  readonly artwork: Artwork;
}

export interface HeldPaper extends Hold {
  readonly mailpieceNumber: string;
}

export type PaperFile = 'letters' | 'certificates' | 'notices' | 'request-forms';

export interface BatchFile extends WrittenPrintFile {
  readonly paper: PaperFile;
  /** Relative to the output folder, `/` between. */
  readonly path: string;
  readonly mailpieceCount: number;
  readonly certificateCount: number;
}

/** One file of a batch: its pages are of these sheets, all of one size. */
export interface FileSpec {
  readonly paper: PaperFile;
  readonly title: string;
  readonly sheets: readonly Stampable[];
}

/** One page of a piece: in which file, of which of its sheets, with what in the fields. */
export interface PageOrder {
  readonly file: number;
  readonly sheet: number;
  readonly values: PageValues;
  readonly subNumber: string;
}

/** A piece to print: its pages in order, and what stops it before a page is looked at. */
export interface PieceOrder {
  readonly mailpieceNumber: string;
  readonly pages: readonly PageOrder[];
  readonly stops: readonly Hold[];
  /** Papers of persons in it. */
  readonly paperCount: number;
}

export interface FilesJob<Piece> {
  readonly no: number;
  readonly pieces: readonly Piece[];
  readonly files: readonly FileSpec[];
  readonly orderOf: (piece: Piece) => PieceOrder;
  readonly profile: InsurerProfile;
  readonly stack: FontStack;
  /** Absolute; files go to `print/` in it. */
  readonly outDir: string;
}

export interface PrintedFiles {
  /** Those with a page on them. */
  readonly files: readonly BatchFile[];
  readonly printed: readonly {
    readonly mailpieceNumber: string;
    /** Of each file, the piece's first page in it (from 1), or null. */
    readonly firstPages: readonly (number | null)[];
    readonly paperCount: number;
  }[];
  readonly held: readonly HeldPaper[];
  readonly replaced: readonly Omit<HeldPaper, 'reason'>[];
}

interface OpenFile {
  readonly spec: FileSpec;
  readonly path: string;
  readonly file: PrintFile;
  readonly stampers: readonly Stamper[];
  readonly texts: PageTexts;
  pieceCount: number;
  paperCount: number;
}

/** Prints a batch. Errors: ReadBackError, and the file system's own; nothing of the batch's files is left then. */
export function printFiles<Piece>(job: FilesJob<Piece>): PrintedFiles {
  const open: OpenFile[] = [];
  try {
    for (const spec of job.files) open.push(openFile(job, spec));
    const result = fill(job, open);
    const used = open.filter(({ texts }) => texts.count > 0);
    for (const { file } of open.filter(({ texts }) => texts.count === 0)) file.abandon();
    const files = used.map(({ spec, path: name, file, pieceCount, paperCount }): BatchFile => {
      const counts = { mailpieceCount: pieceCount, certificateCount: paperCount };
      return { paper: spec.paper, path: name, ...counts, ...file.finish() };
    });
    for (const { file, texts } of used) verifyPrintFile(file.part, texts, job.stack);
    for (const { file } of used) file.keep();
    return { files, ...result };
  } catch (error) {
    for (const { file } of open) file.abandon();
    throw error;
  }
}

function openFile<Piece>(job: FilesJob<Piece>, spec: FileSpec): OpenFile {
  const { width, height, bleed } = (spec.sheets[0] as Stampable).sheet;
  const name = `print/${String(job.no).padStart(5, '0')}-${spec.paper}.pdf`;
  const file = new PrintFile(
    {
      path: path.join(job.outDir, name),
      title: `${spec.title}　${job.profile.insurer.name}`,
      width,
      height,
      bleed,
      artworks: spec.sheets.map((paper) => paper.artwork),
    },
    job.stack,
  );
  const stampers = spec.sheets.map(({ sheet }, i) => new Stamper(sheet, `/A${i}`, job.stack, file.fonts));
  return { spec, path: name, file, stampers, texts: new PageTexts(), pieceCount: 0, paperCount: 0 };
}

function fill<Piece>(job: FilesJob<Piece>, open: readonly OpenFile[]): Omit<PrintedFiles, 'files'> {
  const printed: PrintedFiles['printed'][number][] = [];
  const held: HeldPaper[] = [];
  const replaced: Omit<HeldPaper, 'reason'>[] = [];
  for (const piece of job.pieces) {
    const order = job.orderOf(piece);
    const stamped = stampPiece(order, open);
    if (stamped.held.length > 0) {
      held.push(...stamped.held);
      continue;
    }
    replaced.push(...stamped.replaced);
    printed.push({
      mailpieceNumber: order.mailpieceNumber,
      firstPages: addPages(order, stamped.pages, open),
      paperCount: order.paperCount,
    });
  }
  return { printed, held, replaced };
}

function addPages(order: PieceOrder, pages: readonly StampedPage[], open: readonly OpenFile[]): (number | null)[] {
  const firstPages: (number | null)[] = open.map(() => null);
  for (const [i, { content, text }] of pages.entries()) {
    const at = (order.pages[i] as PageOrder).file;
    const into = open[at] as OpenFile;
    if (firstPages[at] === null) {
      firstPages[at] = into.file.pageCount + 1;
      into.pieceCount += 1;
      into.paperCount += order.paperCount;
    }
    into.file.addPage(content, text === '');
    into.texts.add(text);
  }
  return firstPages;
}

interface StampedPiece {
  readonly pages: readonly StampedPage[];
  readonly held: readonly HeldPaper[];
  readonly replaced: readonly Omit<HeldPaper, 'reason'>[];
}

function stampPiece({ mailpieceNumber, pages, stops }: PieceOrder, open: readonly OpenFile[]): StampedPiece {
  const held: HeldPaper[] = stops.map((stop) => ({ mailpieceNumber, ...stop }));
  const replaced: Omit<HeldPaper, 'reason'>[] = [];
  const stamped = pages.map(({ file, sheet, values, subNumber }) => {
    const page = ((open[file] as OpenFile).stampers[sheet] as Stamper).stamp(values);
    for (const problem of page.problems) held.push({ mailpieceNumber, subNumber, ...problem });
    for (const replacement of page.replaced) replaced.push({ mailpieceNumber, subNumber, ...replacement });
    return page;
  });
  return { pages: stamped, held: distinct(held), replaced: distinct(replaced) };
}

/** One entry a paper, field and character, however often it stands there. */
function distinct<T extends object>(rows: readonly T[]): T[] {
  if (rows.length < 2) return [...rows];
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
