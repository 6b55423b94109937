// Room: ledger. A database that shows only what one account may see: every transaction takes the console's role and
// tells the policies of migration 008 whose eyes it has.
import type { Database, Transaction } from './database.ts';
import type { Role } from '../rules/access.ts';

/** Whose eyes a transaction has. */
export interface Wall {
  readonly insurerNumber: string;
  readonly role: Role;
  /** Set for a branch's account. */
  readonly branchCode: string | null;
  /** Symbol of the workplace, set for an employer's account. */
  readonly workplaceSymbol: string | null;
}

/** The same database behind a wall. What lies beyond it is not refused: it is not there. */
export function behindWall(database: Database, wall: Wall): Database {
  const transaction: Database['transaction'] = (work) =>
    database.transaction(async (tx) => {
      await enter(tx, wall);
      return work(tx);
    });
  return {
    connection: database.connection,
    transaction,
    statement: (_, sql, values) => transaction((tx) => tx.query(sql, values)),
    close: () => Promise.resolve(),
  };
}

async function enter(tx: Transaction, wall: Wall): Promise<void> {
  await tx.query(
    `select set_config('role', 'todoke_console', true), set_config('todoke.insurer', $1, true),
            set_config('todoke.role', $2, true), set_config('todoke.branch', $3, true),
            set_config('todoke.workplace', $4, true)`,
    [wall.insurerNumber, wall.role, wall.branchCode ?? '', wall.workplaceSymbol ?? ''],
  );
}
