// Room: cli. The composition root: the one place that knows the environment, the data folder and the signals.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../ledger/core/pool.ts';
import { migrate } from '../ledger/core/migrate.ts';
import { startEmbeddedServer } from '../ledger/core/server.ts';
import { parseDigitsKey } from '../formats/digits.ts';
import { Refusal } from '../operations/context.ts';
import type { Context } from '../operations/context.ts';
import { silentProgress, terminalProgress } from './progress.ts';

/** Everything that is kept between two commands lies here. */
export const DATA_FOLDER = process.env['TODOKE_DATA'] ?? path.join(import.meta.dirname, '..', '..', 'data');

/** Opens database and progress, runs `work`, and closes everything whatever happens. */
export async function withContext<T>(json: boolean, work: (context: Context) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = (): void => {
    // The first signal lets the chunk in hand finish; the second ends at once, which changes nothing but the wait.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const url = process.env['DATABASE_URL'];
  const server = url ? null : await startEmbeddedServer({ dataDir: DATA_FOLDER });
  const database = openDatabase(server?.connection ?? { connectionString: url ?? '' });
  try {
    await migrate(database);
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
