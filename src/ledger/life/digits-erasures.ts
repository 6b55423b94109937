// Room: ledger. Last four digits of individual numbers past their time: where there are any, and the row whose entry erases them.
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Transaction } from '../core/pool.ts';

/** A file of members whose digits are held. */
export interface HeldDigits {
  readonly datasetId: number;
  readonly fileName: string;
  readonly count: number;
  /** The last day on which they were needed: of the import, or of the last round that printed them (dated, or posted). */
  readonly endedOn: LocalDate;
}

/** Files of members with digits, oldest first. */
export async function listHeldDigits(tx: Transaction, insurerNumber: string): Promise<HeldDigits[]> {
  return tx.query(
    `select d.id as "datasetId", d.file_name as "fileName", held.count,
            greatest((d.imported_at at time zone 'Asia/Tokyo')::date,
              (select max(greatest(i.issued_on,
                        (select max(coalesce(e.happened_on, (e.at at time zone 'Asia/Tokyo')::date)) from event e
                          where e.insurer_number = $1 and e.issuance_id = i.id and e.event = 'post')))
                 from issuance i
                where i.members_id = d.id and i.paper_kind = 'notice'
                  and exists (select from notice n where n.issuance_id = i.id and n.shows_digits))) as "endedOn"
       from dataset d
       cross join lateral (select count(*)::int as count from member m
                            where m.dataset_id = d.id and m.sealed_digits is not null) held
      where d.insurer_number = $1 and d.kind = 'members' and held.count > 0
        and not exists (select from digits_erasure x where x.dataset_id = d.id)
      order by d.id`,
    [insurerNumber],
  );
}

/** Erases the digits of a file. Errors: 23514 where it is too early. */
export async function insertDigitsErasure(
  tx: Transaction,
  insurerNumber: string,
  held: HeldDigits,
  months: number,
  erasedOn: LocalDate,
  actor: string,
): Promise<void> {
  await tx.execute(
    `insert into digits_erasure (dataset_id, insurer_number, ended_on, months, erased_on, digits_count, actor)
     values ($1, $2, $3, $4, $5, 0, $6)`,
    [held.datasetId, insurerNumber, held.endedOn, months, erasedOn, actor],
  );
}
