// Room: ledger. A file beside the one in use: who comes, goes and changes, and whose papers are out; and which file is in use.
import type { Reader, Transaction } from '../core/pool.ts';
import { TABLES } from './datasets.ts';
import type { DatasetKind } from './datasets.ts';

/** What would change if a file came into use. */
export interface FileChange {
  readonly come: number;
  readonly gone: number;
  readonly changed: number;
  /** Rows of the file in use that are gone, by 記号 or 記号-番号-枝番, the first of them. */
  readonly goneKeys: readonly string[];
  /** People gone whose certificate is in their hands. */
  readonly goneWithPaper: number;
}

/** Columns that say where a row stands, not what it says. (Sealed digits are sealed anew each time.) */
const APART = `'{dataset_id,line,address_key,person_key,sealed_digits}'::text[]`;

/** Compares two files of one kind by their keys. */
export async function compareFiles(
  tx: Transaction,
  kind: DatasetKind,
  id: number,
  before: number,
): Promise<FileChange> {
  const table = TABLES[kind];
  const key = kind === 'workplaces' ? 'symbol' : 'symbol, number_rank, number, sub_number';
  await tx.execute('set local enable_nestloop = off');
  const rows = await tx.query<{ come: number; gone: number; changed: number }>(
    `select count(*) filter (where b.row is null)::int as come, count(*) filter (where a.row is null)::int as gone,
            count(*) filter (where a.row <> b.row)::int as changed
       from (select ${key}, to_jsonb(n) - ${APART} as row from ${table} n where dataset_id = ${id}) a
       full join (select ${key}, to_jsonb(o) - ${APART} as row from ${table} o where dataset_id = ${before}) b
         using (${key})`,
  );
  await tx.execute('set local enable_nestloop = on');
  const gone = await tx.query<{ key: string }>(
    `select concat_ws('-', ${key.replace('number_rank, ', '')}) as key
       from (select ${key} from ${table} where dataset_id = ${before}
             except select ${key} from ${table} where dataset_id = ${id}) lost
      order by ${key} limit 10`,
  );
  return {
    ...rows[0]!,
    goneKeys: gone.map((row) => row.key),
    goneWithPaper: kind === 'members' ? await countGoneWithPaper(tx, id, before) : 0,
  };
}

async function countGoneWithPaper(tx: Transaction, id: number, before: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count
       from (select symbol, number, sub_number from member where dataset_id = ${before}
             except select symbol, number, sub_number from member where dataset_id = ${id}) gone
      where exists (select from certificate c
                      join paper_state s on s.paper_number = c.certificate_number
                     where c.symbol = gone.symbol and c.number = gone.number and c.sub_number = gone.sub_number
                       and s.state in ('issued', 'return-requested', 'return-demanded'))`,
  );
  return rows[0]!.count;
}

/** A file that was taken in, and since when it is in use (null = it is not). */
export interface ListedFile {
  readonly id: number;
  readonly kind: DatasetKind;
  readonly fileName: string;
  readonly rowCount: number;
  readonly asOf: string | null;
  readonly importedAt: Date;
  readonly importedBy: string;
  readonly isInUse: boolean;
  readonly isErased: boolean;
}

/** Files of an insurer, the newest first. */
export async function listFiles(tx: Reader, insurerNumber: string): Promise<ListedFile[]> {
  return tx.query(
    `select d.id, d.kind, d.file_name as "fileName", d.row_count as "rowCount", d.as_of as "asOf",
            d.imported_at as "importedAt", d.imported_by as "importedBy",
            d.id = dataset_in_use($1, d.kind) as "isInUse",
            exists (select from erasure e where e.dataset_id = d.id) as "isErased"
       from dataset d where d.insurer_number = $1 and d.fitted_from is null order by d.id desc`,
    [insurerNumber],
  );
}

/** Takes an earlier file up again: from now on it is the one in use. */
export async function takeUp(
  tx: Transaction,
  insurerNumber: string,
  file: Pick<ListedFile, 'id' | 'kind'>,
  by: string,
  who: { readonly person: string; readonly reason: string },
): Promise<void> {
  await tx.execute(
    'insert into dataset_use (insurer_number, kind, dataset_id, by, person, reason) values ($1, $2, $3, $4, $5, $6)',
    [insurerNumber, file.kind, file.id, by, who.person, who.reason],
  );
}
