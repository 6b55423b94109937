// Two requests at once, held at the moment that matters: the first has done its work and not committed it when the second
// begins. Locks make the second wait, and it then answers by what the first has left.
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import type { Database, Transaction } from '../src/ledger/core/pool.ts';
import { listPrintFiles, listPrintedPieces, recordPrintedBatch } from '../src/ledger/printing/prints.ts';
import type { PrintResult } from '../src/ledger/printing/prints.ts';
import type { Context } from '../src/operations/context.ts';
import { writeOutput } from '../src/operations/issue.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import type { PieceEvent } from '../src/operations/posting/piece-events.ts';
import { planLots } from '../src/operations/printing/plan-lots.ts';
import type { PaperEvent } from '../src/rules/papers/lifecycle.ts';
import { person, status } from './cast.ts';
import { issueRows, readRows } from './issued.ts';
import { given, openTestFolder, approveLots } from './ledger.ts';

const folder = openTestFolder();
const profile = await loadProfile('mbk');
const FIRST = { symbol: '100', number: '1', subNumber: '00' };

/** Two persons, each with an envelope, enclosed and not printed. */
const enclosed = given(async (context) => {
  const members = [person('1', 0), person('2', 0)];
  const enrolment = [status('1', 0, '0'), status('2', 0, '0')];
  const { issuance: run, out } = await issueRows(context, profile, folder, { members, enrolment });
  const pieces = readRows(path.join(out, 'mailpieces.csv')).map((row) => row['郵便物番号']!);
  return { run, pieces };
});

/** Printed and enclosed, released by two persons. */
const sealed = given(enclosed, async ({ context, run, pieces }) => {
  await writeOutput(context, run, profile, { outDir: path.join(folder, 'printed'), encoding: 'utf-8', prints: true });
  await approveLots(context, run);
  await recordPieceEvents(
    context,
    run,
    pieces.map((number) => eventOf(number, 'enclose')),
  );
  return {};
});

const eventOf = (mailpieceNumber: string, event: PaperEvent): PieceEvent => ({
  mailpieceNumber,
  event,
  reason: '',
  source: '',
  key: `${event}:${mailpieceNumber}`,
});

/**
 * Begins `second` when `first` has done all its work and not committed; lets `first` commit when `second` waits for a
 * lock, or has ended without one.
 */
async function interleave<A, B>(
  context: Context,
  first: (context: Context) => Promise<A>,
  second: (context: Context) => Promise<B>,
): Promise<[PromiseSettledResult<A>, PromiseSettledResult<B>]> {
  const { database } = context;
  const [reached, allowed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const transaction: Database['transaction'] = (work, opening) =>
    database.transaction(async (tx: Transaction) => {
      const result = await work(tx);
      reached.resolve();
      await allowed.promise;
      return result;
    }, opening);
  const one = first({ ...context, database: { ...database, transaction } });
  await Promise.race([reached.promise, one]);
  const other = second(context);
  const progress = { hasEnded: false };
  void other.catch(() => undefined).finally(() => (progress.hasEnded = true));
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while (!progress.hasEnded && (await database.transaction((tx) => tx.query(waiting))).length === 0)
    await setTimeout(5);
  allowed.resolve();
  return Promise.all([Promise.allSettled([one]), Promise.allSettled([other])]).then(([[a], [b]]) => [a, b]);
}

test('withdrawn while its batch is being recorded as printed: the batch is refused, its files hold a paper too many', async () => {
  const printed = await sealed();
  const result = await printed.context.database.transaction(async (tx): Promise<PrintResult> => ({
    templateSha256: '0'.repeat(128),
    files: await listPrintFiles(tx, printed.run.id),
    printed: await listPrintedPieces(tx, printed.run.id, 1),
    held: [],
    replaced: [],
  }));
  expect(result.printed).toHaveLength(2);
  const { context, run } = await enclosed();
  await planLots(context, run, profile);
  const [withdrawn, recorded] = await interleave(
    context,
    (own) => withdrawPerson(own, run, FIRST, '資格喪失'),
    ({ database }) => database.transaction((tx) => recordPrintedBatch(tx, run, 1, result)),
  );
  expect(withdrawn).toMatchObject({ value: { kind: 'recorded', inFile: false } });
  expect(recorded).toMatchObject({
    status: 'rejected',
    reason: { message: expect.stringContaining('balance_mailpieces_printed') },
  });
});

test('withdrawn while it is being reported as posted: the report is answered with a refusal', async () => {
  const { context, run, pieces } = await sealed();
  const [withdrawn, posted] = await interleave(
    context,
    (own) => withdrawPerson(own, run, FIRST, '資格喪失'),
    (own) => recordPieceEvents(own, run, [eventOf(pieces[0]!, 'post'), eventOf(pieces[1]!, 'post')]),
  );
  expect(withdrawn).toMatchObject({ value: { kind: 'recorded' } });
  expect(posted).toMatchObject({ value: [{ kind: 'refused' }, { kind: 'recorded' }] });
});

test('reported twice at once: recorded once, and the second is told so', async () => {
  const { context, run, pieces } = await sealed();
  const post = (own: Context) => recordPieceEvents(own, run, [eventOf(pieces[0]!, 'post')]);
  expect(await interleave(context, post, post)).toMatchObject([
    { value: [{ kind: 'recorded' }] },
    { value: [{ kind: 'already' }] },
  ]);
});

test('planned twice at once: one plan, which both get', async () => {
  const { context, run } = await enclosed();
  const plan = (own: Context) => planLots(own, run, profile);
  const [first, second] = await interleave(context, plan, plan);
  expect(first).toMatchObject({ status: 'fulfilled', value: [{ no: 1, mailpieceCount: 2 }] });
  expect(second).toEqual(first);
});
