// Room: print. One page of one person: the template's artwork and the person's text, as a PDF content stream.
// The work per page is a few dozen look-ups and one string; nothing here compiles, parses or copies artwork.
import type { Glyph } from './fonts.ts';
import type { FontStack } from './fonts.ts';
import { code128Of, dataMatrixOf, qrOf } from './codes.ts';
import type { Matrix } from './codes.ts';
import { fit, lineWidth } from './fit.ts';
import type { Fitted } from './fit.ts';
import type { PageValues } from './page-values.ts';
import type { FontSet } from './pdf.ts';
import type { Field, Sheet } from './template.ts';

/** Why a page may not be printed. Names the field and the character, never the value. */
export interface StampProblem {
  readonly reason: 'missing-character' | 'does-not-fit';
  readonly field: string;
  /** `U+20BB7`, or ''. */
  readonly codePoint: string;
}

/** A variant that was printed as its base character. */
export interface Replacement {
  readonly field: string;
  readonly codePoint: string;
}

export interface StampedPage {
  /** The content stream; one character a byte. */
  readonly content: string;
  /** What a reader of the page must find, field after field. */
  readonly text: string;
  readonly replaced: readonly Replacement[];
  readonly problems: readonly StampProblem[];
}

interface StampedField {
  readonly marks: string;
  readonly text: string;
  readonly replaced: readonly Replacement[];
  readonly problems: readonly StampProblem[];
}

/** First baseline under the top of the text block, in em (templates/todoke.typ). */
const ASCENT = 0.88;
const MM = 72 / 25.4;
/** Half a pitch wide and a timing bar high, in points: the customer barcode at 10 points, the Post's standard size. */
const GRID = { x: round4(0.6 * MM), y: round4(1.2 * MM) } as const;
type Bar = 'F' | 'A' | 'D' | 'T';
/** The rectangle of each bar at each place, as operators. */
const BARS: Record<Bar, string>[] = [];

