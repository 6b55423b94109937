// Room: operations. Writes the output folder of an issuance, file by file, each whole or not there.
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TextFileWriter, csvLine } from '../formats/csv.ts';
import type { WrittenFile } from '../formats/csv.ts';
import type { Encoding } from '../formats/encoding.ts';
import { copyFields } from '../ledger/database.ts';
import type { Transaction } from '../ledger/database.ts';
import { readDecisions } from '../ledger/decisions.ts';
import { listHeldPieces, listPrintFiles, listPrintedPieces, listReplacedVariants } from '../ledger/prints.ts';
import { readCertificates, readMailpieces } from '../ledger/mailpieces.ts';
import { listPulls } from '../ledger/life.ts';
import { readPostalMaster } from '../ledger/postal.ts';
import { listWarnings } from '../ledger/warnings.ts';
import { HELD_LABELS, REASON_LABELS, WARNING_LABELS } from '../rules/labels.ts';
import { PAGES_PER_CERTIFICATE } from '../rules/print-batches.ts';
import type { WarningCode } from '../rules/warnings.ts';
import type { PostalMaster } from '../rules/postal.ts';
import type { Context } from './context.ts';
import { barcodeOf } from './customer-codes.ts';
import type { Run } from './issuance-run.ts';
import type { Reconciliation } from './reconcile.ts';
import type { Output } from './issue.ts';
import type { WorkplaceLists } from './workplace-lists.ts';
import type { InsurerProfile } from '../rules/insurer.ts';

export interface ExportedFile extends WrittenFile {
  /** Relative to the output folder. */
  readonly path: string;
  readonly rows: number;
}

type Lines = AsyncIterable<readonly string[]> | Iterable<readonly string[]>;

export interface ExportOptions {
  readonly outDir: string;
  readonly encoding: Encoding;
  /** Null where nothing was printed. */
  readonly printed: Output['printed'];
}

/** Writes the CSVs, reconciliation.json and, last, manifest.json. */
export async function exportIssuance(
  context: Context,
  run: Run,
  profile: InsurerProfile,
  reconciliation: Reconciliation,
  { outDir, encoding, printed }: ExportOptions,
): Promise<void> {
  await mkdir(outDir, { recursive: true });
  await context.database.transaction(async (tx) => {
    const tables = outputs(tx, run, printed?.lists ?? null, await readPostalMaster(tx, run.id));
    context.progress.begin('書き出し', tables.length, 'ファイル');
    const files: ExportedFile[] = [];
    for (const [name, header, lines] of tables) {
      files.push(await writeCsv(outDir, name, header, lines, encoding));
      context.progress.reach(files.length);
    }
    files.push(await writeJson(outDir, 'reconciliation.json', reconciliationJson(run, reconciliation)));
    await writeManifest(tx, outDir, { run, profile, reconciliation, files, printed });
    context.progress.end();
  });
}

function outputs(
  tx: Transaction,
  run: Run,
  lists: WorkplaceLists | null,
  master: PostalMaster | null,
): [name: string, header: readonly string[], lines: Lines][] {
  const tables: [string, readonly string[], Lines][] = [
    ['decisions.csv', ['記号', '番号', '枝番', '判定', '理由コード', '理由'], decisionLines(tx, run)],
    [
      'certificates.csv',
      ['証番号', '記号', '番号', '枝番', '交付年月日', '有効期限', '郵便物番号', '封入順'],
      copiedLines(readCertificates(tx, run.id), (f) => f),
    ],
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
      copiedLines(readMailpieces(tx, run.id), (f) => mailpieceCells(f, master)),
    ],
    ['warnings.csv', ['コード', '内容', '記号', '番号', '枝番', '組'], warningLines(tx, run)],
  ];
  if (lists === null) return tables;
  return [
    ...tables,
    [
      'workplace-lists.csv',
      ['記号', '人数', '枚数', '封筒', 'ファイル', 'ページ', '保留'],
      [
        lists.rows.map((r) =>
          csvLine([r.symbol, r.personCount, r.sheetCount, r.envelope, r.file, r.page ?? '', r.held]),
        ),
      ],
    ],
    ['print-held.csv', ['郵便物番号', '理由', '記号', '番号', '枝番', '項目', '文字'], heldLines(tx, run)],
    ['pull-list.csv', ['郵便物番号', '証番号', '封入順', '資格確認書ファイル', 'ページ'], pullLines(tx, run)],
    ['print-replaced.csv', ['郵便物番号', '記号', '番号', '枝番', '項目', '文字'], replacedLines(tx, run)],
  ];
}

