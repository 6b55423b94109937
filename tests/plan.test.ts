// One plan, one issuance: what was begun is carried on or refused by name, never made twice; a later round asks the ledger who has
// a paper, whose is on its way and who was taken out; an issuance nobody was sent anything of is given up by two persons.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import type { Context } from '../src/operations/context.ts';
import { issue } from '../src/operations/issue.ts';
import type { IssueOptions, IssueResult } from '../src/operations/issue.ts';
import { explainPerson, parsePersonKey } from '../src/operations/desk/explain.ts';
import { cancelIssuance } from '../src/operations/life/cancel.ts';
import { takeFilings } from '../src/operations/life/filings.ts';
import { lookForNews, refetchAll } from '../src/operations/posting/ask-again.ts';
import { confirmLot, listLotViews } from '../src/operations/posting/lots.ts';
import { verifyOutput } from '../src/operations/posting/verify-output.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { liftWithdrawal, withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import { openIssuance } from '../src/operations/issuing/month.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { decideAll } from '../src/operations/issuing/decide.ts';
import { planPieces } from '../src/operations/posting/plan-pieces.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { PaperEvent } from '../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import type { Cells } from './cast.ts';
import { anotherInsurer, importRows, issueRows, readRows, writeRows } from './issued.ts';
import { BEFORE_ENCLOSING, openTestFolder, openTestLedger, approveLots } from './ledger.ts';
import { printOnPaper } from './life-world.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
const day = (text: string): LocalDate => text as LocalDate;

/** Insured persons alone, by number; those in `enrolled` hold an enrolled card. */
function people(numbers: readonly string[], change: Readonly<Record<string, Cells>> = {}) {
  return numbers.map((number) => person(number, 0, change[number]));
}
const statuses = (numbers: readonly string[], enrolled: readonly string[] = []): Cells[] =>
  numbers.map((number) => status(number, 0, enrolled.includes(number) ? '1' : '0'));

/** Reasons by number, as `decisions.csv` says them. */
function reasonsOf(out: string): Record<string, string> {
  return Object.fromEntries(readRows(path.join(out, 'decisions.csv')).map((row) => [row['番号']!, row['理由コード']!]));
}

const count = async (sql: string, ...values: unknown[]): Promise<number> => {
  const rows = await context.database.transaction((tx) => tx.query<{ n: number }>(sql, values));
  return rows[0]!.n;
};
const issuancesOf = (profile: InsurerProfile): Promise<number> =>
  count('select count(*)::int as n from issuance where insurer_number = $1', profile.insurer.number);
const datasetsOf = (profile: InsurerProfile): Promise<number> =>
  count('select count(*)::int as n from dataset where insurer_number = $1', profile.insurer.number);

/** The options by which `issueRows` issued, to issue once more with the very same files. */
async function begin(
  profile: InsurerProfile,
  members: readonly Cells[],
  enrolment: readonly Cells[],
): Promise<{ result: IssueResult & { out: string }; options: IssueOptions }> {
  let options: IssueOptions | null = null;
  const result = await issueRows(context, profile, folder, { members, enrolment }, {}, (used) => (options = used));
  return { result, options: options! };
}

async function record(
  run: Issuance,
  event: PaperEvent,
  numbers: readonly string[],
  from: Context = context,
): Promise<void> {
  const asked = numbers.map((mailpieceNumber) => ({
    mailpieceNumber,
    event,
    reason: '検査',
    source: '',
    key: `${event}:${mailpieceNumber}`,
  }));
  const outcomes = await recordPieceEvents(from, run, asked);
  expect(outcomes.map((o) => o.kind)).toEqual(numbers.map(() => 'recorded'));
}

