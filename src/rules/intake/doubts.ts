// Room: rules. Names and addresses that nobody can have: marks that stand for a character a system did not have, text read in
// the wrong encoding, words for "unknown". They stop their piece for staff; asked of the very texts that are about to be
// printed, and of what staff write in their place.
import { prefectureOf } from '../words/prefectures.ts';

export type DoubtReason = 'name-unreadable' | 'address-none' | 'address-unreadable';

export interface Doubt {
  readonly reason: DoubtReason;
  /** The first character that cannot be (`U+25CF`), or '' where it is the text as a whole. */
  readonly codePoint: string;
}

/**
 * What stands in names: letters of any script with their marks (kanji, kana, 々, 〆, variation selectors), characters of the
 * insurer's own (外字), blanks, and the signs names are written with (ジョージ・Ｓ, O’Neil, 山田（佐藤）, ルイ＝フィリップ). Letters that
 * show nothing do not.
 */
const NO_NAME_CHARACTER = /[^\p{L}\p{M}\p{Co}\s゛゜・･.．,，、'’‘`´＇\-‐‑–−－()（）=＝゠]|[\u115f\u1160\u3164\uffa0]/u;
/** What a word has besides marks: ー and ゞ alone are none. */
const WORD = /[\p{Lo}\p{Lu}\p{Ll}\p{Lt}\p{Co}]/u;
const HONORIFIC = /(?:様|殿|御中)$/;
const SUBSTITUTES = /外字|ガイジ|ｶﾞｲｼﾞ/;

/** Why the name of a person cannot be printed as it is, or null. Kanji, kana and former names alike. */
export function doubtOfName(name: string): Doubt | null {
  const isPlain = isPlainText(name, IN_NAMES);
  const odd = isPlain ? null : NO_NAME_CHARACTER.exec(name);
  if (odd !== null) return { reason: 'name-unreadable', codePoint: codeOf(odd[0]) };
  const isNone = !WORD.test(name) || isNoText(name, isPlain);
  if (isNone || HONORIFIC.test(name.trimEnd()) || SUBSTITUTES.test(name) || (!isPlain && isMojibake(name)))
    return { reason: 'name-unreadable', codePoint: '' };
  return null;
}

/** Why the name of a workplace cannot be printed, or null. Companies carry digits and signs; what a system lost is neither. */
export function doubtOfWorkplaceName(name: string): Doubt | null {
  const lost = LOST_OF_WORKPLACE.exec(name);
  if (lost) return { reason: 'name-unreadable', codePoint: codeOf(lost[0]) };
  const isNone = !WORD.test(name) || NO_TEXTS.has(bare(name)) || isRepeated(bare(name)) || DAY.test(name);
  return isNone || HONORIFIC.test(name) || SUBSTITUTES.test(name) || isMojibake(name)
    ? { reason: 'name-unreadable', codePoint: '' }
    : null;
}

/** Marks for a character that was lost, radicals for characters, escapes of characters (&#x9AD9;, ◆UF929◆), what nobody sees. */
const LOST =
  /[\p{Cf}\u115f\u1160\u3164\uffa0●■□◆◇〓＿\ufffd\u2e80-\u2fdf]|&#?\w+;|\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}%|U\+[0-9a-fA-F]{4}/u;
/** What only markup, statements and formulas are written with. */
const MARKUP = /[<>{}\\^|`"=;$]|^[@+]|%[a-z]/u;
const LOST_OF_WORKPLACE = new RegExp(`${LOST.source}|${MARKUP.source}`, 'u');
/** In an address a question mark stands for a lost character, too. */
const LOST_OF_ADDRESS = new RegExp(`${LOST.source}|${MARKUP.source}|[?？%]`, 'u');
/** A day or a time of day as a whole cell: spreadsheets take 4-1 for the first of April. */
const DAY =
  /^\s*(?:\d{1,2}月(?:\d{1,2}日)?|(?:明治|大正|昭和|平成|令和)?(?:元|\d{1,4})年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,4}\/\d{1,2}(?:\/\d{1,4})?|\d{4}-\d{2}-\d{2}.*|[A-Z][a-z]{2}-\d{1,2}|\d{1,2}-[A-Z][a-z]{2}(?:-\d{2,4})?|\d{1,2}:\d{2}(?::\d{2})?)\s*$/;

/**
 * Why an address cannot be printed as it is, or null. `lacks`: what the postal data says is missing from it (`PostalMaster.lacks`).
 */
export function doubtOfAddress(
  { line, building }: { readonly line: string; readonly building: string },
  lacks: 'town' | 'number' | null = null,
): Doubt | null {
  const [isPlain, isPlainBuilding] = [isPlainText(line, IN_ADDRESSES), isPlainText(building, IN_ADDRESSES)];
  const lost =
    (isPlain ? null : LOST_OF_ADDRESS.exec(line)) ?? (isPlainBuilding ? null : LOST_OF_ADDRESS.exec(building));
  if (lost) return { reason: 'address-unreadable', codePoint: codeOf(lost[0]) };
  const isGarbled = (!isPlain && isMojibake(line)) || (!isPlainBuilding && isMojibake(building));
  const isLost = isGarbled || SUBSTITUTES.test(line) || SUBSTITUTES.test(building);
  const isDay = isDayText(line) || isDayText(building);
  const isSigns = building !== '' && !/[\d０-９]/.test(building) && !WORD.test(building);
  if (isLost || isDay || isSigns) return { reason: 'address-unreadable', codePoint: '' };
  const isNoBuilding = building !== '' && isNoText(building, isPlainBuilding) && !BUILDINGS.has(bare(building));
  // A line of digits and signs alone is no place either.
  if (!WORD.test(line) || isNoText(line, isPlain) || isNoBuilding || lacks !== null)
    return { reason: 'address-none', codePoint: '' };
  return null;
}

/** Where people do live: 寮, 社宅 and the like may stand behind an address. */
const BUILDINGS: ReadonlySet<string> = new Set(['寮', '社宅', '会社', '事業所', '勤務先', '実家', '自宅']);

/** Without blanks and brackets around, in one width. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\s()「」『』[\]【】.。、,]/g, '')
    .toUpperCase();
}

const UNKNOWN_WORDS =
  '不明 不詳 未詳 未定 未登録 未入力 未設定 未確認 確認中 調査中 照会中 該当なし 該当無し 登録なし 登録無し 記載なし 記入なし なし 無し 無 ナシ ' +
  '同上 同左 同右 同じ 同 上記 上に同じ 上記に同じ 以下同文 空白 空欄 ブランク テスト TEST ダミー DUMMY サンプル SAMPLE 削除 削除済 欠番 ' +
  'X XX XXX XXXX AAA あああ アアア ああああ ﾃｽﾄ ERROR エラー N/A NA NULL NONE UNKNOWN 〃 々 仝 ″';
/** Words that are neither name nor address. */
const NO_TEXTS: ReadonlySet<string> = new Set(
  (
    `${UNKNOWN_WORDS} 氏名不明 氏名不詳 氏名なし 名前不明 本人 家族 被保険者 被扶養者 氏名 カナ氏名 様 殿 御中 ` +
    '住所不明 住所不詳 住所なし 住所無し 住所不定 所在不明 居所不明 転居先不明 転居 転出 海外在住 海外居住 国外居住 国外転出 海外転出 海外赴任 ' +
    '事業所 事業所に同じ 事業所と同じ 事業所同じ 会社 会社に同じ 会社と同じ 勤務先 勤務先に同じ 勤務先と同じ 本人に同じ 本人と同じ 被保険者に同じ 被保険者と同じ ' +
    '住民票に同じ 住民票と同じ 実家 自宅 寮 社宅 住所 方書 所在地 郵便番号 事業所名称'
  )
    .split(' ')
    .map(bare),
);
/** Too wide for an address, yet the names of employers. */
const REGIONS: ReadonlySet<string> = new Set(['海外', '国外', '外国', '日本', '日本国']);

/** Whether a text is a word for nothing, the name of a region or prefecture, or one character over and over. */
function isNoText(text: string, isPlain: boolean): boolean {
  if (isPlain && !mayBeNoText(text)) return false;
  const words = bare(text);
  const isRegion = REGIONS.has(words) || (words !== '' && prefectureOf(words) === words);
  return isRegion || NO_TEXTS.has(words) || isRepeated(words);
}

/** Of plain text: false where its first two characters and its last say that it is none of these words and no prefecture. */
function mayBeNoText(text: string): boolean {
  const [first, second, last] = [text.charAt(0), text.charAt(1), text.charAt(text.length - 1)];
  const isBlank = (c: string): boolean => c === '' || c === ' ' || c === '\u3000';
  if (isBlank(first) || isBlank(second) || isBlank(last) || first === second) return true;
  return FIRSTS.has(first) || '都道府県'.includes(last) || !isPlainText(first, IN_NAMES);
}

/** What words for nothing and regions begin with. */
const FIRSTS: ReadonlySet<string> = new Set([...NO_TEXTS, ...REGIONS].map((word) => word.charAt(0)));

/** Whether a text is a day or a time and nothing else: it begins with a digit, a letter or an era. */
const isDayText = (text: string): boolean => DAY_BEGIN.test(text) && DAY.test(text.normalize('NFKC'));
const DAY_BEGIN = /^\s*(?:[\d０-９A-ZＡ-Ｚ元]|明治|大正|昭和|平成|令和|[^\p{Script=Han}])/u;

const IN_NAMES = 1;
const IN_ADDRESSES = 2;

/** What ordinary names and addresses are written with, none of which is doubted: most texts are looked at once. */
let plain: Uint8Array | null = null;

function plainTable(): Uint8Array {
  const marks = new Uint8Array(0x1_0000);
  const fill = (first: string, last: string, mark: number): void =>
    void marks.fill(mark, first.charCodeAt(0), last.charCodeAt(0) + 1);
  for (const [first, last] of ['ぁゖ', 'ァヺ', 'ーー', '々々', '一鿿', '　　', '  '])
    fill(first!, last!, IN_NAMES | IN_ADDRESSES);
  for (const [first, last] of ['09', '０９', 'AZ', 'ＡＺ', '--', '－－']) fill(first!, last!, IN_ADDRESSES);
  // Text in the wrong encoding is made of these.
  for (const entry of cp932Table()) if (isLeadOfUtf8(entry)) marks[entry[0].charCodeAt(0)] = 0;
  return marks;
}

/** Whether a text holds nothing but plain characters of a kind. */
function isPlainText(text: string, kind: number): boolean {
  plain ??= plainTable();
  for (let i = 0; i < text.length; i++) if (((plain[text.charCodeAt(i)] as number) & kind) === 0) return false;
  return true;
}

const isRepeated = (words: string): boolean => /^(.)\1{2,}$/u.test(words);

const codeOf = (c: string): string => `U+${(c.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;

/** UTF-8 taken for Windows-1252 or Latin-1: Ã, å, æ and what follows. */
const AS_LATIN = /[Â-ô][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/;

/** True for text that was read in another encoding than it was written in. */
function isMojibake(text: string): boolean {
  return AS_LATIN.test(text) || isUtf8AsCp932(text);
}

/**
 * UTF-8 read as CP932 (譛ｬ逕ｰ is 本田): its bytes taken back must hold at least one whole character of Japanese, at least as many as
 * bytes that fit nowhere, and more than twice as many as ASCII characters that the text does not have: those are second bytes of
 * kanji that were meant (子 is 8E 71, the blank 81 40), as in 後藤莉子.
 */
function isUtf8AsCp932(text: string): boolean {
  suspect ??= new RegExp(
    `[${[...cp932Table()]
      .filter(isLeadOfUtf8)
      .map(([c]) => c)
      .join('')}]`,
  );
  if (!suspect.test(text)) return false;
  const bytes = cp932Bytes(text);
  const back = new TextDecoder('utf-8').decode(bytes);
  const whole = back.match(/[\u3040-\u30ff\u3400-\u9fff\uff01-\uff9f]/g)?.length ?? 0;
  const lost = back.match(/\ufffd/g)?.length ?? 0;
  const ascii = back.match(/[!->@-~]/g)?.filter((c) => !text.includes(c)).length ?? 0;
  return whole > 2 * ascii && whole >= lost;
}

/** What E3–E9 and EF, the first bytes of Japanese in UTF-8, become in CP932 with a second byte of 80–BF: some rare kanji each. */
let suspect: RegExp | null = null;

function isLeadOfUtf8([, code]: readonly [string, number]): boolean {
  const [lead, trail] = [code >> 8, code & 0xff];
  return ((lead >= 0xe3 && lead <= 0xe9) || lead === 0xef) && trail >= 0x80 && trail <= 0xbf;
}

let table: ReadonlyMap<string, number> | null = null;

/** Characters of CP932 with their codes. */
function cp932Table(): ReadonlyMap<string, number> {
  if (table !== null) return table;
  const decoder = new TextDecoder('shift_jis');
  const codes = new Map<string, number>();
  const add = (...bytes: number[]): void => {
    const c = decoder.decode(Uint8Array.from(bytes));
    if (c.length === 1 && c !== '\ufffd' && !codes.has(c))
      codes.set(
        c,
        bytes.reduce((code, byte) => code * 256 + byte, 0),
      );
  };
  for (let byte = 0xa1; byte <= 0xdf; byte++) add(byte);
  for (let lead = 0x81; lead <= 0xfc; lead++)
    if (lead < 0xa0 || lead > 0xdf) for (let trail = 0x40; trail <= 0xfc; trail++) if (trail !== 0x7f) add(lead, trail);
  return (table = codes);
}

function cp932Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const c of text) {
    const code = c.charCodeAt(0) < 0x80 ? c.charCodeAt(0) : (cp932Table().get(c) ?? 0x3f);
    if (code > 0xff) bytes.push(code >> 8);
    bytes.push(code & 0xff);
  }
  return Uint8Array.from(bytes);
}

/**
 * A text with ordinary characters in the place of radicals (⻑ → 長, ⼦ → 子), as staff are offered it; null where it holds none or one
 * that has no ordinary form here. Source: Unicode, EquivalentUnifiedIdeograph.
 */
export function ordinaryForm(text: string): string | null {
  if (!RADICAL.test(text)) return null;
  const plain = text.replaceAll(/[\u2e80-\u2fdf]/g, (c) => ORDINARY.get(c) ?? c.normalize('NFKC'));
  return RADICAL.test(plain) ? null : plain;
}

const RADICAL = /[\u2e80-\u2fdf]/;
/** Of the supplement, which compatibility forms do not cover: radical, then character. */
const ORDINARY: ReadonlyMap<string, string> = new Map(
  (
    '⺁厂 ⺄乙 ⺅亻 ⺆冂 ⺈刀 ⺉刂 ⺊卜 ⺌小 ⺍小 ⺎兀 ⺒巳 ⺓幺 ⺔彑 ⺕彐 ⺖忄 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺧牛 ⺨犭 ⺩王 ⺬示 ⺭礻 ⺮竹 ' +
    '⺯糹 ⺰纟 ⺲罒 ⺶羊 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺽臼 ⺾艹 ⺿艹 ⻀艹 ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻇角 ⻈讠 ⻉贝 ⻊足 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏阝 ⻐钅 ⻑長 ⻒镸 ⻓长 ⻔门 ⻕阜 ⻖阝 ⻗雨 ⻘青 ' +
    '⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻟飠 ⻠饣 ⻡首 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龟 ⻲亀 ⻳龟'
  )
    .split(' ')
    .map((pair) => [pair.charAt(0), pair.charAt(1)]),
);
