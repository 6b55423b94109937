// Room: rules. 有効期限: the issue period's common expiry, never past five years, and the caps (健保則47条2項;
// 全国健康保険協会's one-year issue periods: source document 004).
import { addDays, addYears, birthdayOn } from '../words/calendar.ts';
import type { InsuredClass } from '../intake/member.ts';
import type { LocalDate } from '../words/local-date.ts';

/** 発行期間: one common expiry for all certificates issued in it; repeats every year, one year on. */
export interface IssuePeriod {
  readonly from: LocalDate;
  readonly through: LocalDate;
  readonly validThrough: LocalDate;
}

export interface ValidityRules {
  /** The first issue period; each later year moves all three dates one year on. */
  readonly firstPeriod: IssuePeriod;
  /** Never past this many years counted with the issue day (健保則47条2項: 5). */
  readonly maxYears: number;
  /** Cap at the day before the 75th birthday. */
  readonly capBefore75: boolean;
  /** Cap of 任意継続 in years from acquisition (2), or null. */
  readonly voluntaryContinuationYears: number | null;
}

export type ValidityReason = 'period' | 'max-years' | 'age-75' | 'voluntary-continuation';

export interface ValidityFacts {
  readonly bornOn: LocalDate;
  readonly acquiredOn: LocalDate;
  readonly insuredClass: InsuredClass;
}

/** The issue period that holds a day: the first one, moved on year by year. Null before the first. */
function issuePeriod(rules: ValidityRules, issuedOn: LocalDate): IssuePeriod | null {
  if (issuedOn < rules.firstPeriod.from) return null;
  for (let years = 0; ; years++) {
    const through = addYears(rules.firstPeriod.through, years);
    if (issuedOn > through) continue;
    return {
      from: addYears(rules.firstPeriod.from, years),
      through,
      validThrough: addYears(rules.firstPeriod.validThrough, years),
    };
  }
}

/**
 * Last day within `years` counted with the first day: the day before the anniversary; where the last month has no
 * such day, its last day (民法143条2項: 2024-02-29 and five years end on 2029-02-28).
 */
export function lastDayWithin(firstOn: LocalDate, years: number): LocalDate {
  const anniversary = addYears(firstOn, years);
  return anniversary.slice(8) === firstOn.slice(8) ? addDays(anniversary, -1) : anniversary;
}

/**
 * The expiry of a certificate and what set it: the earliest of the period's expiry, the maximum, and the caps.
 *
 * @returns `validThrough` null where a cap ends before the issue date: there is nothing to issue.
 * @throws RangeError where the issue date lies before the first issue period.
 */
export function certificateValidity(
  facts: ValidityFacts,
  rules: ValidityRules,
  issuedOn: LocalDate,
): { validThrough: LocalDate | null; because: ValidityReason } {
  const period = issuePeriod(rules, issuedOn);
  if (period === null) throw new RangeError('the issue date lies before the first issue period');
  const ends: [ValidityReason, LocalDate][] = [
    ['period', period.validThrough],
    ['max-years', lastDayWithin(issuedOn, rules.maxYears)],
  ];
  if (rules.capBefore75) ends.push(['age-75', addDays(birthdayOn(facts.bornOn, 75), -1)]);
  if (rules.voluntaryContinuationYears !== null && facts.insuredClass === 'voluntary-continuation') {
    ends.push(['voluntary-continuation', lastDayWithin(facts.acquiredOn, rules.voluntaryContinuationYears)]);
  }
  const [because, validThrough] = ends.reduce((least, end) => (end[1] < least[1] ? end : least));
  return { validThrough: validThrough < issuedOn ? null : validThrough, because };
}
