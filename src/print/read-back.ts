// Room: print. Reads a written print file back, from its bytes alone, and says what stands on each page: the proof that
// no digit was lost on the way (an insurer once printed 2,071 cards with a digit lost to font substitution).
// It reads what print files of todoke contain, by the cross-reference table, and refuses anything else.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { isCff, openCff } from './cff.ts';
import type { FontFile, FontStack } from './fonts.ts';
import { TrueTypeSource, componentPlaces } from './subset.ts';

/** Something in the file is not what was meant. Names page and place, never the text. */
class ReadBackError extends Error {}

/** A font as the file holds it. */
interface ReadFont {
  /** Place in the font stack, from the resource name. */
  readonly index: number;
  readonly program: Buffer;
  /** What each glyph number says (ToUnicode). */
  readonly texts: readonly string[];
  /** The same as one UTF-16 unit, where it is one; else -1. */
  readonly units: readonly number[];
}

/** The texts of a file's pages as they were meant, in the order they are drawn; kept as units until they are compared. */
export class PageTexts {
  #units = new Uint16Array(1 << 15);
  readonly #ends: number[] = [];

  constructor(texts: Iterable<string> = []) {
    for (const text of texts) this.add(text);
  }

  get count(): number {
    return this.#ends.length;
  }

  add(text: string): void {
    const start = this.#ends.at(-1) ?? 0;
    if (start + text.length > this.#units.length) {
      const more = new Uint16Array((start + text.length) * 2);
      more.set(this.#units);
      this.#units = more;
    }
    for (let i = 0; i < text.length; i++) this.#units[start + i] = text.charCodeAt(i);
    this.#ends.push(start + text.length);
  }

  /** The units of a page, from 0. */
  of(page: number): Uint16Array {
    return this.#units.subarray(this.#ends[page - 1] ?? 0, this.#ends[page]);
  }
}

/**
 * Compares every page's text with what was meant, and every embedded outline with the font it came from.
 * `meant`: the text of each page, in the order it is drawn. Throws a ReadBackError that names the first page that differs.
 */
export function verifyPrintFile(file: string, meant: PageTexts, stack: FontStack): void {
  const reader = new Reader(readFileSync(file));
  const tree = reader.object(reader.reference(reader.object(reader.reference(reader.trailer, 'Root')), 'Pages'));
  const kids = Array.from((/\/Kids\[([^\]]*)\]/.exec(tree)?.[1] ?? '').matchAll(/(\d+) 0 R/g), (kid) => Number(kid[1]));
  if (kids.length !== meant.count)
    throw new ReadBackError(`${kids.length}ページあります。${meant.count}ページのはずでした。`);
  const fonts = reader.fonts(reader.object(reader.reference(tree, 'Resources')));
  // Pages may share a stream (backs without a remark): it is read once for each text it should show.
  const seen = new Map<number, number>();
  for (const [i, kid] of kids.entries()) {
    const contents = reader.reference(reader.object(kid), 'Contents');
    const text = meant.of(i);
    const before = seen.get(contents);
    if (before !== undefined && sameUnits(meant.of(before), text)) continue;
    if (!shows(reader.pageStream(contents), fonts, text))
      throw new ReadBackError(`${i + 1}ページの文字が元のデータと違います。`);
    seen.set(contents, i);
  }
  for (const font of fonts) if (font) verifyOutlines(font, stack);
}

/** Pages of a print file, by its page tree. Throws a ReadBackError for a file that is none. */
export function countPages(bytes: Uint8Array): number {
  const reader = new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const tree = reader.object(reader.reference(reader.object(reader.reference(reader.trailer, 'Root')), 'Pages'));
  return (/\/Kids\[([^\]]*)\]/.exec(tree)?.[1] ?? '').match(/\d+ 0 R/g)?.length ?? 0;
}

/** Every character's outline must be the one the stack's font has for it. */
function verifyOutlines(font: ReadFont, stack: FontStack): void {
  const same = comparison(stack.file(font.index), font.program);
  for (const [number, text] of font.texts.entries()) {
    if (text === undefined) continue;
    if (!same(stack.idIn(font.index, text), number))
      throw new ReadBackError(
        `文字 U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase()} の字形が元のフォントと違います。`,
      );
  }
}

/** Says whether a glyph of a font and one of the program cut from it have one outline. */
function comparison({ bytes, font }: FontFile, program: Buffer): (id: number, number: number) => boolean {
  if (isCff(bytes)) {
    const written = openCff(program, bytes);
    return (id, number) => font.getGlyph(id).path.toSVG() === written.getGlyph(number).path.toSVG();
  }
  const [source, written] = [new TrueTypeSource(bytes), new TrueTypeSource(program)];
  return (id, number) => sameOutline(source, id, written, number);
}

function sameOutline(source: TrueTypeSource, id: number, written: TrueTypeSource, number: number): boolean {
  const original = source.outline(id);
  const copy = written.outline(number).subarray(0, original.length);
  const places = componentPlaces(original);
  if (places.length === 0) return original.equals(copy);
  if (copy.length !== original.length) return false;
  return places.every((place) => sameOutline(source, original.readUInt16BE(place), written, copy.readUInt16BE(place)));
}

const [B, T, E, SLASH, OPEN, CLOSE, SPACE] = Array.from('BTE/() ', (c) => c.charCodeAt(0)) as [
  ...[number, number, number, number, number, number, number],
];

