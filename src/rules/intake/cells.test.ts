import { expect, test } from 'vitest';
import { contradictions, controlTotal, isNoDay, latestDay, plainCell, whyNoValue } from './cells.ts';
import type { LocalDate } from '../words/local-date.ts';

test.each([
  ['100', '100'],
  [' 100 ', '100'],
  ['見本　二甲 ', '見本　二甲'],
  ['\u00a0100\u3000', '100'],
  ['   ', ''],
  ['東京都\n', '東京都'],
  ['="0012"', '0012'],
  ['="0012 "', '0012'],
  ['="a""b"', 'a"b'],
  ["'0012", '0012'],
  ["'2024/4/1", '2024/4/1'],
  // A name may begin with one.
  ["'Aolani", "'Aolani"],
  ['=A1', '=A1'],
  // Text inside is not touched.
  ['ﾀｶｷﾞ ﾊﾅｺ', 'ﾀｶｷﾞ ﾊﾅｺ'],
  ['葛\u{e0100}　太郎', '葛\u{e0100}　太郎'],
])('the cell 「%s」 is 「%s」', (raw, plain) => expect(plainCell(raw)).toBe(plain));

test.each([
  '#N/A',
  '#REF!',
  '#VALUE!',
  '#NAME?',
  '#DIV/0!',
  '#NULL!',
  '#NUM!',
  '#SPILL!',
  '#n/a',
  '＃Ｎ／Ａ',
  '####',
  'NULL',
  'null',
  'Null',
  '(null)',
  '<NULL>',
  'NaN',
  'nan',
  'undefined',
  '\\N',
  '¥N',
  'None',
  'N/A',
  'FALSE',
])('%s is no value', (cell) => expect(whyNoValue(cell)).toBe('not-a-value'));

test.each(['7.00001E+12', '1E+05', '1.2e-3', '９．１Ｅ＋１１', '-1.5E+10'])('%s is shortened', (cell) =>
  expect(whyNoValue(cell)).toBe('exponent'),
);

test.each([
  '',
  '#101',
  '山田　太郎',
  'Ｎビル',
  'Nullarbor',
  'NANA　SMITH',
  'コーポ#N/A',
  '1-2-3',
  '3E5',
  'E+5',
  '-',
  'なし',
  '1E',
])('%s may be a value', (cell) => expect(whyNoValue(cell)).toBeNull());

test.each([
  '0',
  '00000000',
  '0000/00/00',
  '0000-00-00',
  '0-000000',
  '99999999',
  '9999-12-31',
  '9999/12/31',
  '99991231',
  '-',
  '－',
  '*',
  '/  /'.replaceAll(' ', ''),
])('%s says that there is no day', (cell) => expect(isNoDay(cell)).toBe(true));
test.each(['2024-04-01', '1', '20240431', '9060401', 'なし', ''])('%s does not', (cell) =>
  expect(isNoDay(cell)).toBe(false),
);

test.each<[readonly string[], number | null]>([
  [['件数', '300', '', ''], 300],
  [['件数：1,234件', '', ''], 1234],
  [['合計', '', '31,067', '人'], 31_067],
  [['データ件数', '１２３'], 123],
  [['【件数】', '0'], 0],
  [['総レコード数 12'], 12],
  [['', '', ''], null],
  [['件数', ''], null],
  [['100', '件数', '300'], null],
  [['100', '1', '00', '見本　太郎'], null],
  [['件数', '三百'], null],
  [['合計', '123456789012'], null],
  [['件数', '40,000,000'], 40_000_000],
])('the row %j says %s rows', (cells, total) => expect(controlTotal(cells)).toBe(total));

const day = (text: string): LocalDate => text as LocalDate;

test('how far ahead a day may lie', () => {
  const today = day('2026-11-30');
  expect(latestDay('birth', today)).toBe('2026-11-30');
  expect(latestDay('event', today)).toBe('2027-12-31');
  expect(latestDay('loss', today)).toBe('2029-12-31');
  expect(latestDay('expiry', today)).toBe('2037-12-31');
});

test.each([
  ['1990-05-10', '2015-04-01', null, []],
  // A newborn's first day; joining and losing on one day.
  ['2024-06-01', '2024-06-01', '2024-06-01', []],
  ['1990-05-10', '1989-04-01', null, ['acquiredOn']],
  ['1990-05-10', '2020-04-01', '2019-04-01', ['lostOn']],
  ['1990-05-10', '1989-04-01', '1988-04-01', ['acquiredOn', 'lostOn']],
] as const)('born %s, joined %s, lost %s', (bornOn, acquiredOn, lostOn, expected) => {
  const life = { bornOn: day(bornOn), acquiredOn: day(acquiredOn), lostOn: lostOn === null ? null : day(lostOn) };
  expect(contradictions(life).map((found) => found.day)).toEqual(expected);
});
