// Room: ledger. Lists of mailpieces for people who work through them: by state, held for staff, or of a workplace.
import type { PaperState } from '../rules/lifecycle.ts';
import type { Transaction } from './database.ts';

/** One row of a list of mailpieces. No name: a list is worked by number. */
export interface PieceRow {
  readonly mailpieceNumber: string;
  readonly issuanceId: number;
  readonly symbol: string;
  readonly number: string;
  readonly route: 'home' | 'workplace';
  readonly certificateCount: number;
  readonly state: PaperState;
  /** Why it is in that state (a return's stamp), or ''. */
  readonly reason: string;
  /** Since when, ISO instant, or null where nothing has happened to it. */
  readonly since: string | null;
}

const PIECE = `p.mailpiece_number::text as "mailpieceNumber", p.issuance_id as "issuanceId", p.symbol, p.number, p.route,
  p.certificate_count as "certificateCount"`;

/** Pieces of the insurer something has happened to, in a state, by the order in which it happened; after `afterSeq`. */
export async function listPiecesInState(
  tx: Transaction,
  insurerNumber: string,
  state: PaperState,
  afterSeq: number,
  limit: number,
): Promise<(PieceRow & { seq: number })[]> {
  return tx.query(
    `select ${PIECE}, s.state, e.reason, to_json(e.at) #>> '{}' as since, s.seq
       from issuance i
      cross join lateral (
        select s.* from paper_state s
         where s.issuance_id = i.id and s.subject = 'mailpiece' and s.state = $2 and s.seq > $3
           and ((select sees_all()) or exists (select from mailpiece m where m.issuance_id = i.id
                                                  and m.mailpiece_number = s.paper_number))
         order by s.seq limit $4) s
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = s.paper_number
       join event e on e.insurer_number = $1 and e.seq = s.seq
      where i.insurer_number = $1
      order by s.seq limit $4`,
    [insurerNumber, state, afterSeq, limit],
  );
}

/** Pieces of the insurer in these states, with the time the oldest came to it. */
export async function countPiecesByState(
  tx: Transaction,
  insurerNumber: string,
  states: readonly PaperState[],
): Promise<{ state: PaperState; count: number; oldest: string }[]> {
  return tx.query(
    `select c.state, c.count, to_json(e.at) #>> '{}' as oldest
       from (select s.state, count(*)::int as count, min(s.seq) as seq
               from issuance i
               join paper_state s on s.issuance_id = i.id and s.subject = 'mailpiece' and s.state = any($2)
              where i.insurer_number = $1
                and ((select sees_all()) or exists (select from mailpiece m where m.issuance_id = i.id
                                                       and m.mailpiece_number = s.paper_number))
              group by s.state) c
       join event e on e.insurer_number = $1 and e.seq = c.seq`,
    [insurerNumber, states],
  );
}

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

/** Pieces that print held and nobody has withdrawn since, in number order. */
export async function listHeld(
  tx: Transaction,
  insurerNumber: string,
  after: string,
  limit: number,
): Promise<HeldRow[]> {
  return tx.query(
    `select h.mailpiece_number::text as "mailpieceNumber", h.issuance_id as "issuanceId", p.symbol, p.number,
            h.sub_number as "subNumber", h.reason, h.field, h.code_point as "codePoint"
       from issuance i
       join held_piece h on h.issuance_id = i.id and h.mailpiece_number > $2
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = h.mailpiece_number
       left join paper_state s on s.paper_number = h.mailpiece_number
      where i.insurer_number = $1 and s.state is distinct from 'withdrawn'
      order by h.mailpiece_number, h.reason, h.sub_number, h.field limit $3`,
    [insurerNumber, after === '' ? '0' : after, limit],
  );
}

/** Held pieces by reason. */
export async function countHeld(tx: Transaction, insurerNumber: string): Promise<{ reason: string; count: number }[]> {
  return tx.query(
    `select h.reason, count(distinct h.mailpiece_number)::int as count
       from issuance i
       join held_piece h on h.issuance_id = i.id
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = h.mailpiece_number
       left join paper_state s on s.paper_number = h.mailpiece_number
      where i.insurer_number = $1 and s.state is distinct from 'withdrawn'
      group by h.reason order by count desc`,
    [insurerNumber],
  );
}

/** Where a piece's pages lie: its letter and its certificates, in files of the run's output folder. */
export interface PiecePages {
  readonly paper: string;
  readonly path: string;
  /** From 1. */
  readonly firstPage: number;
  readonly pageCount: number;
}

export async function listPagesOf(tx: Transaction, issuanceId: number, mailpieceNumber: string): Promise<PiecePages[]> {
  return tx.query(
    `select f.paper, f.path,
            case when f.paper = 'certificates' then p.certificate_page else p.letter_page end as "firstPage",
            case when f.paper = 'certificates' then p.certificate_count * 2 else 1 end::int as "pageCount"
       from printed_piece p
       join mailpiece m on m.issuance_id = $1 and m.mailpiece_number = p.mailpiece_number
       join print_file f on f.issuance_id = $1 and f.batch_no = p.batch_no
      where p.issuance_id = $1 and p.mailpiece_number = $2
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

export async function listRecallsOf(tx: Transaction, insurerNumber: string, symbol: string): Promise<OpenRecall[]> {
  return tx.query(
    `select c.certificate_number::text as "certificateNumber", c.symbol, c.number, c.sub_number as "subNumber", m.name,
            case when s.state = 'return-demanded' then 'duty' else 'request' end as kind,
            to_json(e.at) #>> '{}' as since
       from issuance i
       join certificate c on c.issuance_id = i.id and c.symbol = $2
       join paper_state s on s.paper_number = c.certificate_number and s.state in ('return-demanded', 'return-requested')
       join event e on e.insurer_number = $1 and e.seq = s.seq
       join member m on m.dataset_id = i.members_id and m.symbol = c.symbol and m.number_rank = c.number::bigint
                    and m.number = c.number and m.sub_number = c.sub_number
      where i.insurer_number = $1
      order by c.number::bigint, c.sub_number, c.certificate_number`,
    [insurerNumber, symbol],
  );
}
