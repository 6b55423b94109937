import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  countingCertificate,
  isLossFilingLate,
  legacyCardDuty,
  recallGround,
  reminderDueOn,
  returnDueOn,
} from './recall.ts';
import type { RecallFacts } from './recall.ts';
import type { LocalDate } from './member.ts';

const on = (text: string): LocalDate => text as LocalDate;
const facts = (change: Partial<RecallFacts> = {}): RecallFacts => ({
  lostOn: null,
  validThrough: on('2029-11-30'),
  isVerifiable: false,
  isSuperseded: false,
  ...change,
});

test.each([
  [facts(), null],
  [facts({ lostOn: on('2025-12-10') }), 'lost'],
  [facts({ lostOn: on('2025-12-11') }), null],
  [facts({ isVerifiable: true }), 'enrolled'],
  [facts({ isVerifiable: true, lostOn: on('2025-12-01') }), 'lost'],
  [facts({ isSuperseded: true, isVerifiable: true }), 'superseded'],
  // Past its expiry it may be destroyed by the holder (C2).
  [facts({ lostOn: on('2025-12-01'), validThrough: on('2025-12-09') }), null],
  [facts({ lostOn: on('2025-12-01'), validThrough: on('2025-12-10') }), 'lost'],
] as const)('%o is asked back on 2025-12-10: %s', (given, ground) => {
  expect(recallGround(given, on('2025-12-10'))).toBe(ground);
});

// 003 p.9 and 004: the day the filing arrives decides, not the day of the loss.
test.each([
  ['2025-11-30', 'return'],
  ['2025-12-01', 'return'],
  ['2025-12-02', 'destroy-allowed'],
  ['2025-12-10', 'destroy-allowed'],
] as const)('an old card with a filing that arrives on %s: %s', (arrived, duty) => {
  expect(legacyCardDuty(on(arrived))).toBe(duty);
});

test.each([
  ['2025-12-01', '2025-12-06', false],
  ['2025-12-01', '2025-12-07', true],
  ['2025-12-29', '2026-01-03', false],
  ['2025-12-29', '2026-01-04', true],
])('lost on %s, filed on %s: late %s', (lost, arrived, late) => {
  expect(isLossFilingLate(on(lost), on(arrived))).toBe(late);
  expect(returnDueOn(on(lost)) >= on(lost)).toBe(true);
});

test('the reminder is due ten business days on, weekends and holidays passed over', () => {
  // 2025-11-03 and 2025-11-24 are holidays.
  const holidays = new Set(['2025-11-03', '2025-11-24']);
  expect(reminderDueOn(on('2025-10-31'), (date) => holidays.has(date))).toBe('2025-11-17');
});

test('of two certificates the newer counts, whichever is asked first', () => {
  const date = fc.constantFrom(on('2025-07-22'), on('2025-09-01'), on('2026-01-01'));
  const certificate = fc.record({ issuedOn: date, certificateNumber: fc.constantFrom('10001', '10002', '10003') });
  fc.assert(
    fc.property(certificate, certificate, (a, b) => {
      expect(countingCertificate(a, b)).toEqual(countingCertificate(b, a));
      expect(countingCertificate(a, b).issuedOn >= a.issuedOn).toBe(true);
    }),
  );
});
