// Room: rules. 引受番号 of 特定記録 from a range the post office assigned to the sender. Never invented: without a range, or
// past its end, there is no number, and the answer says so.
import { isAcceptanceNumber } from '../words/check-digits.ts';

/** An assigned range: first and last number, 11 digits each with their check digit. */
export interface AcceptanceRange {
  readonly first: string;
  readonly last: string;
}

export type RangeDefect = 'not-a-number' | 'not-recorded-delivery' | 'not-for-bulk-senders' | 'two-offices' | 'empty';

export const RANGE_DEFECT_LABELS = {
  'not-a-number': '引受番号は11桁で、末尾は検査数字（先頭10桁を7で割った余り）',
  'not-recorded-delivery': '特定記録の番号は5または6で始まる',
  'not-for-bulk-senders': '差出人が印字する番号の4・5桁目は60から99',
  'two-offices': '範囲の先頭5桁が異なる',
  empty: '範囲の終わりが始まりより前',
} as const satisfies Record<RangeDefect, string>;

/**
 * What is wrong with a range, or null. Digit 1 is the service (5–6 特定記録), digits 2–3 the region, digits 4–5 the
 * label (60–99: printed by the sender), then five running digits and the check digit.
 */
export function whyRangeIsRefused(range: AcceptanceRange): RangeDefect | null {
  const { first, last } = range;
  if (!isAcceptanceNumber(first) || !isAcceptanceNumber(last)) return 'not-a-number';
  if (!/^[56]/.test(first)) return 'not-recorded-delivery';
  if (Number(first.slice(3, 5)) < 60) return 'not-for-bulk-senders';
  if (first.slice(0, 5) !== last.slice(0, 5)) return 'two-offices';
  return last < first ? 'empty' : null;
}

/** How many numbers a range holds. */
export function rangeSize(range: AcceptanceRange): number {
  return Number(range.last.slice(0, 10)) - Number(range.first.slice(0, 10)) + 1;
}

/** 11 digits for a body of ten. */
function withCheckDigit(body: number): string {
  const text = String(body).padStart(10, '0');
  return text + String(body % 7);
}

export interface AcceptanceNumbers {
  /** One a parcel, in order; null = no number: the field stays empty. */
  readonly numbers: readonly (string | null)[];
  /** Numbers of the range used after this. */
  readonly used: number;
  /** Why some have none: 範囲の割当てがない・範囲を使い切った. */
  readonly lacking: 'no-range' | 'range-used-up' | null;
}

export const LACKING_LABELS = {
  'no-range': '引受番号の割当てがないため空欄',
  'range-used-up': '割り当てられた引受番号を使い切ったため空欄',
} as const satisfies Record<NonNullable<AcceptanceNumbers['lacking']>, string>;

/**
 * Takes the next numbers of a range.
 *
 * @param used numbers of the range already given out, from its start (0 or more).
 * @throws RangeError where the range is refused, or `used` or `count` is no whole number of at least 0.
 */
export function takeAcceptanceNumbers(range: AcceptanceRange | null, used: number, count: number): AcceptanceNumbers {
  if (!isCount(used) || !isCount(count)) throw new RangeError('used and count must be whole numbers of at least 0');
  if (range === null) {
    return { numbers: Array.from({ length: count }, () => null), used, lacking: count > 0 ? 'no-range' : null };
  }
  const defect = whyRangeIsRefused(range);
  if (defect !== null) throw new RangeError(RANGE_DEFECT_LABELS[defect]);
  const left = Math.max(0, rangeSize(range) - used);
  const given = Math.min(count, left);
  const start = Number(range.first.slice(0, 10)) + used;
  const numbers = Array.from({ length: count }, (_, i) => (i < given ? withCheckDigit(start + i) : null));
  return { numbers, used: used + given, lacking: given < count ? 'range-used-up' : null };
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

/** For the eye, as on labels: `131-12-38385-2`. */
export function formatAcceptanceNumber(number: string): string {
  return `${number.slice(0, 3)}-${number.slice(3, 5)}-${number.slice(5, 10)}-${number.slice(10)}`;
}
