// Room: rules. 毎月の職権交付 as data: what a profile says of its monthly issuance, and the days of one month's round.
import { addBusinessDays, addDays, endOfMonth, minDate } from '../words/calendar.ts';
import { isPublicHoliday } from '../words/holidays.ts';
import type { LocalDate } from '../words/local-date.ts';
import type { Route } from './enveloping.ts';
import type { ValidityRules } from './validity.ts';

/** On what notice an issuance rests, in a period. */
export interface Ground {
  readonly from: LocalDate;
  /** The last day, included; null = no end is known. */
  readonly through: LocalDate | null;
  /** Where it is published or said; the articles are the scheme's. */
  readonly source: string;
}

/** The monthly issuance of a profile. It is run with the day of its enrolment snapshot and the issue day, as often as one likes. */
export interface MonthlySettings {
  readonly id: string;
  readonly name: string;
  readonly kind: 'monthly';
  /** True = only who holds an old card gets one. */
  readonly asksLegacyCard: boolean;
  /** Working days after joining from which a snapshot can show an enrolment; who joined later waits. */
  readonly joinedWorkingDays: number;
  /** 経路 of ordinary pieces. */
  readonly route: Route;
  /** Working days from the snapshot's day to the day by which a certificate is to be posted. */
  readonly promisedWorkingDays: number;
  /** Null = the profile's. */
  readonly validity: ValidityRules | null;
  /** In order, without overlap. */
  readonly grounds: readonly Ground[];
}

/** What a month's round asks of each member; stored with it. */
export interface MonthlyRules {
  readonly kind: 'monthly';
  /** Day of the enrolment snapshot. */
  readonly referenceOn: LocalDate;
  readonly issuedOn: LocalDate;
  /** The last day of the issue month: a certificate that is valid through it is enough. */
  readonly heldThroughOn: LocalDate;
  /** The day after it: who can still be verified with a card on it needs no certificate this month. */
  readonly verifiableOn: LocalDate;
  /** Who joined after this day waits for a later snapshot. */
  readonly joinedThroughOn: LocalDate;
  readonly joinedWorkingDays: number;
  readonly asksLegacyCard: boolean;
  /** The day by which certificates of this snapshot are to be posted. */
  readonly promisedOn: LocalDate;
  readonly ground: Pick<Ground, 'source'>;
}

/** The ground of an issue day, or null: the profile names none for it. */
export function groundOn(grounds: readonly Ground[], on: LocalDate): Ground | null {
  return grounds.find(({ from, through }) => from <= on && (through === null || on <= through)) ?? null;
}

/**
 * The first snapshot that can show the enrolment of who joined on a day: the `workingDays`-th working day after it (an insurer
 * registers a new member some days after the filing; 健保則24条の4: within five).
 */
export function firstSnapshotOf(joinedOn: LocalDate, workingDays: number): LocalDate {
  return addBusinessDays(joinedOn, workingDays, isPublicHoliday);
}

/** The last day of joining whose enrolment a snapshot can show. */
export function lastJoinedShown(snapshotOn: LocalDate, workingDays: number): LocalDate {
  let joinedOn = snapshotOn;
  while (firstSnapshotOf(joinedOn, workingDays) > snapshotOn) joinedOn = addDays(joinedOn, -1);
  return joinedOn;
}

/**
 * The days of a round of the monthly issuance, or null where the profile names no ground for the issue day.
 *
 * @throws RangeError where the snapshot is of a day after the issue day: nobody can know that day yet.
 */
export function monthlyRules(
  settings: MonthlySettings,
  { snapshotOn, issuedOn }: { readonly snapshotOn: LocalDate; readonly issuedOn: LocalDate },
): MonthlyRules | null {
  if (snapshotOn > issuedOn) throw new RangeError('the snapshot is of a day after the issue day');
  const ground = groundOn(settings.grounds, issuedOn);
  if (ground === null) return null;
  const heldThroughOn = endOfMonth(issuedOn);
  const { joinedWorkingDays, asksLegacyCard } = settings;
  return {
    kind: 'monthly',
    referenceOn: snapshotOn,
    issuedOn,
    heldThroughOn,
    verifiableOn: addDays(heldThroughOn, 1),
    joinedThroughOn: lastJoinedShown(snapshotOn, joinedWorkingDays),
    joinedWorkingDays,
    asksLegacyCard,
    promisedOn: firstSnapshotOf(snapshotOn, settings.promisedWorkingDays),
    ground: { source: ground.source },
  };
}

/** The earlier of a day and the last day of somebody's cover, where that is known. */
export function withinCover(on: LocalDate, coveredThroughOn: LocalDate | null): LocalDate {
  return coveredThroughOn === null ? on : minDate(on, coveredThroughOn);
}
