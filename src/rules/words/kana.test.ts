import { expect, test } from 'vitest';
import { foldKana, isKana, toFullWidthKatakana } from './kana.ts';

test.each([
  ['ｷｮｳｶｲ ﾀﾛｳ', 'キョウカイ　タロウ'],
  ['ﾋﾞﾊﾞﾘｰ ｳﾞｨ', 'ビバリー　ヴィ'],
  ['ﾊﾟｸ  ﾁﾝ', 'パク　チン'],
  ['さとう　はなこ', 'サトウ　ハナコ'],
  ['サトウ　ハナコ', 'サトウ　ハナコ'],
])('%s becomes %s', (given, full) => expect(toFullWidthKatakana(given)).toBe(full));

test.each([
  ['サトウ　ハナコ', true],
  ['ジョン・スミス', true],
  ['佐藤　花子', false],
  ['SATO', false],
  ['　', false],
])('%s is kana: %s', (text, is) => expect(isKana(text)).toBe(is));

test('two spellings of one name fold alike', () => {
  expect(foldKana('ｼﾞｮｰｼﾞ ﾂﾞｶ')).toBe(foldKana('ジヨジ　ズカ'));
});
