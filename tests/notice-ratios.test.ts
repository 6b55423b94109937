// 負担割合 of members of 70 and over: from a file of its own, all of it or nothing, on the notice of those who have one; for
// those who have none the reason is recorded. Then what retention leaves of a notice issuance.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { RATIO_COLUMNS } from '../src/formats/ratios.ts';
import type { Context } from '../src/operations/context.ts';
import { erasePastRetention } from '../src/operations/life/erase.ts';
import { explainPerson } from '../src/operations/desk/explain.ts';
import { importFile } from '../src/operations/intake/import.ts';
import type { NoticeIssuance } from '../src/operations/issuance.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { writeOutput } from '../src/operations/issue.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import { remakePieces } from '../src/operations/life/remake.ts';
import { tracePaper, verifyAudit } from '../src/operations/desk/trace.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { anotherInsurer, importRows, issueRows, readRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { given, openTestFolder, openTestLedger, approveLots, tablesWith } from './ledger.ts';
import { readTexts } from './pages.ts';

const withKey = (context: Context): Context => ({ ...context, digitsKey: new Uint8Array(32).fill(9) });
const folder = openTestFolder();
const profile = await loadProfile('mbk');
const insurer = profile.insurer.number;
const day = (text: string): LocalDate => text as LocalDate;

const DIGITS = '8472';
// 717 is nobody else's symbol: where it or 協会 stands, the old people are still there.
const of717 = (number: string, place: number, change: Cells = {}): Cells =>
  person(number, place, { 記号: '717', 突合結果: '一致', 個人番号下4桁: DIGITS, ...change });
