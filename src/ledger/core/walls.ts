// Room: ledger. A database that shows only what one account may see: every transaction takes the console's role and
// gives the row-level policies the insurer, role, branch and workplace of that account.
import { literal } from './copy.ts';
import { asText } from './pipeline.ts';
import type { Statement } from './pipeline.ts';
import type { Database } from './pool.ts';
import type { Role } from '../../rules/access.ts';

/** The account on whose behalf a transaction runs. */
export interface Wall {
  readonly insurerNumber: string;
  readonly role: Role;
  /** Set for a branch's account. */
  readonly branchCode: string | null;
  /** Symbol of the workplace, set for an employer's account. */
  readonly workplaceSymbol: string | null;
}

/** The same database behind a wall. What lies beyond it is not refused: it is not there. */
export function withWall(database: Database, wall: Wall): Database {
  const statement = standBehind(wall);
  return withPreamble(
    database,
    () => statement,
    () => undefined,
  );
}

function standBehind({ insurerNumber, role, branchCode, workplaceSymbol }: Wall): Statement {
  return {
    text: 'select stand_behind($1, $2, $3, $4)',
    values: [insurerNumber, role, branchCode, workplaceSymbol],
  };
}

/** A session as it was when it was last looked up, and how long it may stay idle. */
export interface KnownSession {
  readonly tokenSha256: string;
  readonly version: string;
  readonly idleMinutes: number;
}

/**
 * The same database behind the wall of a session that was looked up a while ago. Before anything else, the first
 * transaction checks in the database that the session is still open and unchanged, and fails where it is not; the later
 * transactions of the request need no check. A response for which `hasPassed` is still false rests on no check: the server
 * must look the session up before it sends it.
 */
export function behindSession(
  database: Database,
  session: KnownSession,
  wall: Wall,
): { readonly database: Database; readonly hasPassed: () => boolean } {
  const { tokenSha256, idleMinutes, version } = session;
  const enter: Statement = { text: 'select enter($1, $2, $3)', values: [tokenSha256, idleMinutes, version] };
  const known = standBehind(wall);
  let passed = false;
  const pass = (): void => {
    passed = true;
  };
  return { database: withPreamble(database, () => (passed ? known : enter), pass), hasPassed: () => passed };
}

function withPreamble(database: Database, statement: () => Statement, onAnswered: () => void): Database {
  // Sent with each `begin`, or in front of each batch of reads, and forgotten when its transaction ends.
  const transaction: Database['transaction'] = (work) =>
    database.transaction((tx) => {
      onAnswered();
      return work(tx);
    }, inline(statement()));
  return {
    connection: database.connection,
    transaction,
    read: (work) => database.read(work, { statement, onAnswered }),
    statement: (_, sql, values) => transaction((tx) => tx.query(sql, values)),
    close: () => Promise.resolve(),
  };
}

/** A statement as one text, its values written into it. */
function inline({ text, values }: Statement): string {
  return text.replaceAll(/\$(\d)/g, (_, n: string) => {
    const text = asText(values[Number(n) - 1]);
    return text === null ? 'null' : literal(text);
  });
}
