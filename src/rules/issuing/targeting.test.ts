import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digitalCertificateServesThrough } from '../intake/enrolment.ts';
import { explainDecision } from './explanation.ts';
import { SCHEMES } from '../papers/scheme.ts';
import type { LocalDate } from '../words/local-date.ts';
import { decide } from './targeting.ts';
import type { DecisionFacts, TargetingRules } from './targeting.ts';

const d = (text: string): LocalDate => text as LocalDate;

const KYOKAI: TargetingRules = {
  referenceOn: d('2025-04-30'),
  acquiredThroughOn: d('2024-11-30'),
  decidedThroughOn: d('2024-11-29'),
  issuedOn: d('2025-07-22'),
};

const ENROLLED = { card: 'held', registration: 'registered', digitalCertificateExpiresOn: null, linked: true } as const;

const MEMBER: DecisionFacts = {
  acquiredOn: d('2015-04-01'),
  decidedOn: null,
  lostOn: null,
  insuredClass: 'general',
  holdsLegacyCard: true,
  certificateValidThrough: null,
  specialCare: false,
  enrolment: ENROLLED,
};

const reasonOf = (change: Partial<DecisionFacts>): string => decide({ ...MEMBER, ...change }, KYOKAI).reason;
const withEnrolment = (change: Partial<NonNullable<DecisionFacts['enrolment']>>): string =>
  reasonOf({ enrolment: { ...ENROLLED, ...change } });

test.each([
  ['an enrolled member', {}, 'verifiable'],
  ['lost on the reference date', { lostOn: d('2025-04-30') }, 'lost'],
  ['lost the day after', { lostOn: d('2025-05-01') }, 'verifiable'],
  ['acquired after the reference date', { acquiredOn: d('2025-05-01') }, 'not-yet'],
  ['法第3条第2項', { insuredClass: 'day-labourer' }, 'day-labourer'],
  ['acquired on the last day', { acquiredOn: d('2024-11-30') }, 'verifiable'],
  ['acquired a day later', { acquiredOn: d('2024-12-01') }, 'after-cutoff'],
  ['acquired in time, decided too late', { acquiredOn: d('2024-11-20'), decidedOn: d('2024-12-03') }, 'after-cutoff'],
  ['decided on the last day', { acquiredOn: d('2024-11-20'), decidedOn: d('2024-11-29') }, 'verifiable'],
  ['without an old card', { holdsLegacyCard: false }, 'no-legacy-card'],
  ['holding a certificate through the issue date', { certificateValidThrough: d('2025-07-22') }, 'holds-certificate'],
  ['holding one that ends the day before', { certificateValidThrough: d('2025-07-21') }, 'verifiable'],
  ['needing consideration, though enrolled', { specialCare: true }, 'special-care'],
  ['needing consideration, but gone', { specialCare: true, lostOn: d('2025-01-01') }, 'lost'],
  ['absent from the snapshot', { enrolment: null }, 'no-status'],
] as const)('%s', (_, change, reason) => expect(reasonOf(change)).toBe(reason));

test.each([
  ['no number linked', { linked: false, card: 'none' }, 'unlinked'],
  ['card returned', { card: 'returned', registration: 'deregistered' }, 'card-returned'],
  ['no card', { card: 'none', registration: 'unregistered' }, 'no-card'],
  ['deregistered', { registration: 'deregistered' }, 'deregistered'],
  ['unregistered', { registration: 'unregistered' }, 'unregistered'],
  [
    'electronic certificate that served to the reference date',
    { digitalCertificateExpiresOn: d('2025-01-15') },
    'verifiable',
  ],
  ['one that expired a month before', { digitalCertificateExpiresOn: d('2024-12-31') }, 'certificate-expired'],
] as const)('%s', (_, change, reason) => expect(withEnrolment(change)).toBe(reason));

test.each([
  ['2025-01-15', '2025-04-30'],
  ['2025-07-16', '2025-10-31'],
  ['2025-11-30', '2026-02-28'],
  ['2024-11-01', '2025-02-28'],
  ['2025-12-31', '2026-03-31'],
  ['2027-11-15', '2028-02-29'],
])('an electronic certificate that expires on %s serves through %s', (expires, through) =>
  expect(digitalCertificateServesThrough(d(expires))).toBe(through),
);

const day = fc
  .date({ min: new Date('2023-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  .map((x) => d(x.toISOString().slice(0, 10)));
const maybeDay = fc.option(day, { nil: null });
const anyFacts: fc.Arbitrary<DecisionFacts> = fc.record({
  acquiredOn: day,
  decidedOn: maybeDay,
  lostOn: maybeDay,
  insuredClass: fc.constantFrom('general', 'voluntary-continuation', 'special-retiree', 'day-labourer'),
  holdsLegacyCard: fc.boolean(),
  certificateValidThrough: maybeDay,
  specialCare: fc.boolean(),
  enrolment: fc.option(
    fc.record({
      card: fc.constantFrom('held', 'none', 'returned'),
      registration: fc.constantFrom('registered', 'unregistered', 'deregistered'),
      digitalCertificateExpiresOn: maybeDay,
      linked: fc.boolean(),
    }),
    { nil: null },
  ),
});

const NOT_TARGET = [
  'lost',
  'not-yet',
  'day-labourer',
  'after-cutoff',
  'no-legacy-card',
  'holds-certificate',
  'verifiable',
];

test('every member has one decision, its reason says which way, and it explains itself', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const decision = decide(facts, KYOKAI);
      expect(decision.isTarget).toBe(!NOT_TARGET.includes(decision.reason));
      expect(decide(facts, KYOKAI)).toEqual(decision);
      const { sentence } = explainDecision(facts, KYOKAI, decision, SCHEMES.health);
      expect(sentence).toContain(decision.isTarget ? '対象です' : '対象ではありません');
    }),
    { numRuns: 1000 },
  );
});

test('a member who is no target becomes none of the targets by losing eligibility', () => {
  fc.assert(fc.property(anyFacts, (facts) => !decide({ ...facts, lostOn: d('2025-04-30') }, KYOKAI).isTarget));
});
