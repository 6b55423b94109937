// Room: ledger. Lists of mailpieces by state, issuance, lot, branch, workplace and reason, a page at a time, and how many
// there are: sums of tallies (batch_tally, paper_tally); of one workplace its own pieces, counted.
import type { Lineage } from '../../rules/papers/lineage.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import type { Reader } from '../core/pool.ts';
import { Values } from '../core/values.ts';

/** Which pieces; null = any. */
export interface PieceFilter {
  readonly state: PaperState;
  readonly issuanceId: number | null;
  readonly lotNo: number | null;
  /** '' = without a branch. */
  readonly branchCode: string | null;
  /** Symbol of a workplace. */
  readonly symbol: string | null;
  /** Stamp of a return; of `returned` alone. */
  readonly reason: string | null;
}

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

/** Where a page ended: what its rows are ordered by. */
export type PiecePlace = readonly number[];

type PlacedPiece = PieceRow & { readonly place: PiecePlace };

const PIECE = `p.mailpiece_number::text as "mailpieceNumber", p.issuance_id as "issuanceId", p.symbol, p.number, p.route,
  p.certificate_count as "certificateCount"`;
const SINCE = `to_json(e.at) #>> '{}' as since`;

/** A page of the pieces that match, after a place; the longest in the state first, of one workplace in number order. */
export async function listPieceRows(
  tx: Reader,
  insurerNumber: string,
  filter: PieceFilter,
  after: PiecePlace | null,
  limit: number,
): Promise<PlacedPiece[]> {
  if (filter.symbol !== null) return listOfWorkplace(tx, insurerNumber, filter, after, limit);
  if (filter.state === 'printed') return listPrinted(tx, insurerNumber, filter, after, limit);
  return (filter.state === 'held' ? listStopped : listMoved)(tx, insurerNumber, filter, after, limit);
}

/** Pieces that print has held, in number order; an event may be recorded of one that leaves it held. */
async function listStopped(
  tx: Reader,
  insurerNumber: string,
  filter: PieceFilter,
  after: PiecePlace | null,
  limit: number,
): Promise<PlacedPiece[]> {
  const values = new Values();
  const insurer = values.add(insurerNumber);
  const branch = filter.branchCode === null ? '' : `and coalesce(w.branch_code, '') = ${values.add(filter.branchCode)}`;
  return tx.query(
    `select distinct on (p.mailpiece_number) ${PIECE}, 'held' as state, coalesce(e.reason, '') as reason, ${SINCE},
            json_build_array(p.mailpiece_number) as place
       from issuance i
       join held_piece h on h.issuance_id = i.id and h.mailpiece_number > ${values.add(after?.[0] ?? 0)}
       join print_batch b on b.issuance_id = i.id and b.no = h.batch_no${values.and('b.lot_no', filter.lotNo)}
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = h.mailpiece_number
       left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = p.symbol
       left join paper_state s on s.paper_number = p.mailpiece_number
       left join event e on e.insurer_number = ${insurer} and e.seq = s.seq
      where i.insurer_number = ${insurer}${values.and('i.id', filter.issuanceId)}
        and coalesce(s.state, 'held') = 'held' ${branch}
      order by p.mailpiece_number limit ${values.add(limit)}`,
    values.list,
  );
}

/** Pieces to which something has happened, in the order in which they came to the state. */
async function listMoved(
  tx: Reader,
  insurerNumber: string,
  filter: PieceFilter,
  after: PiecePlace | null,
  limit: number,
): Promise<PlacedPiece[]> {
  const values = new Values();
  const insurer = values.add(insurerNumber);
  const most = values.add(limit);
  const reason =
    filter.reason === null
      ? ''
      : `and exists (select from event r where r.insurer_number = ${insurer} and r.seq = s.seq
                        and r.reason = ${values.add(filter.reason)})`;
  return tx.query(
    `select ${PIECE}, s.state, e.reason, ${SINCE}, json_build_array(s.seq) as place
       from issuance i
      cross join lateral (
        select s.* from paper_state s
         where s.issuance_id = i.id and s.subject = 'mailpiece' and s.state = ${values.add(filter.state)}
           and s.seq > ${values.add(after?.[0] ?? 0)}
           ${values.and('s.branch_code', filter.branchCode)}${values.and('s.lot_no', filter.lotNo)} ${reason}
           and ((select sees_all()) or exists (select from mailpiece m where m.issuance_id = i.id
                                                  and m.mailpiece_number = s.paper_number))
         order by s.seq limit ${most}) s
      cross join lateral (
        -- The offset keeps it one look-up for each row: PostgreSQL overestimates the policies' cost and would read all pieces.
        select * from mailpiece p where p.issuance_id = i.id and p.mailpiece_number = s.paper_number offset 0) p
       join event e on e.insurer_number = ${insurer} and e.seq = s.seq
      where i.insurer_number = ${insurer}${values.and('i.id', filter.issuanceId)}
      order by s.seq limit ${most}`,
    values.list,
  );
}

