// Room: operations. A hand-over package of notices: sheets and request forms, parcels with their labels and lists. The last
// four digits are in the print files alone: no table has them, and proofs show them covered.
import type { Transaction } from '../../ledger/core/pool.ts';
import { findNoticeBatch, readNoticesToPrint } from '../../ledger/printing/notice-prints.ts';
import type { NoticeToPrint } from '../../ledger/printing/notice-prints.ts';
import { listParcelPlaces, readParcelContents } from '../../ledger/posting/notice-parcels.ts';
import type { ParcelPlace } from '../../ledger/posting/notice-parcels.ts';
import { findProofPieces, listPrintedPieces } from '../../ledger/printing/prints.ts';
import type { PrintedPiece } from '../../ledger/printing/prints.ts';
import { noticeInserterDigits } from '../../print/notice-papers.ts';
import { referenceNotice } from '../../print/reference.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { CONTAINER_LABELS } from '../../rules/posting/parcels.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';
import type { Context } from '../context.ts';
import { barcodeOf } from '../printing/customer-codes.ts';
import { noticeTemplates } from '../printing/print-notices.ts';
import { lackingNote, noticePullCells } from './export-notices.ts';
import type { NoticeIssuance } from '../issuance.ts';
import { writeParcelPapers } from './notice-parcel-papers.ts';
import type { Cells, PackageContents } from './package-contents.ts';
import { noticeFlyersOf } from '../printing/texts.ts';
import { withoutDigits } from '../printing/read-notices.ts';

export function noticeContents(
  context: Context,
  issuance: NoticeIssuance,
  profile: InsurerProfile,
  master: PostalMaster | null,
): PackageContents {
  return {
    artwork: noticeFlyersOf(profile, issuance).map((_, i) => `artwork/flyer-${i + 1}.pdf`),
    batchTables: ['mailpieces.csv'],
    readBatch: async (tx, batch) => {
      const pages = new Map((await listPrintedPieces(tx, issuance.id, batch.no)).map((p) => [p.mailpieceNumber, p]));
      const places = await listParcelPlaces(tx, issuance.id, batch);
      const notices = (await readNoticesToPrint(tx, issuance, batch)).filter((n) => pages.has(n.mailpieceNumber));
      return {
        rows: notices.map((notice) => {
          const place = places.get(notice.mailpieceNumber);
          return [
            'mailpieces.csv',
            mailpieceCells(notice, master, batch.no, pages.get(notice.mailpieceNumber)!, place),
          ];
        }),
        persons: notices,
      };
    },
    readTables: (tx) => [
      ['parcels.csv', parcels(tx, issuance)],
      ['pull-list.csv', noticePullCells(tx, issuance)],
    ],
    writeExtras: async (folder) => {
      const { files } = await writeParcelPapers(context, issuance, profile, folder);
      return files.map(({ path, pageCount }) => ({ path, pages: pageCount }));
    },
    proofs: async function* (tx, batchNos) {
      const templates = noticeTemplates(issuance, profile);
      for (const [kind, number] of Object.entries(await findProofPieces(tx, issuance, batchNos))) {
        const batch = await findNoticeBatch(tx, issuance.id, number);
        if (!batch) throw new Error(`no batch holds the proof ${kind}`);
        const [stored] = await readNoticesToPrint(tx, issuance, {
          ...batch,
          firstMailpiece: number,
          lastMailpiece: number,
        });
        const papers = referenceNotice(templates, withoutDigits(issuance, stored!, master), profile, batch.no);
        for (const [paper, pdf] of Object.entries(papers)) yield { name: `${kind}-${paper}`, pdf, pages: 1 };
      }
    },
  };
}

function mailpieceCells(
  notice: NoticeToPrint,
  master: PostalMaster | null,
  batchNo: number,
  { letterPage, certificatePage }: PrintedPiece,
  place: ParcelPlace | undefined,
): Cells {
  const batch = String(batchNo).padStart(5, '0');
  return [
    notice.mailpieceNumber,
    notice.route,
    notice.sequence,
    notice.sequenceCount,
    notice.address?.postalCode ?? '',
    barcodeOf(notice.address, master)?.characters ?? '',
    `print/${batch}-notices.pdf`,
    letterPage,
    certificatePage === null ? '' : `print/${batch}-request-forms.pdf`,
    certificatePage ?? '',
    noticeInserterDigits(notice, batchNo),
    place?.parcelNo ?? '',
    place?.position ?? '',
  ];
}

/** Parcels as their labels say them: what is held or withdrawn is not counted. */
async function* parcels(tx: Transaction, issuance: NoticeIssuance): AsyncIterable<Cells[]> {
  for await (const batch of readParcelContents(tx, issuance)) {
    yield batch.map(({ workplace, ...p }) => [
      p.no,
      workplace.name,
      workplace.postalCode,
      workplace.address,
      workplace.building,
      p.sequence,
      p.sequenceCount,
      CONTAINER_LABELS[p.container],
      p.rows.filter((row) => row.absence === '').length,
      p.weightG,
      p.depthMm,
      p.acceptanceNumber ?? '',
      lackingNote(issuance, p.acceptanceNumber),
    ]);
  }
}