/** Columns of a COPY row of readMailpieces as cells; the barcode's characters come from the address on the piece. */
function mailpieceCells(f: readonly string[], master: PostalMaster | null): readonly string[] {
  const [postalCode = '', line = '', building = '', file = '', page = ''] = f.slice(7);
  const barcode = line === '' ? null : barcodeOf({ postalCode, line, building }, master);
  return [...f.slice(0, 8), barcode?.characters ?? '', file, page];
}

async function* heldLines(tx: Transaction, run: Run): AsyncIterable<string[]> {
  const rows = await listHeldPieces(tx, run.id);
  yield rows.map((r) =>
    csvLine([r.mailpieceNumber, HELD_LABELS[r.reason], r.symbol, r.number, r.subNumber, r.field, r.codePoint]),
  );
}

async function* pullLines(tx: Transaction, run: Run): AsyncIterable<string[]> {
  const rows = await listPulls(tx, run.id);
  yield rows.map((r) => csvLine([r.mailpieceNumber, r.certificateNumber, r.position, r.file, r.page]));
}

async function* replacedLines(tx: Transaction, run: Run): AsyncIterable<string[]> {
  const rows = await listReplacedVariants(tx, run.id);
  yield rows.map((r) => csvLine([r.mailpieceNumber, r.symbol, r.number, r.subNumber, r.field, r.codePoint]));
}

async function* decisionLines(tx: Transaction, run: Run): AsyncIterable<string[]> {
  for await (const batch of readDecisions(tx, run.id)) {
    yield batch.map((d) =>
      csvLine([
        d.symbol,
        d.number,
        d.subNumber,
        d.isTarget ? 'target' : 'not-target',
        d.reason,
        REASON_LABELS[d.reason],
      ]),
    );
  }
}

async function* copiedLines(
  batches: AsyncIterable<string[]>,
  cells: (fields: readonly string[]) => readonly string[],
): AsyncIterable<string[]> {
  for await (const batch of batches) {
    yield batch.map((line) => csvLine(cells(copyFields(line).map((field) => field ?? ''))));
  }
}

async function* warningLines(tx: Transaction, run: Run): AsyncIterable<string[]> {
  const rows = await listWarnings(tx, run.id);
  yield rows.map((w) =>
    csvLine([w.code, WARNING_LABELS[w.code as WarningCode], w.symbol, w.number, w.subNumber, w.groupNo ?? '']),
  );
}

