import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIndividualNumber } from './check-digits.ts';
import { countDigits, holdsIndividualNumber, splitsIndividualNumber } from './individual-numbers.ts';

const NUMBER = '123456789018';
const written = (digits: string): string => [...NUMBER].map((digit) => [...digits][Number(digit)]).join('');

test.each([
  ['123456789012', 'twelve digits, whatever their check digit'],
  ['備考123456789018です', 'among words'],
  [written('０１２３４５６７８９'), 'full-width'],
  ['1234-5678-9018', '4-4-4'],
  ['1234 5678　9018', 'blanks'],
  ['1234\u00a05678\u00a09018', 'hard blanks'],
  ['1234–5678—9018', 'dashes'],
  ['1234ー5678ｰ9018', 'long vowel marks'],
  ['1234~5678～9018', 'tildes'],
  ['1234,5678，9018', 'commas'],
  ['1234￥5678¥9018', 'yen signs'],
  ['1234・5678･9018', 'middle dots'],
  ['1234|5678＊9018', 'other signs'],
  ['1234 - 5678 - 9018', 'three signs between'],
  ['123456-789018', '6-6'],
  ['123-456-789-018', '3-3-3-3'],
  ['123,456,789,018', 'thousands'],
  ['12-34-56-78-90-18', '2 each'],
  ['1 2 3 4 5 6 7 8 9 0 1 8', '1 each, as in a form’s boxes'],
  ['123456\u200b789018', 'zero width'],
  ['1\u200b2\u200c3\u200d4\u2060567\ufeff89018', 'many of zero width'],
  ['1234\u00ad56789018', 'a soft hyphen'],
  ['1\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e356789018', 'keycaps'],
  [written('〇一二三四五六七八九'), 'kanji'],
  [written('⓪①②③④⑤⑥⑦⑧⑨'), 'circled'],
  [written('⓿❶❷❸❹❺❻❼❽❾'), 'black circled'],
  [written('٠١٢٣٤٥٦٧٨٩'), 'Arabic-Indic'],
  [written('०१२३४५६७८९'), 'Devanagari'],
  [written('𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗'), 'mathematical'],
  [written('𝟬𝟭𝟮𝟯𝟰𝟱𝟲𝟳𝟴𝟵'), 'mathematical, sans-serif'],
  [written('🯰🯱🯲🯳🯴🯵🯶🯷🯸🯹'), 'segmented'],
  [written('⁰¹²³⁴⁵⁶⁷⁸⁹'), 'raised'],
  ['一二三四-五六七八-九〇一八', 'kanji in groups'],
  ['123四56七89〇18', 'kinds mixed'],
  ['1.23456789018E+11', 'exponent'],
  ['１．２３４５６７８９０１８Ｅ＋１１', 'exponent, full-width'],
  ['123456789018.0', 'as a decimal'],
  ['0x 123456789018', 'behind another word'],
])('%s may be an individual number: %s', (text) => {
  expect(holdsIndividualNumber(text)).toBe(true);
});

test.each([
  ['1234567890123', 'thirteen digits'],
  ['12345678901', 'eleven'],
  ['1234-5678-9012', 'groups with a wrong check digit'],
  ['123456-789012', '6-6 with a wrong check digit'],
  ['1.23456789012E+11', 'an exponent with a wrong check digit'],
  ['03-1234-5678', 'a telephone'],
  ['0120-123-456', 'a free call'],
  ['090-1234-5678', 'a mobile'],
  ['03-1234-5678-12', 'with an extension: groups of no one length'],
  ['10000001-1234', '記号-番号'],
  ['10000001-0012-00', '記号-番号-枝番'],
  ['7000012050002', 'a corporate number'],
  ['7-0000-1205-0002', 'a corporate number in groups'],
  ['2024-04-01 12:30', 'a time'],
  ['2024/04/01 1230', 'a time of a host'],
  ['2024-04-01～2025-03-31', 'two days'],
  ['1-2-3-101', 'an address'],
  ['1,2,3,4,5,6,7,8,9,10,11,12', 'a list'],
  ['2-0001-00000012-3', 'a paper’s number'],
  ['東京都千代田区霞が関三丁目二番五号', 'numerals in an address'],
  ['', 'nothing'],
])('%s is none: %s', (text) => {
  expect(holdsIndividualNumber(text)).toBe(false);
});

test.each([
  [['方書 123456', '789018'], true],
  [['1234', '5678', '9018'], true],
  [['見本　1234-56', '78-9018号'], true],
  [['12', '3456789018'], true],
  [['①②③④⑤⑥', '789018'], true],
  [['東京都千代田区霞が関1-3-2', '101'], false],
  // The end of an address and a room, whose digits happen to have a right check digit.
  [['霞が関1-3-2-1201', '12345'], false],
  // Another check digit.
  [['123456', '789012'], false],
  // More digits than twelve across the border.
  [['9123456', '789018'], false],
  // Words between.
  [['123456番', '789018'], false],
  [['123456', '号789018'], false],
])('%j split over cells: %s', (cells, found) => {
  expect(splitsIndividualNumber(cells)).toBe(found);
});

const anyNumber = fc
  .integer({ min: 0, max: 99_999_999_999 })
  .map((n) => String(n).padStart(11, '0'))
  .map((body) => [...'0123456789'].map((last) => body + last).find(isIndividualNumber) as string);
const digitsOf = fc.constantFrom(
  '0123456789',
  '０１２３４５６７８９',
  '〇一二三四五六七八九',
  '⓪①②③④⑤⑥⑦⑧⑨',
  '٠١٢٣٤٥٦٧٨٩',
  '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗',
);

test('every number is found in every group, sign and script, and between words', () => {
  fc.assert(
    fc.property(
      anyNumber,
      fc.array(digitsOf, { minLength: 12, maxLength: 12 }),
      fc.constantFrom(1, 2, 3, 4, 6, 12),
      fc.constantFrom('-', ' ', '　', '・', '~', ',', '￥', '—', ' - ', '\u200b', '.', '/'),
      fc.constantFrom('', '番号は', 'No.'),
      (number, scripts, size, sign, before) => {
        const digits = [...number].map((digit, i) => [...(scripts[i] as string)][Number(digit)] as string);
        const groups = Array.from({ length: 12 / size }, (_, i) => digits.slice(i * size, (i + 1) * size).join(''));
        const text = before + groups.join(sign);
        expect(holdsIndividualNumber(text)).toBe(true);
        for (let cut = 1; cut < 12; cut++)
          expect(splitsIndividualNumber([digits.slice(0, cut).join(''), digits.slice(cut).join('')])).toBe(true);
        expect(countDigits(text)).toBeGreaterThanOrEqual(12);
      },
    ),
  );
});

test('a text without twelve digits of any kind is never one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      expect(!holdsIndividualNumber(text) || countDigits(text) >= 12).toBe(true);
    }),
  );
});
