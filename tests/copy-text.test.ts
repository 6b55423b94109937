// COPY text on its way: what is gathered as bytes is what goes in, blocks used again included; numbers as PostgreSQL reads them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columns, numeric, text as textColumn } from '../src/ledger/core/columns.ts';
import { CopyText, decimal } from '../src/ledger/core/copy.ts';
import { openTestLedger } from './ledger.ts';

const ledger = await openTestLedger();
const TAKEN = columns({ round: numeric('round'), n: numeric('n'), name: textColumn('name') });
const NUMBER = columns({ n: numeric('n') });

/** Lines of every width of UTF-8, some longer than a block. */
const lines = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 60_000 }).map((n) => '届'.repeat(n)) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 70_000 }).map((n) => '𠮷'.repeat(n)) },
  ),
  { maxLength: 60 },
);

test('gathered bytes are the lines, also in blocks that have been used before', () => {
  fc.assert(
    fc.property(lines, (texts) => {
      const gathered = new CopyText();
      for (const text of texts) gathered.add(`${text.toWellFormed()}\n`);
      expect(gathered.count).toBe(texts.length);
      expect(Buffer.concat(gathered.blocks()).toString()).toBe(
        texts.map((text) => `${text.toWellFormed()}\n`).join(''),
      );
      gathered.recycle();
    }),
  );
});

test('a number is written as String writes it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.nat(), fc.integer(), fc.double()), (value) => {
      expect(decimal(value)).toBe(String(value));
    }),
  );
  for (const value of [0, 999, 1000, 1001, 999_999, 1_000_000, 1_000_001, Number.MAX_SAFE_INTEGER, -1000])
    expect(decimal(value)).toBe(String(value));
});

test('two copies of one connection in turn, each of more than a block, arrive whole', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => [i, `氏名\t${i}\\`] as const);
  await ledger.database.transaction(async (tx) => {
    await tx.execute('create temporary table taken (round integer, n bigint, name text) on commit drop');
    for (const round of [1, 2, 3]) {
      const text = new CopyText();
      for (const [n, name] of rows) text.add(TAKEN.line({ round, n, name }));
      await tx.copyIn('copy taken from stdin', text);
    }
    const [found] = await tx.query<{ rows: number; wrong: number }>(
      `select count(*)::int as rows, count(*) filter (where name <> '氏名' || chr(9) || n || '\\')::int as wrong from taken`,
    );
    expect(found).toEqual({ rows: 60_000, wrong: 0 });
  });
});

test('a row the database refuses ends the copy with its error, and the connection serves on', async () => {
  const bad = async (text: CopyText | string[]): Promise<void> =>
    ledger.database.transaction(async (tx) => {
      await tx.execute('create temporary table taken (n integer) on commit drop');
      await tx.copyIn('copy taken from stdin', text);
    });
  const text = new CopyText();
  for (let i = 0; i < 200_000; i++) text.add(i === 100 ? 'x\n' : NUMBER.line({ n: i }));
  await expect(bad(text)).rejects.toMatchObject({ code: '22P02' });
  await expect(
    bad(Array.from({ length: 200_000 }, (_, i) => (i === 100 ? 'x\n' : NUMBER.line({ n: i })))),
  ).rejects.toMatchObject({
    code: '22P02',
  });
  expect(await ledger.database.statement('one', 'select 1 as one', [])).toEqual([{ one: 1 }]);
});

test('who stops reading early, or fails on the way, has the connection again', { timeout: 60_000 }, async () => {
  const { database } = ledger;
  const rows = `copy (select repeat('x', 200) from generate_series(1, 200000)) to stdout`;
  const fault = new Error('stopped');
  const failing = database.transaction(async (tx) => {
    for await (const lines of tx.copyOut(rows)) if (lines.length > 0) throw fault;
  });
  await expect(failing).rejects.toBe(fault);
  const counted = await database.transaction(async (tx) => {
    for await (const lines of tx.copyOut(rows)) if (lines.length > 0) break;
    return tx.query<{ one: number }>('select 1 as one');
  });
  expect(counted).toEqual([{ one: 1 }]);
  await expect(
    database.transaction(async (tx) => {
      for await (const lines of tx.copyOut('copy (select 1 / 0) to stdout')) expect(lines).toEqual([]);
    }),
  ).rejects.toMatchObject({ code: '22012' });
});
