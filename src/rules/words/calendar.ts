// Room: rules. Calendar dates as `YYYY-MM-DD` strings: arithmetic, wareki both ways, ages by Japanese law, business
// days. No clock, no time zone: nothing here asks what day it is.
import type { LocalDate } from './local-date.ts';

export interface Era {
  /** Code used in filings: 1 明治, 3 大正, 5 昭和, 7 平成, 9 令和. */
  readonly code: string;
  readonly letter: string;
  readonly name: string;
  readonly from: LocalDate;
  /** Year 1 of the era is this Gregorian year. */
  readonly firstYear: number;
  /** Last Gregorian year people still write the era in: the year in which it ended. */
  readonly lastYear: number;
}

export const ERAS: readonly Era[] = [
  { code: '1', letter: 'M', name: '明治', from: '1868-01-25' as LocalDate, firstYear: 1868, lastYear: 1912 },
  { code: '3', letter: 'T', name: '大正', from: '1912-07-30' as LocalDate, firstYear: 1912, lastYear: 1926 },
  { code: '5', letter: 'S', name: '昭和', from: '1926-12-25' as LocalDate, firstYear: 1926, lastYear: 1989 },
  { code: '7', letter: 'H', name: '平成', from: '1989-01-08' as LocalDate, firstYear: 1989, lastYear: 2019 },
  { code: '9', letter: 'R', name: '令和', from: '2019-05-01' as LocalDate, firstYear: 2019, lastYear: 9999 },
];

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days of a month (1–12). */
function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** The date, or null where there is no such day. Years 1868–9999. */
export function localDate(year: number, month: number, day: number): LocalDate | null {
  if (!(year >= 1868 && year <= 9999) || !(month >= 1 && month <= 12)) return null;
  if (!(day >= 1 && day <= daysInMonth(year, month))) return null;
  return `${year}-${pad(month)}-${pad(day)}` as LocalDate;
}

