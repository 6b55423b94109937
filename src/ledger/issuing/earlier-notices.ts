// Room: ledger. What a later round of notices asks of the earlier ones: persons who had one and what it says, persons who were
// deferred or never reached, persons who had one under another 記号・番号・枝番.
import type { RatioWithDays } from '../../rules/issuing/burden-ratio.ts';
import type { LastNotice } from '../../rules/issuing/notice-changes.ts';
import { REACHES_NOBODY } from '../../rules/papers/lifecycle.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { date, numeric, optional, orNull, text } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';
import type { Transaction } from '../core/pool.ts';
import { firstKey, inChunk, lastKey } from './decisions.ts';
import type { Chunk, StoredIssuance } from '../papers/issuances.ts';
import { stateList } from '../papers/states.ts';

/** The issuance of an earlier round, whose notices count as had. */
export interface EarlierIssuance {
  readonly id: number;
  readonly membersId: number;
  readonly workplacesId: number;
  readonly referenceOn: LocalDate;
}

/** The newest issuance of each notice plan of the insurer with an earlier day of extraction, oldest first. */
export async function listEarlierIssuances(
  tx: Transaction,
  insurerNumber: string,
  extractedOn: LocalDate,
): Promise<EarlierIssuance[]> {
  return tx.query(
    `select id, members_id as "membersId", workplaces_id as "workplacesId", reference_on as "referenceOn"
       from (select distinct on (name, reference_on) * from issuance
              where insurer_number = $1 and paper_kind = 'notice' and parent_id is null and reference_on < $2
              order by name, reference_on, id desc) newest
      order by reference_on, id`,
    [insurerNumber, extractedOn],
  );
}

/**
 * Finds persons who had a notice under another symbol: the workplace (by 法人番号) left one symbol and branch for another between
 * the two snapshots, and the person (kana, birth date, sex, day of acquisition) with it.
 */
export async function writeMovedMembers(
  tx: Transaction,
  issuance: StoredIssuance,
  earlier: EarlierIssuance,
): Promise<number> {
  return tx.execute(
    `with moved as (
       select w.symbol as now, o.symbol as before
         from workplace w
         join workplace o on o.dataset_id = $3 and o.corporate_number = w.corporate_number and o.symbol <> w.symbol
                         and o.branch_code <> w.branch_code
        where w.dataset_id = $2 and w.corporate_number <> ''
          and not exists (select 1 from workplace x where x.dataset_id = $3 and x.symbol = w.symbol)
          and not exists (select 1 from workplace x where x.dataset_id = $2 and x.symbol = o.symbol)
     )
     insert into moved_member (issuance_id, symbol, number, sub_number, changed_on)
     select distinct on (m.symbol, m.number_rank, m.number, m.sub_number) $1::int, m.symbol, m.number, m.sub_number,
            case when m.decided_on > $6::date then m.decided_on else $6::date + 1 end
       from moved
       join member m on m.dataset_id = $4 and m.symbol = moved.now
       join member p on p.dataset_id = $5 and p.symbol = moved.before and p.person_key = m.person_key
                    and p.acquired_on = m.acquired_on
       join notice n on n.issuance_id = $7 and n.symbol = p.symbol and n.number_rank = p.number_rank
                    and n.number = p.number and n.sub_number = p.sub_number
      order by m.symbol, m.number_rank, m.number, m.sub_number`,
    [
      issuance.id,
      issuance.workplacesId,
      earlier.workplacesId,
      issuance.membersId,
      earlier.membersId,
      earlier.referenceOn,
      earlier.id,
    ],
  );
}

/** An issuance whose notices count: an earlier one, or one of papers made again of its. */
interface MadeIssuance {
  readonly id: number;
  readonly membersId: number;
  readonly workplacesId: number;
  readonly referenceOn: LocalDate;
  readonly issuedOn: LocalDate;
}

/** The earlier issuances with what was made again of them, oldest first. */
export async function listMadeIssuances(tx: Transaction, earlier: readonly EarlierIssuance[]): Promise<MadeIssuance[]> {
  return tx.query(
    `select id, members_id as "membersId", workplaces_id as "workplacesId", reference_on as "referenceOn",
            issued_on as "issuedOn"
       from issuance where id = any($1) or parent_id = any($1) order by id`,
    [earlier.map((e) => e.id)],
  );
}

export function samePerson(a: string, b: string): string {
  return `${a}.symbol = ${b}.symbol and ${a}.number_rank = ${b}.number_rank and ${a}.number = ${b}.number
          and ${a}.sub_number = ${b}.sub_number`;
}

const ALIVE = `not exists (select from paper_state s where s.paper_number = n.mailpiece_number and s.state in ${stateList(REACHES_NOBODY)})`;

/** By person, the day of extraction (`as_of`) of the newest notice that has not come to nothing. */
export function newestNotices(runs: string, chunk: Chunk): string {
  return `select n.symbol, n.number_rank, n.number, n.sub_number, max(i.reference_on) as as_of
            from notice n join issuance i on i.id = n.issuance_id
           where n.issuance_id = any('${runs}') and ${inChunk('n', chunk)} and ${ALIVE}
           group by 1, 2, 3, 4`;
}

