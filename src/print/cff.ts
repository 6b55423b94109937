// Room: print. Fonts with CFF outlines (OpenType fonts in .otf files, as insurers' own often are): cut down by fontkit,
// charstring by charstring, and read again. Source: Adobe Technical Note 5176 (The Compact Font Format Specification).
import * as fontkit from 'fontkit';
import type { Font } from 'fontkit';
import { FontTables, Subset, assemble } from './subset.ts';

/** What fontkit's subset of a CFF font has beside its types. */
interface CffEncoder {
  /** Source glyph ids; their order is that of the subset's glyphs. */
  glyphs: number[];
  encode(): Uint8Array;
}

export class CffSubset extends Subset {
  readonly #font: Font;

  constructor(font: Font) {
    super();
    this.#font = font;
  }

  advance(id: number): number {
    return this.#font.getGlyph(id).advanceWidth;
  }

  /** A bare CID-keyed CFF font; its CIDs are the numbers of the glyphs. */
  encode(): Buffer {
    const encoder = this.#font.createSubset() as unknown as CffEncoder;
    encoder.glyphs = [...this.ids];
    return Buffer.from(encoder.encode());
  }
}

/** True where the outlines of a font file are CFF, false where they are TrueType. */
export function isCff(bytes: Buffer): boolean {
  return new FontTables(bytes).has('CFF ');
}

/** A bare CFF font as a font to be read: with the few tables of the file it was cut from that a parser asks for. */
export function openCff(program: Buffer, cutFrom: Buffer): Font {
  const source = new FontTables(cutFrom);
  const tables = new Map([['CFF ', program]]);
  for (const tag of ['head', 'hhea', 'maxp']) tables.set(tag, source.table(tag) as Buffer);
  return fontkit.create(assemble('OTTO', tables)) as Font;
}
