import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import { rewriteCells } from './cell-fixes.ts';

const folder = openTestFolder();
const from = path.join(folder, 'from.csv');
const to = path.join(folder, 'to.csv');

test('cells are put right in their places, the rest stays', async () => {
  writeFileSync(from, '\ufeff記号,氏名,生年月日\n1,"山田, 太郎",x\n2,"二行\nの名",y\n3,佐藤,1990-01-01\n');
  const fixes = [
    { line: 2, column: '生年月日', value: '1980-02-03' },
    { line: 3, column: '氏名', value: '一行の名' },
  ];
  expect(await rewriteCells(from, to, fixes)).toBeNull();
  expect(readFileSync(to, 'utf8').replace('\ufeff', '')).toBe(
    '記号,氏名,生年月日\r\n1,"山田, 太郎",1980-02-03\r\n2,一行の名,y\r\n3,佐藤,1990-01-01\r\n',
  );
});

test.each([
  [
    { line: 2, column: '住所', value: '' },
    { kind: 'no-column', column: '住所' },
  ],
  [
    { line: 9, column: '氏名', value: '' },
    { kind: 'no-line', line: 9 },
  ],
  [
    { line: 2, column: '氏名', value: '' },
    { kind: 'broken-line', line: 3 },
  ],
])('%o is refused, and nothing is written', async (fix, fault) => {
  const other = path.join(folder, `none-${fix.line}-${fix.column}.csv`);
  writeFileSync(from, fault.kind === 'broken-line' ? '記号,氏名\n1,a\n2,"b\n' : '記号,氏名\n1,a\n2,b\n');
  expect(await rewriteCells(from, other, [fix])).toEqual(fault);
  expect(existsSync(other)).toBe(false);
});
