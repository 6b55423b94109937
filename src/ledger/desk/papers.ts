// Room: ledger. Mailpieces held for staff, one piece with what lies in it, its pages, and what a workplace has to collect.
import type { Lineage } from '../../rules/papers/lineage.ts';
import { ASKED_BACK } from '../../rules/papers/lifecycle.ts';
import { stateList } from '../papers/states.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Reader } from '../core/pool.ts';
import type { IssuanceKind } from '../../rules/papers/kinds.ts';

/** A piece held for staff: why, and which field of whose paper. */
export interface HeldRow {
  readonly mailpieceNumber: string;
  readonly issuanceId: number;
  readonly symbol: string;
  readonly number: string;
  readonly subNumber: string;
  readonly reason: string;
  readonly field: string;
  readonly codePoint: string;
}

/** Which held pieces; null = any. */
export interface HeldFilter {
  readonly issuanceId: number | null;
  readonly branchCode: string | null;
  /** Symbol of a workplace. */
  readonly symbol: string | null;
  readonly reason: string | null;
}

/** Pieces that print held and that nobody has released or withdrawn since, in number order. */
export async function listHeld(
  tx: Reader,
  insurerNumber: string,
  filter: HeldFilter,
  after: string,
  limit: number,
): Promise<HeldRow[]> {
  return tx.query(
    `select h.mailpiece_number::text as "mailpieceNumber", h.issuance_id as "issuanceId", p.symbol, p.number,
            h.sub_number as "subNumber", h.reason, h.field, h.code_point as "codePoint"
       from issuance i
       join held_piece h on h.issuance_id = i.id and h.mailpiece_number > $2
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = h.mailpiece_number
       left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = p.symbol
       left join paper_state s on s.paper_number = h.mailpiece_number
      where i.insurer_number = $1 and coalesce(s.state, 'held') = 'held'
        and ($4::int is null or i.id = $4) and ($5::text is null or coalesce(w.branch_code, '') = $5)
        and ($6::text is null or p.symbol = $6) and ($7::text is null or h.reason = $7)
      order by h.mailpiece_number, h.reason, h.sub_number, h.field limit $3`,
    [
      insurerNumber,
      after === '' ? '0' : after,
      limit,
      filter.issuanceId,
      filter.branchCode,
      filter.symbol,
      filter.reason,
    ],
  );
}

/** Held pieces by reason. */
export async function countHeld(tx: Reader, insurerNumber: string): Promise<{ reason: string; count: number }[]> {
  return tx.query(
    `select h.reason, count(distinct h.mailpiece_number)::int as count
       from issuance i
       join held_piece h on h.issuance_id = i.id
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = h.mailpiece_number
       left join paper_state s on s.paper_number = h.mailpiece_number
      where i.insurer_number = $1 and coalesce(s.state, 'held') = 'held'
      group by h.reason order by count desc`,
    [insurerNumber],
  );
}

/** Where a piece's pages lie: its letter and its certificates, in files of the issuance's output folder. */
export interface PiecePages {
  readonly paper: string;
  readonly path: string;
  /** From 1. */
  readonly firstPage: number;
  readonly pageCount: number;
}

export async function listPagesOf(tx: Reader, issuanceId: number, mailpieceNumber: string): Promise<PiecePages[]> {
  return tx.query(
    `select f.paper, f.path,
            case when f.paper in ('certificates', 'request-forms') then p.certificate_page else p.letter_page end
              as "firstPage",
            case when f.paper = 'certificates' then p.certificate_count * 2 else 1 end::int as "pageCount"
       from printed_piece p
       join mailpiece m on m.issuance_id = $1 and m.mailpiece_number = p.mailpiece_number
       join print_file f on f.issuance_id = $1 and f.batch_no = p.batch_no
      where p.issuance_id = $1 and p.mailpiece_number = $2
        and (f.paper <> 'request-forms' or p.certificate_page is not null)
        -- A notice that has one inside says no digits; the sheets of the others do, and are shown to nobody by the page.
        and (f.paper <> 'notices' or p.certificate_page is not null)
      order by f.paper desc`,
    [issuanceId, mailpieceNumber],
  );
}

/** A certificate of a workplace's people that is asked back and not there yet. */
export interface OpenRecall {
  readonly certificateNumber: string;
  readonly symbol: string;
  readonly number: string;
  readonly subNumber: string;
  readonly name: string;
  /** By law, or as a request. */
  readonly kind: 'duty' | 'request';
  /** ISO instant. */
  readonly since: string;
}

