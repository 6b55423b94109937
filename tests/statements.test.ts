// Every SQL statement of the ledger, held against the schema: PostgreSQL prepares it, and what it says of parameters and
// columns is compared with the types beside the statement. A renamed column fails here, not in the night's run.
import path from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { date, numeric } from '../src/ledger/core/columns.ts';
import { openTestLedger } from './ledger.ts';
import { readStatements } from './statements.ts';
import type { Statement } from './statements.ts';

const ROOT = path.join(import.meta.dirname, '..');

const { database } = await openTestLedger();
const client = new pg.Client({ ...database.connection, options: '-c search_path=todoke,public' });
await client.connect();
afterAll(() => client.end());

interface Described {
  readonly parameters: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** What PostgreSQL says of a statement, which is parsed and not run. */
async function describe(sql: string): Promise<Described> {
  const connection = (client as unknown as { readonly connection: pg.Connection }).connection;
  let parameters = 0;
  let fields: readonly pg.FieldDef[] = [];
  const onParameters = (message: { readonly dataTypeIDs: readonly number[] }): void => {
    parameters = message.dataTypeIDs.length;
  };
  connection.on('parameterDescription', onParameters);
  try {
    await new Promise<void>((resolve, reject) => {
      client.query({
        submit: () => {
          connection.parse({ name: '', text: sql, types: [] }, true);
          connection.describe({ type: 'S' }, true);
          connection.sync();
        },
        handleRowDescription: (message: { readonly fields: readonly pg.FieldDef[] }) => {
          fields = message.fields;
        },
        handleError: reject,
        handleReadyForQuery: () => resolve(),
      } as unknown as pg.Submittable);
    });
  } finally {
    connection.off('parameterDescription', onParameters);
  }
  return { parameters, columns: fields.map(({ name, dataTypeID }) => ({ name, type: nameOfType(dataTypeID) })) };
}

const { rows: types } = await client.query<{ oid: number; name: string }>(
  'select oid::int, typname as name from pg_type where typrelid = 0',
);
const typeNames = new Map(types.map(({ oid, name }) => [oid, name]));
function nameOfType(oid: number): string {
  return typeNames.get(oid) ?? `type ${oid}`;
}

/** How a column of PostgreSQL comes to us (`core/pool.ts`), as the types beside a statement say it. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  int2: ['number'],
  int4: ['number'],
  int8: ['number'],
  float4: ['number'],
  float8: ['number'],
  oid: ['number'],
  text: ['string'],
  bpchar: ['string'],
  varchar: ['string'],
  name: ['string'],
  date: ['string'],
  numeric: ['string'],
  bool: ['boolean'],
  timestamptz: ['Date'],
  timestamp: ['Date'],
  bytea: ['Uint8Array'],
  uuid: ['string'],
  void: ['null', 'string'],
  json: ['object', 'array', 'string', 'number', 'boolean'],
  jsonb: ['object', 'array', 'string', 'number', 'boolean'],
};
/** The same for COPY, where everything is text and a table of columns says what it is. */
const COPIED: Readonly<Record<string, readonly string[]>> = {
  text: ['text', 'bpchar', 'varchar', 'name'],
  date: ['date'],
  number: ['int2', 'int4', 'int8', 'numeric', 'float8'],
  boolean: ['bool'],
  json: ['json', 'jsonb'],
  bytea: ['bytea'],
};

/** What is wrong with a statement, in words. */
async function faultsOf(statement: Statement): Promise<string[]> {
  const sql = withoutCopy(statement.sql);
  if (sql === null) return [];
  let described: Described;
  try {
    described = await describe(sql);
  } catch (error) {
    return [`${statement.at}: ${(error as Error).message}\n${sql}`];
  }
  const { row, valueCount, columns } = statement;
  const faults: string[] = [];
  if (valueCount !== null && valueCount !== described.parameters)
    faults.push(`${valueCount} values for ${described.parameters} parameters`);
  for (const [name, { kinds, isOptional }] of row ?? []) {
    const column = described.columns.find((known) => known.name === name);
    if (!column) {
      if (!isOptional) faults.push(`there is no column ${name}`);
      continue;
    }
    const wanted = column.type.startsWith('_') ? ['array'] : (KINDS[column.type] ?? []);
    const wrong = kinds.filter((kind) => !['null', 'undefined', 'unknown', ...wanted].includes(kind));
    if (wrong.length > 0) faults.push(`${name} is ${column.type}, its type says ${wrong.join(' | ')}`);
  }
  for (const { name } of row ? described.columns : [])
    if (!row!.has(name)) faults.push(`nobody knows the column ${name}`);
  if (columns !== null) {
    if (columns.length !== described.columns.length) faults.push('the table of columns is not what is copied');
    for (const [i, { sql: from, type }] of columns.entries()) {
      const is = described.columns[i]?.type ?? '';
      if (!COPIED[type]!.includes(is)) faults.push(`${from} is ${is}, the table of columns says ${type}`);
    }
  }
  return faults.map((fault) => `${statement.at}: ${fault}`);
}

/** What PostgreSQL prepares no plan for, and therefore says nothing of. */
const UTILITY = /^\s*(?:analyze|create|drop|lock|rollback|savepoint)\b/i;

/** A statement PostgreSQL can prepare: of a COPY the query inside, or the columns it fills; null = it prepares none such. */
function withoutCopy(sql: string): string | null {
  const out = /^\s*copy\s*\((.*)\)\s*to stdout\s*$/is.exec(sql);
  if (out) return out[1]!;
  const into = /^\s*copy\s+(\S+)\s*\((.*)\)\s*from stdin/is.exec(sql);
  if (into) return `select ${into[2]} from ${into[1]}`;
  return UTILITY.test(sql) ? null : sql;
}

const { statements, unread } = readStatements(path.join(ROOT, 'tsconfig.json'), path.join(ROOT, 'src', 'ledger'));

async function allFaults(): Promise<string[]> {
  const faults: string[] = [];
  for (const statement of statements) faults.push(...(await faultsOf(statement)));
  return faults;
}

// A temporary table is made by one statement of the ledger and read by others.
for (const { sql } of statements)
  if (/^\s*create temp/i.test(sql)) await client.query(sql.replace('on commit drop', '').replaceAll(/\$\d+/g, 'null'));

test('every statement of the ledger fits the schema and the types beside it', { timeout: 60_000 }, async () => {
  expect(statements.length).toBeGreaterThan(300);
  expect(await allFaults()).toEqual([]);
  // The files of the schema, and a statement a caller gives: each has its tests.
  expect(unread.map(({ at }) => at.replace(/:\d+$/, ''))).toEqual([
    'src/ledger/core/migrate.ts',
    'src/ledger/core/migrate.ts',
    'src/ledger/core/walls.ts',
  ]);
});

test('rows, values and tables of columns are read, not passed over', () => {
  const known = (what: 'row' | 'valueCount' | 'columns'): number =>
    statements.filter((statement) => statement[what] !== null).length;
  expect(known('row')).toBeGreaterThan(150);
  expect(known('valueCount')).toBeGreaterThan(300);
  expect(known('columns')).toBeGreaterThan(30);
  const lotNames = statements.find(({ sql }) => sql.startsWith('select no, name from lot'));
  expect(lotNames).toMatchObject({ valueCount: 1, columns: null });
  expect([...lotNames!.row!].map(([name, { kinds }]) => [name, ...kinds])).toEqual([
    ['no', 'number'],
    ['name', 'string'],
  ]);
});

test.each([
  ['mailpiece', 'addressee', ['issuing/mailpieces.ts', 'printing/prints.ts', 'printing/notice-prints.ts']],
  ['member', 'home_building', ['intake/datasets.ts', 'issuing/mailpieces.ts']],
  ['recall_slip', 'asked_on', ['life/recalls.ts']],
] as const)(
  'a renamed column is found in every file that says it: %s.%s',
  { timeout: 60_000 },
  async (table, column, files) => {
    await client.query(`alter table ${table} rename column ${column} to renamed`);
    try {
      const faults = await allFaults();
      expect(faults.filter((fault) => !fault.includes(column))).toEqual([]);
      for (const file of files)
        expect(
          faults.some((fault) => fault.startsWith(`src/ledger/${file}:`)),
          file,
        ).toBe(true);
    } finally {
      await client.query(`alter table ${table} rename column renamed to ${column}`);
    }
  },
);

const FITTING: Statement = {
  at: 'here',
  sql: 'select no, name, post_from as "postFrom" from lot where issuance_id = $1',
  row: new Map([
    ['no', { kinds: ['number'], isOptional: false }],
    ['name', { kinds: ['string'], isOptional: false }],
    ['postFrom', { kinds: ['string', 'null'], isOptional: false }],
  ]),
  valueCount: 1,
  columns: null,
};
function withColumn(name: string, kinds: readonly string[]): Statement {
  return { ...FITTING, row: new Map([...FITTING.row!, [name, { kinds, isOptional: false }]]) };
}

test.each<[string, Statement, string[]]>([
  ['one that fits', FITTING, []],
  ['a row of another type', withColumn('no', ['string']), ['here: no is int2, its type says string']],
  ['a date taken for an instant', withColumn('postFrom', ['Date']), ['here: postFrom is date, its type says Date']],
  ['a row with more in it', withColumn('closedAt', ['string']), ['here: there is no column closedAt']],
  [
    'a row with less in it',
    { ...FITTING, row: new Map([...FITTING.row!].slice(1)) },
    ['here: nobody knows the column no'],
  ],
  ['a value too many', { ...FITTING, valueCount: 2 }, ['here: 2 values for 1 parameters']],
  [
    'a table of columns of another type',
    {
      ...FITTING,
      sql: 'copy lot (no, name) from stdin',
      row: null,
      valueCount: 0,
      columns: [numeric('no'), date('name')],
    },
    ['here: name is text, the table of columns says date'],
  ],
  [
    'a table of columns with less in it',
    {
      ...FITTING,
      sql: 'copy (select no, name from lot) to stdout',
      row: null,
      valueCount: 0,
      columns: [numeric('no')],
    },
    ['here: the table of columns is not what is copied'],
  ],
])('%s', async (_, statement, faults) => {
  expect(await faultsOf(statement)).toEqual(faults);
});
