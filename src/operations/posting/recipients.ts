// Room: operations. Every list or file for a workplace, a branch or the contractor passes here before it is kept: the ledger
// refuses one that holds anyone outside its recipient, for any account.
import type { Database, Transaction } from '../../ledger/core/pool.ts';
import { findFilesInUse } from '../../ledger/intake/fits.ts';
import { countOutsideBranch, refuseOutsiders } from '../../ledger/posting/recipients.ts';
import type { PapersOf, RecipientKind, RecipientRow } from '../../ledger/posting/recipients.ts';
import { Refusal, throwIfStopped } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';

/** Refuses a file by the rows it will hold; `file` as staff know it. The transaction is over then. */
export async function checkRecipients(
  tx: Transaction,
  of: PapersOf,
  kind: RecipientKind,
  file: string,
  rows: readonly RecipientRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await refuseOutsiders(tx, of, kind, rows).catch((error: Error) => {
    if (!error.message.startsWith('outside_recipient')) throw error;
    throw new Refusal(
      'outside-recipient',
      `${file}: 宛先でない人が入っているため、書き出しません（${rows.length}行のうち）。この一覧は使えません。`,
      [error.message],
    );
  });
}

/** Rows asked about in one statement: a statement a workplace would cost more than its papers. */
const CHECKED_AT_ONCE = 4000;

/**
 * Groups of persons (a workplace's, a parcel's) as they come, handed on when their rows have been checked. The rows may
 * still come on a connection of theirs: the check has one of its own.
 */
export async function* checkedGroups<Group>(
  context: Context,
  issuance: Issuance,
  kind: RecipientKind,
  file: string,
  batches: AsyncIterable<readonly Group[]>,
  rowsOf: (group: Group) => readonly RecipientRow[],
): AsyncIterable<Group> {
  let groups: Group[] = [];
  let rows: RecipientRow[] = [];
  const check = async (): Promise<readonly Group[]> => {
    const [checked, asked] = [groups, rows];
    [groups, rows] = [[], []];
    await context.database.transaction((tx) => checkRecipients(tx, issuance, kind, file, asked));
    return checked;
  };
  for await (const batch of batches) {
    throwIfStopped(context);
    for (const group of batch) {
      groups.push(group);
      rows.push(...rowsOf(group));
      if (rows.length >= CHECKED_AT_ONCE) yield* await check();
    }
  }
  yield* await check();
}

/**
 * Refuses a list of persons, with a paper or without, for somebody of a branch (null = of the whole insurer) where it names
 * anyone of another branch's workplaces. Asked of the whole ledger: what the wall let through is not asked of the wall.
 */
export async function checkReader(
  whole: Database,
  insurerNumber: string,
  branchCode: string | null,
  file: string,
  rows: readonly { readonly symbol: string }[],
): Promise<void> {
  if (branchCode === null || rows.length === 0) return;
  const symbols = [...new Set(rows.map((row) => row.symbol))];
  const outside = await whole.read(async (tx) => {
    const { workplacesId } = await findFilesInUse(tx, insurerNumber);
    return countOutsideBranch(tx, workplacesId, branchCode, symbols);
  });
  if (outside > 0) throw new Refusal('outside-recipient', `${file}: 宛先でない人が入っているため、書き出しません。`);
}
