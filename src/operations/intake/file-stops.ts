// Room: operations. A file that lost rows, was cut by a spreadsheet or has another count than it should: it stops before it
// counts, until a named person lets it in.
import type { Dataset } from '../../ledger/intake/datasets.ts';
import { isShrunk, isTooMany, sheetCutAt } from '../../rules/intake/file-fit.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { Refusal } from '../context.ts';
import type { Override } from '../context.ts';
import { KIND_LABELS } from '../issuance.ts';

const n = (count: number): string => count.toLocaleString('ja-JP');

/**
 * Refuses a file that no person has looked at and that cannot be whole.
 *
 * @param before the file in use so far, of the same insurer and kind.
 * @throws Refusal `file-rows-differ`, `file-cut`, `file-shrank`, `keys-respelled`
 */
export function refuseFileStops(
  profile: InsurerProfile,
  { kind, fileName, rowCount, rejectedCount }: Pick<Dataset, 'kind' | 'fileName' | 'rowCount' | 'rejectedCount'>,
  before: Dataset | null,
  {
    rows = null,
    said = null,
    respelled = 0,
    override = null,
  }: {
    /** Rows it should have, as a person says; and as the file itself says (件数). */
    readonly rows?: number | null;
    readonly said?: number | null;
    /** Members of whom only the writing of 記号・番号 differs from the file in use. */
    readonly respelled?: number;
    readonly override?: Override | null;
  },
): void {
  if (override !== null) return;
  const read = rowCount + rejectedCount;
  if (rows !== null && rows !== read)
    throw stop('file-rows-differ', fileName, `${n(read)}行ですが、件数は${n(rows)}件のはずです。`);
  if (said !== null && said !== read)
    throw stop('file-rows-differ', fileName, `${n(read)}行ですが、ファイルの件数の行には${n(said)}件とあります。`);
  const cutAt = sheetCutAt(read);
  if (cutAt !== null)
    throw stop(
      'file-cut',
      fileName,
      `Excelの1枚のシートに入る行数（${n(cutAt)}行）ちょうどで終わっています。続きが切れていませんか。`,
    );
  // Ratios are of those from 70 on, and nobody may have one any more.
  if (before !== null && kind !== 'ratios' && isShrunk(rowCount, before.rowCount, profile.fit))
    throw stop(
      'file-shrank',
      fileName,
      `${n(rowCount)}行です。いま使っている${KIND_LABELS[kind]}のファイル（${before.fileName}、${n(before.rowCount)}行）の${Math.floor((rowCount / before.rowCount) * 100)}％しかありません。一部だけを書き出したファイルではありませんか。`,
    );
  if (before !== null && isTooMany({ total: rowCount, without: respelled }, profile.fit))
    throw stop(
      'keys-respelled',
      fileName,
      `${n(respelled)}人の記号・番号の書き方（前の0、全角・半角）が、いま使っている加入者のファイル（${before.fileName}）と違います。発行済みの証とつながらず、同じ人に二通送るおそれがあります。前のファイルと同じ書き方で書き出してください。`,
    );
}

function stop(code: string, fileName: string, what: string): Refusal {
  return new Refusal(code, `${fileName}: ${what}何も取り込みませんでした。`);
}
