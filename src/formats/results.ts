// Room: formats. The contractor's results, one row a mailpiece and event: 結果.csv.
import { parsePaperNumber } from '../rules/check-digits.ts';
import type { LocalDate } from '../rules/member.ts';
import { readIntake } from './intake.ts';
import type { IntakeBatch, IntakeOptions, Row } from './intake.ts';

/** What a contractor reports of a piece. */
export interface ContractorResult {
  /** 14 digits, check digit right. */
  readonly mailpieceNumber: string;
  readonly event: 'spoil' | 'enclose' | 'post' | 'destroy';
  readonly on: LocalDate;
  /** Why a piece was spoiled; '' otherwise. */
  readonly reason: string;
  /** 引受番号 of a tracked piece, or ''. */
  readonly trackingNumber: string;
}

const column = <const Name extends string>(name: Name, limit: number, required = false) => ({ name, limit, required });

export const RESULT_COLUMNS = [
  column('郵便物番号', 20, true),
  column('結果', 10, true),
  column('年月日', 20, true),
  column('理由', 100),
  column('引受番号', 20),
] as const;

type Name = (typeof RESULT_COLUMNS)[number]['name'];

const RESULTS = { 損傷: 'spoil', 封入: 'enclose', 発送: 'post', 廃棄: 'destroy' } as const;

/** Reads 結果.csv. */
export function readResults(path: string, options: IntakeOptions): AsyncIterable<IntakeBatch<ContractorResult>> {
  return readIntake<ContractorResult, Name>(path, RESULT_COLUMNS, parseResult, options);
}

function parseResult(row: Row<Name>): ContractorResult {
  const mailpieceNumber = row.required('郵便物番号').replaceAll('-', '');
  if (parsePaperNumber(mailpieceNumber)?.kind !== 'mailpiece') {
    row.report('郵便物番号', 'check-digit', '検査数字の合う14桁の郵便物番号');
  }
  return {
    mailpieceNumber,
    event: row.code('結果', RESULTS, null),
    on: row.date('年月日'),
    reason: row.text('理由'),
    trackingNumber: row.text('引受番号'),
  };
}
