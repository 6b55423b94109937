// Room: ledger. Personal data past its retention: what there is of it, and the row whose entry erases.
import type { LocalDate } from '../../rules/words/local-date.ts';
import { USED_TO_LAST_DAY } from '../../rules/papers/lifecycle.ts';
import { stateList } from '../papers/states.ts';
import type { Transaction } from '../core/pool.ts';

/** An issuance that is held, and the last day on which something of it is or was in use. Children before parents. */
export interface UnerasedIssuance {
  readonly id: number;
  readonly parentId: number | null;
  readonly name: string;
  readonly endedOn: LocalDate;
}

export async function listUnerasedIssuances(tx: Transaction, insurerNumber: string): Promise<UnerasedIssuance[]> {
  return tx.query(
    `select i.id, i.parent_id as "parentId", i.name,
            greatest(i.issued_on,
              (select max(coalesce(e.happened_on, (e.at at time zone 'Asia/Tokyo')::date)) from event e
                where e.insurer_number = $1 and e.issuance_id = i.id),
              -- A certificate that has not ended otherwise is in use to its last day.
              (select max(c.valid_through) from certificate c
                 left join paper_state s on s.paper_number = c.certificate_number
                where c.issuance_id = i.id
                  and coalesce(s.state, 'made') in ${stateList(USED_TO_LAST_DAY)})) as "endedOn"
       from issuance i left join erasure x on x.issuance_id = i.id
      where i.insurer_number = $1 and x.id is null
      order by i.id desc`,
    [insurerNumber],
  );
}

/** An input file that is held, with the issuances that still need it. */
export interface UnerasedDataset {
  readonly id: number;
  readonly kind: string;
  readonly fileName: string;
  readonly rowCount: number;
  readonly importedOn: LocalDate;
  readonly isNewest: boolean;
  readonly neededBy: readonly number[];
}

export async function listUnerasedDatasets(tx: Transaction, insurerNumber: string): Promise<UnerasedDataset[]> {
  return tx.query(
    `select d.id, d.kind, d.file_name as "fileName", d.row_count as "rowCount",
            (d.imported_at at time zone 'Asia/Tokyo')::date as "importedOn",
            d.id = dataset_in_use($1, d.kind) as "isNewest",
            array(select i.id from issuance i left join erasure x on x.issuance_id = i.id
                   where x.id is null and d.id in (i.members_id, i.workplaces_id, i.enrolment_id, i.ratios_id)) as "neededBy"
       from dataset d left join erasure e on e.dataset_id = d.id
      where d.insurer_number = $1 and e.id is null
      order by d.id`,
    [insurerNumber],
  );
}

export interface NewErasure {
  readonly insurerNumber: string;
  readonly issuanceId: number | null;
  readonly datasetId: number | null;
  readonly endedOn: LocalDate;
  readonly years: number;
  readonly erasedOn: LocalDate;
  /** The reconciliation of the issuance just before, as JSON; null for a file. */
  readonly reconciliation: unknown;
  readonly actor: string;
}

/** Erases. Errors: 23514 where it is too early, still needed, unbalanced, or something would be left. */
export async function insertErasure(tx: Transaction, e: NewErasure): Promise<void> {
  await tx.execute(
    `insert into erasure (insurer_number, issuance_id, dataset_id, ended_on, years, erased_on, row_count, books, actor)
     values ($1, $2, $3, $4, $5, $6, 0, $7, $8)`,
    [
      e.insurerNumber,
      e.issuanceId,
      e.datasetId,
      e.endedOn,
      e.years,
      e.erasedOn,
      e.reconciliation === null ? null : JSON.stringify(e.reconciliation),
      e.actor,
    ],
  );
}

/** Issuances that are erased, and those among `due`, with what a manifest says of them. */
export async function listErasedIssuances(
  tx: Transaction,
  insurerNumber: string,
  due: readonly number[],
): Promise<{ id: number; name: string; issuedOn: LocalDate }[]> {
  return tx.query(
    `select i.id, i.name, i.issued_on as "issuedOn"
       from issuance i left join erasure x on x.issuance_id = i.id
      where i.insurer_number = $1 and (x.id is not null or i.id = any($2)) order by i.id`,
    [insurerNumber, due],
  );
}

/** Removes what names persons by key alone and was recorded before a day; how many rows. */
export async function eraseKeys(tx: Transaction, insurerNumber: string, before: LocalDate): Promise<number> {
  const rows = await tx.query<{ count: number }>('select erase_keys($1, $2) as count', [insurerNumber, before]);
  return rows[0]!.count;
}
