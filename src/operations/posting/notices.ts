// Room: operations. How notices are posted and written out: each is an envelope of its own.
import type { Transaction } from '../../ledger/core/pool.ts';
import { findNoticePiece } from '../../ledger/papers/pieces.ts';
import { readNoticePulls } from '../../ledger/posting/notice-exports.ts';
import { Refusal } from '../context.ts';
import type { NoticeIssuance } from '../issuance.ts';
import { noticeEnclosures, noticeTables } from './export-notices.ts';
import type { PostingKind, PulledPaper } from './kind.ts';
import { packNotices } from './notice-parcels.ts';

export function noticePosting(issuance: NoticeIssuance): PostingKind {
  return {
    pack: (context) => packNotices(context, issuance),
    writeBesides: async (context, profile, outDir) => {
      // Typst and the fonts weigh more than everything else: only printing loads them.
      const { writeParcelPapers } = await import('./notice-parcel-papers.ts');
      const parcels = await writeParcelPapers(context, issuance, profile, outDir);
      return { lists: { rows: [], files: [] }, parcels };
    },
    tables: (tx, printed) => noticeTables(tx, issuance, printed?.parcels.held ?? null),
    enclosures: (profile, mailpieces) => noticeEnclosures(profile, issuance, mailpieces),
    papersOf: async (tx, key) => {
      const number = await findNoticePiece(tx, issuance.id, key);
      return number === null ? [] : [{ subject: 'mailpiece', number }];
    },
    papersInside: () => 1,
    pulledPapers: (tx) => pulledNotices(tx, issuance),
    packageContents: async (context, profile, master) => {
      const { noticeContents } = await import('./package-notices.ts');
      return noticeContents(context, issuance, profile, master);
    },
    specification: () => null,
    countInPackage: (notices) => ({ certificates: 0, notices }),
    // A notice is its piece: the pieces are counted.
    countInFile: () => ({}),
    // No notice is a card.
    drawCardImages: () => Promise.resolve(),
    workplaceListPdf: () => Promise.reject(new Refusal('list-empty', 'この発行に送付予定対象者一覧表はありません。')),
  };
}

async function pulledNotices(tx: Transaction, issuance: NoticeIssuance): Promise<PulledPaper[]> {
  const pulled: PulledPaper[] = [];
  for await (const rows of readNoticePulls(tx, issuance.id))
    for (const { mailpieceNumber, notice } of rows)
      pulled.push({ mailpieceNumber, certificateNumber: null, position: 1, ...notice });
  return pulled;
}
