// Room: operations. Files between the server and people: what they bring, the rows at fault, the packages to take.
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { randomUUID } from 'node:crypto';
import { rewriteCells } from '../../formats/cell-fixes.ts';
import type { CellFix, FixFault } from '../../formats/cell-fixes.ts';
import { readCsv } from '../../formats/csv.ts';
import { parsePackageManifest } from '../../formats/package.ts';
import type { PackageManifest } from '../../formats/package.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';

/** A name as a file may have it: no folder, nothing that is not printed, not endless. */
function fileNameOf(name: string): string {
  const base = path.basename(name.normalize('NFC').replaceAll('\\', '/')).replaceAll(/[\p{C}"<>|:*?]/gu, '');
  return base === '' || base.startsWith('.') ? 'upload.csv' : [...base].slice(-80).join('');
}

/** Days a file waits to be put right or asked for again; taken in, it goes at once. */
export const UPLOAD_DAYS = 7;

/**
 * Keeps a file that somebody brings until it is taken in. It may hold digits that nothing seals there: what was left behind
 * a week ago goes now.
 *
 * @returns its path below the server's folder
 */
export async function keepUpload(
  files: string,
  insurerNumber: string,
  name: string,
  content: ReadableStream<Uint8Array>,
): Promise<string> {
  await removeOldUploads(path.join(files, insurerNumber, 'uploads'), Date.now() - UPLOAD_DAYS * 86_400_000);
  const folder = path.join(insurerNumber, 'uploads', randomUUID());
  await mkdir(path.join(files, folder), { recursive: true });
  const place = path.join(folder, fileNameOf(name));
  try {
    await pipeline(Readable.fromWeb(content), createWriteStream(path.join(files, place)));
  } catch (error) {
    await rm(path.join(files, folder), { recursive: true, force: true });
    throw error;
  }
  return place;
}

async function removeOldUploads(root: string, before: number): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const folder = path.join(root, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: before }));
    if (mtimeMs < before) await rm(folder, { recursive: true, force: true });
  }
}

/** The list of every row that differs from the file in use, beside the file. */
export const changesList = (file: string): string => `${file}.changes.csv`;
/** The list of every cell to look at, beside the file. */
export const suspectsList = (file: string): string => `${file}.suspects.csv`;

/**
 * Removes an upload that was taken in or must not be kept, and the lists that name persons; the list of its faults, which holds
 * no values, stays.
 */
export async function removeUpload(files: string, upload: string): Promise<void> {
  const file = path.join(files, upload);
  for (const gone of [file, changesList(file), suspectsList(file)]) await rm(gone, { force: true });
}

/**
 * Where an upload lies, by the number it was given when it was sent.
 *
 * @throws Refusal `file-unknown`
 */
export async function findUpload(files: string, insurerNumber: string, id: string): Promise<string> {
  const folder = path.join(insurerNumber, 'uploads', id);
  const names = await readdir(path.join(files, folder)).catch(() => []);
  const [name] = names.filter((own) => !LISTS.some((ending) => own.endsWith(ending)));
  if (name === undefined)
    throw new Refusal('file-unknown', '送られたファイルは残っていません。もう一度送ってください。');
  return path.join(folder, name);
}

const LISTS = ['.errors.csv', changesList(''), suspectsList(''), '.part'];

/** Whether a row of an upload was refused because it holds an individual number. */
export async function holdsNumbers(files: string, upload: string): Promise<boolean> {
  const { rows } = await readRowFaults(files, upload, Infinity);
  return rows.some((row) => row.code === 'individual-number');
}

