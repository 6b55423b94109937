// Room: formats. RFC 4180, both ways, streaming. The line number of a record is the physical line on which it begins,
// as the clerk sees it in the file.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { decoderOf, encodeCp932 } from './encoding.ts';
import type { Encoding } from './encoding.ts';

export interface CsvRecord {
  /** Physical line on which the record begins, from 1. */
  readonly line: number;
  readonly fields: string[];
  /** True where the file ends, or runs on too long, inside a quoted field. */
  readonly broken: boolean;
}

/** A record longer than this is a quote that nobody closed. */
const MAX_RECORD = 1 << 20;

/**
 * Reads a CSV file in batches of records; blank lines are passed over.
 *
 * @param onBytes called with the bytes read so far.
 */
export async function* readCsv(
  path: string,
  encoding: Encoding,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncIterable<CsvRecord[]> {
  const decoder = decoderOf(encoding);
  let rest = '';
  let line = 1;
  let bytes = 0;
  for await (const data of createReadStream(path, { highWaterMark: 1 << 20 })) {
    bytes += (data as Buffer).length;
    const cut = cutRecords(rest + decoder.decode(data as Buffer, { stream: true }), line, false);
    rest = cut.rest;
    line = cut.line;
    onBytes(bytes);
    if (cut.records.length > 0) yield cut.records;
  }
  const last = cutRecords(rest + decoder.decode(), line, true);
  if (last.records.length > 0) yield last.records;
}

interface Cut {
  readonly records: CsvRecord[];
  readonly rest: string;
  readonly line: number;
}

/** Cuts all whole records off the front of `text`; at the end of the file also the last, newline or not. */
function cutRecords(text: string, firstLine: number, atEnd: boolean): Cut {
  const records: CsvRecord[] = [];
  let line = firstLine;
  let from = 0;
  let quote = text.indexOf('"');
  while (from < text.length) {
    let end = text.indexOf('\n', from);
    if (end < 0) {
      if (!atEnd && text.length - from <= MAX_RECORD) break;
      end = text.length;
    }
    if (quote >= 0 && quote < from) quote = text.indexOf('"', from);
    if (quote < 0 || quote > end) {
      // The common line: no quote in it, so every comma parts two fields.
      const stop = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
      if (stop > from) records.push({ line, fields: text.slice(from, stop).split(','), broken: false });
      from = end + 1;
      line += 1;
      continue;
    }
    const quoted = parseQuoted(text, from, atEnd);
    if (quoted === null) {
      if (text.length - from <= MAX_RECORD) break;
      return { records: [...records, { line, fields: [], broken: true }], rest: '', line };
    }
    records.push({ line, fields: quoted.fields, broken: quoted.broken });
    from = quoted.next;
    line += quoted.lines;
  }
  return { records, rest: text.slice(from), line };
}

/** One record with quoted fields. Null where the text ends inside it and more may come. */
function parseQuoted(
  text: string,
  start: number,
  atEnd: boolean,
): { fields: string[]; next: number; lines: number; broken: boolean } | null {
  const fields: string[] = [];
  let field = '';
  let lines = 0;
  let i = start;
  for (;;) {
    if (text[i] === '"') {
      for (i += 1; ;) {
        const close = text.indexOf('"', i);
        if (close < 0) return atEnd ? { fields, next: text.length, lines: lines + 1, broken: true } : null;
        const part = text.slice(i, close);
        lines += part.split('\n').length - 1;
        field += part;
        i = close + 1;
        if (text[i] !== '"') break;
        field += '"';
        i += 1;
      }
      if (i >= text.length && !atEnd) return null;
    }
    const plain = nextStop(text, i);
    if (plain >= text.length && !atEnd) return null;
    field += text.slice(i, plain);
    if (text[plain] === ',') {
      fields.push(field);
      field = '';
      i = plain + 1;
      continue;
    }
    fields.push(field.endsWith('\r') ? field.slice(0, -1) : field);
    return { fields, next: plain + 1, lines: lines + 1, broken: false };
  }
}

function nextStop(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 44 || c === 10) return i;
  }
  return text.length;
}

/** One CSV line, CRLF included; quotes only where they are needed. */
export function csvLine(fields: readonly (string | number)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a file that has been written is. */
export interface WrittenFile {
  readonly byteCount: number;
  readonly sha256: string;
  /** Characters CP932 could not hold, by line and column (from 1) of the file. */
  readonly unencodable: readonly { readonly line: number; readonly column: number; readonly codePoint: number }[];
}

/** Writes a text file aside (`.part`) and renames it when it is whole; hash and length are counted on the way. */
export class TextFileWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #encoding: Encoding;
  readonly #hash = createHash('sha256');
  readonly #unencodable: { line: number; column: number; codePoint: number }[] = [];
  #pending = '';
  #line = 1;
  #bytes = 0;

  private constructor(path: string, file: FileHandle, encoding: Encoding) {
    this.#path = path;
    this.#file = file;
    this.#encoding = encoding;
    if (encoding === 'utf-8') this.#pending = '\ufeff';
  }

  /** Begins a file; an UTF-8 file begins with a BOM. */
  static async create(path: string, encoding: Encoding = 'utf-8'): Promise<TextFileWriter> {
    return new TextFileWriter(path, await open(`${path}.part`, 'w'), encoding);
  }

  /** Adds text that ends with a newline. */
  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= 1 << 18) await this.#flush();
  }

  async #flush(): Promise<void> {
    const bytes = this.#encoding === 'utf-8' ? Buffer.from(this.#pending) : this.#encodeCp932(this.#pending);
    this.#pending = '';
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#file.write(bytes);
  }

  #encodeCp932(text: string): Uint8Array {
    const { bytes, unencodable } = encodeCp932(text);
    for (const { index, codePoint } of unencodable) {
      const before = text.slice(0, index);
      const lineStart = before.lastIndexOf('\n') + 1;
      const line = this.#line + before.split('\n').length - 1;
      const column = before.slice(lineStart).split(',').length;
      this.#unencodable.push({ line, column, codePoint });
    }
    this.#line += text.split('\n').length - 1;
    return bytes;
  }

  /** Makes the file appear under its name, whole. */
  async finish(): Promise<WrittenFile> {
    await this.#flush();
    await this.#file.sync();
    await this.#file.close();
    await rename(`${this.#path}.part`, this.#path);
    return { byteCount: this.#bytes, sha256: this.#hash.digest('hex'), unencodable: this.#unencodable };
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#file.close();
    await rm(`${this.#path}.part`, { force: true });
  }
}