const MEMBERS = [
  of717('1', 0, { 生年月日: '1952-05-10' }),
  of717('1', 1, { 生年月日: '1954-01-20' }),
  of717('2', 0, { 生年月日: '1951-03-03' }),
  of717('3', 0),
];
const ratio = (number: string, sub: string, tenths: string, from = '2024-08-01', through = '2025-07-31'): Cells => ({
  記号: '717',
  番号: number,
  枝番: sub,
  負担割合: tenths,
  発効期日: from,
  有効期限: through,
});
const ROWS = {
  members: MEMBERS,
  enrolment: MEMBERS.map((m) => ({ ...status(m['番号']!, Number(m['枝番']), '1'), 記号: '717' })),
  workplaces: [{ 記号: '717', 事業所名称: '株式会社七一七', 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-2' }],
};
const NOTICE = { issuance: 'notice-2024-1', issuedOn: null } as const;

test('a file with a wrong row is refused whole, with line and column; taken in once, whatever it is called', async () => {
  const context = withKey(await openTestLedger());
  const write = (name: string, rows: readonly Cells[]): string => writeRows(folder, name, RATIO_COLUMNS, rows);
  const options = { kind: 'ratios', asOf: null, encoding: null, skipInvalid: false } as const;
  const bad = write('負担割合-誤り.csv', [ratio('1', '00', '2割'), ratio('2', '00', '1割')]);
  await expect(importFile(context, profile, { ...options, path: bad })).rejects.toMatchObject({
    code: 'invalid-rows',
    details: expect.arrayContaining([expect.stringMatching(/^3行 負担割合: .*2割.*（717-2-00）/)]),
  });
  expect(readFileSync(`${bad}.errors.csv`, 'utf8')).toContain('3,負担割合,code,');
  const twice = write('負担割合-重複.csv', [ratio('1', '00', '2割'), ratio('1', '00', '3割')]);
  await expect(importFile(context, profile, { ...options, path: twice })).rejects.toMatchObject({
    details: expect.arrayContaining([expect.stringContaining('同じ記号・番号・枝番')]),
  });
  const stored = await context.database.transaction((tx) => tx.query(`select 1 from dataset where kind = 'ratios'`));
  expect(stored).toEqual([]);
  const good = write('負担割合-正.csv', [ratio('9', '00', '2割')]);
  expect(await importFile(context, profile, { ...options, path: good })).toMatchObject({ existed: false });
  // Nobody of 70 or over is no fault of the file.
  const nobody = write('負担割合-なし.csv', []);
  expect(await importFile(context, profile, { ...options, path: nobody })).toMatchObject({ dataset: { rowCount: 0 } });
  const same = path.join(folder, '別名.csv');
  writeFileSync(same, readFileSync(good));
  expect(await importFile(context, profile, { ...options, path: same })).toMatchObject({ existed: true });
});

const RATIOS = [ratio('1', '00', '3割'), ratio('1', '01', '2割'), ratio('3', '00', '2割')];

/** The first round, printed: two of 70 and over with a ratio, one without, one below 70. */
const noticed = given(async (plain) => {
  const context = withKey(plain);
  const issued = await issueRows(context, profile, folder, { ...ROWS, ratios: RATIOS }, { ...NOTICE, prints: true });
  return { issued, first: issued.issuance as NoticeIssuance, pieces: readRows(path.join(issued.out, 'notices.csv')) };
});

/** All posted; the person below 70 has left the workplace. */
const posted = given(noticed, async ({ context, first, pieces }) => {
  await approveLots(context, first);
  const numbers = pieces.map((row) => row['郵便物番号']!);
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      context,
      first,
      numbers.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
    );
  return { numbers };
});
const left = (number: string) =>
  ({ mailpieceNumber: number, event: 'report-left', reason: '退職', source: '', key: `left:${number}` }) as const;

test('who has a ratio of the day gets a notice that says it; who has none waits, and it is said why and what to do', async () => {
  const { context, issued, first, pieces } = await noticed();
  expect(issued.reconciliation.balanced).toBe(true);
  expect(pieces.map((row) => [row['番号'], row['枝番'], row['負担割合']])).toEqual([
    ['1', '00', '3割'],
    ['1', '01', '2割'],
    // Below 70 the file is not asked.
    ['3', '00', '3割'],
  ]);
  expect(readRows(path.join(issued.out, 'notice-exits.csv'))).toMatchObject([
    { 番号: '2', 理由コード: 'income-unknown', 理由: '負担割合の判定待ち（通知日の割合が負担割合.csvにない）' },
  ]);
  const [one, other, third] = await readTexts(
    readFileSync(path.join(issued.out, 'print', '00001-notices.pdf')),
    [0, 1, 2],
  );
  expect(one).toMatch(/3割.*発効期日令和6年8月1日.*有効期限令和7年7月31日/s);
  expect(other).toMatch(/2割.*発効期日令和6年8月1日.*有効期限令和7年7月31日/s);
  expect(third).not.toContain('発効期日');
  const explained = await explainPerson(context, first, { symbol: '717', number: '2', subNumber: '00' });
  expect(JSON.stringify(explained)).toContain('負担割合.csvで取り込めば');
});

test('the same files are the same run', async () => {
  const start = await noticed();
  const context = withKey(start.context);
  expect((await issueRows(context, profile, folder, { ...ROWS, ratios: RATIOS }, NOTICE)).issuance.id).toBe(
    start.first.id,
  );
  const query = `select count(*)::int as count from issuance where ratios_id is not null`;
  expect(await context.database.transaction((tx) => tx.query(query))).toEqual([{ count: 1 }]);
});

test('determined meanwhile, the held person is asked about in the next round; past its last day a ratio is none', async () => {
  const context = withKey((await noticed()).context);
  const round = { issuance: 'notice-2024-2', issuedOn: null };
  const others = [ratio('1', '00', '3割'), ratio('1', '01', '2割')];
  const at = (rows: readonly Cells[]): Cells[] => rows.map((row) => ({ ...row, 記号: '727' }));
  const none = await issueRows(
    context,
    anotherInsurer(profile),
    folder,
    {
      members: at(ROWS.members),
      enrolment: at(ROWS.enrolment),
      workplaces: at(ROWS.workplaces),
      ratios: at([...others, ratio('2', '00', '2割', '2023-08-01', '2024-07-31')]),
    },
    NOTICE,
  );
  expect(readRows(path.join(none.out, 'notice-exits.csv'))).toMatchObject([
    { 番号: '2', 理由コード: 'income-unknown' },
  ]);
  const { out, issuance: run } = await issueRows(
    context,
    profile,
    folder,
    { ...ROWS, ratios: [ratio('2', '00', '2割')] },
    round,
  );
  expect(readRows(path.join(out, 'notices.csv'))).toMatchObject([{ 番号: '2', 負担割合: '2割' }]);
  expect((await reconcile(context, run)).balanced).toBe(true);
});

test('past retention nothing of a notice’s person is left: no row, no digit, no look; the books and the chain stay whole', async () => {
  const start = await posted();
  const { first, numbers } = start;
  const context = withKey(start.context);
  await recordPieceEvents(context, first, [left(numbers[2]!)]);
  const { issuance: again } = await remakePieces(context, first, profile, 'rehome', day('2024-10-01'));
  const next = person('1', 0, { 記号: '818', 氏名: '新規　花子', カナ氏名: 'シンキ　ハナコ' });
  await importRows(
    context,
    profile,
    folder,
    {
      members: [next],
      enrolment: [
        {
          ...status('1', 0, '1'),
          記号: '818',
        },
      ],
      workplaces: [
        {
          記号: '818',
          事業所名称: '事業所八一八',
        },
      ],
      ratios: [
        {
          ...ratio('1', '00', '2割'),
          記号: '818',
        },
      ],
    },
    day('2025-11-30'),
  );
  expect(await tablesWith(context, '"717"')).toContain(`notice_${first.id}`);
  expect(await tablesWith(context, '"717"')).toContain(`burden_ratio_${first.ratiosId}`);
  expect(await tablesWith(context, '"717"')).toContain('digits_access');
  const sealed = `select count(*)::int as count from member where sealed_digits is not null`;
  expect(await context.database.transaction((tx) => tx.query(sealed))).not.toEqual([{ count: 0 }]);

  const early = await erasePastRetention(context, profile, day('2026-01-01'), true);
  expect(early.issuances).toEqual([]);
  expect(early.later.map((row) => row.name)).toContain(first.name);
  const looked = await erasePastRetention(context, profile, day('2040-01-01'), false);
  expect(looked.issuances.map((row) => row.id)).toEqual(expect.arrayContaining([first.id, again!.id]));
  expect(looked.issuances.find((row) => row.id === first.id)!.printFiles).toContain('print/00001-notices.pdf');
  expect(await tablesWith(context, '"717"')).toContain(`notice_${first.id}`);

  expect((await erasePastRetention(context, profile, day('2040-01-01'), true)).isDone).toBe(true);
  // A workplace's parcels, with their acceptance numbers that are never given out again, name no person.
  expect(await tablesWith(context, '"717"')).toEqual(['notice_parcel']);
  expect(await tablesWith(context, '協会　')).toEqual([]);
  expect(await context.database.transaction((tx) => tx.query(sealed))).toEqual([{ count: 0 }]);
  expect(await tablesWith(context, '"818"')).toHaveLength(4);
  for (const run of [first, again!]) {
    const { balanced, balances, counts } = await reconcile(context, run);
    expect(balances.filter((balance) => balance.difference !== 0)).toEqual([]);
    expect(balanced).toBe(true);
    expect(counts.mailpieces).toBe(run.id === first.id ? 3 : 1);
  }
  const books = await reconcile(context, first);
  expect(books.notices).toMatchObject({ notices: 3, inParcels: 3, home: 0, parcels: 1 });
  expect(await verifyAudit(context, insurer)).toBeNull();
  const { papers, sentences } = await tracePaper(context, first, numbers[2]!);
  expect(papers).toMatchObject([{ number: numbers[2], state: 'rerouted' }]);
  expect(sentences.at(-1)).toContain('2040-01-01　この発行の個人の情報を消去した');
  await expect(tracePaper(context, first, '717-1-00')).rejects.toMatchObject({ code: 'erased' });

  // A database that breaks the chain after erasure is found out.
  await context.database.transaction(async (tx) => {
    await tx.execute('set local session_replication_role = replica');
    await tx.execute(`update event set reason = 'x' where issuance_id = ${first.id} and event = 'report-left'`);
  });
  expect(await verifyAudit(context, insurer)).not.toBeNull();
});

test('a notice made again says the ratio of the newest file', async () => {
  const start = await posted();
  const { first, numbers } = start;
  const context = withKey(start.context);
  await recordPieceEvents(context, first, [left(numbers[0]!)]);
  const later = [ratio('1', '00', '2割', '2024-09-01'), ratio('1', '01', '2割')];
  await importRows(context, profile, folder, { ratios: later }, day('2024-09-20'));
  const { issuance: run } = await remakePieces(context, first, profile, 'rehome', day('2024-10-01'));
  const outDir = path.join(folder, 'rehome');
  await writeOutput(context, run!, profile, { outDir, encoding: 'utf-8', prints: true });
  expect(readRows(path.join(outDir, 'notices.csv')).map((row) => [row['番号'], row['枝番'], row['負担割合']])).toEqual([
    ['1', '00', '2割'],
  ]);
  const [text] = await readTexts(readFileSync(path.join(outDir, 'print', '00001-notices.pdf')), [0]);
  expect(text).toMatch(/2割.*発効期日令和6年9月1日/s);
});
