// Room: operations. Before anybody is decided: the files of an issuance under the members' spelling of their keys, and the
// check that they are of the same people.
import { findLatestDataset } from '../../ledger/intake/datasets.ts';
import { countJoin, countWorkplacesMissing, fitToMembers, sampleJoin, tryJoin } from '../../ledger/intake/fits.ts';
import type { JoinedFiles } from '../../ledger/intake/fits.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { causeText, isDoubtful, joinStops, likelyCause } from '../../rules/intake/file-fit.ts';
import type { FitLimits, Unmatched } from '../../rules/intake/file-fit.ts';
import type { ReportedJoins } from '../../rules/intake/import-report.ts';
import { Refusal } from '../context.ts';
import { formatCount } from '../../rules/words/counts.ts';

/** Members of a file that are looked at before all of them are. */
const SAMPLE = 16_384;

const share = ({ total, without }: Unmatched): string =>
  `${formatCount(total)}件のうち${formatCount(without)}件（${((without / total) * 100).toFixed(1)}％）`;

/**
 * Refuses an issuance whose files do not fit each other. A large file is looked at in evenly spread places first; only
 * where that leaves room for doubt is every row counted.
 *
 * @throws Refusal `enrolment-does-not-join`, `workplaces-missing`
 */
export async function refuseUnfit(
  tx: Transaction,
  issuanceId: number,
  files: JoinedFiles,
  rows: { readonly members: number; readonly enrolment: number },
  limits: FitLimits,
): Promise<void> {
  const workplaces = await countWorkplacesMissing(tx, files);
  const isCertain =
    rows.members > 4 * SAMPLE && !isDoubtful(await sampleJoin(tx, issuanceId, files, SAMPLE), rows, limits);
  const none = { total: 0, without: 0 };
  const counts = { ...(isCertain ? { members: none, enrolment: none } : await countJoin(tx, files)), workplaces };
  const [stop] = joinStops(counts, limits);
  if (stop === undefined) return;
  if (stop === 'workplaces-missing')
    throw new Refusal(stop, '加入者の事業所が、事業所のファイルに足りません。何も判定していません。', [
      `加入者${share(workplaces)}の記号が事業所のファイルにありません（${workplaces.symbols.join('、')} など）`,
    ]);
  const cause = likelyCause(await tryJoin(tx, files));
  throw new Refusal(stop, '加入者とマイナ保険証のファイルが合いません。何も判定していません。', [
    `登録状況の行がない加入者　${share(counts.members)}`,
    `加入者のいない登録状況の行　${share(counts.enrolment)}`,
    ...(cause === null ? [] : [`考えられること　${causeText(cause)}`]),
  ]);
}

/** Joins the files in use, row by row; null where one of the three is missing. */
export async function joinFilesInUse(
  tx: Transaction,
  insurerNumber: string,
  limits: FitLimits,
): Promise<ReportedJoins | null> {
  const members = await findLatestDataset(tx, insurerNumber, 'members');
  const enrolment = await findLatestDataset(tx, insurerNumber, 'enrolment');
  const workplaces = await findLatestDataset(tx, insurerNumber, 'workplaces');
  if (!members || !enrolment?.asOf || !workplaces) return null;
  const rows = await fitToMembers(tx, 'enrolment', enrolment.id, members.id);
  const places = await fitToMembers(tx, 'workplaces', workplaces.id, members.id);
  const files = { membersId: members.id, enrolmentId: rows.id, workplacesId: places.id, asOf: enrolment.asOf };
  const { total, without } = await countWorkplacesMissing(tx, files);
  const counts = { ...(await countJoin(tx, files)), workplaces: { total, without } };
  const stops = joinStops(counts, limits);
  const cause = stops.includes('enrolment-does-not-join') ? likelyCause(await tryJoin(tx, files)) : null;
  return {
    ...counts,
    fittedRows: rows.fittedCount,
    fittedWorkplaces: places.fittedCount,
    stops,
    cause: cause && causeText(cause),
  };
}
