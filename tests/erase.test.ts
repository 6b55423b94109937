// Personal data past its retention goes: nothing of it is left anywhere in the database, and what stays (numbers, events,
// reconciliation) still balances and verifies, and says what it was.
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { removeErasedFiles } from '../src/operations/life/erase-files.ts';
import { erasePastRetention } from '../src/operations/life/erase.ts';
import { prepareFigures } from '../src/operations/desk/figures.ts';
import { takeFilings } from '../src/operations/life/filings.ts';
import { scanReturn } from '../src/operations/life/returns.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { openIssuance } from '../src/operations/issuing/month.ts';
import { makeRecallList } from '../src/operations/life/recall.ts';
import { checkInCertificate } from '../src/operations/life/recall-return.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import { remakePieces } from '../src/operations/life/remake.ts';
import { tracePaper, verifyAudit } from '../src/operations/desk/trace.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { importRows, issueRows, readRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { given, openTestFolder, approveLots, tablesWith } from './ledger.ts';
import type { Given } from './ledger.ts';

const folder = openTestFolder();
const profile = await loadProfile('kyokai-kenpo');
const insurer = profile.insurer.number;
const day = (text: string): LocalDate => text as LocalDate;
// 717 is nobody else's symbol: where it or 協会 stands, the old people are still there.
const OLD = ['1', '2', '3'].map((number): Cells => person(number, 0, { 記号: '717' }));
const NEW = [person('1', 0, { 記号: '818', 氏名: '新規　花子', カナ氏名: 'シンキ　ハナコ' })];
const statusOf = (row: Cells): Cells => ({ ...status(row['番号']!, 0, '0'), 記号: row['記号']! });
const workplaces = (symbol: string): Cells[] => [
  { 記号: symbol, 事業所名称: `事業所${symbol}`, 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-2' },
];
/** The old people's certificates were posted; one came back, one was made again, one was lost by filing. New people have come since. */
const ended = given(async (context) => {
  const issued = await issueRows(
    context,
    profile,
    folder,
    { members: OLD, enrolment: OLD.map(statusOf), workplaces: workplaces('717') },
    { prints: true },
  );
  const { issuance: run, out } = issued;
  await approveLots(context, run);
  const certificates = readRows(path.join(issued.out, 'certificates.csv')).map((row) => row['証番号']!);
  const pieces = readRows(path.join(issued.out, 'mailpieces.csv')).map((row) => row['郵便物番号']!);
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      context,
      run,
      pieces.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
    );
  await checkInCertificate(context, insurer, certificates[0]!, day('2026-01-10'));
  await scanReturn(context, insurer, pieces[2]!, 'moved');
  const reroute = (await remakePieces(context, run, profile, 'reroute', day('2025-10-01'))).issuance!;
  const loss = { 届書: '喪失', 記号: '717', 番号: '2', 枝番: '00', 異動年月日: '2025-11-20', 到着年月日: '2025-11-25' };
  const file = writeRows(folder, '喪失届.csv', FILING_COLUMNS, [loss]);
  await takeFilings(context, profile, file, day('2025-11-26'));
  await prepareFigures(context.database, insurer);
  const next = { members: NEW, enrolment: NEW.map(statusOf), workplaces: workplaces('818') };
  await importRows(context, profile, folder, next, day('2025-11-30'));
  await makeRecallList(context, profile, day('2025-12-01'), path.join(folder, 'recall'));
  return { run, reroute, certificates, out };
});

const erase = ({ context }: Given<object>, on: string, isConfirmed: boolean): ReturnType<typeof erasePastRetention> =>
  erasePastRetention(context, profile, day(on), isConfirmed);

/** Erased on 2036-01-01. */
const erased = given(ended, async (start) => {
  await erase(start, '2036-01-01', true);
  return {};
});

test('before its time nothing goes, and it is said when', async () => {
  const start = await ended();
  // Valid through 2029-11-30, kept five years.
  const plan = await erase(start, '2034-11-30', true);
  expect(plan).toMatchObject({ issuances: [], isDone: true });
  expect(plan.later).toContainEqual({ name: 'bulk-2025', erasableOn: '2034-12-01' });
  expect(await tablesWith(start.context, '協会')).not.toEqual([]);
});

