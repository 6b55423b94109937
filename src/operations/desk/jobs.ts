// Room: operations. Work that outlives a request: asked for, watched, stopped. `perform-job` does it.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { CardImages } from '../../formats/package.ts';
import { findIssuance } from '../../ledger/papers/issuances.ts';
import { addJob, requestJobStop, countOpenJobs, findJob, listJobs } from '../../ledger/desk/jobs.ts';
import type { Job } from '../../ledger/desk/jobs.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { OVERRIDABLE, Refusal } from '../context.ts';
import type { Context, Override } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { refuseCardImages } from '../posting/package-contents.ts';

/** What can be asked for. Paths are below the server's own folder. */
export type JobInput =
  /** Works out what taking files in would do. */
  | { readonly kind: 'propose'; readonly proposalId: number }
  /** Takes the files of a confirmed proposal in. */
  | { readonly kind: 'import'; readonly proposalId: number }
  | {
      readonly kind: 'decide';
      readonly issuance: string;
      readonly issuedOn: LocalDate | null;
      readonly extractedOn: LocalDate | null;
      /** The person who lets files through that do not fit each other; absent = nobody. */
      readonly override?: Override;
      /** A later round of persons who are in none; absent = no. */
      readonly add?: boolean;
    }
  | { readonly kind: 'enclose'; readonly issuanceId: number }
  | { readonly kind: 'print'; readonly issuanceId: number }
  /** Holds all files that were written of it against their manifests. */
  | { readonly kind: 'verify'; readonly issuanceId: number }
  | {
      readonly kind: 'package';
      readonly issuanceId: number;
      readonly recipient: string | null;
      /** One lot alone; null = all. Absent, like what follows, in jobs asked before there was a choice. */
      readonly lotNo?: number | null;
      readonly cardImages?: CardImages | null;
      /** The person who lets a lot go out again, and why; absent = nobody. */
      readonly override?: Override;
    }
  | { readonly kind: 'reroute'; readonly issuanceId: number; readonly issuedOn: LocalDate }
  /** Of any issuances, these pieces alone. */
  | { readonly kind: 'reroute'; readonly numbers: readonly string[]; readonly issuedOn: LocalDate }
  | { readonly kind: 'reprint'; readonly issuanceId: number; readonly issuedOn: LocalDate }
  | { readonly kind: 'rehome'; readonly issuanceId: number; readonly issuedOn: LocalDate }
  | { readonly kind: 'release'; readonly issuanceId: number; readonly issuedOn: LocalDate }
  | { readonly kind: 'reissue'; readonly issuedOn: LocalDate }
  | { readonly kind: 'recall-list'; readonly on: LocalDate };

/** What came of a job: a sentence for staff and data for the page. */
export interface JobOutcome {
  readonly message: string;
  readonly data: unknown;
  readonly issuanceId: number | null;
}

export type JobKind = JobInput['kind'];

export const JOB_LABELS = {
  propose: '取り込むファイルの確認',
  import: 'ファイルの取込',
  decide: '対象者の判定',
  enclose: '封入計画',
  print: '印刷ファイルの作成',
  verify: '書き出したファイルの確認',
  package: '委託業者への引き渡し',
  reroute: '事業所経由の再送付',
  reprint: '損傷した郵便物の刷り直し',
  rehome: '退職した方への自宅送付',
  release: '確認済みの郵便物の作り直し',
  reissue: '再交付の作成',
  'recall-list': '回収対象者リストの作成',
} as const satisfies Record<JobKind, string>;

/** Hands a job's id to the queue. */
export type Enqueue = (id: string) => Promise<void>;

/**
 * Asks for a job. One insurer does one thing of a kind at a time.
 *
 * @throws Refusal `job-running`, `issuance-unknown`
 */
