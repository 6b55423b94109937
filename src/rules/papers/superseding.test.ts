import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import type { CertificateState } from './lifecycle.ts';
import { hasNewer, isNewer, listSuperseded } from './superseding.ts';
import type { DatedCertificate, PostedPair } from './superseding.ts';

const STATES = [
  'made',
  'withdrawn',
  'issued',
  'return-requested',
  'return-demanded',
  'given-back',
  'missing',
  'unrecoverable',
  'superseded',
  'void',
  'expired',
] as CertificateState[];
const of = (number: string, on: string, state: CertificateState = 'issued'): DatedCertificate => ({
  certificateNumber: number,
  issuedOn: on as LocalDate,
  state,
});

test.each([
  ['2025-09-01', '10001', '2025-07-22', '10002', true],
  ['2025-07-22', '10002', '2025-09-01', '10001', false],
  ['2025-07-22', '10002', '2025-07-22', '10001', true],
  ['2025-07-22', '10001', '2025-07-22', '10001', false],
])('%s %s is newer than %s %s: %s', (aOn, a, bOn, b, newer) => expect(isNewer(of(a, aOn), of(b, bOn))).toBe(newer));

// The certificate that is posted is of 2025-09-01; the other is older or newer.
test.each<[CertificateState, ends: boolean, endsPosted: boolean]>([
  ['made', false, false],
  ['withdrawn', false, false],
  ['issued', true, true],
  ['return-requested', true, true],
  ['missing', true, true],
  ['return-demanded', false, true],
  ['given-back', false, true],
  ['unrecoverable', false, true],
  ['superseded', false, true],
  ['expired', false, true],
  ['void', false, false],
])('the other is %s: an older one ends %s, a newer one ends the posted %s', (state, ends, endsPosted) => {
  const posted = of('20000', '2025-09-01');
  const older = listSuperseded([{ posted, other: of('10000', '2025-07-22', state) }]);
  expect(older.map((one) => [one.certificateNumber, one.newer])).toEqual(ends ? [['10000', '20000']] : []);
  const newer = listSuperseded([{ posted, other: of('30000', '2025-10-01', state) }]);
  expect(newer.map((one) => [one.certificateNumber, one.newer])).toEqual(endsPosted ? [['20000', '30000']] : []);
});

test('one that ends for several ends once, for the highest number, in order', () => {
  const pairs: PostedPair[] = [
    { posted: of('20002', '2025-09-01'), other: of('10001', '2025-07-22') },
    { posted: of('20001', '2025-08-01'), other: of('30001', '2025-10-01') },
    { posted: of('20001', '2025-08-01'), other: of('30002', '2025-09-30') },
  ];
  expect(listSuperseded(pairs).map((one) => [one.certificateNumber, one.newer])).toEqual([
    ['10001', '20002'],
    ['20001', '30002'],
  ]);
});

test('of a person two certificates never end each other, and the newest that counts never ends', () => {
  const certificate = fc.record({
    issuedOn: fc.constantFrom('2025-07-22', '2025-09-01', '2026-01-01').map((on) => on as LocalDate),
    certificateNumber: fc.constantFrom('10001', '10002', '10003', '10004'),
    state: fc.constantFrom(...STATES),
  });
  fc.assert(
    fc.property(
      certificate,
      fc.uniqueArray(certificate, { selector: (one) => one.certificateNumber, maxLength: 4 }),
      (posted, list) => {
        const others = list.filter((one) => one.certificateNumber !== posted.certificateNumber);
        const ended = listSuperseded(others.map((other) => ({ posted, other })));
        for (const { certificateNumber, newer } of ended) {
          const [a, b] = [posted, ...others].filter((one) =>
            [certificateNumber, newer].includes(one.certificateNumber),
          );
          expect(isNewer(a!, b!)).not.toBe(isNewer(b!, a!));
          expect(ended.some((other) => other.certificateNumber === newer && other.newer === certificateNumber)).toBe(
            false,
          );
        }
        // Posted, and nothing newer is out or on its way: it counts.
        const endsItself = ended.some((one) => one.certificateNumber === posted.certificateNumber);
        expect(endsItself && !hasNewer(posted, others)).toBe(false);
      },
    ),
  );
});

test.each<[string, DatedCertificate[], boolean]>([
  ['none', [], false],
  ['an older one', [of('10000', '2025-07-22')], false],
  ['a newer one, out', [of('30000', '2025-10-01')], true],
  ['a newer one on its way', [of('30000', '2025-10-01', 'made')], true],
  ['a newer one that has expired', [of('30000', '2025-10-01', 'expired')], true],
  ['a newer one that was withdrawn', [of('30000', '2025-10-01', 'withdrawn')], false],
  ['a newer one that is void', [of('30000', '2025-10-01', 'void')], false],
  ['one of the same day with a higher number', [of('20001', '2025-09-01')], true],
])('has a newer one (%s): %s', (_name, others, expected) =>
  expect(hasNewer(of('20000', '2025-09-01'), others)).toBe(expected),
);
