import { expect, test } from 'vitest';
import { addDays } from './calendar.ts';
import { isNationalHoliday, isPublicHoliday } from './holidays.ts';
import type { LocalDate } from './local-date.ts';

// 内閣府「国民の祝日について」, with substitutes and the days between two.
test.each([
  [
    2025,
    '01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24',
  ],
  [2026, '01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23'],
  [2027, '01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23'],
])('the holidays of %d', (year, days) => {
  const found: string[] = [];
  for (let date = `${year}-01-01` as LocalDate; date.startsWith(String(year)); date = addDays(date, 1))
    if (isNationalHoliday(date)) found.push(date.slice(5));
  expect(found.join(' ')).toBe(days);
});

test('offices are closed from 12-29 to 01-03', () => {
  const closed = ['2025-12-29', '2025-12-31', '2026-01-02', '2026-01-03'] as LocalDate[];
  expect(closed.map(isPublicHoliday)).toEqual([true, true, true, true]);
  expect((['2025-12-26', '2026-01-05'] as LocalDate[]).map(isPublicHoliday)).toEqual([false, false]);
});
