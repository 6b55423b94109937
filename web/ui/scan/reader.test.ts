import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPaperNumber, paperNumber, parsePaperNumber } from '../../../src/rules/words/check-digits.ts';
import { ScanReader } from './reader.ts';
import type { Reading } from './reader.ts';

const parse = (text: string): string | null => parsePaperNumber(text)?.number ?? null;
const CODE = paperNumber('mailpiece', 1, 12);
const OTHER = paperNumber('mailpiece', 1, 13);

function reader(): { reader: ScanReader; read: Reading[] } {
  const read: Reading[] = [];
  return { reader: new ScanReader(parse, (reading) => read.push(reading)), read };
}

function type(r: ScanReader, code: string, at: number, composing = false): void {
  for (const digit of code) r.key({ code: `Digit${digit}`, key: composing ? 'Process' : digit, composing }, '', at);
}

const enter = (composing = false): { code: string; key: string; composing: boolean } => ({
  code: 'Enter',
  key: composing ? 'Process' : 'Enter',
  composing,
});

test('a code of physical keys ended by Enter is read once', () => {
  const { reader: r, read } = reader();
  type(r, CODE, 0);
  expect(r.key(enter(), CODE, 1)).toBe(true);
  expect(read).toEqual([{ code: CODE }]);
});

test('with an IME on, keys, committed text and the submit that follows are one scan', () => {
  const { reader: r, read } = reader();
  type(r, CODE, 0, true);
  const wide = CODE.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  expect(r.key(enter(true), wide, 20)).toBe(true);
  expect(r.composed(wide, 30)).toBe(true);
  expect(r.submit(wide, 40)).toBe(true);
  expect(read).toEqual([{ code: CODE }]);
});

test('an IME whose keys have no digit codes still delivers by what it commits', () => {
  const { reader: r, read } = reader();
  for (let i = 0; i < CODE.length; i++) r.key({ code: '', key: 'Process', composing: true }, '', i);
  expect(r.key(enter(true), '', 20)).toBe(false);
  const wide = CODE.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  expect(r.composed(wide, 40)).toBe(true);
  expect(read).toEqual([{ code: CODE }]);
});

test('Enter while composing something else neither reads nor refuses', () => {
  const { reader: r, read } = reader();
  expect(r.key(enter(true), 'ｋ', 0)).toBe(false);
  expect(read).toEqual([]);
});

test('a Tab as the suffix reads; a Tab with nothing typed goes on to the next control', () => {
  const { reader: r, read } = reader();
  type(r, CODE, 0);
  const tab = { code: 'Tab', key: 'Tab', composing: false };
  expect(r.key(tab, CODE, 5)).toBe(true);
  expect(r.key(tab, '', 900)).toBe(false);
  expect(read).toEqual([{ code: CODE }]);
});

test('prefix, control characters, hyphens and spaces around a code are dropped', () => {
  const { reader: r, read } = reader();
  expect(r.submit(`\u001d${formatPaperNumber(CODE)}\r\n`, 0)).toBe(true);
  expect(r.submit(` ${OTHER.slice(0, 4)} ${OTHER.slice(4)} `, 1000)).toBe(true);
  expect(read).toEqual([{ code: CODE }, { code: OTHER }]);
});

test('a wrong check digit is told, an empty field is not', () => {
  const { reader: r, read } = reader();
  const wrong = CODE.slice(0, 13) + String((Number(CODE[13]) + 1) % 10);
  expect(r.submit(wrong, 0)).toBe(true);
  expect(r.submit('   ', 1)).toBe(false);
  expect(read).toEqual([{ unreadable: wrong }]);
});

test('two codes within 100 ms are two, the same code half a second later is another scan', () => {
  const { reader: r, read } = reader();
  type(r, CODE, 0);
  r.key(enter(), CODE, 1);
  type(r, OTHER, 50);
  r.key(enter(), OTHER, 60);
  type(r, OTHER, 800);
  r.key(enter(), OTHER, 801);
  expect(read).toEqual([{ code: CODE }, { code: OTHER }, { code: OTHER }]);
});

test('a hand that corrects a digit is read from the field', () => {
  const { reader: r, read } = reader();
  type(r, '999', 0);
  r.key({ code: 'Backspace', key: 'Backspace', composing: false }, '99', 10);
  type(r, '1', 20);
  expect(r.key(enter(), CODE, 30)).toBe(true);
  expect(read).toEqual([{ code: CODE }]);
});

test('any run of codes, by keys, committed text or submit, is read as it was, none lost, none doubled', () => {
  const way = fc.constantFrom('keys', 'composed', 'submit', 'keys then composed then submit');
  const scans = fc.array(fc.tuple(fc.integer({ min: 1, max: 99_999_999 }), way), { maxLength: 50 });
  fc.assert(
    fc.property(scans, (list) => {
      const { reader: r, read } = reader();
      list.forEach(([serial, how], index) => {
        const code = paperNumber('mailpiece', 1, serial);
        const at = index * 1000;
        if (how.startsWith('keys')) {
          type(r, code, at);
          r.key(enter(), code, at + 5);
        }
        if (how.includes('composed')) r.composed(code, at + 10);
        if (how.includes('submit')) r.submit(code, at + 20);
      });
      expect(read).toEqual(list.map(([serial]) => ({ code: paperNumber('mailpiece', 1, serial) })));
    }),
  );
});
