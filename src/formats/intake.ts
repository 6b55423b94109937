// Room: formats. What the three intake files share: headers through the profile's column map, rows checked cell by
// cell with every error named, never a value repeated. Contract: intake-formats.
import type { ColumnMap } from '../rules/insurer.ts';
import {
  contradictions,
  controlTotal,
  isNoBuilding,
  isNoDay,
  latestDay,
  plainCell,
  whyNoValue,
} from '../rules/intake/cells.ts';
import type { DayKind } from '../rules/intake/cells.ts';
import type { Address } from '../rules/words/address.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import type { PersonKey } from '../rules/words/person-key.ts';
import { parseDate } from '../rules/words/calendar.ts';
import { toAsciiDigits } from '../rules/words/check-digits.ts';
import { countDigits, holdsIndividualNumber, splitsIndividualNumber } from '../rules/words/individual-numbers.ts';
import { MAX_RECORD } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import type { Encoding, InputEncoding } from './encoding.ts';
import { IntakeFault, headerCells, openTable } from './tables.ts';
import { columnLetters } from './xlsx.ts';

export { IntakeFault } from './tables.ts';

export type RowErrorCode =
  | 'column-count'
  | 'unclosed-quote'
  | 'required'
  | 'date'
  | 'date-impossible'
  | 'not-a-value'
  | 'exponent'
  | 'line-break'
  | 'code'
  | 'digits'
  | 'symbol'
  | 'sub-number'
  | 'relation'
  | 'character'
  | 'too-long'
  | 'check-digit'
  | 'individual-number'
  | 'duplicate-key'
  | 'row-count';

export const ROW_ERROR_LABELS = {
  'column-count': '列の数が見出しと違います',
  'unclosed-quote': '引用符（"）が正しく閉じていません',
  required: '必須の項目が空です',
  date: '日付として読めません',
  'date-impossible': 'ありえない日付です',
  'not-a-value': '値ではなく、表計算やプログラムの誤りの印です',
  exponent: '数が縮めて書かれ、桁が失われています（1.2E+11の形）',
  'line-break': 'セルの中に改行があります',
  code: '決められた値ではありません',
  digits: '数字ではありません',
  symbol: '記号の形ではありません',
  'sub-number': '枝番の形ではありません',
  relation: '枝番と本人家族区分が合いません',
  character: '読めない文字があります',
  'too-long': '長すぎます',
  'check-digit': '検査数字が合いません',
  'individual-number': '個人番号（12桁）と思われる数字があります。この行は取り込めません',
  'duplicate-key': '同じ記号・番号・枝番の行がすでにあります',
  'row-count': '行の数が、ファイルに書かれた件数と違います',
} as const satisfies Record<RowErrorCode, string>;

export interface RowError {
  /** Line as the clerk sees it in the file. */
  readonly line: number;
  /** Header as in the file; '' = the whole row. */
  readonly column: string;
  readonly code: RowErrorCode;
  /** What was expected, in Japanese. */
  readonly expected: string;
  /** 記号-番号-枝番 (of a workplace 記号), or '' where it cannot be read. */
  readonly key: string;
}

export interface IntakeRows<T> {
  readonly rows: readonly { readonly line: number; readonly value: T }[];
  readonly errors: readonly RowError[];
}

export interface IntakeOptions {
  /** Forces the encoding; else it is detected. */
  readonly encoding?: Encoding | undefined;
  readonly columns?: ColumnMap | undefined;
  /** The day against which days of births and of what has happened are held; absent = this day in Japan. */
  readonly today?: LocalDate | undefined;
  readonly onHeader?: (header: {
    readonly encoding: InputEncoding | 'xlsx';
    readonly unknownColumns: readonly string[];
  }) => void;
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
  /** Told how many rows a row of the file itself says that there are (件数), and how many there are; absent = a difference is an error. */
  readonly onControlTotal?: (said: number, read: number) => void;
  /** Told how the file was read where it was not as it should be: in Japanese, without a value. */
  readonly onNote?: (note: string) => void;
}

