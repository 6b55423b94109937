// Room: ledger. One way to PostgreSQL: a pool, transactions, and COPY in both directions as lines of values.
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { fly } from './pipeline.ts';
import type { Question } from './pipeline.ts';
import type { Connection } from './server.ts';

// Dates stay `YYYY-MM-DD` strings and bigints become numbers (ours stay below 2^53).
const DATE = 1082;
const INT8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === DATE) return (text: string) => text;
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format);
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** Asks, and changes nothing. What only reads in this room's statement files takes one of these. */
export interface Reader {
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One connection inside a transaction. What writes in this room's statement files takes one of these. */
export interface Transaction extends Reader {
  /** Rows written (`insert`, `update`, `delete`). */
  execute(sql: string, values?: readonly unknown[]): Promise<number>;
  /** `COPY … FROM STDIN`: writes COPY text (lines made by `copyLine`, or gathered as bytes), with back-pressure. */
  copyIn(sql: string, text: AsyncIterable<string> | Iterable<string> | CopyText): Promise<void>;
  /** `COPY … TO STDOUT`: batches of lines, each still COPY text; split one with `copyFields`. */
  copyOut(sql: string): AsyncIterable<string[]>;
}

export interface Database {
  /** How this database was reached, for a thread that opens its own connections. */
  readonly connection: Connection;
  /**
   * Runs `work` in one transaction; rolls back when it throws. `opening`: statements without values sent along with the
   * `begin`, in the same message; what runs behind it is a page's question, asked again and again, so each connection
   * keeps it parsed (of a short question behind a wall, the policies' planning was most).
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, opening?: string): Promise<T>;
  /**
   * Runs `work`, which only reads. Questions asked in one breath (before anything is awaited: `Promise.all`) are one round
   * trip and one transaction; a later breath is another. `opening` goes in front of each, in its transaction.
   */
  read<T>(work: (reader: Reader) => Promise<T>, opening?: Opening): Promise<T>;
  /** One statement that is a transaction by itself: one round trip. Planned once a connection, under `name`. */
  statement<Row extends object>(name: string, sql: string, values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** What stands in front of each transaction of a reader. */
export interface Opening {
  /** A `select` of function calls, asked for anew each time: who was let in once may need less the next time. */
  readonly question: () => Question;
  /** Told when its transaction was answered. */
  readonly passed?: () => void;
}

/** Opens a pool. `size` = connections at most. */
export function openDatabase(connection: Connection, size = 8): Database {
  const pool = new pg.Pool({
    ...connection,
    max: size,
    // A station that waits for its next scan still uses the embedded server: who leaves counts connections.
    idleTimeoutMillis: 0,
    types,
    application_name: 'todoke',
    options: '-c search_path=todoke,public -c datestyle=ISO,YMD -c client_min_messages=warning',
  });
  // A connection that breaks while idle is replaced on the next use; the statement that needs it will say so.
  pool.on('error', () => undefined);
  return {
    connection,
    transaction: (work, opening = '') => inTransaction(pool, work, opening),
    read: (work, opening) => work(readerOn(pool, opening)),
    statement: async <Row extends object>(name: string, text: string, values: readonly unknown[]) =>
      (await pool.query<Row>({ name, text, values: [...values] })).rows,
    close: () => pool.end(),
  };
}

/**
 * Nothing is written, whatever is asked; and each statement is planned once a connection, for any values: behind a wall
 * planning costs more than the answer, and told the values the planner takes what it thinks rare for free (of pieces behind
 * a wall it then reads all of a state instead of a page).
 */
const READ_ONLY = `set_config('transaction_read_only', 'on', true), set_config('plan_cache_mode', 'force_generic_plan', true)`;

function readOnly(question: Question | undefined): Question {
  if (!question) return { text: `select ${READ_ONLY}`, values: [] };
  return { text: `${question.text}, ${READ_ONLY}`, values: question.values };
}

interface Asked {
  readonly question: Question;
  readonly answer: (rows: never[]) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Questions and a step that makes partitions may each hold what the other waits for. PostgreSQL ends one of the two, the
 * questions for all we know: they have changed nothing and are asked again.
 */
const DEADLOCK = '40P01';
const MOST_CROSSINGS = 5;

function readerOn(pool: pg.Pool, opening: Opening | undefined): Reader {
  let breath: Asked[] = [];
  const send = async (): Promise<void> => {
    const asked = breath;
    breath = [];
    try {
      const answers = await land(asked.map(({ question }) => question));
      for (const [i, { answer }] of asked.entries()) answer(answers[i] as never[]);
    } catch (error) {
      for (const { fail } of asked) fail(error);
    }
  };
  const land = async (questions: readonly Question[], triesLeft = MOST_CROSSINGS): Promise<object[][]> => {
    try {
      const [, ...answers] = await flyOver(pool, [readOnly(opening?.question()), ...questions]);
      opening?.passed?.();
      return answers;
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || triesLeft === 0) throw error;
      return land(questions, triesLeft - 1);
    }
  };
  return {
    query: (text, values = []) =>
      byWhoAsked(
        new Promise((answer, fail) => {
          if (breath.push({ question: { text, values }, answer, fail }) === 1) process.nextTick(() => void send());
        }),
      ),
  };
}

/** One flight over a connection of the pool. One on which it failed knows statements we cannot be sure of: it is closed. */
async function flyOver(pool: pg.Pool, questions: readonly Question[]): Promise<object[][]> {
  // Another name than a transaction's: each way keeps its own account of what a connection has been told.
  const named = questions.map(({ text, values }) => {
    const name = nameOf(text);
    return { name: name === undefined ? '' : `f${name}`, text, values };
  });
  const client = await pool.connect();
  let broken: Error | boolean = false;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await fly(client, named, (oid) => types.getTypeParser(oid, 'text'));
  } catch (error) {
    broken = true;
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

async function inTransaction<T>(pool: pg.Pool, work: (tx: Transaction) => Promise<T>, opening: string): Promise<T> {
  const client = await pool.connect();
  let broken: Error | boolean = false;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await ask(client, { text: opening === '' ? 'begin' : `begin; ${opening}` });
    const result = await work(transactionOn(client, opening !== ''));
    await ask(client, { text: 'commit' });
    return result;
  } catch (error) {
    await ask(client, { text: 'rollback' }).catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** Characters gathered before they are encoded, or sent. */
const COPY_BLOCK = 1 << 13;

/** Bytes cut into lines at a time: whoever waits holds the lines it was given last. */
const READ_BLOCK = 1 << 14;

/** Bytes of a block of gathered COPY text, and how many sent blocks are kept to be filled again. */
const BLOCK_BYTES = 1 << 17;
const SPARE_BLOCKS = 64;

/**
 * Lines of COPY text gathered for later, as bytes. (As strings a chunk's lines would live through many collections of
 * young garbage, be copied by each, and end in the old heap, which grows until it is swept.)
 */
export class CopyText {
  static readonly #spare: Buffer[] = [];
  readonly #full: Buffer[] = [];
  #block: Buffer | null = null;
  #used = 0;
  #text = '';
  #count = 0;

  /** Lines added so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds one line made by `copyLine`. */
  add(line: string): void {
    this.#text += line;
    this.#count += 1;
    if (this.#text.length >= COPY_BLOCK) this.#encode();
  }

  #encode(): void {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    const most = this.#text.length * 3;
    if (this.#block === null || this.#block.length - this.#used < most) {
      this.#shelve();
      this.#block =
        most <= BLOCK_BYTES
          ? (CopyText.#spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES))
          : Buffer.allocUnsafeSlow(most);
    }
    this.#used += this.#block.write(this.#text, this.#used);
    this.#text = '';
  }

  #shelve(): void {
    if (this.#block !== null) this.#full.push(this.#block.subarray(0, this.#used));
    this.#block = null;
    this.#used = 0;
  }

  /** What was gathered, block by block; a block may be filled again once `release` is called. */
  blocks(): readonly Buffer[] {
    if (this.#text !== '') this.#encode();
    this.#shelve();
    return this.#full;
  }

  /** Gives the blocks back, when all have been sent. */
  release(): void {
    for (const { buffer } of this.#full.splice(0))
      if (buffer.byteLength === BLOCK_BYTES && CopyText.#spare.length < SPARE_BLOCKS)
        CopyText.#spare.push(Buffer.from(buffer));
  }
}

/** Text in pieces worth a protocol message each: one a line would cost more than the rows. */
async function* copyBlocks(text: AsyncIterable<string> | Iterable<string> | CopyText): AsyncIterable<string | Buffer> {
  if (text instanceof CopyText) return yield* text.blocks();
  let block = '';
  for await (const part of text) {
    block += part;
    if (block.length < COPY_BLOCK) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

/** Statements that a connection keeps at most: a text is ours, but its variants are many (a limit, some spellings). */
const MOST_NAMES = 400;
const names = new Map<string, string>();

/** The name under which each connection keeps a statement parsed; undefined where there are too many already. */
function nameOf(sql: string): string | undefined {
  const known = names.get(sql);
  if (known !== undefined || names.size >= MOST_NAMES) return known;
  const name = `s${names.size}`;
  names.set(sql, name);
  return name;
}

/**
 * One statement, answered. (By callback: of pg's own promises each keeps the next reachable until a full collection, and
 * every collection of young garbage then copies them all.)
 */
function ask<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  statement: pg.QueryConfig,
): Promise<pg.QueryResult<Row>> {
  return byWhoAsked(
    new Promise((resolve, reject) => {
      client.query<Row>(statement, (error: Error | null, result: pg.QueryResult<Row>) =>
        error ? reject(error) : resolve(result),
      );
    }),
  );
}

/** The stack of a failed answer is the socket's: it is told from where the question was asked instead. */
async function byWhoAsked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    Error.captureStackTrace(error as Error);
    throw error;
  }
}

function transactionOn(client: pg.PoolClient, prepares: boolean): Transaction {
  const run = <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => {
    const name = prepares ? nameOf(text) : undefined;
    return ask<Row>(client, { ...(name === undefined ? {} : { name }), text, values: [...values] });
  };
  return {
    async query<Row extends object>(sql: string, values: readonly unknown[] = []) {
      return (await run<Row>(sql, values)).rows;
    },
    async execute(sql, values = []) {
      return (await run(sql, values)).rowCount ?? 0;
    },
    async copyIn(sql, text) {
      const stream = client.query(copyFrom(sql));
      const done = finished(stream);
      try {
        for await (const block of copyBlocks(text)) if (!stream.write(block)) await drained(stream);
      } catch (error) {
        stream.destroy(error as Error);
        await done.catch(() => undefined);
        throw error;
      }
      stream.end();
      await done;
      if (text instanceof CopyText) text.release();
    },
    copyOut: (sql) => copiedLines(client, sql),
  };
}

/** Until the stream takes more, or fails. (A race against its end would leave something behind on every turn.) */
async function drained(stream: Writable): Promise<void> {
  if (stream.errored) throw stream.errored;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error): void => {
      stream.off('drain', settle).off('error', settle);
      if (error) reject(error);
      else resolve();
    };
    stream.on('drain', settle).on('error', settle);
  });
}

async function* copiedLines(client: pg.PoolClient, sql: string): AsyncIterable<string[]> {
  const stream = client.query(copyTo(sql, { highWaterMark: 1 << 16 }));
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const data of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      for (let at = 0; at < data.length; at += READ_BLOCK) {
        const lines = (rest + decoder.decode(data.subarray(at, at + READ_BLOCK), { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        if (lines.length > 0) yield lines;
      }
    }
  } finally {
    // Who stops early lets the rest pass by: the connection takes no other statement, not even a rollback, before its end.
    if (!stream.readableEnded && !stream.destroyed) await finished(stream.resume());
  }
  if (rest !== '') throw new Error('COPY ended inside a line');
}

/** Rows of COPY text (as fields) gathered into runs whose first `keyLength` fields are equal, in batches of runs. */
export async function* groupedRows(
  batches: AsyncIterable<string[]>,
  keyLength: number,
): AsyncIterable<(string | null)[][][]> {
  let open: (string | null)[][] = [];
  for await (const batch of batches) {
    const groups: (string | null)[][][] = [];
    for (const line of batch) {
      const fields = copyFields(line);
      const last = open[0];
      if (last && !startsAlike(last, fields, keyLength)) {
        groups.push(open);
        open = [];
      }
      open.push(fields);
    }
    if (groups.length > 0) yield groups;
  }
  if (open.length > 0) yield [open];
}

function startsAlike(a: readonly (string | null)[], b: readonly (string | null)[], length: number): boolean {
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const NEEDS_ESCAPE = /[\\\t\n\r]/;

/** A text as it may stand in a statement. */
export function literal(text: string): string {
  return pg.escapeLiteral(text);
}

/** One value as COPY text. */
export function copyValue(value: string | number | boolean | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'number') return decimal(value);
  return NEEDS_ESCAPE.test(value) ? escapeText(value) : value;
}

const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));

/** A number as text. (The engine caches every text that `String` makes of a number: a million of them outlive their rows.) */
function decimal(value: number): string {
  if (value < 1000 || !Number.isSafeInteger(value)) return String(value);
  const thousands = Math.floor(value / 1000);
  return decimal(thousands) + THREE_DIGITS[value - thousands * 1000]!;
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** One row as a line of COPY text, newline included. */
export function copyLine(values: readonly (string | number | boolean | null)[]): string {
  let line = copyValue(values[0] ?? null);
  for (let i = 1; i < values.length; i++) line += `\t${copyValue(values[i] ?? null)}`;
  return `${line}\n`;
}

/** The fields of a line of COPY text; `null` for \N. */
export function copyFields(line: string): (string | null)[] {
  const fields: (string | null)[] = line.split('\t');
  const escaped = line.includes('\\');
  if (!escaped) return fields;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as string;
    if (field === '\\N') fields[i] = null;
    else if (field.includes('\\')) fields[i] = unescapeText(field);
  }
  return fields;
}

function unescapeText(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, c: string) => ({ t: '\t', n: '\n', r: '\r' })[c] ?? c);
}
