// Does each test pass alone? Runs a sample of the tests, each in a run of its own (`npm run test:alone [-- count [seed]]`,
// 20 drawn anew where nothing is given). A test that needs what another one of its file has done fails here.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');
const FOLDERS = ['src', 'tests', 'web'];

export interface Place {
  /** Relative to the project. */
  readonly file: string;
  readonly title: string;
}

/** Every test whose title is written out, file by file; titles that are filled from a table are left out. */
export function listTests(): Place[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  );
  return files
    .filter((file) => file.endsWith('.test.ts'))
    .toSorted()
    .flatMap((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      return [...text.matchAll(/^(?:test|step)\(\s*'((?:[^'\\]|\\.)*)'/gm)].map(([, title = '']) => ({
        file,
        title: title.replaceAll(/\\(.)/g, '$1'),
      }));
    });
}

/** So many of them, at most one a file, the same for the same seed (Park and Miller's generator). */
export function pickTests(tests: readonly Place[], count: number, seed: number): Place[] {
  let state = (Math.abs(seed) % 2_147_483_646) + 1;
  const draw = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const byFile = [...Map.groupBy(tests, ({ file }) => file).values()];
  const picked: Place[] = [];
  while (picked.length < count && byFile.length > 0) {
    const [own = []] = byFile.splice(draw(byFile.length), 1);
    picked.push(own[draw(own.length)]!);
  }
  return picked;
}

/** Runs one test and no other; null where it passed, else what was said. `env` is added to the process's own. */
export async function runAlone({ file, title }: Place, env: NodeJS.ProcessEnv = {}): Promise<string | null> {
  const pattern = `^${title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`;
  const vitest = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', file, '-t', pattern, '--reporter=json'], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  const said = { out: '', error: '' };
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said.error += text.toString()));
  await new Promise((resolve) => {
    child.on('close', resolve);
  });
  const report = /^\{.*"numTotalTests".*\}$/m.exec(said.out)?.[0];
  if (report === undefined) return said.out + said.error;
  const { numPassedTests, numFailedTests } = JSON.parse(report) as { numPassedTests: number; numFailedTests: number };
  return numPassedTests === 1 && numFailedTests === 0 ? null : report;
}

if (import.meta.main) {
  const [count = '20', given] = process.argv.slice(2);
  const seed = given === undefined ? Date.now() % 1_000_000 : Number(given);
  console.log(`seed ${seed}`);
  for (const place of pickTests(listTests(), Number(count), seed)) {
    const said = await runAlone(place);
    console.log(`${said === null ? 'passes' : 'FAILS '}  ${place.file}: ${place.title}`);
    if (said === null) continue;
    console.log(said);
    process.exitCode = 1;
  }
}
