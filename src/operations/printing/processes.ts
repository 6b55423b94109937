// Room: operations. Orders handed one by one to processes that work side by side, each a file that answers every order with
// a report. When one fails the others end with what they have in hand. Processes, not threads: threads share one heap of
// machine code, on which the engine has been seen to fall (Node 24), and one allocator, which costs a third of the gain.
import { fork } from 'node:child_process';
import type { ChildProcess, Serializable } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { DISK_FULL, Refusal, isDiskFull } from '../context.ts';

/** What a process answers: nothing, a refusal in words for the clerk, or a fault. */
export interface ProcessReport {
  readonly refusal?: { readonly code: string; readonly message: string };
  readonly error?: string;
}

/** What a process says of a fault: `place` is the order it was working on. */
export function reportOf(error: unknown, place: string): ProcessReport {
  if (error instanceof Refusal) return { refusal: { code: error.code, message: error.message } };
  if (isDiskFull(error)) return { refusal: { code: 'disk-full', message: DISK_FULL } };
  return { error: `${place}: ${(error as Error).message}` };
}

/** The work of a child process: made of what it is sent first, then asked order by order. */
export interface ChildWork<Order> {
  readonly work: (order: Order) => Promise<ProcessReport>;
  readonly close: () => Promise<void>;
}

/**
 * What a process's script does: it opens itself with the first message, reports on that, and then on each order that follows.
 */
export function serveProcess(open: (given: never) => ChildWork<never>): void {
  let child: ChildWork<never> | null = null;
  const opened = (given: unknown): ProcessReport => {
    try {
      child = open(given as never);
      return {};
    } catch (error) {
      return reportOf(error, '処理を分け持つプロセスを始められません');
    }
  };
  process.on('message', (message) => {
    if (child === null) process.send?.(opened(message));
    else if (message === null) void child.close().then(() => process.disconnect());
    else void child.work(message as never).then((report) => process.send?.(report));
  });
  // An interrupt at the terminal is for the parent, which hands out the orders; when the parent is gone, this process ends too.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit());
}

/**
 * Runs `items` through processes of `script`. Each process is sent `given`, then for each of its items what `orderOf` makes of
 * it when its turn has come (it may throw: nothing more is begun), and null at the end. `done` is called after each item.
 */
export async function inProcesses<Item>(
  script: URL,
  given: Serializable,
  items: readonly Item[],
  {
    orderOf,
    done,
  }: { readonly orderOf: (item: Item) => Serializable | Promise<Serializable>; readonly done: (item: Item) => void },
): Promise<void> {
  const waiting = [...items];
  const child = async (): Promise<void> => {
    const process = new ChildEntry(script);
    try {
      await process.ask(given);
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        await process.ask(await orderOf(item));
        done(item);
      }
      await process.leave();
    } catch (error) {
      waiting.length = 0;
      process.kill();
      throw error;
    }
  };
  const width = Math.min(availableParallelism(), items.length);
  const outcomes = await Promise.allSettled(Array.from({ length: width }, child));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

/** A child process as its parent has it: asked one thing at a time; it may fail to begin, or end at any moment. */
class ChildEntry {
  readonly #child: ChildProcess;
  #gone: Error | null = null;
  #settle: ((answer: ProcessReport | Error) => void) | null = null;

  constructor(script: URL) {
    try {
      this.#child = fork(script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    } catch (error) {
      // Where a process cannot begin, Node throws in some cases and emits `error` in others.
      throw notBegun(error as NodeJS.ErrnoException);
    }
    this.#child.on('message', (report) => this.#settle?.(report as ProcessReport));
    this.#child.on('error', (error) => this.#end(notBegun(error)));
    this.#child.on('exit', (code, signal) => this.#end(endedEarly(code, signal)));
  }

  #end(error: Error): void {
    this.#gone ??= error;
    this.#settle?.(this.#gone);
  }

  /** @throws Refusal what the process refuses, or that the machine has no room for it; Error its fault */
  async ask(order: Serializable): Promise<void> {
    const answer = await new Promise<ProcessReport | Error>((resolve) => {
      this.#settle = resolve;
      if (this.#gone) resolve(this.#gone);
      // A process that has ended cannot be sent anything; its `exit` event settles this.
      else if (this.#child.connected) this.#child.send(order, () => undefined);
    });
    this.#settle = null;
    if (answer instanceof Error) throw answer;
    if (answer.refusal) throw new Refusal(answer.refusal.code, answer.refusal.message);
    if (answer.error !== undefined) throw new Error(answer.error);
  }

  async leave(): Promise<void> {
    if (this.#gone || !this.#child.connected) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#child.once('exit', () => resolve());
    this.#child.send(null as unknown as Serializable, () => undefined);
    await promise;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

const GOES_ON = 'ここまでに終わった分は有効です。もう一度行うと、続きから始まります。';

/** No room for another process: memory, or their number. */
function notBegun(error: NodeJS.ErrnoException): Refusal {
  const why = `処理を分け持つプロセスを始められません（${error.code ?? error.message}）。`;
  return new Refusal('process-not-started', `${why}メモリと、動かせるプロセスの数に空きを作ってください。${GOES_ON}`);
}

/** Ended from outside (the system does so where memory runs out), or by a fault that it has reported. */
function endedEarly(code: number | null, signal: string | null): Error {
  const what = '処理を分け持つプロセスが途中で終わりました';
  return signal === null
    ? new Error(`${what}（終了コード ${code}）。${GOES_ON}`)
    : new Refusal('process-ended', `${what}（${signal}）。メモリに空きがあるかを確かめてください。${GOES_ON}`);
}
