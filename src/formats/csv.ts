// Room: formats. RFC 4180, both ways, streaming. The line number of a record is the physical line on which it begins,
// as the clerk sees it in the file.
import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { readBlocks } from './content-hash.ts';
import { decoderOf, encodeCp932 } from './encoding.ts';
import type { Encoding, InputEncoding, Unencodable } from './encoding.ts';

export interface CsvRecord {
  /** Physical line on which the record begins, from 1. */
  readonly line: number;
  /** Empty where the record has a fault. */
  readonly fields: readonly string[];
  /** `quote`: a quote not closed, or closed in the middle of a field. `length`: a line longer than `MAX_RECORD`. */
  readonly fault: 'quote' | 'length' | null;
  /** The last line of a file that ends without a newline: it may have been cut. */
  readonly isUnended?: true;
}

/** What parts the cells of a line. */
export type Separator = ',' | '\t' | ';';

/** Characters of a record at most; what is longer is a quote that nobody closed, or no CSV. */
export const MAX_RECORD = 1 << 16;

const BLOCK_BYTES = 1 << 14;

/**
 * Reads a CSV file in batches of records; blank lines are passed over, and so is the end mark (0x1A) of old hosts. A record with a fault is its first line alone,
 * and reading goes on at the next line: a stray quote never takes the rows behind it along.
 *
 * @param onBytes called with the bytes read so far.
 */
export async function* readCsv(
  path: string,
  encoding: InputEncoding,
  onBytes: (bytes: number) => void = () => undefined,
  separator: Separator = ',',
): AsyncIterable<CsvRecord[]> {
  const decoder = decoderOf(encoding);
  let at: Place = { rest: '', line: 1, skips: false };
  let bytes = 0;
  for await (const data of readBlocks(path, BLOCK_BYTES)) {
    bytes += data.length;
    const records: CsvRecord[] = [];
    at = cutRecords(records, decoder.decode(data, { stream: true }), at, false, separator);
    onBytes(bytes);
    if (records.length > 0) yield records;
  }
  const last: CsvRecord[] = [];
  const rest = `${at.rest}${decoder.decode()}`.replace(END_MARK, '');
  cutRecords(last, '', { ...at, rest }, true, separator);
  if (last.length > 0) yield last;
}

/** 0x1A, which the decoder of Shift_JIS takes for U+001C. */
// oxlint-disable-next-line no-control-regex -- finding it is the point
const END_MARK = /[\u001a\u001c]+$/;

/** Between two blocks: the text not yet cut, its line, and whether it is the tail of a line that was too long. */
interface Place {
  readonly rest: string;
  readonly line: number;
  readonly skips: boolean;
}

