// Room: rules. Check digits of the numbers this field uses, and our own paper numbers.

/** 保険者番号 (8 digits; 国保 6): weights 2,1,2… from the right of the body, digits of the products summed, mod 10. */
export function isInsurerNumber(text: string): boolean {
  if (!/^(\d{6}|\d{8})$/.test(text)) return false;
  let sum = 0;
  for (let i = text.length - 2, weight = 2; i >= 0; i--, weight = 3 - weight) {
    const product = Number(text[i]) * weight;
    sum += product > 9 ? product - 9 : product;
  }
  return (10 - (sum % 10)) % 10 === Number(text.at(-1));
}

/** 法人番号 (13 digits, check digit first): 9 − (Σ digit × 1 or 2 from the right) mod 9. */
export function isCorporateNumber(text: string): boolean {
  if (!/^\d{13}$/.test(text)) return false;
  let sum = 0;
  for (let n = 1; n <= 12; n++) sum += Number(text[13 - n]) * (n % 2 === 0 ? 2 : 1);
  return 9 - (sum % 9) === Number(text[0]);
}

/** 個人番号 (12 digits): 総務省令85号5条, 11 − (Σ Pn·Qn mod 11), 0 where the remainder is at most 1. */
export function isIndividualNumber(text: string): boolean {
  if (!/^\d{12}$/.test(text)) return false;
  let sum = 0;
  for (let n = 1; n <= 11; n++) sum += Number(text[11 - n]) * (n <= 6 ? n + 1 : n - 5);
  const rest = sum % 11;
  return (rest <= 1 ? 0 : 11 - rest) === Number(text[11]);
}

/** 引受番号 (11 digits): first ten mod 7. */
export function isAcceptanceNumber(text: string): boolean {
  return /^\d{11}$/.test(text) && Number(text.slice(0, 10)) % 7 === Number(text[10]);
}

/** Full-width digits as ASCII. */
export function toAsciiDigits(text: string): string {
  return text.replaceAll(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

/** ISO 7064 MOD 11,10: one check digit that finds every single wrong digit and nearly every transposition. */
function checkDigit(body: string): string {
  let product = 10;
  for (let i = 0; i < body.length; i++) {
    let sum = (product + body.charCodeAt(i) - 48) % 10;
    if (sum === 0) sum = 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

export type PaperNumberKind = 'certificate' | 'mailpiece';

const KIND_DIGITS = { certificate: '1', mailpiece: '2' } as const satisfies Record<PaperNumberKind, string>;

/** Digits from the place of `unit` down. (Not through `String`, whose texts of numbers the engine keeps: docs/decisions/012.) */
function paddedDigits(value: number, unit: number): string {
  let digits = '';
  for (let place = unit; place >= 1; place /= 10) digits += Math.floor(value / place) % 10;
  return digits;
}

/**
 * Number of a paper: kind (1 digit), issuance (4), serial within it (8), check digit (ISO 7064 MOD 11,10).
 *
 * @throws RangeError unless 1 ≤ run ≤ 9999 and 1 ≤ serial ≤ 99,999,999.
 */
export function paperNumber(kind: PaperNumberKind, run: number, serial: number): string {
  if (!Number.isInteger(run) || run < 1 || run > 9999) throw new RangeError('run must be 1–9999');
  if (!Number.isInteger(serial) || serial < 1 || serial > 99_999_999) throw new RangeError('serial must be 1–99999999');
  const body = KIND_DIGITS[kind] + paddedDigits(run, 1000) + paddedDigits(serial, 10_000_000);
  return body + checkDigit(body);
}

/**
 * A scanned or typed code as it was meant: full-width characters become ASCII; spaces, control characters, byte order marks,
 * hyphens and dashes of every kind go, and so do the start and stop stars of Code 39 and a spreadsheet's apostrophe. Terminal,
 * files, API and browser all read codes by this one function.
 */
export function paperDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(AROUND_DIGITS, '')
    .replace(/^['’*]+/, '')
    .replace(/\*+$/, '');
}

/** Spaces, invisible characters, and what is drawn as a dash: punctuation, minus signs, box drawings, 長音. */
const AROUND_DIGITS = /[\s\p{Cc}\p{Cf}\p{Pd}\u02d7\u2043\u2212\u2500\u2501\u2796ー]/gu;

/** A number of ours, taken apart. */
export interface PaperNumber {
  /** The 14 digits. */
  readonly number: string;
  readonly kind: PaperNumberKind;
  readonly run: number;
  readonly serial: number;
}

/** Reads a paper number as scanned or typed (`paperDigits`); null where it is none of ours. */
export function parsePaperNumber(text: string): PaperNumber | null {
  const number = FOURTEEN.test(text) ? text : paperDigits(text);
  if (!FOURTEEN.test(number) || checkDigit(number.slice(0, 13)) !== number[13]) return null;
  const run = Number(number.slice(1, 5));
  const serial = Number(number.slice(5, 13));
  if (run === 0 || serial === 0) return null;
  return { number, kind: number[0] === '1' ? 'certificate' : 'mailpiece', run, serial };
}

const FOURTEEN = /^[12]\d{13}$/;

/** For the eye: `1-0001-00000012-3`. */
export function formatPaperNumber(number: string): string {
  return `${number[0]}-${number.slice(1, 5)}-${number.slice(5, 13)}-${number[13]}`;
}
