// Room: rules. Who gets a certificate in a bulk or a monthly issuance and why (健康保険法51条の3; 職権交付: 令和5年法律第48号附則第15条,
// 令和6年10月29日保険課事務連絡; codes and precedence: the intake contract, "Decision codes").
import { isCoveredOn } from '../intake/eligibility.ts';
import { hasDigitalCertificateEnded } from '../intake/enrolment.ts';
import type { CoverEnd } from '../intake/coverage.ts';
import type { Enrolment, Member } from '../intake/member.ts';
import { addDays, minDate } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';
import type { Standing } from '../papers/standing.ts';
import { withinCover } from './monthly.ts';
import type { MonthlyRules } from './monthly.ts';

export type NotTargetReason =
  | 'lost'
  | 'not-yet'
  | 'day-labourer'
  | 'after-cutoff'
  | 'no-legacy-card'
  | 'withdrawn'
  | 'holds-certificate'
  | 'on-the-way'
  /** Joined so lately that the snapshot cannot show an enrolment yet. */
  | 'waiting'
  | 'verifiable';

export type TargetReason =
  | 'special-care'
  | 'unlinked'
  | 'card-returned'
  | 'no-card'
  | 'deregistered'
  | 'unregistered'
  | 'certificate-expired'
  | 'no-status';

export type ReasonCode = NotTargetReason | TargetReason;

/** Reasons that the files of a bulk issuance alone can give; the others come from the ledger's own papers, or are the monthly one's. */
export type FileReason = Exclude<ReasonCode, 'withdrawn' | 'on-the-way' | 'waiting'>;

/** What the rule may look at, nothing else: stored beside the decision so that it can be made again. */
export interface DecisionFacts extends Pick<
  Member,
  'acquiredOn' | 'decidedOn' | 'lostOn' | 'insuredClass' | 'holdsLegacyCard' | 'certificateValidThrough' | 'specialCare'
> {
  /** The person's row in the enrolment snapshot, or null = no row. */
  readonly enrolment: Pick<Enrolment, 'card' | 'registration' | 'digitalCertificateExpiresOn' | 'linked'> | null;
  /** True = `lostOn` is the day of a filing or of a newer file, not of the file decided on. */
  readonly isLossFiled?: boolean;
  /** True = `lostOn` is the insured person's loss, which is the whole household's (健保法36条, 3条7項). */
  readonly isInsuredLost?: boolean;
  /** What the ledger's own papers mean for the person; null or absent = there is none that counts. */
  readonly standing?: Standing | null;
  /**
   * The end of the cover that comes by itself (age, two years of voluntary continuation), where it lies before the day a monthly
   * issuance asks about; absent = it does not.
   */
  readonly cover?: { readonly through: LocalDate; readonly because: CoverEnd };
}

/** What a bulk issuance asks. */
export interface BulkRules {
  /** Absent in issuances that were made before there were other kinds. */
  readonly kind?: 'bulk';
  readonly referenceOn: LocalDate;
  readonly acquiredThroughOn: LocalDate;
  readonly decidedThroughOn: LocalDate | null;
  /** `holds-certificate`: the held certificate's expiry is on or after this day. */
  readonly issuedOn: LocalDate;
}

/** The rules of an issuance; each kind has its own days. */
export type TargetingRules = BulkRules | MonthlyRules;

export interface Decision {
  readonly isTarget: boolean;
  /** The first reason that applies, in the contract's order. */
  readonly reason: ReasonCode;
}

/** Decides about one member: the first reason of the contract's order that applies. */
export function decide(facts: DecisionFacts, rules: TargetingRules): Decision {
  const exclusion = whyExcluded(facts, rules);
  if (exclusion !== null) return { isTarget: false, reason: exclusion };
  const need = whyNeeded(facts, rules);
  if (need === null) return { isTarget: false, reason: 'verifiable' };
  return need !== 'special-care' && isWaiting(facts, rules)
    ? { isTarget: false, reason: 'waiting' }
    : { isTarget: true, reason: need };
}