test('looked at first: what would go, with the print files; nothing is gone', async () => {
  const start = await ended();
  const { context, run } = start;
  const plan = await erase(start, '2036-01-01', false);
  expect(plan.issuances.map((issuance) => issuance.name)).toEqual(['bulk-2025/reroute-1', 'bulk-2025']);
  expect(plan.issuances[1]!.printFiles.length).toBeGreaterThan(0);
  expect(plan.datasets).toHaveLength(3);
  const named = await tablesWith(context, '"717"');
  expect(named).toEqual(
    expect.arrayContaining([`member_${run.membersId}`, 'reason_group', 'reason_count', 'enrolment_group']),
  );
});

test('erased: nobody is left in any table, the newest files stay', async () => {
  const start = await ended();
  const { context } = start;
  expect((await erase(start, '2036-01-01', true)).isDone).toBe(true);
  expect(await tablesWith(context, '協会　')).toEqual([]);
  expect(await tablesWith(context, '"717"')).toEqual([]);
  expect(await tablesWith(context, '新規　花子')).toHaveLength(1);
  expect((await erase(start, '2036-01-01', true)).issuances).toEqual([]);
});

test('an input file stays as long as an issuance needs it', async () => {
  const { context, run } = await ended();
  // Of the same files again: an issuance with papers of its own, and with another last day.
  const files = { members: run.membersId, workplaces: run.workplacesId, enrolment: run.enrolmentId };
  const later = await openIssuance(context, profile, {
    ...files,
    issuance: profile.issuances[0]!.id,
    issuedOn: day('2034-06-01'),
    extractedOn: null,
    ratios: null,
    add: true,
  });
  expect(later.id).not.toBe(run.id);
  const names = async (on: string): Promise<[string[], string[]]> => {
    const plan = await erasePastRetention(context, profile, day(on), false);
    return [
      plan.issuances.map((issuance) => issuance.name),
      plan.datasets.map((file) => file.fileName.replace(/-\d+/, '')),
    ];
  };
  expect(await names('2036-01-01')).toEqual([['bulk-2025/reroute-1', 'bulk-2025'], []]);
  const whole = ['加入者.csv', '事業所.csv', 'マイナ保険証.csv'];
  expect(await names('2045-01-01')).toEqual([['bulk-2025-2', 'bulk-2025/reroute-1', 'bulk-2025'], whole]);
});

test('what was written of it goes by its manifest and hash; whatever else lies there stays', async () => {
  const { context, out: made } = await erased();
  const folderOf = path.join(folder, 'kept');
  const out = path.join(folderOf, path.basename(made));
  cpSync(made, out, { recursive: true });
  const outside = path.join(folder, 'outside.csv');
  writeFileSync(outside, 'x');
  appendFileSync(path.join(out, 'certificates.csv'), 'x');
  writeFileSync(path.join(out, 'メモ.txt'), 'x');
  rmSync(path.join(out, 'decisions.csv'));
  symlinkSync(outside, path.join(out, 'decisions.csv'));
  const remove = (isConfirmed: boolean): ReturnType<typeof removeErasedFiles> =>
    removeErasedFiles(context, insurer, folderOf, [], isConfirmed);
  const looked = await remove(false);
  expect(looked.folders).toEqual([out]);
  expect(looked.removed.every((file) => existsSync(file))).toBe(true);
  expect(looked.removed.map((file) => path.relative(out, file))).toContain('print/00001-letters.pdf');
  const done = await remove(true);
  expect({ ...done, isDone: false }).toEqual(looked);
  expect(done.removed.some((file) => existsSync(file))).toBe(false);
  const names = (files: readonly string[]): string[] => files.map((file) => path.basename(file)).toSorted();
  expect(names(done.differing)).toEqual(['certificates.csv', 'decisions.csv']);
  expect(names(done.strange)).toContain('メモ.txt');
  expect(readFileSync(outside, 'utf8')).toBe('x');
  // The manifest stays as long as something it names does; then it goes, and the folder where it is empty.
  expect(existsSync(path.join(out, 'manifest.json'))).toBe(true);
  for (const name of ['certificates.csv', 'decisions.csv', ...names(done.strange)])
    for (const file of [...done.differing, ...done.strange].filter((one) => path.basename(one) === name))
      rmSync(file, { force: true });
  expect((await remove(true)).removed).toEqual([path.join(out, 'manifest.json')]);
  expect(existsSync(out)).toBe(false);
});

