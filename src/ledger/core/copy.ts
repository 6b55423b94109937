// Room: ledger. COPY text in both directions: how a value, a row and a file of rows are written and read. COPY takes no
// parameters, so what a COPY statement compares with stands in its text as a `literal`.
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** Characters gathered before they are encoded, or sent. */
const COPY_BLOCK = 1 << 13;

/** Bytes cut into lines at a time, so that the consumer of a COPY holds few lines at once. */
const READ_BLOCK = 1 << 14;

/** Bytes of a block of gathered COPY text, and how many sent blocks are kept to be filled again. */
const BLOCK_BYTES = 1 << 17;
const SPARE_BLOCKS = 64;

/**
 * Lines of COPY text gathered for later, as bytes. (As strings, the lines of a chunk would survive many collections of
 * young garbage, be copied by each, and end in the old heap, which grows until it is swept.)
 */
export class CopyText {
  static readonly #spare: Buffer[] = [];
  readonly #full: Buffer[] = [];
  #block: Buffer | null = null;
  #used = 0;
  #text = '';
  #count = 0;

  /** Lines added so far. */
  get count(): number {
    return this.#count;
  }

  /** Adds one line of a table of columns. */
  add(line: string): void {
    this.#text += line;
    this.#count += 1;
    if (this.#text.length >= COPY_BLOCK) this.#encode();
  }

  #encode(): void {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    const most = this.#text.length * 3;
    if (this.#block === null || this.#block.length - this.#used < most) {
      this.#finishBlock();
      this.#block =
        most <= BLOCK_BYTES
          ? (CopyText.#spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES))
          : Buffer.allocUnsafeSlow(most);
    }
    this.#used += this.#block.write(this.#text, this.#used);
    this.#text = '';
  }

  #finishBlock(): void {
    if (this.#block !== null) this.#full.push(this.#block.subarray(0, this.#used));
    this.#block = null;
    this.#used = 0;
  }

  /** What was gathered, block by block; a block may be filled again once `recycle` is called. */
  blocks(): readonly Buffer[] {
    if (this.#text !== '') this.#encode();
    this.#finishBlock();
    return this.#full;
  }

  /** Gives the blocks back for other texts, when all have been sent. */
  recycle(): void {
    for (const { buffer } of this.#full.splice(0))
      if (buffer.byteLength === BLOCK_BYTES && CopyText.#spare.length < SPARE_BLOCKS)
        CopyText.#spare.push(Buffer.from(buffer));
  }
}

/** Text in pieces worth a protocol message each: a message for each line would cost more than the rows. */
async function* copyBlocks(text: AsyncIterable<string> | Iterable<string> | CopyText): AsyncIterable<string | Buffer> {
  if (text instanceof CopyText) return yield* text.blocks();
  let block = '';
  for await (const part of text) {
    block += part;
    if (block.length < COPY_BLOCK) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

/** Runs a `COPY … FROM STDIN` and sends the text, waiting where the connection is slower than the text. */
export async function sendCopy(
  client: pg.ClientBase,
  sql: string,
  text: AsyncIterable<string> | Iterable<string> | CopyText,
): Promise<void> {
  const stream = client.query(copyFrom(sql));
  const done = finished(stream);
  try {
    for await (const block of copyBlocks(text)) if (!stream.write(block)) await drained(stream);
  } catch (error) {
    stream.destroy(error as Error);
    await done.catch(() => undefined);
    throw error;
  }
  stream.end();
  await done;
  if (text instanceof CopyText) text.recycle();
}

/** Waits until the stream takes more, or fails. (A race against its end would leave a reaction behind on every turn.) */
async function drained(stream: Writable): Promise<void> {
  if (stream.errored) throw stream.errored;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error): void => {
      stream.off('drain', settle).off('error', settle);
      if (error) reject(error);
      else resolve();
    };
    stream.on('drain', settle).on('error', settle);
  });
}

/** Runs a `COPY … TO STDOUT` and hands out its lines, in batches, without the newline. */
export async function* receiveCopy(client: pg.ClientBase, sql: string): AsyncIterable<string[]> {
  const stream = client.query(copyTo(sql, { highWaterMark: 1 << 16 }));
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const data of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      for (let at = 0; at < data.length; at += READ_BLOCK) {
        const lines = (rest + decoder.decode(data.subarray(at, at + READ_BLOCK), { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        if (lines.length > 0) yield lines;
      }
    }
  } finally {
    // If the consumer stops early, the remaining rows are still read: PostgreSQL accepts no other statement on this
    // connection, not even ROLLBACK, until the COPY ends.
    if (!stream.readableEnded && !stream.destroyed) await finished(stream.resume());
  }
  if (rest !== '') throw new Error('COPY ended inside a line');
}

const NEEDS_ESCAPE = /[\\\t\n\r]/;

/** A text as it may stand in the text of a statement, with its quotes. */
export function literal(text: string): string {
  return pg.escapeLiteral(text);
}

const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));

/** A number as text. (The engine caches every text that `String` makes of a number: a million of them outlive their rows.) */
export function decimal(value: number): string {
  if (value < 1000 || !Number.isSafeInteger(value)) return String(value);
  const thousands = Math.floor(value / 1000);
  return decimal(thousands) + THREE_DIGITS[value - thousands * 1000]!;
}

/** A text as COPY text. */
export function escapeText(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** The fields of a line of COPY text; `null` for \N. */
export function copyFields(line: string): (string | null)[] {
  const fields: (string | null)[] = line.split('\t');
  const escaped = line.includes('\\');
  if (!escaped) return fields;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as string;
    if (field === '\\N') fields[i] = null;
    else if (field.includes('\\')) fields[i] = unescapeText(field);
  }
  return fields;
}

function unescapeText(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, c: string) => ({ t: '\t', n: '\n', r: '\r' })[c] ?? c);
}
