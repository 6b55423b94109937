// Room: operations. Jobs done: each kind is an operation that can be done again, its progress goes into the job's row, its
// outcome is a sentence for staff.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describeTotals } from '../formats/package.ts';
import type { Database } from '../ledger/core/pool.ts';
import { findLatestDataset } from '../ledger/intake/datasets.ts';
import { beginJob, endJob, findJob, reachJob } from '../ledger/desk/jobs.ts';
import type { Job } from '../ledger/desk/jobs.ts';
import { indexPeople } from '../ledger/desk/people.ts';
import { indexDecisions } from '../ledger/desk/decision-lists.ts';
import {
  listUncountedEnclosures,
  listUnindexed,
  listUnsummarised,
  summariseDecisions,
  summariseEnclosure,
} from '../ledger/desk/summaries.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { DISK_FULL, Refusal, Stopped, isDiskFull } from './context.ts';
import type { Context, Progress } from './context.ts';
import { decideAll } from './issuing/decide.ts';
import { dropUpload, holdsNumbers } from './intake/exchange.ts';
import { warnAll } from './issuing/enclose.ts';
import { planPieces } from './posting/plan-pieces.ts';
import { prepareFigures } from './desk/figures.ts';
import { importFile } from './intake/import.ts';
import { openRun } from './run.ts';
import type { Run } from './run.ts';
import { getRun, openOutputFolder } from './desk/jobs.ts';
import type { JobInput, JobOutcome } from './desk/jobs.ts';
import { reconcile } from './issuing/reconcile.ts';

/** What a worker is given besides the job. */
export interface Workshop {
  readonly database: Database;
  /** The profile of an insurer by number, as it is now. */
  readonly profileOf: (insurerNumber: string) => Promise<InsurerProfile>;
  /** Folder for everything that is written for people to fetch. */
  readonly files: string;
  /** Key of the last four digits; undefined = jobs that need it are refused. */
  readonly digitsKey?: Uint8Array | undefined;
  /** Ends with the process. */
  readonly signal: AbortSignal;
}

const TELL_MS = 500;

/** Does a job. Killed and done again, it goes on where it was, as every step of it does. */
export async function runJob(workshop: Workshop, id: string): Promise<void> {
  const job = await workshop.database.transaction((tx) => beginJob<JobInput>(tx, id));
  if (!job) return;
  const stop = new AbortController();
  const onEnd = (): void => stop.abort();
  workshop.signal.addEventListener('abort', onEnd, { once: true });
  const telling = tellProgress(workshop.database, job, () => stop.abort());
  const context: Context = {
    database: workshop.database,
    digitsKey: workshop.digitsKey,
    actor: job.actor,
    progress: telling.progress,
    signal: stop.signal,
  };
  try {
    const outcome = await work(context, workshop, job);
    await telling.end();
    await finish(workshop.database, job, 'done', outcome);
    if (job.input.kind === 'import') await dropUpload(workshop.files, job.input.path);
  } catch (error) {
    await telling.end();
    // The process is going down: the job stays open, and the next worker takes it up.
    if (workshop.signal.aborted && error instanceof Stopped) throw error;
    if (error instanceof Stopped)
      return finish(workshop.database, job, 'stopped', {
        message: '止めました。続きから始められます。',
        data: null,
        issuanceId: null,
      });
    if (error instanceof Refusal) {
      const data = { code: error.code, details: error.details };
      const message = error.message + (await dropNumbered(workshop.files, job.input));
      return finish(workshop.database, job, 'failed', { message, data, issuanceId: null });
    }
    if (isDiskFull(error)) {
      const data = { code: 'disk-full', details: [] };
      return finish(workshop.database, job, 'failed', { message: DISK_FULL, data, issuanceId: null });
    }
    const message = 'プログラムの誤りで終わりました。ここまでに終わったところは残っています。';
    await finish(workshop.database, job, 'failed', { message, data: null, issuanceId: null });
    throw error;
  } finally {
    workshop.signal.removeEventListener('abort', onEnd);
  }
}