test('a manifest that names what lies outside its folder, or is of another issuance, removes nothing', async () => {
  const { context, run } = await erased();
  const dir = path.join(folder, 'forged');
  mkdirSync(dir);
  const victim = path.join(folder, 'victim.csv');
  writeFileSync(victim, 'x');
  const file = { bytes: 1, sha256: createHash('sha256').update('x').digest('hex') };
  const forge = (issuance: object, name: string): void =>
    writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ issuance, files: [{ path: name, ...file }] }));
  const own = { id: run.id, name: run.name, issuedOn: run.issuedOn };
  forge(own, '../victim.csv');
  expect(await removeErasedFiles(context, insurer, dir, [], true)).toMatchObject({ removed: [], differing: [victim] });
  writeFileSync(path.join(dir, 'victim.csv'), 'x');
  forge({ ...own, issuedOn: '2025-01-01' }, 'victim.csv');
  expect(await removeErasedFiles(context, insurer, dir, [], true)).toMatchObject({ folders: [], removed: [] });
  expect(existsSync(victim)).toBe(true);
});

test('the books still balance, the chain is whole, a trace says what happened', async () => {
  const { context, run, reroute, certificates } = await erased();
  for (const one of [run, reroute]) {
    const { balanced, balances, counts } = await reconcile(context, one);
    expect(balances.filter((balance) => balance.difference !== 0)).toEqual([]);
    expect(balanced).toBe(true);
    expect(counts.members).toBe(one.memberCount);
  }
  expect(await verifyAudit(context, insurer)).toBeNull();
  const { papers, sentences } = await tracePaper(context, run, certificates[0]!);
  expect(papers).toEqual([{ number: certificates[0], state: 'given-back' }]);
  expect(sentences.join('\n')).toMatch(/「回収」とした.*2026-01-10 付け/);
  expect(sentences.at(-1)).toContain('2036-01-01　この発行の個人の情報を消去した（保存期間 5年）');
  await expect(tracePaper(context, run, '717-1-00')).rejects.toMatchObject({ code: 'erased' });
});

test('a paper that turns up long after is still checked in', async () => {
  const { context, run, certificates } = await erased();
  expect(await checkInCertificate(context, insurer, certificates[1]!)).toMatchObject({ kind: 'recorded' });
  expect((await reconcile(context, run)).balanced).toBe(true);
});

const entry =
  'insert into erasure (insurer_number, issuance_id, dataset_id, ended_on, years, erased_on, row_count, books, actor)';
test.each([
  [
    'the newest file of its kind',
    `${entry} select '${insurer}', null, max(id), '2020-01-01', 5, '2036-01-01', 0, null, 'x' from dataset`,
    /erase_order/,
  ],
  ['an erasure changed', `update erasure set actor = 'x'`, /never changed/],
  ['an erasure taken back', 'delete from erasure', /never changed/],
])('%s is refused by the database itself', async (_, sql, message) => {
  const { context } = await erased();
  await expect(context.database.transaction((tx) => tx.execute(sql))).rejects.toMatchObject({
    code: '23514',
    message: expect.stringMatching(message),
  });
});

test.each([
  ['too early', `'2034-01-01'`, `'{"balanced": true}'`, /past_retention/],
  ['with books that do not balance', `'2040-01-01'`, `'{"balanced": false}'`, /books_balance/],
  ['without its books', `'2040-01-01'`, 'null', /books_/],
])('an issuance is not erased %s, whoever asks', async (_, on, books, message) => {
  const { context } = await erased();
  const given = { members: NEW, enrolment: NEW.map(statusOf), workplaces: workplaces('818') };
  const issued = await issueRows(context, profile, folder, given, { add: true });
  const sql = `${entry} values ('${insurer}', ${issued.issuance.id}, null, '2029-11-30', 5, ${on}, 0, ${books}, 'x')`;
  await expect(context.database.transaction((tx) => tx.execute(sql))).rejects.toMatchObject({
    code: '23514',
    message: expect.stringMatching(message),
  });
});
