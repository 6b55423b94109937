// Room: rules. By when a filing of loss is due, and by when a certificate is handed over: each period with the article that says it,
// and none cited where the law names no number of days.
import type { FilingKind } from '../intake/eligibility.ts';
import { citeRegulation } from '../papers/scheme.ts';
import type { Scheme } from '../papers/scheme.ts';
import { lastDayOfPeriod } from '../words/holidays.ts';
import type { LocalDate } from '../words/local-date.ts';

/** A period that counts from a day. */
export interface Term {
  readonly days: number;
  /** Null = practice, no article. */
  readonly article: string | null;
}

/** The periods of a scheme. */
export interface Terms {
  /** The employer's 資格喪失届. */
  readonly lossFiling: Term;
  /** The employer's 被扶養者異動届 of somebody who leaves: the law says 「その都度」, practice the days of the loss. */
  readonly dependentFiling: Term;
  /** The insured person hands the certificate to the employer. */
  readonly throughEmployer: Term;
  /** Who has no employer (任意継続) hands it to the insurer. */
  readonly direct: Term;
}

/** Of health insurance five days throughout (29条1項, 51条2項・4項; 002); of seamen ten, and five direct. */
export function termsOf(scheme: Scheme): Terms {
  const { daysToFileLoss, daysToReturn } = scheme;
  return {
    lossFiling: { days: daysToFileLoss, article: citeRegulation(scheme, 'lossFiling') },
    dependentFiling: { days: daysToFileLoss, article: null },
    throughEmployer: { days: daysToReturn.employer, article: citeRegulation(scheme, 'returnToEmployer') },
    direct: { days: daysToReturn.direct, article: citeRegulation(scheme, 'returnDirect') },
  };
}

export interface Deadline {
  /** The last day in time. */
  readonly dueOn: LocalDate;
  readonly article: string | null;
}

function deadlineOf({ days, article }: Term, from: LocalDate): Deadline {
  return { dueOn: lastDayOfPeriod(from, days), article };
}

/**
 * By when a filing is due, null = the law names no day and practice neither: who has no employer files 「遅滞なく」 (健保則43条), and so
 * is a change of name (36条). The societies' 「退職日の翌日から5日」 ends a day earlier than the law; the law's own, later, day is taken.
 */
export function filingDeadline(
  kind: FilingKind,
  hasEmployer: boolean,
  effectiveOn: LocalDate,
  terms: Terms,
): Deadline | null {
  if (kind === 'name-change' || !hasEmployer) return null;
  return deadlineOf(kind === 'loss' ? terms.lossFiling : terms.dependentFiling, effectiveOn);
}

/** By when a certificate is handed over after a loss: to the employer, or to the insurer where there is none. */
export function returnDeadline(hasEmployer: boolean, lostOn: LocalDate, terms: Terms): Deadline {
  return deadlineOf(hasEmployer ? terms.throughEmployer : terms.direct, lostOn);
}

/** Whether a filing arrived after its day (C6). */
export function isFilingLate(deadline: Deadline | null, arrivedOn: LocalDate): boolean {
  return deadline !== null && arrivedOn > deadline.dueOn;
}
