// The browser's side of the console bench, in a thread of its own: it asks over one kept connection, one address after the
// other, so that what it costs to ask is not counted as the server's. Posts the milliseconds of each answer.
import { Agent, request } from 'node:http';
import { parentPort } from 'node:worker_threads';

/** Asked of this thread: the first `warm` answers do not count. */
export interface Asking {
  readonly addresses: readonly string[];
  readonly cookie: string;
  readonly warm: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function ask(address: string, cookie: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { agent, headers: { cookie } }, (answer) => {
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}: ${address}`)),
      );
      answer.on('error', reject);
      answer.resume();
    });
    asked.on('error', reject);
    asked.end();
  });
}

parentPort?.on('message', async ({ addresses, cookie, warm }: Asking) => {
  const times: number[] = [];
  for (const address of addresses) {
    const from = performance.now();
    await ask(address, cookie);
    times.push(performance.now() - from);
  }
  parentPort?.postMessage(times.slice(warm));
});
