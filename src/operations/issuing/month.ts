// Room: operations. Opening an issuance of any kind; the monthly one with its rounds of who is new, or as if it were made and taken back.
import type { Transaction } from '../../ledger/core/pool.ts';
import { findLatestDataset, getDataset } from '../../ledger/intake/datasets.ts';
import type { DatasetKind } from '../../ledger/intake/datasets.ts';
import { lockPlans } from '../../ledger/papers/plans.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { monthlyRules } from '../../rules/issuing/monthly.ts';
import type { MonthlyRules, MonthlySettings } from '../../rules/issuing/monthly.ts';
import { monthPlan } from '../../rules/papers/lineage.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import type { Context, Override } from '../context.ts';
import { KIND_LABELS, openPlannedIssuance, openRun, plannedReferenceDay } from '../issuance.ts';
import type { CertificateIssuance, IssuanceInputs, Issuance } from '../issuance.ts';
import { monthlyCertificateRules } from '../frozen-rules.ts';
import { decideAndSeekPieces } from './certificates.ts';
import { findNewRound, findSameRun, listRunsOf, monthlyPlan } from './plan.ts';

/**
 * Opens (or finds again) the run of a plan for these inputs. Found again, it keeps the rules and files it was begun with.
 *
 * @throws Refusal `plan-issued` where the plan was made of other files or for another day; `NobodyNew` where a further round of a monthly
 *   issuance would have nobody in it
 */
export async function openIssuance(
  context: Context,
  profile: InsurerProfile,
  inputs: IssuanceInputs,
): Promise<Issuance> {
  const monthly = findMonthly(profile, inputs.issuance);
  return monthly
    ? openMonthlyIssuance(context, profile, monthly, inputs)
    : openPlannedIssuance(context, profile, inputs);
}

/** The day an issuance's enrolment snapshot must be of. */
export function referenceDayOf(
  profile: InsurerProfile,
  id: string,
  { extractedOn = null, issuedOn }: Pick<IssuanceInputs, 'extractedOn' | 'issuedOn'>,
): LocalDate {
  const monthly = findMonthly(profile, id);
  return monthly
    ? daysOfMonth(monthly, { extractedOn, issuedOn }).referenceOn
    : plannedReferenceDay(profile, id, extractedOn);
}

const findMonthly = (profile: InsurerProfile, id: string): MonthlySettings | undefined =>
  profile.monthly.find((candidate) => candidate.id === id);

/** Nobody is new: a further round of a monthly issuance is not made, and nothing of it is stored. No fault: the month goes on. */
export class NobodyNew extends Refusal {
  constructor(plan: string) {
    super('nobody-new', `「${plan}」に、新しく対象になる人はいません。発行は作りません。`);
  }
}

async function openMonthlyIssuance(
  context: Context,
  profile: InsurerProfile,
  monthly: MonthlySettings,
  inputs: IssuanceInputs,
): Promise<CertificateIssuance> {
  const rules = daysOfMonth(monthly, inputs);
  const { referenceOn, issuedOn } = rules;
  const plan = monthlyPlan(profile, monthly.id, referenceOn, issuedOn);
  return context.database.transaction(async (tx) => {
    await lockPlans(tx, profile.insurer.number);
    const runs = await listRunsOf<CertificateIssuance>(tx, profile, plan);
    const newest = async (kind: DatasetKind): Promise<number | null> =>
      (await findLatestDataset(tx, profile.insurer.number, kind))?.id ?? null;
    // Newer files make a further round, so that files nobody names are the newest.
    const asked = {
      issuedOn,
      members: inputs.members ?? (await newest('members')),
      workplaces: inputs.workplaces ?? (await newest('workplaces')),
      enrolment: inputs.enrolment ?? (await newest('enrolment')),
      ratios: inputs.ratios ?? null,
    };
    const same = await findSameRun(tx, plan, runs, asked);
    if (same) return same;
    const round = await findNewRound(tx, profile, plan, runs, true);
    const opened: CertificateIssuance = await openRun(tx, context, profile, inputs, {
      kind: 'certificate',
      plan: plan.id,
      round,
      name: plan.name,
      referenceOn,
      issuedOn,
      rules: monthlyCertificateRules(profile, monthly, rules),
      saysRatio: profile.elderly === 'on-certificate',
      isMadeDaily: false,
    });
    if (runs.length > 0 && !(await decideAndSeekPieces(tx, context, opened))) throw new NobodyNew(plan.name);
    return opened;
  });
}

