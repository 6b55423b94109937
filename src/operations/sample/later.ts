// Room: operations. The sample society on a later day: some have left, some have enrolled a card or given it up, electronic certificates
// have run out, and each workplace has people it hired since, the newest only days ago. Everybody is invented.
import { addDays, addMonths, daysBetween, minDate } from '../../rules/words/calendar.ts';
import type { Enrolment, Member } from '../../rules/intake/member.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Chance } from './chance.ts';
import type { Person, Staff } from './society.ts';

/** From when to when the society has lived on. */
export interface Later {
  /** The day the society was made for. */
  readonly from: LocalDate;
  /** The day of the later snapshot. */
  readonly asOf: LocalDate;
}

/** Numbers of who was hired since begin here; no workplace of the sample has so many households. */
const FIRST_NEW_NUMBER = 10_001;

/** No old card was made from this day on. */
const LEGACY_CARDS_ENDED = '2024-12-02' as LocalDate;

/** A workplace's people on the later day; `hired` are people of another society, who have joined this one since. */
export function liveOn(staff: Staff, hired: readonly Person[], later: Later, chance: Chance): Staff {
  const lossOf = new Map<string, LocalDate | null>();
  const people = staff.people.map((person) => {
    const { number, relation } = person.member;
    if (relation === 'insured' || !lossOf.has(number))
      lossOf.set(number, chance.happens(0.05) ? between(later.from, later.asOf, chance) : null);
    return grow(person, lossOf.get(number) ?? null, later, chance);
  });
  return { ...staff, people: [...people, ...newborns(people, later, chance), ...join(staff, hired, later, chance)] };
}

/** A day after the first, up to the last. */
function between(from: LocalDate, through: LocalDate, chance: Chance): LocalDate {
  return addDays(from, 1 + chance.below(Math.max(1, daysBetween(from, through))));
}

function grow({ member, enrolment }: Person, lostOn: LocalDate | null, later: Later, chance: Chance): Person {
  return {
    member: member.lostOn === null && lostOn !== null && lostOn > member.acquiredOn ? { ...member, lostOn } : member,
    enrolment: enrolment && { ...enrolment, ...changed(enrolment, later, chance) },
  };
}

/** What became of a card: enrolled since, deregistered, given back, or its electronic certificate has run out. */
function changed(enrolment: Enrolment, { asOf }: Later, chance: Chance): Partial<Enrolment> {
  const x = chance.next();
  if (enrolment.card !== 'held' || enrolment.registration !== 'registered')
    return x < 0.15
      ? { card: 'held', registration: 'registered', digitalCertificateExpiresOn: addMonths(asOf, 48) }
      : {};
  if (x < 0.006) return { registration: 'deregistered' };
  if (x < 0.008) return { card: 'returned', registration: 'deregistered' };
  // It serves three months more, from the end of its month: to the end of the next month, or of the one before it.
  if (x < 0.03) return { digitalCertificateExpiresOn: addMonths(asOf, -2 - chance.below(2)) };
  return {};
}

/** A child is born to one household in two hundred in the last weeks; no snapshot knows it yet. */
function newborns(people: readonly Person[], { asOf }: Later, chance: Chance): Person[] {
  return people
    .filter(({ member }) => member.relation === 'insured' && member.lostOn === null && chance.happens(0.005))
    .map(({ member }) => {
      const bornOn = addDays(asOf, -chance.below(14));
      const [family = ''] = member.name.split('　');
      const [kana = ''] = member.kana.split('　');
      const child: Member = {
        ...member,
        subNumber: '90',
        name: `${family}　${chance.happens(0.5) ? '陽' : '葵'}`,
        kana: `${kana}　アオイ`,
        bornOn,
        relation: 'dependent',
        acquiredOn: bornOn,
        decidedOn: addDays(bornOn, 5),
        holdsLegacyCard: false,
        certificateValidThrough: null,
        home: null,
        mailTo: null,
        formerName: null,
        showsFormerName: false,
        hasOptionalEntries: false,
        individualNumberLast4: null,
        matchResult: null,
      };
      return { member: child, enrolment: null };
    });
}

/** Households hired since: none has an old card, every fifth joined in the last days and is in no snapshot yet. */
function join({ workplace }: Staff, hired: readonly Person[], { from, asOf }: Later, chance: Chance): Person[] {
  const since = from > LEGACY_CARDS_ENDED ? from : LEGACY_CARDS_ENDED;
  const joined = new Map<string, LocalDate>();
  return hired.map(({ member, enrolment }) => {
    const isNew = !joined.has(member.number);
    const acquiredOn =
      joined.get(member.number) ??
      (chance.happens(0.2) ? addDays(asOf, -chance.below(4)) : between(since, addDays(asOf, -30), chance));
    if (isNew) joined.set(member.number, acquiredOn);
    const number = String(FIRST_NEW_NUMBER + Number(member.number));
    const own: Member = {
      ...member,
      symbol: workplace.symbol,
      number,
      acquiredOn,
      decidedOn: minDate(addDays(acquiredOn, 5), asOf),
      lostOn: null,
      insuredClass: 'general',
      holdsLegacyCard: false,
      certificateValidThrough: null,
    };
    const isShown = daysBetween(acquiredOn, asOf) > 7;
    const { symbol } = workplace;
    return { member: own, enrolment: isShown && enrolment ? { ...enrolment, symbol, number } : null };
  });
}
