import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';
import { digitsErasableOn, erasableOn, isPastRetention } from './retention.ts';

test.each([
  ['2029-11-30', 5, '2034-12-01'],
  ['2028-02-29', 1, '2029-03-01'],
  ['2025-12-31', 3, '2029-01-01'],
])('last in use on %s, kept %d years: erased from %s', (ended, years, from) => {
  expect(erasableOn(ended as LocalDate, years)).toBe(from);
});

test('a day before it is kept, from it on it may go', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 1, max: 10 }), (days, years) => {
      const ended = addDays('2024-01-01' as LocalDate, days);
      const from = erasableOn(ended, years);
      expect([isPastRetention(ended, years, addDays(from, -1)), isPastRetention(ended, years, from)]).toEqual([
        false,
        true,
      ]);
    }),
  );
});

test.each([
  ['2026-11-10', 6, '2027-05-11'],
  ['2026-08-31', 6, '2027-03-01'],
])('digits last needed on %s may go %i months later, from %s', (endedOn, months, from) => {
  expect(digitsErasableOn(endedOn as LocalDate, months)).toBe(from);
});
