// Room: operations. How certificates are posted and written out.
import { findCertificateOf } from '../../ledger/papers/pieces.ts';
import { listPulls } from '../../ledger/posting/pulls.ts';
import type { FormSpecification } from '../../formats/package.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { SCHEMES, citeRegulation, formName } from '../../rules/papers/scheme.ts';
import { Refusal } from '../context.ts';
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
    papersInside: (certificates) => certificates,
    pulledPapers: (tx) => listPulls(tx, issuance.id),
    packageContents: async (_, profile, master, cardImages) => {
      const { certificateContents } = await import('./package-certificates.ts');
      return certificateContents(issuance, profile, master, cardImages);
    },
    specification: specificationOf,
    countInPackage: (certificates) => ({ certificates, notices: 0 }),
    countInFile: (certificates) => ({ certificates }),
    drawCardImages: async (context, profile, images) => {
      const { drawCardImages } = await import('../printing/card-images.ts');
      return drawCardImages(context, issuance, profile, images);
    },
    workplaceListPdf: async (context, profile, symbol) => {
      const { workplaceListPdf } = await import('./workplace-lists.ts');
      return workplaceListPdf(context, issuance, profile, symbol);
    },
  };
}

function specificationOf(profile: InsurerProfile): FormSpecification {
  const { copyPrevention, variant } = profile.form;
  const scheme = SCHEMES[profile.scheme];
  if (copyPrevention !== null) return { form: formName(scheme, variant), copyPrevention };
  const article = `${citeRegulation(scheme, 'issue')}第2項`;
  throw new Refusal(
    'copy-prevention',
    `${article}の複製等防止の措置が決まっていません。プロファイルの form.copyPrevention に書いてください。`,
  );
}
