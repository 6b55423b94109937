// Room: formats. 再交付.csv: requests for another certificate, one row a person.
import type { PersonKey } from '../rules/words/person-key.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { REISSUE_REASON_LABELS } from '../rules/life/reissue.ts';
import type { ReissueReason } from '../rules/life/reissue.ts';
import { column, readIntake } from './intake.ts';
import type { IntakeRows, IntakeOptions, Row } from './intake.ts';

/** One request. */
export interface ReissueRequest extends PersonKey {
  readonly reason: ReissueReason;
  readonly requestedOn: LocalDate;
  /** The old certificate came with it. */
  readonly isAttached: boolean;
}

export const REISSUE_COLUMNS = [
  column('記号', 8, true),
  column('番号', 20, true),
  column('枝番', 2, true),
  column('理由', 10, true),
  column('申請年月日', 20, true),
  column('元の証', 10),
] as const;

type Name = (typeof REISSUE_COLUMNS)[number]['name'];

/** 理由 as it is written, to what it means. */
export const REISSUE_REASONS = Object.fromEntries(
  Object.entries(REISSUE_REASON_LABELS).map(([reason, label]) => [label, reason as ReissueReason]),
);
const KEY = { symbol: '記号', number: '番号', subNumber: '枝番' } as const;

/** Reads 再交付.csv. */
export function readReissues(path: string, options: IntakeOptions): AsyncIterable<IntakeRows<ReissueRequest>> {
  return readIntake<ReissueRequest, Name>(path, REISSUE_COLUMNS, parseRequest, options);
}

function parseRequest(row: Row<Name>): ReissueRequest {
  return {
    ...row.personKey(KEY),
    reason: row.code('理由', REISSUE_REASONS, null),
    requestedOn: row.date('申請年月日'),
    isAttached: row.code('元の証', { 添付: true, なし: false }, false),
  };
}
