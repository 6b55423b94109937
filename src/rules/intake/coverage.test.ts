import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';
import { coveredThrough, endOfCover, isLoss, knownLoss, needsInsuredRow } from './coverage.ts';
import type { CoverEnd, OwnCover, PersonCover } from './coverage.ts';

const day = (text: string): LocalDate => text as LocalDate;
const own = (change: Partial<OwnCover> = {}): OwnCover => ({
  bornOn: day('1985-05-05'),
  acquiredOn: day('2015-04-01'),
  lostOn: null,
  ...change,
});
const insured = (change: Partial<PersonCover> = {}): PersonCover => ({
  ...own(),
  relation: 'insured',
  insuredClass: 'general',
  ...change,
});
const dependent = (change: Partial<PersonCover> = {}): PersonCover => insured({ relation: 'dependent', ...change });
const CONTINUED = { insuredClass: 'voluntary-continuation' } as const;

test.each<[string, PersonCover, OwnCover | null, string | null, CoverEnd | null]>([
  ['nothing ends an ordinary cover', insured(), null, null, null],
  ['own 75th birthday', insured({ bornOn: day('1953-06-10') }), null, '2028-06-09', 'age-75'],
  ['born on 29 February, 75 in a common year', insured({ bornOn: day('1952-02-29') }), null, '2027-02-28', 'age-75'],
  [
    'the wife of who turns 75 first',
    dependent({ bornOn: day('1956-02-20') }),
    own({ bornOn: day('1953-06-10') }),
    '2028-06-09',
    'insured-age-75',
  ],
  [
    'a child of who was born on 29 February',
    dependent(),
    own({ bornOn: day('1952-02-29') }),
    '2027-02-28',
    'insured-age-75',
  ],
  ['two years', insured({ ...CONTINUED, acquiredOn: day('2025-04-01') }), null, '2027-03-31', 'voluntary-continuation'],
  [
    'two years from a 29 February',
    insured({ ...CONTINUED, acquiredOn: day('2024-02-29') }),
    null,
    '2026-02-28',
    'voluntary-continuation',
  ],
  [
    'two years of the insured person, whenever the child came',
    dependent({ ...CONTINUED, acquiredOn: day('2026-09-01') }),
    own({ acquiredOn: day('2025-04-01') }),
    '2027-03-31',
    'voluntary-continuation',
  ],
  [
    'two years that are over',
    dependent({ ...CONTINUED, acquiredOn: day('2024-11-15') }),
    own({ acquiredOn: day('2024-10-01') }),
    '2026-09-30',
    'voluntary-continuation',
  ],
  [
    '特例退職 has no two years (附則3条6項)',
    insured({ insuredClass: 'special-retiree', acquiredOn: day('2020-04-01'), bornOn: day('1960-01-01') }),
    null,
    '2034-12-31',
    'age-75',
  ],
  ['a loss known ahead', insured({ lostOn: day('2026-12-01') }), null, '2026-11-30', 'lost'],
  [
    'the insured person’s loss known ahead',
    dependent(),
    own({ lostOn: day('2026-12-01') }),
    '2026-11-30',
    'insured-lost',
  ],
  ['the insured person’s loss', dependent(), own({ lostOn: day('2026-11-05') }), '2026-11-04', 'insured-lost'],
  [
    'the earlier of both losses',
    dependent({ lostOn: day('2026-10-01') }),
    own({ lostOn: day('2026-11-05') }),
    '2026-09-30',
    'lost',
  ],
])('%s', (_name, person, head, through, because) => {
  // Of ordinary people only the 75th birthday is known, decades ahead.
  const found = coveredThrough(person, head);
  expect(found).toEqual(through === null ? { through: '2060-05-04', because: 'age-75' } : { through, because });
  expect(endOfCover(person, head)).toBe(addDays(found.through!, 1));
});

test('only what somebody files is a loss', () => {
  const ends = ['lost', 'insured-lost', 'age-75', 'insured-age-75', 'voluntary-continuation', null] as const;
  expect(ends.filter(isLoss)).toEqual(['lost', 'insured-lost']);
});

