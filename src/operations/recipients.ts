// Room: operations. Every list or file for a workplace, a branch or the contractor passes here before it is kept: the ledger
// refuses one that holds anyone outside its recipient, whoever asks.
import type { Transaction } from '../ledger/database.ts';
import { refuseOutsiders } from '../ledger/recipients.ts';
import type { PapersOf, RecipientKind, RecipientRow } from '../ledger/recipients.ts';
import { Refusal } from './context.ts';

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
