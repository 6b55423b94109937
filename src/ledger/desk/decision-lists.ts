// Room: ledger. The members of an issuance by what was decided about them, in key order, a page at a time.
import type { AnyReason } from '../../rules/issuing/reasons.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import type { StoredIssuance } from '../papers/issuances.ts';
import { Values } from '../core/values.ts';

/** Which members; null = any. */
export interface DecidedFilter {
  readonly isTarget: boolean | null;
  readonly reason: string | null;
  readonly branchCode: string | null;
  /** Symbol of a workplace. */
  readonly symbol: string | null;
}

export interface DecidedRow extends PersonKey {
  readonly name: string;
  readonly kana: string;
  readonly isTarget: boolean;
  readonly reason: AnyReason;
  /** Why a target gets no paper, or null. */
  readonly exit: string | null;
  /** The envelope of the person's paper, or null. */
  readonly mailpieceNumber: string | null;
}

/** Makes the decisions of an issuance findable by side and reason. Once all are made; the second time nothing happens. */
export async function indexDecisions(tx: Transaction, issuanceId: number): Promise<void> {
  const table = `decision_${Math.trunc(issuanceId)}`;
  for (const column of ['is_target', 'reason'])
    await tx.execute(
      `create index if not exists ${table}_${column}
         on ${table} (${column}, symbol, number_rank, number, sub_number)`,
    );
  await tx.execute(`analyze ${table}`);
}

/** A page of those who match, after a person. A branch is its workplaces, one after the other. */
export async function listDecided(
  tx: Reader,
  issuance: StoredIssuance,
  filter: DecidedFilter,
  after: PersonKey | null,
  limit: number,
): Promise<DecidedRow[]> {
  const values = new Values();
  const issuanceId = values.add(issuance.id);
  const most = values.add(limit);
  const start = after && { symbol: values.add(after.symbol), number: values.add(after.number) };
  const narrowed = [
    start &&
      `and (d.symbol, d.number_rank, d.number, d.sub_number)
                > (${start.symbol}, ${start.number}::text::bigint, ${start.number}, ${values.add(after.subNumber)})`,
    values.and('d.symbol', filter.symbol),
    values.and('d.is_target', filter.isTarget),
    values.and('d.reason', filter.reason),
  ].join(' ');
  const decided = (of: string): string =>
    `(select d.symbol, d.number_rank, d.number, d.sub_number, d.is_target, d.reason from decision d
       where d.issuance_id = ${issuanceId} ${of} ${narrowed}
       order by d.symbol, d.number_rank, d.number, d.sub_number limit ${most}) d`;
  const found =
    filter.branchCode === null
      ? decided('')
      : `(select d.* from workplace w cross join lateral ${decided('and d.symbol = w.symbol')}
           where w.dataset_id = ${values.add(issuance.workplacesId)} ${values.and('w.branch_code', filter.branchCode)}
             ${start ? `and w.symbol >= ${start.symbol}` : ''}${values.and('w.symbol', filter.symbol)}
           order by w.symbol, d.number_rank, d.number, d.sub_number limit ${most}) d`;
  // (`offset 0` keeps it one look-up for each row. PostgreSQL overestimates the cost of the row-level policies, and would otherwise
  // read whole tables.)
  return tx.query(
    `select d.symbol, d.number, d.sub_number as "subNumber", m.name, m.kana, d.is_target as "isTarget", d.reason,
            x.reason as exit, coalesce(c.mailpiece_number, n.mailpiece_number)::text as "mailpieceNumber"
       from ${found}
      cross join lateral (
        select m.name, m.kana from member m
         where m.dataset_id = ${values.add(issuance.membersId)} and m.symbol = d.symbol and m.number_rank = d.number_rank
           and m.number = d.number and m.sub_number = d.sub_number offset 0) m
       left join lateral (
        select x.reason from target_exit x where x.issuance_id = ${issuanceId} and x.symbol = d.symbol
           and x.number = d.number and x.sub_number = d.sub_number offset 0) x on true
       left join lateral (
        select c.mailpiece_number from certificate c where c.issuance_id = ${issuanceId} and c.symbol = d.symbol
           and c.number = d.number and c.sub_number = d.sub_number offset 0) c on true
       left join lateral (
        select n.mailpiece_number from notice n where n.issuance_id = ${issuanceId} and n.symbol = d.symbol
           and n.number_rank = d.number_rank and n.number = d.number and n.sub_number = d.sub_number offset 0) n on true
      order by d.symbol, d.number_rank, d.number, d.sub_number`,
    values.list,
  );
}

/** Members of one workplace who match: its own rows, counted. */
export async function countDecidedOf(
  tx: Reader,
  issuanceId: number,
  filter: DecidedFilter & { readonly symbol: string },
): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count from decision
      where issuance_id = $1 and symbol = $2 and ($3::boolean is null or is_target = $3)
        and ($4::text is null or reason = $4)`,
    [issuanceId, filter.symbol, filter.isTarget, filter.reason],
  );
  return rows[0]!.count;
}
