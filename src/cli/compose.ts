// Room: cli. The composition root: the one place that reads the environment and opens the data folder and the signals.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../ledger/core/pool.ts';
import type { Database } from '../ledger/core/pool.ts';
import { UnusableDatabase, dropSchema, migrate } from '../ledger/core/migrate.ts';
import { startEmbeddedServer } from '../ledger/core/server.ts';
import { parseDigitsKey } from '../formats/digits.ts';
import { Refusal } from '../operations/context.ts';
import type { Context } from '../operations/context.ts';
import { silentProgress, terminalProgress } from './progress.ts';

/** Everything that is kept between two commands lies here. */
export const DATA_FOLDER = process.env['TODOKE_DATA'] ?? path.join(import.meta.dirname, '..', '..', 'data');

/** The demo keeps its own, so that neither it nor the insurer's data ever stands in the other's way. */
export const DEMO_FOLDER = path.join(DATA_FOLDER, 'demo');

/**
 * Opens database and progress, runs `work`, and closes everything whatever happens.
 *
 * @param folder - where the embedded database lies (not used with DATABASE_URL); what the demo left in its own folder
 *   with another version of the program is made anew
 */
export async function withContext<T>(
  json: boolean,
  work: (context: Context) => Promise<T>,
  folder = DATA_FOLDER,
): Promise<T> {
  const stop = new AbortController();
  const onSignal = (): void => {
    // The first signal lets the chunk in hand finish; the second ends at once, which changes nothing but the wait.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const url = process.env['DATABASE_URL'];
  const server = url ? null : await startEmbeddedServer({ dataDir: folder });
  const database = openDatabase(server?.connection ?? { connectionString: url ?? '' });
  try {
    await prepareSchema(database, url ? null : folder);
    return await work({
      database,
      digitsKey: readDigitsKey(),
      actor: process.env['TODOKE_USER'] ?? userInfo().username,
      progress: json ? silentProgress : terminalProgress(process.stderr),
      signal: stop.signal,
    });
  } finally {
    await database.close();
    await server?.leave();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** `folder` = where the embedded database lies, null = the database is somebody else's (DATABASE_URL). */
async function prepareSchema(database: Database, folder: string | null): Promise<void> {
  try {
    await migrate(database);
  } catch (error) {
    if (!(error instanceof UnusableDatabase)) throw error;
    if (folder !== DEMO_FOLDER)
      throw new Refusal('database-unusable', error.message, folder === null ? [] : [`データフォルダ: ${folder}`]);
    process.stderr.write('見本のデータは別の版のtodokeのものなので、作り直します。\n');
    await dropSchema(database);
    await migrate(database);
  }
}

/** The key of the digits from the environment or a key file; undefined where none is given. */
function readDigitsKey(): Uint8Array | undefined {
  const text = process.env['TODOKE_DIGITS_KEY'];
  const file = process.env['TODOKE_DIGITS_KEY_FILE'];
  if (text === undefined && file === undefined) return undefined;
  let given = text ?? '';
  if (text === undefined) {
    try {
      given = readFileSync(file ?? '', 'utf8');
    } catch {
      throw new Refusal('digits-key-unreadable', 'TODOKE_DIGITS_KEY_FILE の鍵のファイルを読めません。');
    }
  }
  const key = parseDigitsKey(given);
  if (key) return key;
  throw new Refusal(
    'digits-key-malformed',
    '個人番号の下4桁の鍵の形が違います。32バイトを16進数64桁かBase64で指定してください（openssl rand -hex 32）。',
  );
}
