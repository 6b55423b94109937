// Room: operations. A process that draws the images of one print batch's cards into an archive.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { cardImageNames } from '../../formats/package.ts';
import type { BackSide, CardImages } from '../../formats/package.ts';
import { ZipWriter } from '../../formats/zip.ts';
import { pngOf, qrPng } from '../../print/images.ts';
import { withPages } from '../../print/picture.ts';
import type { DrawPage } from '../../print/picture.ts';
import { Refusal } from '../context.ts';
import { reportOf, serveProcess } from './processes.ts';
import type { ProcessReport } from './processes.ts';

/** What is the same for all cards. Lengths in points; `width` and `height` without the bleed. */
export interface CardImageWork {
  readonly kind: CardImages;
  readonly dpi: number;
  readonly width: number;
  readonly height: number;
  readonly bleed: number;
}

export interface CardImageOrder {
  /** The certificates' print file, as it is recorded. */
  readonly pdf: { readonly path: string; readonly sha256: string };
  /** Where the archive goes, and what it says of its origin. */
  readonly archive: string;
  readonly madeOf: string;
  readonly cards: readonly (BackSide & {
    readonly certificateNumber: string;
    /** From 1; the back is on the next. */
    readonly frontPage: number;
  })[];
}

serveProcess((work: CardImageWork) => ({
  work: (order: CardImageOrder) => draw(work, order),
  close: async () => undefined,
}));

async function draw(work: CardImageWork, order: CardImageOrder): Promise<ProcessReport> {
  try {
    await write(work, order);
    return {};
  } catch (error) {
    return reportOf(error, order.archive);
  }
}

async function write(work: CardImageWork, order: CardImageOrder): Promise<void> {
  const zip = new ZipWriter(order.archive);
  try {
    for (const { certificateNumber, ...side } of order.cards)
      await zip.add(cardImageNames(work.kind, certificateNumber, side).qr, qrPng(certificateNumber));
    if (work.kind === 'faces')
      await withPages(await recorded(order.pdf), async (page) => addFaces(work, zip, order, page));
    await zip.keep(order.madeOf);
  } catch (error) {
    await zip.abandon();
    throw error;
  }
}

async function recorded({ path: file, sha256 }: CardImageOrder['pdf']): Promise<Buffer> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
  throw new Refusal(
    'print-file-differs',
    `${path.basename(file)} が記録と違います。印刷ファイルを作り直してください。`,
  );
}

async function addFaces(work: CardImageWork, zip: ZipWriter, { cards }: CardImageOrder, page: DrawPage): Promise<void> {
  const pixels = (points: number): number => Math.round((points / 72) * work.dpi);
  const whole = { width: pixels(work.width + 2 * work.bleed), height: pixels(work.height + 2 * work.bleed) };
  const trimmed = {
    x: pixels(work.bleed),
    y: pixels(work.bleed),
    width: pixels(work.width),
    height: pixels(work.height),
  };
  const face = async (at: number): Promise<Buffer> => pngOf(await page(at, whole), trimmed, work.dpi);
  const shared = new Set<string>();
  for (const { certificateNumber, frontPage, ...side } of cards) {
    const names = cardImageNames(work.kind, certificateNumber, side);
    await zip.add(names.front, await face(frontPage));
    if (shared.has(names.back)) continue;
    await zip.add(names.back, await face(frontPage + 1));
    shared.add(names.back);
  }
}
