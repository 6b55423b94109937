// Room: print. Typst templates: compiled once a paper and insurer into artwork and fields, or whole as the reference.
// A template that would misprint is refused here, with its file and line.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { Route } from '../rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { fillWords, formName, SCHEMES } from '../rules/papers/scheme.ts';
import type { Passage } from '../rules/papers/scheme.ts';
import type { ChosenTexts } from '../rules/papers/texts.ts';
import { qrOfText } from './codes.ts';
import { PACKAGED_FONTS } from './fonts.ts';
import type { Weight } from './fonts.ts';
import { unbreakableParts } from './line-breaks.ts';
import type { TextBox } from './fit.ts';
import { fieldContract } from './papers.ts';
import type { PaperKind } from './papers.ts';

export type FieldKind = 'text' | 'qr' | 'customer-barcode' | 'code128' | 'data-matrix';

/** A place that todoke fills. Lengths in points, from the trimmed sheet's top-left corner, y downwards. */
export interface Field extends TextBox {
  readonly name: string;
  readonly kind: FieldKind;
  readonly x: number;
  readonly y: number;
  readonly weight: Weight;
  readonly align: 'left' | 'center' | 'right';
  readonly valign: 'top' | 'middle' | 'bottom';
}

/** A compiled template. Lengths in points. */
export interface Sheet {
  readonly paper: PaperKind;
  /** Trimmed size. */
  readonly width: number;
  readonly height: number;
  readonly bleed: number;
  readonly fields: readonly Field[];
  /** SHA-256 of the template's sources and the profile it was compiled with. */
  readonly sha256: string;
}

/** A sheet with one page of PDF: everything that is the same on every page. */
export interface CompiledSheet {
  readonly sheet: Sheet;
  readonly artwork: Uint8Array;
}

/** A template that may not be used. The message is for the insurer's staff or template author: file, line, what. */
export class TemplateError extends Error {
  readonly file: string;
  /** 1-based, or null where the compiler gives none. */
  readonly line: number | null;
  constructor(file: string, line: number | null, message: string) {
    super(`${file}${line === null ? '' : `:${line}行`}　${message}`);
    this.name = 'TemplateError';
    this.file = file;
    this.line = line;
  }
}

const ROOT = path.join(import.meta.dirname, '..', '..');
const MM = 72 / 25.4;

/** Where the project's own templates lie. */
export const TEMPLATES = path.join(ROOT, 'templates');

/** What differs between the papers of one insurer's issuances. */
export interface Variant {
  /** Of notices: the box of the last four digits of the individual number. */
  readonly hasDigits: boolean;
}

/** The QR code of a web page as rectangles in mm, 20 mm square. */
function pageCode(url: string): readonly (readonly number[])[] {
  const rows = qrOfText(url);
  const module = 20 / rows.length;
  return rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map((run) => [run.index * module, y * module, run[0].length * module, module]),
  );
}

/** Templates of one insurer. */
export class Templates {
  readonly #compiler: NodeCompiler;
  readonly #profile: InsurerProfile;
  readonly #texts: ChosenTexts;
  readonly #webPage: unknown;
  readonly #folder: string;
  readonly #variant: Variant;

