// Files as clerks, employers and contractors really send them, by the commands: each is read as it is meant or refused by what is
// wrong with it, and nothing of it is half stored.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { encodeCp932 } from '../src/formats/encoding.ts';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { REISSUE_COLUMNS } from '../src/formats/reissues.ts';
import { RESULT_COLUMNS } from '../src/formats/results.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import type { Context } from '../src/operations/context.ts';
import { variedBreakdown, writeSample } from '../src/operations/sample.ts';
import { paperNumber } from '../src/rules/words/check-digits.ts';
import { person, status } from './cast.ts';
import type { Cells } from './cast.ts';
import { anotherInsurer, issueRows, readRows, writeRows } from './issued.ts';
import { approveLots, given, openTestFolder, openTestLedger } from './ledger.ts';

const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
const mbk = await loadProfile('mbk');

interface Done {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function envOn(context: Context): NodeJS.ProcessEnv {
  const { user = '', password = '', database, host = '' } = context.database.connection;
  return {
    ...process.env,
    DATABASE_URL: `postgresql://${user}:${password}@/${database}?host=${encodeURIComponent(host)}`,
    TODOKE_DATA: path.join(folder, 'data'),
    TODOKE_USER: 'tester',
  };
}

/** Runs a command under the profile of 協会けんぽ, with `input` typed into it. */
function todoke(context: Context, args: readonly string[], input = ''): Done {
  const run = [MAIN, ...args, '--profile', 'kyokai-kenpo'];
  const done = spawnSync(process.execPath, run, { env: envOn(context), encoding: 'utf8', input });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const PLAN = ['--issuance', 'bulk-2025'];
const WORKPLACES: readonly Cells[] = [{ 記号: '100', 事業所名称: '株式会社あさひ' }];
let written = 0;
const write = (columns: readonly { readonly name: string }[], rows: readonly Cells[]): string =>
  writeRows(folder, `ファイル-${(written += 1)}.csv`, columns, rows);

/** Four insured persons with certificates on paper, handed to the contractor and released for post. */
const printed = given(async (context) => {
  const members = ['1', '2', '3', '4'].map((number) => person(number, 0));
  const enrolment = members.map((row) => status(row['番号']!, 0, '0'));
  const result = await issueRows(
    context,
    kyokai,
    folder,
    { members, enrolment, workplaces: WORKPLACES },
    { prints: true },
  );
  await approveLots(context, result.issuance);
  const pieces = readRows(path.join(result.out, 'mailpieces.csv')).map((row) => row['郵便物番号']!);
  return { pieces };
});

test('accident: what a failed formula leaves stops the issuance by row and column, and nothing is stored', async () => {
  const context = await openTestLedger();
  const members = [
    person('1', 0),
    person('2', 0, { 住所: '#N/A' }),
    person('3', 0, { 氏名: '#REF!' }),
    person('4', 0, { 郵便番号: 'NULL' }),
  ];
  const files = [
    ['--members', write(MEMBER_COLUMNS, members)],
    ['--workplaces', write(WORKPLACE_COLUMNS, WORKPLACES)],
    [
      '--enrolment',
      write(
        ENROLMENT_COLUMNS,
        members.map((row) => status(row['番号']!, 0, '0')),
      ),
    ],
  ].flat();
  const out = path.join(folder, 'formulas');
  const done = todoke(context, ['issue', ...PLAN, '--issued-on', '2025-07-22', ...files, '--out', out]);
  expect(done.status).toBe(2);
  expect(done.err).toContain('3件の誤りがあり、何も取り込みませんでした');
  expect(done.err).toMatch(/3行 住所: 値ではなく、表計算やプログラムの誤りの印です.*（100-2-00）/);
  expect(done.err).toMatch(/4行 氏名: .*（100-3-00）/);
  expect(done.err).toMatch(/5行 郵便番号: .*（100-4-00）/);
  expect(await context.database.read((tx) => tx.query('select 1 from dataset'))).toEqual([]);
});

test('a corporate number that a spreadsheet has shortened stops the file by name', async () => {
  const context = await openTestLedger();
  const file = write(WORKPLACE_COLUMNS, [{ 記号: '100', 事業所名称: '株式会社見本', 法人番号: '7.00001E+12' }]);
  const done = todoke(context, ['import', file, '--kind', '事業所']);
  expect(done.status).toBe(2);
  expect(done.err).toContain('2行 法人番号: 数が縮めて書かれ、桁が失われています');
  expect(done.err).toContain('表示形式を「文字列」');
  expect(await context.database.read((tx) => tx.query('select 1 from dataset'))).toEqual([]);
});

test(
  'two clerks issue at once in a new data folder: one issuance, one set of numbers, both end well',
  { timeout: 120_000 },
  async () => {
    const issuance = kyokai.issuances[0]!;
    const outDir = path.join(folder, 'both');
    const breakdown = variedBreakdown(300);
    const files = await writeSample({ members: 300, seed: 1, breakdown, outDir, profile: kyokai, issuance });
    const env = { ...process.env, DATABASE_URL: '', TODOKE_DATA: path.join(folder, 'new'), TODOKE_USER: 'tester' };
    const issueTo = async (out: string): Promise<Done & { folder: string }> => {
      const given = ['--members', files.members, '--workplaces', files.workplaces, '--enrolment', files.enrolment];
      const run = ['issue', '--profile', 'kyokai-kenpo', ...PLAN, '--issued-on', '2025-07-22', ...given, '--no-print'];
      const child = spawn(process.execPath, [MAIN, ...run, '--out', out], { env });
      const said = { out: '', err: '' };
      child.stdout.on('data', (data: Buffer) => (said.out += data.toString()));
      child.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
      const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
      return { status: code, ...said, folder: out };
    };
    const both = await Promise.all(['one', 'two'].map((name) => issueTo(path.join(folder, name))));
    for (const done of both) {
      expect(done.status, done.err).toBe(0);
      expect(done.out).toContain('（第1号）');
      expect(done.out).toContain('balanced　すべて一致しました');
    }
    const [one, two] = both.map((done) => readFileSync(path.join(done.folder, 'certificates.csv'), 'utf8'));
    expect(one).toBe(two);
  },
);

test('the file that employers’ software writes is called by its name', async () => {
  const context = await openTestLedger();
  const file = path.join(folder, 'SHFD0006.CSV');
  const lines = [
    '21,01,ｹｲﾄ,001,20250701,22223',
    '[kanri]',
    ',001',
    '21,01,ｹｲﾄ,123,100,0000,東京都千代田区,見本サービス',
    '[data]',
  ];
  const body = `${lines.join('\r\n')}\r\n2201700,21,01,ｹｲﾄ,123,1,ﾐﾎﾝ ｺｳ,見本　甲,5,551010,1,,,,9,070701,4,9,070630,,,,1,,,,,\r\n`;
  writeFileSync(file, encodeCp932(body).bytes);
  const done = todoke(context, ['filings', file, '--on', '2025-07-05']);
  expect(done.status).toBe(2);
  expect(done.err).toContain('届書作成プログラムの届書ファイル（SHFD0006.CSV');
  expect(done.err).toContain('喪失届.csv');
  expect(done.err).not.toContain('見本');
});

test('results as a contractor’s spreadsheet writes them are recorded, each once', async () => {
  const { context, pieces } = await printed();
  const [one = '', two = '', three = '', four = ''] = pieces;
  const wide = three.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  const rows = [
    [`'${one}`, '封入', '2025/10/14 0:00'],
    [`="${two}"`, '封入', '2025-10-14'],
    [wide, '封入', '２０２５年１０月１４日'],
    [`${four.slice(0, 1)}-${four.slice(1, 5)}-${four.slice(5, 13)}-${four.slice(13)}`, '封入', '令和7年10月14日'],
  ].map(([number = '', event = '', on = '']) => csvLine([number, event, on, '', '']));
  const file = path.join(folder, '結果.csv');
  writeFileSync(file, csvLine(RESULT_COLUMNS.map((c) => c.name)) + rows.join('') + ',,,,\r\n,,,,\r\n');
  const first = todoke(context, ['results', file, ...PLAN]);
  expect(first.err).toBe('');
  expect(first.out).toContain('記録 4件　記録済み 0件　受け付けない行 0件');
  const states = await context.database.read((tx) =>
    tx.query('select state, count(*)::int as n from paper_state where subject = $1 group by state', ['mailpiece']),
  );
  expect(states).toEqual([{ state: 'enclosed', n: 4 }]);
});

test('a scan station reads what scanners type: full-width digits, stars, hyphens, a mark of order, a tab', async () => {
  const { context, pieces } = await printed();
  const rows = pieces.flatMap((number) => [
    { 郵便物番号: number, 結果: '封入', 年月日: '2025-10-14' },
    { 郵便物番号: number, 結果: '発送', 年月日: '2025-10-14' },
  ]);
  expect(todoke(context, ['results', write(RESULT_COLUMNS, rows), ...PLAN]).out).toContain('記録 8件');
  const [one = '', two = '', three = '', four = ''] = pieces;
  const wide = one.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  const codes = [wide, wide, `*${two}*`, `\ufeff${three}`, `${four.slice(0, 5)}-${four.slice(5)}\t`];
  const wrong = `${one.slice(0, 13)}${(Number(one.at(-1)) + 1) % 10}`;
  const strangers = [paperNumber('certificate', 9, 9), wrong, '見本'];
  const done = todoke(context, ['scan', '--reason', 'moved'], `${[...codes, ...strangers].join('\n')}\n`);
  const marks = [...done.err.matchAll(/^[○△×]/gm)].map(([mark]) => mark).join('');
  expect(marks).toBe('○△○○○×××');
});

test('a row of 件数 is a control total: right it is told, wrong it stops until a named person lets it pass', async () => {
  const context = await openTestLedger();
  const own = (total: string): string => {
    const file = write(MEMBER_COLUMNS, [person('1', 0), person('2', 0)]);
    writeFileSync(file, readFileSync(file, 'utf8') + total);
    return file;
  };
  const right = todoke(context, ['import', own('件数,2\r\n'), '--kind', '加入者']);
  expect(right.status, right.err).toBe(0);
  expect(right.out).toContain('2行を取り込みました');
  expect(right.out).toContain('件数の行（4行目）');
  const wrong = own('合計,3件\r\n');
  const stopped = todoke(context, ['import', wrong, '--kind', '加入者']);
  expect(stopped.status).toBe(2);
  expect(stopped.err).toContain('2行ですが、ファイルの件数の行には3件とあります');
  expect(stopped.err.match(/--override/g)).toHaveLength(1);
  const passed = todoke(context, ['import', wrong, '--kind', '加入者', '--override', '山田 太郎', '--reason', '試験']);
  expect(passed.status, passed.err).toBe(0);
  // Of filings, which are recorded one by one, it is an error of its line.
  const filings = write(FILING_COLUMNS, [loss('1')]);
  writeFileSync(filings, `${readFileSync(filings, 'utf8')}件数,2\r\n`);
  const taken = todoke(context, ['filings', filings, '--on', '2025-07-10']);
  expect(taken.status).toBe(2);
  expect(taken.out).toContain('行の数が、ファイルに書かれた件数と違います');
});

const loss = (number: string, symbol = '100'): Cells => ({
  届書: '喪失',
  記号: symbol,
  番号: number,
  枝番: '00',
  異動年月日: '2025-07-01',
  到着年月日: '2025-07-05',
});

test('a file of the same members whose keys are written otherwise stops: their papers are under the other spelling', async () => {
  const context = await openTestLedger();
  const numbers = Array.from({ length: 30 }, (_, i) => String(i + 1));
  const first = write(
    MEMBER_COLUMNS,
    numbers.map((number) => person(number, 0)),
  );
  expect(todoke(context, ['import', first, '--kind', '加入者']).status).toBe(0);
  const padded = write(
    MEMBER_COLUMNS,
    numbers.map((number) => person(number, 0, { 番号: number.padStart(7, '0') })),
  );
  const done = todoke(context, ['import', padded, '--kind', '加入者']);
  expect(done.status).toBe(2);
  expect(done.err).toContain('30人の記号・番号の書き方（前の0、全角・半角）が');
  const datasets = await context.database.read((tx) => tx.query('select 1 from dataset'));
  expect(datasets).toHaveLength(1);
});

test('a filing and a request find their person whatever zeros and width their keys are written in', async () => {
  const { context, pieces } = await printed();
  expect(pieces).toHaveLength(4);
  const filings = write(FILING_COLUMNS, [loss('0000001', '１００')]);
  const taken = todoke(context, ['filings', filings, '--on', '2025-07-10']);
  expect(taken.status, taken.err).toBe(0);
  const stored = await context.database.read((tx) => tx.query('select symbol, number from filing'));
  expect(stored).toEqual([{ symbol: '100', number: '1' }]);
  const withdrawn = await context.database.read((tx) =>
    tx.query(`select 1 from paper_state where subject = 'certificate' and state = 'withdrawn'`),
  );
  expect(withdrawn).toHaveLength(1);
  const request = { 記号: '0100', 番号: '0002', 枝番: '00', 理由: 'き損', 申請年月日: '2025-07-23' };
  const asked = todoke(context, ['reissue', write(REISSUE_COLUMNS, [request]), '--on', '2025-07-23']);
  // Found, and refused for what it is: nobody has the paper yet.
  expect(asked.out).not.toContain('資格確認書はありません');
  expect(asked.out).toContain('今は「');
});

test('a ratio joins its person though its file writes the keys otherwise', async () => {
  const context = await openTestLedger();
  const own = anotherInsurer(mbk);
  const members = [person('0000001', 0, { 生年月日: '1952-05-10', 突合結果: '一致', 個人番号下4桁: '8472' })];
  const enrolment = [status('1', 0, '1')];
  const ratios = [
    { 記号: '１００', 番号: '1', 枝番: '00', 負担割合: '2', 発効期日: '2024-08-01', 有効期限: '2025-07-31' },
  ];
  const options = { issuance: 'notice-2024-1', issuedOn: null } as const;
  const withKey: Context = { ...context, digitsKey: new Uint8Array(32).fill(9) };
  const rows = { members, enrolment, ratios, workplaces: WORKPLACES };
  const { out, issuance } = await issueRows(withKey, own, folder, rows, options);
  expect(readRows(path.join(out, 'notices.csv')).map((n) => n['負担割合'])).toEqual(['2割']);
  // The same files once more are the same run.
  const again = await issueRows(withKey, own, folder, rows, options);
  expect(again.issuance.id).toBe(issuance.id);
});

test('who is held because nobody knows the workplace goes home by a named person, and it is told why', async () => {
  const context = await openTestLedger();
  const members = ['1', '2', '3'].map((number) => person(number, 0, number === '1' ? {} : { 記号: '200' }));
  const enrolment = members.map((row) => status(row['番号']!, 0, '0', { 記号: row['記号']! }));
  const rows = { members, enrolment, workplaces: WORKPLACES };
  const { out } = await issueRows(context, mbk, folder, rows, { prints: true });
  const pieces = new Map(readRows(path.join(out, 'mailpieces.csv')).map((row) => [row['番号']!, row]));
  expect([...pieces.values()].map((row) => row['経路'])).toEqual(['workplace', 'workplace', 'workplace']);
  const pieceOf = (number: string): string => pieces.get(number)!['郵便物番号']!;
  const held = (...args: string[]): Done => {
    const run = [MAIN, 'held', ...args, '--profile', 'mbk', ...PLAN];
    const done = spawnSync(process.execPath, run, { env: envOn(context), encoding: 'utf8' });
    return { status: done.status, out: done.stdout, err: done.stderr };
  };
  expect(held('list').out).toContain('事業所がわからない');
  const which = `${pieceOf('1')},${pieceOf('2')}`;
  expect(held('home', '--piece', which, '--reason', '廃業').err).toContain('--by');
  expect(held('home', '--piece', which, '--by', '山田 太郎').err).toContain('--reason');
  // One whose workplace is known goes there.
  const sent = held('home', '--piece', which, '--by', '山田 太郎', '--reason', '事業所が廃業したため');
  expect(sent.status).toBe(2);
  expect(sent.out).toContain('自宅へ送るもの 1通');
  expect(sent.out).toContain(`${pieceOf('1')}　事業所がわからないために止めた郵便物ではありません`);
  // Not by the way it was to go.
  const usual = held('print', '--issued-on', '2025-07-25', '--out', path.join(folder, 'usual'));
  expect(usual.out).toContain('作り直すものはありません');
  const again = path.join(folder, 'sent-home');
  const made = held('print-home', '--issued-on', '2025-07-25', '--out', again);
  expect(made.status, made.err).toBe(0);
  expect(made.out).toContain('bulk-2025/send-home-1　作り直した郵便物 1通');
  expect(readRows(path.join(again, 'mailpieces.csv'))).toMatchObject([
    { 経路: 'home', 番号: '2', 郵便番号: '1000013' },
  ]);
  expect(readRows(path.join(again, 'print-held.csv'))).toEqual([]);
  expect(held('list').out).toContain('確認を待つ郵便物 1通');
  const said = (key: string, issuance: string): string => {
    const run = [MAIN, 'explain', key, '--profile', 'mbk', '--issuance', issuance];
    return spawnSync(process.execPath, run, { env: envOn(context), encoding: 'utf8' }).stdout;
  };
  for (const issuance of ['bulk-2025', 'bulk-2025/send-home-1'])
    expect(said('200-2-00', issuance)).toMatch(
      /事業所がわからないため、山田 太郎が \d{4}-\d{2}-\d{2} に自宅へ送ると決めたもの（事業所が廃業したため）。/,
    );
  expect(said('200-3-00', 'bulk-2025')).not.toContain('自宅へ送ると決めた');
  for (const issuance of ['bulk-2025', 'bulk-2025/send-home-1']) {
    const run = [MAIN, 'reconcile', '--json', '--profile', 'mbk', '--issuance', issuance];
    const books = spawnSync(process.execPath, run, { env: envOn(context), encoding: 'utf8' });
    expect(JSON.parse(books.stdout)).toMatchObject({ balanced: true });
  }
});

test('names and addresses that print will hold are on the list for staff, and beside the list to the employer', async () => {
  const context = await openTestLedger();
  const members = [
    person('1', 0, { 氏名: '山●　太郎' }),
    person('2', 0, { 住所: '不明' }),
    person('3', 0, { 住所: '⼤阪府大阪市北区1-2-3' }),
    person('4', 0),
    person('5', 0, { 記号: '200' }),
  ];
  const enrolment = members.map((row) => status(row['番号']!, 0, '0', { 記号: row['記号']! }));
  const workplaces = [...WORKPLACES, { 記号: '200', 事業所名称: '株式会社見本', 郵便番号: '1000013', 所在地: '同上' }];
  const { out } = await issueRows(context, kyokai, folder, { members, enrolment, workplaces }, { prints: true });
  const doubts = readRows(path.join(out, 'warnings.csv'))
    .filter((row) => /^(?:name|address)-/.test(row['コード']!))
    .map((row) => `${row['コード']} ${row['番号']}`);
  expect(doubts).toEqual(['address-none 2', 'address-unreadable 3', 'name-unreadable 1']);
  const held = readRows(path.join(out, 'print-held.csv')).map((row) => row['番号']);
  expect([...new Set(held)]).toEqual(['1', '2', '3']);
  expect(readRows(path.join(out, 'workplace-lists.csv'))).toMatchObject([
    { 記号: '100', 人数: '4', 保留: '', 氏名を確かめる人数: '1' },
    { 記号: '200', 人数: '1', ページ: '', 保留: '事業所の住所といえるものがない', 氏名を確かめる人数: '0' },
  ]);
});
