// Room: print. The letter to who is asked for certificates directly: what the law asks and what the insurer requests, in words that
// fit the reader (健保則51条2項; 5項: the family, after the insured person's death).
import { formatWareki } from '../rules/words/calendar.ts';
import { formatPaperNumber } from '../rules/words/check-digits.ts';
import type { Address } from '../rules/words/address.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import type { PersonKey } from '../rules/words/person-key.ts';
import { RECALL_KIND_LABELS, recallKind } from '../rules/life/recall.ts';
import type { RecallGround, RecallThrough } from '../rules/life/recall.ts';
import { citeRegulation } from '../rules/papers/scheme.ts';
import type { Scheme } from '../rules/papers/scheme.ts';
import { postal } from './address.ts';
import type { PageValues } from './page-values.ts';

/** Rows of a letter. */
const ROWS = 9;

/** A letter with the papers asked for. */
export interface PrintableRecallLetter {
  readonly kind: 'list' | 'reminder';
  readonly through: Exclude<RecallThrough, 'workplace'>;
  readonly addressee: string;
  readonly address: Address;
  readonly askedOn: LocalDate;
  readonly papers: readonly (PersonKey & {
    readonly name: string;
    readonly certificateNumber: string;
    readonly ground: RecallGround;
  })[];
}

export const RECALL_LETTER_FIELDS: readonly string[] = [
  'postalCode',
  'addressLine',
  'building',
  'addressee',
  'askedOn',
  'title',
  'lead',
  'request',
  'page',
  ...Array.from({ length: ROWS }, (_, i) =>
    ['symbol', 'number', 'name', 'certificateNumber', 'ground'].map((column) => `row${i + 1}.${column}`),
  ).flat(),
];

const TITLES = {
  list: '資格確認書の返却について',
  reminder: '資格確認書の返却について（再度のご案内）',
} as const satisfies Record<PrintableRecallLetter['kind'], string>;

const DUTY = {
  person: (scheme) =>
    `下の表で「法定の回収」とした資格確認書は、${scheme.regulation}により、保険者に返していただくものです。お手元の資格確認書を、この書面と一緒に下の返送先へお送りください。`,
  family: (scheme) =>
    `ご逝去の報に接し、お悔やみ申し上げます。下の表の資格確認書は、${scheme.funeralBenefit}の支給を申請される方から、申請のときに返していただくことになっています（${citeRegulation(scheme, 'returnAfterDeath')}）。申請書に添えて、下の返送先へお送りください。お手元にないときは、その旨を下の欄にお書きください。`,
} as const satisfies Record<PrintableRecallLetter['through'], (scheme: Scheme) => string>;
const REQUEST =
  '「返却のお願い」とした資格確認書は、マイナ保険証を利用登録された方、または同じ内容の新しい資格確認書をお持ちの方のものです。お返しくださいますようお願いします。法令による回収ではなく、ご協力のお願いです。';

/** Why, in the words of a table cell. */
const REASONS = {
  lost: '資格の喪失',
  found: '再交付の後に発見',
  corrected: '記号・番号、氏名、性別の変更',
  damaged: 'き損・汚損による再交付',
  enrolled: 'マイナ保険証の利用登録',
  superseded: '新しい資格確認書の交付',
} as const satisfies Record<RecallGround, string>;

/** The letter, a sheet an entry. */
export function recallLetterValues(letter: PrintableRecallLetter, scheme: Scheme): PageValues[] {
  const { through, address, papers } = letter;
  const sheets = Math.max(1, Math.ceil(papers.length / ROWS));
  const has = (kind: 'duty' | 'request'): boolean => papers.some((paper) => recallKind(paper.ground) === kind);
  return Array.from({ length: sheets }, (_, sheet) => {
    const values: Record<string, string> = {
      postalCode: postal(address.postalCode),
      addressLine: address.line,
      building: address.building,
      addressee: letter.addressee,
      askedOn: formatWareki(letter.askedOn),
      title: TITLES[letter.kind],
      lead: has('duty') ? DUTY[through](scheme) : REQUEST,
      request: has('duty') && has('request') ? REQUEST : '',
      page: sheets === 1 ? '' : `${sheet + 1}/${sheets}`,
    };
    for (const [i, paper] of papers.slice(sheet * ROWS, (sheet + 1) * ROWS).entries()) {
      values[`row${i + 1}.symbol`] = paper.symbol;
      values[`row${i + 1}.number`] = `${paper.number}－${paper.subNumber}`;
      values[`row${i + 1}.name`] = paper.name;
      values[`row${i + 1}.certificateNumber`] = formatPaperNumber(paper.certificateNumber);
      values[`row${i + 1}.ground`] = `${RECALL_KIND_LABELS[recallKind(paper.ground)]}（${REASONS[paper.ground]}）`;
    }
    return values;
  });
}
