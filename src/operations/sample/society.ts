// Room: operations. An invented society, workplace by workplace: all persons and companies are made up. Only the towns
// and their postal codes are real (towns.json: Japan Post's KEN_ALL, in which it asserts no copyright, by way of the MIT
// package yubin); streets, house numbers and buildings are not.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeCp932 } from '../../formats/encoding.ts';
import { addDays, addMonths, daysBetween, localDate, minDate, partsOf } from '../../rules/words/calendar.ts';
import { isCorporateNumber } from '../../rules/words/check-digits.ts';
import type { InsurerProfile, IssuanceSettings } from '../../rules/insurer.ts';
import { MATCH_LABELS, describeDifferences } from '../../rules/intake/matching.ts';
import type { Enrolment, Member, Workplace } from '../../rules/intake/member.ts';
import type { Address } from '../../rules/words/address.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { FileReason } from '../../rules/issuing/targeting.ts';
import { Chance, Deck } from './chance.ts';
import type { Breakdown } from './chance.ts';
import { COMPANY_FIRST, COMPANY_SECOND, GIVEN_NAMES, LONG_NAMES, SURNAMES } from './names.ts';
import type { WrittenName } from './names.ts';

export type Town = readonly [postalCode: string, prefecture: string, city: string, town: string];

export interface Person {
  readonly member: Member;
  /** Null = the snapshot says nothing of this person. */
  readonly enrolment: Enrolment | null;
}

export interface Staff {
  readonly workplace: Workplace;
  /** Household by household, the insured person first. */
  readonly people: readonly Person[];
}

export interface SocietyOptions {
  readonly members: number;
  readonly seed: number;
  readonly profile: InsurerProfile;
  readonly issuance: IssuanceSettings;
  readonly breakdown: Breakdown;
  /** Only characters that CP932 holds. */
  readonly onlyCp932: boolean;
  /** With the last four digits of made-up individual numbers and the results of matching, as notices need them. */
  readonly withDigits?: boolean | undefined;
}

/** Real towns of all prefectures, more of the larger ones. */
export async function readTowns(): Promise<readonly Town[]> {
  return JSON.parse(await readFile(path.join(import.meta.dirname, 'towns.json'), 'utf8')) as readonly Town[];
}

/** What every step of the making uses. */
interface Making {
  readonly chance: Chance;
  readonly deck: Deck;
  readonly profile: InsurerProfile;
  readonly issuance: IssuanceSettings;
  readonly towns: readonly Town[];
  readonly townsOf: ReadonlyMap<string, readonly Town[]>;
  readonly surnames: readonly WrittenName[];
  /** Members without another reason of theirs were all acquired before this day. */
  readonly acquiredBefore: LocalDate;
  /** Happens so often in a varied society, never in a plain one. */
  readonly odd: (share: number) => boolean;
  readonly withDigits: boolean;
}

/**
 * All workplaces with their people; the same options give the same society, member by member.
 *
 * Where the breakdown names only cards and enrolment, nothing else varies: nobody leaves between reference and issue date,
 * is protected, or has another address. So there are as many certificates as targets.
 *
 * @throws RangeError where the breakdown counts more than the members.
 */
export function* generateSociety(options: SocietyOptions, towns: readonly Town[]): Generator<Staff> {
  const { profile, issuance, breakdown } = options;
  const chance = new Chance(options.seed);
  const isPlain = Object.keys(breakdown).every((reason) => CARD_REASONS.has(reason));
  const making: Making = {
    chance,
    deck: new Deck(options.members, breakdown, chance),
    profile,
    issuance,
    towns,
    townsOf: Map.groupBy(towns, (town) => town[1]),
    surnames: options.onlyCp932 ? SURNAMES.filter(isCp932) : SURNAMES,
    acquiredBefore: minDate(issuance.acquiredThroughOn, issuance.decidedThroughOn ?? issuance.acquiredThroughOn),
    odd: isPlain ? () => false : (share) => chance.happens(share),
    withDigits: options.withDigits ?? false,
  };
  for (let index = 0, left = options.members; left > 0; index++) {
    const staff = makeStaff(index, Math.min(left, workplaceSize(chance)), making);
    left -= staff.people.length;
    yield staff;
  }
}

