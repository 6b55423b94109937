// `npm run bench -- console`: each list and search of the console over HTTP, signed in and behind the walls, at a million
// members, asked of `todoke serve` in a process of its own; against the same statements on a bare connection without walls,
// their rows made JSON: prepared once (the lowest floor there is), and sent as text with parameters, as a driver does it
// unasked (planned every time). One process asks all three, and they take turns, so that what else the machine does falls
// on all. p99 of each, in one run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { cpus } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { build } from 'vite';
import { loadProfile } from '../src/formats/profile.ts';
import { openDatabase } from '../src/ledger/database.ts';
import type { Reader } from '../src/ledger/database.ts';
import { findOverview, listIssuances, listWorkplaces } from '../src/ledger/overview.ts';
import { countPieces, listPieceRows } from '../src/ledger/piece-lists.ts';
import type { PieceFilter } from '../src/ledger/piece-lists.ts';
import { findPeopleByKey, findPeopleByText } from '../src/ledger/people.ts';
import { countReasonsQuickly, countStatesQuickly } from '../src/ledger/summaries.ts';
import { migrate } from '../src/ledger/migrate.ts';
import { startEmbeddedServer } from '../src/ledger/server.ts';
import { createAccount } from '../src/operations/accounts.ts';
import type { Context } from '../src/operations/context.ts';
import { prepareConsole } from '../src/operations/job-work.ts';
import { recordPieceEvents } from '../src/operations/life.ts';
import { issueSample } from '../tests/issued.ts';
import { openBrowser } from '../web/tests/browser.ts';
import { FLAGS } from './flags.ts';

