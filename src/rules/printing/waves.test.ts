import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { WaveAssigner, assignWaves } from './waves.ts';
import type { Wave } from './waves.ts';

const wave = (name: string, branches: readonly string[], capacity: number | null = null): Wave => ({
  name,
  postFrom: '2025-07-22' as LocalDate,
  postThrough: '2025-08-15' as LocalDate,
  capacity,
  branches,
});
const counts = (...entries: readonly [string, number][]): Map<string, number> => new Map(entries);

describe('a branch goes into the wave that names it', () => {
  test.each([
    [
      'each by name',
      [wave('1', ['33']), wave('2', ['13'])],
      counts(['13', 5], ['33', 3]),
      [
        [1, '33', 3],
        [2, '13', 5],
      ],
    ],
    [
      'the others into the wave for all others',
      [wave('1', ['33']), wave('2', []), wave('3', ['13'])],
      counts(['01', 2], ['13', 5], ['33', 3]),
      [
        [1, '33', 3],
        [2, '01', 2],
        [3, '13', 5],
      ],
    ],
    [
      'pieces without a branch into the last, where no wave takes the others',
      [wave('1', ['33']), wave('2', ['13'])],
      counts(['', 4], ['13', 5]),
      [
        [2, '13', 5],
        [2, '', 4],
      ],
    ],
    [
      'what a wave cannot hold goes over, before the next one’s own',
      [wave('1', ['33'], 2), wave('2', ['13'], 4), wave('3', [])],
      counts(['13', 5], ['33', 3]),
      [
        [1, '33', 2],
        [2, '33', 1],
        [2, '13', 3],
        [3, '13', 2],
      ],
    ],
  ] as const)('%s', (_, waves, pieces, expected) => {
    const plan = assignWaves(waves, pieces);
    expect(plan.kind === 'planned' && plan.shares.map((s) => [s.wave, s.branchCode, s.pieceCount])).toEqual(expected);
  });

  test('a calendar too small says how many are left', () => {
    expect(assignWaves([wave('1', [], 3)], counts(['13', 5]))).toEqual({ kind: 'over-capacity', left: 2 });
  });
});

test('every piece has exactly one wave, no wave holds more than it may, and the order of a branch is kept', () => {
  const branch = fc.constantFrom('', '01', '13', '27', '33');
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          branches: fc.uniqueArray(branch, { maxLength: 3 }),
          capacity: fc.option(fc.integer({ min: 1, max: 30 })),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      fc.array(branch, { maxLength: 60 }),
      (shapes, pieces) => {
        const named = new Set<string>();
        const waves = shapes.map(({ branches, capacity }, i) => {
          const own = branches.filter((code) => code !== '' && !named.has(code));
          for (const code of own) named.add(code);
          return wave(String(i), own, capacity);
        });
        const totals = new Map<string, number>();
        for (const code of pieces) totals.set(code, (totals.get(code) ?? 0) + 1);
        const plan = assignWaves(waves, totals);
        fc.pre(plan.kind === 'planned');
        const assigner = new WaveAssigner(plan.kind === 'planned' ? plan.shares : []);
        const held = waves.map(() => 0);
        const last = new Map<string, number>();
        for (const code of pieces) {
          const at = assigner.next(code);
          expect(at).toBeGreaterThanOrEqual(last.get(code) ?? 0);
          last.set(code, at);
          held[at - 1] = (held[at - 1] ?? 0) + 1;
        }
        for (const [i, { capacity }] of waves.entries()) expect(held[i]).toBeLessThanOrEqual(capacity ?? Infinity);
        expect(() => assigner.next('13')).toThrow(RangeError);
      },
    ),
  );
});