const CARD_REASONS: ReadonlySet<string> = new Set<FileReason>([
  'verifiable',
  'card-returned',
  'no-card',
  'deregistered',
  'unregistered',
  'certificate-expired',
]);

function isCp932([kanji]: WrittenName): boolean {
  return encodeCp932(kanji).unencodable.length === 0;
}

/** Members of a workplace: 1 to 1,985, half of them below 17, about 78 on average (a power law). */
function workplaceSize(chance: Chance): number {
  return Math.max(1, Math.round(16 / Math.max(chance.next(), 0.008)) - 15);
}

function makeStaff(index: number, size: number, making: Making): Staff {
  const { chance } = making;
  const seat = chance.pick(making.towns);
  const workplace = makeWorkplace(index, seat, making);
  const site: Site = {
    workplace,
    prefecture: seat[1],
    dormitory: size > 20 && making.odd(0.1) ? makeAddress(seat, chance, 1) : null,
  };
  const people: Person[] = [];
  for (let number = 1; people.length < size; number++) {
    people.push(...makeHousehold(site, String(number), size - people.length, making));
  }
  return { workplace, people };
}

function makeWorkplace(index: number, seat: Town, making: Making): Workplace {
  const { chance, profile } = making;
  const address = makeAddress(seat, chance, 0.4);
  const employer = makeName(chance.pickCommon(making.surnames), chance.pick(GIVEN_NAMES.male));
  return {
    symbol: String(10_000_001 + index * 7),
    name: companyName(index, chance),
    postalCode: address.postalCode,
    address: address.line,
    building: address.building,
    employerName: employer[0],
    branchCode: profile.branches.find((branch) => branch.name.startsWith(seat[1].slice(0, -1)))?.code ?? '',
    corporateNumber: corporateNumber(`${100_000 + chance.below(900_000)}${100_000 + chance.below(900_000)}`),
    phone: `03-0000-${String(index % 10_000).padStart(4, '0')}`,
    email: '',
  };
}

/** So few words that some companies share a name; one in forty has a name of forty characters. */
function companyName(index: number, chance: Chance): string {
  const name = chance.pick(COMPANY_FIRST) + chance.pick(COMPANY_SECOND);
  if (index % 40 === 39) {
    return `一般社団法人${name}総合研究開発推進機構附属東日本技術研修センター運営協議会連絡事務所本部`.slice(0, 40);
  }
  const form = chance.below(10);
  return form < 6 ? `株式会社${name}` : form < 8 ? `${name}株式会社` : `${form < 9 ? '有限会社' : '合同会社'}${name}`;
}

function corporateNumber(body: string): string {
  return [...'123456789'].map((digit) => digit + body).find(isCorporateNumber) ?? '';
}

interface Site {
  readonly workplace: Workplace;
  readonly prefecture: string;
  /** A home that many of its households share. */
  readonly dormitory: Address | null;
}

/** What the people of one household have in common. */
interface Family {
  readonly site: Site;
  readonly number: string;
  readonly surname: WrittenName;
  readonly home: Address;
  readonly mailTo: Address | null;
  readonly insuredClass: Member['insuredClass'];
  readonly headBornOn: LocalDate;
  readonly headIsMale: boolean;
  readonly acquiredOn: LocalDate;
  /** No row of the insured person. */
  readonly isDependentsOnly: boolean;
}

function makeHousehold(site: Site, number: string, room: number, making: Making): Person[] {
  const { chance, odd } = making;
  const size = odd(0.0006) ? 9 : householdSize(chance);
  const reasons = making.deck.dealHousehold(Math.min(room, size));
  const family = makeFamily(site, number, reasons[0] === 'day-labourer', making);
  const first = family.isDependentsOnly ? 1 : 0;
  return reasons.map((reason, i) => {
    const place = i + first;
    return asReason(reason, makeMember(place, i === 0, family, making), makeEnrolment(place, family, making), making);
  });
}

/** About 1.75 on average. */
function householdSize(chance: Chance): number {
  const x = chance.next();
  return x < 0.58 ? 1 : x < 0.8 ? 2 : x < 0.91 ? 3 : x < 0.972 ? 4 : x < 0.994 ? 5 : 6;
}

