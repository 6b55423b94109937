// Speed and memory as ratios against a floor in the same run: `npm run bench [-- main|print|national|scan|console] [--members N] [--json]`.
// import: against a bare COPY of the same rows into one plain table. decide + enclose: against COPY out and in of the
// same rows. gate, join check: their share of those. memory: the peak of each command at a tenth of the members against all of them. demo: wall seconds.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadProfile } from '../src/formats/profile.ts';
import { openDatabase } from '../src/ledger/core/pool.ts';
import type { Database } from '../src/ledger/core/pool.ts';
import { startEmbeddedServer } from '../src/ledger/core/server.ts';
import { variedBreakdown, writeSample } from '../src/operations/sample.ts';
import { FLAGS } from './flags.ts';
import { timeGate, timeJoin } from './gate.ts';
import { benchConsole, describeConsole } from './console.ts';
import { benchNational, describeNational } from './national.ts';
import { benchPrint, describePrint } from './print.ts';
import { benchScan, describeScan } from './scan.ts';

const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');
const MEASURE = path.join(import.meta.dirname, 'measure.ts');

interface Measured {
  readonly seconds: number;
  readonly peakMiB: number;
}

interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly floorSeconds: number;
  readonly ratio: number;
  readonly limit: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { members: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const part = positionals[0] ?? 'main';
const members = Number(values.members ?? (part === 'national' ? '4000000' : '1000000'));
const folder = mkdtempSync(path.join(tmpdir(), 'todoke-bench-'));
chmodSync(folder, 0o755);

try {
  if (part === 'print') {
    const report = benchPrint();
    show(report, describePrint(report));
  } else if (part === 'national') {
    const report = await benchNational(members, folder);
    show(report, describeNational(report));
  } else if (part === 'console') {
    const report = await benchConsole(members, folder);
    show(report, describeConsole(report));
  } else if (part === 'scan') {
    const report = await benchScan(folder);
    show(report, describeScan(report));
  } else {
    const report = await run();
    show(report, describe(report));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function show(report: object, text: string): void {
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : text);
}

async function run(): Promise<{
  machine: string;
  members: number;
  cases: Case[];
  memory: object[];
  demoSeconds: number;
}> {
  const profile = await loadProfile('kyokai-kenpo');
  const issuance = profile.issuances[0]!;
  const all: Record<string, Measured>[] = [];
  for (const size of [Math.round(members / 10), members]) {
    const input = path.join(folder, `input-${size}`);
    await writeSample({ members: size, seed: 1, outDir: input, profile, issuance, breakdown: variedBreakdown(size) });
    const data = path.join(folder, `data-${size}`);
    const step = (...args: string[]): Measured => todoke(data, [...args, '--profile', 'kyokai-kenpo', '--json']);
    all.push({
      // First the small file: it makes the database, which is no part of what is measured.
      workplaces: step('import', path.join(input, '事業所.csv')),
      import: step('import', path.join(input, '加入者.csv')),
      enrolment: step('import', path.join(input, 'マイナ保険証.csv'), '--as-of', issuance.referenceOn),
      decide: step('decide', '--issuance', issuance.id, '--issued-on', '2025-07-22'),
      enclose: step('enclose', '--issuance', issuance.id),
    });
  }
  const [small, large] = all as [Record<string, Measured>, Record<string, Measured>];
  const floor = await floors(path.join(folder, `data-${members}`));
  const demo = todoke(path.join(folder, 'data-demo'), ['demo', '--json', '--out', path.join(folder, 'demo')]);
  const work = large['decide']!.seconds + large['enclose']!.seconds;
  const file = path.join(folder, `input-${members}`, '加入者.csv');
  const gate = await timeGate(file);
  const join = await timeJoin(path.join(folder, `data-${members}`), file, Math.round(members * 0.3), profile.fit);
  return {
    machine: `${cpus()[0]?.model ?? '?'}, ${cpus().length} cores, Node ${process.version}`,
    members,
    cases: [
      compare('import', large['import']!.seconds, floor.copyIn),
      compare('decide + enclose', work, floor.copyOut + floor.copyIn),
      compare('gate, of import', gate, large['import']!.seconds, 0.15),
      compare('join check, of decide + enclose', join, work, 0.05),
    ],
    memory: Object.keys(large).map((name) => ({
      step: name,
      peakMiB: Math.round(large[name]!.peakMiB),
      ofATenth: Math.round(small[name]!.peakMiB),
      ratio: round(large[name]!.peakMiB / small[name]!.peakMiB),
    })),
    demoSeconds: round(demo.seconds),
  };
}

function compare(name: string, seconds: number, floorSeconds: number, limit = 3): Case {
  return {
    name,
    seconds: round(seconds),
    floorSeconds: round(floorSeconds),
    ratio: round(seconds / floorSeconds),
    limit,
  };
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}

/** Runs a command in a process of its own; its wall time and peak memory. */
function todoke(data: string, args: readonly string[]): Measured {
  const report = path.join(folder, 'measured.json');
  const done = spawnSync(process.execPath, [...FLAGS, '--import', MEASURE, MAIN, ...args], {
    env: { ...process.env, TODOKE_DATA: data, TODOKE_MEASURE: report, DATABASE_URL: '' },
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`todoke ${args[0]}: ${done.stderr}`);
  // A step that reconciles afterwards says itself how long the step was.
  const own = (JSON.parse(done.stdout) as { seconds?: number }).seconds;
  const measured = JSON.parse(readFileSync(report, 'utf8')) as Measured;
  return { ...measured, seconds: own ?? measured.seconds };
}

/** Bare COPY of the very rows that were imported: out of their partition, and into one plain table without a key. */
async function floors(data: string): Promise<{ copyOut: number; copyIn: number }> {
  const server = await startEmbeddedServer({ dataDir: data });
  const database = openDatabase(server.connection);
  try {
    const text: string[] = [];
    const copyOut = await timed(database, async (tx) => {
      for await (const lines of tx.copyOut('copy (select * from member) to stdout')) text.push(`${lines.join('\n')}\n`);
    });
    await database.transaction((tx) => tx.execute('create table bare as select * from member with no data'));
    const copyIn = await timed(database, (tx) => tx.copyIn('copy bare from stdin', text));
    return { copyOut, copyIn };
  } finally {
    await database.close();
    await server.leave();
  }
}

async function timed(database: Database, work: Parameters<Database['transaction']>[0]): Promise<number> {
  const from = performance.now();
  await database.transaction(work);
  return (performance.now() - from) / 1000;
}

function describe(report: Awaited<ReturnType<typeof run>>): string {
  const lines = [
    `${report.machine}; ${report.members.toLocaleString('en')} members`,
    '',
    '| case | seconds | floor | ratio | at most |',
    '|---|---|---|---|---|',
    ...report.cases.map((c) => `| ${c.name} | ${c.seconds} | ${c.floorSeconds} | ${c.ratio} | ${c.limit} |`),
    '',
    '| step | peak MiB | at a tenth | ratio |',
    '|---|---|---|---|',
    ...report.memory.map((m) => `| ${Object.values(m).join(' | ')} |`),
    '',
    `demo: ${report.demoSeconds} s`,
  ];
  return `${lines.join('\n')}\n`;
}
