// What spreadsheets and hosts leave in a file: read as what it plainly means, or told by what it looks like.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import type { Member } from '../rules/intake/member.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { rewriteCells } from './cell-fixes.ts';
import { csvLine } from './csv.ts';
import { encodeCp932 } from './encoding.ts';
import type { IntakeOptions, RowError } from './intake.ts';
import { MEMBER_COLUMNS, readMembers } from './members.ts';
import { readResults } from './results.ts';
import { readWorkplaces } from './workplaces.ts';

const folder = openTestFolder();
const HEADER = MEMBER_COLUMNS.map((c) => c.name) as string[];
const GOOD: Readonly<Record<string, string>> = {
  記号: '100',
  番号: '1',
  枝番: '00',
  氏名: '見本　二甲',
  カナ氏名: 'ミホン　イサ',
  生年月日: '1990-05-10',
  性別: '1',
  本人家族区分: '1',
  資格取得年月日: '2015-04-01',
  郵便番号: '1000013',
  住所: '東京都千代田区霞が関1-3-1',
};
const cells = (change: Readonly<Record<string, string>> = {}): string[] =>
  HEADER.map((name) => ({ ...GOOD, ...change })[name] ?? '');
const row = (change: Readonly<Record<string, string>> = {}): string => csvLine(cells(change));
const blank = `${','.repeat(HEADER.length - 1)}\r\n`;

interface Read {
  rows: Member[];
  errors: RowError[];
  notes: string[];
  encoding: string;
}

async function read(content: string | Uint8Array, options: IntakeOptions = {}): Promise<Read> {
  const file = path.join(folder, '加入者.csv');
  writeFileSync(file, content);
  const all: Read = { rows: [], errors: [], notes: [], encoding: '' };
  const given = {
    today: '2026-11-30' as LocalDate,
    onNote: (note: string) => void all.notes.push(note),
    onHeader: ({ encoding }: { encoding: string }) => void (all.encoding = encoding),
  };
  for await (const batch of readMembers(file, { ...given, ...options })) {
    all.rows.push(...batch.rows.map((r) => r.value));
    all.errors.push(...batch.errors);
  }
  return all;
}

const utf16 = (text: string, isBig = false): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
const tabbed = (text: string): string => text.replaceAll(',', '\t');
const GOOD_MEMBER = { symbol: '100', number: '1', subNumber: '00', name: '見本　二甲', acquiredOn: '2015-04-01' };
const HOME = { postalCode: '1000013', line: '東京都千代田区霞が関1-3-1', building: '' };

