// Room: operations. Jobs done: each kind is an operation that can be done again, its progress goes into the job's row, its
// outcome is a sentence for staff.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describeTotals } from '../formats/package.ts';
import type { Database } from '../ledger/core/pool.ts';
import { findLatestDataset } from '../ledger/intake/datasets.ts';
import { beginJob, endJob, findJob, updateJobProgress } from '../ledger/desk/jobs.ts';
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
import { DISK_FULL, Refusal, Stopped, isDiskFull, throwIfStopped } from './context.ts';
import type { Context, Progress } from './context.ts';
import { decideAll } from './issuing/decide.ts';
import { listPackages } from './intake/exchange.ts';
import { warnAll } from './issuing/enclose.ts';
import { describeNews } from './posting/ask-again.ts';
import type { AskedAgain } from './posting/news.ts';
import { planPieces } from './posting/plan-pieces.ts';
import { verifyOutput } from './posting/verify-output.ts';
import { prepareFigures } from './desk/figures.ts';
import { takeInImport, workOutImport } from './intake/imports.ts';
import type { TakeFilings } from './intake/propose.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { openIssuance } from './issuing/month.ts';
import type { Issuance } from './issuance.ts';
import { getIssuance, openOutputFolder, outputFolder } from './desk/jobs.ts';
import type { JobInput, JobOutcome } from './desk/jobs.ts';
import { reconcile } from './issuing/reconcile.ts';
import { noteOnRules } from './issuing/rules-note.ts';
import { formatCount } from '../rules/words/counts.ts';

/** What a worker is given besides the job. */
export interface JobContext {
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

const REPORT_EVERY_MS = 500;

/** Does a job. Killed and done again, it goes on where it was, as every step of it does. */
export async function runJob(jobContext: JobContext, id: string): Promise<void> {
  const job = await jobContext.database.transaction((tx) => beginJob<JobInput>(tx, id));
  if (!job) return;
  const stop = new AbortController();
  const onEnd = (): void => stop.abort();
  jobContext.signal.addEventListener('abort', onEnd, { once: true });
  const reporter = reportProgress(jobContext.database, job, () => stop.abort());
  const context: Context = {
    database: jobContext.database,
    digitsKey: jobContext.digitsKey,
    actor: job.actor,
    progress: reporter.progress,
    signal: stop.signal,
  };
  try {
    const outcome = await work(context, jobContext, job);
    await reporter.end();
    await finish(jobContext.database, job, 'done', outcome);
  } catch (error) {
    await reporter.end();
    // The process is going down: the job stays open, and the next worker takes it up.
    if (jobContext.signal.aborted && error instanceof Stopped) throw error;
    if (error instanceof Stopped)
      return finish(jobContext.database, job, 'stopped', {
        message: '止めました。続きから始められます。',
        data: null,
        issuanceId: null,
      });
    if (error instanceof Refusal) {
      const data = { code: error.code, details: error.details };
      return finish(jobContext.database, job, 'failed', { message: error.message, data, issuanceId: null });
    }
    if (isDiskFull(error)) {
      const data = { code: 'disk-full', details: [] };
      return finish(jobContext.database, job, 'failed', { message: DISK_FULL, data, issuanceId: null });
    }
    const message = 'プログラムの誤りで終わりました。ここまでに終わったところは残っています。';
    await finish(jobContext.database, job, 'failed', { message, data: null, issuanceId: null });
    throw error;
  } finally {
    jobContext.signal.removeEventListener('abort', onEnd);
  }
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

/** Writes progress into the job's row, at most twice a second, and reads there whether it is to stop. */
function reportProgress(
  database: Database,
  job: Job,
  onStop: () => void,
): { progress: Progress; end: () => Promise<void> } {
  let at = { step: '', done: 0, total: 0, unit: '' };
  let lastReported = '';
  const report = async (): Promise<void> => {
    const now = JSON.stringify(at);
    const hasChanged = now !== lastReported;
    lastReported = now;
    const answer = hasChanged
      ? await database.transaction((tx) => updateJobProgress(tx, job, at))
      : { stopAsked: (await database.transaction((tx) => findJob(tx, job.insurerNumber, job.id)))?.stopAsked ?? true };
    if (answer.stopAsked) onStop();
  };
  let reporter: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    reporter = reporter.then(report).catch(() => undefined);
  }, REPORT_EVERY_MS);
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
      await reporter.then(report).catch(() => undefined);
    },
  };
}

