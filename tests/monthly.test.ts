// 毎月の職権交付: who newly cannot be verified, asked of files, filings and the ledger's own papers; the same files change nothing, newer
// ones and later days make a round of who is new; whatever happened between, nobody gets a second live paper.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Transaction } from '../src/ledger/core/pool.ts';
import { readEarlierPapers, readKnownLosses } from '../src/ledger/issuing/earlier-papers.ts';
import { findDatasetAt, readLossesAt, readPapersAt } from '../src/ledger/issuing/past-papers.ts';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { lasting } from './papers.ts';
import { getOnlyIssuance } from '../src/operations/issuance.ts';
import { NobodyNew, openIssuance, withMonthAsIf } from '../src/operations/issuing/month.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { issue } from '../src/operations/issue.ts';
import type { IssueOptions, IssueResult } from '../src/operations/issue.ts';
import { chunkOf, explainAsOf } from '../src/operations/desk/explain-past.ts';
import { explainPerson, parsePersonKey } from '../src/operations/desk/explain.ts';
import { traceEverything, tracePaper } from '../src/operations/desk/trace.ts';
import { reconcileAll } from '../src/operations/issuing/reconcile.ts';
import { cancelIssuance } from '../src/operations/life/cancel.ts';
import { takeFilings } from '../src/operations/life/filings.ts';
import { requestReissue } from '../src/operations/life/reissue.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { liftWithdrawal, withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { PaperEvent } from '../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import type { Cells } from './cast.ts';
import { anotherInsurer, importRows, issueRows, readRows, writeRows } from './issued.ts';
import { approveLots, openTestFolder, openTestLedger } from './ledger.ts';
import { printOnPaper } from './life-world.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const kyokai = lasting(await loadProfile('kyokai-kenpo'));
const day = (text: string): LocalDate => text as LocalDate;
const keyOf = (number: string) => parsePersonKey(`100-${number}-00`);

type Rows = Readonly<Record<string, Cells>>;

/** Insured persons alone, by number. */
const people = (numbers: readonly string[], change: Rows = {}): Cells[] =>
  numbers.map((number) => person(number, 0, change[number]));
/** Nobody has a card but whom `change` gives one. */
const statuses = (numbers: readonly string[], change: Rows = {}): Cells[] =>
  numbers.map((number) => status(number, 0, '0', change[number]));
const ENROLLED = { カード: '1', 利用登録: '1' };
const JOINED_SINCE = { 資格取得年月日: '2025-04-01', 健康保険証: '0' };

const NOVEMBER = { issuance: 'monthly', extractedOn: day('2026-10-31'), issuedOn: day('2026-11-10') };

const reasonsOf = (out: string): Record<string, string> =>
  Object.fromEntries(readRows(path.join(out, 'decisions.csv')).map((row) => [row['番号']!, row['理由コード']!]));

async function count(sql: string, ...values: unknown[]): Promise<number> {
  const rows = await context.database.transaction((tx) => tx.query<{ n: number }>(sql, values));
  return rows[0]!.n;
}
const issuancesOf = ({ insurer }: InsurerProfile): Promise<number> =>
  count('select count(*)::int as n from issuance where insurer_number = $1', insurer.number);

/** Issues to these rows, and remembers what was asked for. */
async function begin(
  profile: InsurerProfile,
  members: readonly Cells[],
  enrolment: readonly Cells[],
  options: Partial<IssueOptions> = {},
): Promise<IssueResult & { out: string; options: IssueOptions; pieceOf: (number: string) => string }> {
  let used: IssueOptions | null = null;
  const result = await issueRows(context, profile, folder, { members, enrolment }, options, (asked) => (used = asked));
  const pieces = new Map(
    readRows(path.join(result.out, 'mailpieces.csv')).map((row) => [row['番号']!, row['郵便物番号']!]),
  );
  return { ...result, options: used!, pieceOf: (number) => pieces.get(number)! };
}

async function record(run: Issuance, event: PaperEvent, piece: string): Promise<void> {
  const asked = [{ mailpieceNumber: piece, event, reason: '検査', source: '', key: `${event}:${piece}` }];
  expect((await recordPieceEvents(context, run, asked)).map((o) => o.kind)).toEqual(['recorded']);
}

