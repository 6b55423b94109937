// Room: ledger. Work started from the console: what it is, how far it is, how it ended. Every change is announced on the
// channel `todoke_change`, which every server process listens to for its open pages.
import type { Reader, Transaction } from '../core/pool.ts';
import { instant } from '../core/columns.ts';
import { notifyChange } from '../core/listen.ts';

export type JobState = 'waiting' | 'running' | 'done' | 'stopped' | 'failed';

export interface Job<Input = unknown> {
  readonly id: string;
  readonly insurerNumber: string;
  readonly kind: string;
  readonly issuanceId: number | null;
  readonly input: Input;
  readonly actor: string;
  readonly state: JobState;
  readonly stopAsked: boolean;
  /** The step in hand, and how far it is in its unit. */
  readonly step: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly message: string;
  readonly outcome: unknown;
  /** It was refused, and a named person has had it done all the same. */
  readonly isOverridden: boolean;
  /** ISO instants. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

const COLUMNS = `id, insurer_number as "insurerNumber", kind, issuance_id as "issuanceId", input, actor, state,
  stop_asked as "stopAsked", step, done, total, unit, message, outcome,
  exists (select from job again where again.override_of = job.id) as "isOverridden", ${instant('created_at')} as "createdAt",
  ${instant('started_at')} as "startedAt", ${instant('ended_at')} as "endedAt"`;

export interface NewJob {
  readonly id: string;
  readonly insurerNumber: string;
  readonly kind: string;
  readonly issuanceId: number | null;
  readonly input: unknown;
  readonly actor: string;
  /** The refused job it is asked for in place of, or null. */
  readonly overrideOf: string | null;
}

/** Errors: 23505 where a job is asked for in place of one a second time. */
export async function addJob<Input>(tx: Transaction, job: NewJob): Promise<Job<Input>> {
  const { id, insurerNumber, kind, issuanceId, input, actor, overrideOf } = job;
  const rows = await tx.query<Job<Input>>(
    `insert into job (id, insurer_number, kind, issuance_id, input, actor, override_of)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
    [id, insurerNumber, kind, issuanceId, JSON.stringify(input), actor, overrideOf],
  );
  await notifyChange(tx, job.insurerNumber, 'job');
  return rows[0]!;
}

/** A job that has not ended, begun (again) by a worker; null where it has ended meanwhile. */
export async function beginJob<Input>(tx: Transaction, id: string): Promise<Job<Input> | null> {
  const rows = await tx.query<Job<Input>>(
    `update job set state = 'running', started_at = coalesce(started_at, now())
      where id = $1 and ended_at is null returning ${COLUMNS}`,
    [id],
  );
  if (rows[0]) await notifyChange(tx, rows[0].insurerNumber, 'job');
  return rows[0] ?? null;
}

/** Notes how far a job is; says whether somebody has asked it to stop. */
export async function updateJobProgress(
  tx: Transaction,
  job: { readonly id: string; readonly insurerNumber: string },
  at: { readonly step: string; readonly done: number; readonly total: number; readonly unit: string },
): Promise<{ stopAsked: boolean }> {
  const rows = await tx.query<{ stopAsked: boolean }>(
    `update job set step = $2, done = $3, total = $4, unit = $5 where id = $1 returning stop_asked as "stopAsked"`,
    [job.id, at.step, Math.round(at.done), Math.round(at.total), at.unit],
  );
  await notifyChange(tx, job.insurerNumber, 'job');
  return rows[0] ?? { stopAsked: true };
}

export async function endJob(
  tx: Transaction,
  job: { readonly id: string; readonly insurerNumber: string },
  end: {
    readonly state: 'done' | 'stopped' | 'failed';
    readonly message: string;
    readonly outcome: unknown;
    readonly issuanceId: number | null;
  },
): Promise<void> {
  await tx.execute(
    `update job set state = $2, message = $3, outcome = $4, issuance_id = coalesce($5, issuance_id), ended_at = now()
      where id = $1 and ended_at is null`,
    [job.id, end.state, end.message, JSON.stringify(end.outcome ?? null), end.issuanceId],
  );
  await notifyChange(tx, job.insurerNumber, 'job');
}

/** Asks a job to stop; one that waits is over at once. False where it has ended already. */
export async function requestJobStop(tx: Transaction, insurerNumber: string, id: string): Promise<boolean> {
  const rows = await tx.execute(
    `update job set stop_asked = true, state = case when state = 'waiting' then 'stopped' else state end,
            ended_at = case when state = 'waiting' then now() end
      where insurer_number = $1 and id = $2 and ended_at is null`,
    [insurerNumber, id],
  );
  await notifyChange(tx, insurerNumber, 'job');
  return rows === 1;
}

export async function findJob<Input>(tx: Reader, insurerNumber: string, id: string): Promise<Job<Input> | null> {
  const rows = await tx.query<Job<Input>>(`select ${COLUMNS} from job where insurer_number = $1 and id = $2`, [
    insurerNumber,
    id,
  ]);
  return rows[0] ?? null;
}

/** Newest first. */
export async function listJobs(tx: Reader, insurerNumber: string, limit: number): Promise<Job[]> {
  return tx.query(`select ${COLUMNS} from job where insurer_number = $1 order by created_at desc, id limit $2`, [
    insurerNumber,
    limit,
  ]);
}

/** Jobs of an insurer that have not ended, of these kinds and this issuance. */
export async function countOpenJobs(tx: Transaction, insurerNumber: string, kinds: readonly string[]): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    'select count(*)::int as count from job where insurer_number = $1 and kind = any($2) and ended_at is null',
    [insurerNumber, kinds],
  );
  return rows[0]?.count ?? 0;
}
