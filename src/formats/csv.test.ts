import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import { TextFileWriter, csvLine, readCsv } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import { GETA, decoderOf, detectEncoding, encodeCp932 } from './encoding.ts';

const folder = openTestFolder();
const file = path.join(folder, 'test.csv');

async function read(bytes: string | Uint8Array): Promise<CsvRecord[]> {
  writeFileSync(file, bytes);
  const records: CsvRecord[] = [];
  for await (const batch of readCsv(file, await detectEncoding(file))) records.push(...batch);
  return records;
}

test('line numbers are those of the file, blank lines and line breaks in quotes included', async () => {
  expect(await read('a,b\r\n\r\n"x\r\ny",2\r\n3,"say ""hi"""\n')).toEqual([
    { line: 1, fields: ['a', 'b'], broken: false },
    { line: 3, fields: ['x\r\ny', '2'], broken: false },
    { line: 5, fields: ['3', 'say "hi"'], broken: false },
  ]);
});

test('a BOM is no part of the first cell, and the last line may lack its newline', async () => {
  expect((await read('\ufeff記号,番号\n1,2')).map((r) => r.fields)).toEqual([
    ['記号', '番号'],
    ['1', '2'],
  ]);
});

test('a quote that nobody closes is a broken record at its line', async () => {
  expect(await read('a,b\n1,"2\n3,4\n')).toMatchObject([{ line: 1 }, { line: 2, broken: true }]);
});

const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', ' ', '髙', '𠮷', '\ue000'), maxLength: 8 });
test('what is written reads back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      async (rows) => {
        const writer = await TextFileWriter.create(file);
        for (const row of rows) await writer.write(csvLine(row));
        await writer.finish();
        expect((await read(readFileSync(file))).map((r) => r.fields)).toEqual(rows);
      },
    ),
    { numRuns: 60 },
  );
});

test('records that cross the reader’s blocks stay whole', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => [
    String(i),
    i % 7 === 0 ? `"引用"と\n改行${i}` : `氏名${i}`,
    '東京都千代田区霞が関',
  ]);
  expect((await read(rows.map(csvLine).join(''))).map((r) => r.fields)).toEqual(rows);
});

test('every CP932 character, user-defined ones included, survives there and back', () => {
  const decode = (bytes: Uint8Array): string => decoderOf('cp932').decode(bytes);
  const text =
    Array.from({ length: 1880 }, (_, i) => String.fromCodePoint(0xe000 + i)).join('') + '髙﨑①㈱Ⅳ塚德濵ｱﾞabc表ソ';
  const { bytes, unencodable } = encodeCp932(text);
  expect(unencodable).toEqual([]);
  expect(decode(bytes)).toBe(text);
});

test('Windows’ own codes are written: 髙 FBFC, 﨑 FAB1, F040 for U+E000; look-alikes find theirs', () => {
  expect(Buffer.from(encodeCp932('髙﨑\ue000').bytes).toString('hex')).toBe('fbfcfab1f040');
  expect(decoderOf('cp932').decode(encodeCp932('〜−‖—').bytes)).toBe('～－∥―');
});

test('what CP932 cannot hold is written as 〓 and listed with its place', async () => {
  expect(encodeCp932('𠮷野').unencodable).toEqual([{ index: 0, codePoint: 0x20bb7 }]);
  const writer = await TextFileWriter.create(file, 'cp932');
  await writer.write(csvLine(['番号', '氏名']));
  await writer.write(csvLine(['1', '𠮷野']));
  expect((await writer.finish()).unencodable).toEqual([{ line: 2, column: 2, codePoint: 0x20bb7 }]);
  expect(decoderOf('cp932').decode(readFileSync(file))).toContain(`${GETA}野`);
});
