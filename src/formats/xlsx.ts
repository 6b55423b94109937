// Room: formats. The first visible sheet of an Excel workbook (.xlsx) as rows of text, each cell as it is seen in Excel: a thin
// reader over the archive and its XML (docs/decisions/020). Formulas are read by the value Excel has kept for them.
import { openAsBlob } from 'node:fs';
import { BlobReader, ZipReader, configure } from '@zip.js/zip.js';
import type { Entry, FileEntry } from '@zip.js/zip.js';
import { Parser } from 'saxen';
import type { CsvRecord } from './csv.ts';

configure({ useWebWorkers: false });

/** Most characters a part of a workbook may unpack to, rows of a sheet (Excel's own limit), and columns that are read. */
const MAX_PART = 200_000_000;
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 1_000;
const BATCH = 1_000;

/** Why a file is no workbook that can be read: in Japanese. */
export class WorkbookFault extends Error {}

export interface Sheet {
  readonly rows: readonly CsvRecord[];
  /** How it was read where that is not plain: in Japanese, without a value. */
  readonly notes: readonly string[];
}

/** Reads the first visible sheet. @throws WorkbookFault */
export async function readSheet(path: string): Promise<Sheet> {
  const parts = await openParts(path);
  const book = parseBook(await parts.text('xl/workbook.xml'));
  const visible = book.sheets.filter((sheet) => sheet.isVisible);
  const [first] = visible;
  if (!first) throw new WorkbookFault('Excelブックに、見えているシートがありません。');
  const targets = parseRelations(await parts.text('xl/_rels/workbook.xml.rels'));
  const place = (type: string): string | undefined => targets.find((target) => target.type.endsWith(type))?.path;
  const sheetPath = targets.find((target) => target.id === first.relation)?.path;
  if (sheetPath === undefined) throw new WorkbookFault(BROKEN);
  const strings = place('/sharedStrings');
  const styles = place('/styles');
  const texts = strings === undefined ? [] : parseStrings(await parts.text(strings));
  const formats = styles === undefined ? [] : parseFormats(await parts.text(styles));
  const sheet = new SheetReader(texts, formats, book.is1904);
  parse(await parts.text(sheetPath), sheet.handlers);
  const notes = ['Excelブックとして読みました', ...sheet.notes()];
  if (visible.length > 1) notes.push(`最初のシートだけを読みました（見えているシートは${visible.length}）`);
  return { rows: sheet.rows, notes };
}

/** Rows in batches, as the reader of CSV gives them. */
export async function* inBatches(rows: readonly CsvRecord[]): AsyncIterable<CsvRecord[]> {
  for (let at = 0; at < rows.length; at += BATCH) yield rows.slice(at, at + BATCH);
}

const BROKEN = 'Excelブックが壊れているか、読める形ではありません。Excelで開き、「名前を付けて保存」し直してください。';

interface Parts {
  /** The text of a part. */
  text(name: string): Promise<string>;
}

