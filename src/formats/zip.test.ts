import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ZipWriter, readZip } from './zip.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'todoke-zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'a.zip');

async function write(files: Readonly<Record<string, Uint8Array>>, comment?: string): Promise<void> {
  const zip = new ZipWriter(file);
  for (const [name, bytes] of Object.entries(files)) await zip.add(name, bytes);
  await zip.keep(comment);
}

test('what is written is what another program reads, whatever the bytes', async () => {
  const name = fc.stringMatching(/^[a-z0-9-]{1,20}\.png$/);
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(name, fc.uint8Array({ maxLength: 300 }), { noNullPrototype: true }),
      async (files) => {
        await write(files, 'made of something');
        const bytes = readFileSync(file);
        expect(unzipSync(bytes)).toEqual(files);
        const read = await readZip(file);
        expect(read).toEqual({ names: Object.keys(files), comment: 'made of something' });
      },
    ),
    { numRuns: 100 },
  );
});

test('the same files give the same bytes, in any time zone', async () => {
  const files = { 'a.png': new Uint8Array([1, 2, 3]), 'b.png': new Uint8Array() };
  await write(files);
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
  expect(hash).toBe('6859b4f58547bdca9c618757c4512e5b01fab5b0627d3f60ea801e42d4c0b5ad');
});

test('an archive given up leaves nothing, one that was cut is none', async () => {
  const zip = new ZipWriter(path.join(folder, 'b.zip'));
  await zip.add('a.png', new Uint8Array(9));
  await zip.abandon();
  expect(existsSync(path.join(folder, 'b.zip.part'))).toBe(false);
  await write({ 'a.png': new Uint8Array(9) }, 'comment');
  const whole = new Uint8Array(readFileSync(file));
  expect(await readZip(whole)).toMatchObject({ names: ['a.png'] });
  expect(await readZip(path.join(folder, 'none.zip'))).toBeNull();
  for (const length of [0, 10, whole.length - 'comment'.length - 1])
    expect(await readZip(whole.subarray(0, length))).toBeNull();
  expect((await readZip(whole.subarray(0, -1)))?.comment).not.toBe('comment');
});

test('a full disk is told as it is, and leaves nothing', async () => {
  const full = path.join(folder, 'full.zip');
  symlinkSync('/dev/full', `${full}.part`);
  const zip = new ZipWriter(full);
  await expect(zip.add('a.png', new Uint8Array(100_000)).then(() => zip.keep())).rejects.toMatchObject({
    code: 'ENOSPC',
  });
  await zip.abandon();
  expect(existsSync(`${full}.part`)).toBe(false);
});
