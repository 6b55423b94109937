// Room: print. One print batch of certificates: the letters' file and the certificates' file of its pieces.
import { createHash } from 'node:crypto';
import type { InsurerProfile } from '../rules/insurer.ts';
import { passageOf } from '../rules/intake/passage.ts';
import type { Passage } from '../rules/papers/scheme.ts';
import { holdsOfPiece } from '../rules/printing/holds.ts';
import { passageOfPiece } from '../rules/printing/printable.ts';
import type { PrintableCertificate, PrintablePiece } from '../rules/printing/printable.ts';
import { printFiles } from './batch-files.ts';
import type { PageOrder, PieceOrder, PrintedFiles, Stampable } from './batch-files.ts';
import type { FontStack } from './fonts.ts';
import { certificateBackValues, certificateFrontValues, letterValues } from './papers.ts';

/** The papers of the pieces of one route; what tells holders what to do, by whom it names for it. */
export interface BatchPapers {
  readonly letter: Readonly<Record<Passage, Stampable>>;
  readonly front: Stampable;
  readonly back: Readonly<Record<Passage, Stampable>>;
}

/** Hash of the templates and texts of all of them. */
export function hashOfPapers({ letter, front, back }: BatchPapers): string {
  const all = [letter.employer, letter.direct, front, back.employer, back.direct];
  return createHash('sha256')
    .update(all.map((paper) => paper.sheet.sha256).join(''))
    .digest('hex');
}

export interface PrintedBatch extends Pick<PrintedFiles, 'files' | 'held' | 'replaced'> {
  readonly printed: readonly {
    readonly mailpieceNumber: string;
    /** 1-based pages: of the letter, and of the first certificate's face. */
    readonly letterPage: number;
    readonly certificatePage: number;
    readonly certificateCount: number;
  }[];
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

const LETTERS = 0;
const CERTIFICATES = 1;

/** Prints a batch. Errors: ReadBackError, and the file system's own; nothing of the batch's files is left then. */
export function printBatch({ papers: { letter, front, back }, ...job }: BatchJob): PrintedBatch {
  // Only the artwork that some page is on goes into a file.
  const letters = passagesOf(job.pieces.map(passageOfPiece));
  const backs = passagesOf(job.pieces.flatMap((piece) => piece.certificates.map(passageOf)));
  const result = printFiles({
    ...job,
    files: [
      { paper: 'letters', title: '送付書', sheets: letters.map((passage) => letter[passage]) },
      { paper: 'certificates', title: '資格確認書', sheets: [front, ...backs.map((passage) => back[passage])] },
    ],
    orderOf: (piece: PrintablePiece) => orderOf(piece, job, letters, backs),
  });
  return {
    ...result,
    printed: result.printed.map(({ mailpieceNumber, firstPages, paperCount }) => ({
      mailpieceNumber,
      letterPage: firstPages[LETTERS] as number,
      certificatePage: firstPages[CERTIFICATES] as number,
      certificateCount: paperCount,
    })),
  };
}

/** The passages there are, in one order. */
function passagesOf(given: readonly Passage[]): Passage[] {
  return (['employer', 'direct'] as const).filter((passage) => given.includes(passage));
}

function orderOf(
  piece: PrintablePiece,
  job: Pick<BatchJob, 'no' | 'profile'>,
  letters: readonly Passage[],
  backs: readonly Passage[],
): PieceOrder {
  const sheet = letters.indexOf(passageOfPiece(piece));
  return {
    mailpieceNumber: piece.mailpieceNumber,
    stops: holdsOfPiece(piece),
    paperCount: piece.certificates.length,
    pages: [
      { file: LETTERS, sheet, values: letterValues(piece, job.profile, job.no), subNumber: '' },
      ...piece.certificates.flatMap((certificate) => facesOf(piece, certificate, job.profile, backs)),
    ],
  };
}

function facesOf(
  piece: PrintablePiece,
  certificate: PrintableCertificate,
  profile: InsurerProfile,
  backs: readonly Passage[],
): PageOrder[] {
  const { subNumber } = certificate;
  const branchCode = piece.workplace?.branchCode ?? '';
  const front = certificateFrontValues(certificate, profile, branchCode);
  return [
    { file: CERTIFICATES, sheet: 0, values: front, subNumber },
    {
      file: CERTIFICATES,
      sheet: 1 + backs.indexOf(passageOf(certificate)),
      values: certificateBackValues(certificate),
      subNumber,
    },
  ];
}
