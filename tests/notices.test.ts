// 資格情報のお知らせ from files to paper: the two rounds and the standing one, matching, digits that stay sealed, parcels, books
// that are broken on purpose, and the life of a notice.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { IDENTITY_COLUMNS } from '../src/formats/identities.ts';
import { countNoticePapers } from '../src/ledger/issuing/reconcile.ts';
import type { Context } from '../src/operations/context.ts';
import { showDigits } from '../src/operations/intake/digits.ts';
import { explainPerson } from '../src/operations/desk/explain.ts';
import type { IssueOptions, IssueResult } from '../src/operations/issue.ts';
import { issue } from '../src/operations/issue.ts';
import { withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { printReference } from '../src/operations/printing/print.ts';
import { balancesOf, reconcile } from '../src/operations/issuing/reconcile.ts';
import { remakePieces } from '../src/operations/life/remake.ts';
import type { Remade } from '../src/operations/life/remake.ts';
import { variedBreakdown, writeSample } from '../src/operations/sample.ts';
import type { SampleFiles } from '../src/operations/sample.ts';
import { tracePaper } from '../src/operations/desk/trace.ts';
import { rangeSize } from '../src/rules/posting/acceptance-numbers.ts';
import { isAcceptanceNumber } from '../src/rules/words/check-digits.ts';
import type { PaperEvent } from '../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { lintNoticeText } from '../src/rules/issuing/notices.ts';
import { at, MEMBER, person, status } from './cast.ts';
import { anotherInsurer, issueRows, readRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { openTestFolder, openTestLedger, approveLots } from './ledger.ts';
import { readTexts } from './pages.ts';

const plain = await openTestLedger();
const context: Context = { ...plain, digitsKey: new Uint8Array(32).fill(7) };
const folder = openTestFolder();
const mbk = await loadProfile('mbk');
const profile = { ...mbk, print: { ...mbk.print, pagesPerFile: 300 } };
const day = (text: string): LocalDate => text as LocalDate;

const OPTIONS = { issuedOn: null, inputEncoding: null, outputEncoding: 'utf-8', skipInvalid: false } as const;
let files: SampleFiles;
let first: IssueResult;

async function run(id: string, out: string, options: Partial<IssueOptions> = {}): Promise<IssueResult> {
  return issue(context, profile, {
    ...OPTIONS,
    ...files,
    issuance: id,
    outDir: path.join(folder, out),
    prints: true,
    ...options,
  });
}

beforeAll(async () => {
  files = await writeSample({
    members: 2500,
    seed: 5,
    outDir: path.join(folder, 'in'),
    profile,
    issuance: profile.issuances[0]!,
    breakdown: variedBreakdown(2500),
    withDigits: true,
  });
  first = await run('notice-2024-1', 'first');
}, 120_000);

const query = <Row extends object>(sql: string): Promise<Row[]> =>
  context.database.transaction((tx) => tx.query<Row>(sql));

function hashes(out: string): Record<string, string> {
  const root = path.join(folder, out);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
  return Object.fromEntries(
    names.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(root, name)))
        .digest('hex'),
    ]),
  );
}

test('round 1: every member is decided once; members = notices + excluded by reason; notices = parcels + home', async () => {
  const { counts, notices, balanced } = first.reconciliation;
  expect(balanced).toBe(true);
  const decisions = readRows(path.join(folder, 'first', 'decisions.csv'));
  expect(decisions).toHaveLength(2500);
  const rows = readRows(path.join(folder, 'first', 'notices.csv'));
  const exits = readRows(path.join(folder, 'first', 'notice-exits.csv'));
  const excluded = decisions.filter((d) => d['判定'] === 'not-target');
  expect(rows.length + exits.length + excluded.length).toBe(2500);
  expect(notices).toMatchObject({ notices: rows.length, outOfPlace: 0, digitsNotAllowed: 0 });
  const parcels = readRows(path.join(folder, 'first', 'parcels.csv'));
  const sum = parcels.reduce((total, p) => total + Number(p['通数']), 0);
  expect(sum + rows.filter((r) => r['経路'] === 'home').length).toBe(counts.mailpieces);
  expect(readRows(path.join(folder, 'first', 'parcel-contents.csv'))).toHaveLength(sum);
  expect(decisions.filter((d) => d['理由コード'] === 'day-labourer').every((d) => d['判定'] === 'not-target')).toBe(
    true,
  );
});

