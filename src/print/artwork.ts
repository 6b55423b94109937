// Room: print. Artwork taken out of the PDF Typst makes of it: one page becomes one form XObject with everything it
// draws on, as numbered parts that a print file takes in under its own numbers.
import { deflateSync } from 'node:zlib';
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream, PDFRef, decodePDFRawStream } from '@cantoo/pdf-lib';
import type { PDFObject } from '@cantoo/pdf-lib';

/** One object: text between references, the numbers of the references (within the artwork), and a stream's bytes. */
export interface Part {
  readonly text: readonly string[];
  readonly refs: readonly number[];
  readonly stream: Uint8Array | null;
}

/** Part 0 is the form XObject. Plain data: it may be sent to another process. */
export interface Artwork {
  readonly parts: readonly Part[];
}

/** Takes the first page of a PDF apart. `width`, `height`: its media box in points. */
export async function takeArtwork(pdf: Uint8Array): Promise<Artwork> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  const page = document.getPage(0);
  const { width, height } = page.getSize();
  const content = contentOf(document, page.node.Contents());
  const compressed = deflateSync(content, { level: 9 });
  const copier = new Taker(document);
  const resources = document.context.lookup(page.node.get(PDFName.of('Resources')), PDFDict);
  copier.begin();
  copier.add(`<</Type/XObject/Subtype/Form/BBox[0 0 ${round(width)} ${round(height)}]/Filter/FlateDecode`);
  copier.add(`/Length ${compressed.length}/Resources`);
  copier.write(resources);
  copier.add('>>');
  copier.end(compressed);
  return { parts: copier.rest() };
}

function contentOf(document: PDFDocument, contents: PDFObject | undefined): Buffer {
  const streams = contents instanceof PDFArray ? contents.asArray() : contents ? [contents] : [];
  return Buffer.concat(
    streams.flatMap((entry) => {
      const stream = document.context.lookup(entry);
      if (!(stream instanceof PDFRawStream)) throw new Error('artwork: a content stream was expected');
      return [Buffer.from(decodePDFRawStream(stream).decode()), Buffer.from('\n')];
    }),
  );
}

/** Six decimals, no exponent. */
function round(value: number): string {
  return String(Math.round(value * 1e6) / 1e6);
}

/** Writes objects out, and those they refer to after them, each once. */
class Taker {
  readonly #document: PDFDocument;
  readonly #numbers = new Map<string, number>();
  readonly #waiting: PDFRef[] = [];
  readonly #parts: Part[] = [];
  #text: string[] = [''];
  #refs: number[] = [];

  constructor(document: PDFDocument) {
    this.#document = document;
  }

  begin(): void {
    this.#text = [''];
    this.#refs = [];
  }

  add(text: string): void {
    this.#text[this.#text.length - 1] += text;
  }

  end(stream: Uint8Array | null): void {
    this.#parts.push({ text: this.#text, refs: this.#refs, stream });
  }

  write(object: PDFObject): void {
    if (object instanceof PDFRef) {
      this.#refs.push(this.#number(object));
      this.#text.push('');
    } else if (object instanceof PDFDict) {
      this.add('<<');
      for (const [key, value] of object.entries()) {
        // What ties a page to its document is not artwork.
        if (key === PDFName.of('StructParents') || key === PDFName.of('Parent')) continue;
        this.add(`${key.asString()} `);
        this.write(value);
      }
      this.add('>>');
    } else if (object instanceof PDFArray) {
      this.add('[');
      for (const value of object.asArray()) {
        this.write(value);
        this.add(' ');
      }
      this.add(']');
    } else this.add(`${object.toString()} `);
  }

  rest(): Part[] {
    for (let ref = this.#waiting.shift(); ref; ref = this.#waiting.shift()) {
      const object = this.#document.context.lookup(ref);
      this.begin();
      if (object instanceof PDFRawStream) {
        this.write(object.dict);
        this.end(object.contents);
      } else {
        if (object) this.write(object);
        else this.add('null');
        this.end(null);
      }
    }
    return this.#parts;
  }

  #number(ref: PDFRef): number {
    const known = this.#numbers.get(ref.toString());
    if (known !== undefined) return known;
    const next = this.#numbers.size + 1;
    this.#numbers.set(ref.toString(), next);
    this.#waiting.push(ref);
    return next;
  }
}
