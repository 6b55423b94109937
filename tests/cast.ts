// The people of the tests: one cast, of which a test changes what matters. The households are those of the sources' own
// figures: A = insured person and one dependent, B and two, C and three (a full envelope), five persons (two envelopes), and
// one of dependents only. The same people as rows of 加入者.csv, as persons to plan for, and as papers to be printed.
import { customerBarcode } from '../src/rules/words/customer-barcode.ts';
import { paperNumber } from '../src/rules/words/check-digits.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { Household, Route, Target } from '../src/rules/issuing/enveloping.ts';
import type { NoticeHousehold, NoticeTarget } from '../src/rules/issuing/notice-plan.ts';
import type { PrintableParcel } from '../src/print/notice-papers.ts';
import type { PrintableCertificate, PrintableNotice, PrintablePiece } from '../src/rules/printing/printable.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';

/** A row of an input file: header to cell; what is left out is empty. */
export type Cells = Readonly<Record<string, string>>;

const day = (text: string): LocalDate => text as LocalDate;
export const HOME = { postalCode: '1000013', line: '東京都千代田区霞が関1-3-2', building: '' };
export const ELSEWHERE = { postalCode: '5300001', line: '大阪府大阪市北区梅田1-1', building: '' };

/** Places in a household: 0 = the insured person, the others are dependents. */
export const HOUSEHOLDS = {
  A: [0, 1],
  B: [0, 1, 2],
  C: [0, 1, 2, 3],
  five: [0, 1, 2, 3, 4],
  dependents: [1, 2],
} as const satisfies Record<string, readonly number[]>;

/** 協会 太郎, an insured person; change what matters. */
export const MEMBER: Cells = {
  記号: '100',
  番号: '1',
  枝番: '00',
  氏名: '協会　太郎',
  カナ氏名: 'キョウカイ　タロウ',
  生年月日: '1990-05-10',
  性別: '1',
  本人家族区分: '1',
  資格取得年月日: '2015-04-01',
  郵便番号: HOME.postalCode,
  住所: HOME.line,
};

const subNumberOf = (place: number): string => String(place).padStart(2, '0');
/** A name holds no digits. */
const inKanji = (digits: string): string =>
  digits.replaceAll(/\d/g, (digit) => '零一二三四五六七八九'.charAt(Number(digit)));
const nameOf = (number: string, place: number): string => `協会　${inKanji(number)}の${inKanji(String(place))}`;

/** A row of 加入者.csv: one of the household of this number. */
export function person(number: string, place: number, change: Cells = {}): Cells {
  return {
    ...MEMBER,
    番号: number,
    枝番: subNumberOf(place),
    本人家族区分: place === 0 ? '1' : '2',
    氏名: nameOf(number, place),
    カナ氏名: `キョウカイ　${'アイウエオカキクケコ'[place]}${'サシスセソタチツテト'[Number(number) % 10]}`,
    ...change,
  };
}

/** The same person at a workplace of another symbol. */
export const at = (symbol: string, row: Cells): Cells => ({ ...row, 記号: symbol });

/** The enrolment of that person: `1` holds an enrolled card, `0` has none. */
export function status(number: string, place: number, card: '0' | '1', change: Cells = {}): Cells {
  return { 記号: '100', 番号: number, 枝番: subNumberOf(place), カード: card, 利用登録: card, ...change };
}

/** A person of household 1 who is to get a certificate. */
export function target(place: number, change: Partial<Target> = {}): Target {
  return {
    symbol: '100',
    number: '1',
    subNumber: subNumberOf(place),
    relation: place === 0 ? 'insured' : 'dependent',
    insuredClass: 'general',
    name: nameOf('1', place),
    bornOn: day(MEMBER['生年月日']!),
    acquiredOn: day(MEMBER['資格取得年月日']!),
    lostOn: null,
    determined: null,
    home: HOME,
    mailTo: null,
    mailStopped: false,
    hasOptionalEntries: false,
    ...change,
  };
}

/** A household of `targets`; the insured person is the first of them unless given. */
export function household(
  targets: readonly Target[],
  insured: Household['insured'] = targets.find((t) => t.relation === 'insured') ?? null,
): Household {
  return { symbol: '100', number: '1', insured, targets };
}

