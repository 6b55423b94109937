// Room: operations. The jobs that make papers again: whole pieces of an issuance, or certificates that were asked for again.
// What is made is printed at once; the outcome says what is not made again, and why.
import { parsePaperNumber } from '../rules/words/check-digits.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import type { PieceRemakeKind } from '../rules/life/remaking.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import type { Context } from './context.ts';
import type { Issuance } from './issuance.ts';
import { writeOutput } from './issue.ts';
import { getIssuance, openOutputFolder } from './desk/jobs.ts';
import type { JobInput, JobOutcome } from './desk/jobs.ts';
import { makeReissues } from './life/reissue.ts';
import { SKIPPED_LABELS, remakePieces } from './life/remake.ts';
import type { Remade } from './life/remake.ts';
import { formatCount } from '../rules/words/counts.ts';

/** Jobs that make pieces again, by the kinds of each: what print held is made as it was to go, or for home instead. */
const REMAKES = {
  reroute: ['reroute'],
  reprint: ['reprint'],
  rehome: ['rehome'],
  release: ['release', 'send-home'],
} as const satisfies Partial<Record<PieceRemakeKind, readonly PieceRemakeKind[]>>;

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
    for (const kind of REMAKES[input.kind]) {
      // One that was interrupted before takes no more pieces: it is finished first.
      for (let isResumed = true; isResumed;) {
        const remade = await remakePieces(context, parent, profile, kind, input.issuedOn, chosen);
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
  // What a resumed remake skipped, the next one skips again: it is counted once.
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
