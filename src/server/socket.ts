// Room: server. The socket: the application answered over HTTP until the signal, then what is in hand is finished.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { App } from './http.ts';

export interface Listening {
  readonly port: number;
  /** Takes nothing new, finishes what is in hand (at most ten seconds), and closes. */
  close(): Promise<void>;
}

const PATIENCE_MS = 10_000;

/** Answers on a port (0 = any free one) of a host. */
export async function openSocket(app: App, port: number, host: string): Promise<Listening> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const opened = serve({ fetch: app.fetch, port, hostname: host }, () => resolve(opened));
    opened.on('error', reject);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(
          () => ('closeAllConnections' in server ? server.closeAllConnections() : undefined),
          PATIENCE_MS,
        );
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
}
