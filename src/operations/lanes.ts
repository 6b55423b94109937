// Room: operations. Orders handed one by one to threads that work side by side, each a file that answers every order with
// a report. When one fails the others end with what they have in hand.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Refusal } from './context.ts';

/** What a thread answers: nothing, a refusal in words for the clerk, or a fault. */
export interface LaneReport {
  readonly refusal?: { readonly code: string; readonly message: string };
  readonly error?: string;
}

/** Wording of a full disk, and null for any other fault: what was finished before stays valid. */
export function diskFull(error: unknown, message: string): LaneReport | null {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? { refusal: { code: 'disk-full', message } } : null;
}

/**
 * Runs `items` through threads of `script`; each thread gets `workerData`, for each item what `orderOf` makes of it when its
 * turn has come (it may throw: nothing more is begun), and null when there is nothing left. `done` is told of each.
 */
export async function inLanes<Item>(
  script: URL,
  workerData: unknown,
  items: readonly Item[],
  { orderOf, done }: { readonly orderOf: (item: Item) => unknown; readonly done: (item: Item) => void },
): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    const worker = new Worker(script, { workerData });
    try {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        await handOver(worker, await orderOf(item));
        done(item);
      }
      await leave(worker);
    } catch (error) {
      waiting.length = 0;
      await worker.terminate();
      throw error;
    }
  };
  const width = Math.min(availableParallelism(), items.length);
  const outcomes = await Promise.allSettled(Array.from({ length: width }, lane));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

function handOver(worker: Worker, order: unknown): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const settle = (report: LaneReport): void => {
    worker.off('error', reject);
    if (report.refusal) reject(new Refusal(report.refusal.code, report.refusal.message));
    else if (report.error !== undefined) reject(new Error(report.error));
    else resolve();
  };
  worker.once('message', settle);
  worker.once('error', reject);
  worker.postMessage(order);
  return promise;
}

async function leave(worker: Worker): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  worker.once('exit', () => resolve());
  worker.postMessage(null);
  await promise;
}