test.each([
  [{ relation: 'dependent', ...CONTINUED, hasInsured: false }, true],
  [{ relation: 'dependent', ...CONTINUED, hasInsured: true }, false],
  [{ relation: 'insured', ...CONTINUED, hasInsured: false }, false],
  [{ relation: 'dependent', insuredClass: 'general', hasInsured: false }, false],
  [{ relation: 'dependent', insuredClass: 'special-retiree', hasInsured: false }, false],
] as const)('%o needs the insured person’s row: %s', (facts, expected) =>
  expect(needsInsuredRow(facts)).toBe(expected),
);

const anyDay = fc.integer({ min: 0, max: 40_000 }).map((days) => addDays(day('1930-01-01'), days));
const anyOwn: fc.Arbitrary<OwnCover> = fc.record({
  bornOn: anyDay,
  acquiredOn: anyDay,
  lostOn: fc.option(anyDay, { nil: null }),
});
const anyPerson: fc.Arbitrary<PersonCover> = fc
  .record({
    own: anyOwn,
    relation: fc.constantFrom('insured' as const, 'dependent' as const),
    insuredClass: fc.constantFrom('general', 'voluntary-continuation', 'special-retiree', 'day-labourer' as const),
  })
  .map(({ own: cover, ...rest }) => ({ ...cover, ...rest }));

test('no dependent is covered past the insured person', () => {
  fc.assert(
    fc.property(anyPerson, anyOwn, (person, head) => {
      const end = coveredThrough({ ...person, relation: 'dependent' }, head).through;
      const bound = coveredThrough({ ...head, relation: 'insured', insuredClass: person.insuredClass }, null).through;
      expect(bound === null || (end !== null && end <= bound)).toBe(true);
    }),
  );
});
test('whoever else is in the household, an insured person’s cover is the person’s own', () => {
  fc.assert(
    fc.property(anyPerson, anyOwn, (person, head) => {
      const one = { ...person, relation: 'insured' } as const;
      expect(coveredThrough(one, head)).toEqual(coveredThrough(one, null));
    }),
  );
});

test('a known loss is the earliest after the acquisition, one’s own or the insured person’s', () => {
  const person = { subNumber: '01', acquiredOn: day('2020-04-01'), lostOn: null };
  const loss = (subNumber: string, lostOn: string, endsHousehold = false) => ({
    subNumber,
    lostOn: day(lostOn),
    endsHousehold,
  });
  const mine = (lostOn: string) => ({ lostOn, isInsuredPersons: false });
  const head = (lostOn: string) => ({ lostOn, isInsuredPersons: true });
  expect(knownLoss(person, null)).toBeNull();
  expect(knownLoss(person, null, [loss('01', '2025-05-01'), loss('01', '2025-04-01')])).toEqual(mine('2025-04-01'));
  expect(knownLoss(person, null, [loss('00', '2025-04-01')])).toBeNull();
  expect(knownLoss(person, null, [loss('00', '2025-04-01', true)])).toEqual(head('2025-04-01'));
  expect(knownLoss(person, null, [loss('02', '2025-04-01', true)])).toBeNull();
  expect(knownLoss(person, null, [loss('01', '2020-04-01')])).toBeNull();
  expect(knownLoss({ ...person, lostOn: day('2025-03-01') }, null, [loss('01', '2025-04-01')])).toEqual(
    mine('2025-03-01'),
  );
  // The insured person's row says it, or a filing that comes after the insured person's own acquisition.
  const of = (acquiredOn: string, lostOn: string | null = null) => ({
    acquiredOn: day(acquiredOn),
    lostOn: lostOn === null ? null : day(lostOn),
  });
  expect(knownLoss(person, of('2018-04-01', '2025-04-01'))).toEqual(head('2025-04-01'));
  expect(knownLoss(person, of('2018-04-01'), [loss('00', '2019-04-01', true)])).toEqual(head('2019-04-01'));
  expect(knownLoss(person, of('2022-04-01'), [loss('00', '2021-04-01', true)])).toBeNull();
});