  /**
   * `texts`: what the insurer says on papers of this purpose and day (`chooseTexts`).
   * `folder`: where the templates lie (default: the project's own); an insurer's override is `<folder>/<id>/<paper>.typ`.
   */
  constructor(
    profile: InsurerProfile,
    texts: ChosenTexts,
    ownFonts: readonly string[] = profile.print.fonts,
    folder = TEMPLATES,
    variant: Variant = { hasDigits: true },
  ) {
    this.#profile = profile;
    this.#texts = texts;
    this.#webPage = texts.webPage && { ...texts.webPage, code: pageCode(texts.webPage.url) };
    this.#folder = folder;
    this.#variant = variant;
    this.#compiler = NodeCompiler.create({
      workspace: folder === TEMPLATES ? ROOT : folder,
      fontArgs: [{ fontPaths: [...new Set([...PACKAGED_FONTS, ...ownFonts].map((file) => path.dirname(file)))] }],
    });
  }

  /** Compiles a paper's artwork and checks its fields. `passage`: whom its words name for whatever its holder must do. */
  compile(paper: PaperKind, route: Route, passage: Passage = 'employer'): CompiledSheet {
    const file = this.#file(paper);
    const inputs = this.#inputs(route, passage, { mode: 'artwork' });
    const document = this.#compiled(file, inputs);
    const found = <T>(selector: string): T[] =>
      this.#compiler.query(document as never, { selector, field: 'value' }) as T[];
    const sheets = found<SheetMetadata>('<todoke-sheet>');
    const sheet = sheets[0];
    const source = readFileSync(file, 'utf8');
    if (!sheet || sheets.length > 1) throw this.#error(file, null, 'sheet(…) は一つの雛形に一つだけ置いてください。');
    const fields = found<FieldMetadata>('<todoke-field>');
    this.#check(file, source, paper, route, sheet, fields);
    const sha256 = createHash('sha256')
      .update(source)
      .update(readFileSync(path.join(ROOT, 'templates', 'todoke.typ')))
      .update(JSON.stringify(inputs))
      .digest('hex');
    const inPoints = fields.map((f) => ({
      ...f,
      x: f.x * MM,
      y: f.y * MM,
      width: f.width * MM,
      height: f.height * MM,
    }));
    const { width, height, bleed } = sheet;
    return {
      sheet: { paper, width: width * MM, height: height * MM, bleed: bleed * MM, fields: inPoints, sha256 },
      artwork: this.#compiler.pdf(document as never, {}),
    };
  }

  /**
   * The reference: pages set by Typst itself, one a record. Slow; what stamped pages are compared with.
   * `records`: texts by field name; codes as rectangles [x, y, width, height] in mm from the field's corner.
   */
  reference(
    paper: PaperKind,
    route: Route,
    records: readonly Record<string, ReferenceValue>[],
    passage: Passage = 'employer',
  ): Uint8Array {
    const data = records.map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([name, value]) => [
          name,
          typeof value === 'string' ? unbreakableParts(value) : value,
        ]),
      ),
    );
    const inputs = this.#inputs(route, passage, { mode: 'reference', data: JSON.stringify(data) });
    return this.#compiler.pdf(this.#compiled(this.#file(paper), inputs) as never, {});
  }

  #file(paper: PaperKind): string {
    const own = path.join(this.#folder, this.#profile.id, `${paper}.typ`);
    return existsSync(own) ? own : path.join(this.#folder, `${paper}.typ`);
  }

  #inputs(route: Route, passage: Passage, rest: Record<string, string>): Record<string, string> {
    const scheme = SCHEMES[this.#profile.scheme];
    return {
      profile: JSON.stringify(this.#profile),
      texts: JSON.stringify({ ...this.#texts, webPage: this.#webPage }, (_, value: unknown) =>
        typeof value === 'string' ? fillWords(value, scheme, passage) : value,
      ),
      scheme: JSON.stringify({ ...scheme, formName: formName(scheme, this.#profile.form.variant) }),
      variant: JSON.stringify({ route, passage, ...this.#variant }),
      ...rest,
    };
  }

  #compiled(file: string, inputs: Record<string, string>): unknown {
    const result = this.#compiler.compile({ mainFilePath: file, inputs });
    if (!result.hasError()) return result.result;
    const taken = result.takeDiagnostics();
    const diagnostics = taken ? (this.#compiler.fetchDiagnostics(taken) as Diagnostic[]) : [];
    const [first] = diagnostics;
    // A fault inside the field library is reported at the template's line that calls it.
    const at = diagnostics.find((d) => d.path === file && d.range) ?? first;
    throw this.#error(
      at?.path ?? file,
      at?.range ? at.range.start.line + 1 : null,
      first?.message ?? '組版できません。',
    );
  }

  #check(
    file: string,
    source: string,
    paper: PaperKind,
    route: Route,
    sheet: SheetMetadata,
    fields: readonly FieldMetadata[],
  ): void {
    const contract = fieldContract(paper, this.#profile, route, this.#variant);
    if (sheet.kind !== paper)
      throw this.#error(
        file,
        lineAt(source, source.indexOf('#sheet(')),
        `kind は "${paper}" でなければなりません（"${sheet.kind}"）。`,
      );
    const named = new Set<string>();
    for (const field of fields) {
      const line = lineOfField(source, field.name);
      if (!contract.known.has(field.name)) throw this.#error(file, line, `知らない項目「${field.name}」です。`);
      if (named.has(field.name))
        throw this.#error(file, lineOfField(source, field.name, 2), `項目「${field.name}」が二度置かれています。`);
      named.add(field.name);
      if (field.x < 0 || field.y < 0 || field.x + field.width > sheet.width || field.y + field.height > sheet.height)
        throw this.#error(file, line, `項目「${field.name}」が用紙からはみ出します。`);
      if (sheet.window && !sheet.allowed.includes(field.name) && overlaps(field, sheet.window))
        throw this.#error(file, line, `項目「${field.name}」が封筒の窓に重なります。`);
    }
    for (const name of contract.required)
      if (!named.has(name))
        throw this.#error(file, lineAt(source, source.indexOf('#sheet(')), `必要な項目「${name}」がありません。`);
  }

  #error(file: string, line: number | null, message: string): TemplateError {
    return new TemplateError(path.relative(path.dirname(this.#folder), file), line, message);
  }
}

/** Rectangles of a code, mm from the field's corner. */
export type ReferenceValue = string | readonly (readonly [number, number, number, number])[];

interface SheetMetadata {
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  readonly bleed: number;
  readonly window: readonly [number, number, number, number] | null;
  readonly allowed: readonly string[];
}

type FieldMetadata = Field;

function overlaps(f: FieldMetadata, [x, y, width, height]: readonly [number, number, number, number]): boolean {
  return f.x < x + width && x < f.x + f.width && f.y < y + height && y < f.y + f.height;
}

/** What the compiler says of a fault; lines from 0. */
interface Diagnostic {
  readonly message: string;
  readonly path: string;
  readonly range: { readonly start: { readonly line: number } } | null;
}

/** 1-based line of a place in a source, null for none (-1). */
function lineAt(source: string, at: number): number | null {
  return at < 0 ? null : source.slice(0, at).split('\n').length;
}

/**
 * 1-based line of the call that places a field for the nth time: `field("name"`, or a template's own function with the name
 * first (`cell(field, "name"`). A name put together by the template (`"row" + str(i)`) is looked for by its stem.
 */
function lineOfField(source: string, name: string, nth = 1): number | null {
  const stem = /^[a-zA-Z]+(?=[\d.])/.exec(name)?.[0];
  for (const text of [`"${name}"`, ...(stem === undefined ? [] : [`"${stem}`])]) {
    const calls = [...source.matchAll(new RegExp(`\\w\\((?:field, *)?${text.replace('.', '\\.')}`, 'g'))];
    const call = calls[nth - 1] ?? calls[0];
    if (call) return lineAt(source, call.index);
    if (source.includes(text)) return lineAt(source, source.indexOf(text));
  }
  return lineAt(source, source.indexOf('#sheet('));
}