/** A column of the contract. */
export interface Column {
  readonly name: string;
  readonly required: boolean;
  /** Characters at most. */
  readonly limit: number;
}

/** A column of an intake file: its header, characters at most, and whether a row must fill it. */
export const column = <const Name extends string>(name: Name, limit: number, required = false) => ({
  name,
  limit,
  required,
});

/**
 * Reads one intake file. `parse` gets the row at hand and returns its value; what it reports on the row decides
 * whether the value counts.
 */
export async function* readIntake<T, Name extends string>(
  path: string,
  columns: readonly (Column & { readonly name: Name })[],
  parse: (row: Row<Name>) => T,
  options: IntakeOptions,
): AsyncIterable<IntakeRows<T>> {
  const required = columns.filter((own) => own.required).map((own) => own.name);
  const isHeader = (cells: readonly string[]): boolean => {
    const names = new Set(cells.map((cell) => canonicalName(cell, options.columns ?? {})));
    return required.every((name) => names.has(name));
  };
  const { encoding, onProgress } = options;
  const table = await openTable(path, isHeader, { encoding, onProgress });
  try {
    if (table.header === null) throw new IntakeFault('empty-file', 'ファイルが空です。1行目に見出しが必要です。');
    const header = readHeader(table.header, columns, options.columns ?? {});
    options.onHeader?.({ encoding: table.encoding, unknownColumns: header.unknownColumns });
    for (const note of table.notes) options.onNote?.(note);
    const row = new Row(columns, header, options.today ?? todayInJapan(), table.encoding === 'xlsx');
    yield { rows: [], errors: row.numbersIn(table.above) };
    const seen: Seen = { rows: 0, blank: 0, firstBlank: 0, total: null };
    for await (const batch of table.rows) yield readRows(batch, row, parse, seen);
    if (seen.blank > 0) options.onNote?.(`空の行を${seen.blank}行読みとばしました（${seen.firstBlank}行目から）`);
    const totals = [...table.above, ...(seen.total === null ? [] : [seen.total])];
    yield { rows: [], errors: totals.flatMap((record) => compareTotal(record, seen.rows, options)) };
  } finally {
    await table.close();
  }
}

const JAPAN = 9 * 3_600_000;

function todayInJapan(): LocalDate {
  return new Date(Date.now() + JAPAN).toISOString().slice(0, 10) as LocalDate;
}

/** What has been read of a file so far. */
interface Seen {
  /** Rows of data, those at fault too. */
  rows: number;
  blank: number;
  firstBlank: number;
  /** A row that says a control total: the last of the file, or data that looks like one. */
  total: CsvRecord | null;
}

function readRows<T, Name extends string>(
  batch: readonly CsvRecord[],
  row: Row<Name>,
  parse: (row: Row<Name>) => T,
  seen: Seen,
): IntakeRows<T> {
  const rows: { line: number; value: T }[] = [];
  const errors: RowError[] = [];
  const read = (record: CsvRecord): void => {
    seen.rows += 1;
    row.take(record);
    if (row.isReadable()) {
      const value = parse(row);
      if (!row.hasErrors()) {
        rows.push({ line: row.line, value });
        return;
      }
    }
    errors.push(...row.takeErrors());
  };
  for (const record of batch) {
    if (isBlank(record)) {
      seen.blank += 1;
      seen.firstBlank ||= record.line;
      continue;
    }
    if (seen.total !== null) {
      read(seen.total);
      seen.total = null;
    }
    if (mayBeTotal(record) && controlTotal(record.fields) !== null) seen.total = record;
    else read(record);
  }
  return { rows, errors };
}

/** Rows of data begin with a 記号 or a number; asked of every row. */
function mayBeTotal({ fields }: CsvRecord): boolean {
  const first = fields[0] ?? '';
  return first === '' || first.charCodeAt(0) > 0x7f || (first.charCodeAt(0) < 0x30 && first.charCodeAt(0) !== 0x22);
}

