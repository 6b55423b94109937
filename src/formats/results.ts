// Room: formats. What became of mailpieces, one row a piece and event: the contractor's 結果.csv and a workplace's 手渡し.csv.
import { parsePaperNumber } from '../rules/words/check-digits.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { column, readIntake } from './intake.ts';
import type { IntakeRows, IntakeOptions, Row } from './intake.ts';

/** The party that reports: each has its own results. */
export type ReportingParty = 'contractor' | 'workplace';

/** What is reported of a piece. */
export interface PieceResult {
  /** 14 digits, check digit right. */
  readonly mailpieceNumber: string;
  readonly event: 'spoil' | 'enclose' | 'post' | 'repost' | 'destroy' | 'hand-over' | 'fail-hand-over' | 'report-left';
  readonly on: LocalDate;
  /** Why a piece was spoiled or not handed over; '' otherwise. */
  readonly reason: string;
  /** 引受番号 of a tracked piece, or ''. */
  readonly trackingNumber: string;
}

export const RESULT_COLUMNS = [
  column('郵便物番号', 20, true),
  column('結果', 10, true),
  column('年月日', 20, true),
  column('理由', 100),
  column('引受番号', 20),
] as const;

type Name = (typeof RESULT_COLUMNS)[number]['name'];

const RESULTS = {
  contractor: { 損傷: 'spoil', 封入: 'enclose', 発送: 'post', 再発送: 'repost', 廃棄: 'destroy' },
  workplace: { 手渡し: 'hand-over', 手渡し不可: 'fail-hand-over', 退職: 'report-left' },
} as const satisfies Record<ReportingParty, Readonly<Record<string, PieceResult['event']>>>;

/** Reads 結果.csv (contractor) or 手渡し.csv (workplace). */
export function readResults(
  path: string,
  party: ReportingParty,
  options: IntakeOptions,
): AsyncIterable<IntakeRows<PieceResult>> {
  const codes: Readonly<Record<string, PieceResult['event']>> = RESULTS[party];
  return readIntake<PieceResult, Name>(path, RESULT_COLUMNS, (row) => parseResult(row, codes), options);
}

function parseResult(row: Row<Name>, codes: Readonly<Record<string, PieceResult['event']>>): PieceResult {
  const parsed = parsePaperNumber(row.required('郵便物番号'));
  if (!row.hasErrors('郵便物番号') && parsed?.kind !== 'mailpiece')
    row.report('郵便物番号', 'check-digit', '検査数字の合う14桁の郵便物番号');
  return {
    mailpieceNumber: parsed?.number ?? '',
    event: row.code('結果', codes, null),
    on: row.date('年月日'),
    reason: row.text('理由'),
    trackingNumber: row.text('引受番号'),
  };
}
