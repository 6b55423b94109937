// Room: ledger. Certificates that persons have in hand or are about to get, and those of a person beside one just posted.
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { PostedPair } from '../../rules/papers/superseding.ts';
import { BROUGHT_BACK } from '../../rules/papers/lifecycle.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import { stateList } from './states.ts';
import type { Transaction } from '../core/pool.ts';

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
       left join paper_state p on p.paper_number = c.mailpiece_number and p.state in ${stateList(BROUGHT_BACK)}
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

/** A certificate just posted beside each certificate of the same person in another issuance to which something has happened. */
export interface PostedPairRow extends PostedPair {
  /** Of the other. */
  readonly issuanceId: number;
}

/** Certificates of an issuance that are out, each with those of its person in others. */
export async function listPostedPairs(
  tx: Transaction,
  insurerNumber: string,
  issuanceId: number,
  numbers: readonly string[],
): Promise<PostedPairRow[]> {
  return tx.query(
    `select json_build_object('certificateNumber', c.certificate_number::text, 'issuedOn', c.issued_on) as posted,
            json_build_object('certificateNumber', o.certificate_number::text, 'issuedOn', o.issued_on, 'state', s.state)
              as other,
            o.issuance_id as "issuanceId"
       from certificate c
       -- One that was withdrawn is not in its envelope.
       join paper_state cs on cs.paper_number = c.certificate_number and cs.state = 'issued'
       join issuance i on i.insurer_number = $1 and i.id <> $2
       join certificate o on o.issuance_id = i.id and o.symbol = c.symbol and o.number = c.number
                         and o.sub_number = c.sub_number
       join paper_state s on s.paper_number = o.certificate_number
      where c.issuance_id = $2 and c.certificate_number = any($3::bigint[])`,
    [insurerNumber, issuanceId, numbers],
  );
}
