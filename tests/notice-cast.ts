// Notices for tests and pictures: an ordinary one with digits, the longest values with the request form, one from 70 on.
import { customerBarcode } from '../src/rules/words/customer-barcode.ts';
import { paperNumber } from '../src/rules/words/check-digits.ts';
import type { Route } from '../src/rules/issuing/enveloping.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import type { PrintableParcel } from '../src/print/notice-papers.ts';
import type { PrintableNotice } from '../src/rules/printing/printable.ts';

const day = (text: string): LocalDate => text as LocalDate;
const SHORT = { postalCode: '1638001', line: '東京都新宿区西新宿二丁目8番1号', building: '' };
const LONG = {
  postalCode: '9190522',
  line: '福井県坂井市坂井町上新庄壱百弐拾参字参拾四番地五十六の七十八',
  building: 'グランドメゾンプレステージ坂井セントラルタワーウエストコート１２０３号室　山本様方',
};

export function notice(serial: number, route: Route, overrides: Partial<PrintableNotice> = {}): PrintableNotice {
  const address = route === 'home' ? (overrides.address === undefined ? SHORT : overrides.address) : null;
  return {
    mailpieceNumber: paperNumber('mailpiece', 2, serial),
    route,
    symbol: '12345678',
    number: '1234567',
    subNumber: '00',
    sequence: 1,
    sequenceCount: 2,
    firstOfHousehold: paperNumber('mailpiece', 2, serial),
    addressee: '協会　太郎',
    insuredName: '協会　太郎',
    kana: 'キョウカイ　タロウ',
    bornOn: day('1980-02-11'),
    acquiredOn: day('2019-04-01'),
    issuedOn: day('2024-09-09'),
    workplace: { name: '株式会社大江戸製作所　新宿本店', branchCode: '13' },
    customerBarcode: address ? (customerBarcode(address)?.bars ?? '') : '',
    last4: '9018',
    requestForm: false,
    ratio: 3,
    ratioFrom: null,
    ratioThrough: null,
    ...overrides,
    address,
  };
}

export function noticeCast(route: Route): PrintableNotice[] {
  const latin = 'ＡＬＥＸＡＮＤＥＲ　ＭＡＲＩＡ　ＤＥ　ＬＡ　ＣＲＵＺ　ＧＯＮＺＡＬＥＺ';
  return [
    notice(10, route),
    notice(20, route, {
      symbol: 'ア１２３４５６７',
      number: '123456789012345'.slice(0, 11),
      subNumber: '01',
      sequence: 2,
      firstOfHousehold: paperNumber('mailpiece', 2, 19),
      addressee: latin,
      insuredName: latin,
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
      insuredName:
        i % 7 === 6 ? 'ＡＬＥＸＡＮＤＥＲ　ＭＡＲＩＡ　ＤＥ　ＬＡ　ＣＲＵＺ　ＧＯＮＺＡＬＥＺ' : '協会　太郎',
      addressee: i % 3 === 0 ? '協会　太郎' : '協会　花子',
      absence: i === 4 ? '保留' : '',
    })),
    ...overrides,
  };
}
