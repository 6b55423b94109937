import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchPlanner, PAGES_PER_CERTIFICATE } from './print-batches.ts';
import type { PlannedBatch } from './print-batches.ts';

function plan(sizes: readonly number[], pagesPerFile: number): PlannedBatch[] {
  const planner = new BatchPlanner(pagesPerFile);
  const batches = sizes.map((certificateCount, i) =>
    planner.add({ mailpieceNumber: String(20001000000000 + i), certificateCount }),
  );
  return [...batches, planner.finish()].filter((batch) => batch !== null);
}

test('every piece is in one batch, in order, and no file is longer than the limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 }),
      fc.integer({ min: 24, max: 80 }),
      (sizes, pages) => {
        const batches = plan(sizes, pages);
        let next = 0;
        for (const batch of batches) {
          const held = sizes.slice(next, next + batch.mailpieceCount);
          expect(batch.firstMailpiece).toBe(String(20001000000000 + next));
          expect(batch.certificateCount).toBe(held.reduce((sum, count) => sum + count, 0));
          expect(batch.certificateCount * PAGES_PER_CERTIFICATE).toBeLessThanOrEqual(pages);
          next += batch.mailpieceCount;
          expect(batch.lastMailpiece).toBe(String(20001000000000 + next - 1));
        }
        expect(next).toBe(sizes.length);
      },
    ),
  );
});

test('a piece larger than a file has a batch of its own', () => {
  expect(plan([1, 9, 1], 4).map((batch) => batch.certificateCount)).toEqual([1, 9, 1]);
});

test('no piece makes no batch', () => {
  expect(plan([], 2000)).toEqual([]);
});
