// Room: operations. How notices are planned for print, and printed.
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { NoticeIssuance } from '../issuance.ts';
import type { Calendar, PrintingKind } from './kind.ts';

export function noticePrinting(issuance: NoticeIssuance): PrintingKind {
  // Typst and the fonts weigh more than everything else: only printing loads them.
  const load = () => import('./print-notices.ts');
  return {
    pagesPerPaper: 1,
    calendar: (profile) => calendar(issuance, profile),
    prepare: async (context, profile, routes) => {
      const { compileNoticePapers, keyFor, noticeTemplates } = await load();
      const noticePapers = await compileNoticePapers(noticeTemplates(issuance, profile), routes);
      return { issuance, noticePapers, digitsKey: await keyFor(context, issuance) };
    },
    writeArtwork: async (profile, outDir) => (await load()).writeNoticeArtwork(issuance, profile, outDir),
    setReference: async (context, profile, number) =>
      (await load()).printNoticeReference(context, issuance, profile, number),
  };
}

/** A notice round goes as one, within its posting period (送付時期) where it has one; what is made again goes on any day. */
function calendar({ lineage }: NoticeIssuance, profile: InsurerProfile): Calendar {
  const round = profile.noticeRounds.find(({ id }) => id === lineage.plan);
  const posting = lineage.remake === null ? round?.posting : null;
  if (!posting) return { waves: [], postThrough: null };
  const wave = { name: '', postFrom: posting.from, postThrough: posting.through, capacity: null, branches: [] };
  return { waves: [wave], postThrough: posting.through };
}