/** The same person who is to get a notice; a dependent has no home of their own on record. */
export function noticeTarget(place: number, change: Partial<NoticeTarget> = {}): NoticeTarget {
  return {
    ...target(place, place === 0 ? {} : { home: null }),
    matchClass: 'agrees',
    holdsElderlyCertificate: false,
    ...change,
  };
}

/** A household of these, with a workplace unless it is changed. */
export function noticeHousehold(
  targets: readonly NoticeTarget[],
  change: Partial<NoticeHousehold> = {},
): NoticeHousehold {
  const insured = targets.find((t) => t.relation === 'insured') ?? null;
  return { symbol: '100', number: targets[0]?.number ?? '1', insured, targets, ...change };
}

// On paper: an ordinary person with a variant in the name, an address in a high-rise, the longest words there are.
const PRINTED = { symbol: '12345678', number: '1234567', bornOn: day('1980-02-11'), acquiredOn: day('2019-04-01') };
const SHORT = { postalCode: '1638001', line: '東京都新宿区西新宿二丁目8番1号', building: '' };
const LONG = {
  postalCode: '9190522',
  line: '福井県坂井市坂井町上新庄壱百弐拾参字参拾四番地五十六の七十八',
  building: 'グランドメゾンプレステージ坂井セントラルタワーウエストコート１２０３号室　山本様方',
};
const LATIN = 'ＡＬＥＸＡＮＤＥＲ　ＭＡＲＩＡ　ＤＥ　ＬＡ　ＣＲＵＺ　ＧＯＮＺＡＬＥＺ';

/** A certificate to be printed; `serial` numbers it. */
export function certificate(
  serial: number,
  subNumber: string,
  overrides: Partial<PrintableCertificate> = {},
): PrintableCertificate {
  return {
    ...PRINTED,
    subNumber,
    name: '髙橋　太郎',
    kana: 'タカハシ　タロウ',
    sex: 'male',
    relation: subNumber === '00' ? 'insured' : 'dependent',
    insuredClass: 'general',
    certificateNumber: paperNumber('certificate', 1, serial),
    issuedOn: day('2025-11-04'),
    validThrough: day('2029-11-30'),
    ratio: null,
    insuredName: '髙橋　太郎',
    formerName: null,
    showsFormerName: false,
    sexOnBack: false,
    hasOptionalEntries: false,
    isProtected: false,
    registeredName: null,
    optionalContent: null,
    optionalFrom: null,
    optionalThrough: null,
    ...overrides,
  };
}

/** An envelope of these certificates; `serial` numbers it. */
export function piece(
  serial: number,
  route: Route,
  certificates: readonly PrintableCertificate[],
  overrides: Partial<PrintablePiece> = {},
): PrintablePiece {
  const address = overrides.address === undefined ? SHORT : overrides.address;
  return {
    mailpieceNumber: paperNumber('mailpiece', 1, serial),
    route,
    symbol: '12345678',
    number: '1234567',
    sequence: 1,
    sequenceCount: 1,
    firstOfHousehold: paperNumber('mailpiece', 1, serial),
    addressee: '髙橋　太郎',
    workplace: { name: '株式会社大江戸製作所　新宿本店', branchCode: '13' },
    customerBarcode: route === 'home' && address ? (customerBarcode(address)?.bars ?? '') : '',
    certificates,
    ...overrides,
    address,
  };
}

