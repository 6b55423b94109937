// Room: rules. Until when a person is covered, as far as that is known on a day: the one answer that certificates, notices, reissue,
// recall, forecast and posting go by. A dependent is one only through the insured person (健保法3条7項), so the insured person's end
// is the whole household's (健保法36条, 38条): a loss that is filed or in the file, also one known ahead, the 75th birthday, the two
// years of voluntary continuation.
import { addDays, birthdayOn, lastDayWithin } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';
import type { PersonKey } from '../words/person-key.ts';
import type { InsuredClass, Member } from './member.ts';

/** What bounds the cover of an insured person, and through it that of the household. */
export interface OwnCover {
  readonly bornOn: LocalDate;
  readonly acquiredOn: LocalDate;
  /** The first day without cover, by file or filing; null = no loss is known. */
  readonly lostOn: LocalDate | null;
}

export interface PersonCover extends OwnCover {
  readonly relation: Member['relation'];
  /** The insured person's. */
  readonly insuredClass: InsuredClass;
}

/** What ends a person's cover. */
export type CoverEnd = 'lost' | 'insured-lost' | 'age-75' | 'insured-age-75' | 'voluntary-continuation';

/** Ends that are a loss which somebody filed; the others come by themselves. */
export function isLoss(end: CoverEnd | null): boolean {
  return end === 'lost' || end === 'insured-lost';
}

export interface Coverage {
  /** The last covered day; null = no end is known. */
  readonly through: LocalDate | null;
  readonly because: CoverEnd | null;
}

/** 健保法38条1号: two years counted from the day one became a 任意継続被保険者. 特例退職 has no such end (附則3条6項). */
const CONTINUATION_YEARS = 2;
/** 健保法36条3号・38条6号, 高齢者の医療の確保に関する法律50条: from the 75th birthday on one is insured elsewhere. */
const LAST_AGE = 75;

/**
 * Until when a person is covered, and why.
 *
 * @param insured the insured person's cover where the person is a dependent; null = the household has no row of one.
 */
export function coveredThrough(person: PersonCover, insured: OwnCover | null): Coverage {
  const head = person.relation === 'insured' ? null : insured;
  const first = person.relation === 'insured' ? person : insured;
  const isContinued = person.insuredClass === 'voluntary-continuation';
  const ends: readonly (readonly [CoverEnd, LocalDate | null])[] = [
    ['lost', person.lostOn && addDays(person.lostOn, -1)],
    ['insured-lost', head?.lostOn ? addDays(head.lostOn, -1) : null],
    ['age-75', addDays(birthdayOn(person.bornOn, LAST_AGE), -1)],
    ['insured-age-75', head && addDays(birthdayOn(head.bornOn, LAST_AGE), -1)],
    ['voluntary-continuation', isContinued ? lastDayWithin((first ?? person).acquiredOn, CONTINUATION_YEARS) : null],
  ];
  let [because, through]: [CoverEnd | null, LocalDate | null] = [null, null];
  for (const [end, day] of ends)
    if (day !== null && (through === null || day < through)) [because, through] = [end, day];
  return { through, because };
}

/**
 * Whether the answer needs the insured person's row and there is none: the two years of a 任意継続 household are counted from the
 * insured person's acquisition, which is no later than the dependent's. What `coveredThrough` says is then the latest day it can be.
 */
export function needsInsuredRow({
  relation,
  insuredClass,
  hasInsured,
}: Pick<PersonCover, 'relation' | 'insuredClass'> & { readonly hasInsured: boolean }): boolean {
  return relation === 'dependent' && insuredClass === 'voluntary-continuation' && !hasInsured;
}

/** The first day without cover, or null. */
export function endOfCover(person: PersonCover, insured: OwnCover | null): LocalDate | null {
  const { through } = coveredThrough(person, insured);
  return through && addDays(through, 1);
}

/** A loss that was filed, or that a newer file of members says. */
export interface KnownLoss {
  readonly subNumber: string;
  /** The insured person's own loss (資格喪失届) ends the eligibility of the whole household. */
  readonly endsHousehold: boolean;
  /** The first day without cover. */
  readonly lostOn: LocalDate;
}

/** A person's own loss, or the insured person's. */
export interface FoundLoss {
  readonly lostOn: LocalDate;
  readonly isInsuredPersons: boolean;
}

type Losing = Pick<OwnCover, 'acquiredOn' | 'lostOn'>;

/**
 * The day from which a person is known not to be a member, of the file and of the household's known losses: the earliest of the
 * person's own and the insured person's. A loss that comes before the acquisition of whose it is was of an earlier eligibility;
 * what the file itself says stands.
 *
 * @param insured null = the person is the insured one, or the household has no row of one.
 */
export function knownLoss(
  person: Pick<PersonKey, 'subNumber'> & Losing,
  insured: Losing | null,
  losses: readonly KnownLoss[] = [],
): FoundLoss | null {
  let found: FoundLoss | null = null;
  const add = (lostOn: LocalDate | null, isInsuredPersons: boolean): void => {
    if (lostOn !== null && (found === null || lostOn < found.lostOn)) found = { lostOn, isInsuredPersons };
  };
  add(person.lostOn, false);
  add(insured?.lostOn ?? null, true);
  for (const { subNumber, endsHousehold, lostOn } of losses) {
    const isOwn = subNumber === person.subNumber;
    if (!isOwn && !(endsHousehold && subNumber === '00')) continue;
    if (lostOn > (isOwn ? person : (insured ?? person)).acquiredOn) add(lostOn, !isOwn);
  }
  return found;
}
