// Room: print. Writes a print file: PDF 1.7, artwork once, fonts as shared subsets, one compressed stream a page.
// The same pages give the same bytes; no clock, no random number.
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import type { Artwork } from './artwork.ts';
import type { FontFile, FontStack, Glyph } from './fonts.ts';
import { CffSubset, isCff } from './cff.ts';
import { deflatePage } from './deflate.ts';
import { TrueTypeSource, TrueTypeSubset } from './subset.ts';
import type { Subset } from './subset.ts';

/** Fonts of one print file: subsets that grow while its pages are stamped. */
export class FontSet {
  readonly #stack: FontStack;
  readonly #subsets: (Subset | undefined)[] = [];
  readonly #texts: string[][] = [];
  /** By the glyph's serial. */
  readonly #known: (string | undefined)[] = [];
  readonly #numbers = new Map<string, string>();

  constructor(stack: FontStack) {
    this.#stack = stack;
  }

  /** The glyph's number in its subset as two characters, for a string in a page's stream; none needs an escape. */
  code(glyph: Glyph): string {
    return (this.#known[glyph.serial] ??= this.#number(glyph));
  }

  // Two characters may share an outline; each gets a number of its own, so that a page is read back as it was meant.
  #number({ file, id, text }: Glyph): string {
    const key = `${file.index} ${id} ${text}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const subset = (this.#subsets[file.index] ??= subsetOf(file));
    const number = subset.add(id);
    (this.#texts[file.index] ??= [])[number] = text;
    const code = String.fromCharCode(number >> 8, number & 0xff);
    this.#numbers.set(key, code);
    return code;
  }

  /** Subsets by their file's place in the stack, with what each glyph says. */
  *used(): Iterable<{ file: FontFile; subset: Subset; texts: readonly string[] }> {
    for (const [index, subset] of this.#subsets.entries())
      if (subset) yield { file: this.#stack.file(index), subset, texts: this.#texts[index] as string[] };
  }
}

const sources = new WeakMap<FontFile, TrueTypeSource>();

function sourceOf(file: FontFile): TrueTypeSource {
  let source = sources.get(file);
  if (!source) sources.set(file, (source = new TrueTypeSource(file.bytes)));
  return source;
}

function subsetOf(file: FontFile): Subset {
  return isCff(file.bytes) ? new CffSubset(file.font) : new TrueTypeSubset(sourceOf(file));
}

function hex4(number: number): string {
  return number.toString(16).padStart(4, '0');
}

export interface PrintFileOptions {
  /** Where the finished file goes; written as `<path>.part` until then. */
  readonly path: string;
  readonly title: string;
  /** Trimmed size and bleed in points, one for all pages. */
  readonly width: number;
  readonly height: number;
  readonly bleed: number;
  /** Form XObjects by resource name (`/A0` …), in this order. */
  readonly artworks: readonly Artwork[];
}

export interface WrittenPrintFile {
  readonly pageCount: number;
  readonly byteCount: number;
  readonly sha256: string;
}

const CATALOG = 1;
const PAGES = 2;
const INFO = 3;
const METADATA = 4;
const RESOURCES = 5;
const FIRST_FREE = 6;
/** Bytes gathered before they are written. */
const BLOCK_BYTES = 1 << 18;
/** The bytes of a page's content, in a buffer that the next page uses again. */
function latin1(content: string): Buffer {
  if (content.length > scratch.length) scratch = Buffer.allocUnsafeSlow(content.length * 2);
  return scratch.subarray(0, scratch.write(content, 'latin1'));
}
let scratch = Buffer.allocUnsafeSlow(1 << 14);

export class PrintFile {
  readonly fonts: FontSet;
  readonly #options: PrintFileOptions;
  readonly #part: string;
  readonly #pageHead: string;
  readonly #hash: Hash = createHash('sha256');
  #descriptor: number | null;
  readonly #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  /** Bytes of the block that wait to be written, and text that waits to go behind them. */
  #waiting = 0;
  #words = '';
  #position = 0;
  #next = FIRST_FREE;
  readonly #offsets: number[] = [];
  readonly #pages: number[] = [];
  readonly #artworkNumbers: number[] = [];
  readonly #shared = new Map<string, number>();

  constructor(options: PrintFileOptions, stack: FontStack) {
    this.#options = options;
    this.fonts = new FontSet(stack);
    const { width, height, bleed } = options;
    const trim = bleed === 0 ? '' : `/TrimBox[${n(bleed)} ${n(bleed)} ${n(width + bleed)} ${n(height + bleed)}]`;
    this.#pageHead = `<</Type/Page/Parent ${PAGES} 0 R${trim}/Contents `;
    this.#part = `${options.path}.part`;
    this.#descriptor = openSync(this.#part, 'w');
    this.#text('%PDF-1.7\n%\u00E2\u00E3\u00CF\u00D3\n');
    for (const artwork of options.artworks) this.#artwork(artwork);
  }

  get pageCount(): number {
    return this.#pages.length;
  }

  /** Adds a page. `shared`: the same content comes again (backs without a remark) and is stored once. */
  addPage(content: string, shared = false): void {
    let stream = shared ? this.#shared.get(content) : undefined;
    if (stream === undefined) {
      const bytes = deflatePage(latin1(content));
      stream = this.#next++;
      this.#stream(stream, '/Filter/FlateDecode', bytes);
      if (shared) this.#shared.set(content, stream);
    }
    const page = this.#next++;
    this.#object(page, `${this.#pageHead}${stream} 0 R>>`);
    this.#pages.push(page);
  }

  /** Writes fonts, page tree and cross-reference table and makes the file durable, still under `part`. */
  finish(): WrittenPrintFile {
    const fonts = [...this.fonts.used()].map(({ file, subset, texts }) => [
      file.index,
      this.#font(file, subset, texts),
    ]);
    const { width, height, bleed, title } = this.#options;
    const artworks = this.#artworkNumbers.map((number, i) => `/A${i} ${number} 0 R`).join('');
    this.#object(
      RESOURCES,
      `<</Font<<${fonts.map(([index, number]) => `/F${index} ${number} 0 R`).join('')}>>/XObject<<${artworks}>>>>`,
    );
    this.#object(
      PAGES,
      `<</Type/Pages/Count ${this.#pages.length}/MediaBox[0 0 ${n(width + 2 * bleed)} ${n(height + 2 * bleed)}]` +
        `/Resources ${RESOURCES} 0 R/Kids[${this.#pages.map((page) => `${page} 0 R`).join(' ')}]>>`,
    );
    this.#object(INFO, `<</Title ${hexText(title)}/Creator(todoke)/Producer(todoke)>>`);
    this.#stream(METADATA, '/Type/Metadata/Subtype/XML', Buffer.from(xmp(title)));
    this.#object(
      CATALOG,
      `<</Type/Catalog/Version/1.7/Pages ${PAGES} 0 R/Metadata ${METADATA} 0 R/Lang(ja-JP)` +
        '/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>>>',
    );
    const start = this.#position;
    const lines = [`xref\n0 ${this.#next}\n0000000000 65535 f \n`];
    for (let number = 1; number < this.#next; number++)
      lines.push(`${String(this.#offsets[number]).padStart(10, '0')} 00000 n \n`);
    this.#text(lines.join(''));
    // The id of the file is the hash of everything before it.
    this.#flush();
    const id = this.#hash.copy().digest('hex').slice(0, 32);
    this.#text(
      `trailer\n<</Size ${this.#next}/Root ${CATALOG} 0 R/Info ${INFO} 0 R/ID[<${id}><${id}>]>>\nstartxref\n${start}\n%%EOF\n`,
    );
    this.#flush();
    const descriptor = this.#descriptor as number;
    fsyncSync(descriptor);
    closeSync(descriptor);
    this.#descriptor = null;
    return { pageCount: this.#pages.length, byteCount: this.#position, sha256: this.#hash.digest('hex') };
  }

  /** The file as it is called until `keep`. */
  get part(): string {
    return this.#part;
  }

  /** Gives the finished file its name. */
  keep(): void {
    renameSync(this.#part, this.#options.path);
  }

  /** Gives the file up; nothing of it stays. */
  abandon(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
    rmSync(this.#part, { force: true });
  }

  #artwork(artwork: Artwork): void {
    const base = this.#next;
    this.#next += artwork.parts.length;
    this.#artworkNumbers.push(base);
    for (const [i, part] of artwork.parts.entries()) {
      let text = part.text[0] as string;
      for (const [r, ref] of part.refs.entries()) text += `${base + ref} 0 R${part.text[r + 1] as string}`;
      if (part.stream) this.#streamObject(base + i, text, part.stream);
      else this.#object(base + i, text);
    }
  }

  #font(file: FontFile, subset: Subset, texts: readonly string[]): number {
    const program = subset.encode();
    const { font } = file;
    const em = (value: number): number => Math.round((value * 1000) / font.unitsPerEm);
    const [type0, cid, descriptor, data, unicode] = [
      this.#next++,
      this.#next++,
      this.#next++,
      this.#next++,
      this.#next++,
    ];
    const name = `/${subsetTag(program)}+${font.postscriptName}`;
    const { bbox } = font;
    const widths = subset.ids.map((id) => em(subset.advance(id)));
    const cff = isCff(file.bytes);
    const kind = cff ? '/Subtype/CIDFontType0C' : `/Length1 ${program.length}`;
    this.#stream(data, `${kind}/Filter/FlateDecode`, deflateSync(program));
    this.#stream(unicode, '/Filter/FlateDecode', deflateSync(Buffer.from(toUnicode(texts), 'latin1')));
    this.#object(
      descriptor,
      `<</Type/FontDescriptor/FontName${name}/Flags 4/FontBBox[${em(bbox.minX)} ${em(bbox.minY)} ${em(bbox.maxX)} ` +
        `${em(bbox.maxY)}]/ItalicAngle 0/Ascent ${em(font.ascent)}/Descent ${em(font.descent)}/CapHeight ` +
        `${em(font.capHeight)}/StemV 80/FontFile${cff ? 3 : 2} ${data} 0 R>>`,
    );
    this.#object(
      cid,
      `<</Type/Font/Subtype/CIDFontType${cff ? 0 : 2}/BaseFont${name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)` +
        `/Supplement 0>>/FontDescriptor ${descriptor} 0 R${cff ? '' : '/CIDToGIDMap/Identity'}/DW 1000` +
        `/W[0[${widths.join(' ')}]]>>`,
    );
    this.#object(
      type0,
      `<</Type/Font/Subtype/Type0/BaseFont${name}/Encoding/Identity-H/DescendantFonts[${cid} 0 R]` +
        `/ToUnicode ${unicode} 0 R>>`,
    );
    return type0;
  }

  #object(number: number, text: string): void {
    this.#offsets[number] = this.#position;
    this.#text(`${number} 0 obj\n${text}\nendobj\n`);
  }

  #stream(number: number, entries: string, bytes: Uint8Array): void {
    this.#streamObject(number, `<<${entries}/Length ${bytes.length}>>`, bytes);
  }

  #streamObject(number: number, dictionary: string, bytes: Uint8Array): void {
    this.#offsets[number] = this.#position;
    this.#text(`${number} 0 obj\n${dictionary}\nstream\n`);
    this.#bytes(bytes);
    this.#text('\nendstream\nendobj\n');
  }

  /** One character a byte. */
  #text(text: string): void {
    this.#words += text;
    this.#position += text.length;
  }

  #bytes(bytes: Uint8Array): void {
    this.#settle();
    this.#put(bytes);
    this.#position += bytes.length;
  }

  /** What waits as text goes behind what waits as bytes. */
  #settle(): void {
    const words = this.#words;
    this.#words = '';
    if (words.length > BLOCK_BYTES - this.#waiting) this.#put(Buffer.from(words, 'latin1'));
    else this.#waiting += this.#block.write(words, this.#waiting, 'latin1');
  }

  #put(bytes: Uint8Array): void {
    if (bytes.length > BLOCK_BYTES - this.#waiting) this.#empty();
    if (bytes.length > BLOCK_BYTES) return this.#write(bytes);
    this.#block.set(bytes, this.#waiting);
    this.#waiting += bytes.length;
  }

  #flush(): void {
    this.#settle();
    this.#empty();
  }

  #empty(): void {
    this.#write(this.#block.subarray(0, this.#waiting));
    this.#waiting = 0;
  }

  /** Hash and file take the bytes. */
  #write(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor as number, bytes, at);
  }
}

