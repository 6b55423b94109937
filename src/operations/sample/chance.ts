// Room: operations. Chance that can be repeated: a seeded generator, and a deck that deals reasons out so that each
// occurs exactly as often as asked. No clock, no Math.random.
import type { FileReason } from '../../rules/issuing/targeting.ts';

/** sfc32 (public domain): small, fast, good enough for made-up people. The same seed gives the same numbers. */
export class Chance {
  #a: number;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #counter = 1;

  /** @param seed any integer; its lower 32 bits count. */
  constructor(seed: number) {
    this.#a = seed | 0;
    for (let i = 0; i < 15; i++) this.next();
  }

  /** 0 ≤ x < 1 */
  next(): number {
    const t = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  }

  /** An integer, 0 ≤ i < n. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** Any entry of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** An entry of a list that has the common ones first: the first tenth comes about once in three times. */
  pickCommon<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() ** 2 * list.length)] as T;
  }

  /** True so often: 0 = never, 1 = always. */
  happens(share: number): boolean {
    return this.next() < share;
  }
}

/**
 * How many members get each reason; all others are `verifiable`. 日雇 (`day-labourer`) is a class of whole households,
 * so it is dealt by household, every other reason by person.
 */
export type Breakdown = Readonly<Partial<Record<FileReason, number>>>;

/** Deals each reason exactly as often as asked, spread evenly. */
export class Deck {
  readonly #counts: [FileReason, number][];
  readonly #chance: Chance;
  #ordinary: number;
  #labourers: number;

  /** @throws RangeError where the counts are more than the members. */
  constructor(members: number, breakdown: Breakdown, chance: Chance) {
    this.#labourers = breakdown['day-labourer'] ?? 0;
    this.#counts = Object.entries(breakdown)
      .filter(([reason]) => reason !== 'day-labourer')
      .map(([reason, count]) => [reason as FileReason, count]);
    this.#ordinary = members - this.#labourers;
    this.#chance = chance;
    if (this.#counts.reduce((sum, [, count]) => sum + count, 0) > this.#ordinary) {
      throw new RangeError('more reasons than members');
    }
  }

  /** The reasons of a household of at most `size` members; fewer where the deck runs out. Never empty before its end. */
  dealHousehold(size: number): FileReason[] {
    const dealsLabourers = this.#chance.below(this.#ordinary + this.#labourers) < this.#labourers;
    if (dealsLabourers) {
      const count = Math.min(size, this.#labourers);
      this.#labourers -= count;
      return Array.from({ length: count }, () => 'day-labourer');
    }
    return Array.from({ length: Math.min(size, this.#ordinary) }, () => this.#deal());
  }

  #deal(): FileReason {
    let at = this.#chance.below(this.#ordinary);
    this.#ordinary -= 1;
    for (const entry of this.#counts) {
      if (at < entry[1]) {
        entry[1] -= 1;
        return entry[0];
      }
      at -= entry[1];
    }
    return 'verifiable';
  }
}
