import { expect, test } from 'vitest';
import { nextRound, planOf, roundOf } from './plan.ts';

const KNOWN = ['bulk-2025', 'notice-2024-1', 'notice-2024'];

test.each([
  ['bulk-2025', 'bulk-2025', 1],
  ['bulk-2025-2', 'bulk-2025', 2],
  ['bulk-2025-12/reroute-1', 'bulk-2025', 12],
  ['bulk-2025/reroute-1/rehome-1', 'bulk-2025', 1],
  ['notice-2024-1', 'notice-2024-1', 1],
  ['notice-2024-2', 'notice-2024', 2],
  ['bulk-2026', null, 2026],
] as const)('%s is of the plan %s, round %i', (name, plan, round) => {
  expect([planOf(name, KNOWN), roundOf(name, KNOWN)]).toEqual([plan, round]);
});

test('the next round takes no number that a plan or an issuance has', () => {
  expect(nextRound('bulk-2025', KNOWN)).toBe('bulk-2025-2');
  expect(nextRound('bulk-2025', [...KNOWN, 'bulk-2025-2', 'bulk-2025-3'])).toBe('bulk-2025-4');
  expect(nextRound('notice-2024', KNOWN)).toBe('notice-2024-2');
});
