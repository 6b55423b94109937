// The commands as a person or a program runs them: a process of its own, its own data folder, killed when it suits us.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { openTestFolder } from './ledger.ts';

const ROOT = path.join(import.meta.dirname, '..');
const MAIN = path.join(ROOT, 'src', 'cli', 'main.ts');
const folder = openTestFolder();
const env = { ...process.env, TODOKE_DATA: path.join(folder, 'data'), TODOKE_USER: 'tester', DATABASE_URL: '' };

function todoke(...args: string[]): { status: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const input = path.join(folder, 'input');
const files = (kind: string): string => path.join(input, `${kind}.csv`);
const ISSUE = [
  'issue',
  '--profile',
  'kyokai-kenpo',
  '--issuance',
  'bulk-2025',
  '--members',
  files('加入者'),
  '--workplaces',
  files('事業所'),
  '--enrolment',
  files('マイナ保険証'),
  '--issued-on',
  '2025-07-22',
];

afterAll(() => {
  // A killed command leaves the server running; the last command to leave stops it.
  todoke('reconcile', '--profile', 'kyokai-kenpo');
});

/** All files below a folder, relative to it. */
function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

test('help everywhere, in Japanese', () => {
  const all = todoke('--help');
  expect(all.status).toBe(0);
  for (const name of [
    'demo',
    'issue',
    'import',
    'decide',
    'enclose',
    'print',
    'package',
    'waves',
    'lot',
    'withdraw',
    'results',
    'scan',
    'reroute',
    'recall',
    'trace',
    'audit',
    'reconcile',
    'explain',
    'digits',
    'sample',
  ]) {
    expect(all.out).toContain(name);
    const help = todoke(name, '--help');
    expect(help).toMatchObject({ status: 0, err: '' });
    expect(help.out).toContain(`使い方: todoke ${name}`);
  }
  expect(todoke('nonsense').status).toBe(2);
  expect(todoke('issue').err).toContain('--profile');
  expect(todoke('issue', '--nonsense').status).toBe(2);
});

test(
  'killed in the middle of import and of everything after, it carries on and ends the same',
  { timeout: 240_000 },
  async () => {
    expect(
      todoke('sample', '--profile', 'kyokai-kenpo', '--members', '60000', '--seed', '5', '--out', input).status,
    ).toBe(0);
    const calm = { ...env, TODOKE_DATA: path.join(folder, 'calm') };
    const undisturbed = spawnSync(process.execPath, [MAIN, ...ISSUE, '--out', path.join(folder, 'calm-out')], {
      env: calm,
      encoding: 'utf8',
    });
    expect(undisturbed.status, undisturbed.stderr).toBe(0);

    const out = path.join(folder, 'out');
    let kills = 0;
    for (const wait of [900, 1300, 1700, 2300, 3000, 4000, 5500, 7500]) {
      const child = spawn(process.execPath, [MAIN, ...ISSUE, '--out', out], { env, stdio: 'ignore' });
      await Promise.race([sleep(wait), new Promise((resolve) => child.once('exit', resolve))]);
      if (child.exitCode === null) kills += 1;
      child.kill('SIGKILL');
    }
    expect(kills).toBeGreaterThan(2);
    const last = todoke(...ISSUE, '--out', out);
    expect(last.status, last.err).toBe(0);
    const names = filesIn(out);
    expect(names).toEqual(filesIn(path.join(folder, 'calm-out')));
    expect(names.filter((name) => name.endsWith('.pdf')).length).toBeGreaterThan(20);
    for (const name of names) {
      expect(readFileSync(path.join(out, name)).equals(readFileSync(path.join(folder, 'calm-out', name))), name).toBe(
        true,
      );
    }
  },
);

test('the same file again changes nothing and says so; explain and reconcile answer in words and JSON', () => {
  const again = todoke('import', files('加入者'), '--profile', 'kyokai-kenpo');
  expect(again).toMatchObject({ status: 0 });
  expect(again.out).toContain('取込済み');
  const balances = todoke('reconcile', '--profile', 'kyokai-kenpo', '--json');
  expect(JSON.parse(balances.out)).toMatchObject({ balanced: true });
  const key = readFileSync(files('加入者'), 'utf8').split('\r\n')[1]!.split(',').slice(0, 3).join('-');
  const explained = todoke('explain', key, '--profile', 'kyokai-kenpo');
  expect(explained.status).toBe(0);
  expect(explained.out).toMatch(/資格確認書の一括発行の対象(です|ではありません)/);
  expect(explained.out).toContain('根拠');
  expect(todoke('explain', '1-1-77', '--profile', 'kyokai-kenpo').status).toBe(2);
});

interface LotJson {
  readonly no: number;
  readonly batchCount: number;
  readonly released: readonly string[];
}

/** Rows of mailpieces.csv that are printed, of the first lot: its print files come first. */
function printedInFirstLot(): string[][] {
  const lots = JSON.parse(todoke('lot', 'list', '--profile', 'kyokai-kenpo', '--json').out) as LotJson[];
  return readFileSync(path.join(folder, 'out', 'mailpieces.csv'), 'utf8')
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((row) => row.split(','))
    .filter((cells) => cells[9] !== '' && Number(/(\d{5})-/.exec(cells[9] ?? '')?.[1]) <= (lots[0]?.batchCount ?? 0));
}

test('waves are shown; two named persons release a lot, one alone does not', () => {
  const profile = ['--profile', 'kyokai-kenpo'];
  expect(todoke('waves', ...profile).out).toMatch(/1　第1波　2025-07-22 から 2025-08-15　[\d,]+通 \/ 上限 2,500,000通/);
  for (const step of ['印刷', '発送']) {
    const confirm = (by: string): ReturnType<typeof todoke> =>
      todoke('lot', 'confirm', ...profile, '--lot', '1', '--step', step, '--by', by);
    expect(confirm('山田太郎').out).toContain('もう一人の確認が要ります');
    expect(confirm('山田 太郎')).toMatchObject({ status: 2, err: expect.stringContaining('別の人') });
    expect(confirm('鈴木花子').out).toContain('山田太郎、鈴木花子 の二人が確認しました');
  }
  expect(todoke('lot', 'show', ...profile, '--lot', '1').out).toMatch(/発送の承認　山田太郎（.*、鈴木花子（/);
  expect(todoke('lot', 'close', ...profile, '--lot', '1', '--by', '山田太郎')).toMatchObject({
    status: 2,
    err: expect.stringContaining('印刷 = 封入'),
  });
  expect(todoke('lot', 'list', ...profile).out).toMatch(/ロット2　第2波.*承認待ち/);
});

test(
  'the life of papers through the commands: withdrawn, reported, scanned, traced, audited',
  { timeout: 60_000 },
  () => {
    const profile = ['--profile', 'kyokai-kenpo'];
    const printed = printedInFirstLot().filter((cells) => cells[6] === '1');
    const [first, ...pieces] = printed.slice(0, 6).map((cells) => cells[0]!);
    const key = readFileSync(path.join(folder, 'out', 'certificates.csv'), 'utf8')
      .split('\r\n')
      .map((row) => row.split(','))
      .find((cells) => cells[6] === first)!
      .slice(1, 4)
      .join('-');
    expect(todoke('withdraw', key, ...profile, '--reason', '資格喪失').out).toContain('引き抜き一覧');
    expect(todoke('withdraw', key, ...profile, '--reason', '資格喪失').out).toContain('引き抜き済み');
    const results = path.join(folder, '結果.csv');
    const lines = pieces.flatMap((piece) => [`${piece},封入,2025-08-01`, `${piece},発送,2025-08-02`]);
    writeFileSync(results, ['郵便物番号,結果,年月日', ...lines, `${first},発送,2025-08-02`].join('\r\n'));
    const taken = todoke('results', results, ...profile);
    expect(taken).toMatchObject({ status: 2 });
    expect(taken.out).toContain(`記録 ${pieces.length * 2}件　記録済み 0件　受け付けない行 1件`);
    expect(taken.out).toContain('「引き抜き」のため「発送」にできません');
    const scanned = spawnSync(process.execPath, [MAIN, 'scan', ...profile, '--reason', '転居先不明'], {
      env,
      encoding: 'utf8',
      input: [pieces[0], '保管期間経過', pieces[1], pieces[1], '4901234567894'].join('\n'),
    });
    expect(scanned.status, scanned.stderr).toBe(0);
    expect(scanned.stdout).toContain('不着 2通　登録済み 1通　受け付けない読み取り 1件');
    expect(scanned.stderr).toContain('保管期間経過　→ 同じ宛先へ再発送');
    const trace = todoke('trace', pieces[0]!, ...profile);
    expect(trace.out).toContain('いま「不着」');
    expect(trace.out).toMatch(/結果\.csv:2 より/);
    expect(todoke('audit', 'verify', ...profile)).toMatchObject({ status: 0 });
    expect(JSON.parse(todoke('reconcile', ...profile, '--json').out)).toMatchObject({ balanced: true });
  },
);

test(
  'killed while results are taken and returns are scanned, it loses nothing and doubles nothing',
  { timeout: 180_000 },
  async () => {
    const profile = ['--profile', 'kyokai-kenpo'];
    const pieces = printedInFirstLot()
      .slice(100, 1600)
      .map((cells) => cells[0]!);
    const results = path.join(folder, '結果-大.csv');
    const lines = pieces.flatMap((piece) => [`${piece},封入,2025-08-11`, `${piece},発送,2025-08-12`]);
    writeFileSync(results, ['郵便物番号,結果,年月日', ...lines].join('\r\n'));
    const killed = async (args: readonly string[], waits: readonly number[], input: string): Promise<number> => {
      let kills = 0;
      for (const wait of waits) {
        const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['pipe', 'ignore', 'ignore'] });
        child.stdin.on('error', () => undefined);
        child.stdin.end(input);
        await Promise.race([sleep(wait), new Promise((resolve) => child.once('exit', resolve))]);
        if (child.exitCode === null) kills += 1;
        child.kill('SIGKILL');
      }
      return kills;
    };
    expect(await killed(['results', results, ...profile], [500, 700, 900, 1100], '')).toBeGreaterThan(1);
    const taken = todoke('results', results, ...profile, '--json');
    const { recorded, already, refused } = JSON.parse(taken.out) as {
      recorded: number;
      already: number;
      refused: unknown[];
    };
    expect([recorded + already, refused.length]).toEqual([lines.length, 0]);

    const pile = pieces.filter((_, i) => i % 10 === 3);
    const scan = ['scan', ...profile, '--reason', '転居先不明'];
    expect(await killed(scan, [600, 800, 1000], pile.join('\n'))).toBeGreaterThan(0);
    const scanned = spawnSync(process.execPath, [MAIN, ...scan, '--json'], {
      env,
      encoding: 'utf8',
      input: pile.join('\n'),
    });
    const tally = JSON.parse(scanned.stdout) as { recorded: number; already: number; refused: number };
    expect([tally.recorded + tally.already, tally.refused]).toEqual([pile.length, 0]);

    const books = JSON.parse(todoke('reconcile', ...profile, '--json').out) as {
      balanced: boolean;
      counts: { states: { subject: string; state: string; count: number }[] };
    };
    const count = (state: string): number =>
      books.counts.states.find((s) => s.subject === 'mailpiece' && s.state === state)?.count ?? 0;
    expect(books.balanced).toBe(true);
    // Five were posted and two of them returned in the test before.
    expect([count('posted'), count('returned')]).toEqual([pieces.length + 3 - pile.length, pile.length + 2]);
    expect(todoke('audit', 'verify', ...profile)).toMatchObject({ status: 0 });
  },
);

