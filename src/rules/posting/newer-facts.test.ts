import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { findNewer, isFileDoubtful, isPulled } from './newer-facts.ts';
import type { NewerFacts } from './newer-facts.ts';

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

test('a file that misses more than a tenth and more than twenty is not believed', () => {
  expect(isFileDoubtful(1000, 100)).toBe(false);
  expect(isFileDoubtful(1000, 101)).toBe(true);
  expect(isFileDoubtful(30, 20)).toBe(false);
  expect(isFileDoubtful(30, 21)).toBe(true);
});
