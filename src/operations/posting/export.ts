// Room: operations. Writes the output folder of an issuance, file by file, each whole or not there.
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { csvLine } from '../../formats/csv.ts';
import type { TextFileWriter } from '../../formats/csv.ts';
import type { WrittenFile } from '../../formats/csv.ts';
import type { Encoding } from '../../formats/encoding.ts';
import { writeText, writeWhole } from '../../formats/files.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { listPrintFiles, listPrintedPieces, recordWrittenOutput } from '../../ledger/printing/prints.ts';
import { readPostalMaster } from '../../ledger/intake/postal.ts';
import { NEWER_LABELS, isPulled } from '../../rules/posting/newer-facts.ts';
import { PAGES_PER_CERTIFICATE } from '../../rules/printing/print-batches.ts';
import type { Context } from '../context.ts';
import { postingOf } from './kinds.ts';
import { commonTables } from './export-tables.ts';
import type { Lines, Table } from './export-tables.ts';
import type { Issuance } from '../issuance.ts';
import type { Reconciliation } from '../issuing/reconcile.ts';
import type { Output } from './output.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';

export interface ExportedFile extends WrittenFile {
  /** Relative to the output folder. */
  readonly path: string;
  readonly rows: number;
}

export interface ExportOptions {
  readonly outDir: string;
  readonly encoding: Encoding;
  /** Null where nothing was printed. */
  readonly printed: Output['printed'];
  readonly askedAgain: Output['askedAgain'];
}

/** Writes the CSVs, reconciliation.json and, last, manifest.json. */
export async function exportIssuance(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  reconciliation: Reconciliation,
  { outDir, encoding, printed, askedAgain }: ExportOptions,
): Promise<void> {
  await mkdir(outDir, { recursive: true });
  await context.database.transaction(async (tx) => {
    const master = await readPostalMaster(tx, issuance.id);
    const tables = [
      ...commonTables(tx, issuance, master, printed !== null),
      ...postingOf(issuance).tables(tx, printed),
      ...newsTables(askedAgain),
    ];
    if (newsTables(askedAgain).length === 0) await rm(path.join(outDir, NEWS_FILE), { force: true });
    context.progress.begin('書き出し', tables.length, 'ファイル');
    const files: ExportedFile[] = [];
    for (const [name, header, lines] of tables) {
      files.push(await writeCsv(outDir, name, header, lines, encoding));
      context.progress.reach(files.length);
    }
    files.push(await writeJson(outDir, 'reconciliation.json', reconciliationJson(issuance, reconciliation)));
    await writeManifest(tx, outDir, { issuance, profile, reconciliation, files, printed });
    if (printed) await recordWrittenOutput(tx, issuance.id);
    context.progress.end();
  });
}

/** For staff: persons who are missing from a newer file, or whose name or address has changed. Where there are none, no file. */
const NEWS_FILE = 'newer-facts.csv';

function newsTables(askedAgain: Output['askedAgain']): Table[] {
  const news = (askedAgain?.news ?? []).filter(({ finding }) => !isPulled(finding));
  if (news.length === 0) return [];
  const lines = news.map((n) =>
    csvLine([n.mailpieceNumber, n.symbol, n.number, n.subNumber, n.finding, NEWER_LABELS[n.finding]]),
  );
  return [[NEWS_FILE, ['郵便物番号', '記号', '番号', '枝番', 'コード', '内容'], [lines]]];
}

async function writeCsv(
  outDir: string,
  name: string,
  header: readonly string[],
  lines: Lines,
  encoding: Encoding,
): Promise<ExportedFile> {
  let rows = 0;
  const fill = async (writer: TextFileWriter): Promise<void> => {
    await writer.write(csvLine(header));
    for await (const batch of lines) {
      rows += batch.length;
      await writer.write(batch.join(''));
    }
  };
  const written = await writeText(path.join(outDir, name), fill, encoding);
  return { path: name, rows, ...written };
}