/** Cuts all whole records off the front of the text; at the end of the file also the last, newline or not. */
function cutRecords(records: CsvRecord[], block: string, place: Place, atEnd: boolean, separator: Separator): Place {
  const text = place.rest + block;
  let { line } = place;
  let from = 0;
  if (place.skips) {
    from = text.indexOf('\n') + 1;
    if (from === 0) return { rest: '', line, skips: true };
    line += 1;
  }
  let quote = text.indexOf('"', from);
  while (from < text.length) {
    const newline = text.indexOf('\n', from);
    if (newline < 0 && !atEnd && text.length - from <= MAX_RECORD) break;
    const end = newline < 0 ? text.length : newline;
    if (quote >= 0 && quote < from) quote = text.indexOf('"', from);
    let next = end + 1;
    if (end - from > MAX_RECORD) {
      records.push({ line, fields: [], fault: 'length' });
      if (newline < 0) return { rest: '', line, skips: true };
    } else if (quote < 0 || quote > end) {
      // The common line: no quote in it, so every separator parts two fields.
      const stop = end > from && text.charCodeAt(end - 1) === CR ? end - 1 : end;
      if (stop > from && !isEndMark(text, from, stop)) {
        const fields = text.slice(from, stop).split(separator);
        records.push(newline < 0 ? { line, fields, fault: null, isUnended: true } : { line, fields, fault: null });
      }
    } else {
      const quoted = parseQuoted(text, from, atEnd, separator);
      if (quoted === 'more') break;
      if (quoted === 'fault') records.push({ line, fields: [], fault: 'quote' });
      else {
        records.push({ line, fields: quoted.fields, fault: null });
        line += countNewlines(text, from, quoted.next - 1);
        next = quoted.next;
      }
    }
    from = next;
    line += 1;
  }
  return { rest: text.slice(from), line, skips: false };
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;

/** A line of nothing but the end mark: before the newline that an editor has put behind it. */
function isEndMark(text: string, from: number, stop: number): boolean {
  const c = text.charCodeAt(from);
  return stop === from + 1 && (c === 0x1a || c === 0x1c);
}

/** One record with quoted fields; `more` where it may go on behind the text. */
function parseQuoted(
  text: string,
  start: number,
  atEnd: boolean,
  separator: Separator,
): { fields: string[]; next: number } | 'more' | 'fault' {
  const fields: string[] = [];
  const comma = separator.charCodeAt(0);
  const unfinished = atEnd || text.length - start > MAX_RECORD ? 'fault' : 'more';
  let at = start;
  for (;;) {
    let field: string;
    if (text.charCodeAt(at) === QUOTE) {
      const close = closingQuote(text, at + 1);
      if (close < 0) return unfinished;
      field = text.slice(at + 1, close);
      if (field.includes('"')) field = field.replaceAll('""', '"');
      at = close + 1;
      if (text.charCodeAt(at) === CR && text.charCodeAt(at + 1) !== comma) at += 1;
    } else {
      const stop = nextStop(text, at, comma);
      const isLast = text.charCodeAt(stop) !== comma;
      field = text.slice(at, isLast && stop > at && text.charCodeAt(stop - 1) === CR ? stop - 1 : stop);
      at = stop;
    }
    if (at >= text.length && !atEnd) return unfinished;
    if (at - start > MAX_RECORD) return 'fault';
    fields.push(field);
    if (at >= text.length || text.charCodeAt(at) === LF) return { fields, next: at + 1 };
    if (text.charCodeAt(at) !== comma) return 'fault';
    at += 1;
  }
}

/** Index of the quote that ends a field; doubled quotes are passed over. -1 = none. */
function closingQuote(text: string, from: number): number {
  let close = text.indexOf('"', from);
  while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
  return close;
}

function nextStop(text: string, from: number, comma: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === comma || c === LF) return i;
  }
  return text.length;
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** One CSV line, CRLF included; quotes only where they are needed. */
export function csvLine(fields: readonly (string | number)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/**
 * One CSV line for a person's spreadsheet: a cell that would be run as a formula (= + - @, tab, CR, LF first) is text. Not for
 * files that programs read: there the cells stay as they are.
 */
export function harmlessCsvLine(fields: readonly (string | number)[]): string {
  return csvLine(
    fields.map((value) => (typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value)),
  );
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface Located {
  readonly line: number;
  readonly column: number;
  readonly codePoint: number;
}

/** What a file that has been written is. */
export interface WrittenFile {
  readonly byteCount: number;
  readonly sha256: string;
  /** Characters CP932 could not hold, by line and column (from 1) of the file. */
  readonly unencodable: readonly Located[];
}

/** Writes a text file aside (`.part`) and renames it when it is whole; hash and length are counted on the way. */
export class TextFileWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #encoding: Encoding;
  readonly #hash = createHash('sha256');
  readonly #unencodable: Located[] = [];
  #pending = '';
  #line = 1;
  #bytes = 0;

  private constructor(path: string, file: FileHandle, encoding: Encoding, bom: boolean) {
    this.#path = path;
    this.#file = file;
    this.#encoding = encoding;
    if (encoding === 'utf-8' && bom) this.#pending = '\ufeff';
  }

  /** Begins a file; a UTF-8 file begins with a BOM unless `bom` is false (JSON has none). */
  static async create(path: string, encoding: Encoding = 'utf-8', { bom = true } = {}): Promise<TextFileWriter> {
    return new TextFileWriter(path, await open(`${path}.part`, 'w'), encoding, bom);
  }

  /** Adds text that ends with a newline. */
  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= 1 << 18) await this.#flush();
  }

  async #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    const bytes = this.#encoding === 'utf-8' ? Buffer.from(text) : this.#encodeCp932(text);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    // Not write(), which may write less than it was given.
    await this.#file.writeFile(bytes);
  }

  #encodeCp932(text: string): Uint8Array {
    const { bytes, unencodable } = encodeCp932(text);
    this.#line = locate(text, unencodable, this.#line, this.#unencodable);
    return bytes;
  }

  /** Makes the file appear under its name, whole; where that fails nothing stays. */
  async finish(): Promise<WrittenFile> {
    try {
      await this.#flush();
      await this.#file.sync();
      await this.#file.close();
      await rename(`${this.#path}.part`, this.#path);
    } catch (error) {
      await this.abandon();
      throw error;
    }
    return { byteCount: this.#bytes, sha256: this.#hash.digest('hex'), unencodable: this.#unencodable };
  }

  /** Leaves nothing behind; a file that has its name keeps it. */
  async abandon(): Promise<void> {
    await this.#file.close();
    await rm(`${this.#path}.part`, { force: true });
  }
}

/** Line and column of characters in whole lines of CSV, in one pass; returns the line behind the text. */
function locate(text: string, characters: readonly Unencodable[], firstLine: number, into: Located[]): number {
  let line = firstLine;
  let column = 1;
  let inQuotes = false;
  let next = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (characters[next]?.index === i) into.push({ line, column, codePoint: characters[next++]?.codePoint ?? 0 });
    if (c === QUOTE) inQuotes = !inQuotes;
    else if (c === COMMA && !inQuotes) column += 1;
    else if (c === LF) {
      line += 1;
      if (!inQuotes) column = 1;
    }
  }
  return line;
}
