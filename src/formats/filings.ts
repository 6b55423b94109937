// Room: formats. 喪失届.csv: filings of loss and change as they arrived, one row a person. What came with the filing stands
// beside it: the old card (健康保険証) and the certificate, or why they could not come.
import type { PersonKey } from '../rules/words/person-key.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import type { FilingKind, LossCause } from '../rules/intake/eligibility.ts';
import { column, readIntake } from './intake.ts';
import type { IntakeRows, IntakeOptions, Row } from './intake.ts';

/** What a filing says of a paper: with it, cannot come back, the person has none, not a word. */
export type Attachment = 'attached' | 'unrecoverable' | 'none' | 'unsaid';

/** One filing. */
export interface Filing extends PersonKey {
  readonly kind: FilingKind;
  /** Of a loss the first day without cover. */
  readonly effectiveOn: LocalDate;
  readonly arrivedOn: LocalDate;
  /** Null = not given: the day it is taken in. */
  readonly processedOn: LocalDate | null;
  readonly legacyCard: Attachment;
  readonly certificate: Attachment;
  /** Why a paper cannot come back; '' where all can. */
  readonly reason: string;
  readonly cause: LossCause;
}

export const FILING_COLUMNS = [
  column('届書', 10, true),
  column('記号', 8, true),
  column('番号', 20, true),
  column('枝番', 2, true),
  column('異動年月日', 20, true),
  column('到着年月日', 20, true),
  column('処理年月日', 20),
  column('健康保険証', 10),
  column('資格確認書', 10),
  column('回収不能の理由', 100),
  column('喪失原因', 10),
] as const;

type Name = (typeof FILING_COLUMNS)[number]['name'];

const FILING_KIND_LABELS = {
  loss: '喪失',
  'dependent-loss': '被扶養者異動',
  'name-change': '氏名変更',
} as const satisfies Record<FilingKind, string>;

const KINDS = Object.fromEntries(
  Object.entries(FILING_KIND_LABELS).map(([kind, label]) => [label, kind as FilingKind]),
);
const ATTACHMENTS: Readonly<Record<string, Attachment>> = { 添付: 'attached', 回収不能: 'unrecoverable', なし: 'none' };
const CAUSES: Readonly<Record<string, LossCause>> = {
  退職等: 'retired',
  死亡: 'died',
  '75歳到達': 'reached-75',
  障害認定: 'disability',
  その他: 'other',
};
const KEY = { symbol: '記号', number: '番号', subNumber: '枝番' } as const;

/** Reads 喪失届.csv. */
export function readFilings(path: string, options: IntakeOptions): AsyncIterable<IntakeRows<Filing>> {
  return readIntake<Filing, Name>(path, FILING_COLUMNS, parseFiling, options);
}

function parseFiling(row: Row<Name>): Filing {
  const arrivedOn = row.date('到着年月日');
  const processedOn = row.optionalDate('処理年月日');
  if (processedOn !== null && processedOn < arrivedOn) row.report('処理年月日', 'date', '到着年月日以後の日付');
  const legacyCard = row.code('健康保険証', ATTACHMENTS, 'unsaid');
  const certificate = row.code('資格確認書', ATTACHMENTS, 'unsaid');
  const reason = row.text('回収不能の理由').trim();
  if (reason === '' && [legacyCard, certificate].includes('unrecoverable'))
    row.report('回収不能の理由', 'required', '「回収不能」とした理由');
  return {
    kind: row.code('届書', KINDS, null),
    ...row.personKey(KEY),
    effectiveOn: row.date('異動年月日', 'loss'),
    arrivedOn,
    processedOn,
    legacyCard,
    certificate,
    reason,
    cause: row.code('喪失原因', CAUSES, 'unsaid'),
  };
}