test.each<[string, string | Uint8Array, readonly (string | RegExp)[]]>([
  [
    'rows of commas below the data',
    csvLine(HEADER) + row() + blank.repeat(3),
    ['空の行を3行読みとばしました（3行目から）'],
  ],
  ['rows of commas and blanks', csvLine(HEADER) + blank.replaceAll(',', ' ,　') + row(), [/^空の行を1行/]],
  ['a row without its last cells', csvLine(HEADER) + cells().slice(0, 16).join(',') + '\r\n', []],
  ['the end mark of a host', `${csvLine(HEADER)}${row()}\u001a`, []],
  ['the end mark and a newline', `${csvLine(HEADER)}${row()}\u001a\r\n`, []],
  ['two end marks behind the last cell', `${csvLine(HEADER)}${row().trimEnd()}\u001a\u001a`, []],
  ['the end mark in CP932', encodeCp932(`${csvLine(HEADER)}${row()}`.concat('\u001a')).bytes, []],
  ['cells padded to a width', csvLine(HEADER) + csvLine(cells().map((cell) => `${cell}  `)), []],
  ['keys as formulas of a text', csvLine(HEADER) + row({ 記号: '="100"', 番号: '="1"', 枝番: '="00"' }), []],
  ['keys behind an apostrophe', csvLine(HEADER) + row({ 枝番: "'00", 生年月日: "'1990/5/10" }), []],
  ['full-width codes', csvLine(HEADER) + row({ 性別: '１', 本人家族区分: '１' }), []],
  ['a sep= line', `sep=,\r\n${csvLine(HEADER)}${row()}`, []],
  [
    'a title above the header',
    `加入者一覧（令和7年4月30日現在）${blank}${csvLine(HEADER)}${row()}`,
    [/^見出しは2行目/],
  ],
  ['a title and a blank line', `加入者一覧\r\n\r\n作成,総務課\r\n${csvLine(HEADER)}${row()}`, [/^見出しは4行目/]],
  ['semicolons', (csvLine(HEADER) + row()).replaceAll(',', ';'), [/^セミコロン区切り/]],
  ['semicolons behind sep=', `sep=;\r\n${(csvLine(HEADER) + row()).replaceAll(',', ';')}`, [/^セミコロン区切り/]],
  ['tabs', tabbed(csvLine(HEADER) + row()), [/^タブ区切り/]],
  ['a row of 件数 below', `${csvLine(HEADER)}${row()}件数,1\r\n`, ['件数の行（3行目）を読みました']],
  [
    'blank rows and a row of 件数',
    `${csvLine(HEADER)}${row()}${blank}合計　1件${blank}`,
    [/^空の行を1行/, '件数の行（4行目）を読みました'],
  ],
  ['件数 in a title', `件数：1件\r\n${csvLine(HEADER)}${row()}`, [/^見出しは2行目/, '件数の行（1行目）を読みました']],
  ['「Unicode テキスト」', utf16(tabbed(csvLine(HEADER) + row())), [/^タブ区切り/, /^UTF-16/]],
  ['UTF-16 with commas', utf16(csvLine(HEADER) + row()), [/^UTF-16/]],
  ['UTF-16, the other way round', utf16(csvLine(HEADER) + row(), true), [/^UTF-16/]],
])('%s: read as it is meant, and told', async (_, content, notes) => {
  const found = await read(content);
  expect(found.errors).toEqual([]);
  expect(found.rows).toHaveLength(1);
  expect(found.rows[0]).toMatchObject({ ...GOOD_MEMBER, home: HOME });
  expect(found.notes).toHaveLength(notes.length);
  for (const [i, note] of notes.entries()) expect(found.notes[i]).toMatch(note);
});

test('a short row that lacks what it must have, and a last row that was cut, are errors', async () => {
  const short = `${cells().slice(0, 8).join(',')}\r\n`;
  const cut = cells().slice(0, 16).join(',').slice(0, -4);
  const { rows, errors } = await read(csvLine(HEADER) + short + row() + cut);
  expect(rows).toHaveLength(1);
  expect(errors).toMatchObject([
    { line: 2, code: 'column-count' },
    { line: 4, code: 'column-count', expected: expect.stringContaining('終わりが切れている') },
  ]);
});

test('a row of 件数 of another count is an error, and one with rows behind it is no control total', async () => {
  const { rows, errors } = await read(`${csvLine(HEADER)}${row()}合計,2\r\n`);
  expect(rows).toHaveLength(1);
  expect(errors).toMatchObject([{ line: 3, code: 'row-count', expected: '2行（読んだのは1行）' }]);
  const inside = await read(`${csvLine(HEADER)}合計,1\r\n${row()}`);
  expect(inside.errors).toMatchObject([{ line: 2, code: 'column-count' }]);
  const told: number[][] = [];
  await read(`${csvLine(HEADER)}${row()}合計,2\r\n`, { onControlTotal: (said, own) => void told.push([said, own]) });
  expect(told).toEqual([[2, 1]]);
});

test('what stands above the header is no title where it may be data; an individual number in it is refused', async () => {
  await expect(read(row() + csvLine(HEADER) + row())).rejects.toMatchObject({ code: 'missing-column' });
  const { errors } = await read(`番号123456789018\r\n${csvLine(HEADER)}${row()}`);
  expect(errors).toMatchObject([{ line: 1, code: 'individual-number' }]);
});

