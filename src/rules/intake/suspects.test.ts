import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import type { Member, Workplace } from './member.ts';
import { suspectsOfMember, suspectsOfWorkplace } from './suspects.ts';

const HOME = { postalCode: '1000013', line: '東京都千代田区霞が関1-3-2', building: '' };
const MEMBER: Member = {
  symbol: '100',
  number: '1',
  subNumber: '00',
  name: '協会　太郎',
  kana: 'キョウカイ　タロウ',
  bornOn: '1990-05-10' as LocalDate,
  sex: 'male',
  relation: 'insured',
  acquiredOn: '2015-04-01' as LocalDate,
  decidedOn: null,
  lostOn: null,
  insuredClass: 'general',
  holdsLegacyCard: false,
  certificateValidThrough: null,
  home: HOME,
  mailTo: null,
  mailStopped: false,
  hasOptionalEntries: false,
  formerName: null,
  showsFormerName: false,
  sexOnBack: false,
  registeredName: null,
  optionalContent: null,
  optionalFrom: null,
  optionalThrough: null,
  specialCare: false,
  individualNumberLast4: null,
  matchResult: null,
};

test.each<[string, Partial<Member>, string[]]>([
  ['as it should be', {}, []],
  ['a mark for a lost character', { name: '山●　太郎' }, ['氏名: 氏名や名称として読めない（文字 U+25CF）']],
  ['no name at all', { name: '不明' }, ['氏名: 氏名や名称として読めない']],
  ['kana that is none', { kana: '？？' }, ['カナ氏名: 仮名でない文字がある']],
  ['kana of a foreign name', { kana: 'グエン　ティ・ホア' }, []],
  ['no address', { home: null }, []],
  ['an address that is none', { home: { ...HOME, line: '同上' } }, ['住所: 住所といえない']],
  [
    'an address that cannot be read',
    { mailTo: { ...HOME, line: '東京都千代田区■' } },
    ['送付先住所: 住所として読めない（文字 U+25A0）'],
  ],
  ['a former name that is not shown', { formerName: '〓木' }, []],
  [
    'a former name that is shown',
    { formerName: '〓木', showsFormerName: true },
    ['旧姓: 氏名や名称として読めない（文字 U+3013）'],
  ],
])('%s', (_, change, expected) => {
  const found = suspectsOfMember({ ...MEMBER, ...change });
  expect(found.map(({ column, what }) => `${column}: ${what}`)).toEqual(expected);
});

test('what the postal data says an address lacks', () => {
  expect(suspectsOfMember(MEMBER, () => 'number')).toEqual([{ column: '住所', what: '住所といえない' }]);
});

test('a workplace: its name and its place, where it has one', () => {
  const place: Workplace = {
    symbol: '100',
    name: '株式会社　見本',
    postalCode: '1000013',
    address: HOME.line,
    building: '',
    employerName: '',
    branchCode: '',
    corporateNumber: '',
    phone: '',
    email: '',
  };
  expect(suspectsOfWorkplace(place)).toEqual([]);
  expect(suspectsOfWorkplace({ ...place, address: '' })).toEqual([]);
  expect(suspectsOfWorkplace({ ...place, name: '不明', address: '不明' })).toEqual([
    { column: '事業所名称', what: '氏名や名称として読めない' },
    { column: '所在地', what: '住所といえない' },
  ]);
});
