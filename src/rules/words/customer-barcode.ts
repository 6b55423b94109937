// Room: rules. Japan Post's customer barcode (カスタマバーコード): what an address becomes in it, and its 67 bars.
// Source: 郵便番号・バーコードマニュアル p12 (format, dimensions), p17–p22 (extraction, check digit), p25 (vectors).
import type { Address } from './address.ts';
import { KANJI_NUMERALS, numeralValue } from './numerals.ts';
import type { PostalMaster } from './postal.ts';

export interface CustomerBarcode {
  /**
   * Postal code (7 digits) and 住所表示番号 as extracted, before it is cut to 13 symbols: `26300233-30-8-403`. Letters stand
   * as themselves, padding is left out; the bars can be made again from it.
   */
  readonly characters: string;
  /** 67 bars from left to right: `F` full, `A` upper half, `D` lower half, `T` timing. */
  readonly bars: string;
}

/** Symbols of the 住所表示番号 part. */
const ADDRESS_SYMBOLS = 13;
/** Values are those of the check digit's sum: digits 0–9, hyphen 10, CC1–CC8 11–18. */
const HYPHEN = 10;
const CC1 = 11;
const CC4 = 14;
const MODULUS = 19;
const BARS: readonly string[] = 'FTT FFT FDA DFA FAD FTF DAF AFD ADF TFF TFT DAT DTA ADT TDA ATD TAD TTF FFF'.split(
  ' ',
);
const START = 'FD';
const STOP = 'DF';

/**
 * The barcode of an address, or null where the rules forbid one: no whole postal code, or one that names no district
 * (lower two digits 00, p18). `beyond`: what follows the district the postal code covers (住所B), where the postal data
 * is at hand; without it the whole address is read with care for names that hold numerals (`extractWholeAddress`).
 */
export function customerBarcode(address: Address, beyond: string | null = null): CustomerBarcode | null {
  if (!/^\d{7}$/.test(address.postalCode) || address.postalCode.endsWith('00')) return null;
  const extracted =
    beyond === null
      ? extractWholeAddress(`${address.line}　${address.building}`)
      : extractAddress(`${beyond}　${address.building}`);
  return { characters: address.postalCode + extracted, bars: encodeCustomerBarcode(address.postalCode, extracted) };
}

/**
 * The barcode of an address with the postal data at hand: none for a code that names no district or does not agree with the
 * address (sorting machines follow the bars, not the words), the code alone for one office's own (p22), and the number
 * read from what follows the district.
 */
export function customerBarcodeWith(master: PostalMaster, address: Address): CustomerBarcode | null {
  if (!/^\d{7}$/.test(address.postalCode) || master.namesNoDistrict(address.postalCode)) return null;
  if (master.check(address) !== 'matches') return null;
  if (master.isOffice(address.postalCode))
    return { characters: address.postalCode, bars: encodeCustomerBarcode(address.postalCode, '') };
  return customerBarcode(address, master.beyondDistrict(address));
}

/** Bars of a postal code (7 digits) and a 住所表示番号 (digits, hyphens, capital letters). */
export function encodeCustomerBarcode(postalCode: string, extracted: string): string {
  const symbols = [...extracted].flatMap(symbolsOf).slice(0, ADDRESS_SYMBOLS);
  while (symbols.length < ADDRESS_SYMBOLS) symbols.push(CC4);
  const values = [...Array.from(postalCode, Number), ...symbols];
  const sum = values.reduce((total, value) => total + value, 0);
  const check = (MODULUS - (sum % MODULUS)) % MODULUS;
  return START + [...values, check].map((value) => BARS[value] as string).join('') + STOP;
}

/** A–J are CC1 and a digit, K–T CC2, U–Z CC3. */
function symbolsOf(character: string): number[] {
  if (character === '-') return [HYPHEN];
  const letter = character.charCodeAt(0) - 0x41;
  return letter < 0 ? [Number(character)] : [CC1 + Math.floor(letter / 10), letter % 10];
}

const NUMERAL = `[${KANJI_NUMERALS}]`;
/** Numerals that count behind the district (p19). 番町, 番丁 and 線町 are names of places. */
const COUNTED = new RegExp(`${NUMERAL}+(?=丁目|丁|番地|番(?![町丁])|号|地割|線(?!町)|の|ノ)`, 'g');
/** Numerals that count anywhere in an address: names such as 八丁堀, 三ノ輪, 一番堀 and 三番町 must not be read. */
const COUNTED_ANYWHERE = new RegExp(
  `${NUMERAL}+(?=丁目|番地|地割|号(?![地線町通])|番の|線[東西南北]|[丁番線のノ](?:[\\d\\s]|${NUMERAL}|$))`,
  'g',
);
/** Digits that are part of a district's name: 北6条東, 3番町. */
const NAMING_DIGITS = /\d+(?=条|番[町丁])/g;

/** 住所表示番号 of an address after the district (p19): digits, hyphens and single letters. */
export function extractAddress(beyond: string): string {
  return extract(beyond.replaceAll(COUNTED, countedNumber));
}

/**
 * The same of a whole address whose district is not known. Right where the names of prefecture, municipality and
 * district hold no digits and no numeral before 丁目, 番地, 地割; what it cannot know is a district of such a name
 * (a 地割 that the postal code covers), or one that ends in digits.
 */
export function extractWholeAddress(address: string): string {
  const digits = toHalfWidth(address).replaceAll(NAMING_DIGITS, '');
  return extract(digits.replaceAll(COUNTED_ANYWHERE, countedNumber));
}

function countedNumber(numerals: string): string {
  return String(numeralValue(numerals));
}

function extract(text: string): string {
  return (
    toHalfWidth(text)
      .toUpperCase()
      .replaceAll(/[&/・･.]/g, '')
      // Two letters or more are a word; a floor's F goes.
      .replaceAll(/[A-Z]{2,}/g, '-')
      .replaceAll(/(\d)F/g, '$1-')
      .replaceAll(/[^0-9A-Z-]+/g, '-')
      .replaceAll(/-+/g, '-')
      .replaceAll(/-?([A-Z])-?/g, '$1')
      .replaceAll(/^-|-$/g, '')
  );
}

/** Full-width digits, letters and hyphens; a long vowel mark counts as a hyphen only between digits. */
function toHalfWidth(text: string): string {
  return text
    .replaceAll(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replaceAll(/[‐‑‒–—―−]/g, '-')
    .replaceAll(/(?<=\d)ー(?=\d)/g, '-');
}

export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Smallest and largest size of the barcode in points (p12). */
export const BARCODE_SIZE = { min: 8, max: 11.5 } as const;

/**
 * The bars as rectangles in mm from the barcode's top-left corner, at `a` points (8 to 11.5): pitch 1.2, width 0.6, long
 * bar 3.6, half bar 2.4, timing bar 1.2, each times a/10 (p12). Keep 2 mm free on all sides.
 */
export function barcodeRectangles(bars: string, a: number): Bar[] {
  if (a < BARCODE_SIZE.min || a > BARCODE_SIZE.max) throw new RangeError(`a must be 8 to 11.5, not ${a}`);
  const unit = (1.2 * a) / 10;
  return Array.from(bars, (bar, i) => ({
    x: i * unit,
    y: bar === 'F' || bar === 'A' ? 0 : unit,
    width: unit / 2,
    height: { F: 3, A: 2, D: 2, T: 1 }[bar as 'F' | 'A' | 'D' | 'T'] * unit,
  }));
}
