// Room: formats. 負担割合.csv, one row a person of 70 or over: what the insurer has determined, and the days it holds; both ways.
import type { DeterminedRatio } from '../rules/intake/member.ts';
import type { PersonKey } from '../rules/words/person-key.ts';
import { column, readIntake } from './intake.ts';
import type { IntakeRows, IntakeOptions, Row } from './intake.ts';

export const RATIO_COLUMNS = [
  column('記号', 8, true),
  column('番号', 15, true),
  column('枝番', 2, true),
  column('負担割合', 4, true),
  column('発効期日', 20, true),
  column('有効期限', 20, true),
] as const;

type Name = (typeof RATIO_COLUMNS)[number]['name'];

const TENTHS = { '2割': 2, '3割': 3, '2': 2, '3': 3, '２割': 2, '３割': 3 } as const;
const KEY = { symbol: '記号', number: '番号', subNumber: '枝番' } as const;

export type RatioRow = PersonKey & DeterminedRatio;

/** Reads 負担割合.csv. */
export function readRatios(path: string, options: IntakeOptions): AsyncIterable<IntakeRows<RatioRow>> {
  return readIntake<RatioRow, Name>(path, RATIO_COLUMNS, parseRatio, options);
}

function parseRatio(row: Row<Name>): RatioRow {
  const ratio: RatioRow = {
    ...row.personKey(KEY),
    tenths: row.code('負担割合', TENTHS, null),
    from: row.date('発効期日'),
    through: row.date('有効期限', 'expiry'),
  };
  if (!row.hasErrors() && ratio.through < ratio.from) row.report('有効期限', 'date', '発効期日以後の日付');
  return ratio;
}

/** A row as cells in canonical order. */
export function ratioCells(r: RatioRow): string[] {
  return [r.symbol, r.number, r.subNumber, `${r.tenths}割`, r.from, r.through];
}