function whyExcluded(facts: DecisionFacts, rules: TargetingRules): NotTargetReason | null {
  const memberOn = rules.kind === 'monthly' ? rules.issuedOn : rules.referenceOn;
  if (!isCoveredOn(facts.lostOn, memberOn)) return 'lost';
  if (facts.cover !== undefined && facts.cover.through < memberOn) return 'lost';
  if (facts.acquiredOn > memberOn) return 'not-yet';
  if (facts.insuredClass === 'day-labourer') return 'day-labourer';
  if (rules.kind !== 'monthly' && isAfterCutoff(facts, rules)) return 'after-cutoff';
  if (!facts.holdsLegacyCard && (rules.kind !== 'monthly' || rules.asksLegacyCard)) return 'no-legacy-card';
  if (facts.standing?.reason === 'withdrawn') return 'withdrawn';
  if (facts.certificateValidThrough !== null && facts.certificateValidThrough >= heldThroughOn(facts, rules)) {
    return 'holds-certificate';
  }
  return facts.standing?.reason ?? null;
}

function isAfterCutoff({ acquiredOn, decidedOn }: DecisionFacts, rules: BulkRules): boolean {
  if (acquiredOn > rules.acquiredThroughOn) return true;
  return decidedOn !== null && rules.decidedThroughOn !== null && decidedOn > rules.decidedThroughOn;
}

/** The last day of the cover as far as the facts know one, or null. */
function coveredThroughOn({ lostOn, cover }: DecisionFacts): LocalDate | null {
  const lastDay = lostOn === null ? null : addDays(lostOn, -1);
  if (cover === undefined) return lastDay;
  return lastDay === null ? cover.through : minDate(lastDay, cover.through);
}

/**
 * Until when a certificate must be valid to count as held: the issue day; of a monthly issuance the last day of its month, or the
 * last day of the cover where that comes first.
 */
export function heldThroughOn(facts: DecisionFacts, rules: TargetingRules): LocalDate {
  return rules.kind === 'monthly' ? withinCover(rules.heldThroughOn, coveredThroughOn(facts)) : rules.issuedOn;
}

/** Why a member needs a certificate, before the ledger's own papers are asked; null = can be verified with a card. */
export function whyNeeded(facts: DecisionFacts, rules: TargetingRules): TargetReason | null {
  if (facts.specialCare) return 'special-care';
  const enrolment = facts.enrolment;
  if (enrolment === null) return 'no-status';
  if (!enrolment.linked) return 'unlinked';
  if (enrolment.card === 'returned') return 'card-returned';
  if (enrolment.card === 'none') return 'no-card';
  if (enrolment.registration === 'deregistered') return 'deregistered';
  if (enrolment.registration === 'unregistered') return 'unregistered';
  return hasDigitalCertificateEnded(enrolment, verifiableOn(facts, rules)) ? 'certificate-expired' : null;
}

/** The day on which the card must still serve. A monthly issuance looks ahead to the end of its month, never past the cover. */
function verifiableOn(facts: DecisionFacts, rules: TargetingRules): LocalDate {
  return rules.kind === 'monthly' ? withinCover(rules.verifiableOn, coveredThroughOn(facts)) : rules.referenceOn;
}

/** 加入の日: the later of acquisition and decision (確認), from which the insurer registers the member. */
export function joinedOn({ acquiredOn, decidedOn }: Pick<DecisionFacts, 'acquiredOn' | 'decidedOn'>): LocalDate {
  return decidedOn !== null && decidedOn > acquiredOn ? decidedOn : acquiredOn;
}

function isWaiting(facts: DecisionFacts, rules: TargetingRules): boolean {
  return rules.kind === 'monthly' && joinedOn(facts) > rules.joinedThroughOn;
}

/** The word of each reason, on screen and in files. */
export const REASON_LABELS = {
  lost: '資格喪失済み',
  'not-yet': '資格取得前',
  'day-labourer': '法第3条第2項',
  'after-cutoff': '基準日後の加入',
  'no-legacy-card': '健康保険証なし',
  withdrawn: '引き抜き済み',
  'holds-certificate': '有効な資格確認書あり',
  'on-the-way': '作成・発送中',
  waiting: '登録の確認待ち',
  verifiable: 'マイナ保険証あり',
  'special-care': '要配慮',
  unlinked: '個人番号の紐付けなし',
  'card-returned': 'マイナンバーカード返納',
  'no-card': 'マイナンバーカード未取得',
  deregistered: '利用登録解除',
  unregistered: '利用登録なし',
  'certificate-expired': '電子証明書の有効期限切れ（3か月経過）',
  'no-status': '登録状況の提供なし',
} as const satisfies Record<ReasonCode, string>;
