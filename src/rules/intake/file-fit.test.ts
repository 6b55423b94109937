import fc from 'fast-check';
import { expect, test } from 'vitest';
import { USUAL_FIT_LIMITS, isDoubtful, isShrunk, isTooMany, joinStops, likelyCause, sheetCutAt } from './file-fit.ts';
import type { JoinTries } from './file-fit.ts';

const LIMITS = USUAL_FIT_LIMITS;

test.each([
  // More than 5 % and more than 20 rows, or half of a file of any size.
  [1000, 50, false],
  [1000, 51, true],
  [300, 20, false],
  [400, 20, false],
  [400, 21, true],
  [40, 19, false],
  [40, 20, true],
  [3, 1, false],
  [3, 2, true],
  [1, 1, true],
  [0, 0, false],
])('%i rows of which %i have no partner', (total, without, stops) =>
  expect(isTooMany({ total, without }, LIMITS)).toBe(stops),
);

test('each side of the join stops by itself, the enrolment first', () => {
  const fine = { total: 100, without: 0 };
  const bad = { total: 100, without: 60 };
  expect(joinStops({ members: fine, enrolment: fine, workplaces: fine }, LIMITS)).toEqual([]);
  expect(joinStops({ members: fine, enrolment: bad, workplaces: fine }, LIMITS)).toEqual(['enrolment-does-not-join']);
  expect(joinStops({ members: bad, enrolment: fine, workplaces: bad }, LIMITS)).toEqual([
    'enrolment-does-not-join',
    'workplaces-missing',
  ]);
});

test('a sample that shows what all rows show leaves no stop unseen', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 100_000, max: 1_000_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      (members, without, nobodys) => {
        const enrolment = members - without + nobodys;
        const looked = 16_384;
        const missing = Math.round((without / members) * looked);
        const sample = { looked, matched: looked - missing, counted: looked, countedWithout: missing };
        if (isDoubtful(sample, { members, enrolment }, LIMITS)) return;
        expect(isTooMany({ total: members, without }, LIMITS)).toBe(false);
        expect(isTooMany({ total: enrolment, without: nobodys }, LIMITS)).toBe(false);
      },
    ),
  ));

const TRIES: JoinTries = {
  rows: 300,
  membersWithout: 150,
  rowsWithout: 0,
  behindLastMatch: 150,
  lastMatchLine: 151,
  tried: 0,
  otherSymbol: null,
  offByOne: null,
};

test.each<[string, Partial<JoinTries>, string | null]>([
  ['cut at a line', { rows: 150 }, 'cut'],
  ['members missing here and there', { behindLastMatch: 3 }, null],
  [
    'another symbol',
    { rowsWithout: 290, behindLastMatch: 0, tried: 290, otherSymbol: { count: 288, given: '100', meets: '200' } },
    'other-symbol',
  ],
  ['sub-numbers off by one', { rowsWithout: 200, offByOne: { count: 190, by: -1 } }, 'sub-number'],
  ['nobody of this insurer', { rowsWithout: 300, tried: 300, offByOne: { count: 3, by: 1 } }, 'other-insurer'],
  ['hardly anybody of this insurer', { rowsWithout: 290, behindLastMatch: 20 }, 'other-insurer'],
])('%s', (_, change, kind) => expect(likelyCause({ ...TRIES, ...change })?.kind ?? null).toBe(kind));

test.each([
  [65_533, null],
  [65_534, 65_536],
  [65_535, 65_536],
  [65_536, 65_536],
  [65_537, null],
  [1_048_575, 1_048_576],
  [1_048_577, null],
  [31_067, null],
])('%i rows: cut at %s', (rows, cut) => expect(sheetCutAt(rows)).toBe(cut));

test.each([
  [31, 3000, true],
  [2699, 3000, true],
  [2700, 3000, false],
  [9, 10, false],
  [8, 10, true],
  [3001, 3000, false],
])('%i rows after %i', (rows, inUse, shrunk) => expect(isShrunk(rows, inUse, LIMITS)).toBe(shrunk));
