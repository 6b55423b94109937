// Room: operations. The jobs that make papers again: whole pieces of an issuance, or certificates that were asked for again.
// What is made is printed at once; what stays is told.
import type { InsurerProfile } from '../rules/insurer.ts';
import type { LocalDate } from '../rules/member.ts';
import type { Context } from './context.ts';
import type { Run } from './issuance-run.ts';
import { writeOutput } from './issue.ts';
import { getRun, openOutputFolder } from './jobs.ts';
import type { JobInput, JobOutcome } from './jobs.ts';
import { makeReissues } from './reissue.ts';
import { makeReleased, rehomeLeft, rerouteReturned, reprintSpoiled } from './remake.ts';

const REMAKES = {
  reroute: rerouteReturned,
  reprint: reprintSpoiled,
  rehome: rehomeLeft,
  release: makeReleased,
} as const;

/** Makes pieces of an issuance again. */
export async function doRemake(
  context: Context,
  files: string,
  profile: InsurerProfile,
  input: Extract<JobInput, { kind: keyof typeof REMAKES }>,
): Promise<JobOutcome> {
  const parent = await getRun(context, profile.insurer.number, input.issuanceId);
  const made = await REMAKES[input.kind](context, parent, profile, input.issuedOn);
  if (made.run) await write(context, files, profile, made.run);
  const { pieceCount, left, waived } = made;
  const sentences = [
    made.run ? `${pieceCount}通を作り直しました。` : '作り直すものはありません。',
    `職員に残るもの ${left.length}通。`,
    ...(waived.length > 0 ? [`中の全員が要らなくなり、作り直さず引き抜きとしたもの ${waived.length}通。`] : []),
  ];
  const data = { pieces: pieceCount, left, waived };
  return { message: sentences.join(''), data, issuanceId: made.run?.id ?? null };
}

/** Makes every certificate that was asked for again and can be made now: an issuance for each one the old ones are of. */
export async function doReissue(
  context: Context,
  files: string,
  profile: InsurerProfile,
  issuedOn: LocalDate,
): Promise<JobOutcome> {
  const { runs, left } = await makeReissues(context, profile, issuedOn);
  for (const { run } of runs) await write(context, files, profile, run);
  const made = runs.reduce((sum, { count }) => sum + count, 0);
  const sentences = [
    ...(made > 0 ? [`再交付 ${made.toLocaleString('ja-JP')}枚を作りました。`] : []),
    ...(runs.some(({ isResumed }) => isResumed) ? ['中断していた再交付を仕上げました。'] : []),
    ...(runs.length === 0 ? ['いま作れる再交付はありません。'] : []),
    ...(left.length > 0 ? [`作れない申請 ${left.length.toLocaleString('ja-JP')}件は待っています。`] : []),
  ];
  const issuances = runs.map(({ run, count }) => ({ id: run.id, count }));
  return {
    message: sentences.join(''),
    data: { issuances, left: left.map(({ certificateNumber, why }) => ({ certificateNumber, why })) },
    issuanceId: runs[0]?.run.id ?? null,
  };
}

async function write(context: Context, files: string, profile: InsurerProfile, run: Run): Promise<void> {
  const outDir = await openOutputFolder(files, run);
  await writeOutput(context, run, profile, { outDir, encoding: 'utf-8', prints: true });
}
