// Room: ledger. Applies the numbered SQL files of migrations/ in order, each once, each in its own transaction.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Database } from './database.ts';

const FOLDER = path.join(import.meta.dirname, 'migrations');
/** Any constant: two processes that start together migrate one after the other. */
const MIGRATION_LOCK = 7_204_201;

/**
 * Brings the database to this program's schema.
 *
 * @throws when the database holds a migration this program does not know, or one whose text has changed since.
 */
export async function migrate(database: Database): Promise<void> {
  const files = readdirSync(FOLDER)
    .filter((name) => /^\d{3}_[a-z_]+\.sql$/.test(name))
    .sort();
  await database.transaction(async (tx) => {
    await tx.execute('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
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
