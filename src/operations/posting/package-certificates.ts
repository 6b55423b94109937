// Room: operations. A hand-over package of certificates: mounts and cards, what a card printer personalises, what is pulled.
import { cardImageNames } from '../../formats/package.ts';
import type { CardImages } from '../../formats/package.ts';
import { listPulls } from '../../ledger/posting/pulls.ts';
import {
  findPieceToPrint,
  findProofPieces,
  listPrintedPieces,
  readPiecesToPrint,
} from '../../ledger/printing/prints.ts';
import type { PieceToPrint, PrintedPiece } from '../../ledger/printing/prints.ts';
import { certificateBackValues, certificateFrontValues, inserterDigits } from '../../print/papers.ts';
import { referencePages, referencePiece } from '../../print/reference.ts';
import type { ReferencePapers } from '../../print/reference.ts';
import { Templates } from '../../print/template.ts';
import { passageOf } from '../../rules/intake/passage.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';
import { cardArchive } from '../printing/card-images.ts';
import { barcodeOf, withCustomerBarcode } from '../printing/customer-codes.ts';
import { textsOfRun } from '../printing/texts.ts';
import type { CertificateIssuance } from '../issuance.ts';
import type { Cells, PackageContents } from './package-contents.ts';

export function certificateContents(
  issuance: CertificateIssuance,
  profile: InsurerProfile,
  master: PostalMaster | null,
  cardImages: CardImages | null,
): PackageContents {
  const isCard = profile.form.kind === 'card';
  return {
    artwork: ['artwork/flyer.pdf', ...(isCard ? ['artwork/privacy-seal.pdf'] : [])],
    batchTables: ['mailpieces.csv', ...(isCard ? (['personalisation.csv'] as const) : [])],
    readBatch: async (tx, batch) => {
      const pages = new Map((await listPrintedPieces(tx, issuance.id, batch.no)).map((p) => [p.mailpieceNumber, p]));
      const pieces = (await readPiecesToPrint(tx, issuance, batch)).filter((piece) => pages.has(piece.mailpieceNumber));
      const cards = (piece: PieceToPrint): Cells[] =>
        isCard ? personalisation(piece, profile, batch.no, cardImages) : [];
      return {
        rows: pieces.flatMap((piece) => [
          ['mailpieces.csv', mailpieceCells(piece, master, batch.no, pages.get(piece.mailpieceNumber)!)] as const,
          ...cards(piece).map((cells) => ['personalisation.csv', cells] as const),
        ]),
        persons: pieces.flatMap((piece) => piece.certificates),
      };
    },
    readTables: (tx, files) => {
      /** What was withdrawn after printing: taken out by hand before posting. */
      async function* pulls(): AsyncIterable<Cells[]> {
        const own = (await listPulls(tx, issuance.id)).filter((pull) => files.has(pull.file));
        yield own.map((p) => [p.mailpieceNumber, p.certificateNumber, p.position, p.file, p.page]);
      }
      return [['pull-list.csv', pulls()]];
    },
    writeExtras: () => Promise.resolve([]),
    proofs: async function* (tx, batchNos) {
      for (const [kind, number] of Object.entries(await findProofPieces(tx, issuance, batchNos))) {
        const found = await findPieceToPrint(tx, issuance, number);
        if (!found) throw new Error(`no batch holds the proof ${kind}`);
        const { piece, batchNo } = found;
        const templates = new Templates(profile, textsOfRun(profile, issuance, [piece.route]));
        const papers = referencePiece(templates, withCustomerBarcode(piece, master), profile, batchNo);
        for (const [paper, pdf] of Object.entries(papers))
          yield { name: `${kind}-${paper}`, pdf, pages: referencePages(piece)[paper as keyof ReferencePapers] };
      }
    },
  };
}

function mailpieceCells(
  piece: PieceToPrint,
  master: PostalMaster | null,
  batchNo: number,
  { letterPage, certificatePage }: PrintedPiece,
): Cells {
  const batch = String(batchNo).padStart(5, '0');
  return [
    piece.mailpieceNumber,
    piece.route,
    piece.sequence,
    piece.sequenceCount,
    piece.certificates.length,
    piece.address?.postalCode ?? '',
    barcodeOf(piece.address, master)?.characters ?? '',
    `print/${batch}-letters.pdf`,
    letterPage,
    `print/${batch}-certificates.pdf`,
    certificatePage ?? 0,
    inserterDigits(withCustomerBarcode(piece, master), batchNo),
  ];
}

function personalisation(
  piece: PieceToPrint,
  profile: InsurerProfile,
  batchNo: number,
  cardImages: CardImages | null,
): Cells[] {
  return piece.certificates.map((certificate, i) => {
    const v = certificateFrontValues(certificate, profile, piece.workplace?.branchCode ?? '');
    const face = ['symbol', 'number', 'subNumber', 'kana', 'name', 'insuredName', 'bornOn', 'sex', 'relation'];
    const dates = ['acquiredOn', 'issuedOn', 'validThrough'];
    const rest = [...dates, 'insurerNumber', 'insurerName', 'insurerAddress', 'ratio', 'ratioFrom'];
    const values = [...face, ...rest].map((name) => v[name] ?? '');
    const { remarks = '' } = certificateBackValues(certificate);
    const passage = passageOf(certificate);
    const side = { hasRemarks: remarks !== '', passage };
    const { front, back, qr } = cardImageNames(cardImages, certificate.certificateNumber, side);
    const images = [cardImages === null ? '' : cardArchive(batchNo), front, back, qr, passage];
    return [certificate.certificateNumber, piece.mailpieceNumber, i + 1, ...values, remarks, ...images];
  });
}
