import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatPaperNumber,
  isAcceptanceNumber,
  isCorporateNumber,
  isIndividualNumber,
  isInsurerNumber,
  paperNumber,
  parsePaperNumber,
  paperDigits,
} from './check-digits.ts';
import { holdsIndividualNumber } from './individual-numbers.ts';

test.each(['33120015', '01040013', '01130012', '01010016', '01270016', '39131016', '138016', '138057', '06130256'])(
  'insurer number %s',
  (n) => {
    expect(isInsurerNumber(n)).toBe(true);
    expect(isInsurerNumber(n.slice(0, -1) + ((Number(n.at(-1)) + 1) % 10))).toBe(false);
  },
);
test('an insurer number of nine digits is none', () => expect(isInsurerNumber('999999999')).toBe(false));

test.each(['7123456789012', '4011001098993', '7010705000725', '5835678256246', '1010601008968', '7000012050002'])(
  'corporate number %s',
  (n) => expect(isCorporateNumber(n)).toBe(true),
);
test.each([
  '123456789018',
  '548836529885',
  '895980423139',
  '436673173767',
  '430792811528',
  '023456789013',
  '111111111118',
  '621498320257',
])('individual number %s', (n) => {
  expect(isIndividualNumber(n)).toBe(true);
  expect(holdsIndividualNumber(`備考${n}です`)).toBe(true);
});
test('an acceptance number', () => {
  expect(isAcceptanceNumber('13112383852')).toBe(true);
  expect(isAcceptanceNumber('13112383853')).toBe(false);
});

test.each([
  ['123456789012', true],
  ['１２３４５６７８９０１８', true],
  ['1234-5678-9018', true],
  ['1234 5678 9018', true],
  ['1234-5678-9012', false],
  ['1234567890123', false],
  ['03-1234-5678', false],
  ['12345678901', false],
])('%s may be an individual number: %s', (text, found) => expect(holdsIndividualNumber(text)).toBe(found));

const numbers = fc.tuple(
  fc.constantFrom('certificate' as const, 'mailpiece' as const),
  fc.integer({ min: 1, max: 9999 }),
  fc.integer({ min: 1, max: 99_999_999 }),
);

const toFullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

test('a paper number reads back, also as printed and in full width', () => {
  fc.assert(
    fc.property(numbers, ([kind, run, serial]) => {
      const number = paperNumber(kind, run, serial);
      const taken = { number, kind, run, serial };
      expect(number).toMatch(/^\d{14}$/);
      expect(parsePaperNumber(number)).toEqual(taken);
      expect(parsePaperNumber(formatPaperNumber(number))).toEqual(taken);
      expect(parsePaperNumber(toFullWidth(number))).toEqual(taken);
      expect(parsePaperNumber(toFullWidth(formatPaperNumber(number)))).toEqual(taken);
    }),
  );
});

const ONE = paperNumber('mailpiece', 1, 12);
const [HEAD, TAIL] = [ONE.slice(0, 5), ONE.slice(5)];

test.each([
  ['start and stop stars of Code 39', `*${ONE}*`],
  ['the same in full width', toFullWidth(`*${ONE}*`)],
  ['stars within spaces', ` * ${ONE} * \r\n`],
  ['the apostrophe of a spreadsheet', `'${ONE}`],
  ['a byte order mark', `\ufeff${ONE}`],
  ['control characters of a reader', `\u0002\u001d${ONE}\u0003\r`],
  ['a zero-width space', `${HEAD}\u200b${TAIL}`],
  ['an ideographic space', `${HEAD}\u3000${TAIL}`],
  ['a non-breaking space', `${HEAD}\u00a0${TAIL}`],
  ...[...'-‐‑‒–—―﹘﹣－−⁃˗─━ーｰ〜➖\u00ad'].map((dash): [string, string] => [
    `U+${dash.charCodeAt(0).toString(16).padStart(4, '0')} as a hyphen`,
    `${HEAD}${dash}${TAIL}`,
  ]),
])('%s does not change a number', (_name, text) => {
  expect(paperDigits(text)).toBe(ONE);
  expect(parsePaperNumber(text)?.number).toBe(ONE);
});

test.each([
  ['a star between digits', `${HEAD}*${TAIL}`],
  ['a letter', `${HEAD}O${TAIL.slice(1)}`],
  ['a fraction stroke', `${HEAD}/${TAIL}`],
  ['two numbers in one line', `${ONE}${ONE}`],
  ['stars alone', '**'],
  ['nothing', ''],
])('%s is no number of ours', (_name, text) => expect(parsePaperNumber(text)).toBeNull());

test('one wrong digit is always found', () => {
  fc.assert(
    fc.property(
      numbers,
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 1, max: 9 }),
      ([kind, run, serial], place, shift) => {
        const number = paperNumber(kind, run, serial);
        const wrong = number.slice(0, place) + ((Number(number[place]) + shift) % 10) + number.slice(place + 1);
        expect(parsePaperNumber(wrong)).toBeNull();
      },
    ),
  );
});

test('numbers out of range are refused', () => {
  expect(() => paperNumber('certificate', 0, 1)).toThrow(RangeError);
  expect(() => paperNumber('mailpiece', 1, 100_000_000)).toThrow(RangeError);
});
