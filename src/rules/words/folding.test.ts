import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  foldAddressPart,
  foldKanaName,
  foldKanji,
  foldName,
  isUnreadable,
  spellingsOf,
  withoutPrefecture,
} from './folding.ts';

test.each([
  ['髙橋　健', '高橋 健'],
  ['渡邉　一', '渡辺　一'],
  ['渡邊　一', '渡辺　一'],
  ['𠮷田', '吉田'],
  ['山﨑', '山崎'],
  ['澤田　德子', '沢田　徳子'],
  ['齋藤', '斎藤'],
  ['國廣', '国広'],
  ['佐々木', '佐佐木'],
  ['辻\u{e0100}本', '辻本'],
  ['Ｓｍｉｔｈ　ｊｏｈｎ', 'SMITH JOHN'],
  ['神\ufa19谷', '神神谷'],
])('%s and %s are one name', (a, b) => expect(foldName(a)).toBe(foldName(b)));

test.each([
  ['斉藤', '斎藤'],
  ['まり', 'マリ'],
  ['太田', '大田'],
  ['士', '土'],
  ['未', '末'],
  ['伊藤', '伊東'],
  ['王', '玉'],
  ['功', '切'],
  ['昼', '書'],
  ['帥', '師'],
])('%s and %s stay two names', (a, b) => expect(foldName(a)).not.toBe(foldName(b)));

test.each([
  ['キョウカイ　タロウ', 'ｷﾖｳｶｲ ﾀﾛｳ'],
  ['きょうかい たろう', 'キョウカイタロウ'],
  ['ヴィクトル', 'ブイクトル'],
  ['カ ゛', 'ガ'],
])('%s and %s are one kana name', (a, b) => expect(foldKanaName(a)).toBe(foldKanaName(b)));

test.each([
  ['ガ', 'カ'],
  ['ハナ', 'パナ'],
  ['バナ', 'ハナ'],
  ['シヨウ', 'ジヨウ'],
  ['オノ', 'オオノ'],
  ['ユキ', 'ユウキ'],
])('%s and %s stay two kana names', (a, b) => expect(foldKanaName(a)).not.toBe(foldKanaName(b)));

test.each([
  ['霞が関１丁目３番２号', '霞ヶ関1-3-2'],
  ['大字右京塚十一番地', '右京塚11番'],
  ['三番町６－１', '三番町6‐1'],
  ['井ノ頭一丁目', '井の頭1'],
  ['東澤町 3', '東沢町3'],
])('%s and %s are one place', (a, b) => expect(foldAddressPart(a)).toBe(foldAddressPart(b)));

test.each([
  ['霞が関1-3-2', '霞が関1-32'],
  ['三番町6', '二番町6'],
  ['緑町3-30', '緑町33-0'],
  ['十文字1', '十文1'],
])('%s and %s stay two places', (a, b) => expect(foldAddressPart(a)).not.toBe(foldAddressPart(b)));

test.each([
  ['東京都千代田区', '千代田区'],
  ['京都府京都市', '京都市'],
  ['神奈川県横浜市', '横浜市'],
  ['千代田区', null],
  ['都城市', null],
])('%s without its prefecture: %s', (line, rest) => expect(withoutPrefecture(line)).toBe(rest));

test.each([
  ['●橋', true],
  ['\ue000橋', true],
  ['髙橋', false],
])('%s unreadable: %s', (text, is) => expect(isUnreadable(text)).toBe(is));

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'髙高邉邊辺々齋斎𠮷吉ヶケのノ之が丁目番地号大字市区一二十百条ー－-−・　 ゛゜ﾞｶｷｬャヴﾂッabＡ１2'),
    fc.constantFrom('\u{e0100}', '\ufe00', '\u3099', '\ufa19'),
    fc.integer({ min: 0x4e00, max: 0x9fff }).map((c) => String.fromCodePoint(c)),
    fc.integer({ min: 0x3041, max: 0x30ff }).map((c) => String.fromCodePoint(c)),
  ),
  maxLength: 12,
});
test.each([
  ['foldKanji', foldKanji],
  ['foldName', foldName],
  ['foldKanaName', foldKanaName],
])('%s is idempotent', (_, fold) => {
  fc.assert(
    fc.property(text, (t) => fold(fold(t)) === fold(t)),
    { numRuns: 3000 },
  );
});

test('a search tries the forms a name may have been written in, the typed one first', () => {
  expect(spellingsOf('高橋', 32)).toContain('髙橋');
  expect(spellingsOf('渡邉', 64)).toContain('渡辺');
  expect(spellingsOf('高橋', 32)[0]).toBe('高橋');
  expect(spellingsOf('渡邉齋藤', 16)).toHaveLength(16);
  expect(spellingsOf('カナ', 32)).toEqual(['カナ']);
});
