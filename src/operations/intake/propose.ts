// Room: operations. What taking files in would do: they are read together as they would be taken in, looked at, and undone. The
// command's --check and the console ask here.
import path from 'node:path';
import type { Encoding } from '../../formats/encoding.ts';
import { TextFileWriter, csvLine } from '../../formats/csv.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { inSavepoint } from '../../ledger/core/savepoint.ts';
import { findFilesBase, lockWorkingOut } from '../../ledger/intake/import-proposals.ts';
import type { FilesBase } from '../../ledger/intake/import-proposals.ts';
import { readNewestPostalMaster } from '../../ledger/intake/postal.ts';
import { compareFiles, takeUp } from '../../ledger/intake/proposals.ts';
import type { ChangeGroup, ChangedRow, FileChange } from '../../ledger/intake/proposals.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { COLUMN_HEADERS } from '../../rules/intake/import-report.ts';
import type {
  FileKind,
  FilingCounts,
  ImportFile,
  ImportKind,
  ImportReport,
  ReportedChange,
  ReportedFile,
  ReportedFilings,
  ReportedRow,
  ReportedSuspect,
} from '../../rules/intake/import-report.ts';
import { suspectsOfMember, suspectsOfWorkplace } from '../../rules/intake/suspects.ts';
import type { Lacks, Suspect } from '../../rules/intake/suspects.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { changesList, suspectsList } from './exchange.ts';
import { FileReading } from './file-reading.ts';
import { joinFilesInUse } from './fit.ts';
import { stopsOf, storeFile } from './import.ts';
import type { ImportOptions } from './import.ts';
import { formatCount } from '../../rules/words/counts.ts';

/** How files are to be read. */
export interface ProposalOptions {
  readonly skipInvalid: boolean;
  readonly encoding?: Encoding | null;
  readonly records?: string | null;
  /** Rows and cells of each kind that the report names. */
  readonly limit: number;
  /** True = whole lists are written beside each file. */
  readonly writesLists: boolean;
  /** Absent = filings are not taken. */
  readonly takeFilings?: TakeFilings;
}

/** Takes filings in as part of a transaction. Given by what drives all subjects: certificates are asked back by them. */
export type TakeFilings = (
  tx: Transaction,
  file: string,
) => Promise<FilingCounts & { readonly refused: readonly { readonly line: number; readonly why: string }[] }>;

/** A file that replaces the one in use. */
export type SnapshotFile = ImportFile & { readonly kind: FileKind };

export function isSnapshot(file: ImportFile): file is SnapshotFile {
  return file.kind !== 'filings';
}

/** The order in which files are taken in: what is joined with comes first. */
const ORDER: readonly ImportKind[] = ['members', 'workplaces', 'enrolment', 'ratios', 'filings'];

