// How values fit their fields: whole words, Japanese by kinsoku, nothing over an edge, whatever the text.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fit, lineWidth } from './fit.ts';
import type { Fitted, TextBox } from './fit.ts';
import { FontStack } from './fonts.ts';
import type { Glyph } from './fonts.ts';
import { isSpace, unbreakableParts } from './line-breaks.ts';

const stack = new FontStack();
const glyphsOf = (text: string): Glyph[] =>
  stack.glyphs(text, 400).map((glyph) => {
    if (typeof glyph === 'string') throw new Error(`no glyph for ${glyph}`);
    return glyph;
  });

const box = (over: Partial<TextBox>): TextBox => ({
  width: 100,
  height: 40,
  size: 10,
  min: 6,
  lines: 2,
  leading: 1.1,
  ...over,
});

/** The lines of a text in a box as texts, or null where it does not fit. */
function linesOf(text: string, over: Partial<TextBox>): string[] | null {
  const glyphs = glyphsOf(text);
  const fitted = fit(glyphs, box(over));
  return fitted && textsOf(glyphs, fitted);
}

function textsOf(glyphs: readonly Glyph[], { starts }: Fitted): string[] {
  return starts.map((start, i) =>
    glyphs
      .slice(start, starts[i + 1] ?? glyphs.length)
      .map((glyph) => glyph.text)
      .join(''),
  );
}

test.each([
  [
    'ＡＬＥＸＡＮＤＥＲ　ＭＡＲＩＡ　ＤＥ　ＬＡ　ＣＲＵＺ',
    100,
    ['ＡＬＥＸＡＮＤＥＲ　ＭＡＲＩＡ　', 'ＤＥ　ＬＡ　ＣＲＵＺ'],
  ],
  ['ALEXANDER MARIA DE LA CRUZ GONZALEZ', 75, ['ALEXANDER MARIA DE LA ', 'CRUZ GONZALEZ']],
  ['Ｏ＇ＢＲＩＥＮ－ＳＭＩＴＨ', 60, ['Ｏ＇ＢＲＩＥＮ－', 'ＳＭＩＴＨ']],
  // A space is the better end of a line where both halves fit.
  ['勅使河原　権左衛門之丞', 55, ['勅使河原　', '権左衛門之丞']],
  // Kinsoku: no line begins with a small kana, a long vowel, a closing bracket or a repetition mark, or ends in an opening one.
  ['アイウエオカキクケコシャサ', 62, ['アイウエオカキクケコ', 'シャサ']],
  ['アイウエオカキクケコー', 60, ['アイウエオカキクケ', 'コー']],
  ['勅使河原権左衛門之佐々木', 60, ['勅使河原権左衛門之', '佐々木']],
  ['アイウエオカキクケ（コサ）シ', 60, ['アイウエオカキクケ', '（コサ）シ']],
  // A number is not torn.
  ['グランドメゾン１２０３号室', 60, ['グランドメゾン', '１２０３号室']],
])('%s in %d pt', (text, width, lines) => {
  expect(linesOf(text, { width, min: 6, size: 6 })).toEqual(lines);
});

test.each([
  ['one line where it fits', 10, 10, 1],
  ['made smaller rather than wrapped', 11, 9, 1],
  ['wrapped where that makes it larger by a fifth', 13, 10, 2],
  ['wrapped and made smaller', 24, 8.25, 2],
])('%s: %d characters', (_, length, size, lines) => {
  const fitted = fit(glyphsOf('あ'.repeat(length)), box({}));
  expect([fitted?.size, fitted?.starts.length]).toEqual([size, lines]);
});

test('a lower box leaves more lines no room: then small on one line; and nothing where that is too small', () => {
  expect(fit(glyphsOf('あ'.repeat(13)), box({ height: 14 }))).toEqual({ size: 7.5, starts: [0] });
  expect(fit(glyphsOf('あ'.repeat(33)), box({}))).toBeNull();
});

test('a word longer than the line is not cut: it does not fit', () => {
  expect(linesOf('Ａ'.repeat(30), {})).toBeNull();
  expect(linesOf('Ａ'.repeat(15), {})).toEqual(['Ａ'.repeat(15)]);
});

const word = fc.string({ unit: fc.constantFrom(...'ABCDEＡＢＣＤＥ'), minLength: 1, maxLength: 12 });
const japanese = fc.string({
  unit: fc.constantFrom(...'髙橋﨑𠮷あいうカキッャー・（）「」、。々１２３４0123－-'),
  minLength: 1,
  maxLength: 20,
});
const value = fc
  .array(fc.tuple(fc.oneof(word, japanese), fc.constantFrom('', ' ', '　', '　　')), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.flat().join('').trim())
  .filter((text) => text !== '');
const anyBox = fc.record({
  width: fc.integer({ min: 20, max: 300 }),
  height: fc.integer({ min: 5, max: 60 }),
  size: fc.integer({ min: 6, max: 16 }),
  min: fc.integer({ min: 4, max: 6 }),
  lines: fc.integer({ min: 1, max: 4 }),
  leading: fc.constantFrom(1.05, 1.1, 1.25, 1.5),
});
/** What JIS X 4051 keeps from the start, and from the end, of a line. */
const NEVER_FIRST = /^[、。）」・ー々ッャ]/u;
const NEVER_LAST = /[（「]$/u;
const LETTER = /[A-ZＡ-Ｚ]/u;
const DIGIT = /[0-9１-４]/u;

test('whatever the text and the box: what fits lies inside, whole, with no word, number or kinsoku broken', () => {
  fc.assert(
    fc.property(value, anyBox, (text, textBox) => {
      const glyphs = glyphsOf(text);
      const fitted = fit(glyphs, textBox);
      if (!fitted) return;
      const { size, starts } = fitted;
      expect(size).toBeLessThanOrEqual(textBox.size);
      expect(size).toBeGreaterThanOrEqual(textBox.min - 0.001);
      expect(starts.length).toBeLessThanOrEqual(textBox.lines);
      expect(size * (1 + (starts.length - 1) * textBox.leading)).toBeLessThanOrEqual(textBox.height + 0.001);
      const lines = textsOf(glyphs, fitted);
      expect(lines.join('')).toBe(text);
      for (const [i, start] of starts.entries())
        expect(lineWidth(glyphs, start, starts[i + 1] ?? glyphs.length) * size).toBeLessThanOrEqual(
          textBox.width + 0.01,
        );
      for (const [i, line] of lines.entries()) {
        if (i === 0) continue;
        const before = lines[i - 1] as string;
        expect(isSpace(line[0] as string)).toBe(false);
        if (isSpace(before.at(-1) as string)) continue;
        expect(line).not.toMatch(NEVER_FIRST);
        expect(before).not.toMatch(NEVER_LAST);
        expect(LETTER.test(before.at(-1) ?? '') && LETTER.test(line[0] ?? '')).toBe(false);
        expect(DIGIT.test(before.at(-1) ?? '') && DIGIT.test(line[0] ?? '')).toBe(false);
      }
    }),
    { numRuns: 3000 },
  );
});

test('parts put together are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(unbreakableParts(text).join('')).toBe(text);
    }),
  );
});
