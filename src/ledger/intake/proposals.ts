// Room: ledger. A file beside the one in use: who comes, goes and changes, and whose papers are out; and which file is in use.
import { mayDifferInForm } from '../../rules/intake/join-keys.ts';
import type { KeyShapes } from '../../rules/intake/join-keys.ts';
import { BROUGHT_BACK, IN_HAND } from '../../rules/papers/lifecycle.ts';
import { columns, flag, text, word } from '../core/columns.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import { stateList } from '../papers/states.ts';
import { TABLES } from './datasets.ts';
import type { DatasetKind } from './datasets.ts';

/** A person or a workplace of two files: in which of them, and which columns differ. */
export interface ChangedRow {
  /** 記号, or 記号-番号-枝番, as the newer file that has it writes it. */
  readonly key: string;
  /** Of a workplace its name, else ''. */
  readonly name: string;
  /** Columns of the table that differ; empty where it is in one file alone. */
  readonly columns: readonly string[];
}

export type ChangeGroup = 'come' | 'gone' | 'changed' | 'gone-with-paper';

/** What would change if a file came into use. */
export interface FileChange {
  readonly come: number;
  readonly gone: number;
  readonly changed: number;
  /** Rows in which each column differs, the most frequent first. */
  readonly columns: readonly { readonly column: string; readonly count: number }[];
  /** People gone whose certificate is in their hands. */
  readonly goneWithPaper: number;
  /** The first rows of each group, in key order. */
  readonly first: Readonly<Record<ChangeGroup, readonly ChangedRow[]>>;
}

/** Columns that say where a row stands, not what it says. (Sealed digits are sealed anew each time.) */
const APART = `'{dataset_id,line,address_key,person_key,sealed_digits,number_rank,given_class}'::text[]`;

/**
 * Compares two files of one kind, row by row. Keys are one in canonical form where the files may write them differently: a
 * person whose number has other zeros is the same person, and 番号 is what changed.
 *
 * @param limit rows of each group that are told
 * @param onRow told every row that differs, in key order
 */
export async function compareFiles(
  tx: Transaction,
  kind: DatasetKind,
  id: number,
  before: number,
  limit: number,
  onRow: (group: ChangeGroup, row: ChangedRow) => Promise<void> = async () => undefined,
): Promise<FileChange> {
  await tx.execute('set local enable_nestloop = off');
  await tx.execute(
    `create temporary table compared (what text, symbol text collate "C", number_rank bigint, number text collate "C",
       sub_number text collate "C", name text, columns text[], has_paper boolean) on commit drop`,
  );
  await tx.execute(compareInto(kind, id, before, await areKeysAlike(tx, id, before)));
  if (kind === 'members') await markGoneWithPaper(tx, before);
  await tx.execute('set local enable_nestloop = on');
  const counts = await tx.query<Pick<FileChange, 'come' | 'gone' | 'changed' | 'goneWithPaper'>>(
    `select count(*) filter (where what = 'come')::int as come, count(*) filter (where what = 'gone')::int as gone,
            count(*) filter (where what = 'changed')::int as changed,
            count(*) filter (where has_paper)::int as "goneWithPaper" from compared`,
  );
  const differing = await tx.query<{ column: string; count: number }>(
    `select own as "column", count(*)::int as count from compared cross join lateral unnest(compared.columns) own
      group by own order by count desc, own`,
  );
  const first: Record<ChangeGroup, ChangedRow[]> = { come: [], gone: [], changed: [], 'gone-with-paper': [] };
  for await (const rows of COMPARED.rows(
    tx.copyOut(
      `copy (select ${COMPARED.list} from compared order by symbol, number_rank, number, sub_number) to stdout`,
    ),
  )) {
    for (const { what, hasPaper, key, name, columns: given } of rows) {
      const row: ChangedRow = { key, name, columns: given === '' ? [] : given.split(' ') };
      for (const group of hasPaper ? ([what, 'gone-with-paper'] as const) : [what]) {
        if (first[group].length < limit) first[group].push(row);
        await onRow(group, row);
      }
    }
  }
  await tx.execute('drop table compared');
  return { ...counts[0]!, columns: differing, first };
}

const COMPARED = columns({
  what: word<'come' | 'gone' | 'changed'>('what'),
  hasPaper: flag('has_paper'),
  key: text(`concat_ws('-', symbol, nullif(number, ''), nullif(sub_number, ''))`),
  name: text('name'),
  columns: word(`array_to_string(columns, ' ')`),
});

/** Whether equal keys of two files are written alike. */
async function areKeysAlike(tx: Transaction, id: number, before: number): Promise<boolean> {
  const shapes = await tx.query<{ shapes: KeyShapes | null }>(
    'select key_shapes as shapes from dataset where id = any($1)',
    [[id, before]],
  );
  const [a, b] = shapes.map((row) => row.shapes);
  const isExact = a && b && !mayDifferInForm(a, b);
  return isExact === true;
}

/** Rows of either file that the other has not, or has otherwise; keys in canonical form where they are not written alike. */
function compareInto(kind: DatasetKind, id: number, before: number, areAlike: boolean): string {
  const table = TABLES[kind];
  const symbol = areAlike ? 'symbol' : 'canonical_symbol(symbol)';
  const number = areAlike ? 'number' : `''`;
  const key =
    kind === 'workplaces'
      ? `${symbol} as one, 0::bigint as two, '' as three, '' as four`
      : `${symbol} as one, number_rank as two, ${number} as three, sub_number as four`;
  const name = kind === 'workplaces' ? `coalesce(a.row, b.row) ->> 'name'` : `''`;
  return `insert into compared
     select case when b.row is null then 'come' when a.row is null then 'gone' else 'changed' end,
            coalesce(a.row, b.row) ->> 'symbol', two, coalesce(coalesce(a.row, b.row) ->> 'number', ''),
            coalesce(coalesce(a.row, b.row) ->> 'sub_number', ''), ${name},
            case when a.row is null or b.row is null then '{}'::text[]
                 else array(select e.key from jsonb_each(a.row) e
                             where e.value is distinct from b.row -> e.key order by 1) end,
            false
       from (select ${key}, to_jsonb(n) - ${APART} as row from ${table} n where dataset_id = ${id}) a
       full join (select ${key}, to_jsonb(o) - ${APART} as row from ${table} o where dataset_id = ${before}) b
         using (one, two, three, four)
      where a.row is distinct from b.row`;
}

/** Marks people gone who hold a certificate: given out, asked back, and not brought back by the post. */
async function markGoneWithPaper(tx: Transaction, before: number): Promise<void> {
  await tx.execute(
    `update compared gone set has_paper = true
      where what = 'gone' and exists (
        select from certificate c
          join issuance i on i.id = c.issuance_id and i.insurer_number = (select insurer_number from dataset where id = $1)
          join paper_state s on s.paper_number = c.certificate_number
          left join paper_state p on p.paper_number = c.mailpiece_number and p.state in ${stateList(BROUGHT_BACK)}
         where c.symbol = gone.symbol and c.number = gone.number and c.sub_number = gone.sub_number
           and s.state in ${stateList(IN_HAND)} and p.paper_number is null)`,
    [before],
  );
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
