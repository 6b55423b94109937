// Room: operations. A file that lost rows, was cut by a spreadsheet or has another count than it should: it stops before it
// counts, until a named person lets it in.
import type { Dataset } from '../../ledger/intake/datasets.ts';
import { isShrunk, isTooMany, sheetCutAt } from '../../rules/intake/file-fit.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { FileStop } from '../../rules/intake/import-report.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import { KIND_LABELS } from '../issuance.ts';
import { formatCount } from '../../rules/words/counts.ts';

/**
 * Why a file that no person has looked at cannot be whole, each as its refusal: of another count than it should have, cut by a
 * spreadsheet, shrunk, of keys written otherwise than before, or older than the file in use.
 *
 * @param before the file in use so far, of the same insurer and kind
 * @param counted the rows it is said to have, or null
 */
export function fileStops(
  profile: InsurerProfile,
  file: Pick<Dataset, 'kind' | 'fileName' | 'rowCount' | 'rejectedCount' | 'asOf' | 'throughOn'>,
  before: Dataset | null,
  {
    rows,
    said,
    respelled,
  }: {
    /** Rows it should have, as a person says; and as the file itself says (件数). */
    readonly rows: number | null;
    readonly said: number | null;
    /** Members of whom only the writing of 記号・番号 differs from the file in use. */
    readonly respelled: number;
  },
): (Refusal & { readonly code: FileStop })[] {
  const { kind, fileName, rowCount, rejectedCount } = file;
  const read = rowCount + rejectedCount;
  const stops = [];
  if (rows !== null && rows !== read)
    stops.push(
      stop('file-rows-differ', fileName, `${formatCount(read)}行ですが、件数は${formatCount(rows)}件のはずです。`),
    );
  if (said !== null && said !== read)
    stops.push(
      stop(
        'file-rows-differ',
        fileName,
        `${formatCount(read)}行ですが、ファイルの件数の行には${formatCount(said)}件とあります。`,
      ),
    );
  const cutAt = sheetCutAt(read);
  if (cutAt !== null)
    stops.push(
      stop(
        'file-cut',
        fileName,
        `Excelの1枚のシートに入る行数（${formatCount(cutAt)}行）ちょうどで終わっています。続きが切れていませんか。`,
      ),
    );
  // Ratios are of those from 70 on, and nobody may have one any more.
  if (before !== null && kind !== 'ratios' && isShrunk(rowCount, before.rowCount, profile.fit))
    stops.push(
      stop(
        'file-shrank',
        fileName,
        `${formatCount(rowCount)}行です。いま使っている${KIND_LABELS[kind]}のファイル（${before.fileName}、${formatCount(before.rowCount)}行）の${Math.floor((rowCount / before.rowCount) * 100)}％しかありません。一部だけを書き出したファイルではありませんか。`,
      ),
    );
  if (before !== null && isTooMany({ total: rowCount, without: respelled }, profile.fit))
    stops.push(
      stop(
        'keys-respelled',
        fileName,
        `${formatCount(respelled)}人の記号・番号の書き方（前の0、全角・半角）が、いま使っている加入者のファイル（${before.fileName}）と違います。発行済みの証とつながらず、同じ人に二通送るおそれがあります。前のファイルと同じ書き方で書き出してください。`,
      ),
    );
  const older = before && whyOlder(file, before);
  if (older) stops.push(stop('file-precedes', fileName, older));
  return stops;
}

/** Why a file is older than the one in use, or null. */
function whyOlder(
  { asOf, throughOn }: Pick<Dataset, 'asOf' | 'throughOn'>,
  before: Pick<Dataset, 'asOf' | 'throughOn'>,
): string | null {
  if (asOf !== null && before.asOf !== null && asOf < before.asOf) return olderThan(asOf, before.asOf, true);
  const isOlder = throughOn !== null && before.throughOn !== null && throughOn < before.throughOn;
  return isOlder ? olderThan(throughOn, before.throughOn, false) : null;
}

/** How staff are told that a file is older, by its reference date or by the newest joining in it. */
export function olderThan(own: LocalDate, newest: LocalDate, isByDay: boolean): string {
  if (isByDay) return `基準日 ${own} のファイルですが、${newest} のものを取込済みです。`;
  return `いちばん新しい資格取得・取得決定が ${own} のファイルですが、${newest} までのものを取込済みです（前のファイルではありませんか）。`;
}

function stop<Code extends FileStop>(code: Code, fileName: string, what: string): Refusal & { readonly code: Code } {
  return new Refusal(code, `${fileName}: ${what}何も取り込みませんでした。`) as Refusal & { readonly code: Code };
}
