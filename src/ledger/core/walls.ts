// Room: ledger. A database that shows only what one account may see: every transaction takes the console's role and
// tells the policies of migration 008 whose eyes it has.
import { literal } from './database.ts';
import type { Database } from './database.ts';
import { asText } from './pipeline.ts';
import type { Question } from './pipeline.ts';
import type { Role } from '../../rules/desk/access.ts';

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
  const opening = standBehind(wall);
  return opened(
    database,
    () => opening,
    () => undefined,
  );
}

function standBehind({ insurerNumber, role, branchCode, workplaceSymbol }: Wall): Question {
  return {
    text: 'select stand_behind($1, $2, $3, $4)',
    values: [insurerNumber, role, branchCode, workplaceSymbol],
  };
}

/** A session as it was when it was last looked up, and how long it may rest. */
export interface KnownSession {
  readonly tokenSha256: string;
  readonly version: string;
  readonly idleMinutes: number;
}

/**
 * The same database behind the wall of a session that was looked up a while ago. Its first transaction asks the database
 * whether the session is still open and the same, before anything else in it, and fails where it is not; from then on it is
 * known for this request. Who answers without having passed has answered nobody.
 */
export function behindSession(
  database: Database,
  session: KnownSession,
  wall: Wall,
): { readonly database: Database; readonly hasPassed: () => boolean } {
  const { tokenSha256, idleMinutes, version } = session;
  const enter: Question = { text: 'select enter($1, $2, $3)', values: [tokenSha256, idleMinutes, version] };
  const known = standBehind(wall);
  let passed = false;
  const pass = (): void => {
    passed = true;
  };
  return { database: opened(database, () => (passed ? known : enter), pass), hasPassed: () => passed };
}

function opened(database: Database, question: () => Question, passed: () => void): Database {
  // Sent along with each `begin`, or each breath of a reader, and gone with its end.
  const transaction: Database['transaction'] = (work) =>
    database.transaction((tx) => {
      passed();
      return work(tx);
    }, inline(question()));
  return {
    connection: database.connection,
    transaction,
    read: (work) => database.read(work, { question, passed }),
    statement: (_, sql, values) => transaction((tx) => tx.query(sql, values)),
    close: () => Promise.resolve(),
  };
}

/** A question as a text by itself. */
function inline({ text, values }: Question): string {
  return text.replaceAll(/\$(\d)/g, (_, n: string) => {
    const text = asText(values[Number(n) - 1]);
    return text === null ? 'null' : literal(text);
  });
}