function makeFamily(site: Site, number: string, isDayLabour: boolean, making: Making): Family {
  const { chance, odd, acquiredBefore } = making;
  const year = partsOf(making.issuance.referenceOn).year;
  const headBornOn = anyDay(year - 20 - chance.below(51), chance);
  const isContinuing = !isDayLabour && odd(0.03);
  // Employed from 18 on; two years of 任意継続 must not have ended before the issuance.
  const workingDays = Math.max(1, daysBetween(headBornOn, acquiredBefore) - 18 * 366);
  return {
    site,
    number,
    surname: chance.pickCommon(making.surnames),
    home: makeHome(site, making),
    mailTo: odd(0.003) ? makeAddress(chance.pick(making.towns), chance, 0.5) : null,
    insuredClass: isDayLabour ? 'day-labourer' : isContinuing ? 'voluntary-continuation' : 'general',
    headBornOn,
    headIsMale: chance.happens(0.6),
    acquiredOn: addDays(acquiredBefore, -1 - chance.below(isContinuing ? 300 : Math.min(6000, workingDays))),
    isDependentsOnly: odd(0.002),
  };
}

/** Mostly in the workplace's prefecture; now and then what staff should be warned of. */
function makeHome(site: Site, making: Making): Address {
  const { chance, odd } = making;
  if (site.dormitory !== null && odd(0.3)) return site.dormitory;
  const { workplace } = site;
  if (odd(0.001)) return { postalCode: workplace.postalCode, line: workplace.address, building: workplace.building };
  const near = chance.happens(0.85) ? making.townsOf.get(site.prefecture) : undefined;
  const home = makeAddress(chance.pick(near ?? making.towns), chance, 0.5);
  return odd(0.003) ? { ...home, postalCode: chance.pick(['', '0000000', '12345']) } : home;
}

function makeAddress([postalCode, prefecture, city, town]: Town, chance: Chance, withBuilding: number): Address {
  const numbers = `${1 + chance.below(6)}丁目${1 + chance.below(40)}番${1 + chance.below(30)}号`;
  const building = chance.happens(withBuilding)
    ? `${chance.pickCommon(BUILDINGS)}${1 + chance.below(12)}0${1 + chance.below(9)}号室`
    : '';
  return { postalCode, line: `${prefecture}${city}${town}${numbers}`, building };
}

/** Common ones first; the last is long. */
const BUILDINGS = [
  'コーポ青葉',
  'グリーンハイツ',
  'メゾン桜',
  'サンライズ',
  '第二富士マンション',
  'ハイム中央',
  'パークサイドＡ棟',
  'レジデンス若葉',
  'シャトー丘の上',
  'リバーサイドガーデンズ・ザ・グランドレジデンス弐番館サウスタワー',
];

function makeMember(place: number, isFirst: boolean, family: Family, making: Making): Member {
  const { chance, odd, issuance } = making;
  const { bornOn, isMale } = makeBirth(place, family, making);
  const isLong = odd(0.0005);
  const given = chance.pick(isMale ? GIVEN_NAMES.male : GIVEN_NAMES.female);
  const [name, kana] = isLong ? chance.pick(LONG_NAMES) : makeName(family.surname, given);
  const acquiredOn = bornOn > family.acquiredOn ? bornOn : family.acquiredOn;
  const hasFormerName = odd(0.01);
  return {
    ...keyOf(place, family),
    name,
    // Now and then the kanji were typed into the kana's column.
    kana: odd(0.0003) ? name : kana,
    bornOn,
    sex: isMale ? 'male' : 'female',
    relation: place === 0 ? 'insured' : 'dependent',
    acquiredOn,
    decidedOn: odd(0.9) ? decisionDay(acquiredOn, making) : null,
    // Some leave between the reference date and the issue date: their certificates must be withdrawn.
    lostOn: odd(0.004) ? addDays(issuance.referenceOn, 1 + chance.below(60)) : null,
    insuredClass: family.insuredClass,
    holdsLegacyCard: true,
    certificateValidThrough: null,
    home: isFirst ? family.home : odd(0.02) ? makeAddress(chance.pick(making.towns), chance, 0.5) : null,
    mailTo: isFirst ? family.mailTo : odd(0.001) ? makeAddress(chance.pick(making.towns), chance, 0.5) : null,
    mailStopped: odd(0.0006),
    ...makeOptional(odd(0.002), issuance.referenceOn),
    registeredName: null,
    formerName: hasFormerName ? chance.pickCommon(making.surnames)[0] : null,
    showsFormerName: hasFormerName && chance.happens(0.5),
    sexOnBack: odd(0.0006),
    specialCare: false,
    ...makeMatch(making),
  };
}

