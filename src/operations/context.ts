// Room: operations. What every operation is given: the database, who asks, where progress goes, when to stop.
// Nothing here reads a clock or the environment; the composition root (cli, later server and worker) fills it.
import type { Database } from '../ledger/core/pool.ts';

/** Progress of one step. `total` in the step's own unit (members, pieces, bytes). */
export interface Progress {
  /** Begins a step; the step before it is over. */
  begin(label: string, total: number, unit: string): void;
  /** Says how far the step is, from 0 to its total. */
  reach(done: number): void;
  /** Ends the step. */
  end(): void;
}

export interface Context {
  readonly database: Database;
  /** Who acts, for the journal: a login name, never a member. */
  readonly actor: string;
  readonly progress: Progress;
  /** Asked between chunks: stop after the one in hand. Everything done so far stays done. */
  readonly signal: AbortSignal;
  /** Key of the last four digits of individual numbers; absent = none was given: what needs it is refused. */
  readonly digitsKey?: Uint8Array | undefined;
}

/** A named person who lets through what a rule would refuse, and why: part of the record. */
export interface Override {
  readonly person: string;
  readonly reason: string;
}

/** An override as the journal records it. */
export function overrideCounts(override: Override | null | undefined): { override?: string; reason?: string } {
  return override ? { override: override.person, reason: override.reason } : {};
}

/** Refusals, by code, that a named person may overrule with a reason. */
export const OVERRIDABLE: ReadonlySet<string> = new Set([
  'file-precedes',
  'file-repeats',
  'package-repeats',
  'lot-not-enclosed',
  'file-shrank',
  'file-cut',
  'file-rows-differ',
  'keys-respelled',
  'enrolment-does-not-join',
  'workplaces-missing',
]);

/** "Not like this": the input or the moment is at fault, not the program. The message is Japanese, for the user. */
export class Refusal extends Error {
  readonly code: string;
  /** More lines for the user, none with personal data. */
  readonly details: readonly string[];
  constructor(code: string, message: string, details: readonly string[] = []) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

export const DISK_FULL =
  'ディスクに空きがありません。ここまでに終わった分は有効です。空きを作ってもう一度行うと、続きから始まります。';

/** Whether a fault is a full disk: in the file system's words, or PostgreSQL's (53100 disk_full). */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', '53100'].includes((error as { code?: string } | null)?.code ?? '');
}

/** Thrown between chunks when the signal asks to stop. */
export class Stopped extends Error {
  constructor() {
    super('中断しました。同じコマンドをもう一度実行すると、続きから始まります。');
    this.name = 'Stopped';
  }
}

export function throwIfStopped(context: Context): void {
  if (context.signal.aborted) throw new Stopped();
}

/** Runs `work` over `items`, at most `width` at a time, in order of starting; stops between items when asked to. */
export async function eachAtOnce<T>(
  context: Context,
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const children = Array.from({ length: Math.min(width, items.length) }, async () => {
    while (next < items.length && !failed) {
      throwIfStopped(context);
      const item = items[next++] as T;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  });
  const outcomes = await Promise.allSettled(children);
  const failure = outcomes.find((o) => o.status === 'rejected');
  if (failure) throw failure.reason;
}
