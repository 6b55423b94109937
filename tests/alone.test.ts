// A few tests, drawn anew each time, pass alone, too: none needs what another one of its file has done. `npm run test:alone`
// tries more of them.
import { expect, inject, test } from 'vitest';
import { listTests, pickTests, runAlone } from '../tools/alone.ts';
import { OUTER_RUN } from './global-setup.ts';

const COUNT = 3;
/** Files whose every test needs a browser, processes or a long run; `npm run test:alone` draws from them, too. */
const SLOW =
  /journeys|office|held-console|catalogue|commands|database-url|faults|full-disk|life-model|golden|alone|rooms|sign-in/;

test('tests drawn at random pass alone', { timeout: 300_000 }, async () => {
  const seed = Date.now() % 1_000_000;
  const outer = JSON.stringify({ connection: inject('connection'), sharedFolder: inject('sharedFolder') });
  const tests = listTests();
  expect(tests.length).toBeGreaterThan(400);
  for (const place of pickTests(
    tests.filter(({ file }) => !SLOW.test(file)),
    COUNT,
    seed,
  ))
    expect(await runAlone(place, { [OUTER_RUN]: outer }), `${place.file}: ${place.title} (seed ${seed})`).toBeNull();
});
