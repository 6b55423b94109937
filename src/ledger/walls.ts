// Room: ledger. A database that shows only what one account may see: every transaction takes the console's role and
// tells the policies of migration 008 whose eyes it has.
import { literal } from './database.ts';
import type { Database } from './database.ts';
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
  // Sent along with each `begin`, and gone with its end.
  const opening = [
    ['role', 'todoke_console'],
    ['todoke.insurer', wall.insurerNumber],
    ['todoke.role', wall.role],
    ['todoke.branch', wall.branchCode ?? ''],
    ['todoke.workplace', wall.workplaceSymbol ?? ''],
  ]
    .map(([name, value]) => `set local ${name} = ${literal(value ?? '')}`)
    .join('; ');
  const transaction: Database['transaction'] = (work) => database.transaction(work, opening);
  return {
    connection: database.connection,
    transaction,
    statement: (_, sql, values) => transaction((tx) => tx.query(sql, values)),
    close: () => Promise.resolve(),
  };
}