/** 限度額区分 on the certificate, of the few who asked for it. */
function makeOptional(
  isAsked: boolean,
  on: LocalDate,
): Pick<Member, 'hasOptionalEntries' | 'optionalContent' | 'optionalFrom' | 'optionalThrough'> {
  if (!isAsked) return { hasOptionalEntries: false, optionalContent: null, optionalFrom: null, optionalThrough: null };
  const optionalThrough = addDays(addMonths(on, 12), -1);
  return {
    hasOptionalEntries: true,
    optionalContent: '限度額適用認定　適用区分ウ',
    optionalFrom: on,
    optionalThrough,
  };
}

/** Mostly on record and in agreement; a few of every class there is. */
function makeMatch({ chance, withDigits }: Making): Pick<Member, 'individualNumberLast4' | 'matchResult'> {
  if (!withDigits || chance.happens(0.02)) return { individualNumberLast4: null, matchResult: null };
  const individualNumberLast4 = String(chance.below(10_000)).padStart(4, '0');
  const x = chance.next();
  const found = MATCHES.find(([share]) => x < share);
  return { individualNumberLast4, matchResult: found?.[1] ?? MATCH_LABELS.agrees };
}

/** Shares add up. */
const MATCHES: readonly (readonly [share: number, matchResult: string])[] = [
  [0.006, MATCH_LABELS.confirmed],
  [0.02, describeDifferences([{ attribute: 'address', manner: 'building-omitted' }])],
  [0.024, describeDifferences([{ attribute: 'name', manner: 'unreadable' }])],
  [0.028, describeDifferences([{ attribute: 'kana', manner: 'differs' }])],
  [0.03, describeDifferences([{ attribute: 'bornOn', manner: 'differs' }])],
];

function keyOf(place: number, family: Family): Pick<Member, 'symbol' | 'number' | 'subNumber'> {
  return { symbol: family.site.workplace.symbol, number: family.number, subNumber: String(place).padStart(2, '0') };
}

function makeName(surname: WrittenName, given: WrittenName): WrittenName {
  return [`${surname[0]}　${given[0]}`, `${surname[1]}　${given[1]}`];
}

/** The insured person; then mostly a spouse, children, now and then a parent below 75. */
function makeBirth(place: number, family: Family, making: Making): { bornOn: LocalDate; isMale: boolean } {
  const { chance, acquiredBefore } = making;
  const headYear = partsOf(family.headBornOn).year;
  const oldest = partsOf(making.issuance.referenceOn).year - 74;
  if (place === 0) return { bornOn: family.headBornOn, isMale: family.headIsMale };
  if (place === 1 && chance.happens(0.7)) {
    const year = Math.max(oldest, headYear - 5 + chance.below(10));
    return { bornOn: minDate(anyDay(year, chance), family.headBornOn), isMale: !family.headIsMale };
  }
  const isMale = chance.happens(0.5);
  if (place >= 3 && chance.happens(0.1)) {
    return { bornOn: anyDay(Math.max(oldest, headYear - 22 - chance.below(12)), chance), isMale };
  }
  const bornOn = anyDay(headYear + 20 + chance.below(20), chance);
  // A person who would be born after the cut-off is a small child instead.
  return { bornOn: bornOn < acquiredBefore ? bornOn : addDays(acquiredBefore, -1 - chance.below(2500)), isMale };
}

function anyDay(year: number, chance: Chance): LocalDate {
  // Every year has the first 28 days of each month.
  return localDate(year, 1 + chance.below(12), 1 + chance.below(28)) as LocalDate;
}

