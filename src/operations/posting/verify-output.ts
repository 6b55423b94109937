// Room: operations. Checks an output folder or a hand-over package against its manifest, without a database: every file by its bytes
// and hash.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../../formats/content-hash.ts';
import { readListedFiles, readPackagedFiles } from '../../formats/output-manifest.ts';
import { Refusal } from '../context.ts';

export interface OutputCheck {
  readonly fileCount: number;
  /** Files that are not as listed, in the manifest's order. */
  readonly faults: readonly { readonly path: string; readonly what: string }[];
  /** Files in the folder that the manifest does not list. */
  readonly strangers: readonly string[];
}

/** @throws Refusal `manifest-missing` where the folder holds no manifest that lists files */
export async function verifyOutput(folder: string): Promise<OutputCheck> {
  const manifest = path.join(folder, 'manifest.json');
  const files = (await readListedFiles(manifest)) ?? (await readPackagedFiles(manifest));
  if (!files)
    throw new Refusal('manifest-missing', 'manifest.json がないか、書き出し先や引き渡しの目録ではありません。');
  const faults: { path: string; what: string }[] = [];
  for (const file of files) {
    const what = await faultOf(path.join(folder, file.path), file.bytes, file.sha256);
    if (what !== null) faults.push({ path: file.path, what });
  }
  const known = new Set(['manifest.json', ...files.map((file) => file.path)]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const strangers = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !known.has(name))
    .sort();
  return { fileCount: files.length, faults, strangers };
}

async function faultOf(file: string, bytes: number, sha256: string): Promise<string | null> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) return 'がありません';
  if (found.size !== bytes) return `の大きさが違います（${bytes}のはずが${found.size}）`;
  return (await hashFile(file)) === sha256 ? null : 'の内容が目録の SHA-256 と違います';
}
