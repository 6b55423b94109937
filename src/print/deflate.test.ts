import { constants, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deflatePage } from './deflate.ts';

/** Bytes with much, little and nothing to match: words again and again, runs, noise. */
const contents: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .constantFrom(' /F0 10 Tf 1 0 0 1 90.71 361.87 Tm(', ')Tj', '\0\u0001\0\u0002')
        .map((s) => Buffer.from(s, 'latin1')),
      fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 700 })).map(([byte, n]) => new Uint8Array(n).fill(byte)),
    ),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.concat(parts));

describe('a page’s stream', () => {
  test('is what zlib inflates to the same bytes', () => {
    fc.assert(
      fc.property(contents, (bytes) => {
        expect(inflateSync(deflatePage(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('is the same whatever came before', () => {
    fc.assert(
      fc.property(contents, fc.array(contents, { maxLength: 3 }), (bytes, before) => {
        const alone = Buffer.from(deflatePage(bytes));
        for (const other of before) deflatePage(other);
        expect(deflatePage(bytes).equals(alone)).toBe(true);
      }),
    );
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(200)],
    ['two bytes', Uint8Array.of(0, 255)],
    ['every byte', Uint8Array.from({ length: 256 }, (_, i) => i)],
    ...[4, 5, 258, 259, 260, 261, 262, 517, 518].map((n): [string, Uint8Array] => [
      `a run of ${n}`,
      new Uint8Array(n).fill(7),
    ]),
  ])('%s', (_, bytes) => {
    expect([...inflateSync(deflatePage(bytes))]).toEqual([...bytes]);
  });

  // Noise of which nothing matches but the first eight bytes, so far behind.
  test.each([...Array.from({ length: 12 }, (_, i) => 2 ** i), 3, 5, 7, 4095, 4096, 4097, 9000].filter((n) => n >= 8))(
    'what comes again %i bytes later',
    (distance) => {
      const bytes = new Uint8Array(distance + 8);
      let state = distance;
      for (let i = 0; i < distance; i++)
        bytes[i] = (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
      bytes.copyWithin(distance, 0, 8);
      expect([...inflateSync(deflatePage(bytes))]).toEqual([...bytes]);
    },
  );

  test('takes at most nine bits a byte, and for a page what zlib takes, a hundredth more at most', () => {
    const noise = Uint8Array.from({ length: 5000 }, (_, i) => 144 + ((i * 7919) % 112));
    expect(deflatePage(noise).length).toBeLessThan(5000 * 1.125 + 8);
    let page = '/A0 Do 0 0 0 1 k\nBT';
    for (let i = 0; i < 16; i++)
      page += ` /F0 10 Tf 1 0 0 1 90.71 ${361.87 - i * 20.41} Tm(${String.fromCharCode(0, 2 * i + 1, 0, i + 7, 0, 3, 0, i + 40)})Tj`;
    const bytes = Buffer.from(`${page} ET\n`, 'latin1');
    const theirs = deflateSync(bytes, { level: 6, strategy: constants.Z_FIXED }).length;
    expect(deflatePage(bytes).length).toBeLessThan(theirs * 1.01 + 2);
  });
});