/** An ordinary piece, the longest values there are, and a household of nine (or a full mount). */
export function pieceCast(profile: InsurerProfile, route: Route): PrintablePiece[] {
  const full = profile.enclosing.limit ?? 9;
  const subNumbers = Array.from({ length: full }, (_, i) => String(i).padStart(2, '0'));
  const longest = {
    addressee: '勅使河原　権左衛門之丞',
    address: LONG,
    sequenceCount: 3,
    workplace: { name: '特定非営利活動法人あいうえおかきくけこさしすせそたちつてとなにぬねのはひ', branchCode: '13' },
  };
  return [
    piece(10, route, [certificate(10, '00')]),
    piece(
      20,
      route,
      [
        certificate(20, '00', {
          name: LATIN,
          kana: 'アレクサンダー　マリア　デ　ラ　クルス　ゴンザレス',
          insuredName: LATIN,
        }),
        certificate(21, '01', {
          name: '勅使河原　権左衛門之丞',
          kana: 'テシガワラ　ゴンザエモンノジョウ',
          insuredName: LATIN,
          formerName: '𠮷﨑',
          showsFormerName: true,
          sexOnBack: true,
          sex: 'female',
        }),
      ],
      { ...longest, addressee: LATIN },
    ),
    piece(
      40,
      route,
      subNumbers.map((subNumber, i) => certificate(40 + i, subNumber, i % 2 ? { sex: 'female' } : {})),
      { ...longest, sequence: 2 },
    ),
  ];
}

/** A notice to be printed; `serial` numbers it. */
export function notice(serial: number, route: Route, overrides: Partial<PrintableNotice> = {}): PrintableNotice {
  const address = route === 'home' ? (overrides.address === undefined ? SHORT : overrides.address) : null;
  return {
    mailpieceNumber: paperNumber('mailpiece', 2, serial),
    route,
    ...PRINTED,
    subNumber: '00',
    sequence: 1,
    sequenceCount: 2,
    firstOfHousehold: paperNumber('mailpiece', 2, serial),
    addressee: '協会　太郎',
    relation: 'insured',
    insuredClass: 'general',
    insuredName: '協会　太郎',
    hasInsured: true,
    kana: 'キョウカイ　タロウ',
    issuedOn: day('2024-09-09'),
    workplace: { name: '株式会社大江戸製作所　新宿本店', branchCode: '13' },
    customerBarcode: address ? (customerBarcode(address)?.bars ?? '') : '',
    hasDigits: true,
    last4: '9018',
    requestForm: false,
    ratio: 3,
    ratioFrom: null,
    ratioThrough: null,
    ...overrides,
    address,
  };
}

/** An ordinary one with digits, the longest values with the request form, one from 70 on, one without a ratio. */
export function noticeCast(route: Route): PrintableNotice[] {
  return [
    notice(10, route),
    notice(20, route, {
      symbol: 'ア１２３４５６７',
      number: '123456789012345'.slice(0, 11),
      subNumber: '01',
      sequence: 2,
      firstOfHousehold: paperNumber('mailpiece', 2, 19),
      addressee: LATIN,
      insuredName: LATIN,
      kana: 'アレクサンダー　マリア　デ　ラ　クルス　ゴンザレス',
      address: LONG,
      last4: null,
      requestForm: true,
    }),
    notice(30, route, {
      addressee: '髙橋　花子',
      kana: 'タカハシ　ハナコ',
      bornOn: day('1952-02-29'),
      insuredName: null,
      ratio: 2,
      ratioFrom: day('2022-03-01'),
      ratioThrough: day('2027-02-28'),
    }),
    notice(40, route, { ratio: null, bornOn: day('1951-01-01') }),
  ];
}

/** A parcel of this many notices. */
export function parcel(count: number, overrides: Partial<PrintableParcel> = {}): PrintableParcel {
  return {
    no: 12,
    symbol: '12345678',
    sequence: 1,
    sequenceCount: 3,
    container: 'envelope',
    weightG: 3060,
    acceptanceNumber: null,
    lacking: '引受番号の割当てがないため空欄',
    workplace: {
      name: '特定非営利活動法人あいうえおかきくけこさしすせそたちつてとなにぬねのはひ',
      postalCode: '1638001',
      address: '東京都新宿区西新宿二丁目8番1号',
      building: '第一本庁舎２０階',
      employerName: '勅使河原　権左衛門之丞',
    },
    rows: Array.from({ length: count }, (_, i) => ({
      position: i + 1,
      number: String(1000 + Math.floor(i / 3)),
      subNumber: `0${i % 3}`,
      insuredName: i % 7 === 6 ? LATIN : '協会　太郎',
      addressee: i % 3 === 0 ? '協会　太郎' : '協会　花子',
      absence: i === 4 ? '保留' : '',
    })),
    ...overrides,
  };
}
