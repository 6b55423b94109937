// Room: operations. The jobs that make papers again: whole pieces of an issuance, or certificates that were asked for again.
// What is made is printed at once; what stays is told.
import { parsePaperNumber } from '../rules/words/check-digits.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import type { Context } from './context.ts';
import type { Issuance } from './issuance.ts';
import { writeOutput } from './issue.ts';
import { getIssuance, openOutputFolder } from './desk/jobs.ts';
import type { JobInput, JobOutcome } from './desk/jobs.ts';
import { makeReissues } from './life/reissue.ts';
import {
  SKIPPED_LABELS,
  rehomeLeft,
  remakeReleased,
  remakeSentHome,
  reprintSpoiled,
  rerouteReturned,
} from './life/remake.ts';
import type { Remade } from './life/remake.ts';

const REMAKES = {
  reroute: [rerouteReturned],
  reprint: [reprintSpoiled],
  rehome: [rehomeLeft],
  // What print held: as it was to go, or home instead.
  release: [remakeReleased, remakeSentHome],
} as const;

/** Makes pieces again: all of an issuance that can be, or those that were chosen, of whichever issuances they are. */
export async function doRemake(
  context: Context,
  files: string,
  profile: InsurerProfile,
  input: Extract<JobInput, { kind: keyof typeof REMAKES }>,
): Promise<JobOutcome> {
  const requests = 'issuanceId' in input ? [{ id: input.issuanceId, chosen: null }] : byIssuance(input.numbers);
  const made: Remade[] = [];
  for (const { id, chosen } of requests) {
    const parent = await getIssuance(context, profile.insurer.number, id);
    for (const make of REMAKES[input.kind]) {
      // One that was interrupted before takes no more pieces: it is finished first.
      for (let isResumed = true; isResumed;) {
        const remade = await make(context, parent, profile, input.issuedOn, chosen);
        if (remade.issuance) await write(context, files, profile, remade.issuance);
        made.push(remade);
        isResumed = remade.isResumed;
      }
    }
  }
  return describeRemade(made);
}

/** A piece's number says of which issuance it is. */
function byIssuance(numbers: readonly string[]): { id: number; chosen: readonly string[] }[] {
  const groups = Map.groupBy(numbers, (number) => parsePaperNumber(number)?.run ?? 0);
  return [...groups].map(([id, chosen]) => ({ id, chosen }));
}

function describeRemade(made: readonly Remade[]): JobOutcome {
  const ofIssuance = made.flatMap(({ issuance, pieceCount }) =>
    issuance ? [{ id: issuance.id, count: pieceCount }] : [],
  );
  const count = ofIssuance.reduce((sum, one) => sum + one.count, 0);
  // What the resumed one left is left again by the next, and told once.
  const last = made.filter(({ isResumed }) => !isResumed);
  const left = last.flatMap((remade) => remade.left);
  const waived = made.flatMap((remade) => remade.waived);
  const why = [...Map.groupBy(left, (piece) => piece.why)].map(
    ([reason, pieces]) => `${SKIPPED_LABELS[reason]} ${formatCount(pieces.length)}通`,
  );
  const sentences = [
    ...(made.length > last.length ? ['中断していた作り直しを仕上げました。'] : []),
    count > 0
      ? `${formatCount(count)}通を作り直しました。`
      : ofIssuance.length === 0
        ? '作り直すものはありません。'
        : '',
    left.length > 0 ? `職員に残るもの ${formatCount(left.length)}通（${why.join('、')}）。` : '職員に残るもの 0通。',
    ...(waived.length > 0
      ? [`中の全員が要らなくなり、作り直さず引き抜きとしたもの ${formatCount(waived.length)}通。`]
      : []),
  ];
  const data = { issuances: ofIssuance, pieces: count, left, waived };
  return { message: sentences.join(''), data, issuanceId: ofIssuance[0]?.id ?? null };
}

const formatCount = (count: number): string => count.toLocaleString('ja-JP');

/** Makes every certificate that was asked for again and can be made now: an issuance for each one the old ones are of. */
export async function doReissue(
  context: Context,
  files: string,
  profile: InsurerProfile,
  issuedOn: LocalDate,
): Promise<JobOutcome> {
  const { runs, left } = await makeReissues(context, profile, issuedOn);
  for (const { issuance } of runs) await write(context, files, profile, issuance);
  const made = runs.reduce((sum, { count }) => sum + count, 0);
  const sentences = [
    ...(made > 0 ? [`再交付 ${formatCount(made)}枚を作りました。`] : []),
    ...(runs.some(({ isResumed }) => isResumed) ? ['中断していた再交付を仕上げました。'] : []),
    ...(runs.length === 0 ? ['いま作れる再交付はありません。'] : []),
    ...(left.length > 0 ? [`作れない申請 ${formatCount(left.length)}件は待っています。`] : []),
  ];
  const issuances = runs.map(({ issuance, count }) => ({ id: issuance.id, count }));
  return {
    message: sentences.join(''),
    data: { issuances, left: left.map(({ certificateNumber, why }) => ({ certificateNumber, why })) },
    issuanceId: runs[0]?.issuance.id ?? null,
  };
}

async function write(context: Context, files: string, profile: InsurerProfile, issuance: Issuance): Promise<void> {
  const outDir = await openOutputFolder(files, issuance);
  await writeOutput(context, issuance, profile, { outDir, encoding: 'utf-8', prints: true });
}