test.each<[string, Uint8Array | string, RegExp]>([
  ['a workbook that cannot be opened', Buffer.from('504b0304140006000800', 'hex'), /Excel/],
  [
    'a workbook of Excel 97, or one with a password',
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    /\.xls.*パスワード.*CSV UTF-8/,
  ],
  ['a web page', '<html><table><tr><td>記号</td></tr></table></html>', /HTML.*CSV UTF-8/],
  ['an XML spreadsheet', '\ufeff<?xml version="1.0"?><Workbook/>', /XML/],
  ['a PDF', '%PDF-1.7', /PDF/],
  ['a compressed file', Buffer.from('1f8b0800', 'hex'), /gzip.*展開/],
  ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), /画像/],
  ['line ends of CR alone', (csvLine(HEADER) + row()).replaceAll('\r\n', '\r'), /CRだけ/],
])('%s is told by what it looks like', async (_, content, message) => {
  await expect(read(content)).rejects.toMatchObject({
    code: 'unreadable-header',
    message: expect.stringMatching(message),
  });
});

test('the sixteen ways to write a day: the right one, or an error', async () => {
  const days = [
    '2024/4/1 0:00',
    '2024/04/01 00:00:00',
    '2024-04-01T00:00:00',
    '2024年4月1日',
    'R6/4/1',
    '令和6年 4月 1日',
    '令和 6年4月1日',
    '㋿6年4月1日',
    '令6.4.1',
    '20240401.0',
    '２０２４年４月１日',
    '2024.4.1',
    'R060401',
  ];
  const wrong = ['45383', '060401', '5065-04-01'];
  const lines = [...days, ...wrong].map((day, i) => row({ 番号: String(i + 1), 資格取得年月日: day }));
  const { rows, errors } = await read(csvLine(HEADER) + lines.join(''));
  expect(rows.map((m) => m.acquiredOn)).toEqual(days.map(() => '2024-04-01'));
  expect(errors.map((e) => e.code)).toEqual(['date', 'date', 'date-impossible']);
  expect(errors[0]?.expected).toContain('Excel');
});

test.each(['00000000', '99999999', '9999-12-31', '0000/00/00', '0', '-', ' '])(
  'a loss on 「%s」 is none',
  async (day) => {
    const { rows, errors } = await read(csvLine(HEADER) + row({ 資格喪失年月日: day, 取得決定年月日: day }));
    expect(errors).toEqual([]);
    expect(rows[0]).toMatchObject({ lostOn: null, decidedOn: null });
  },
);

test('days of a life that cannot be', async () => {
  const lives = [
    { 生年月日: '2190-05-10', 資格取得年月日: '2190-05-10' },
    { 資格取得年月日: '1989-04-01' },
    { 資格取得年月日: '2020-04-01', 資格喪失年月日: '2019-04-01' },
    { 資格取得年月日: '5065-04-01' },
    { 資格喪失年月日: '9999-12-31' },
  ];
  const { rows, errors } = await read(
    csvLine(HEADER) + lives.map((life, i) => row({ 番号: String(i + 1), ...life })).join(''),
  );
  expect(rows).toMatchObject([{ number: '5', lostOn: null }]);
  expect([...new Set(errors.map((e) => `${e.line} ${e.code}`))]).toEqual(
    [2, 3, 4, 5].map((line) => `${line} date-impossible`),
  );
});

test('what a failed formula leaves is no value; a line break in a cell is called that', async () => {
  const bad = [{ 住所: '#N/A' }, { 氏名: '#REF!', カナ氏名: '#REF!' }, { 方書: '#N/A' }, { 住所: 'NULL' }];
  const { rows, errors } = await read(
    csvLine(HEADER) + bad.map(row).join('') + row({ 住所: '東京都千代田区霞が関1-3-2\nかすみビル' }),
  );
  expect(rows).toEqual([]);
  expect(errors.map((e) => [e.line, e.column, e.code])).toEqual([
    [2, '住所', 'not-a-value'],
    [3, '氏名', 'not-a-value'],
    [3, 'カナ氏名', 'not-a-value'],
    [4, '方書', 'not-a-value'],
    [5, '住所', 'not-a-value'],
    [6, '住所', 'line-break'],
  ]);
});

