import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { endsCover, isCoveredOn, lostByFilings, lostOnOf } from './eligibility.ts';
import type { CoverFacts, CoverFiling, FilingKind } from './eligibility.ts';

const day = (text: string): LocalDate => text as LocalDate;
const INSURED = { bornOn: day('1990-05-10'), acquiredOn: day('2015-04-01'), lostOn: null };
const KNOWN: CoverFacts = {
  relation: 'dependent',
  insuredClass: 'general',
  bornOn: day('1990-05-10'),
  acquiredOn: day('2015-04-01'),
  isMember: true,
  fileLostOn: null,
  filedLostOn: null,
  insured: INSURED,
};

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

test.each<[string, Partial<CoverFacts>, string | null]>([
  ['no end is known but the 75th birthday', {}, '2065-05-10'],
  ['the file’s day', { fileLostOn: day('2025-12-01') }, '2025-12-01'],
  ['the filing’s day', { filedLostOn: day('2025-12-01') }, '2025-12-01'],
  ['the earlier of both, the file’s', { fileLostOn: day('2025-11-01'), filedLostOn: day('2025-12-01') }, '2025-11-01'],
  [
    'the earlier of both, the filing’s',
    { fileLostOn: day('2025-12-01'), filedLostOn: day('2025-11-01') },
    '2025-11-01',
  ],
  ['known ahead', { fileLostOn: day('2026-04-01') }, '2026-04-01'],
  ['in the file no more: by now', { isMember: false }, '2025-12-15'],
  ['in the file no more, and the filing says when', { isMember: false, filedLostOn: day('2025-12-10') }, '2025-12-10'],
  ['in the file no more, and 75 before', { isMember: false, bornOn: day('1950-12-01') }, '2025-12-01'],
  ['the insured person’s row says it', { insured: { ...INSURED, lostOn: day('2025-11-05') } }, '2025-11-05'],
  ['the insured person is 75', { insured: { ...INSURED, bornOn: day('1950-11-05') } }, '2025-11-05'],
  [
    'the insured person’s two years are over',
    { insuredClass: 'voluntary-continuation', insured: { ...INSURED, acquiredOn: day('2023-12-01') } },
    '2025-12-01',
  ],
])('the first day without cover on 2025-12-15: %s', (_name, change, expected) => {
  expect(lostOnOf({ ...KNOWN, ...change }, day('2025-12-15'))).toBe(expected);
});

test.each<[string, string, string, string | null, string | null]>([
  ['after the acquisition', '00', '2015-04-01', null, '2025-12-01'],
  ['of an eligibility before', '00', '2025-12-02', null, null],
  ['the insured person’s, after the insured person’s acquisition', '01', '2025-12-02', '2015-04-01', '2025-12-01'],
  ['the insured person’s, of an eligibility before', '01', '2015-04-01', '2025-12-02', null],
  ['the insured person’s, who has no row: the own day is taken', '01', '2025-12-02', null, null],
])('a loss filed for 2025-12-01 %s', (_name, subNumber, ownDay, insuredDay, expected) => {
  const filings = [{ kind: 'loss', subNumber: '00', effectiveOn: day('2025-12-01') }] as const;
  const acquired = { own: day(ownDay), insured: insuredDay === null ? null : day(insuredDay) };
  expect(lostByFilings(filings, subNumber, acquired)).toBe(expected);
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
        const end = (list: readonly CoverFiling[]): string =>
          lostByFilings(list, person, { own: day('2015-04-01'), insured: null }) ?? '9999-12-31';
        expect(end([...filings, more]) <= end(filings)).toBe(true);
        for (const loss of filings.filter((one) => one.kind === 'loss' && one.subNumber === '00'))
          expect(end(filings) <= loss.effectiveOn).toBe(true);
      },
    ),
  );
});
