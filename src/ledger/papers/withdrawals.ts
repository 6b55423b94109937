// Room: ledger. Withdrawals as they stand: of a person, and those of staff that nobody has lifted.
import type { WithdrawalCode } from '../../rules/papers/standing.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Reader, Transaction } from '../core/pool.ts';

/** Certificates of a person that were withdrawn, by number. */
export async function listWithdrawals(
  tx: Reader,
  insurerNumber: string,
  { symbol, number, subNumber }: PersonKey,
): Promise<
  { paperNumber: string; issuanceId: number; code: WithdrawalCode; withdrawnOn: LocalDate; isLifted: boolean }[]
> {
  return tx.query(
    `select w.paper_number::text as "paperNumber", w.issuance_id as "issuanceId", w.code, w.withdrawn_on as "withdrawnOn",
            l.paper_number is not null as "isLifted"
       from issuance i
       join certificate c on c.issuance_id = i.id and c.symbol = $2 and c.number = $3 and c.sub_number = $4
       join withdrawal w on w.paper_number = c.certificate_number
       left join lifted_withdrawal l on l.paper_number = w.paper_number
      where i.insurer_number = $1 order by w.paper_number`,
    [insurerNumber, symbol, number, subNumber],
  );
}

/** Certificates withdrawn by staff that nobody has lifted, oldest first. */
export async function listStaffWithdrawals(
  tx: Reader,
  insurerNumber: string,
): Promise<(PersonKey & { paperNumber: string; withdrawnOn: LocalDate })[]> {
  return tx.query(
    `select c.symbol, c.number, c.sub_number as "subNumber", w.paper_number::text as "paperNumber",
            w.withdrawn_on as "withdrawnOn"
       from issuance i
       join withdrawal w on w.issuance_id = i.id and w.code = 'staff'
       join certificate c on c.issuance_id = i.id and c.certificate_number = w.paper_number
      where i.insurer_number = $1
        and not exists (select from lifted_withdrawal l where l.paper_number = w.paper_number)
      order by w.withdrawn_on, w.paper_number`,
    [insurerNumber],
  );
}

/** Notes that a withdrawal is lifted. Errors: 23505 where it was before. */
export async function insertLift(
  tx: Transaction,
  paperNumber: string,
  { person, reason, actor }: { readonly person: string; readonly reason: string; readonly actor: string },
): Promise<void> {
  await tx.execute('insert into lifted_withdrawal (paper_number, person, reason, actor) values ($1, $2, $3, $4)', [
    paperNumber,
    person,
    reason,
    actor,
  ]);
}
