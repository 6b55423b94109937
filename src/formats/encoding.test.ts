import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import { decoderOf, detectEncoding, encodeCp932 } from './encoding.ts';

const file = path.join(openTestFolder(), 'text');
const decode = (bytes: Uint8Array): string => decoderOf('cp932').decode(bytes);
const hex = (text: string): string => Buffer.from(encodeCp932(text).bytes).toString('hex');

/** Every two-byte code that means a character. */
function allCodes(): { code: number; character: string }[] {
  return Array.from({ length: 0x10000 - 0x8140 }, (_, i) => 0x8140 + i)
    .map((code) => ({ code, character: decode(Uint8Array.of(code >> 8, code & 0xff)) }))
    .filter(({ character }) => [...character].length === 1 && character !== '\ufffd');
}

test('every character CP932 can mean survives there and back, the 1,880 user-defined ones at their own codes', () => {
  const all = allCodes();
  for (const { code, character } of all) {
    const { bytes, unencodable } = encodeCp932(character);
    expect(unencodable, code.toString(16)).toEqual([]);
    expect(decode(bytes), code.toString(16)).toBe(character);
  }
  const own = all.filter(({ character }) => character >= '\ue000' && character <= '\uf8ff');
  expect(own).toHaveLength(1880);
  expect(own.every(({ code, character }) => hex(character) === code.toString(16))).toBe(true);
});

test('one-byte characters, half-width kana included, are their own codes', () => {
  const ascii = Uint8Array.from({ length: 0x80 }, (_, i) => i);
  expect(encodeCp932(String.fromCharCode(...ascii)).bytes).toEqual(ascii);
  expect(decode(ascii.subarray(0x20, 0x7f))).toBe(String.fromCharCode(...ascii.subarray(0x20, 0x7f)));
  expect(hex('ｱﾞｰﾟ')).toBe('b1deb0df');
});

test.each([
  ['髙﨑', 'fbfcfab1'],
  ['\ue000\ue757', 'f040f9fc'],
  ['∵¬', '81e681ca'],
  ['Ⅰ㈱①', '8754878a8740'],
  ['ⅰ', 'fa40'],
  ['〜−‖—¢£', '8160817c8161815c81918192'],
])('%s is written with the codes Windows writes', (text, expected) => {
  expect(hex(text)).toBe(expected);
});

test('what CP932 cannot hold is listed, never replaced in silence', () => {
  const { bytes, unencodable } = encodeCp932('𠮷野鷗é');
  expect(decode(bytes)).toBe('〓野〓〓');
  expect(unencodable).toEqual([
    { index: 0, codePoint: 0x20bb7 },
    { index: 3, codePoint: 0x9dd7 },
    { index: 4, codePoint: 0xe9 },
  ]);
});

test('JIS X 0208 alone leaves out NEC’s, IBM’s and the user’s own characters', () => {
  const { bytes, unencodable } = encodeCp932('高崎ｱ熙腕弌①㈱髙﨑\ue000', 'jis-x-0208');
  expect(decode(bytes)).toBe('高崎ｱ熙腕弌〓〓〓〓〓');
  expect(unencodable).toHaveLength(5);
});

const bytesOf = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));
const CP932 = [...encodeCp932('記号,氏名\r\n1,髙﨑\r\n').bytes];

test.each([
  ['ASCII alone', bytesOf('a,b\n1,2\n'), 'utf-8'],
  ['UTF-8', bytesOf('記号,氏名\r\n'), 'utf-8'],
  ['UTF-8 with a BOM and nothing else', bytesOf('\ufeff'), 'utf-8'],
  ['UTF-8 with a BOM and a damaged byte', bytesOf('\ufeff記号\r\n', [0xff]), 'utf-8'],
  ['UTF-8 with a damaged byte below the header', bytesOf('記号,氏名\r\n1,', [0xff], '山\r\n'), 'utf-8'],
  ['UTF-8 cut in a character', bytesOf('記号,氏').subarray(0, -1), 'utf-8'],
  ['CP932', bytesOf(CP932), 'cp932'],
  ['CP932 with a damaged byte', bytesOf(CP932, [0xff, 0x0a]), 'cp932'],
  ['CP932 cut in a character', bytesOf(CP932.slice(0, 7)), 'cp932'],
  ['CP932 of half-width kana', bytesOf([0xd4, 0xcf, 0xc0, 0xde]), 'cp932'],
  ['CP932 behind a megabyte of ASCII', bytesOf('x'.repeat((1 << 20) - 1), CP932), 'cp932'],
  ['UTF-8 behind a megabyte of ASCII', bytesOf('x'.repeat((1 << 20) - 1), '記号'), 'utf-8'],
  ['UTF-8 whose sample ends in a character', bytesOf('x記'.repeat(300_000)), 'utf-8'],
] as const)('%s is detected', async (_, bytes, expected) => {
  writeFileSync(file, bytes);
  expect(await detectEncoding(file)).toBe(expected);
});