/** What the newest notice of a person says, as `lastNotices` finds it under the alias `h`. */
export const LAST_NOTICE = {
  issuedOn: date('h.issued_on'),
  ratio: optional({
    tenths: numeric<RatioWithDays['tenths']>('h.ratio'),
    from: orNull(date('h.ratio_from')),
    through: orNull(date('h.ratio_through')),
  }),
  name: text('h.name'),
  kana: text('h.kana'),
  bornOn: date('h.born_on'),
  acquiredOn: date('h.acquired_on'),
  branchCode: text(`coalesce(h.branch_code, '')`),
} satisfies ColumnsOf<LastNotice>;

/** The same with what it says. Snapshots are named issuance by issuance: a join would read every one there is. */
export function lastNotices(runs: readonly MadeIssuance[], chunk: Chunk): string {
  const each = runs.map(
    (
      issuance,
    ) => `select n.symbol, n.number_rank, n.number, n.sub_number, ${issuance.id} as run, '${issuance.referenceOn}'::date as as_of,
                     '${issuance.issuedOn}'::date as issued_on, n.ratio, n.ratio_from, n.ratio_through, p.name, p.kana, p.born_on,
                     p.acquired_on, w.branch_code
                from notice n
                join member p on p.dataset_id = ${issuance.membersId} and ${samePerson('p', 'n')} and ${inChunk('p', chunk)}
                left join workplace w on w.dataset_id = ${issuance.workplacesId} and w.symbol = n.symbol
               where n.issuance_id = ${issuance.id} and ${inChunk('n', chunk)} and ${ALIVE}`,
  );
  const none = `select ''::text collate "C" as symbol, 0::bigint as number_rank, ''::text collate "C" as number,
                       ''::text collate "C" as sub_number, 0 as run, null::date as as_of, null::date as issued_on, null::smallint as ratio,
                       null::date as ratio_from, null::date as ratio_through, '' as name, '' as kana, null::date as born_on,
                       null::date as acquired_on, '' as branch_code where false`;
  return `select distinct on (symbol, number_rank, number, sub_number) *
            from (${(each.length > 0 ? each : [none]).join('\n union all ')}) said
           order by symbol, number_rank, number, sub_number, issued_on desc, run desc`;
}

/** Targets of the earlier rounds who were deferred, or whose notice reached nobody. */
export function unreached(runs: string, chunk: Chunk): string {
  return `select t.symbol, t.number::bigint as number_rank, t.number, t.sub_number
            from target_exit t
           where t.issuance_id = any('${runs}') and t.reason <> 'withdrawn-lost'
             and (t.symbol, t.number::bigint, t.number) >= ${firstKey(chunk)}
             and (t.symbol, t.number::bigint, t.number) <= ${lastKey(chunk)}
           union
          select n.symbol, n.number_rank, n.number, n.sub_number
            from notice n
            join paper_state s on s.paper_number = n.mailpiece_number and s.state in ${stateList(REACHES_NOBODY)}
           where n.issuance_id = any('${runs}') and ${inChunk('n', chunk)}`;
}

/**
 * Finds persons who had a notice under another 記号・番号・枝番 in any earlier round: the same person (kana, birth date, sex, day
 * of acquisition) by the snapshot of that round, where the old key names that person no longer. Taking one for another sends
 * nothing wrong: a person without a notice under the present key gets one.
 */
export async function writeRenumberedMembers(
  tx: Transaction,
  issuance: StoredIssuance,
  earlier: readonly EarlierIssuance[],
): Promise<number> {
  const made = await listMadeIssuances(tx, earlier);
  const last = earlier.at(-1);
  if (last === undefined) return 0;
  const before = made.map(
    (old) => `select c.*, p.symbol as old_symbol, p.number_rank as old_rank, p.number as old_number,
                     p.sub_number as old_sub_number, '${old.referenceOn}'::date as as_of
                from candidate c
                join member p on p.dataset_id = ${old.membersId} and p.person_key = c.person_key
                             and p.acquired_on = c.acquired_on
                join notice n on n.issuance_id = ${old.id} and ${samePerson('n', 'p')} and ${ALIVE}
               where (p.symbol, p.number, p.sub_number) <> (c.symbol, c.number, c.sub_number)`,
  );
  return tx.execute(
    `with candidate as materialized (
       select m.symbol, m.number_rank, m.number, m.sub_number, m.person_key, m.acquired_on, m.decided_on
         from member m
        where m.dataset_id = $2 and m.acquired_on <= $3 and is_covered_on(m.lost_on, $4)
          and m.insured_class <> 'day-labourer'
          and not exists (select from notice n where n.issuance_id = any($5) and ${samePerson('n', 'm')})
     )
     insert into moved_member (issuance_id, symbol, number, sub_number, changed_on)
     select distinct on (f.symbol, f.number_rank, f.number, f.sub_number) $1::int, f.symbol, f.number, f.sub_number,
            case when f.decided_on > f.as_of then f.decided_on else f.as_of + 1 end
       from (${before.join('\n union all ')}) f
      where not exists (
        select from member o
         where o.dataset_id = $2 and o.symbol = f.old_symbol and o.number_rank = f.old_rank and o.number = f.old_number
           and o.sub_number = f.old_sub_number and o.person_key = f.person_key and is_covered_on(o.lost_on, $4))
      order by f.symbol, f.number_rank, f.number, f.sub_number, f.as_of desc`,
    [issuance.id, issuance.membersId, last.referenceOn, issuance.referenceOn, made.map((old) => old.id)],
  );
}
