// Room: formats. What the three intake files share: headers through the profile's column map, rows checked cell by
// cell with every error named, never a value repeated. Contract: intake-formats.
import { stat } from 'node:fs/promises';
import { parseDate } from '../rules/calendar.ts';
import { holdsIndividualNumber, toAsciiDigits } from '../rules/check-digits.ts';
import type { ColumnMap } from '../rules/insurer.ts';
import type { Address, LocalDate, PersonKey } from '../rules/member.ts';
import { readCsv } from './csv.ts';
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
  'unclosed-quote': '引用符が閉じていません',
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
  /** 記号-番号-枝番, or '' where it cannot be read. */
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
  readonly code: 'empty-file' | 'missing-column' | 'duplicate-column' | 'no-file';
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

function readHeader(
  record: CsvRecord | undefined,
  columns: readonly Column[],
  map: ColumnMap,
): { names: string[]; places: Map<string, number>; unknownColumns: string[] } {
  const names = (record?.fields ?? []).map((name) => name.trim());
  const places = new Map<string, number>();
  const unknownColumns: string[] = [];
  for (const [place, name] of names.entries()) {
    const canonical = map[name] ?? name;
    if (!columns.some((column) => column.name === canonical)) {
      // A header that may itself hold a number is not repeated.
      unknownColumns.push(holdsIndividualNumber(name) ? `（${place + 1}列目）` : name);
    } else if (places.has(canonical)) {
      throw new IntakeFault('duplicate-column', `見出し「${canonical}」が二つあります。`);
    } else places.set(canonical, place);
  }
  const missing = columns.filter((column) => column.required && !places.has(column.name)).map((column) => column.name);
  if (missing.length > 0) {
    throw new IntakeFault('missing-column', `必須の見出しがありません：${missing.join('、')}（1行目）`);
  }
  return { names, places, unknownColumns };
}

const SYMBOL = /^[0-9０-９ァ-ヺーｦ-ﾟぁ-ゖ]{1,8}$/;
// oxlint-disable-next-line no-control-regex -- finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\ufffd]/;

/** The row at hand: cells by column, and what is wrong with them. One instance serves a whole file. */
export class Row<Name extends string> {
  line = 0;
  #fields: string[] = [];
  #broken = false;
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
    this.#broken = record.broken;
    this.#errors = [];
  }

  /** Whether the cells may be looked at: structure first, and never a row that holds an individual number. */
  isReadable(): boolean {
    if (this.#broken) this.report(null, 'unclosed-quote', '" で閉じた項目');
    const places = this.#fields.flatMap((field, i) => (holdsIndividualNumber(field) ? [i] : []));
    for (const place of places) {
      this.#errors.push({
        line: this.line,
        column: this.#names[place] ?? '',
        code: 'individual-number',
        expected: '個人番号を含まない値',
        key: '',
      });
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
    const place = column === null ? undefined : this.#places.get(column);
    const name = place === undefined ? (column ?? '') : (this.#names[place] ?? '');
    this.#errors.push({ line: this.line, column: name, code, expected, key: this.#key() });
  }

  #key(): string {
    const parts = ['記号', '番号', '枝番'].map((name) => this.#raw(name));
    if (this.#fields.length !== this.#names.length || !SYMBOL.test(parts[0] ?? '')) return '';
    return parts.slice(1).every((part) => /^\d{1,15}$/.test(part)) ? parts.join('-') : '';
  }

  #raw(name: string): string {
    const place = this.#places.get(name);
    return place === undefined ? '' : (this.#fields[place] ?? '');
  }

  /** The cell as given; '' where the column or the cell is empty. Reports what no text may hold. */
  text(name: Name): string {
    const value = this.#raw(name);
    if (value === '') return '';
    if (CONTROL.test(value)) this.report(name, 'character', '文字コードどおりに読める文字だけ（制御文字なし）');
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
    const value = this.required(name);
    return value === '' ? NO_DATE : (this.#parsedDate(name, value) ?? NO_DATE);
  }

  optionalDate(name: Name): LocalDate | null {
    const value = this.#raw(name);
    return value === '' ? null : this.#parsedDate(name, value);
  }

  #parsedDate(name: Name, value: string): LocalDate | null {
    const date = parseDate(value);
    if (date === null)
      this.report(name, 'date', '実在する日付（2024-04-01、20240401、2024/4/1、令和6年4月1日、R6.4.1、9-060401）');
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

  flag(name: Name, fallback = false): boolean {
    return this.code(name, FLAGS, fallback);
  }

  personKey(names: { symbol: Name; number: Name; subNumber: Name }): PersonKey {
    const symbol = this.symbol(names.symbol);
    const number = this.required(names.number);
    if (number !== '' && !/^\d{1,15}$/.test(number)) this.report(names.number, 'digits', '数字（15桁まで）');
    const subNumber = this.required(names.subNumber);
    if (subNumber !== '' && !/^\d{2}$/.test(subNumber))
      this.report(names.subNumber, 'sub-number', '2桁の数字（00 = 本人）');
    return { symbol, number, subNumber };
  }

  symbol(name: Name): string {
    const symbol = this.required(name);
    if (symbol !== '' && !SYMBOL.test(symbol)) this.report(name, 'symbol', '数字または仮名で1〜8文字');
    return symbol;
  }

  /**
   * Digits of a postal code. A malformed one is no error of the row: it stays as written, for the lists of staff.
   * Hyphens and 〒 are left out, full-width digits become half-width.
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

/** Stands where a date was wrong; the row's error keeps it from being stored. */
const NO_DATE = '1868-01-25' as LocalDate;
const FLAGS = { '0': false, '1': true } as const;