/** Printed pieces to which nothing has happened since, batch by batch; only lots that have some are looked into. */
async function listPrinted(
  tx: Reader,
  insurerNumber: string,
  filter: PieceFilter,
  after: PiecePlace | null,
  limit: number,
): Promise<PlacedPiece[]> {
  const values = new Values();
  const tally = tallies(values.add(insurerNumber));
  const lots = [values.and('issuance_id', filter.issuanceId), values.and('lot_no', filter.lotNo)].join('');
  const [issuance = 0, batch = 0, piece = 0] = after ?? [];
  const branch = filter.branchCode === null ? '' : `and coalesce(w.branch_code, '') = ${values.add(filter.branchCode)}`;
  return tx.query(
    `select ${PIECE}, 'printed' as state, '' as reason, null as since,
            json_build_array(b.issuance_id, b.no, p.mailpiece_number) as place
       from (select issuance_id, lot_no from (${tally}) t where state = 'printed' ${lots}
              group by issuance_id, lot_no having sum(count) > 0) l
       join issuance i on i.id = l.issuance_id
       join print_batch b on b.issuance_id = l.issuance_id and b.lot_no = l.lot_no and b.printed_at is not null
       join printed_piece f on f.issuance_id = b.issuance_id and f.batch_no = b.no
                           and f.mailpiece_number between b.first_mailpiece and b.last_mailpiece
       join mailpiece p on p.issuance_id = b.issuance_id and p.mailpiece_number = f.mailpiece_number
       left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = p.symbol
      where (b.issuance_id, b.no) >= (${values.add(issuance)}, ${values.add(batch)})
        and (b.issuance_id, b.no, p.mailpiece_number) > (${values.add(issuance)}, ${values.add(batch)}, ${values.add(piece)})
        and not exists (select from paper_state s where s.paper_number = p.mailpiece_number) ${branch}
      order by b.issuance_id, b.no, p.mailpiece_number limit ${values.add(limit)}`,
    values.list,
  );
}

/** State of a piece `p` with `s` its row in paper_state; what nothing has happened to rests where printing left it. */
const STATE = `case when s.state is not null then s.state
  when exists (select from printed_piece r where r.issuance_id = p.issuance_id
                  and r.mailpiece_number = p.mailpiece_number) then 'printed'
  when exists (select from held_piece h where h.issuance_id = p.issuance_id
                  and h.mailpiece_number = p.mailpiece_number) then 'held'
  else 'planned' end`;

async function listOfWorkplace(
  tx: Reader,
  insurerNumber: string,
  filter: PieceFilter,
  after: PiecePlace | null,
  limit: number,
): Promise<PlacedPiece[]> {
  const values = new Values();
  const insurer = values.add(insurerNumber);
  return tx.query(
    `select ${PIECE}, ${STATE} as state, coalesce(e.reason, '') as reason, ${SINCE}, json_build_array(p.mailpiece_number) as place
       from issuance i
       join mailpiece p on p.issuance_id = i.id and p.symbol = ${values.add(filter.symbol)}
                       and p.mailpiece_number > ${values.add(after?.[0] ?? 0)}
       left join paper_state s on s.paper_number = p.mailpiece_number
       left join event e on e.insurer_number = ${insurer} and e.seq = s.seq
      where i.insurer_number = ${insurer} and ${STATE} = ${values.add(filter.state)}
        ${restOf(values, filter)}
      order by p.mailpiece_number limit ${values.add(limit)}`,
    values.list,
  );
}

/** What narrows one workplace's pieces further. */
function restOf(values: Values, filter: PieceFilter): string {
  return [
    values.and('i.id', filter.issuanceId),
    values.and('s.lot_no', filter.lotNo),
    values.and('s.branch_code', filter.branchCode),
    values.and('e.reason', filter.reason),
  ].join('');
}

/** Counts by issuance, lot, branch, state and reason: both tallies of the insurer's issuances that are held. */
function tallies(insurer: string): string {
  return `select issuance_id, lot_no, branch_code, state, reason, sum(count)::int as count
    from (select issuance_id, lot_no, branch_code, state, '' as reason, count from batch_tally
          union all
          select issuance_id, lot_no, branch_code, state, reason, count from paper_tally where subject = 'mailpiece') t
   where ${heldBy(insurer)}
   group by 1, 2, 3, 4, 5`;
}

/** An erased issuance keeps its numbers, and is in no list any more. */
function heldBy(insurer: string): string {
  return `issuance_id in (select i.id from issuance i where i.insurer_number = ${insurer}
                             and not exists (select from erasure x where x.issuance_id = i.id))`;
}

/** A value of one of the filters, and how many pieces it would leave. */
export interface Facet {
  readonly facet: 'state' | 'issuance' | 'lot' | 'branch' | 'reason';
  readonly value: string;
  /** Of an issuance; else null. */
  readonly lineage: Lineage | null;
  readonly count: number;
}

