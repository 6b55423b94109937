// Room: formats. A file's bytes, block by block, and their hash: the same file twice is the same input.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/**
 * A file in blocks of `size` bytes; each is overwritten by the next. (A stream makes a new buffer a block, and they pile
 * up until the collector comes, which does not see them.)
 */
export async function* readBlocks(path: string, size: number): AsyncIterable<Buffer> {
  await using file = await open(path);
  const block = Buffer.allocUnsafeSlow(size);
  for (;;) {
    const { bytesRead } = await file.read(block, 0, size);
    if (bytesRead === 0) return;
    yield block.subarray(0, bytesRead);
  }
}

/** SHA-256 of a file, hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of readBlocks(path, 1 << 18)) hash.update(block);
  return hash.digest('hex');
}
