// Room: print. One print batch of certificates: the letters' file and the certificates' file of its pieces.
import type { InsurerProfile } from '../rules/insurer.ts';
import { holdsOfPiece } from '../rules/printing/holds.ts';
import type { PrintableCertificate, PrintablePiece } from '../rules/printing/printable.ts';
import { printFiles } from './batch-files.ts';
import type { PageOrder, PieceOrder, PrintedFiles, Stampable } from './batch-files.ts';
import type { FontStack } from './fonts.ts';
import { certificateBackValues, certificateFrontValues, letterValues } from './papers.ts';

/** The papers of the pieces of one route. */
export interface BatchPapers {
  readonly letter: Stampable;
  readonly front: Stampable;
  readonly back: Stampable;
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
  const result = printFiles({
    ...job,
    files: [
      { paper: 'letters', title: '送付書', sheets: [letter] },
      { paper: 'certificates', title: '資格確認書', sheets: [front, back] },
    ],
    orderOf: (piece: PrintablePiece) => orderOf(piece, job),
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

function orderOf(piece: PrintablePiece, job: Pick<BatchJob, 'no' | 'profile'>): PieceOrder {
  return {
    mailpieceNumber: piece.mailpieceNumber,
    stops: holdsOfPiece(piece),
    paperCount: piece.certificates.length,
    pages: [
      { file: LETTERS, sheet: 0, values: letterValues(piece, job.profile, job.no), subNumber: '' },
      ...piece.certificates.flatMap((certificate) => facesOf(piece, certificate, job.profile)),
    ],
  };
}

function facesOf(piece: PrintablePiece, certificate: PrintableCertificate, profile: InsurerProfile): PageOrder[] {
  const { subNumber } = certificate;
  const branchCode = piece.workplace?.branchCode ?? '';
  const front = certificateFrontValues(certificate, profile, branchCode);
  return [
    { file: CERTIFICATES, sheet: 0, values: front, subNumber },
    { file: CERTIFICATES, sheet: 1, values: certificateBackValues(certificate), subNumber },
  ];
}