async function work(context: Context, jobContext: JobContext, job: Job<JobInput>): Promise<JobOutcome> {
  const { input, insurerNumber } = job;
  const profile = await jobContext.profileOf(insurerNumber);
  switch (input.kind) {
    case 'propose':
      return {
        message: await workOutImport(context, profile, jobContext.files, input.proposalId, filingsOf(context, profile)),
        data: { proposal: input.proposalId },
        issuanceId: null,
      };
    case 'import':
      return doImport(context, jobContext, profile, input.proposalId);
    case 'decide': {
      const issuance = await openIssuance(context, profile, {
        issuance: input.issuance,
        issuedOn: input.issuedOn,
        extractedOn: input.extractedOn,
        members: null,
        workplaces: null,
        enrolment: null,
        override: input.override ?? null,
        add: input.add ?? false,
      });
      await decideAll(context, issuance);
      await prepareDecisions(context.database, insurerNumber);
      await prepareFigures(context.database, insurerNumber);
      return {
        message: `${formatCount(issuance.memberCount)}人の判定が終わりました。${noteOnRules(profile, issuance) ?? ''}`,
        data: null,
        issuanceId: issuance.id,
      };
    }
    case 'enclose': {
      const issuance = await getIssuance(context, insurerNumber, input.issuanceId);
      await planPieces(context, issuance);
      await warnAll(context, issuance);
      await prepareEnclosures(context.database, insurerNumber);
      return balanced(context, issuance, '封入計画ができました。');
    }
    case 'print': {
      const issuance = await getIssuance(context, insurerNumber, input.issuanceId);
      const { writeOutput } = await import('./issue.ts');
      const outDir = await openOutputFolder(jobContext.files, issuance);
      const { askedAgain } = await writeOutput(context, issuance, profile, { outDir, encoding: 'utf-8', prints: true });
      return balanced(context, issuance, `印刷ファイルができました。${newsSentence(askedAgain)}`);
    }
    case 'verify':
      return doVerify(context, jobContext, insurerNumber, input.issuanceId);
    case 'package':
      return doPackage(context, jobContext, profile, input);
    case 'reroute':
    case 'reprint':
    case 'rehome':
    case 'release':
      return (await import('./remake-work.ts')).doRemake(context, jobContext.files, profile, input);
    case 'reissue':
      return (await import('./remake-work.ts')).doReissue(context, jobContext.files, profile, input.issuedOn);
    case 'recall-list': {
      const { makeRecallList } = await import('./life/recall.ts');
      const outDir = path.join(jobContext.files, insurerNumber, 'recall', input.on);
      const list = await makeRecallList(context, profile, input.on, outDir);
      const { lost, enrolled, superseded } = list.counts;
      const message = `回収 ${lost}枚、返却のお願い ${enrolled + superseded}枚、${list.workplaces}事業所。`;
      return { message, data: { counts: list.counts, files: list.files }, issuanceId: null };
    }
  }
}

/** Filings, as a proposal takes them in: on this day in Japan. */
function filingsOf(context: Context, profile: InsurerProfile): TakeFilings {
  return async (tx, file) => {
    const { takeFilings } = await import('./life/filings.ts');
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Tokyo' }) as LocalDate;
    return takeFilings(context, profile, file, today, tx);
  };
}

async function doImport(
  context: Context,
  jobContext: JobContext,
  profile: InsurerProfile,
  proposalId: number,
): Promise<JobOutcome> {
  const { message, datasets } = await takeInImport(
    ...([context, profile, jobContext.files, proposalId, filingsOf(context, profile)] as const),
  );
  for (const { kind, id } of datasets) {
    if (kind === 'members') await context.database.transaction((tx) => indexPeople(tx, id));
    if (kind === 'enrolment') await prepareFigures(context.database, profile.insurer.number);
  }
  return { message, data: { proposal: proposalId, datasets: datasets.map(({ id }) => id) }, issuanceId: null };
}

