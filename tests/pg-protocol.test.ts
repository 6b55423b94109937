// `core/pipeline.ts` speaks the protocol through classes of `pg` that its documentation does not promise. When one of these
// tests fails after an update of `pg`: open node_modules/pg/lib/connection.js and client.js, see what has become of the
// method named by the test, and change `src/ledger/core/pipeline.ts`; nothing else uses them. (Why we do it: docs/decisions/006.)
import { Duplex } from 'node:stream';
import pg from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { Pipeline, sendTogether } from '../src/ledger/core/pipeline.ts';
import type { PreparedStatement } from '../src/ledger/core/pipeline.ts';

const client = new pg.Client(inject('connection'));
await client.connect();
afterAll(() => client.end());

/** What is sent over a connection of `pg`, each write of the socket by itself. */
function openRecordedConnection(): { readonly connection: pg.Connection; readonly writes: Buffer[] } {
  const writes: Buffer[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      writes.push(chunk);
      done();
    },
    writev: (chunks, done) => {
      writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)));
      done();
    },
  });
  return { connection: new pg.Connection({ stream: () => stream }), writes };
}

/** A message of the protocol: its letter, its length, its content. */
function message(letter: string, ...parts: readonly (string | readonly number[])[]): Buffer {
  const content = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : Buffer.from(part))),
  );
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

const PARSE = message('P', 's1', 'select $1', [0, 0]);
const BIND = message('B', '', 's1', [0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0x34, 0x32, 0, 1, 0, 0]);
const DESCRIBE = message('D', [0x50], '');
const EXECUTE = message('E', '', [0, 0, 0, 0]);
const SYNC = message('S');

test.each([
  ['parse', PARSE, (c: pg.Connection) => c.parse({ name: 's1', text: 'select $1', types: [] }, true)],
  ['bind', BIND, (c: pg.Connection) => c.bind({ statement: 's1', values: ['42'] }, true)],
  ['describe', DESCRIBE, (c: pg.Connection) => c.describe({ type: 'P' }, true)],
  ['execute', EXECUTE, (c: pg.Connection) => c.execute(null, true)],
  ['sync', SYNC, (c: pg.Connection) => c.sync()],
] as const)("pg's Connection.%s sends the message that core/pipeline.ts expects", (_, expected, send) => {
  const { connection, writes } = openRecordedConnection();
  send(connection);
  expect(Buffer.concat(writes)).toEqual(expected);
});

test("pg's Connection.stream can be corked: a pipeline is one write, and parses no statement twice", () => {
  const { connection, writes } = openRecordedConnection();
  const statement = { name: 's1', text: 'select $1', values: ['42'] };
  const none = (): void => undefined;
  new Pipeline([statement, statement], () => String, none, none).submit(connection);
  expect(writes).toEqual([Buffer.concat([PARSE, BIND, DESCRIBE, EXECUTE, BIND, EXECUTE, SYNC])]);
});

test("pg's Client calls no handler that Pipeline lacks", () => {
  const source = Object.values(Object.getOwnPropertyDescriptors(pg.Client.prototype))
    .map(({ value }) => String(value))
    .join('\n');
  const called = [...new Set([...source.matchAll(/\b(?:query|activeQuery)\.(handle\w+)\(/g)].map(([, name]) => name!))];
  expect(called, "pg's Client hands out its messages under other names").toContain('handleDataRow');
  expect(called.filter((name) => !(name in Pipeline.prototype))).toEqual([]);
});

/** Everything `pg` calls on what it sends, with the part of each message that core/pipeline.ts reads. */
async function callsOf(statements: readonly PreparedStatement[]): Promise<string[]> {
  const calls: string[] = [];
  await new Promise<void>((resolve) => {
    const encoded = statements.map(({ name, text }) => ({ name, text, values: [] }));
    const pipeline = new Pipeline(
      encoded,
      () => String,
      () => resolve(),
      () => undefined,
    );
    client.query(
      new Proxy(pipeline, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== 'function') return value;
          return (...args: readonly [Readonly<Record<string, unknown>>]): unknown => {
            calls.push(`${String(key)} ${readOf(String(key), args[0])}`.trim());
            const answer: unknown = Reflect.apply(value, target, args);
            if (key === 'handleReadyForQuery' || key === 'handleError') resolve();
            return answer;
          };
        },
      }),
    );
  });
  return calls;
}

function readOf(handler: string, message: Readonly<Record<string, unknown>>): string {
  if (handler === 'handleDataRow') return JSON.stringify(message['fields']);
  if (handler === 'handleError') return String(message['code']);
  if (handler !== 'handleRowDescription') return '';
  return JSON.stringify(
    (message['fields'] as readonly pg.FieldDef[]).map(({ name, dataTypeID }) => [name, dataTypeID]),
  );
}

test("pg's Client hands over rows as texts, columns with name and type, and ends with handleReadyForQuery", async () => {
  const calls = await callsOf([
    { name: '', text: 'select 1 as one, null::text as nothing', values: [] },
    { name: '', text: 'select 2 as two where false', values: [] },
    { name: '', text: '', values: [] },
  ]);
  expect(calls).toEqual([
    'submit',
    'handleRowDescription [["one",23],["nothing",25]]',
    'handleDataRow ["1",null]',
    'handleCommandComplete',
    'handleRowDescription [["two",23]]',
    'handleCommandComplete',
    'handleEmptyQuery',
    'handleReadyForQuery',
  ]);
});

test("pg's Client hands over an error with its code, as the end of the answer, and the connection serves on", async () => {
  const calls = await callsOf([
    { name: '', text: 'select 1 as one', values: [] },
    { name: '', text: 'select 1 / 0 as none', values: [] },
    { name: '', text: 'select 2 as two', values: [] },
  ]);
  expect(calls).toEqual([
    'submit',
    'handleRowDescription [["one",23]]',
    'handleDataRow ["1"]',
    'handleCommandComplete',
    'handleError 22012',
  ]);
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('a statement that is prepared already answers with its columns, in the second pipeline of a connection too', async () => {
  const statement = { name: 'kept', text: 'select $1::int as n, $2::text as word', values: [7, 'a'] };
  const read = (oid: number) => (oid === 23 ? Number : String);
  const expected = [[{ n: 7, word: 'a' }], [{ n: 7, word: 'a' }]];
  expect(await sendTogether(client, [statement, statement], read)).toEqual(expected);
  expect(await sendTogether(client, [statement, statement], read)).toEqual(expected);
});