async function writeCsv(
  outDir: string,
  name: string,
  header: readonly string[],
  lines: Lines,
  encoding: Encoding,
): Promise<ExportedFile> {
  const writer = await TextFileWriter.create(path.join(outDir, name), encoding);
  let rows = 0;
  try {
    await writer.write(csvLine(header));
    for await (const batch of lines) {
      rows += batch.length;
      await writer.write(batch.join(''));
    }
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  return { path: name, rows, ...(await writer.finish()) };
}

async function writeJson(outDir: string, name: string, value: unknown): Promise<ExportedFile> {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  await writeFile(path.join(outDir, `${name}.part`), text);
  await rename(path.join(outDir, `${name}.part`), path.join(outDir, name));
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { path: name, rows: 1, byteCount: Buffer.byteLength(text), sha256, unencodable: [] };
}

function reconciliationJson(run: Run, reconciliation: Reconciliation): unknown {
  const { counts } = reconciliation;
  const withdrawn = counts.exitsByReason['withdrawn-lost'] ?? 0;
  return {
    balanced: reconciliation.balanced,
    issuance: run.id,
    name: run.name,
    members: counts.members,
    reasons: Object.fromEntries(reconciliation.reasons.map((r) => [r.reason, r.count])),
    targets: counts.targets,
    certificates: counts.certificates,
    withdrawn,
    stopped: counts.exits - withdrawn,
    mailpieces: counts.mailpieces,
    certificatesInMailpieces: counts.certificatesInMailpieces,
    balances: reconciliation.balances,
  };
}

interface ManifestSource {
  readonly run: Run;
  readonly profile: InsurerProfile;
  readonly reconciliation: Reconciliation;
  readonly files: readonly ExportedFile[];
  readonly printed: Output['printed'];
}

/** Writes manifest.json in one pass: the print files' pages may be millions. */
async function writeManifest(tx: Transaction, outDir: string, source: ManifestSource): Promise<void> {
  const writer = await TextFileWriter.create(path.join(outDir, 'manifest.json'), 'utf-8', { bom: false });
  try {
    const { files, ...rest } = manifestJson(source);
    await writer.write(`${JSON.stringify(rest, null, 2).slice(0, -2)},\n  "files": [`);
    let separator = '\n';
    for (const file of files) {
      await writer.write(`${separator}    ${JSON.stringify(file)}`);
      separator = ',\n';
    }
    for await (const file of printFiles(tx, source)) {
      await writer.write(`${separator}    ${JSON.stringify(file)}`);
      separator = ',\n';
    }
    await writer.write('\n  ]\n}\n');
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  await writer.finish();
}

/**
 * Print files with the pages of each piece: `[郵便物番号, first page, last page]`, and the enclosures that go with them.
 */
async function* printFiles(tx: Transaction, { run, profile }: ManifestSource): AsyncIterable<object> {
  const files = await listPrintFiles(tx, run.id);
  let batchNo = 0;
  let pieces: Awaited<ReturnType<typeof listPrintedPieces>> = [];
  for (const file of files) {
    if (file.batchNo !== batchNo) pieces = await listPrintedPieces(tx, run.id, (batchNo = file.batchNo));
    const isLetter = file.paper === 'letters';
    yield {
      path: file.path,
      bytes: file.byteCount,
      sha256: file.sha256,
      pages: file.pageCount,
      pieces: file.mailpieceCount,
      certificates: file.certificateCount,
      enclosures: isLetter ? enclosureCounts(profile, file.mailpieceCount, file.certificateCount) : [],
      pageRanges: pieces.map((p) =>
        isLetter
          ? [p.mailpieceNumber, p.letterPage, p.letterPage]
          : [p.mailpieceNumber, p.certificatePage, p.certificatePage + p.certificateCount * PAGES_PER_CERTIFICATE - 1],
      ),
    };
  }
}

/** 同封物 of so many pieces and certificates. */
export function enclosureCounts(
  profile: InsurerProfile,
  mailpieces: number,
  certificates: number,
): { id: string; name: string; count: number }[] {
  return profile.enclosing.enclosures.map((e) => ({
    id: e.id,
    name: e.name,
    count: e.per === 'mailpiece' ? mailpieces : certificates,
  }));
}

function manifestJson({ run, profile, reconciliation, files, printed }: ManifestSource) {
  const { counts } = reconciliation;
  return {
    issuance: {
      id: run.id,
      profile: run.profileId,
      name: run.name,
      issuedOn: run.issuedOn,
      referenceOn: run.referenceOn,
    },
    enclosures: enclosureCounts(profile, counts.mailpieces, counts.certificates),
    totals: {
      members: counts.members,
      targets: counts.targets,
      certificates: counts.certificates,
      mailpieces: counts.mailpieces,
      held: counts.heldMailpieces,
      printed: counts.printedMailpieces,
    },
    balanced: reconciliation.balanced,
    unencodable: files.flatMap((f) =>
      f.unencodable.map((u) => ({
        file: f.path,
        line: u.line,
        column: u.column,
        codePoint: `U+${u.codePoint.toString(16).toUpperCase()}`,
      })),
    ),
    files: [
      ...files.map((f) => ({ path: f.path, bytes: f.byteCount, sha256: f.sha256, rows: f.rows })),
      ...(printed?.artwork ?? []).map((f) => ({ path: f.path, bytes: f.byteCount, sha256: f.sha256, pages: 1 })),
      ...(printed?.lists.files ?? []).map((f) => ({
        path: f.path,
        bytes: f.byteCount,
        sha256: f.sha256,
        pages: f.pageCount,
      })),
    ],
  };
}
