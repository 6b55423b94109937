// One throwaway PostgreSQL for the whole test run, with a migrated template that every test file clones.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProvidedContext } from 'vitest';
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

/** What a test file is given of the run it belongs to. */
export type Provided = Pick<ProvidedContext, 'connection' | 'sharedFolder'>;

/** Where a test run that another process starts (tools/alone.ts, tools/mutants.ts) finds the server and the shared folder. */
export const OUTER_RUN = 'TODOKE_TEST_RUN';

/** A server with the migrated template, and a folder for what several files begin with; `close` takes both away. */
export async function openTestServer(): Promise<Provided & { readonly close: () => Promise<void> }> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'todoke-test-'));
  // As root the database runs as another user, who must be able to walk in; else it would be kept elsewhere.
  chmodSync(dataDir, 0o755);
  const server = await startEmbeddedServer({ dataDir: path.join(dataDir, 'data'), throwaway: true });
  const database = openDatabase(server.connection);
  await migrate(database);
  await database.close();
  const sharedFolder = path.join(dataDir, 'shared');
  mkdirSync(sharedFolder, { mode: 0o755 });
  return {
    connection: server.connection,
    sharedFolder,
    close: async () => {
      await server.leave();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outer = process.env[OUTER_RUN];
  if (outer !== undefined) {
    const { connection, sharedFolder } = JSON.parse(outer) as Provided;
    project.provide('connection', connection);
    project.provide('sharedFolder', sharedFolder);
    return () => Promise.resolve();
  }
  const { connection, sharedFolder, close } = await openTestServer();
  project.provide('connection', connection);
  project.provide('sharedFolder', sharedFolder);
  // Commands and print processes start by the hundred: what they load is compiled once.
  process.env['NODE_COMPILE_CACHE'] ??= path.join(sharedFolder, 'compiled');
  return close;
}
