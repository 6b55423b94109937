// Room: print. A page's stream compressed: zlib's format (RFC 1950), one block of ready-made codes (RFC 1951 §3.2.6), matches
// found by one look-up. A page is a kilobyte, and a general compressor spends most of its time preparing itself; this one
// keeps its tables and takes a sixth of it, for as many bytes. Every page is inflated by zlib when its file is read back.

/** Furthest a match looks back, and what the header says of it (RFC 1950 §2.2: CINFO 4, a window of 4,096 bytes). */
const WINDOW = 4096;
const HEADER = [0x48, 31 - ((0x48 << 8) % 31)] as const;
const LEAST_MATCH = 3;
const MOST_MATCH = 258;
const HASH_BITS = 11;
const ADLER = 65_521;
/** Bytes that may be summed before the sums must be reduced (zlib's NMAX is 5,552). */
const ADLER_BYTES = 3800;
/** Where places start again, well before they leave 32 bits. */
const MOST_PLACES = 1 << 30;

/** Codes as they go into the stream, lowest bit first, and how many bits each has. */
interface Codes {
  readonly bits: Uint16Array;
  readonly lengths: Uint8Array;
}

const codes = (size: number): Codes => ({ bits: new Uint16Array(size), lengths: new Uint8Array(size) });

/** A code is written from its highest bit, all else from the lowest. */
function reversed(code: number, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i++) bits |= ((code >> i) & 1) << (length - 1 - i);
  return bits;
}

function set(table: Codes, index: number, bits: number, length: number): void {
  table.bits[index] = bits;
  table.lengths[index] = length;
}

function literalCodes(): Codes {
  const table = codes(256);
  for (let byte = 0; byte < 144; byte++) set(table, byte, reversed(0x30 + byte, 8), 8);
  for (let byte = 144; byte < 256; byte++) set(table, byte, reversed(0x190 + byte - 144, 9), 9);
  return table;
}

/** By the length of the match: its code with the bits that follow it. */
function lengthCodes(): Codes {
  const table = codes(MOST_MATCH + 1);
  let length = LEAST_MATCH;
  for (let symbol = 257; symbol < 285; symbol++) {
    const extra = symbol < 265 ? 0 : (symbol - 261) >> 2;
    const size = symbol < 280 ? 7 : 8;
    const code = reversed(symbol < 280 ? symbol - 256 : 0xc0 + symbol - 280, size);
    for (let rest = 0; rest < 1 << extra; rest++) set(table, length++, code | (rest << size), size + extra);
  }
  set(table, MOST_MATCH, reversed(0xc5, 8), 8);
  return table;
}

/** By the distance of the match. */
function distanceCodes(): Codes {
  const table = codes(WINDOW + 1);
  let distance = 1;
  for (let symbol = 0; distance <= WINDOW; symbol++) {
    const extra = symbol < 4 ? 0 : (symbol >> 1) - 1;
    for (let rest = 0; rest < 1 << extra; rest++) set(table, distance++, reversed(symbol, 5) | (rest << 5), 5 + extra);
  }
  return table;
}

const { bits: LITERAL, lengths: LITERAL_BITS } = literalCodes();
const { bits: LENGTH, lengths: LENGTH_BITS } = lengthCodes();
const { bits: DISTANCE, lengths: DISTANCE_BITS } = distanceCodes();

/** Where three bytes were seen last. Places count on from page to page, so that another page's are known as old. */
const seen = new Int32Array(1 << HASH_BITS).fill(-1);
let places = 0;
let out = Buffer.allocUnsafeSlow(1 << 14);

/**
 * `bytes` as a zlib stream. The same bytes give the same stream, whatever came before. What is returned is valid until
 * the next call.
 */
export function deflatePage(bytes: Uint8Array): Buffer {
  const { length } = bytes;
  // Nine bits a byte at most.
  if (out.length < length * 2 + 64) out = Buffer.allocUnsafeSlow(length * 2 + 64);
  if (places > MOST_PLACES - length) {
    seen.fill(-1);
    places = 0;
  }
  const first = places;
  places += length;
  out[0] = HEADER[0];
  out[1] = HEADER[1];
  let end = 2;
  // The last block, with ready-made codes.
  let held = 0b011;
  let count = 3;
  for (let at = 0; at < length;) {
    let matched = 0;
    let distance = 0;
    if (at + LEAST_MATCH <= length) {
      const three = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
      const hash = Math.imul(three, 0x9e3779b1) >>> (32 - HASH_BITS);
      const from = seen[hash]! - first;
      seen[hash] = first + at;
      distance = at - from;
      if (from >= 0 && distance <= WINDOW) {
        const most = Math.min(MOST_MATCH, length - at);
        while (matched < most && bytes[from + matched] === bytes[at + matched]) matched++;
      }
    }
    // At most 15 bits wait and at most 15 come, three times in all: what is whole goes out between.
    if (matched >= LEAST_MATCH) {
      held |= LENGTH[matched]! << count;
      count += LENGTH_BITS[matched]!;
      if (count >= 16) {
        out[end++] = held;
        out[end++] = held >>> 8;
        held >>>= 16;
        count -= 16;
      }
      held |= DISTANCE[distance]! << count;
      count += DISTANCE_BITS[distance]!;
      at += matched;
    } else {
      const byte = bytes[at++]!;
      held |= LITERAL[byte]! << count;
      count += LITERAL_BITS[byte]!;
    }
    if (count >= 16) {
      out[end++] = held;
      out[end++] = held >>> 8;
      held >>>= 16;
      count -= 16;
    }
  }
  // The end of the block is seven zeros.
  for (count += 7; count > 0; count -= 8) {
    out[end++] = held;
    held >>>= 8;
  }
  out.writeUInt32BE(adler32(bytes), end);
  return out.subarray(0, end + 4);
}

/** The checksum behind the stream (RFC 1950 §8.2). */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let at = 0; at < bytes.length;) {
    for (const end = Math.min(at + ADLER_BYTES, bytes.length); at < end; at++) {
      low += bytes[at]!;
      high += low;
    }
    low %= ADLER;
    high %= ADLER;
  }
  return high * 65_536 + low;
}