test('parcels: at most 150, insured person before dependents, a household in one', () => {
  const parcels = new Map(readRows(path.join(folder, 'first', 'parcels.csv')).map((p) => [p['梱包']!, p]));
  const contents = readRows(path.join(folder, 'first', 'parcel-contents.csv'));
  const byHousehold = Map.groupBy(contents, (row) => `${row['記号']}-${row['番号']}`);
  for (const rows of byHousehold.values()) {
    expect(new Set(rows.map((row) => row['梱包'])).size).toBe(1);
    const places = rows.map((row) => Number(row['枝番']));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  }
  for (const [no, rows] of Map.groupBy(contents, (row) => row['梱包']!)) {
    expect(rows.length).toBeLessThanOrEqual(150);
    expect(rows.map((row) => Number(row['封入順']))).toEqual(rows.map((_, i) => i + 1));
    expect(parcels.get(no)).toMatchObject({ 通数: String(rows.length), 引受番号: '' });
    expect(parcels.get(no)!['備考']).toBe('引受番号の割当てがないため空欄');
    expect(new Set(rows.map((row) => row['記号'])).size).toBe(1);
  }
});

test('the manifest names every file with its hash, and every page of every notice', () => {
  const root = path.join(folder, 'first');
  const manifest = JSON.parse(readFileSync(path.join(root, 'manifest.json'), 'utf8')) as {
    totals: Record<string, number>;
    enclosures: { count: number }[];
    files: { path: string; sha256: string; pages?: number; pageRanges?: [string, number, number][] }[];
  };
  const found = hashes('first');
  delete found['manifest.json'];
  expect(Object.fromEntries(manifest.files.map((file) => [file.path, file.sha256]))).toEqual(found);
  const notices = manifest.files.filter((file) => file.path.endsWith('-notices.pdf'));
  const forms = manifest.files.filter((file) => file.path.endsWith('-request-forms.pdf'));
  const pages = (list: typeof notices): number => list.reduce((sum, file) => sum + file.pageRanges!.length, 0);
  expect(notices.length).toBeGreaterThan(5);
  expect(notices.every((file) => file.pages! <= 300 && file.pageRanges!.length === file.pages)).toBe(true);
  expect(pages(notices)).toBe(manifest.totals['printed']);
  expect(manifest.totals['printed']! + manifest.totals['held']!).toBe(manifest.totals['notices']);
  expect(manifest.enclosures.map((e) => e.count)).toEqual([manifest.totals['notices'], manifest.totals['notices']]);
  const rows = readRows(path.join(root, 'notices.csv'));
  expect(pages(forms)).toBe(rows.filter((row) => row['申出書ページ'] !== '').length);
});

test('issued again, killed or not: the same run, the same bytes; a lost file is made again', async () => {
  const before = hashes('first');
  rmSync(path.join(folder, 'first', 'print', '00002-notices.pdf'));
  const again = await run('notice-2024-1', 'first');
  expect(again.issuance.id).toBe(first.issuance.id);
  expect(hashes('first')).toEqual(before);
});

test('round 2: who joined in between, and who was held; nobody twice; then each new member and who is told of a change', async () => {
  const second = await run('notice-2024-2', 'second');
  expect(second.reconciliation.balanced).toBe(true);
  const keyOf = (row: Cells): string => `${row['記号']}-${row['番号']}-${row['枝番']}`;
  const noticed = new Set(readRows(path.join(folder, 'first', 'notices.csv')).map(keyOf));
  const members = new Map(readRows(files.members).map((m) => [keyOf(m), m]));
  const decisions = readRows(path.join(folder, 'second', 'decisions.csv'));
  const reasons = new Set(decisions.map((d) => d['理由コード']));
  for (const reason of ['joined-since', 'held-before', 'already-noticed', 'not-yet', 'after-cutoff', 'day-labourer'])
    expect(reasons).toContain(reason);
  for (const d of decisions.filter((row) => row['判定'] === 'target')) {
    expect(noticed).not.toContain(keyOf(d));
    const acquired = members.get(keyOf(d))!['資格取得年月日']!;
    expect(acquired <= '2024-11-29').toBe(true);
    expect(d['理由コード']).toBe(acquired < '2024-06-08' ? 'held-before' : 'joined-since');
  }
  await expect(run('notice-new', 'new', { issuedOn: day('2025-05-10') })).rejects.toMatchObject({
    code: 'extraction-day',
  });
  const third = await run('notice-new', 'new', { extractedOn: day('2025-04-30'), issuedOn: day('2025-05-10') });
  expect(third.reconciliation.balanced).toBe(true);
  // A second notice is for a change alone: of the ratio, for children who went to school and for people who turned 70.
  const twice = await query<{ reason: string; between: number }>(
    `select d.reason, count(*)::int as between
       from decision d join (select symbol, number, sub_number from notice group by 1, 2, 3 having count(*) > 1) t
         using (symbol, number, sub_number)
      where d.issuance_id = ${third.issuance.id} group by 1`,
  );
  const changed = third.reconciliation.reasons.filter(({ reason }) => reason.endsWith('-changed'));
  expect(changed.map(({ reason }) => reason)).toEqual(['ratio-changed']);
  expect(twice).toEqual([{ reason: 'ratio-changed', between: expect.any(Number) }]);
  expect(twice[0]!.between).toBeLessThanOrEqual(changed[0]!.count);
}, 60_000);

