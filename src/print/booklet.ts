// Room: print. Sheets of many recipients, one file after the other: a recipient's pages stay together in one file; a recipient
// whose pages cannot be printed is left out whole, and returned with why.
import path from 'node:path';
import type { Stampable } from './batch-files.ts';
import type { FontStack } from './fonts.ts';
import type { PageValues } from './page-values.ts';
import { PrintFile } from './pdf.ts';
import type { WrittenPrintFile } from './pdf.ts';
import { PageTexts, verifyPrintFile } from './read-back.ts';
import { Stamper } from './stamp.ts';

export interface BookOptions {
  readonly outDir: string;
  /** Folder of the files inside `outDir`; it is there. */
  readonly folder: string;
  readonly title: string;
  readonly pagesPerFile: number;
  /** The papers its pages may be of, all of one size. */
  readonly papers: readonly Stampable[];
}

/** One page: which of the book's papers, and what stands on it. */
export interface BookPage {
  readonly paper: number;
  readonly values: PageValues;
}

/** Where a recipient's pages stand, or what stops them. */
export interface BookletPlace {
  /** Relative to the output folder; '' where the pages are held. */
  readonly file: string;
  /** Of the first, from 1; null where held. */
  readonly page: number | null;
  /** `項目 U+XXXX` of what stops them, or ''. */
  readonly held: string;
}

export type BookletFile = WrittenPrintFile & { readonly path: string };

interface OpenFile {
  readonly name: string;
  readonly file: PrintFile;
  readonly stampers: readonly Stamper[];
  readonly texts: PageTexts;
}

/** Writes `<outDir>/<folder>/0001.pdf` and on. */
export class Booklet {
  readonly #options: BookOptions;
  readonly #stack: FontStack;
  readonly #files: BookletFile[] = [];
  #open: OpenFile | null = null;

  constructor(options: BookOptions, stack: FontStack) {
    this.#options = options;
    this.#stack = stack;
  }

  add(pages: readonly BookPage[]): BookletPlace {
    const open = this.#opened(pages.length);
    const stamped = pages.map((page) => (open.stampers[page.paper] as Stamper).stamp(page.values));
    const problem = stamped.flatMap((page) => page.problems)[0];
    if (problem) return { file: '', page: null, held: `${problem.field} ${problem.codePoint}`.trim() };
    const place = { file: open.name, page: open.file.pageCount + 1, held: '' };
    for (const page of stamped) {
      open.file.addPage(page.content);
      open.texts.add(page.text);
    }
    return place;
  }

  finish(): readonly BookletFile[] {
    this.#close();
    return this.#files;
  }

  abandon(): void {
    this.#open?.file.abandon();
  }

  /** The file in hand, or the next one where this many more pages would be too many. */
  #opened(pageCount: number): OpenFile {
    const { outDir, folder, title, pagesPerFile, papers } = this.#options;
    if (this.#open && this.#open.file.pageCount + pageCount > pagesPerFile) this.#close();
    if (this.#open) return this.#open;
    const name = `${folder}/${String(this.#files.length + 1).padStart(4, '0')}.pdf`;
    const { width, height, bleed } = (papers[0] as Stampable).sheet;
    const artworks = papers.map((paper) => paper.artwork);
    const file = new PrintFile({ path: path.join(outDir, name), title, width, height, bleed, artworks }, this.#stack);
    const stampers = papers.map((paper, i) => new Stamper(paper.sheet, `/A${i}`, this.#stack, file.fonts));
    return (this.#open = { name, file, stampers, texts: new PageTexts() });
  }

  #close(): void {
    const open = this.#open;
    if (!open) return;
    if (open.file.pageCount === 0) {
      open.file.abandon();
      this.#open = null;
      return;
    }
    const written = open.file.finish();
    verifyPrintFile(open.file.part, open.texts, this.#stack);
    open.file.keep();
    this.#open = null;
    this.#files.push({ path: open.name, ...written });
  }
}
