// Room: print. Figures as a printed report: tables with bars, set by Typst as a whole. Few pages, so no stamping.
import path from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { PACKAGED_FONTS } from './fonts.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');

export interface ReportSection {
  readonly heading: string;
  /** Headings of the columns; the first is to the left, the others are numbers. */
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly cells: readonly string[];
    /** Length of the row's bar, 0 to 1. */
    readonly share: number;
  }[];
  /** Whether rows have bars. */
  readonly bar: boolean;
}

export interface Report {
  readonly title: string;
  readonly subtitle: string;
  /** Whose report it is, in the footer of each page. */
  readonly author: string;
  /** Under the last table: rounding, source. */
  readonly note: string;
  readonly sections: readonly ReportSection[];
}

let compiler: NodeCompiler | null = null;

/** The report as a PDF. */
export function setReport(report: Report): Uint8Array {
  compiler ??= NodeCompiler.create({
    workspace: ROOT,
    fontArgs: [{ fontPaths: [...new Set(PACKAGED_FONTS.map((file) => path.dirname(file)))] }],
  });
  const data = JSON.stringify({
    ...report,
    sections: report.sections.map((section) => ({ ...section, bar: section.bar ? 'share' : null })),
  });
  const result = compiler.compile({ mainFilePath: path.join(ROOT, 'templates', 'report.typ'), inputs: { data } });
  if (result.hasError()) throw new Error('report.typ does not compile');
  return compiler.pdf(result.result as never, {});
}
