// Room: rules. Which papers come back and on what ground. Statutory grounds (健保則48条, 49条, 51条) and requests (a card
// enrolled later; 003) are kept apart: the law does not name the second.
import { isCoveredOn } from '../intake/eligibility.ts';
import { citeRegulation } from '../papers/scheme.ts';
import type { Scheme } from '../papers/scheme.ts';
import { addBusinessDays, addMonths } from '../words/calendar.ts';
import type { Address } from '../words/address.ts';
import type { LocalDate } from '../words/local-date.ts';

/**
 * 法定の回収: lost (健保則51条), found again after reissue (49条4項), its name, sex or number changed (48条1項), torn or soiled and made
 * again (49条2項). 返却のお願い: a card enrolled, a newer one of the same content. The law does not name the second kind, so no paper
 * speaks of a duty there.
 */
export const RECALL_GROUNDS = ['lost', 'found', 'corrected', 'damaged', 'enrolled', 'superseded'] as const;
export type DutyGround = 'lost' | 'found' | 'corrected' | 'damaged';
export type RequestGround = 'enrolled' | 'superseded';
export type RecallGround = (typeof RECALL_GROUNDS)[number];
export type RecallKind = 'duty' | 'request';

/** A ground in words, with the article where the law asks. */
export function recallGroundLabel(ground: RecallGround, scheme: Scheme): string {
  switch (ground) {
    case 'lost':
      return `資格喪失（${citeRegulation(scheme, 'return')}による回収）`;
    case 'found':
      return `再交付の後に発見（${citeRegulation(scheme, 'foundAgain')}による返納）`;
    case 'corrected':
      return `記号・番号、氏名、性別の変更（${citeRegulation(scheme, 'corrected')}による提出）`;
    case 'damaged':
      return `き損・汚損による再交付（${citeRegulation(scheme, 'damaged')}による提出）`;
    case 'enrolled':
      return 'マイナ保険証の利用登録（返却のお願い）';
    case 'superseded':
      return '同じ内容の新しい資格確認書の交付（返却のお願い）';
  }
}

export const RECALL_KIND_LABELS = {
  duty: '法定の回収',
  request: '返却のお願い',
} as const satisfies Record<RecallKind, string>;

const REQUESTS: readonly RecallGround[] = ['enrolled', 'superseded'] satisfies RequestGround[];

/** Whether the law asks for the paper, or the insurer does. */
export function recallKind(ground: RecallGround): RecallKind {
  return isDuty(ground) ? 'duty' : 'request';
}

export function isDuty(ground: RecallGround): ground is DutyGround {
  return !REQUESTS.includes(ground);
}

export interface RecallFacts {
  /** The first day without cover, after the newest member file; null = still a member. */
  readonly lostOn: LocalDate | null;
  /** Inclusive expiry of the certificate. */
  readonly validThrough: LocalDate;
  /** Verified by an enrolled card, after the newest snapshot. */
  readonly isVerifiable: boolean;
  readonly isSuperseded: boolean;
  /** What the newer one was made for, where the law asks for the old one then; null = one of the same content. */
  readonly replacedFor: 'corrected' | 'damaged' | null;
  /** A member still, under another 記号・番号 (管轄外への移転など). */
  readonly hasMoved: boolean;
  /** The ground on which the law asked for it before, and it is not back. */
  readonly demandedFor: DutyGround | null;
}

/**
 * Why a certificate is asked back on a day, or null. Duties come first. Past its expiry the holder may destroy it (004),
 * so nothing is asked.
 */
export function recallGround(facts: RecallFacts, on: LocalDate): RecallGround | null {
  if (mayDestroyCertificate(facts.validThrough, on)) return null;
  if (!isCoveredOn(facts.lostOn, on)) return 'lost';
  if (facts.demandedFor !== null && facts.demandedFor !== 'lost') return facts.demandedFor;
  if (facts.isSuperseded) return facts.replacedFor ?? 'superseded';
  if (facts.hasMoved) return 'corrected';
  return facts.isVerifiable ? 'enrolled' : null;
}

/** Through whom a paper is asked for. */
export type RecallThrough = 'workplace' | 'person' | 'family';

export interface RecallThroughFacts {
  readonly mayPassEmployer: boolean;
  readonly hasMoved: boolean;
  /** The insured person has died (喪失原因 of the 資格喪失届). */
  readonly hasInsuredDied: boolean;
}

/**
 * Through whom. After the insured person's death the papers come with the claim of 埋葬料, from who is paid it (健保則51条5項): the family,
 * never the employer. A dependent's death is the insured person's to report. Who holds another number now is written to, as the
 * certificate is none of the new symbol's.
 */
export function recallThrough(facts: RecallThroughFacts): RecallThrough {
  if (facts.hasInsuredDied) return 'family';
  return facts.mayPassEmployer && !facts.hasMoved ? 'workplace' : 'person';
}

/** Where a letter about a certificate may go. */
export interface RecallMail {
  readonly name: string;
  readonly isProtected: boolean;
  readonly home: Address | null;
  readonly mailTo: Address | null;
  /** The insured person of the holder's household; null = no row of one. */
  readonly head: {
    readonly name: string;
    readonly home: Address | null;
    readonly mailTo: Address | null;
    readonly mailStopped: boolean;
  } | null;
}

/**
 * Under whose name and where a letter about a certificate goes: the household's, 送付先 over home; a holder's own 送付先 wins. Null where
 * nothing may be sent (送付停止), or there is no address: staff see to it.
 */
export function recallAddressee(
  { name, isProtected, home, mailTo, head }: RecallMail,
  through: RecallThrough,
): { addressee: string; address: Address } | null {
  if (isProtected) return null;
  const insured = head?.mailStopped === false ? head : null;
  const address = mailTo ?? insured?.mailTo ?? insured?.home ?? home;
  if (address === null) return null;
  const to = mailTo === null || through === 'family' ? (insured?.name ?? name) : name;
  return { address, addressee: through === 'family' ? `故　${to}　様　ご家族の方へ` : `${to}　様` };
}

export const RECALL_THROUGH_LABELS = {
  workplace: '事業所',
  person: '本人',
  family: 'ご家族（埋葬料を申請する方）',
} as const satisfies Record<RecallThrough, string>;

/** Past its expiry a certificate may be destroyed by its holder; until then it goes back (004). */
export function mayDestroyCertificate(validThrough: LocalDate, on: LocalDate): boolean {
  return validThrough < on;
}

/** Business days after processing within which the first reminder goes out (協会けんぽ KPI). */
const BUSINESS_DAYS_TO_REMIND = 10;

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
 * What becomes of an old card (健康保険証) when a filing arrives: arrived by their last day (2025-12-01) it comes back, whenever the loss
 * was; arrived later it is not asked for, even where the loss was earlier (003, 004). Whatever the filing: loss, change
 * of name, change of a dependent.
 */
export function legacyCardDuty(
  filingArrivedOn: LocalDate,
  hasEmployer: boolean,
  { legacyCards }: Pick<Scheme, 'legacyCards'>,
): LegacyCardDuty {
  if (filingArrivedOn > legacyCards.lastDay) return 'destroy-allowed';
  return hasEmployer ? 'return-through-workplace' : 'return-to-insurer';
}