function compareTotal(record: CsvRecord, read: number, options: IntakeOptions): RowError[] {
  const said = controlTotal(record.fields);
  if (said === null) return [];
  options.onNote?.(`件数の行（${record.line}行目）を読みました`);
  if (options.onControlTotal) options.onControlTotal(said, read);
  else if (said !== read)
    return [
      { line: record.line, column: '', code: 'row-count', expected: `${said}行（読んだのは${read}行）`, key: '' },
    ];
  return [];
}

/** A row of separators alone, as spreadsheets leave below their data. */
function isBlank({ fields, fault }: CsvRecord): boolean {
  const first = fields[0] ?? '';
  return fault === null && (first === '' || first.trim() === '') && fields.every((cell) => cell.trim() === '');
}

interface Header {
  /** As in the file, or by place where a name is not fit to be repeated. */
  readonly names: readonly string[];
  /** Canonical header → place. */
  readonly places: ReadonlyMap<string, number>;
  readonly unknownColumns: readonly string[];
}

function readHeader(record: CsvRecord, columns: readonly Column[], map: ColumnMap): Header {
  const given = headerCells(record);
  const where = `（${record.line}行目）`;
  if (record.fault || given.some((name) => UNREADABLE.test(name))) {
    const isBroken = given.some((name) => name.includes('\r'));
    const why = isBroken ? '改行がCRだけのファイルです（古いMac形式）。' : '';
    throw new IntakeFault('unreadable-header', `見出しが読めません${where}。${why}${FILE_FORM}`);
  }
  const known = new Set(columns.map((column) => column.name));
  const places = new Map<string, number>();
  const unknownColumns: string[] = [];
  const names = given.map(fitToRepeat);
  for (const [place, name] of given.entries()) {
    const canonical = canonicalName(name, map);
    if (!known.has(canonical)) unknownColumns.push(names[place] ?? '');
    else if (places.has(canonical)) {
      throw new IntakeFault('duplicate-column', `見出し「${canonical}」が二つあります${where}。`);
    } else places.set(canonical, place);
  }
  const missing = columns.filter((column) => column.required && !places.has(column.name)).map((column) => column.name);
  if (missing.length > 0) {
    const hint = places.size === 0 ? '見出しが1行目にあるか、区切りがカンマかを確かめてください。' : '';
    throw new IntakeFault('missing-column', `必須の見出しがありません：${missing.join('、')}${where}${hint}`);
  }
  return { names, places, unknownColumns };
}

const canonicalName = (name: string, map: ColumnMap): string => (Object.hasOwn(map, name) ? (map[name] ?? name) : name);

const FILE_FORM = 'カンマ区切りのCSV（UTF-8またはCP932、改行はCRLFまたはLF）が必要です。';
const MAX_HEADER = 40;

/** A header that holds a number, is empty or is too long may be data: messages name it by its place alone. */
function fitToRepeat(name: string, place: number): string {
  return name === '' || name.length > MAX_HEADER || holdsIndividualNumber(name) ? `（${place + 1}列目）` : name;
}

const KEY_COLUMNS = ['記号', '番号', '枝番'] as const;
const SYMBOL = /^[0-9０-９ァ-ヺーｦ-ﾟぁ-ゖ]{1,8}$/;
const NUMBER = /^\d{1,15}$/;
const SUB_NUMBER = /^\d{2}$/;
// oxlint-disable-next-line no-control-regex -- finding them is the point
const UNREADABLE = /[\u0000-\u001f\u007f-\u009f\ufffd]/;

/** Columns of words, across whose borders an individual number may be split. Of the contract, and of others by their header. */
const FREE_TEXT = /氏名|カナ|住所|方書|所在地|名称|旧姓|理由|備考|メモ|摘要|特記|コメント/;