test('digits stand on the notices the match allows and on no other; the rest are asked for the number', async () => {
  const root = path.join(folder, 'first');
  const members = new Map(readRows(files.members).map((m) => [`${m['記号']}-${m['番号']}-${m['枝番']}`, m]));
  const rows = new Map(readRows(path.join(root, 'notices.csv')).map((row) => [row['郵便物番号'], row]));
  const pieces = readRows(path.join(root, 'mailpieces.csv')).filter(
    (p) => p['印刷ファイル'] === 'print/00002-notices.pdf',
  );
  const texts = await readTexts(
    readFileSync(path.join(root, 'print', '00002-notices.pdf')),
    pieces.map((p) => Number(p['ページ']) - 1),
  );
  const classes = new Set<string>();
  for (const [i, piece] of pieces.entries()) {
    const row = rows.get(piece['郵便物番号'])!;
    const member = members.get(`${row['記号']}-${row['番号']}-${row['枝番']}`)!;
    classes.add(row['突合']!);
    const shown = /＊{8}(\d{4})/.exec(texts[i]!)?.[1];
    const allowed = row['突合'] !== '個人番号未提出';
    expect(shown, row['突合']).toBe(allowed ? member['個人番号下4桁'] : undefined);
    expect(texts[i]!.includes('下4桁を記載していません')).toBe(!allowed);
    expect(row['個人番号申出書']).toBe(allowed ? '' : '同封');
    expect(texts[i]).toContain(member['カナ氏名']!.replaceAll('　', ''));
  }
  expect(classes).toEqual(
    new Set(
      ['一致', '一部不一致（低リスク）', '不一致（保険者確認済み）', '個人番号未提出'].filter((c) => classes.has(c)),
    ),
  );
  expect(classes.size).toBeGreaterThan(2);
  expect(lintNoticeText(texts[0]!)).toEqual([]);
});

test('the unresolved are held by name of what differs, never by value', () => {
  const exits = readRows(path.join(folder, 'first', 'notice-exits.csv'));
  const held = exits.filter((e) => e['理由コード'] === 'match-unresolved');
  expect(held.length).toBeGreaterThan(0);
  expect(new Set(held.map((e) => e['相違']))).toEqual(
    new Set(held.map((e) => e['相違']).filter((text) => /^(カナ氏名|生年月日)：異なる$/.test(text!))),
  );
});

test('no digit is in the database or in a table of the output but sealed', async () => {
  const members = readRows(files.members).filter((m) => m['個人番号下4桁'] !== '');
  const stored = await query<{ column: string }>(
    `select column_name as column from information_schema.columns where table_name = 'member' and column_name ~ 'digit|last4'`,
  );
  expect(stored).toEqual([{ column: 'sealed_digits' }]);
  const sealed = await query<{ sealed: Buffer }>(
    'select sealed_digits as sealed from member where sealed_digits is not null',
  );
  expect(sealed).toHaveLength(members.length);
  expect(new Set(sealed.map((row) => row.sealed.toString('hex'))).size).toBe(members.length);
  const header = readFileSync(path.join(folder, 'first', 'notices.csv'), 'utf8').split('\r\n')[0];
  expect(header).not.toContain('個人番号下4桁');
  // The journal and the events speak of counts and numbers of papers alone.
  const journal = JSON.stringify(await query('select operation, counts from journal'));
  for (const m of members.slice(0, 50)) expect(journal).not.toContain(m['氏名']);
});

test('every look is on record: a row a person for what was printed, and who asked for one person why', async () => {
  const printed = first.reconciliation.notices!.withDigits;
  const looks = await query<{ purpose: string; count: number }>(
    `select purpose, count(distinct (symbol, number, sub_number))::int as count from digits_access
      where issuance_id = ${first.issuance.id} group by 1`,
  );
  expect(looks).toEqual([{ purpose: 'print', count: printed }]);
  const row = readRows(path.join(folder, 'first', 'notices.csv')).find((n) => n['下4桁'] === '記載')!;
  const key = { symbol: row['記号']!, number: row['番号']!, subNumber: row['枝番']! };
  const member = readRows(files.members).find(
    (m) => m['記号'] === key.symbol && m['番号'] === key.number && m['枝番'] === key.subNumber,
  )!;
  const { number } = profile.insurer;
  await expect(showDigits(context, number, key, ' ')).rejects.toMatchObject({ code: 'reason-missing' });
  await expect(showDigits(plain, number, key, '本人からの照会')).rejects.toMatchObject({
    code: 'digits-key-missing',
  });
  const wrong = { ...context, digitsKey: new Uint8Array(32) };
  await expect(showDigits(wrong, number, key, '本人からの照会')).rejects.toMatchObject({ code: 'digits-key-wrong' });
  expect(await showDigits(context, number, key, '本人からの照会')).toBe(member['個人番号下4桁']);
  const asked = await query<{ actor: string; reason: string; count: number }>(
    `select actor, reason, count(*)::int as count from digits_access where purpose = 'person' group by 1, 2`,
  );
  expect(asked).toEqual([{ actor: 'tester', reason: '本人からの照会', count: 1 }]);
  await printReference(context, first.issuance, profile, row['郵便物番号']!, path.join(folder, 'reference'));
  expect(await query(`select symbol, number, sub_number from digits_access where purpose = 'reference'`)).toEqual([
    { symbol: key.symbol, number: key.number, sub_number: key.subNumber },
  ]);
  // Those who check find both among all looks.
  const person = `${key.symbol}-${key.number}-${key.subNumber}`;
  expect(await query(`select actor, subject from access_record where what = 'digits' order by id`)).toEqual([
    { actor: 'tester', subject: person },
    { actor: 'tester', subject: row['郵便物番号'] },
  ]);
  for (const sql of ['delete from digits_access', `update digits_access set actor = 'x'`])
    await expect(context.database.transaction((tx) => tx.execute(sql))).rejects.toMatchObject({ code: '23514' });
});

