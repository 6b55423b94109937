// States of papers are listed in one place, the table of transitions (src/rules/papers/lifecycle.ts); every other list follows
// from it, or is here with why it stands by itself.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { TRANSITIONS } from '../src/rules/papers/lifecycle.ts';

const ROOT = path.join(import.meta.dirname, '..');
const STATES = new Set<string>(TRANSITIONS.flatMap((t) => [t.from, t.to]));

/** Lists of two states or more that stand by themselves, by file. */
const OWN_LISTS: Readonly<Record<string, string>> = {
  'src/rules/papers/lifecycle.ts': 'the table',
  'src/ledger/schema/migrations/003_papers.sql':
    'the table as the database holds it, and its beginnings; tests compare',
  'src/ledger/schema/migrations/004_printing.sql': 'what a batch counts; tests/rules-in-sql.test.ts compares',
  'web/pages/listed-states.ts': 'orders on screen; its test compares',
};

/** Source files of a folder. */
function files(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:tsx?|sql)$/.test(name) && !/\.test\.ts$|^(?:dist|tests)\/|schema\.sql$/.test(name))
    .map((name) => path.join(folder, name));
}

/** Runs of quoted words between commas, or joined by `||` and `or`, that are all states. */
function listsIn(text: string): string[] {
  const quoted = String.raw`'[a-z]+(?:-[a-z]+)*'`;
  const lists = [...text.matchAll(new RegExp(`${quoted}(?:\\s*,\\s*${quoted})+`, 'g'))].map(([list]) => list);
  const tests = [
    ...text.matchAll(
      new RegExp(`\\w[\\w.]* [!=]== (${quoted})(?: (?:\\|\\||&&) \\(?\\w[\\w.]* [!=]== ${quoted})+`, 'g'),
    ),
  ].map(([list]) => list);
  return [...lists, ...tests].filter((list) => {
    const words = [...list.matchAll(/'([a-z-]+)'/g)].map((match) => match[1]!);
    return words.length > 1 && words.every((word) => STATES.has(word));
  });
}

test('a list of states is found, whichever way it is written', () => {
  expect(listsIn(`s.state in ('spoiled', 'destroyed')`)).toHaveLength(1);
  expect(listsIn(`const A = [\n  'held',\n  'printed',\n];`)).toHaveLength(1);
  expect(listsIn(`if (state === 'issued' || state === 'missing') return;`)).toHaveLength(1);
  expect(listsIn(`x(state !== 'made' && other.state !== 'void')`)).toHaveLength(1);
  expect(listsIn(`kind in ('members', 'workplaces'), state = 'held'`)).toEqual([]);
});

test('no list of states stands outside the table, but for those that say why', () => {
  const found = ['src', 'web'].flatMap(files).filter((file) => {
    return listsIn(readFileSync(path.join(ROOT, file), 'utf8')).length > 0;
  });
  expect(found.filter((file) => !(file in OWN_LISTS))).toEqual([]);
  expect(Object.keys(OWN_LISTS).filter((file) => !found.includes(file))).toEqual([]);
});
