// Room: formats. 事業所.csv, one row per workplace, both ways.
import { isCorporateNumber } from '../rules/words/check-digits.ts';
import type { Workplace } from '../rules/intake/member.ts';
import { column, readIntake } from './intake.ts';
import type { IntakeRows, IntakeOptions, Row } from './intake.ts';

export const WORKPLACE_COLUMNS = [
  column('記号', 8, true),
  column('事業所名称', 100, true),
  column('郵便番号', 20),
  column('所在地', 200),
  column('方書', 200),
  column('事業主氏名', 100),
  column('支部', 10),
  column('法人番号', 20),
  column('電話番号', 20),
  column('電子メール', 254),
] as const;

type Name = (typeof WORKPLACE_COLUMNS)[number]['name'];

/** Reads 事業所.csv. */
export function readWorkplaces(path: string, options: IntakeOptions): AsyncIterable<IntakeRows<Workplace>> {
  return readIntake<Workplace, Name>(path, WORKPLACE_COLUMNS, parseWorkplace, options);
}

function parseWorkplace(row: Row<Name>): Workplace {
  const corporateNumber = row.text('法人番号');
  if (corporateNumber !== '' && !row.hasErrors('法人番号') && !isCorporateNumber(corporateNumber)) {
    row.report('法人番号', 'check-digit', '検査数字の合う13桁の法人番号');
  }
  return {
    symbol: row.symbol('記号'),
    name: row.required('事業所名称'),
    postalCode: row.postalCode('郵便番号'),
    address: row.text('所在地'),
    building: row.text('方書'),
    employerName: row.text('事業主氏名'),
    branchCode: row.text('支部'),
    corporateNumber,
    phone: row.text('電話番号'),
    email: row.text('電子メール'),
  };
}

/** A workplace as the cells of a row in canonical order. */
export function workplaceCells(w: Workplace): string[] {
  return [
    w.symbol,
    w.name,
    w.postalCode,
    w.address,
    w.building,
    w.employerName,
    w.branchCode,
    w.corporateNumber,
    w.phone,
    w.email,
  ];
}
