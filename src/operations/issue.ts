// Room: operations. The main job from three files to the output folder, in steps that each may be done alone.
import type { Encoding } from '../formats/encoding.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { postingOf } from './posting/kinds.ts';
import type { Output } from './posting/output.ts';
import type { Context, Override } from './context.ts';
import { decideAll } from './issuing/decide.ts';
import { warnAll } from './issuing/enclose.ts';
import { planPieces } from './posting/plan-pieces.ts';
import { exportIssuance } from './posting/export.ts';
import { importFile } from './intake/import.ts';
import type { ImportResult } from './intake/import.ts';
import { openRun, referenceDayOf } from './run.ts';
import type { Run } from './run.ts';
import { reconcile } from './issuing/reconcile.ts';

export interface IssueOptions {
  readonly issuance: string;
  readonly members: string;
  readonly workplaces: string;
  readonly enrolment: string;
  readonly issuedOn: LocalDate | null;
  /** データ抽出日 of a notice issuance that has none of its own. */
  readonly extractedOn?: LocalDate | null;
  /** 負担割合.csv of a notice issuance (certificates say none); absent = the newest taken in before, where there is one. */
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
  /** Who lets input files in though newer ones are in use. */
  readonly override?: Override | null;
}

export interface IssueResult extends Output {
  readonly run: Run;
  readonly imports: {
    readonly members: ImportResult;
    readonly workplaces: ImportResult;
    readonly enrolment: ImportResult;
    readonly ratios?: ImportResult;
  };
}

/** Imports, decides, encloses, prints, reconciles and writes the output. Interrupted and run again, it goes on where it was. */
export async function issue(context: Context, profile: InsurerProfile, options: IssueOptions): Promise<IssueResult> {
  const extractedOn = options.extractedOn ?? null;
  const referenceOn = referenceDayOf(profile, options.issuance, extractedOn);
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
  const isNotice = profile.noticeRounds.some(({ id }) => id === options.issuance);
  const ratios =
    options.ratios && isNotice
      ? await importFile(context, profile, { kind: 'ratios', path: options.ratios, asOf: null, ...shared })
      : null;
  const run = await openRun(context, profile, {
    issuance: options.issuance,
    issuedOn: options.issuedOn,
    extractedOn,
    members: members.dataset.id,
    workplaces: workplaces.dataset.id,
    enrolment: enrolment.dataset.id,
    ratios: ratios?.dataset.id ?? null,
  });
  await decideAll(context, run);
  await planPieces(context, run);
  await warnAll(context, run);
  const { outDir, outputEncoding, prints } = options;
  const output = await writeOutput(context, run, profile, { outDir, encoding: outputEncoding, prints });
  return { run, imports: { members, workplaces, enrolment, ...(ratios ? { ratios } : {}) }, ...output };
}

/** Prints (all lots, or one), reconciles and writes the output folder of a run that is enclosed. */
export async function writeOutput(
  context: Context,
  run: Run,
  profile: InsurerProfile,
  options: { outDir: string; encoding: Encoding; prints: boolean; lotNo?: number | null },
): Promise<Output> {
  const { outDir, encoding, prints, lotNo = null } = options;
  const printed = prints ? await printEverything(context, run, profile, outDir, lotNo) : null;
  const reconciliation = await reconcile(context, run);
  await exportIssuance(context, run, profile, reconciliation, { outDir, encoding, printed });
  return { reconciliation, printed };
}

async function printEverything(
  context: Context,
  run: Run,
  profile: InsurerProfile,
  outDir: string,
  lotNo: number | null,
): Promise<NonNullable<Output['printed']>> {
  // Typst and the fonts weigh more than everything else: only printing loads them.
  const { printAll } = await import('./printing/print.ts');
  const printed = await printAll(context, run, profile, outDir, lotNo);
  return { ...printed, ...(await postingOf(run).writeBesides(context, profile, outDir)) };
}
