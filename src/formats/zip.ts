// Room: formats. ZIP archives of files that are compressed already: stored one after another, in memory that does not grow.
// The same files give the same bytes; no clock.
import { createWriteStream, openAsBlob } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { BlobReader, Uint8ArrayReader, ZipReader, ZipWriter as Writer, configure } from '@zip.js/zip.js';

configure({ useWebWorkers: false });

const STORED = {
  level: 0,
  dataDescriptor: false,
  keepOrder: true,
  msDosCompatible: true,
  // The first day ZIP knows, local as ZIP has it.
  lastModDate: new Date(1980, 0, 1),
  extendedTimestamp: false,
} as const;

/** Writes `<path>.part`; `keep` gives it its name. */
export class ZipWriter {
  readonly #path: string;
  readonly #file: WriteStream;
  readonly #zip: Writer<unknown>;

  constructor(path: string) {
    this.#path = path;
    this.#file = createWriteStream(`${path}.part`, { flush: true });
    this.#zip = new Writer(Writable.toWeb(this.#file), STORED);
  }

  async add(name: string, bytes: Uint8Array): Promise<void> {
    await this.#zip.add(name, new Uint8ArrayReader(bytes));
  }

  /** Writes the directory, makes the file durable and gives it its name. `comment`: at most 65,535 bytes. */
  async keep(comment = ''): Promise<void> {
    await this.#zip.close(Buffer.from(comment));
    await rename(`${this.#path}.part`, this.#path);
  }

  /** Gives the file up; nothing of it stays. */
  async abandon(): Promise<void> {
    this.#file.destroy();
    await rm(`${this.#path}.part`, { force: true });
  }
}

export interface ZipDirectory {
  readonly names: readonly string[];
  readonly comment: string;
}

/** What a ZIP file (its path, or its bytes) says it holds; null where there is no file or it is none. */
export async function readZip(from: string | Uint8Array): Promise<ZipDirectory | null> {
  try {
    const source = typeof from === 'string' ? new BlobReader(await openAsBlob(from)) : new Uint8ArrayReader(from);
    const reader = new ZipReader(source);
    const names = (await reader.getEntries()).map((entry) => entry.filename);
    return { names, comment: Buffer.from(reader.comment).toString('utf8') };
  } catch {
    return null;
  }
}
