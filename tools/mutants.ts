// Do the tests see? Plants one fault of tools/mutant-faults.ts at a time into a copy of the source and runs the test that
// must see it (`npm run test:mutants [-- part-of-a-name …]`), two faults side by side. A fault that survives is a gap in the
// tests; it ends with 1. First every named test runs without a fault: one that fails anyway sees nothing.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OUTER_RUN, openTestServer } from '../tests/global-setup.ts';
import { FAULTS } from './mutant-faults.ts';
import type { Fault } from './mutant-faults.ts';

const LIVES = ['tests/life-model.test.ts', '%s random lives agree with a simple model, and the books balance'] as const;
const COPIED = [
  'src',
  'tests',
  'web',
  'insurers',
  'templates',
  'docs',
  'tools',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const SHARES = 2;

const root = path.join(import.meta.dirname, '..');
const asked = process.argv.length > 2 ? process.argv.slice(2) : [''];
const runs = process.env['TODOKE_MODEL_RUNS'] ?? '3000';

/** What vitest said of one test, and whether it failed. */
interface Outcome {
  readonly failed: boolean;
  readonly said: string;
}

/** A copy of the source, and the database server its tests run on. */
interface Share {
  readonly copy: string;
  readonly server: Awaited<ReturnType<typeof openTestServer>>;
}

/** What makes the template that the tests clone: a fault in it needs a server of its own. */
const OF_TEMPLATE = ['src/ledger/schema/', 'src/ledger/core/migrate.ts', 'src/ledger/core/server.ts'];

/** The share's server for a run, and a new folder for what its files begin with, so that nothing is left of another run. */
function onServer({ server }: Share): NodeJS.ProcessEnv {
  const sharedFolder = mkdtempSync(path.join(server.sharedFolder, 'run-'));
  return { [OUTER_RUN]: JSON.stringify({ connection: server.connection, sharedFolder }) };
}

/** Runs tests of one file by their titles, in a copy. */
async function runTests(
  copy: string,
  file: string,
  titles: readonly string[],
  own: NodeJS.ProcessEnv,
): Promise<Outcome> {
  const pattern = titles
    .map((title) => `^${title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/%\w/g, '.*')}$`)
    .join('|');
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: path.join(work, 'compiled'),
    TODOKE_MODEL_RUNS: runs,
    TODOKE_MODEL_HURRIED: '1',
    NO_COLOR: '1',
    ...own,
  };
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', file, '-t', pattern], {
    cwd: copy,
    env,
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  if (code === 0 && /No test files found|Tests {2}\d+ skipped/.test(said))
    throw new Error(`${file}: no such test\n${said}`);
  return { failed: code !== 0, said };
}

/** Whether the test of the fault fails with it. */
async function isSeen(share: Share, { name, changes, test = LIVES }: Fault): Promise<boolean> {
  const { copy } = share;
  const files = [...new Set(changes.map(({ file }) => path.join(copy, file)))];
  const whole = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  try {
    for (const { file, from, to } of changes) {
      const text = readFileSync(path.join(copy, file), 'utf8');
      if (text.split(from).length !== 2) throw new Error(`「${name}」: ${file} does not hold this once: ${from}`);
      writeFileSync(
        path.join(copy, file),
        text.replace(from, () => to),
      );
    }
    const isInTemplate = changes.some(({ file }) => OF_TEMPLATE.some((part) => file.startsWith(part)));
    const { failed, said } = await runTests(copy, test[0], [test[1]], isInTemplate ? {} : onServer(share));
    // Seen where a test fails or what it starts from; not where a file could not be read at all.
    if (failed && /Hook timed out|SyntaxError|Failed to load|Transform failed/.test(said))
      throw new Error(`「${name}」: ${said}`);
    return failed;
  } finally {
    for (const [file, text] of whole) writeFileSync(file, text);
  }
}

const work = mkdtempSync(path.join(tmpdir(), 'todoke-mutants-'));
const shares: Share[] = [];
try {
  for (let number = 0; number < SHARES; number++) {
    const copy = path.join(work, String(number));
    for (const name of COPIED) cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    shares.push({ copy, server: await openTestServer() });
  }
  const faults = FAULTS.filter(({ name }) => asked.some((part) => name.includes(part)));
  const byFile = Map.groupBy(faults, ({ test = LIVES }) => test[0]);
  const green = [...byFile].filter(([file]) => file !== LIVES[0]);
  await inShares(green, async (share, [file, own]) => {
    const titles = [...new Set(own.map(({ test = LIVES }) => test[1]))];
    const { failed, said } = await runTests(share.copy, file, titles, onServer(share));
    if (failed) throw new Error(`${file} fails without a fault:\n${said}`);
  });
  const survived: string[] = [];
  let done = 0;
  await inShares(faults, async (share, fault) => {
    const from = performance.now();
    const seen = await isSeen(share, fault);
    const seconds = ((performance.now() - from) / 1000).toFixed(0);
    console.log(`${++done}/${faults.length} ${seen ? 'seen    ' : 'SURVIVED'} ${seconds} s  ${fault.name}`);
    if (!seen) survived.push(fault.name);
  });
  console.log(`${faults.length - survived.length} of ${faults.length} faults seen`);
  if (survived.length > 0) process.exitCode = 1;
} finally {
  for (const { server } of shares) await server.close();
  rmSync(work, { recursive: true, force: true });
}

/** Does work on each item, one at a time in each share. */
async function inShares<T>(items: readonly T[], work: (share: Share, item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    shares.map(async (share) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(share, item);
    }),
  );
}
