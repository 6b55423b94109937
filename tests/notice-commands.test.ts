// Notices through the public commands: with a key from a file, killed and taken up again, digits shown to who says why.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readRows } from './issued.ts';
import { openTestFolder } from './ledger.ts';

const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
const folder = openTestFolder();
const keyFile = path.join(folder, 'digits.key');
writeFileSync(keyFile, `${'0a'.repeat(32)}\n`);
const envOf = (data: string) => ({
  ...process.env,
  TODOKE_DATA: path.join(folder, data),
  TODOKE_USER: '職員',
  TODOKE_DIGITS_KEY_FILE: keyFile,
});

function todoke(data: string, ...args: string[]): { status: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [MAIN, ...args], { env: envOf(data), encoding: 'utf8' });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const input = (name: string): string => path.join(folder, 'in', `${name}.csv`);
const issueOf = (out: string): string[] => [
  ...['issue', '--profile', 'mbk', '--issuance', 'notice-2024-1', '--members', input('加入者')],
  ...['--workplaces', input('事業所'), '--enrolment', input('マイナ保険証'), '--out', path.join(folder, out)],
];

test(
  'killed again and again, the notices and their parcels come out the same, but for the digits’ seals',
  { timeout: 240_000 },
  async () => {
    const sample = todoke(
      'calm',
      'sample',
      '--profile',
      'mbk',
      '--members',
      '20000',
      '--notices',
      '--out',
      path.join(folder, 'in'),
    );
    expect(sample.status, sample.err).toBe(0);
    const calm = todoke('calm', ...issueOf('calm-out'));
    expect(calm.status, calm.err).toBe(0);
    expect(calm.out).toContain('balanced　すべて一致しました');
    expect(calm.out).toContain('引受番号　　割当てがないため');
    let kills = 0;
    for (const wait of [1000, 1400, 1900, 2500, 3200]) {
      const child = spawn(process.execPath, [MAIN, ...issueOf('out')], { env: envOf('data'), stdio: 'ignore' });
      await Promise.race([sleep(wait), new Promise((resolve) => child.once('exit', resolve))]);
      if (child.exitCode === null) kills += 1;
      child.kill('SIGKILL');
    }
    expect(kills).toBeGreaterThan(1);
    const last = todoke('data', ...issueOf('out'));
    expect(last.status, last.err).toBe(0);
    const names = readdirSync(path.join(folder, 'calm-out'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:pdf|csv|json)$/.test(name))
      .toSorted();
    expect(names.filter((name) => name.endsWith('-notices.pdf')).length).toBeGreaterThan(4);
    for (const name of names) {
      const [a, b] = ['calm-out', 'out'].map((out) => readFileSync(path.join(folder, out, name)));
      expect(a!.equals(b!), name).toBe(true);
    }
  },
);

test('digits are shown to who says why, and the log tells who saw them', () => {
  const row = readRows(path.join(folder, 'calm-out', 'notices.csv')).find((n) => n['下4桁'] === '記載')!;
  const key = `${row['記号']}-${row['番号']}-${row['枝番']}`;
  const member = readRows(input('加入者')).find((m) => `${m['記号']}-${m['番号']}-${m['枝番']}` === key)!;
  expect(todoke('calm', 'digits', key, '--profile', 'mbk')).toMatchObject({ status: 2, out: '' });
  const seen = todoke('calm', 'digits', key, '--profile', 'mbk', '--reason', '本人からの照会');
  expect(seen).toMatchObject({ status: 0, out: `${member['個人番号下4桁']}\n` });
  const log = todoke('calm', 'digits', key, '--profile', 'mbk', '--log');
  expect(log.out).toMatch(/お知らせの印刷/);
  expect(log.out).toMatch(/職員　閲覧　本人からの照会/);
  expect(log.out).not.toMatch(new RegExp(`(?<!\\d)${member['個人番号下4桁']}(?!\\d)`));
});

test('twelve digits in a reason are refused and not repeated', () => {
  const withdrawn = todoke('calm', 'withdraw', '1-1-00', '--profile', 'mbk', '--reason', '番号 1234-5678-9018 の人');
  expect(withdrawn.status).toBe(2);
  expect(withdrawn.err).toContain('個人番号');
  expect(withdrawn.err + withdrawn.out).not.toMatch(/5678/);
});

test('a key that is none is told without repeating it', () => {
  const done = spawnSync(process.execPath, [MAIN, 'reconcile', '--profile', 'mbk'], {
    env: { ...envOf('calm'), TODOKE_DIGITS_KEY: 'secret-pass' },
    encoding: 'utf8',
  });
  expect(done.status).toBe(2);
  expect(done.stderr).toContain('openssl rand -hex 32');
  expect(done.stderr).not.toContain('secret-pass');
});
