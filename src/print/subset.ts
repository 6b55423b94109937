// Room: print. Fonts cut down to the glyphs a print file uses: what all have in common, and TrueType, whose outlines are
// copied byte for byte; only the component numbers inside composite glyphs change. Glyphs get their new numbers in the
// order they are first used. Source: ISO/IEC 14496-22 (OpenType) §5.2, §5.3. Fonts with CFF outlines: cff.ts.

const HEAD_LOCA_FORMAT = 50;
const HEAD_CHECKSUM_ADJUSTMENT = 8;
const HHEA_METRICS = 34;
const MAXP_GLYPHS = 4;
const MAGIC = 0xb1b0afba;
/** Tables copied as they are; the programs are needed because the outlines carry their instructions. */
const KEPT = ['cvt ', 'fpgm', 'prep'] as const;

interface Table {
  readonly offset: number;
  readonly length: number;
}

/** The tables of a font file. */
export class FontTables {
  readonly bytes: Buffer;
  readonly #tables = new Map<string, Table>();

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    for (let i = 0, at = 12; i < bytes.readUInt16BE(4); i++, at += 16) {
      this.#tables.set(bytes.toString('latin1', at, at + 4), {
        offset: bytes.readUInt32BE(at + 8),
        length: bytes.readUInt32BE(at + 12),
      });
    }
  }

  has(tag: string): boolean {
    return this.#tables.has(tag);
  }

  offset(tag: string): number {
    const table = this.#tables.get(tag);
    if (!table) throw new Error(`the font has no ${tag} table`);
    return table.offset;
  }

  /** A copy of a table, or null. */
  table(tag: string): Buffer | null {
    const table = this.#tables.get(tag);
    return table ? Buffer.from(this.bytes.subarray(table.offset, table.offset + table.length)) : null;
  }
}

/** The outlines of a TrueType font file. */
export class TrueTypeSource extends FontTables {
  readonly #loca: (id: number) => number;
  readonly #glyf: number;
  readonly #hmtx: number;
  readonly #metrics: number;

  constructor(bytes: Buffer) {
    super(bytes);
    const head = this.offset('head');
    const loca = this.offset('loca');
    this.#loca =
      bytes.readInt16BE(head + HEAD_LOCA_FORMAT) === 0
        ? (id) => bytes.readUInt16BE(loca + id * 2) * 2
        : (id) => bytes.readUInt32BE(loca + id * 4);
    this.#glyf = this.offset('glyf');
    this.#hmtx = this.offset('hmtx');
    this.#metrics = bytes.readUInt16BE(this.offset('hhea') + HHEA_METRICS);
  }

