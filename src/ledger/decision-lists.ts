// Room: ledger. The members of an issuance by what was decided about them, in key order, a page at a time. Chunks say which of
// them hold a reason, so that a rare one is found without reading everybody.
import type { AnyReason } from '../rules/labels.ts';
import type { PersonKey } from '../rules/member.ts';
import type { Reader } from './database.ts';
import type { IssuanceRun } from './issuances.ts';

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

/** A page of those who match, after a person. */
export async function listDecided(
  tx: Reader,
  run: IssuanceRun,
  filter: DecidedFilter,
  after: PersonKey | null,
  limit: number,
): Promise<DecidedRow[]> {
  const { symbol = '', number = '0', subNumber = '' } = after ?? {};
  return tx.query(
    `select d.symbol, d.number, d.sub_number as "subNumber", m.name, m.kana, d.is_target as "isTarget", d.reason,
            x.reason as exit, coalesce(c.mailpiece_number, n.mailpiece_number)::text as "mailpieceNumber"
       from chunk k
      cross join lateral (
        select d.symbol, d.number_rank, d.number, d.sub_number, d.is_target, d.reason from decision d
         where d.issuance_id = $1
           and (d.symbol, d.number_rank, d.number) >= (k.first_symbol, k.first_rank, k.first_number)
           and (d.symbol, d.number_rank, d.number) <= (k.last_symbol, k.last_rank, k.last_number)
           and (d.symbol, d.number_rank, d.number, d.sub_number) > ($4 collate "C", $5::text::bigint, $5::text collate "C", $6 collate "C")
           and ($7::boolean is null or d.is_target = $7) and ($8::text is null or d.reason = $8)
           and ($9::text is null or d.symbol = $9)
           and ($10::text is null or d.symbol in (select w.symbol from workplace w
                                                   where w.dataset_id = $3 and w.branch_code = $10))
         order by d.symbol, d.number_rank, d.number, d.sub_number limit $11) d
       join member m on m.dataset_id = $2 and m.symbol = d.symbol and m.number_rank = d.number_rank
                    and m.number = d.number and m.sub_number = d.sub_number
       left join target_exit x on x.issuance_id = $1 and x.symbol = d.symbol and x.number = d.number
                              and x.sub_number = d.sub_number
       left join certificate c on c.issuance_id = $1 and c.symbol = d.symbol and c.number = d.number
                              and c.sub_number = d.sub_number
       left join notice n on n.issuance_id = $1 and n.symbol = d.symbol and n.number_rank = d.number_rank
                         and n.number = d.number and n.sub_number = d.sub_number
      where k.issuance_id = $1 and k.decided_at is not null
        and (k.last_symbol, k.last_rank, k.last_number) >= ($4 collate "C", $5::text::bigint, $5::text collate "C")
        and ($9::text is null or $9 between k.first_symbol and k.last_symbol)
        -- A chunk that has been counted says whether it is worth a look.
        and (not exists (select from chunk_reason r where r.issuance_id = $1 and r.chunk_no = k.no)
             or exists (select from chunk_reason r where r.issuance_id = $1 and r.chunk_no = k.no
                           and ($7::boolean is null or r.is_target = $7) and ($8::text is null or r.reason = $8)))
      order by k.no, d.symbol, d.number_rank, d.number, d.sub_number limit $11`,
    [
      ...[run.id, run.membersId, run.workplacesId, symbol, number, subNumber],
      ...[filter.isTarget, filter.reason, filter.symbol, filter.branchCode, limit],
    ],
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
