// Room: ledger. Questions that travel together: one message to the database, one answer, one transaction. PostgreSQL takes
// everything before a Sync as one transaction (protocol, "Pipelining"), so that there is no `begin` and no `commit` to wait
// for, and what a question needs set before it (whose eyes it has) is set by the statement in front of it.
import type pg from 'pg';

/** A statement that only reads, with its values: texts, numbers, booleans, null, and arrays of these. */
export interface Question {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A question with the name under which each connection keeps its statement; '' = not kept. */
export interface NamedQuestion extends Question {
  readonly name: string;
}

type Row = Record<string, unknown>;
type ParserOf = (oid: number) => (text: string) => unknown;

/** How the columns of a statement are read. */
interface Column {
  readonly name: string;
  readonly read: (text: string) => unknown;
}

/** What each connection has been told of: statements by name, with their columns. */
const known = new WeakMap<pg.Connection, Map<string, readonly Column[]>>();

/** Sends the questions over one connection. Rows of each in order, or the first error: then nothing after it was run. */
export async function fly(
  client: pg.ClientBase,
  questions: readonly NamedQuestion[],
  parserOf: ParserOf,
): Promise<Row[][]> {
  const told = questions.map(({ name, text, values }) => ({ name, text, values: values.map(asText) }));
  return new Promise((resolve, reject) => {
    // (pg's own promise keeps each answer reachable from the one before until the next full collection.)
    client.query(new Flight(told, parserOf, resolve, reject));
  });
}

interface Told {
  readonly name: string;
  readonly text: string;
  readonly values: (string | null)[];
}

/** What `pg` asks of whatever it sends: messages out, messages in, in the order of the protocol. */
class Flight {
  readonly #questions: readonly Told[];
  readonly #parserOf: ParserOf;
  readonly #land: (rows: Row[][]) => void;
  readonly #fail: (error: Error) => void;
  #statements = new Map<string, readonly Column[]>();
  #columns: readonly Column[] = [];
  #rows: Row[] = [];
  readonly #answers: Row[][] = [];
  #error: Error | null = null;

  constructor(
    questions: readonly Told[],
    parserOf: ParserOf,
    land: (rows: Row[][]) => void,
    fail: (error: Error) => void,
  ) {
    this.#questions = questions;
    this.#parserOf = parserOf;
    this.#land = land;
    this.#fail = fail;
    this.#expect();
  }

  /** The columns of the statement that is answered next, where they are known. */
  #expect(): void {
    this.#rows = [];
    this.#columns = this.#statements.get(this.#questions[this.#answers.length]?.name ?? '') ?? [];
  }

  submit(connection: pg.Connection): null {
    this.#statements = known.get(connection) ?? new Map();
    known.set(connection, this.#statements);
    const told = new Set<string>();
    connection.stream.cork();
    try {
      for (const { name, text, values } of this.#questions) {
        const isNew = name === '' || (!this.#statements.has(name) && !told.has(name));
        if (isNew) connection.parse({ name, text, types: [] }, true);
        connection.bind({ statement: name, values }, true);
        if (isNew) connection.describe({ type: 'P' }, true);
        connection.execute(null, true);
        told.add(name);
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
    this.#expect();
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
    const { name } = this.#questions[this.#answers.length]!;
    if (name !== '') this.#statements.set(name, this.#columns);
    this.#answers.push(this.#rows);
    this.#expect();
  }

  handleError(error: Error): void {
    this.#fail(error);
  }

  handleReadyForQuery(): void {
    if (this.#error) this.#fail(this.#error);
    else this.#land(this.#answers);
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
  throw new Error('a question takes texts, numbers, booleans, null and arrays of these');
}
