import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ELSEWHERE, HOME, HOUSEHOLDS, household, target } from '../../../tests/cast.ts';
import { planHousehold } from './enveloping.ts';
import type { EnclosingRules, Household, Target } from './enveloping.ts';
import type { LocalDate } from '../words/local-date.ts';

const d = (text: string): LocalDate => text as LocalDate;

const RULES: EnclosingRules = {
  route: 'home',
  limit: 4,
  issuedOn: d('2025-07-22'),
  validity: {
    firstPeriod: { from: d('2024-12-02'), through: d('2025-11-30'), validThrough: d('2029-11-30') },
    maxYears: 5,
  },
  elderly: 'separate-certificate',
};
const WORKPLACE: EnclosingRules = { ...RULES, route: 'workplace', limit: null };

const sizes = (h: Household, rules = RULES): number[] =>
  planHousehold(h, rules).pieces.map((p) => p.certificates.length);

test.each([
  ['A: insured + 1', HOUSEHOLDS.A, [2]],
  ['B: insured + 2', HOUSEHOLDS.B, [3]],
  ['C: insured + 3, one full envelope', HOUSEHOLDS.C, [4]],
  ['five, two envelopes', HOUSEHOLDS.five, [4, 1]],
  ['nine, three envelopes', [0, 1, 2, 3, 4, 5, 6, 7, 8], [4, 4, 1]],
])('household %s', (_, places, expected) => {
  const h = household(places.map((place) => target(place)));
  expect(sizes(h)).toEqual(expected);
  const { pieces } = planHousehold(h, RULES);
  expect(pieces.map((p) => [p.sequence, p.sequenceCount])).toEqual(expected.map((_, i) => [i + 1, expected.length]));
  expect(sizes(h, WORKPLACE)).toEqual([places.length]);
});

test('dependents only: to the insured person, who is no target', () => {
  const { pieces } = planHousehold(
    household(
      HOUSEHOLDS.dependents.map((place) => target(place)),
      target(0),
    ),
    RULES,
  );
  expect(pieces).toMatchObject([{ addressee: '協会　一の零', address: HOME, route: 'home' }]);
});
test('dependents without an insured row go under the first one’s name', () => {
  expect(planHousehold(household([target(2), target(1)], null), RULES).pieces).toMatchObject([
    { addressee: '協会　一の一', address: HOME },
  ]);
});
test('the mailing address of the insured person wins over the home', () => {
  expect(planHousehold(household([target(0, { mailTo: ELSEWHERE })]), RULES).pieces[0]?.address).toEqual(ELSEWHERE);
});
test('a dependent’s own home does not split the household, an own mailing address does', () => {
  expect(sizes(household([target(0), target(1, { home: ELSEWHERE })]))).toEqual([2]);
  const { pieces } = planHousehold(household([target(0), target(1, { mailTo: ELSEWHERE })]), RULES);
  expect(pieces).toMatchObject([{ addressee: '協会　一の零' }, { addressee: '協会　一の一', address: ELSEWHERE }]);
});
test('a protected person is in no piece, and a protected insured person lends neither name nor address', () => {
  const plan = planHousehold(household([target(0, { mailStopped: true }), target(1, { home: ELSEWHERE })]), RULES);
  expect(plan.exits).toEqual([{ subNumber: '00', reason: 'mail-stopped' }]);
  expect(plan.pieces).toMatchObject([{ addressee: '協会　一の一', address: ELSEWHERE }]);
});
test('lost by the issue date: withdrawn; lost after it: a paper to the last day of cover', () => {
  const plan = planHousehold(
    household([target(0), target(1, { lostOn: d('2025-07-22') }), target(2, { lostOn: d('2025-09-01') })]),
    RULES,
  );
  expect(plan.exits).toEqual([{ subNumber: '01', reason: 'withdrawn-lost' }]);
  expect(plan.pieces.flatMap((p) => p.certificates)).toMatchObject([
    { subNumber: '00', validThrough: '2029-11-30' },
    { subNumber: '02', validThrough: '2025-08-31', position: 2 },
  ]);
});

