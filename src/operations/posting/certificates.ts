// Room: operations. How certificates are posted and written out.
import { findCertificateOf } from '../../ledger/papers/pieces.ts';
import type { CertificateIssuance } from '../issuance.ts';
import { certificateTables } from './export-tables.ts';
import type { PostingKind } from './kind.ts';

export function certificatePosting(issuance: CertificateIssuance): PostingKind {
  return {
    pack: () => Promise.resolve(),
    writeBesides: async (context, profile, outDir) => {
      // Typst and the fonts weigh more than everything else: only printing loads them.
      const { writeWorkplaceLists } = await import('./workplace-lists.ts');
      const lists = await writeWorkplaceLists(context, issuance, profile, outDir);
      return { lists, parcels: { files: [], held: new Map<number, string>() } };
    },
    tables: (tx, printed) => certificateTables(tx, issuance, printed?.lists ?? null),
    enclosures: (profile, mailpieces, papers) =>
      profile.enclosing.enclosures.map(({ id, name, per }) => ({
        id,
        name,
        count: per === 'mailpiece' ? mailpieces : papers,
      })),
    papersOf: async (tx, key) => {
      const found = await findCertificateOf(tx, issuance.id, key);
      if (!found) return [];
      return [
        { subject: 'certificate', number: found.certificateNumber },
        { subject: 'mailpiece', number: found.mailpieceNumber },
      ];
    },
  };
}
