// Room: print. Machine-readable codes, from digits to modules. The encoders are libraries (qrcode, etiket); what is ours
// is to ask them little: with version, level, mask and length fixed, the modules of a QR code or a Data Matrix are a
// linear function (over GF(2)) of each group of digits, so a symbol is the XOR of one remembered pattern a group.
import { encodeCode128 } from 'etiket/barcode';
import { encodeDataMatrix } from 'etiket/datamatrix';
import QRCode from 'qrcode';

/** A square symbol: `size` rows of `ceil(size / 8)` bytes, most significant bit left, 1 = dark. No quiet zone. */
export interface Matrix {
  readonly size: number;
  readonly bits: Uint8Array;
}

/** One symbology at a fixed number of digits. `groups`: digits the encoder packs together. */
class DigitSymbol {
  readonly #groups: readonly number[];
  readonly #encode: (digits: string) => Matrix;
  readonly #digits: number;
  #blank: Matrix | null = null;
  readonly #patterns: (Uint8Array | undefined)[][];

  constructor(groups: readonly number[], encode: (digits: string) => Matrix) {
    this.#groups = groups;
    this.#encode = encode;
    this.#digits = groups.reduce((sum, length) => sum + length, 0);
    this.#patterns = groups.map(() => []);
  }

  /** The symbol of exactly this many digits; a RangeError for anything else. */
  of(digits: string): Matrix {
    if (digits.length !== this.#digits || !/^\d+$/.test(digits))
      throw new RangeError(`${this.#digits} digits expected`);
    this.#blank ??= this.#encode('0'.repeat(this.#digits));
    const bits = this.#blank.bits.slice();
    let at = 0;
    for (const [group, length] of this.#groups.entries()) {
      const pattern = this.#pattern(group, at, digits.slice(at, at + length), this.#blank.bits);
      for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] as number) ^ (pattern[i] as number);
      at += length;
    }
    return { size: this.#blank.size, bits };
  }

  /** What this group of digits turns over in the symbol of all zeros. */
  #pattern(group: number, at: number, value: string, blank: Uint8Array): Uint8Array {
    const patterns = this.#patterns[group] as (Uint8Array | undefined)[];
    const known = patterns[Number(value)];
    if (known) return known;
    const padded = '0'.repeat(at) + value + '0'.repeat(this.#digits - at - value.length);
    const pattern = this.#encode(padded).bits.map((byte, i) => byte ^ (blank[i] as number));
    patterns[Number(value)] = pattern;
    return pattern;
  }
}

function pack(size: number, dark: (row: number, column: number) => boolean): Matrix {
  const stride = Math.ceil(size / 8);
  const bits = new Uint8Array(size * stride);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = row * stride + (column >> 3);
      if (dark(row, column)) bits[at] = (bits[at] as number) | (0x80 >> (column & 7));
    }
  }
  return { size, bits };
}

/** Mask 3 is fixed: a reader takes the mask from the symbol, and the four patterns tried differ little in penalty. */
const QR = { version: 1, errorCorrectionLevel: 'H', maskPattern: 3 } as const;

const certificateQr = new DigitSymbol([3, 3, 3, 3, 2], (digits) => {
  const { modules } = QRCode.create([{ data: digits, mode: 'numeric' }], QR);
  return pack(modules.size, (row, column) => modules.get(row, column) === 1);
});

/** QR code of a 14-digit paper number: version 1 (21 modules), level H, numeric. ISO/IEC 18004. */
export function qrOf(paperNumber: string): Matrix {
  return certificateQr.of(paperNumber);
}

/** QR code of any text, level M, as small as it can be: rows of modules, 1 = dark. */
export function qrOfText(text: string): string[] {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  return Array.from({ length: modules.size }, (_, row) =>
    Array.from({ length: modules.size }, (_cell, column) => modules.get(row, column)).join(''),
  );
}

const inserter = new DigitSymbol(
  Array.from({ length: 11 }, () => 2),
  (digits) => {
    const rows = encodeDataMatrix(digits);
    return pack(rows.length, (row, column) => Boolean(rows[row]?.[column]));
  },
);

/** Data Matrix (ECC 200, 16 × 16) of the inserter's 22 digits. ISO/IEC 16022. */
export function dataMatrixOf(digits: string): Matrix {
  return inserter.of(digits);
}

/** Code 128 (set C) of an even number of digits: widths of bars and spaces in modules, a bar first. ISO/IEC 15417. */
export function code128Of(digits: string): readonly number[] {
  return encodeCode128(digits);
}