/** Turns of each way, and requests of a turn. */
const TURNS = 20;
const ROUNDS = 100;
const WITHDRAWN = 5000;
/** Every withdrawn piece of the insurer. */
const WITHDRAWN_PIECES: PieceFilter = {
  ...{ state: 'withdrawn', issuanceId: null, lotNo: null, branchCode: null, symbol: null, reason: null },
};
const PASSWORD = 'bench-password-of-length';

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
  const database = openDatabase(server.connection);
  const quiet = (): void => undefined;
  const stop = new AbortController();
  const context: Context = {
    database,
    actor: 'bench',
    progress: { begin: quiet, reach: quiet, end: quiet },
    signal: stop.signal,
  };
  const bare = new pg.Client({ ...server.connection, options: '-c search_path=todoke,public' });
  let served: Served | undefined;
  try {
    await migrate(database);
    const profile = await loadProfile('kyokai-kenpo');
    const { run } = await issueSample(context, profile, folder, { members, seed: 1 }, { prints: false });
    await prepareConsole(database, run.insurerNumber);
    const numbers = await database.transaction((tx) =>
      tx.query<{ number: string }>(
        'select mailpiece_number::text as number from mailpiece where issuance_id = $1 order by 1 limit $2',
        [run.id, WITHDRAWN],
      ),
    );
    await recordPieceEvents(
      context,
      run,
      numbers.map(({ number }) => ({
        mailpieceNumber: number,
        event: 'withdraw',
        reason: '',
        source: '',
        key: `w:${number}`,
      })),
    );
    await createAccount(context, {
      insurer: profile.insurer,
      login: 'bench',
      displayName: 'bench',
      role: 'headquarters',
      branchCode: null,
      workplaceSymbol: null,
      password: PASSWORD,
      withTotp: false,
      oidc: null,
      expiresOn: null,
    });
    const { address: origin } = (served = await serve(folder));
    const address = `${origin}/api`;
    const signedIn = await fetch(`${address}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'bench', password: PASSWORD }),
    });
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    await bare.connect();
    // The floors: one connection, no wall, the rows as JSON.
    const names = new Map<string, string>();
    const floorOf = (isPrepared: boolean): Reader => ({
      query: async (text: string, values: readonly unknown[] = []) => {
        const name = names.get(text) ?? `q${names.size}`;
        names.set(text, name);
        // By callback: of pg's own promises each keeps the next reachable, and who is measured next pays for it.
        const asked = Promise.withResolvers<object[]>();
        bare.query({ ...(isPrepared ? { name } : {}), text, values: [...values] }, (error, result) =>
          error ? asked.reject(error) : asked.resolve(result.rows as object[]),
        );
        const rows = await asked.promise;
        JSON.stringify(rows);
        return rows as never;
      },
    });
    const people = await database.transaction((t) =>
      t.query<{ symbol: string; number: string; kana: string; name: string }>(
        'select symbol, number, kana, name from member where dataset_id = $1 and line % $2 = 7 order by line limit 400',
        [run.membersId, Math.max(1, Math.floor(members / 450))],
      ),
    );
    const who = (i: number) => people[i % people.length]!;
    const symbols = people.map((p) => p.symbol);
    const insurer = run.insurerNumber;
    const seq = (i: number): number => (i * 97) % WITHDRAWN;
    const cursorOf = (parts: readonly unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const cases: [string, (i: number) => string, (tx: Reader, i: number) => Promise<unknown>][] = [
      [
        'search by 記号-番号',
        (i) => `/members?q=${encodeURIComponent(`${who(i).symbol}-${who(i).number}`)}`,
        (tx, i) => findPeopleByKey(tx, insurer, { symbol: who(i).symbol, number: who(i).number, subNumber: null }),
      ],
      [
        'search by kana',
        (i) => `/members?q=${encodeURIComponent(who(i).kana.slice(0, 4))}`,
        (tx, i) => findPeopleByText(tx, insurer, 'kana', [who(i).kana.slice(0, 4)], null, 51),
      ],
      [
        'list of pieces',
        (i) => `/pieces?state=withdrawn&cursor=${cursorOf([seq(i)])}`,
        (tx, i) => listPieceRows(tx, insurer, WITHDRAWN_PIECES, [seq(i)], 51),
      ],
      ['counts of pieces', () => '/pieces/counts?state=withdrawn', (tx) => countPieces(tx, insurer, WITHDRAWN_PIECES)],
      [
        'list of workplaces',
        (i) => `/workplaces?cursor=${cursorOf([symbols[i % symbols.length]])}`,
        (tx, i) =>
          listWorkplaces(tx, {
            workplacesId: run.workplacesId,
            issuanceId: run.id,
            text: '',
            after: symbols[i % symbols.length]!,
            limit: 51,
          }),
      ],
      ['issuances', () => '/issuances', (tx) => listIssuances(tx, insurer, 10_000, 51)],
      [
        'one issuance',
        () => `/issuances/${run.id}`,
        async (tx) => {
          await findOverview(tx, insurer, run.id);
          await countReasonsQuickly(tx, run.id);
          await countStatesQuickly(tx, run.id);
        },
      ],
    ];
    const report: ConsoleCase[] = [];
    // What an answer costs that asks for nothing: HTTP, the session, its wall not yet.
    const [empty] = await takeTurns([(turn, warm) => measure(() => ask(`${address}/session`, cookie), turn, warm)]);
    const ways = [floorOf(true), floorOf(false)];
    for (const [name, addressOf, statement] of cases) {
      const [times, prepared, text] = await takeTurns([
        (turn, warm) => measure((i) => ask(address + addressOf(i), cookie), turn, warm),
        ...ways.map((way) => (turn: number, warm: number) => measure((i) => statement(way, i), turn, warm)),
      ]);
      const [p99, bareP99, textP99] = [at(times!, 0.99), at(prepared!, 0.99), at(text!, 0.99)];
      report.push({
        ...{ name, p50: at(times!, 0.5), p99, bareP50: at(prepared!, 0.5), bareP99, textP50: at(text!, 0.5), textP99 },
        ratio: Math.round((p99 / bareP99) * 100) / 100,
        textRatio: Math.round((p99 / textP99) * 100) / 100,
        limit: 3,
      });
    }
    const firstPageMs = await openFirstPage(origin, cookie);
    const machine = `${cpus()[0]?.model ?? '?'}, ${cpus().length} cores, Node ${process.version}`;
    const emptyMs = { p50: at(empty!, 0.5), p99: at(empty!, 0.99) };
    return { machine, members, emptyMs, cases: report, firstPageMs, firstPageLimitMs: 1000 };
  } finally {
    stop.abort();
    await served?.stop();
    await bare.end().catch(() => undefined);
    await database.close();
    await server.leave();
  }
}

const ROOT = path.join(import.meta.dirname, '..');

interface Served {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** `todoke serve` as `npm run todoke` starts it, on the bench's data. */
async function serve(folder: string): Promise<Served> {
  await build({ configFile: path.join(ROOT, 'web', 'vite.config.ts'), logLevel: 'error' });
  const main = path.join(ROOT, 'src', 'cli', 'main.ts');
  const args = ['serve', '--profile', 'kyokai-kenpo', '--port', '0', '--requests-per-minute', '999999999'];
  const child = spawn(process.execPath, [...FLAGS, main, ...args], {
    env: {
      ...process.env,
      ...{ TODOKE_DATA: path.join(folder, 'data'), TODOKE_FILES: path.join(folder, 'files'), DATABASE_URL: '' },
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

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** One answer over one kept connection, as far as its last byte. */
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

/** Rounds before those that count: connections are opened, statements planned. */
const WARM = 6000;

/** Milliseconds of some rounds of a turn; the first `warm` do not count. */
type Way = (turn: number, warm: number) => Promise<number[]>;

/** Milliseconds of every round of each way, sorted. */
async function takeTurns(ways: readonly Way[]): Promise<number[][]> {
  const times: number[][] = ways.map(() => []);
  for (let turn = 0; turn < TURNS; turn++)
    for (const [i, way] of ways.entries()) times[i]!.push(...(await way(turn, turn === 0 ? WARM : 5)));
  return times.map((all) => all.toSorted((a, b) => a - b));
}

async function measure(work: (i: number) => Promise<unknown>, turn: number, warm: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < warm + ROUNDS; i++) {
    const from = performance.now();
    await work(turn * ROUNDS + i);
    if (i >= warm) times.push(performance.now() - from);
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
