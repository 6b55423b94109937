import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, expect, test } from 'vitest';
import { loadProfile } from '../formats/profile.ts';
import { drawPdfPages, withPages } from './picture.ts';
import { templatesOf } from '../../tests/papers.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'todoke-picture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// 85.60 × 53.98 mm and 3 mm of bleed are 259.65 × 170.02 points; A4 is 595.28 × 841.89.
test.each([
  ['card-front', 519, 340],
  ['letter', 1191, 1684],
] as const)(
  'a picture of a %s has the size of its page, not of the whole points in it',
  async (paper, width, height) => {
    const { artwork } = templatesOf(await loadProfile('kyokai-kenpo')).compile(paper, 'home');
    const file = path.join(folder, `${paper}.pdf`);
    writeFileSync(file, artwork);
    const [drawn] = await drawPdfPages(file, [1]);
    const png = PNG.sync.read(drawn!);
    expect([png.width, png.height]).toEqual([width, height]);
    const larger = await withPages(artwork, (draw) => draw(1, { scale: 300 / 72 }));
    expect(larger.width / larger.height).toBeCloseTo(width / height, 2);
  },
);
