// Room: ledger. What the newest file of members and the filings say of people whose papers have not gone out yet.
import type { NewerFacts } from '../../rules/posting/newer-facts.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Transaction } from '../core/pool.ts';
import type { StoredIssuance } from '../papers/issuances.ts';

/** A person whose paper may still be withdrawn, of whom something new is known. */
export interface PersonWithNews extends PersonKey, NewerFacts {
  readonly mailpieceNumber: string;
  /** The day by which the paper goes out: its lot's last day, or today where that is later or there is none. */
  readonly goesOutOn: LocalDate;
}

/** Papers that may still be withdrawn, of one lot or of all: of certificates, or of notices. */
const OPEN = `select p.symbol, p.number, p.sub_number, p.mailpiece_number
         from (select symbol, number, sub_number, mailpiece_number, certificate_number as paper from certificate where issuance_id = $1
               union all
               select symbol, number, sub_number, mailpiece_number, null from notice where issuance_id = $1) p
         left join paper_state cs on cs.paper_number = p.paper
         left join paper_state ps on ps.paper_number = p.mailpiece_number
        where coalesce(cs.state, 'made') = 'made'
          and coalesce(ps.state, 'planned') in (select from_state from transition where subject = 'mailpiece' and event = 'withdraw')
          and ($2::int is null
               or p.mailpiece_number in (select t.mailpiece_number from printed_piece t
                                           join print_batch b on b.issuance_id = t.issuance_id and b.no = t.batch_no
                                          where t.issuance_id = $1 and b.lot_no = $2))`;

/** How many people have papers that may still be withdrawn, and how many of them a newer file has no row of. */
export async function countOpenPeople(
  tx: Transaction,
  issuance: StoredIssuance,
  newestId: number,
  lotNo: number | null,
): Promise<{ people: number; absent: number }> {
  const rows = await tx.query<{ people: number; absent: number }>(
    `with open as materialized (${OPEN})
     select count(*)::int as people, (count(*) filter (where n.symbol is null))::int as absent
       from open o
       left join member n on n.dataset_id = $3 and n.symbol = o.symbol and n.number_rank = o.number::bigint
                         and n.number = o.number and n.sub_number = o.sub_number`,
    [issuance.id, lotNo, newestId],
  );
  return rows[0]!;
}

/** People with news, in key order. `newestId` null: filings alone are asked. */
export async function listNews(
  tx: Transaction,
  issuance: StoredIssuance,
  newestId: number | null,
  lotNo: number | null,
): Promise<PersonWithNews[]> {
  return tx.query(
    `with open as materialized (${OPEN}), known as (
       select o.*, coalesce(n.acquired_on, m.acquired_on) as joined_on, h.acquired_on as insured_joined_on,
              -- The insured person's loss is the household's.
              least(n.lost_on, h.lost_on) as lost_on,
              $3::int is not null and n.symbol is null as is_absent,
              (n.name, n.kana) is distinct from (m.name, m.kana) as has_new_name,
              (n.home_postal_code, n.home_line, n.home_building, n.mail_postal_code, n.mail_line, n.mail_building)
                is distinct from
              (m.home_postal_code, m.home_line, m.home_building, m.mail_postal_code, m.mail_line, m.mail_building)
                as has_new_address
         from open o
         join member m on m.dataset_id = $4 and m.symbol = o.symbol and m.number_rank = o.number::bigint
                      and m.number = o.number and m.sub_number = o.sub_number
         left join member n on n.dataset_id = $3 and n.symbol = o.symbol and n.number_rank = o.number::bigint
                           and n.number = o.number and n.sub_number = o.sub_number
         left join member h on h.dataset_id = $3 and h.symbol = o.symbol and h.number_rank = o.number::bigint
                           and h.number = o.number and h.sub_number = '00' and o.sub_number <> '00'
     )
     select k.symbol, k.number, k.sub_number as "subNumber", k.mailpiece_number::text as "mailpieceNumber",
            k.lost_on as "lostOn", f.lost_on as "filedLostOn", k.is_absent as "isAbsent",
            $3::int is not null and not k.is_absent and k.has_new_name as "hasNewName",
            $3::int is not null and not k.is_absent and k.has_new_address as "hasNewAddress",
            greatest($5::date, (now() at time zone 'Asia/Tokyo')::date,
                     (select l.post_through from printed_piece t
                        join print_batch b on b.issuance_id = t.issuance_id and b.no = t.batch_no
                        join lot l on l.issuance_id = b.issuance_id and l.no = b.lot_no
                       where t.issuance_id = $1 and t.mailpiece_number = k.mailpiece_number)) as "goesOutOn"
       from known k
       cross join lateral lost_by_filing($6, k.symbol, k.number, k.sub_number, k.joined_on, k.insured_joined_on) f
      where f.lost_on is not null or k.lost_on is not null
         or $3::int is not null and (k.is_absent or k.has_new_name or k.has_new_address)
      order by k.symbol, k.number::bigint, k.number, k.sub_number`,
    [issuance.id, lotNo, newestId, issuance.membersId, issuance.issuedOn, issuance.insurerNumber],
  );
}
