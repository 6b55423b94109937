// Room: rules. Spellings of one place brought to one form, for comparing only.

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

/** One line of an address under which two spellings of it agree (see `foldAddress`). */
export function foldPlace(text: string): string {
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