/** What was worked out in a transaction that is taken back. */
class TakenBack<Result> extends Error {
  readonly result: Result;
  constructor(result: Result) {
    super('taken back');
    this.result = result;
  }
}

/** Ids of the three files of an issuance; null = there is none of the kind. */
export type FileIds = Readonly<Record<'members' | 'workplaces' | 'enrolment', number | null>>;

/** Opens the monthly issuance as if it were made of these files on a day, lets it be asked, and takes everything back: nothing is stored. */
export async function withMonthAsIf<Result>(
  context: Context,
  profile: InsurerProfile,
  monthly: MonthlySettings,
  on: LocalDate,
  findFiles: (tx: Transaction) => Promise<FileIds>,
  ask: (tx: Transaction, issuance: CertificateIssuance) => Promise<Result>,
): Promise<Result> {
  try {
    return await context.database.transaction(async (tx) => {
      const files = await findFiles(tx);
      for (const kind of ['members', 'workplaces', 'enrolment'] as const)
        if (files[kind] === null)
          throw new Refusal('dataset-missing', `その日には、${KIND_LABELS[kind]}がまだ取り込まれていません。`);
      const { asOf } = await getDataset(tx, files.enrolment!);
      const inputs = { extractedOn: asOf, issuedOn: on };
      const rules = daysOfMonth(monthly, inputs);
      // The name is nobody's: it is taken back with everything else.
      const plan = `${monthPlan(monthly.id, on)}-as-if`;
      const issuance: CertificateIssuance = await openRun(
        tx,
        context,
        profile,
        // Files in use were let in before; they are not held against each other again.
        { ...inputs, ...files, issuance: plan, override: AS_IF },
        {
          kind: 'certificate',
          plan,
          round: 1,
          name: plan,
          ...days(rules),
          rules: monthlyCertificateRules(profile, monthly, rules),
          saysRatio: profile.elderly === 'on-certificate',
          isMadeDaily: false,
        },
      );
      throw new TakenBack(await ask(tx, issuance));
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.result as Result;
    throw error;
  }
}

const AS_IF: Override = { person: '（記録しない）', reason: '（記録しない）' };
const days = ({ referenceOn, issuedOn }: MonthlyRules) => ({ referenceOn, issuedOn });

/** The days of a month's round, or a refusal that says which day is asked for. */
function daysOfMonth(
  monthly: MonthlySettings,
  { extractedOn: snapshotOn = null, issuedOn }: Pick<IssuanceInputs, 'extractedOn' | 'issuedOn'>,
): MonthlyRules {
  if (snapshotOn === null)
    throw new Refusal('snapshot-day', `「${monthly.name}」の登録状況の基準日を --as-of で指定してください。`);
  if (issuedOn === null)
    throw new Refusal('issue-date-missing', '交付年月日がありません。--issued-on で指定してください。');
  if (issuedOn < snapshotOn)
    throw new Refusal('issue-date', `交付年月日は登録状況の基準日（${snapshotOn}）以後にしてください。`);
  const rules = monthlyRules(monthly, { snapshotOn, issuedOn });
  if (rules === null)
    throw new Refusal(
      'ground-missing',
      `「${monthly.name}」の根拠（grounds）に、交付年月日 ${issuedOn} の分がありません。プロファイルに書いてください。`,
    );
  return rules;
}
