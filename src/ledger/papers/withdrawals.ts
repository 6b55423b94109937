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

/** A certificate that was withdrawn, and nobody has lifted that. */
export interface StandingWithdrawal extends PersonKey {
  readonly paperNumber: string;
  readonly issuanceId: number;
  readonly code: WithdrawalCode;
  readonly lostOn: LocalDate | null;
  readonly withdrawnOn: LocalDate;
  readonly reason: string;
}

/** Where a page of withdrawals goes on. */
export type WithdrawalPlace = readonly [withdrawnOn: string, paperNumber: string];

/** Certificates withdrawn and not lifted, oldest first; those of an issuance that was given up keep nobody out and are left out. */
export async function listStandingPage(
  tx: Reader,
  insurerNumber: string,
  code: WithdrawalCode | null,
  after: WithdrawalPlace | null,
  limit: number,
): Promise<StandingWithdrawal[]> {
  return tx.query(
    `select c.symbol, c.number, c.sub_number as "subNumber", w.paper_number::text as "paperNumber",
            w.issuance_id as "issuanceId", w.code, w.lost_on as "lostOn", w.withdrawn_on as "withdrawnOn", e.reason
       from issuance i
       join withdrawal w on w.issuance_id = i.id and w.code <> 'cancelled' and ($2::text is null or w.code = $2)
       join certificate c on c.issuance_id = i.id and c.certificate_number = w.paper_number
       cross join lateral (select reason from event
                            where insurer_number = $1 and paper_number = w.paper_number and event = 'withdraw'
                            order by seq desc limit 1) e
      where i.insurer_number = $1
        and not exists (select from lifted_withdrawal l where l.paper_number = w.paper_number)
        and ($3::date is null or (w.withdrawn_on, w.paper_number) > ($3, $4::bigint))
      order by w.withdrawn_on, w.paper_number limit $5`,
    [insurerNumber, code, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

/** How many stand, by code. */
export async function countStanding(
  tx: Reader,
  insurerNumber: string,
): Promise<{ code: WithdrawalCode; count: number }[]> {
  return tx.query(
    `select w.code, count(*)::int as count
       from issuance i
       join withdrawal w on w.issuance_id = i.id and w.code <> 'cancelled'
       join certificate c on c.issuance_id = i.id and c.certificate_number = w.paper_number
      where i.insurer_number = $1
        and not exists (select from lifted_withdrawal l where l.paper_number = w.paper_number)
      group by w.code order by w.code`,
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
