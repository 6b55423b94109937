import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { isMonthOf, monthPlan, nextRound, remakeName, roundName } from './lineage.ts';

test('the first round has its plan’s name, a later one its number, a remake its parent’s', () => {
  expect(roundName('bulk-2025', 1)).toBe('bulk-2025');
  expect(roundName('bulk-2025', 12)).toBe('bulk-2025-12');
  expect(remakeName('bulk-2025-2', 'reroute', 1)).toBe('bulk-2025-2/reroute-1');
});

const KNOWN = ['bulk-2025', 'notice-2024-1', 'notice-2024'];

test('the next round takes no number that a plan or an issuance has', () => {
  expect(nextRound('bulk-2025', KNOWN)).toBe(2);
  expect(nextRound('bulk-2025', [...KNOWN, 'bulk-2025-2', 'bulk-2025-3'])).toBe(4);
  expect(nextRound('notice-2024', [...KNOWN, 'notice-2024-2'])).toBe(3);
});

test('a month of a monthly issuance is a plan of its own, and known as one', () => {
  expect(monthPlan('monthly', '2026-11-10' as LocalDate)).toBe('monthly-2026-11');
  expect(isMonthOf('monthly-2026-11', 'monthly')).toBe(true);
  expect(roundName(monthPlan('monthly', '2026-11-10' as LocalDate), 2)).toBe('monthly-2026-11-2');
  for (const other of ['monthly', 'monthly-2026-11-2', 'monthly-extra', 'bulk-2025', 'notice-2024-11'])
    expect(isMonthOf(other, 'monthly')).toBe(false);
});
