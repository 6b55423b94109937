// For tests that need the ledger: a database of their own, a context, and a folder that goes away.
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { openDatabase } from '../src/ledger/database.ts';
import type { Context } from '../src/operations/context.ts';
import type { Run } from '../src/operations/issuance-run.ts';
import { confirmLot, listLotViews } from '../src/operations/lots.ts';

/** A clone of the migrated template; dropped when the file's tests are over. */
export async function openTestLedger(): Promise<Context> {
  const connection = inject('connection');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ ...connection, database: 'postgres' });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name} template todoke`);
  const database = openDatabase({ ...connection, database: name });
  afterAll(async () => {
    await database.close();
    await admin(`drop database ${name} with (force)`);
  });
  const quiet = (): void => undefined;
  return {
    database,
    actor: 'tester',
    progress: { begin: quiet, reach: quiet, end: quiet },
    signal: new AbortController().signal,
  };
}

/** A folder for this file's tests. */
export function openTestFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'todoke-files-'));
  // As root the database runs as another user, who must be able to walk in; else it would be kept elsewhere.
  chmodSync(folder, 0o755);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Two persons release every lot of a printed run for print and for post, so that its pieces may be posted. */
export async function releaseLots(context: Context, run: Run): Promise<void> {
  for (const { no } of await listLotViews(context, run))
    for (const step of ['print', 'post'] as const)
      for (const person of ['山田 太郎', '鈴木 花子']) await confirmLot(context, run, no, step, person);
}
