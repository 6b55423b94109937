import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ZipWriter, readZipComment, readZipNames } from './zip.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'todoke-zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'a.zip');

function write(files: Readonly<Record<string, Uint8Array>>, comment?: string): void {
  const zip = new ZipWriter(file);
  for (const [name, bytes] of Object.entries(files)) zip.add(name, bytes);
  zip.keep(comment);
}

test('what is written is what another program reads, whatever the bytes', () => {
  const name = fc.stringMatching(/^[a-z0-9-]{1,20}\.png$/);
  fc.assert(
    fc.property(fc.dictionary(name, fc.uint8Array({ maxLength: 300 }), { noNullPrototype: true }), (files) => {
      write(files, 'made of something');
      const bytes = readFileSync(file);
      expect(unzipSync(bytes)).toEqual(files);
      expect(readZipNames(bytes)).toEqual(Object.keys(files));
      expect(readZipComment(file)).toBe('made of something');
    }),
    { numRuns: 100 },
  );
});

test('the same files give the same bytes', () => {
  const files = { 'a.png': new Uint8Array([1, 2, 3]), 'b.png': new Uint8Array() };
  write(files);
  const first = readFileSync(file);
  write(files);
  expect(readFileSync(file).equals(first)).toBe(true);
});

test('an archive given up leaves nothing, one that was cut is none', () => {
  const zip = new ZipWriter(path.join(folder, 'b.zip'));
  zip.add('a.png', new Uint8Array(9));
  zip.abandon();
  expect(existsSync(path.join(folder, 'b.zip.part'))).toBe(false);
  write({ 'a.png': new Uint8Array(9) }, 'comment');
  const whole = readFileSync(file);
  for (const length of [0, 10, whole.length - 1]) {
    writeFileSync(file, whole.subarray(0, length));
    expect(readZipComment(file)).toBeNull();
    expect(readZipNames(whole.subarray(0, length))).toBeNull();
  }
  expect(readZipComment(path.join(folder, 'none.zip'))).toBeNull();
});
