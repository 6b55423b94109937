// Room: ledger. Lists of an issuance for staff, a page at a time: rows to look at, and characters printed as their base character.
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Reader } from '../core/pool.ts';

export interface ListedWarning extends PersonKey {
  readonly code: string;
  /** Rows of one group belong together; null = none. */
  readonly groupNo: number | null;
}

/** Where a page ends. */
export type WarningPlace = Pick<ListedWarning, 'code' | 'symbol' | 'number' | 'subNumber'>;

/** Rows to look at by what they are listed for. */
export async function countWarnings(
  tx: Reader,
  issuanceId: number,
): Promise<{ readonly code: string; readonly count: number }[]> {
  return tx.query(
    'select code, count(*)::int as count from warning where issuance_id = $1 group by code order by code',
    [issuanceId],
  );
}

/** Rows to look at, of one code or ('') of all, after a place. */
export async function listWarningsAfter(
  tx: Reader,
  issuanceId: number,
  code: string,
  after: WarningPlace | null,
  limit: number,
): Promise<ListedWarning[]> {
  const place = after ?? { code: '', symbol: '', number: '', subNumber: '' };
  return tx.query(
    `select code, symbol, number, sub_number as "subNumber", group_no as "groupNo" from warning
      where issuance_id = $1 and ($2 = '' or code = $2)
        and (code, symbol, number, sub_number) > ($3, $4, $5, $6)
      order by code, symbol, number, sub_number limit $7`,
    [issuanceId, code, place.code, place.symbol, place.number, place.subNumber, limit],
  );
}

export interface ReplacedCharacter extends PersonKey {
  readonly mailpieceNumber: string;
  readonly field: string;
  readonly codePoint: string;
}

/** Characters of an issuance that were printed as their base character, after a piece; a piece is never parted. */
export async function listReplacedAfter(
  tx: Reader,
  issuanceId: number,
  after: string,
  limit: number,
): Promise<ReplacedCharacter[]> {
  return tx.query(
    `select r.mailpiece_number::text as "mailpieceNumber", m.symbol, m.number, r.sub_number as "subNumber", r.field,
            r.code_point as "codePoint"
       from replaced_variant r join mailpiece m using (issuance_id, mailpiece_number)
      where r.issuance_id = $1 and r.mailpiece_number > $2::bigint
      order by r.mailpiece_number, r.sub_number, r.field, r.code_point limit $3`,
    [issuanceId, after === '' ? '0' : after, limit],
  );
}
