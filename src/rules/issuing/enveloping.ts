// Room: rules. How a household's certificates go into envelopes: route, address, order, limit, k of n.
import type { ValidityRules } from './validity.ts';
import type { PersonKey } from '../words/person-key.ts';
import type { Address } from '../words/address.ts';
import type { LocalDate } from '../words/local-date.ts';
import { coveredThrough, isLoss } from '../intake/coverage.ts';
import type { OwnCover, PersonCover } from '../intake/coverage.ts';
import { mayPassEmployer } from '../intake/passage.ts';
import type { DeterminedRatio } from '../intake/member.ts';
import { addDays } from '../words/calendar.ts';
import { burdenRatio, seniorFrom } from './burden-ratio.ts';
import type { ElderlyRegime } from './burden-ratio.ts';
import { certificateValidity } from './validity.ts';
import type { FaceEnd } from './validity.ts';

export type Route = 'home' | 'workplace';

/** Why a target gets no certificate now. Every target has exactly one certificate or exactly one of these. */
export type ExitReason =
  /** 送付停止 */
  | 'mail-stopped'
  /** Eligibility known to be lost by the issue date, one's own or the insured person's: withdrawn (引き抜き). */
  | 'withdrawn-lost'
  /** The cover ends by itself before the issue date: a 75th birthday, two years of 任意継続, of the holder or the insured person. */
  | 'no-validity'
  /** From 70 on where the ratio stands on the certificate: 負担割合.csv tells none of the issue date … */
  | 'income-unknown'
  /** … or three tenths of a dependent whose insured person is under 70. */
  | 'ratio-doubtful';

/** What enveloping needs of one target. */
export interface Target extends PersonKey, PersonCover {
  readonly name: string;
  /** What 負担割合.csv says; null = it does not name the person. */
  readonly determined: DeterminedRatio | null;
  readonly home: Address | null;
  readonly mailTo: Address | null;
  readonly mailStopped: boolean;
  readonly hasOptionalEntries: boolean;
}

/** The insured person's row (target or not), or null for a household of dependents only. */
export interface Household {
  readonly symbol: string;
  readonly number: string;
  readonly insured: (Pick<Target, 'name' | 'home' | 'mailTo' | 'mailStopped'> & OwnCover) | null;
  /** Targets only, any order. */
  readonly targets: readonly Target[];
}

export interface PlannedCertificate {
  readonly subNumber: string;
  readonly validThrough: LocalDate;
  /** The ratio on the face and its 発効期日; null = none stands there. */
  readonly ratio: { readonly tenths: 2 | 3; readonly from: LocalDate } | null;
  /** 封入順, from 1. */
  readonly position: number;
}

export interface PlannedPiece {
  readonly route: Route;
  /** 通番, from 1, and 総通数 over the whole household. */
  readonly sequence: number;
  readonly sequenceCount: number;
  /** The name over the address: the insured person's; the first dependent's where no insured row exists or the mail address is that dependent's own. */
  readonly addressee: string;
  /** Where a home piece goes; null = none on record (the piece is held), and for the workplace route. */
  readonly address: Address | null;
  readonly certificates: readonly PlannedCertificate[];
}

export interface HouseholdPlan {
  readonly pieces: readonly PlannedPiece[];
  readonly exits: readonly { readonly subNumber: string; readonly reason: ExitReason }[];
}

export interface EnclosingRules {
  /** The profile's route for ordinary pieces. */
  readonly route: Route;
  /** Certificates an envelope at most, null = no limit. */
  readonly limit: number | null;
  readonly issuedOn: LocalDate;
  readonly validity: ValidityRules;
  readonly elderly: ElderlyRegime;
}

interface Seat extends Pick<PlannedCertificate, 'validThrough' | 'ratio'> {
  readonly target: Target;
}

interface Group {
  readonly route: Route;
  readonly addressee: string;
  readonly address: Address | null;
  readonly seats: Seat[];
}

/**
 * Plans a household's envelopes: exits first, then groups by route and address in household order (insured person, then
 * sub-number), cut at the limit. A function of the household as a set: the order of `targets` does not matter.
 *
 * Sources: household unit, four an envelope (000, 001, 004); never through the employer with 任意記載, nor for persons
 * without one (健保則47条7項・8項); protected persons out of every channel.
 */
export function planHousehold(household: Household, rules: EnclosingRules): HouseholdPlan {
  const exits: { subNumber: string; reason: ExitReason }[] = [];
  const groups: Group[] = [];
  for (const target of [...household.targets].sort(bySubNumber)) {
    const seat = seatOf(household, target, rules);
    if (typeof seat === 'string') exits.push({ subNumber: target.subNumber, reason: seat });
    else joinGroup(groups, household, seat, rules);
  }
  return { pieces: cutPieces(groups, rules.limit), exits };
}

function bySubNumber(a: Target, b: Target): number {
  if (a.relation !== b.relation) return a.relation === 'insured' ? -1 : 1;
  return a.subNumber < b.subNumber ? -1 : 1;
}

