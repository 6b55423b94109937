// Room: formats. manifest.json, of an output folder or of a hand-over package: what it is of, and its files with their hashes.
import { z } from 'zod';

const schema = z.object({
  issuance: z.object({ id: z.int(), name: z.string(), issuedOn: z.string() }),
  files: z.array(
    z.object({ path: z.string().min(1), bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});

/** What both kinds of manifest say. */
export type Manifest = z.infer<typeof schema>;

/** Reads a manifest; null where the text is none of ours. */
export function parseManifest(text: string): Manifest | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
