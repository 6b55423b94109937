// Room: rules. Which papers come back, on what ground, and by when. Statutory grounds (健保則51条) and requests (a card
// enrolled later; 003) are kept apart: the law does not name the second.
import { addBusinessDays, addDays } from './calendar.ts';
import type { LocalDate } from './member.ts';

/** 法定の回収: eligibility lost. 返却のお願い: the card enrolled, or a newer certificate issued. */
export type RecallGround = 'lost' | 'enrolled' | 'superseded';

export const RECALL_GROUND_LABELS = {
  lost: '資格喪失（健康保険法施行規則第51条による回収）',
  enrolled: 'マイナ保険証の利用登録（返却のお願い）',
  superseded: '新しい資格確認書の交付（返却のお願い）',
} as const satisfies Record<RecallGround, string>;

export interface RecallFacts {
  /** The first day without cover, after the newest member file; null = still a member. */
  readonly lostOn: LocalDate | null;
  /** Inclusive expiry of the certificate. */
  readonly validThrough: LocalDate;
  /** Verified by an enrolled card, after the newest snapshot. */
  readonly isVerifiable: boolean;
  readonly isSuperseded: boolean;
}

/**
 * Why a certificate is asked back on a day, or null. Loss comes first: it is a duty. Past its expiry the holder may
 * destroy it (004), so nothing is asked.
 */
export function recallGround(facts: RecallFacts, on: LocalDate): RecallGround | null {
  if (facts.validThrough < on) return null;
  if (facts.lostOn !== null && facts.lostOn <= on) return 'lost';
  if (facts.isSuperseded) return 'superseded';
  return facts.isVerifiable ? 'enrolled' : null;
}

/** Days within which the insured person hands a certificate over after loss, and the employer files (健保則51条, 29条). */
const DAYS_TO_RETURN = 5;
/** Business days after processing within which the first reminder goes out (協会けんぽ KPI). */
const BUSINESS_DAYS_TO_REMIND = 10;

/** The last day on which a certificate is handed over in time: five days from the day of loss, that day not counted. */
export function returnDueOn(lostOn: LocalDate): LocalDate {
  return addDays(lostOn, DAYS_TO_RETURN);
}

/** Whether a loss filing that arrived on a day is late (C6): later than five days after the loss. */
export function isLossFilingLate(lostOn: LocalDate, arrivedOn: LocalDate): boolean {
  return arrivedOn > returnDueOn(lostOn);
}

/** The last day for the first reminder after a loss was processed. */
export function reminderDueOn(processedOn: LocalDate, isHoliday: (date: LocalDate) => boolean): LocalDate {
  return addBusinessDays(processedOn, BUSINESS_DAYS_TO_REMIND, isHoliday);
}

/** The last day on which the old cards were in use. */
const LEGACY_CARDS_LAST_DAY = '2025-12-01' as LocalDate;

export type LegacyCardDuty =
  /** Comes back with the filing. */
  | 'return'
  /** Not asked for; the holder may destroy it. */
  | 'destroy-allowed';

/**
 * What becomes of an old card (健康保険証) when a filing of loss arrives: arrived by 2025-12-01 it comes back, whenever
 * the loss was; arrived later it is not asked for, even where the loss was earlier (003, 004).
 */
export function legacyCardDuty(filingArrivedOn: LocalDate): LegacyCardDuty {
  return filingArrivedOn <= LEGACY_CARDS_LAST_DAY ? 'return' : 'destroy-allowed';
}

/** Of two certificates the one with the newer issue date counts (004); of one date, the higher number. */
export function countingCertificate<T extends { readonly issuedOn: LocalDate; readonly certificateNumber: string }>(
  a: T,
  b: T,
): T {
  if (a.issuedOn !== b.issuedOn) return a.issuedOn > b.issuedOn ? a : b;
  return a.certificateNumber > b.certificateNumber ? a : b;
}
