// Room: rules. How long personal data is kept: years of the profile from the last day something was in use (個人情報の保護に関する法律22条);
// months for the last four digits of individual numbers, which go when the notices that showed them are out (番号法20条).
import { addDays, addMonths, addYears } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';

/** Years where a profile says none. */
export const USUAL_RETENTION_YEARS = 5;

/** The first day on which data that was last in use on `endedOn` may be erased. */
export function erasableOn(endedOn: LocalDate, years: number): LocalDate {
  return addDays(addYears(endedOn, years), 1);
}

/** Whether data last in use on a day is past its retention. */
export function isPastRetention(endedOn: LocalDate, years: number, on: LocalDate): boolean {
  return on >= erasableOn(endedOn, years);
}

/** The first day on which digits that were last needed on `endedOn` may be erased. */
export function digitsErasableOn(endedOn: LocalDate, months: number): LocalDate {
  return addDays(addMonths(endedOn, months), 1);
}
