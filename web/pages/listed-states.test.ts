import { expect, test } from 'vitest';
import { TRANSITIONS } from '../../src/rules/papers/lifecycle.ts';
import { IN_ORDER_OF_LIFE, LISTED, NEEDS_STAFF } from './listed-states.ts';

const STATES = [
  ...new Set(TRANSITIONS.filter((t) => t.subject === 'mailpiece').flatMap((t) => [t.from, t.to])),
].toSorted();

test('the flow shows every state of a mailpiece, once', () => {
  expect(IN_ORDER_OF_LIFE.toSorted()).toEqual(STATES);
});

test('every state of a mailpiece but the planned has its list, once', () => {
  expect(LISTED.toSorted()).toEqual(STATES.filter((state) => state !== 'planned'));
});

test('what needs staff can still go somewhere', () => {
  const ends = NEEDS_STAFF.filter((state) => !TRANSITIONS.some((t) => t.from === state && t.to !== state));
  expect(ends).toEqual([]);
});
