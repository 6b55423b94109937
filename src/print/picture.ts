// Room: print. Pages of a finished PDF as pictures, for people to look at and for card printers: drawn by PDFium, not by
// what wrote them.
import { readFile } from 'node:fs/promises';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { pngOf } from './images.ts';
import type { Picture } from './images.ts';

/** Pictures to look at have this many pixels a point: 2 is 144 dpi, enough to read 6 pt. */
const SCALE = 2;

/** Draws a page (from 1) at a scale (pixels a point), or into so many pixels. */
export type DrawPage = (
  page: number,
  size: { readonly scale: number } | { readonly width: number; readonly height: number },
) => Promise<Picture>;

/** Opens a PDF for drawing while `work` runs. */
export async function withPages<T>(pdf: Uint8Array, work: (draw: DrawPage) => Promise<T>): Promise<T> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(pdf);
  try {
    return await work((number, size) => {
      const page = document.getPage(number - 1);
      return page.render({
        ...('scale' in size ? pixelsOf(page.getOriginalSize(), size.scale) : size),
        render: 'bitmap',
      });
    });
  } finally {
    document.destroy();
    library.destroy();
  }
}

/** The page's own size in pixels: given a scale, PDFium's wrapper would first round the page down to whole points. */
function pixelsOf(
  { originalWidth, originalHeight }: { readonly originalWidth: number; readonly originalHeight: number },
  scale: number,
): { width: number; height: number } {
  return { width: Math.round(originalWidth * scale), height: Math.round(originalHeight * scale) };
}

/**
 * Pages of a file as PNG.
 *
 * @param pages page numbers from 1
 * @throws where the file is missing or has no such page
 */
export async function drawPdfPages(file: string, pages: readonly number[]): Promise<Buffer[]> {
  return withPages(await readFile(file), async (draw) => {
    const pictures: Buffer[] = [];
    for (const page of pages) {
      const picture = await draw(page, { scale: SCALE });
      pictures.push(pngOf(picture, { x: 0, y: 0, width: picture.width, height: picture.height }, SCALE * 72));
    }
    return pictures;
  });
}
