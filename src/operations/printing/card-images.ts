// Room: operations. Images for card printers, one archive a print batch, drawn from the print files that are recorded. An
// archive says in its comment what it was made of, so a command that was interrupted goes on with the archives that are missing.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../formats/files.ts';
import type { CardImages } from '../../formats/package.ts';
import { readZip } from '../../formats/zip.ts';
import { listPrintedPieces, readPiecesToPrint } from '../../ledger/printing/prints.ts';
import type { PrintedFile, StoredBatch } from '../../ledger/printing/prints.ts';
import { pngOf } from '../../print/images.ts';
import { certificateBackValues } from '../../print/papers.ts';
import { withPages } from '../../print/picture.ts';
import { Templates } from '../../print/template.ts';
import { passageOf } from '../../rules/intake/passage.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { CardImageOrder, CardImageWork } from './card-image-process.ts';
import { throwIfStopped } from '../context.ts';
import type { Context } from '../context.ts';
import type { CertificateIssuance } from '../issuance.ts';
import { NO_TEXTS } from './texts.ts';
import { inProcesses } from './processes.ts';

/** ISO/IEC 7810 cards are printed at 300 dpi; a seal's strokes are fine. */
const FACE_DPI = 300;
const SEAL_DPI = 600;
export const SEAL_IMAGE = 'card-images/seal.png';

/** The archive of a batch's images, relative to the output folder. */
export function cardArchive(batchNo: number): string {
  return `card-images/${String(batchNo).padStart(5, '0')}.zip`;
}

/**
 * Draws what is missing of the images of these batches into `<outDir>/card-images/`. `files`: the certificates' print files,
 * in their place and as they are recorded.
 */
export async function drawCardImages(
  context: Context,
  issuance: CertificateIssuance,
  profile: InsurerProfile,
  {
    kind,
    outDir,
    batches,
    files,
  }: {
    readonly kind: CardImages;
    readonly outDir: string;
    readonly batches: readonly StoredBatch[];
    readonly files: readonly (PrintedFile & { readonly batchNo: number })[];
  },
): Promise<void> {
  await mkdir(path.join(outDir, 'card-images'), { recursive: true });
  const templates = new Templates(profile, NO_TEXTS);
  await drawSeal(templates, profile, outDir);
  const { sheet } = templates.compile('card-front', profile.route);
  const work: CardImageWork = { kind, dpi: FACE_DPI, width: sheet.width, height: sheet.height, bleed: sheet.bleed };
  const fileOf = new Map(files.map((file) => [file.batchNo, file]));
  const archives = batches.flatMap((batch) => {
    const file = fileOf.get(batch.no);
    return file ? [{ batch, file, madeOf: `todoke ${kind} ${file.sha256}` }] : [];
  });
  const held = await Promise.all(archives.map(({ batch }) => readZip(path.join(outDir, cardArchive(batch.no)))));
  const missing = archives.filter(({ madeOf }, i) => held[i]?.comment !== madeOf);
  const count = (list: typeof archives): number => list.reduce((sum, { file }) => sum + file.certificateCount, 0);
  let done = count(archives) - count(missing);
  context.progress.begin('券面の画像', count(archives), '枚');
  context.progress.reach(done);
  await inProcesses(new URL('card-image-process.ts', import.meta.url), work, missing, {
    orderOf: async ({ batch, file, madeOf }): Promise<CardImageOrder> => {
      throwIfStopped(context);
      const archive = path.join(outDir, cardArchive(batch.no));
      const pdf = { path: path.join(outDir, file.path), sha256: file.sha256 };
      return { pdf, archive, madeOf, cards: await cardsOf(context, issuance, batch) };
    },
    done: ({ file }) => context.progress.reach((done += file.certificateCount)),
  });
  context.progress.end();
}

async function cardsOf(
  context: Context,
  issuance: CertificateIssuance,
  batch: StoredBatch,
): Promise<CardImageOrder['cards']> {
  return context.database.transaction(async (tx) => {
    const printed = await listPrintedPieces(tx, issuance.id, batch.no);
    const firstPages = new Map(printed.map((piece) => [piece.mailpieceNumber, piece.certificatePage]));
    const pieces = await readPiecesToPrint(tx, issuance, batch);
    return pieces.flatMap(({ mailpieceNumber, certificates }) => {
      const first = firstPages.get(mailpieceNumber) ?? null;
      if (first === null) return [];
      return certificates.map((certificate, i) => ({
        certificateNumber: certificate.certificateNumber,
        frontPage: first + 2 * i,
        hasRemarks: certificateBackValues(certificate)['remarks'] !== '',
        passage: passageOf(certificate),
      }));
    });
  });
}

async function drawSeal(templates: Templates, profile: InsurerProfile, outDir: string): Promise<void> {
  const { sheet, artwork } = templates.compile('seal', profile.route);
  const side = Math.round((sheet.width / 72) * SEAL_DPI);
  const size = { width: side, height: side };
  const picture = await withPages(artwork, async (draw) => draw(1, size));
  await writeWhole(path.join(outDir, SEAL_IMAGE), pngOf(picture, { x: 0, y: 0, ...size }, SEAL_DPI));
}