test('without the key nothing with digits is taken in or printed, and the message says what to do', async () => {
  const members = [person('1', 0, { 個人番号下4桁: '9018', 突合結果: '一致' })];
  const given = { members, enrolment: [status('1', 0, '1')] };
  const options = { issuance: 'notice-2024-1', issuedOn: null };
  const own = anotherInsurer(profile);
  await expect(issueRows(plain, own, folder, given, options)).rejects.toMatchObject({
    code: 'digits-key-missing',
    message: expect.stringContaining('TODOKE_DIGITS_KEY'),
  });
  const none = { members: [person('1', 0)], enrolment: given.enrolment };
  expect((await issueRows(plain, own, folder, none, options)).reconciliation.balanced).toBe(true);
});

test.each(['123456789018', '１２３４５６７８９０１８', '1234-5678-9018', '12345', '12a4'])(
  '%s where four digits are due stops the file and is not repeated',
  async (value) => {
    const given = { members: [person('1', 0, { 個人番号下4桁: value })], enrolment: [status('1', 0, '1')] };
    const attempt = issueRows(context, anotherInsurer(profile), folder, given, {
      issuance: 'notice-2024-1',
      issuedOn: null,
    });
    const error = (await attempt.catch((e: unknown) => e)) as Error & { code: string; details: string[] };
    expect(error.code).toBe('invalid-rows');
    expect(JSON.stringify([error.message, error.details])).not.toContain(value);
    for (const name of readdirSync(folder).filter((n) => n.endsWith('.errors.csv')))
      expect(readFileSync(path.join(folder, name), 'utf8')).not.toContain(value);
  },
);

test('a workplace that moved out of the branch’s area: its people get another notice, others do not', async () => {
  const kyokai = await loadProfile('kyokai-kenpo');
  const firm = (symbol: string, branch: string): Cells => ({
    記号: symbol,
    事業所名称: '株式会社移転',
    支部: branch,
    法人番号: '7000012050002',
  });
  const other: Cells = { 記号: '200', 事業所名称: '株式会社不動', 支部: '13', 法人番号: '1010601008968' };
  const ask = (rows: readonly Cells[], workplaces: readonly Cells[], id: string) =>
    issueRows(
      context,
      kyokai,
      folder,
      { members: rows, enrolment: [status('1', 0, '1')], workplaces },
      { issuance: id, issuedOn: null },
    );
  const stays = at('200', person('5', 0));
  await ask([person('1', 0), person('1', 1), stays], [firm('100', '13'), other], 'notice-2024-1');
  const moved = [
    at('900', person('71', 0, { 氏名: MEMBER['氏名']!, カナ氏名: person('1', 0)['カナ氏名']! })),
    at('900', person('71', 1, { カナ氏名: person('1', 1)['カナ氏名']! })),
    at('900', person('72', 0, { 資格取得年月日: '2010-01-01' })),
    stays,
  ];
  const { out, issuance: round, reconciliation } = await ask(moved, [firm('900', '27'), other], 'notice-2024-2');
  expect(reconciliation.balanced).toBe(true);
  const reasons = readRows(path.join(out, 'decisions.csv')).map((d) => `${d['番号']}-${d['枝番']} ${d['理由コード']}`);
  expect(reasons).toEqual([
    '5-00 already-noticed',
    '71-00 symbol-changed',
    '71-01 symbol-changed',
    '72-00 earlier-unsent',
  ]);
  const { explanation } = await explainPerson(context, round, { symbol: '900', number: '71', subNumber: '00' });
  expect(explanation.sentence).toContain('記号が変わったため');
  const warned = readRows(path.join(out, 'warnings.csv')).filter((w) => w['コード'] === 'earlier-unsent');
  expect(warned.map((w) => w['番号'])).toEqual(['72']);
  await refuses(['delete from moved_member'], /never changed/);
});

