// Room: rules. What staff should look at before print. A warning stops nothing by itself.
import { foldKana, isKana } from '../words/kana.ts';
import type { Address, Member } from '../intake/member.ts';
import type { NoticeReason } from './notices.ts';
import type { ReasonCode } from './targeting.ts';

export type WarningCode =
  | 'home-is-workplace'
  | 'shared-address'
  | 'postal-code-missing'
  | 'postal-code-impossible'
  | 'postal-code-differs'
  | 'dependent-without-insured'
  | 'no-status'
  | 'decided-after-legacy-end'
  | 'kana-is-none'
  | 'same-person-twice'
  | 'workplace-unknown'
  | 'address-missing'
  /** 突合結果 is no word of the contract: nothing is printed on a guess. */
  | 'match-result-unknown'
  /** Member since before the first round, yet without a notice. */
  | 'earlier-unsent';

/** What a target's own row says. `postalCode` is that of the mailing address: null = no address, '' = left empty. */
export function memberWarnings(row: {
  readonly kana: string;
  readonly reason: ReasonCode | NoticeReason;
  readonly postalCode: string | null;
}): WarningCode[] {
  const codes: WarningCode[] = [];
  if (!isKana(row.kana)) codes.push('kana-is-none');
  if (row.reason === 'no-status') codes.push('no-status');
  if (row.postalCode === '') codes.push('postal-code-missing');
  else if (row.postalCode !== null && !isPossiblePostalCode(row.postalCode)) codes.push('postal-code-impossible');
  return codes;
}

/** Seven digits, not all the same filler: Japan's codes run from 001-0000 to 999-8531 and none is 000-xxxx. */
export function isPossiblePostalCode(text: string): boolean {
  return /^\d{7}$/.test(text) && !text.startsWith('000') && text !== '9999999';
}

/**
 * The address under which two spellings of one place agree: width, spaces, every kind of hyphen, 丁目・番地・番・号 and
 * 漢数字 before them. Only for finding rows that may belong together, never for printing.
 */
export function foldAddress(line: string, building: string): string {
  return `${foldPlace(line)}|${foldPlace(building)}`;
}

const KANJI_NUMERALS = '〇一二三四五六七八九十百';

/** What a UTF-16 unit is to `foldPlace`. A table, because this runs on every character of every address. */
const ORDINARY = 0;
const SPACE = 1;
const HYPHEN = 2;
const NUMERAL = 3;
const WORD = 4;
const KINDS = new Uint8Array(0x1_0000);
for (const c of ' \u3000') KINDS[c.charCodeAt(0)] = SPACE;
for (const c of '-‐‑–—―ー−の') KINDS[c.charCodeAt(0)] = HYPHEN;
for (const c of KANJI_NUMERALS) KINDS[c.charCodeAt(0)] = NUMERAL;
for (const c of '丁番号') KINDS[c.charCodeAt(0)] = WORD;

function foldPlace(text: string): string {
  const from = text.normalize('NFKC');
  let out = '';
  let run = 0;
  let i = 0;
  while (i < from.length) {
    const kind = KINDS[from.charCodeAt(i)];
    const word = kind === WORD ? lengthOfNumberWord(from, i) : 0;
    if (kind === ORDINARY || (kind === WORD && word === 0)) {
      i += 1;
      continue;
    }
    out += from.slice(run, i);
    if (kind === NUMERAL) {
      const end = endOfNumerals(from, i);
      const counts = lengthOfNumberWord(from, end) > 0 || from.charAt(end) === '条';
      out += counts ? kanjiNumber(from.slice(i, end)) : from.slice(i, end);
      i = end;
    } else {
      if (kind !== SPACE && !out.endsWith('-')) out += '-';
      i += Math.max(word, 1);
    }
    run = i;
  }
  out += from.slice(run);
  return (out.endsWith('-') ? out.slice(0, -1) : out).toUpperCase();
}

/** Length of 丁目, 番地, 番 or 号(室) at a place; 0 where there is none. */
function lengthOfNumberWord(text: string, at: number): number {
  const c = text.charAt(at);
  if (c === '丁') return text.charAt(at + 1) === '目' ? 2 : 0;
  if (c === '番') return text.charAt(at + 1) === '地' ? 2 : 1;
  if (c === '号') return text.charAt(at + 1) === '室' ? 2 : 1;
  return 0;
}

function endOfNumerals(text: string, from: number): number {
  let end = from;
  while (end < text.length && KINDS[text.charCodeAt(end)] === NUMERAL) end += 1;
  return end;
}

const KANJI_DIGITS = new Map([...'〇一二三四五六七八九'].map((c, i) => [c, i]));

function kanjiNumber(text: string): string {
  let total = 0;
  let digit: number | null = null;
  for (const c of text) {
    if (c === '百' || c === '十') {
      total += (digit ?? 1) * (c === '百' ? 100 : 10);
      digit = null;
    } else digit = (digit ?? 0) * 10 + (KANJI_DIGITS.get(c) ?? 0);
  }
  return String(total + (digit ?? 0));
}

/** Hash of the folded address, below 2^53; null where there is none. */
export function addressKey(address: Pick<Address, 'line' | 'building'> | null): number | null {
  return address === null || address.line === '' ? null : hash53(foldAddress(address.line, address.building));
}

/** Hash of folded kana, birth date and sex: equal for two rows that may be one person. */
export function personKey(member: Pick<Member, 'kana' | 'bornOn' | 'sex'>): number {
  return hash53(`${foldKana(member.kana)}|${member.bornOn}|${member.sex}`);
}

/** cyrb53 (public domain, bryc): 53 bits, well spread; among 40 million rows one false meeting in about ten runs. */
function hash53(text: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    h1 = Math.imul(h1 ^ c, 2654435761);
    h2 = Math.imul(h2 ^ c, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}
