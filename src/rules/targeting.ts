// Room: rules. Who gets a certificate in a bulk issuance and why (健保法附則・令和6年10月29日保険課事務連絡;
// codes and precedence: the intake contract, "Decision codes").
import type { Enrolment, InsuredClass, LocalDate } from './member.ts';

export type NotTargetReason =
  | 'lost'
  | 'not-yet'
  | 'day-labourer'
  | 'after-cutoff'
  | 'no-legacy-card'
  | 'holds-certificate'
  | 'verifiable';

export type TargetReason =
  | 'special-care'
  | 'unlinked'
  | 'card-returned'
  | 'no-card'
  | 'deregistered'
  | 'unregistered'
  | 'certificate-expired'
  | 'no-status';

export type ReasonCode = NotTargetReason | TargetReason;

/** What the rule may look at, nothing else: stored beside the decision so that it can be made again. */
export interface DecisionFacts {
  readonly acquiredOn: LocalDate;
  readonly decidedOn: LocalDate | null;
  readonly lostOn: LocalDate | null;
  readonly insuredClass: InsuredClass;
  readonly holdsLegacyCard: boolean;
  readonly certificateValidThrough: LocalDate | null;
  readonly specialCare: boolean;
  /** The person's row in the enrolment snapshot, or null = no row. */
  readonly enrolment: Pick<Enrolment, 'card' | 'registration' | 'digitalCertificateExpiresOn' | 'linked'> | null;
}

export interface TargetingRules {
  readonly referenceOn: LocalDate;
  readonly acquiredThroughOn: LocalDate;
  readonly decidedThroughOn: LocalDate | null;
  /** `holds-certificate`: the held certificate's expiry is on or after this day. */
  readonly issuedOn: LocalDate;
}

export interface Decision {
  readonly isTarget: boolean;
  /** The first reason that applies, in the contract's order. */
  readonly reason: ReasonCode;
}
