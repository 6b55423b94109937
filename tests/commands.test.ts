// The commands as a person or a program runs them: a process of its own, its own data folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../src/ledger/core/pool.ts';
import { startEmbeddedServer } from '../src/ledger/core/server.ts';
import { keepServer, openTestFolder } from './ledger.ts';
import { story } from './story.ts';

const ROOT = path.join(import.meta.dirname, '..');
const MAIN = path.join(ROOT, 'src', 'cli', 'main.js');
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

await keepServer(path.join(folder, 'data'));

test('a full disk is told in words, wherever it is met', () => {
  const full = path.join(folder, 'full');
  mkdirSync(full);
  symlinkSync('/dev/full', path.join(full, '加入者.csv.part'));
  const { status, err } = todoke('sample', '--members', '500', '--out', full);
  expect([status, existsSync(path.join(full, '加入者.csv'))]).toEqual([2, false]);
  expect(err).toContain('ディスクに空きがありません。');
  expect(err).not.toContain('プログラムの誤り');
});

test.each([
  [
    '20.20.2',
    { status: 2, stderr: /^この Node.js（20.20.2）では動きません。24.7 以上が要ります。\nnpm ci で/, stdout: /^$/ },
  ],
  ['24.6.0', { status: 2, stderr: /^この Node.js（24.6.0）では動きません。/, stdout: /^$/ }],
  ['24.7.0', { status: 0, stderr: /^$/, stdout: /使い方: todoke/ }],
  ['26.0.0', { status: 0, stderr: /^$/, stdout: /使い方: todoke/ }],
])('Node %s: what cannot read the program says so in a sentence', (version, { status, stderr, stdout }) => {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(versions)}`, MAIN, '--help'];
  const done = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  expect(done).toMatchObject({
    status,
    stderr: expect.stringMatching(stderr),
    stdout: expect.stringMatching(stdout),
  });
});

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

const step = story();

step('a sample, and the whole issuance of it', () => {
  expect(
    todoke('sample', '--profile', 'kyokai-kenpo', '--members', '12000', '--seed', '5', '--out', input).status,
  ).toBe(0);
  const issued = todoke(...ISSUE, '--out', path.join(folder, 'out'));
  expect(issued.status, issued.err).toBe(0);
  expect(issued.out).toContain('balanced');
});

step('the same file again changes nothing and says so; explain and reconcile answer in words and JSON', () => {
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

step('waves are shown; two named persons release a lot, one alone does not', () => {
  const profile = ['--profile', 'kyokai-kenpo'];
  expect(todoke('waves', ...profile).out).toMatch(/1　第1波　2025-07-22 から 2025-08-15　[\d,]+通 \/ 上限 2,500,000通/);
  const confirm = (step: string, by: string, ...rest: string[]): ReturnType<typeof todoke> =>
    todoke('lot', 'confirm', ...profile, '--lot', '1', '--step', step, '--by', by, ...rest);
  const first = confirm('印刷', '山田太郎', '--out', path.join(folder, 'out'));
  expect(first.out).toMatch(/承認するもの　郵便物 [\d,]+通　.*\n　　自宅　[\d,]+通（[\d,]+人分）/);
  expect(first.out).toMatch(
    /印刷ファイル \d+（[\d,]+ページ）　照合値 [0-9a-f]{64}\n　　print\/00001-\S+　[\d,]+ページ　[0-9a-f]{64}/,
  );
  expect(first.out).toMatch(/　　2\d{13}　.*最初の郵便物/);
  expect(first.out).toContain('同じ計画の前の回はありません');
  expect(first.out).toContain('もう一人の確認が要ります');
  expect(confirm('印刷', '山田 太郎')).toMatchObject({ status: 2, err: expect.stringContaining('別の人') });
  expect(confirm('印刷', '鈴木花子').out).toContain('山田太郎、鈴木花子 の二人が確認しました');
  const early = confirm('発送', '山田太郎');
  expect(early).toMatchObject({ status: 2, err: expect.stringContaining('印刷 = 封入 がそろっていません') });
  expect(early.err).toContain('--override 氏名 --reason 理由');
  const takeBack = (step: string): ReturnType<typeof todoke> =>
    todoke('lot', 'take-back', ...profile, '--lot', '1', '--step', step, '--by', '鈴木花子', '--reason', '宛名の誤り');
  expect(takeBack('発送')).toMatchObject({ status: 2, err: expect.stringContaining('まだ確認されていません') });
  expect(takeBack('印刷').out).toContain('もう一度、二人の確認が要ります');
  expect(todoke('lot', 'show', ...profile, '--lot', '1').out).toMatch(
    /印刷の承認　まだ\n[^]*印刷の承認の取り消し　鈴木花子（.*）宛名の誤り　取り消した確認 山田太郎、鈴木花子/,
  );
  const allowed = ['--override', '部長 高橋', '--reason', '封入の前に承認する'];
  for (const by of ['山田太郎', '鈴木花子']) expect(confirm('印刷', by).status).toBe(0);
  expect(confirm('発送', '山田太郎', ...allowed).status).toBe(0);
  expect(confirm('発送', '鈴木花子').out).toContain('の二人が確認しました');
  expect(todoke('lot', 'show', ...profile, '--lot', '1').out).toMatch(
    /発送の承認　山田太郎（.*、鈴木花子（.*印刷 = 封入 がそろわないまま許可 部長 高橋: 封入の前に承認する/,
  );
  const proofs = path.join(folder, 'proofs');
  const drawn = todoke('lot', 'show', ...profile, '--lot', '1', '--out', path.join(folder, 'out'), '--proofs', proofs);
  expect(drawn.status, drawn.err).toBe(0);
  const pictures = readdirSync(proofs);
  expect(pictures.filter((name) => name.startsWith('first')).length).toBeGreaterThan(2);
  for (const name of pictures) expect(readFileSync(path.join(proofs, name)).subarray(1, 4).toString()).toBe('PNG');
  expect(todoke('lot', 'close', ...profile, '--lot', '1', '--by', '山田太郎')).toMatchObject({
    status: 2,
    err: expect.stringContaining('印刷 = 封入'),
  });
  expect(todoke('lot', 'list', ...profile).out).toMatch(/ロット2　第2波.*承認待ち/);
});

step('the life of papers through the commands: withdrawn, reported, scanned, traced, audited', () => {
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
  // Of what came back, one is chosen on standard input; one that did not come back is told.
  const reroute = (input: string, list: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(
      process.execPath,
      [
        MAIN,
        'reroute',
        ...profile,
        '--issued-on',
        '2025-09-01',
        '--out',
        path.join(folder, 'chosen'),
        '--pieces',
        list,
      ],
      { env, encoding: 'utf8', input },
    );
  expect(reroute(`${pieces[0]}\n4901234567894\n`, '-')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/標準入力: 郵便物の番号ではない行が1行あり.*\n {2}2行\n$/),
  });
  expect(reroute('', path.join(folder, 'ない.csv'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('ない.csv'),
  });
  const chosen = path.join(folder, 'chosen.csv');
  writeFileSync(chosen, `\ufeff郵便物番号,発行\r\n${pieces[0]},1\r\n${pieces[3]},1\r\n`);
  const rerouted = reroute('', chosen);
  expect(rerouted.status, rerouted.stderr).toBe(0);
  expect(rerouted.stdout).toContain('作り直した郵便物 1通');
  expect(rerouted.stdout).toContain('この発行で作り直しを待っている郵便物ではない　1通');
  expect(readFileSync(path.join(folder, 'chosen', 'staff-list.csv'), 'utf8')).toContain(pieces[3]);
  expect(todoke('trace', pieces[1]!, ...profile).out).toContain('いま「不着」');
  expect(todoke('audit', 'verify', ...profile)).toMatchObject({ status: 0 });
  expect(JSON.parse(todoke('reconcile', '--all', ...profile, '--json').out)).toMatchObject({ balanced: true });
});

step('a file at fault ends with status 2, a file of errors, and no value in what is said', () => {
  const file = path.join(folder, '加入者-bad.csv');
  const [header, row] = readFileSync(files('加入者'), 'utf8').split('\r\n');
  writeFileSync(file, `${header}\r\n${row!.replace(/,[12],[12],/, ',9,1,')}\r\n`);
  const refused = todoke('import', file, '--profile', 'kyokai-kenpo');
  expect(refused.status).toBe(2);
  expect(refused.err).toContain('2行 性別');
  expect(refused.err).not.toContain(row!.split(',')[3]);
  expect(existsSync(`${file}.errors.csv`)).toBe(true);
});

step('an older file: what is wrong, and how a named person lets it in all the same', () => {
  const file = path.join(folder, '加入者-old.csv');
  writeFileSync(
    file,
    '記号,番号,枝番,氏名,カナ氏名,生年月日,性別,本人家族区分,資格取得年月日\r\n' +
      '10000001,1,00,協会　太郎,キョウカイ　タロウ,1990-05-10,1,1,2001-04-01\r\n',
  );
  const refused = todoke('import', file, '--profile', 'kyokai-kenpo');
  expect([refused.status, refused.err.trimEnd().split('\n').slice(-2)]).toEqual([
    2,
    [expect.stringMatching(/何も取り込みませんでした。$/), expect.stringContaining('--override 氏名 --reason 理由')],
  ]);
  const by = ['--override', '山田 太郎', '--reason', '見本'];
  expect(todoke('import', file, '--profile', 'kyokai-kenpo', ...by).status).toBe(0);
});

/** A data folder with the schema of 0.1.0. */
async function leaveOldData(dataDir: string): Promise<void> {
  const server = await startEmbeddedServer({ dataDir, throwaway: true });
  const database = openDatabase(server.connection);
  await database.transaction((tx) =>
    tx.execute(`create schema todoke; create table todoke.migration (name text primary key, sha256 text not null);
                insert into todoke.migration values ('001_ledger.sql', '')`),
  );
  await database.close();
  await server.leave();
}

test('a data folder of another version is refused with what to do', { timeout: 120_000 }, async () => {
  const old = path.join(folder, 'old');
  await leaveOldData(old);
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'reconcile', '--profile', 'mbk'], {
    env: { ...env, TODOKE_DATA: old },
    encoding: 'utf8',
  });
  expect([status, stderr.split('\n').slice(0, 2)]).toEqual([
    2,
    [expect.stringContaining('データフォルダを消すか、TODOKE_DATA に別のフォルダ'), `  データフォルダ: ${old}`],
  ]);
});

test(
  'the README’s demo command makes what the README says, over the demo of another version too',
  { timeout: 120_000 },
  async () => {
    await leaveOldData(path.join(folder, 'data', 'demo'));
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    expect(readme).toContain('npm ci && npm run demo');
    expect(readme).toContain('npm ci && npm test');
    const out = path.join(folder, 'demo');
    const demo = todoke('demo', '--out', out);
    expect(demo.status, demo.err).toBe(0);
    expect(demo.err).toContain('見本のデータは別の版のtodokeのものなので、作り直します。');
    expect(demo.out).toContain('対象　　9,100人（29.29％）');
    expect(demo.out).toContain('balanced');
    for (const name of [
      'decisions.csv',
      'certificates.csv',
      'mailpieces.csv',
      'manifest.json',
      'reconciliation.json',
    ]) {
      expect(existsSync(path.join(out, name)), name).toBe(true);
    }
  },
);
