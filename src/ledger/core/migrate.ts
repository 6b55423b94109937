// Room: ledger. Brings a database to the schema of src/ledger/schema: the numbered files of migrations/ in order, each once,
// and the files of functions/ whenever their text has changed. All of it is one transaction.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Database, Transaction } from './pool.ts';

/** Where the schema's files lie. */
export const SCHEMA_FOLDER = path.join(import.meta.dirname, '..', 'schema');
/** Any constant: two processes that start together migrate one after the other. */
const MIGRATION_LOCK = 7_204_201;
/** The first file of the schema before this one (version 0.1.0); what it made is not taken over. */
const FIRST_OF_OLD_SCHEMA = '001_ledger.sql';
/** SQLSTATE of a type that does not exist. */
const UNDEFINED_OBJECT = '42704';

/** This program cannot work with the database. The message is Japanese and says what to do. */
export class UnusableDatabase extends Error {}

interface SourceFile {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** Every text a function has had so far, a line each: its file and the text's SHA-256. `npm run schema` adds to it. */
export const FUNCTION_TEXTS = 'function-texts.txt';

/** The lines of a schema folder's `function-texts.txt`. */
export function readFunctionTexts(folder = SCHEMA_FOLDER): string[] {
  return readFileSync(path.join(folder, FUNCTION_TEXTS), 'utf8').trimEnd().split('\n');
}

/** The line of a function's present text. */
export function functionTextLines(folder = SCHEMA_FOLDER): string[] {
  return readFiles(path.join(folder, 'functions')).map(({ name, sha256 }) => `${name} ${sha256}`);
}

function readFiles(folder: string): SourceFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    });
}

/**
 * Brings the database to this program's schema.
 *
 * @throws UnusableDatabase when the console's role is missing and may not be made; when the database has the schema of
 *   0.1.0, holds a migration or a text of a function this program does not know, or a migration whose text has changed since.
 */
export async function migrate(database: Database, folder = SCHEMA_FOLDER): Promise<void> {
  const migrations = readFiles(path.join(folder, 'migrations'));
  const functions = readFiles(path.join(folder, 'functions'));
  await database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await ensureConsoleRole(tx);
    await tx.execute(`
      create schema if not exists todoke;
      create table if not exists todoke.migration (
        name text primary key, sha256 text not null, applied_at timestamptz not null default now());
      create table if not exists todoke.function_source (
        name text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
    const pending = pendingOf(migrations, await readHashes(tx, 'migration'));
    const known = await readHashes(tx, 'function_source');
    refuseNewerFunctions(known, new Set([...readFunctionTexts(folder), ...functionTextLines(folder)]));
    // After a migration all functions once more: it may have dropped one to give it another shape.
    const changed = pending.length > 0 ? functions : functions.filter(({ name, sha256 }) => known.get(name) !== sha256);
    if (changed.length === 0) return;
    // A function's text may name tables and functions that come after it; a test asks PostgreSQL to read every body.
    await tx.execute('set local check_function_bodies = off');
    if (pending.length > 0) {
      // Triggers and policies name functions, so a function that is not there yet comes before the tables.
      for (const { name, sql } of functions) if (!known.has(name)) await createIfPossible(tx, sql);
      for (const { sql } of pending) await tx.execute(sql);
      await recordHashes(tx, 'migration', pending);
    }
    await tx.execute(changed.map(({ sql }) => sql).join('\n'));
    await recordHashes(tx, 'function_source', changed);
  });
}

async function readHashes(tx: Transaction, table: 'migration' | 'function_source'): Promise<Map<string, string>> {
  const rows = await tx.query<{ name: string; sha256: string }>(`select name, sha256 from todoke.${table}`);
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}

async function recordHashes(
  tx: Transaction,
  table: 'migration' | 'function_source',
  files: readonly SourceFile[],
): Promise<void> {
  await tx.execute(
    `insert into todoke.${table} (name, sha256) select * from unnest($1::text[], $2::text[])
     on conflict (name) do update set sha256 = excluded.sha256, applied_at = now()`,
    [files.map(({ name }) => name), files.map(({ sha256 }) => sha256)],
  );
}

/** Migrations the database has still to run: those after the newest it has. */
function pendingOf(migrations: readonly SourceFile[], applied: ReadonlyMap<string, string>): readonly SourceFile[] {
  if (applied.has(FIRST_OF_OLD_SCHEMA))
    throw new UnusableDatabase(
      'このデータは前の形式のもので引き継げないので、データフォルダを消すか、TODOKE_DATA に別のフォルダ' +
        '（DATABASE_URL を使うときは空のデータベース）を指定して、入力ファイルから作り直してください。',
    );
  const newest = [...applied.keys()].sort().at(-1);
  const unknown = [...applied.keys()].find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) throw newerDatabase(unknown);
  for (const { name, sha256 } of migrations) {
    const before = applied.get(name);
    if (before !== undefined && before !== sha256)
      throw new UnusableDatabase(`適用済みの移行 ${name} の内容が変わっています。todokeを元の版に戻してください。`);
    if (before === undefined && newest !== undefined && name < newest)
      throw new UnusableDatabase(`データベースには移行 ${newest} まで適用されていますが、${name} が抜けています。`);
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

/** A text of a function that was never this program's is of a newer one; putting the older text back would break that program. */
function refuseNewerFunctions(applied: ReadonlyMap<string, string>, texts: ReadonlySet<string>): void {
  for (const [name, sha256] of applied) if (!texts.has(`${name} ${sha256}`)) throw newerDatabase(name);
}

function newerDatabase(file: string): UnusableDatabase {
  return new UnusableDatabase(
    `データベースはこのプログラムより新しい版のtodokeのもの（${file}）なので、todokeを新しい版にしてください。`,
  );
}

/** Creates a function, unless it takes a row of a table that is not there yet: then it comes after the tables. */
async function createIfPossible(tx: Transaction, sql: string): Promise<void> {
  try {
    await tx.execute(`savepoint early; ${sql}; release savepoint early`);
  } catch (error) {
    if ((error as { code?: string }).code !== UNDEFINED_OBJECT) throw error;
    await tx.execute('rollback to savepoint early');
  }
}

/** Removes everything this program keeps in the database. */
export async function dropSchema(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.execute('drop schema if exists todoke cascade');
    await tx.execute('drop schema if exists pgboss cascade');
  });
}

/**
 * The role the console reads and writes with, and the right to take it. Roles belong to the whole server, so it may be
 * there already, and another database's migration may be making it now.
 */
async function ensureConsoleRole(tx: Transaction): Promise<void> {
  const found = await tx.query<{ exists: boolean; member: boolean | null; name: string }>(
    `select exists (select from pg_roles where rolname = 'todoke_console') as exists, current_user as name,
            (select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = 'todoke_console') as member`,
  );
  const { exists, member, name } = found[0]!;
  if (exists && member) return;
  await tx.execute('savepoint role');
  try {
    if (!exists) await tx.execute('create role todoke_console nologin');
    await tx.execute('grant todoke_console to current_user');
  } catch (error) {
    await tx.execute('rollback to savepoint role');
    const { code } = error as { code?: string };
    // Made by another database of the same server meanwhile.
    if (code === '42710' || code === '23505') return ensureConsoleRole(tx);
    if (code !== '42501') throw error;
    throw new UnusableDatabase(
      'データベースの利用者に、役割を作る権限（CREATEROLE）がありません。データベースの管理者が一度だけ次を実行してください: ' +
        `create role todoke_console nologin; grant todoke_console to ${name};`,
      { cause: error },
    );
  }
}
