import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { addDays } from '../rules/words/calendar.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { csvLine } from './csv.ts';
import type { RowError } from './intake.ts';
import { RATIO_COLUMNS, ratioCells, readRatios } from './ratios.ts';
import type { RatioRow } from './ratios.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'todoke-ratios-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = RATIO_COLUMNS.map((column) => column.name);

async function read(lines: readonly (readonly string[])[]): Promise<{ rows: RatioRow[]; errors: RowError[] }> {
  const file = path.join(folder, '負担割合.csv');
  writeFileSync(file, lines.map(csvLine).join(''));
  const [rows, errors]: [RatioRow[], RowError[]] = [[], []];
  for await (const batch of readRatios(file, { today: '2040-01-01' as LocalDate })) {
    rows.push(...batch.rows.map((row) => row.value));
    errors.push(...batch.errors);
  }
  return { rows, errors };
}

test.each([
  ['2割', '令和6年8月1日', '令和7年7月31日', 2],
  ['3', 'R6.8.1', '20250731', 3],
  ['３割', '2024/8/1', '9-070731', 3],
])('%s from %s through %s', async (ratio, from, through, tenths) => {
  const { rows, errors } = await read([HEADER, ['100', '1', '00', ratio, from, through]]);
  expect(errors).toEqual([]);
  expect(rows).toEqual([
    { symbol: '100', number: '1', subNumber: '00', tenths, from: '2024-08-01', through: '2025-07-31' },
  ]);
});

test.each<[string, readonly string[], Partial<RowError>]>([
  ['another ratio', ['100', '1', '00', '1割', '2024-08-01', '2025-07-31'], { column: '負担割合', code: 'code' }],
  ['no ratio', ['100', '1', '00', '', '2024-08-01', '2025-07-31'], { column: '負担割合', code: 'required' }],
  ['no first day', ['100', '1', '00', '2割', '', '2025-07-31'], { column: '発効期日', code: 'required' }],
  ['no last day', ['100', '1', '00', '2割', '2024-08-01', ''], { column: '有効期限', code: 'required' }],
  ['a day that is none', ['100', '1', '00', '2割', '2024-08-32', '2025-07-31'], { column: '発効期日', code: 'date' }],
  [
    'an end before its beginning',
    ['100', '1', '00', '2割', '2024-08-01', '2024-07-31'],
    { column: '有効期限', code: 'date' },
  ],
  ['no person', ['100', '', '00', '2割', '2024-08-01', '2025-07-31'], { column: '番号', code: 'required' }],
  [
    'an individual number',
    ['100', '123456789018', '00', '2割', '2024-08-01', '2025-07-31'],
    { code: 'individual-number' },
  ],
])('%s is an error of its line and column', async (_, row, error) => {
  const { rows, errors } = await read([HEADER, ['100', '9', '00', '2割', '2024-08-01', '2025-07-31'], row]);
  expect(rows).toHaveLength(1);
  expect(errors).toMatchObject([{ line: 3, ...error }]);
  expect(JSON.stringify(errors)).not.toContain('123456789018');
});

test('what is written is read again', async () => {
  const row = fc
    .record({
      symbol: fc.stringMatching(/^[0-9]{1,8}$/),
      number: fc.stringMatching(/^[1-9][0-9]{0,6}$/),
      subNumber: fc.stringMatching(/^[0-9]{2}$/),
      tenths: fc.constantFrom(2 as const, 3 as const),
      from: fc.integer({ min: 0, max: 5000 }).map((n) => addDays('2020-01-01' as LocalDate, n)),
      days: fc.nat(2000),
    })
    .map(({ days, ...r }): RatioRow => ({ ...r, through: addDays(r.from, days) }));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      expect(await read([HEADER, ...rows.map(ratioCells)])).toEqual({ rows, errors: [] });
    }),
    { numRuns: 50 },
  );
});
