// Room: rules. What the newest files and filings say of papers that have not gone out. The paper of a person who has lost
// eligibility is pulled out (引き抜き); persons who are only missing from a newer file, or whose name or address has changed, are
// listed for staff.
import { isCoveredOn } from '../intake/eligibility.ts';
import type { FitLimits } from '../intake/file-fit.ts';
import type { LocalDate } from '../words/local-date.ts';

/** What is known now of one person whose paper has not gone out, beside what the paper was made of. */
export interface NewerFacts {
  /** The first day without cover, own or the insured person's, as a newer file of members says; null = none. */
  readonly lostOn: LocalDate | null;
  /** The same of a filing. */
  readonly filedLostOn: LocalDate | null;
  /** The newest file has no row of the person. */
  readonly isAbsent: boolean;
  readonly hasNewName: boolean;
  readonly hasNewAddress: boolean;
}

/** What is to be done about it, first that applies. */
export type NewerFinding = 'lost-by-filing' | 'lost-by-file' | 'absent' | 'name-changed' | 'address-changed';

export const NEWER_LABELS = {
  'lost-by-filing': '資格喪失の届出（引き抜き）',
  'lost-by-file': '新しい加入者ファイルで資格喪失（引き抜き）',
  absent: '新しい加入者ファイルにいない（職員の確認）',
  'name-changed': '氏名が変わった（職員の確認）',
  'address-changed': '住所が変わった（職員の確認）',
} as const satisfies Record<NewerFinding, string>;

/** Whether a finding takes the paper out. */
export function isPulled(finding: NewerFinding): boolean {
  return finding === 'lost-by-filing' || finding === 'lost-by-file';
}

/** What one person's newer facts say on the day by which the paper goes out; null = nothing. */
export function findNewer(facts: NewerFacts, on: LocalDate): NewerFinding | null {
  if (!isCoveredOn(facts.filedLostOn, on)) return 'lost-by-filing';
  if (!isCoveredOn(facts.lostOn, on)) return 'lost-by-file';
  if (facts.isAbsent) return 'absent';
  if (facts.hasNewName) return 'name-changed';
  return facts.hasNewAddress ? 'address-changed' : null;
}

/**
 * Whether a newer file says so little of the people with open papers that nothing is done on its word (a cut file, a branch's
 * extract): it misses more of them, in number and in share, than rows may be without a partner before files are taken not to fit.
 * Few people are never too many, however large their share: a lot may hold two, and one of them may have left.
 */
export function isFileDoubtful(people: number, absent: number, limits: Pick<FitLimits, 'share' | 'rows'>): boolean {
  return absent > limits.rows && absent > people * limits.share;
}