  /** The outline of a glyph; empty for a blank one. */
  outline(id: number): Buffer {
    return this.bytes.subarray(this.#glyf + this.#loca(id), this.#glyf + this.#loca(id + 1));
  }

  /** Advance width and left side bearing, in font units. */
  metric(id: number): { advance: number; bearing: number } {
    const last = Math.min(id, this.#metrics - 1);
    const bearingAt =
      id < this.#metrics ? this.#hmtx + id * 4 + 2 : this.#hmtx + this.#metrics * 4 + (id - this.#metrics) * 2;
    return { advance: this.bytes.readUInt16BE(this.#hmtx + last * 4), bearing: this.bytes.readInt16BE(bearingAt) };
  }
}

/** The places of component glyph numbers inside a composite outline. */
export function componentPlaces(outline: Buffer): number[] {
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) return [];
  const places: number[] = [];
  for (let at = 10, more = true; more;) {
    const flags = outline.readUInt16BE(at);
    places.push(at + 2);
    at += 4 + (flags & 0x0001 ? 4 : 2);
    if (flags & 0x0008) at += 2;
    else if (flags & 0x0040) at += 4;
    else if (flags & 0x0080) at += 8;
    more = (flags & 0x0020) !== 0;
  }
  return places;
}

function isSpecial(byte: number): boolean {
  return byte === 0x28 || byte === 0x29 || byte === 0x5c || byte === 0x0d;
}

/** A subset that grows while pages are stamped. */
export abstract class Subset {
  readonly #ids: number[] = [0];

  /**
   * Takes a glyph in and gives its number. A glyph taken twice gets two numbers. Numbers whose bytes mean something in a
   * PDF string (parentheses, backslash, carriage return) are passed over, so that pages can say numbers as they are.
   */
  add(id: number): number {
    while (isSpecial(this.#ids.length & 0xff) || isSpecial(this.#ids.length >> 8)) this.#ids.push(0);
    const number = this.#ids.length;
    this.#ids.push(id);
    return number;
  }

  /** Source glyph ids by their number in the subset. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  /** Advance width of a source glyph in font units. */
  abstract advance(id: number): number;

  /** The font program that goes into the PDF. */
  abstract encode(): Buffer;
}

export class TrueTypeSubset extends Subset {
  readonly #source: TrueTypeSource;
  readonly #numbers = new Map<number, number>([[0, 0]]);

  constructor(source: TrueTypeSource) {
    super();
    this.#source = source;
  }

  override add(id: number): number {
    const number = super.add(id);
    if (!this.#numbers.has(id)) this.#numbers.set(id, number);
    return number;
  }

  advance(id: number): number {
    return this.#source.metric(id).advance;
  }

  /** glyf, loca, hmtx and what a PDF reader needs beside them. */
  encode(): Buffer {
    const outlines: Buffer[] = [];
    // The list grows as components of composites are met.
    for (let number = 0; number < this.ids.length; number++)
      outlines.push(this.#renumbered(this.ids[number] as number));
    const loca = Buffer.alloc((outlines.length + 1) * 4);
    const hmtx = Buffer.alloc(outlines.length * 4);
    let at = 0;
    for (const [number, outline] of outlines.entries()) {
      loca.writeUInt32BE(at, number * 4);
      at += outline.length;
      const { advance, bearing } = this.#source.metric(this.ids[number] as number);
      hmtx.writeUInt16BE(advance, number * 4);
      hmtx.writeInt16BE(bearing, number * 4 + 2);
    }
    loca.writeUInt32BE(at, outlines.length * 4);
    const tables = new Map<string, Buffer>([
      ['glyf', Buffer.concat(outlines)],
      ['loca', loca],
      ['hmtx', hmtx],
    ]);
    for (const tag of ['head', 'hhea', 'maxp', ...KEPT]) {
      const table = this.#source.table(tag);
      if (table) tables.set(tag, table);
    }
    tables.get('head')?.writeInt16BE(1, HEAD_LOCA_FORMAT);
    tables.get('head')?.writeUInt32BE(0, HEAD_CHECKSUM_ADJUSTMENT);
    tables.get('hhea')?.writeUInt16BE(outlines.length, HHEA_METRICS);
    tables.get('maxp')?.writeUInt16BE(outlines.length, MAXP_GLYPHS);
    return assemble('\x00\x01\x00\x00', tables);
  }

  #renumbered(id: number): Buffer {
    const outline = this.#source.outline(id);
    const places = componentPlaces(outline);
    const padding = Buffer.alloc((4 - (outline.length % 4)) % 4);
    const copy = Buffer.concat([outline, padding]);
    for (const place of places) copy.writeUInt16BE(this.#component(outline.readUInt16BE(place)), place);
    return copy;
  }

  #component(id: number): number {
    return this.#numbers.get(id) ?? this.add(id);
  }
}

/** A font file of these tables. `version`: the four characters it begins with. */
export function assemble(version: string, tables: Map<string, Buffer>): Buffer {
  const tags = [...tables.keys()].sort();
  const header = Buffer.alloc(12 + tags.length * 16);
  const power = Math.floor(Math.log2(tags.length));
  header.write(version, 'latin1');
  header.writeUInt16BE(tags.length, 4);
  header.writeUInt16BE(2 ** power * 16, 6);
  header.writeUInt16BE(power, 8);
  header.writeUInt16BE((tags.length - 2 ** power) * 16, 10);
  const parts = [header];
  let offset = header.length;
  let headOffset = 0;
  for (const [i, tag] of tags.entries()) {
    const table = tables.get(tag) as Buffer;
    const padded = Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)]);
    const at = 12 + i * 16;
    header.write(tag, at, 'latin1');
    header.writeUInt32BE(checksum(padded), at + 4);
    header.writeUInt32BE(offset, at + 8);
    header.writeUInt32BE(table.length, at + 12);
    if (tag === 'head') headOffset = offset;
    parts.push(padded);
    offset += padded.length;
  }
  const file = Buffer.concat(parts);
  file.writeUInt32BE((MAGIC - checksum(file)) >>> 0, headOffset + HEAD_CHECKSUM_ADJUSTMENT);
  return file;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}