test('a file at fault ends with status 2, a file of errors, and no value in what is said', () => {
  const file = path.join(folder, '加入者-bad.csv');
  const [header, row] = readFileSync(files('加入者'), 'utf8').split('\r\n');
  writeFileSync(file, `${header}\r\n${row!.replace(/,[12],[12],/, ',9,1,')}\r\n`);
  const refused = todoke('import', file, '--profile', 'kyokai-kenpo');
  expect(refused.status).toBe(2);
  expect(refused.err).toContain('2行 性別');
  expect(refused.err).not.toContain(row!.split(',')[3]);
  expect(existsSync(`${file}.errors.csv`)).toBe(true);
});

test('the README’s demo command makes what the README says', { timeout: 120_000 }, () => {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  expect(readme).toContain('npm ci && npm run demo');
  expect(readme).toContain('npm ci && npm test');
  const out = path.join(folder, 'demo');
  const demo = todoke('demo', '--out', out);
  expect(demo.status, demo.err).toBe(0);
  expect(demo.out).toContain('対象　　9,100人（29.29％）');
  expect(demo.out).toContain('balanced');
  for (const name of ['decisions.csv', 'certificates.csv', 'mailpieces.csv', 'manifest.json', 'reconciliation.json']) {
    expect(existsSync(path.join(out, name)), name).toBe(true);
  }
});
