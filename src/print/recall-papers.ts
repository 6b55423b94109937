// Room: print. 資格確認書回収連絡書 and its 回収対象者リスト: what a workplace is asked to send back, by law and by request apart
// (C3; 003, 健保則48条, 49条, 51条). The slip comes back with the papers, the list stays.
import { formatWareki } from '../rules/words/calendar.ts';
import { formatPaperNumber } from '../rules/words/check-digits.ts';
import type { Workplace } from '../rules/intake/member.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { RECALL_KIND_LABELS, recallKind } from '../rules/life/recall.ts';
import type { RecallGround } from '../rules/life/recall.ts';
import { employerLine, fillWords } from '../rules/papers/scheme.ts';
import type { ChosenTexts } from '../rules/papers/texts.ts';
import type { Scheme } from '../rules/papers/scheme.ts';
import { formatCount } from '../rules/words/counts.ts';

/** Rows of a 回収対象者リスト sheet. */
const RECALL_ROWS = 30;

/** A workplace with the papers asked of it. */
export interface PrintableRecall {
  readonly kind: 'list' | 'reminder';
  readonly symbol: string;
  readonly workplace: Pick<Workplace, 'name' | 'postalCode' | 'address' | 'building' | 'employerName'>;
  readonly askedOn: LocalDate;
  readonly papers: readonly {
    readonly number: string;
    readonly subNumber: string;
    readonly name: string;
    readonly certificateNumber: string;
    readonly ground: RecallGround;
  }[];
}

const ADDRESS = ['postalCode', 'addressLine', 'building', 'workplaceName', 'employerName'];
export const RECALL_SLIP_FIELDS: readonly string[] = [
  ...ADDRESS,
  'symbol',
  'askedOn',
  'title',
  'lead',
  'dutyCount',
  'requestCount',
  'totalCount',
  'sheetCount',
];
export const RECALL_LIST_FIELDS: readonly string[] = [
  'workplaceName',
  'symbol',
  'page',
  'askedOn',
  'title',
  ...Array.from({ length: RECALL_ROWS }, (_, i) =>
    ['number', 'subNumber', 'name', 'certificateNumber', 'kind'].map((column) => `row${i + 1}.${column}`),
  ).flat(),
];

const TITLES = {
  list: { slip: '資格確認書回収連絡書', list: '資格確認書　回収対象者リスト' },
  reminder: { slip: '資格確認書回収連絡書（催告）', list: '資格確認書　未回収者リスト' },
} as const satisfies Record<PrintableRecall['kind'], unknown>;

const sheetsOf = (recall: PrintableRecall): number => Math.max(1, Math.ceil(recall.papers.length / RECALL_ROWS));

/** The slip: one page. */
export function recallSlipValues(
  recall: PrintableRecall,
  scheme: Scheme,
  texts: ChosenTexts,
): Readonly<Record<string, string>> {
  const { workplace, papers } = recall;
  const duties = papers.filter((paper) => recallKind(paper.ground) === 'duty').length;
  const sheets = (count: number): string => `${formatCount(count)}枚`;
  return {
    postalCode: workplace.postalCode && `〒${workplace.postalCode.slice(0, 3)}-${workplace.postalCode.slice(3)}`,
    addressLine: workplace.address,
    building: workplace.building,
    workplaceName: workplace.name,
    employerName: employerLine(scheme, workplace.employerName),
    symbol: recall.symbol,
    askedOn: formatWareki(recall.askedOn),
    title: TITLES[recall.kind].slip,
    lead: fillWords((texts.paragraphs.recall ?? []).join(''), scheme, 'employer'),
    dutyCount: sheets(duties),
    requestCount: sheets(papers.length - duties),
    totalCount: sheets(papers.length),
    sheetCount: sheets(sheetsOf(recall)),
  };
}

/** The list, a sheet an entry. Of the reason it says no more than the kind. */
export function recallListValues(recall: PrintableRecall): Readonly<Record<string, string>>[] {
  const sheets = sheetsOf(recall);
  return Array.from({ length: sheets }, (_, sheet) => {
    const values: Record<string, string> = {
      workplaceName: recall.workplace.name,
      symbol: recall.symbol,
      page: `${sheet + 1}/${sheets}`,
      askedOn: formatWareki(recall.askedOn),
      title: TITLES[recall.kind].list,
    };
    for (const [i, paper] of recall.papers.slice(sheet * RECALL_ROWS, (sheet + 1) * RECALL_ROWS).entries()) {
      values[`row${i + 1}.number`] = paper.number;
      values[`row${i + 1}.subNumber`] = paper.subNumber;
      values[`row${i + 1}.name`] = paper.name;
      values[`row${i + 1}.certificateNumber`] = formatPaperNumber(paper.certificateNumber);
      values[`row${i + 1}.kind`] = RECALL_KIND_LABELS[recallKind(paper.ground)];
    }
    return values;
  });
}