export interface RowFault {
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

/** Rows at fault of an upload, the first `limit` of them. */
export async function readRowFaults(
  files: string,
  upload: string,
  limit: number,
): Promise<{ total: number; rows: RowFault[] }> {
  const file = path.join(files, `${upload}.errors.csv`);
  if (!existsSync(file)) return { total: 0, rows: [] };
  const rows: RowFault[] = [];
  let total = -1;
  for await (const records of readCsv(file, 'utf-8')) {
    for (const { fields } of records) {
      const [line = '', column = '', code = '', message = ''] = fields;
      // The header is no row.
      if (total >= 0 && rows.length < limit) rows.push({ line: Number(line), column, code, message });
      total += 1;
    }
  }
  return { total: Math.max(0, total), rows };
}

/** A hand-over package that lies ready. */
export interface ReadyPackage {
  readonly folder: string;
  readonly issuanceId: number;
  readonly madeAt: string;
  readonly encrypted: boolean;
  readonly totals: PackageManifest['totals'];
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

/** Packages of an insurer, newest first. */
export async function listPackages(files: string, insurerNumber: string): Promise<ReadyPackage[]> {
  const root = path.join(files, insurerNumber, 'packages');
  const names = (await readdir(root).catch(() => [])).filter((name) => /^\d{1,4}-[0-9a-z]+$/.test(name));
  const found = await Promise.all(names.map((name) => readPackage(root, name)));
  return found.flat().sort((a, b) => b.madeAt.localeCompare(a.madeAt));
}

async function readPackage(root: string, folder: string): Promise<ReadyPackage[]> {
  const manifest = parsePackageManifest(await readFile(path.join(root, folder, 'manifest.json'), 'utf8'));
  if (manifest === null) return [];
  const [issuance = '', stamp = ''] = folder.split('-');
  const { totals } = manifest;
  const ready: ReadyPackage = {
    folder,
    issuanceId: Number(issuance),
    madeAt: new Date(Number.parseInt(stamp, 36)).toISOString(),
    encrypted: manifest.recipient !== null,
    totals,
    files: manifest.files.map(({ path: name, bytes, sha256 }) => ({ path: name, bytes, sha256 })),
  };
  return [ready];
}

/**
 * Where a file of a package lies, for an account that takes it: recorded, because its pages hold names and digits. Only what its manifest
 * names (and the manifest) can be asked for, so no name leads anywhere else.
 *
 * @throws Refusal `file-unknown`
 */
export async function takePackageFile(
  context: Context,
  files: string,
  insurerNumber: string,
  folder: string,
  name: string,
): Promise<string> {
  const found = (await listPackages(files, insurerNumber)).find((p) => p.folder === folder);
  const isThere = name === 'manifest.json' || found?.files.some((file) => file.path === name);
  if (!found || !isThere) throw new Refusal('file-unknown', 'そのファイルはありません。');
  await context.database.transaction((tx) =>
    recordAccess(tx, insurerNumber, context.actor, 'package', `${folder}/${name}`),
  );
  return path.join(files, insurerNumber, 'packages', folder, name);
}

/**
 * Puts cells of an upload right, as a new upload in the place of the one that was refused.
 *
 * @returns the new upload's path below the server's folder
 * @throws Refusal `fix-refused`
 */
export async function fixUpload(
  files: string,
  insurerNumber: string,
  upload: string,
  fixes: readonly CellFix[],
): Promise<string> {
  if (!existsSync(path.join(files, upload)))
    throw new Refusal(
      'fix-refused',
      '送られたファイルは残していません。もとのファイルを直して、もう一度取り込んでください。',
    );
  const folder = path.join(insurerNumber, 'uploads', randomUUID());
  await mkdir(path.join(files, folder), { recursive: true });
  const place = path.join(folder, path.basename(upload));
  const fault = await rewriteCells(path.join(files, upload), path.join(files, place), fixes);
  if (fault === null) {
    await removeUpload(files, upload);
    return place;
  }
  await rm(path.join(files, folder), { recursive: true, force: true });
  const why = {
    'no-column': '直す列がファイルにありません。',
    'no-line': '直す行がファイルにありません。',
    'broken-line': '引用符が閉じていない行があり、画面では直せません。ファイルを直してください。',
  } as const satisfies Record<FixFault['kind'], string>;
  const where = fault.kind === 'no-column' ? fault.column : `${fault.line}行`;
  throw new Refusal('fix-refused', why[fault.kind], [where]);
}
