// Room: worker. The queue (pg-boss on the same PostgreSQL) and the workers that take from it. The ledger holds what a job is and
// how far it is; the queue says only which is next, and gives the job of a worker that died to another.
import { PgBoss } from 'pg-boss';
import type { Connection } from '../ledger/core/server.ts';
import { runJob } from '../operations/perform-job.ts';
import type { JobContext } from '../operations/perform-job.ts';
import type { Enqueue } from '../operations/desk/jobs.ts';

const QUEUE = 'todoke';

export interface Queue {
  readonly enqueue: Enqueue;
  /** Takes jobs until the workshop's signal; each worker does one at a time. */
  work(jobContext: JobContext, onFailure: (error: unknown) => void): Promise<void>;
  close(): Promise<void>;
}

/** Opens the queue; its tables are made when missing. */
export async function openQueue(connection: Connection): Promise<Queue> {
  const boss = new PgBoss({ ...connection, max: 4, application_name: 'todoke queue' });
  boss.on('error', () => undefined);
  await boss.start();
  // A worker without a heartbeat for half a minute is taken for dead; its job goes to another, as often as needed.
  await boss.createQueue(QUEUE, {
    retryLimit: 20,
    retryDelay: 1,
    heartbeatSeconds: 30,
    expireInSeconds: 6 * 3600,
  });
  return {
    enqueue: async (id) => {
      await boss.send(QUEUE, { id });
    },
    work: async (jobContext, onFailure) => {
      await boss.work<{ id: string }>(QUEUE, { batchSize: 1, pollingIntervalSeconds: 0.5 }, async (jobs) => {
        for (const { data } of jobs) {
          try {
            await runJob(jobContext, data.id);
          } catch (error) {
            onFailure(error);
            throw error;
          }
        }
      });
    },
    close: () => boss.stop({ graceful: true, timeout: 30_000 }),
  };
}
