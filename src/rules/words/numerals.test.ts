import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numeralValue } from './numerals.ts';

test.each([
  ['〇', 0],
  ['九', 9],
  ['十', 10],
  ['十一', 11],
  ['二十', 20],
  ['二十三', 23],
  ['二三', 23],
  ['百一', 101],
  ['三百二十', 320],
  ['千五百二十四', 1524],
  ['壱拾弐', 12],
])('%s is %d', (text, value) => {
  expect(numeralValue(text)).toBe(value);
});

test('every number below 10,000 is read as it is written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), (value) => {
      const written = [...String(value)]
        .map((digit, i, all) => {
          const unit = ['', '十', '百', '千'][all.length - 1 - i] as string;
          if (digit === '0') return '';
          return (digit === '1' && unit !== '' ? '' : '〇一二三四五六七八九'[Number(digit)]) + unit;
        })
        .join('');
      expect(numeralValue(written)).toBe(value);
    }),
  );
});
