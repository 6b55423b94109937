// Room: rules. The notices of a household: one envelope a person (002, D4), its way, what it says of number and ratio, and
// who gets none now and why.
import { destinationOf } from './enveloping.ts';
import type { Household, Route, Target } from './enveloping.ts';
import type { MatchClass } from '../intake/matching.ts';
import type { Address } from '../words/address.ts';
import type { LocalDate } from '../words/local-date.ts';
import { coveredThrough, isLoss } from '../intake/coverage.ts';
import { burdenRatio } from './burden-ratio.ts';
import type { RatioWithDays } from './burden-ratio.ts';
import { noticeContent, noticeRoute, showsDigitsOn } from './notices.ts';
import type { DigitsBasis, NoticeContent, UnresolvedHandling } from './notices.ts';

/** Why a target gets no notice now. Every target has exactly one notice or exactly one of these. */
export type NoticeExit =
  | 'mail-stopped'
  /** Eligibility lost by the notice's date, one's own or the insured person's. */
  | 'withdrawn-lost'
  /** 75歳到達: no member any more on the notice's date. */
  | 'reached-75'
  /** The insured person's 75th birthday, or the two years of 任意継続: no member any more on the notice's date. */
  | 'no-validity'
  /** 不一致（未解決）: waits for staff. */
  | 'match-unresolved'
  /** From 70 on without 高齢受給者証, and 負担割合.csv has no ratio for the notice's date. */
  | 'income-unknown'
  /** 負担割合.csv tells three tenths of a dependent whose insured person is under 70. */
  | 'ratio-doubtful'
  | 'no-address';

export const NOTICE_EXIT_LABELS = {
  'mail-stopped': '送付停止',
  'withdrawn-lost': '引き抜き（通知日までに資格喪失）',
  'reached-75': '通知日までに75歳到達',
  'no-validity': '通知日までに資格が終わる（被保険者の75歳到達、任意継続の2年）',
  'match-unresolved': '突合の不一致が未解決（職員確認）',
  'income-unknown': '負担割合の判定待ち（通知日の割合が負担割合.csvにない）',
  'ratio-doubtful': '負担割合の確認待ち（被保険者が70歳未満の被扶養者に3割）',
  'no-address': '事業所がなく送付先の住所もない',
} as const satisfies Record<NoticeExit, string>;

/** What the plan needs of one target. */
export interface NoticeTarget extends Target {
  readonly matchClass: MatchClass;
  /** As it was decided (`holdsElderlyCertificate`): the notice points to that paper. */
  readonly holdsElderlyCertificate: boolean;
}

export interface NoticeHousehold extends Household {
  readonly targets: readonly NoticeTarget[];
}

export interface NoticePlanRules {
  readonly issuedOn: LocalDate;
  readonly unresolved: UnresolvedHandling;
  /** Of the round: whether, and until when, the last four digits may stand on its notices. */
  readonly digits: DigitsBasis | null;
  /** `own` = each by the rule; else made again for one way, where there is that way. */
  readonly way: 'own' | Route;
}

export interface PlannedNotice {
  readonly subNumber: string;
  readonly route: Route;
  /** k of the n of the household, insured person first. */
  readonly sequence: number;
  readonly sequenceCount: number;
  /** 対象者氏名: each envelope is the person's own. */
  readonly addressee: string;
  /** Where a home notice goes; null on the way through the workplace. */
  readonly address: Address | null;
  readonly matchClass: MatchClass;
  readonly digits: NoticeContent['digits'];
  readonly requestForm: boolean;
  /** Null = 高齢受給者証 says it. */
  readonly ratio: RatioWithDays | null;
}

export interface NoticePlan {
  readonly notices: readonly PlannedNotice[];
  readonly exits: readonly { readonly subNumber: string; readonly reason: NoticeExit }[];
}

/** Plans a household's notices; the order of `targets` does not matter. */
export function planNotices(household: NoticeHousehold, rules: NoticePlanRules): NoticePlan {
  const exits: { subNumber: string; reason: NoticeExit }[] = [];
  const notices: Omit<PlannedNotice, 'sequence' | 'sequenceCount'>[] = [];
  for (const target of [...household.targets].sort(insuredFirst)) {
    const planned = planNotice(household, target, rules);
    if (typeof planned === 'string') exits.push({ subNumber: target.subNumber, reason: planned });
    else notices.push(planned);
  }
  return {
    notices: notices.map((notice, i) => ({ ...notice, sequence: i + 1, sequenceCount: notices.length })),
    exits,
  };
}

function insuredFirst(a: Target, b: Target): number {
  if (a.relation !== b.relation) return a.relation === 'insured' ? -1 : 1;
  return a.subNumber < b.subNumber ? -1 : 1;
}

function planNotice(
  household: NoticeHousehold,
  target: NoticeTarget,
  rules: NoticePlanRules,
): NoticeExit | Omit<PlannedNotice, 'sequence' | 'sequenceCount'> {
  if (target.mailStopped) return 'mail-stopped';
  const cover = coveredThrough(target, household.insured);
  if (cover.through !== null && cover.through < rules.issuedOn) {
    if (isLoss(cover.because)) return 'withdrawn-lost';
    return cover.because === 'age-75' ? 'reached-75' : 'no-validity';
  }
  const ratio = burdenRatio(
    {
      bornOn: target.bornOn,
      relation: target.relation,
      determined: target.determined,
      insuredBornOn: household.insured?.bornOn ?? null,
      holdsElderlyCertificate: target.holdsElderlyCertificate,
    },
    rules.issuedOn,
  );
  if (ratio === 'ended') return 'reached-75';
  if (ratio === 'income-unknown' || ratio === 'ratio-doubtful') return ratio;
  const showsDigits = showsDigitsOn(rules.digits, rules.issuedOn);
  const { held, digits, requestForm } = noticeContent(target.matchClass, { unresolved: rules.unresolved, showsDigits });
  if (held) return 'match-unresolved';
  const { address } = destinationOf(household, target, 'home');
  const route = noticeRoute({
    insuredClass: target.insuredClass,
    home: address,
    mailTo: rules.way === 'workplace' ? null : mailToOf(household, target),
    mailStopped: target.mailStopped,
    isForHome: rules.way === 'home',
  });
  if (route === 'no-address' || route === 'mail-stopped') return route;
  return {
    subNumber: target.subNumber,
    route,
    addressee: target.name,
    address: route === 'home' ? address : null,
    matchClass: target.matchClass,
    digits,
    requestForm,
    ratio: ratio === 'elderly-certificate' ? null : ratio,
  };
}

/** 送付先, the person's own or the household's; nothing of a protected insured person may be used. */
function mailToOf({ insured }: NoticeHousehold, target: NoticeTarget): Address | null {
  return target.mailTo ?? (insured?.mailStopped === false ? insured.mailTo : null);
}
