// The insurer's own font with CFF outlines (.otf): embedded, read back, and no glyph taken for another.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CffSubset, isCff, openCff } from './cff.ts';
import { FontStack, PACKAGED_FONTS } from './fonts.ts';
import type { Glyph } from './fonts.ts';
import { PrintFile } from './pdf.ts';
import { PageTexts, verifyPrintFile } from './read-back.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'todoke-cff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const font = (name: string): string => path.join(import.meta.dirname, '..', '..', 'tests', 'fonts', name);
/** Noto Sans CJK JP cut to a few characters; U+E000… are user-defined, U+E003 has the outline of 邊 (tests/fonts/README.md). */
const OWN = font('gaiji.otf');
/** Not CID-keyed: glyphs have names, and the whole font one dictionary. */
const NAME_KEYED = font('name-keyed.otf');
const stack = new FontStack([OWN, NAME_KEYED]);
const IN_OWN = PACKAGED_FONTS.length;

const glyphs = (text: string): Glyph[] =>
  stack.glyphs(text, 400).map((glyph) => {
    if (typeof glyph === 'string') throw new Error(`no glyph for ${glyph}`);
    return glyph;
  });

function write(name: string, list: readonly Glyph[]): PrintFile {
  const file = path.join(folder, `${name}.pdf`);
  const print = new PrintFile({ path: file, title: '', width: 200, height: 60, bleed: 0, artworks: [] }, stack);
  const shown = list.map((glyph) => ` /F${glyph.file.index} 18 Tf(${print.fonts.code(glyph)})Tj`);
  print.addPage(`BT 1 0 0 1 9 20 Tm${shown.join('')} ET\n`);
  print.finish();
  return print;
}

test('the fixture is what it says', () => {
  expect(isCff(readFileSync(OWN))).toBe(true);
  expect(isCff(readFileSync(PACKAGED_FONTS[0] as string))).toBe(false);
});

test('a user-defined character from an OpenType font with CFF outlines is embedded as such and read back', () => {
  const text = '髙\uE003\uE010太郎\uE006';
  const print = write('gaiji', glyphs(text));
  expect(() => verifyPrintFile(print.part, new PageTexts([text]), stack)).not.toThrow();
  const pdf = readFileSync(print.part, 'latin1');
  expect(pdf).toContain('/Subtype/CIDFontType0C');
  expect(pdf).toMatch(/\/Subtype\/CIDFontType0\/BaseFont\/[A-Z]{6}\+NotoSansCJKjp-Regular/);
  // A of the proportional alphabet is narrower than an ideograph: number 2 in the subset, after 邊 and before 辻.
  const advance = Math.round(stack.file(IN_OWN).font.glyphForCodePoint(0xe010).advanceWidth);
  expect(advance).toBeLessThan(700);
  expect(pdf).toContain(`/W[0[1000 1000 ${advance} 1000]]`);
});

test.each([
  ['CID-keyed', IN_OWN],
  ['name-keyed', IN_OWN + 1],
])('every glyph of a %s font comes out of the subset with its own outline, whatever the order', (_, index) => {
  const { font: source, bytes } = stack.file(index);
  const subset = new CffSubset(source);
  const order = Array.from({ length: source.numGlyphs }, (_id, i) => source.numGlyphs - 1 - i);
  // Past the numbers whose bytes would need an escape in a PDF string, and past 255; each glyph more than once.
  const ids = Array.from({ length: 300 }, (_id, i) => order[i % order.length] as number);
  const numbers = ids.map((id) => [id, subset.add(id)] as const);
  const written = openCff(subset.encode(), bytes);
  for (const [id, number] of numbers)
    expect(written.getGlyph(number).path.toSVG()).toBe(source.getGlyph(id).path.toSVG());
});

test('a name-keyed font is embedded with CIDs and read back', () => {
  const text = '\uEFFE\uE000\uEFFD';
  const print = write('name-keyed', glyphs(text));
  expect(() => verifyPrintFile(print.part, new PageTexts([text]), stack)).not.toThrow();
  expect(readFileSync(print.part, 'latin1').match(/CIDFontType0C/g)).toHaveLength(2);
});

test('an outline that is not the font’s own is found, though the text reads well', () => {
  const [takenFor] = glyphs('\uE003');
  const print = write('outline', [{ ...takenFor!, text: '\uE002' }]);
  expect(() => verifyPrintFile(print.part, new PageTexts(['\uE002']), stack)).toThrow('U+E002');
});

test.each([
  ['without outlines', (bytes: Buffer) => bytes.write('XXXX', bytes.indexOf('CFF '), 'latin1')],
  ['packed for the web', (bytes: Buffer) => bytes.write('wOFF', 'latin1')],
  ['that is a collection', (bytes: Buffer) => bytes.write('ttcf', 'latin1')],
])('a font file %s is refused by its name', (_, damage) => {
  const file = path.join(folder, 'broken.otf');
  const bytes = Buffer.from(readFileSync(OWN));
  damage(bytes);
  writeFileSync(file, bytes);
  expect(() => new FontStack([file]).glyphs('\uE000', 400)).toThrow('broken.otf は使えません');
});
