// Room: operations. Orders handed one by one to processes that work side by side, each a file that answers every order with
// a report. When one fails the others end with what they have in hand. Processes, not threads: threads share one heap of
// machine code, on which the engine has been seen to fall (Node 24), and one allocator, which costs a third of the gain.
import { fork } from 'node:child_process';
import type { ChildProcess, Serializable } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { Refusal } from './context.ts';

/** What a lane answers: nothing, a refusal in words for the clerk, or a fault. */
export interface LaneReport {
  readonly refusal?: { readonly code: string; readonly message: string };
  readonly error?: string;
}

/** Wording of a full disk, and null for any other fault: what was finished before stays valid. */
export function diskFull(error: unknown, message: string): LaneReport | null {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? { refusal: { code: 'disk-full', message } } : null;
}

/** A lane in its own process: made of what it is given first, asked until there is nothing left. */
export interface Lane<Order> {
  readonly work: (order: Order) => Promise<LaneReport>;
  readonly close: () => Promise<void>;
}

/** What a lane's script does: it opens itself with the first message and answers each one that follows. */
export function serveLane(open: (given: never) => Lane<never>): void {
  let lane: Lane<never> | null = null;
  process.on('message', (message) => {
    if (lane === null) lane = open(message as never);
    else if (message === null) void lane.close().then(() => process.disconnect());
    else void lane.work(message as never).then((report) => process.send?.(report));
  });
  // An interrupt at the terminal is for whoever hands out the orders; when that one is gone, so is the lane.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit());
}

/**
 * Runs `items` through lanes of `script`; each is given `given`, for each item what `orderOf` makes of it when its
 * turn has come (it may throw: nothing more is begun), and null when there is nothing left. `done` is told of each.
 */
export async function inLanes<Item>(
  script: URL,
  given: Serializable,
  items: readonly Item[],
  {
    orderOf,
    done,
  }: { readonly orderOf: (item: Item) => Serializable | Promise<Serializable>; readonly done: (item: Item) => void },
): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    const worker = fork(script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    try {
      worker.send(given);
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        await handOver(worker, await orderOf(item));
        done(item);
      }
      await leave(worker);
    } catch (error) {
      waiting.length = 0;
      worker.kill('SIGKILL');
      throw error;
    }
  };
  const width = Math.min(availableParallelism(), items.length);
  const outcomes = await Promise.allSettled(Array.from({ length: width }, lane));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

function handOver(worker: ChildProcess, order: Serializable): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const gone = (code: number | null, signal: string | null): void =>
    reject(new Error(`a lane ended: ${signal ?? code}`));
  const settle = (message: Serializable): void => {
    const report = message as LaneReport;
    worker.off('error', reject).off('exit', gone);
    if (report.refusal) reject(new Refusal(report.refusal.code, report.refusal.message));
    else if (report.error !== undefined) reject(new Error(report.error));
    else resolve();
  };
  worker.once('message', settle);
  worker.once('error', reject);
  worker.once('exit', gone);
  worker.send(order);
  return promise;
}

async function leave(worker: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  worker.once('exit', () => resolve());
  worker.send(null as unknown as Serializable);
  await promise;
}
