// 再交付 from the request to the recall of the old one: one, a file, what waits, the next print run, and everything that
// must follow it: trace, explanation, reconciliation, a second loss, what is found again.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { REISSUE_COLUMNS } from '../src/formats/reissues.ts';
import { explainPerson, parsePersonKey } from '../src/operations/desk/explain.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { writeOutput } from '../src/operations/issue.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { makeRecallList } from '../src/operations/life/recall.ts';
import { declareFound } from '../src/operations/life/recall-return.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import { listWaitingReissues, makeReissues, requestReissue, takeReissues } from '../src/operations/life/reissue.ts';
import { tracePaper, verifyAudit } from '../src/operations/desk/trace.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import type { ReissueReason } from '../src/rules/life/reissue.ts';
import { person, status } from './cast.ts';
import { importRows, issueRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { openTestFolder, openTestLedger, approveLots } from './ledger.ts';
import { readTexts } from './pages.ts';
import { story } from './story.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const profile = await loadProfile('kyokai-kenpo');
const insurer = profile.insurer.number;
const day = (text: string): LocalDate => text as LocalDate;
let run: Issuance;
let again: Issuance;

// 1: insured and dependent, 2 marries, 3 leaves, 4 enrols a card, 5 is protected.
const MEMBERS = [person('1', 0), person('1', 1), ...['2', '3', '4', '5'].map((number) => person(number, 0))];
const NO_CARD = MEMBERS.map((row) => status(row['番号']!, Number(row['枝番']), '0'));

const query = <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  context.database.transaction((tx) => tx.query<Row>(sql, values));

/** Certificates of a person with their states, the oldest first. */
const papersOf = (key: string): Promise<{ number: string; state: string; issuance: number }[]> =>
  query(
    `select certificate_number::text as number, coalesce(state, 'made') as state, c.issuance_id as issuance
       from certificate c left join paper_state on paper_number = certificate_number
      where symbol || '-' || number || '-' || sub_number = $1 order by c.issuance_id`,
    [key],
  );
const statesOf = async (key: string): Promise<string[]> => (await papersOf(key)).map((paper) => paper.state);

const ask = async (key: string, reason: ReissueReason, on: string, isAttached = false): Promise<string> => {
  const said = await requestReissue(context, insurer, {
    ...parsePersonKey(key),
    reason,
    requestedOn: day(on),
    isAttached,
  });
  return said.kind === 'refused' ? said.why : said.kind;
};

async function post(of: Issuance, on: LocalDate | null = null): Promise<void> {
  await approveLots(context, of);
  const pieces = await query<{ number: string }>(
    'select mailpiece_number::text as number from mailpiece where issuance_id = $1',
    [of.id],
  );
  const asked = (['enclose', 'post'] as const).flatMap((event) =>
    pieces.map(({ number }) => ({
      mailpieceNumber: number,
      event,
      reason: '',
      source: '',
      key: `${event}:${number}`,
      ...(on !== null && { on }),
    })),
  );
  const outcomes = await recordPieceEvents(context, of, asked);
  expect(outcomes.every(({ kind }) => kind === 'recorded')).toBe(true);
}

beforeAll(async () => {
  ({ issuance: run } = await issueRows(
    context,
    profile,
    folder,
    { members: MEMBERS, enrolment: NO_CARD },
    { prints: true },
  ));
});

const step = story();

step('nothing is made again before it was posted, and nothing for whom there is nothing', async () => {
  expect(await ask('100-1-01', 'missing', '2025-11-01')).toBe(
    'まだ発送していません。引き抜きか刷り直しをしてください（今は「作成済み」です）',
  );
  expect(await ask('100-9-00', 'missing', '2025-11-01')).toBe('100-9-00 の資格確認書はありません');
  await post(run);
});

step('a lost one is void from the request on; the same request again is one', async () => {
  expect(await ask('100-1-01', 'missing', '2025-11-01')).toBe('recorded');
  expect(await statesOf('100-1-01')).toEqual(['void']);
  expect(await ask('100-1-01', 'missing', '2025-11-01')).toBe('already');
  expect(await ask('100-1-01', 'torn', '2025-11-02')).toBe('already');
  const { sentences } = await tracePaper(context, run, '100-1-01');
  expect(sentences.slice(-2).map((sentence) => sentence.slice(19))).toEqual([
    expect.stringMatching(
      /^　資格確認書 \d{14} をtesterが「紛失の届出」とした（滅失）、2025-11-01 付け。交付済み → 紛失$/,
    ),
    expect.stringMatching(
      /^　資格確認書 \d{14} をtesterが「再交付の受付」とした（滅失）、2025-11-01 付け。紛失 → 無効$/,
    ),
  ]);
});

step('a file of requests: what can be is taken, each other row says why', async () => {
  const newer = MEMBERS.map((row) =>
    row['番号'] === '2' ? { ...row, 氏名: '新谷　花子' } : row['番号'] === '5' ? { ...row, 送付停止: '1' } : row,
  );
  const enrolment = NO_CARD.map((row) => (row['番号'] === '4' ? { ...row, カード: '1', 利用登録: '1' } : row));
  await importRows(context, profile, folder, { members: newer, enrolment }, day('2025-11-05'));
  const row = (number: string, 理由: string, change: Cells = {}): Cells => ({
    記号: '100',
    番号: number,
    枝番: '00',
    理由,
    申請年月日: '2025-11-06',
    ...change,
  });
  const file = writeRows(folder, '再交付.csv', REISSUE_COLUMNS, [
    row('1', 'き損', { 元の証: '添付' }),
    row('2', '氏名変更'),
    row('3', '氏名変更'),
    row('4', '滅失'),
    row('5', '汚損'),
    row('3', '滅失', { 元の証: '添付' }),
    row('3', '紛失'),
    row('3', '滅失', { 申請年月日: '2025-11-09' }),
    row('3', '滅失'),
  ]);
  const taken = await takeReissues(context, insurer, file, day('2025-11-07'));
  expect(taken).toMatchObject({ recorded: 3, already: 0 });
  expect(taken.refused.toSorted((a, b) => a.line - b.line)).toEqual([
    { line: 4, why: expect.stringContaining('加入者ファイルにまだ変更がありません') },
    { line: 5, why: expect.stringContaining('マイナ保険証で受診できる方です') },
    { line: 6, why: expect.stringContaining('送付停止の方です') },
    { line: 7, why: expect.stringContaining('紛失の届出がある証です') },
    { line: 8, why: expect.stringContaining('理由: ') },
    { line: 9, why: '申請年月日: 処理する日（2025-11-07）より後の日付です' },
  ]);
  expect(await takeReissues(context, insurer, file, day('2025-11-07'))).toMatchObject({ recorded: 0, already: 5 });
  // Torn and in the envelope: back. Married: in use until the new one is posted.
  expect(await statesOf('100-1-00')).toEqual(['given-back']);
  expect(await statesOf('100-2-00')).toEqual(['issued']);
});

step('the next print run takes what waits, by the newest files; who has lost since stays and is told', async () => {
  const lost = MEMBERS.map((row) =>
    row['番号'] === '3'
      ? { ...row, 資格喪失年月日: '2025-11-10' }
      : row['番号'] === '2'
        ? { ...row, 氏名: '新谷　花子' }
        : row,
  );
  await importRows(context, profile, folder, { members: lost }, day('2025-11-11'));
  const waiting = await listWaitingReissues(context, insurer, day('2025-11-12'));
  expect(waiting.map(({ key, reason, why }) => [key, reason, why])).toEqual([
    ['100-1-00', 'torn', null],
    ['100-1-01', 'missing', null],
    ['100-2-00', 'name-changed', null],
    ['100-3-00', 'missing', 'lost'],
  ]);
  const early = makeReissues(context, profile, day('2025-07-01'));
  await expect(early).rejects.toMatchObject({ code: 'issue-date' });
  const made = await makeReissues(context, profile, day('2025-11-12'));
  expect(made.runs).toMatchObject([{ isResumed: false, count: 3 }]);
  expect(made.left.map(({ key, why }) => [key, why])).toEqual([['100-3-00', 'lost']]);
  again = made.runs[0]!.issuance;
  expect(again).toMatchObject({ name: 'bulk-2025/reissue-1', memberCount: 3, issuedOn: '2025-11-12' });
  // Interrupted before it is printed, it goes on; printed, there is nothing more.
  expect((await makeReissues(context, profile, day('2025-11-13'))).runs).toMatchObject([
    { isResumed: true, issuance: { id: again.id } },
  ]);
  const out = path.join(folder, 'again');
  await writeOutput(context, again, profile, { outDir: out, encoding: 'utf-8', prints: true });
  expect((await makeReissues(context, profile, day('2025-11-13'))).runs).toEqual([]);

  // A household in one envelope, home by the profile; the new name on the new paper.
  const pieces = await query<{ number: string; route: string; addressee: string; count: number }>(
    `select number, route, addressee, certificate_count as count from mailpiece where issuance_id = $1 order by 1`,
    [again.id],
  );
  expect(pieces).toEqual([
    { number: '1', route: 'home', addressee: MEMBERS[0]!['氏名'], count: 2 },
    { number: '2', route: 'home', addressee: '新谷　花子', count: 1 },
  ]);
  const file = readdirSync(path.join(out, 'print')).find((name) => name.includes('certificates'))!;
  const faces = await readTexts(readFileSync(path.join(out, 'print', file)), [0, 2, 4]);
  expect(faces[2]).toContain('新谷花子');
  for (const of of [run, again]) expect((await reconcile(context, of)).balanced).toBe(true);
});

step('a new number; the old one ends the day the new one is posted, and is asked back', async () => {
  expect(await statesOf('100-2-00')).toEqual(['issued', 'made']);
  // After the last day of the campaign (2025-12-01), too: it is the member's own.
  await post(again, day('2025-12-10'));
  expect(await statesOf('100-2-00')).toEqual(['superseded', 'issued']);
  expect(await statesOf('100-1-00')).toEqual(['given-back', 'issued']);
  expect(await statesOf('100-1-01')).toEqual(['void', 'issued']);
  const [old, made] = await papersOf('100-1-01');
  expect(made!.number).not.toBe(old!.number);
  // Found again: back at once (健保則49条); the list has it as a duty, and so the married one's old one (48条).
  expect((await declareFound(context, insurer, old!.number, day('2025-11-18'))).kind).toBe('recorded');
  const out = path.join(folder, 'recall');
  const { counts } = await makeRecallList(context, profile, day('2025-11-20'), out);
  expect(counts).toEqual({ lost: 0, found: 1, corrected: 1, damaged: 0, enrolled: 1, superseded: 0 });
  expect(await statesOf('100-1-01')).toEqual(['return-demanded', 'issued']);
});

step('who was it for, and why: trace and explanation say so', async () => {
  const [old, made] = await papersOf('100-1-01');
  const sentence = `資格確認書 ${made!.number} は、2025-11-01 の申請（滅失）により ${old!.number} に代えて再交付するもの。`;
  for (const [of, key] of [
    [run, '100-1-01'],
    [again, '100-1-01'],
  ] as const)
    expect((await tracePaper(context, of, key)).sentences.at(-1)).toBe(sentence);
  const { explanation } = await explainPerson(context, again, parsePersonKey('100-1-01'));
  expect(explanation.sentence).toMatch(
    new RegExp(`^滅失のため 2025-11-01 に申請があり、資格確認書 ${old!.number} に代えて再交付するもの。`),
  );
});

step(
  'the new one is lost in its turn: a request of its own, of the issuance it is of; the old file changes nothing',
  async () => {
    expect(await ask('100-1-01', 'missing', '2025-11-01')).toBe('already');
    expect(await ask('100-1-01', 'not-arrived', '2025-11-25')).toBe('recorded');
    expect(await statesOf('100-1-01')).toEqual(['return-demanded', 'void']);
    const { runs } = await makeReissues(context, profile, day('2025-11-26'));
    expect(runs.map(({ issuance: made, count }) => [made.name, count])).toEqual([['bulk-2025/reissue-1/reissue-1', 1]]);
    expect(await statesOf('100-1-01')).toEqual(['return-demanded', 'void', 'made']);
    expect((await reconcile(context, runs[0]!.issuance)).balanced).toBe(true);
    expect(await verifyAudit(context, insurer)).toBeNull();
  },
);

step('the ledger refuses one that nobody asked for, and a second of one request', async () => {
  const [untouched] = await papersOf('100-5-00');
  const enter = (number: string, parent: number, made: number): Promise<unknown> =>
    query('insert into reissued_certificate values ($1, $2, $3)', [number, parent, made]);
  await expect(enter(untouched!.number, run.id, again.id)).rejects.toThrow('reissue_unasked');
  const [, left] = await papersOf('100-1-01');
  await expect(enter(left!.number, again.id, run.id)).rejects.toThrow('reissue_unasked');
  await expect(enter(left!.number, again.id, again.id + 1)).rejects.toMatchObject({ code: '23505' });
});
