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
import { readCertificates, readMailpieces } from '../ledger/mailpieces.ts';
import { listWarnings } from '../ledger/warnings.ts';
import { REASON_LABELS, WARNING_LABELS } from '../rules/labels.ts';
import type { WarningCode } from '../rules/warnings.ts';
import type { Context } from './context.ts';
import type { Run } from './issuance-run.ts';
import type { Reconciliation } from './reconcile.ts';
import type { InsurerProfile } from '../rules/insurer.ts';

export interface ExportedFile extends WrittenFile {
  /** Relative to the output folder. */
  readonly path: string;
  readonly rows: number;
}

type Lines = AsyncIterable<readonly string[]> | Iterable<readonly string[]>;

/** Writes the CSVs, reconciliation.json and, last, manifest.json. */
export async function exportIssuance(
  context: Context,
  run: Run,
  profile: InsurerProfile,
  reconciliation: Reconciliation,
  outDir: string,
  encoding: Encoding,
): Promise<ExportedFile[]> {
  await mkdir(outDir, { recursive: true });
  context.progress.begin('書き出し', 4, 'ファイル');
  const files = await context.database.transaction(async (tx) => {
    const written: ExportedFile[] = [];
    for (const [name, header, lines] of outputs(tx, run)) {
      written.push(await writeCsv(outDir, name, header, lines, encoding));
      context.progress.reach(written.length);
    }
    return written;
  });
  context.progress.end();
  files.push(await writeJson(outDir, 'reconciliation.json', reconciliationJson(run, reconciliation)));
  await writeJson(outDir, 'manifest.json', manifestJson(run, profile, reconciliation, files));
  return files;
}

function outputs(tx: Transaction, run: Run): [name: string, header: readonly string[], lines: Lines][] {
  return [
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
      copiedLines(readMailpieces(tx, run.id), (f) => [...f.slice(0, 8), '', f[8] ?? '', f[9] ?? '']),
    ],
    ['warnings.csv', ['コード', '内容', '記号', '番号', '枝番', '組'], warningLines(tx, run)],
  ];
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

function manifestJson(
  run: Run,
  profile: InsurerProfile,
  reconciliation: Reconciliation,
  files: readonly ExportedFile[],
): unknown {
  const { counts } = reconciliation;
  return {
    issuance: {
      id: run.id,
      profile: run.profileId,
      name: run.name,
      issuedOn: run.issuedOn,
      referenceOn: run.referenceOn,
    },
    files: files.map((f) => ({ path: f.path, bytes: f.byteCount, sha256: f.sha256, rows: f.rows })),
    enclosures: profile.enclosing.enclosures.map((e) => ({
      id: e.id,
      name: e.name,
      count: e.per === 'mailpiece' ? counts.mailpieces : counts.certificates,
    })),
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
  };
}
