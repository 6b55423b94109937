// Room: ledger. Statements put together from the filters that are set: what is not asked for is not in them, so that each
// has the plan of its own question.

/** Parameters of a statement: each value once, named by its place. */
export class Values {
  readonly list: unknown[] = [];
  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
  /** `and column = value`, or nothing where there is no value. */
  and(column: string, value: unknown): string {
    return value === null ? '' : ` and ${column} = ${this.add(value)}`;
  }
}

/** Words of the rules as SQL to stand after `in`: none of them holds a quote. */
export const wordList = (words: readonly string[]): string => `('${words.join("', '")}')`;
