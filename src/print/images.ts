// Room: print. PNG images: of drawn pages, and of QR codes for card printers that take an image by key.
// Source: Portable Network Graphics (W3C), chunks IHDR, pHYs, IDAT, IEND.
import { crc32, deflateSync } from 'node:zlib';
import { qrOf } from './codes.ts';

/** Pixels a module, and modules of quiet zone on each side. */
const PIXELS = 8;
const QUIET = 4;

/** The QR code of a paper number as a black-and-white PNG with its quiet zone (232 pixels square). */
export function qrPng(paperNumber: string): Buffer {
  const { size, bits } = qrOf(paperNumber);
  const side = (size + 2 * QUIET) * PIXELS;
  const stride = 1 + side / 8;
  const rows = Buffer.alloc(side * stride, 0xff);
  for (let y = 0; y < side; y++) {
    rows[y * stride] = 0;
    const row = Math.floor(y / PIXELS) - QUIET;
    if (row < 0 || row >= size) continue;
    for (let column = 0; column < size; column++) {
      const dark = ((bits[row * Math.ceil(size / 8) + (column >> 3)] as number) & (0x80 >> (column & 7))) !== 0;
      // Eight pixels a module, one bit each: a module is a byte.
      if (dark) rows[y * stride + 1 + QUIET + column] = 0;
    }
  }
  return png({ width: side, height: side, bitDepth: 1, colourType: GREY, rows, dpi: null });
}

/** Pixels of a drawn page: red, green, blue, opacity. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A part of a picture as PNG in true colour, without its opacity; rectangle in pixels. */
export function pngOf(
  picture: Picture,
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  dpi: number,
): Buffer {
  const { width, height } = part;
  const stride = 1 + width * 3;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    let from = ((part.y + y) * picture.width + part.x) * 4;
    for (let to = y * stride + 1; to < (y + 1) * stride; to += 3, from += 4) {
      rows[to] = picture.data[from] as number;
      rows[to + 1] = picture.data[from + 1] as number;
      rows[to + 2] = picture.data[from + 2] as number;
    }
  }
  return png({ width, height, bitDepth: 8, colourType: TRUE_COLOUR, rows, dpi });
}

const GREY = 0;
const TRUE_COLOUR = 2;
/** Fast: guilloches do not get much smaller by trying harder. */
const LEVEL = 3;

/** `rows`: each with its filter byte in front. */
function png(image: {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly rows: Buffer;
  readonly dpi: number | null;
}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(image.width, 0);
  header.writeUInt32BE(image.height, 4);
  header[8] = image.bitDepth;
  header[9] = image.colourType;
  const density = Buffer.alloc(9);
  const perMetre = Math.round((image.dpi ?? 0) / 0.0254);
  density.writeUInt32BE(perMetre, 0);
  density.writeUInt32BE(perMetre, 4);
  density[8] = 1;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(image.dpi === null ? [] : [chunk('pHYs', density)]),
    chunk('IDAT', deflateSync(image.rows, { level: LEVEL })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
