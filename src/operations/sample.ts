// Room: operations. A sample society: three intake files that depend on nothing but size, seed and profile. Every
// person and company is invented; towns and postal codes are real (Japan Post's KEN_ALL), house numbers are not.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ENROLMENT_COLUMNS, enrolmentCells } from '../formats/enrolment.ts';
import { MEMBER_COLUMNS, memberCells } from '../formats/members.ts';
import { WORKPLACE_COLUMNS, workplaceCells } from '../formats/workplaces.ts';
import { TextFileWriter, csvLine } from '../formats/csv.ts';
import type { Encoding } from '../formats/encoding.ts';
import { addDays, addMonths, localDate } from '../rules/calendar.ts';
import type { InsurerProfile, Issuance } from '../rules/insurer.ts';
import type { Address, Enrolment, LocalDate, Member, Workplace } from '../rules/member.ts';
import type { ReasonCode } from '../rules/targeting.ts';
import { COMPANY_NAMES, GIVEN_NAMES, SURNAMES } from './sample-data/names.ts';

export interface SampleOptions {
  readonly members: number;
  readonly seed: number;
  readonly outDir: string;
  readonly profile: InsurerProfile;
  readonly issuance: Issuance;
  /** How many members get each reason; the rest are `verifiable`. */
  readonly breakdown: Readonly<Partial<Record<ReasonCode, number>>>;
  readonly encoding?: Encoding;
  readonly onProgress?: (members: number) => void;
}

export interface SampleFiles {
  readonly members: string;
  readonly workplaces: string;
  readonly enrolment: string;
}

/**
 * MBK連合, end of July 2025 (source 003): 8,669 without a card or not enrolled (here 5,201 and 3,468: the source gives
 * only their sum), 5 deregistered, 358 with an electronic certificate expired for three months, 68 returned.
 */
export const MBK_BREAKDOWN = {
  'no-card': 5201,
  unregistered: 3468,
  deregistered: 5,
  'certificate-expired': 358,
  'card-returned': 68,
} as const satisfies Partial<Record<ReasonCode, number>>;

export const MBK_MEMBERS = 31_067;

/** A mixture in which every reason occurs, by share of the members. */
export function variedBreakdown(members: number): Partial<Record<ReasonCode, number>> {
  const shares: Partial<Record<ReasonCode, number>> = {
    lost: 0.012,
    'not-yet': 0.004,
    'day-labourer': 0.001,
    'after-cutoff': 0.02,
    'no-legacy-card': 0.004,
    'holds-certificate': 0.01,
    'special-care': 0.002,
    unlinked: 0.003,
    'card-returned': 0.002,
    'no-card': 0.17,
    deregistered: 0.001,
    unregistered: 0.11,
    'certificate-expired': 0.012,
    'no-status': 0.002,
  };
  return Object.fromEntries(Object.entries(shares).map(([reason, share]) => [reason, Math.round(members * share)]));
}

