// The schema: what is written down is what PostgreSQL says; numbered files; and how a database of another version is met.
import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { openDatabase } from '../src/ledger/core/pool.ts';
import type { Database } from '../src/ledger/core/pool.ts';
import { FUNCTION_TEXTS, SCHEMA_FOLDER, UnusableDatabase, dropSchema, migrate } from '../src/ledger/core/migrate.ts';
import { describeSchema } from '../src/ledger/core/describe.ts';
import { SUBJECTS, schemaFiles } from '../tools/schema.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const ROOT = path.join(import.meta.dirname, '..');
const MIGRATIONS = readdirSync(path.join(SCHEMA_FOLDER, 'migrations')).sort();
const FUNCTIONS = readdirSync(path.join(SCHEMA_FOLDER, 'functions')).sort();
const folder = openTestFolder();
const { database } = await openTestLedger();

/** A database with nothing in it. */
async function openEmptyDatabase(): Promise<Database> {
  const name = `empty_${randomUUID().replaceAll('-', '')}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ ...inject('connection'), database: 'postgres' });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name}`);
  const empty = openDatabase({ ...inject('connection'), database: name });
  afterAll(async () => {
    await empty.close();
    await admin(`drop database ${name} with (force)`);
  });
  return empty;
}

/** A later version of the schema: a copy of its folder, changed by `change`. */
function laterSchema(change: (folder: string) => void): string {
  const copy = path.join(folder, randomUUID());
  cpSync(SCHEMA_FOLDER, copy, { recursive: true });
  change(copy);
  return copy;
}

const execute = (on: Database, sql: string): Promise<unknown> => on.transaction((tx) => tx.execute(sql));
const describe = async (on: Database): Promise<string> => (await on.transaction(describeSchema)).sql;
const stampOf = async (on: Database): Promise<string> =>
  on.transaction(async (tx) => {
    const [row] = await tx.query<{ text: string }>(
      `select pg_get_functiondef('stamp_before(bigint, bigint)'::regprocedure) as text`,
    );
    return row!.text;
  });

test('schema.sql and docs/schema.md are what the database says (npm run schema)', async () => {
  for (const [name, text] of Object.entries(await database.transaction(schemaFiles)))
    expect(readFileSync(path.join(ROOT, name), 'utf8'), `${name}: npm run schema`).toBe(text);
});

test('every table and view says what it holds, and lies in docs/schema.md', async () => {
  const { tables } = await database.transaction(describeSchema);
  const page = readFileSync(path.join(ROOT, 'docs', 'schema.md'), 'utf8');
  // (Those two are kept by migrate itself.)
  const own = tables.filter(({ name }) => name !== 'migration' && name !== 'function_source');
  expect(own.length).toBeGreaterThan(60);
  expect(own.filter(({ comment }) => comment === null).map(({ name }) => name)).toEqual([]);
  expect(own.filter(({ name }) => !page.includes(`| \`${name}\``)).map(({ name }) => name)).toEqual([]);
});

test('what the console may touch lies behind a wall', async () => {
  const open = await database.transaction((tx) =>
    tx.query<{ name: string }>(
      `select c.relname as name from pg_class c
        where c.relnamespace = 'todoke'::regnamespace and not c.relispartition
          and (c.relkind in ('r', 'p') and not (c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
               or c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false))
          and (has_table_privilege('todoke_console', c.oid, 'select, insert, update, delete')
               or has_any_column_privilege('todoke_console', c.oid, 'select, insert, update'))
        order by 1`,
    ),
  );
  // Both are the same for every insurer.
  expect(open.map(({ name }) => name)).toEqual(['postal_edition', 'transition']);
});

/** Tables whose rows are meant to change or go, each with why. All others are only added to. */
const CHANGING: Readonly<Record<string, string>> = {
  account: 'a person’s name, role and sign-in change',
  answered_request: 'forgotten after a while',
  chain_head: 'the end of the chain moves on',
  chunk: 'closed once; its keys are blanked when it is erased',
  enrolment_count: 'counted again',
  enrolment_group: 'counted again',
  function_source: 'kept by migrate',
  import_confirmation: 'goes with its proposal',
  import_proposal: 'worked out again, confirmed, ended',
  insurer: 'its name may change',
  job: 'its progress',
  lot: 'closed once',
  migration: 'kept by migrate',
  paper_state: 'where a paper is now',
  paper_tally: 'moved by events',
  parcel: 'closed once',
  parcel_piece: 'closed with its parcel',
  plan_run: 'freed when its issuance is cancelled',
  print_batch: 'closed once',
  reason_count: 'counted again',
  reason_group: 'counted again',
  session: 'seen, and over',
  sign_in_try: 'forgotten after a while',
  transition: 'the rules’ table; a migration changes it',
  warning: 'written again with its chunk',
  workplace_branch: 'follows the newest file of workplaces',
};

