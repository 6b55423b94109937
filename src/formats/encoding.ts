// Room: formats. UTF-8 and CP932 as bytes and text, user-defined characters (外字, F040 ↔ U+E000) kept both ways.
import { open } from 'node:fs/promises';

export type Encoding = 'utf-8' | 'cp932';

const DETECT_BYTES = 1 << 20;

/**
 * UTF-8 where the file has a BOM or its first bytes beyond ASCII are valid UTF-8, else CP932.
 * Reads on until something beyond ASCII is found; a file of ASCII alone is both, and called UTF-8.
 */
export async function detectEncoding(path: string): Promise<Encoding> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(DETECT_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, DETECT_BYTES, null);
      if (bytesRead === 0) return 'utf-8';
      const bytes = buffer.subarray(0, bytesRead);
      const at = bytes.findIndex((byte) => byte > 0x7f);
      if (at >= 0) return isUtf8(bytes.subarray(at)) ? 'utf-8' : 'cp932';
    }
  } finally {
    await file.close();
  }
}

/** Valid UTF-8, but for a character that the end of the sample may have cut. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A streaming decoder. Bytes that are no character become U+FFFD, for the reader of rows to refuse. */
export function decoderOf(encoding: Encoding): InstanceType<typeof TextDecoder> {
  return new TextDecoder(encoding === 'cp932' ? 'shift_jis' : 'utf-8');
}

/** A character CP932 cannot hold: where in the text (UTF-16 index) and which. */
export interface Unencodable {
  readonly index: number;
  readonly codePoint: number;
}

/** Written where CP932 has no such character; every one is listed, so that nothing is replaced in silence. */
export const GETA = '〓';

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

let table: ReadonlyMap<string, number> | null = null;

/** Character → CP932 code. Where two codes mean one character: JIS X 0208, then NEC row 13, then IBM (Windows' choice). */
function encodeTable(): ReadonlyMap<string, number> {
  if (table) return table;
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  const map = new Map<string, number>();
  const add = (code: number, bytes: Uint8Array): void => {
    try {
      const character = decoder.decode(bytes);
      if ([...character].length === 1 && !map.has(character)) map.set(character, code);
    } catch {
      // No character at this code.
    }
  };
  for (let code = 0; code < 0x80; code++) add(code, Uint8Array.of(code));
  for (let code = 0xa1; code <= 0xdf; code++) add(code, Uint8Array.of(code));
  // NEC-selected IBM extensions (ED40–EEFC) come last: IBM's own codes (FA40–FC4B) are the ones Windows writes.
  const leads = [...range(0x81, 0x9f), ...range(0xe0, 0xec), 0xef, ...range(0xf0, 0xfc), 0xed, 0xee];
  for (const lead of leads) {
    for (let trail = 0x40; trail <= 0xfc; trail++) {
      if (trail !== 0x7f) add((lead << 8) | trail, Uint8Array.of(lead, trail));
    }
  }
  table = map;
  return map;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Text as CP932 bytes, with the characters it could not hold (written as 〓). */
export function encodeCp932(text: string): { bytes: Uint8Array; unencodable: Unencodable[] } {
  const map = encodeTable();
  const bytes = new Uint8Array(text.length * 2);
  const unencodable: Unencodable[] = [];
  let length = 0;
  let index = 0;
  for (const character of text) {
    let code = map.get(character) ?? map.get(PRE_MAPPED.get(character) ?? '');
    if (code === undefined) {
      unencodable.push({ index, codePoint: character.codePointAt(0) ?? 0 });
      code = map.get(GETA) ?? 0;
    }
    if (code > 0xff) bytes[length++] = code >> 8;
    bytes[length++] = code & 0xff;
    index += character.length;
  }
  return { bytes: bytes.subarray(0, length), unencodable };
}
