// Room: formats. The files a manifest.json lists: of an output folder, which may hold millions of pages and is read line by line as it
// was written, or of a hand-over package.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { parsePackageManifest } from './package.ts';

const listed = z.object({
  path: z.string().min(1),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ListedFile = z.infer<typeof listed>;

/** One file a line, after `"files": [`. */
const FIRST = /^\s*"files": \[$/;

/** The files a manifest lists, in its order; null where the file is none. A path that leaves the folder is none either. */
export async function readListedFiles(manifest: string): Promise<ListedFile[] | null> {
  const files: ListedFile[] = [];
  let isList = false;
  let isWhole = false;
  try {
    for await (const line of createInterface({ input: createReadStream(manifest), crlfDelay: Infinity })) {
      if (!isList) isList = FIRST.test(line);
      else if (line.trim() === ']') isWhole = true;
      else if (!isWhole) files.push(listed.parse(JSON.parse(line.trim().replace(/,$/, ''))));
    }
  } catch {
    return null;
  }
  return isWhole && !files.some(leaves) ? files : null;
}

/** The files a hand-over package's manifest lists; null where the file is none. It is small: its pages are not in it. */
export async function readPackagedFiles(manifest: string): Promise<ListedFile[] | null> {
  const parsed = parsePackageManifest(await readFile(manifest, 'utf8').catch(() => ''));
  const files = parsed?.files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })) ?? null;
  return files && !files.some(leaves) ? files : null;
}

/** Whether a listed path leads out of its folder. */
function leaves({ path }: ListedFile): boolean {
  return path.startsWith('/') || path.split(/[/\\]/).includes('..');
}
