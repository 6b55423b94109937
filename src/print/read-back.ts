// Room: print. Reads a written print file back, from its bytes alone, and says what stands on each page: the proof that
// no digit was lost on the way (an insurer once printed 2,071 cards with a digit lost to font substitution).
// It reads what print files of todoke contain, by the cross-reference table, and refuses anything else.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { FontStack } from './fonts.ts';
import { TrueTypeSource, componentPlaces } from './subset.ts';

/** Something in the file is not what was meant. Names page and place, never the text. */
export class ReadBackError extends Error {}

/** The text of each page, in the order it is drawn; pages that share one stream share one string. */
export function readBack(file: string): { pages: string[]; fonts: ReadFont[] } {
  const reader = new Reader(readFileSync(file));
  const pages = reader.object(reader.reference(reader.trailer, 'Root'));
  const tree = reader.object(reader.reference(pages, 'Pages'));
  const fonts = reader.fonts(reader.object(reader.reference(tree, 'Resources')));
  const streams = new Map<number, string>();
  const kids = /\/Kids\[([^\]]*)\]/.exec(tree)?.[1] ?? '';
  const texts = Array.from(kids.matchAll(/(\d+) 0 R/g), (kid) => {
    const contents = reader.reference(reader.object(Number(kid[1])), 'Contents');
    let text = streams.get(contents);
    if (text === undefined) streams.set(contents, (text = pageText(reader.stream(contents), fonts)));
    return text;
  });
  return { pages: texts, fonts: [...fonts.values()] };
}

/** A font as the file holds it. */
export interface ReadFont {
  /** Place in the font stack, from the resource name. */
  readonly index: number;
  readonly program: Buffer;
  readonly texts: readonly string[];
}

/**
 * Compares every page's text with what was meant, and every embedded outline with the font it came from.
 * Throws a ReadBackError that names the first page that differs.
 */
export function verifyPrintFile(file: string, meant: readonly string[], stack: FontStack): void {
  const { pages, fonts } = readBack(file);
  if (pages.length !== meant.length)
    throw new ReadBackError(`${pages.length}ページあります。${meant.length}ページのはずでした。`);
  for (const [i, text] of pages.entries())
    if (text !== meant[i]) throw new ReadBackError(`${i + 1}ページの文字が元のデータと違います。`);
  for (const font of fonts) verifyOutlines(font, stack);
}

/** Every character's outline must be the one the stack's font has for it. */
function verifyOutlines(font: ReadFont, stack: FontStack): void {
  const source = new TrueTypeSource(stack.file(font.index).bytes);
  const written = new TrueTypeSource(font.program);
  for (const [number, text] of font.texts.entries()) {
    if (text === undefined) continue;
    if (!sameOutline(source, stack.idIn(font.index, text), written, number))
      throw new ReadBackError(
        `文字 U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase()} の字形が元のフォントと違います。`,
      );
  }
}

function sameOutline(source: TrueTypeSource, id: number, written: TrueTypeSource, number: number): boolean {
  const original = source.outline(id);
  const copy = written.outline(number).subarray(0, original.length);
  const places = componentPlaces(original);
  if (places.length === 0) return original.equals(copy);
  if (copy.length !== original.length) return false;
  return places.every((place) => sameOutline(source, original.readUInt16BE(place), written, copy.readUInt16BE(place)));
}

/** Characters a stream shows: hexadecimal strings before `Tj`, by the font last set. */
function pageText(content: Buffer, fonts: ReadonlyMap<string, ReadFont>): string {
  let text = '';
  // Everything shown stands between BT and ET; what follows are codes, whose bytes may look like anything.
  const from = content.indexOf('BT ');
  if (from < 0) return '';
  const words = content.toString('latin1', from, content.indexOf(' ET\n', from));
  let font: ReadFont | undefined;
  for (let at = 0; at < words.length; at++) {
    const c = words.charCodeAt(at);
    if (c === 0x2f) {
      const end = words.indexOf(' ', at);
      font = fonts.get(words.slice(at + 1, end));
      at = end;
    } else if (c === 0x3c) {
      const end = words.indexOf('>', at);
      if (!font) throw new ReadBackError('フォントのない文字列があります。');
      for (let i = at + 1; i < end; i += 4) text += font.texts[Number.parseInt(words.slice(i, i + 4), 16)] ?? '\uFFFD';
      at = end;
    }
  }
  return text;
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

  reference(text: string, key: string): number {
    const found = new RegExp(`/${key} (\\d+) 0 R`).exec(text)?.[1];
    if (found === undefined) throw new ReadBackError(`${key} がありません。`);
    return Number(found);
  }

  fonts(resources: string): Map<string, ReadFont> {
    const fonts = new Map<string, ReadFont>();
    for (const [, name = '', index, number] of resources.matchAll(/\/(F(\d+)) (\d+) 0 R/g)) {
      const font = this.object(Number(number));
      const descendant = this.object(Number(/\/DescendantFonts\[(\d+) 0 R\]/.exec(font)?.[1]));
      const descriptor = this.object(this.reference(descendant, 'FontDescriptor'));
      const texts: string[] = [];
      const unicode = this.stream(this.reference(font, 'ToUnicode')).toString('latin1');
      for (const [, code = '', value = ''] of unicode.matchAll(/^<([0-9a-f]{4})><([0-9a-f]+)>$/gm))
        texts[Number.parseInt(code, 16)] = Buffer.from(value, 'hex').swap16().toString('utf16le');
      fonts.set(name, { index: Number(index), program: this.stream(this.reference(descriptor, 'FontFile2')), texts });
    }
    return fonts;
  }
}
