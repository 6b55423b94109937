// Tables of columns: what is written is read again, by us and through PostgreSQL; nothing is read from a wrong place.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as c from '../src/ledger/core/columns.ts';
import type { RowOf } from '../src/ledger/core/columns.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { openTestLedger } from './ledger.ts';

const ledger = await openTestLedger();

const PERSON = { symbol: c.text('symbol'), number: c.digits('number') };
const TABLE = {
  person: PERSON,
  name: c.orNull(c.text('name')),
  sex: c.word<'male' | 'female'>('sex'),
  bornOn: c.date('born_on'),
  lostOn: c.orNull(c.date('lost_on')),
  weight: c.numeric('weight'),
  count: c.orNull(c.numeric('count')),
  isTarget: c.flag('is_target'),
  wasDeferred: c.orNull(c.flag('was_held')),
  facts: c.json<{ readonly word: string }>('facts'),
  sealed: c.orNull(c.bytes('sealed')),
  home: c.optional({ line: c.text('home_line'), unit: { building: c.orNull(c.text('home_building')) } }),
};
const ROWS = c.columns(TABLE);
type Row = RowOf<typeof TABLE>;

/** Texts as they may come: with tabs, line ends, backslashes, what looks like a null; without the zero PostgreSQL refuses. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((t) => t.replaceAll('\0', '').toWellFormed()),
  fc.constantFrom('', '\\N', '\t', '\n', '\r\n', '\\', '\\t', 'N', '届', '𠮷'),
);
const anyDate = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10) as LocalDate);
const rows: fc.Arbitrary<Row> = fc.record({
  person: fc.record({ symbol: anyText, number: fc.maxSafeNat().map(String) }),
  name: fc.option(anyText),
  sex: fc.constantFrom('male', 'female'),
  bornOn: anyDate,
  lostOn: fc.option(anyDate),
  weight: fc.maxSafeInteger(),
  count: fc.option(fc.nat()),
  isTarget: fc.boolean(),
  wasDeferred: fc.option(fc.boolean()),
  facts: fc.record({ word: anyText }),
  sealed: fc.option(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes))),
  home: fc.option(fc.record({ line: anyText, unit: fc.record({ building: fc.option(anyText) }) })),
});

test('a row is read as it was written', () => {
  fc.assert(
    fc.property(rows, (row) => {
      expect(ROWS.read(ROWS.line(row).slice(0, -1))).toEqual(row);
    }),
  );
});

test('PostgreSQL keeps every value of a row, and hands it out in the order of another table', async () => {
  // The same columns from behind, under an alias.
  const names = Object.keys(TABLE).reverse() as (keyof typeof TABLE)[];
  const REVERSED = c.columns(c.from('t', TABLE, ...names));
  await ledger.database.transaction(async (tx) => {
    await tx.execute(
      `create temporary table kept (no integer generated always as identity, symbol text, number bigint, name text,
         sex text, born_on date, lost_on date, weight bigint, count integer, is_target boolean, was_held boolean,
         facts jsonb, sealed bytea, home_line text, home_building text) on commit drop`,
    );
    const written = fc.sample(rows, { numRuns: 300, seed: 1 });
    await tx.copyIn(
      `copy kept (${ROWS.list}) from stdin`,
      written.map((row) => ROWS.line(row)),
    );
    const read: Row[] = [];
    const lines = tx.copyOut(`copy (select ${REVERSED.list} from kept t order by no) to stdout`);
    for await (const batch of REVERSED.rows(lines)) read.push(...(batch as Row[]));
    expect(read).toEqual(written);
  });
});

test('rows are gathered by their first columns, across batches', async () => {
  const KEYED = c.columns({ person: PERSON, n: c.numeric('n') });
  const line = (symbol: string, number: string, n: number): string =>
    KEYED.line({ person: { symbol, number }, n }).trimEnd();
  async function* batches(): AsyncIterable<string[]> {
    yield await Promise.resolve([line('1', '1', 1), line('1', '1', 2), line('1', '2', 3)]);
    yield [line('1', '2', 4)];
    yield [line('2', '2', 5)];
  }
  const groups: number[][] = [];
  for await (const some of KEYED.groups(batches(), 2)) groups.push(...some.map((group) => group.map(({ n }) => n)));
  expect(groups).toEqual([[1, 2], [3, 4], [5]]);
});

test('a null where a value is expected is an error that names the column, never a value', () => {
  const NAMED = c.columns({ name: c.text('m.name'), count: c.numeric('m.count'), isTarget: c.flag('d.is_target') });
  expect(() => NAMED.read('\\N\t1\tt')).toThrow('m.name is null');
  expect(() => NAMED.read('a\t\\N\tt')).toThrow('m.count is null');
  expect(() => NAMED.read('a\t1\t\\N')).toThrow('d.is_target is null');
  // A line that is too short is no row with less in it.
  expect(() => NAMED.read('a\t1')).toThrow('d.is_target is null');
});

test('columns of an outer join are null together', () => {
  const JOINED = c.columns({
    symbol: c.text('m.symbol'),
    enrolment: c.optional(c.from('e', PERSON, 'symbol', 'number')),
  });
  expect(JOINED.list).toBe('m.symbol, e.symbol, e.number');
  expect(JOINED.read('1\t\\N\t\\N')).toEqual({ symbol: '1', enrolment: null });
  expect(JOINED.line({ symbol: '1', enrolment: null })).toBe('1\t\\N\t\\N\n');
});

test('a name that would be program text is refused', () => {
  expect(() => c.columns({ 'a: 1 }) + (': c.text('a') })).toThrow('cannot be the name of a value');
});
