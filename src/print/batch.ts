// Room: print. One print batch: the letters' file and the certificates' file of its pieces, written, read back, and told
// page by page. A piece with a problem is on no page of either; the others are not touched by it.
import path from 'node:path';
import type { InsurerProfile } from '../rules/insurer.ts';
import type { HeldReason } from '../rules/print-batches.ts';
import type { Artwork } from './artwork.ts';
import type { FontStack } from './fonts.ts';
import { certificateBackValues, certificateFrontValues, letterValues } from './papers.ts';
import type { PrintableCertificate, PrintablePiece } from '../rules/printable.ts';
import { PrintFile } from './pdf.ts';
import type { PrintFileOptions, WrittenPrintFile } from './pdf.ts';
import { verifyPrintFile } from './read-back.ts';
import { Stamper } from './stamp.ts';
import type { StampedPage } from './stamp.ts';
import type { Sheet } from './template.ts';

/** A compiled template with its artwork taken out: plain data for any thread. */
export interface Stampable {
  readonly sheet: Sheet;
  readonly artwork: Artwork;
}

/** The papers of the pieces of one route. */
export interface BatchPapers {
  readonly letter: Stampable;
  readonly front: Stampable;
  readonly back: Stampable;
}

export interface HeldPaper {
  readonly mailpieceNumber: string;
  readonly reason: HeldReason;
  /** Whose paper; '' = the letter. */
  readonly subNumber: string;
  readonly field: string;
  readonly codePoint: string;
}

export interface BatchFile extends WrittenPrintFile {
  readonly paper: 'letters' | 'certificates';
  /** Relative to the output folder, `/` between. */
  readonly path: string;
  readonly mailpieceCount: number;
  readonly certificateCount: number;
}

export interface PrintedBatch {
  /** None where every piece is held. */
  readonly files: readonly BatchFile[];
  readonly printed: readonly {
    readonly mailpieceNumber: string;
    /** 1-based pages: of the letter, and of the first certificate's face. */
    readonly letterPage: number;
    readonly certificatePage: number;
    readonly certificateCount: number;
  }[];
  readonly held: readonly HeldPaper[];
  readonly replaced: readonly Omit<HeldPaper, 'reason'>[];
}

export interface BatchJob {
  readonly no: number;
  readonly pieces: readonly PrintablePiece[];
  readonly papers: BatchPapers;
  readonly profile: InsurerProfile;
  readonly stack: FontStack;
  /** Absolute; files go to `print/` in it. */
  readonly outDir: string;
}

/** Prints a batch. Errors: ReadBackError, and the file system's own; nothing of the batch's files is left then. */
export function printBatch(job: BatchJob): PrintedBatch {
  const number = String(job.no).padStart(5, '0');
  const names = { letters: `print/${number}-letters.pdf`, certificates: `print/${number}-certificates.pdf` };
  const { letter, front, back } = job.papers;
  const letters = openFile(job, names.letters, '送付書', [letter]);
  let certificates: PrintFile | null = null;
  try {
    certificates = openFile(job, names.certificates, '資格確認書', [front, back]);
    const stampers = {
      letter: new Stamper(letter.sheet, '/A0', job.stack, letters.fonts),
      front: new Stamper(front.sheet, '/A0', job.stack, certificates.fonts),
      back: new Stamper(back.sheet, '/A1', job.stack, certificates.fonts),
    };
    const result = fill(job, letters, certificates, stampers);
    if (result.printed.length === 0) {
      letters.abandon();
      certificates.abandon();
      return { ...result, files: [] };
    }
    const count = result.printed.reduce((sum, piece) => sum + piece.certificateCount, 0);
    const counts = { mailpieceCount: result.printed.length, certificateCount: count };
    const files: BatchFile[] = [
      { paper: 'letters', path: names.letters, ...counts, ...letters.finish() },
      { paper: 'certificates', path: names.certificates, ...counts, ...certificates.finish() },
    ];
    verifyPrintFile(letters.part, result.letterTexts, job.stack);
    verifyPrintFile(certificates.part, result.certificateTexts, job.stack);
    letters.keep();
    certificates.keep();
    return { files, printed: result.printed, held: result.held, replaced: result.replaced };
  } catch (error) {
    letters.abandon();
    certificates?.abandon();
    throw error;
  }
}

