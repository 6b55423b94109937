// `npm run bench -- scan`: returns registered a second, through the operation and through the command, against a bare
// INSERT … ON CONFLICT of the same codes, one transaction each, on the same server.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import path from 'node:path';
import { loadProfile } from '../src/formats/profile.ts';
import { openDatabase } from '../src/ledger/core/pool.ts';
import { migrate } from '../src/ledger/core/migrate.ts';
import { startEmbeddedServer } from '../src/ledger/core/server.ts';
import type { Context } from '../src/operations/context.ts';
import { confirmLot, listLotViews } from '../src/operations/posting/lots.ts';
import { scanReturn } from '../src/operations/life/returns.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { issueSample } from '../tests/issued.ts';
import { FLAGS } from './flags.ts';

const MEMBERS = 20_000;
const PILE = 1500;
const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');

export interface ScanReport {
  readonly machine: string;
  readonly pieces: number;
  readonly operationPerSecond: number;
  readonly commandPerSecond: number;
  readonly barePerSecond: number;
  /** Time of the operation over that of the bare insert. */
  readonly ratio: number;
  readonly limit: number;
}

export async function benchScan(folder: string): Promise<ScanReport> {
  const data = path.join(folder, 'data');
  const server = await startEmbeddedServer({ dataDir: data });
  const database = openDatabase(server.connection);
  const quiet = (): void => undefined;
  const context: Context = {
    database,
    actor: 'bench',
    progress: { begin: quiet, reach: quiet, end: quiet },
    signal: new AbortController().signal,
  };
  try {
    await migrate(database);
    const { pieces, insurerNumber } = await post(context, folder);
    const [first, second] = [pieces.slice(0, PILE), pieces.slice(PILE, 2 * PILE)];
    const operation = await timed(first, async (code) => {
      const { kind } = await scanReturn(context, insurerNumber, code, 'moved');
      if (kind !== 'recorded') throw new Error(kind);
    });
    await database.transaction((tx) =>
      tx.execute('create table bare_scan (code bigint primary key, at timestamptz default now())'),
    );
    const bare = await timed(first, (code) =>
      database.transaction((tx) =>
        tx.execute('insert into bare_scan (code) values ($1) on conflict do nothing', [code]),
      ),
    );
    const from = performance.now();
    const done = spawnSync(
      process.execPath,
      [...FLAGS, MAIN, 'scan', '--profile', 'kyokai-kenpo', '--reason', '転居先不明'],
      {
        env: { ...process.env, TODOKE_DATA: data, DATABASE_URL: '' },
        input: second.join('\n'),
        encoding: 'utf8',
      },
    );
    if (done.status !== 0 || !done.stdout.includes(`不着 ${second.length}通`)) throw new Error(done.stderr);
    const command = (performance.now() - from) / 1000;
    const perSecond = (seconds: number): number => Math.round(PILE / seconds);
    return {
      machine: `${cpus()[0]?.model ?? '?'}, ${cpus().length} cores, Node ${process.version}`,
      pieces: PILE,
      operationPerSecond: perSecond(operation),
      commandPerSecond: perSecond(command),
      barePerSecond: perSecond(bare),
      ratio: Math.round((operation / bare) * 100) / 100,
      limit: 3,
    };
  } finally {
    await database.close();
    await server.leave();
  }
}

/** A sample issuance, printed, enclosed and posted. */
async function post(context: Context, folder: string): Promise<{ pieces: string[]; insurerNumber: string }> {
  const profile = await loadProfile('kyokai-kenpo');
  const { issuance: run } = await issueSample(
    context,
    profile,
    folder,
    { members: MEMBERS, seed: 1 },
    { prints: true },
  );
  const rows = await context.database.transaction((tx) =>
    tx.query<{ number: string }>('select mailpiece_number::text as number from printed_piece order by 1 limit $1', [
      2 * PILE,
    ]),
  );
  const pieces = rows.map((row) => row.number);
  const override = { person: '山田 太郎', reason: '計測' };
  for (const { no } of await listLotViews(context, run))
    for (const step of ['print', 'post'] as const)
      for (const person of ['山田 太郎', '鈴木 花子'])
        await confirmLot(context, run, profile, no, step, person, step === 'post' ? override : null);
  for (const event of ['enclose', 'post'] as const) {
    const outcomes = await recordPieceEvents(
      context,
      run,
      pieces.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
    );
    if (outcomes.some((outcome) => outcome.kind !== 'recorded')) throw new Error(`not every piece: ${event}`);
  }
  return { pieces, insurerNumber: run.insurerNumber };
}

async function timed(codes: readonly string[], work: (code: string) => Promise<unknown>): Promise<number> {
  const from = performance.now();
  for (const code of codes) await work(code);
  return (performance.now() - from) / 1000;
}

export function describeScan(r: ScanReport): string {
  return (
    `${r.machine}; ${r.pieces} returns\n\n| way | a second |\n|---|---|\n| operation | ${r.operationPerSecond} |\n` +
    `| command (start included) | ${r.commandPerSecond} |\n| bare INSERT … ON CONFLICT | ${r.barePerSecond} |\n\n` +
    `operation against bare: ${r.ratio} (at most ${r.limit})\n`
  );
}
