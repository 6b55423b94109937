// Random lives of a small population's papers, by several actors, against a simple model: after every step each paper is
// where the model says, and the books balance. Each life is undone, so that thousands are cheap; fast-check shrinks a
// difference to the shortest story that tells it. TODOKE_MODEL_RUNS sets how many (default 600, the
// same on every machine, so that a change is judged by what it did; `npm run test:lives` plays 20,000 drawn anew each time),
// TODOKE_MODEL_SEED which (a failure names its seed).
import fc from 'fast-check';
import { beforeAll, test } from 'vitest';
import { STEPS } from './life-steps.ts';
import type { Step } from './life-steps.ts';
import { PAST, live, openPopulation, openStart } from './life-world.ts';
import type { Beginning, Population, Start } from './life-world.ts';

const MOST_STEPS = 16;
const RUNS = Number(process.env['TODOKE_MODEL_RUNS'] ?? 600);
const asked = process.env['TODOKE_MODEL_SEED'] ?? '20251202';
const seed = asked === 'new' ? Date.now() % 1_000_000 : Number(asked);
/** A failure is enough, its shortest story not asked for (tools/mutants.ts). */
const isHurried = process.env['TODOKE_MODEL_HURRIED'] === '1';
/** Lives side by side, as a lane waits for its database most of the time; each lane has its own places to begin. */
const SHARES = 4;
const STARTS = isHurried ? 2 : 5;

let population: Population;
const lanes: Start[][] = [];

/** Some have everything released, and some everything gone, so that lots can be closed. */
function beginnings({ setting: { lots, pieces } }: Population): fc.Arbitrary<Beginning> {
  const all = <T>(length: number, value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.oneof(
      fc.array(value, { minLength: length, maxLength: length }),
      value.map((v) => Array<T>(length).fill(v)),
    );
  return fc.record({
    released: fc.oneof(fc.constant(lots.map(() => true)), all(lots.length, fc.boolean())),
    past: all(pieces.length, fc.constantFrom(...(['posted', ...Object.keys(PAST)] as (keyof typeof PAST)[]))),
  });
}

beforeAll(async () => {
  population = await openPopulation();
  const drawn = fc.sample(beginnings(population), { numRuns: SHARES * STARTS, seed });
  for (let share = 0; share < SHARES; share++) {
    const starts: Start[] = [];
    for (let i = 0; i < STARTS; i++) starts.push(await openStart(population, drawn[share * STARTS + i]!));
    lanes.push(starts);
  }
});

test(`${RUNS} random lives agree with a simple model, and the books balance`, { timeout: 3_600_000 }, async () => {
  const steps = fc.commands(
    STEPS.flatMap(([weight, one]) => Array<fc.Arbitrary<Step>>(weight).fill(one)),
    { maxCommands: MOST_STEPS, size: 'max' },
  );
  await Promise.all(
    lanes.map((starts, share) => {
      const isErased = fc.integer({ min: 0, max: 15 }).map((n) => n === 15);
      const lives = fc.asyncProperty(fc.nat(STARTS - 1), isErased, steps, (at, erased, commands) =>
        live(population, starts[at]!, share, erased, (model, world) =>
          fc.asyncModelRun(() => ({ model, real: world }), commands),
        ),
      );
      return fc.assert(lives, { numRuns: Math.ceil(RUNS / SHARES), seed: seed + share, endOnFailure: isHurried });
    }),
  );
});
