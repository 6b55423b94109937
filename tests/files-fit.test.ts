// Files that do not fit each other, by the command as a clerk runs it: what differs in writing alone is joined and reported,
// what is of other people or cut stops before anybody is decided, and a named person lets it pass.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import { importFile } from '../src/operations/intake/import.ts';
import { MBK_BREAKDOWN, MBK_MEMBERS, writeSample } from '../src/operations/sample.ts';
import type { SampleOptions } from '../src/operations/sample.ts';
import { variedBreakdown } from '../src/operations/sample.ts';
import type { Context } from '../src/operations/context.ts';
import { canonicalSymbol } from '../src/rules/intake/join-keys.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { at, person, status } from './cast.ts';
import type { Cells } from './cast.ts';
import { anotherInsurer, issueRows, readRows, writeRows } from './issued.ts';
import type { GivenRows } from './issued.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
const mbk = await loadProfile('mbk');

interface Done {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function todoke(context: Context, ...args: string[]): Done {
  const { user = '', password = '', database, host = '' } = context.database.connection;
  const done = spawnSync(process.execPath, [MAIN, ...args], {
    env: {
      ...process.env,
      DATABASE_URL: `postgresql://${user}:${password}@/${database}?host=${encodeURIComponent(host)}`,
      TODOKE_DATA: path.join(folder, 'data'),
      TODOKE_USER: 'tester',
    },
    encoding: 'utf8',
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

interface Files {
  readonly members: string;
  readonly workplaces: string;
  readonly enrolment: string;
}

test('the database writes 記号 in canonical form as the rule does', async () => {
  const symbols = [
    '100',
    '0100',
    '１００',
    '０１００',
    '000',
    '0',
    'ｹｲﾄ',
    'ケイト',
    'ｶﾞ1',
    'ア001',
    'あ',
    '１ア',
    'ーｰ',
  ];
  const context = await openTestLedger();
  const rows = await context.database.transaction((tx) =>
    tx.query<{ form: string }>('select canonical_symbol(s) as form from unnest($1::text[]) s', [symbols]),
  );
  expect(rows.map((row) => row.form)).toEqual(symbols.map(canonicalSymbol));
});

let written = 0;
function issueFiles(context: Context, files: Files, ...more: string[]): Done & { readonly folder: string } {
  written += 1;
  const out = path.join(folder, `out-${written}`);
  const given = ['--members', files.members, '--workplaces', files.workplaces, '--enrolment', files.enrolment];
  const plan = ['--profile', 'kyokai-kenpo', '--issuance', 'bulk-2025', '--issued-on', '2025-07-22'];
  return { ...todoke(context, 'issue', ...plan, ...given, '--no-print', '--out', out, ...more), folder: out };
}

const decisions = (out: string): string[] =>
  readRows(path.join(out, 'decisions.csv')).map((d) => `${d['記号']}-${d['番号']}-${d['枝番']} ${d['理由コード']}`);

function write(name: string, rows: { members: Cells[]; workplaces: Cells[]; enrolment: Cells[] }): Files {
  return {
    members: writeRows(folder, `加入者-${name}.csv`, MEMBER_COLUMNS, rows.members),
    workplaces: writeRows(folder, `事業所-${name}.csv`, WORKPLACE_COLUMNS, rows.workplaces),
    enrolment: writeRows(folder, `マイナ保険証-${name}.csv`, ENROLMENT_COLUMNS, rows.enrolment),
  };
}

function changed(file: string, name: string, change: (row: Cells, line: number) => Cells | null): string {
  const rows = readRows(file)
    .map((row, i) => change(row, i + 2))
    .filter((row) => row !== null);
  const to = path.join(folder, name);
  const header = Object.keys(rows[0]!);
  writeFileSync(to, [header, ...rows.map((row) => header.map((h) => row[h] ?? ''))].map(csvLine).join(''));
  return to;
}

async function sample(name: string, members: number, more: Partial<SampleOptions> = {}): Promise<Files> {
  const issuance = kyokai.issuances[0]!;
  const breakdown = variedBreakdown(members);
  const outDir = path.join(folder, name);
  return writeSample({ members, seed: 1, breakdown, outDir, profile: kyokai, issuance, ...more });
}

test('zeros dropped in one of the files: the rows join, it is told, and keys are printed as given', async () => {
  const context = await openTestLedger();
  const numbers = ['0000001', '0000002', '0000003'];
  const files = write('zeros', {
    members: numbers.map((number) => ({ ...person('1', 0), 番号: number })),
    workplaces: [{ 記号: '100', 事業所名称: '株式会社甲' }],
    enrolment: numbers.map((number) => status(String(Number(number)), 0, '1')),
  });
  const done = issueFiles(context, files);
  expect(done.status, done.err).toBe(0);
  expect(decisions(done.folder)).toEqual(numbers.map((number) => `100-${number}-00 verifiable`));
  expect(done.out).toContain('マイナ保険証の登録状況：前の0や全角・半角の違いを除いて一致　3行');
  // The same once more is the same run.
  expect(issueFiles(context, files).out).toContain('（第1号）');
});

test('記号 of another width joins, of enrolment and of workplaces', async () => {
  const context = await openTestLedger();
  const files = write('width', {
    members: ['100', '１００', 'ｹｲﾄ'].map((symbol, i) => ({ ...person(String(i + 1), 0), 記号: symbol })),
    workplaces: ['１００', 'ケイト'].map((symbol) => ({ 記号: symbol, 事業所名称: '株式会社甲', 支部: '13' })),
    enrolment: ['１００', '100', 'ケイト'].map((symbol, i) => ({
      ...status(String(i + 1), 0, i === 0 ? '0' : '1'),
      記号: symbol,
    })),
  });
  const done = issueFiles(context, files);
  expect(done.status, done.err).toBe(0);
  expect(decisions(done.folder)).toEqual(['100-1-00 no-card', '１００-2-00 verifiable', 'ｹｲﾄ-3-00 verifiable']);
  expect(done.out).toContain('事業所：前の0や全角・半角の違いを除いて一致　2か所');
  expect(readRows(path.join(done.folder, 'warnings.csv')).map((w) => w['コード'])).not.toContain('workplace-unknown');
});

test('two rows of one file that are one person but for zeros or width are an error', async () => {
  const context = await openTestLedger();
  const file = writeRows(folder, '加入者-twice.csv', MEMBER_COLUMNS, [
    person('1', 0),
    { ...person('1', 0), 番号: '0001' },
    { ...person('2', 0), 記号: '１００' },
    person('2', 0),
  ]);
  const done = todoke(context, 'import', file, '--profile', 'kyokai-kenpo');
  expect(done.status).toBe(2);
  expect(done.err).toContain('2件の誤り');
  expect(done.err).toMatch(/3行.*2行目と違う.*100-0001-00/);
  expect(done.err).toMatch(/5行.*4行目と違う/);
});

test('accident: 番号 of the enrolment padded with zeros, or 記号 of the members full-width, makes the same certificates', async () => {
  const plain = issueFiles(await openTestLedger(), await sample('plain', 300));
  expect(plain.status, plain.err).toBe(0);
  expect(plain.out).toContain('資格確認書　91枚');
  const files = await sample('pad', 300);
  const enrolment = changed(files.enrolment, 'マイナ保険証-pad.csv', (row) => ({
    ...row,
    番号: row['番号']!.padStart(7, '0'),
  }));
  const done = issueFiles(await openTestLedger(), { ...files, enrolment });
  expect(done.status, done.err).toBe(0);
  for (const name of ['decisions.csv', 'certificates.csv', 'mailpieces.csv', 'warnings.csv'])
    expect(readFileSync(path.join(done.folder, name), 'utf8'), name).toBe(
      readFileSync(path.join(plain.folder, name), 'utf8'),
    );
  const wide = changed(files.members, '加入者-wide.csv', (row) => ({
    ...row,
    記号: row['記号']!.replaceAll(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0)),
  }));
  const full = issueFiles(await openTestLedger(), { ...files, members: wide });
  expect(full.status, full.err).toBe(0);
  expect(full.out).toContain('資格確認書　91枚');
  expect(readRows(path.join(full.folder, 'decisions.csv'))[0]!['記号']).toMatch(/^[０-９]{8}$/);
});

test('an enrolment cut at a line stops before decisions and says where; a named person lets it pass', async () => {
  const context = await openTestLedger();
  const files = await sample('half', 300);
  const enrolment = changed(files.enrolment, 'マイナ保険証-half.csv', (row, line) => (line <= 150 ? row : null));
  const done = issueFiles(context, { ...files, enrolment });
  expect(done.status).toBe(2);
  expect(done.err).toContain('加入者とマイナ保険証のファイルが合いません。何も判定していません。');
  expect(done.err).toContain('途中で切れていませんか（149行で終わり');
  const none = await context.database.transaction((tx) => tx.query('select 1 from issuance'));
  expect(none).toEqual([]);
  const passed = issueFiles(context, { ...files, enrolment }, '--override', '山田 太郎', '--reason', '試験');
  expect(passed.status, passed.err).toBe(0);
  const told = await context.database.transaction((tx) =>
    tx.query<{ counts: object }>(`select counts from journal where operation = 'open-issuance'`),
  );
  expect(told.map((row) => row.counts)).toEqual([{ members: 300, override: '山田 太郎', reason: '試験' }]);
  // Let pass once, the same run goes on without being asked again.
  expect(issueFiles(context, { ...files, enrolment }).status).toBe(0);
});

test.each<[string, string, (row: Cells) => Cells, RegExp]>([
  [
    'under another 記号',
    'symbol',
    (row) => ({ ...row, 記号: '9' }),
    /記号が違いませんか（記号 9 の行は、記号 100 の加入者/,
  ],
  [
    '枝番 off by one',
    'sub',
    (row) => ({ ...row, 枝番: String(Number(row['枝番']) + 1).padStart(2, '0') }),
    /枝番が1つずれていませんか（枝番を1つ減らすと一致します）/,
  ],
])('an enrolment %s is told as that', async (_, name, change, told) => {
  const context = await openTestLedger();
  const people = Array.from({ length: 40 }, (__, i) => person(String(i + 1), 0));
  const files = write(name, {
    members: people,
    workplaces: [{ 記号: '100', 事業所名称: '株式会社甲' }],
    enrolment: people.map((p) => change(status(p['番号']!, 0, '1'))),
  });
  const done = issueFiles(context, files);
  expect(done.status).toBe(2);
  expect(done.err).toMatch(told);
});

test('an enrolment of other people stops: 1,000 members of whom hardly one has a row', async () => {
  const context = await openTestLedger();
  const files = await sample('a', 1000);
  const { enrolment } = await sample('b', 1000, { seed: 7 });
  const done = issueFiles(context, { ...files, enrolment });
  expect(done.status).toBe(2);
  expect(done.err).toContain('別の保険者のファイルではありませんか');
});

test('who joined or was decided after the reference date, or had left by then, need not be in the enrolment', async () => {
  const context = await openTestLedger();
  const files = write('late', {
    members: [
      person('1', 0),
      person('2', 0, { 資格取得年月日: '2025-05-01' }),
      person('3', 0, { 取得決定年月日: '2025-05-09' }),
      person('4', 0, { 資格喪失年月日: '2025-04-30' }),
    ],
    workplaces: [{ 記号: '100', 事業所名称: '株式会社甲' }],
    enrolment: [status('1', 0, '1')],
  });
  expect(issueFiles(context, files).status).toBe(0);
});

test('accident: 31 rows after 3,000, and 300 rows after 31,067, replace nobody until a named person says so', async () => {
  const context = await openTestLedger();
  const { members } = await sample('whole', 3000);
  expect(todoke(context, 'import', members, '--profile', 'kyokai-kenpo').status).toBe(0);
  // One of the rows is newer than all: the date alone says nothing.
  const short = changed(members, '加入者-short.csv', (row, line) =>
    line > 32 ? null : { ...row, 取得決定年月日: line === 2 ? '2026-01-01' : row['取得決定年月日']! },
  );
  const done = todoke(context, 'import', short, '--profile', 'kyokai-kenpo');
  expect(done.status).toBe(2);
  expect(done.err).toContain('31行です。いま使っている加入者のファイル（加入者.csv、3,000行）の1％しかありません');
  const rows = await context.database.transaction((tx) => tx.query('select 1 from dataset'));
  expect(rows).toHaveLength(1);
  const passed = todoke(
    context,
    'import',
    short,
    '--profile',
    'kyokai-kenpo',
    '--override',
    '山田 太郎',
    '--reason',
    '分割した保険者',
  );
  expect(passed.status, passed.err).toBe(0);
});

test('a file of exactly as many lines as a sheet has, or of another count than it should, stops', async () => {
  const context = await openTestLedger();
  const one = person('1', 0);
  const file = path.join(folder, '加入者-sheet.csv');
  const header = MEMBER_COLUMNS.map((c) => c.name);
  const lines = Array.from({ length: 65_535 }, (_, i) =>
    csvLine(header.map((h) => (h === '番号' ? String(i + 1) : (one[h] ?? '')))),
  );
  writeFileSync(file, csvLine(header) + lines.join(''));
  const cut = todoke(context, 'import', file, '--profile', 'kyokai-kenpo');
  expect(cut.status).toBe(2);
  expect(cut.err).toContain('65,536行）ちょうどで終わっています');
  const few = writeRows(folder, '加入者-few.csv', MEMBER_COLUMNS, [person('1', 0), person('2', 0)]);
  const counted = todoke(context, 'import', few, '--profile', 'kyokai-kenpo', '--rows', '3');
  expect(counted.status).toBe(2);
  expect(counted.err).toContain('2行ですが、件数は3件のはずです');
  expect(todoke(context, 'import', few, '--profile', 'kyokai-kenpo', '--rows', '2').status).toBe(0);
});

test('accident: 38 of 370 workplaces send no notice home; mended or let pass, the others go as they did', async () => {
  const context = await openTestLedger();
  const issuance = mbk.issuances[0]!;
  const outDir = path.join(folder, 'mbk');
  const files = await writeSample({
    members: MBK_MEMBERS,
    seed: 1,
    breakdown: MBK_BREAKDOWN,
    outDir,
    profile: mbk,
    issuance,
  });
  const few = changed(files.workplaces, '事業所-few.csv', (row, line) => (line <= 39 ? row : null));
  for (const [kind, file] of [
    ['members', files.members],
    ['workplaces', few],
    ['enrolment', files.enrolment],
  ] as const)
    await importFile(context, mbk, {
      kind,
      path: file,
      encoding: null,
      skipInvalid: false,
      asOf: kind === 'enrolment' ? ('2024-06-07' as LocalDate) : null,
    });
  const plan = ['--profile', 'mbk', '--issuance', 'notice-2024-1'];
  const stopped = todoke(context, 'decide', ...plan);
  expect(stopped.status).toBe(2);
  expect(stopped.err).toContain('加入者の事業所が、事業所のファイルに足りません。');
  const passed = todoke(context, 'decide', ...plan, '--override', '山田 太郎', '--reason', '試験');
  expect(passed.status, passed.err).toBe(0);
  expect(todoke(context, 'enclose', ...plan).status).toBe(0);
  const routes = await context.database.transaction((tx) =>
    tx.query<{ route: string; count: number }>(
      'select route, count(*)::int as count from mailpiece group by route order by route',
    ),
  );
  // Nobody of this society is without an employer.
  expect(routes).toEqual([{ route: 'workplace', count: expect.any(Number) }]);
  // The file with all of them is no longer short of anybody.
  expect(todoke(context, 'import', files.workplaces, '--profile', 'mbk').status).toBe(0);
});

test('an import is shown before it counts, and an earlier file is taken up again by a named person', async () => {
  const context = await openTestLedger();
  const profile = ['--profile', 'kyokai-kenpo'];
  const rows = (people: Cells[], name: string): string =>
    writeRows(folder, `加入者-${name}.csv`, MEMBER_COLUMNS, people);
  const first = rows([person('1', 0), person('2', 0), person('3', 0)], 'first');
  const moved = person('2', 0, { 住所: '東京都千代田区霞が関1-1-1' });
  const next = rows([person('1', 0), moved, person('4', 0)], 'next');
  expect(todoke(context, 'import', first, ...profile).status).toBe(0);
  const shown = todoke(context, 'import', next, ...profile, '--check', '--json');
  expect(shown.status, shown.err).toBe(0);
  const change = {
    come: 1,
    gone: 1,
    changed: 1,
    goneWithPaper: 0,
    columns: [{ column: '住所', count: 1 }],
    first: {
      come: [{ key: '100-4-00' }],
      gone: [{ key: '100-3-00' }],
      changed: [{ key: '100-2-00', columns: ['住所'] }],
    },
  };
  expect(JSON.parse(shown.out)).toMatchObject({ files: [{ rowCount: 3, stops: [], change }], joins: null });
  const few = rows([person('1', 0)], 'few-people');
  expect(JSON.parse(todoke(context, 'import', few, ...profile, '--check', '--json').out)).toMatchObject({
    files: [{ stops: [{ code: 'file-shrank' }], change: { gone: 2 } }],
  });
  // The same in words: which columns change, which cells are odd, which stop it has.
  const odd = rows([person('1', 0), { ...moved, 氏名: '山●　太郎' }, person('4', 0)], 'odd');
  const words = todoke(context, 'import', odd, ...profile, '--check').out;
  expect(words).toContain('変わる列: 住所 1、氏名 1');
  expect(words).toContain('なくなるもの: 100-3-00');
  expect(words).toContain('変わるもの: 100-2-00 （住所、氏名）');
  expect(words).toContain('職員が見るべきセル: 1か所\n　　3行 氏名: 氏名や名称として読めない（文字 U+25CF）');
  expect(todoke(context, 'import', few, ...profile, '--check').out).toContain(
    'このままでは取り込めません（file-shrank）',
  );
  // Known by its header, not by its name; a workplace that goes is told by its name.
  const places = (name: string, ...symbols: string[]): string =>
    writeRows(
      folder,
      name,
      WORKPLACE_COLUMNS,
      symbols.map((symbol) => ({ 記号: symbol, 事業所名称: `株式会社　第${symbol}` })),
    );
  expect(todoke(context, 'import', places('一覧-1.csv', '100', '200'), ...profile).status).toBe(0);
  const lost = todoke(context, 'import', places('一覧-2.csv', '100'), ...profile, '--check').out;
  expect(lost).toContain('なくなるもの: 200 株式会社　第200');
  const inUse = (): string[] => {
    const listed = JSON.parse(todoke(context, 'files', 'list', ...profile, '--json').out) as {
      files: { fileName: string; isInUse: boolean }[];
    };
    return listed.files.map((file) => `${file.fileName} ${file.isInUse}`);
  };
  expect(inUse().filter((row) => row.startsWith('加入者'))).toEqual(['加入者-first.csv true']);
  expect(todoke(context, 'import', next, ...profile).status).toBe(0);
  const again = todoke(context, 'import', first, ...profile);
  expect(again.out).toContain('いま使われるのは 加入者-next.csv です。このファイルに戻すには todoke files use --id 1');
  expect(todoke(context, 'files', 'use', ...profile, '--id', '1').status).toBe(2);
  const back = todoke(context, 'files', 'use', ...profile, '--id', '1', '--by', '山田 太郎', '--reason', '取り違え');
  expect(back.status, back.err).toBe(0);
  expect(inUse().filter((row) => row.startsWith('加入者'))).toEqual(['加入者-next.csv false', '加入者-first.csv true']);
});

test('before an enrolment counts, it is shown that it is of other people', async () => {
  const context = await openTestLedger();
  const profile = ['--profile', 'kyokai-kenpo'];
  const files = write('check', {
    members: [person('1', 0), person('2', 0)],
    workplaces: [{ 記号: '100', 事業所名称: '株式会社甲' }],
    enrolment: [status('8', 0, '1'), status('01', 0, '1')],
  });
  for (const file of [files.members, files.workplaces])
    expect(todoke(context, 'import', file, ...profile).status).toBe(0);
  const shown = todoke(context, 'import', files.enrolment, ...profile, '--as-of', '2025-04-30', '--check', '--json');
  expect(shown.status, shown.err).toBe(0);
  expect(JSON.parse(shown.out)).toMatchObject({
    files: [{ change: null }],
    joins: {
      fittedRows: 1,
      stops: ['enrolment-does-not-join'],
      members: { total: 2, without: 1 },
      enrolment: { total: 2, without: 1 },
      workplaces: { without: 0 },
    },
  });
  const stored = await context.database.transaction((tx) => tx.query(`select 1 from dataset where kind = 'enrolment'`));
  expect(stored).toEqual([]);
});

test('any subset of the rows of the three files stops, or leaves decision and route of whom it left whole', async () => {
  const context = await openTestLedger();
  const byWorkplace = { ...kyokai, route: 'workplace' as const };
  const symbols = ['100', '200', '300', '400'];
  const members = symbols.flatMap((symbol) =>
    Array.from({ length: 12 }, (_, i) =>
      [0, 1].slice(0, 1 + (i % 2)).map((place) => at(symbol, person(String(i + 1), place))),
    ).flat(),
  );
  const keyOf = (row: Cells): string => `${row['記号']}-${row['番号']}-${row['枝番']}`;
  const enrolment = members.map((m, i) =>
    at(m['記号']!, status(m['番号']!, Number(m['枝番']), i % 3 === 0 ? '0' : '1')),
  );
  const workplaces = symbols.map((symbol) => ({ 記号: symbol, 事業所名称: `株式会社${symbol}` }));
  const issued = async (given: GivenRows): Promise<Map<string, string>> => {
    const { out } = await issueRows(context, anotherInsurer(byWorkplace), folder, given, { override: null });
    const route = new Map(
      readRows(path.join(out, 'mailpieces.csv')).map((p) => [`${p['記号']}-${p['番号']}`, p['経路']]),
    );
    return new Map(
      readRows(path.join(out, 'decisions.csv')).map((d) => [
        keyOf(d),
        `${d['理由コード']} ${d['判定'] === 'target' ? route.get(`${d['記号']}-${d['番号']}`) : ''}`,
      ]),
    );
  };
  const whole = await issued({ members, enrolment, workplaces });
  const outcomes = { stops: [] as string[], passed: 0 };
  const some = (rows: readonly Cells[]): fc.Arbitrary<Cells[]> =>
    fc.oneof(
      fc.constant<Cells[]>([...rows]),
      fc.subarray([...rows], { minLength: 1 }),
      // A few rows missing, as a slip of the hand leaves them.
      fc.subarray([...rows], { minLength: Math.max(1, rows.length - 4) }),
    );
  await fc.assert(
    fc.asyncProperty(some(members), some(enrolment), some(workplaces), async (m, e, w) => {
      const made = await issued({ members: m, enrolment: e, workplaces: w }).catch((error: { code?: string }) => {
        outcomes.stops.push(error.code ?? 'no refusal');
        return null;
      });
      if (made === null) return;
      outcomes.passed += 1;
      const here = new Set(m.map(keyOf));
      const known = new Set(e.map(keyOf));
      const places = new Set(w.map((row) => row['記号']));
      const isWhole = (row: Cells): boolean =>
        members
          .filter((other) => other['記号'] === row['記号'] && other['番号'] === row['番号'])
          .every((other) => here.has(keyOf(other)) && known.has(keyOf(other))) && places.has(row['記号']);
      const left = members.filter(isWhole).map(keyOf);
      expect(left.map((key) => [key, made.get(key)])).toEqual(left.map((key) => [key, whole.get(key)]));
    }),
    { numRuns: 30, seed: 15 },
  );
  expect([...new Set(outcomes.stops)].sort()).toEqual(['enrolment-does-not-join', 'workplaces-missing']);
  expect(outcomes.passed).toBeGreaterThan(3);
});
