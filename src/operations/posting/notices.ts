// Room: operations. How notices are posted and written out: each is an envelope of its own.
import { findNoticePiece } from '../../ledger/papers/pieces.ts';
import type { NoticeIssuance } from '../issuance.ts';
import { noticeEnclosures, noticeTables } from './export-notices.ts';
import type { PostingKind } from './kind.ts';
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
  };
}
