// Room: rules. The individual number (個人番号, 12 digits) that must never enter, however it is written. Asked of every cell of
// every input and of every word that is sent; what is found is never repeated.
import { isCorporateNumber, isIndividualNumber } from './check-digits.ts';

const DIGITS = 12;

/** Not a digit. */
const NONE = -1;
/** A high surrogate: the whole code point has to be looked at (𝟏, 🯱). */
const SURROGATE = 10;

/** Value of every UTF-16 unit that is written for a digit: of any script, circled, raised, in kanji. */
const VALUES = new Int8Array(0x1_0000).fill(NONE);
for (let base = 0; base < 0x1_0000; base += 16) {
  // Unicode's rows of ten digits begin at a code that ends in 0 or in 6.
  const first = [base, base + 6].find((code) => /\p{Nd}/u.test(String.fromCharCode(code)));
  if (first !== undefined) for (let digit = 0; digit < 10; digit++) VALUES[first + digit] = digit;
}
/** Rows that begin with 1. */
for (const row of ['①', '⓵', '❶', '➀', '➊', '⑴', '⒈', '㈠', '㊀', '〡'])
  for (let digit = 1; digit < 10; digit++) VALUES[row.charCodeAt(0) + digit - 1] = digit;
for (const row of ['⁰¹²³⁴⁵⁶⁷⁸⁹', '₀₁₂₃₄₅₆₇₈₉', '〇一二三四五六七八九', '零壱弐参肆伍陸漆捌玖', '⓪壹貳參', '⓿'])
  for (const [digit, c] of [...row].entries()) VALUES[c.charCodeAt(0)] = digit;
VALUES.fill(SURROGATE, 0xd800, 0xdc00);

/** How many characters of a text may stand for a digit. One look a character: it is asked of every cell of a file. */
export function countDigits(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) if ((VALUES[text.charCodeAt(i)] as number) >= 0) count += 1;
  return count;
}

/**
 * True where a text holds what may be an individual number: twelve digits in a row, of whatever kind and with invisible
 * characters between them, whatever their check digit; groups of equal length with signs between them (4-4-4, 6-6,
 * 3-3-3-3 …) or a number in exponent form, where the check digit is right.
 */
export function holdsIndividualNumber(text: string): boolean {
  return text.length >= DIGITS && countDigits(text) >= DIGITS && holdsOne(text);
}

function holdsOne(text: string): boolean {
  if (TWELVE.test(text.replaceAll(INVISIBLE, ''))) return true;
  if (exponentDigits(text).some(isIndividualNumber)) return true;
  return (spell(text).match(RUN) ?? []).some(isOneOrGroups);
}

/**
 * True where neighbouring cells of free text hold an individual number that begins in one and ends in another: the digits
 * across the border are twelve with a right check digit, a group a cell, or in groups of one length. Never asked across keys, dates, postal codes or telephones:
 * 記号 of eight digits and 番号 of four stand side by side in every file.
 */
export function splitsIndividualNumber(cells: readonly string[]): boolean {
  return (cells.map(spell).join('|').match(RUN_OVER_CELLS) ?? []).some(
    (run) => run.includes('|') && isIndividualNumber(run.replaceAll(/\D/g, '')) && isOfOneMake(run),
  );
}

/** Whether what crosses borders is one number and not the end of an address and a room. */
function isOfOneMake(run: string): boolean {
  const isEven = (groups: readonly string[]): boolean => groups.every((group) => group.length === groups[0]?.length);
  const cells = run.split('|').map((cell) => cell.trim());
  return cells.every((cell) => !cell.includes(' ')) || isEven(run.split(/[ |]+/)) || isEven(cells.join('').split(/ +/));
}

/** Digits as people type them, next to no other such digit. */
const TWELVE = /(?<![0-9０-９])[0-9０-９]{12}(?![0-9０-９])/;
const INVISIBLE = /[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]/gu;
/** What people write between groups. A colon is the clock's. */
const BETWEEN = /^[\p{P}\p{S}\p{Z}\p{Cc}ーｰ]$/u;
const RUN = /\d+(?: {1,3}\d+)*/g;
const RUN_OVER_CELLS = /\d+(?:(?: {0,3}\| {0,3}| {1,3})\d+)*/g;

/** A text with every digit as 0–9, a blank for each sign that may part groups, and x for anything else. */
function spell(text: string): string {
  let spelt = '';
  for (const c of text.replaceAll(INVISIBLE, '')) {
    const value = valueOf(c);
    if (value >= 0) spelt += value;
    else spelt += c !== ':' && c !== '：' && BETWEEN.test(c) ? ' ' : 'x';
  }
  return spelt;
}

function valueOf(c: string): number {
  const value = VALUES[c.charCodeAt(0)] as number;
  if (value !== SURROGATE) return value;
  const code = c.codePointAt(0) as number;
  // 𝟎–𝟿 are five rows of ten; 🄁–🄊 are digits with a comma.
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  if (code >= 0x1f101 && code <= 0x1f10a) return code - 0x1f101;
  if (!/\p{Nd}/u.test(c)) return NONE;
  const nibble = code & 0xf;
  return nibble >= 6 && !/\p{Nd}/u.test(String.fromCodePoint(code - nibble)) ? nibble - 6 : nibble;
}

/** Digits of a run, by groups: a group of twelve, or groups of one length that make twelve. */
function isOneOrGroups(run: string): boolean {
  const groups = run.split(/ +/);
  if (groups.some((group) => group.length === DIGITS)) return true;
  if (isCorporateNumber(groups.join(''))) return false;
  for (const size of [6, 4, 3, 2, 1]) {
    const count = DIGITS / size;
    // One or two digits a group: only where the run holds nothing else, for lists of small numbers are many.
    if (size < 3 && groups.length !== count) continue;
    for (let at = 0; at + count <= groups.length; at++) {
      const some = groups.slice(at, at + count);
      if (some.every((group) => group.length === size) && isIndividualNumber(some.join(''))) return true;
    }
  }
  return false;
}

const EXPONENT = /(\d+)(?:[.,](\d+))?E\+?(\d{1,2})(?!\d)/g;

/** Whole numbers of twelve digits that a text writes in exponent form (1.23456789018E+11). */
function exponentDigits(text: string): string[] {
  const ascii = text.normalize('NFKC').toUpperCase();
  return [...ascii.matchAll(EXPONENT)].flatMap(([, whole = '', part = '', power = '']) => {
    const places = whole.length + Number(power);
    if (places > 40) return [];
    const digits = (whole + part).padEnd(places, '0').slice(0, places).replace(/^0+/, '');
    return digits.length === DIGITS ? [digits] : [];
  });
}
