// Room: rules. Which pieces are posted when: the profile's calendar of waves, by branch, date and capacity, and the shares
// of each branch that go into each wave. Source: 000 and 001 (送付は7月下旬から10月下旬, all by 2025-12-01).
import type { LocalDate } from '../words/local-date.ts';

/** One wave of the calendar. */
export interface Wave {
  /** 「第1波」 */
  readonly name: string;
  /** First and last day on which its pieces may be posted, both included. */
  readonly postFrom: LocalDate;
  readonly postThrough: LocalDate;
  /** Pieces it may hold at most, or null. */
  readonly capacity: number | null;
  /** Branch codes, in the order they are taken; empty = every branch no wave names. */
  readonly branches: readonly string[];
}

/** A run of a branch's pieces, in number order, that goes into one wave. */
export interface WaveShare {
  /** From 1, in the order of the calendar. */
  readonly wave: number;
  /** '' = pieces whose workplace has no branch, or no workplace at all. */
  readonly branchCode: string;
  readonly pieceCount: number;
}

export type WavePlan =
  | { readonly kind: 'planned'; readonly shares: readonly WaveShare[] }
  /** The calendar holds fewer pieces than there are: nobody is posted late in silence. */
  | { readonly kind: 'over-capacity'; readonly left: number };

/**
 * Gives every piece a wave. A branch goes into the wave that names it; one no wave names, and pieces without a branch, go
 * into the wave for all others, else into the last. What a wave cannot hold goes over to the next, before that one's own.
 */
export function assignWaves(waves: readonly Wave[], pieceCounts: ReadonlyMap<string, number>): WavePlan {
  if (waves.length === 0) throw new RangeError('no waves');
  const shares: WaveShare[] = [];
  let waiting: { branchCode: string; pieceCount: number }[] = [];
  for (const [i, wave] of waves.entries()) {
    const own = branchesOf(waves, i, [...pieceCounts.keys()]).map((branchCode) => ({
      branchCode,
      pieceCount: pieceCounts.get(branchCode) ?? 0,
    }));
    let room = wave.capacity ?? Infinity;
    const over: typeof waiting = [];
    for (const { branchCode, pieceCount } of [...waiting, ...own]) {
      const taken = Math.min(room, pieceCount);
      room -= taken;
      if (taken > 0) shares.push({ wave: i + 1, branchCode, pieceCount: taken });
      if (taken < pieceCount) over.push({ branchCode, pieceCount: pieceCount - taken });
    }
    waiting = over;
  }
  const left = waiting.reduce((sum, share) => sum + share.pieceCount, 0);
  return left > 0 ? { kind: 'over-capacity', left } : { kind: 'planned', shares };
}

/** The branches that belong to a wave, in the order they are taken. */
function branchesOf(waves: readonly Wave[], i: number, known: readonly string[]): string[] {
  const named = new Set(waves.flatMap((wave) => wave.branches));
  const rest = waves.findIndex((wave) => wave.branches.length === 0);
  const takesOthers = i === (rest === -1 ? waves.length - 1 : rest);
  const own = (waves[i]?.branches ?? []).filter((code) => known.includes(code));
  return takesOthers ? [...own, ...known.filter((code) => !named.has(code)).toSorted()] : own;
}

/** Takes a branch's pieces in number order and says the wave of each; made once a plan. */
export class WaveAssigner {
  readonly #left = new Map<string, { wave: number; left: number }[]>();

  constructor(shares: readonly WaveShare[]) {
    for (const { branchCode, wave, pieceCount } of shares) {
      const list = this.#left.get(branchCode) ?? [];
      list.push({ wave, left: pieceCount });
      this.#left.set(branchCode, list);
    }
  }

  /** @throws RangeError where the branch has no share left: the plan was made of other pieces. */
  next(branchCode: string): number {
    const list = this.#left.get(branchCode) ?? [];
    while (list[0]?.left === 0) list.shift();
    const share = list[0];
    if (share === undefined) throw new RangeError(`no share left for branch ${branchCode}`);
    share.left -= 1;
    return share.wave;
  }
}
