import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ACTIONABLE,
  ASKED_BACK,
  BROUGHT_BACK,
  IN_HAND,
  NEVER_COUNTED,
  NEVER_ISSUED,
  NOT_DELIVERED,
  NOT_TO_GO,
  NO_PAPER_LEFT,
  OUT_OF_ISSUANCE,
  PRESENTABLE,
  REACHES_NOBODY,
  RECALL_CLOSED,
  REPLACEABLE,
  USED_TO_LAST_DAY,
  WAIVABLE,
  WITH_CONTRACTOR,
  PAPER_STATE_LABELS,
  RETURN_REASON_LABELS,
  TRANSITIONS,
  nextStepOfLeft,
  nextStepOfReturn,
} from './lifecycle.ts';
import type { PaperState, ReturnFacts, ReturnReason } from './lifecycle.ts';

test('an event leads from a state to one state only', () => {
  const keys = TRANSITIONS.map((t) => `${t.subject} ${t.event} ${t.from}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('every state is reached from the beginning of its paper', () => {
  for (const [subject, starts] of [
    ['mailpiece', ['planned', 'held']],
    ['certificate', ['made']],
  ] as const) {
    const reached = new Set<PaperState>(starts);
    for (let size = 0; size < reached.size;) {
      size = reached.size;
      for (const t of TRANSITIONS) if (t.subject === subject && reached.has(t.from)) reached.add(t.to);
    }
    const all = TRANSITIONS.filter((t) => t.subject === subject).flatMap((t) => [t.from, t.to]);
    expect([...reached].toSorted()).toEqual([...new Set(all)].toSorted());
    for (const state of all) expect(PAPER_STATE_LABELS[state]).not.toBe('');
  }
});

test.each<[string, readonly PaperState[], readonly PaperState[]]>([
  ['with the contractor', WITH_CONTRACTOR, ['printed', 'enclosed']],
  ['not to go', NOT_TO_GO, ['withdrawn', 'spoiled', 'destroyed']],
  ['brought back', BROUGHT_BACK, ['returned', 'rerouted', 'destroyed']],
  ['in hand', IN_HAND, ['issued', 'return-requested', 'return-demanded', 'superseded']],
  ['presentable', PRESENTABLE, ['issued', 'return-requested']],
  ['never issued', NEVER_ISSUED, ['made', 'withdrawn']],
  [
    'used to the last day',
    USED_TO_LAST_DAY,
    ['made', 'issued', 'return-requested', 'return-demanded', 'missing', 'unrecoverable', 'superseded'],
  ],
  ['closed to a recall', RECALL_CLOSED, ['given-back', 'expired']],
  ['asked back', ASKED_BACK, ['return-requested', 'return-demanded']],
  ['not delivered', NOT_DELIVERED, ['returned', 'not-handed-over', 'left-workplace']],
  ['out of its issuance', OUT_OF_ISSUANCE, ['withdrawn', 'remade']],
  ['no paper is left', NO_PAPER_LEFT, ['destroyed', 'remade']],
  ['may be let off', WAIVABLE, ['spoiled', 'destroyed']],
  ['reaches nobody', REACHES_NOBODY, ['withdrawn', 'spoiled', 'destroyed', 'rerouted', 'remade', 'left-workplace']],
  [
    'something can be done by hand',
    ACTIONABLE,
    ['planned', 'held', 'released', 'printed', 'enclosed', 'posted', 'returned', 'not-handed-over'],
  ],
  ['another may be made in its place', REPLACEABLE, ['issued', 'missing']],
  ['never counted', NEVER_COUNTED, ['withdrawn', 'void']],
])('%s: the states the table makes it', (_, found, expected) => {
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test('nothing comes back from the end', () => {
  for (const end of ['destroyed', 'given-back', 'withdrawn'])
    expect(TRANSITIONS.filter((t) => t.from === end && t.event !== 'destroy' && t.to !== end)).toEqual([]);
  // Nobody asks for an expired paper; some come back all the same.
  expect(TRANSITIONS.filter((t) => t.from === 'expired').map((t) => t.event)).toEqual(['give-back']);
});

const facts = (reason: ReturnReason, change: Partial<ReturnFacts> = {}): ReturnFacts => ({
  reason,
  mayPassEmployer: true,
  isProtected: false,
  ...change,
});

test.each([
  [facts('kept-past-time'), 'same-address'],
  [facts('absent'), 'same-address'],
  [facts('refused'), 'contact'],
  [facts('unknown-at-address'), 'employer'],
  [facts('moved'), 'employer'],
  [facts('address-incomplete'), 'employer'],
  [facts('moved', { mayPassEmployer: false }), 'inquiry'],
  [facts('unknown-at-address', { mayPassEmployer: false, isProtected: true }), 'inquiry'],
  [facts('sent-back'), 'home'],
  [facts('sent-back', { isProtected: true }), 'inquiry'],
] as const)('%o: next step %s', (given, nextStep) => {
  expect(nextStepOfReturn(given)).toBe(nextStep);
});

test('what may not pass through an employer never does, whatever the post stamped on it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(RETURN_REASON_LABELS) as ReturnReason[])),
      fc.boolean(),
      (reason, isProtected) => {
        expect(nextStepOfReturn({ reason, mayPassEmployer: false, isProtected })).not.toBe('employer');
      },
    ),
  );
});

test.each([
  [0, false, 'lost'],
  [0, true, 'lost'],
  [2, false, 'home'],
  [1, true, 'inquiry'],
] as const)('left the company, %d inside still members, protected %s: %s', (remainingCount, isProtected, nextStep) => {
  expect(nextStepOfLeft({ remainingCount, isProtected })).toBe(nextStep);
});
