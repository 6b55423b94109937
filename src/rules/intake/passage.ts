// Room: rules. Whether a paper may pass through an employer (健保則47条5–8項, 51条): asked when it is enclosed, made again,
// asked back, and before an employer gets the list of those who will get one.
import type { Passage } from '../papers/scheme.ts';
import type { InsuredClass } from './member.ts';

export interface PassageFacts {
  /** The insured person's. */
  readonly insuredClass: InsuredClass;
  /** 送付停止: nothing about a protected person goes to anybody else. */
  readonly isProtected: boolean;
  /** 任意記載 on a certificate: never through the employer (健保則47条7項・8項). No notice has them: false. */
  readonly hasOptionalEntries: boolean;
  /** The symbol is in 事業所.csv. Where this is not asked yet: true. */
  readonly hasWorkplace: boolean;
}

/** Why a paper may not pass through an employer. */
export type PassageBar =
  | 'protected'
  | 'optional-entries'
  /** 任意継続, 特例退職. */
  | 'no-employer'
  /** 健康保険法3条2項: employed by the day, by whom it changes. */
  | 'day-labourer'
  | 'workplace-unknown';

/** 任意継続 and 特例退職 have no employer. */
export const NO_EMPLOYER: readonly InsuredClass[] = ['voluntary-continuation', 'special-retiree'];

export function hasNoEmployer(insuredClass: InsuredClass): boolean {
  return NO_EMPLOYER.includes(insuredClass);
}

/** Why a paper may not pass through an employer, the gravest reason first; null = it may. */
export function whyNotThroughEmployer(facts: PassageFacts): PassageBar | null {
  if (facts.isProtected) return 'protected';
  if (facts.hasOptionalEntries) return 'optional-entries';
  if (hasNoEmployer(facts.insuredClass)) return 'no-employer';
  if (facts.insuredClass === 'day-labourer') return 'day-labourer';
  return facts.hasWorkplace ? null : 'workplace-unknown';
}

/**
 * Whom a holder hands a certificate to once it is to come back, and whom its back names: the employer where it may pass
 * through one, else the insurer (健保則51条2項・4項, 47条7項).
 */
export function passageOf(facts: Omit<PassageFacts, 'hasWorkplace'>): Passage {
  return mayPassEmployer({ ...facts, hasWorkplace: true }) ? 'employer' : 'direct';
}

/** Whether a paper may pass through an employer. */
export function mayPassEmployer(facts: PassageFacts): boolean {
  return whyNotThroughEmployer(facts) === null;
}
