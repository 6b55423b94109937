// From 70 on the ratio stands somewhere, always: on 高齢受給者証 or on the certificate for who holds one, on the notice for who has an
// enrolled card alone (健保則47条3項4号, 51条の3第1項3号, 52条1項). And the last four digits stand only where a round says so.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { explainPerson, parsePersonKey } from '../src/operations/desk/explain.ts';
import type { Context } from '../src/operations/context.ts';
import { erasePastRetention } from '../src/operations/life/erase.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { issueRows, readRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { approveLots, openTestFolder, openTestLedger } from './ledger.ts';
import { lasting } from './papers.ts';
import { readTexts } from './pages.ts';
import { story } from './story.ts';

const folder = openTestFolder();
const context: Context = { ...(await openTestLedger()), digitsKey: new Uint8Array(32).fill(3) };
const kyokai = lasting(await loadProfile('kyokai-kenpo'));
const mbk = lasting(await loadProfile('mbk'));
const day = (text: string): LocalDate => text as LocalDate;
const WORKPLACES = [
  { 記号: '100', 事業所名称: '株式会社あさひ', 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-2' },
];
const ratio = (row: Cells, tenths: string): Cells => ({
  記号: row['記号']!,
  番号: row['番号']!,
  枝番: row['枝番']!,
  負担割合: tenths,
  発効期日: '2026-08-01',
  有効期限: '2027-07-31',
});
const textOf = async (file: string, ...pages: number[]): Promise<string[]> =>
  (await readTexts(readFileSync(file), pages)).map((text) => text.replaceAll(/\s/g, ''));
const keyOf = (row: Cells): string => `${row['番号']}-${row['枝番']}`;

test('where no 高齢受給者証 is issued, the certificate says the ratio with its 発効期日 and ends with it', async () => {
  const members = [
    person('1', 0, { 生年月日: '1955-03-03' }),
    person('2', 0, { 生年月日: '1957-01-15' }),
    person('3', 0, { 生年月日: '1955-03-03' }),
    person('4', 0, { 生年月日: '1981-01-01' }),
    person('4', 1, { 生年月日: '1955-03-03' }),
  ];
  const { out, reconciliation } = await issueRows(
    context,
    mbk,
    folder,
    {
      members,
      enrolment: members.map((row) => status(row['番号']!, Number(row['枝番']), '0')),
      workplaces: WORKPLACES,
      ratios: [ratio(members[0]!, '2割'), ratio(members[4]!, '3割')],
    },
    { issuedOn: day('2026-11-10'), prints: true },
  );
  expect(reconciliation.balanced).toBe(true);
  const certificates = readRows(path.join(out, 'certificates.csv'));
  expect(certificates.map((row) => [keyOf(row), row['有効期限']])).toEqual([
    ['1-00', '2027-07-31'],
    ['2-00', '2027-01-31'],
    ['4-00', '2030-11-30'],
  ]);
  expect(reconciliation.counts.exitsByReason).toEqual({ 'income-unknown': 1, 'ratio-doubtful': 1 });
  const [elderly, younger] = await textOf(path.join(out, 'print', '00001-certificates.pdf'), 0, 2);
  expect(elderly).toMatch(/一部負担金の割合2割/);
  expect(elderly).toMatch(/発効期日令和8年8月1日/);
  expect(younger).not.toContain('割合');
});

// 1 holds a certificate by the file, 2 one of this ledger, 3 an enrolled card alone, 4 the same and nothing determined, 5 is young.
const OLD: Cells = { 生年月日: '1955-03-03', 資格取得年月日: '2026-10-01', 健康保険証: '0' };
const row = (number: string, change: Cells): Cells =>
  person(number, 0, { 突合結果: '一致', 個人番号下4桁: '4567', ...change });
const MEMBERS = [
  row('1', { ...OLD, 資格確認書有効期限: '2030-11-30' }),
  row('2', { 生年月日: '1955-03-03', 資格取得年月日: '2015-04-01' }),
  row('3', OLD),
  row('4', OLD),
  row('5', { 資格取得年月日: '2026-10-01' }),
];
const ENROLLED = MEMBERS.map((member) => status(member['番号']!, 0, member['番号'] === '2' ? '0' : '1'));
const RATIOS = [MEMBERS[0]!, MEMBERS[1]!, MEMBERS[2]!].map((member) => ratio(member, '2割'));
/** Whoever joined whenever is new to the standing round. */
const own = {
  ...kyokai,
  noticeRounds: kyokai.noticeRounds.map((known) =>
    known.id === 'notice-new' ? { ...known, joined: { from: day('2010-01-01'), through: null } } : known,
  ),
};
let first: Awaited<ReturnType<typeof issueRows>>;

async function round(extracted: string, on: string, members: readonly Cells[]): Promise<typeof first> {
  return issueRows(
    context,
    own,
    folder,
    { members, enrolment: ENROLLED, workplaces: WORKPLACES, ratios: RATIOS },
    { issuance: 'notice-new', extractedOn: day(extracted), issuedOn: day(on), prints: true },
  );
}

beforeAll(async () => {
  const holders = [MEMBERS[1]!];
  const bulk = await issueRows(
    context,
    kyokai,
    folder,
    { members: holders, enrolment: [ENROLLED[1]!], workplaces: WORKPLACES },
    { issuedOn: day('2025-07-22'), prints: true },
  );
  await approveLots(context, bulk.issuance);
  const pieces = readRows(path.join(bulk.out, 'mailpieces.csv')).map((piece) => piece['郵便物番号']!);
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      context,
      bulk.issuance,
      pieces.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
    );
  first = await round('2026-11-05', '2026-11-10', MEMBERS);
});

