import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { drawLifecycle } from '../docs/papers/lifecycle-picture.ts';

test('the picture in docs is the table’s', () => {
  expect(readFileSync(path.join(import.meta.dirname, '..', 'docs', 'lifecycle.md'), 'utf8')).toBe(drawLifecycle());
});
