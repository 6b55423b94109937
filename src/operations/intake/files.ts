// Room: operations. The files that were taken in, which of each kind is in use, and the way back to an earlier one.
import { lockFilesInUse } from '../../ledger/intake/datasets.ts';
import { listFiles, takeUp } from '../../ledger/intake/proposals.ts';
import type { ListedFile } from '../../ledger/intake/proposals.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { Refusal } from '../context.ts';
import type { Context, Override } from '../context.ts';

/** Files of the insurer, the newest first. */
export async function listTakenIn(context: Context, insurerNumber: string): Promise<ListedFile[]> {
  return context.database.transaction((tx) => listFiles(tx, insurerNumber));
}

/**
 * Makes an earlier file the one in use again; issuances that were made of another stay as they are.
 *
 * @throws Refusal `file-unknown`; `file-erased` where its rows are gone by retention
 */
export async function takeUpFile(
  context: Context,
  insurerNumber: string,
  id: number,
  who: Override,
): Promise<{ readonly file: ListedFile; readonly wasInUse: boolean }> {
  return context.database.transaction(async (tx) => {
    await lockFilesInUse(tx, insurerNumber);
    const file = (await listFiles(tx, insurerNumber)).find((known) => known.id === id);
    if (!file)
      throw new Refusal('file-unknown', `取込番号 ${id} のファイルはありません。todoke files で確かめてください。`);
    if (file.isErased)
      throw new Refusal('file-erased', `取込番号 ${id} のファイルは、保存期間が過ぎて消去してあります。`);
    if (file.isInUse) return { file, wasInUse: true };
    await takeUp(tx, insurerNumber, file, context.actor, who);
    const of = { insurerNumber, id: null };
    const counts = { dataset: id, rows: file.rowCount, override: who.person, reason: who.reason };
    await writeJournal(tx, context.actor, 'use-file', of, counts);
    return { file, wasInUse: false };
  });
}
