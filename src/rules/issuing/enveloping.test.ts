import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planHousehold } from './enveloping.ts';
import type { EnclosingRules, Household, Target } from './enveloping.ts';
import type { LocalDate } from '../words/local-date.ts';

const d = (text: string): LocalDate => text as LocalDate;
const HOME = { postalCode: '1000013', line: '東京都千代田区霞が関1-3-2', building: '' };
const ELSEWHERE = { postalCode: '5300001', line: '大阪府大阪市北区梅田1-1', building: '' };

const RULES: EnclosingRules = {
  route: 'home',
  limit: 4,
  issuedOn: d('2025-07-22'),
  validity: {
    firstPeriod: { from: d('2024-12-02'), through: d('2025-11-30'), validThrough: d('2029-11-30') },
    maxYears: 5,
    capBefore75: true,
    voluntaryContinuationYears: 2,
  },
};
const WORKPLACE: EnclosingRules = { ...RULES, route: 'workplace', limit: null };

function person(place: number, change: Partial<Target> = {}): Target {
  return {
    symbol: '10000001',
    number: '7',
    subNumber: String(place).padStart(2, '0'),
    relation: place === 0 ? 'insured' : 'dependent',
    insuredClass: 'general',
    name: place === 0 ? '被保険者A' : `被扶養者A-${place}`,
    bornOn: d('1990-05-10'),
    acquiredOn: d('2015-04-01'),
    lostOn: null,
    home: HOME,
    mailTo: null,
    mailStopped: false,
    hasOptionalEntries: false,
    ...change,
  };
}

/** A household of `targets`; the insured person is the first of them unless given. */
function household(
  targets: readonly Target[],
  insured: Household['insured'] = targets.find((t) => t.relation === 'insured') ?? null,
): Household {
  return { symbol: '10000001', number: '7', insured, targets };
}

const sizes = (h: Household, rules = RULES): number[] =>
  planHousehold(h, rules).pieces.map((p) => p.certificates.length);

test.each([
  ['A: insured + 1', 2, [2]],
  ['B: insured + 2', 3, [3]],
  ['C: insured + 3, one full envelope', 4, [4]],
  ['five, two envelopes', 5, [4, 1]],
  ['nine, three envelopes', 9, [4, 4, 1]],
])('household %s', (_, count, expected) => {
  const h = household(Array.from({ length: count }, (_, i) => person(i)));
  expect(sizes(h)).toEqual(expected);
  const { pieces } = planHousehold(h, RULES);
  expect(pieces.map((p) => [p.sequence, p.sequenceCount])).toEqual(expected.map((_, i) => [i + 1, expected.length]));
  expect(sizes(h, WORKPLACE)).toEqual([count]);
});

test('dependents only: to the insured person, who is no target', () => {
  const { pieces } = planHousehold(household([person(1), person(2)], person(0)), RULES);
  expect(pieces).toMatchObject([{ addressee: '被保険者A', address: HOME, route: 'home' }]);
});
test('dependents without an insured row go under the first one’s name', () => {
  expect(planHousehold(household([person(2), person(1)], null), RULES).pieces).toMatchObject([
    { addressee: '被扶養者A-1', address: HOME },
  ]);
});
test('the mailing address of the insured person wins over the home', () => {
  expect(planHousehold(household([person(0, { mailTo: ELSEWHERE })]), RULES).pieces[0]?.address).toEqual(ELSEWHERE);
});
test('a dependent’s own home does not split the household, an own mailing address does', () => {
  expect(sizes(household([person(0), person(1, { home: ELSEWHERE })]))).toEqual([2]);
  const { pieces } = planHousehold(household([person(0), person(1, { mailTo: ELSEWHERE })]), RULES);
  expect(pieces).toMatchObject([{ addressee: '被保険者A' }, { addressee: '被扶養者A-1', address: ELSEWHERE }]);
});
test('a protected person is in no piece, and a protected insured person lends neither name nor address', () => {
  const plan = planHousehold(household([person(0, { mailStopped: true }), person(1, { home: ELSEWHERE })]), RULES);
  expect(plan.exits).toEqual([{ subNumber: '00', reason: 'mail-stopped' }]);
  expect(plan.pieces).toMatchObject([{ addressee: '被扶養者A-1', address: ELSEWHERE }]);
});
test('lost by the issue date: withdrawn; lost after it: not', () => {
  const plan = planHousehold(
    household([person(0, { lostOn: d('2025-07-22') }), person(1, { lostOn: d('2025-07-23') })]),
    RULES,
  );
  expect(plan.exits).toEqual([{ subNumber: '00', reason: 'withdrawn-lost' }]);
  expect(plan.pieces).toMatchObject([{ certificates: [{ subNumber: '01', position: 1 }] }]);
});
test('papers with 任意記載 and persons without an employer never pass through the employer', () => {
  const mixed = planHousehold(household([person(0), person(1, { hasOptionalEntries: true })]), WORKPLACE);
  expect(mixed.pieces.map((p) => [p.route, p.certificates[0]?.subNumber])).toEqual([
    ['workplace', '00'],
    ['home', '01'],
  ]);
  for (const insuredClass of ['voluntary-continuation', 'special-retiree'] as const) {
    const acquiredOn = d('2025-04-01');
    expect(planHousehold(household([person(0, { insuredClass, acquiredOn })]), WORKPLACE).pieces[0]?.route).toBe(
      'home',
    );
  }
});

const anyTarget = (place: number): fc.Arbitrary<Target> =>
  fc
    .record({
      home: fc.constantFrom(HOME, ELSEWHERE, null),
      mailTo: fc.constantFrom(null, null, ELSEWHERE),
      mailStopped: fc.boolean(),
      hasOptionalEntries: fc.boolean(),
      lostOn: fc.constantFrom(null, d('2025-07-01'), d('2025-09-01')),
      insuredClass: fc.constantFrom('general' as const, 'voluntary-continuation' as const),
      acquiredOn: fc.constantFrom(d('2015-04-01'), d('2025-04-01')),
    })
    .map((change) => person(place, change));
const anyHousehold = fc
  .subarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 1 })
  .chain((places) => fc.tuple(...places.map(anyTarget)))
  .map((targets) => household(targets));

test('every target is in one piece or one exit; limits hold; the order of rows does not matter', () => {
  fc.assert(
    fc.property(anyHousehold, fc.constantFrom(RULES, WORKPLACE), (h, rules) => {
      const plan = planHousehold(h, rules);
      const placed = [
        ...plan.pieces.flatMap((p) => p.certificates.map((c) => c.subNumber)),
        ...plan.exits.map((e) => e.subNumber),
      ];
      expect(placed.toSorted()).toEqual(h.targets.map((t) => t.subNumber).toSorted());
      for (const piece of plan.pieces) {
        expect(piece.certificates.length).toBeLessThanOrEqual(rules.limit ?? 99);
        expect(piece.certificates.map((c) => c.position)).toEqual(piece.certificates.map((_, i) => i + 1));
        for (const { subNumber } of piece.certificates) {
          const target = h.targets.find((t) => t.subNumber === subNumber);
          expect(target?.mailStopped).toBe(false);
          expect(piece.route === 'workplace' && target?.hasOptionalEntries === true).toBe(false);
        }
      }
      expect(planHousehold({ ...h, targets: h.targets.toReversed() }, rules)).toEqual(plan);
    }),
    { numRuns: 500 },
  );
});
