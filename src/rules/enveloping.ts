// Room: rules. How a household's certificates go into envelopes: route, address, order, limit, k of n.
import type { Address, InsuredClass, LocalDate, PersonKey } from './member.ts';

export type Route = 'home' | 'workplace';

/** Why a target gets no certificate now. Every target has exactly one certificate or exactly one of these. */
export type ExitReason =
  /** 送付停止 */
  | 'mail-stopped'
  /** Eligibility known to be lost by the issue date: withdrawn (引き抜き). */
  | 'withdrawn-lost'
  /** A cap (75th birthday, voluntary continuation …) ends before the issue date. */
  | 'no-validity';

/** What enveloping needs of one target. */
export interface Target extends PersonKey {
  readonly relation: 'insured' | 'dependent';
  readonly insuredClass: InsuredClass;
  readonly name: string;
  readonly bornOn: LocalDate;
  readonly acquiredOn: LocalDate;
  readonly lostOn: LocalDate | null;
  readonly home: Address | null;
  readonly mailTo: Address | null;
  readonly mailStopped: boolean;
  readonly hasOptionalEntries: boolean;
}

/** The insured person's row (target or not), or null for a household of dependents only. */
export interface Household {
  readonly symbol: string;
  readonly number: string;
  readonly insured: Pick<Target, 'name' | 'home' | 'mailTo' | 'mailStopped'> | null;
  /** Targets only, any order. */
  readonly targets: readonly Target[];
}

export interface PlannedCertificate {
  readonly subNumber: string;
  readonly validThrough: LocalDate;
  /** 封入順, from 1. */
  readonly position: number;
}

export interface PlannedPiece {
  readonly route: Route;
  /** 通番, from 1, and 総通数 over the whole household. */
  readonly sequence: number;
  readonly sequenceCount: number;
  /** The name over the address: the insured person's; the first dependent's where no insured row exists or the mail address is that dependent's own. */
  readonly addressee: string;
  /** Where a home piece goes; null = none on record (the piece is held), and for the workplace route. */
  readonly address: Address | null;
  readonly certificates: readonly PlannedCertificate[];
}

export interface HouseholdPlan {
  readonly pieces: readonly PlannedPiece[];
  readonly exits: readonly { readonly subNumber: string; readonly reason: ExitReason }[];
}
