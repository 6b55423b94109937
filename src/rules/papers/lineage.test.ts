import { expect, test } from 'vitest';
import { nextRound, remakeName, roundName } from './lineage.ts';

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
