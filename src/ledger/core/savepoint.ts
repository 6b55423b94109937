// Room: ledger. A part of a transaction that is undone alone where it fails.
import type { Transaction } from './pool.ts';

/** Runs `work`; where it throws, only what it did is undone, and the transaction goes on. */
export async function inSavepoint<T>(tx: Transaction, work: () => Promise<T>): Promise<T> {
  await tx.execute('savepoint part');
  try {
    const result = await work();
    await tx.execute('release savepoint part');
    return result;
  } catch (error) {
    await tx.execute('rollback to savepoint part');
    throw error;
  }
}