/** A file with individual numbers is not kept, not even to be put right. */
async function dropNumbered(files: string, input: JobInput): Promise<string> {
  if (input.kind !== 'import' || !(await holdsNumbers(files, input.path))) return '';
  await dropUpload(files, input.path);
  return '送られたファイルは残していません。個人番号（12桁）を除いて、もう一度取り込んでください。';
}

async function finish(
  database: Database,
  job: Job,
  state: 'done' | 'stopped' | 'failed',
  outcome: JobOutcome,
): Promise<void> {
  const { message, data, issuanceId } = outcome;
  await database.transaction((tx) => endJob(tx, job, { state, message, outcome: data, issuanceId }));
}

/** Progress into the job's row, at most twice a second, and the wish to stop out of it. */
function tellProgress(
  database: Database,
  job: Job,
  onStop: () => void,
): { progress: Progress; end: () => Promise<void> } {
  let at = { step: '', done: 0, total: 0, unit: '' };
  let told = '';
  const tell = async (): Promise<void> => {
    const now = JSON.stringify(at);
    const isNews = now !== told;
    told = now;
    const answer = isNews
      ? await database.transaction((tx) => reachJob(tx, job, at))
      : { stopAsked: (await database.transaction((tx) => findJob(tx, job.insurerNumber, job.id)))?.stopAsked ?? true };
    if (answer.stopAsked) onStop();
  };
  let telling: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    telling = telling.then(tell).catch(() => undefined);
  }, TELL_MS);
  return {
    progress: {
      begin: (step, total, unit) => {
        at = { step, done: 0, total, unit };
      },
      reach: (done) => {
        at = { ...at, done };
      },
      end: () => {
        at = { ...at, done: at.total };
      },
    },
    end: async () => {
      clearInterval(timer);
      await telling.then(tell).catch(() => undefined);
    },
  };
}

async function work(context: Context, workshop: Workshop, job: Job<JobInput>): Promise<JobOutcome> {
  const { input, insurerNumber } = job;
  const profile = await workshop.profileOf(insurerNumber);
  switch (input.kind) {
    case 'import':
      return doImport(context, workshop, profile, input);
    case 'decide': {
      const run = await openRun(context, profile, {
        issuance: input.issuance,
        issuedOn: input.issuedOn,
        extractedOn: input.extractedOn,
        members: null,
        workplaces: null,
        enrolment: null,
        override: input.override ?? null,
        add: input.add ?? false,
      });
      await decideAll(context, run);
      await prepareDecisions(context.database, insurerNumber);
      await prepareFigures(context.database, insurerNumber);
      return {
        message: `${run.memberCount.toLocaleString('ja-JP')}人の判定が終わりました。`,
        data: null,
        issuanceId: run.id,
      };
    }
    case 'enclose': {
      const run = await getRun(context, insurerNumber, input.issuanceId);
      await planPieces(context, run);
      await warnAll(context, run);
      await prepareEnclosures(context.database, insurerNumber);
      return balanced(context, run, '封入計画ができました。');
    }
    case 'print': {
      const run = await getRun(context, insurerNumber, input.issuanceId);
      const { writeOutput } = await import('./issue.ts');
      const outDir = await openOutputFolder(workshop.files, run);
      await writeOutput(context, run, profile, { outDir, encoding: 'utf-8', prints: true });
      return balanced(context, run, '印刷ファイルができました。');
    }
    case 'package':
      return doPackage(context, workshop, profile, input);
    case 'reroute':
    case 'reprint':
    case 'rehome':
    case 'release':
      return (await import('./remake-work.ts')).doRemake(context, workshop.files, profile, input);
    case 'reissue':
      return (await import('./remake-work.ts')).doReissue(context, workshop.files, profile, input.issuedOn);
    case 'recall-list': {
      const { makeRecallList } = await import('./life/recall.ts');
      const outDir = path.join(workshop.files, insurerNumber, 'recall', input.on);
      const list = await makeRecallList(context, profile, input.on, outDir);
      const { lost, enrolled, superseded } = list.counts;
      const message = `回収 ${lost}枚、返却のお願い ${enrolled + superseded}枚、${list.workplaces}事業所。`;
      return { message, data: { counts: list.counts, files: list.files }, issuanceId: null };
    }
  }
}

