// Room: print. The fonts of a run, asked in order: BIZ UDGothic, Noto Sans JP, then the insurer's own files.
// Every character is looked up before anything is drawn: what no font has is `null` and stops its piece; a variant no
// font has comes back as its base character, marked. Nothing is ever replaced silently.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as fontkit from 'fontkit';
import type { Font } from 'fontkit';
import { FontTables } from './subset.ts';

export type Weight = 400 | 700;

/** A font file of the stack. `index` is its place among all files of the stack, weights included. */
export interface FontFile {
  readonly index: number;
  readonly path: string;
  readonly bytes: Buffer;
  readonly font: Font;
}

/** One glyph as it will be drawn. */
export interface Glyph {
  /** Its place among all glyphs the stack has found so far. */
  readonly serial: number;
  readonly file: FontFile;
  readonly id: number;
  /** Advance width in em. */
  readonly advance: number;
  /** What a reader of the page must get back: the cluster, or its base character where the variant was replaced. */
  readonly text: string;
  /** Code points of a variant that no font has (`U+845B U+E01EF`), or ''. */
  readonly replaced: string;
}

const require = createRequire(import.meta.url);

function packaged(name: string, file: string): string {
  return path.join(path.dirname(require.resolve(`${name}/package.json`)), file);
}

const FAMILIES: readonly Record<Weight, string>[] = [
  {
    400: packaged('@expo-google-fonts/biz-udgothic', '400Regular/BIZUDGothic_400Regular.ttf'),
    700: packaged('@expo-google-fonts/biz-udgothic', '700Bold/BIZUDGothic_700Bold.ttf'),
  },
  {
    400: packaged('@expo-google-fonts/noto-sans-jp', '400Regular/NotoSansJP_400Regular.ttf'),
    700: packaged('@expo-google-fonts/noto-sans-jp', '700Bold/NotoSansJP_700Bold.ttf'),
  },
];

/** Files of the two packaged families, for Typst. */
export const PACKAGED_FONTS: readonly string[] = FAMILIES.flatMap((family) => [family[400], family[700]]);

// Variation selectors 1–16 and the ideographic ones; kana voicing marks that follow their kana.
const VARIATION = /[\uFE00-\uFE0F]|\uDB40[\uDD00-\uDDEF]/;
const SPECIAL = /\u3099|\u309A|[\uFE00-\uFE0F]|[\uD800-\uDFFF]/;
const PRIVATE_USE = /^[\uE000-\uF8FF]|^[\uDB80-\uDBFF]/;

/** The clusters of a text: a character with its variation selector; kana and its voicing mark as one character. */
function clustersOf(text: string): string[] {
  const clusters: string[] = [];
  for (const character of text) {
    const last = clusters.length - 1;
    if (last >= 0 && VARIATION.test(character)) clusters[last] += character;
    else if (last >= 0 && (character === '\u3099' || character === '\u309A')) {
      const composed = (clusters[last] as string).concat(character).normalize('NFC');
      if ([...composed].length === 1) clusters[last] = composed;
      else clusters.push(character);
    } else clusters.push(character);
  }
  return clusters;
}

/** The stack of one run. Opening is cheap; a file is parsed when first asked. */
export class FontStack {
  readonly #files: (FontFile | null)[] = [];
  readonly #paths: string[];
  readonly #own: number;
  readonly #glyphs: Record<Weight, Map<string, Glyph | null>> = { 400: new Map(), 700: new Map() };
  /** Glyphs of single UTF-16 units, by unit: nearly every character, without a string of its own. */
  readonly #units: Record<Weight, (Glyph | null | undefined)[]> = { 400: [], 700: [] };
  readonly #variants = new Map<FontFile, Map<string, number>>();
  #found = 0;

  /** `ownFonts`: the insurer's files, absolute paths: TrueType, or OpenType with CFF outlines. */
  constructor(ownFonts: readonly string[] = []) {
    this.#paths = [...PACKAGED_FONTS, ...ownFonts];
    this.#own = PACKAGED_FONTS.length;
  }

  get fileCount(): number {
    return this.#paths.length;
  }

  file(index: number): FontFile {
    const open = this.#files[index];
    if (open) return open;
    const file = this.#paths[index] as string;
    const bytes = readFileSync(file);
    const font = hasOutlines(bytes) ? fontkit.create(bytes) : null;
    if (!font || !('glyphForCodePoint' in font))
      throw new Error(
        `${path.basename(file)} は使えません。TrueType（.ttf）か、CFF の字形を持つ OpenType（.otf）の、集合（.ttc）でないファイルを指定してください。`,
      );
    const opened = { index, path: file, bytes, font };
    this.#files[index] = opened;
    return opened;
  }

