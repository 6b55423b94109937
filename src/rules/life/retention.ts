// Room: rules. How long personal data is kept: years of the profile from the last day something was in use.
import { addDays, addYears } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';

/** The first day on which data that was last in use on `endedOn` may be erased. */
export function erasableOn(endedOn: LocalDate, years: number): LocalDate {
  return addDays(addYears(endedOn, years), 1);
}

/** Whether data last in use on a day is past its retention. */
export function isPastRetention(endedOn: LocalDate, years: number, on: LocalDate): boolean {
  return on >= erasableOn(endedOn, years);
}
