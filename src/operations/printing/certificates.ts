// Room: operations. How certificates are planned for print, and printed.
import type { InsurerProfile } from '../../rules/insurer.ts';
import { PAGES_PER_CERTIFICATE } from '../../rules/printing/print-batches.ts';
import type { CertificateIssuance } from '../issuance.ts';
import type { Calendar, PrintingKind } from './kind.ts';
import { textsOfRun } from './texts.ts';

export function certificatePrinting(issuance: CertificateIssuance): PrintingKind {
  // Typst and the fonts weigh more than everything else: only printing loads them.
  const load = () => import('./print-certificates.ts');
  return {
    pagesPerPaper: PAGES_PER_CERTIFICATE,
    calendar: (profile) => calendar(issuance, profile),
    prepare: async (_, profile, routes) => {
      const { compilePapers } = await load();
      return { issuance, papers: await compilePapers(profile, textsOfRun(profile, issuance, routes), routes) };
    },
    writeArtwork: async (profile, outDir) =>
      (await load()).writeArtwork(profile, textsOfRun(profile, issuance, []), outDir),
    setReference: async (context, profile, number) =>
      (await load()).printCertificateReference(context, issuance, profile, number),
  };
}

/**
 * The waves of the plan for its first round; papers made again and later rounds go as one, by the last day of their plan. One
 * that was asked for again (再交付) is no part of the campaign: it goes on any day.
 */
function calendar({ isRequested, lineage }: CertificateIssuance, profile: InsurerProfile): Calendar {
  if (isRequested) return { waves: [], postThrough: null };
  const { plan, round, remake } = lineage;
  const planned = profile.issuances.find(({ id }) => id === plan);
  const hasWaves = remake === null && round === 1;
  return { waves: hasWaves ? (planned?.waves ?? []) : [], postThrough: planned?.postThrough ?? null };
}
