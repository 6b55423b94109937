// Room: ledger. Statements that travel together: one message to the database, one answer, one transaction. PostgreSQL takes
// everything before a Sync as one transaction (protocol, "Pipelining"), so there is no `begin` and no `commit` to wait for.
// A statement that sets something for the others (whose rows they may see) is simply the first of them.
//
// This uses `pg`'s own protocol classes, which its documentation does not promise; `tests/pg-protocol.test.ts` checks
// everything used here and fails by name when a new version of `pg` changes it.
import type pg from 'pg';

/** A statement that only reads, with its values: texts, numbers, booleans, null, and arrays of these. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A statement with the name under which each connection keeps it prepared; '' = it is not kept. */
export interface PreparedStatement extends Statement {
  readonly name: string;
}

type Row = Record<string, unknown>;
type ParserOf = (oid: number) => (text: string) => unknown;

/** How a column of the answer is read. */
interface Column {
  readonly name: string;
  readonly read: (text: string) => unknown;
}

/** What each connection has prepared: the columns of each statement, by its name. */
const preparedOn = new WeakMap<pg.Connection, Map<string, readonly Column[]>>();

/**
 * Sends the statements over one connection in one message. Answers the rows of each, in order, or rejects with the first
 * error; the statements after it were not run.
 */
export async function sendTogether(
  client: pg.ClientBase,
  statements: readonly PreparedStatement[],
  parserOf: ParserOf,
): Promise<Row[][]> {
  const encoded = statements.map(({ name, text, values }) => ({ name, text, values: values.map(asText) }));
  return new Promise((resolve, reject) => {
    // (pg's own promise keeps each answer reachable from the one before until the next full collection.)
    client.query(new Pipeline(encoded, parserOf, resolve, reject));
  });
}

/** A statement whose values are texts, as the protocol takes them. */
interface EncodedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: (string | null)[];
}

/** What `pg` sends and hands the answer to: messages out, messages in, in the order of the protocol. */
export class Pipeline {
  readonly #statements: readonly EncodedStatement[];
  readonly #parserOf: ParserOf;
  readonly #resolve: (rows: Row[][]) => void;
  readonly #reject: (error: Error) => void;
  #prepared = new Map<string, readonly Column[]>();
  #columns: readonly Column[] = [];
  #rows: Row[] = [];
  readonly #answers: Row[][] = [];
  #error: Error | null = null;

  constructor(
    statements: readonly EncodedStatement[],
    parserOf: ParserOf,
    resolve: (rows: Row[][]) => void,
    reject: (error: Error) => void,
  ) {
    this.#statements = statements;
    this.#parserOf = parserOf;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#startNextAnswer();
  }

  /** Makes ready for the answer of the next statement; its columns are known where it was prepared before. */
  #startNextAnswer(): void {
    this.#rows = [];
    this.#columns = this.#prepared.get(this.#statements[this.#answers.length]?.name ?? '') ?? [];
  }

  submit(connection: pg.Connection): null {
    this.#prepared = preparedOn.get(connection) ?? new Map();
    preparedOn.set(connection, this.#prepared);
    const sent = new Set<string>();
    connection.stream.cork();
    try {
      for (const { name, text, values } of this.#statements) {
        const isNew = name === '' || (!this.#prepared.has(name) && !sent.has(name));
        if (isNew) connection.parse({ name, text, types: [] }, true);
        connection.bind({ statement: name, values }, true);
        if (isNew) connection.describe({ type: 'P' }, true);
        connection.execute(null, true);
        sent.add(name);
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
    this.#startNextAnswer();
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly pg.FieldDef[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, read: this.#parserOf(dataTypeID) }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const row: Row = {};
    try {
      for (const [i, { name, read }] of this.#columns.entries()) {
        const text = fields[i] ?? null;
        row[name] = text === null ? null : read(text);
      }
    } catch (error) {
      this.#error ??= error as Error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete(): void {
    const { name } = this.#statements[this.#answers.length]!;
    if (name !== '') this.#prepared.set(name, this.#columns);
    this.#answers.push(this.#rows);
    this.#startNextAnswer();
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#error) this.#reject(this.#error);
    else this.#resolve(this.#answers);
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete();
  }

  /** Nothing here copies, and no portal is left open. */
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}

/** A value as the protocol takes it. */
export function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const items = value.map((item) => {
      const text = asText(item);
      return text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, (c) => `\\${c}`)}"`;
    });
    return `{${items.join(',')}}`;
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error('a statement takes texts, numbers, booleans, null and arrays of these');
}