test('ways: 任意継続 and 送付先 go home; an unknown workplace sends nothing home, print holds it; a protected insured person is not named', async () => {
  const members = [
    person('1', 0),
    person('2', 0, { 被保険者区分: '2', 資格取得年月日: '2024-04-01' }),
    person('3', 0, { 送付先郵便番号: '1000013', 送付先住所: '東京都千代田区霞が関1-2-3' }),
    { ...person('4', 0), 記号: '777' },
    { ...person('5', 0, { 住所: '', 郵便番号: '' }), 記号: '777' },
    person('6', 0, { 送付停止: '1' }),
    person('6', 1),
    person('7', 0, { 生年月日: '1949-09-09' }),
    person('8', 0, { 突合結果: 'なんとなく一致', 個人番号下4桁: '0001' }),
  ];
  const given = { members, enrolment: [status('1', 0, '1')] };
  const { out, reconciliation } = await issueRows(context, anotherInsurer(profile), folder, given, {
    issuance: 'notice-2024-1',
    issuedOn: null,
    prints: true,
  });
  const ways = readRows(path.join(out, 'notices.csv')).map((n) => `${n['番号']}-${n['枝番']} ${n['経路']}`);
  expect(ways).toEqual([
    '1-00 workplace',
    '2-00 home',
    '3-00 home',
    '6-01 workplace',
    '4-00 workplace',
    '5-00 workplace',
  ]);
  const exits = readRows(path.join(out, 'notice-exits.csv')).map((e) => `${e['番号']}-${e['枝番']} ${e['理由コード']}`);
  expect(exits).toEqual(['6-00 mail-stopped', '7-00 reached-75', '8-00 match-unresolved']);
  const contents = readRows(path.join(out, 'parcel-contents.csv')).find((row) => row['枝番'] === '01')!;
  expect(contents).toMatchObject({ 被保険者氏名: '', 対象者氏名: '協会　六の一' });
  const texts = await readTexts(readFileSync(path.join(out, 'print', '00002-notices.pdf')), [1]);
  expect(texts[0]).toContain('（対象者氏名）協会六の一様');
  expect(texts[0]).not.toContain('協会六の零');
  const codes = readRows(path.join(out, 'warnings.csv')).map((w) => `${w['コード']} ${w['番号']}`);
  expect(codes).toContain('match-result-unknown 8');
  expect(codes).toContain('workplace-unknown 4');
  expect(reconciliation).toMatchObject({ balanced: true, counts: { heldMailpieces: 2 } });
});

test('引受番号 come from the assigned range, one after the other over issuances; past its end they stay empty', async () => {
  const range = { first: '51260000002', last: '51260000024' };
  const size = rangeSize(range);
  const notices = { ...profile.notices!, acceptanceNumbers: range, parcels: { ...profile.notices!.parcels, limit: 1 } };
  const numbered = { ...profile, insurer: { ...profile.insurer, number: '06130256' }, notices };
  const people = Array.from({ length: 2 }, (_, i) => person(String(i + 1), 0));
  const numbersOf = async (issuance: string, members: readonly Cells[]): Promise<string[]> => {
    const { out } = await issueRows(
      context,
      numbered,
      folder,
      { members, enrolment: [status('1', 0, '1')] },
      { issuance, issuedOn: null },
    );
    return readRows(path.join(out, 'parcels.csv')).map((p) => p['引受番号']!);
  };
  const joined = ['3', '4', '5'].map((number) => person(number, 0, { 資格取得年月日: '2024-08-01' }));
  const given = [
    ...(await numbersOf('notice-2024-1', people)),
    ...(await numbersOf('notice-2024-2', [...people, ...joined])),
  ];
  expect(size).toBe(3);
  expect(given.filter((number) => number !== '')).toHaveLength(3);
  expect(new Set(given.filter(isAcceptanceNumber)).size).toBe(3);
  expect(given.slice(3)).toEqual(['', '']);
});

