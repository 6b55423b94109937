import { expect, test } from 'vitest';
import { SCHEMES } from '../papers/scheme.ts';
import type { LocalDate } from '../words/local-date.ts';
import { filingDeadline, isFilingLate, returnDeadline, termsOf } from './deadlines.ts';
import type { Terms } from './deadlines.ts';

const day = (text: string): LocalDate => text as LocalDate;
const HEALTH = termsOf(SCHEMES.health);
const SEAMEN = termsOf(SCHEMES.seamen);

test.each<[string, Terms, boolean, string, string]>([
  ['健保', HEALTH, true, '2026-04-01', '2026-04-06'],
  // 05-06 is 振替休日.
  ['健保, a holiday at the end', HEALTH, true, '2026-05-01', '2026-05-07'],
  ['健保, a Sunday at the end', HEALTH, true, '2026-09-01', '2026-09-07'],
  ['健保, the turn of the year', HEALTH, true, '2026-12-25', '2027-01-04'],
  ['船員, a Saturday at the end', SEAMEN, true, '2026-04-01', '2026-04-13'],
  ['船員 疾病任継', SEAMEN, false, '2026-04-01', '2026-04-06'],
])('%s: handed over in time', (_, terms, hasEmployer, lostOn, dueOn) => {
  const { article } = hasEmployer ? terms.throughEmployer : terms.direct;
  expect(returnDeadline(hasEmployer, day(lostOn), terms)).toEqual({ dueOn, article });
});

test.each([
  ['loss', true, '2026-05-07', '健康保険法施行規則第29条第1項'],
  // 38条2項: 「その都度」; five days are practice.
  ['dependent-loss', true, '2026-05-07', null],
] as const)('a filing of %s is due by practice or article', (kind, hasEmployer, dueOn, article) => {
  expect(filingDeadline(kind, hasEmployer, day('2026-05-01'), HEALTH)).toEqual({ dueOn, article });
});

test.each([
  ['loss', false],
  ['dependent-loss', false],
  ['name-change', true],
] as const)('a filing of %s (employer: %s) has no day', (kind, hasEmployer) => {
  const deadline = filingDeadline(kind, hasEmployer, day('2026-05-01'), HEALTH);
  expect(deadline).toBeNull();
  expect(isFilingLate(deadline, day('2027-01-01'))).toBe(false);
});

test.each([
  ['2025-12-01', '2025-12-08', false],
  // 2025-12-06 is a Saturday.
  ['2025-12-01', '2025-12-09', true],
  ['2025-12-29', '2026-01-05', false],
  ['2025-12-29', '2026-01-06', true],
  ['2026-05-01', '2026-05-07', false],
  ['2026-05-01', '2026-05-08', true],
])('lost on %s, filed on %s: late %s', (lost, arrived, late) => {
  expect(isFilingLate(filingDeadline('loss', true, day(lost), HEALTH), day(arrived))).toBe(late);
});

// 船員保険法施行規則14条, 40条2項・4項.
test('the terms of seamen name their own articles', () => {
  expect(SEAMEN).toEqual({
    lossFiling: { days: 10, article: '船員保険法施行規則第14条' },
    dependentFiling: { days: 10, article: null },
    throughEmployer: { days: 10, article: '船員保険法施行規則第40条第4項' },
    direct: { days: 5, article: '船員保険法施行規則第40条第2項' },
  });
});
