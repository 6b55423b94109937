// An Excel workbook is read as the same rows and messages as its CSV. The workbooks are made here part by part, with what Excel
// and other programs write.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import type { Member } from '../rules/intake/member.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { rewriteCells } from './cell-fixes.ts';
import { csvLine } from './csv.ts';
import type { RowError } from './intake.ts';
import { MEMBER_COLUMNS, readMembers } from './members.ts';
import { columnLetters, formatOf, readSheet } from './xlsx.ts';

const folder = openTestFolder();
const file = path.join(folder, '加入者.xlsx');
const HEADER = MEMBER_COLUMNS.map((c) => c.name) as string[];

/** Formats of the workbooks below; a cell's `s` is its place here. */
const FORMATS = [
  'General',
  'yyyy/m/d',
  '[$-411]ggge"年"m"月"d"日";@',
  '0000000',
  '000-0000',
  '0.00',
  'h:mm',
  '00',
  '[$-ja-JP]gggee.mm.dd',
];

interface Booklet {
  readonly rows: string;
  readonly strings?: string;
  readonly is1904?: boolean;
  readonly more?: string;
  readonly before?: string;
  readonly sheets?: string;
}

function write({ rows, strings = '', is1904 = false, more = '', before = '', sheets }: Booklet): void {
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const list = sheets ?? '<sheet name="名簿" sheetId="1" r:id="rId1"/>';
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<?xml version="1.0"?><workbook><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets>${list}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${type}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${type}/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="rId3" Type="${type}/styles" Target="styles.xml"/></Relationships>`,
    'xl/sharedStrings.xml': `<sst>${strings}</sst>`,
    'xl/styles.xml': `<styleSheet><numFmts>${FORMATS.map((code, i) => `<numFmt numFmtId="${i + 164}" formatCode="${code.replaceAll('"', '&quot;')}"/>`).join('')}</numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs>${FORMATS.map((_, i) => `<xf numFmtId="${i + 164}"/>`).join('')}<xf numFmtId="14"/><xf numFmtId="57"/><xf numFmtId="55"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet>${before}<sheetData>${rows}</sheetData>${more}</worksheet>`,
  };
  writeFileSync(file, zipSync(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)]))));
}

const inline = (text: string, at: string): string =>
  `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
const row = (line: number, cells: readonly string[], attributes = ''): string =>
  `<row r="${line}"${attributes}>${cells.map((cell, i) => (cell.startsWith('<') || cell === '' ? cell.replace('@', `${columnLetters(i + 1)}${line}`) : inline(cell, `${columnLetters(i + 1)}${line}`))).join('')}</row>`;
const header = row(1, HEADER);
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
const member = (line: number, change: Readonly<Record<string, string>> = {}, attributes = ''): string =>
  row(
    line,
    HEADER.map((name) => ({ ...GOOD, ...change })[name] ?? ''),
    attributes,
  );

async function read(): Promise<{ rows: Member[]; errors: RowError[]; notes: string[] }> {
  const all = { rows: [] as Member[], errors: [] as RowError[], notes: [] as string[] };
  const options = { today: '2026-11-30' as LocalDate, onNote: (note: string) => void all.notes.push(note) };
  for await (const batch of readMembers(file, options)) {
    all.rows.push(...batch.rows.map((r) => r.value));
    all.errors.push(...batch.errors);
  }
  return all;
}

test('the same rows as the CSV of it', async () => {
  write({ rows: header + member(2) + member(3, { 番号: '2', 氏名: '佐藤 &amp; 花子' }) });
  const { rows, errors, notes } = await read();
  const csv = path.join(folder, '加入者.csv');
  const line = (change: Record<string, string>): string =>
    csvLine(HEADER.map((name) => ({ ...GOOD, ...change })[name] ?? ''));
  writeFileSync(csv, csvLine(HEADER) + line({}) + line({ 番号: '2', 氏名: '佐藤 & 花子' }));
  const same: Member[] = [];
  for await (const batch of readMembers(csv, {})) same.push(...batch.rows.map((r) => r.value));
  expect(errors).toEqual([]);
  expect(rows).toEqual(same);
  expect(notes).toEqual(['Excelブックとして読みました']);
});

test('each kind of cell as it is seen: no furigana, days of every format, zeros in front, kept values of formulas', async () => {
  const n = (value: string, style: number): string => `<c r="@" s="${style}"><v>${value}</v></c>`;
  write({
    strings:
      '<si><t>見本　花子</t><rPh sb="0" eb="2"><t>ミホン</t></rPh><phoneticPr fontId="1"/></si><si><r><t>東京都</t></r><r><rPr/><t xml:space="preserve">千代田区1-1</t></r></si>',
    rows:
      header +
      member(2, {
        氏名: '<c r="@" t="s"><v>0</v></c>',
        住所: '<c r="@" t="s"><v>1</v></c>',
        枝番: n('0', 7),
        生年月日: n('33003', 2),
        資格取得年月日: n('42095', 1),
        取得決定年月日: n('42104.625', 9),
        資格確認書有効期限: n('46387', 8),
        郵便番号: n('600906', 3),
        性別: '<c r="@"><f>1+0</f><v>1</v></c>',
        方書: '<c r="@" t="str"><f>"霞"&amp;"が関"</f><v>霞が関</v></c>',
      }),
  });
  const { rows, errors } = await read();
  expect(errors).toEqual([]);
  expect(rows[0]).toMatchObject({
    subNumber: '00',
    name: '見本　花子',
    bornOn: '1990-05-10',
    acquiredOn: '2015-04-01',
    decidedOn: '2015-04-10',
    certificateValidThrough: '2026-12-31',
    sex: 'male',
    home: {
      postalCode: '0600906',
      line: '東京都千代田区1-1',
      building: '霞が関',
    },
  });
});

test('days of a workbook of 1904; the day Excel believes in and nobody else', async () => {
  const day = (value: string): string => `<c r="@" s="1"><v>${value}</v></c>`;
  write({ rows: header + member(2, { 資格取得年月日: day('40633') }), is1904: true });
  expect((await read()).rows[0]?.acquiredOn).toBe('2015-04-01');
  write({
    rows:
      header +
      member(2, { 生年月日: day('59') }) +
      member(3, { 生年月日: day('60') }) +
      member(4, { 生年月日: day('61') }),
  });
  const { rows, errors } = await read();
  expect(rows.map((m) => m.bornOn)).toEqual(['1900-02-28', '1900-03-01']);
  expect(errors).toMatchObject([{ line: 3, code: 'date' }]);
});

test('errors are those of the CSV, with the address of the cell', async () => {
  const error = '<c r="@" t="e"><v>#N/A</v></c>';
  write({
    rows:
      header +
      member(2, { 住所: error }) +
      member(3, { 氏名: '<c r="@"><f>VLOOKUP(A1,B:C,2,0)</f></c>' }) +
      member(4, { 番号: '<c r="@"><v>1.2345678901234567E+19</v></c>' }) +
      member(5, { 方書: '<c r="@"><v>123456789018</v></c>' }) +
      member(6, { 要配慮: '<c r="@" t="b"><v>1</v></c>' }),
  });
  const { rows, errors } = await read();
  expect(rows).toEqual([]);
  expect(errors.map((e) => [e.line, e.column, e.code])).toEqual([
    [2, '住所', 'not-a-value'],
    [3, '氏名', 'not-a-value'],
    [4, '番号', 'exponent'],
    [5, '方書', 'individual-number'],
    [6, '要配慮', 'not-a-value'],
  ]);
  expect(errors[0]?.expected).toMatch(/セル P2$/);
  expect(JSON.stringify(errors)).not.toContain('123456789018');
});

test('what XML cannot hold, and days that Japanese Excel shows by a format of its own', async () => {
  write({
    rows:
      header +
      member(2, { 住所: '東京都_x000D_千代田区1-1' }) +
      member(3, { 方書: '棟_x005F_x000D_1' }) +
      member(4, { 資格取得年月日: '<c r="@" s="11"><v>42095</v></c>' }),
  });
  const { rows, errors } = await read();
  expect(errors).toMatchObject([{ line: 2, column: '住所', code: 'line-break' }]);
  expect(rows.map((m) => [m.home?.building, m.acquiredOn])).toEqual([
    ['棟_x000D_1', '2015-04-01'],
    ['', '2015-04-01'],
  ]);
});

test('hidden rows and columns, merged cells, more sheets and titles are told; a hidden sheet is passed over', async () => {
  write({
    sheets:
      '<sheet name="裏" sheetId="2" state="hidden" r:id="rId9"/><sheet name="名簿" sheetId="1" r:id="rId1"/><sheet name="別" sheetId="3" r:id="rId8"/>',
    before: '<cols><col min="2" max="2" hidden="1"/></cols>',
    rows: row(1, ['加入者一覧']) + row(3, HEADER) + member(4, {}, ' hidden="1"'),
    more: '<mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells>',
  });
  const { rows, errors, notes } = await read();
  expect(errors).toEqual([]);
  expect(rows).toHaveLength(1);
  expect(notes).toEqual([
    'Excelブックとして読みました',
    expect.stringContaining('隠れている行が1行'),
    expect.stringContaining('隠れている列'),
    expect.stringContaining('A1:D1'),
    expect.stringContaining('見えているシートは2'),
    expect.stringContaining('見出しは3行目'),
  ]);
});

test('a cell of a workbook is put right in a CSV of it', async () => {
  write({ rows: header + member(2, { 性別: '9' }) });
  const to = path.join(folder, 'to.csv');
  expect(await rewriteCells(file, to, [{ line: 2, column: '性別', value: '2' }])).toBeNull();
  const rows: Member[] = [];
  for await (const batch of readMembers(to, {})) rows.push(...batch.rows.map((r) => r.value));
  expect(rows).toMatchObject([{ number: '1', sex: 'female' }]);
});

test.each([
  ['another archive', zipSync({ 'a.csv': strToU8('1,2') }), /ZIP/],
  ['a binary workbook', zipSync({ 'xl/workbook.bin': strToU8('x') }), /xlsb.*\.xlsx/],
  ['a sheet of OpenDocument', zipSync({ 'content.xml': strToU8('<x/>') }), /\.ods.*CSV UTF-8/],
  ['a document of Word', zipSync({ 'word/document.xml': strToU8('<x/>') }), /Word/],
  ['half a workbook', Buffer.from('504b030414000600080000', 'hex'), /Excelブックが壊れているか/],
  ['a part that is no XML', zipSync({ 'xl/workbook.xml': strToU8('<workbook><sheets') }), /Excelブックが壊れているか/],
])('%s is told', async (_, bytes, message) => {
  writeFileSync(file, bytes);
  await expect(read()).rejects.toMatchObject({ code: 'unreadable-header', message: expect.stringMatching(message) });
});

test('an archive that unpacks to more than any sheet is stopped', async () => {
  // A third of a gigabyte of blanks, in a third of a megabyte.
  const bomb = zipSync({ 'xl/workbook.xml': new Uint8Array(330_000_000).fill(0x20) });
  expect(bomb.length).toBeLessThan(1_000_000);
  writeFileSync(file, bomb);
  await expect(readSheet(file)).rejects.toThrow('大きすぎます');
});

test.each([
  ['General', 'plain'],
  ['G/標準', 'plain'],
  ['@', 'plain'],
  ['0.00E+00', 'plain'],
  ['#,##0', 'plain'],
  ['"令和"0', 'plain'],
  ['h:mm', 'plain'],
  ['yyyy/m/d', 'day'],
  ['yyyy\\-mm\\-dd', 'day'],
  ['m"月"d"日"', 'day'],
  ['[$-411]ggge"年"m"月"d"日";@', 'day'],
  ['[$-ja-JP-x-gannen]ggge"年"m"月"d"日"', 'day'],
  ['r.m.d', 'day'],
  ['yyyy/m/d h:mm', 'day'],
  ['0000', { digits: '0000' }],
  ['000\\-0000', { digits: '000-0000' }],
  ['[<=999]000;[<=9999]000\\-00;000\\-0000', { digits: '000-0000' }],
])('the format %s', (code, format) => expect(formatOf(code)).toEqual(format));

test.each([
  [1, 'A'],
  [26, 'Z'],
  [27, 'AA'],
  [703, 'AAA'],
] as const)('column %i is %s', (column, letters) => expect(columnLetters(column)).toBe(letters));
