// Room: formats. マイナ保険証.csv, one row per person and one reference date a file, both ways.
import type { Enrolment } from '../rules/intake/member.ts';
import { column, readIntake } from './intake.ts';
import type { IntakeRows, IntakeOptions, Row } from './intake.ts';

export const ENROLMENT_COLUMNS = [
  column('記号', 8, true),
  column('番号', 15, true),
  column('枝番', 2, true),
  column('カード', 2, true),
  column('利用登録', 2, true),
  column('登録年月日', 20),
  column('解除年月日', 20),
  column('電子証明書有効期限', 20),
  column('返納年月日', 20),
  column('紐付け', 2),
] as const;

type Name = (typeof ENROLMENT_COLUMNS)[number]['name'];

const CARDS = { '1': 'held', '0': 'none', '9': 'returned' } as const;
const REGISTRATIONS = { '1': 'registered', '0': 'unregistered', '9': 'deregistered' } as const;
const KEY = { symbol: '記号', number: '番号', subNumber: '枝番' } as const;

/** Reads マイナ保険証.csv. */
export function readEnrolment(path: string, options: IntakeOptions): AsyncIterable<IntakeRows<Enrolment>> {
  return readIntake<Enrolment, Name>(path, ENROLMENT_COLUMNS, parseEnrolment, options);
}

function parseEnrolment(row: Row<Name>): Enrolment {
  return {
    ...row.personKey(KEY),
    card: row.code('カード', CARDS, null),
    registration: row.code('利用登録', REGISTRATIONS, null),
    registeredOn: row.optionalDate('登録年月日'),
    deregisteredOn: row.optionalDate('解除年月日'),
    digitalCertificateExpiresOn: row.optionalDate('電子証明書有効期限', 'expiry'),
    cardReturnedOn: row.optionalDate('返納年月日'),
    linked: row.flag('紐付け', true),
  };
}

/** A snapshot's row as cells in canonical order. */
export function enrolmentCells(e: Enrolment): string[] {
  return [
    e.symbol,
    e.number,
    e.subNumber,
    e.card === 'held' ? '1' : e.card === 'none' ? '0' : '9',
    e.registration === 'registered' ? '1' : e.registration === 'unregistered' ? '0' : '9',
    e.registeredOn ?? '',
    e.deregisteredOn ?? '',
    e.digitalCertificateExpiresOn ?? '',
    e.cardReturnedOn ?? '',
    e.linked ? '1' : '0',
  ];
}