function pad(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function partsOf(date: LocalDate): Parts {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

function mustDate(year: number, month: number, day: number): LocalDate {
  const date = localDate(year, month, day);
  if (date === null) throw new RangeError('no such date');
  return date;
}

const DAY_MS = 86_400_000;

export function addDays(date: LocalDate, days: number): LocalDate {
  const { year, month, day } = partsOf(date);
  const moved = new Date(Date.UTC(year, month - 1, day) + days * DAY_MS);
  return mustDate(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
}

/** Same day `months` later; the month's last day where it has no such day. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { year, month, day } = partsOf(date);
  const index = year * 12 + (month - 1) + months;
  const y = Math.floor(index / 12);
  const m = (index % 12) + 1;
  return mustDate(y, m, Math.min(day, daysInMonth(y, m)));
}

/** Same day `years` later; 02-29 becomes 02-28 in a common year. */
export function addYears(date: LocalDate, years: number): LocalDate {
  return addMonths(date, years * 12);
}

/**
 * Last day within `years` counted with the first day: the day before the anniversary; where the last month has no
 * such day, its last day (民法143条2項: 2024-02-29 and five years end on 2029-02-28).
 */
export function lastDayWithin(firstOn: LocalDate, years: number): LocalDate {
  const anniversary = addYears(firstOn, years);
  return anniversary.slice(8) === firstOn.slice(8) ? addDays(anniversary, -1) : anniversary;
}

export function endOfMonth(date: LocalDate): LocalDate {
  const { year, month } = partsOf(date);
  return mustDate(year, month, daysInMonth(year, month));
}

/** Days from `a` to `b`, negative when `b` is earlier. */
export function daysBetween(a: LocalDate, b: LocalDate): number {
  return (Date.parse(b) - Date.parse(a)) / DAY_MS;
}

export function minDate(first: LocalDate, ...rest: readonly LocalDate[]): LocalDate {
  return rest.reduce((least, date) => (date < least ? date : least), first);
}

/**
 * The day a person's new year of age begins in law counts back one day (年齢計算ニ関スル法律): an age is reached at the
 * end of the day before the birthday. For 後期高齢者医療 the 75th birthday itself is the first day of the new scheme
 * (高齢者の医療の確保に関する法律50条), so cover here ends the day before. Born on 02-29: the birthday of a common year is 03-01.
 */
export function birthdayOn(bornOn: LocalDate, age: number): LocalDate {
  const { year, month, day } = partsOf(bornOn);
  if (month === 2 && day === 29 && !isLeapYear(year + age)) return mustDate(year + age, 3, 1);
  return mustDate(year + age, month, day);
}

/** `n` business days after a date (n ≥ 0); Saturdays, Sundays and whatever `isHoliday` says do not count. */
export function addBusinessDays(date: LocalDate, n: number, isHoliday: (date: LocalDate) => boolean): LocalDate {
  let at = date;
  for (let left = n; left > 0;) {
    at = addDays(at, 1);
    const weekday = new Date(`${at}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !isHoliday(at)) left -= 1;
  }
  return at;
}

function eraOf(date: LocalDate): Era {
  const era = ERAS.findLast((candidate) => candidate.from <= date);
  if (!era) throw new RangeError('before 明治');
  return era;
}

/** 「令和6年12月2日」「令和元年5月1日」 */
export function formatWareki(date: LocalDate): string {
  const era = eraOf(date);
  const { year, month, day } = partsOf(date);
  const n = year - era.firstYear + 1;
  return `${era.name}${n === 1 ? '元' : n}年${month}月${day}日`;
}

/**
 * Reads a date in any form of the intake contract: `2024-04-01`, `20240401`, `2024/4/1`, `令和6年4月1日`, `R6.4.1`, and
 * era code + YYMMDD (`9-060401`); and as spreadsheets and hosts write these: `2024/4/1 0:00`, `2024年4月1日`, `2024.4.1`,
 * `令和 6年 4月 1日`, `㋿6年4月1日`, `令6.4.1`, `R060401`, `20240401.0`, full-width digits. Null where it is none.
 *
 * People write an era on for a while after its end: 平成31年5月2日 is 2019-05-02. The whole calendar year in which an
 * era ended is accepted, later ones (昭和65年) are not, and neither is a day before the era began.
 */
export function parseDate(text: string): LocalDate | null {
  if (text.length === 10 && text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45) {
    const year = digits(text, 0, 4);
    const month = digits(text, 5, 7);
    const day = digits(text, 8, 10);
    if (year < 1868 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
    return text as LocalDate;
  }
  if (text.length === 8) {
    const year = digits(text, 0, 4);
    const month = digits(text, 4, 6);
    const day = digits(text, 6, 8);
    if (year >= 0 && month >= 0 && day >= 0) return localDate(year, month, day);
  }
  return parseWritten(text);
}

/** The number in `text[from, to)`, or -1 where a character is no ASCII digit. */
function digits(text: string, from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i) - 48;
    if (!(c >= 0 && c <= 9)) return -1;
    n = n * 10 + c;
  }
  return n;
}

const GREGORIAN = /^(\d{4})(?:[/.-]|年)(\d{1,2})(?:[/.-]|月)(\d{1,2})日?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:\.0+)?$/;
const WAREKI =
  /^(明治|大正|昭和|平成|令和|[明大昭平令MTSHRmtshr])(元|\d{1,2})(?:[/.-]|年)(\d{1,2})(?:[/.-]|月)(\d{1,2})日?$/;
const WAREKI_COMPACT = /^([MTSHRmtshr])(\d{2})(\d{2})(\d{2})$/;
const ERA_CODE = /^([13579])-?(\d{2})(\d{2})(\d{2})$/;
/** The time of day that spreadsheets and hosts put behind a date. One with a zone may be of another day, and is none. */
const TIME = /[T\s](?:午前|午後|[AaPp][Mm])?\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp][Mm])?$/;

function parseWritten(raw: string): LocalDate | null {
  // ㋿ is 令和, ４ is 4: what a date may be written with.
  const text = raw
    .normalize('NFKC')
    .trim()
    .replaceAll(/[‐‑‒–—―−ー]/g, '-')
    .replace(TIME, '')
    .replaceAll(/\s+(?=\D|$)|(?<=\D)\s+/g, '');
  const gregorian = GREGORIAN.exec(text) ?? COMPACT.exec(text);
  if (gregorian) return localDate(Number(gregorian[1]), Number(gregorian[2]), Number(gregorian[3]));
  const match = WAREKI.exec(text) ?? WAREKI_COMPACT.exec(text) ?? ERA_CODE.exec(text);
  if (!match) return null;
  const [, mark, yearText, month, day] = match as unknown as [string, string, string, string, string];
  const era = ERAS.find((e) => e.name.startsWith(mark) || e.letter === mark.toUpperCase() || e.code === mark);
  const n = yearText === '元' ? 1 : Number(yearText);
  if (!era || n < 1) return null;
  const year = era.firstYear + n - 1;
  const date = localDate(year, Number(month), Number(day));
  return date !== null && year <= era.lastYear && date >= era.from ? date : null;
}