// Issued on 2026-11-10 in the period that ends on 2030-11-30.
const NOVEMBER: EnclosingRules = { ...RULES, issuedOn: d('2026-11-10') };
const CONTINUED = { insuredClass: 'voluntary-continuation' } as const;
test.each<[string, Partial<Target>, Partial<Target>, unknown]>([
  ['an ordinary household', { bornOn: d('1985-05-05') }, {}, ['2030-11-30', '2030-11-30']],
  [
    'who turns 75, and the wife',
    { bornOn: d('1953-06-10') },
    { bornOn: d('1956-02-20') },
    ['2028-06-09', '2028-06-09'],
  ],
  ['born on 29 February, and a dependent', { bornOn: d('1952-02-29') }, {}, ['2027-02-28', '2027-02-28']],
  [
    '任意継続 and a child of later',
    { ...CONTINUED, acquiredOn: d('2025-04-01') },
    { ...CONTINUED, acquiredOn: d('2026-09-01') },
    ['2027-03-31', '2027-03-31'],
  ],
  [
    '任意継続 that is over',
    { ...CONTINUED, acquiredOn: d('2024-10-01') },
    { ...CONTINUED, acquiredOn: d('2024-11-15') },
    ['no-validity', 'no-validity'],
  ],
  [
    '特例退職',
    { insuredClass: 'special-retiree', acquiredOn: d('2020-04-01'), bornOn: d('1960-01-01') },
    { insuredClass: 'special-retiree' },
    ['2030-11-30', '2030-11-30'],
  ],
  [
    'the insured person has left, the wife’s row says nothing',
    { lostOn: d('2026-11-05') },
    {},
    ['withdrawn-lost', 'withdrawn-lost'],
  ],
  ['the insured person will leave', { lostOn: d('2026-12-01') }, {}, ['2026-11-30', '2026-11-30']],
])('%s', (_, insured, dependent, expected) => {
  const both = [target(0, insured), target(1, dependent)];
  const said = (plan: ReturnType<typeof planHousehold>): unknown[] => [
    ...plan.pieces.flatMap((p) => p.certificates.map((c) => c.validThrough)),
    ...plan.exits.map((e) => e.reason),
  ];
  expect(said(planHousehold(household(both), NOVEMBER))).toEqual(expected);
  // The same for a dependent alone, whose insured person gets none.
  expect(said(planHousehold(household(both.slice(1), both[0]), NOVEMBER))).toEqual((expected as unknown[]).slice(1));
});
const YEAR = { tenths: 2, from: d('2026-08-01'), through: d('2027-07-31') } as const;
const ON_CERTIFICATE: EnclosingRules = { ...NOVEMBER, elderly: 'on-certificate' };
test.each<[string, Partial<Target>, unknown]>([
  ['70 in January', { bornOn: d('1957-01-15') }, { validThrough: '2027-01-31', ratio: null }],
  [
    '70 on New Year’s Day: reached in December',
    { bornOn: d('1957-01-01') },
    { validThrough: '2026-12-31', ratio: null },
  ],
  [
    'of 71 with a ratio',
    { bornOn: d('1955-03-03'), determined: YEAR },
    { validThrough: '2027-07-31', ratio: { tenths: 2, from: '2026-08-01' } },
  ],
  ['of 71 of whom none is told', { bornOn: d('1955-03-03') }, 'income-unknown'],
  [
    'of 71 whose ratio has ended',
    { bornOn: d('1955-03-03'), determined: { ...YEAR, through: d('2026-11-09') } },
    'income-unknown',
  ],
  ['of 40', { bornOn: d('1985-05-05') }, { validThrough: '2030-11-30', ratio: null }],
])('the ratio on the certificate, %s', (_, change, expected) => {
  const { pieces, exits } = planHousehold(household([target(0, change)]), ON_CERTIFICATE);
  const said = pieces[0]?.certificates[0] ?? exits[0]?.reason;
  expect([said]).toMatchObject([expected]);
  // With 高齢受給者証 nothing of it stands on the certificate, nor bounds it before the 75th birthday.
  const [separate] = planHousehold(household([target(0, change)]), NOVEMBER).pieces;
  const through = change.bornOn === '1955-03-03' ? '2030-03-02' : '2030-11-30';
  expect(separate?.certificates).toMatchObject([{ validThrough: through, ratio: null }]);
});
test('three tenths of a dependent whose insured person is under 70 wait for staff', () => {
  const both = [
    target(0, { bornOn: d('1981-01-01') }),
    target(1, { bornOn: d('1955-03-03'), determined: { ...YEAR, tenths: 3 } }),
  ];
  expect(planHousehold(household(both), ON_CERTIFICATE).exits).toEqual([{ subNumber: '01', reason: 'ratio-doubtful' }]);
});
test('without the insured person’s row a household keeps its certificates; the two years are at most its own', () => {
  const alone = household([target(1), target(2, { ...CONTINUED, acquiredOn: d('2025-04-01') })], null);
  expect(planHousehold(alone, NOVEMBER)).toMatchObject({
    exits: [],
    pieces: [{ certificates: [{ validThrough: '2030-11-30' }, { validThrough: '2027-03-31' }] }],
  });
});
test('papers with 任意記載 and persons without an employer never pass through the employer', () => {
  const mixed = planHousehold(household([target(0), target(1, { hasOptionalEntries: true })]), WORKPLACE);
  expect(mixed.pieces.map((p) => [p.route, p.certificates[0]?.subNumber])).toEqual([
    ['workplace', '00'],
    ['home', '01'],
  ]);
  for (const insuredClass of ['voluntary-continuation', 'special-retiree'] as const) {
    const acquiredOn = d('2025-04-01');
    expect(planHousehold(household([target(0, { insuredClass, acquiredOn })]), WORKPLACE).pieces[0]?.route).toBe(
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
    .map((change) => target(place, change));
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
      // Nobody's paper outlives the insured person's cover, nor one's own.
      for (const { subNumber, validThrough } of plan.pieces.flatMap((p) => p.certificates))
        for (const bound of [h.insured, h.targets.find((t) => t.subNumber === subNumber)])
          expect(validThrough < (bound?.lostOn ?? '9999-12-31')).toBe(true);
    }),
    { numRuns: 500 },
  );
});
