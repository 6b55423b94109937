// Room: formats. UTF-8 and CP932 as bytes and text, user-defined characters (外字, F040 ↔ U+E000) kept both ways.
import { open } from 'node:fs/promises';

/** What we write. */
export type Encoding = 'utf-8' | 'cp932';
/** What we read: also 「Unicode テキスト」 of spreadsheets. */
export type InputEncoding = Encoding | 'utf-16le' | 'utf-16be';

const SAMPLE_BYTES = 1 << 20;

/**
 * UTF-16 where the file has its mark. UTF-8 where the file has a BOM or its first bytes beyond ASCII are valid UTF-8, else CP932. Reads on until something
 * beyond ASCII is found; a file of ASCII alone is both, and called UTF-8. A damaged file that is valid as neither is
 * what its first line beyond ASCII is, so that the damage is an error of its rows and not of every header.
 */
export async function detectEncoding(path: string): Promise<InputEncoding> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    for (let position = 0; ;) {
      const { bytesRead } = await file.read(buffer, 0, SAMPLE_BYTES, position);
      if (bytesRead === 0) return 'utf-8';
      if (position === 0 && buffer.subarray(0, 3).equals(BOM)) return 'utf-8';
      if (position === 0 && bytesRead > 1) {
        if (buffer[0] === 0xff && buffer[1] === 0xfe) return 'utf-16le';
        if (buffer[0] === 0xfe && buffer[1] === 0xff) return 'utf-16be';
      }
      const at = buffer.subarray(0, bytesRead).findIndex((byte) => byte > 0x7f);
      if (at < 0) {
        position += bytesRead;
        continue;
      }
      const sample = await file.read(buffer, 0, SAMPLE_BYTES, position + at);
      return encodingOf(buffer.subarray(0, sample.bytesRead));
    }
  } finally {
    await file.close();
  }
}

const BOM = Buffer.from('\ufeff');

function encodingOf(sample: Buffer): Encoding {
  if (decodes(sample, 'utf-8')) return 'utf-8';
  if (decodes(sample, 'shift_jis')) return 'cp932';
  const end = sample.indexOf(10);
  return decodes(sample.subarray(0, end < 0 ? sample.length : end), 'utf-8') ? 'utf-8' : 'cp932';
}

/** Valid, but for a character that the end of the sample may have cut. */
function decodes(bytes: Uint8Array, label: string): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A streaming decoder. Bytes that are no character become U+FFFD, for the reader of rows to refuse. */
export function decoderOf(encoding: InputEncoding): InstanceType<typeof TextDecoder> {
  return new TextDecoder(encoding === 'cp932' ? 'shift_jis' : encoding);
}

/** A character CP932 cannot hold: where in the text (UTF-16 index) and which. */
export interface Unencodable {
  readonly index: number;
  readonly codePoint: number;
}

/** Written where CP932 has no such character; every one is listed, so that nothing is replaced in silence. */
const GETA = '〓';

/** Look-alikes that Windows writes differently from Unicode's first choice. */
const PRE_MAPPED = new Map([
  ['〜', '～'],
  ['−', '－'],
  ['‖', '∥'],
  ['—', '―'],
  ['¢', '￠'],
  ['£', '￡'],
  ['¬', '￢'],
]);

/** What may be written: all of CP932, or JIS X 0208 levels 1 and 2 with half-width kana, as 日本年金機構 takes it. */
export type Repertoire = 'cp932' | 'jis-x-0208';

let table: Uint16Array | null = null;

/**
 * UTF-16 unit → CP932 code, 0 = none. Where two codes mean one character: JIS X 0208, then NEC row 13, then IBM's
 * own FA40–FC4B, then NEC's copies of those (ED40–EEFC): the order in which Windows chooses.
 */
function encodeTable(): Uint16Array {
  if (table) return table;
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  const codes = new Uint16Array(0x10000);
  const add = (code: number, bytes: Uint8Array): void => {
    try {
      const character = decoder.decode(bytes);
      const unit = character.charCodeAt(0);
      if (character.length === 1 && codes[unit] === 0) codes[unit] = code;
    } catch {
      // No character at this code.
    }
  };
  // ASCII is itself; the decoder (ICU) swaps three control characters.
  for (let code = 0; code < 0x80; code++) codes[code] = code;
  for (let code = 0xa1; code <= 0xdf; code++) add(code, Uint8Array.of(code));
  for (const lead of [...range(0x81, 0x9f), ...range(0xe0, 0xec), 0xef, ...range(0xf0, 0xfc), 0xed, 0xee]) {
    for (let trail = 0x40; trail <= 0xfc; trail++) {
      if (trail !== 0x7f) add((lead << 8) | trail, Uint8Array.of(lead, trail));
    }
  }
  for (const [alike, character] of PRE_MAPPED) codes[alike.charCodeAt(0)] = codes[character.charCodeAt(0)] ?? 0;
  table = codes;
  return codes;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Rows 1–8, then the kanji of levels 1 and 2; leaves out NEC row 13, both IBM sets and the user's own. */
function isJisX0208(code: number): boolean {
  return (
    code <= 0xff ||
    (code >= 0x8140 && code <= 0x84be) ||
    (code >= 0x889f && code <= 0x9ffc) ||
    (code >= 0xe040 && code <= 0xeaa4)
  );
}

/** Text as CP932 bytes, with the characters it could not hold (written as 〓). */
export function encodeCp932(
  text: string,
  repertoire: Repertoire = 'cp932',
): { bytes: Uint8Array; unencodable: Unencodable[] } {
  const codes = encodeTable();
  const bytes = new Uint8Array(text.length * 2);
  const unencodable: Unencodable[] = [];
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    let code = codes[unit] ?? 0;
    if ((code === 0 && unit !== 0) || (repertoire === 'jis-x-0208' && !isJisX0208(code))) {
      const codePoint = text.codePointAt(index) ?? 0;
      unencodable.push({ index, codePoint });
      code = codes[GETA.charCodeAt(0)] ?? 0;
      if (codePoint > 0xffff) index += 1;
    }
    if (code > 0xff) bytes[length++] = code >> 8;
    bytes[length++] = code & 0xff;
  }
  return { bytes: bytes.subarray(0, length), unencodable };
}
