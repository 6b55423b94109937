// `npm run bench -- console`: each list and search of the console over HTTP, signed in and behind the walls, at a million
// members, asked of `todoke serve` in a process of its own; against the same statements on a bare connection without walls,
// their rows made JSON: prepared once (the lowest floor there is), and sent as text with parameters, as a driver does it
// unasked (planned every time). One process asks all three, and they take turns, so that what else the machine does falls
// on all. p99 of each, in one run, when all are warm.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { cpus } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { build } from 'vite';
import type { Reader } from '../src/ledger/core/pool.ts';
import { startEmbeddedServer } from '../src/ledger/core/server.ts';
import { openBrowser } from '../web/tests/browser.ts';
import { PASSWORD, PROFILE, prepareCases } from './console-cases.ts';
import type { Viewer } from './console-cases.ts';
import { FLAGS } from './flags.ts';

/** Turns of each way, and requests of a turn. */
const TURNS = 20;
const ROUNDS = 100;
/** Rounds before the first that counts: a server answers all day, and its first thousands of answers compile it. */
const WARM = 3000;
/** Rounds before each turn: the machine was somewhere else. */
const WARM_AGAIN = 5;

interface ConsoleCase {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
  /** The same statements prepared. */
  readonly bareP50: number;
  readonly bareP99: number;
  /** The same statements as text with parameters. */
  readonly textP50: number;
  readonly textP99: number;
  /** p99 to each floor's p99. */
  readonly ratio: number;
  readonly textRatio: number;
  readonly limit: number;
}

export interface ConsoleReport {
  readonly machine: string;
  readonly members: number;
  /** An answer without a list: HTTP and the session's look-up, which every list pays too. */
  readonly emptyMs: { readonly p50: number; readonly p99: number };
  readonly cases: readonly ConsoleCase[];
  /** Milliseconds from the address to the first page's figures, in Chromium with nothing kept; the slowest of a few. */
  readonly firstPageMs: number;
  readonly firstPageLimitMs: number;
}

export async function benchConsole(members: number, folder: string): Promise<ConsoleReport> {
  const server = await startEmbeddedServer({ dataDir: path.join(folder, 'data') });
  const bare = new pg.Client({ ...server.connection, options: '-c search_path=todoke,public' });
  let served: Served | undefined;
  let client: Browserless | undefined;
  try {
    const asked = await prepareCases(server.connection, members, folder);
    await bare.connect();
    const { address } = (served = await serve(folder));
    const cookies = { headquarters: await signIn(address, 'headquarters'), branch: await signIn(address, 'branch') };
    const http = (client = new Browserless(address));
    const api = (viewer: Viewer, place: string) => http.ask(`/api${place}`, cookies[viewer]);
    const ways = [floorOn(bare, true), floorOn(bare, false)];
    // What an answer costs that asks for nothing: HTTP, the session, its wall not yet.
    const [empty] = await takeTurns([() => api('headquarters', '/session')]);
    const cases: ConsoleCase[] = [];
    for (const { name, viewer, address: place, statements } of asked) {
      const [times, prepared, text] = await takeTurns([
        (i) => api(viewer, place(i)),
        ...ways.map((way) => (i: number) => statements(way, i)),
      ]);
      cases.push(compare(name, times!, prepared!, text!));
    }
    return {
      machine: `${cpus()[0]?.model ?? '?'}, ${cpus().length} cores, Node ${process.version}`,
      members,
      emptyMs: { p50: at(empty!, 0.5), p99: at(empty!, 0.99) },
      cases,
      firstPageMs: await openFirstPage(address, cookies.headquarters),
      firstPageLimitMs: 1000,
    };
  } finally {
    client?.close();
    await served?.stop();
    await bare.end().catch(() => undefined);
    await server.leave();
  }
}

function compare(name: string, times: number[], prepared: number[], text: number[]): ConsoleCase {
  const [p99, bareP99, textP99] = [at(times, 0.99), at(prepared, 0.99), at(text, 0.99)];
  return {
    name,
    p50: at(times, 0.5),
    p99,
    bareP50: at(prepared, 0.5),
    bareP99,
    textP50: at(text, 0.5),
    textP99,
    ratio: Math.round((p99 / bareP99) * 100) / 100,
    textRatio: Math.round((p99 / textP99) * 100) / 100,
    limit: 3,
  };
}

/** One connection, no wall, the rows as JSON. */
function floorOn(bare: pg.Client, isPrepared: boolean): Reader {
  const names = new Map<string, string>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    query: async (text: string, values: readonly unknown[] = []) => {
      // Sent together, they run one after the other.
      const before = last;
      const done = Promise.withResolvers<void>();
      last = done.promise;
      await before;
      const name = names.get(text) ?? `q${names.size}`;
      names.set(text, name);
      // By callback: of pg's own promises each keeps the next reachable, and who is measured next pays for it.
      const asked = Promise.withResolvers<object[]>();
      bare.query({ ...(isPrepared ? { name } : {}), text, values: [...values] }, (error, result) =>
        error ? asked.reject(error) : asked.resolve(result.rows as object[]),
      );
      const rows = await asked.promise.finally(done.resolve);
      JSON.stringify(rows);
      return rows as never;
    },
  };
}