/** Small fast counter-free generator (sfc32, public domain); the same seed gives the same society. */
class Chance {
  #a: number;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #d = 1;
  constructor(seed: number) {
    this.#a = seed | 0;
    for (let i = 0; i < 15; i++) this.next();
  }
  /** 0 ≤ x < 1 */
  next(): number {
    const t = (this.#a + this.#b + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return (t >>> 0) / 4294967296;
  }
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
  happens(share: number): boolean {
    return this.next() < share;
  }
}

/** Deals out reasons so that each occurs exactly as often as asked, spread evenly over the members. */
class Deck {
  readonly #left: [ReasonCode, number][];
  #members: number;
  readonly #chance: Chance;
  constructor(members: number, breakdown: Readonly<Partial<Record<ReasonCode, number>>>, chance: Chance) {
    this.#members = members;
    this.#chance = chance;
    this.#left = Object.entries(breakdown).map(([reason, count]) => [reason as ReasonCode, count]);
    if (this.#left.reduce((sum, [, count]) => sum + count, 0) > members)
      throw new RangeError('more reasons than members');
  }
  deal(): ReasonCode {
    let at = this.#chance.below(this.#members);
    this.#members -= 1;
    for (const entry of this.#left) {
      if (at < entry[1]) {
        entry[1] -= 1;
        return entry[0];
      }
      at -= entry[1];
    }
    return 'verifiable';
  }
}

type Town = readonly [postalCode: string, prefecture: string, city: string, town: string];

/** Writes 加入者.csv, 事業所.csv and マイナ保険証.csv. Memory does not depend on the number of members. */
export async function writeSample(options: SampleOptions): Promise<SampleFiles> {
  await mkdir(options.outDir, { recursive: true });
  const towns = JSON.parse(
    await readFile(path.join(import.meta.dirname, 'sample-data', 'towns.json'), 'utf8'),
  ) as readonly Town[];
  const files: SampleFiles = {
    members: path.join(options.outDir, '加入者.csv'),
    workplaces: path.join(options.outDir, '事業所.csv'),
    enrolment: path.join(options.outDir, 'マイナ保険証.csv'),
  };
  const [members, workplaces, enrolment] = await Promise.all([
    startFile(files.members, MEMBER_COLUMNS, options.encoding),
    startFile(files.workplaces, WORKPLACE_COLUMNS, options.encoding),
    startFile(files.enrolment, ENROLMENT_COLUMNS, options.encoding),
  ]);
  let written = 0;
  for (const society of generateSociety(options, towns)) {
    await workplaces.write(csvLine(workplaceCells(society.workplace)));
    for (const person of society.people) {
      await members.write(csvLine(memberCells(person.member)));
      if (person.enrolment) await enrolment.write(csvLine(enrolmentCells(person.enrolment)));
    }
    written += society.people.length;
    options.onProgress?.(written);
  }
  await Promise.all([members.finish(), workplaces.finish(), enrolment.finish()]);
  return files;
}

async function startFile(
  file: string,
  columns: readonly { readonly name: string }[],
  encoding: Encoding | undefined,
): Promise<TextFileWriter> {
  const writer = await TextFileWriter.create(file, encoding ?? 'utf-8');
  await writer.write(csvLine(columns.map((column) => column.name)));
  return writer;
}

interface Person {
  readonly member: Member;
  readonly enrolment: Enrolment | null;
}

/** A workplace with all of its people, household by household. */
function* generateSociety(
  options: SampleOptions,
  towns: readonly Town[],
): Generator<{ workplace: Workplace; people: Person[] }> {
  const chance = new Chance(options.seed);
  const deck = new Deck(options.members, options.breakdown, chance);
  const varied = 'no-status' in options.breakdown;
  let left = options.members;
  for (let index = 0; left > 0; index++) {
    const workplace = makeWorkplace(index, options.profile, chance, towns);
    // A few large workplaces and many small ones, about 80 members on average.
    const size = Math.min(left, Math.max(1, Math.round(18 / Math.max(chance.next(), 0.006) ** 0.85)));
    const people: Person[] = [];
    for (let number = 1; people.length < size; number++) {
      const household = makeHousehold(workplace, String(number), size - people.length, {
        chance,
        deck,
        towns,
        issuance: options.issuance,
        varied,
      });
      people.push(...household);
    }
    left -= size;
    yield { workplace, people };
  }
}

function makeWorkplace(index: number, profile: InsurerProfile, chance: Chance, towns: readonly Town[]): Workplace {
  const address = makeAddress(chance, towns, 0.4);
  const employer = `${chance.pick(SURNAMES)[0]}　${chance.pick(GIVEN_NAMES)[0]}`;
  // One in forty carries a name of forty characters, one in sixty a name like another's.
  const base = chance.pick(COMPANY_NAMES);
  const name =
    index % 40 === 39
      ? `一般財団法人${base}総合研究開発推進機構附属東日本技術研修センター運営協議会連絡事務所本部`.slice(0, 40)
      : index % 60 === 59
        ? `株式会社${base}ホールディングス`
        : `株式会社${base}`;
  return {
    symbol: String(10_000_001 + index * 7).slice(0, 8),
    name,
    postalCode: address.postalCode,
    address: address.line,
    building: address.building,
    employerName: employer,
    branchCode: profile.branches.length === 0 ? '' : (profile.branches[index % profile.branches.length]?.code ?? ''),
    corporateNumber: withCorporateCheckDigit(`${chance.below(900_000) + 100_000}${chance.below(900_000) + 100_000}`),
    phone: `03-0000-${String(index % 10_000).padStart(4, '0')}`,
    email: '',
  };
}

function withCorporateCheckDigit(body: string): string {
  let sum = 0;
  for (let n = 1; n <= 12; n++) sum += Number(body[12 - n]) * (n % 2 === 0 ? 2 : 1);
  return `${9 - (sum % 9)}${body}`;
}

interface Making {
  readonly chance: Chance;
  readonly deck: Deck;
  readonly towns: readonly Town[];
  readonly issuance: Issuance;
  readonly varied: boolean;
}

function makeHousehold(workplace: Workplace, number: string, room: number, making: Making): Person[] {
  const { chance, varied } = making;
  const size = Math.min(room, varied && chance.happens(0.0005) ? 9 : householdSize(chance));
  const surname = chance.pick(SURNAMES);
  const odd = varied ? (share: number) => chance.happens(share) : () => false;
  const home = odd(0.001)
    ? { postalCode: workplace.postalCode, line: workplace.address, building: workplace.building }
    : makeAddress(chance, making.towns, 0.5);
  const shared = {
    workplace,
    number,
    surname,
    home: odd(0.002) ? { ...home, postalCode: chance.pick(['', '0000000', '12345']) } : home,
    insuredClass: odd(0.03) ? 'voluntary-continuation' : 'general',
    mailTo: odd(0.003) ? makeAddress(chance, making.towns, 0.5) : null,
  } as const;
  const first = odd(0.001) ? 1 : 0;
  return Array.from({ length: size }, (_, i) => makePerson(i + first, shared, making));
}

function householdSize(chance: Chance): number {
  const x = chance.next();
  return x < 0.56 ? 1 : x < 0.78 ? 2 : x < 0.9 ? 3 : x < 0.97 ? 4 : x < 0.994 ? 5 : 6;
}

interface Shared {
  readonly workplace: Workplace;
  readonly number: string;
  readonly surname: readonly [string, string];
  readonly home: Address;
  readonly insuredClass: 'general' | 'voluntary-continuation';
  readonly mailTo: Address | null;
}

function makePerson(place: number, shared: Shared, making: Making): Person {
  const { chance, deck, issuance, varied } = making;
  const reason = deck.deal();
  const insured = place === 0;
  const given = chance.pick(GIVEN_NAMES);
  const odd = (share: number): boolean => varied && chance.happens(share);
  const adult = insured || place === 1;
  const bornOn = randomDate(chance, adult ? 1958 : 2005, adult ? 2003 : 2023);
  const acquiredBy = issuance.decidedThroughOn ?? issuance.acquiredThroughOn;
  const acquiredOn = addDays(acquiredBy, -1 - chance.below(shared.insuredClass === 'general' && adult ? 6000 : 150));
  const key = { symbol: shared.workplace.symbol, number: shared.number, subNumber: String(place).padStart(2, '0') };
  const member: Member = {
    ...key,
    name: `${shared.surname[0]}　${given[0]}`,
    kana: `${shared.surname[1]}　${given[1]}`,
    bornOn,
    sex: given[2] === 'f' ? 'female' : 'male',
    relation: insured ? 'insured' : 'dependent',
    acquiredOn: acquiredOn < bornOn ? bornOn : acquiredOn,
    decidedOn: null,
    // Some leave between the reference date and the issue date: the certificates that must be withdrawn.
    lostOn: odd(0.004) ? addDays(issuance.referenceOn, 1 + chance.below(60)) : null,
    insuredClass: shared.insuredClass,
    holdsLegacyCard: true,
    certificateValidThrough: null,
    home:
      insured || place === 1
        ? insured
          ? shared.home
          : odd(0.02)
            ? makeAddress(chance, making.towns, 0.5)
            : shared.home
        : shared.home,
    mailTo: insured ? shared.mailTo : odd(0.001) ? makeAddress(chance, making.towns, 0.5) : null,
    mailStopped: odd(0.0005),
    hasOptionalEntries: odd(0.002),
    formerName: odd(0.01) ? chance.pick(SURNAMES)[0] : null,
    showsFormerName: odd(0.005),
    sexOnBack: odd(0.0005),
    specialCare: false,
    individualNumberLast4: null,
    matchResult: null,
  };
  const enrolment: Enrolment = {
    ...key,
    card: 'held',
    registration: 'registered',
    registeredOn: randomDate(chance, 2021, 2024),
    deregisteredOn: null,
    digitalCertificateExpiresOn: addDays(issuance.referenceOn, 30 + chance.below(1600)),
    cardReturnedOn: null,
    linked: true,
  };
  return asReason(reason, member, enrolment, making);
}

/** Bends the facts so that exactly this reason applies. */
function asReason(reason: ReasonCode, member: Member, enrolment: Enrolment, { chance, issuance }: Making): Person {
  const reference = issuance.referenceOn;
  const withMember = (change: Partial<Member>): Person => ({ member: { ...member, ...change }, enrolment });
  const withEnrolment = (change: Partial<Enrolment>): Person => ({ member, enrolment: { ...enrolment, ...change } });
  switch (reason) {
    case 'verifiable':
      return { member, enrolment };
    case 'lost':
      return withMember({ lostOn: addDays(reference, -chance.below(60)) });
    case 'not-yet':
      return withMember({ acquiredOn: addDays(reference, 1 + chance.below(30)) });
    case 'day-labourer':
      return withMember({ insuredClass: 'day-labourer' });
    case 'after-cutoff':
      // Half of them are the gap group: acquired in time, decided too late.
      return issuance.decidedThroughOn !== null && chance.happens(0.5)
        ? withMember({ decidedOn: addDays(issuance.decidedThroughOn, 4 + chance.below(20)) })
        : withMember({ acquiredOn: addDays(issuance.acquiredThroughOn, 1 + chance.below(100)) });
    case 'no-legacy-card':
      return withMember({ holdsLegacyCard: false });
    case 'holds-certificate':
      return withMember({ certificateValidThrough: '2029-11-30' as LocalDate });
    case 'special-care':
      return withMember({ specialCare: true });
    case 'unlinked':
      return withEnrolment({
        linked: false,
        card: 'none',
        registration: 'unregistered',
        registeredOn: null,
        ...NO_EXPIRY,
      });
    case 'card-returned':
      return withEnrolment({
        card: 'returned',
        registration: 'unregistered',
        cardReturnedOn: addDays(reference, -chance.below(300)),
        ...NO_EXPIRY,
      });
    case 'no-card':
      return withEnrolment({ card: 'none', registration: 'unregistered', registeredOn: null, ...NO_EXPIRY });
    case 'deregistered':
      return withEnrolment({ registration: 'deregistered', deregisteredOn: addDays(reference, -chance.below(100)) });
    case 'unregistered':
      return withEnrolment({ registration: 'unregistered', registeredOn: null });
    case 'certificate-expired':
      // Expired in a month that ended at least three whole months before the reference date.
      return withEnrolment({
        digitalCertificateExpiresOn: addDays(
          `${addMonths(reference, -4).slice(0, 8)}01` as LocalDate,
          -chance.below(200),
        ),
      });
    case 'no-status':
      return { member, enrolment: null };
  }
}

const NO_EXPIRY = { digitalCertificateExpiresOn: null } as const;

function makeAddress(chance: Chance, towns: readonly Town[], withBuilding: number): Address {
  const [postalCode, prefecture, city, town] = chance.pick(towns);
  const numbers = `${1 + chance.below(6)}丁目${1 + chance.below(40)}番${1 + chance.below(30)}号`;
  const building = chance.happens(withBuilding)
    ? `${chance.pick(BUILDINGS)}${1 + chance.below(12)}0${1 + chance.below(9)}号室`
    : '';
  return { postalCode, line: `${prefecture}${city}${town}${numbers}`, building };
}

const BUILDINGS = [
  'コーポ青葉',
  'グリーンハイツ',
  'メゾン桜',
  'サンライズ',
  '第二富士マンション',
  'ハイム中央',
  'パークサイドＡ棟',
];

function randomDate(chance: Chance, fromYear: number, throughYear: number): LocalDate {
  const year = fromYear + chance.below(throughYear - fromYear + 1);
  return localDate(year, 1 + chance.below(12), 1 + chance.below(28)) ?? ('2000-01-01' as LocalDate);
}