/** The row at hand: cells by column, and what is wrong with them. One instance serves a whole file. */
export class Row<Name extends string> {
  line = 0;
  #fields: readonly string[] = [];
  #fault: CsvRecord['fault'] = null;
  #isCut = false;
  #errors: RowError[] = [];
  readonly #places: ReadonlyMap<string, number>;
  readonly #names: readonly string[];
  readonly #limits: ReadonlyMap<string, number>;
  /** Cells a row needs at least: behind them all are optional. */
  readonly #least: number;
  readonly #isText: readonly boolean[];
  readonly #latest: Readonly<Record<DayKind, LocalDate>>;
  /** Of a workbook: errors name the cell, too. */
  readonly #hasAddresses: boolean;

  constructor(
    columns: readonly Column[],
    { names, places }: Pick<Header, 'names' | 'places'>,
    today: LocalDate,
    hasAddresses: boolean,
  ) {
    this.#hasAddresses = hasAddresses;
    this.#names = names;
    this.#places = places;
    this.#limits = new Map(columns.map((column) => [column.name, column.limit]));
    this.#least = Math.max(0, ...columns.filter((own) => own.required).map((own) => (places.get(own.name) ?? 0) + 1));
    const canonical = new Map([...places].map(([name, place]) => [place, name]));
    this.#isText = names.map((name, place) => FREE_TEXT.test(canonical.get(place) ?? name));
    const latest = (kind: DayKind): LocalDate => latestDay(kind, today);
    this.#latest = { birth: today, event: latest('event'), loss: latest('loss'), expiry: latest('expiry') };
  }

  take({ line, fields, fault, isUnended }: CsvRecord): void {
    this.line = line;
    this.#fault = fault;
    this.#errors = [];
    // Spreadsheets leave out the last cells of a row where they are empty. A last line without its newline may have been cut.
    const isShort = fields.length < this.#names.length && fields.length >= this.#least;
    this.#isCut = isUnended === true && fields.length < this.#names.length;
    this.#fields = isShort && !this.#isCut ? this.#names.map((_, place) => fields[place] ?? '') : fields;
  }

