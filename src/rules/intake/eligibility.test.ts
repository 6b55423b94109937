import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { endsCover, isCoveredOn, lostByFilings, lostOnOf } from './eligibility.ts';
import type { CoverFiling, FilingKind } from './eligibility.ts';

const day = (text: string): LocalDate => text as LocalDate;

test.each([
  [null, '2025-12-01', true],
  ['2025-12-02', '2025-12-01', true],
  // The day of loss is the first without cover.
  ['2025-12-01', '2025-12-01', false],
  ['2025-11-30', '2025-12-01', false],
])('lost on %s, covered on %s: %s', (lostOn, on, covered) =>
  expect(isCoveredOn(lostOn === null ? null : day(lostOn), day(on))).toBe(covered),
);

test.each<[string, FilingKind, string, string, boolean]>([
  ['the insured person’s loss ends the insured person', 'loss', '00', '00', true],
  ['the insured person’s loss ends a dependent', 'loss', '00', '02', true],
  ['a dependent’s loss ends the dependent', 'loss', '02', '02', true],
  ['a dependent’s loss ends nobody else', 'loss', '02', '00', false],
  ['a dependent who leaves', 'dependent-loss', '01', '01', true],
  ['a dependent who leaves ends no other', 'dependent-loss', '01', '02', false],
  [
    'a dependent’s filing under the insured person’s sub-number ends that one alone',
    'dependent-loss',
    '00',
    '01',
    false,
  ],
  ['a change of name ends nobody', 'name-change', '00', '00', false],
])('%s', (_name, kind, filed, person, ends) => expect(endsCover({ kind, subNumber: filed }, person)).toBe(ends));

test.each<[string, string | null | undefined, string | null, string | null]>([
  ['no end is known', null, null, null],
  ['the file’s day', '2025-12-01', null, '2025-12-01'],
  ['the filing’s day', null, '2025-12-01', '2025-12-01'],
  ['the earlier of both, the file’s', '2025-11-01', '2025-12-01', '2025-11-01'],
  ['the earlier of both, the filing’s', '2025-12-01', '2025-11-01', '2025-11-01'],
  ['known ahead', '2026-04-01', null, '2026-04-01'],
  ['in the file no more: by now', undefined, null, '2025-12-15'],
  ['in the file no more, and the filing says when', undefined, '2025-12-10', '2025-12-10'],
])('the first day without cover on 2025-12-15: %s', (_name, file, filed, expected) => {
  const on = (text: string | null | undefined): LocalDate | null => (typeof text === 'string' ? day(text) : null);
  const facts = { isMember: file !== undefined, fileLostOn: on(file), filedLostOn: on(filed) };
  expect(lostOnOf(facts, day('2025-12-15'))).toBe(expected);
});

const filing = fc.record({
  kind: fc.constantFrom<FilingKind>('loss', 'dependent-loss', 'name-change'),
  subNumber: fc.constantFrom('00', '01', '02'),
  effectiveOn: fc.constantFrom('2025-11-01', '2025-12-01', '2026-01-01').map(day),
});

test('nobody is covered longer than the insured person’s loss, nor longer by one filing more', () => {
  fc.assert(
    fc.property(
      fc.array(filing, { maxLength: 6 }),
      filing,
      fc.constantFrom('00', '01', '02'),
      (filings, more, person) => {
        const end = (list: readonly CoverFiling[]): string => lostByFilings(list, person) ?? '9999-12-31';
        expect(end([...filings, more]) <= end(filings)).toBe(true);
        for (const loss of filings.filter((one) => one.kind === 'loss' && one.subNumber === '00'))
          expect(end(filings) <= loss.effectiveOn).toBe(true);
      },
    ),
  );
});
