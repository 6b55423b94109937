// Room: rules. What the ledger's own papers mean for a new issuance: who holds a certificate, whose is on its way, and whom staff
// have taken out of an earlier one.
import type { LocalDate } from '../words/local-date.ts';
import { NOT_DELIVERED, PRESENTABLE } from './lifecycle.ts';
import type { CertificateState, MailpieceState } from './lifecycle.ts';

/** Why a paper was withdrawn before it was posted. It decides how long the withdrawal keeps the person out of later issuances. */
export type WithdrawalCode =
  /** Eligibility is lost: for as long as the loss stands. */
  | 'lost'
  /** Can be verified with a My Number card: for as long as that is so. */
  | 'enrolled'
  /** Staff decided: until they lift it. */
  | 'staff'
  /** The whole issuance was given up: never. */
  | 'cancelled';

export const WITHDRAWAL_LABELS = {
  lost: '資格喪失',
  enrolled: 'マイナ保険証で確認できる',
  staff: '職員の判断',
  cancelled: '発行の取りやめ',
} as const satisfies Record<WithdrawalCode, string>;

/** How long a withdrawal keeps the person out of later issuances. */
export const WITHDRAWAL_TERMS = {
  lost: '喪失のあいだ',
  enrolled: 'マイナ保険証で確認できるあいだ',
  staff: '職員が解除するまで',
  cancelled: '効きません',
} as const satisfies Record<WithdrawalCode, string>;

/** Codes that staff choose when they withdraw one by hand. */
export const STAFF_CODES = ['lost', 'enrolled', 'staff'] as const satisfies readonly WithdrawalCode[];

/** The code of a withdrawal whose reason is given in words alone: a loss where the words say so; all else stands until staff lift it. */
export function withdrawalCodeOf(reason: string): WithdrawalCode {
  return /喪失|資格を失/.test(reason) ? 'lost' : 'staff';
}

/** Why a paper is withdrawn. */
export interface WithdrawalCause {
  readonly code: WithdrawalCode;
  /** The first day without cover, of a loss; null = not said. */
  readonly lostOn: LocalDate | null;
}

export interface Withdrawal extends WithdrawalCause {
  readonly withdrawnOn: LocalDate;
  readonly isLifted: boolean;
}

/** A certificate of the person in another issuance. */
export interface EarlierPaper {
  readonly issuanceId: number;
  readonly certificateNumber: string;
  readonly validThrough: LocalDate;
  readonly certificate: CertificateState;
  /** The envelope it lies in. */
  readonly piece: MailpieceState;
  /** It is to be made again (spoiled, or asked for by its holder) and no new one exists yet. */
  readonly isOwed: boolean;
  /** Where it was withdrawn; null of one that was not. */
  readonly withdrawal: Withdrawal | null;
}

/** What keeps a person out of an issuance because of papers there are. */
export interface Standing {
  readonly reason: 'withdrawn' | 'holds-certificate' | 'on-the-way';
  readonly issuanceId: number;
  readonly certificateNumber: string;
  readonly validThrough: LocalDate;
  /** Of a withdrawal. */
  readonly code?: WithdrawalCode;
  readonly withdrawnOn?: LocalDate;
}

/** What a withdrawal is held against. */
export interface StandingFacts {
  readonly acquiredOn: LocalDate;
  /** The person can be verified with a card, so no certificate is needed. */
  readonly isVerifiable: boolean;
}

/** Whether a withdrawal still keeps the person out. A loss ends with a later acquisition (same number, new eligibility). */
export function withdrawalHolds(withdrawal: Withdrawal, facts: StandingFacts): boolean {
  if (withdrawal.isLifted) return false;
  switch (withdrawal.code) {
    case 'lost':
      return facts.acquiredOn < (withdrawal.lostOn ?? withdrawal.withdrawnOn);
    case 'enrolled':
      return facts.isVerifiable;
    case 'staff':
      return true;
    case 'cancelled':
      return false;
  }
}

/**
 * What one paper means on the day of a new issuance, or null: nothing stands against a new one.
 *
 * A paper that ends before that day is none. One that was asked back by law, given back, given up, declared missing or replaced
 * is not the person's any more; one that is to be made again is on its way.
 */
export function meaningOf(paper: EarlierPaper, facts: StandingFacts, on: LocalDate): Standing['reason'] | null {
  const { certificate, piece, withdrawal } = paper;
  if (certificate === 'withdrawn') {
    return withdrawal !== null && withdrawalHolds(withdrawal, facts) ? 'withdrawn' : null;
  }
  if (paper.validThrough < on) return null;
  if (paper.isOwed) return 'on-the-way';
  if (certificate === 'made') return 'on-the-way';
  if (!PRESENTABLE.includes(certificate)) return null;
  return NOT_DELIVERED.includes(piece) ? 'on-the-way' : 'holds-certificate';
}

/** Whether a certificate is in its holder's hands on a day, of these papers of one person. */
export function isHeldOn(papers: readonly EarlierPaper[], on: LocalDate): boolean {
  return papers.some(({ certificate, piece, isOwed, validThrough }) => {
    return PRESENTABLE.includes(certificate) && !isOwed && validThrough >= on && !NOT_DELIVERED.includes(piece);
  });
}

const ORDER = ['withdrawn', 'holds-certificate', 'on-the-way'] as const;

/** What a person's papers together mean: the first of withdrawn, held, on the way; of several the newest. */
export function standingOf(papers: readonly EarlierPaper[], facts: StandingFacts, on: LocalDate): Standing | null {
  for (const reason of ORDER) {
    const paper = papers.findLast((candidate) => meaningOf(candidate, facts, on) === reason);
    if (!paper) continue;
    const { issuanceId, certificateNumber, validThrough, withdrawal } = paper;
    const why =
      reason === 'withdrawn' && withdrawal ? { code: withdrawal.code, withdrawnOn: withdrawal.withdrawnOn } : {};
    return { reason, issuanceId, certificateNumber, validThrough, ...why };
  }
  return null;
}
