// Room: rules. What differs between insurers, as a type. The YAML files in insurers/ are validated into this by
// formats/profile.ts; nothing here reads a file.
import type { LocalDate } from './words/local-date.ts';
import type { Wave } from './printing/waves.ts';
import type { Route } from './issuing/enveloping.ts';
import type { MonthlySettings } from './issuing/monthly.ts';
import type { NoticeIssuanceSettings, UnresolvedHandling } from './issuing/notices.ts';
import { isMonthOf } from './papers/lineage.ts';
import type { LowRiskRule } from './intake/matching.ts';
import type { ElderlyRegime } from './issuing/burden-ratio.ts';
import type { ValidityRules } from './issuing/validity.ts';
import type { AcceptanceRange } from './posting/acceptance-numbers.ts';
import type { ParcelRules } from './posting/parcels.ts';
import type { FitLimits } from './intake/file-fit.ts';
import type { SchemeId } from './papers/scheme.ts';
import type { Contact, PaperText, WebPage } from './papers/texts.ts';

export interface PostalAddress {
  readonly name: string;
  readonly postalCode: string;
  readonly address: string;
  readonly building: string;
}

/** 交付様式. `card` = plastic card faces and a mount; `postcard` = paper of postcard size (100 × 148 mm). */
export interface CertificateForm {
  readonly kind: 'card' | 'postcard';
  /** Which numbered drawing of the scheme's form it is (様式第九号（1）から（12）); null = none is named on it. */
  readonly variant: number | null;
  /**
   * 複製等防止の措置 (健保則47条2項) beyond the pattern the artwork has: stock, latent image, hologram. It goes to the contractor with
   * every package; null = not settled: no package of certificates is made.
   */
  readonly copyPrevention: string | null;
  /** 識別番号 (our certificate number) on the face; seamen's insurance: false. */
  readonly showsCertificateNumber: boolean;
  /** QR code on the face; seamen's insurance: false. */
  readonly showsQr: boolean;
  /** 支部名 on the face; seamen's insurance: false. */
  readonly showsBranch: boolean;
  /** What the QR says. Only the opaque serial exists: 記号・番号 in a QR would fall under 告知要求制限. */
  readonly qrContent: 'certificate-number';
}

/** 同封物: counted per print file and in the manifest's enclosure totals. */
export interface Enclosure {
  readonly id: string;
  /** Japanese name (「説明用チラシ」). */
  readonly name: string;
  readonly per: 'mailpiece' | 'certificate';
}

/** One bulk issuance of the profile. Reference date and cut-offs are the facts that decide who is a target. */
export interface IssuanceSettings {
  readonly id: string;
  readonly name: string;
  readonly kind: 'bulk';
  /** 状態基準日 */
  readonly referenceOn: LocalDate;
  /** 資格取得年月日 after it is `after-cutoff`. */
  readonly acquiredThroughOn: LocalDate;
  /** 取得決定年月日 (where given) after it is `after-cutoff`; null = not asked. */
  readonly decidedThroughOn: LocalDate | null;
  /** Used when the command gives none. */
  readonly issuedOn: LocalDate | null;
  /** When pieces are planned to be posted, in words for the letter (「令和7年11月上旬」). */
  readonly postingPeriod: string;
  /** The last day on which anything of it may be posted, papers made again included; null = no such day. */
  readonly postThrough: LocalDate | null;
  /** The calendar, in order; empty = everything is posted as one. */
  readonly waves: readonly Wave[];
}

export interface Branch {
  readonly code: string;
  readonly name: string;
  readonly insurerNumber: string | null;
  readonly address: string;
}

/** A profile's notice settings, the same for all its rounds. */
export interface NoticeSettings {
  readonly lowRisk: readonly LowRiskRule[];
  readonly unresolved: UnresolvedHandling;
  readonly parcels: ParcelRules;
  /** The range of 引受番号 the post office assigned, or null: the fields stay empty and say so. */
  readonly acceptanceNumbers: AcceptanceRange | null;
}

/** Places for cards on the letter's mount (templates/letter.typ): a household's cards are glued on there. */
export const MOUNT_PLACES = 4;

/** Column map: the insurer's header → the canonical header of the intake contract. */
export type ColumnMap = Readonly<Record<string, string>>;