/** Files in the order in which they are taken in. */
export function inOrder<File extends Pick<ImportFile, 'kind'>>(files: readonly File[]): File[] {
  return files.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** Ends the taking in of files that were only asked about: everything of it is undone. */
class Proposed extends Error {
  readonly report: ImportReport;
  readonly base: FilesBase;
  constructor(report: ImportReport, base: FilesBase) {
    super('proposed');
    this.report = report;
    this.base = base;
  }
}

/**
 * Says what taking files in together would do, and stores nothing. What is wrong with one of them is part of the report.
 *
 * @param files at most one of a kind; paths as the process sees them
 */
export async function proposeFiles(
  context: Context,
  profile: InsurerProfile,
  files: readonly ImportFile[],
  options: ProposalOptions,
): Promise<{ readonly report: ImportReport; readonly base: FilesBase }> {
  try {
    return await context.database.transaction(async (tx) => {
      await lockWorkingOut(tx, profile.insurer.number);
      const base = await findFilesBase(tx, profile.insurer.number);
      const master = await readNewestPostalMaster(tx);
      const lacks: Lacks = (address) => master?.lacks(address) ?? null;
      const reported: ReportedFile[] = [];
      for (const file of inOrder(files).filter(isSnapshot))
        reported.push(await proposeFile(tx, context, profile, file, options, lacks));
      const isRead = reported.some(({ fault, kind }) => fault === null && kind !== 'ratios');
      const joins = isRead ? await joinFilesInUse(tx, profile.insurer.number, profile.fit) : null;
      const filing = files.find((file) => file.kind === 'filings');
      const filings = filing ? await proposeFilings(tx, filing, options) : null;
      throw new Proposed({ files: reported, filings, joins }, base);
    });
  } catch (error) {
    if (error instanceof Proposed) return { report: error.report, base: error.base };
    throw error;
  }
}

/** One file, after those before it; what of it fails is undone alone. */
async function proposeFile(
  tx: Transaction,
  context: Context,
  profile: InsurerProfile,
  file: SnapshotFile,
  options: ProposalOptions,
  lacks: Lacks,
): Promise<ReportedFile> {
  const { kind, asOf, rows } = file;
  const { limit, skipInvalid, encoding = null, records = null, writesLists } = options;
  const suspects = new SuspectList(file.path, limit, writesLists);
  // Older files come in to be looked at; whether they stop is said below.
  const override = { person: context.actor, reason: 'proposal' };
  const given: ImportOptions = { kind, path: file.path, asOf, encoding, skipInvalid, records, override };
  const reading = new FileReading(context, profile, given, (line, row) => {
    const found = 'member' in row ? suspectsOfMember(row.member, lacks) : suspectsOfWorkplace(row.workplace, lacks);
    for (const suspect of found) suspects.add(line, suspect);
  });
  const fileName = path.basename(file.path);
  const empty = { kind, fileName, asOf, rowCount: 0, rejectedCount: 0, notes: reading.notes, unknownColumns: [] };
  try {
    const stored = await inSavepoint(tx, () => storeFile(tx, context, profile, given, reading));
    const { dataset, existed, before } = stored;
    const isInUse = dataset.id === before?.id;
    if (existed && !isInUse) await takeUp(tx, profile.insurer.number, dataset, context.actor, override);
    const change = before && !isInUse ? await compare(tx, file, dataset.id, before.id, options) : null;
    const stops = isInUse ? [] : await stopsOf(tx, profile, stored, reading, rows);
    // Going back is to an older file.
    const counted = stops.filter(({ code }) => !existed || code !== 'file-precedes');
    return {
      ...empty,
      rowCount: dataset.rowCount,
      rejectedCount: dataset.rejectedCount,
      unknownColumns: reading.unknownColumns,
      before: before && { id: before.id, fileName: before.fileName, rowCount: before.rowCount },
      change,
      suspects: await suspects.finish(),
      stops: counted.map(({ code, message }) => ({ code, message })),
      fault: null,
      known: existed ? { id: dataset.id, isInUse } : null,
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, details } = error;
    const fault = { code, message, details };
    const none = { before: null, change: null, stops: [], known: null };
    return { ...empty, ...none, unknownColumns: reading.unknownColumns, suspects: await suspects.finish(), fault };
  }
}

const NO_FILINGS: FilingCounts = {
  recorded: 0,
  already: 0,
  late: 0,
  demanded: 0,
  withdrawn: 0,
  givenBack: 0,
  unrecoverable: 0,
};

/** Filings, after the files: what they ask of certificates. */
async function proposeFilings(
  tx: Transaction,
  file: ImportFile,
  { takeFilings, skipInvalid, limit }: ProposalOptions,
): Promise<ReportedFilings> {
  const fileName = path.basename(file.path);
  const none = { ...NO_FILINGS, fileName, refused: { total: 0, first: [] } };
  if (!takeFilings) return { ...none, fault: '届書はここでは取り込めません。' };
  try {
    const { refused, ...taken } = await inSavepoint(tx, () => takeFilings(tx, file.path));
    const counts = Object.fromEntries(Object.keys(NO_FILINGS).map((name) => [name, taken[name as keyof FilingCounts]]));
    const fault = refused.length > 0 && !skipInvalid ? refusedFilings(fileName, refused.length) : null;
    return {
      ...NO_FILINGS,
      ...counts,
      fileName,
      refused: { total: refused.length, first: refused.slice(0, limit) },
      fault,
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...none, fault: error.message };
  }
}

/** What is wrong with filings of which some cannot be taken in. */
export function refusedFilings(fileName: string, count: number): string {
  return `${fileName}: 受け付けられない行が${formatCount(count)}行あります。`;
}

const GROUP_WORDS = {
  come: '増える',
  gone: 'なくなる',
  changed: '変わる',
  'gone-with-paper': 'なくなる人の資格確認書',
} as const satisfies Record<ChangeGroup, string>;

async function compare(
  tx: Transaction,
  { kind, path: file }: SnapshotFile,
  id: number,
  before: number,
  { limit, writesLists }: ProposalOptions,
): Promise<ReportedChange> {
  const headers = COLUMN_HEADERS[kind];
  const described = (row: ChangedRow): ReportedRow => ({
    key: row.key,
    name: row.name,
    columns: row.columns.map((column) => headers[column] ?? column),
  });
  if (!writesLists) return inWords(await compareFiles(tx, kind, id, before, limit), described);
  const writer = await TextFileWriter.create(changesList(file));
  await writer.write(csvLine(['区分', kind === 'workplaces' ? '記号' : '記号・番号・枝番', '名称', '変わる列']));
  const change = await compareFiles(tx, kind, id, before, limit, async (group, row) => {
    const { key, name, columns } = described(row);
    await writer.write(csvLine([GROUP_WORDS[group], key, name, columns.join('、')]));
  });
  await writer.finish();
  return inWords(change, described);
}

function inWords(change: FileChange, described: (row: ChangedRow) => ReportedRow): ReportedChange {
  const { come, gone, changed, 'gone-with-paper': held } = change.first;
  return {
    ...change,
    columns: change.columns.map(({ column, count }) => ({
      column: described({ key: '', name: '', columns: [column] }).columns[0] ?? column,
      count,
    })),
    first: {
      come: come.map(described),
      gone: gone.map(described),
      changed: changed.map(described),
      'gone-with-paper': held.map(described),
    },
  };
}

/** Cells a list holds at most: where there are more, a whole column is wrong. */
const MOST_LINES = 100_000;

/** Cells to look at: the first of them for the report, all of them in a list beside the file. */
class SuspectList {
  readonly #path: string;
  readonly #limit: number;
  readonly #writes: boolean;
  readonly #first: ReportedSuspect[] = [];
  #lines: string[] = [];
  #total = 0;

  constructor(file: string, limit: number, writes: boolean) {
    this.#path = suspectsList(file);
    this.#limit = limit;
    this.#writes = writes;
  }

  add(line: number, suspect: Suspect): void {
    this.#total += 1;
    if (this.#first.length < this.#limit) this.#first.push({ line, ...suspect });
    if (this.#writes && this.#lines.length < MOST_LINES)
      this.#lines.push(csvLine([line, suspect.column, suspect.what]));
  }

  async finish(): Promise<ReportedFile['suspects']> {
    if (this.#writes) {
      const writer = await TextFileWriter.create(this.#path);
      await writer.write(csvLine(['行', '列', '内容']));
      for (const line of this.#lines) await writer.write(line);
      await writer.finish();
    }
    return { total: this.#total, first: this.#first };
  }
}
