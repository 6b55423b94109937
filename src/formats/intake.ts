// Room: formats. What the three intake files share: headers through the profile's column map, rows checked cell by
// cell with every error named, never a value repeated. Contract: intake-formats.
import { stat } from 'node:fs/promises';
import { parseDate } from '../rules/words/calendar.ts';
import { holdsIndividualNumber, toAsciiDigits } from '../rules/words/check-digits.ts';
import type { ColumnMap } from '../rules/insurer.ts';
import type { PersonKey } from '../rules/words/person-key.ts';
import type { Address } from '../rules/words/address.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { MAX_RECORD, readCsv } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import { detectEncoding } from './encoding.ts';
import type { Encoding } from './encoding.ts';

export type RowErrorCode =
  | 'column-count'
  | 'unclosed-quote'
  | 'required'
  | 'date'
  | 'code'
  | 'digits'
  | 'symbol'
  | 'sub-number'
  | 'relation'
  | 'character'
  | 'too-long'
  | 'check-digit'
  | 'individual-number'
  | 'duplicate-key';

export const ROW_ERROR_LABELS = {
  'column-count': '列の数が見出しと違います',
  'unclosed-quote': '引用符（"）が正しく閉じていません',
  required: '必須の項目が空です',
  date: '日付として読めません',
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

export interface IntakeBatch<T> {
  readonly rows: readonly { readonly line: number; readonly value: T }[];
  readonly errors: readonly RowError[];
}

export interface IntakeOptions {
  /** Forces the encoding; else it is detected. */
  readonly encoding?: Encoding | undefined;
  readonly columns?: ColumnMap | undefined;
  readonly onHeader?: (header: { readonly encoding: Encoding; readonly unknownColumns: readonly string[] }) => void;
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
}

/** The file as a whole cannot be read: nothing of it is stored. */
export class IntakeFault extends Error {
  readonly code: 'empty-file' | 'unreadable-header' | 'missing-column' | 'duplicate-column' | 'no-file';
  constructor(code: IntakeFault['code'], message: string) {
    super(message);
    this.name = 'IntakeFault';
    this.code = code;
  }
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
): AsyncIterable<IntakeBatch<T>> {
  const totalBytes = await sizeOf(path);
  const encoding = options.encoding ?? (await detectEncoding(path));
  let row: Row<Name> | null = null;
  const records = readCsv(path, encoding, (bytes) => options.onProgress?.(bytes, totalBytes));
  for await (const batch of records) {
    let start = 0;
    if (row === null) {
      const header = readHeader(batch[0], columns, options.columns ?? {});
      options.onHeader?.({ encoding, unknownColumns: header.unknownColumns });
      row = new Row(columns, header.names, header.places);
      start = 1;
    }
    yield readRows(batch, start, row, parse);
  }
  if (row === null) throw new IntakeFault('empty-file', 'ファイルが空です。1行目に見出しが必要です。');
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new IntakeFault('no-file', 'ファイルがありません。');
  return found.size;
}

function readRows<T, Name extends string>(
  batch: readonly CsvRecord[],
  start: number,
  row: Row<Name>,
  parse: (row: Row<Name>) => T,
): IntakeBatch<T> {
  const rows: { line: number; value: T }[] = [];
  const errors: RowError[] = [];
  for (let i = start; i < batch.length; i++) {
    row.take(batch[i] as CsvRecord);
    if (row.isReadable()) {
      const value = parse(row);
      if (!row.hasErrors()) {
        rows.push({ line: row.line, value });
        continue;
      }
    }
    errors.push(...row.takeErrors());
  }
  return { rows, errors };
}

interface Header {
  /** As in the file, or by place where a name is not fit to be repeated. */
  readonly names: readonly string[];
  /** Canonical header → place. */
  readonly places: ReadonlyMap<string, number>;
  readonly unknownColumns: readonly string[];
}

function readHeader(record: CsvRecord | undefined, columns: readonly Column[], map: ColumnMap): Header {
  // A line break inside a quoted header is the spreadsheet's look, no part of the name.
  const given = (record?.fields ?? []).map((name) => name.replaceAll(/\r?\n/g, '').trim());
  if (record?.fault || given.some((name) => UNREADABLE.test(name))) {
    throw new IntakeFault('unreadable-header', `見出しが読めません（1行目）。${FILE_FORM}`);
  }
  const known = new Set(columns.map((column) => column.name));
  const places = new Map<string, number>();
  const unknownColumns: string[] = [];
  const names = given.map(fitToRepeat);
  for (const [place, name] of given.entries()) {
    const canonical = Object.hasOwn(map, name) ? (map[name] ?? name) : name;
    if (!known.has(canonical)) unknownColumns.push(names[place] ?? '');
    else if (places.has(canonical)) {
      throw new IntakeFault('duplicate-column', `見出し「${canonical}」が二つあります（1行目）。`);
    } else places.set(canonical, place);
  }
  const missing = columns.filter((column) => column.required && !places.has(column.name)).map((column) => column.name);
  if (missing.length > 0) {
    throw new IntakeFault('missing-column', `必須の見出しがありません：${missing.join('、')}（1行目）`);
  }
  return { names, places, unknownColumns };
}

const FILE_FORM = 'カンマ区切りのCSV（UTF-8またはCP932、改行はCRLFまたはLF）が必要です。';
const MAX_HEADER = 40;

/** A header that holds a number, is empty or is too long to be one may be data: it is told by its place alone. */
function fitToRepeat(name: string, place: number): string {
  return name === '' || name.length > MAX_HEADER || holdsIndividualNumber(name) ? `（${place + 1}列目）` : name;
}

const KEY_COLUMNS = ['記号', '番号', '枝番'] as const;
const SYMBOL = /^[0-9０-９ァ-ヺーｦ-ﾟぁ-ゖ]{1,8}$/;
const NUMBER = /^\d{1,15}$/;
const SUB_NUMBER = /^\d{2}$/;
// oxlint-disable-next-line no-control-regex -- finding them is the point
const UNREADABLE = /[\u0000-\u001f\u007f-\u009f\ufffd]/;

/** The row at hand: cells by column, and what is wrong with them. One instance serves a whole file. */
export class Row<Name extends string> {
  line = 0;
  #fields: readonly string[] = [];
  #fault: CsvRecord['fault'] = null;
  #errors: RowError[] = [];
  readonly #places: ReadonlyMap<string, number>;
  readonly #names: readonly string[];
  readonly #limits: ReadonlyMap<string, number>;

  constructor(columns: readonly Column[], names: readonly string[], places: ReadonlyMap<string, number>) {
    this.#names = names;
    this.#places = places;
    this.#limits = new Map(columns.map((column) => [column.name, column.limit]));
  }

  take(record: CsvRecord): void {
    this.line = record.line;
    this.#fields = record.fields;
    this.#fault = record.fault;
    this.#errors = [];
  }

  /** Whether the cells may be looked at: structure first, and never a row that holds an individual number. */
  isReadable(): boolean {
    if (this.#fault !== null) {
      if (this.#fault === 'quote') this.report(null, 'unclosed-quote', '" で囲み、中の " は "" とした項目');
      else this.report(null, 'too-long', `1行${MAX_RECORD}文字まで`);
      return false;
    }
    for (let place = 0; place < this.#fields.length; place++) {
      if (holdsIndividualNumber(this.#fields[place] ?? ''))
        this.#reportAt(place, 'individual-number', '個人番号を含まない値');
    }
    if (this.#errors.length === 0 && this.#fields.length !== this.#names.length) {
      this.report(null, 'column-count', `${this.#names.length}列（この行は${this.#fields.length}列）`);
    }
    return this.#errors.length === 0;
  }

  hasErrors(): boolean {
    return this.#errors.length > 0;
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
    this.#errors.push({ line: this.line, column, code, expected, key: this.#key() });
  }

  /** 記号-番号-枝番 of a person, 記号 of a workplace. */
  #key(): string {
    if (this.#fields.length !== this.#names.length) return '';
    const names = KEY_COLUMNS.filter((name) => this.#places.has(name));
    const parts = names.map((name) => this.#raw(name));
    const isKey = parts.every((part, i) => (i === 0 ? SYMBOL : NUMBER).test(part) && !holdsIndividualNumber(part));
    return isKey ? parts.join('-') : '';
  }

  #raw(name: string): string {
    const place = this.#places.get(name);
    return place === undefined ? '' : (this.#fields[place] ?? '');
  }

  /** The cell as given; '' where the column or the cell is empty. Reports what no text may hold. */
  text(name: Name): string {
    const value = this.#raw(name);
    if (value === '') return '';
    if (UNREADABLE.test(value)) this.report(name, 'character', '文字コードどおりに読める文字だけ（制御文字なし）');
    const limit = this.#limits.get(name) ?? 0;
    if (value.length > limit) this.report(name, 'too-long', `${limit}文字まで`);
    return value;
  }

  required(name: Name): string {
    const value = this.text(name);
    if (value.trim() === '') this.report(name, 'required', '空でない値');
    return value;
  }

  /** A required date; a wrong one is reported and stands in as the earliest. */
  date(name: Name): LocalDate {
    const value = this.#raw(name);
    if (value.trim() !== '') return this.#parsedDate(name, value) ?? NO_DATE;
    this.report(name, 'required', DATE_FORMS);
    return NO_DATE;
  }

  optionalDate(name: Name): LocalDate | null {
    const value = this.#raw(name);
    return value === '' ? null : this.#parsedDate(name, value);
  }

  #parsedDate(name: Name, value: string): LocalDate | null {
    const date = parseDate(value);
    if (date === null) this.report(name, 'date', DATE_FORMS);
    return date;
  }

  /** One of the codes; `fallback` where empty, and where null an empty cell is an error. */
  code<T>(name: Name, codes: Readonly<Record<string, T>>, fallback: T | null): T {
    const value = this.#raw(name).trim();
    if (value === '' && fallback !== null) return fallback;
    const found = Object.hasOwn(codes, value) ? codes[value] : undefined;
    if (found !== undefined) return found;
    const expected = Object.keys(codes).join('・');
    this.report(name, value === '' ? 'required' : 'code', `${expected} のどれか`);
    return fallback ?? (Object.values(codes)[0] as T);
  }

  holdsOneOf(name: Name, codes: Readonly<Record<string, unknown>>): boolean {
    return Object.hasOwn(codes, this.#raw(name).trim());
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
    if (value.trim() === '') this.report(name, 'required', expected);
    else if (!shape.test(value)) this.report(name, code, expected);
    return value;
  }

  /**
   * A postal code as digits: hyphens, spaces and 〒 are left out, full-width digits become half-width. What is then no
   * postal code is no error of the row; it stays, for the warnings to list.
   */
  postalCode(name: Name): string {
    const value = this.text(name);
    return /^\d{7}$/.test(value) ? value : toAsciiDigits(value).replaceAll(/[\s〒‐−－ー-]/g, '');
  }

  /** An address, or null where its line is empty. */
  address(names: { postalCode: Name; line: Name; building: Name }): Address | null {
    const line = this.text(names.line);
    const building = this.text(names.building);
    const postalCode = this.postalCode(names.postalCode);
    return line.trim() === '' ? null : { postalCode, line, building };
  }
}

const DATE_FORMS = '実在する日付（2024-04-01、20240401、2024/4/1、令和6年4月1日、R6.4.1、9-060401）';

/** Stands where a date was wrong; the row's error keeps it from being stored. */
const NO_DATE = '1868-01-25' as LocalDate;
const FLAGS = { '0': false, '1': true } as const;