export interface InsurerProfile {
  /** The file's stem: `kyokai-kenpo`, `mbk`, `seamen`. */
  readonly id: string;
  /** True where the insurer number is made up (it still passes the check digit). */
  readonly sample: boolean;
  /** 制度: which law's articles, days, forms and words its papers follow (rules/papers/scheme.ts). */
  readonly scheme: SchemeId;
  readonly insurer: {
    /** 保険者番号, 8 (国保 6) digits, check digit verified. */
    readonly number: string;
    readonly name: string;
    readonly address: string;
    /** 公印: an SVG file beside the profile, or null = drawn from `sealText`. */
    readonly sealImage: string | null;
    readonly sealText: string;
  };
  readonly branches: readonly Branch[];
  readonly form: CertificateForm;
  /** 経路 of ordinary pieces; persons without an employer and papers with 任意記載 go home under every profile. */
  readonly route: 'home' | 'workplace';
  /** Why papers are sent past the employer (route `home`): the finding of 健保則47条5項ただし書. */
  readonly routeGround: string | null;
  readonly enclosing: {
    /** Certificates an envelope at most, or null = no limit. */
    readonly limit: number | null;
    readonly enclosures: readonly Enclosure[];
  };
  readonly validity: ValidityRules;
  /** Where the ratio of members of 70 and over stands who hold a certificate. */
  readonly elderly: ElderlyRegime;
  /** Of the YAML's `issuances`, those of kind `bulk` … */
  readonly issuances: readonly IssuanceSettings[];
  /** … those of kind `monthly` … */
  readonly monthly: readonly MonthlySettings[];
  /** … and those of kind `notice`. */
  readonly noticeRounds: readonly NoticeIssuanceSettings[];
  /** 資格情報のお知らせ; null only where there are no rounds. */
  readonly notices: NoticeSettings | null;
  readonly sender: PostalAddress;
  /** 不着還付先 */
  readonly returnTo: PostalAddress;
  /** 回収した資格確認書の返送先, on slips and letters of a recall; null = not settled: a recall is refused. */
  readonly recallReturnTo: PostalAddress | null;
  /** Letters, flyers, notes and sentences in the insurer's words, each with its purpose and days. */
  readonly texts: readonly PaperText[];
  /** Telephone numbers on papers, each with its days. */
  readonly contacts: readonly Contact[];
  /** The insurer's page on the flyer, or null = none is printed. */
  readonly webPage: WebPage | null;
  readonly workplaceList: {
    /** Up to this many sheets go in a 長3 envelope, more in 角2. */
    readonly long3MaxSheets: number;
  };
  readonly print: {
    readonly pagesPerFile: number;
    /** The insurer's own font files (外字), asked after BIZ UDGothic and Noto Sans JP. */
    readonly fonts: readonly string[];
  };
  readonly warnings: {
    /** A home address shared by at least this many households is listed. */
    readonly sharedAddressHouseholds: number;
    /** 新規発行の終わり of the old cards (2024-12-02): acquired by the cut-off but decided from this day on = gap group. */
    readonly legacyCardsEndedOn: LocalDate;
  };
  /** When files that do not fit each other, or lost rows, stop. */
  readonly fit: FitLimits;
  /** How long personal data is kept after the last day it was in use. */
  readonly retention: {
    readonly personalDataYears: number;
    /** The last four digits of individual numbers, after the last round that printed them. */
    readonly digitsMonths: number;
    /** 保存期間の根拠: the insurer's rule of documents, or why so long. No law sets a term for these papers. */
    readonly ground: string;
  };
  readonly columns: {
    readonly members: ColumnMap;
    readonly workplaces: ColumnMap;
    readonly enrolment: ColumnMap;
    readonly ratios: ColumnMap;
  };
}

/** Whether there are images of a paper's face by its number: cards are made one by one by a card printer, sheets are not. */
export function takesCardImages(profile: InsurerProfile, kind: 'certificate' | 'notice'): boolean {
  return kind === 'certificate' && profile.form.kind === 'card';
}

/** The name of a plan of the profile; of a month of a monthly issuance with the month. A plan that it has no more is its own name. */
export function planTitle(
  profile: Pick<InsurerProfile, 'issuances' | 'noticeRounds' | 'monthly'>,
  plan: string,
): string {
  const planned = [...profile.issuances, ...profile.noticeRounds].find(({ id }) => id === plan);
  if (planned) return planned.name;
  const monthly = monthlyOf(profile, plan);
  if (monthly === null) return plan;
  const [year, month] = plan.slice(-7).split('-').map(Number);
  return `${monthly.name}（${year}年${month}月）`;
}

/** The monthly issuance whose month a plan is, or null. */
export function monthlyOf(profile: Pick<InsurerProfile, 'monthly'>, plan: string): MonthlySettings | null {
  return profile.monthly.find(({ id }) => isMonthOf(plan, id)) ?? null;
}

/** 経路 and 有効期限 of a plan's certificates: a monthly issuance may have its own. */
export function carriageOf(
  profile: Pick<InsurerProfile, 'monthly' | 'route' | 'validity'>,
  plan: string,
): { readonly route: Route; readonly validity: ValidityRules } {
  const monthly = monthlyOf(profile, plan);
  return { route: monthly?.route ?? profile.route, validity: monthly?.validity ?? profile.validity };
}
