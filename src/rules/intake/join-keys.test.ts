import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyShapesNote, canonicalKey, canonicalSymbol, mayDifferInForm, symbolSpellings } from './join-keys.ts';
import type { KeyShapes } from './join-keys.ts';
import type { PersonKey } from '../words/person-key.ts';

test.each([
  ['100', '100'],
  ['0100', '100'],
  ['１００', '100'],
  ['０１００', '100'],
  ['000', '0'],
  ['ｹｲﾄ', 'ケイト'],
  ['ｶﾞ1', 'ガ1'],
  // Zeros behind kana are part of the name.
  ['ア001', 'ア001'],
])('記号 %s is %s in canonical form', (given, canonical) => expect(canonicalSymbol(given)).toBe(canonical));

test.each<[string, readonly string[]]>([
  ['100', ['100', '0100', '00000100', '１００', '０１００']],
  ['００10', ['００10', '10', '００１０', '00000010']],
  ['ｶﾞ1', ['ｶﾞ1', 'ガ1']],
  ['ガ1', ['ガ1', 'ｶﾞ1']],
  ['99999999', ['99999999', '９９９９９９９９']],
])('記号 %s may be written %j', (symbol, expected) => {
  const spellings = symbolSpellings(symbol);
  expect(spellings[0]).toBe(symbol);
  for (const own of expected) expect(spellings).toContain(own);
  expect(new Set(spellings.map(canonicalSymbol))).toEqual(new Set([canonicalSymbol(symbol)]));
});

test('番号 loses the zeros in front, 枝番 keeps two digits', () =>
  expect(canonicalKey({ symbol: '０1', number: '0000012', subNumber: '00' })).toEqual({
    symbol: '1',
    number: '12',
    subNumber: '00',
  }));

const symbol = fc.oneof(
  fc.tuple(fc.constantFrom('', '0', '00'), fc.integer({ min: 0, max: 120 })).map(([zeros, n]) => zeros + n),
  fc.constantFrom('１０', 'ア', 'ｱ', 'ア1', '０'),
);
const number = fc.tuple(fc.constantFrom('', '0', '000'), fc.integer({ min: 0, max: 1200 })).map(([z, n]) => z + n);
const file = fc.array(fc.record({ symbol, number, subNumber: fc.constantFrom('00', '01') }), {
  minLength: 1,
  maxLength: 8,
});

function shapesOf(rows: readonly { symbol: string; number: string }[]): KeyShapes {
  const note = new KeyShapesNote();
  for (const row of rows) note.add(row.symbol, row.number);
  return note.shapes();
}

test('where two files may not differ in form, no key of one is another spelling of a key of the other', () =>
  fc.assert(
    fc.property(file, file, (a, b) => {
      if (mayDifferInForm(shapesOf(a), shapesOf(b))) return;
      const isOther = (x: PersonKey, y: PersonKey): boolean => JSON.stringify(x) !== JSON.stringify(y);
      const pairs = a.flatMap((x) => b.map((y) => [x, y] as const)).filter(([x, y]) => isOther(x, y));
      expect(pairs.filter(([x, y]) => !isOther(canonicalKey(x), canonicalKey(y)))).toEqual([]);
    }),
    { numRuns: 2000 },
  ));

test.each<[string, readonly string[], readonly string[], boolean]>([
  ['one width', ['0001', '0123', '9999'], ['0002', '1234'], false],
  ['no zeros in front', ['1', '20', '300'], ['4', '50000'], false],
  ['zeros in one file alone', ['0001', '0002'], ['1', '2'], true],
  ['two widths in one file', ['0001', '00001'], ['0001'], true],
])('番号: %s', (_, a, b, expected) => {
  const rows = (numbers: readonly string[]): KeyShapes => shapesOf(numbers.map((n) => ({ symbol: '100', number: n })));
  expect(mayDifferInForm(rows(a), rows(b))).toBe(expected);
});
