// Room: rules. Kana: half-width to full-width, what counts as a kana name, and folding for comparison. Stored kanji
// names never pass through here.

const HALF = 'ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ';
const FULL =
  'ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン';
const VOICED = byBase('ガギグゲゴザジズゼゾダヂヅデドバビブベボヴヷヺ');
const SEMI_VOICED = byBase('パピプペポ');

/** Marked kana under their plain ones. */
function byBase(marked: string): ReadonlyMap<string, string> {
  return new Map([...marked].map((c) => [c.normalize('NFD').charAt(0), c]));
}

const FULL_TO_HALF = new Map([...FULL].map((c, i) => [c, HALF.charAt(i)]));
const HALF_TO_FULL = new Map([...HALF].map((c, i) => [c, FULL.charAt(i)]));

/**
 * A kana name in full-width katakana with one full-width space between the parts: half-width kana (with their sound
 * marks) and hiragana become full-width katakana. Anything that is no kana stays as it is, for `isKana` to see.
 */
export function toFullWidthKatakana(text: string): string {
  if (!NEEDS_WORK.test(text)) return text;
  let out = '';
  for (const c of text) {
    if (c === 'ﾞ' || c === '゛' || c === '\u3099') out = mark(out, VOICED, '゛');
    else if (c === 'ﾟ' || c === '゜' || c === '\u309a') out = mark(out, SEMI_VOICED, '゜');
    else if (c >= 'ぁ' && c <= 'ゖ') out += String.fromCodePoint((c.codePointAt(0) ?? 0) + 0x60);
    else out += HALF_TO_FULL.get(c) ?? PUNCTUATION.get(c) ?? c;
  }
  return out.replaceAll(/\u3000{2,}/g, '\u3000').replaceAll(/^\u3000|\u3000$/g, '');
}

/** Full-width katakana in half-width, sound marks behind their letter; anything else as it is. */
export function toHalfWidthKatakana(text: string): string {
  return [...text.normalize('NFD')].map((c) => HALF_MARKS.get(c) ?? FULL_TO_HALF.get(c) ?? c).join('');
}

const HALF_MARKS = new Map([
  ['\u3099', 'ﾞ'],
  ['\u309a', 'ﾟ'],
]);

const NEEDS_WORK = /[\uff61-\uff9fぁ-ゖ゛゜ \u00a0]|\u3099|\u309a|\u3000\u3000|^\u3000|\u3000$/;
const PUNCTUATION = new Map([
  [' ', '\u3000'],
  ['\u00a0', '\u3000'],
  ['･', '・'],
]);

function mark(out: string, marks: ReadonlyMap<string, string>, alone: string): string {
  const marked = marks.get(out.at(-1) ?? '');
  return marked === undefined ? out + alone : out.slice(0, -1) + marked;
}

/** True for a name in full-width katakana (after `toFullWidthKatakana`): letters, long vowel, spaces, middle dot, hyphen. */
export function isKana(text: string): boolean {
  return /^[ァ-ヺー・\u3000－-]+$/.test(text) && /[ァ-ヺ]/.test(text);
}

const SMALL = new Map(
  [...'ァアィイゥウェエォオッツャヤュユョヨヮワヵカヶケ'].flatMap((c, i, all) =>
    i % 2 === 0 ? [[c, all[i + 1] ?? c] as const] : [],
  ),
);
const ALIKE = new Map([
  ['ヴ', 'ブ'],
  ['ヂ', 'ジ'],
  ['ヅ', 'ズ'],
  ['ヲ', 'オ'],
  ['ヰ', 'イ'],
  ['ヱ', 'エ'],
]);

/** Key under which two spellings of one kana name agree: no spaces or marks, small kana as large, ヂ=ジ, ヅ=ズ, ヴ=ブ. */
export function foldKana(text: string): string {
  let out = '';
  for (const c of toFullWidthKatakana(text)) {
    if (c === '\u3000' || c === '・' || c === 'ー' || c === '－' || c === '-') continue;
    out += SMALL.get(c) ?? ALIKE.get(c) ?? c;
  }
  return out;
}
