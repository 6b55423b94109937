// Room: rules. Which papers come back, on what ground, and by when. Statutory grounds (健保則51条) and requests (a card
// enrolled later; 003) are kept apart: the law does not name the second.
import { isCoveredOn } from '../intake/eligibility.ts';
import { LEGACY_CARDS_LAST_DAY } from '../intake/member.ts';
import { addBusinessDays, addDays, addMonths } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';

/**
 * 法定の回収 (健保則51条: lost; 49条: found again after reissue) and 返却のお願い (a card enrolled, a newer certificate
 * issued). The law does not name the second kind, so no paper speaks of a duty there.
 */
export type RecallGround = 'lost' | 'found' | 'enrolled' | 'superseded';
export type RecallKind = 'duty' | 'request';

export const RECALL_GROUND_LABELS = {
  lost: '資格喪失（健康保険法施行規則第51条による回収）',
  found: '再交付の後に発見（健康保険法施行規則第49条による返納）',
  enrolled: 'マイナ保険証の利用登録（返却のお願い）',
  superseded: '新しい資格確認書の交付（返却のお願い）',
} as const satisfies Record<RecallGround, string>;

export const RECALL_KIND_LABELS = {
  duty: '法定の回収',
  request: '返却のお願い',
} as const satisfies Record<RecallKind, string>;

/** Whether the law asks for the paper, or the insurer does. */
export function recallKind(ground: RecallGround): RecallKind {
  return ground === 'lost' || ground === 'found' ? 'duty' : 'request';
}

export interface RecallFacts {
  /** The first day without cover, after the newest member file; null = still a member. */
  readonly lostOn: LocalDate | null;
  /** Inclusive expiry of the certificate. */
  readonly validThrough: LocalDate;
  /** Verified by an enrolled card, after the newest snapshot. */
  readonly isVerifiable: boolean;
  readonly isSuperseded: boolean;
  /** Declared missing, made again, and found. */
  readonly isFoundAgain: boolean;
}

/**
 * Why a certificate is asked back on a day, or null. Duties come first. Past its expiry the holder may destroy it (004),
 * so nothing is asked.
 */
export function recallGround(facts: RecallFacts, on: LocalDate): RecallGround | null {
  if (mayDestroyCertificate(facts.validThrough, on)) return null;
  if (!isCoveredOn(facts.lostOn, on)) return 'lost';
  if (facts.isFoundAgain) return 'found';
  if (facts.isSuperseded) return 'superseded';
  return facts.isVerifiable ? 'enrolled' : null;
}

/** Past its expiry a certificate may be destroyed by its holder; until then it goes back (004). */
export function mayDestroyCertificate(validThrough: LocalDate, on: LocalDate): boolean {
  return validThrough < on;
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

/** The end of one month after a loss: what the one-month recall rate counts to (協会けんぽ KPI), that day included. */
export function oneMonthAfter(lostOn: LocalDate): LocalDate {
  return addMonths(lostOn, 1);
}

export type LegacyCardDuty =
  /** Comes back with the filing, through the workplace. */
  | 'return-through-workplace'
  /** 任意継続, 特例退職: the person sends it to the insurer. */
  | 'return-to-insurer'
  /** Not asked for; the holder may destroy it. */
  | 'destroy-allowed';

export const LEGACY_CARD_DUTY_LABELS = {
  'return-through-workplace': '健康保険証を事業所で回収して返す',
  'return-to-insurer': '健康保険証を本人が保険者に返す',
  'destroy-allowed': '健康保険証の回収は求めない（本人が破棄してよい）',
} as const satisfies Record<LegacyCardDuty, string>;

/**
 * What becomes of an old card (健康保険証) when a filing arrives: arrived by 2025-12-01 it comes back, whenever the loss
 * was; arrived later it is not asked for, even where the loss was earlier (003, 004). Whatever the filing: loss, change
 * of name, change of a dependent.
 */
export function legacyCardDuty(filingArrivedOn: LocalDate, hasEmployer: boolean): LegacyCardDuty {
  if (filingArrivedOn > LEGACY_CARDS_LAST_DAY) return 'destroy-allowed';
  return hasEmployer ? 'return-through-workplace' : 'return-to-insurer';
}
