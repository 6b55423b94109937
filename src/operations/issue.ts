// Room: operations. The main job from three files to the output folder, in steps that each may be done alone.
import type { Encoding } from '../formats/encoding.ts';
import { findLatestDataset, getDataset } from '../ledger/intake/datasets.ts';
import type { DatasetKind } from '../ledger/intake/datasets.ts';
import { listSources } from '../ledger/intake/fits.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { postingOf } from './posting/kinds.ts';
import type { Output } from './posting/output.ts';
import type { Context, Override } from './context.ts';
import { decideAll } from './issuing/decide.ts';
import { warnAll } from './issuing/enclose.ts';
import { planPieces } from './posting/plan-pieces.ts';
import { exportIssuance } from './posting/export.ts';
import { readingOf } from './intake/file-reading.ts';
import { importFile } from './intake/import.ts';
import type { ImportResult } from './intake/import.ts';
import { findPlan, findRunOfFiles, listRunsOf, findNewRound } from './issuing/plan.ts';
import type { Plan } from './issuing/plan.ts';
import { refetchAll } from './posting/ask-again.ts';
import { openIssuance, referenceDayOf } from './issuing/month.ts';
import type { Issuance } from './issuance.ts';
import { reconcile } from './issuing/reconcile.ts';

export interface IssueOptions {
  readonly issuance: string;
  readonly members: string;
  readonly workplaces: string;
  readonly enrolment: string;
  readonly issuedOn: LocalDate | null;
  /** データ抽出日 of a notice issuance that has none of its own, day of the enrolment snapshot of a monthly one. */
  readonly extractedOn?: LocalDate | null;
  /** 負担割合.csv, of an issuance whose papers say the ratio; absent = the newest taken in before, where there is one. */
  readonly ratios?: string | null;
  /** 照会結果.csv to match the members with, or none. */
  readonly records?: string | null;
  readonly outDir: string;
  /** Encoding of the inputs; null = detected. */
  readonly inputEncoding: Encoding | null;
  readonly outputEncoding: Encoding;
  readonly skipInvalid: boolean;
  /** False = no print files and no workplace lists. */
  readonly prints: boolean;
  /** The person who lets input files through that are older, shrunk or cut, or do not fit each other. */
  readonly override?: Override | null;
  /** True = where the plan was made before, its next round for persons who are in none. */
  readonly add?: boolean;
}

export interface IssueResult extends Output {
  readonly issuance: Issuance;
  readonly imports: {
    readonly members: ImportResult;
    readonly workplaces: ImportResult;
    readonly enrolment: ImportResult;
    readonly ratios?: ImportResult;
  };
}

/**
 * Imports, decides, encloses, prints, reconciles and writes the output. Interrupted and run again with the same files and day,
 * it goes on where it was, whatever has been taken in meanwhile; what was made of other files or for another day is not made again.
 *
 * @throws Refusal `plan-issued` before any file is taken in
 */
export async function issue(context: Context, profile: InsurerProfile, options: IssueOptions): Promise<IssueResult> {
  const extractedOn = options.extractedOn ?? null;
  const referenceOn = referenceDayOf(profile, options.issuance, options);
  const plan = findPlan(profile, options.issuance, { asOf: extractedOn, issuedOn: options.issuedOn });
  const { issuance, imports } =
    (plan && (await findAgain(context, profile, plan, options))) ??
    (await begin(context, profile, referenceOn, options));
  await decideAll(context, issuance);
  await planPieces(context, issuance);
  await warnAll(context, issuance);
  const { outDir, outputEncoding, prints } = options;
  const output = await writeOutput(context, issuance, profile, { outDir, encoding: outputEncoding, prints });
  return { issuance, imports, ...output };
}

type Begun = Pick<IssueResult, 'issuance' | 'imports'>;

