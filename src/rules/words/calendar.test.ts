import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addBusinessDays,
  addDays,
  addMonths,
  birthdayOn,
  daysBetween,
  formatWareki,
  lastDayWithin,
  localDate,
  parseDate,
} from './calendar.ts';
import type { LocalDate } from './local-date.ts';

test.each([
  ['2024-04-01', '2024-04-01'],
  ['20240401', '2024-04-01'],
  ['2024/4/1', '2024-04-01'],
  ['令和6年4月1日', '2024-04-01'],
  ['令和元年5月1日', '2019-05-01'],
  ['令和６年１２月２日', '2024-12-02'],
  ['R6.4.1', '2024-04-01'],
  ['9-060401', '2024-04-01'],
  ['5-551010', '1980-10-10'],
  ['昭和64年1月7日', '1989-01-07'],
  ['平成31年5月2日', '2019-05-02'],
  ['2024/4/1 0:00', '2024-04-01'],
  ['2024/04/01 00:00:00', '2024-04-01'],
  ['2024-04-01T00:00:00', '2024-04-01'],
  ['2024-04-01 15:02:33.120', '2024-04-01'],
  ['2024/4/1 午前 0:00:00', '2024-04-01'],
  ['2024/4/1 12:00 AM', '2024-04-01'],
  ['2024年4月1日', '2024-04-01'],
  ['2024年04月01日', '2024-04-01'],
  ['２０２４年４月１日', '2024-04-01'],
  ['2024.4.1', '2024-04-01'],
  ['2024−4−1', '2024-04-01'],
  ['20240401.0', '2024-04-01'],
  [' 2024-04-01 ', '2024-04-01'],
  ['R6/4/1', '2024-04-01'],
  ['令和6年 4月 1日', '2024-04-01'],
  ['令和 6年4月1日', '2024-04-01'],
  ['令和　６年　４月　１日', '2024-04-01'],
  ['㋿6年4月1日', '2024-04-01'],
  ['㍻31年4月30日', '2019-04-30'],
  ['令6.4.1', '2024-04-01'],
  ['令和6.4.1', '2024-04-01'],
  ['昭和 55年10月10日', '1980-10-10'],
  ['R060401', '2024-04-01'],
  ['S551010', '1980-10-10'],
])('%s is %s', (text, date) => expect(parseDate(text)).toBe(date));

test.each([
  ['昭和65年1月1日'],
  ['令和元年4月30日'],
  ['2024-02-30'],
  ['2023-02-29'],
  ['20241301'],
  ['2024-4-1x'],
  ['6-060401'],
  ['令和0年1月1日'],
  ['あした'],
  // No two of its parts are certain.
  ['060401'],
  ['24/4/1'],
  ['4/1/2024'],
  // The number a spreadsheet keeps for a day.
  ['45383'],
  // Of another day in Japan.
  ['2024-03-31T15:00:00Z'],
  ['2024-03-31T15:00:00+00:00'],
  ['2024 4 1'],
  ['2024/4'],
  ['00000000'],
  ['99999999'],
  [''],
])('%s is no date', (text) => expect(parseDate(text)).toBeNull());

const anyDate = fc
  .date({ min: new Date('1873-01-01T00:00:00Z'), max: new Date('2117-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10) as LocalDate);

test('wareki agrees with the platform calendar and reads back', () => {
  const oracle = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', {
    era: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  });
  fc.assert(
    fc.property(anyDate, (date) => {
      const written = formatWareki(date);
      expect(written).toBe(oracle.format(new Date(`${date}T00:00:00Z`)));
      expect(parseDate(written)).toBe(date);
    }),
  );
});

test('days and months add up', () => {
  fc.assert(
    fc.property(anyDate, fc.integer({ min: -1800, max: 30_000 }), (date, n) => {
      expect(daysBetween(date, addDays(date, n))).toBe(n);
    }),
  );
  expect(addMonths('2024-01-31' as LocalDate, 1)).toBe('2024-02-29');
  expect(addMonths('2024-11-30' as LocalDate, 3)).toBe('2025-02-28');
});

test('every reading of a date is a date that exists', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1868, max: 2200 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (y, m, d) => {
        const pad = (n: number): string => String(n).padStart(2, '0');
        expect(parseDate(`${y}-${pad(m)}-${pad(d)}`)).toBe(localDate(y, m, d));
        expect(parseDate(`${y}${pad(m)}${pad(d)}`)).toBe(localDate(y, m, d));
      },
    ),
  );
});

test('born on 29 February, the 75th birthday of a common year is 1 March', () => {
  expect(birthdayOn('1952-02-29' as LocalDate, 75)).toBe('2027-03-01');
  expect(birthdayOn('1952-02-28' as LocalDate, 75)).toBe('2027-02-28');
});

test('business days pass over weekends and holidays', () => {
  expect(addBusinessDays('2025-11-28' as LocalDate, 2, (d) => d === '2025-12-01')).toBe('2025-12-03');
});

test.each([
  ['2024-12-02', 5, '2029-12-01'],
  ['2025-12-01', 5, '2030-11-30'],
  ['2024-02-29', 5, '2029-02-28'],
  ['2028-02-29', 5, '2033-02-28'],
  ['2025-07-01', 5, '2030-06-30'],
  ['2026-01-01', 5, '2030-12-31'],
  ['2024-04-01', 2, '2026-03-31'],
  ['2024-02-29', 2, '2026-02-28'],
])('counted with %s, %i years end on %s', (from, years, through) =>
  expect(lastDayWithin(from as LocalDate, years)).toBe(through),
);
