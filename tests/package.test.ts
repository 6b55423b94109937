// The hand-over package: made from a printed issuance, checked without a database, and every kind of damage named.
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { PNG } from 'pngjs';
import { beforeAll, expect, test } from 'vitest';
import type { PackageManifest } from '../src/formats/package.ts';
import { loadProfile } from '../src/formats/profile.ts';
import type { Run } from '../src/operations/issuance-run.ts';
import { makePackage } from '../src/operations/package.ts';
import { verifyPackage } from '../src/operations/verify-package.ts';
import { issueSample } from './issued.ts';
import { openTestFolder, openTestLedger, releaseLots } from './ledger.ts';
import { readCodes } from './pages.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
const profile = { ...kyokai, print: { ...kyokai.print, pagesPerFile: 100 } };
const outDir = path.join(folder, 'out');
const good = path.join(folder, 'package');
let run: Run;

beforeAll(async () => {
  ({ run } = await issueSample(context, profile, folder, { members: 1500, seed: 4 }, { prints: true }));
  await releaseLots(context, run);
  await makePackage(context, run, profile, { outDir, packageDir: good, recipient: null, images: true });
}, 60_000);

const manifestOf = (dir: string): PackageManifest =>
  JSON.parse(readFileSync(path.join(dir, 'manifest.json'), 'utf8')) as PackageManifest;

test('a package as it was made has no fault; it holds no decision, reason or workplace list', async () => {
  const { manifest, opened } = await verifyPackage(good, null);
  expect(opened).toBe(true);
  expect(manifest.totals.certificates).toBeGreaterThan(100);
  const names = manifest.files.map((file) => file.path);
  expect(names.filter((name) => /decision|reason|warning|workplace|held/.test(name))).toEqual([]);
  for (const name of ['mailpieces.csv', 'personalisation.csv', 'enclosures.csv', 'record-layout.md'])
    expect(names).toContain(name);
  for (const kind of ['first', 'last', 'longest', 'largest']) expect(names).toContain(`proofs/${kind}-letter.pdf`);
});

test('the personalisation file has each certificate once, with what its face says, and its image says its number', async () => {
  const [header, ...rows] = readFileSync(path.join(good, 'personalisation.csv'), 'utf8').trimEnd().split('\r\n');
  expect(header!.split(',')).toHaveLength(19);
  const numbers = rows.map((row) => row.split(',')[0]!);
  expect(new Set(numbers).size).toBe(manifestOf(good).totals.certificates);
  const number = numbers[7]!;
  const png = PNG.sync.read(readFileSync(path.join(good, 'images', number.slice(0, 10), `${number}.png`)));
  expect(await readCodes(png)).toEqual([{ format: 'QRCode', text: number }]);
  expect(rows[7]).toMatch(/令和\d+年/);
});

test('a package is made once, and not over another', async () => {
  await expect(
    makePackage(context, run, profile, { outDir, packageDir: good, recipient: null, images: false }),
  ).rejects.toMatchObject({ code: 'package-exists' });
});

/** Writes the manifest so that a changed file's bytes and hash agree with it again. */
function admit(dir: string, name: string, change: Partial<PackageManifest['files'][number]> = {}): void {
  const manifest = manifestOf(dir);
  const bytes = readFileSync(path.join(dir, name));
  const files = manifest.files.map((file) =>
    file.path === name
      ? { ...file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), ...change }
      : file,
  );
  writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ ...manifest, files }));
}

const DAMAGES: readonly (readonly [name: string, damage: (dir: string) => void, said: string])[] = [
  [
    'a changed byte',
    (dir) => {
      const file = path.join(dir, 'print', '00002-letters.pdf');
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    'print/00002-letters.pdf の内容',
  ],
  ['a missing file', (dir) => rmSync(path.join(dir, 'enclosures.csv')), 'enclosures.csv がありません'],
  [
    'a file too many',
    (dir) => writeFileSync(path.join(dir, 'print', 'last-year.pdf'), 'x'),
    'print/last-year.pdf は目録にありません',
  ],
  [
    'a file that lost its end',
    (dir) =>
      writeFileSync(path.join(dir, 'mailpieces.csv'), readFileSync(path.join(dir, 'mailpieces.csv')).subarray(0, -20)),
    'mailpieces.csv の大きさ',
  ],
  [
    'a print file with other pages',
    (dir) => {
      cpSync(path.join(dir, 'print', '00001-letters.pdf'), path.join(dir, 'print', '00001-certificates.pdf'));
      admit(dir, 'print/00001-certificates.pdf');
    },
    'print/00001-certificates.pdf のページ数',
  ],
  [
    'a row too few',
    (dir) => {
      const file = path.join(dir, 'mailpieces.csv');
      writeFileSync(file, readFileSync(file, 'utf8').split('\r\n').slice(0, -2).join('\r\n') + '\r\n');
      admit(dir, 'mailpieces.csv');
    },
    'mailpieces.csv の行数',
  ],
  [
    'a total that is not the sum',
    (dir) => admit(dir, 'print/00001-letters.pdf', { pieces: 1 }),
    'manifest.json の合計が合いません: 郵便物の合計',
  ],
  ['no manifest', (dir) => rmSync(path.join(dir, 'manifest.json')), 'manifest.json がない'],
];

test.each(DAMAGES)('%s is named', async (name, damage, said) => {
  const dir = path.join(folder, `damaged-${name}`);
  cpSync(good, dir, { recursive: true });
  damage(dir);
  await expect(verifyPackage(dir, null)).rejects.toMatchObject({
    code: 'package-fault',
    message: expect.stringContaining(said),
  });
});

test(
  'encrypted to the contractor: checked closed by anyone, open by who has the key, by nobody else',
  { timeout: 30_000 },
  async () => {
    const identity = await generateIdentity();
    const dir = path.join(folder, 'encrypted');
    await makePackage(context, run, profile, {
      outDir,
      packageDir: dir,
      recipient: await identityToRecipient(identity),
      images: false,
    });
    expect(readFileSync(path.join(dir, 'personalisation.csv.age'), 'latin1')).toMatch(/^age-encryption.org\/v1/);
    expect((await verifyPackage(dir, null)).opened).toBe(false);
    expect((await verifyPackage(dir, identity)).opened).toBe(true);
    await expect(verifyPackage(dir, await generateIdentity())).rejects.toMatchObject({
      message: expect.stringContaining('この鍵で開けません'),
    });
  },
);

test('a print file that is not the recorded one is not handed over', async () => {
  const other = path.join(folder, 'other-out');
  cpSync(outDir, other, { recursive: true });
  writeFileSync(path.join(other, 'print', '00001-letters.pdf'), 'other');
  await expect(
    makePackage(context, run, profile, {
      outDir: other,
      packageDir: path.join(folder, 'p3'),
      recipient: null,
      images: false,
    }),
  ).rejects.toMatchObject({ code: 'print-file-differs' });
});
