// Room: print. The slow path: a piece's papers set whole by Typst, which stamped pages are compared with.
import type { InsurerProfile } from '../rules/insurer.ts';
import { barcodeRectangles } from '../rules/words/customer-barcode.ts';
import { code128Of, dataMatrixOf, qrOf } from './codes.ts';
import type { Matrix } from './codes.ts';
import { certificateBackValues, certificateFrontValues, letterValues } from './papers.ts';
import type { PageValues } from './page-values.ts';
import { passageOf } from '../rules/intake/passage.ts';
import type { Passage } from '../rules/papers/scheme.ts';
import { passageOfPiece } from '../rules/printing/printable.ts';
import type { PrintableNotice, PrintablePiece } from '../rules/printing/printable.ts';
import { noticeValues, requestFormValues } from './notice-papers.ts';
import type { Field, Sheet, Templates } from './template.ts';
import type { ReferenceValue } from './template.ts';

type Rectangle = readonly [x: number, y: number, width: number, height: number];

const MM = 72 / 25.4;
/** Size of the customer barcode: 10 points, the Post's standard size. */
const BARCODE_POINTS = 10;

/** Values for `Templates.reference`: codes as rectangles in mm. */
export function referenceValues(sheet: Sheet, values: PageValues): Record<string, ReferenceValue> {
  const entries = sheet.fields.flatMap((field) => {
    const value = values[field.name];
    return value === undefined || value === '' ? [] : [[field.name, referenceValue(field, value)] as const];
  });
  return Object.fromEntries(entries);
}

function referenceValue(field: Field, value: string): ReferenceValue {
  if (field.kind === 'text') return value;
  const inPoints =
    field.kind === 'qr'
      ? matrixRectangles(field, qrOf(value))
      : field.kind === 'data-matrix'
        ? matrixRectangles(field, dataMatrixOf(value))
        : codeRectangles(field, value);
  return inPoints.map(([x, y, width, height]): Rectangle => [x / MM, y / MM, width / MM, height / MM]);
}

/** Bars of a linear code as [x, y, width, height] in points from the field's corner. */
function codeRectangles(field: Field, value: string): [number, number, number, number][] {
  if (field.kind === 'customer-barcode') {
    return barcodeRectangles(value, BARCODE_POINTS).map((bar) => [
      bar.x * MM,
      bar.y * MM,
      bar.width * MM,
      bar.height * MM,
    ]);
  }
  const widths = code128Of(value);
  const modules = widths.reduce((sum, width) => sum + width, 0);
  const module = field.width / modules;
  const bars: [number, number, number, number][] = [];
  let x = 0;
  for (const [i, width] of widths.entries()) {
    if (i % 2 === 0) bars.push([x * module, 0, width * module, field.height]);
    x += width;
  }
  return bars;
}

/** One rectangle a run of dark modules. */
function matrixRectangles(field: Field, { size, bits }: Matrix): Rectangle[] {
  const module = Math.min(field.width, field.height) / size;
  const stride = Math.ceil(size / 8);
  const dark = (row: number, column: number): boolean =>
    column < size && ((bits[row * stride + (column >> 3)] as number) & (0x80 >> (column & 7))) !== 0;
  const rectangles: Rectangle[] = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (!dark(row, column)) continue;
      const start = column;
      while (dark(row, column)) column++;
      rectangles.push([start * module, row * module, (column - start) * module, module]);
    }
  }
  return rectangles;
}

/** PDFs of one piece, by paper; backs by whom they name for their return, those there are. */
export interface ReferencePapers {
  readonly letter: Uint8Array;
  /** Faces, certificate by certificate. */
  readonly fronts: Uint8Array;
  readonly backs?: Uint8Array;
  readonly 'backs-direct'?: Uint8Array;
}

/** Pages of each of them. */
export function referencePages(piece: Pick<PrintablePiece, 'certificates'>): Record<keyof ReferencePapers, number> {
  const direct = piece.certificates.filter((c) => passageOf(c) === 'direct').length;
  const all = piece.certificates.length;
  return { letter: 1, fronts: all, backs: all - direct, 'backs-direct': direct };
}

/** Compiles a piece's papers whole. */
export function referencePiece(
  templates: Templates,
  piece: PrintablePiece,
  profile: InsurerProfile,
  batchNo: number,
): ReferencePapers {
  const { route, certificates } = piece;
  const set = (
    paper: 'letter' | `${'card' | 'postcard'}-${'front' | 'back'}`,
    pages: readonly PageValues[],
    passage: Passage = 'employer',
  ): Uint8Array => {
    const { sheet } = templates.compile(paper, route, passage);
    return templates.reference(
      paper,
      route,
      pages.map((values) => referenceValues(sheet, values)),
      passage,
    );
  };
  const branchCode = piece.workplace?.branchCode ?? '';
  const { kind } = profile.form;
  const backsOf = (passage: Passage, name: 'backs' | 'backs-direct'): Partial<ReferencePapers> => {
    const of = certificates.filter((c) => passageOf(c) === passage);
    return of.length === 0 ? {} : { [name]: set(`${kind}-back`, of.map(certificateBackValues), passage) };
  };
  return {
    letter: set('letter', [letterValues(piece, profile, batchNo)], passageOfPiece(piece)),
    fronts: set(
      `${kind}-front`,
      certificates.map((c) => certificateFrontValues(c, profile, branchCode)),
    ),
    ...backsOf('employer', 'backs'),
    ...backsOf('direct', 'backs-direct'),
  };
}

/** Compiles a notice's papers whole, by paper. */
export function referenceNotice(
  templates: Templates,
  notice: PrintableNotice,
  profile: InsurerProfile,
  batchNo: number,
): Readonly<Record<string, Uint8Array>> {
  const set = (paper: 'notice' | 'request-form', values: PageValues): Uint8Array => {
    const { sheet } = templates.compile(paper, notice.route);
    return templates.reference(paper, notice.route, [referenceValues(sheet, values)]);
  };
  const sheet = { notice: set('notice', noticeValues(notice, profile, batchNo)) };
  return notice.requestForm ? { ...sheet, 'request-form': set('request-form', requestFormValues(notice)) } : sheet;
}
