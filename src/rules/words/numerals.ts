// Room: rules. Numerals in addresses: 十一丁目 and 北十一条 as numbers.

/** Kanji of single digits, for use inside a character class. */
export const KANJI_DIGITS = '〇零一壱二弐三参四五六七八九';
/** Every kanji that may stand in a number. */
export const KANJI_NUMERALS = `${KANJI_DIGITS}十拾百千`;

const DIGITS = new Map([...'〇一二三四五六七八九'].map((numeral, digit) => [numeral, digit]));
for (const [digit, numeral] of [...'零壱弐参'].entries()) DIGITS.set(numeral, digit);
const UNITS = new Map([
  ['十', 10],
  ['拾', 10],
  ['百', 100],
  ['千', 1000],
]);

/** The number a run of kanji numerals says: 十一 → 11, 百一 → 101, 二三 → 23. Other characters count as 0. */
export function numeralValue(text: string): number {
  let total = 0;
  let digits = 0;
  for (const character of text) {
    const unit = UNITS.get(character);
    if (unit === undefined) digits = digits * 10 + (DIGITS.get(character) ?? 0);
    else {
      total += (digits === 0 ? 1 : digits) * unit;
      digits = 0;
    }
  }
  return total + digits;
}
