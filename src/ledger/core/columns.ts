// Room: ledger. The columns of COPY rows. One table for each kind of row says what each value is called, which SQL gives it,
// and how its text is read and written; the list of columns, the reader and the writer are made of that table, so nobody
// counts positions. (Rows travel as COPY text because of their number: a reader of a million rows must not be slower than one
// written by hand. See docs/decisions/012.)
import type { LocalDate } from '../../rules/words/local-date.ts';
import { copyFields, decimal, escapeText } from './copy.ts';

/** The types of PostgreSQL a column may have. The check of all statements compares them with the schema. */
export type SqlType = 'text' | 'date' | 'number' | 'boolean' | 'json' | 'bytea';

type Fields = readonly (string | null)[];

/** One column: where its value comes from, and its two directions. */
export interface Column<Value> {
  /** An expression in a SELECT, the column's name in a COPY FROM. */
  readonly sql: string;
  readonly type: SqlType;
  readonly isNullable: boolean;
  readonly code: ColumnCode;
  /** The same column of a table with this alias. */
  of(alias: string): Column<Value>;
  /** The type of the value; there is no such property when the program runs. */
  readonly value?: Value;
}

/** The two directions as JavaScript: `field` and `value` are the expressions that stand for them in the generated function. */
interface ColumnCode {
  readonly read: (field: string) => string;
  readonly write: (value: string) => string;
}

/** Columns whose row is an object, or null where the first of them is null (of an outer join, of an address). */
export interface OptionalColumns<Group extends ColumnTable> {
  readonly optional: Group;
}

/** Columns by the names of their values; a table inside is an object inside the row. */
export interface ColumnTable {
  readonly [name: string]: Column<unknown> | OptionalColumns<ColumnTable> | ColumnTable;
}

/** The row that a table of columns reads and writes. */
export type RowOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Column<infer Value>
    ? Value
    : Table[Name] extends OptionalColumns<infer Group>
      ? RowOf<Group> | null
      : RowOf<Table[Name]>;
};

/** A table that has a column for everything in a row: `const MEMBER = { … } satisfies ColumnsOf<Member>`. */
export type ColumnsOf<Row> = {
  readonly [Name in keyof Row]: [NonNullable<Row[Name]>] extends [string | number | boolean | Uint8Array]
    ? Column<Row[Name]>
    : null extends Row[Name]
      ? OptionalColumns<ColumnsOf<NonNullable<Row[Name]>>>
      : ColumnsOf<Row[Name]>;
};

function column<Value>(sql: string, type: SqlType, code: ColumnCode): Column<Value> {
  return { sql, type, isNullable: false, code, of: (alias) => column(`${alias}.${sql}`, type, code) };
}

const AS_IT_IS = (expression: string): string => expression;
const ESCAPED = (value: string): string => `escapeText(${value})`;

/** A moment as an ISO instant, in a SELECT. */
export const instant = (sql: string): string => `to_json(${sql}) #>> '{}'`;

/** Any text. */
export function text<Value extends string = string>(sql: string): Column<Value> {
  return column(sql, 'text', { read: AS_IT_IS, write: ESCAPED });
}

/** One of our own words: nothing in it needs an escape. */
export function word<Value extends string>(sql: string): Column<Value> {
  return column(sql, 'text', { read: AS_IT_IS, write: AS_IT_IS });
}

/** A date `YYYY-MM-DD`. */
export function date(sql: string): Column<LocalDate> {
  return column(sql, 'date', { read: AS_IT_IS, write: AS_IT_IS });
}

/** A number. `Value`: where few numbers are possible. */
export function numeric<Value extends number = number>(sql: string): Column<Value> {
  return column(sql, 'number', { read: (field) => `Number(${field})`, write: (value) => `decimal(${value})` });
}

/** A number that names something (a paper, an event): kept as its digits. */
export function digits(sql: string): Column<string> {
  return column(sql, 'number', { read: AS_IT_IS, write: AS_IT_IS });
}

export function flag(sql: string): Column<boolean> {
  return column(sql, 'boolean', { read: (field) => `${field} === 't'`, write: (value) => `(${value} ? 't' : 'f')` });
}

/** JSON, read as a value. */
export function json<Value>(sql: string): Column<Value> {
  return column(sql, 'json', {
    read: (field) => `JSON.parse(${field})`,
    write: (value) => `escapeText(JSON.stringify(${value}))`,
  });
}

/** JSON whose text is made, or wanted, as it is. */
export function jsonText(sql: string): Column<string> {
  return column(sql, 'json', { read: AS_IT_IS, write: ESCAPED });
}

export function bytes(sql: string): Column<Uint8Array> {
  return column(sql, 'bytea', {
    read: (field) => `Buffer.from(${field}.slice(2), 'hex')`,
    write: (value) => `escapeText('\\\\x' + Buffer.from(${value}).toString('hex'))`,
  });
}

/** A column whose value may be null. */
export function orNull<Value>(of: Column<Value>): Column<Value | null> {
  return {
    ...of,
    isNullable: true,
    code: {
      read: of.code.read,
      write: (value) => `(${value} === null ? '\\\\N' : ${of.code.write(value)})`,
    },
    of: (alias) => orNull(of.of(alias)),
  };
}

/** Columns that are all null or none: an object, or null where the first is null. */
export function optional<Group extends ColumnTable>(group: Group): OptionalColumns<Group> {
  return { optional: group };
}

/** Some columns of a table, as they are called under an alias: `...from('m', MEMBER, 'symbol', 'number')`. */
export function from<Table extends ColumnTable, Name extends keyof Table & string>(
  alias: string,
  table: Table,
  ...names: readonly Name[]
): Pick<Table, Name> {
  return Object.fromEntries(names.map((name) => [name, aliased(alias, table[name]!)])) as Pick<Table, Name>;
}

