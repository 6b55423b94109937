import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import { hashFile } from './content-hash.ts';
import { TextFileWriter, csvLine, harmlessCsvLine, readCsv } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import type { Encoding } from './encoding.ts';

const folder = openTestFolder();
const file = path.join(folder, 'test.csv');

async function readAs(encoding: Encoding): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const batch of readCsv(file, encoding)) records.push(...batch);
  return records;
}

function read(text: string): Promise<CsvRecord[]> {
  writeFileSync(file, text);
  return readAs('utf-8');
}

test('line numbers are those of the file, blank lines and line breaks in quotes included', async () => {
  expect(await read('a,b\r\n\r\n"x\r\ny",2\r\n3,"say ""hi"""\n')).toEqual([
    { line: 1, fields: ['a', 'b'], fault: null },
    { line: 3, fields: ['x\r\ny', '2'], fault: null },
    { line: 5, fields: ['3', 'say "hi"'], fault: null },
  ]);
});

test('a BOM is no part of the first cell, and the last line may lack its newline', async () => {
  expect((await read('\ufeff記号,番号\n1,2')).map((r) => r.fields)).toEqual([
    ['記号', '番号'],
    ['1', '2'],
  ]);
});

test.each([
  ['not closed', '1,"2', '3,4'],
  ['closed in the middle of a field', '1,"2"x', '3,4'],
  ['closed by a later row’s quote', '1,"2', '3,"4"'],
])('a quote %s is a fault of its line, and takes no other row along', async (_, bad, good) => {
  expect(await read(`a,b\n${bad}\n${good}\n5,6\n`)).toEqual([
    { line: 1, fields: ['a', 'b'], fault: null },
    { line: 2, fields: [], fault: 'quote' },
    { line: 3, fields: good.replaceAll('"', '').split(','), fault: null },
    { line: 4, fields: ['5', '6'], fault: null },
  ]);
});

test('a quote not closed in a file of many blocks costs one row; the rows behind keep their lines', async () => {
  const good = Array.from({ length: 100_000 }, (_, i) => `${i},東京都千代田区`);
  const records = await read(['a,b', '0,"x', ...good].join('\r\n'));
  expect(records[1]).toEqual({ line: 2, fields: [], fault: 'quote' });
  expect(records.slice(2).map((r) => r.fields.join(','))).toEqual(good);
  expect(records.at(-1)?.line).toBe(100_002);
});

test.each([
  ['inside a block', 70_000],
  ['over several blocks', 2_000_000],
])('a line too long %s is a fault, and reading goes on behind it', async (_, length) => {
  expect(await read(`a,b\n${'x'.repeat(length)}\n1,2\n`)).toEqual([
    { line: 1, fields: ['a', 'b'], fault: null },
    { line: 2, fields: [], fault: 'length' },
    { line: 3, fields: ['1', '2'], fault: null },
  ]);
});

test('a quote inside an unquoted cell is a character like others', async () => {
  expect((await read('a,b\n5"管,"x"\n'))[1]?.fields).toEqual(['5"管', 'x']);
});

const units = ['a', '1', ',', '"', '\n', '\r\n', '\r', ' ', '表', '髙', '\ue000'];
test.each([
  ['utf-8', [...units, '𠮷', '葛󠄁']],
  ['cp932', units],
] as const)('what is written in %s reads back', async (encoding, units) => {
  const cell = fc.string({ unit: fc.constantFrom(...units), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      async (rows) => {
        const writer = await TextFileWriter.create(file, encoding);
        for (const row of rows) await writer.write(csvLine(row));
        await writer.finish();
        expect((await readAs(encoding)).map((r) => r.fields)).toEqual(rows);
      },
    ),
    { numRuns: 60 },
  );
});

test.each(['utf-8', 'cp932'] as const)('records that cross the reader’s blocks stay whole in %s', async (encoding) => {
  const rows = Array.from({ length: 60_000 }, (_, i) => [
    String(i),
    i % 7 === 0 ? `"引用"と\n改行${i}` : `氏名${i}`,
    '東京都千代田区霞が関',
  ]);
  const writer = await TextFileWriter.create(file, encoding);
  await writer.write(rows.map(csvLine).join(''));
  await writer.finish();
  expect((await readAs(encoding)).map((r) => r.fields)).toEqual(rows);
});

test('a written file is told as it is on disk, and appears whole', async () => {
  const writer = await TextFileWriter.create(file);
  for (let i = 0; i < 50_000; i++) await writer.write(csvLine([i, '東京都千代田区']));
  const written = await writer.finish();
  expect(written.byteCount).toBe(statSync(file).size);
  expect(written.sha256).toBe(await hashFile(file));
  expect(readFileSync(file).subarray(0, 3).toString('hex')).toBe('efbbbf');
  expect(readdirSync(folder)).toEqual(['test.csv']);
});

test('a file given up leaves nothing behind, and the one before it stays', async () => {
  writeFileSync(file, 'before');
  const writer = await TextFileWriter.create(file);
  await writer.write(csvLine(['after']));
  await writer.abandon();
  expect(readFileSync(file, 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['test.csv']);
});

test('what CP932 cannot hold is written as 〓 and listed with its line and column', async () => {
  const writer = await TextFileWriter.create(file, 'cp932');
  await writer.write(csvLine(['番号', '氏名']));
  await writer.write(csvLine(['改,行\nと', '𠮷野', '葛\u{e0101}']));
  expect((await writer.finish()).unencodable).toEqual([
    { line: 3, column: 2, codePoint: 0x20bb7 },
    { line: 3, column: 3, codePoint: 0xe0101 },
  ]);
  expect((await readAs('cp932'))[1]?.fields).toEqual(['改,行\nと', '〓野', '葛〓']);
});

test('a cell a spreadsheet would run is text; a number stays one', () => {
  expect(harmlessCsvLine(['=1+1', '+81', '-2', '@A1', '\tx', '\n=x', '＝1', '山田', -5])).toBe(
    "'=1+1,'+81,'-2,'@A1,'\tx,\"'\n=x\",'＝1,山田,-5\r\n",
  );
});
