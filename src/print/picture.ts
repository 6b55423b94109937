// Room: print. Pages of a finished PDF as pictures, for people to look at: drawn by PDFium, not by what wrote them.
import { readFile } from 'node:fs/promises';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { PNG } from 'pngjs';

/** Pictures at this many pixels a point: 2 is 144 dpi, enough to read 6 pt. */
const SCALE = 2;

/**
 * Pages of a file as PNG.
 *
 * @param pages page numbers from 1
 * @throws where the file is missing or has no such page
 */
export async function drawPdfPages(file: string, pages: readonly number[]): Promise<Buffer[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(await readFile(file));
  try {
    const pictures: Buffer[] = [];
    for (const page of pages) {
      const { width, height, data } = await document.getPage(page - 1).render({ scale: SCALE, render: 'bitmap' });
      const png = new PNG({ width, height });
      png.data = Buffer.from(data);
      pictures.push(PNG.sync.write(png));
    }
    return pictures;
  } finally {
    document.destroy();
    library.destroy();
  }
}