export async function listRecallsOf(tx: Reader, insurerNumber: string, symbol: string): Promise<OpenRecall[]> {
  return tx.query(
    `select c.certificate_number::text as "certificateNumber", c.symbol, c.number, c.sub_number as "subNumber", m.name,
            case when s.state = 'return-demanded' then 'duty' else 'request' end as kind,
            to_json(e.at) #>> '{}' as since
       from issuance i
       join certificate c on c.issuance_id = i.id and c.symbol = $2
       join paper_state s on s.paper_number = c.certificate_number and s.state in ${stateList(ASKED_BACK)}
       join event e on e.insurer_number = $1 and e.seq = s.seq
       join member m on m.dataset_id = i.members_id and m.symbol = c.symbol and m.number_rank = c.number::bigint
                    and m.number = c.number and m.sub_number = c.sub_number
      where i.insurer_number = $1
      order by c.number::bigint, c.sub_number, c.certificate_number`,
    [insurerNumber, symbol],
  );
}

/** One mailpiece as it was planned. */
export interface PieceDetail {
  readonly mailpieceNumber: string;
  readonly issuanceId: number;
  readonly lineage: Lineage;
  readonly kind: IssuanceKind;
  readonly issuedOn: LocalDate;
  readonly symbol: string;
  readonly number: string;
  readonly route: Route;
  readonly addressee: string;
  /** Which of the household's pieces. */
  readonly sequence: number;
  readonly sequenceCount: number;
}

/** A mailpiece of the insurer by its number; null where there is none, or none that may be seen. */
export async function findPieceDetail(
  tx: Reader,
  insurerNumber: string,
  mailpieceNumber: string,
): Promise<PieceDetail | null> {
  const rows = await tx.query<PieceDetail>(
    `select p.mailpiece_number::text as "mailpieceNumber", i.id as "issuanceId", lineage(i) as lineage,
            i.paper_kind as kind, i.issued_on as "issuedOn", p.symbol, p.number, p.route, p.addressee, p.sequence,
            p.sequence_count as "sequenceCount"
       from issuance i
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = $2
      where i.insurer_number = $1 and i.id = substr($2::text, 2, 4)::int`,
    [insurerNumber, mailpieceNumber],
  );
  return rows[0] ?? null;
}

/** A certificate or a notice in a piece, and whose it is; the name is of the issuance's members. */
export interface PaperInPiece extends PersonKey {
  /** Null = a notice. */
  readonly certificateNumber: string | null;
  readonly name: string;
}

/** What lies in a piece, in its order. */
export async function listPapersIn(tx: Reader, issuanceId: number, mailpieceNumber: string): Promise<PaperInPiece[]> {
  return tx.query(
    `select c."certificateNumber", c.symbol, c.number, c.sub_number as "subNumber", m.name
       from issuance i
      cross join lateral (
        select certificate_number::text as "certificateNumber", position, symbol, number, sub_number
          from certificate where issuance_id = i.id and mailpiece_number = $2
         union all
        select null, 1, symbol, number, sub_number from notice where issuance_id = i.id and mailpiece_number = $2) c
       join member m on m.dataset_id = i.members_id and m.symbol = c.symbol and m.number_rank = c.number::bigint
                    and m.number = c.number and m.sub_number = c.sub_number
      where i.id = $1
      order by c.position`,
    [issuanceId, mailpieceNumber],
  );
}

/** The pieces a piece was made for again, and those made again of it: of the same persons. In number order. */
export async function listRemakesOf(
  tx: Reader,
  issuanceId: number,
  mailpieceNumber: string,
): Promise<{ readonly madeOf: readonly string[]; readonly madeAgain: readonly string[] }> {
  const rows = await tx.query<{ isNewer: boolean; number: string }>(
    `select distinct true as "isNewer", young.mailpiece_number::text as number
       from remade_piece r
       join person_paper old on old.issuance_id = r.parent_id and old.mailpiece_number = r.mailpiece_number
       join person_paper young on young.issuance_id = r.issuance_id and young.symbol = old.symbol
                              and young.number = old.number and young.sub_number = old.sub_number
      where r.parent_id = $1 and r.mailpiece_number = $2
     union all
     select distinct false, old.mailpiece_number::text
       from person_paper young
       join remade_piece r on r.issuance_id = young.issuance_id
       join person_paper old on old.issuance_id = r.parent_id and old.mailpiece_number = r.mailpiece_number
                            and old.symbol = young.symbol and old.number = young.number
                            and old.sub_number = young.sub_number
      where young.issuance_id = $1 and young.mailpiece_number = $2
      order by 2`,
    [issuanceId, mailpieceNumber],
  );
  const numbersWhere = (isNewer: boolean) => rows.filter((row) => row.isNewer === isNewer).map((row) => row.number);
  return { madeOf: numbersWhere(false), madeAgain: numbersWhere(true) };
}