test('a notice lives: withdrawn before print it is in no file, after print it is told; handed over or not by the workplace', async () => {
  const members = Array.from({ length: 4 }, (_, i) => person(String(i + 1), 0));
  const given = { members, enrolment: [status('1', 0, '1')] };
  const own = { ...profile, insurer: { ...profile.insurer, number: '01010016' } };
  const options = { issuance: 'notice-2024-1', issuedOn: null };
  const { issuance: notices } = await issueRows(context, own, folder, given, options);
  const key = (number: string) => ({ symbol: '100', number, subNumber: '00' });
  expect(await withdrawPerson(context, notices, key('1'), '資格喪失')).toMatchObject({
    kind: 'recorded',
    inFile: false,
  });
  expect(await withdrawPerson(context, notices, key('1'), '資格喪失')).toMatchObject({ kind: 'already' });
  expect(await withdrawPerson(context, notices, key('9'), '資格喪失')).toMatchObject({ kind: 'refused' });
  const printed = await issueRows(context, own, folder, given, { ...options, prints: true });
  expect(printed.issuance.id).toBe(notices.id);
  expect(printed.reconciliation).toMatchObject({
    balanced: true,
    counts: { printedMailpieces: 3, withdrawnBeforePrint: 1 },
  });
  expect(readRows(path.join(printed.out, 'parcel-contents.csv')).map((row) => row['備考'])).toEqual([
    '引き抜き',
    '',
    '',
    '',
  ]);
  await approveLots(context, notices);
  const pieces = readRows(path.join(printed.out, 'mailpieces.csv')).map((p) => p['郵便物番号']!);
  const record = (event: 'enclose' | 'post' | 'hand-over' | 'fail-hand-over', numbers: readonly string[]) =>
    recordPieceEvents(
      context,
      notices,
      numbers.map((mailpieceNumber) => ({
        mailpieceNumber,
        event,
        reason: '2024-09-10',
        source: '',
        key: `${event}:${mailpieceNumber}`,
      })),
    );
  expect(readRows(path.join(printed.out, 'pull-list.csv'))).toEqual([]);
  expect(await withdrawPerson(context, notices, key('3'), '資格喪失')).toMatchObject({
    kind: 'recorded',
    inFile: true,
  });
  const { out } = await issueRows(context, own, folder, given, { ...options, prints: true });
  expect(readRows(path.join(out, 'pull-list.csv'))).toEqual([
    {
      郵便物番号: pieces[2],
      お知らせファイル: 'print/00001-notices.pdf',
      お知らせページ: '2',
      申出書ファイル: 'print/00001-request-forms.pdf',
      申出書ページ: '2',
    },
  ]);
  const rest = [pieces[1]!, pieces[3]!];
  for (const event of ['enclose', 'post'] as const)
    expect((await record(event, rest)).map((o) => o.kind)).toEqual(['recorded', 'recorded']);
  expect((await record('post', [pieces[0]!]))[0]).toMatchObject({ kind: 'refused' });
  await record('hand-over', rest.slice(0, 1));
  await record('fail-hand-over', rest.slice(1));
  const trace = await tracePaper(context, notices, '100-4-00');
  expect(trace.papers[0]!.state).toBe('not-handed-over');
  expect((await reconcile(context, notices)).balanced).toBe(true);
});

test('spoiled, left, returned: made again by the right way; whoever got nothing is asked about in the next round', async () => {
  const members = Array.from({ length: 5 }, (_, i) =>
    person(String(i + 1), 0, i === 2 ? { 被保険者区分: '1', 送付先住所: '東京都千代田区霞が関9-9-9' } : {}),
  );
  const given = { members, enrolment: [status('1', 0, '1')] };
  const own = { ...profile, insurer: { ...profile.insurer, number: '01270016' } };
  const round = { issuance: 'notice-2024-1', issuedOn: null, prints: true };
  const { issuance: notices, out } = await issueRows(context, own, folder, given, round);
  await approveLots(context, notices);
  const pieces = new Map(readRows(path.join(out, 'mailpieces.csv')).map((p) => [p['番号']!, p['郵便物番号']!]));
  const record = async (event: PaperEvent, ...numbers: string[]): Promise<void> => {
    const outcomes = await recordPieceEvents(
      context,
      notices,
      numbers.map((n) => ({
        mailpieceNumber: pieces.get(n)!,
        event,
        reason: 'unknown-at-address',
        source: '',
        key: `${event}:${n}`,
      })),
    );
    expect(outcomes.map((o) => o.kind)).toEqual(numbers.map(() => 'recorded'));
  };
  await record('enclose', '1', '2', '3', '4', '5');
  await record('spoil', '1', '5');
  await record('post', '2', '3', '4');
  await record('report-left', '2');
  await record('return', '3');
  const on = day('2024-10-15');
  const outcome = async (made: Promise<Remade>): Promise<string[]> => {
    const { issuance: again } = await made;
    expect((await reconcile(context, again!)).balanced).toBe(true);
    const rows = await query<{ number: string; route: string; parcelled: boolean }>(
      `select p.number, p.route, i.mailpiece_number is not null as parcelled from mailpiece p
         left join parcelled_notice i using (issuance_id, mailpiece_number) where p.issuance_id = ${again!.id} order by 1`,
    );
    return rows.map((row) => `${row.number} ${row.route} ${row.parcelled}`);
  };
  expect(await outcome(remakePieces(context, notices, own, 'reprint', on))).toEqual([
    '1 workplace true',
    '5 workplace true',
  ]);
  expect(await outcome(remakePieces(context, notices, own, 'rehome', on))).toEqual(['2 home false']);
  expect(await outcome(remakePieces(context, notices, own, 'reroute', on))).toEqual(['3 workplace true']);
  expect(await remakePieces(context, notices, own, 'reprint', on)).toMatchObject({ pieceCount: 0, isResumed: true });
  // Everyone has one now: the next round sends nothing twice.
  const next = await issueRows(context, own, folder, given, { issuance: 'notice-2024-2', issuedOn: null });
  expect(next.reconciliation.reasons.map((r) => [r.reason, r.count])).toEqual([['already-noticed', 5]]);
  expect((await reconcile(context, notices)).balanced).toBe(true);
});