  /** Whether the cells may be looked at: structure first, and never a row that holds an individual number. */
  isReadable(): boolean {
    if (this.#fault !== null) {
      if (this.#fault === 'quote') this.report(null, 'unclosed-quote', '" で囲み、中の " は "" とした項目');
      else this.report(null, 'too-long', `1行${MAX_RECORD}文字まで`);
      return false;
    }
    this.#findNumbers();
    if (this.#errors.length === 0 && this.#fields.length !== this.#names.length) {
      const why = this.#isCut ? '。ファイルの終わりが切れているようです' : '';
      this.report(null, 'column-count', `${this.#names.length}列（この行は${this.#fields.length}列${why}）`);
    }
    return this.#errors.length === 0;
  }

  /** Individual numbers of the row: in a cell, or split over neighbouring cells of words. */
  #findNumbers(): void {
    const fields = this.#fields;
    let digits = 0;
    for (let place = 0; place < fields.length; place++) {
      const cell = fields[place] as string;
      const own = cell === '' ? 0 : countDigits(cell);
      if (own >= 12 && holdsIndividualNumber(cell)) this.#reportAt(place, 'individual-number', NO_NUMBER);
      if (this.#isText[place] !== true) digits = 0;
      else if (own > 0) {
        digits += own;
        if (digits > own && digits >= 12 && splitsIndividualNumber(this.#wordsUpTo(place)))
          this.#reportAt(place, 'individual-number', NO_NUMBER);
      }
    }
  }

  /** The cell of words at a place and its neighbours before it. */
  #wordsUpTo(place: number): readonly string[] {
    let first = place;
    while (first > 0 && this.#isText[first - 1] === true) first -= 1;
    return this.#fields.slice(first, place + 1);
  }

  /** Errors of rows that are not read, where they hold an individual number. */
  numbersIn(records: readonly CsvRecord[]): RowError[] {
    return records.flatMap((record) => {
      this.take(record);
      this.#findNumbers();
      return this.#errors;
    });
  }

  /** Whether anything was reported of the row, or of one column. */
  hasErrors(name?: Name): boolean {
    if (name === undefined || this.#errors.length === 0) return this.#errors.length > 0;
    const column = this.#names[this.#places.get(name) ?? -1] ?? name;
    return this.#errors.some((error) => error.column === column);
  }

  takeErrors(): RowError[] {
    return this.#errors;
  }

  /** Adds an error of a column (null = the whole row). */
  report(column: Name | null, code: RowErrorCode, expected: string): void {
    this.#reportAt(column === null ? undefined : this.#places.get(column), code, expected, column ?? '');
  }

  #reportAt(place: number | undefined, code: RowErrorCode, expected: string, canonical = ''): void {
    const column = place === undefined ? canonical : (this.#names[place] ?? '');
    const cell = this.#hasAddresses && place !== undefined ? `　セル ${columnLetters(place + 1)}${this.line}` : '';
    this.#errors.push({ line: this.line, column, code, expected: expected + cell, key: this.#key() });
  }

  /** 記号-番号-枝番 of a person, 記号 of a workplace. */
  #key(): string {
    if (this.#fields.length !== this.#names.length) return '';
    const names = KEY_COLUMNS.filter((name) => this.#places.has(name));
    const parts = names.map((name) => this.#raw(name));
    const isKey = parts.every((part, i) => (i === 0 ? SYMBOL : NUMBER).test(part) && !holdsIndividualNumber(part));
    return isKey ? parts.join('-') : '';
  }

  /** The cell as it is meant; '' where the column or the cell is empty. */
  #raw(name: string): string {
    const place = this.#places.get(name);
    return place === undefined ? '' : plainCell(this.#fields[place] as string);
  }

  /** A cell of words; '' where the column or the cell is empty. Reports what no text may hold. */
  text(name: Name): string {
    const value = this.#raw(name);
    if (value === '') return '';
    if (UNREADABLE.test(value)) this.#reportUnreadable(name, value);
    const why = whyNoValue(value);
    if (why !== null) this.report(name, why, NO_VALUE[why]);
    const limit = this.#limits.get(name) ?? 0;
    if (value.length > limit) this.report(name, 'too-long', `${limit}文字まで`);
    return value;
  }

  #reportUnreadable(name: Name, value: string): void {
    if (UNREADABLE.test(value.replaceAll(/[\r\n]/g, '')))
      this.report(name, 'character', '文字コードどおりに読める文字だけ（制御文字なし）');
    else this.report(name, 'line-break', '改行のない値（Excelではセルの中のAlt+Enterを消す）');
  }

  required(name: Name): string {
    const value = this.text(name);
    if (value === '') this.report(name, 'required', '空でない値');
    return value;
  }

  /** A required date; a wrong one is reported and stands in as the earliest. */
  date(name: Name, kind: DayKind = 'event'): LocalDate {
    const before = this.#errors.length;
    const date = this.optionalDate(name, kind);
    if (date === null && this.#errors.length === before) this.report(name, 'required', DATE_FORMS);
    return date ?? NO_DATE;
  }

  /** A date, or null where the cell is empty or says that there is none (00000000, 9999-12-31). */
  optionalDate(name: Name, kind: DayKind = 'event'): LocalDate | null {
    const value = this.#raw(name);
    if (value === '') return null;
    const date = parseDate(value);
    if (date !== null && date <= this.#latest[kind]) return date;
    if (isNoDay(value)) return null;
    const why = whyNoValue(value);
    if (date !== null) this.report(name, 'date-impossible', `${this.#latest[kind]} までの日付`);
    else if (why !== null) this.report(name, why, NO_VALUE[why]);
    else this.report(name, 'date', SERIAL.test(value) ? `${DATE_FORMS}${SERIAL_HINT}` : DATE_FORMS);
    return null;
  }

  /** Reports days of a life that contradict each other; the names of their columns as the file has them. */
  checkLife(
    life: Parameters<typeof contradictions>[0],
    names: Readonly<Record<'bornOn' | 'acquiredOn' | 'lostOn', Name>>,
  ): void {
    if (this.#errors.length > 0) return;
    for (const { day, notBefore } of contradictions(life))
      this.report(names[day], 'date-impossible', `${names[notBefore]}以後の日付`);
  }

  /** One of the codes; `fallback` where empty, and where null an empty cell is an error. */
  code<T>(name: Name, codes: Readonly<Record<string, T>>, fallback: T | null): T {
    const value = this.#raw(name);
    if (value === '' && fallback !== null) return fallback;
    const found = codeIn(codes, value);
    if (found !== undefined) return found;
    const expected = Object.keys(codes).join('・');
    this.report(name, value === '' ? 'required' : (whyNoValue(value) ?? 'code'), `${expected} のどれか`);
    return fallback ?? (Object.values(codes)[0] as T);
  }

  holdsOneOf(name: Name, codes: Readonly<Record<string, unknown>>): boolean {
    return codeIn(codes, this.#raw(name)) !== undefined;
  }

  flag(name: Name, fallback = false): boolean {
    return this.code(name, FLAGS, fallback);
  }

  personKey(names: { symbol: Name; number: Name; subNumber: Name }): PersonKey {
    return {
      symbol: this.symbol(names.symbol),
      number: this.#shaped(names.number, NUMBER, 'digits', '数字（15桁まで）'),
      subNumber: this.#shaped(names.subNumber, SUB_NUMBER, 'sub-number', '2桁の数字（00 = 本人）'),
    };
  }

  symbol(name: Name): string {
    return this.#shaped(name, SYMBOL, 'symbol', '数字または仮名で1〜8文字');
  }

  /** A required cell of one shape. */
  #shaped(name: Name, shape: RegExp, code: RowErrorCode, expected: string): string {
    const value = this.#raw(name);
    if (value === '') this.report(name, 'required', expected);
    else if (!shape.test(value)) this.report(name, whyNoValue(value) ?? code, expected);
    return value;
  }

  /**
   * A postal code as digits: hyphens, spaces and 〒 are left out, full-width digits become half-width. What is then no
   * postal code is no error of the row; it stays, for the warnings to list.
   */
  postalCode(name: Name): string {
    const value = this.text(name);
    return /^\d{7}$/.test(value) ? value : toAsciiDigits(value).replaceAll(/[\s〒‐−－ー-]|\.0$/g, '');
  }

  /** An address, or null where its line is empty. */
  address(names: { postalCode: Name; line: Name; building: Name }): Address | null {
    const line = this.text(names.line);
    const given = this.text(names.building);
    const building = isNoBuilding(given) ? '' : given;
    const postalCode = this.postalCode(names.postalCode);
    return line.trim() === '' ? null : { postalCode, line, building };
  }
}

/** A code as it stands, or in full-width digits. */
function codeIn<T>(codes: Readonly<Record<string, T>>, value: string): T | undefined {
  if (Object.hasOwn(codes, value)) return codes[value];
  const ascii = toAsciiDigits(value);
  return ascii !== value && Object.hasOwn(codes, ascii) ? codes[ascii] : undefined;
}

const NO_NUMBER = '個人番号を含まない値';
const NO_VALUE = {
  'not-a-value': '実際の値（数式の誤りを直すか、値がなければ空にする）',
  exponent: '全部の桁（Excelではセルの表示形式を「文字列」にしてから入れ直す）',
} as const;
const SERIAL = /^[2-7]\d{4}(?:\.\d+)?$/;
const SERIAL_HINT = '。Excelの日付の番号のようです（セルの表示形式を「日付」にして保存し直す）';
const DATE_FORMS = '実在する日付（2024-04-01、20240401、2024/4/1、令和6年4月1日、R6.4.1、9-060401）';

/** Stands where a date was wrong; the row's error keeps it from being stored. */
const NO_DATE = '1868-01-25' as LocalDate;
const FLAGS = { '0': false, '1': true } as const;
