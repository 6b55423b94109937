// Room: formats. The files an output folder's manifest.json lists. It may hold millions of pages: it is read line by line, as it
// was written.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

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
  const leaves = files.some((file) => file.path.startsWith('/') || file.path.split(/[/\\]/).includes('..'));
  return isWhole && !leaves ? files : null;
}
