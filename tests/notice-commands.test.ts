// Notices through the public commands: with a key from a file, killed and taken up again, digits shown to who says why.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readRows } from './issued.ts';
import { keepServer, openTestFolder } from './ledger.ts';
import { story } from './story.ts';

const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');
const folder = openTestFolder();
const keyFile = path.join(folder, 'digits.key');
writeFileSync(keyFile, `${'0a'.repeat(32)}\n`);
const envOf = (data: string) => ({
  ...process.env,
  TODOKE_DATA: path.join(folder, data),
  TODOKE_USER: '職員',
  TODOKE_DIGITS_KEY_FILE: keyFile,
});

interface Said {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

const todoke = (data: string, ...args: string[]): Said => todokeOn('', data, ...args);

/** With something on standard input. */
function todokeOn(input: string, data: string, ...args: string[]): Said {
  const done = spawnSync(process.execPath, [MAIN, ...args], { env: envOf(data), encoding: 'utf8', input });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

for (const data of ['calm', 'readme']) await keepServer(path.join(folder, data));

const input = (name: string): string => path.join(folder, 'in', `${name}.csv`);
const issueOf = (out: string): string[] => [
  'issue',
  '--profile',
  'mbk',
  '--issuance',
  'notice-2024-1',
  '--members',
  input('加入者'),
  '--workplaces',
  input('事業所'),
  '--enrolment',
  input('マイナ保険証'),
  '--out',
  path.join(folder, out),
];

const step = story();

step('killed again and again, the notices and their parcels come out the same, but for the digits’ seals', async () => {
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
  const from = performance.now();
  const calm = todoke('calm', ...issueOf('calm-out'));
  const time = performance.now() - from;
  expect(calm.status, calm.err).toBe(0);
  expect(calm.out).toContain('balanced　すべて一致しました');
  expect(calm.out).toContain('引受番号　　割当てがないため');
  let kills = 0;
  for (const share of [0.15, 0.25, 0.35, 0.45, 0.6]) {
    const child = spawn(process.execPath, [MAIN, ...issueOf('out')], { env: envOf('data'), stdio: 'ignore' });
    await Promise.race([sleep(share * time), new Promise((resolve) => child.once('exit', resolve))]);
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
});

step('digits are shown to who says why, and the log tells who saw them', () => {
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

step(
  'handed over, posted, not handed out, sent back, made again for home: all by commands, and every step is told',
  () => {
    const done = (...args: string[]): string => {
      const said = todoke('calm', ...args);
      expect(said.status, said.err).toBe(0);
      return said.out;
    };
    const which = ['--profile', 'mbk', '--issuance', 'notice-2024-1'];
    const out = path.join(folder, 'calm-out');
    const pack = path.join(folder, 'package');
    const early = todoke('calm', 'package', 'make', ...which, '--out', out, '--package', pack);
    expect(early).toMatchObject({ status: 2, err: expect.stringContaining('--by 氏名') });
    const allowed = ['--override', '部長 高橋', '--reason', '封入の前に承認する'];
    for (const step of ['印刷', '発送'])
      for (const by of ['山田 太郎', '鈴木 花子'])
        done('lot', 'confirm', ...which, '--lot', '1', '--step', step, '--by', by, ...(step === '発送' ? allowed : []));
    expect(done('package', 'make', ...which, '--out', out, '--package', pack)).toMatch(
      /お知らせ [\d,]+通　個人番号申出書/,
    );
    expect(done('package', 'verify', '--package', pack)).toMatch(/^誤りはありません.*梱包 [\d,]+個/);

    const own = readRows(path.join(pack, 'mailpieces.csv')).filter((row) => row['梱包'] === '1');
    const [given, away, left, ...rest] = own.map((row) => row['郵便物番号']!);
    expect(rest.length).toBeGreaterThan(0);
    const symbol = readRows(path.join(out, 'notices.csv')).find((row) => row['郵便物番号'] === given)!['記号']!;
    const write = (name: string, lines: readonly string[]): string => {
      writeFileSync(path.join(folder, name), `${lines.join('\r\n')}\r\n`);
      return path.join(folder, name);
    };
    const posted = [given, away, left].flatMap((n) => [`${n},封入,2024-09-10,,`, `${n},発送,2024-09-11,,`]);
    done('results', write('結果.csv', ['郵便物番号,結果,年月日,理由,引受番号', ...posted]), ...which);
    const told = [`${given},手渡し,2024-09-20,`, `${away},手渡し不可,2024-09-20,休職`, `${left},退職,2024-09-20,`];
    const report = write('手渡し.csv', ['郵便物番号,結果,年月日,理由', ...told]);
    expect(done('handover', report, ...which, '--workplace', symbol)).toContain('記録 3件');
    const scan = todokeOn(`${away}\n${given}\n`, 'calm', 'scan', '--profile', 'mbk', '--reason', '事業所からの返送');
    expect(scan.err).toContain('自宅へ再送付');
    expect(scan.err).toContain('「手渡し済み」のため「不着」にできません');
    expect(done('reroute', ...which, '--issued-on', '2024-10-01', '--out', path.join(folder, 'reroute'))).toContain(
      '自宅への再送付（rehome）にする　1通',
    );
    const home = path.join(folder, 'rehome');
    expect(done('rehome', ...which, '--issued-on', '2024-10-01', '--out', home)).toContain('2通');
    const again = readRows(path.join(home, 'notices.csv'));
    expect(again.map((row) => row['経路'])).toEqual(['home', 'home']);
    expect(again.map((row) => row['下4桁'])).toEqual(
      [away, left].map((n) => readRows(path.join(out, 'notices.csv')).find((row) => row['郵便物番号'] === n)!['下4桁']),
    );
    const trace = done('trace', away!, ...which);
    for (const word of ['封入', '発送', '手渡しできず', '事業所からの返送', '作り直して再送付'])
      expect(trace).toContain(word);
    const key = ['記号', '番号', '枝番'].map((name) => again[0]![name]).join('-');
    expect(done('trace', key, '--profile', 'mbk', '--issuance', 'notice-2024-1/rehome-1')).toContain(
      again[0]!['郵便物番号'],
    );
    expect(done('explain', key, ...which)).toContain('対象です');
    expect(done('reconcile', ...which)).toContain('balanced: true');
    expect(done('audit', 'verify', '--profile', 'mbk')).toContain('書かれたときのまま');
  },
);

step('twelve digits in a reason are refused and not repeated', () => {
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

test(
  'the page about notices, word by word: both rounds balance, and one person is explained with the ratio',
  { timeout: 120_000 },
  () => {
    const page = readFileSync(path.join(import.meta.dirname, '..', 'docs', 'notices.md'), 'utf8');
    const block = /## コマンドで[\s\S]*?```\n([\s\S]*?)```/.exec(page)![1]!.replaceAll('\\\n', '');
    const commands = block.split('\n').filter((line) => line.startsWith('npm run -s todoke -- '));
    // The same words on a smaller society, in a folder of the test's.
    const said = commands.map((line) => {
      const words = line.slice('npm run -s todoke -- '.length).trim().split(/\s+/);
      const args = words.map((word) => word.replace(/^out\//, `${folder}/readme/`));
      return todoke('readme', ...args, ...(args[0] === 'sample' ? ['--members', '2000'] : []));
    });
    expect(said.map(({ status, err }) => (status === 0 ? '' : err))).toEqual(['', '', '', '']);
    expect(said[1]!.out).toContain('balanced');
    expect(said[2]!.out).toMatch(/notice-2024-2（第2号）[\s\S]*前回の抽出日以後の新規資格取得[\s\S]*balanced/);
    expect(said[3]!.out).toMatch(/資格情報のお知らせの対象です（加入者）。負担割合は[23]割です/);
  },
);
