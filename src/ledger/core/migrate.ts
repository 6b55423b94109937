// Room: ledger. Applies the numbered SQL files of migrations/ in order, each once, each in its own transaction.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Database, Transaction } from './pool.ts';

const FOLDER = path.join(import.meta.dirname, '..', 'migrations');
/** Any constant: two processes that start together migrate one after the other. */
const MIGRATION_LOCK = 7_204_201;

/**
 * Brings the database to this program's schema.
 *
 * @throws when the console's role is missing and may not be made; when the database holds a migration this program does not know, or one whose text has changed since.
 */
export async function migrate(database: Database): Promise<void> {
  const files = readdirSync(FOLDER)
    .filter((name) => /^\d{3}_[a-z_]+\.sql$/.test(name))
    .sort();
  await database.transaction(async (tx) => {
    await tx.execute('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await ensureConsoleRole(tx);
    await tx.execute('create schema if not exists todoke');
    await tx.execute(`create table if not exists todoke.migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
    const applied = new Map(
      (await tx.query<{ name: string; sha256: string }>('select name, sha256 from todoke.migration')).map((row) => [
        row.name,
        row.sha256,
      ]),
    );
    const unknown = [...applied.keys()].find((name) => !files.includes(name));
    if (unknown) throw new Error(`データベースはこのプログラムより新しい版です（${unknown}）。`);
    for (const name of files) {
      const sql = readFileSync(path.join(FOLDER, name), 'utf8');
      const sha256 = createHash('sha256').update(sql).digest('hex');
      const known = applied.get(name);
      if (known === sha256) continue;
      if (known !== undefined) throw new Error(`適用済みの移行 ${name} の内容が変わっています。`);
      await tx.execute(sql);
      await tx.execute('insert into todoke.migration (name, sha256) values ($1, $2)', [name, sha256]);
    }
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
    throw new Error(
      'データベースの利用者に、役割を作る権限（CREATEROLE）がありません。データベースの管理者が一度だけ次を実行してください: ' +
        `create role todoke_console nologin; grant todoke_console to ${name};`,
      { cause: error },
    );
  }
}
