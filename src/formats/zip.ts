// Room: formats. ZIP archives of files that are compressed already: stored one after another, in memory that does not grow.
// Source: PKWARE APPNOTE 6.3 (sections 4.3 and 4.4), without ZIP64: at most 65,535 files and 4 GiB. The same files give the same
// bytes; no clock.
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_LENGTH = 22;
const VERSION = 10;
/** 1980-01-01, the first day ZIP knows. */
const DATE = 0x0021;
const MAX_FILES = 0xffff;
const MAX_BYTES = 0xffffffff;

/** Writes `<path>.part`; `keep` gives it its name. Names are ASCII. */
export class ZipWriter {
  readonly #path: string;
  readonly #entries: Buffer[] = [];
  #descriptor: number | null;
  #position = 0;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(`${path}.part`, 'w');
  }

  /** Adds a file. A RangeError past what ZIP can hold. */
  add(name: string, bytes: Uint8Array): void {
    if (this.#entries.length === MAX_FILES) throw new RangeError(`a ZIP file holds at most ${MAX_FILES} files`);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(CENTRAL, 0);
    entry.writeUInt16LE(VERSION, 4);
    common.copy(entry, 6);
    entry.writeUInt32LE(this.#position, 42);
    this.#entries.push(entry, Buffer.from(name, 'latin1'));
    const signature = Buffer.alloc(4);
    signature.writeUInt32LE(LOCAL, 0);
    for (const part of [signature, common, Buffer.from(name, 'latin1'), bytes]) this.#write(part);
  }

  /** Writes the directory, makes the file durable and gives it its name. `comment`: ASCII, at most 65,535 characters. */
  keep(comment = ''): void {
    const from = this.#position;
    const directory = Buffer.concat(this.#entries);
    this.#write(directory);
    const end = Buffer.alloc(END_LENGTH);
    end.writeUInt32LE(END, 0);
    end.writeUInt16LE(this.#entries.length / 2, 8);
    end.writeUInt16LE(this.#entries.length / 2, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(from, 16);
    end.writeUInt16LE(comment.length, 20);
    this.#write(end);
    this.#write(Buffer.from(comment, 'latin1'));
    const descriptor = this.#descriptor as number;
    fsyncSync(descriptor);
    closeSync(descriptor);
    this.#descriptor = null;
    renameSync(`${this.#path}.part`, this.#path);
  }

  /** Gives the file up; nothing of it stays. */
  abandon(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
    rmSync(`${this.#path}.part`, { force: true });
  }

  #write(bytes: Uint8Array): void {
    if (this.#position + bytes.length > MAX_BYTES) throw new RangeError('a ZIP file holds at most 4 GiB');
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor as number, bytes, at);
    this.#position += bytes.length;
  }
}

/** The comment of a ZIP file, or null where there is no file or it is none. */
export function readZipComment(file: string): string | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return null;
  const tail = Buffer.alloc(Math.min(stat.size, END_LENGTH + 0xffff));
  const descriptor = openSync(file, 'r');
  readSync(descriptor, tail, 0, tail.length, stat.size - tail.length);
  closeSync(descriptor);
  const at = endOf(tail);
  return at < 0 ? null : tail.toString('latin1', at + END_LENGTH);
}

/** The files in a ZIP file by its directory, or null where it is none. */
export function readZipNames(bytes: Uint8Array): string[] | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(buffer);
  if (end < 0) return null;
  const names: string[] = [];
  let at = buffer.readUInt32LE(end + 16);
  for (let left = buffer.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > end || buffer.readUInt32LE(at) !== CENTRAL) return null;
    const length = buffer.readUInt16LE(at + 28);
    names.push(buffer.toString('latin1', at + 46, at + 46 + length));
    at += 46 + length + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  return names;
}

/** Where the end record begins whose comment ends with the bytes, -1 where there is none. */
function endOf(bytes: Buffer): number {
  for (let at = bytes.length - END_LENGTH; at >= Math.max(0, bytes.length - END_LENGTH - 0xffff); at--)
    if (bytes.readUInt32LE(at) === END && bytes.readUInt16LE(at + 20) === bytes.length - at - END_LENGTH) return at;
  return -1;
}
