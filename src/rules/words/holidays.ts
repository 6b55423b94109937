// Room: rules. The days on which no office of the state works: national holidays (国民の祝日に関する法律) and the turn of the
// year (行政機関の休日に関する法律: 12-29 to 01-03). Good from 2022 (the Olympic years moved some) to 2099.
import { addDays, localDate, partsOf } from './calendar.ts';
import type { LocalDate } from './local-date.ts';

const weekdayOf = (date: LocalDate): number => new Date(`${date}T00:00:00Z`).getUTCDay();
const SUNDAY = 0;
const MONDAY = 1;
const SATURDAY = 6;

/** Month and day of the holidays that keep their date. */
const FIXED = new Set(['01-01', '02-11', '02-23', '04-29', '05-03', '05-04', '05-05', '08-11', '11-03', '11-23']);
/** Month and which Monday of it (成人の日, 海の日, 敬老の日, スポーツの日). */
const MONDAYS: ReadonlyMap<number, number> = new Map([
  [1, 2],
  [7, 3],
  [9, 3],
  [10, 2],
]);

/** Days of 春分 and 秋分 in 1980–2099: the usual approximation of the almanac's (暦計算研究会, 新こよみ便利帳). */
function equinoxDay(year: number, month: number): number {
  const base = month === 3 ? 20.8431 : 23.2488;
  return Math.floor(base + 0.242194 * (year - 1980) - Math.floor((year - 1980) / 4));
}

/** A day that the law names itself, without what follows from others. */
function isNamed(date: LocalDate): boolean {
  const { year, month, day } = partsOf(date);
  if (FIXED.has(date.slice(5))) return true;
  if ((month === 3 || month === 9) && day === equinoxDay(year, month)) return true;
  const monday = MONDAYS.get(month);
  return monday !== undefined && weekdayOf(date) === MONDAY && Math.ceil(day / 7) === monday;
}

/** 祝日法3条: the day itself, the first day after a run of holidays with a Sunday in it, a day between two holidays. */
export function isNationalHoliday(date: LocalDate): boolean {
  if (isNamed(date)) return true;
  for (let before = addDays(date, -1); isNamed(before); before = addDays(before, -1)) {
    if (weekdayOf(before) === SUNDAY) return true;
  }
  return isNamed(addDays(date, -1)) && isNamed(addDays(date, 1));
}

/**
 * The last day of a period of so many days from something that happened on a day: that day is not counted (民法140条), and a period
 * that would end on a Saturday, a Sunday or a holiday ends on the next day that is none (民法142条; 行政機関の休日に関する法律2条).
 */
export function lastDayOfPeriod(from: LocalDate, days: number): LocalDate {
  let last = addDays(from, days);
  while (weekdayOf(last) === SUNDAY || weekdayOf(last) === SATURDAY || isPublicHoliday(last)) last = addDays(last, 1);
  return last;
}

/** A day that is no business day though it may be a weekday. */
export function isPublicHoliday(date: LocalDate): boolean {
  const { year, month, day } = partsOf(date);
  const isTurnOfYear = date >= localDate(year, 12, 29)! || (month === 1 && day <= 3);
  return isTurnOfYear || isNationalHoliday(date);
}