test('the accident: another date of the same plan is refused with the first one’s number and counts; nothing is taken in', async () => {
  const own = anotherInsurer(kyokai);
  const { result, options } = await begin(own, people(['1', '2', '3']), statuses(['1', '2', '3'], ['3']));
  const before = await datasetsOf(own);
  const other = { ...options, issuedOn: day('2025-07-29') };
  await expect(issue(context, own, other)).rejects.toMatchObject({
    code: 'plan-issued',
    message: expect.stringMatching(
      new RegExp(
        `第${result.issuance.id}号（交付年月日 2025-07-22）.*対象 2人、資格確認書 2枚、郵便物 2通（発送済み 0通）`,
      ),
    ),
  });
  // One changed file is another file, too.
  const changed = writeRows(folder, '事業所-変.csv', WORKPLACE_COLUMNS, [{ 記号: '100', 事業所名称: '株式会社ほか' }]);
  await expect(issue(context, own, { ...options, workplaces: changed })).rejects.toMatchObject({ code: 'plan-issued' });
  expect(await datasetsOf(own)).toBe(before);
  expect(await issuancesOf(own)).toBe(1);
});

test('the same files and day are the same run, also when newer files have come meanwhile: byte for byte', async () => {
  const own = anotherInsurer(kyokai);
  const { result, options } = await begin(own, people(['1', '2']), statuses(['1', '2']));
  const first = readFileSync(path.join(result.out, 'manifest.json'));
  await importRows(context, own, folder, { members: people(['1', '2', '4']) }, day('2025-04-30'));
  const again = await issue(context, own, { ...options, outDir: path.join(folder, 'again') });
  expect(again.issuance.id).toBe(result.issuance.id);
  expect(again.imports.members).toMatchObject({ existed: true, inUse: expect.stringContaining('加入者') });
  expect(readFileSync(path.join(folder, 'again', 'manifest.json')).equals(first)).toBe(true);
  // Without files named, the issuance's own are meant.
  const opened = await openIssuance(context, own, {
    issuance: 'bulk-2025',
    issuedOn: day('2025-07-22'),
    members: null,
    workplaces: null,
    enrolment: null,
  });
  expect(opened.id).toBe(result.issuance.id);
  expect(await issuancesOf(own)).toBe(1);
});

test('two processes at once make one issuance', async () => {
  const own = anotherInsurer(kyokai);
  const numbers = Array.from({ length: 40 }, (_, i) => String(i + 1));
  await importRows(
    ...([context, own, folder] as const),
    {
      members: people(numbers),
      enrolment: statuses(numbers),
      workplaces: [{ 記号: '100', 事業所名称: '株式会社あさひ' }],
    },
    day('2025-04-30'),
  );
  const run = async (issuedOn: string): Promise<number> => {
    const inputs = { issuance: 'bulk-2025', members: null, workplaces: null, enrolment: null };
    const opened = await openIssuance(context, own, { ...inputs, issuedOn: day(issuedOn) });
    await decideAll(context, opened);
    await planPieces(context, opened);
    return opened.id;
  };
  const same = await Promise.all([run('2025-07-22'), run('2025-07-22')]);
  expect(new Set(same).size).toBe(1);
  const others = await Promise.allSettled([run('2025-07-23'), run('2025-07-24')]);
  expect(others.map((o) => o.status)).toEqual(['rejected', 'rejected']);
  expect(await count('select count(*)::int as n from certificate where issuance_id = $1', same[0])).toBe(40);
});

