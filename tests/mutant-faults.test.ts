// The faults of `npm run test:mutants`: each can still be planted, and the test that must see it still has that title.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FAULTS } from '../tools/mutant-faults.ts';

const root = path.join(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

test('each fault is planted into a text that stands in its file exactly once, and changes it', () => {
  const stale = FAULTS.flatMap(({ name, changes }) =>
    changes
      .filter(({ file, from, to }) => textOf(file).split(from).length !== 2 || from === to)
      .map(({ file, from }) => `${name}: ${file}: ${from}`),
  );
  expect(stale).toEqual([]);
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});

test('each fault names a test that is there', () => {
  const missing = FAULTS.flatMap(({ name, test: named }) => {
    if (named === undefined) return [];
    const [file, title] = named;
    // In quotes of the source, where a quote inside is escaped.
    return textOf(file).includes(title.replaceAll("'", String.raw`\'`)) ? [] : [`${name}: ${file}: ${title}`];
  });
  expect(missing).toEqual([]);
});
