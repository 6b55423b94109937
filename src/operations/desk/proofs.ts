// Room: operations. Pages of a lot's proof pieces, drawn from the very files that go to the printer.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../formats/files.ts';
import { listPagesOf } from '../../ledger/desk/papers.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import type { ApprovalSheet } from '../posting/approval.ts';

/**
 * Draws every page of a sheet's proofs into a folder, `<kinds>-<page>.png`; each piece looked at is noted.
 *
 * @returns the files, with their folder
 * @throws Refusal `print-file-differs` where a print file is not in the output folder
 */
export async function drawProofs(
  context: Context,
  issuance: Issuance,
  sheet: ApprovalSheet,
  outDir: string,
  folder: string,
): Promise<string[]> {
  const { drawPdfPages } = await import('../../print/picture.ts');
  await mkdir(folder, { recursive: true });
  const drawn: string[] = [];
  for (const { mailpieceNumber, kinds } of sheet.proofs) {
    const files = await context.database.transaction(async (tx) => {
      await recordAccess(tx, issuance.insurerNumber, context.actor, 'page', mailpieceNumber);
      return listPagesOf(tx, issuance.id, mailpieceNumber);
    });
    let n = 0;
    for (const { path: name, firstPage, pageCount } of files) {
      const pages = Array.from({ length: pageCount }, (_, i) => firstPage + i);
      const pictures = await drawPdfPages(path.join(outDir, name), pages).catch(() => {
        throw new Refusal('print-file-differs', `${name} が書き出し先にありません。印刷ファイルを作り直してください。`);
      });
      for (const picture of pictures) {
        const file = path.join(folder, `${kinds.join('+')}-${String((n += 1)).padStart(2, '0')}.png`);
        await writeWhole(file, picture);
        drawn.push(file);
      }
    }
  }
  return drawn;
}