  /** The glyphs of a text, cluster by cluster; for what no font has, its code points (`U+20BB7`). */
  glyphs(text: string, weight: Weight): (Glyph | string)[] {
    const glyphs: (Glyph | string)[] = [];
    const units = this.#units[weight];
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      let glyph = units[unit];
      if (glyph === undefined) {
        // What takes more than its own unit is never among the known ones.
        if (SPECIAL.test(text)) return this.#clusters(text, weight);
        glyph = units[unit] = this.glyph(text[i] as string, weight);
      }
      glyphs.push(glyph ?? codePointsOf(text[i] as string));
    }
    return glyphs;
  }

  #clusters(text: string, weight: Weight): (Glyph | string)[] {
    return clustersOf(text).map((cluster) => this.glyph(cluster, weight) ?? codePointsOf(cluster));
  }

  /** The glyph of a cluster, or null where no font has the character. */
  glyph(cluster: string, weight: Weight): Glyph | null {
    const known = this.#glyphs[weight].get(cluster);
    if (known !== undefined) return known;
    const found = this.#find(cluster, weight);
    this.#glyphs[weight].set(cluster, found);
    return found;
  }

  /** The glyph id of a cluster in one file of the stack, 0 where it has none. */
  idIn(index: number, cluster: string): number {
    const file = this.file(index);
    const [base = 0, selector] = Array.from(cluster, (character) => character.codePointAt(0) ?? 0);
    return (selector === undefined ? 0 : this.#variant(file, base, selector)) || file.font.glyphForCodePoint(base).id;
  }

  #find(cluster: string, weight: Weight): Glyph | null {
    const [base = 0, ...rest] = Array.from(cluster, (character) => character.codePointAt(0) ?? 0);
    const files = this.#filesFor(cluster, weight);
    for (const selector of rest) {
      for (const file of files) {
        const id = this.#variant(file, base, selector);
        if (id !== 0) return this.#glyphOf(file, id, cluster, '');
      }
    }
    const replaced = rest.length > 0 ? codePointsOf(cluster) : '';
    const text = String.fromCodePoint(base);
    for (const file of files) {
      const id = file.font.glyphForCodePoint(base).id;
      if (id !== 0) return this.#glyphOf(file, id, text, replaced);
    }
    return null;
  }

  #glyphOf(file: FontFile, id: number, text: string, replaced: string): Glyph {
    const advance = file.font.getGlyph(id).advanceWidth / file.font.unitsPerEm;
    return { serial: this.#found++, file, id, advance, text, replaced };
  }

  /** User-defined characters mean what the insurer's own file says, and nothing in anyone else's. */
  #filesFor(cluster: string, weight: Weight): FontFile[] {
    const bold = weight === 700 ? 1 : 0;
    const packagedFiles = PRIVATE_USE.test(cluster) ? [] : FAMILIES.map((_, family) => family * 2 + bold);
    const own = Array.from({ length: this.#paths.length - this.#own }, (_, i) => this.#own + i);
    return [...packagedFiles, ...own].map((index) => this.file(index));
  }

  /** Glyph of a variation sequence (cmap format 14), or 0. A default sequence is the base character's own glyph. */
  #variant(file: FontFile, base: number, selector: number): number {
    let map = this.#variants.get(file);
    if (!map) this.#variants.set(file, (map = readVariants(file.font)));
    const id = map.get(`${base} ${selector}`);
    if (id === undefined) return 0;
    return id === DEFAULT ? file.font.glyphForCodePoint(base).id : id;
  }
}

/** Whether a file is a single font with outlines that can be embedded; not a collection, nor one packed for the web. */
function hasOutlines(bytes: Buffer): boolean {
  if (!['\u0000\u0001\u0000\u0000', 'true', 'OTTO'].includes(bytes.toString('latin1', 0, 4))) return false;
  const tables = new FontTables(bytes);
  return tables.has('glyf') || tables.has('CFF ');
}

function codePointsOf(cluster: string): string {
  return Array.from(cluster, (c) => `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`).join(
    ' ',
  );
}

const DEFAULT = -1;

interface VariationRecord {
  readonly varSelector: number;
  readonly defaultUVS: Iterable<{ startUnicodeValue: number; additionalCount: number }> | null;
  readonly nonDefaultUVS: Iterable<{ unicodeValue: number; glyphID: number }> | null;
}

// fontkit's own search of this table reads past the first list it finds, so the table is read here.
function readVariants(font: Font): Map<string, number> {
  const map = new Map<string, number>();
  const tables = (font as unknown as { cmap: { tables: { table: { version: number; varSelectors?: unknown } }[] } })
    .cmap.tables;
  const table = tables.find((entry) => entry.table.version === 14)?.table;
  const records = (table?.varSelectors as { toArray(): VariationRecord[] } | undefined)?.toArray() ?? [];
  for (const record of records) {
    for (const range of record.defaultUVS ?? []) {
      for (let i = 0; i <= range.additionalCount; i++)
        map.set(`${range.startUnicodeValue + i} ${record.varSelector}`, DEFAULT);
    }
    for (const entry of record.nonDefaultUVS ?? [])
      map.set(`${entry.unicodeValue} ${record.varSelector}`, entry.glyphID);
  }
  return map;
}
