// Room: print. QR codes as PNG images, for card printers that take an image by key.
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
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
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
