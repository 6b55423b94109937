// Room: ledger. Certificates that persons have in hand or are about to get, and which of two ends.
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import type { Transaction } from '../core/pool.ts';

/** States of a mailpiece whose papers are with the contractor again, in nobody's hand. SQL. */
export const BROUGHT_BACK = `('returned', 'rerouted', 'destroyed')`;

/** Certificates that households of an insurer have or had in hand, with their states, oldest first. */
export async function findCertificatesInHand(
  tx: Transaction,
  insurerNumber: string,
  keys: readonly { readonly symbol: string; readonly number: string }[],
): Promise<(PersonKey & { certificateNumber: string; issuanceId: number; state: PaperState; seq: number })[]> {
  return tx.query(
    `select c.symbol, c.number, c.sub_number as "subNumber", c.certificate_number::text as "certificateNumber",
            c.issuance_id as "issuanceId", s.state, s.seq
       from (select distinct symbol collate "C" as symbol, number collate "C" as number
               from unnest($2::text[], $3::text[]) k (symbol, number)) k
       join issuance i on i.insurer_number = $1
       join certificate c on c.issuance_id = i.id and c.symbol = k.symbol and c.number = k.number
       join paper_state s on s.paper_number = c.certificate_number
       -- What the post has brought back is in nobody's hand.
       left join paper_state p on p.paper_number = c.mailpiece_number and p.state in ${BROUGHT_BACK}
      where p.paper_number is null
      order by c.certificate_number`,
    [insurerNumber, keys.map((k) => k.symbol), keys.map((k) => k.number)],
  );
}

/** Certificates of households of an insurer whose envelopes have not gone yet, by number. */
export async function findCertificatesToGo(
  tx: Transaction,
  insurerNumber: string,
  keys: readonly { readonly symbol: string; readonly number: string }[],
): Promise<(PersonKey & { issuanceId: number })[]> {
  return tx.query(
    `select c.symbol, c.number, c.sub_number as "subNumber", c.issuance_id as "issuanceId"
       from (select distinct symbol collate "C" as symbol, number collate "C" as number
               from unnest($2::text[], $3::text[]) k (symbol, number)) k
       join issuance i on i.insurer_number = $1
       join certificate c on c.issuance_id = i.id and c.symbol = k.symbol and c.number = k.number
       left join paper_state s on s.paper_number = c.certificate_number
       left join paper_state p on p.paper_number = c.mailpiece_number
      where coalesce(s.state, 'made') = 'made'
        and coalesce(p.state, first_state('mailpiece', c.issuance_id, c.mailpiece_number))
            in (select from_state from transition where subject = 'mailpiece' and event = 'withdraw')
      order by c.certificate_number`,
    [insurerNumber, keys.map((k) => k.symbol), keys.map((k) => k.number)],
  );
}

/**
 * Of certificates just posted and those of the same persons in other issuances: which one ends, and for which newer one.
 * An older one that is out ends; one that is posted after a newer one was ends at once.
 */
export async function findOutdated(
  tx: Transaction,
  insurerNumber: string,
  issuanceId: number,
  numbers: readonly string[],
): Promise<{ certificateNumber: string; issuanceId: number; newer: string }[]> {
  return tx.query(
    `with pair as (
       select c.certificate_number as posted, c.issued_on as posted_on, o.certificate_number as other,
              o.issued_on as other_on, o.issuance_id as other_issuance, s.state
         from certificate c
         -- One that was withdrawn is not in its envelope.
         join paper_state cs on cs.paper_number = c.certificate_number and cs.state = 'issued'
         join issuance i on i.insurer_number = $1 and i.id <> $2
         join certificate o on o.issuance_id = i.id and o.symbol = c.symbol and o.number = c.number
                           and o.sub_number = c.sub_number
         join paper_state s on s.paper_number = o.certificate_number
        where c.issuance_id = $2 and c.certificate_number = any($3::bigint[])
     )
     select distinct on (1) * from (
       select other::text as "certificateNumber", other_issuance as "issuanceId", posted::text as newer from pair
        where (other_on, other) < (posted_on, posted) and state in ('issued', 'return-requested', 'missing')
       union all
       select posted::text, $2, other::text from pair
        where (other_on, other) > (posted_on, posted) and state not in ('made', 'withdrawn', 'void')) outdated
      order by 1, 3 desc`,
    [insurerNumber, issuanceId, numbers],
  );
}
