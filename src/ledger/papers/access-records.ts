// Room: ledger. Who looked at whose data: only ever added.
import type { Transaction } from '../core/pool.ts';

/** Notes that somebody looked. */
export async function recordAccess(
  tx: Transaction,
  insurerNumber: string,
  actor: string,
  what: string,
  subject: string,
): Promise<void> {
  await tx.execute('insert into access_record (insurer_number, actor, what, subject) values ($1, $2, $3, $4)', [
    insurerNumber,
    actor,
    what,
    subject,
  ]);
}
