import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAcceptanceNumber, rangeSize, takeAcceptanceNumbers, whyRangeIsRefused } from './acceptance-numbers.ts';
import { isAcceptanceNumber } from '../words/check-digits.ts';

const number = (body: number): string => `${body}${body % 7}`;
const RANGE = { first: number(5136000979), last: number(5136000982) };

test('numbers follow one another, each with its check digit, and end with the range', () => {
  expect(takeAcceptanceNumbers(RANGE, 1, 2)).toEqual({
    numbers: [number(5136000980), number(5136000981)],
    used: 3,
    lacking: null,
  });
  expect(takeAcceptanceNumbers(RANGE, 3, 2)).toEqual({
    numbers: [RANGE.last, null],
    used: 4,
    lacking: 'range-used-up',
  });
  expect(takeAcceptanceNumbers(RANGE, 4, 1)).toEqual({ numbers: [null], used: 4, lacking: 'range-used-up' });
});
test('without a range the fields stay empty and it says so', () => {
  expect(takeAcceptanceNumbers(null, 0, 2)).toEqual({ numbers: [null, null], used: 0, lacking: 'no-range' });
  expect(takeAcceptanceNumbers(null, 0, 0).lacking).toBeNull();
});
test.each([
  [{ first: '13112383853', last: '13112383853' }, 'not-a-number'],
  [{ first: '13112383852', last: '13112383852' }, 'not-recorded-delivery'],
  [{ first: number(5135900001), last: number(5135900009) }, 'not-for-bulk-senders'],
  [{ first: number(5136000001), last: number(5136100001) }, 'two-offices'],
  [{ first: RANGE.last, last: RANGE.first }, 'empty'],
  [RANGE, null],
])('%j: %s', (range, defect) => {
  expect(whyRangeIsRefused(range)).toBe(defect);
});
test('no number is taken from a refused range', () => {
  expect(() => takeAcceptanceNumbers({ first: RANGE.last, last: RANGE.first }, 0, 1)).toThrow(RangeError);
});
test.each([
  [-1, 1],
  [0, 1.5],
  [Number.NaN, 1],
])('used %s, count %s is refused', (used, count) => {
  expect(() => takeAcceptanceNumbers(RANGE, used, count)).toThrow(RangeError);
});
test('for the eye', () => expect(formatAcceptanceNumber('13112383852')).toBe('131-12-38385-2'));
test('no number twice, none outside the range, whatever the portions', () => {
  const range = { first: number(6017500000), last: number(6017500099) };
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 }), (portions) => {
      let used = 0;
      const given: string[] = [];
      for (const count of portions) {
        const taken = takeAcceptanceNumbers(range, used, count);
        expect(taken.numbers).toHaveLength(count);
        given.push(...taken.numbers.filter((n) => n !== null));
        used = taken.used;
      }
      expect(new Set(given).size).toBe(given.length);
      expect(given.every((n) => isAcceptanceNumber(n) && n >= range.first && n <= range.last)).toBe(true);
      expect(given).toHaveLength(
        Math.min(
          rangeSize(range),
          portions.reduce((sum, n) => sum + n, 0),
        ),
      );
    }),
  );
});