async function doPackage(
  context: Context,
  jobContext: JobContext,
  profile: InsurerProfile,
  input: Extract<JobInput, { kind: 'package' }>,
): Promise<JobOutcome> {
  const issuance = await getIssuance(context, profile.insurer.number, input.issuanceId);
  const { makePackage } = await import('./posting/package.ts');
  const outDir = await openOutputFolder(jobContext.files, issuance);
  const packageDir = path.join(
    jobContext.files,
    issuance.insurerNumber,
    'packages',
    `${issuance.id}-${Date.now().toString(36)}`,
  );
  await mkdir(path.dirname(packageDir), { recursive: true });
  const { manifest, askedAgain } = await makePackage(context, issuance, profile, {
    outDir,
    packageDir,
    recipient: input.recipient,
    cardImages: input.cardImages ?? null,
    lotNo: input.lotNo ?? null,
    override: input.override ?? null,
  });
  const message = `引き渡しができました（${describeTotals(manifest.totals)}）。${newsSentence(askedAgain)}`;
  return { message, data: { folder: path.basename(packageDir), totals: manifest.totals }, issuanceId: issuance.id };
}

/** Files named in a job's message; all of them are in its outcome. */
const NAMED_FAULTS = 5;

/** Every file that was written of an issuance, and of its packages, against the manifest beside it. */
async function doVerify(
  context: Context,
  jobContext: JobContext,
  insurerNumber: string,
  issuanceId: number,
): Promise<JobOutcome> {
  const issuance = await getIssuance(context, insurerNumber, issuanceId);
  const packages = (await listPackages(jobContext.files, insurerNumber)).filter((p) => p.issuanceId === issuanceId);
  const folders = [
    { name: '', place: outputFolder(jobContext.files, issuance) },
    ...packages.map(({ folder }) => ({
      name: `引き渡し ${folder}：`,
      place: path.join(jobContext.files, insurerNumber, 'packages', folder),
    })),
  ];
  context.progress.begin('確認', folders.length, '件');
  const faults: string[] = [];
  /** Lists and contents of parcels are written beside what the manifest lists. */
  const strangers: string[] = [];
  let fileCount = 0;
  for (const [i, { name, place }] of folders.entries()) {
    throwIfStopped(context);
    const checked = await verifyOutput(place);
    fileCount += checked.fileCount;
    faults.push(...checked.faults.map((fault) => `${name}${fault.path} ${fault.what}`));
    strangers.push(...checked.strangers.map((stranger) => `${name}${stranger}`));
    context.progress.reach(i + 1);
  }
  const counted = `発行の書き出しと引き渡し ${packages.length}件、${formatCount(fileCount)}ファイル`;
  const more = faults.length > NAMED_FAULTS ? `、ほか${faults.length - NAMED_FAULTS}件` : '';
  const besides = strangers.length > 0 ? `目録にないファイルは ${strangers.length}件。` : '';
  const message =
    faults.length === 0
      ? `${counted}は、どれも目録のとおりです。${besides}`
      : `${counted}のうち、目録と違うものが${faults.length}件あります：${faults.slice(0, NAMED_FAULTS).join('、')}${more}。` +
        `発行の印刷ファイルは、印刷をもう一度行うと作り直します。引き渡しは作り直してください。${besides}`;
  return { message, data: { fileCount, packages: packages.length, faults, strangers }, issuanceId };
}

/** What the newest files and filings said, as a sentence; nothing new is none. */
function newsSentence(asked: AskedAgain | null): string {
  const lines = asked === null ? [] : describeNews(asked);
  return lines.length === 0 ? '' : `新しいファイルと届出で確かめたこと：${lines.join('、')}。`;
}

async function balanced(context: Context, issuance: Issuance, message: string): Promise<JobOutcome> {
  const { balanced: isBalanced, balances } = await reconcile(context, issuance);
  const faults = balances.filter((b) => b.difference !== 0);
  return {
    message: isBalanced
      ? `${message}突き合わせは一致しています。`
      : `${message}突き合わせに差があります（${faults.length}件）。`,
    data: { balanced: isBalanced, faults },
    issuanceId: issuance.id,
  };
}

/** What pages need and commands leave out: the newest members findable, decisions and figures counted. Done once each. */
export async function indexForConsole(database: Database, insurerNumber: string): Promise<void> {
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
