import { expect, test } from 'vitest';
import type { ValidityRules } from './validity.ts';
import type { LocalDate } from '../words/local-date.ts';
import { certificateValidity } from './validity.ts';

const d = (text: string): LocalDate => text as LocalDate;
const RULES: ValidityRules = {
  firstPeriod: { from: d('2024-12-02'), through: d('2025-11-30'), validThrough: d('2029-11-30') },
  maxYears: 5,
};
const OPEN = { through: null, because: null };

test.each([
  ['2024-12-02', '2029-11-30'],
  ['2025-11-30', '2029-11-30'],
  ['2025-12-01', '2030-11-30'],
  ['2026-11-10', '2030-11-30'],
  ['2026-11-30', '2030-11-30'],
  ['2026-12-01', '2031-11-30'],
])('issued on %s, valid through %s', (issuedOn, through) => {
  expect(certificateValidity(OPEN, RULES, d(issuedOn))).toEqual({ validThrough: through, because: 'period' });
});

test('never past five years counted with the issue day', () => {
  const long = { ...RULES, firstPeriod: { ...RULES.firstPeriod, validThrough: d('2035-11-30') } };
  expect(certificateValidity(OPEN, long, d('2025-02-28'))).toEqual({
    validThrough: '2030-02-27',
    because: 'max-years',
  });
});

test('the last covered day wins when it is earlier, and with it its reason', () => {
  const cover = { through: d('2027-03-09'), because: 'insured-age-75' as const };
  expect(certificateValidity(cover, RULES, d('2025-07-22'))).toEqual({
    validThrough: '2027-03-09',
    because: 'insured-age-75',
  });
  expect(certificateValidity({ ...cover, through: d('2040-01-01') }, RULES, d('2025-07-22')).because).toBe('period');
});
test('who is covered no more on the issue date gets none; on the last day still one', () => {
  const cover = (through: string) => ({ through: d(through), because: 'lost' as const });
  expect(certificateValidity(cover('2025-07-21'), RULES, d('2025-07-22'))).toEqual({
    validThrough: null,
    because: 'lost',
  });
  expect(certificateValidity(cover('2025-07-22'), RULES, d('2025-07-22')).validThrough).toBe('2025-07-22');
});
