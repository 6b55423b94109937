// Room: formats. Files that appear whole or not at all: written aside (`.part`), then named.
import { rename, rm, writeFile } from 'node:fs/promises';
import { TextFileWriter } from './csv.ts';
import type { WrittenFile } from './csv.ts';
import type { Encoding } from './encoding.ts';

/** Writes a file in one go; nothing of it stays where that fails. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(`${file}.part`, content);
    await rename(`${file}.part`, file);
  } catch (error) {
    await rm(`${file}.part`, { force: true });
    throw error;
  }
}

/** Writes a text file piece by piece; nothing of it stays where `fill`, or the disk, fails. */
export async function writeText(
  file: string,
  fill: (writer: TextFileWriter) => Promise<void>,
  encoding: Encoding = 'utf-8',
  options: { readonly bom?: boolean } = {},
): Promise<WrittenFile> {
  const writer = await TextFileWriter.create(file, encoding, options);
  try {
    await fill(writer);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  return writer.finish();
}
