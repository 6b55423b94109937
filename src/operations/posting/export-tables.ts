// Room: operations. The tables of an output folder, a file an entry: what both kinds of issuance write, and what only
// certificates do.
import { csvLine } from '../../formats/csv.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { readDecisions } from '../../ledger/issuing/decisions.ts';
import { listHeldPieces, listReplacedVariants } from '../../ledger/printing/prints.ts';
import { readCertificates, readMailpieces } from '../../ledger/issuing/mailpieces.ts';
import { listPulls } from '../../ledger/posting/pulls.ts';
import type { ExportedMailpiece } from '../../ledger/issuing/mailpieces.ts';
import { listWarnings } from '../../ledger/issuing/warnings.ts';
import { reasonLabel } from '../../rules/issuing/reasons.ts';
import { HELD_LABELS } from '../../rules/printing/print-batches.ts';
import { WARNING_LABELS } from '../../rules/issuing/warnings.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';
import type { WarningCode } from '../../rules/issuing/warnings.ts';
import { barcodeOf } from '../printing/customer-codes.ts';
import type { Issuance } from '../issuance.ts';
import type { WorkplaceLists } from './workplace-lists.ts';

export type Lines = AsyncIterable<readonly string[]> | Iterable<readonly string[]>;

/** File name, header, and lines of CSV in batches. */
export type Table = readonly [name: string, header: readonly string[], lines: Lines];

/** Tables of any issuance: decisions, mailpieces, warnings; where it was printed, what print held and replaced. */
export function commonTables(
  tx: Transaction,
  issuance: Issuance,
  master: PostalMaster | null,
  isPrinted: boolean,
): Table[] {
  const tables: Table[] = [
    ['decisions.csv', ['記号', '番号', '枝番', '判定', '理由コード', '理由'], decisionLines(tx, issuance)],
    [
      'mailpieces.csv',
      [
        '郵便物番号',
        '経路',
        '記号',
        '番号',
        '通番',
        '総通数',
        '枚数',
        '郵便番号',
        'バーコード文字',
        '印刷ファイル',
        'ページ',
      ],
      csvLines(readMailpieces(tx, issuance.id), (piece) => mailpieceCells(piece, master)),
    ],
    ['warnings.csv', ['コード', '内容', '記号', '番号', '枝番', '組'], warningLines(tx, issuance)],
  ];
  if (!isPrinted) return tables;
  return [
    ...tables,
    ['print-held.csv', ['郵便物番号', '理由', '記号', '番号', '枝番', '項目', '文字'], heldLines(tx, issuance)],
    ['print-replaced.csv', ['郵便物番号', '記号', '番号', '枝番', '項目', '文字'], replacedLines(tx, issuance)],
  ];
}

/** Tables of certificates alone. */
export function certificateTables(tx: Transaction, issuance: Issuance, lists: WorkplaceLists | null): Table[] {
  const tables: Table[] = [
    [
      'certificates.csv',
      ['証番号', '記号', '番号', '枝番', '交付年月日', '有効期限', '郵便物番号', '封入順'],
      csvLines(readCertificates(tx, issuance.id), (c) => [
        c.certificateNumber,
        c.symbol,
        c.number,
        c.subNumber,
        c.issuedOn,
        c.validThrough,
        c.mailpieceNumber,
        c.position,
      ]),
    ],
  ];
  if (lists === null) return tables;
  return [
    ...tables,
    [
      'workplace-lists.csv',
      ['記号', '人数', '枚数', '封筒', 'ファイル', 'ページ', '保留', '氏名を確かめる人数'],
      [
        lists.rows.map((r) =>
          csvLine([r.symbol, r.personCount, r.sheetCount, r.envelope, r.file, r.page ?? '', r.held, r.doubtedCount]),
        ),
      ],
    ],
    ['pull-list.csv', ['郵便物番号', '証番号', '封入順', '資格確認書ファイル', 'ページ'], pullLines(tx, issuance)],
  ];
}

/** The barcode's characters come from the address on the piece. */
function mailpieceCells(p: ExportedMailpiece, master: PostalMaster | null): readonly (string | number)[] {
  const barcode = p.address === null ? null : barcodeOf(p.address, master);
  return [
    p.mailpieceNumber,
    p.route,
    p.symbol,
    p.number,
    p.sequence,
    p.sequenceCount,
    p.certificateCount,
    p.address?.postalCode ?? '',
    barcode?.characters ?? '',
    p.file ?? '',
    p.page ?? '',
  ];
}

async function* heldLines(tx: Transaction, issuance: Issuance): AsyncIterable<string[]> {
  const rows = await listHeldPieces(tx, issuance.id);
  yield rows.map((r) =>
    csvLine([r.mailpieceNumber, HELD_LABELS[r.reason], r.symbol, r.number, r.subNumber, r.field, r.codePoint]),
  );
}

async function* pullLines(tx: Transaction, issuance: Issuance): AsyncIterable<string[]> {
  const rows = await listPulls(tx, issuance.id);
  yield rows.map((r) => csvLine([r.mailpieceNumber, r.certificateNumber, r.position, r.file, r.page]));
}

async function* replacedLines(tx: Transaction, issuance: Issuance): AsyncIterable<string[]> {
  const rows = await listReplacedVariants(tx, issuance.id);
  yield rows.map((r) => csvLine([r.mailpieceNumber, r.symbol, r.number, r.subNumber, r.field, r.codePoint]));
}

async function* decisionLines(tx: Transaction, issuance: Issuance): AsyncIterable<string[]> {
  for await (const batch of readDecisions(tx, issuance.id)) {
    yield batch.map((d) =>
      csvLine([
        d.symbol,
        d.number,
        d.subNumber,
        d.isTarget ? 'target' : 'not-target',
        d.reason,
        reasonLabel(issuance.kind, d.reason),
      ]),
    );
  }
}

/** Rows as lines of CSV. */
export async function* csvLines<Row>(
  batches: AsyncIterable<readonly Row[]>,
  cells: (row: Row) => readonly (string | number)[],
): AsyncIterable<string[]> {
  for await (const batch of batches) yield batch.map((row) => csvLine(cells(row)));
}

async function* warningLines(tx: Transaction, issuance: Issuance): AsyncIterable<string[]> {
  const rows = await listWarnings(tx, issuance.id);
  yield rows.map((w) =>
    csvLine([w.code, WARNING_LABELS[w.code as WarningCode], w.symbol, w.number, w.subNumber, w.groupNo ?? '']),
  );
}
