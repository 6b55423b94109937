// The hand-over package: made from a printed issuance, checked without a database, and every kind of damage named.
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { unzipSync } from 'fflate';
import { PNG } from 'pngjs';
import { beforeAll, expect, test } from 'vitest';
import type { PackageManifest } from '../src/formats/package.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { ZipWriter } from '../src/formats/zip.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { makePackage } from '../src/operations/posting/package.ts';
import { verifyPackage } from '../src/operations/posting/verify-package.ts';
import { issueSample } from './issued.ts';
import { openTestFolder, openTestLedger, approveLots } from './ledger.ts';
import { drawPages, readCodes, readTexts } from './pages.ts';
import type { Picture } from '../src/print/images.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
const profile = { ...kyokai, print: { ...kyokai.print, pagesPerFile: 100 } };
const outDir = path.join(folder, 'out');
const good = path.join(folder, 'package');
/** A lot goes to the contractor once; here it goes often. */
const AGAIN = { person: '検査 太郎', reason: 'もう一度確かめる' };
let run: Issuance;

beforeAll(async () => {
  ({ issuance: run } = await issueSample(context, profile, folder, { members: 700, seed: 4 }, { prints: true }));
  await approveLots(context, run);
  await makePackage(context, run, profile, { outDir, packageDir: good, recipient: null, cardImages: 'faces' });
}, 120_000);

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

const rowsOf = (dir: string): string[][] =>
  readFileSync(path.join(dir, 'personalisation.csv'), 'utf8')
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((row) => row.split(','));

test('the personalisation file has each certificate once, with what its face says and the names of its images', async () => {
  const header = readFileSync(path.join(good, 'personalisation.csv'), 'utf8').split('\r\n')[0]!;
  expect(header.split(',')).toHaveLength(26);
  const rows = rowsOf(good);
  const numbers = rows.map((row) => row[0]!);
  expect(new Set(numbers).size).toBe(manifestOf(good).totals.certificates);
  expect(rows[7]!.join(',')).toMatch(/令和\d+年/);
  const archives = new Map<string, Record<string, Uint8Array>>();
  for (const row of rows) {
    const [archive, front, back, qr, passage] = row.slice(21) as [string, string, string, string, string];
    if (!archives.has(archive)) archives.set(archive, unzipSync(readFileSync(path.join(good, archive))));
    for (const name of [front, back, qr]) expect(archives.get(archive)).toHaveProperty([name]);
    expect(front).toBe(`${row[0]}-front.png`);
    // A back without remarks is the same for everyone who returns it the same way.
    const shared = passage === 'direct' ? 'back-direct.png' : 'back.png';
    expect(back).toBe(row[20] === '' ? shared : `${row[0]}-back.png`);
  }
  expect(archives.size).toBeGreaterThan(2);
  const named = new Set(rows.flatMap((row) => row.slice(22, 25).map((name) => `${row[21]}/${name}`)));
  const held = [...archives].flatMap(([archive, files]) => Object.keys(files).map((name) => `${archive}/${name}`));
  expect(new Set(held)).toEqual(named);
});

const inkOf = ({ data }: Pick<Picture, 'data'>): number => {
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) dark += data[i]! < 100 ? 1 : 0;
  return dark;
};

test('images of a card are what its page shows, trimmed, 300 dpi; the QR code on both says its number', async () => {
  const [row] = rowsOf(good).filter((cells) => cells[20] !== '');
  const [number, archive] = [row![0]!, row![21]!];
  const files = unzipSync(readFileSync(path.join(good, archive)));
  const picture = (name: string): PNG => PNG.sync.read(Buffer.from(files[name]!));
  for (const name of [row![24]!, row![22]!])
    expect(await readCodes(picture(name)), name).toEqual([{ format: 'QRCode', text: number }]);
  const pages = manifestOf(good).files.find(
    (file) => file.path === archive.replace('card-images', 'print').replace('.zip', '-certificates.pdf'),
  )!;
  const pdf = readFileSync(path.join(good, pages.path));
  const at = (
    await readTexts(
      pdf,
      Array.from({ length: pages.pages! }, (_, i) => i),
    )
  ).findIndex((text) => text.includes(number.replace(/^(\d)(\d{4})(\d{8})(\d)$/, '$1-$2-$3-$4')));
  const drawn = await drawPages(pdf, [at, at + 1], 300 / 72);
  for (const [i, name] of [row![22]!, row![23]!].entries()) {
    const image = picture(name);
    expect([image.width, image.height]).toEqual([1011, 638]);
    expect(files[name]!.subarray(33 + 8, 33 + 17)).toEqual(new Uint8Array([0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1]));
    // The page whole has its bleed of 3 mm all around: 35 pixels.
    const { width, height, data } = drawn[i]!;
    expect([width, height]).toEqual([1082, 708]);
    expect(inkOf(image)).toBeGreaterThan(5000);
    const same = Array.from({ length: image.height }, (_, y) => {
      const page = data.subarray(((y + 35) * width + 35) * 4).subarray(0, image.width * 4);
      return Buffer.compare(page, image.data.subarray(y * image.width * 4, (y + 1) * image.width * 4)) === 0;
    });
    expect(
      same.filter((row) => !row),
      name,
    ).toEqual([]);
  }
  const seal = PNG.sync.read(readFileSync(path.join(good, 'card-images', 'seal.png')));
  expect([seal.width, seal.height]).toEqual([472, 472]);
});

