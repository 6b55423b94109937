// Room: ledger. The one way to PostgreSQL: a pool of connections, transactions on one of them, and reads that are sent
// together.
import pg from 'pg';
import { receiveCopy, sendCopy } from './copy.ts';
import type { CopyText } from './copy.ts';
import { sendTogether } from './pipeline.ts';
import type { Statement } from './pipeline.ts';
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

/** Reads, and changes nothing. Functions of this room that only read take one of these. */
export interface Reader {
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** One connection inside a transaction. Functions of this room that write take one of these. */
export interface Transaction extends Reader {
  /** Rows written (`insert`, `update`, `delete`). */
  execute(sql: string, values?: readonly unknown[]): Promise<number>;
  /** `COPY … FROM STDIN`: writes COPY text (lines of a table of columns, or gathered as bytes), with back-pressure. */
  copyIn(sql: string, text: AsyncIterable<string> | Iterable<string> | CopyText): Promise<void>;
  /** `COPY … TO STDOUT`: batches of lines, each still COPY text; a table of columns reads them. */
  copyOut(sql: string): AsyncIterable<string[]>;
}

export interface Database {
  /** How this database was reached, for a process that opens its own connections. */
  readonly connection: Connection;
  /**
   * Runs `work` in one transaction; rolls back when it throws. `preamble`: statements without values that are sent in the
   * same message as the `begin`. A transaction with a preamble answers a page, whose statements come again and again, so
   * they are kept prepared on each connection (for a short statement, planning the row-level policies took most of the
   * time).
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, preamble?: string): Promise<T>;
  /**
   * Runs `work`, which only reads. Statements asked before anything is awaited (`Promise.all`) are sent together: one round
   * trip and one transaction. Statements asked after that are the next batch. `preamble` stands first in each batch.
   */
  read<T>(work: (reader: Reader) => Promise<T>, preamble?: Preamble): Promise<T>;
  /** One statement that is a transaction by itself: one round trip. Planned once a connection, under `name`. */
  statement<Row extends object>(name: string, sql: string, values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** What stands in front of each batch of reads. */
export interface Preamble {
  /** A `select` of function calls. Asked for before each batch: once a session was checked, less is needed. */
  readonly statement: () => Statement;
  /** Called when a batch was answered, so that its preamble has held. */
  readonly onAnswered?: () => void;
}

/** Opens a pool. `size` = connections at most. */
export function openDatabase(connection: Connection, size = 8): Database {
  const pool = new pg.Pool({
    ...connection,
    max: size,
    // Idle connections stay open: a process that leaves the embedded server counts the connections of the others, and a
    // station that waits for its next scan still needs the server.
    idleTimeoutMillis: 0,
    types,
    application_name: 'todoke',
    options: '-c search_path=todoke,public -c datestyle=ISO,YMD -c client_min_messages=warning',
  });
  // A connection that breaks while idle is replaced on the next use; the statement that needs it reports the error.
  pool.on('error', () => undefined);
  return {
    connection,
    transaction: (work, preamble = '') => inTransaction(pool, work, preamble),
    read: (work, preamble) => work(readerOn(pool, preamble)),
    statement: async <Row extends object>(name: string, text: string, values: readonly unknown[]) =>
      (await pool.query<Row>({ name, text, values: [...values] })).rows,
    close: () => pool.end(),
  };
}

/**
 * The transaction of a batch cannot write, whatever it is asked, and its statements are planned once a connection, for any
 * values: behind the row-level policies planning costs more than the answer, and where the planner sees the values it
 * underestimates what is rare (it then read all pieces of a state instead of one page of them).
 */
const READ_ONLY = `set_config('transaction_read_only', 'on', true), set_config('plan_cache_mode', 'force_generic_plan', true)`;

function withReadOnly(preamble: Statement | undefined): Statement {
  if (!preamble) return { text: `select ${READ_ONLY}`, values: [] };
  return { text: `${preamble.text}, ${READ_ONLY}`, values: preamble.values };
}

/** A read that waits to be sent with the others of its batch. */
interface PendingRead {
  readonly statement: Statement;
  readonly resolve: (rows: never[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads and a step that makes partitions may each wait for a lock of the other. PostgreSQL then ends one of the two, and
 * where it ended the reads, they have changed nothing and are sent again.
 */
const DEADLOCK = '40P01';
const MAX_RETRIES = 5;

function readerOn(pool: pg.Pool, preamble: Preamble | undefined): Reader {
  let batch: PendingRead[] = [];
  const sendBatch = async (): Promise<void> => {
    const reads = batch;
    batch = [];
    try {
      const answers = await send(reads.map(({ statement }) => statement));
      for (const [i, { resolve }] of reads.entries()) resolve(answers[i] as never[]);
    } catch (error) {
      for (const { reject } of reads) reject(error);
    }
  };
  const send = async (statements: readonly Statement[], retriesLeft = MAX_RETRIES): Promise<object[][]> => {
    try {
      const [, ...answers] = await sendOverPool(pool, [withReadOnly(preamble?.statement()), ...statements]);
      preamble?.onAnswered?.();
      return answers;
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || retriesLeft === 0) throw error;
      return send(statements, retriesLeft - 1);
    }
  };
  return {
    query: (text, values = []) =>
      withCallerStack(
        new Promise((resolve, reject) => {
          if (batch.push({ statement: { text, values }, resolve, reject }) === 1)
            process.nextTick(() => void sendBatch());
        }),
      ),
  };
}

/**
 * Sends statements together over a connection of the pool. After an error the connection is closed: which of the
 * statements it has prepared is not known.
 */
async function sendOverPool(pool: pg.Pool, statements: readonly Statement[]): Promise<object[][]> {
  // Other names than in a transaction: pipelines and `pg` each keep their own list of what a connection has prepared.
  const prepared = statements.map(({ text, values }) => {
    const name = preparedName(text);
    return { name: name === undefined ? '' : `f${name}`, text, values };
  });
  return withClient(pool, async (client, breakOff) => {
    try {
      return await sendTogether(client, prepared, (oid) => types.getTypeParser(oid, 'text'));
    } catch (error) {
      breakOff(true);
      throw error;
    }
  });
}

async function inTransaction<T>(pool: pg.Pool, work: (tx: Transaction) => Promise<T>, preamble: string): Promise<T> {
  return withClient(pool, async (client, breakOff) => {
    try {
      await run(client, { text: preamble === '' ? 'begin' : `begin; ${preamble}` });
      const result = await work(transactionOn(client, preamble !== ''));
      await run(client, { text: 'commit' });
      return result;
    } catch (error) {
      await run(client, { text: 'rollback' }).catch(breakOff);
      throw error;
    }
  });
}

/** Does something on a connection of the pool, which takes it back; not one that has failed, or that `work` breaks off. */
async function withClient<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, breakOff: (failure: Error | true) => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | boolean = false;
  const breakOff = (failure: Error | true): void => {
    broken = failure;
  };
  client.on('error', breakOff);
  try {
    return await work(client, breakOff);
  } finally {
    client.off('error', breakOff);
    client.release(broken);
  }
}

/** Statements that a connection keeps prepared at most: the texts are ours, but each has many variants (limits, filters). */
const MAX_PREPARED = 400;
const preparedNames = new Map<string, string>();

/** The name under which each connection keeps a statement prepared; undefined where there are too many already. */
function preparedName(sql: string): string | undefined {
  const known = preparedNames.get(sql);
  if (known !== undefined || preparedNames.size >= MAX_PREPARED) return known;
  const name = `s${preparedNames.size}`;
  preparedNames.set(sql, name);
  return name;
}

/**
 * Runs one statement. (By callback: each of pg's own promises keeps the next reachable until a full collection, and every
 * collection of young garbage then copies them all.)
 */
function run<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  statement: pg.QueryConfig,
): Promise<pg.QueryResult<Row>> {
  return withCallerStack(
    new Promise((resolve, reject) => {
      client.query<Row>(statement, (error: Error | null, result: pg.QueryResult<Row>) =>
        error ? reject(error) : resolve(result),
      );
    }),
  );
}

/** An error of the database arrives with the stack of the socket; it gets the stack of the code that ran the statement. */
async function withCallerStack<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    Error.captureStackTrace(error as Error);
    throw error;
  }
}

function transactionOn(client: pg.PoolClient, keepsPrepared: boolean): Transaction {
  const runOne = <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => {
    const name = keepsPrepared ? preparedName(text) : undefined;
    return run<Row>(client, { ...(name === undefined ? {} : { name }), text, values: [...values] });
  };
  return {
    async query<Row extends object>(sql: string, values: readonly unknown[] = []) {
      return (await runOne<Row>(sql, values)).rows;
    },
    async execute(sql, values = []) {
      return (await runOne(sql, values)).rowCount ?? 0;
    },
    copyIn: (sql, text) => sendCopy(client, sql, text),
    copyOut: (sql) => receiveCopy(client, sql),
  };
}