async function openParts(path: string): Promise<Parts> {
  const reader = new ZipReader(new BlobReader(await openAsBlob(path)));
  const entries: Entry[] = await reader.getEntries().catch(() => {
    throw new WorkbookFault(BROKEN);
  });
  const files = new Map(entries.filter((entry): entry is FileEntry => !entry.directory).map((e) => [e.filename, e]));
  if (!files.has('xl/workbook.xml')) throw new WorkbookFault(otherArchive(new Set(files.keys())));
  return { text: async (name) => unpack(files.get(name.replace(/^\//, ''))) };
}

/** What another archive is, and what to do. */
function otherArchive(files: ReadonlySet<string>): string {
  if (files.has('xl/workbook.bin')) return `バイナリ形式（.xlsb）のExcelブックです。${SAVE_AS_XLSX}`;
  if (files.has('content.xml')) return `OpenDocument（.ods）の表です。${SAVE_AS_XLSX}`;
  if (files.has('word/document.xml')) return 'Wordの文書です。もとの表をCSVで保存したファイルを使ってください。';
  return 'ZIPファイルです。中のファイルを取り出し、一つずつ取り込んでください。';
}

const SAVE_AS_XLSX =
  '開いて「名前を付けて保存」でファイルの種類を「Excelブック（.xlsx）」か「CSV UTF-8（コンマ区切り）」にして保存してください。';

/** Unpacks a part, and stops where it grows beyond what a sheet can hold, whatever the archive says of its size. */
async function unpack(entry: FileEntry | undefined): Promise<string> {
  if (entry === undefined) throw new WorkbookFault(BROKEN);
  const tooLarge = new WorkbookFault('Excelブックが大きすぎます。CSV UTF-8で保存したファイルを使ってください。');
  if (entry.uncompressedSize > MAX_PART) throw tooLarge;
  const decoder = new TextDecoder();
  const texts: string[] = [];
  let size = 0;
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      size += chunk.length;
      if (size > MAX_PART) throw tooLarge;
      texts.push(decoder.decode(chunk, { stream: true }));
    },
  });
  await entry.getData(sink).catch((error: unknown) => {
    throw error === tooLarge ? tooLarge : new WorkbookFault(BROKEN);
  });
  return texts.join('') + decoder.decode();
}

interface Handlers {
  open(name: string, attributes: () => Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Walks through XML; element names come without their prefix. */
function parse(xml: string, handlers: Handlers): void {
  const parser = new Parser();
  const local = (name: string): string => name.slice(name.indexOf(':') + 1);
  parser.on('openTag', (name, attributes, decode) =>
    handlers.open(local(name), () => Object.fromEntries(Object.entries(attributes()).map(([k, v]) => [k, decode(v)]))),
  );
  parser.on('closeTag', (name) => handlers.close?.(local(name)));
  parser.on('text', (text, decode) => handlers.text?.(decode(text)));
  parser.on('cdata', (text) => handlers.text?.(text));
  parser.on('error', () => {
    throw new WorkbookFault(BROKEN);
  });
  parser.parse(xml);
}

interface Booklet {
  readonly sheets: readonly { readonly relation: string; readonly isVisible: boolean }[];
  readonly is1904: boolean;
}

function parseBook(xml: string): Booklet {
  const sheets: { relation: string; isVisible: boolean }[] = [];
  let is1904 = false;
  parse(xml, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = ['1', 'true'].includes(attributes()['date1904'] ?? '');
      if (name !== 'sheet') return;
      const { state, ...own } = attributes();
      sheets.push({ relation: own['r:id'] ?? '', isVisible: state === undefined || state === 'visible' });
    },
  });
  return { sheets, is1904 };
}

function parseRelations(xml: string): { id: string; type: string; path: string }[] {
  const found: { id: string; type: string; path: string }[] = [];
  parse(xml, {
    open(name, attributes) {
      if (name !== 'Relationship') return;
      const { Id: id = '', Type: type = '', Target: target = '' } = attributes();
      found.push({ id, type, path: target.startsWith('/') ? target.slice(1) : `xl/${target}` });
    },
  });
  return found;
}

/** Shared strings, without the furigana that Excel keeps beside them (rPh). */
function parseStrings(xml: string): string[] {
  const strings: string[] = [];
  const words = new Words();
  parse(xml, {
    open(name) {
      if (name === 'si') words.begin();
      words.open(name);
    },
    text: (text) => words.add(text),
    close(name) {
      words.close(name);
      if (name === 'si') strings.push(unescaped(words.taken));
    },
  });
  return strings;
}

/** What XML cannot hold stands in a text as `_x000D_`, and a text like that as `_x005F_x000D_`. */
function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Text of <t> elements, but for those inside <rPh>. */
class Words {
  taken = '';
  #isText = false;
  #isReading = false;

  begin(): void {
    this.taken = '';
  }

  open(name: string): void {
    if (name === 'rPh') this.#isReading = true;
    this.#isText = name === 't' && !this.#isReading;
  }

  add(text: string): void {
    if (this.#isText) this.taken += text;
  }

  close(name: string): void {
    if (name === 'rPh') this.#isReading = false;
    if (name === 't') this.#isText = false;
  }
}

/** How a cell's number is shown: as a day, filled up with zeros, or as it is. */
type Format = 'day' | 'plain' | { readonly digits: string };

/** Formats that every workbook has without saying so and that show a day: also those of Japanese Excel (27–36, 50–58). */
const isBuiltInDay = (id: number): boolean =>
  (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) || (id >= 50 && id <= 58);

function parseFormats(xml: string): Format[] {
  const codes = new Map<number, string>();
  const formats: Format[] = [];
  let isCells = false;
  parse(xml, {
    open(name, attributes) {
      if (name === 'numFmt') {
        const { numFmtId = '', formatCode = '' } = attributes();
        codes.set(Number(numFmtId), formatCode);
      } else if (name === 'cellXfs') isCells = true;
      else if (name === 'xf' && isCells) {
        const id = Number(attributes()['numFmtId'] ?? '0');
        const code = codes.get(id);
        formats.push(code === undefined ? (isBuiltInDay(id) ? 'day' : 'plain') : formatOf(code));
      }
    },
    close(name) {
      if (name === 'cellXfs') isCells = false;
    },
  });
  return formats;
}

/** What a format of the workbook's own shows. */
export function formatOf(code: string): Format {
  const bare = code.replaceAll(/"[^"]*"|\\.|[_*]./g, (literal) => (literal === '\\-' ? '-' : ''));
  const sections = bare.split(';').map((section) => section.replaceAll(/\[[^\]]*\]/g, '').trim());
  const [first = ''] = sections;
  const digits = sections.findLast((section) => /^[0-]*00[0-]*$/.test(section));
  if (digits !== undefined) return { digits };
  if (/^(?:General|Standard|G\/標準|@)$/i.test(first) || /[#0?]/.test(first)) return 'plain';
  // Years of any kind (y, e, g, r) or a day with its month; hours alone are no day.
  return /[yegr]/i.test(first) || /d/i.test(first) ? 'day' : 'plain';
}

class SheetReader {
  readonly rows: CsvRecord[] = [];
  readonly #strings: readonly string[];
  readonly #formats: readonly Format[];
  readonly #is1904: boolean;
  readonly #words = new Words();
  #line = 0;
  #fields: string[] = [];
  #column = 0;
  #type = 'n';
  #format: Format = 'plain';
  #value = '';
  #isValue = false;
  #hasFormula = false;
  #hiddenRows = 0;
  #hidesColumns = false;
  #merged: string | null = null;
  #mergedCount = 0;

  constructor(strings: readonly string[], formats: readonly Format[], is1904: boolean) {
    this.#strings = strings;
    this.#formats = formats;
    this.#is1904 = is1904;
  }

  readonly handlers: Handlers = {
    open: (name, attributes) => this.#open(name, attributes),
    text: (text) => {
      if (this.#isValue) this.#value += text;
      this.#words.add(text);
    },
    close: (name) => this.#close(name),
  };

  notes(): string[] {
    const notes: string[] = [];
    if (this.#hiddenRows > 0) notes.push(`隠れている行が${this.#hiddenRows}行あります（読みました）`);
    if (this.#hidesColumns) notes.push('隠れている列があります（読みました）');
    if (this.#merged !== null)
      notes.push(`結合したセルが${this.#mergedCount}か所あります（${this.#merged}など。値は左上のセルだけにあります）`);
    return notes;
  }

  #open(name: string, attributes: () => Readonly<Record<string, string>>): void {
    this.#words.open(name);
    if (name === 'row') {
      const { r, hidden } = attributes();
      this.#line = r === undefined ? this.#line + 1 : Number(r);
      this.#fields = [];
      this.#column = 0;
      if (hidden === '1' || hidden === 'true') this.#hiddenRows += 1;
    } else if (name === 'c') {
      const { r, t = 'n', s = '0' } = attributes();
      this.#column = r === undefined ? this.#column + 1 : columnOf(r);
      this.#type = t;
      this.#format = this.#formats[Number(s)] ?? 'plain';
      this.#value = '';
      this.#hasFormula = false;
      this.#words.begin();
    } else if (name === 'v') this.#isValue = true;
    else if (name === 'f') this.#hasFormula = true;
    else if (name === 'col') this.#hidesColumns ||= ['1', 'true'].includes(attributes()['hidden'] ?? '');
    else if (name === 'mergeCell') {
      this.#merged ??= attributes()['ref'] ?? '';
      this.#mergedCount += 1;
    }
  }

  #close(name: string): void {
    this.#words.close(name);
    if (name === 'v') this.#isValue = false;
    else if (name === 'c') this.#endCell();
    else if (name === 'row' && this.#fields.length > 0) {
      if (this.rows.length >= MAX_ROWS) throw new WorkbookFault('Excelブックの行が多すぎます。');
      // Cells that were passed over are empty.
      const fields = Array.from(this.#fields, (cell) => cell ?? '');
      this.rows.push({ line: this.#line, fields, fault: null });
    }
  }

  #endCell(): void {
    const text = this.#text();
    if (text === '' || this.#column < 1) return;
    if (this.#column > MAX_COLUMNS) throw new WorkbookFault('Excelブックの列が多すぎます。');
    this.#fields[this.#column - 1] = text;
  }

  /** The cell as it is seen. A formula without a kept value is as good as an error. */
  #text(): string {
    const value = this.#value;
    if (this.#type === 's') return this.#strings[Number(value)] ?? '';
    if (this.#type === 'inlineStr') return unescaped(this.#words.taken);
    if (value === '') return this.#hasFormula && this.#type !== 'str' ? '#VALUE!' : '';
    if (this.#type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    if (this.#type === 'str') return unescaped(value);
    if (this.#type !== 'n') return value;
    return shownNumber(Number(value), this.#format, this.#is1904) ?? value;
  }
}

/** Column of a cell's address, from 1: of `AB12` 28. */
function columnOf(address: string): number {
  let column = 0;
  for (const c of address) {
    const letter = c.charCodeAt(0) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column;
}

/** Letters of a column, from 1. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

const DAY_MS = 86_400_000;
const EPOCH = Date.UTC(1899, 11, 31);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

/** A number as its cell shows it; null where it is none. */
function shownNumber(value: number, format: Format, is1904: boolean): string | null {
  if (!Number.isFinite(value)) return null;
  if (format === 'day') return shownDay(Math.floor(value), is1904);
  // A number of more digits than Excel keeps was rounded when it was typed: shown as Excel shows it, for the row to be refused.
  if (Math.abs(value) >= 1e15) return value.toExponential().toUpperCase();
  if (typeof format === 'object' && Number.isInteger(value) && value >= 0)
    return filledUp(String(value), format.digits);
  return String(value);
}

/** Excel's days: 1 is 1900-01-01, and 60 a 29 February 1900 that never was. */
function shownDay(serial: number, is1904: boolean): string {
  if (is1904) return iso(EPOCH_1904 + serial * DAY_MS);
  if (serial === 60) return '1900-02-29';
  return iso(EPOCH + (serial > 60 ? serial - 1 : serial) * DAY_MS);
}

const iso = (time: number): string =>
  Number.isFinite(new Date(time).getTime()) ? new Date(time).toISOString().slice(0, 10) : '';

/** Digits in the places of a format's zeros: 600906 in 0000000 is 0600906, in 000-0000 060-0906. */
function filledUp(digits: string, places: string): string {
  const zeros = places.replaceAll('-', '').length;
  const filled = digits.padStart(zeros, '0');
  const lead = filled.slice(0, filled.length - zeros);
  let at = lead.length;
  return lead + [...places].map((place) => (place === '0' ? filled[at++] : place)).join('');
}
