// Room: rules. What a cell of a file plainly means, and cells that are none: what spreadsheets and programs leave where a
// value should be. CSV, .xlsx, the server and corrections all read cells by these functions.
import { addYears } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';

const EDGE = 1;
const WORD = 2;
const DIGIT = 4;

/** What a first or last character may mean. A table, because it is asked of every cell of a file. */
const MARKS = new Uint8Array(0x1_0000);
for (let code = 0; code < 0x1_0000; code++) if (String.fromCharCode(code).trim() === '') MARKS[code] = EDGE;
for (const c of "='") MARKS[c.charCodeAt(0)] = EDGE;
for (const c of '#＃NnＮｎUuＵｕTtＴFfＦIiＩ-+\\￥¥(（[<＜') MARKS[c.charCodeAt(0)] = WORD;
for (let digit = 0; digit < 10; digit++) {
  MARKS[0x30 + digit] = DIGIT;
  MARKS[0xff10 + digit] = DIGIT;
}

/**
 * A cell as it is meant: without the blanks a fixed width leaves around it, out of `="0012"`, and without the apostrophe that
 * tells a spreadsheet to keep digits or a date as text. Text inside is left as given (never Unicode-normalised).
 */
export function plainCell(raw: string): string {
  if (
    raw === '' ||
    ((MARKS[raw.charCodeAt(0)] as number) | (MARKS[raw.charCodeAt(raw.length - 1)] as number)) % 2 === 0
  )
    return raw;
  const text = raw.trim();
  const formula = /^="((?:[^"]|"")*)"$/.exec(text);
  if (formula) return (formula[1] as string).replaceAll('""', '"').trim();
  return /^'[\d０-９][\d０-９/.-]*$/.test(text) ? text.slice(1) : text;
}

const WORDS = new Set(
  [
    '#N/A',
    '#REF!',
    '#VALUE!',
    '#NAME?',
    '#DIV/0!',
    '#NULL!',
    '#NUM!',
    '#SPILL!',
    '#CALC!',
    '#FIELD!',
    '#GETTING_DATA',
    '#BLOCKED!',
    '#CONNECT!',
    '#UNKNOWN!',
    '#BUSY!',
    '#EXTERNAL!',
    '#PYTHON!',
    '#ERROR!',
    'N/A',
    '<NA>',
    'NA',
    'NaN',
    '-NaN',
    'NaT',
    'NULL',
    '(NULL)',
    '[NULL]',
    '<NULL>',
    '\\N',
    '¥N',
    '￥N',
    'NIL',
    'NONE',
    '(NONE)',
    'UNDEFINED',
    '[OBJECT OBJECT]',
    'TRUE',
    'FALSE',
    'INFINITY',
    '-INFINITY',
    '+INFINITY',
    'INF',
    '-INF',
    '+INF',
    '#N/A!',
    '#N/A N/A',
    '(BLANK)',
    '(空白)',
    '(空)',
  ].map((word) => word.toUpperCase()),
);

/**
 * Why a whole cell is no value: what a spreadsheet or a program writes where it has none (`#N/A`, `########`, `NULL`, `NaN`,
 * `undefined`, `\N` …, in any width and case), or a number that a spreadsheet has shortened (`7.00001E+12`), whose digits
 * are lost. Null = it may be one.
 */
export function whyNoValue(cell: string): 'not-a-value' | 'exponent' | null {
  const mark = cell === '' ? 0 : (MARKS[cell.charCodeAt(0)] as number);
  if ((mark & (WORD | DIGIT)) === 0 || cell.length > 30) return null;
  if (EXPONENT.test(cell)) return 'exponent';
  if (mark !== WORD) return null;
  const word = cell.normalize('NFKC').toUpperCase();
  return WORDS.has(word) || /^#+$/.test(word) ? 'not-a-value' : null;
}

const EXPONENT = /^[+-]?[\d０-９]+(?:[.．,][\d０-９]+)?[EeＥｅ][+＋\-－][\d０-９]{1,3}$/;

/** What a day in a file is of: how far ahead it may lie depends on it. */
export type DayKind =
  /** A birth: not after today. */
  | 'birth'
  /** What happened or was decided: a typing error where it lies after next year's end. */
  | 'event'
  /** A loss: known two years ahead in voluntary continuation (健保法38条). */
  | 'loss'
  /** The end of a certificate: certificates of a My Number card hold ten years at most. */
  | 'expiry';

const YEARS_AHEAD = { event: 1, loss: 3, expiry: 11 } as const;

/** The last day a date of a kind can be on. */
export function latestDay(kind: DayKind, today: LocalDate): LocalDate {
  return kind === 'birth' ? today : (`${addYears(today, YEARS_AHEAD[kind]).slice(0, 4)}-12-31` as LocalDate);
}

/** What a host writes for "no day": zeros or nines in a date's shape, a dash. Of a required day it is an empty cell. */
export function isNoDay(cell: string): boolean {
  return NO_DAY.test(cell);
}

const NO_DAY =
  /^(?:0+|\d-0{6}|0{2,4}[-/.年]0{1,2}[-/.月]0{1,2}日?|9{6,8}|9{4}[-/.年]9{2}[-/.月]9{2}日?|9999[-/.年]?12[-/.月]?31日?|[-ー－―*＊]+|[/.]+)$/;

/**
 * The control total that a row of no data says: 「件数,300」「合計 300件」 in at most three filled cells; null = it says none.
 */
export function controlTotal(cells: readonly string[]): number | null {
  const filled: string[] = [];
  for (const cell of cells) {
    if (cell.trim() === '') continue;
    if (filled.push(plainCell(cell)) > 3) return null;
  }
  const said = CONTROL_TOTAL.exec(filled.join(' ').normalize('NFKC'));
  return said === null ? null : Number((said[1] as string).replaceAll(',', ''));
}

const CONTROL_TOTAL =
  /^[*※(【[]?(?:総|全|データ|レコード|明細|合計|出力)?(?:件数|行数|レコード数|人数|合計|計)[)】\]]?[\s:]*(\d[\d,]{0,9})\s*(?:件|行|人|名|レコード)?$/;

/** What people write for "no building": of an address that is one, nothing stands behind its number then. */
export function isNoBuilding(cell: string): boolean {
  return NO_BUILDING.test(cell);
}

const NO_BUILDING = /^(?:なし|無し|無|ナシ|ﾅｼ|該当(?:なし|無し)|[-－ー―‐−*＊・.．/／0０]+)$/;

/** Days of one life that contradict each other: which of them cannot be, and what it had to be. */
export function contradictions(life: {
  readonly bornOn: LocalDate;
  readonly acquiredOn: LocalDate;
  readonly lostOn: LocalDate | null;
}): { readonly day: 'acquiredOn' | 'lostOn'; readonly notBefore: 'bornOn' | 'acquiredOn' }[] {
  const found: { day: 'acquiredOn' | 'lostOn'; notBefore: 'bornOn' | 'acquiredOn' }[] = [];
  if (life.acquiredOn < life.bornOn) found.push({ day: 'acquiredOn', notBefore: 'bornOn' });
  if (life.lostOn !== null && life.lostOn < life.acquiredOn) found.push({ day: 'lostOn', notBefore: 'acquiredOn' });
  return found;
}
