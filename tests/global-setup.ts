// One throwaway PostgreSQL for the whole test run, with a migrated template that every test file clones.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../src/ledger/core/pool.ts';
import { migrate } from '../src/ledger/core/migrate.ts';
import { startEmbeddedServer } from '../src/ledger/core/server.ts';
import type { Connection } from '../src/ledger/core/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    connection: Connection;
    /** Where what several files begin with is kept, until the run is over. */
    sharedFolder: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'todoke-test-'));
  // As root the database runs as another user, who must be able to walk in; else it would be kept elsewhere.
  chmodSync(dataDir, 0o755);
  const server = await startEmbeddedServer({ dataDir: path.join(dataDir, 'data'), throwaway: true });
  const database = openDatabase(server.connection);
  await migrate(database);
  await database.close();
  project.provide('connection', server.connection);
  const sharedFolder = path.join(dataDir, 'shared');
  mkdirSync(sharedFolder, { mode: 0o755 });
  project.provide('sharedFolder', sharedFolder);
  return async () => {
    await server.leave();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
