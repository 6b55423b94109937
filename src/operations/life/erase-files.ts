// Room: operations. What was written of an issuance that is erased goes from its folders too: only what a manifest of that
// issuance names and whose hash is still the one it was written with; never anything else.
import { lstat, readFile, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../../formats/content-hash.ts';
import { parseManifest } from '../../formats/manifest.ts';
import type { Manifest } from '../../formats/manifest.ts';
import { listErasedIssuances } from '../../ledger/life/erasures.ts';
import { Refusal, throwIfStopped } from '../context.ts';
import type { Context } from '../context.ts';

export interface RemovedFiles {
  /** Folders whose manifest is of an erased issuance. */
  readonly folders: readonly string[];
  /** Files removed, or to be removed where it only looked; the manifests among them. */
  readonly removed: readonly string[];
  /** Named by the manifest and not as it was written: kept. */
  readonly differing: readonly string[];
  /** In these folders, and named by no manifest: kept. */
  readonly strange: readonly string[];
  /** False = only looked. */
  readonly isDone: boolean;
}

type Found = Record<'folders' | 'removed' | 'differing' | 'strange', string[]>;

/**
 * Looks through a folder and all below it. `due`: issuances that are to be erased, where nothing is to be removed yet. Done again, it goes
 * on where it was interrupted: a manifest goes after all its files.
 */
export async function removeErasedFiles(
  context: Context,
  insurerNumber: string,
  root: string,
  due: readonly number[],
  isConfirmed: boolean,
): Promise<RemovedFiles> {
  const top = await realpath(root).catch(() => {
    throw new Refusal('no-file', `${root}: フォルダがありません。`);
  });
  const erased = await context.database.transaction((tx) => listErasedIssuances(tx, insurerNumber, due));
  const isErased = ({ issuance: { id, name, issuedOn } }: Manifest): boolean =>
    erased.some((one) => one.id === id && one.name === name && one.issuedOn === issuedOn);
  const found: Found = { folders: [], removed: [], differing: [], strange: [] };
  for (const file of await listManifests(top)) {
    throwIfStopped(context);
    const manifest = parseManifest(await readFile(file, 'utf8'));
    if (manifest && isErased(manifest)) await removeFolder(context, path.dirname(file), manifest, found, isConfirmed);
  }
  return { ...found, isDone: isConfirmed };
}

/** manifest.json of a folder and those below it; links are not followed. */
async function listManifests(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name === 'manifest.json')
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

async function removeFolder(
  context: Context,
  folder: string,
  manifest: Manifest,
  found: Found,
  isConfirmed: boolean,
): Promise<void> {
  found.folders.push(folder);
  const own = new Set<string>();
  let isWhole = true;
  for (const { path: name, bytes, sha256 } of manifest.files) {
    throwIfStopped(context);
    const file = path.resolve(folder, name);
    own.add(file);
    const isOurs = await isAsWritten(folder, file, bytes, sha256);
    if (isOurs === null) continue;
    isWhole &&= isOurs;
    found[isOurs ? 'removed' : 'differing'].push(file);
    if (isOurs && isConfirmed) await rm(file);
  }
  const all = await readdir(folder, { withFileTypes: true, recursive: true });
  const itself = path.join(folder, 'manifest.json');
  for (const entry of all) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && file !== itself && !own.has(file)) found.strange.push(file);
  }
  // What stays must still be listed in its manifest.
  if (!isWhole) return;
  found.removed.push(itself);
  if (!isConfirmed) return;
  await rm(itself);
  const folders = all.filter((entry) => entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name));
  // The deepest first; one that holds something stays.
  for (const empty of [folder, ...folders].toSorted((a, b) => b.length - a.length))
    await rmdir(empty).catch(() => null);
}

/** Whether a file lies where it was written and holds what was written; null = it is gone. */
async function isAsWritten(folder: string, file: string, bytes: number, sha256: string): Promise<boolean | null> {
  if (!file.startsWith(folder + path.sep)) return false;
  const status = await lstat(file).catch(() => null);
  if (status === null) return null;
  // A link, or a file reached through one, is somebody else's doing.
  if (!status.isFile() || (await realpath(file)) !== file || status.size !== bytes) return false;
  return (await hashFile(file)) === sha256;
}
