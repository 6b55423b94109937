// Room: rules. When two files write one person's or one workplace's key differently: by zeros in front or by the width of
// the characters (intake contract, second edition: keys join in one canonical form, and are kept and printed as given).
import { toHalfWidthKatakana } from '../words/kana.ts';
import type { PersonKey } from '../words/person-key.ts';

/** A text of digits without the zeros in front; a text of zeros is `0`. */
function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/** 記号 in canonical form: half-width digits, full-width kana, and no zeros in front where all of it is digits. */
export function canonicalSymbol(symbol: string): string {
  const narrow = symbol.normalize('NFKC');
  return /^\d+$/.test(narrow) ? withoutLeadingZeros(narrow) : narrow;
}

/** Longest 記号 of the contract. */
const SYMBOL_LENGTH = 8;

/**
 * How other files may write a 記号, as given first: digits with other zeros in front, all of it in the other width. For looking up
 * a few keys in a large file; `canonicalSymbol` of each is the same.
 */
export function symbolSpellings(symbol: string): readonly string[] {
  const plain = canonicalSymbol(symbol);
  if (!/^\d+$/.test(plain)) return [...new Set([symbol, plain, toHalfWidthKatakana(plain)])];
  const narrow = Array.from({ length: Math.max(1, SYMBOL_LENGTH - plain.length + 1) }, (_, zeros) =>
    plain.padStart(plain.length + zeros, '0'),
  );
  const wide = narrow.map((text) =>
    text.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  );
  return [...new Set([symbol, ...narrow, ...wide])];
}

/**
 * 記号・番号・枝番 in canonical form. Two rows with equal ones name one person. 枝番 keeps its two digits. Joins of whole files run
 * in the database (`canonical_symbol`, `number_rank`), which a test holds against this.
 */
export function canonicalKey(key: PersonKey): PersonKey {
  return {
    symbol: canonicalSymbol(key.symbol),
    number: withoutLeadingZeros(key.number.normalize('NFKC')),
    subNumber: key.subNumber.normalize('NFKC').padStart(2, '0'),
  };
}

/** How the digit texts of one column are written: enough to know whether two spellings of one number may occur. */
export interface DigitShapes {
  /** Characters of the longest text that begins with a zero; 0 = none does. */
  readonly longestZeroLed: number;
  /** Characters of the shortest text; null = no text of digits. */
  readonly shortest: number | null;
}

/** How the keys of one file are written. */
export interface KeyShapes {
  /** A 記号 holds characters of another width than the canonical one. */
  readonly hasOddWidth: boolean;
  readonly symbols: DigitShapes;
  readonly numbers: DigitShapes;
}

/**
 * Whether a key of one file may be equal to a key of the other (or of the same file) in canonical form only. False is
 * certain, and files of one layout give false at the cost of a comparison: no row is looked at twice.
 */
export function mayDifferInForm(a: KeyShapes, b: KeyShapes): boolean {
  return a.hasOddWidth || b.hasOddWidth || zerosMayDiffer(a.symbols, b.symbols) || zerosMayDiffer(a.numbers, b.numbers);
}

/** Of two spellings of one number the longer begins with a zero. */
function zerosMayDiffer(a: DigitShapes, b: DigitShapes): boolean {
  return (
    (b.shortest !== null && a.longestZeroLed > b.shortest) || (a.shortest !== null && b.longestZeroLed > a.shortest)
  );
}

/** Notes how the keys of a file are written, row by row. */
export class KeyShapesNote {
  #hasOddWidth = false;
  #symbolZeroLed = 0;
  #symbolShortest = Infinity;
  #numberZeroLed = 0;
  #numberShortest = Infinity;
  #lastSymbol = '';

  /** `number` is '' for a workplace. */
  add(symbol: string, number: string): void {
    // Files come by workplace: the same symbol is looked at once.
    if (symbol !== this.#lastSymbol) this.#addSymbol(symbol);
    const { length } = number;
    if (length === 0) return;
    if (length < this.#numberShortest) this.#numberShortest = length;
    if (number.charCodeAt(0) === ZERO && length > this.#numberZeroLed) this.#numberZeroLed = length;
  }

  #addSymbol(symbol: string): void {
    this.#lastSymbol = symbol;
    const narrow = symbol.normalize('NFKC');
    if (narrow !== symbol) this.#hasOddWidth = true;
    if (!/^\d+$/.test(narrow)) return;
    this.#symbolShortest = Math.min(this.#symbolShortest, narrow.length);
    if (narrow.startsWith('0')) this.#symbolZeroLed = Math.max(this.#symbolZeroLed, narrow.length);
  }

  shapes(): KeyShapes {
    const known = (length: number): number | null => (length === Infinity ? null : length);
    return {
      hasOddWidth: this.#hasOddWidth,
      symbols: { longestZeroLed: this.#symbolZeroLed, shortest: known(this.#symbolShortest) },
      numbers: { longestZeroLed: this.#numberZeroLed, shortest: known(this.#numberShortest) },
    };
  }
}

const ZERO = 0x30;