function n(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

/** Six capitals that name the subset, from its bytes. */
function subsetTag(program: Buffer): string {
  const digest = createHash('sha256').update(program).digest();
  return Array.from(digest.subarray(0, 6), (byte) => String.fromCharCode(65 + (byte % 26))).join('');
}

function hexText(text: string): string {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  return `<${bytes.toString('hex')}>`;
}

const utf16 = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex');

/** ToUnicode CMap of numbers 1… (ISO 32000-1 §9.10.3): at most a hundred lines a block. */
function toUnicode(texts: readonly string[]): string {
  const lines: string[] = [];
  for (const [number, text] of texts.entries()) if (text !== undefined) lines.push(`<${hex4(number)}><${utf16(text)}>`);
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += 100) {
    const block = lines.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return (
    '/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n' +
    '/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n' +
    '/CMapType 2 def\n1 begincodespacerange\n<0000><ffff>\nendcodespacerange\n' +
    `${blocks.join('\n')}\nendcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n`
  );
}

function xmp(title: string): string {
  const escaped = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return (
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n' +
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" ' +
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/">' +
    `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escaped}</rdf:li></rdf:Alt></dc:title>` +
    '<dc:language><rdf:Bag><rdf:li>ja-JP</rdf:li></rdf:Bag></dc:language>' +
    '<pdf:Producer>todoke</pdf:Producer><xmp:CreatorTool>todoke</xmp:CreatorTool>' +
    '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
  );
}
