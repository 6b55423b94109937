// Room: ledger. What a rule needs to say until when a person is covered: the newest file's row `n` (or that of the file a paper was
// made of, `o`), the insured person's row `h` of the newest file, and the filings `f`. One statement of it, for every query that asks.
import type { CoverFacts } from '../../rules/intake/eligibility.ts';
import type { InsuredClass, Member } from '../../rules/intake/member.ts';
import { date, flag, optional, orNull, word } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';

/** `CoverFacts` as columns of COPY rows. */
export const COVER = {
  relation: word<Member['relation']>('coalesce(n.relation, o.relation)'),
  insuredClass: word<InsuredClass>('coalesce(n.insured_class, o.insured_class)'),
  bornOn: date('coalesce(n.born_on, o.born_on)'),
  acquiredOn: date('coalesce(n.acquired_on, o.acquired_on)'),
  isMember: flag('n.symbol is not null'),
  fileLostOn: orNull(date('n.lost_on')),
  filedLostOn: orNull(date('f.lost_on')),
  insured: optional({
    bornOn: date('h.born_on'),
    acquiredOn: date('h.acquired_on'),
    lostOn: orNull(date('h.lost_on')),
  }),
} satisfies ColumnsOf<CoverFacts>;

/** The same as one JSON value. */
export const COVER_JSON = `json_build_object(
    'relation', coalesce(n.relation, o.relation), 'insuredClass', coalesce(n.insured_class, o.insured_class),
    'bornOn', coalesce(n.born_on, o.born_on), 'acquiredOn', coalesce(n.acquired_on, o.acquired_on),
    'isMember', n.symbol is not null, 'fileLostOn', n.lost_on, 'filedLostOn', f.lost_on,
    'insured', case when h.symbol is not null then
                 json_build_object('bornOn', h.born_on, 'acquiredOn', h.acquired_on, 'lostOn', h.lost_on) end)`;

/**
 * Joins `n`, `h` and `f` to a paper whose own file's row is `o`.
 *
 * @param membersId the newest file of members, as SQL
 * @param insurer the insurer's number, as SQL
 * @param c whose columns `symbol`, `number` and `sub_number` name the person now
 */
export function joinCover(membersId: string, insurer: string, c: string): string {
  return `
  left join member n on n.dataset_id = ${membersId} and n.symbol = ${c}.symbol and n.number_rank = ${c}.number::bigint
                    and n.number = ${c}.number and n.sub_number = ${c}.sub_number
  left join member h on h.dataset_id = ${membersId} and h.symbol = ${c}.symbol and h.number_rank = ${c}.number::bigint
                    and h.number = ${c}.number and h.sub_number = '00'
  cross join lateral lost_by_filing(${insurer}, ${c}.symbol, ${c}.number, ${c}.sub_number,
                                    coalesce(n.acquired_on, o.acquired_on), h.acquired_on) f`;
}
