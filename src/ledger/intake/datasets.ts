// Room: ledger. Snapshots: a whole input file becomes one partition, or nothing does.
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import { mayDifferInForm } from '../../rules/intake/join-keys.ts';
import type { KeyShapes } from '../../rules/intake/join-keys.ts';
import { SNAPSHOTS } from './snapshot-columns.ts';

export type DatasetKind = 'members' | 'workplaces' | 'enrolment' | 'ratios';

/** A stored input file. */
export interface Dataset {
  readonly id: number;
  readonly kind: DatasetKind;
  readonly rowCount: number;
  readonly rejectedCount: number;
  readonly asOf: LocalDate | null;
  /** Of members: the newest day of joining or decision; null = not said. */
  readonly throughOn: LocalDate | null;
  readonly fileName: string;
  readonly encoding: string;
  readonly importedAt: Date;
}

export interface NewDataset {
  readonly insurerNumber: string;
  readonly insurerName: string;
  readonly kind: DatasetKind;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /** What else decides the rows: column map, forced encoding, whether bad rows are left out. */
  readonly reading: string;
  /** Reference date of an enrolment snapshot, null otherwise. */
  readonly asOf: LocalDate | null;
  readonly fileName: string;
  readonly actor: string;
  /** The person who lets it in though a newer file is in use, or null. */
  readonly override: { readonly person: string; readonly reason: string } | null;
}

/** Thrown where a file is older than the one in use; nothing is stored. */
export class OlderDataset extends Error {
  readonly own: LocalDate;
  readonly newest: LocalDate;
  constructor(own: LocalDate, newest: LocalDate) {
    super(`${own} precedes ${newest}`);
    this.own = own;
    this.newest = newest;
  }
}

/** Two rows of one file that claim the same key. */
export interface DuplicateRow {
  readonly line: number;
  readonly firstLine: number;
  readonly key: string;
}

/** Thrown when rows of a file claim one key twice and bad rows may not be left out; nothing is stored. */
export class DuplicateRows extends Error {
  readonly rows: readonly DuplicateRow[];
  constructor(rows: readonly DuplicateRow[]) {
    super(`${rows.length} rows repeat a key`);
    this.rows = rows;
  }
}

/** COPY text of the rows; when it ends, what became of the file. */
export interface DatasetContent {
  readonly text: AsyncIterable<string>;
  /** Asked after `text` has ended. */
  readonly summary: () => {
    readonly encoding: string;
    readonly rowCount: number;
    readonly rejectedCount: number;
    /** Of members: the newest day of joining or decision. */
    readonly throughOn: LocalDate | null;
    /** Of members: a dependent's class may not be that of the insured person. */
    readonly classesMayDiffer: boolean;
    readonly keyShapes: KeyShapes;
  };
}

export const TABLES = {
  members: 'member',
  workplaces: 'workplace',
  enrolment: 'enrolment',
  ratios: 'burden_ratio',
} as const satisfies Record<DatasetKind, string>;

/** What became of a file that was to be stored. */
export interface StoredDataset {
  readonly dataset: Dataset;
  /** It was stored before; nothing is stored now. */
  readonly existed: boolean;
  /** The file in use until then, or null. */
  readonly before: Dataset | null;
  /** Rows left out because they claim the key of a row before them. */
  readonly dropped: readonly DuplicateRow[];
}

/** Until the transaction ends, nobody else changes which files of an insurer are in use. */
export async function lockFilesInUse(tx: Transaction, insurerNumber: string): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 4))', [`files ${insurerNumber}`]);
}

/**
 * Stores a file as a snapshot: all of its rows, or the transaction fails.
 *
 * @param duplicates `refuse` throws `DuplicateRows`; `keep-first` leaves later rows of a key out and reports them.
 */
export async function storeDataset(
  tx: Transaction,
  dataset: NewDataset,
  duplicates: 'refuse' | 'keep-first',
  content: () => DatasetContent,
): Promise<StoredDataset> {
  // Two imports of one file wait for each other instead of storing it twice.
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 0))', [dataset.sha256]);
  const before = await findLatestDataset(tx, dataset.insurerNumber, dataset.kind);
  const known = await findStored(tx, dataset);
  if (known) return { dataset: known, existed: true, before, dropped: [] };
  await refuseOlder(tx, dataset, 'as_of', dataset.asOf);

  await tx.execute(
    'insert into insurer (insurer_number, name) values ($1, $2) on conflict (insurer_number) do nothing',
    [dataset.insurerNumber, dataset.insurerName],
  );
  const id = (await tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('dataset', 'id')) as id`))[0]!.id;
  const table = TABLES[dataset.kind];
  const partition = (
    await tx.query<{ name: string }>('select create_snapshot_partition($1, $2) as name', [table, id])
  )[0]!.name;
  const { text, summary } = content();
  // FREEZE: the partition was made in this transaction, so its rows are visible to all or to nobody.
  await tx.copyIn(`copy ${partition} (${SNAPSHOTS[dataset.kind].list}) from stdin with (freeze)`, text);
  const { encoding, rowCount, rejectedCount, throughOn, keyShapes, classesMayDiffer } = summary();
  await refuseOlder(tx, dataset, 'through_on', throughOn);
  if (classesMayDiffer) await settleClasses(tx, partition);
  const dropped = await attach(tx, dataset.kind, table, partition, id, duplicates, keyShapes);
  if (dataset.kind === 'workplaces') await noteBranches(tx, dataset.insurerNumber, partition);
  await tx.execute(
    `insert into dataset (id, insurer_number, kind, sha256, reading, as_of, file_name, encoding, row_count,
                          rejected_count, imported_by, through_on, override_by, override_reason, key_shapes)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      id,
      dataset.insurerNumber,
      dataset.kind,
      dataset.sha256,
      dataset.reading,
      dataset.asOf,
      dataset.fileName,
      encoding,
      rowCount - dropped.length,
      rejectedCount + dropped.length,
      dataset.actor,
      throughOn,
      dataset.override?.person ?? null,
      dataset.override?.reason ?? null,
      JSON.stringify(keyShapes),
    ],
  );
  return { dataset: await getDataset(tx, id), existed: false, before, dropped };
}

