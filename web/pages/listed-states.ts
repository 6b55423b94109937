// The states of mailpieces on screen, and in which they are listed.
import type { PaperState } from '../../src/rules/papers/lifecycle.ts';

/** In the order of their life, as the flow of an issuance shows them. */
export const IN_ORDER_OF_LIFE: readonly PaperState[] = [
  ...(['planned', 'held', 'released', 'remade', 'printed', 'enclosed', 'posted', 'returned', 'rerouted'] as const),
  ...(['handed-over', 'not-handed-over', 'left-workplace', 'spoiled', 'withdrawn', 'destroyed'] as const),
];

/** Those with which staff have something to do, most urgent first. */
export const NEEDS_STAFF: readonly PaperState[] = [
  'held',
  'released',
  'returned',
  'not-handed-over',
  'left-workplace',
  'spoiled',
];

/** Those that have a list, in its order. What is only planned has none: print comes first. */
export const LISTED: readonly PaperState[] = [
  ...NEEDS_STAFF,
  ...(['withdrawn', 'printed', 'enclosed', 'posted', 'rerouted', 'remade', 'handed-over', 'destroyed'] as const),
];
