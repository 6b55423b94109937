import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { foldAddress } from '../words/place-folding.ts';
import { isPossiblePostalCode, memberWarnings } from './warnings.ts';
import { addressKey, personKey } from '../intake/row-hashes.ts';

test.each([
  ['東京都千代田区霞が関１丁目３番２号', '', '東京都千代田区霞が関1-3-2', ''],
  ['東京都青梅市河辺町十一丁目六番地一号', '郵便タワー601', '東京都青梅市河辺町11-6-1', '郵便タワー６０１号室'],
  ['千葉市稲毛区緑町 3丁目30−8', '', '千葉市稲毛区緑町3-30-8', ''],
])('%s %s is the same place as %s %s', (a, ab, b, bb) => expect(foldAddress(a, ab)).toBe(foldAddress(b, bb)));

test('two places stay two', () => {
  expect(addressKey({ line: '東京都千代田区霞が関1-3-2', building: '' })).not.toBe(
    addressKey({ line: '東京都千代田区霞が関1-3-21', building: '' }),
  );
});
test('one person under two spellings has one key', () => {
  const person = { bornOn: '1990-01-02' as LocalDate, sex: 'male' as const };
  expect(personKey({ kana: 'キョウカイ　タロウ', ...person })).toBe(personKey({ kana: 'ｷﾖｳｶｲﾀﾛｳ', ...person }));
  expect(personKey({ kana: 'キョウカイ　タロウ', ...person })).not.toBe(
    personKey({ kana: 'キョウカイ　ジロウ', ...person }),
  );
});
test.each([
  ['1000013', true],
  ['0000000', false],
  ['12345', false],
  ['', false],
])('postal code %s possible: %s', (code, is) => expect(isPossiblePostalCode(code)).toBe(is));
test('a row’s own warnings', () => {
  expect(memberWarnings({ kana: '佐藤', reason: 'no-status', postalCode: '' })).toEqual([
    'kana-is-none',
    'no-status',
    'postal-code-missing',
  ]);
  expect(memberWarnings({ kana: 'サトウ', reason: 'no-card', postalCode: '0000000' })).toEqual([
    'postal-code-impossible',
  ]);
  expect(memberWarnings({ kana: 'サトウ', reason: 'no-card', postalCode: '1000013' })).toEqual([]);
});