/** The branches' walls know each workplace of the file (workplace_branch). */
async function noteBranches(tx: Transaction, insurerNumber: string, workplacePartition: string): Promise<void> {
  await tx.execute(
    `insert into workplace_branch (insurer_number, branch_code, symbol)
     select $1, branch_code, symbol from ${workplacePartition} where branch_code <> '' on conflict do nothing`,
    [insurerNumber],
  );
}

/** A file older than the one in use is let in by a named person alone; refuse_older_dataset() says the same. */
async function refuseOlder(
  tx: Transaction,
  dataset: NewDataset,
  column: 'as_of' | 'through_on',
  own: LocalDate | null,
): Promise<void> {
  if (own === null || dataset.override !== null) return;
  const rows = await tx.query<{ newest: LocalDate | null }>(
    `select ${column} as newest from dataset where id = dataset_in_use($1, $2)`,
    [dataset.insurerNumber, dataset.kind],
  );
  const newest = rows[0]?.newest ?? null;
  if (newest !== null && own < newest) throw new OlderDataset(own, newest);
}

/**
 * 被保険者区分 is the insured person's on every row of a household: where a dependent's row says another (or nothing, which is 一般),
 * the insured person's rules and what was given is kept for the list. Only households with a row that is not 一般 are looked at.
 */
async function settleClasses(tx: Transaction, memberPartition: string): Promise<void> {
  await tx.execute(
    `with odd as materialized (
       select distinct symbol, number from ${memberPartition} where insured_class <> 'general'
     ), head as materialized (
       select i.symbol, i.number, i.insured_class from ${memberPartition} i join odd using (symbol, number)
        where i.sub_number = '00'
     )
     update ${memberPartition} m set given_class = m.insured_class, insured_class = head.insured_class
       from head
      where m.symbol = head.symbol and m.number = head.number and m.sub_number <> '00'
        and m.insured_class <> head.insured_class`,
  );
}

/**
 * The unique index finds doubled keys at no cost; only where there are some are they looked for. Keys that are one in
 * canonical form alone are looked for where the file is written in more than one way.
 */
async function attach(
  tx: Transaction,
  kind: DatasetKind,
  table: string,
  partition: string,
  id: number,
  duplicates: 'refuse' | 'keep-first',
  keyShapes: KeyShapes,
): Promise<DuplicateRow[]> {
  let rows = mayDifferInForm(keyShapes, keyShapes) ? await findDuplicates(tx, kind, partition) : [];
  if (rows.length === 0) {
    await tx.execute('savepoint attach');
    try {
      await tx.execute('select attach_snapshot_partition($1, $2)', [table, id]);
      return [];
    } catch (error) {
      if ((error as { code?: string }).code !== '23505') throw error;
      await tx.execute('rollback to savepoint attach');
    }
    rows = await findDuplicates(tx, kind, partition);
  }
  if (duplicates === 'refuse') throw new DuplicateRows(rows);
  await tx.execute(`delete from ${partition} where line = any($1)`, [rows.map((row) => row.line)]);
  await tx.execute('select attach_snapshot_partition($1, $2)', [table, id]);
  return rows;
}

async function findDuplicates(tx: Transaction, kind: DatasetKind, partition: string): Promise<DuplicateRow[]> {
  const [one, given] =
    kind === 'workplaces'
      ? ['canonical_symbol(symbol)', 'symbol']
      : ['canonical_symbol(symbol), number_rank, sub_number', 'symbol, number, sub_number'];
  return tx.query<DuplicateRow>(
    `select line, "firstLine", key from (
       select line, min(line) over (partition by ${one}) as "firstLine", concat_ws('-', ${given}) as key
         from ${partition}) numbered
      where line > "firstLine" order by line`,
  );
}

const DATASET_COLUMNS = `id, kind, row_count as "rowCount", rejected_count as "rejectedCount", as_of as "asOf",
  through_on as "throughOn", file_name as "fileName", encoding, imported_at as "importedAt"`;

async function findStored(tx: Transaction, dataset: NewDataset): Promise<Dataset | null> {
  const rows = await tx.query<Dataset>(
    `select ${DATASET_COLUMNS} from dataset
      where insurer_number = $1 and kind = $2 and sha256 = $3 and reading = $4 and as_of is not distinct from $5`,
    [dataset.insurerNumber, dataset.kind, dataset.sha256, dataset.reading, dataset.asOf],
  );
  return rows[0] ?? null;
}

/** The snapshot of a kind that is in use, for commands that name none. */
export async function findLatestDataset(tx: Reader, insurerNumber: string, kind: DatasetKind): Promise<Dataset | null> {
  const rows = await tx.query<Dataset>(`select ${DATASET_COLUMNS} from dataset where id = dataset_in_use($1, $2)`, [
    insurerNumber,
    kind,
  ]);
  return rows[0] ?? null;
}

/** One snapshot by its id. */
export async function getDataset(tx: Reader, id: number): Promise<Dataset> {
  const rows = await tx.query<Dataset>(`select ${DATASET_COLUMNS} from dataset where id = $1`, [id]);
  if (!rows[0]) throw new Error(`no dataset ${id}`);
  return rows[0];
}