export async function requestJob(
  context: Context,
  insurerNumber: string,
  input: JobInput,
  enqueue: Enqueue,
  overrideOf: string | null = null,
): Promise<Job<JobInput>> {
  const id = randomUUID();
  for (const issuance of issuancesOf(input)) await getIssuance(context, insurerNumber, issuance);
  const job = await context.database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [insurerNumber]);
    // Working out proposals leaves nothing behind: several may be at it at once.
    if (input.kind !== 'propose' && (await countOpenJobs(tx, insurerNumber, [input.kind])) > 0)
      throw new Refusal('job-running', `「${JOB_LABELS[input.kind]}」が動いています。終わってから始めてください。`);
    const issuanceId = 'issuanceId' in input ? input.issuanceId : null;
    if (overrideOf !== null && (await findJob(tx, insurerNumber, overrideOf))?.isOverridden)
      throw new Refusal('not-now', 'この処理は許可済みです。');
    const { actor } = context;
    return addJob<JobInput>(tx, { id, insurerNumber, kind: input.kind, issuanceId, input, actor, overrideOf });
  });
  await enqueue(id);
  return job;
}

/**
 * Asks for a hand-over package.
 *
 * @throws Refusal `package-images`, and those of `askJob`
 */
export async function requestPackage(
  context: Context,
  profile: InsurerProfile,
  request: Omit<Extract<JobInput, { kind: 'package' }>, 'kind'>,
  enqueue: Enqueue,
): Promise<Job<JobInput>> {
  const insurerNumber = profile.insurer.number;
  const { kind } = await getIssuance(context, insurerNumber, request.issuanceId);
  refuseCardImages(profile, kind, request.cardImages ?? null);
  return requestJob(context, insurerNumber, { kind: 'package', ...request }, enqueue);
}

/** The issuances a job is about, before it has made any. */
function issuancesOf(input: JobInput): readonly number[] {
  if ('issuanceId' in input) return [input.issuanceId];
  return 'numbers' in input ? [...new Set(input.numbers.map((number) => parsePaperNumber(number)?.run ?? 0))] : [];
}

/** Whether a job was refused, a named person may overrule it, and none has. */
export function canOverride({ state, outcome, isOverridden }: Job): boolean {
  const code = (outcome as { code?: unknown } | null)?.code;
  return state === 'failed' && typeof code === 'string' && OVERRIDABLE.has(code) && !isOverridden;
}

/**
 * Asks for a refused job once more: a named person answers for it.
 *
 * @throws Refusal `not-now` where it was not refused for such a reason or somebody has done so already, `job-unknown`
 */
export async function overrideJob(
  context: Context,
  insurerNumber: string,
  id: string,
  override: Override,
  enqueue: Enqueue,
): Promise<Job<JobInput>> {
  const job = await getJob(context, insurerNumber, id);
  const { input } = job;
  if (!canOverride(job) || (input.kind !== 'decide' && input.kind !== 'package'))
    throw new Refusal('not-now', 'この処理は、許可して行うものではありません。');
  return requestJob(context, insurerNumber, { ...input, override }, enqueue, id);
}

/** @throws Refusal `job-ended` */
export async function stopJob(context: Context, insurerNumber: string, id: string): Promise<void> {
  const isAsked = await context.database.transaction((tx) => requestJobStop(tx, insurerNumber, id));
  if (!isAsked) throw new Refusal('job-ended', 'この処理は終わっています。');
}

export async function getJob(context: Context, insurerNumber: string, id: string): Promise<Job<JobInput>> {
  const job = await context.database.read((tx) => findJob<JobInput>(tx, insurerNumber, id));
  if (!job) throw new Refusal('job-unknown', 'その処理はありません。');
  return job;
}

export async function listRecentJobs(context: Context, insurerNumber: string, limit: number): Promise<Job[]> {
  return context.database.read((tx) => listJobs(tx, insurerNumber, limit));
}

/** Where an issuance's files go, below the server's folder. */
export function outputFolder(files: string, issuance: { readonly insurerNumber: string; readonly id: number }): string {
  return path.join(files, issuance.insurerNumber, 'issuances', String(issuance.id));
}

/** The same, made where it is missing. */
export async function openOutputFolder(files: string, issuance: Parameters<typeof outputFolder>[1]): Promise<string> {
  const folder = outputFolder(files, issuance);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** An issuance of the insurer by its number. */
export async function getIssuance(context: Context, insurerNumber: string, id: number): Promise<Issuance> {
  const issuance = await context.database.read((tx) => findIssuance<Issuance>(tx, insurerNumber, id));
  if (!issuance) throw new Refusal('issuance-unknown', `第${id}号の発行はありません。`);
  return issuance;
}
