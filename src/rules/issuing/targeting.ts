// Room: rules. Who gets a certificate in a bulk issuance and why (健康保険法51条の3; 職権交付: 令和5年法律第48号附則第15条,
// 令和6年10月29日保険課事務連絡; codes and precedence: the intake contract, "Decision codes").
import { isCoveredOn } from '../intake/eligibility.ts';
import { hasDigitalCertificateEnded } from '../intake/enrolment.ts';
import type { Enrolment, InsuredClass } from '../intake/member.ts';
import type { LocalDate } from '../words/local-date.ts';
import type { Standing } from '../papers/standing.ts';

export type NotTargetReason =
  | 'lost'
  | 'not-yet'
  | 'day-labourer'
  | 'after-cutoff'
  | 'no-legacy-card'
  | 'withdrawn'
  | 'holds-certificate'
  | 'on-the-way'
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

/** Reasons that the input files alone can give; the others come from the ledger's own papers. */
export type FileReason = Exclude<ReasonCode, 'withdrawn' | 'on-the-way'>;

/** What the rule may look at, nothing else: stored beside the decision so that it can be made again. */
export interface DecisionFacts {
  readonly acquiredOn: LocalDate;
  readonly decidedOn: LocalDate | null;
  readonly lostOn: LocalDate | null;
  readonly insuredClass: InsuredClass;
  readonly holdsLegacyCard: boolean;
  readonly certificateValidThrough: LocalDate | null;
  readonly specialCare: boolean;
  /** The person's row in the enrolment snapshot, or null = no row. */
  readonly enrolment: Pick<Enrolment, 'card' | 'registration' | 'digitalCertificateExpiresOn' | 'linked'> | null;
  /** True = `lostOn` is the day of a filing or of a newer file, not of the file decided on. */
  readonly isLossFiled?: boolean;
  /** True = `lostOn` is the insured person's loss, which is the whole household's (健保法36条, 3条7項). */
  readonly isInsuredLost?: boolean;
  /** What the ledger's own papers mean for the person; null or absent = there is none that counts. */
  readonly standing?: Standing | null;
}

export interface TargetingRules {
  readonly referenceOn: LocalDate;
  readonly acquiredThroughOn: LocalDate;
  readonly decidedThroughOn: LocalDate | null;
  /** `holds-certificate`: the held certificate's expiry is on or after this day. */
  readonly issuedOn: LocalDate;
}

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
  return need === null ? { isTarget: false, reason: 'verifiable' } : { isTarget: true, reason: need };
}

function whyExcluded(facts: DecisionFacts, rules: TargetingRules): NotTargetReason | null {
  if (!isCoveredOn(facts.lostOn, rules.referenceOn)) return 'lost';
  if (facts.acquiredOn > rules.referenceOn) return 'not-yet';
  if (facts.insuredClass === 'day-labourer') return 'day-labourer';
  if (facts.acquiredOn > rules.acquiredThroughOn) return 'after-cutoff';
  if (facts.decidedOn !== null && rules.decidedThroughOn !== null && facts.decidedOn > rules.decidedThroughOn) {
    return 'after-cutoff';
  }
  if (!facts.holdsLegacyCard) return 'no-legacy-card';
  if (facts.standing?.reason === 'withdrawn') return 'withdrawn';
  if (facts.certificateValidThrough !== null && facts.certificateValidThrough >= rules.issuedOn) {
    return 'holds-certificate';
  }
  return facts.standing?.reason ?? null;
}

/** Why a member needs a certificate, whatever speaks against one; null = can be verified with a card. */
export function whyNeeded(facts: DecisionFacts, rules: TargetingRules): TargetReason | null {
  if (facts.specialCare) return 'special-care';
  const enrolment = facts.enrolment;
  if (enrolment === null) return 'no-status';
  if (!enrolment.linked) return 'unlinked';
  if (enrolment.card === 'returned') return 'card-returned';
  if (enrolment.card === 'none') return 'no-card';
  if (enrolment.registration === 'deregistered') return 'deregistered';
  if (enrolment.registration === 'unregistered') return 'unregistered';
  return hasDigitalCertificateEnded(enrolment, rules.referenceOn) ? 'certificate-expired' : null;
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
