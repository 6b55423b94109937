// Room: rules. Whether a person is covered on a day, and what ends the cover: the member file's row, and filings that arrived
// since (健保法36条, 38条: the insured person's loss is the household's).
import type { LocalDate } from '../words/local-date.ts';

/** 喪失届.csv, 届書: 資格喪失届, 被扶養者異動届 of somebody who leaves, 氏名変更届. */
export type FilingKind = 'loss' | 'dependent-loss' | 'name-change';

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

/**
 * The first day without cover by a household's filings, or null. The ledger asks its function `lost_by_filing`, for millions of
 * persons at once; a test compares it with this one, row by row.
 *
 * @public
 */
export function lostByFilings(filings: readonly CoverFiling[], subNumber: string): LocalDate | null {
  return earliest(filings.filter((filing) => endsCover(filing, subNumber)).map((filing) => filing.effectiveOn));
}

/** What is known of a person's cover, one entry a source: another source that can end it is another entry here. */
export interface CoverFacts {
  /** The person has a row in the newest member file. */
  readonly isMember: boolean;
  /** The day of loss in that row. */
  readonly fileLostOn: LocalDate | null;
  /** By the filings that arrived (`lostByFilings`). */
  readonly filedLostOn: LocalDate | null;
}

/**
 * The first day without cover as it is known on a day, null = no end is known: the earliest of the sources. Somebody who is in
 * the newest file no more, and of whom nothing else is known, has lost it by that day.
 */
export function lostOnOf({ isMember, fileLostOn, filedLostOn }: CoverFacts, asOf: LocalDate): LocalDate | null {
  const known = earliest([fileLostOn, filedLostOn].filter((end) => end !== null));
  return known ?? (isMember ? null : asOf);
}

function earliest(days: readonly LocalDate[]): LocalDate | null {
  return days.reduce<LocalDate | null>((first, day) => (first === null || day < first ? day : first), null);
}
