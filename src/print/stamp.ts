// Room: print. One page of one person: the template's artwork and the person's text, as a PDF content stream.
// The work per page is a few dozen look-ups and one string; nothing here compiles, parses or copies artwork.
import { barcodeRectangles } from '../rules/customer-barcode.ts';
import type { Glyph } from './fonts.ts';
import type { FontStack } from './fonts.ts';
import { code128Of, dataMatrixOf, qrOf } from './codes.ts';
import type { Matrix } from './codes.ts';
import { fit, lineWidth } from './fit.ts';
import type { Fitted } from './fit.ts';
import type { PageValues } from './papers.ts';
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
/** Size of the customer barcode: 10 points, the Post's standard size. */
const BARCODE_POINTS = 10;
const MM = 72 / 25.4;
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
      case 'code128':
      case 'customer-barcode': {
        let marks = '';
        for (const [x, y, width, height] of codeRectangles(field, value))
          marks += `${this.#x(field.x + x)} ${this.#y(field.y + y + height)} ${points(width)} ${points(height)} re\n`;
        return `${marks}f\n`;
      }
      case 'text':
        throw new Error(`${field.name} is no code`);
    }
  }

  #matrix(field: Field, matrix: Matrix): string {
    const side = points(Math.min(field.width, field.height));
    const { size, bits } = matrix;
    return (
      `q ${side} 0 0 ${side} ${this.#x(field.x)} ${this.#y(field.y + Math.min(field.width, field.height))} cm\n` +
      `BI /W ${size} /H ${size} /IM true /D [1 0] ID ${Buffer.from(bits.buffer).toString('latin1')}\nEI Q\n`
    );
  }

  #x(x: number): string {
    return points(this.#sheet.bleed + x);
  }

  #y(y: number): string {
    return points(this.#sheet.bleed + this.#sheet.height - y);
  }
}

/** Bars of a linear code as [x, y, width, height] in points from the field's corner. */
export function codeRectangles(field: Field, value: string): [number, number, number, number][] {
  if (field.kind === 'customer-barcode') {
    return barcodeRectangles(value, BARCODE_POINTS).map((bar) => [
      bar.x * MM,
      bar.y * MM,
      bar.width * MM,
      bar.height * MM,
    ]);
  }
  const widths = code128Of(value);
  const modules = widths.reduce((sum, width) => sum + width, 0);
  const module = field.width / modules;
  const bars: [number, number, number, number][] = [];
  let x = 0;
  for (const [i, width] of widths.entries()) {
    if (i % 2 === 0) bars.push([x * module, 0, width * module, field.height]);
    x += width;
  }
  return bars;
}

/** Lengths by their hundredths of a point: a sheet has some thousands of them, and a page asks for dozens. */
const hundredths: (string | undefined)[] = [];

/** A length for a content stream: two decimals, under a hundredth of a millimetre. */
function points(value: number): string {
  const rounded = Math.round(value * 100);
  if (rounded < 0 || rounded >= MOST_HUNDREDTHS) return String(rounded / 100);
  return (hundredths[rounded] ??= String(rounded / 100));
}
