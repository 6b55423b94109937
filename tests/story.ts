// Tests that are one story: each goes on where the one before it ended.
import { test } from 'vitest';

interface Step {
  readonly title: string;
  readonly play: () => unknown;
  /** Played once, for the test that asks first. */
  done?: Promise<unknown>;
}

/** Long enough for a step that is run alone and plays all those before it. */
const TIMEOUT = 600_000;

const played = (step: Step): Promise<unknown> => (step.done ??= Promise.resolve().then(step.play));

/**
 * Makes a function like `test` for the steps of a story. Each step is a test of its own; run alone (`-t`), it first plays the
 * steps before it. After a step that fails, the later ones only say which it was.
 */
export function story(): (title: string, play: () => unknown) => void {
  const steps: Step[] = [];
  return (title, play) => {
    const before = [...steps];
    const own: Step = { title, play };
    steps.push(own);
    const run = async (): Promise<void> => {
      for (const step of before)
        await played(step).catch(() => {
          throw new Error(`the story failed before: ${step.title}`);
        });
      await played(own);
    };
    test(title, run, TIMEOUT);
  };
}
