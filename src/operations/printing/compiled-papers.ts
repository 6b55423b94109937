// Room: operations. Templates compiled for printing, and papers without a person written for the printer.
import type { ArtworkFile } from './kind.ts';
import { createHash } from 'node:crypto';
import { writeWhole } from '../../formats/files.ts';
import { takeArtwork } from '../../print/artwork.ts';
import type { Stampable } from '../../print/batch-files.ts';
import type { PaperKind } from '../../print/papers.ts';
import { TemplateError, Templates } from '../../print/template.ts';
import type { CompiledSheet } from '../../print/template.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { Passage } from '../../rules/papers/scheme.ts';
import { Refusal } from '../context.ts';
import path from 'node:path';

/** The same, with its artwork taken for stamping. */
export async function compilePaper(
  templates: Templates,
  paper: PaperKind,
  route: Route,
  passage: Passage = 'employer',
): Promise<Stampable> {
  const { artwork, sheet } = compiled(templates, paper, route, passage);
  return { sheet, artwork: await takeArtwork(artwork) };
}

/** A paper's template compiled for a route; a template that does not compile is refused with its place. */
export function compiled(
  templates: Templates,
  paper: PaperKind,
  route: Route,
  passage: Passage = 'employer',
): CompiledSheet {
  try {
    return templates.compile(paper, route, passage);
  } catch (error) {
    if (error instanceof TemplateError) throw new Refusal('template', `雛形を直してください。${error.message}`);
    throw error;
  }
}

/** Writes one paper that is the same for everyone. */
export async function writeArtworkFile(outDir: string, name: string, artwork: Uint8Array): Promise<ArtworkFile> {
  await writeWhole(path.join(outDir, name), artwork);
  return { path: name, byteCount: artwork.length, sha256: createHash('sha256').update(artwork).digest('hex') };
}
