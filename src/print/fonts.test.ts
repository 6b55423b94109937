// The font stack: what is asked first, variants, and the insurer's own file with its user-defined characters.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FontStack, PACKAGED_FONTS } from './fonts.ts';
import type { Glyph } from './fonts.ts';
import { PrintFile } from './pdf.ts';
import { PageTexts, verifyPrintFile } from './read-back.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'todoke-fonts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stack = new FontStack();
const glyphs = (text: string, fonts = stack): Glyph[] =>
  fonts.glyphs(text, 400).map((glyph) => {
    if (typeof glyph === 'string') throw new Error(`no glyph for ${glyph}`);
    return glyph;
  });

test('BIZ UDGothic is asked first, Noto Sans JP for what it lacks, bold from bold files', () => {
  expect(glyphs('髙')[0]!.file.index).toBe(0);
  expect(stack.glyphs('髙', 700)[0]).toMatchObject({ file: { index: 1 } });
  // A character of Noto Sans JP alone.
  const rare = [...'嬙嶸彁恾'].find((c) => glyphs(c)[0]!.file.index === 2);
  expect(rare).toBeDefined();
});

test.each(['𠮷', '﨑', '髙', '邉', '辻', '葛'])('%s has an outline', (character) => {
  expect(glyphs(character)).toHaveLength(1);
});

test('kana and its voicing mark become one character; a variation selector belongs to the one before', () => {
  expect(glyphs('カ\u3099')[0]!.text).toBe('ガ');
  expect(glyphs('葛\u{E0100}子')).toHaveLength(2);
});

test('a variant a font has differs from its base; one none has is the base, and says so', () => {
  const [base] = glyphs('葛');
  const [variant] = glyphs('葛\u{E0100}');
  expect(variant).toMatchObject({ text: '葛\u{E0100}', replaced: '' });
  expect([variant!.file.index, variant!.id]).not.toEqual([base!.file.index, base!.id]);
  expect(glyphs('葛\u{E01EF}')[0]).toMatchObject({ id: base!.id, text: '葛', replaced: 'U+845B U+E01EF' });
});

test('what no font has comes back as its code point', () => {
  expect(stack.glyphs('\u{10FFFD}', 400)).toEqual(['U+10FFFD']);
  expect(stack.glyphs('\uE000', 400)).toEqual(['U+E000']);
});

/** Noto Sans JP with U+E000 in place of U+F900 and what followed it: an insurer's file of user-defined characters. */
function ownFont(): string {
  const bytes = Buffer.from(readFileSync(PACKAGED_FONTS[2] as string));
  const tables = bytes.readUInt16BE(4);
  let cmap = 0;
  for (let i = 0; i < tables; i++)
    if (bytes.toString('latin1', 12 + i * 16, 16 + i * 16) === 'cmap') cmap = bytes.readUInt32BE(12 + i * 16 + 8);
  const offsets = Array.from({ length: bytes.readUInt16BE(cmap + 2) }, (_, i) =>
    bytes.readUInt32BE(cmap + 4 + i * 8 + 4),
  );
  for (const at of offsets.map((offset) => cmap + offset).filter((at) => bytes.readUInt16BE(at) === 12)) {
    for (let group = at + 16; group < at + 16 + bytes.readUInt32BE(at + 12) * 12; group += 12) {
      if (bytes.readUInt32BE(group) < 0xf900) continue;
      bytes.writeUInt32BE(0xe000, group);
      bytes.writeUInt32BE(0xe000, group + 4);
      break;
    }
  }
  const file = path.join(folder, 'gaiji.ttf');
  writeFileSync(file, bytes);
  return file;
}

test('a user-defined character is taken from the insurer’s own file alone, printed, and read back', () => {
  const own = new FontStack([ownFont()]);
  const [glyph] = glyphs('\uE000', own);
  expect(glyph!.file.index).toBe(PACKAGED_FONTS.length);
  const print = new PrintFile(
    { path: path.join(folder, 'own.pdf'), title: '', width: 100, height: 100, bleed: 0, artworks: [] },
    own,
  );
  const codes = glyphs('髙\uE000', own).map((g) => ` /F${g.file.index} 9 Tf(${print.fonts.code(g)})Tj`);
  print.addPage(`BT 1 0 0 1 9 9 Tm${codes.join('')} ET\n`);
  print.finish();
  expect(() => verifyPrintFile(print.part, new PageTexts(['髙\uE000']), own)).not.toThrow();
  // The same file is not what a stack without that font would have drawn.
  expect(() =>
    verifyPrintFile(print.part, new PageTexts(['髙\uE000']), new FontStack([PACKAGED_FONTS[0] as string])),
  ).toThrow(/U\+E000/);
});