async function writeJson(outDir: string, name: string, value: unknown): Promise<ExportedFile> {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  await writeWhole(path.join(outDir, name), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { path: name, rows: 1, byteCount: Buffer.byteLength(text), sha256, unencodable: [] };
}

function reconciliationJson(issuance: Issuance, reconciliation: Reconciliation): unknown {
  const { counts, notices } = reconciliation;
  const withdrawn = counts.exitsByReason['withdrawn-lost'] ?? 0;
  const papers = notices
    ? {
        notices: notices.notices,
        inParcels: notices.inParcels,
        home: notices.home,
        parcels: notices.parcels,
        withDigits: notices.withDigits,
        requestForms: notices.requestForms,
        exits: counts.exitsByReason,
      }
    : {
        certificates: counts.certificates,
        withdrawn,
        stopped: counts.exits - withdrawn,
        certificatesInMailpieces: counts.certificatesInMailpieces,
      };
  return {
    balanced: reconciliation.balanced,
    issuance: issuance.id,
    name: issuance.name,
    members: counts.members,
    reasons: Object.fromEntries(reconciliation.reasons.map((r) => [r.reason, r.count])),
    targets: counts.targets,
    ...papers,
    mailpieces: counts.mailpieces,
    balances: reconciliation.balances,
  };
}

interface ManifestSource {
  readonly issuance: Issuance;
  readonly profile: InsurerProfile;
  readonly reconciliation: Reconciliation;
  readonly files: readonly ExportedFile[];
  readonly printed: Output['printed'];
}

/** Writes manifest.json in one pass: the print files' pages may be millions. */
async function writeManifest(tx: Transaction, outDir: string, source: ManifestSource): Promise<void> {
  const fill = async (writer: TextFileWriter): Promise<void> => {
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
  };
  await writeText(path.join(outDir, 'manifest.json'), fill, 'utf-8', { bom: false });
}

/**
 * Print files with the pages of each piece: `[郵便物番号, first page, last page]`, and the enclosures that go with them.
 */
async function* printFiles(tx: Transaction, { issuance, profile }: ManifestSource): AsyncIterable<object> {
  const files = await listPrintFiles(tx, issuance.id);
  let batchNo = 0;
  let pieces: Awaited<ReturnType<typeof listPrintedPieces>> = [];
  for (const file of files) {
    if (file.batchNo !== batchNo) pieces = await listPrintedPieces(tx, issuance.id, (batchNo = file.batchNo));
    const isLetter = isMainPaper(file.paper);
    yield {
      path: file.path,
      bytes: file.byteCount,
      sha256: file.sha256,
      pages: file.pageCount,
      pieces: file.mailpieceCount,
      certificates: file.certificateCount,
      enclosures: isLetter ? postingOf(issuance).enclosures(profile, file.mailpieceCount, file.certificateCount) : [],
      pageRanges: pieces.flatMap((p) => {
        if (isLetter) return [[p.mailpieceNumber, p.letterPage, p.letterPage]];
        if (p.certificatePage === null) return [];
        const pages = file.paper === 'certificates' ? p.certificateCount * PAGES_PER_CERTIFICATE : 1;
        return [[p.mailpieceNumber, p.certificatePage, p.certificatePage + pages - 1]];
      }),
    };
  }
}

/** The paper of which each piece has one page: 送付書, or the notice itself. */
export function isMainPaper(paper: string): boolean {
  return paper === 'letters' || paper === 'notices';
}

function manifestJson({ issuance, profile, reconciliation, files, printed }: ManifestSource) {
  const { counts, notices } = reconciliation;
  return {
    issuance: {
      id: issuance.id,
      profile: issuance.profileId,
      name: issuance.name,
      issuedOn: issuance.issuedOn,
      referenceOn: issuance.referenceOn,
    },
    enclosures: postingOf(issuance).enclosures(profile, counts.mailpieces, counts.certificates),
    totals: {
      members: counts.members,
      targets: counts.targets,
      ...(notices
        ? { notices: notices.notices, requestForms: notices.requestForms, parcels: notices.parcels }
        : { certificates: counts.certificates }),
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
      ...[...(printed?.lists.files ?? []), ...(printed?.parcels.files ?? [])].map((f) => ({
        path: f.path,
        bytes: f.byteCount,
        sha256: f.sha256,
        pages: f.pageCount,
      })),
    ],
  };
}
