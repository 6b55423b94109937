// Room: ledger. Finding persons and what is known of one: by key, by the beginning of kana or name, by a paper's number.
// Ranges, not patterns: behind row-level security only leakproof comparisons may use an index.
import type { Lineage } from '../../rules/papers/lineage.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Reader, Transaction } from '../core/pool.ts';

/** One row of a search. */
export interface PersonRow extends PersonKey {
  readonly name: string;
  readonly kana: string;
  readonly relation: 'insured' | 'dependent';
  readonly lostOn: LocalDate | null;
}

/** The place after a row in the order of a search. */
export interface PersonPlace extends PersonKey {
  /** Kana or name the list is ordered by; '' in key order. */
  readonly text: string;
}

const ROW = `m.symbol, m.number, m.sub_number as "subNumber", m.name, m.kana, m.relation, m.lost_on as "lostOn"`;

/** Makes a snapshot's members findable by kana and name. Done once; the second time nothing happens. */
export async function indexPeople(tx: Transaction, membersId: number): Promise<void> {
  const table = `member_${Math.trunc(membersId)}`;
  for (const column of ['kana', 'name']) {
    await tx.execute(
      `create index if not exists ${table}_${column}
         on ${table} (${column} collate "C", symbol, number_rank, number, sub_number)`,
    );
  }
  await tx.execute(`analyze ${table}`);
}

/** The newest members of the insurer `$1`. */
const NEWEST = `(select dataset_in_use($1, 'members'))`;

/** Members of a household in the newest file, or the one person where a sub-number is given, in key order. */
export async function findPeopleByKey(
  tx: Reader,
  insurerNumber: string,
  key: { readonly symbol: string; readonly number: string; readonly subNumber: string | null },
): Promise<PersonRow[]> {
  return tx.query(
    `select ${ROW} from member m
      where m.dataset_id = ${NEWEST}
        and m.symbol = $2 and m.number_rank = $3 and ($4::text is null or m.sub_number = $4)
      order by m.number, m.sub_number limit 100`,
    [insurerNumber, key.symbol, key.number, key.subNumber],
  );
}

/** Members of the newest file whose kana or name begins with any of these, in that order, after a place. */
export async function findPeopleByText(
  tx: Reader,
  insurerNumber: string,
  column: 'kana' | 'name',
  beginnings: readonly string[],
  after: PersonPlace | null,
  limit: number,
): Promise<PersonRow[]> {
  const text = `m.${column} collate "C"`;
  const place = after ? `and (${text}, m.symbol, m.number_rank, m.number, m.sub_number) > ($4, $5, $6, $7, $8)` : '';
  // One range a beginning (spellings of one character), each read by the index, merged in order.
  const ranges = beginnings.map(
    (_, i) => `(select ${ROW}, ${text} as place, m.number_rank from member m
       where m.dataset_id = ${NEWEST} and ${text} >= ($2::text[])[${i + 1}] and ${text} < ($3::text[])[${i + 1}] ${place}
       order by ${text}, m.symbol, m.number_rank, m.number, m.sub_number limit ${Math.trunc(limit)})`,
  );
  return tx.query<PersonRow>(
    `select symbol, number, "subNumber", name, kana, relation, "lostOn" from (${ranges.join(' union all ')}) found
      order by place, symbol, number_rank, number, "subNumber" limit ${Math.trunc(limit)}`,
    [
      insurerNumber,
      beginnings,
      beginnings.map(afterAll),
      ...(after ? [after.text, after.symbol, after.number, after.number, after.subNumber] : []),
    ],
  );
}

/** The first text that no longer begins with `beginning`, in code point order. */
function afterAll(beginning: string): string {
  return `${beginning}\u{10ffff}`;
}

/** What the newest files say of one person. */
export interface PersonDetail extends PersonRow {
  readonly bornOn: LocalDate;
  readonly sex: 'male' | 'female';
  readonly acquiredOn: LocalDate;
  readonly insuredClass: string;
  readonly mailStopped: boolean;
  readonly postalCode: string | null;
  readonly addressLine: string | null;
  readonly building: string | null;
  readonly workplaceName: string | null;
  readonly branchCode: string | null;
  readonly card: string | null;
  readonly registration: string | null;
  /** Reference date of the enrolment snapshot. */
  readonly enrolmentAsOf: LocalDate | null;
}

export async function findPersonDetail(
  tx: Reader,
  newest: { readonly membersId: number; readonly workplacesId: number; readonly enrolmentId: number },
  key: PersonKey,
): Promise<PersonDetail | null> {
  const rows = await tx.query<PersonDetail>(
    `select ${ROW}, m.born_on as "bornOn", m.sex, m.acquired_on as "acquiredOn", m.insured_class as "insuredClass",
            m.mail_stopped as "mailStopped", coalesce(m.mail_postal_code, m.home_postal_code) as "postalCode",
            coalesce(m.mail_line, m.home_line) as "addressLine", coalesce(m.mail_building, m.home_building) as building,
            w.name as "workplaceName", w.branch_code as "branchCode", e.card, e.registration,
            (select as_of from dataset where id = $3) as "enrolmentAsOf"
       from member m
       left join workplace w on w.dataset_id = $2 and w.symbol = m.symbol
       left join enrolment e on e.dataset_id = $3 and e.symbol = m.symbol and e.number_rank = m.number_rank
                            and e.number = m.number and e.sub_number = m.sub_number
      where m.dataset_id = $1 and m.symbol = $4 and m.number_rank = $5 and m.number = $6 and m.sub_number = $7`,
    [newest.membersId, newest.workplacesId, newest.enrolmentId, key.symbol, key.number, key.number, key.subNumber],
  );
  return rows[0] ?? null;
}

/** A certificate or a notice of a person with the piece it lies in, newest issue first. */
export interface PersonPaper {
  /** Null = a notice: it has the number of its piece alone, and no last day. */
  readonly certificateNumber: string | null;
  readonly issuanceId: number;
  readonly lineage: Lineage;
  readonly issuedOn: LocalDate;
  readonly validThrough: LocalDate | null;
  readonly mailpieceNumber: string;
  readonly position: number;
  readonly route: 'home' | 'workplace';
  readonly addressee: string;
}

export async function listPapersOf(tx: Reader, insurerNumber: string, key: PersonKey): Promise<PersonPaper[]> {
  return tx.query(
    `select c.certificate_number::text as "certificateNumber", i.id as "issuanceId", lineage(i) as lineage,
            c.issued_on as "issuedOn", c.valid_through as "validThrough", c.mailpiece_number::text as "mailpieceNumber",
            c.position, p.route, p.addressee
       from issuance i
       join certificate c on c.issuance_id = i.id and c.symbol = $2 and c.number = $3 and c.sub_number = $4
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = c.mailpiece_number
      where i.insurer_number = $1
     union all
     select null, i.id, lineage(i), i.issued_on, null, n.mailpiece_number::text, 1, p.route, p.addressee
       from issuance i
       join notice n on n.issuance_id = i.id and n.symbol = $2 and n.number_rank = $3::text::bigint and n.number = $3
                    and n.sub_number = $4
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = n.mailpiece_number
      where i.insurer_number = $1
      order by "issuedOn" desc, "issuanceId" desc`,
    [insurerNumber, key.symbol, key.number, key.subNumber],
  );
}