const step = story();

step('the notice points to 高齢受給者証 only for who holds a certificate; else it says ratio and days', async () => {
  expect(first.reconciliation.balanced).toBe(true);
  expect(readRows(path.join(first.out, 'notices.csv')).map((notice) => [keyOf(notice), notice['負担割合']])).toEqual([
    ['1-00', '高齢受給者証'],
    ['2-00', '高齢受給者証'],
    ['3-00', '2割'],
    ['5-00', '3割'],
  ]);
  expect(readRows(path.join(first.out, 'notice-exits.csv')).map((exit) => [keyOf(exit), exit['理由コード']])).toEqual([
    ['4-00', 'income-unknown'],
  ]);
  const [held, card] = await textOf(path.join(first.out, 'print', '00001-notices.pdf'), 0, 2);
  expect(held).toContain('高齢受給者証に記載');
  expect(card).toMatch(/2割.*発効期日令和8年8月1日.*有効期限令和9年7月31日/s);
  const { explanation } = await explainPerson(context, first.issuance, parsePersonKey('100-1-00'));
  expect(explanation.sentence).toContain('高齢受給者証に記載するため');
});

step('a round that does not say so shows no digits, nor a box for them', async () => {
  const [sheet = ''] = await textOf(path.join(first.out, 'print', '00001-notices.pdf'), 1);
  expect(sheet).not.toContain('下4桁');
  expect(sheet).not.toContain('4567');
  expect(sheet).toContain('ご自身の資格に係る情報を確認していただくために通知するものです');
  expect(sheet).toContain('マイナポータルでも取得できます');
  expect(new Set(readRows(path.join(first.out, 'notices.csv')).map((notice) => notice['下4桁']))).toEqual(
    new Set(['なし']),
  );
});

step(
  'who gives the certificate up for an enrolled card has no paper with the ratio: the next round tells it',
  async () => {
    const later = MEMBERS.map((member) => (member['番号'] === '1' ? { ...member, 資格確認書有効期限: '' } : member));
    const second = await round('2026-12-05', '2026-12-10', later);
    const decided = readRows(path.join(second.out, 'decisions.csv'));
    expect(decided.map((decision) => [keyOf(decision), decision['理由コード']])).toEqual([
      ['1-00', 'ratio-changed'],
      ['2-00', 'already-noticed'],
      ['3-00', 'already-noticed'],
      ['4-00', 'held-before'],
      ['5-00', 'already-noticed'],
    ]);
    expect(readRows(path.join(second.out, 'notices.csv')).map((notice) => [keyOf(notice), notice['負担割合']])).toEqual(
      [['1-00', '2割']],
    );
  },
);

step('six months after they were taken in the digits go, with a record, and the books still balance', async () => {
  const heldDigits = (): Promise<{ count: number }[]> =>
    context.database.transaction((tx) =>
      tx.query('select count(*)::int as count from member where sealed_digits is not null'),
    );
  expect((await heldDigits())[0]!.count).toBeGreaterThan(0);
  const before = await erasePastRetention(context, kyokai, day('2026-11-30'), false);
  expect(before.digits).toEqual([]);
  const plan = await erasePastRetention(context, kyokai, day('2099-01-01'), false);
  expect(plan.digits.length + plan.datasets.length).toBeGreaterThan(0);
  const soon = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10) as LocalDate;
  const done = await erasePastRetention(context, kyokai, soon, true);
  expect(done).toMatchObject({ issuances: [], datasets: [], isDone: true });
  expect(done.digits.length).toBeGreaterThan(0);
  expect(await heldDigits()).toEqual([{ count: 0 }]);
  const records = await context.database.transaction((tx) =>
    tx.query<{ count: number; months: number }>(
      'select digits_count::int as count, months from digits_erasure order by dataset_id',
    ),
  );
  expect(records.map(({ count }) => count)).toEqual(done.digits.map(({ count }) => count));
  expect(new Set(records.map(({ months }) => months))).toEqual(new Set([6]));
  expect((await reconcile(context, first.issuance)).balanced).toBe(true);
  // Again there is nothing to erase.
  expect((await erasePastRetention(context, kyokai, soon, true)).digits).toEqual([]);
});
