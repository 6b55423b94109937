// For tests that look at pages: PDFium draws them and reads their text, ZXing reads their codes. Neither is ours.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { Picture } from '../src/print/images.ts';
import { withPages } from '../src/print/picture.ts';

const require = createRequire(import.meta.url);
const wasm = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

/** Draws pages (from 0). `scale` 1 = 72 dpi. */
export async function drawPages(pdf: Uint8Array, pages: readonly number[], scale: number): Promise<Picture[]> {
  return withPages(pdf, async (draw) => {
    const pictures: Picture[] = [];
    for (const page of pages) pictures.push(await draw(page + 1, { scale }));
    return pictures;
  });
}

/** Text of pages as PDFium finds it, without line breaks and spaces. */
export async function readTexts(pdf: Uint8Array, pages: readonly number[]): Promise<string[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(pdf);
  const texts = pages.map((page) => document.getPage(page).getText().replaceAll(/\s/g, ''));
  document.destroy();
  library.destroy();
  return texts;
}

/** Codes on a picture: format and text. */
export async function readCodes({ width, height, data }: Picture): Promise<{ format: string; text: string }[]> {
  const image = { width, height, data: new Uint8ClampedArray(data) } as unknown as Parameters<typeof readBarcodes>[0];
  const found = await readBarcodes(image, {
    formats: ['QRCode', 'DataMatrix', 'Code128'],
    tryHarder: true,
    maxNumberOfSymbols: 8,
  });
  return found.map(({ format, text }) => ({ format, text }));
}

/**
 * Share of pixels that differ beyond anti-aliasing: a pixel whose lightness is more than `tolerance` (of 255) away from
 * every pixel around the same place in the other picture, seen from both sides.
 */
export function differingShare(a: Picture, b: Picture, tolerance = 64): number {
  if (a.width !== b.width || a.height !== b.height) return 1;
  const [la, lb] = [lightness(a), lightness(b)];
  let differing = 0;
  for (let y = 1; y < a.height - 1; y++) {
    for (let x = 1; x < a.width - 1; x++) {
      const at = y * a.width + x;
      if (
        !isNear(la[at] as number, lb, at, a.width, tolerance) ||
        !isNear(lb[at] as number, la, at, a.width, tolerance)
      )
        differing++;
    }
  }
  return differing / (a.width * a.height);
}

function isNear(value: number, other: Uint8Array, at: number, width: number, tolerance: number): boolean {
  if (Math.abs(value - (other[at] as number)) <= tolerance) return true;
  for (const row of [at - width, at, at + width])
    for (let i = row - 1; i <= row + 1; i++) if (Math.abs(value - (other[i] as number)) <= tolerance) return true;
  return false;
}

function lightness({ data }: Picture): Uint8Array {
  const out = new Uint8Array(data.length / 4);
  for (let i = 0; i < out.length; i++)
    out[i] = ((data[i * 4] as number) + 2 * (data[i * 4 + 1] as number) + (data[i * 4 + 2] as number)) >> 2;
  return out;
}