test('a later round is of who is in none: holders, papers on their way and withdrawals that hold stay out, each with its reason', async () => {
  const own = anotherInsurer(kyokai);
  const numbers = ['1', '2', '3', '4', '5', '6'];
  const { issuance: run, out } = await issueRows(
    ...([context, own, folder] as const),
    { members: people(numbers), enrolment: statuses(numbers) },
    { prints: true },
  );
  await approveLots(context, run);
  const pieces = new Map(readRows(path.join(out, 'mailpieces.csv')).map((row) => [row['番号']!, row['郵便物番号']!]));
  const pieceOf = (number: string): string => pieces.get(number)!;
  const keyOf = (number: string) => parsePersonKey(`100-${number}-00`);
  await record(run, 'enclose', ['1', '2', '3'].map(pieceOf));
  await record(run, 'post', ['1', '2'].map(pieceOf));
  await record(run, 'return', [pieceOf('2')]);
  expect(await withdrawPerson(context, run, keyOf('4'), '本人の申し出')).toMatchObject({ kind: 'recorded' });
  expect(
    await withdrawPerson(context, run, keyOf('5'), '利用登録を確かめた', '', { code: 'enrolled', lostOn: null }),
  ).toMatchObject({
    kind: 'recorded',
  });
  const members = people([...numbers, '7', '8']);
  const filing = writeRows(
    folder,
    '喪失届-1.csv',
    FILING_COLUMNS,
    ['6', '8'].map((number) => ({
      届書: '喪失',
      記号: '100',
      番号: number,
      枝番: '00',
      異動年月日: '2025-04-20',
      到着年月日: '2025-04-25',
      資格確認書: '',
      回収不能の理由: '',
    })),
  );
  expect(await takeFilings(context, own, filing, day('2025-08-01'))).toMatchObject({ recorded: 2, withdrawn: 1 });
  const round = await issueRows(
    ...([context, own, folder] as const),
    { members, enrolment: statuses([...numbers, '7', '8']) },
    { add: true, issuedOn: day('2025-08-20') },
  );
  expect(round.issuance).toMatchObject({ name: 'bulk-2025-2', issuedOn: '2025-08-20' });
  expect(reasonsOf(round.out)).toEqual({
    1: 'holds-certificate',
    2: 'on-the-way',
    3: 'on-the-way',
    4: 'withdrawn',
    5: 'no-card',
    6: 'lost',
    7: 'no-card',
    8: 'lost',
  });
  expect(round.reconciliation.balanced).toBe(true);
  const told = async (number: string): Promise<string> =>
    (await explainPerson(context, round.issuance, keyOf(number))).explanation.sentence;
  expect(await told('1')).toContain(`第${run.id}号（証番号`);
  expect(await told('4')).toMatch(/引き抜いており（職員の判断）、その理由が今も続いているため/);
  expect(await told('8')).toContain('届出または新しい加入者ファイルによれば、令和7年4月20日に資格を喪失');

  // Lifted, staff's withdrawal keeps nobody out; the round after takes the person.
  expect(await liftWithdrawal(context, own, keyOf('4'), '鈴木 花子', '申し出の取り下げ')).toBe('recorded');
  const third = await issueRows(
    ...([context, own, folder] as const),
    { members, enrolment: statuses([...numbers, '7', '8']) },
    { add: true, issuedOn: day('2025-08-21') },
  );
  expect(third.issuance.name).toBe('bulk-2025-3');
  expect(reasonsOf(third.out)).toMatchObject({ 4: 'no-card', 5: 'on-the-way', 7: 'on-the-way' });
  expect(third.reconciliation).toMatchObject({ balanced: true, counts: { certificates: 1 } });
});

test('two persons give up what nobody was sent: its papers leave under a code that never holds, and the plan is free again', async () => {
  const own = anotherInsurer(kyokai);
  const numbers = ['1', '2', '3'];
  const { result, options } = await begin(own, people(numbers), statuses(numbers));
  const { issuance: run } = result;
  const cancel = (by: string, reason = '交付年月日の誤り') => cancelIssuance(context, run, by, reason);
  await expect(cancel(' ')).rejects.toMatchObject({ code: 'cancel-refused' });
  expect(await cancel('山田 太郎')).toMatchObject({ kind: 'asked', pieces: 0 });
  await expect(cancel('山田　太郎')).rejects.toMatchObject({ message: expect.stringContaining('もう一人は別の人に') });
  expect(await cancel('鈴木 花子')).toMatchObject({ kind: 'cancelled', pieces: 3, papers: 3 });
  expect(await cancel('鈴木 花子')).toMatchObject({ kind: 'already' });
  await expect(planPieces(context, run)).rejects.toMatchObject({ code: 'issuance-cancelled' });
  const again = await issue(context, own, {
    ...options,
    issuedOn: day('2025-07-29'),
    outDir: path.join(folder, 'free'),
  });
  expect(again.issuance).toMatchObject({ name: 'bulk-2025', issuedOn: '2025-07-29' });
  expect(again.issuance.id).not.toBe(run.id);
  expect(again.reconciliation).toMatchObject({ balanced: true, counts: { certificates: 3 } });
  // Even with the same files and day: what was given up is not what is begun anew.
  const other = await begin(anotherInsurer(kyokai), people(numbers), statuses(numbers));
  await cancelIssuance(context, other.result.issuance, '山田 太郎', '誤り');
  await cancelIssuance(context, other.result.issuance, '鈴木 花子', '誤り');
  const profile = { ...kyokai, insurer: { ...kyokai.insurer, number: other.result.issuance.insurerNumber } };
  const anew = await issue(context, profile, { ...other.options, outDir: path.join(folder, 'anew') });
  expect(anew.issuance.id).not.toBe(other.result.issuance.id);
});

