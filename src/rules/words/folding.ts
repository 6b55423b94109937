// Room: rules. Spellings of one name or address brought to one form, for comparing only: what is stored, printed or sent
// never passes through here. Every fold is idempotent, and folds forms of one character, never two characters alike.
import { VARIANTS } from './variants.ts';
import { foldKana } from './kana.ts';
import { prefectureOf } from './prefectures.ts';
import { foldPlace } from './place-folding.ts';

/** A table made when it is first asked for: most commands fold nothing, and the table is a third of a program's start. */
function once<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}

const variants = once(
  () =>
    new Map(
      VARIANTS.trim()
        .split(/\s+/)
        .flatMap((word) => {
          const [form, ...others] = word;
          return others.map((other) => [other, form ?? other] as const);
        }),
    ),
);

/** Variation selectors: they choose a glyph, not a character. */
const SELECTORS = /[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;
/** Whatever is written between the parts of a name. */
const SEPARATORS = /[\s・·･=＝.,、，．ー\-‐‑–—―−－]/g;
/** What a system writes for a character it cannot represent (中間サーバー: ●), and private use (外字). */
const UNREADABLE = /[●〓■□?？\ufffd\ue000-\uf8ff]|[\u{f0000}-\u{10ffff}]/u;

const forms = once(
  () =>
    new Map(
      VARIANTS.trim()
        .split(/\s+/)
        .flatMap((word) => {
          // Forms of the basic plane first: those are the ones that are typed.
          const all = [...word].sort((a, b) => a.length - b.length);
          return all.map((form) => [form, all] as const);
        }),
    ),
);

/**
 * Ways a name in kanji may have been written, the given one first, at most `most`: 髙橋 for 高橋, 渡邉 and 渡邊 for 渡辺.
 * For searching only.
 */
export function spellingsOf(text: string, most: number): string[] {
  let spellings = [''];
  for (const c of text) {
    const others = (forms().get(c) ?? []).filter((form) => form !== c);
    spellings = [c, ...others].flatMap((form) => spellings.map((spelling) => spelling + form)).slice(0, most);
  }
  return spellings;
}

/** Text no fold of width would change. */
const PLAIN = /^[0-9A-Za-zぁ-ゖァ-ヺー々〇一-\u9fff-]*$/;

/** Width folded, selectors and spaces gone. Twice NFKC: a sound mark parted by a space finds its kana. */
function squeeze(text: string): string {
  const tight = text.replaceAll(/[\s・･]/g, '');
  if (PLAIN.test(tight)) return tight;
  return tight.replaceAll(SELECTORS, '').normalize('NFKC').replaceAll(/\s/g, '').normalize('NFKC');
}

const HAN = /\p{Script=Han}/u;

/** A kanji in the form its variants fold to (髙 → 高, 邉 and 邊 → 辺); other characters as they are. */
export function foldKanji(text: string): string {
  const table = variants();
  let out = '';
  for (const c of text) out += table.get(c) ?? c;
  return out;
}

/**
 * Key under which two spellings of one name in kanji agree: width, spaces, old and new forms, variants and their
 * selectors, 々 for the character before it, ヶ for ケ. Hiragana and katakana stay two: まり and マリ are two names.
 */
export function foldName(text: string): string {
  const folded = foldKanji(squeeze(text.replaceAll('ヶ', 'ケ')).toUpperCase());
  let out = '';
  let before = '';
  for (const c of folded) {
    const repeats = c === '々' && HAN.test(before);
    if (!repeats) before = c;
    out += before;
  }
  return out;
}

/** Key under which two spellings of one kana name agree: width, spaces, marks, small kana, ヂ=ジ, ヅ=ズ, ヴ=ブ, ー. */
export function foldKanaName(text: string): string {
  const plain = squeeze(text).toUpperCase().replaceAll(SEPARATORS, '');
  return foldKana(plain).replaceAll(/[゛゜\u3099\u309a]/g, '');
}

/**
 * Key under which two spellings of a part of an address agree: width, spaces, every hyphen, 丁目・番地・番・号 and the
 * 漢数字 before them, 大字 and 字, ヶ・が・ケ, ノ・之・の, variants of kanji. `foldPlace` does the numbers.
 */
export function foldAddressPart(text: string): string {
  const plain = foldKanji(squeeze(text))
    .replaceAll(/大字|(?<=[市町村区郡大])字/g, '')
    .replaceAll(/[ヶがガ]/g, 'ケ')
    .replaceAll(/[ノ之乃]/g, 'の');
  return foldPlace(plain);
}

/** An address line without its prefecture; null where it names none. */
export function withoutPrefecture(line: string): string | null {
  const prefecture = prefectureOf(line);
  return prefecture === '' ? null : line.slice(prefecture.length);
}

/** True where a text holds a character that stands for one that could not be shown: it neither agrees nor differs. */
export function isUnreadable(text: string): boolean {
  return UNREADABLE.test(text);
}
