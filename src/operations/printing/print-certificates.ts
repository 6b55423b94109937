// Room: operations. Certificates on their way to paper.
import { mkdir } from 'node:fs/promises';
import { readPostalMaster } from '../../ledger/intake/postal.ts';
import { findPieceToPrint } from '../../ledger/printing/prints.ts';
import type { Stampable } from '../../print/batch-files.ts';
import type { Passage } from '../../rules/papers/scheme.ts';
import type { BatchPapers } from '../../print/batch.ts';
import type { PaperKind } from '../../print/papers.ts';
import { referencePiece } from '../../print/reference.ts';
import { Templates } from '../../print/template.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { Refusal } from '../context.ts';
import { withCustomerBarcode } from './customer-codes.ts';
import type { Context } from '../context.ts';
import type { CertificateIssuance } from '../issuance.ts';
import type { ArtworkFile } from './kind.ts';
import type { ChosenTexts } from '../../rules/papers/texts.ts';
import { textsOfRun } from './texts.ts';
import { compilePaper, compiled, writeArtworkFile } from './compiled-papers.ts';
import path from 'node:path';

/** 同封物 and privacy seal as one-page PDFs for the printer. */
export async function writeArtwork(
  profile: InsurerProfile,
  texts: ChosenTexts,
  outDir: string,
): Promise<ArtworkFile[]> {
  await mkdir(path.join(outDir, 'artwork'), { recursive: true });
  const templates = new Templates(profile, texts);
  const papers: PaperKind[] = profile.form.kind === 'card' ? ['flyer', 'privacy-seal'] : ['flyer'];
  const files: ArtworkFile[] = [];
  for (const paper of papers) {
    const { artwork } = compiled(templates, paper, profile.route);
    files.push(await writeArtworkFile(outDir, `artwork/${paper}.pdf`, artwork));
  }
  return files;
}

/** Compiles the papers of these routes once. */
export async function compilePapers(
  profile: InsurerProfile,
  texts: ChosenTexts,
  routes: readonly Route[],
): Promise<Partial<Record<Route, BatchPapers>>> {
  const templates = new Templates(profile, texts);
  const { kind } = profile.form;
  const papers: Partial<Record<Route, BatchPapers>> = {};
  for (const route of routes) {
    papers[route] = {
      letter: await byPassage(templates, 'letter', route),
      front: await compilePaper(templates, `${kind}-front`, route),
      back: await byPassage(templates, `${kind}-back`, route),
    };
  }
  return papers;
}

async function byPassage(templates: Templates, paper: PaperKind, route: Route): Promise<Record<Passage, Stampable>> {
  return {
    employer: await compilePaper(templates, paper, route, 'employer'),
    direct: await compilePaper(templates, paper, route, 'direct'),
  };
}

/** One piece set whole through Typst, by paper. */
export async function printCertificateReference(
  context: Context,
  issuance: CertificateIssuance,
  profile: InsurerProfile,
  mailpieceNumber: string,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const { found, master } = await context.database.transaction(async (tx) => ({
    found: await findPieceToPrint(tx, issuance, mailpieceNumber),
    master: await readPostalMaster(tx, issuance.id),
  }));
  if (!found) throw new Refusal('mailpiece-unknown', `郵便物 ${mailpieceNumber} はこの発行の印刷にありません。`);
  const { piece, batchNo } = found;
  const templates = new Templates(profile, textsOfRun(profile, issuance, [piece.route]));
  return { ...referencePiece(templates, withCustomerBarcode(piece, master), profile, batchNo) };
}
