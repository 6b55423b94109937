import { encodeDataMatrix } from 'etiket/datamatrix';
import fc from 'fast-check';
import QRCode from 'qrcode';
import { expect, test } from 'vitest';
import { code128Of, dataMatrixOf, qrOf } from './codes.ts';
import type { Matrix } from './codes.ts';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((d) => d.join(''));

function isDark(matrix: Matrix, row: number, column: number): boolean {
  const at = row * Math.ceil(matrix.size / 8) + (column >> 3);
  return ((matrix.bits[at] as number) & (0x80 >> (column & 7))) !== 0;
}

test('a QR code put together from patterns is the one the library makes of the whole number', () => {
  fc.assert(
    fc.property(digits(14), (number) => {
      const ours = qrOf(number);
      const { modules } = QRCode.create([{ data: number, mode: 'numeric' }], {
        version: 1,
        errorCorrectionLevel: 'H',
        maskPattern: 3,
      });
      for (let row = 0; row < 21; row++)
        for (let column = 0; column < 21; column++)
          expect(isDark(ours, row, column)).toBe(modules.get(row, column) === 1);
    }),
    { numRuns: 200 },
  );
});

test('a Data Matrix put together from patterns is the one the library makes of the whole number', () => {
  fc.assert(
    fc.property(digits(22), (number) => {
      const ours = dataMatrixOf(number);
      const rows = encodeDataMatrix(number);
      expect(ours.size).toBe(rows.length);
      for (const [r, row] of rows.entries())
        for (const [c, dark] of row.entries()) expect(isDark(ours, r, c)).toBe(dark);
    }),
    { numRuns: 200 },
  );
});

test('anything but the agreed digits is refused', () => {
  expect(() => qrOf('123')).toThrow(RangeError);
  expect(() => dataMatrixOf('x'.repeat(22))).toThrow(RangeError);
});

test('Code 128 in set C takes 11 modules two digits, and 35 for start, check and stop', () => {
  expect(code128Of('20001000000000').reduce((sum, width) => sum + width, 0)).toBe(7 * 11 + 35);
});
