import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NONE, choose, chosenCount, isChosen } from './selection.ts';
import type { Chosen } from './selection.ts';

test('all but three of 12,345', () => {
  const all = choose({ kind: 'all', except: new Set() }, ['a', 'b', 'c'], false);
  expect(chosenCount(all, 12_345)).toBe(12_342);
  expect(isChosen(all, 'a')).toBe(false);
  expect(isChosen(all, 'd')).toBe(true);
  expect(chosenCount(choose(all, ['a'], true), 12_345)).toBe(12_343);
});

test('whatever is put in and taken out, the count is the number of rows that are in', () => {
  const rows = ['1', '2', '3', '4', '5', '6'];
  const steps = fc.array(fc.tuple(fc.subarray(rows), fc.boolean()));
  fc.assert(
    fc.property(fc.boolean(), steps, (all, moves) => {
      let chosen: Chosen = all ? { kind: 'all', except: new Set() } : NONE;
      let wanted = new Set(all ? rows : []);
      for (const [ids, put] of moves) {
        chosen = choose(chosen, ids, put);
        wanted = new Set(put ? [...wanted, ...ids] : [...wanted].filter((id) => !ids.includes(id)));
      }
      expect(rows.filter((id) => isChosen(chosen, id))).toEqual(rows.filter((id) => wanted.has(id)));
      expect(chosenCount(chosen, rows.length)).toBe(wanted.size);
    }),
  );
});