test('nothing is given up once something was posted', async () => {
  const own = anotherInsurer(kyokai);
  const { issuance: run, out } = await issueRows(
    ...([context, own, folder] as const),
    { members: people(['1', '2']), enrolment: statuses(['1', '2']) },
    { prints: true },
  );
  await approveLots(context, run);
  const [first = ''] = readRows(path.join(out, 'mailpieces.csv')).map((row) => row['郵便物番号']!);
  expect(await cancelIssuance(context, run, '山田 太郎', '誤り')).toMatchObject({ kind: 'asked' });
  await record(run, 'enclose', [first]);
  await record(run, 'post', [first]);
  await expect(cancelIssuance(context, run, '鈴木 花子', '誤り')).rejects.toMatchObject({
    message: expect.stringContaining('郵便物 1通を発送済み'),
  });
  const insert = (tx: { execute: (sql: string) => Promise<unknown> }): Promise<unknown> =>
    tx.execute(
      `insert into cancellation (issuance_id, person, person_key, reason, actor) values (${run.id}, 'x', 'x', 'x', 'x')`,
    );
  await expect(context.database.transaction(insert)).rejects.toMatchObject({ code: '23514' });
});

test('before print, hand-over and post the newest files are asked again: who has lost is pulled, who is missing or has moved is listed', async () => {
  const own = anotherInsurer(kyokai);
  const numbers = ['1', '2', '3', '4', '5', '6'];
  const { issuance: run, out } = await issueRows(...([context, own, folder] as const), {
    members: people(numbers),
    enrolment: statuses(numbers),
  });
  const known = people(numbers, {
    2: { 資格喪失年月日: '2025-08-01' },
    4: { 氏名: '協会　新' },
    5: { 郵便番号: '1060032', 住所: '東京都港区六本木2-2' },
  });
  const newer = known.filter((row) => row['番号'] !== '3');
  await importRows(context, own, folder, { members: newer }, day('2025-04-30'));
  const { writeOutput } = await import('../src/operations/issue.ts');
  const print = () => writeOutput(context, run, own, { outDir: out, encoding: 'utf-8', prints: true });
  const printed = await print();
  expect(printed.askedAgain?.news.map((n) => [n.number, n.finding])).toEqual([
    ['2', 'lost-by-file'],
    ['3', 'absent'],
    ['4', 'name-changed'],
    ['5', 'address-changed'],
  ]);
  expect(readRows(path.join(out, 'newer-facts.csv')).map((row) => [row['番号'], row['コード']])).toEqual([
    ['3', 'absent'],
    ['4', 'name-changed'],
    ['5', 'address-changed'],
  ]);
  expect(printed.reconciliation).toMatchObject({ balanced: true, counts: { withdrawnBeforePrint: 1 } });
  // Once; and what is printed by now is on the pull list.
  expect((await print()).askedAgain?.news.map((n) => n.number)).toEqual(['3', '4', '5']);
  await importRows(
    ...([context, own, folder] as const),
    { members: newer.map((row) => (row['番号'] === '6' ? { ...row, 資格喪失年月日: '2025-08-02' } : row)) },
    day('2025-04-30'),
  );
  const [lot] = await listLotViews(context, run);
  for (const person of ['山田 太郎', '鈴木 花子']) await confirmLot(context, run, own, lot!.no, 'print', person);
  const released = await confirmLot(context, run, own, lot!.no, 'post', '山田 太郎', BEFORE_ENCLOSING);
  expect(released.askedAgain?.news.map((n) => [n.number, n.finding])).toContainEqual(['6', 'lost-by-file']);
  await print();
  expect(readRows(path.join(out, 'pull-list.csv'))).toHaveLength(1);
});

