import { expect, test } from 'vitest';
import { TRANSITIONS } from '../../src/rules/papers/lifecycle.ts';
import { LISTED } from './listed-states.ts';

test('every state of a mailpiece but the planned has its list, once', () => {
  const states = TRANSITIONS.filter((t) => t.subject === 'mailpiece').flatMap((t) => [t.from, t.to]);
  expect(LISTED.toSorted()).toEqual([...new Set(states)].filter((state) => state !== 'planned').toSorted());
});
