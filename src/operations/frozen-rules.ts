// Room: operations. What of a profile is frozen for an issuance when it begins: everything that decides about people and their
// papers. An issuance keeps these rules to its end, however the profile changes.
import type { EarlierIssuance } from '../ledger/issuing/earlier-notices.ts';
import type { StoredIssuance } from '../ledger/papers/issuances.ts';
import { monthlyOf } from '../rules/insurer.ts';
import type { InsurerProfile, IssuanceSettings } from '../rules/insurer.ts';
import type { ElderlyRegime } from '../rules/issuing/burden-ratio.ts';
import type { LowRiskRule } from '../rules/intake/matching.ts';
import type { Route } from '../rules/issuing/enveloping.ts';
import { monthlyRules } from '../rules/issuing/monthly.ts';
import type { MonthlyRules, MonthlySettings } from '../rules/issuing/monthly.ts';
import type { NoticePlanRules } from '../rules/issuing/notice-plan.ts';
import type { NoticeSpan } from '../rules/issuing/notices.ts';
import type { TargetingRules } from '../rules/issuing/targeting.ts';
import type { ValidityRules } from '../rules/issuing/validity.ts';
import type { AcceptanceRange } from '../rules/posting/acceptance-numbers.ts';
import type { ParcelRules } from '../rules/posting/parcels.ts';
import type { LocalDate } from '../rules/words/local-date.ts';

/** Rules of 資格確認書. */
export interface CertificateRules {
  readonly targeting: TargetingRules;
  readonly enclosing: {
    readonly route: Route;
    readonly limit: number | null;
    readonly issuedOn: LocalDate;
    readonly validity: ValidityRules;
    readonly elderly: ElderlyRegime;
  };
  /** `acquiredThroughOn` null = the issuance asks for no cut-off. */
  readonly warnings: InsurerProfile['warnings'] & { readonly acquiredThroughOn: LocalDate | null };
}

/** Rules of 資格情報のお知らせ. */
export interface NoticeRules {
  readonly span: NoticeSpan;
  /** Rounds before this one, whose notices count as had. */
  readonly earlier: readonly EarlierIssuance[];
  readonly lowRisk: readonly LowRiskRule[];
  readonly plan: NoticePlanRules;
  readonly elderly: ElderlyRegime;
  readonly parcels: ParcelRules;
  readonly acceptanceNumbers: AcceptanceRange | null;
  readonly warnings: InsurerProfile['warnings'] & { readonly acquiredThroughOn: null };
}

export function certificateRules(
  profile: InsurerProfile,
  settings: IssuanceSettings,
  issuedOn: LocalDate,
): CertificateRules {
  const { referenceOn, acquiredThroughOn, decidedThroughOn } = settings;
  const { route, enclosing, validity, elderly } = profile;
  return {
    targeting: { referenceOn, acquiredThroughOn, decidedThroughOn, issuedOn },
    enclosing: { route, limit: enclosing.limit, issuedOn, validity, elderly },
    warnings: { ...profile.warnings, acquiredThroughOn },
  };
}

/** Rules of a round of a monthly issuance. */
export function monthlyCertificateRules(
  profile: InsurerProfile,
  monthly: MonthlySettings,
  targeting: MonthlyRules,
): CertificateRules {
  const { elderly, enclosing, warnings } = profile;
  return {
    targeting,
    enclosing: {
      route: monthly.route,
      limit: enclosing.limit,
      issuedOn: targeting.issuedOn,
      validity: monthly.validity ?? profile.validity,
      elderly,
    },
    warnings: { ...warnings, acquiredThroughOn: null },
  };
}

/** The rules the profile would freeze for an issuance of certificates on its day; null = the profile has its plan, or a month's ground, no more. */
export function certificateRulesToday(
  profile: InsurerProfile,
  { lineage, referenceOn, issuedOn }: Pick<StoredIssuance, 'lineage' | 'referenceOn' | 'issuedOn'>,
): CertificateRules | null {
  const settings = profile.issuances.find(({ id }) => id === lineage.plan);
  if (settings) return certificateRules(profile, settings, issuedOn);
  const monthly = monthlyOf(profile, lineage.plan);
  const targeting = monthly && monthlyRules(monthly, { snapshotOn: referenceOn, issuedOn });
  return targeting && monthlyCertificateRules(profile, monthly, targeting);
}

export function noticeRules(
  { notices, elderly, warnings, id }: InsurerProfile,
  span: NoticeSpan,
  earlier: readonly EarlierIssuance[],
  issuedOn: LocalDate,
  digits: NoticePlanRules['digits'],
): NoticeRules {
  if (notices === null) throw new Error(`${id} has a notice round without settings`);
  return {
    span,
    earlier,
    lowRisk: notices.lowRisk,
    plan: { issuedOn, way: 'own', unresolved: notices.unresolved, digits },
    elderly,
    parcels: notices.parcels,
    acceptanceNumbers: notices.acceptanceNumbers,
    warnings: { ...warnings, acquiredThroughOn: null },
  };
}