test('what is not read may be anything but an individual number', async () => {
  const header = csvLine([...HEADER, 'メモ']);
  const memo = (text: string): string => csvLine([...cells(), text]);
  const { rows, errors } = await read(header + memo('#N/A') + memo('1.23457E+11') + memo('1.23456789018E+11'));
  expect(rows).toHaveLength(2);
  expect(errors).toMatchObject([{ line: 4, column: 'メモ', code: 'individual-number' }]);
});

test('an individual number split over cells of words is refused; 記号 8 and 番号 4, a telephone, a date are not', async () => {
  const found = await read(
    csvLine(HEADER) +
      row({ 氏名: '見本 123456', カナ氏名: '789018' }) +
      row({ 住所: '東京都123456', 方書: '789018' }) +
      row({ 送付先郵便番号: '1000013', 送付先住所: '1234', 送付先方書: '56789018' }) +
      row({ 記号: '12345678', 番号: '9018' }) +
      row({ 住所: '霞が関1-3-2-1201', 方書: '12345', 送付先郵便番号: '6789018', 送付先住所: '東京都' }),
  );
  expect(found.errors.map((e) => [e.line, e.column, e.code])).toEqual([
    [2, 'カナ氏名', 'individual-number'],
    [3, '方書', 'individual-number'],
    [4, '送付先方書', 'individual-number'],
  ]);
  expect(found.rows).toHaveLength(2);
  expect(JSON.stringify(found.errors)).not.toMatch(/123456|789018/);
});

test('a corporate number in exponent form is called that', async () => {
  const file = path.join(folder, '事業所.csv');
  writeFileSync(file, csvLine(['記号', '事業所名称', '法人番号']) + csvLine(['100', '株式会社見本', '7.00001E+12']));
  const errors: RowError[] = [];
  for await (const batch of readWorkplaces(file, {})) errors.push(...batch.errors);
  expect(errors).toMatchObject([{ line: 2, column: '法人番号', code: 'exponent' }]);
});

test('results as a contractor’s spreadsheet writes them', async () => {
  const file = path.join(folder, '結果.csv');
  const lines = [
    ["'20001000000013", '2025-10-14'],
    ['="20001000000013"', '2025-10-14'],
    ['20001000000013', '2025/10/14 15:02'],
    ['２０００１０００００００１３', '2025-10-14'],
    ['*20001000000013*', '令和7年10月14日'],
    ['2-0001-00000001-3', '20251014'],
  ].map(([number = '', on = '']) => csvLine([number, '封入', on, '', '']));
  writeFileSync(
    file,
    csvLine(['郵便物番号', '結果', '年月日', '理由', '引受番号']) + lines.join('') + ',,,,\r\n,,,,\r\n',
  );
  const found: object[] = [];
  for await (const batch of readResults(file, 'contractor', {})) {
    expect(batch.errors).toEqual([]);
    found.push(...batch.rows.map((r) => r.value));
  }
  expect(found).toHaveLength(6);
  for (const result of found)
    expect(result).toEqual({
      mailpieceNumber: '20001000000013',
      event: 'enclose',
      on: '2025-10-14',
      reason: '',
      trackingNumber: '',
    });
});

test('cells are put right below a title, and between tabs', async () => {
  const from = path.join(folder, 'from.csv');
  const to = path.join(folder, 'to.csv');
  writeFileSync(from, `加入者一覧${'\t'.repeat(27)}\r\n${tabbed(csvLine(HEADER) + row({ 性別: '9' }))}`);
  expect(await rewriteCells(from, to, [{ line: 3, column: '性別', value: '2' }])).toBeNull();
  const rows: Member[] = [];
  for await (const batch of readMembers(to, {})) rows.push(...batch.rows.map((r) => r.value));
  expect(rows).toMatchObject([{ ...GOOD_MEMBER, sex: 'female' }]);
});
