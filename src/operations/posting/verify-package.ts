// Room: operations. Checks a hand-over package without a database, and names the first thing that is wrong.
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { decryptWith } from '../../formats/encryption.ts';
import { countCsvRows, parsePackageManifest } from '../../formats/package.ts';
import type { PackageFile, PackageManifest } from '../../formats/package.ts';
import { readZip } from '../../formats/zip.ts';
import { countPages } from '../../print/read-back.ts';
import { Refusal } from '../context.ts';

export interface PackageCheck {
  readonly manifest: PackageManifest;
  /** False where encrypted files were checked by their bytes alone, the key not being given. */
  readonly opened: boolean;
}

/**
 * Checks every file's bytes, hash, pages and rows, that nothing is missing or added, and the control totals.
 * `identity`: the age secret key, to look into an encrypted package. Throws a Refusal that names the first fault.
 */
export async function verifyPackage(folder: string, identity: string | null): Promise<PackageCheck> {
  const manifest = parsePackageManifest(await readFile(path.join(folder, 'manifest.json'), 'utf8').catch(() => ''));
  if (!manifest) throw fault('manifest.json', 'がないか、パッケージの目録ではありません。');
  const expected = new Set(['manifest.json', ...manifest.files.map((file) => file.path)]);
  for (const name of await filesIn(folder)) if (!expected.has(name)) throw fault(name, 'は目録にありません。');
  const opened = manifest.recipient === null || identity !== null;
  for (const file of manifest.files) await checkFile(folder, file, identity);
  checkTotals(manifest);
  return { manifest, opened };
}

function fault(name: string, what: string): Refusal {
  return new Refusal('package-fault', `${name} ${what}`);
}

async function checkFile(folder: string, file: PackageFile, identity: string | null): Promise<void> {
  const stored = await readFile(path.join(folder, file.path)).catch(() => null);
  if (stored === null) throw fault(file.path, 'がありません。');
  if (stored.length !== file.bytes)
    throw fault(file.path, `の大きさが違います（${file.bytes}のはずが${stored.length}）。`);
  if (sha256(stored) !== file.sha256) throw fault(file.path, 'の内容が目録の SHA-256 と違います。');
  let bytes: Uint8Array = stored;
  if (file.plainSha256 !== undefined) {
    if (identity === null) return;
    const plain = await decryptWith(identity, stored);
    if (plain === null) throw fault(file.path, 'をこの鍵で開けません。');
    if (sha256(plain) !== file.plainSha256) throw fault(file.path, 'の復号した内容が目録の SHA-256 と違います。');
    bytes = plain;
  }
  const name = file.path.replace(/\.age$/, '');
  if (file.rows !== undefined) {
    const rows = countCsvRows(bytes);
    if (rows !== file.rows) throw fault(file.path, `の行数が違います（${file.rows}のはずが${rows}）。`);
  }
  if (file.images !== undefined) {
    const images = (await readZip(bytes))?.names.length;
    if (images !== file.images)
      throw fault(file.path, `の画像の数が違います（${file.images}のはずが${images ?? 'なし'}）。`);
  }
  // Proofs and artwork come from Typst, whose files are not ours to read; the others are.
  if (file.pages !== undefined && /^(?:print|parcels)\//.test(name)) {
    const pages = countPages(bytes);
    if (pages !== file.pages) throw fault(file.path, `のページ数が違います（${file.pages}のはずが${pages}）。`);
  }
}

/** Control totals: each said twice or more must be said the same. */
function checkTotals({ files, totals }: PackageManifest): void {
  const sum = (suffix: string, key: 'pieces' | 'certificates' | 'pages'): number =>
    files.filter((f) => named(f).endsWith(suffix)).reduce((total, f) => total + (f[key] ?? 0), 0);
  const rows = (name: string): number | undefined => files.find((f) => named(f) === name)?.rows;
  const pages = { letters: sum('-letters.pdf', 'pages'), certificates: sum('-certificates.pdf', 'pages') };
  const [notices, requestForms] = [sum('-notices.pdf', 'pages'), sum('-request-forms.pdf', 'pages')];
  const equations: (readonly [name: string, said: number, counted: number | undefined])[] = [
    ['郵便物の合計', totals.pieces, sum('-letters.pdf', 'pieces') + sum('-notices.pdf', 'pieces')],
    ['送付書のページ', totals.pieces - totals.notices, pages.letters],
    ['資格確認書の合計', totals.certificates, sum('-certificates.pdf', 'certificates')],
    ['資格確認書のページ', totals.certificates * 2, pages.certificates],
    ['お知らせのページ', totals.notices, notices],
    ['個人番号申出書のページ', totals.requestForms, requestForms],
    ['ページの合計', totals.pages, pages.letters + pages.certificates + notices + requestForms],
    ['mailpieces.csv の行', totals.pieces, rows('mailpieces.csv')],
    ['personalisation.csv の行', totals.certificates, rows('personalisation.csv') ?? totals.certificates],
    ['parcels.csv の行', totals.parcels, rows('parcels.csv') ?? 0],
  ];
  for (const [name, said, counted] of equations)
    if (said !== counted) throw fault('manifest.json', `の合計が合いません: ${name} ${said} と ${counted ?? 'なし'}。`);
}

function named(file: PackageFile): string {
  return file.path.replace(/\.age$/, '');
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
