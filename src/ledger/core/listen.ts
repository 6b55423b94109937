// Room: ledger. Hearing of changes: one connection that listens, for all open pages of a process.
import pg from 'pg';
import type { Transaction } from './pool.ts';
import type { Connection } from './server.ts';

/**
 * Calls `onNote` with the text of every note on the channel until the signal. A broken connection is opened again; notes
 * sent meanwhile are lost, so `onGap` asks the listeners to read everything again.
 */
export function listen(
  connection: Connection,
  channel: string,
  hears: { readonly onNote: (text: string) => void; readonly onGap: () => void },
  signal: AbortSignal,
): void {
  const open = async (): Promise<void> => {
    const client = new pg.Client({ ...connection, application_name: 'todoke listener' });
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', (note) => hears.onNote(note.payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      hears.onGap();
      await lost;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const keepOpen = async (): Promise<void> => {
    while (!signal.aborted) {
      await open().catch(() => undefined);
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  void keepOpen();
}

export const CHANGE_CHANNEL = 'todoke_change';

/** Tells every open page of the insurer that something of a kind has changed. No data goes along. */
export async function notifyChange(tx: Transaction, insurerNumber: string, topic: string): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [CHANGE_CHANNEL, `${insurerNumber} ${topic}`]);
}