test('a filing of an earlier eligibility pulls nobody; one of the present pulls the whole household', async () => {
  const own = anotherInsurer(kyokai);
  const members = [person('1', 0), person('2', 0), person('2', 1)];
  const enrolment = [status('1', 0, '0'), status('2', 0, '0'), status('2', 1, '0')];
  const { issuance: run } = await issueRows(...([context, own, folder] as const), { members, enrolment });
  const file = (number: string, on: string): Promise<number> =>
    context.database.transaction((tx) =>
      tx.execute(
        `insert into filing (insurer_number, kind, symbol, number, sub_number, effective_on, arrived_on, processed_on,
                             is_late, legacy_card, legacy_duty, certificate, reason, source, actor)
         values ($1, 'loss', '100', $2, '00', $3, '2025-07-01', '2025-07-01', false, 'unsaid', 'destroy-allowed', 'unsaid', '', '', 'x')`,
        [own.insurer.number, number, on],
      ),
    );
  // Everybody acquired it on 2015-04-01: a loss on that day is of what was before.
  await file('1', '2015-04-01');
  expect(await lookForNews(context, run, own, null)).toMatchObject({ news: [] });
  await file('2', '2025-06-01');
  const { news } = await lookForNews(context, run, own, null);
  expect(news.map((n) => `${n.number}-${n.subNumber} ${n.finding}`)).toEqual([
    '2-00 lost-by-filing',
    '2-01 lost-by-filing',
  ]);
});

test('a newer file that misses too many is not believed: nothing is done on its word', async () => {
  const own = anotherInsurer(kyokai);
  const numbers = Array.from({ length: 60 }, (_, i) => String(i + 1));
  const { issuance: run } = await issueRows(...([context, own, folder] as const), {
    members: people(numbers),
    enrolment: statuses(numbers),
  });
  const half = people(numbers.slice(0, 30)).map((row) => ({ ...row, 資格喪失年月日: '2025-08-01' }));
  await importRows(context, own, folder, { members: half }, day('2025-04-30'));
  expect(await refetchAll(context, run, own, null)).toMatchObject({ news: [], doubtful: { people: 60, absent: 30 } });
});

test('a changed print file is noticed by verify and by print, and made again as it was', async () => {
  const own = anotherInsurer(kyokai);
  const { result, options } = await begin(own, people(['1', '2']), statuses(['1', '2']));
  const { out } = result;
  const again = { ...options, prints: true, outDir: out };
  const first = await issue(context, own, again);
  expect(first.printed?.changed).toEqual([]);
  expect(await verifyOutput(out)).toMatchObject({ faults: [] });
  const name = 'print/00001-certificates.pdf';
  const whole = readFileSync(path.join(out, name));
  const damaged = Buffer.from(whole);
  damaged[damaged.length >> 1]! ^= 1;
  writeFileSync(path.join(out, name), damaged);
  writeFileSync(path.join(out, 'print', '00099-letters.pdf'), 'x');
  expect(await verifyOutput(out)).toMatchObject({
    faults: [{ path: name, what: expect.stringContaining('SHA-256') }],
    strangers: ['print/00099-letters.pdf'],
  });
  const mended = await issue(context, own, again);
  expect(mended.issuance.id).toBe(result.issuance.id);
  expect(mended.printed?.changed).toEqual([name]);
  expect(readFileSync(path.join(out, name)).equals(whole)).toBe(true);
  expect(await verifyOutput(out)).toMatchObject({ faults: [] });
  rmSync(path.join(out, 'manifest.json'));
  await expect(verifyOutput(out)).rejects.toMatchObject({ code: 'manifest-missing' });
});