function aliased<Part extends ColumnTable[string]>(alias: string, part: Part): Part {
  if (isColumn(part)) return part.of(alias) as Part;
  if (isOptional(part)) return { optional: aliasedAll(alias, part.optional) } as unknown as Part;
  return aliasedAll(alias, part) as Part;
}

function aliasedAll(alias: string, table: ColumnTable): ColumnTable {
  return Object.fromEntries(Object.entries(table).map(([name, part]) => [name, aliased(alias, part)]));
}

function isColumn(part: ColumnTable[string]): part is Column<unknown> {
  return 'sql' in part && typeof part.sql === 'string';
}

function isOptional(part: ColumnTable[string]): part is OptionalColumns<ColumnTable> {
  return 'optional' in part && !isColumn(part) && !isColumn(part.optional);
}

/** A kind of COPY row. */
export interface Columns<Row> {
  /** The columns in their order, for `copy (select … from …) to stdout` or `copy table (…) from stdin`. */
  readonly list: string;
  readonly columns: readonly Column<unknown>[];
  /** The row of a line of COPY text (without its newline). */
  read(line: string): Row;
  /** The row as a line of COPY text, newline included. */
  line(row: Row): string;
  /** Lines of `copyOut` as rows. */
  rows(batches: AsyncIterable<string[]>): AsyncIterable<Row[]>;
  /** Rows gathered into runs whose first `keyLength` columns are equal, in batches of runs. */
  groups(batches: AsyncIterable<string[]>, keyLength: number): AsyncIterable<[Row, ...Row[]][]>;
}

/**
 * Makes the list, the reader and the writer of a table of columns. The reader and the writer are generated as JavaScript, as
 * one would write them by hand: going through the table for every row takes two to three times as long. Nothing but the
 * names of the table's values and positions comes into the generated text.
 */
export function columns<Table extends ColumnTable>(table: Table): Columns<RowOf<Table>> {
  type Row = RowOf<Table>;
  const all = flat(table);
  const readFields = generate('fields', readCode(table, 0), all) as (fields: Fields) => Row;
  const line = generate('row', `${writeCode(table, 'row')} + '\\n'`, all) as (row: Row) => string;
  const read = (text: string): Row => readFields(copyFields(text));
  return {
    list: all.map(({ sql }) => sql).join(', '),
    columns: all,
    read,
    line,
    rows: async function* rows(batches) {
      for await (const batch of batches) yield batch.map(read);
    },
    groups: (batches, keyLength) => grouped(batches, keyLength, readFields),
  };
}

function flat(table: ColumnTable): Column<unknown>[] {
  return Object.values(table).flatMap((part) =>
    isColumn(part) ? [part] : flat(isOptional(part) ? part.optional : part),
  );
}

/** A function of one parameter that answers the expression. */
function generate(parameter: string, expression: string, all: readonly Column<unknown>[]): unknown {
  const missing = (position: number): never => {
    throw new Error(`${all[position]?.sql} is null, where its table of columns expects a value`);
  };
  const body = `'use strict'; return (${parameter}) => (${expression});`;
  // oxlint-disable-next-line typescript/no-implied-eval -- from the constants of this program alone, see above
  const make = new Function('escapeText', 'decimal', 'missing', body) as (...tools: readonly unknown[]) => unknown;
  return make(escapeText, decimal, missing);
}

/** An object literal of the fields that begin at a position. */
function readCode(table: ColumnTable, start: number): string {
  let position = start;
  const parts = Object.entries(table).map(([name, part]) => {
    const code = `${checkedName(name)}: ${readPart(part, position)}`;
    position += flat({ part }).length;
    return code;
  });
  return `{ ${parts.join(', ')} }`;
}

function readPart(part: ColumnTable[string], position: number): string {
  const field = `fields[${position}]`;
  if (isOptional(part)) return `${field} == null ? null : ${readCode(part.optional, position)}`;
  if (!isColumn(part)) return readCode(part, position);
  if (part.isNullable) return `${field} == null ? null : ${part.code.read(field)}`;
  return part.code.read(`(${field} ?? missing(${position}))`);
}

/** The fields of an object with tabs between them. */
function writeCode(table: ColumnTable, row: string): string {
  return Object.entries(table)
    .map(([name, part]) => writePart(part, `${row}.${checkedName(name)}`))
    .join(` + '\\t' + `);
}

function writePart(part: ColumnTable[string], value: string): string {
  if (isColumn(part)) return part.code.write(value);
  if (!isOptional(part)) return writeCode(part, value);
  const nothing = flat(part.optional).map(() => '\\\\N');
  return `(${value} === null ? '${nothing.join('\\t')}' : ${writeCode(part.optional, value)})`;
}

/** A name that stands in generated JavaScript. */
function checkedName(name: string): string {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) throw new Error(`${name} cannot be the name of a value`);
  return name;
}

async function* grouped<Row>(
  batches: AsyncIterable<string[]>,
  keyLength: number,
  read: (fields: Fields) => Row,
): AsyncIterable<[Row, ...Row[]][]> {
  let key: Fields | null = null;
  let open: [Row, ...Row[]] | null = null;
  for await (const batch of batches) {
    const groups: [Row, ...Row[]][] = [];
    for (const line of batch) {
      const fields = copyFields(line);
      const row = read(fields);
      if (open !== null && startsAlike(key!, fields, keyLength)) {
        open.push(row);
        continue;
      }
      if (open !== null) groups.push(open);
      open = [row];
      key = fields;
    }
    if (groups.length > 0) yield groups;
  }
  if (open !== null) yield [open];
}

function startsAlike(a: Fields, b: Fields, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