function seatOf({ insured }: Household, target: Target, rules: EnclosingRules): Seat | ExitReason {
  if (target.mailStopped) return 'mail-stopped';
  const cover = coveredThrough(target, insured);
  const { issuedOn } = rules;
  if (cover.through !== null && cover.through < issuedOn)
    return isLoss(cover.because) ? 'withdrawn-lost' : 'no-validity';
  const face = faceOf(target, insured, rules);
  if (face === 'ended') return 'no-validity';
  if (typeof face === 'string') return face;
  const { validThrough } = certificateValidity(cover, rules.validity, issuedOn, face.end);
  return validThrough === null ? 'no-validity' : { target, validThrough, ratio: face.ratio };
}

/**
 * What a certificate says of the ratio, and until when: nothing where 高齢受給者証 says it. Where no such paper is issued, from 70 on the
 * ratio with its 発効期日 stands on the face (施行規則47条3項4号), through its own last day; who is not 70 yet gets a certificate
 * through the last day before it would have to.
 */
function faceOf(
  { bornOn, relation, determined }: Target,
  insured: OwnCover | null,
  { elderly, issuedOn }: EnclosingRules,
): { ratio: PlannedCertificate['ratio']; end: FaceEnd | null } | 'income-unknown' | 'ratio-doubtful' | 'ended' {
  if (elderly !== 'on-certificate') return { ratio: null, end: null };
  const from = seniorFrom(bornOn);
  if (issuedOn < from) return { ratio: null, end: { through: addDays(from, -1), because: 'age-70' } };
  const insuredBornOn = insured?.bornOn ?? null;
  const said = burdenRatio({ bornOn, relation, determined, insuredBornOn, holdsElderlyCertificate: false }, issuedOn);
  if (typeof said === 'string') return said === 'elderly-certificate' ? { ratio: null, end: null } : said;
  const { tenths, from: since, through } = said;
  if (since === null || through === null) return 'income-unknown';
  return { ratio: { tenths, from: since }, end: { through, because: 'ratio' } };
}

function joinGroup(groups: Group[], household: Household, seat: Seat, rules: EnclosingRules): void {
  const { insuredClass, hasOptionalEntries, mailStopped: isProtected } = seat.target;
  const passage = { insuredClass, hasOptionalEntries, isProtected, hasWorkplace: true };
  const route: Route = rules.route === 'workplace' && mayPassEmployer(passage) ? 'workplace' : 'home';
  const { address, addressee } = destinationOf(household, seat.target, route);
  const group = groups.find((g) => g.route === route && g.addressee === addressee && isSameAddress(g.address, address));
  if (group) group.seats.push(seat);
  else groups.push({ route, addressee, address, seats: [seat] });
}

/**
 * Where a target's paper goes and under whose name. The household's address is the insured person's (送付先 over home);
 * a dependent's own home does not split the household, a dependent's own 送付先 does: it always wins.
 */
export function destinationOf(
  household: Household,
  target: Target,
  route: Route,
): { address: Address | null; addressee: string } {
  // Nothing of a protected insured person may be used, not even the name on an envelope.
  const insured = household.insured?.mailStopped === false ? household.insured : null;
  const first = [...household.targets].filter((t) => !t.mailStopped).sort(bySubNumber)[0] ?? target;
  const head = insured ?? first;
  if (route === 'workplace') return { address: null, addressee: head.name };
  const shared = head.mailTo ?? head.home;
  if (target.mailTo !== null && target.relation === 'dependent' && !isSameAddress(target.mailTo, shared)) {
    return { address: target.mailTo, addressee: target.name };
  }
  return { address: shared, addressee: head.name };
}

function isSameAddress(a: Address | null, b: Address | null): boolean {
  if (a === null || b === null) return a === b;
  return a.line === b.line && a.building === b.building && a.postalCode === b.postalCode;
}

function cutPieces(groups: readonly Group[], limit: number | null): PlannedPiece[] {
  const cut = groups.flatMap((group) => {
    const size = limit ?? group.seats.length;
    return Array.from({ length: Math.ceil(group.seats.length / size) }, (_, i) => ({
      ...group,
      seats: group.seats.slice(i * size, (i + 1) * size),
    }));
  });
  return cut.map(({ route, addressee, address, seats }, i) => ({
    route,
    sequence: i + 1,
    sequenceCount: cut.length,
    addressee,
    address,
    certificates: seats.map((seat, position) => ({
      subNumber: seat.target.subNumber,
      validThrough: seat.validThrough,
      ratio: seat.ratio,
      position: position + 1,
    })),
  }));
}

/** Why a target gets no certificate. */
export const EXIT_LABELS = {
  'mail-stopped': '送付停止',
  'withdrawn-lost': '引き抜き（交付日までに資格喪失）',
  'income-unknown': '負担割合の判定待ち（交付日の割合が負担割合.csvにない）',
  'ratio-doubtful': '負担割合の確認待ち（被保険者が70歳未満の被扶養者に3割）',
  'no-validity': '有効期間なし（本人や被保険者の75歳到達、任意継続の2年などで交付日に終わっている）',
} as const satisfies Record<ExitReason, string>;

export const ROUTE_LABELS = { home: '自宅', workplace: '事業所経由' } as const satisfies Record<Route, string>;
