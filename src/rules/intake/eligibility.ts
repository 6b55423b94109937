// Room: rules. Whether a person is covered on a day, and what ends the cover: the member file's row, and filings that arrived
// since (健保法36条, 38条: the insured person's loss is the household's).
import { endOfCover } from './coverage.ts';
import type { OwnCover, PersonCover } from './coverage.ts';
import type { LocalDate } from '../words/local-date.ts';

/** 喪失届.csv, 届書: 資格喪失届, 被扶養者異動届 of somebody who leaves, 氏名変更届. */
export type FilingKind = 'loss' | 'dependent-loss' | 'name-change';

/** 喪失原因, as the filing says. */
export type LossCause = 'unsaid' | 'retired' | 'died' | 'reached-75' | 'disability' | 'other';

/** A filing of a household, as far as it ends somebody's cover. */
export interface CoverFiling {
  readonly kind: FilingKind;
  /** Of the person it is about; `00` = the insured person. */
  readonly subNumber: string;
  /** Of a loss the first day without cover. */
  readonly effectiveOn: LocalDate;
}

/** Whether a person is covered on a day; `lostOn`: the first day without cover, null = no end is known. */
export function isCoveredOn(lostOn: LocalDate | null, on: LocalDate): boolean {
  return lostOn === null || on < lostOn;
}

/** Whether a filing of the household ends this person's cover: the person's own, or the insured person's loss. */
export function endsCover(filing: Pick<CoverFiling, 'kind' | 'subNumber'>, subNumber: string): boolean {
  if (filing.kind === 'name-change') return false;
  return filing.subNumber === subNumber || (filing.kind === 'loss' && filing.subNumber === '00');
}

/** The days of acquisition: what was filed of an earlier eligibility (same number, acquired again) does not end this one. */
export interface Acquired {
  readonly own: LocalDate;
  /** The insured person's; null = the household has no row of one, and the person's own day is taken. */
  readonly insured: LocalDate | null;
}

/**
 * The first day without cover by a household's filings, or null. The ledger asks
 * its function `lost_by_filing`, for millions of persons at once; a test compares it with this one, row by row.
 *
 * @public
 */
export function lostByFilings(
  filings: readonly CoverFiling[],
  subNumber: string,
  acquired: Acquired,
): LocalDate | null {
  const ending = filings.filter((filing) => {
    const since = filing.subNumber === subNumber ? acquired.own : (acquired.insured ?? acquired.own);
    return endsCover(filing, subNumber) && filing.effectiveOn > since;
  });
  return earliest(ending.map((filing) => filing.effectiveOn));
}

/** What is known of a person's cover, of the newest file of members and the filings that arrived. */
export interface CoverFacts extends Omit<PersonCover, 'lostOn'> {
  /** The person has a row in the newest member file; else the other facts are those of an older one. */
  readonly isMember: boolean;
  /** The day of loss in that row. */
  readonly fileLostOn: LocalDate | null;
  /** By the filings that arrived (`lostByFilings`): own, or the insured person's. */
  readonly filedLostOn: LocalDate | null;
  /** The insured person's row in the newest file; null = there is none. */
  readonly insured: OwnCover | null;
}

/**
 * The first day without cover as it is known on a day, null = no end is known: the earliest of all that ends it. Somebody who is
 * in the newest file no more, and of whom nothing else is known by then, has lost it by that day.
 */
export function lostOnOf(facts: CoverFacts, asOf: LocalDate): LocalDate | null {
  const { fileLostOn, filedLostOn, isMember, insured } = facts;
  const lostOn = earliest([fileLostOn, filedLostOn].filter((end) => end !== null));
  const end = endOfCover({ ...facts, lostOn }, insured);
  if (isMember || lostOn !== null) return end;
  return end !== null && end < asOf ? end : asOf;
}

function earliest(days: readonly LocalDate[]): LocalDate | null {
  return days.reduce<LocalDate | null>((first, day) => (first === null || day < first ? day : first), null);
}