let filings = 0;
async function fileLoss(profile: InsurerProfile, number: string, lostOn: string, on: string): Promise<void> {
  filings += 1;
  const row = { 届書: '喪失', 記号: '100', 番号: number, 枝番: '00', 異動年月日: lostOn, 到着年月日: on };
  const file = writeRows(folder, `喪失届-${filings}.csv`, FILING_COLUMNS, [row]);
  await takeFilings(context, profile, file, day(on));
}

test('a month asks files, filings and its own papers; nobody who holds or awaits one, was taken out or has left gets one', async () => {
  const own = anotherInsurer(kyokai);
  const first = await begin(own, people(['1', '2', '3', '4', '5']), statuses(['1', '2', '3', '4', '5']), {
    prints: true,
  });
  await approveLots(context, first.issuance);
  for (const number of ['1', '2']) {
    await record(first.issuance, 'enclose', first.pieceOf(number));
    await record(first.issuance, 'post', first.pieceOf(number));
  }
  await record(first.issuance, 'return', first.pieceOf('2'));
  await withdrawPerson(context, first.issuance, keyOf('4'), '本人の申し出');
  await fileLoss(own, '6', '2026-11-10', '2026-11-09');

  const numbers = Array.from({ length: 16 }, (_, i) => String(i + 1));
  const members = people(numbers, {
    6: JOINED_SINCE,
    7: JOINED_SINCE,
    8: { 資格取得年月日: '2026-10-28', 健康保険証: '0' },
    9: JOINED_SINCE,
    10: { ...JOINED_SINCE, 資格喪失年月日: '2026-11-01' },
    11: { ...JOINED_SINCE, 要配慮: '1' },
    12: { ...JOINED_SINCE, 生年月日: '1951-11-10' },
    13: { ...JOINED_SINCE, 生年月日: '1951-11-21', 資格確認書有効期限: '2026-11-20' },
    15: { 資格取得年月日: '2026-10-30', 健康保険証: '0' },
    16: JOINED_SINCE,
  });
  const enrolment = statuses(numbers, {
    9: { ...ENROLLED, 電子証明書有効期限: '2026-08-15' },
    11: ENROLLED,
    14: { ...ENROLLED, 電子証明書有効期限: '2026-09-01' },
    16: { カード: '1', 利用登録: '9' },
  }).filter((row) => row['番号'] !== '15');
  const month = await begin(own, members, enrolment, { ...NOVEMBER, prints: true });
  expect(month.issuance).toMatchObject({ name: 'monthly-2026-11', referenceOn: '2026-10-31', issuedOn: '2026-11-10' });
  expect(reasonsOf(month.out)).toEqual({
    1: 'holds-certificate',
    2: 'on-the-way',
    3: 'on-the-way',
    4: 'withdrawn',
    5: 'on-the-way',
    6: 'lost',
    7: 'no-card',
    8: 'waiting',
    9: 'certificate-expired',
    10: 'lost',
    11: 'special-care',
    12: 'lost',
    13: 'holds-certificate',
    14: 'verifiable',
    15: 'waiting',
    16: 'deregistered',
  });
  expect(month.reconciliation).toMatchObject({ balanced: true, counts: { certificates: 4 } });
  // Through the employer, as the monthly entry of the profile says; the issuance of 2025 went to homes.
  expect(new Set(readRows(path.join(month.out, 'mailpieces.csv')).map((row) => row['経路']))).toEqual(
    new Set(['workplace']),
  );
  const told = await explainPerson(context, month.issuance, keyOf('12'));
  expect(told.explanation.sentence).toContain('令和8年11月9日を最後に75歳に達して');
  expect((await explainPerson(context, month.issuance, keyOf('7'))).explanation.rule).toContain(
    '令和5年法律第48号附則第15条',
  );

  // The same files and days again: the same run, byte for byte.
  const manifest = readFileSync(path.join(month.out, 'manifest.json'));
  const again = await issue(context, own, month.options);
  expect(again.issuance.id).toBe(month.issuance.id);
  expect(readFileSync(path.join(month.out, 'manifest.json')).equals(manifest)).toBe(true);

  // A later day of the month with the same files: nobody is new, and nothing is made.
  const before = await issuancesOf(own);
  await expect(issue(context, own, { ...month.options, issuedOn: day('2026-11-20') })).rejects.toBeInstanceOf(
    NobodyNew,
  );
  expect(await issuancesOf(own)).toBe(before);

  // Newer files: a further round, of who is new; and one of a later day, once staff have lifted the withdrawal.
  const more = [...members, ...people(['17'], { 17: JOINED_SINCE })];
  const second = await begin(own, more, [...enrolment, ...statuses(['17'])], {
    ...NOVEMBER,
    issuedOn: day('2026-11-20'),
  });
  expect(second.issuance.name).toBe('monthly-2026-11-2');
  expect(readRows(path.join(second.out, 'certificates.csv')).map((row) => row['番号'])).toEqual(['17']);
  await liftWithdrawal(context, own, keyOf('4'), '鈴木 花子', '申し出の取り下げ');
  const third = await issue(context, own, {
    ...second.options,
    issuedOn: day('2026-11-25'),
    outDir: path.join(folder, 'third'),
  });
  expect(third.issuance.name).toBe('monthly-2026-11-3');
  expect(readRows(path.join(folder, 'third', 'certificates.csv')).map((row) => row['番号'])).toEqual(['4']);

  // A person's history is that of all their papers; a name says which one is meant.
  const trace = await traceEverything(context, own.insurer.number, '100-4-00');
  expect(trace.papers.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn', 'made', 'planned']);
  const { papers } = await tracePaper(context, third.issuance, '100-4-00');
  expect(trace.papers.slice(-2)).toEqual(papers);
  expect((await traceEverything(context, own.insurer.number, papers[0]!.number)).papers).toEqual(papers.slice(0, 1));
  await expect(traceEverything(context, own.insurer.number, '100-99-00')).rejects.toMatchObject({
    code: 'person-unknown',
  });
  await expect(getOnlyIssuance(context, own, null)).rejects.toMatchObject({ code: 'issuance-unnamed' });
  expect((await getOnlyIssuance(context, own, 'monthly-2026-11-2')).id).toBe(second.issuance.id);
  const counted = await reconcileAll(context, own.insurer.number);
  expect(counted.map(({ issuance, result }) => [issuance.name, result.balanced])).toEqual(
    ['bulk-2025', 'monthly-2026-11', 'monthly-2026-11-2', 'monthly-2026-11-3'].map((name) => [name, true]),
  );

  // The month after is a plan of its own; who waited is shown by its snapshot.
  const december = await begin(own, more, [...enrolment, ...statuses(['15', '17'])], {
    issuance: 'monthly',
    extractedOn: day('2026-11-30'),
    issuedOn: day('2026-12-10'),
  });
  expect(december.issuance.name).toBe('monthly-2026-12');
  expect(reasonsOf(december.out)).toMatchObject({
    8: 'no-card',
    14: 'certificate-expired',
    15: 'no-card',
    17: 'on-the-way',
  });
});

test('a day that is missing or impossible is asked for by name, before any file is taken in', async () => {
  const own = anotherInsurer(kyokai);
  const asked = (options: Partial<IssueOptions>) =>
    begin(own, people(['1']), statuses(['1']), { ...NOVEMBER, ...options });
  await expect(asked({ extractedOn: null })).rejects.toMatchObject({ code: 'snapshot-day' });
  await expect(asked({ issuedOn: null })).rejects.toMatchObject({ code: 'issue-date-missing' });
  await expect(asked({ issuedOn: day('2026-10-30') })).rejects.toMatchObject({ code: 'issue-date' });
  await expect(asked({ extractedOn: day('2024-11-30'), issuedOn: day('2024-12-01') })).rejects.toMatchObject({
    code: 'ground-missing',
  });
  expect(await count('select count(*)::int as n from dataset where insurer_number = $1', own.insurer.number)).toBe(0);
});

test('who may be sent nothing is a target of every round, and makes none', async () => {
  const own = anotherInsurer(kyokai);
  const members = people(['1', '2'], { 2: { 送付停止: '1' } });
  const first = await begin(own, members, statuses(['1', '2']), NOVEMBER);
  expect(first.reconciliation.counts).toMatchObject({ certificates: 1 });
  await expect(issue(context, own, { ...first.options, issuedOn: day('2026-11-11') })).rejects.toBeInstanceOf(
    NobodyNew,
  );
});

test('files that nobody names are the newest: a newer one makes a round, none makes none', async () => {
  const own = anotherInsurer(kyokai);
  const inputs = { ...NOVEMBER, members: null, workplaces: null, enrolment: null };
  const first = await begin(own, people(['1', '2']), statuses(['1', '2']), NOVEMBER);
  expect((await openIssuance(context, own, inputs)).id).toBe(first.issuance.id);
  await expect(openIssuance(context, own, { ...inputs, issuedOn: day('2026-11-11') })).rejects.toBeInstanceOf(
    NobodyNew,
  );
});

test('on a past day, what was known then: files in use, filings and papers; what comes later changes no answer', async () => {
  const own = anotherInsurer(kyokai);
  const now = async (): Promise<string> => {
    const [row] = await context.database.transaction((tx) =>
      tx.query<{ at: string }>('select clock_timestamp()::text as at'),
    );
    return row!.at;
  };
  const nothing = await now();
  const first = await begin(own, people(['1', '2', '3']), statuses(['1', '2', '3']), { ...NOVEMBER, prints: true });
  const made = await now();
  await approveLots(context, first.issuance);
  await record(first.issuance, 'enclose', first.pieceOf('1'));
  await record(first.issuance, 'post', first.pieceOf('1'));
  const posted = await now();
  await withdrawPerson(context, first.issuance, keyOf('2'), '本人の申し出');
  const withdrawn = await now();
  await fileLoss(own, '1', '2026-11-10', '2026-11-09');
  const filed = await now();
  await liftWithdrawal(context, own, keyOf('2'), '鈴木 花子', '取り下げ');
  const lifted = await now();
  await importRows(
    context,
    own,
    folder,
    { enrolment: statuses(['1', '2', '3'], { 2: ENROLLED, 3: ENROLLED }) },
    day('2026-10-31'),
  );
  const enrolled = await now();
  await cancelIssuance(context, first.issuance, '山田 太郎', '誤り').catch(() => undefined);
  const before = await issuancesOf(own);
  const on = day('2026-11-10');
  const said = async (until: string): Promise<string[]> =>
    Promise.all(
      ['1', '2', '3'].map(async (number) => {
        const { decision } = await explainAsOf(context, own, keyOf(number), on, until);
        return decision.reason;
      }),
    );
  const told = {
    made: await said(made),
    posted: await said(posted),
    withdrawn: await said(withdrawn),
    filed: await said(filed),
    lifted: await said(lifted),
    enrolled: await said(enrolled),
  };
  expect(told).toEqual({
    made: ['on-the-way', 'on-the-way', 'on-the-way'],
    posted: ['holds-certificate', 'on-the-way', 'on-the-way'],
    withdrawn: ['holds-certificate', 'withdrawn', 'on-the-way'],
    filed: ['lost', 'withdrawn', 'on-the-way'],
    lifted: ['lost', 'no-card', 'on-the-way'],
    enrolled: ['lost', 'verifiable', 'on-the-way'],
  });
  await expect(said(nothing)).rejects.toMatchObject({ code: 'dataset-missing' });
  await expect(explainAsOf(context, own, keyOf('9'), on, made)).rejects.toMatchObject({ code: 'person-unknown' });
  // Nothing of it is stored, and a month that is made goes on as before.
  expect(await issuancesOf(own)).toBe(before);
  expect((await issue(context, own, first.options)).issuance.id).toBe(first.issuance.id);
});

test('months after months, whatever happens to papers between, give nobody a second live paper', async () => {
  const NUMBERS = ['1', '2', '3', '4'];
  const FATES = [
    'left',
    'posted',
    'returned',
    'missing',
    'torn',
    'spoiled',
    'withdrawn',
    'lifted',
    'enrolled',
    'lost',
  ] as const;
  const DAYS = [
    ['2026-09-30', '2026-10-13'],
    ['2026-10-31', '2026-11-10'],
    ['2026-10-31', '2026-11-24'],
    ['2026-11-30', '2026-12-10'],
  ] as const;
  const fates = fc.array(fc.constantFrom(...FATES), { minLength: 4, maxLength: 4 });
  const month = fc.record({ fates, present: fc.subarray(NUMBERS, { minLength: 1 }), isCancelled: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(month, { minLength: 4, maxLength: 4 }), async (months) => {
      const own = anotherInsurer(kyokai);
      for (const [m, { fates: fate, present, isCancelled }] of months.entries()) {
        const [extractedOn, issuedOn] = DAYS[m]!;
        const days = { issuance: 'monthly', extractedOn: day(extractedOn), issuedOn: day(issuedOn) };
        const made = await begin(own, people(present), statuses(present), days).catch((error: unknown) => {
          if (error instanceof NobodyNew) return null;
          throw error;
        });
        expect(await countTwice(own)).toBe(0);
        if (made === null) continue;
        expect(made.reconciliation.balanced).toBe(true);
        await printOnPaper(context, made.issuance);
        await approveLots(context, made.issuance);
        for (const row of readRows(path.join(made.out, 'mailpieces.csv'))) {
          const number = row['番号']!;
          await live(own, made.issuance, number, row['郵便物番号']!, fate[NUMBERS.indexOf(number)]!, day(issuedOn));
        }
        for (const by of isCancelled ? ['山田 太郎', '鈴木 花子'] : [])
          await cancelIssuance(context, made.issuance, by, '誤り').catch((error: { code: string }) => {
            // Refused where something was posted, and for no other reason.
            if (error.code !== 'cancel-refused') throw error;
          });
        await comparePastWithPresent(own, NUMBERS, day(issuedOn));
      }
    }),
    { numRuns: 6 },
  );
});

/** What was known until now is what is known now: the past is asked by the same meaning as the present. */
async function comparePastWithPresent(own: InsurerProfile, numbers: readonly string[], on: LocalDate): Promise<void> {
  const insurer = own.insurer.number;
  const later = '2999-01-01T00:00:00Z';
  const files = async (tx: Transaction) => ({
    members: await findDatasetAt(tx, insurer, 'members', later),
    workplaces: await findDatasetAt(tx, insurer, 'workplaces', later),
    enrolment: await findDatasetAt(tx, insurer, 'enrolment', later),
  });
  await withMonthAsIf(context, own, own.monthly[0]!, on, files, async (tx, issuance) => {
    for (const number of numbers) {
      const key = keyOf(number);
      expect(await readPapersAt(tx, insurer, key, later)).toEqual(await readEarlierPapers(tx, issuance, chunkOf(key)));
      expect(await readLossesAt(tx, insurer, key, later)).toEqual(await readKnownLosses(tx, issuance, chunkOf(key)));
    }
  });
}

/** Persons with two papers that serve or are on their way; a paper that is asked for again serves until the new one is posted. */
function countTwice({ insurer }: InsurerProfile): Promise<number> {
  return count(
    `select count(*)::int as n from (
       select c.symbol, c.number, c.sub_number from certificate c
         join issuance i on i.id = c.issuance_id and i.insurer_number = $1
         left join paper_state s on s.paper_number = c.certificate_number
        where coalesce(s.state, 'made') in ('made', 'issued', 'return-requested')
           or exists (select from event e where e.paper_number = c.certificate_number and e.event = 'reissue')
        group by 1, 2, 3 having count(*) > 1) twice`,
    insurer.number,
  );
}

/** Lives a person's paper to where a fate leaves it. */
async function live(
  own: InsurerProfile,
  run: Issuance,
  number: string,
  piece: string,
  fate: string,
  on: LocalDate,
): Promise<void> {
  const key = keyOf(number);
  if (['posted', 'returned', 'missing', 'torn'].includes(fate)) {
    await record(run, 'enclose', piece);
    await record(run, 'post', piece);
  }
  if (fate === 'returned') await record(run, 'return', piece);
  if (fate === 'missing' || fate === 'torn')
    await requestReissue(context, own.insurer.number, {
      ...key,
      reason: fate,
      requestedOn: on,
      isAttached: fate === 'torn',
    });
  if (fate === 'spoiled') await record(run, 'spoil', piece);
  if (fate === 'withdrawn' || fate === 'lifted') await withdrawPerson(context, run, key, '本人の申し出');
  if (fate === 'lifted') await liftWithdrawal(context, own, key, '鈴木 花子', '取り下げ');
  if (fate === 'enrolled') await withdrawPerson(context, run, key, '登録', '', { code: 'enrolled', lostOn: null });
  if (fate === 'lost') await fileLoss(own, number, on, on);
}