/** Whether a stream shows exactly this text: its strings of two-byte numbers between BT and ET, by the font last set. */
function shows(content: Buffer, fonts: readonly (ReadFont | undefined)[], meant: Uint16Array): boolean {
  // What follows ET are codes, whose bytes may look like anything.
  let at = content.indexOf('BT ');
  if (at < 0 || content[at] !== B || content[at + 1] !== T) return meant.length === 0;
  let font: ReadFont | undefined;
  let read = 0;
  for (; at < content.length; at++) {
    const c = content[at];
    if (c === SLASH) {
      // `/F3 `: the font's place in the stack.
      let index = 0;
      for (at += 2; content[at] !== SPACE; at++) index = index * 10 + (content[at] as number) - 0x30;
      font = fonts[index];
    } else if (c === OPEN) {
      for (at += 1; content[at] !== CLOSE; at += 2) {
        const code = ((content[at] as number) << 8) | (content[at + 1] as number);
        const length = font === undefined ? 0 : saidLength(font, code, meant, read);
        if (length === 0) return false;
        read += length;
      }
    } else if (c === E && content[at + 1] === T) break;
  }
  return read === meant.length;
}

/** Units a glyph says at a place of what was meant; 0 where it says something else, or nothing. */
function saidLength(font: ReadFont, code: number, meant: Uint16Array, at: number): number {
  const unit = font.units[code];
  if (unit !== undefined && unit >= 0) return meant[at] === unit ? 1 : 0;
  const text = font.texts[code] ?? '';
  for (let i = 0; i < text.length; i++) if (meant[at + i] !== text.charCodeAt(i)) return 0;
  return text.length;
}

function sameUnits(a: Uint16Array, b: Uint16Array): boolean {
  return a.length === b.length && a.every((unit, i) => unit === b[i]);
}

class Reader {
  readonly #bytes: Buffer;
  readonly #offsets: number[] = [];
  readonly trailer: string;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const tail = bytes.toString('latin1', Math.max(0, bytes.length - 400));
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(tail)?.[1] ?? Number.NaN);
    if (!Number.isInteger(start) || bytes.toString('latin1', start, start + 5) !== 'xref\n')
      throw new ReadBackError('ファイルの終わりがありません。');
    const count = Number(/^0 (\d+)\n/.exec(bytes.toString('latin1', start + 5, start + 25))?.[1]);
    const first = start + 5 + `0 ${count}\n`.length;
    for (let number = 0; number < count; number++)
      this.#offsets.push(Number(bytes.toString('latin1', first + number * 20, first + number * 20 + 10)));
    this.trailer = tail.slice(tail.lastIndexOf('trailer'));
  }

  /** The text of an object, up to its stream or its end. */
  object(number: number): string {
    const at = this.#offsets[number];
    const opening = `${number} 0 obj\n`;
    if (at === undefined || this.#bytes.toString('latin1', at, at + opening.length) !== opening)
      throw new ReadBackError(`オブジェクト${number}がありません。`);
    const from = at + opening.length;
    const stream = this.#bytes.indexOf('\nstream\n', from);
    const end = this.#bytes.indexOf('\nendobj\n', from);
    return this.#bytes.toString('latin1', from, stream >= 0 && stream < end ? stream : end);
  }

  stream(number: number): Buffer {
    const head = this.#head(number);
    const length = Number(/\/Length (\d+)/.exec(head.text)?.[1]);
    const bytes = this.#bytes.subarray(head.end, head.end + length);
    return head.text.includes('/FlateDecode') ? inflateSync(bytes) : bytes;
  }

  #head(number: number): { text: string; end: number } {
    const at = this.#offsets[number] as number;
    const end = this.#bytes.indexOf('\nstream\n', at);
    return { text: this.#bytes.toString('latin1', at, end), end: end + '\nstream\n'.length };
  }

  /** The content of a page: small, so small buffers serve. */
  pageStream(number: number): Buffer {
    const { text, end } = this.#head(number);
    const length = Number(text.slice(text.indexOf('/Length ') + 8, -2));
    return inflateSync(this.#bytes.subarray(end, end + length), { chunkSize: 2048 });
  }

  reference(text: string, key: string): number {
    const at = text.indexOf(`/${key} `);
    const number = Number.parseInt(text.slice(at + key.length + 2), 10);
    if (at < 0 || Number.isNaN(number)) throw new ReadBackError(`${key} がありません。`);
    return number;
  }

  /** Fonts by their place in the stack. */
  fonts(resources: string): (ReadFont | undefined)[] {
    const fonts: (ReadFont | undefined)[] = [];
    for (const [, index, number] of resources.matchAll(/\/F(\d+) (\d+) 0 R/g)) {
      const font = this.object(Number(number));
      const descendant = this.object(Number(/\/DescendantFonts\[(\d+) 0 R\]/.exec(font)?.[1]));
      const descriptor = this.object(this.reference(descendant, 'FontDescriptor'));
      const texts: string[] = [];
      const cmap = this.stream(this.reference(font, 'ToUnicode')).toString('latin1');
      const unicode = cmap.slice(cmap.indexOf('endcodespacerange'));
      for (const [, code = '', value = ''] of unicode.matchAll(/^<([0-9a-f]{4})><([0-9a-f]+)>$/gm))
        texts[Number.parseInt(code, 16)] = Buffer.from(value, 'hex').swap16().toString('utf16le');
      const file = descriptor.includes('/FontFile3 ') ? 'FontFile3' : 'FontFile2';
      const program = this.stream(this.reference(descriptor, file));
      const units = Array.from(texts, (text) => (text?.length === 1 ? text.charCodeAt(0) : -1));
      fonts[Number(index)] = { index: Number(index), program, texts, units };
    }
    return fonts;
  }
}