function openFile(job: BatchJob, name: string, title: string, papers: readonly Stampable[]): PrintFile {
  const { width, height, bleed } = (papers[0] as Stampable).sheet;
  const options: PrintFileOptions = {
    path: path.join(job.outDir, name),
    title: `${title}　${job.profile.insurer.name}`,
    width,
    height,
    bleed,
    artworks: papers.map((paper) => paper.artwork),
  };
  return new PrintFile(options, job.stack);
}

interface Stampers {
  readonly letter: Stamper;
  readonly front: Stamper;
  readonly back: Stamper;
}

interface Filled extends Omit<PrintedBatch, 'files'> {
  readonly letterTexts: readonly string[];
  readonly certificateTexts: readonly string[];
}

function fill(job: BatchJob, letters: PrintFile, certificates: PrintFile, stampers: Stampers): Filled {
  const printed: { mailpieceNumber: string; letterPage: number; certificatePage: number; certificateCount: number }[] =
    [];
  const held: HeldPaper[] = [];
  const replaced: Omit<HeldPaper, 'reason'>[] = [];
  const letterTexts: string[] = [];
  const certificateTexts: string[] = [];
  for (const piece of job.pieces) {
    const pages = stampPiece(job, piece, stampers);
    if (pages.held.length > 0) {
      held.push(...pages.held);
      continue;
    }
    replaced.push(...pages.replaced);
    printed.push({
      mailpieceNumber: piece.mailpieceNumber,
      letterPage: letters.pageCount + 1,
      certificatePage: certificates.pageCount + 1,
      certificateCount: piece.certificates.length,
    });
    letters.addPage(pages.letter.content);
    letterTexts.push(pages.letter.text);
    for (const { front, back } of pages.faces) {
      certificates.addPage(front.content);
      certificates.addPage(back.content, back.text === '');
      certificateTexts.push(front.text, back.text);
    }
  }
  return { printed, held, replaced, letterTexts, certificateTexts };
}

interface StampedPiece {
  readonly letter: StampedPage;
  readonly faces: readonly { front: StampedPage; back: StampedPage }[];
  readonly held: readonly HeldPaper[];
  readonly replaced: readonly Omit<HeldPaper, 'reason'>[];
}

function stampPiece(job: BatchJob, piece: PrintablePiece, stampers: Stampers): StampedPiece {
  const { mailpieceNumber } = piece;
  const held: HeldPaper[] = [];
  const replaced: Omit<HeldPaper, 'reason'>[] = [];
  if (piece.route === 'home' && piece.address === null)
    held.push({ mailpieceNumber, reason: 'address-missing', subNumber: '', field: 'addressLine', codePoint: '' });
  if (piece.route === 'workplace' && piece.workplace === null)
    held.push({ mailpieceNumber, reason: 'workplace-unknown', subNumber: '', field: 'workplaceName', codePoint: '' });
  const take = (page: StampedPage, subNumber: string): StampedPage => {
    for (const problem of page.problems) held.push({ mailpieceNumber, subNumber, ...problem });
    for (const replacement of page.replaced) replaced.push({ mailpieceNumber, subNumber, ...replacement });
    return page;
  };
  const letter = take(stampers.letter.stamp(letterValues(piece, job.profile, job.no)), '');
  const faces = piece.certificates.map((certificate) => stampFaces(job, piece, certificate, stampers, take));
  return { letter, faces, held: distinct(held), replaced: distinct(replaced) };
}

function stampFaces(
  job: BatchJob,
  piece: PrintablePiece,
  certificate: PrintableCertificate,
  stampers: Stampers,
  take: (page: StampedPage, subNumber: string) => StampedPage,
): { front: StampedPage; back: StampedPage } {
  const branchCode = piece.workplace?.branchCode ?? '';
  return {
    front: take(
      stampers.front.stamp(certificateFrontValues(certificate, job.profile, branchCode)),
      certificate.subNumber,
    ),
    back: take(stampers.back.stamp(certificateBackValues(certificate)), certificate.subNumber),
  };
}

/** One entry a paper, field and character, however often it stands there. */
function distinct<T extends object>(rows: readonly T[]): T[] {
  if (rows.length < 2) return [...rows];
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