test('images that are drawn are not drawn again; one that is gone, cut or of another file is', async () => {
  const archives = manifestOf(good).files.filter((file) => file.path.endsWith('.zip'));
  const [first, second, third, ...rest] = archives.map((file) => path.join(outDir, file.path));
  const before = [first!, second!, third!].map((file) => readFileSync(file));
  const times = rest.map((file) => statSync(file).mtimeMs);
  // The package's files may be links to these.
  for (const file of [first!, second!, third!]) rmSync(file);
  // As if the machine had stopped, and as if it had been drawn from another print file.
  writeFileSync(second!, before[1]!.subarray(0, 1000));
  const other = Buffer.from(before[2]!);
  other.write('0'.repeat(64), other.length - 64, 'latin1');
  writeFileSync(third!, other);
  const again = path.join(folder, 'again');
  await makePackage(context, run, profile, {
    outDir,
    packageDir: again,
    recipient: null,
    override: AGAIN,
    cardImages: 'faces',
  });
  for (const [i, file] of [first!, second!, third!].entries()) expect(readFileSync(file).equals(before[i]!)).toBe(true);
  expect(rest.map((file) => statSync(file).mtimeMs)).toEqual(times);
  expect((await verifyPackage(again, null)).manifest.files).toEqual(manifestOf(good).files);
}, 60_000);

test('the codes alone, for printers that make the rest; no images unless asked; none of a postcard', async () => {
  const codes = path.join(folder, 'codes');
  const elsewhere = path.join(folder, 'codes-out');
  cpSync(outDir, elsewhere, { recursive: true });
  rmSync(path.join(elsewhere, 'card-images'), { recursive: true });
  await makePackage(context, run, profile, {
    outDir: elsewhere,
    packageDir: codes,
    recipient: null,
    override: AGAIN,
    cardImages: 'qr',
  });
  const [row] = rowsOf(codes);
  expect(row!.slice(22)).toEqual(['', '', `${row![0]}-qr.png`, expect.stringMatching(/^(?:employer|direct)$/)]);
  const files = unzipSync(readFileSync(path.join(codes, row![21]!)));
  expect(Object.keys(files).every((name) => /^\d{14}-qr\.png$/.test(name))).toBe(true);
  const none = path.join(folder, 'none');
  await makePackage(context, run, profile, {
    outDir,
    packageDir: none,
    recipient: null,
    override: AGAIN,
    cardImages: null,
  });
  expect(manifestOf(none).files.filter((file) => file.path.startsWith('card-images'))).toEqual([]);
  expect(rowsOf(none)[0]!.slice(21, 25)).toEqual(['', '', '', '']);
  const postcard = { ...profile, form: { ...profile.form, kind: 'postcard' as const } };
  await expect(
    makePackage(context, run, postcard, {
      outDir,
      packageDir: path.join(folder, 'p'),
      recipient: null,
      override: AGAIN,
      cardImages: 'qr',
    }),
  ).rejects.toMatchObject({ code: 'package-images' });
});

test('a package is made once, and not over another', async () => {
  await expect(
    makePackage(context, run, profile, {
      outDir,
      packageDir: good,
      recipient: null,
      override: AGAIN,
      cardImages: null,
    }),
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

const DAMAGES: readonly (readonly [name: string, damage: (dir: string) => void | Promise<void>, said: string])[] = [
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
  [
    'an image too few',
    async (dir) => {
      const file = path.join(dir, 'card-images', '00001.zip');
      const zip = new ZipWriter(file);
      for (const [name, bytes] of Object.entries(unzipSync(readFileSync(file))).slice(1)) await zip.add(name, bytes);
      await zip.keep();
      admit(dir, 'card-images/00001.zip');
    },
    'card-images/00001.zip の画像の数',
  ],
  ['no manifest', (dir) => rmSync(path.join(dir, 'manifest.json')), 'manifest.json がない'],
];

test.each(DAMAGES)('%s is named', async (name, damage, said) => {
  const dir = path.join(folder, `damaged-${name}`);
  cpSync(good, dir, { recursive: true });
  await damage(dir);
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
      override: AGAIN,
      cardImages: null,
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
      override: AGAIN,
      cardImages: null,
    }),
  ).rejects.toMatchObject({ code: 'print-file-differs' });
});

// 健保則47条2項: copy prevention is the insurer's to settle, and the contractor's to keep to.
test('the specification of the form goes with the package, and none is made without it', async () => {
  const form = '様式第九号（健康保険法施行規則第47条関係）';
  const { copyPrevention } = profile.form;
  expect(manifestOf(good).specification).toEqual({ form, copyPrevention });
  const layout = readFileSync(path.join(good, 'record-layout.md'), 'utf8');
  expect(layout).toContain(`様式　${form}`);
  expect(layout).toContain(`複製等の防止　${copyPrevention}`);
  const unsettled = { ...profile, form: { ...profile.form, copyPrevention: null } };
  const making = makePackage(context, run, unsettled, {
    outDir,
    packageDir: path.join(folder, 'unsettled'),
    recipient: null,
    override: AGAIN,
    cardImages: null,
  });
  await expect(making).rejects.toMatchObject({
    code: 'copy-prevention',
    message: expect.stringContaining('form.copyPrevention'),
  });
});