const ROOT = path.join(import.meta.dirname, '..');

interface Served {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** `todoke serve` as `npm run todoke` starts it, on the bench's data, with the console as `npm run build` makes it. */
async function serve(folder: string): Promise<Served> {
  await build({ configFile: path.join(ROOT, 'web', 'vite.config.ts'), logLevel: 'error' });
  const main = path.join(ROOT, 'src', 'cli', 'main.js');
  const args = ['serve', '--profile', PROFILE, '--port', '0', '--requests-per-minute', '999999999'];
  const child = spawn(process.execPath, [...FLAGS, main, ...args], {
    env: {
      ...process.env,
      TODOKE_DATA: path.join(folder, 'data'),
      TODOKE_FILES: path.join(folder, 'files'),
      DATABASE_URL: '',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const [address] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => Promise.reject(new Error('todoke serve ended'))),
  ])) as [string];
  return {
    address: address.replace('localhost', '127.0.0.1'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function signIn(address: string, login: Viewer): Promise<string> {
  const signedIn = await fetch(`${address}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password: PASSWORD }),
  });
  return (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

/** One kept connection that asks for one thing after the other: as little of its own as there can be. */
class Browserless {
  readonly #address: URL;
  #socket: Socket | null = null;
  #pending: PromiseWithResolvers<void> | null = null;
  #left = 0;

  constructor(address: string) {
    this.#address = new URL(address);
  }

  /** Asks, and waits for the last byte of the answer. */
  ask(place: string, cookie: string): Promise<void> {
    this.#pending = Promise.withResolvers();
    this.#left = 0;
    // A server leaves who has long been silent.
    this.#socket ??= this.#connect();
    this.#socket.write(`GET ${place} HTTP/1.1\r\nHost: ${this.#address.host}\r\nCookie: ${cookie}\r\n\r\n`);
    return this.#pending.promise;
  }

  #connect(): Socket {
    const { hostname, port } = this.#address;
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#take(data));
    socket.on('error', (error) => this.#pending?.reject(error));
    socket.on('close', () => {
      this.#pending?.reject(new Error('closed before the answer'));
      this.#socket = null;
    });
    return socket;
  }

  close(): void {
    this.#socket?.destroy();
  }

  #take(data: Buffer): void {
    let length = data.length;
    if (this.#left === 0) {
      const end = data.indexOf('\r\n\r\n');
      const head = data.toString('latin1', 0, end);
      const size = /^content-length: (\d+)/im.exec(head)?.[1];
      if (!head.startsWith('HTTP/1.1 200') || size === undefined) this.#pending?.reject(new Error(head));
      this.#left = Number(size);
      length -= end + 4;
    }
    this.#left -= length;
    if (this.#left === 0) this.#pending?.resolve();
  }
}

const OPENINGS = 5;

async function openFirstPage(origin: string, cookie: string): Promise<number> {
  const browser = await openBrowser();
  const [name = '', value = ''] = cookie.split('=');
  let slowest = 0;
  try {
    for (let i = 0; i < OPENINGS; i++) {
      const context = await browser.newContext({ locale: 'ja-JP' });
      await context.addCookies([{ name, value, url: origin }]);
      const page = await context.newPage();
      const from = performance.now();
      await page.goto(origin);
      await page.getByText('いちばん新しい発行').waitFor();
      await page.getByText('資格確認書', { exact: true }).first().waitFor();
      slowest = Math.max(slowest, performance.now() - from);
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return Math.round(slowest);
}

/** Milliseconds of every round of each way, sorted. */
async function takeTurns(ways: readonly ((i: number) => Promise<unknown>)[]): Promise<number[][]> {
  const times: number[][] = ways.map(() => []);
  for (const way of ways) await measure(way, 0, WARM);
  for (let turn = 0; turn < TURNS; turn++)
    for (const [i, way] of ways.entries()) {
      await measure(way, turn * ROUNDS, WARM_AGAIN);
      times[i]!.push(...(await measure(way, turn * ROUNDS, ROUNDS)));
    }
  return times.map((all) => all.toSorted((a, b) => a - b));
}

async function measure(work: (i: number) => Promise<unknown>, first: number, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const from = performance.now();
    await work(first + i);
    times.push(performance.now() - from);
  }
  return times;
}

function at(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.floor((sorted.length - 1) * share)]! * 100) / 100;
}

export function describeConsole(r: ConsoleReport): string {
  const rows = r.cases.map(
    (c) =>
      `| ${c.name} | ${c.p50} / ${c.p99} | ${c.bareP50} / ${c.bareP99} | ${c.textP50} / ${c.textP99} | ${c.ratio} | ${c.textRatio} | ${c.limit} |`,
  );
  return (
    `${r.machine}; ${r.members.toLocaleString('en')} members, ${TURNS * ROUNDS} requests each; milliseconds p50 / p99\n\n` +
    `an answer without a list: ${r.emptyMs.p50} / ${r.emptyMs.p99}\n\n` +
    `| list | over HTTP | SQL, prepared | SQL, as text | p99 to prepared | p99 to text | at most |\n|---|---|---|---|---|---|---|\n${rows.join('\n')}\n\n` +
    `first page in the browser: ${r.firstPageMs} ms (at most ${r.firstPageLimitMs})\n`
  );
}