/** Some days after the acquisition, but within the issuance's cut-off; rarely only when old cards were no longer made. */
function decisionDay(acquiredOn: LocalDate, making: Making): LocalDate {
  const { chance, issuance, profile } = making;
  const { decidedThroughOn } = issuance;
  const { legacyCardsEndedOn } = profile.warnings;
  // The gap group, where the issuance does not ask for the decision; where it does, `after-cutoff` makes it.
  if (decidedThroughOn === null && daysBetween(acquiredOn, legacyCardsEndedOn) < 90 && making.odd(0.2)) {
    return addDays(legacyCardsEndedOn, chance.below(20));
  }
  const decidedOn = addDays(acquiredOn, 2 + chance.below(20));
  return minDate(decidedOn, decidedThroughOn ?? addDays(legacyCardsEndedOn, -1));
}

function makeEnrolment(place: number, family: Family, making: Making): Enrolment {
  const { chance, odd, issuance } = making;
  return {
    ...keyOf(place, family),
    card: 'held',
    registration: 'registered',
    registeredOn: anyDay(2021 + chance.below(4), chance),
    deregisteredOn: null,
    // A few have expired already and serve on for three months.
    digitalCertificateExpiresOn: odd(0.01)
      ? addDays(firstOfMonth(addMonths(issuance.referenceOn, -3)), chance.below(60))
      : addDays(issuance.referenceOn, 30 + chance.below(1600)),
    cardReturnedOn: null,
    linked: true,
  };
}

function firstOfMonth(date: LocalDate): LocalDate {
  return `${date.slice(0, 8)}01` as LocalDate;
}

/** Bends the facts so that exactly this reason applies (contract: decision codes). */
function asReason(reason: FileReason, member: Member, enrolment: Enrolment, making: Making): Person {
  const { chance, issuance, profile } = making;
  const { referenceOn, acquiredThroughOn, decidedThroughOn } = issuance;
  const lateDays = Math.min(100, daysBetween(acquiredThroughOn, referenceOn));
  const withMember = (change: Partial<Member>): Person => ({ member: { ...member, ...change }, enrolment });
  const withEnrolment = (change: Partial<Enrolment>): Person => ({ member, enrolment: { ...enrolment, ...change } });
  switch (reason) {
    case 'verifiable':
    // The household has the class already.
    case 'day-labourer':
      return { member, enrolment };
    case 'lost':
      return withMember({ lostOn: addDays(referenceOn, -chance.below(60)) });
    case 'not-yet':
      return withMember({ acquiredOn: addDays(referenceOn, 1 + chance.below(30)), decidedOn: null, lostOn: null });
    case 'after-cutoff':
      // Half of them are the gap group: acquired in time, decided too late.
      return decidedThroughOn !== null && chance.happens(0.5)
        ? withMember({ decidedOn: addDays(decidedThroughOn, 1 + chance.below(20)) })
        : withMember({ acquiredOn: addDays(acquiredThroughOn, 1 + chance.below(lateDays)), decidedOn: null });
    case 'no-legacy-card':
      return withMember({ holdsLegacyCard: false });
    case 'holds-certificate':
      return withMember({ certificateValidThrough: profile.validity.firstPeriod.validThrough });
    case 'special-care':
      return withMember({ specialCare: true });
    case 'unlinked':
      return withEnrolment({ ...NO_CARD, linked: false });
    case 'card-returned':
      return withEnrolment({ ...NO_CARD, card: 'returned', cardReturnedOn: addDays(referenceOn, -chance.below(300)) });
    case 'no-card':
      return withEnrolment(NO_CARD);
    case 'deregistered':
      return withEnrolment({ registration: reason, deregisteredOn: addDays(referenceOn, -chance.below(100)) });
    case 'unregistered':
      return withEnrolment({ registration: reason, registeredOn: null });
    case 'certificate-expired':
      // Expired by the first of the fourth month back: the three months after that one are over.
      return withEnrolment({
        digitalCertificateExpiresOn: addDays(firstOfMonth(addMonths(referenceOn, -4)), -chance.below(200)),
      });
    case 'no-status':
      return { member, enrolment: null };
  }
}

const NO_CARD = {
  card: 'none',
  registration: 'unregistered',
  registeredOn: null,
  digitalCertificateExpiresOn: null,
} as const satisfies Partial<Enrolment>;