async function doImport(
  context: Context,
  workshop: Workshop,
  profile: InsurerProfile,
  input: Extract<JobInput, { kind: 'import' }>,
): Promise<JobOutcome> {
  const result = await importFile(context, profile, {
    kind: input.dataset,
    path: path.join(workshop.files, input.path),
    asOf: input.asOf,
    encoding: null,
    skipInvalid: input.skipInvalid,
    override: input.override ?? null,
  });
  const { dataset, existed } = result;
  if (input.dataset === 'members') await context.database.transaction((tx) => indexPeople(tx, dataset.id));
  if (input.dataset === 'enrolment') await prepareFigures(context.database, profile.insurer.number);
  const rows = `${dataset.rowCount.toLocaleString('ja-JP')}行`;
  return {
    message: existed
      ? `同じファイルを取込済みです（変更なし、${rows}）。`
      : [`${rows}を取り込みました。`, ...result.notes.map((note) => `${note}。`)].join(''),
    data: {
      dataset,
      existed,
      unknownColumns: result.unknownColumns,
      notes: result.notes,
      hasErrors: result.errorsPath !== null,
    },
    issuanceId: null,
  };
}

async function doPackage(
  context: Context,
  workshop: Workshop,
  profile: InsurerProfile,
  input: Extract<JobInput, { kind: 'package' }>,
): Promise<JobOutcome> {
  const run = await getRun(context, profile.insurer.number, input.issuanceId);
  const { makePackage } = await import('./posting/package.ts');
  const outDir = await openOutputFolder(workshop.files, run);
  const packageDir = path.join(workshop.files, run.insurerNumber, 'packages', `${run.id}-${Date.now().toString(36)}`);
  await mkdir(path.dirname(packageDir), { recursive: true });
  const manifest = await makePackage(context, run, profile, {
    outDir,
    packageDir,
    recipient: input.recipient,
    cardImages: input.cardImages ?? null,
    lotNo: input.lotNo ?? null,
    override: input.override ?? null,
  });
  const message = `引き渡しができました（${describeTotals(manifest.totals)}）。`;
  return { message, data: { folder: path.basename(packageDir), totals: manifest.totals }, issuanceId: run.id };
}

async function balanced(context: Context, run: Run, message: string): Promise<JobOutcome> {
  const { balanced: isBalanced, balances } = await reconcile(context, run);
  const faults = balances.filter((b) => b.difference !== 0);
  return {
    message: isBalanced
      ? `${message}突き合わせは一致しています。`
      : `${message}突き合わせに差があります（${faults.length}件）。`,
    data: { balanced: isBalanced, faults },
    issuanceId: run.id,
  };
}

/** What pages need and commands leave out: the newest members findable, decisions and figures counted. Done once each. */
export async function prepareConsole(database: Database, insurerNumber: string): Promise<void> {
  await database.transaction(async (tx) => {
    const newest = await findLatestDataset(tx, insurerNumber, 'members');
    if (newest) await indexPeople(tx, newest.id);
  });
  await prepareDecisions(database, insurerNumber);
  await prepareEnclosures(database, insurerNumber);
  await prepareFigures(database, insurerNumber);
}

/** Decisions counted by reason, and findable by it. */
async function prepareDecisions(database: Database, insurerNumber: string): Promise<void> {
  const uncounted = await database.transaction((tx) => listUnsummarised(tx, insurerNumber));
  for (const id of uncounted) await database.transaction((tx) => summariseDecisions(tx, id));
  const unindexed = await database.transaction((tx) => listUnindexed(tx, insurerNumber));
  for (const id of unindexed) await database.transaction((tx) => indexDecisions(tx, id));
}

/** Papers counted by branch. */
async function prepareEnclosures(database: Database, insurerNumber: string): Promise<void> {
  const uncounted = await database.transaction((tx) => listUncountedEnclosures(tx, insurerNumber));
  for (const id of uncounted) await database.transaction((tx) => summariseEnclosure(tx, id));
}