test('two records of a person are compared on the way in; what differs is told, the other’s values are not kept', async () => {
  const columns = IDENTITY_COLUMNS;
  const members = Array.from({ length: 7 }, (_, i) =>
    person(String(i + 1), 0, { 個人番号下4桁: '9018', 氏名: '渡邉　髙子', カナ氏名: 'ワタナベ　タカコ' }),
  );
  const dependent = person('7', 1, { 個人番号下4桁: '1234', 住所: '', 郵便番号: '' });
  const same = (row: Cells): Cells => ({
    記号: '100',
    番号: row['番号']!,
    枝番: row['枝番']!,
    氏名: row['氏名']!,
    カナ氏名: row['カナ氏名']!,
    生年月日: row['生年月日']!,
    性別: '1',
    住所: MEMBER['住所']!,
  });
  const records = [
    { ...same(members[0]!), 氏名: '渡辺 高子', カナ氏名: 'ﾜﾀﾅﾍﾞ ﾀｶｺ', 住所: '東京都千代田区霞が関１丁目３番２号' },
    { ...same(members[1]!), 方書: '秘密荘１０１' },
    { ...same(members[2]!), カナ氏名: 'ワタベ　タカコ' },
    { ...same(members[3]!), カナ氏名: 'ワタベ　タカコ', 確認済み: '1' },
    { ...same(members[4]!), 生年月日: '1990-05-11' },
    // The sixth has no record; the seventh's dependent lives at the insured person's address.
    same(members[6]!),
    same(dependent),
  ];
  const given = { members: [...members, dependent], enrolment: [status('1', 0, '1')] };
  const own = { ...profile, insurer: { ...profile.insurer, number: '01040013' } };
  const round = { issuance: 'notice-2024-1', issuedOn: null };
  const file = writeRows(folder, '照会結果.csv', columns, records);
  const { out } = await issueRows(context, own, folder, given, { ...round, records: file });
  const told = readRows(path.join(out, 'notices.csv')).map((n) => `${n['番号']}-${n['枝番']} ${n['突合']}`);
  expect(told).toEqual([
    '1-00 一致',
    '2-00 一部不一致（低リスク）',
    '4-00 不一致（保険者確認済み）',
    '7-00 一致',
    '7-01 一致',
  ]);
  const exits = readRows(path.join(out, 'notice-exits.csv')).map((e) => `${e['番号']} ${e['相違']}`);
  expect(exits).toEqual(['3 カナ氏名：異なる', '5 生年月日：異なる', '6 ']);
  const stored = JSON.stringify(await query(`select match_result from member where match_result is not null`));
  expect(stored).not.toMatch(/秘密荘|ワタベ/);
  const shuffled = writeRows(folder, '照会結果-2.csv', columns, [...records].reverse());
  await expect(
    issueRows(context, anotherInsurer(own), folder, given, { ...round, records: shuffled }),
  ).rejects.toMatchObject({
    code: 'match-order',
  });
  const numbered = writeRows(folder, '照会結果-3.csv', columns, [{ ...same(members[0]!), 方書: '123456789018' }]);
  const refused = await issueRows(context, anotherInsurer(own), folder, given, { ...round, records: numbered }).catch(
    (e: unknown) => e,
  );
  expect(refused).toMatchObject({ code: 'invalid-rows' });
  expect(JSON.stringify([(refused as Error).message, (refused as { details: unknown }).details])).not.toContain(
    '123456789018',
  );
});

const behind = (table: string, sql: string): string[] => [
  `alter table ${table} disable trigger user`,
  sql,
  `alter table ${table} enable trigger user`,
];
const REOPEN = [
  'alter table chunk disable trigger close_chunk',
  'update chunk set decided_at = null, enclosed_at = null',
  'alter table chunk enable trigger close_chunk',
];
const CLOSE = 'update chunk set decided_at = now(), enclosed_at = now()';
const REPACK = [
  ...behind('packing', 'delete from packing'),
  'insert into packing (issuance_id) select distinct issuance_id from notice',
];

async function refuses(sql: readonly string[], message: RegExp): Promise<void> {
  const attempt = context.database.transaction(async (tx) => {
    for (const statement of sql) await tx.execute(statement);
  });
  await expect(attempt).rejects.toMatchObject({ code: '23514', message: expect.stringMatching(message) });
}

