// Room: operations. What employers are told in advance: a letter and the 送付予定対象者一覧表 a workplace, ready for the
// envelope, and the CSV that says how many persons and sheets each is and which envelope it takes (A4, A5; 000, 003).
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readWorkplaceTargets } from '../ledger/prints.ts';
import type { WorkplaceTargets } from '../ledger/prints.ts';
import type { Stampable } from '../print/batch.ts';
import { FontStack } from '../print/fonts.ts';
import { listSheets, preNoticeValues, workplaceListValues } from '../print/papers.ts';
import { PrintFile } from '../print/pdf.ts';
import type { WrittenPrintFile } from '../print/pdf.ts';
import { verifyPrintFile } from '../print/read-back.ts';
import { Stamper } from '../print/stamp.ts';
import { Templates } from '../print/template.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { throwIfStopped } from './context.ts';
import type { Context } from './context.ts';
import type { Run } from './issuance-run.ts';
import { compilePaper } from './print.ts';

/** One workplace in `workplace-lists.csv`. */
export interface WorkplaceListRow {
  readonly symbol: string;
  readonly personCount: number;
  /** Sheets in the envelope, the letter included. */
  readonly sheetCount: number;
  readonly envelope: '長3' | '角2';
  /** Relative to the output folder; '' where the list is held. */
  readonly file: string;
  readonly page: number | null;
  /** `項目 U+XXXX` of what stops it, or ''. */
  readonly held: string;
}

export interface WorkplaceLists {
  readonly rows: readonly WorkplaceListRow[];
  readonly files: readonly (WrittenPrintFile & { path: string })[];
}

/** Writes `<outDir>/workplace-lists/*.pdf`. Doing it again writes the same files. */
export async function writeWorkplaceLists(
  context: Context,
  run: Run,
  profile: InsurerProfile,
  outDir: string,
): Promise<WorkplaceLists> {
  await mkdir(path.join(outDir, 'workplace-lists'), { recursive: true });
  const templates = new Templates(profile, profile.print.fonts);
  const papers = [
    await compilePaper(templates, 'pre-notice', 'workplace'),
    await compilePaper(templates, 'workplace-list', 'workplace'),
  ] as const;
  const writer = new ListWriter(run, profile, outDir, papers);
  context.progress.begin('送付予定対象者一覧表', 1, '回');
  try {
    await context.database.transaction(async (tx) => {
      for await (const workplaces of readWorkplaceTargets(tx, run, profile.route)) {
        throwIfStopped(context);
        for (const workplace of workplaces) writer.add(workplace);
      }
    });
    const lists = writer.finish();
    context.progress.end();
    return lists;
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

interface OpenFile {
  readonly name: string;
  readonly file: PrintFile;
  readonly letter: Stamper;
  readonly list: Stamper;
  readonly texts: string[];
}

/** Letters and lists of many workplaces, one file after the other. */
class ListWriter {
  readonly #run: Run;
  readonly #profile: InsurerProfile;
  readonly #outDir: string;
  readonly #papers: readonly [letter: Stampable, list: Stampable];
  readonly #stack: FontStack;
  readonly #rows: WorkplaceListRow[] = [];
  readonly #files: (WrittenPrintFile & { path: string })[] = [];
  #open: OpenFile | null = null;

  constructor(run: Run, profile: InsurerProfile, outDir: string, papers: readonly [Stampable, Stampable]) {
    this.#run = run;
    this.#profile = profile;
    this.#outDir = outDir;
    this.#papers = papers;
    this.#stack = new FontStack(profile.print.fonts);
  }

  add(workplace: WorkplaceTargets): void {
    const sheetCount = listSheets(workplace.targets.length) + 1;
    const open = this.#opened(sheetCount);
    const pages = [
      open.letter.stamp(preNoticeValues(workplace, this.#run.issuedOn)),
      ...workplaceListValues(workplace, this.#run.referenceOn).map((values) => open.list.stamp(values)),
    ];
    const problem = pages.flatMap((page) => page.problems)[0];
    const { long3MaxSheets } = this.#profile.workplaceList;
    this.#rows.push({
      symbol: workplace.symbol,
      personCount: workplace.targets.length,
      sheetCount,
      envelope: sheetCount <= long3MaxSheets ? '長3' : '角2',
      file: problem ? '' : open.name,
      page: problem ? null : open.file.pageCount + 1,
      held: problem ? `${problem.field} ${problem.codePoint}`.trim() : '',
    });
    if (problem) return;
    for (const page of pages) {
      open.file.addPage(page.content);
      open.texts.push(page.text);
    }
  }

  finish(): WorkplaceLists {
    this.#close();
    return { rows: this.#rows, files: this.#files };
  }

  abandon(): void {
    this.#open?.file.abandon();
  }

  /** The file in hand, or the next one where this many more sheets would be too many. */
  #opened(sheetCount: number): OpenFile {
    if (this.#open && this.#open.file.pageCount + sheetCount > this.#profile.print.pagesPerFile) this.#close();
    if (this.#open) return this.#open;
    const name = `workplace-lists/${String(this.#files.length + 1).padStart(4, '0')}.pdf`;
    const [letter, list] = this.#papers;
    const { width, height, bleed } = letter.sheet;
    const file = new PrintFile(
      {
        path: path.join(this.#outDir, name),
        title: `送付予定対象者一覧表　${this.#profile.insurer.name}`,
        width,
        height,
        bleed,
        artworks: [letter.artwork, list.artwork],
      },
      this.#stack,
    );
    return (this.#open = {
      name,
      file,
      letter: new Stamper(letter.sheet, '/A0', this.#stack, file.fonts),
      list: new Stamper(list.sheet, '/A1', this.#stack, file.fonts),
      texts: [],
    });
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (!open) return;
    if (open.file.pageCount === 0) return open.file.abandon();
    const written = open.file.finish();
    verifyPrintFile(open.file.part, open.texts, this.#stack);
    open.file.keep();
    this.#files.push({ path: open.name, ...written });
  }
}