/** Each filter's values with their counts under all the other filters; what nobody is in is left out. */
export async function countPieces(tx: Reader, insurerNumber: string, filter: PieceFilter): Promise<Facet[]> {
  const values = new Values();
  const source =
    filter.symbol === null ? tallies(values.add(insurerNumber)) : ofWorkplace(values, insurerNumber, filter);
  const { issuanceId, lotNo, branchCode, state, reason } = filter;
  const narrowed = {
    issuance: values.and('issuance_id', issuanceId),
    // A lot is one of its issuance.
    lot: issuanceId === null ? '' : values.and('lot_no', lotNo),
    branch: values.and('branch_code', branchCode),
    state: values.and('state', state),
    reason: values.and('reason', reason),
  };
  const facet = (name: Facet['facet'], value: string, ...by: (keyof typeof narrowed)[]): string =>
    `select '${name}' as facet, value::text, count,
            ${name === 'issuance' ? '(select lineage(i) from issuance i where i.id = value)' : 'null::jsonb'} as lineage
       from (select ${value} as value, sum(count)::int as count from t
              where true ${by.map((key) => narrowed[key]).join('')} group by 1 having sum(count) > 0) g`;
  return tx.query(
    `with t as materialized (${source})
     ${[
       facet('state', 'state', 'issuance', 'lot', 'branch'),
       facet('issuance', 'issuance_id', 'branch', 'state', 'reason'),
       ...(issuanceId === null ? [] : [facet('lot', 'lot_no', 'issuance', 'branch', 'state', 'reason')]),
       facet('branch', 'branch_code', 'issuance', 'lot', 'state', 'reason'),
       facet('reason', 'reason', 'issuance', 'lot', 'branch', 'state'),
     ].join(' union all ')}
     order by 1, 3 desc, 2`,
    values.list,
  );
}

function ofWorkplace(values: Values, insurerNumber: string, filter: PieceFilter): string {
  const insurer = values.add(insurerNumber);
  return `select p.issuance_id, coalesce(s.lot_no, 0) as lot_no, coalesce(s.branch_code, w.branch_code, '') as branch_code,
         ${STATE} as state, case when s.state = 'returned' then e.reason else '' end as reason, count(*)::int as count
    from issuance i
    join mailpiece p on p.issuance_id = i.id and p.symbol = ${values.add(filter.symbol)}
    left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = p.symbol
    left join paper_state s on s.paper_number = p.mailpiece_number
    left join event e on e.insurer_number = ${insurer} and e.seq = s.seq
   where i.insurer_number = ${insurer}
   group by 1, 2, 3, 4, 5`;
}

/** How many pieces match. */
export function totalOf(facets: readonly Facet[], filter: PieceFilter): number {
  const [name, value] =
    filter.reason === null ? (['state', filter.state] as const) : (['reason', filter.reason] as const);
  return facets.find((row) => row.facet === name && row.value === value)?.count ?? 0;
}

/** Pieces of the insurer in these states, with the time the oldest came to it. */
export async function countPiecesByState(
  tx: Reader,
  insurerNumber: string,
  states: readonly PaperState[],
): Promise<{ state: PaperState; count: number; oldest: string }[]> {
  const values = new Values();
  const insurer = values.add(insurerNumber);
  return tx.query(
    `select c.state, c.count, to_json(e.at) #>> '{}' as oldest
       from (select state, sum(count)::int as count from paper_tally
              where ${heldBy(insurer)} and subject = 'mailpiece' and state = any(${values.add(states)})
              group by state having sum(count) > 0) c
      cross join lateral (
        select min(first.seq) as seq from issuance i
         cross join lateral (
           select s.seq from paper_state s
            where s.issuance_id = i.id and s.subject = 'mailpiece' and s.state = c.state
              and case when (select wall('branch')) is null then true else s.branch_code = (select wall('branch')) end
            order by s.seq limit 1) first
         where i.insurer_number = ${insurer}) o
       join event e on e.insurer_number = ${insurer} and e.seq = o.seq`,
    values.list,
  );
}

/** A piece that was named by its number. */
export interface NamedPiece extends PieceRow {
  /** How often it has come to be posted: sent, sent again, or a return taken back. */
  readonly postings: number;
}

/** Pieces of the insurer by number; one that may not be seen is not there. */
export async function findPieces(tx: Reader, insurerNumber: string, numbers: readonly string[]): Promise<NamedPiece[]> {
  return tx.query(
    `select ${PIECE}, ${STATE} as state, coalesce(e.reason, '') as reason, ${SINCE},
            (select count(*)::int from event t where t.paper_number = p.mailpiece_number
                and t.to_state = 'posted') as postings
       from (select number, substr(number::text, 2, 4)::int as run from unnest($2::bigint[]) number) asked
       join issuance i on i.id = asked.run and i.insurer_number = $1
       join mailpiece p on p.issuance_id = i.id and p.mailpiece_number = asked.number
       left join paper_state s on s.paper_number = p.mailpiece_number
       left join event e on e.insurer_number = $1 and e.seq = s.seq
      order by p.mailpiece_number`,
    [insurerNumber, numbers],
  );
}
