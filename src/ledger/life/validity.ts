// Room: ledger. Certificates by their dates: those that have ended, and those an inspection has not seen.
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Transaction } from '../core/pool.ts';
import { BROUGHT_BACK, PRESENTABLE } from '../../rules/papers/lifecycle.ts';
import { stateList } from '../papers/states.ts';

export interface DatedCertificate {
  readonly certificateNumber: string;
  readonly issuanceId: number;
  readonly validThrough: LocalDate;
}

const DATED = `c.certificate_number::text as "certificateNumber", c.issuance_id as "issuanceId",
  c.valid_through as "validThrough"`;

/** Certificates that were issued, are not settled yet, and whose last day is before a day. By number. */
export async function listExpired(tx: Transaction, insurerNumber: string, on: LocalDate): Promise<DatedCertificate[]> {
  return tx.query(
    `select ${DATED}
       from issuance i
       join paper_state s on s.issuance_id = i.id and s.subject = 'certificate'
                         and s.state in (select from_state from transition where subject = 'certificate' and event = 'expire')
       join certificate c on c.issuance_id = i.id and c.certificate_number = s.paper_number and c.valid_through < $2
      where i.insurer_number = $1 order by c.certificate_number`,
    [insurerNumber, on],
  );
}

/** Events whose key begins so. */
export async function countPresented(tx: Transaction, insurerNumber: string, keyStart: string): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count from event where insurer_number = $1 and event = 'present' and starts_with(key, $2)`,
    [insurerNumber, keyStart],
  );
  return rows[0]!.count;
}

/** Certificates in holders' hands, issued by a day, without an event of the key that begins so. By number. */
export async function listNotPresented(
  tx: Transaction,
  insurerNumber: string,
  keyStart: string,
  issuedThrough: LocalDate,
): Promise<DatedCertificate[]> {
  return tx.query(
    `select ${DATED}
       from issuance i
       join paper_state s on s.issuance_id = i.id and s.subject = 'certificate'
                         and s.state in ${stateList(PRESENTABLE)}
       join certificate c on c.issuance_id = i.id and c.certificate_number = s.paper_number and c.issued_on <= $3
       -- What the post has brought back could not be presented.
       left join paper_state p on p.paper_number = c.mailpiece_number and p.state in ${stateList(BROUGHT_BACK)}
      where i.insurer_number = $1 and p.paper_number is null
        and not exists (select 1 from event e where e.insurer_number = $1 and e.key = $2 || c.certificate_number)
      order by c.certificate_number`,
    [insurerNumber, keyStart, issuedThrough],
  );
}
