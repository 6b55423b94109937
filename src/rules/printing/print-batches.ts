// Room: rules. Which pieces are printed together: whole pieces in number order, never more pages a file than a limit.
import type { DoubtReason } from '../intake/doubts.ts';

export interface PieceSize {
  /** 14 digits. */
  readonly mailpieceNumber: string;
  readonly certificateCount: number;
}

export interface PlannedBatch {
  readonly firstMailpiece: string;
  readonly lastMailpiece: string;
  readonly mailpieceCount: number;
  readonly certificateCount: number;
}

/** Why print stops a piece for staff. */
export type HeldReason =
  | 'address-missing'
  | 'workplace-unknown'
  | 'missing-character'
  | 'does-not-fit'
  /** The end of the cover depends on the insured person, who has no row. */
  | 'insured-person-missing'
  /** 任意記載 was asked for, and the file does not say what is to stand there. */
  | 'optional-entries-unknown'
  /** 旧姓 is to stand behind the surname, and no blank says where that ends. */
  | 'former-name-unplaced'
  | DoubtReason;

/** Pages of a certificate: face and back. */
export const PAGES_PER_CERTIFICATE = 2;

/**
 * Gathers pieces into batches, in order. A batch makes a file of letters (a page a piece) and a file of certificates
 * (two pages each); neither has more than `pagesPerFile` pages, unless one piece alone needs more.
 */
export class BatchPlanner {
  readonly #pagesPerFile: number;
  readonly #pagesPerPaper: number;
  #open: PlannedBatch | null = null;

  constructor(pagesPerFile: number, pagesPerPaper = PAGES_PER_CERTIFICATE) {
    this.#pagesPerFile = pagesPerFile;
    this.#pagesPerPaper = pagesPerPaper;
  }

  /** Takes the next piece in; returns the batch that became full, or null. */
  add(piece: PieceSize): PlannedBatch | null {
    const open = this.#open;
    const certificates = (open?.certificateCount ?? 0) + piece.certificateCount;
    const fits =
      open !== null &&
      certificates * this.#pagesPerPaper <= this.#pagesPerFile &&
      open.mailpieceCount < this.#pagesPerFile;
    this.#open = {
      firstMailpiece: fits ? open.firstMailpiece : piece.mailpieceNumber,
      lastMailpiece: piece.mailpieceNumber,
      mailpieceCount: fits ? open.mailpieceCount + 1 : 1,
      certificateCount: fits ? certificates : piece.certificateCount,
    };
    return fits ? null : open;
  }

  /** The last batch, or null. */
  finish(): PlannedBatch | null {
    const open = this.#open;
    this.#open = null;
    return open;
  }
}

/** Why print held a piece, for staff. */
export const HELD_LABELS = {
  'address-missing': '住所がない',
  'workplace-unknown': '事業所がわからない',
  'missing-character': '書体にない文字がある',
  'does-not-fit': '欄に収まらない',
  'insured-person-missing': '被保険者の行がなく、任意継続の2年の終わりがわからない',
  'name-unreadable': '氏名（名称）として読めない',
  'address-none': '住所といえるものがない',
  'address-unreadable': '住所に読めない文字がある',
  'optional-entries-unknown': '任意記載の内容がない',
  'former-name-unplaced': '旧姓を入れる場所がわからない（氏名に空白がない）',
} as const satisfies Record<HeldReason, string>;
