// The states in which pieces are listed.
import type { PaperState } from '../../src/rules/papers/lifecycle.ts';

/** In the order of what needs somebody. What is only planned has no list: print comes first. */
export const LISTED: readonly PaperState[] = [
  ...(['held', 'released', 'returned', 'not-handed-over', 'left-workplace', 'spoiled', 'withdrawn'] as const),
  ...(['printed', 'enclosed', 'posted', 'rerouted', 'remade', 'handed-over', 'destroyed'] as const),
];