test('two issuances of one plan, whatever happened between, never give a person two live papers', async () => {
  const NUMBERS = ['1', '2', '3', '4', '5', '6'];
  const FATES = [
    'left',
    'enclosed',
    'posted',
    'returned',
    'spoiled',
    'withdrawn',
    'enrolled',
    'lost',
    'lifted',
  ] as const;
  const fates = fc.array(fc.constantFrom(...FATES), { minLength: 6, maxLength: 6 });
  const first = fc.subarray(NUMBERS, { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(fates, first, fc.boolean(), async (fate, early, isCancelled) => {
      const own = anotherInsurer(kyokai);
      const { issuance: run, out } = await issueRows(...([context, own, folder] as const), {
        members: people(early),
        enrolment: statuses(early),
      });
      await printOnPaper(context, run);
      await approveLots(context, run);
      for (const row of readRows(path.join(out, 'mailpieces.csv'))) {
        const number = row['番号']!;
        await live(run, own, number, row['郵便物番号']!, fate[NUMBERS.indexOf(number)]!);
      }
      const refusals: unknown[] = [];
      for (const by of isCancelled ? ['山田 太郎', '鈴木 花子'] : [])
        await cancelIssuance(context, run, by, '誤り').catch((error: { code: string }) => refusals.push(error.code));
      // Refused where something was posted, and for no other reason.
      expect(new Set(refusals).size).toBeLessThanOrEqual(1);
      expect(refusals.every((code) => code === 'cancel-refused')).toBe(true);
      const again = { members: people(NUMBERS), enrolment: statuses(NUMBERS) };
      for (const issuedOn of ['2025-08-20', '2025-08-21'])
        await issueRows(...([context, own, folder] as const), again, { add: true, issuedOn: day(issuedOn) });
      const twice = await count(
        `select count(*)::int as n from (
           select c.symbol, c.number, c.sub_number from certificate c
             join issuance i on i.id = c.issuance_id and i.insurer_number = $1
             left join paper_state s on s.paper_number = c.certificate_number
            where coalesce(s.state, 'made') in ('made', 'issued', 'return-requested')
            group by 1, 2, 3 having count(*) > 1) twice`,
        own.insurer.number,
      );
      expect(twice).toBe(0);
    }),
    { numRuns: 8 },
  );
});

/** Lives a person's paper to where a fate leaves it. */
async function live(run: Issuance, own: InsurerProfile, number: string, piece: string, fate: string): Promise<void> {
  const key = parsePersonKey(`100-${number}-00`);
  if (fate === 'enclosed' || fate === 'posted' || fate === 'returned') await record(run, 'enclose', [piece]);
  if (fate === 'posted' || fate === 'returned') await record(run, 'post', [piece]);
  if (fate === 'returned') await record(run, 'return', [piece]);
  if (fate === 'spoiled') await record(run, 'spoil', [piece]);
  if (fate === 'withdrawn' || fate === 'lifted') await withdrawPerson(context, run, key, '申し出');
  if (fate === 'enrolled') await withdrawPerson(context, run, key, '登録', '', { code: 'enrolled', lostOn: null });
  if (fate === 'lost') await withdrawPerson(context, run, key, '資格喪失');
  if (fate === 'lifted') await liftWithdrawal(context, own, key, '鈴木 花子', '取り下げ');
}

test('files whose keys are written otherwise are the same files again', async () => {
  const own = anotherInsurer(kyokai);
  const numbers = ['1', '2', '3'];
  const padded = statuses(numbers).map((row) => ({ ...row, 番号: `000${row['番号']}` }));
  const { result, options } = await begin(own, people(numbers), padded);
  expect(result.reconciliation.counts.certificates).toBe(3);
  expect((await issue(context, own, { ...options, outDir: path.join(folder, 'padded') })).issuance.id).toBe(
    result.issuance.id,
  );
});