test('rows of every table are never changed or removed, but for those that say why', async () => {
  const frozen = (bits: string): string =>
    `exists (select from pg_trigger t join pg_proc f on f.oid = t.tgfoid
              where t.tgrelid = c.oid and f.proname = 'refuse_change' and t.tgenabled <> 'D' and ${bits})`;
  // Bits of tgtype: 8 = delete, 16 = update.
  const open = await database.transaction((tx) =>
    tx.query<{ name: string }>(
      `select c.relname as name from pg_class c
        where c.relnamespace = 'todoke'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and not (${frozen('t.tgtype & 8 > 0')} and ${frozen('t.tgtype & 16 > 0')})
        order by c.relname collate "C"`,
    ),
  );
  expect(open.map(({ name }) => name)).toEqual(Object.keys(CHANGING));
});

test('migrations are numbered, each number once, each by its subject', () => {
  const named = new RegExp(`^(\\d{3})_(?:${SUBJECTS.join('|')})(?:_[a-z]+)*\\.sql$`);
  const numbers = MIGRATIONS.map((name) => named.exec(name)?.[1] ?? name);
  expect(numbers.filter((number) => !/^\d{3}$/.test(number))).toEqual([]);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('each function is one file of its name, and migrations make none', async () => {
  const made = await database.transaction((tx) =>
    tx.query<{ name: string }>(
      `select proname || '.sql' as name from pg_proc where pronamespace = 'todoke'::regnamespace order by proname collate "C"`,
    ),
  );
  expect(FUNCTIONS).toEqual(made.map(({ name }) => name));
  const read = (place: string, name: string): string => readFileSync(path.join(SCHEMA_FOLDER, place, name), 'utf8');
  for (const name of FUNCTIONS)
    expect(
      [...read('functions', name).matchAll(/^create or replace function (\w+)/gm)].map((m) => `${m[1]}.sql`),
    ).toEqual([name]);
  expect(MIGRATIONS.filter((name) => /create (?:or replace )?function/.test(read('migrations', name)))).toEqual([]);
});

test('PostgreSQL can read the body of every function', async () => {
  const faults: string[] = [];
  for (const name of FUNCTIONS)
    await database
      .transaction(async (tx) => {
        await tx.execute('set local check_function_bodies = on');
        await tx.execute(readFileSync(path.join(SCHEMA_FOLDER, 'functions', name), 'utf8'));
      })
      .catch((error: Error) => faults.push(`${name}: ${error.message}`));
  expect(faults).toEqual([]);
});

test('a database of the schema before this one is refused with what to do', async () => {
  const old = await openEmptyDatabase();
  await execute(
    old,
    `create schema todoke; create table todoke.migration (name text primary key, sha256 text not null);
     insert into todoke.migration values ('001_ledger.sql', ''), ('030_branch_counts.sql', '')`,
  );
  const refused = migrate(old);
  await expect(refused).rejects.toThrow(UnusableDatabase);
  await expect(refused).rejects.toThrow(
    /引き継げないので、データフォルダを消すか、TODOKE_DATA に別のフォルダ.*作り直してください。$/,
  );
  await dropSchema(old);
  await migrate(old);
  expect(await describe(old)).toBe(await describe(database));
});

test('migrating twice changes nothing', async () => {
  const once = await openEmptyDatabase();
  await migrate(once);
  const when = (): Promise<unknown> =>
    once.transaction((tx) =>
      tx.query(
        'select name, applied_at from migration union all select name, applied_at from function_source order by 1',
      ),
    );
  const before = await when();
  await migrate(once);
  expect(await when()).toEqual(before);
});

test('a database of a newer program, or one whose migrations were changed or left out, is refused', async () => {
  const { database: other } = await openTestLedger();
  const later = laterSchema((copy) => writeFileSync(path.join(copy, 'migrations', '999_desk_later.sql'), 'select 1;'));
  await migrate(other, later);
  await expect(migrate(other)).rejects.toThrow(/新しい版のtodokeのもの（999_desk_later.sql）/);
  const changed = laterSchema((copy) => {
    writeFileSync(path.join(copy, 'migrations', '999_desk_later.sql'), 'select 2;');
  });
  await expect(migrate(other, changed)).rejects.toThrow('適用済みの移行 999_desk_later.sql の内容が変わっています。');
  const between = laterSchema((copy) => {
    writeFileSync(path.join(copy, 'migrations', '998_desk_between.sql'), 'select 1;');
    writeFileSync(path.join(copy, 'migrations', '999_desk_later.sql'), 'select 1;');
  });
  await expect(migrate(other, between)).rejects.toThrow('998_desk_between.sql が抜けています');
});

test('a function whose text has changed is applied again, and no other', async () => {
  const { database: other } = await openTestLedger();
  const file = path.join('functions', 'stamp_before.sql');
  const later = laterSchema((copy) =>
    writeFileSync(
      path.join(copy, file),
      readFileSync(path.join(copy, file), 'utf8').replace('seq < before', 'seq <= before'),
    ),
  );
  const before = await stampOf(other);
  await migrate(other, later);
  expect(await stampOf(other)).toBe(before.replace('seq < before', 'seq <= before'));
  const applied = await other.transaction((tx) =>
    tx.query<{ name: string }>(
      'select name from function_source where applied_at = (select max(applied_at) from function_source)',
    ),
  );
  expect(applied).toEqual([{ name: 'stamp_before.sql' }]);
});

test('an older program over a function it does not know is refused, and puts nothing back', async () => {
  const { database: other } = await openTestLedger();
  const change = (from: string, to: string) =>
    laterSchema((copy) => {
      const file = path.join(copy, 'functions', 'stamp_before.sql');
      writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
    });
  await migrate(other, change('seq < before', 'seq <= before'));
  const later = await stampOf(other);
  expect(later).toContain('seq <= before');
  await expect(migrate(other)).rejects.toThrow(/新しい版のtodokeのもの（stamp_before.sql）/);
  expect(await stampOf(other)).toBe(later);
  // A still newer program knows that text and goes on from it.
  const newest = change('seq < before', 'seq < before + 0');
  const hash = createHash('sha256')
    .update(
      readFileSync(path.join(SCHEMA_FOLDER, 'functions', 'stamp_before.sql'), 'utf8').replace(
        'seq < before',
        'seq <= before',
      ),
    )
    .digest('hex');
  appendFileSync(path.join(newest, FUNCTION_TEXTS), `stamp_before.sql ${hash}\n`);
  await migrate(other, newest);
  expect(await stampOf(other)).toContain('seq < before + 0');
  // A function that only the newer program has.
  const { database: another } = await openTestLedger();
  await migrate(
    another,
    laterSchema((copy) =>
      writeFileSync(
        path.join(copy, 'functions', 'later.sql'),
        'create or replace function later() returns integer language sql as $$ select 1 $$;',
      ),
    ),
  );
  await expect(migrate(another)).rejects.toThrow(/新しい版のtodokeのもの（later.sql）/);
});

test('a migration may drop a function to give it another shape: the same from nothing as from before', async () => {
  const later = laterSchema((copy) => {
    const file = path.join(copy, 'functions', 'stamp_before.sql');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('before bigint) returns text', 'before bigint) returns varchar'),
    );
    rmSync(path.join(copy, 'functions', 'is_approved.sql'));
    writeFileSync(
      path.join(copy, 'migrations', '999_papers_stamps.sql'),
      `drop function if exists stamp_before(bigint, bigint);
       drop function if exists is_approved(integer, smallint, text);
       create table stamp (name text primary key);
       create trigger frozen before update on stamp for each row execute function refuse_change();`,
    );
    // It takes a row of a table that is made after it.
    writeFileSync(
      path.join(copy, 'functions', 'stamp_name.sql'),
      'create or replace function stamp_name(s stamp) returns text language sql as $$ select s.name $$;',
    );
  });
  const { database: before } = await openTestLedger();
  const nothing = await openEmptyDatabase();
  await migrate(before, later);
  await migrate(nothing, later);
  expect(await describe(before)).toBe(await describe(nothing));
  expect(await stampOf(nothing)).toContain('RETURNS character varying');
  expect(await describe(nothing)).not.toContain('is_approved');
});
