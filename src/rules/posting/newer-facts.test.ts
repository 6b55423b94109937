import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { findNewer, isFileDoubtful, isPulled } from './newer-facts.ts';
import type { NewerFacts } from './newer-facts.ts';
import { USUAL_FIT_LIMITS } from '../intake/file-fit.ts';

const day = (text: string): LocalDate => text as LocalDate;
const NOTHING: NewerFacts = {
  lostOn: null,
  filedLostOn: null,
  isAbsent: false,
  hasNewName: false,
  hasNewAddress: false,
};
const ON = day('2025-08-01');

test.each([
  [{}, null],
  [{ filedLostOn: ON }, 'lost-by-filing'],
  [{ filedLostOn: day('2025-08-02') }, null],
  [{ lostOn: ON }, 'lost-by-file'],
  [{ lostOn: day('2025-08-02'), hasNewAddress: true }, 'address-changed'],
  [{ lostOn: ON, filedLostOn: ON, isAbsent: true }, 'lost-by-filing'],
  [{ isAbsent: true, hasNewName: true }, 'absent'],
  [{ hasNewName: true, hasNewAddress: true }, 'name-changed'],
] as const)('%o is %s', (facts, finding) => {
  expect(findNewer({ ...NOTHING, ...facts }, ON)).toBe(finding);
});

test('only a known loss takes a paper out', () => {
  expect((['lost-by-filing', 'lost-by-file'] as const).every(isPulled)).toBe(true);
  expect((['absent', 'name-changed', 'address-changed'] as const).some(isPulled)).toBe(false);
});

test.each([
  [1000, 50, false],
  [1000, 51, true],
  [400, 20, false],
  [400, 21, true],
  [30, 20, false],
  [2, 1, false],
  [0, 0, false],
])(
  'of %i people with open papers %i missing from a newer file: doubted = %s, by the limits of files that fit',
  (people, absent, isDoubted) => {
    expect(isFileDoubtful(people, absent, USUAL_FIT_LIMITS)).toBe(isDoubted);
  },
);

test('the limits are the profile’s own', () => {
  expect(isFileDoubtful(1000, 51, { ...USUAL_FIT_LIMITS, share: 0.2 })).toBe(false);
  expect(isFileDoubtful(1000, 51, { ...USUAL_FIT_LIMITS, rows: 51 })).toBe(false);
  expect(isFileDoubtful(10, 3, { ...USUAL_FIT_LIMITS, rows: 2 })).toBe(true);
});