test.each(['notice', 'notice_parcel', 'parcelled_notice', 'packing'])(
  'rows of %s are never changed or removed',
  async (table) => {
    await refuses([`delete from ${table}`], /never changed/);
  },
);

test('a packed issuance takes no more parcels', async () => {
  await refuses(
    [
      `insert into notice_parcel select issuance_id, no + 10000, insurer_number, symbol, sequence + 9000, 9999, container, notice_count, weight_g, depth_mm, null from notice_parcel limit 1`,
    ],
    /closed_packing/,
  );
});

test.each([
  [
    'digits of the unresolved',
    `update notice set shows_digits = true, request_form = false where match_class = 'not-submitted'`,
    /digits_of_the_matched_alone/,
  ],
  ['digits and the request form', `update notice set request_form = true where shows_digits`, /digits_or_request_form/],
  [
    'a certificate’s reason',
    `update decision set reason = 'verifiable' where not is_target`,
    /balance_members_decided/,
  ],
  [
    'a lost notice',
    `delete from notice where mailpiece_number = (select min(mailpiece_number) from notice)`,
    /balance_certificates_enclosed/,
  ],
  [
    'a notice of who is no target',
    `update decision set is_target = false, reason = 'lost' where (issuance_id, symbol, number, sub_number) in (select issuance_id, symbol, number, sub_number from notice limit 1)`,
    /balance_targets_certificates/,
  ],
  [
    'a notice and an exit',
    `insert into target_exit select issuance_id, chunk_no, symbol, number, sub_number, 'mail-stopped' from notice limit 1`,
    /balance_targets_certificates/,
  ],
] as const)('%s is refused by the database', async (_, sql, message) => {
  const table = /(?:update|from|into) (\w+)/.exec(sql)![1]!;
  await refuses([...behind(table, sql), ...REOPEN, CLOSE], message);
});

test.each([
  [
    'a notice that fell out of its parcel',
    'parcelled_notice',
    `delete from parcelled_notice where mailpiece_number = (select max(mailpiece_number) from parcelled_notice)`,
  ],
  [
    'a parcel that says it holds more',
    'notice_parcel',
    `update notice_parcel set notice_count = notice_count + 1 where no = 1`,
  ],
  [
    'a notice in another workplace’s parcel',
    'notice_parcel',
    `update notice_parcel set symbol = '99999999' where no = 1`,
  ],
  [
    'a home notice in a parcel',
    'mailpiece',
    `update mailpiece set route = 'home', address_line = 'x', postal_code = '', building = '' where mailpiece_number = (select min(mailpiece_number) from parcelled_notice)`,
  ],
] as const)('%s keeps the packing from closing', async (_, table, sql) => {
  await refuses([...behind(table, sql), ...REPACK], /balance_notices_parcels/);
});

/** Names of the balances that do not hold after SQL behind the program's back, which is undone. */
async function brokenBy(table: string, sql: string): Promise<string[]> {
  class Undo extends Error {}
  let broken: string[] = [];
  await context.database
    .transaction(async (tx) => {
      for (const statement of behind(table, sql)) await tx.execute(statement);
      const { countLedger } = await import('../src/ledger/issuing/reconcile.ts');
      const { countReasons } = await import('../src/ledger/issuing/decisions.ts');
      const total = (await countReasons(tx, first.issuance.id)).reduce((sum, r) => sum + r.count, 0);
      const notices = await countNoticePapers(tx, first.issuance);
      broken = balancesOf(await countLedger(tx, first.issuance), total, first.issuance.memberCount, notices)
        .filter((b) => b.difference !== 0)
        .map((b) => b.name);
      throw new Undo();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
  return broken;
}

test.each([
  [
    'notice',
    `delete from notice where issuance_id = 1 and mailpiece_number = (select min(mailpiece_number) from notice where issuance_id = 1)`,
    '加入者 = お知らせ + 理由ごとの除外',
  ],
  [
    'parcelled_notice',
    `delete from parcelled_notice where issuance_id = 1 and position = 1 and parcel_no = 1`,
    'あるべき梱包にないお知らせ = 0',
  ],
  [
    'notice_parcel',
    `update notice_parcel set notice_count = notice_count - 1 where issuance_id = 1 and notice_count > 1`,
    'お知らせ = 梱包の合計 + 自宅',
  ],
  ['target_exit', `delete from target_exit where issuance_id = 1`, '対象 = お知らせ + 引き抜き + 停止'],
  ['member', `update member set sealed_digits = null`, '記載してはならない下4桁 = 0'],
] as const)('reconciliation sees a broken %s', async (table, sql, name) => {
  expect(first.issuance.id).toBe(1);
  expect(await brokenBy(table, sql)).toContain(name);
});

test('untouched, everything balances', async () => {
  expect((await reconcile(context, first.issuance)).balanced).toBe(true);
});
