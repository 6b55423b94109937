// Room: formats. 照会結果.csv: the five attributes of each person as another source holds them (J-LIS, 住民基本台帳), one row a
// person, in the order of 加入者.csv.
import type { Identity } from '../rules/intake/matching.ts';
import type { PersonKey } from '../rules/words/person-key.ts';
import { column, readIntake } from './intake.ts';
import type { IntakeRows, IntakeOptions, Row } from './intake.ts';

export const IDENTITY_COLUMNS = [
  column('記号', 8, true),
  column('番号', 15, true),
  column('枝番', 2, true),
  column('氏名', 100, true),
  column('カナ氏名', 200, true),
  column('生年月日', 20, true),
  column('性別', 2, true),
  column('住所', 200, true),
  column('方書', 200),
  column('確認済み', 2),
] as const;

type Name = (typeof IDENTITY_COLUMNS)[number]['name'];

/** One row; an empty cell is an attribute the source does not have. */
export interface IdentityRecord extends PersonKey {
  readonly identity: Identity;
  /** 不一致があったものの保険者で確認済み. */
  readonly isConfirmed: boolean;
}

const SEXES = { '1': 'male', '2': 'female', '': null } as const;

export function readIdentities(path: string, options: IntakeOptions): AsyncIterable<IntakeRows<IdentityRecord>> {
  return readIntake<IdentityRecord, Name>(path, IDENTITY_COLUMNS, parseIdentity, options);
}

function parseIdentity(row: Row<Name>): IdentityRecord {
  const line = row.text('住所');
  return {
    ...row.personKey({ symbol: '記号', number: '番号', subNumber: '枝番' }),
    identity: {
      name: row.text('氏名'),
      kana: row.text('カナ氏名'),
      bornOn: row.optionalDate('生年月日', 'birth'),
      sex: row.code<'male' | 'female' | null>('性別', SEXES, null),
      address: line === '' ? null : { line, building: row.text('方書') },
    },
    isConfirmed: row.flag('確認済み'),
  };
}
