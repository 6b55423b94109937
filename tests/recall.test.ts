// Papers that come back: asked for by law and by request, apart; slips, reminders, receipts by scan and by count; missing,
// found and given up; filings and what they ask of the old card; and the figures, which add up.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { expireCertificates, forecastRenewals } from '../src/operations/life/expiry.ts';
import { takeFilings } from '../src/operations/life/filings.ts';
import { closeInspection, presentCertificate } from '../src/operations/life/inspection.ts';
import { scanReturn } from '../src/operations/life/returns.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { makeRecallList, remindRecalls } from '../src/operations/life/recall.ts';
import { recallFigures } from '../src/operations/life/recall-figures.ts';
import {
  checkInCertificate,
  closeReceipt,
  declareFound,
  declareMissing,
  giveUpReturn,
  receiveByCount,
} from '../src/operations/life/recall-return.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import { tracePaper, verifyAudit } from '../src/operations/desk/trace.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { at, person, status } from './cast.ts';
import { importRows, issueRows, readRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { given, openTestFolder, approveLots } from './ledger.ts';
import type { Given } from './ledger.ts';
import { readTexts } from './pages.ts';

const folder = openTestFolder();
const profile = await loadProfile('mbk');
const insurer = profile.insurer.number;
const day = (text: string): LocalDate => text as LocalDate;

// Two workplaces and, at 300, voluntary continuation, who have none.
const WORKPLACES: Cells[] = [
  { 記号: '100', 事業所名称: '株式会社あさひ', 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-2' },
  { 記号: '200', 事業所名称: '株式会社ゆうひ', 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-4' },
];
const MEMBERS: Cells[] = [
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((number) => person(number, 0)),
  person('4', 1),
  ...['1', '2', '3'].map((number) => at('200', person(number, 0))),
  at('300', person('1', 0, { 被保険者区分: '2', 資格取得年月日: '2024-10-01' })),
];
const keyOf = (row: Cells): string => `${row['記号']}-${row['番号']}-${row['枝番']}`;
const NO_CARD = MEMBERS.map((row): Cells => ({
  ...status(row['番号']!, Number(row['枝番']), '0'),
  記号: row['記号']!,
}));

/** Everyone of the cast has a certificate in hand since 2025-11-04. */
const issued = given(async (context) => {
  const { issuance: run, out } = await issueRows(
    context,
    profile,
    folder,
    { members: MEMBERS, enrolment: NO_CARD, workplaces: WORKPLACES },
    { issuedOn: day('2025-11-04'), prints: true },
  );
  const rows = readRows(path.join(out, 'certificates.csv'));
  const numbers = new Map(rows.map((row) => [keyOf(row), row['証番号']!]));
  if (numbers.size !== MEMBERS.length) throw new Error('everyone is to get a certificate');
  const pieces = readRows(path.join(out, 'mailpieces.csv')).map((row) => row['郵便物番号']!);
  await approveLots(context, run);
  for (const event of ['enclose', 'post'] as const) {
    const asked = pieces.map((mailpieceNumber) => ({
      mailpieceNumber,
      event,
      reason: '',
      source: '',
      key: `${event}:${mailpieceNumber}`,
    }));
    await recordPieceEvents(context, run, asked);
  }
  const certificate = (key: string): string => numbers.get(key)!;
  return { run, certificate };
});
type Issued = Awaited<ReturnType<typeof issued>>;

async function stateOf({ context, certificate }: Issued, key: string): Promise<string | undefined> {
  const rows = await context.database.transaction((tx) =>
    tx.query<{ state: string }>('select state from paper_state where paper_number = $1', [certificate(key)]),
  );
  return rows[0]?.state;
}
const statesOf = (start: Issued, ...keys: string[]): Promise<(string | undefined)[]> =>
  Promise.all(keys.map((key) => stateOf(start, key)));

/** The files of a later month: some have changed (`null` = not in the file any more), some have enrolled a card. */
async function nextMonth(
  { context }: Given<object>,
  changes: Record<string, Cells | null>,
  enrolled: readonly string[],
  asOf: string,
): Promise<void> {
  const members = MEMBERS.filter((row) => changes[keyOf(row)] !== null).map((row) => ({
    ...row,
    ...changes[keyOf(row)],
  }));
  const enrolment = NO_CARD.map((row) =>
    enrolled.includes(keyOf(row)) ? { ...row, カード: '1', 利用登録: '1' } : row,
  );
  await importRows(context, profile, folder, { members, enrolment }, day(asOf));
}
const lost = (on: string): Cells => ({ 資格喪失年月日: on });

let lists = 0;
async function listOn(
  { context }: Given<object>,
  on: string,
): Promise<{ rows: Cells[]; slips: Cells[]; out: string } & Awaited<ReturnType<typeof makeRecallList>>> {
  const out = path.join(folder, `recall-${(lists += 1)}`);
  const list = await makeRecallList(context, profile, day(on), out);
  return {
    ...list,
    out,
    rows: readRows(path.join(out, 'recall-list.csv')),
    slips: readRows(path.join(out, 'recall-slips.csv')),
  };
}

/** The list of 2025-11-20: two have lost eligibility, a third is about to, two have enrolled a card. */
const asked = given(issued, async (start) => {
  await nextMonth(
    start,
    { '100-1-00': lost('2025-11-10'), '300-1-00': lost('2025-11-12'), '200-3-00': lost('2025-11-25') },
    ['100-2-00', '100-3-00'],
    '2025-11-20',
  );
  return { list: await listOn(start, '2025-11-20') };
});

test('the monthly list: duty and request apart, a slip a workplace, who has no workplace asked directly', async () => {
  const start = await asked();
  const { rows, slips, counts, direct, workplaces, files, out } = start.list;
  // The loss of 200-3 is still to come.
  expect(rows.map((row) => [keyOf(row), row['区分'], row['返送元']])).toEqual([
    ['100-1-00', '法定の回収', '事業所'],
    ['100-2-00', '返却のお願い', '事業所'],
    ['100-3-00', '返却のお願い', '事業所'],
    ['300-1-00', '法定の回収', '本人'],
  ]);
  expect({ counts, direct, workplaces }).toEqual({
    counts: { lost: 2, found: 0, corrected: 0, damaged: 0, enrolled: 2, superseded: 0 },
    direct: 1,
    workplaces: 1,
  });
  expect(slips).toEqual([
    { 記号: '100', 法定の回収: '1', 返却のお願い: '2', ファイル: 'recall/0001.pdf', ページ: '1', 保留: '' },
  ]);
  expect(files).toContain('recall/0001.pdf');
  const [slip, list] = await readTexts(readFileSync(path.join(out, 'recall/0001.pdf')), [0, 1]);
  expect(slip).toContain('資格確認書回収連絡書');
  expect(slip).toMatch(/株式会社あさひ.*1枚.*2枚.*3枚/s);
  expect(list).toMatch(/協会.?二の零/);
  expect(`${slip}${list}`).not.toContain('ゆうひ');
  expect(await statesOf(start, '100-1-00', '100-2-00', '100-4-00')).toEqual([
    'return-demanded',
    'return-requested',
    'issued',
  ]);
});

test('a protected person (送付停止) is asked directly and stands on no slip of the employer', async () => {
  const start = await issued();
  await nextMonth(
    start,
    { '100-1-00': { ...lost('2025-11-10'), 送付停止: '1' }, '100-2-00': lost('2025-11-10') },
    [],
    '2025-11-20',
  );
  const { rows, slips, direct, out } = await listOn(start, '2025-11-20');
  expect(rows.map((row) => [keyOf(row), row['返送元']])).toEqual([
    ['100-1-00', '本人'],
    ['100-2-00', '事業所'],
  ]);
  expect(direct).toBe(1);
  expect(slips).toMatchObject([{ 記号: '100', 法定の回収: '1', 返却のお願い: '0' }]);
  const texts = await readTexts(readFileSync(path.join(out, 'recall/0001.pdf')), [0, 1]);
  expect(texts.join('')).toMatch(/協会.?二の零/);
  expect(texts.join('')).not.toMatch(/協会.?一の零/);
});

test('a person who is not in the newest file has lost eligibility by the day of the list', async () => {
  const start = await issued();
  await nextMonth(start, { '200-1-00': null }, [], '2025-11-20');
  const { rows, counts } = await listOn(start, '2025-11-20');
  expect(rows.map((row) => [keyOf(row), row['区分'], row['返送元']])).toEqual([['200-1-00', '法定の回収', '事業所']]);
  expect(counts.lost).toBe(1);
  expect(await statesOf(start, '200-1-00', '200-2-00')).toEqual(['return-demanded', 'issued']);
  // The day of loss is not known: the month of the rate counts from the day of the list.
  const { duty } = await recallFigures(start.context, insurer, day('2025-12-20'));
  expect(duty.oneMonth).toMatchObject({ asked: 1, givenBack: 0 });
});

test('the same list again asks nobody twice', async () => {
  const start = await asked();
  const again = await listOn(start, '2025-11-20');
  expect(again.rows).toHaveLength(4);
  const { sentences } = await tracePaper(start.context, start.run, start.certificate('100-1-00'));
  expect(sentences.filter((s) => s.includes('回収の求め'))).toHaveLength(1);
  expect(await verifyAudit(start.context, insurer)).toBeNull();
});

test('what the post brought back is asked of nobody', async () => {
  const start = await issued();
  const [piece] = await start.context.database.transaction((tx) =>
    tx.query<{ number: string }>(
      `select mailpiece_number::text as number from certificate where certificate_number = $1`,
      [start.certificate('200-2-00')],
    ),
  );
  await scanReturn(start.context, insurer, piece!.number, 'moved');
  await nextMonth(start, {}, ['200-1-00', '200-2-00'], '2025-11-21');
  expect((await listOn(start, '2025-11-21')).rows.map(keyOf)).toEqual(['200-1-00']);
});

test('reminders: duties past their five days alone, the first in time or late, once a day', async () => {
  const { context } = await asked();
  const out = path.join(folder, 'remind');
  // Asked on 11-20: the tenth business day is 12-05 (11-24 is a holiday).
  expect(await remindRecalls(context, profile, day('2025-12-05'), out)).toMatchObject({
    first: 2,
    late: 0,
    again: 0,
    workplaces: 1,
    direct: 1,
  });
  expect(readRows(path.join(out, 'recall-list.csv')).map((row) => row['区分'])).toEqual(['法定の回収', '法定の回収']);
  const [slip] = await readTexts(readFileSync(path.join(out, 'recall/0001.pdf')), [0]);
  expect(slip).toContain('資格確認書回収連絡書（催告）');
  expect(await remindRecalls(context, profile, day('2025-12-05'), out)).toMatchObject({ first: 0, late: 0, again: 0 });
  expect(await remindRecalls(context, profile, day('2025-12-20'), out)).toMatchObject({ first: 0, again: 2 });
});

test('an envelope read paper by paper: what it holds, what its slip says and asks', async () => {
  const { context, certificate } = await asked();
  const came = [certificate('100-2-00'), certificate('200-1-00')];
  for (const number of came)
    expect(await checkInCertificate(context, insurer, number, day('2025-12-01'))).toMatchObject({ kind: 'recorded' });
  for (const code of came.map((number) => `\ufeff＊${number.slice(0, 5)}―${number.slice(5)}＊`))
    expect(await checkInCertificate(context, insurer, code, day('2025-12-01'))).toMatchObject({ kind: 'already' });
  const receipt = await closeReceipt(context, insurer, '100', day('2025-12-01'), 3, came);
  expect(receipt).toMatchObject({
    slip: { symbol: '100', dutyCount: 1, requestCount: 2 },
    declared: 3,
    counted: 2,
    listed: 1,
    unlisted: [certificate('200-1-00')],
    open: [
      { certificateNumber: certificate('100-1-00'), isDuty: true },
      { certificateNumber: certificate('100-3-00'), isDuty: false },
    ],
  });
});

test('a receipt waits for no paper that has expired', async () => {
  const { context, certificate } = await asked();
  const came = [certificate('100-2-00')];
  await checkInCertificate(context, insurer, came[0]!, day('2029-11-30'));
  const before = await closeReceipt(context, insurer, '100', day('2029-11-30'), 1, came);
  expect(before.open.map((paper) => paper.certificateNumber)).toEqual([
    certificate('100-1-00'),
    certificate('100-3-00'),
  ]);
  await expireCertificates(context, insurer, day('2029-12-01'));
  expect((await closeReceipt(context, insurer, '100', day('2029-12-01'), 1, came)).open).toEqual([]);
});

test('by count: as many as the slip waits for are those; another count records no paper', async () => {
  const start = await asked();
  const { context, certificate } = start;
  await checkInCertificate(context, insurer, certificate('100-2-00'), day('2025-12-01'));
  const wrong = await receiveByCount(context, insurer, '100', day('2025-12-02'), 2, 1);
  expect(wrong).toMatchObject({ isRecorded: false, declared: 2, counted: 1 });
  expect(wrong.open).toHaveLength(2);
  expect(await stateOf(start, '100-1-00')).toBe('return-demanded');
  const right = await receiveByCount(context, insurer, '100', day('2025-12-02'), 2, 2);
  expect(right).toMatchObject({ isRecorded: true, listed: 2, open: [] });
  expect(await statesOf(start, '100-1-00', '100-3-00')).toEqual(['given-back', 'given-back']);
  await expect(receiveByCount(context, insurer, '999', day('2025-12-02'), null, 1)).rejects.toMatchObject({
    code: 'slip-missing',
  });
});

test('missing and found: back in use; asked before, asked again; the same twice is once', async () => {
  const start = await asked();
  const { context, certificate } = start;
  const number = certificate('100-4-00');
  const on = day('2025-12-03');
  expect(await declareFound(context, insurer, number, on)).toMatchObject({ kind: 'refused' });
  expect(await declareMissing(context, insurer, number, '紛失', on)).toMatchObject({ kind: 'recorded' });
  expect(await declareMissing(context, insurer, number, '紛失', on)).toMatchObject({ kind: 'already' });
  expect(await stateOf(start, '100-4-00')).toBe('missing');
  expect(await declareFound(context, insurer, number, on)).toMatchObject({ kind: 'recorded' });
  expect(await declareFound(context, insurer, number, on)).toMatchObject({ kind: 'already' });
  expect(await stateOf(start, '100-4-00')).toBe('issued');
  // Lost again is a loss of its own.
  expect(await declareMissing(context, insurer, number, '紛失', on)).toMatchObject({ kind: 'recorded' });
  expect(await declareFound(context, insurer, number, on)).toMatchObject({ kind: 'recorded' });
  const demanded = certificate('300-1-00');
  await declareMissing(context, insurer, demanded, '紛失', on);
  await declareFound(context, insurer, demanded, on);
  expect(await stateOf(start, '300-1-00')).toBe('return-demanded');
});

const filing = (change: Cells): Cells => ({
  届書: '喪失',
  記号: '100',
  番号: '5',
  枝番: '00',
  異動年月日: '2025-11-25',
  到着年月日: '2025-11-28',
  ...change,
});
let files = 0;
const fileOf = (...rows: Cells[]): string =>
  writeRows(folder, `喪失届-${(files += 1)}.csv`, FILING_COLUMNS, rows.map(filing));
const FILINGS: readonly Cells[] = [
  { 健康保険証: '添付', 資格確認書: '添付' },
  { 番号: '6', 到着年月日: '2025-12-01', 資格確認書: '回収不能', 回収不能の理由: '本人と連絡がつかない' },
  // The loss was before 2025-12-02, the filing arrived on it.
  { 番号: '7', 到着年月日: '2025-12-02' },
  { 届書: '氏名変更', 番号: '8', 到着年月日: '2025-12-01', 健康保険証: '添付' },
  { 記号: '300', 番号: '1', 異動年月日: '2025-11-12', 到着年月日: '2025-11-14' },
];

test('filings: lateness by workplace, the old card by its day of arrival, papers attached or given up', async () => {
  const start = await asked();
  const { context } = start;
  const file = fileOf(...FILINGS, { 番号: '9', 資格確認書: '回収不能' }, { 番号: '9', 到着年月日: '2026-01-05' });
  const taken = await takeFilings(context, profile, file, day('2025-12-10'));
  expect(taken).toMatchObject({
    recorded: 5,
    already: 0,
    // 2025-11-30 is a Sunday: what is filed on the Monday is in time.
    late: 1,
    demanded: 3,
    givenBack: 1,
    unrecoverable: 1,
    legacyCards: { 'return-through-workplace': 3, 'return-to-insurer': 1, 'destroy-allowed': 1, stillDue: 2 },
  });
  expect(taken.refused.map((row) => row.line).toSorted((a, b) => a - b)).toEqual([7, 8]);
  expect(await statesOf(start, '100-5-00', '100-6-00', '100-7-00', '100-8-00')).toEqual([
    'given-back',
    'unrecoverable',
    'return-demanded',
    'issued',
  ]);
  expect(await takeFilings(context, profile, file, day('2025-12-10'))).toMatchObject({
    recorded: 0,
    already: 5,
    demanded: 0,
  });
});

test('the insured person’s loss is the household’s, a dependent’s is its own', async () => {
  const own = await issued();
  const dependent = { 届書: '被扶養者異動', 番号: '4', 枝番: '01', 到着年月日: '2025-12-01', 資格確認書: '添付' };
  await takeFilings(own.context, profile, fileOf(dependent), day('2025-12-10'));
  expect(await statesOf(own, '100-4-00', '100-4-01')).toEqual(['issued', 'given-back']);
  const household = await issued();
  await takeFilings(household.context, profile, fileOf({ 番号: '4' }), day('2025-12-10'));
  expect(await statesOf(household, '100-4-00', '100-4-01')).toEqual(['return-demanded', 'return-demanded']);
});

test('what cannot be collected is given up with its reason, and may still come back', async () => {
  const { context, certificate } = await issued();
  await takeFilings(context, profile, fileOf({ 番号: '7' }), day('2025-12-10'));
  const number = certificate('100-7-00');
  await expect(giveUpReturn(context, insurer, number, ' ', null)).rejects.toMatchObject({ code: 'arguments' });
  expect(await giveUpReturn(context, insurer, certificate('100-8-00'), '理由', null)).toMatchObject({
    kind: 'refused',
  });
  expect(await giveUpReturn(context, insurer, number, '海外に転居', day('2025-12-22'))).toMatchObject({
    kind: 'recorded',
  });
  expect(await checkInCertificate(context, insurer, number, day('2025-12-24'))).toMatchObject({ kind: 'recorded' });
});

test('figures: duty and request never in one sum; the month’s rate counts from the loss; the books balance', async () => {
  const { context, certificate, run } = await asked();
  await checkInCertificate(context, insurer, certificate('100-2-00'), day('2025-12-01'));
  await receiveByCount(context, insurer, '100', day('2025-12-02'), null, 2);
  await takeFilings(context, profile, fileOf(...FILINGS), day('2025-12-10'));
  await remindRecalls(context, profile, day('2025-12-05'), path.join(folder, 'remind-figures'));
  const figures = await recallFigures(context, insurer, day('2025-12-26'));
  // 100-1 back within its month by count, 100-5 with its filing; 100-6 given up; 100-7 and 300-1 out.
  expect(figures.duty).toEqual({
    asked: 5,
    givenBack: 2,
    missing: 0,
    unrecoverable: 1,
    expired: 0,
    void: 0,
    open: 2,
    remindedFirst: 2,
    remindedLate: 0,
    // By 12-26 the month of the losses of 11-10, 11-12 and 11-25 is over.
    oneMonth: { asked: 5, givenBack: 2, percent: 40 },
  });
  expect(figures.requests.enrolled).toMatchObject({ asked: 2, givenBack: 2, open: 0, becameDuty: 0 });
  expect(figures.filings).toEqual([
    { symbol: '100', filings: 3, late: 1 },
    { symbol: '300', filings: 1, late: 0 },
  ]);
  // The day before, the month of the losses of 11-25 was not over: they are in no rate yet.
  expect((await recallFigures(context, insurer, day('2025-12-24'))).duty.oneMonth).toEqual({
    asked: 2,
    givenBack: 1,
    percent: 50,
  });
  expect((await reconcile(context, run)).balances.filter((b) => b.difference !== 0)).toEqual([]);
  expect(await verifyAudit(context, insurer)).toBeNull();
});

test('back on the last day of its month is within it, a day later is not; before any month is over there is no rate', async () => {
  const rateWith = async (...days: readonly [key: string, on: string][]): Promise<object> => {
    const { context, certificate } = await asked();
    for (const [key, on] of days) await checkInCertificate(context, insurer, certificate(key), day(on));
    return (await recallFigures(context, insurer, day('2025-12-31'))).duty.oneMonth;
  };
  expect(await rateWith(['100-1-00', '2025-12-10'], ['300-1-00', '2025-12-13'])).toEqual({
    asked: 2,
    givenBack: 1,
    percent: 50,
  });
  const { context } = await asked();
  expect((await recallFigures(context, insurer, day('2025-12-09'))).duty.oneMonth).toEqual({
    asked: 0,
    givenBack: 0,
    percent: null,
  });
});

test('an inspection voids what was not presented, after it was only counted', async () => {
  const start = await asked();
  const { context, certificate } = start;
  await checkInCertificate(context, insurer, certificate('100-5-00'), day('2026-05-01'));
  const close = (isConfirmed: boolean, name = '2026') =>
    closeInspection(context, insurer, name, day('2025-12-31'), day('2026-06-30'), isConfirmed);
  await expect(close(true)).rejects.toMatchObject({ code: 'inspection-unknown' });
  const present = (key: string) => presentCertificate(context, insurer, '2026', certificate(key), day('2026-06-01'));
  expect(await present('100-8-00')).toMatchObject({ kind: 'recorded' });
  expect(await present('100-8-00')).toMatchObject({ kind: 'already' });
  expect(await present('100-5-00')).toMatchObject({ kind: 'refused' });
  // Of fourteen one was presented, one is back, and two are demanded.
  expect(await close(false)).toEqual({ presented: 1, notPresented: 10, isDone: false });
  expect(await stateOf(start, '100-9-00')).toBe('issued');
  expect(await close(true)).toEqual({ presented: 1, notPresented: 10, isDone: true });
  expect(await statesOf(start, '100-8-00', '100-9-00', '100-5-00', '100-1-00')).toEqual([
    'issued',
    'void',
    'given-back',
    'return-demanded',
  ]);
  expect(await close(true)).toMatchObject({ notPresented: 0 });
});

test('renewals are forecast by month; what has ended is only said', async () => {
  const start = await asked();
  const forecast = await forecastRenewals(start.context, insurer, day('2026-07-01'));
  // 300-1 is demanded, its validity two years from acquisition. Of the others 100-1 and 200-3 have lost, 100-2 and 100-3 enrolled.
  expect(forecast).toEqual({
    on: '2026-07-01',
    renewals: 9,
    months: [
      { month: '2026-09', renewals: 0, households: 0, notRenewed: 1 },
      { month: '2029-11', renewals: 9, households: 8, notRenewed: 4 },
    ],
  });
  const expire = (on: string) => expireCertificates(start.context, insurer, day(on));
  expect([await expire('2026-09-30'), await expire('2026-10-01'), await expire('2026-10-01')]).toEqual([0, 1, 0]);
  expect(await stateOf(start, '300-1-00')).toBe('expired');
});

const slip = `insert into recall_slip (insurer_number, kind, symbol, asked_on, duty_count, request_count)`;
test.each([
  [
    'a slip without its papers',
    `${slip} values ('${insurer}', 'list', '900', '2025-12-01', 1, 0)`,
    /balance_slip_papers/,
  ],
  [
    'a reminder of a request',
    `${slip} values ('${insurer}', 'reminder', '900', '2025-12-01', 0, 1)`,
    /no_request_is_reminded_of/,
  ],
  [
    'a paper more than the slip says',
    `insert into recall_slip_paper select id, 10001000000018, 'lost' from recall_slip limit 1`,
    /balance_slip_papers/,
  ],
  [
    'a demand without its event',
    `insert into recall_demand values (10001000000018, '${insurer}', 'lost', '2025-12-01', '2025-12-01')`,
    /demand_without_event/,
  ],
  [
    'a loss without its day',
    `insert into recall_demand values (10001000000018, '${insurer}', 'lost', null, '2025-12-01')`,
    /a_loss_has_its_day/,
  ],
  ['a filing changed', `update filing set is_late = false`, /never changed/],
])('%s is refused by the database itself', async (_, sql, message) => {
  const { context } = await asked();
  await takeFilings(context, profile, fileOf({}), day('2025-12-10'));
  await expect(context.database.transaction((tx) => tx.execute(sql))).rejects.toMatchObject({
    code: '23514',
    message: expect.stringMatching(message),
  });
});
