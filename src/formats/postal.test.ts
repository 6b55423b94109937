import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encodeCp932 } from './encoding.ts';
import { PostalFileFault, readPostalDistricts, readPostalOffices } from './postal.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'postal-'));
afterAll(() => rmSync(folder, { recursive: true }));
const REAL = path.join(import.meta.dirname, '..', '..', 'tests', 'postal');
const ROW =
  '13101,"102  ","1020075","トウキョウト","チヨダク","サンバンチョウ","東京都","千代田区","三番町",0,0,0,0,0,0\r\n';
const OFFICE =
  '13104,"ﾄｳｷﾖｳﾄﾁﾖｳ","東京都庁","東京都","新宿区","西新宿","２丁目８－１","1638001","163  ","新宿",0,0,0\r\n';

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function faultOf(rows: AsyncIterable<unknown>): Promise<PostalFileFault> {
  const fault: unknown = await Array.fromAsync(rows).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(fault instanceof PostalFileFault)) throw new Error('the file was read without a fault');
  return fault;
}

test("Japan Post's own rows are read", async () => {
  const districts = (await Array.fromAsync(readPostalDistricts(path.join(REAL, 'utf_ken_all.csv')))).flat();
  expect(districts).toHaveLength(46);
  expect(districts).toContainEqual({
    postalCode: '0600906',
    prefecture: '北海道',
    city: '札幌市東区',
    town: '北六条東（１〜７丁目）',
  });
  const offices = (await Array.fromAsync(readPostalOffices(path.join(REAL, 'JIGYOSYO.CSV')))).flat();
  expect(offices).toContainEqual({ postalCode: '1638001', prefecture: '東京都', city: '新宿区' });
});

test('offices are read in Shift_JIS and in UTF-8, districts with a BOM', async () => {
  const expected = [[{ postalCode: '1638001', prefecture: '東京都', city: '新宿区' }]];
  expect(await Array.fromAsync(readPostalOffices(write('sjis.csv', encodeCp932(OFFICE).bytes)))).toEqual(expected);
  expect(await Array.fromAsync(readPostalOffices(write('utf8.csv', OFFICE)))).toEqual(expected);
  expect((await Array.fromAsync(readPostalDistricts(write('bom.csv', `\ufeff${ROW}`)))).flat()).toHaveLength(1);
});

test.each([
  ['a hyphen in the code', ROW.replace('1020075', '102-0075'), '7桁の郵便番号'],
  ['a column missing', ROW.replace('"三番町",', ''), '15列の行'],
  ['a quote that is not closed', ROW.replace('三番町"', '三番町'), '15列の行'],
  ['no city', ROW.replace('千代田区', ''), '市区町村名'],
  ['a character that is none', ROW.replace('三番町', '三\ufffd町'), '読める文字の町域名'],
  [
    'a note broken over two rows, as in the old KEN_ALL.CSV',
    ROW.replace('三番町', '三番町（１、２、'),
    '1行で終わる町域名（KEN_ALL.CSVではなくutf_ken_all.csv）',
  ],
])('%s is refused with its line', async (name, row, expected) => {
  expect(await faultOf(readPostalDistricts(write(`${name}.csv`, ROW + ROW + row)))).toMatchObject({
    line: 3,
    expected,
  });
});

test('one damaged byte far behind the first is refused with its line', async () => {
  const bytes = Buffer.from(ROW.repeat(20_000));
  bytes[bytes.lastIndexOf('三番町')] = 0xff;
  expect(await faultOf(readPostalDistricts(write('damaged.csv', bytes)))).toMatchObject({ line: 20_000 });
});

test('the one file given for the other is refused at its first line', async () => {
  expect(await faultOf(readPostalDistricts(path.join(REAL, 'JIGYOSYO.CSV')))).toMatchObject({ line: 1 });
  expect(await faultOf(readPostalOffices(path.join(REAL, 'utf_ken_all.csv')))).toMatchObject({ line: 1 });
});
