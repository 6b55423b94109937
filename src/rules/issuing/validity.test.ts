import { expect, test } from 'vitest';
import type { ValidityRules } from './validity.ts';
import type { LocalDate } from '../words/local-date.ts';
import { certificateValidity, lastDayWithin } from './validity.ts';

const d = (text: string): LocalDate => text as LocalDate;
const RULES: ValidityRules = {
  firstPeriod: { from: d('2024-12-02'), through: d('2025-11-30'), validThrough: d('2029-11-30') },
  maxYears: 5,
  capBefore75: true,
  voluntaryContinuationYears: 2,
};
const MEMBER = { bornOn: d('1990-05-10'), acquiredOn: d('2015-04-01'), insuredClass: 'general' as const };

test.each([
  ['2024-12-02', '2029-11-30'],
  ['2025-11-30', '2029-11-30'],
  ['2025-12-01', '2030-11-30'],
  ['2026-11-30', '2030-11-30'],
  ['2026-12-01', '2031-11-30'],
])('issued on %s, valid through %s', (issuedOn, through) => {
  expect(certificateValidity(MEMBER, RULES, d(issuedOn))).toEqual({ validThrough: through, because: 'period' });
});

test.each([
  ['2024-12-02', '2029-12-01'],
  ['2025-12-01', '2030-11-30'],
  ['2024-02-29', '2029-02-28'],
  ['2025-07-01', '2030-06-30'],
  ['2026-01-01', '2030-12-31'],
])('five years counted with %s end on %s', (from, through) => expect(lastDayWithin(d(from), 5)).toBe(through));

test('the cap before the 75th birthday wins when it is earlier', () => {
  expect(certificateValidity({ ...MEMBER, bornOn: d('1952-03-10') }, RULES, d('2025-07-22'))).toEqual({
    validThrough: '2027-03-09',
    because: 'age-75',
  });
});
test('who is 75 by the issue date gets none', () => {
  expect(certificateValidity({ ...MEMBER, bornOn: d('1950-07-22') }, RULES, d('2025-07-22')).validThrough).toBeNull();
  expect(certificateValidity({ ...MEMBER, bornOn: d('1950-07-23') }, RULES, d('2025-07-22')).validThrough).toBe(
    '2025-07-22',
  );
});
test('voluntary continuation ends after two years', () => {
  expect(
    certificateValidity(
      { ...MEMBER, acquiredOn: d('2024-04-01'), insuredClass: 'voluntary-continuation' },
      RULES,
      d('2025-07-22'),
    ),
  ).toEqual({
    validThrough: '2026-03-31',
    because: 'voluntary-continuation',
  });
});
