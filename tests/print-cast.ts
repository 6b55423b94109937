// A small cast of pieces for tests and pictures of papers: an ordinary one, the longest, nine in a household, former
// name and sex on the back.
import type { PrintableCertificate, PrintablePiece } from '../src/rules/printing/printable.ts';
import { paperNumber } from '../src/rules/words/check-digits.ts';
import { customerBarcode } from '../src/rules/words/customer-barcode.ts';
import type { Route } from '../src/rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';

const day = (text: string): LocalDate => text as LocalDate;

export function certificate(
  serial: number,
  subNumber: string,
  overrides: Partial<PrintableCertificate> = {},
): PrintableCertificate {
  return {
    symbol: '12345678',
    number: '1234567',
    subNumber,
    name: '髙橋　太郎',
    kana: 'タカハシ　タロウ',
    bornOn: day('1980-02-11'),
    sex: 'male',
    relation: subNumber === '00' ? 'insured' : 'dependent',
    acquiredOn: day('2019-04-01'),
    certificateNumber: paperNumber('certificate', 1, serial),
    issuedOn: day('2025-11-04'),
    validThrough: day('2029-11-30'),
    insuredName: '髙橋　太郎',
    formerName: null,
    showsFormerName: false,
    sexOnBack: false,
    ...overrides,
  };
}

const SHORT = { postalCode: '1638001', line: '東京都新宿区西新宿二丁目8番1号', building: '' };
const LONG = {
  postalCode: '9190522',
  line: '福井県坂井市坂井町上新庄壱百弐拾参字参拾四番地五十六の七十八',
  building: 'グランドメゾンプレステージ坂井セントラルタワーウエストコート１２０３号室　山本様方',
};
const LATIN = 'ＡＬＥＸＡＮＤＥＲ　ＭＡＲＩＡ　ＤＥ　ＬＡ　ＣＲＵＺ　ＧＯＮＺＡＬＥＺ';

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
export function cast(profile: InsurerProfile, route: Route): PrintablePiece[] {
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
