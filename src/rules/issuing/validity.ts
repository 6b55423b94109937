// Room: rules. 有効期限: the issue period's common expiry, never past five years (健保則47条2項), never past the holder's cover
// (健保法36条, 38条). 全国健康保険協会's one-year issue periods: source document 004.
import { addYears, lastDayWithin } from '../words/calendar.ts';
import type { CoverEnd, Coverage } from '../intake/coverage.ts';
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
}

/** `age-70`: the month in which the ratio begins to be needed on the certificate; `ratio`: the last day of the ratio on it. */
export type ValidityReason = 'period' | 'max-years' | CoverEnd | 'age-70' | 'ratio';

/** The last day of what a certificate says besides the cover, and why; null = nothing of it ends. */
export interface FaceEnd {
  readonly through: LocalDate;
  readonly because: 'age-70' | 'ratio';
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
 * The expiry of a certificate and what set it: the earliest of the period's expiry, the maximum, and the last day the holder is
 * covered (`coveredThrough`), the last day that its ratio is right.
 *
 * @returns `validThrough` null where the cover ends before the issue date: there is nothing to issue.
 * @throws RangeError where the issue date lies before the first issue period.
 */
export function certificateValidity(
  { through, because: end }: Pick<Coverage, 'through' | 'because'>,
  rules: ValidityRules,
  issuedOn: LocalDate,
  face: FaceEnd | null = null,
): { validThrough: LocalDate | null; because: ValidityReason } {
  const period = issuePeriod(rules, issuedOn);
  if (period === null) throw new RangeError('the issue date lies before the first issue period');
  const ends: [ValidityReason, LocalDate][] = [
    ['period', period.validThrough],
    ['max-years', lastDayWithin(issuedOn, rules.maxYears)],
  ];
  if (through !== null && end !== null) ends.push([end, through]);
  if (face !== null) ends.push([face.because, face.through]);
  const [because, validThrough] = ends.reduce((least, other) => (other[1] < least[1] ? other : least));
  return { validThrough: validThrough < issuedOn ? null : validThrough, because };
}