/** The issuance of the plan that was made of these files for this day, or null where the plan is free (or is to be added to). */
async function findAgain(
  context: Context,
  profile: InsurerProfile,
  plan: Plan,
  options: IssueOptions,
): Promise<Begun | null> {
  const { members, workplaces, enrolment, ratios = null } = options;
  const { records = null, inputEncoding: encoding, skipInvalid } = options;
  const reading =
    records === null ? null : await readingOf(profile, { kind: 'members', encoding, skipInvalid, records });
  const files = { members, workplaces, enrolment, reading, ratios: saysRatio(profile, plan.id) ? ratios : null };
  return context.database.transaction(async (tx) => {
    const runs = await listRunsOf<Issuance>(tx, profile, plan);
    const issuance = await findRunOfFiles(tx, plan, runs, files, options.issuedOn ?? plan.issuedOn);
    if (!issuance) {
      await findNewRound(tx, profile, plan, runs, options.add ?? false);
      return null;
    }
    const { workplacesId, enrolmentId, ratiosId } = issuance;
    const sources = await listSources(tx, [workplacesId, enrolmentId, ratiosId ?? 0]);
    const again = async (kind: DatasetKind, own: number): Promise<ImportResult> => {
      const id = sources.get(own) ?? own;
      const newest = await findLatestDataset(tx, profile.insurer.number, kind);
      const inUse = newest && newest.id !== id ? newest.fileName : null;
      return {
        dataset: await getDataset(tx, id),
        existed: true,
        inUse,
        unknownColumns: [],
        notes: [],
        errorsPath: null,
      };
    };
    const imports = {
      members: await again('members', issuance.membersId),
      workplaces: await again('workplaces', workplacesId),
      enrolment: await again('enrolment', enrolmentId),
      ...(files.ratios !== null && ratiosId !== null ? { ratios: await again('ratios', ratiosId) } : {}),
    };
    return { issuance, imports };
  });
}

/** Whether the papers of an issuance say the ratio: notices, and certificates where no 高齢受給者証 does. */
export function saysRatio(profile: InsurerProfile, issuance: string): boolean {
  return profile.elderly === 'on-certificate' || profile.noticeRounds.some(({ id }) => id === issuance);
}

/** Takes the files in and opens the issuance. */
async function begin(
  context: Context,
  profile: InsurerProfile,
  referenceOn: LocalDate,
  options: IssueOptions,
): Promise<Begun> {
  const { inputEncoding: encoding, skipInvalid, override = null } = options;
  const shared = { encoding, skipInvalid, override };
  const members = await importFile(context, profile, {
    kind: 'members',
    path: options.members,
    asOf: null,
    records: options.records ?? null,
    ...shared,
  });
  const workplaces = await importFile(context, profile, {
    kind: 'workplaces',
    path: options.workplaces,
    asOf: null,
    ...shared,
  });
  const enrolment = await importFile(context, profile, {
    kind: 'enrolment',
    path: options.enrolment,
    asOf: referenceOn,
    ...shared,
  });
  const ratios =
    options.ratios && saysRatio(profile, options.issuance)
      ? await importFile(context, profile, { kind: 'ratios', path: options.ratios, asOf: null, ...shared })
      : null;
  const issuance = await openIssuance(context, profile, {
    issuance: options.issuance,
    issuedOn: options.issuedOn,
    extractedOn: options.extractedOn ?? null,
    members: members.dataset.id,
    workplaces: workplaces.dataset.id,
    enrolment: enrolment.dataset.id,
    ratios: ratios?.dataset.id ?? null,
    add: options.add ?? false,
    override,
  });
  return { issuance, imports: { members, workplaces, enrolment, ...(ratios ? { ratios } : {}) } };
}

/**
 * Asks the newest files and filings once more, prints (all lots, or one), reconciles and writes the output folder of an issuance that is
 * enclosed.
 */
export async function writeOutput(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  options: { outDir: string; encoding: Encoding; prints: boolean; lotNo?: number | null },
): Promise<Output> {
  const { outDir, encoding, prints, lotNo = null } = options;
  const askedAgain = prints ? await refetchAll(context, issuance, profile, null) : null;
  const printed = prints ? await printEverything(context, issuance, profile, outDir, lotNo) : null;
  const reconciliation = await reconcile(context, issuance);
  await exportIssuance(context, issuance, profile, reconciliation, { outDir, encoding, printed, askedAgain });
  return { reconciliation, printed, askedAgain };
}

async function printEverything(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  outDir: string,
  lotNo: number | null,
): Promise<NonNullable<Output['printed']>> {
  // Typst and the fonts weigh more than everything else: only printing loads them.
  const { printAll } = await import('./printing/print.ts');
  const printed = await printAll(context, issuance, profile, outDir, lotNo);
  return { ...printed, ...(await postingOf(issuance).writeBesides(context, profile, outDir)) };
}
