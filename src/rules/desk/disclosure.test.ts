import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MIN_SHOWN, coversOf, hiddenOf } from './disclosure.ts';
import type { BranchSize } from './disclosure.ts';

/** Workplaces by branch: their people. The first of a branch may be people on no list. */
type Society = readonly (readonly number[])[];
const workplaceOf = (branch: number, i: number): string => `${branch}-${i}`;

function sizesOf(society: Society): BranchSize[] {
  return society.map((workplaces, branch) => {
    const shown = workplaces
      .map((people, i) => ({ people, symbol: workplaceOf(branch, i) }))
      .filter(({ people }) => people >= MIN_SHOWN)
      .toSorted((a, b) => a.people - b.people);
    const people = workplaces.reduce((a, b) => a + b, 0);
    const fewPeople = people - shown.reduce((sum, w) => sum + w.people, 0);
    return { branch: String(branch), people, fewPeople, smallest: shown[0]?.symbol ?? null };
  });
}

test.each<[string, Society, string[], string[]]>([
  ['nobody is few', [[10, 20], [30]], [], []],
  ['a few in a branch: its smallest workplace goes with them', [[9, 40, 20], [30]], [], ['0-2']],
  ['ten in small workplaces are enough', [[5, 5, 40], [30]], [], []],
  [
    'each branch by itself',
    [
      [9, 40],
      [9, 50],
    ],
    [],
    ['0-1', '1-1'],
  ],
  [
    'a small branch: the smallest branch goes with it, and its smallest workplace',
    [[4], [50, 60], [200]],
    ['1'],
    ['1-0'],
  ],
  ['the branch that goes with it has its own few', [[4], [50, 6], [200]], ['1'], []],
  ['small branches together are enough', [[4], [6], [200]], [], []],
  ['only few: nothing else to hide', [[3], [2]], [], []],
  ['nobody', [], [], []],
])('%s', (_, society, branches, workplaces) => {
  expect(coversOf(sizesOf(society))).toEqual({ branches, workplaces });
});

test('fewer than ten are hidden, ten are shown unless they cover', () => {
  expect([hiddenOf(9, false), hiddenOf(10, false), hiddenOf(10, true), hiddenOf(9, true)]).toEqual([
    'few',
    null,
    'cover',
    'few',
  ]);
});

const societies = fc.array(
  fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 400 })), { minLength: 1, maxLength: 8 }),
  { minLength: 1, maxLength: 6 },
);

interface Shown {
  /** Leaves of each figure that is shown. */
  readonly shown: readonly ReadonlySet<string>[];
  /** Leaves of each rest that can be worked out. */
  readonly rests: readonly ReadonlySet<string>[];
}

/** What stands in the tables, and the rests that subtraction gives. */
function disclose(society: Society): Shown {
  const covers = coversOf(sizesOf(society));
  const shown: Set<string>[] = [];
  const restOfWhole = new Set<string>();
  const rests: Set<string>[] = [];
  for (const [branch, workplaces] of society.entries()) {
    const people = workplaces.reduce((a, b) => a + b, 0);
    const isShown = hiddenOf(people, covers.branches.includes(String(branch))) === null;
    const rest = isShown ? new Set<string>() : restOfWhole;
    for (const [i, count] of workplaces.entries()) {
      const name = workplaceOf(branch, i);
      if (hiddenOf(count, covers.workplaces.includes(name)) === null) shown.push(new Set([name]));
      else rest.add(name);
    }
    if (isShown) {
      shown.push(new Set(workplaces.map((_, i) => workplaceOf(branch, i))));
      rests.push(rest);
    }
  }
  return { shown, rests: [...rests, restOfWhole] };
}

const peopleIn = (society: Society, leaves: ReadonlySet<string>): number =>
  [...leaves].reduce((sum, name) => {
    const [branch = 0, i = 0] = name.split('-').map(Number);
    return sum + society[branch]![i]!;
  }, 0);

test('whatever is shown or left over by subtraction is nobody or ten people and more', () => {
  fc.assert(
    fc.property(societies, (society) => {
      const whole = society.flat().reduce((a, b) => a + b, 0);
      const { shown, rests } = disclose(society);
      const told = [...shown, ...rests.filter((rest) => rest.size > 0)].map((set) => peopleIn(society, set));
      // Fewer than ten in the whole insurer: then nothing at all is shown, the whole included.
      const least = whole < MIN_SHOWN ? shown.map(() => 0) : told;
      expect(
        least.filter((people) => people < MIN_SHOWN),
        JSON.stringify(society),
      ).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test('a hidden number has two possible values at least, unless all who are hidden together are alike', () => {
  fc.assert(
    fc.property(societies, fc.infiniteStream(fc.nat()), (society, chances) => {
      fc.pre(society.flat().reduce((a, b) => a + b, 0) >= MIN_SHOWN);
      for (const rest of disclose(society).rests) {
        const leaves = [...rest].map((name) => peopleIn(society, new Set([name])));
        const people = leaves.reduce((a, b) => a + b, 0);
        // Of each leaf, how many have the reason; known are the leaves' people and the sum of the rest.
        const having = leaves.map((count) => Number(chances.next().value) % (count + 1));
        const sum = having.reduce((a, b) => a + b, 0);
        if (sum === 0 || sum === people) continue;
        for (const count of leaves) {
          // The bounds of one cell of a table with known margins (Fréchet) are reached.
          const least = Math.max(0, sum - (people - count));
          const most = Math.min(count, sum);
          expect(most, JSON.stringify(society)).toBeGreaterThan(least);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('no more is hidden than one branch, and one workplace of each rest', () => {
  fc.assert(
    fc.property(societies, (society) => {
      const { branches, workplaces } = coversOf(sizesOf(society));
      expect(branches.length).toBeLessThanOrEqual(1);
      expect(workplaces.length).toBeLessThanOrEqual(society.length);
      expect(new Set(workplaces).size).toBe(workplaces.length);
    }),
  );
});