function barsAt(place: number): Record<Bar, string> {
  const x = 2 * place;
  return { F: `${x} 0 1 3 re\n`, A: `${x} 1 1 2 re\n`, D: `${x} 0 1 2 re\n`, T: `${x} 1 1 1 re\n` };
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** 1,000 points: longer than the side of any sheet. */
const MOST_HUNDREDTHS = 100_000;
const NOTHING: readonly never[] = [];

/** Stamps the pages of one template within one print file. */
export class Stamper {
  readonly #sheet: Sheet;
  readonly #stack: FontStack;
  readonly #fonts: FontSet;
  readonly #artwork: string;
  /** The last value of each field: most pages repeat the dates and the insurer's own words. */
  readonly #last: { value: string; stamped: StampedField }[] = [];

  /** `artwork`: name of the sheet's form XObject in the file's resources. */
  constructor(sheet: Sheet, artwork: string, stack: FontStack, fonts: FontSet) {
    this.#sheet = sheet;
    this.#artwork = artwork;
    this.#stack = stack;
    this.#fonts = fonts;
  }

  stamp(values: PageValues): StampedPage {
    let texts = '';
    let codes = '';
    let text = '';
    let replaced: readonly Replacement[] = NOTHING;
    let problems: readonly StampProblem[] = NOTHING;
    const { fields } = this.#sheet;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as Field;
      const value = values[field.name];
      if (value === undefined || value === '') continue;
      if (field.kind !== 'text') {
        codes += this.#code(field, value);
        continue;
      }
      let known = this.#last[i];
      if (known?.value !== value) this.#last[i] = known = { value, stamped: this.#text(field, value) };
      const { stamped } = known;
      texts += stamped.marks;
      text += stamped.text;
      if (stamped.replaced.length > 0) replaced = [...replaced, ...stamped.replaced];
      if (stamped.problems.length > 0) problems = [...problems, ...stamped.problems];
    }
    const words = texts === '' ? '' : `BT${texts} ET\n`;
    return { content: `${this.#artwork} Do 0 0 0 1 k\n${words}${codes}`, text, replaced, problems };
  }

  #text(field: Field, value: string): StampedField {
    const glyphs: Glyph[] = [];
    const problems: StampProblem[] = [];
    const replaced: Replacement[] = [];
    for (const glyph of this.#stack.glyphs(value, field.weight)) {
      if (typeof glyph === 'string')
        problems.push({ reason: 'missing-character', field: field.name, codePoint: glyph });
      else {
        if (glyph.replaced !== '') replaced.push({ field: field.name, codePoint: glyph.replaced });
        glyphs.push(glyph);
      }
    }
    const fitted = problems.length > 0 ? null : fit(glyphs, field);
    if (fitted)
      return {
        marks: this.#marks(field, glyphs, fitted),
        // A glyph a unit: the text is the value itself.
        text: glyphs.length === value.length && replaced.length === 0 ? value : glyphs.map((g) => g.text).join(''),
        replaced,
        problems,
      };
    if (problems.length === 0) problems.push({ reason: 'does-not-fit', field: field.name, codePoint: '' });
    return { marks: '', text: '', replaced, problems };
  }

  #marks(field: Field, glyphs: readonly Glyph[], { size, starts }: Fitted): string {
    const blockHeight = size * (1 + (starts.length - 1) * field.leading);
    const rest = field.height - blockHeight;
    const top = field.y + (field.valign === 'top' ? 0 : field.valign === 'bottom' ? rest : rest / 2);
    let marks = '';
    for (const [line, start] of starts.entries()) {
      const end = starts[line + 1] ?? glyphs.length;
      const spare = field.width - lineWidth(glyphs, start, end) * size;
      const left = field.x + (field.align === 'left' ? 0 : field.align === 'right' ? spare : spare / 2);
      const baseline = top + (ASCENT + line * field.leading) * size;
      marks += this.#line(glyphs, start, end, size, left, baseline);
    }
    return marks;
  }

  #line(glyphs: readonly Glyph[], start: number, end: number, size: number, x: number, y: number): string {
    let marks = '';
    let open = -1;
    for (let i = start; i < end; i++) {
      const glyph = glyphs[i] as Glyph;
      if (glyph.file.index !== open) {
        if (open >= 0) marks += ')Tj';
        marks += ` /F${glyph.file.index} ${size} Tf`;
        if (open < 0) marks += ` 1 0 0 1 ${this.#x(x)} ${this.#y(y)} Tm`;
        marks += '(';
        open = glyph.file.index;
      }
      marks += this.#fonts.code(glyph);
    }
    return open < 0 ? '' : `${marks})Tj`;
  }

  #code(field: Field, value: string): string {
    switch (field.kind) {
      case 'qr':
        return this.#matrix(field, qrOf(value));
      case 'data-matrix':
        return this.#matrix(field, dataMatrixOf(value));
      case 'code128': {
        const { columns, bits } = rowOf(code128Of(value));
        return this.#mask(field, field.width, field.height, columns, 1, bits);
      }
      case 'customer-barcode':
        return this.#bars(field, value);
      case 'text':
        throw new Error(`${field.name} is no code`);
    }
  }

  #matrix(field: Field, { size, bits }: Matrix): string {
    const side = Math.min(field.width, field.height);
    return this.#mask(field, side, side, size, size, bits);
  }

  /** Modules, 1 = dark, rows padded to whole bytes, as an image mask from the field's corner. */
  #mask(field: Field, width: number, height: number, columns: number, rows: number, bits: Uint8Array): string {
    return (
      `q ${points(width)} 0 0 ${points(height)} ${this.#x(field.x)} ${this.#y(field.y + height)} cm\n` +
      `BI /W ${columns} /H ${rows} /IM true /D [1 0] ID ${Buffer.from(bits.buffer).toString('latin1')}\nEI Q\n`
    );
  }

  /** Rectangles on a grid of the barcode's own, so that each is a few digits. */
  #bars(field: Field, value: string): string {
    let marks = `q ${GRID.x} 0 0 ${GRID.y} ${this.#x(field.x)} ${this.#y(field.y + 3 * GRID.y)} cm\n`;
    for (let i = 0; i < value.length; i++) marks += (BARS[i] ??= barsAt(i))[value[i] as Bar];
    return `${marks}f Q\n`;
  }

  #x(x: number): string {
    return points(this.#sheet.bleed + x);
  }

  #y(y: number): string {
    return points(this.#sheet.bleed + this.#sheet.height - y);
  }
}

/** Modules of a linear code as one row of bits, from the widths of its bars and spaces, a bar first. */
function rowOf(widths: readonly number[]): { columns: number; bits: Uint8Array } {
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const bits = new Uint8Array(Math.ceil(columns / 8));
  let at = 0;
  for (const [i, width] of widths.entries())
    for (const end = at + width; at < end; at++) if (i % 2 === 0) bits[at >> 3] = bits[at >> 3]! | (0x80 >> (at & 7));
  return { columns, bits };
}

/** Lengths by their hundredths of a point: a sheet has some thousands of them, and a page asks for dozens. */
const hundredths: (string | undefined)[] = [];

/** A length for a content stream: two decimals, under a hundredth of a millimetre. */
function points(value: number): string {
  const rounded = Math.round(value * 100);
  if (rounded < 0 || rounded >= MOST_HUNDREDTHS) return String(rounded / 100);
  return (hundredths[rounded] ??= String(rounded / 100));
}
