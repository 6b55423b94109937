// Room: operations. One plan, one issuance: which issuance of a plan is meant by files and day, or why there may be no other. Files
// that are not named are the issuance's own.
import { hashFile } from '../../formats/content-hash.ts';
import type { Reader } from '../../ledger/core/pool.ts';
import { listSources } from '../../ledger/intake/fits.ts';
import { isCancelled } from '../../ledger/papers/cancellations.ts';
import { countRun, findUnfinished, listRunsOfPlan, readHashes } from '../../ledger/papers/plans.ts';
import type { StoredIssuance } from '../../ledger/papers/issuances.ts';
import { planTitle } from '../../rules/insurer.ts';
import type { InsurerProfile, IssuanceSettings } from '../../rules/insurer.ts';
import type { NoticeIssuanceSettings } from '../../rules/issuing/notices.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { KIND_WORDS } from '../../rules/papers/kinds.ts';
import type { IssuanceKind } from '../../rules/papers/kinds.ts';
import { monthPlan, nextRound } from '../../rules/papers/lineage.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { formatCount } from '../../rules/words/counts.ts';

/**
 * A plan of the profile: of notices with the day of extraction (a plan without a day of its own is made once a day), of a monthly
 * issuance with its month.
 */
export interface Plan {
  readonly kind: IssuanceKind;
  readonly id: string;
  readonly name: string;
  /** データ抽出日 of a notice plan; null for certificates. */
  readonly extractedOn: LocalDate | null;
  /** Day of the enrolment snapshot that a round of a monthly issuance is made of; null for the others, whose profile says it. */
  readonly snapshotOn: LocalDate | null;
  /** 基準日 of a certificate plan; null = the day of extraction is the day whose data decide. */
  readonly referenceOn: LocalDate | null;
  /** The profile's own day on the paper, or null; of a monthly issuance the day that is asked. */
  readonly issuedOn: LocalDate | null;
  /** False = the day of extraction is still to be said: the plan is made once for each. */
  readonly hasItsDay: boolean;
  /** People who came later may be added in a round of their own. Notices reach them on the next day of extraction. */
  readonly takesRounds: boolean;
}

export function certificatePlan({ id, name, referenceOn, issuedOn }: IssuanceSettings): Plan {
  return {
    kind: 'certificate',
    id,
    name,
    extractedOn: null,
    snapshotOn: null,
    referenceOn,
    issuedOn,
    hasItsDay: true,
    takesRounds: true,
  };
}

/** The plan of the month in which a monthly issuance is issued; `snapshotOn`: of which enrolment. */
export function monthlyPlan(profile: InsurerProfile, id: string, snapshotOn: LocalDate, issuedOn: LocalDate): Plan {
  const plan = monthPlan(id, issuedOn);
  return {
    kind: 'certificate',
    id: plan,
    name: planTitle(profile, plan),
    extractedOn: null,
    snapshotOn,
    referenceOn: snapshotOn,
    issuedOn,
    hasItsDay: true,
    takesRounds: true,
  };
}

export function noticePlan({ id, name, posting, ...round }: NoticeIssuanceSettings, asked: LocalDate | null): Plan {
  const extractedOn = round.extractedOn ?? asked;
  return {
    kind: 'notice',
    id,
    name,
    extractedOn,
    snapshotOn: null,
    referenceOn: null,
    issuedOn: posting?.from ?? null,
    hasItsDay: extractedOn !== null,
    takesRounds: false,
  };
}

/** What the profile plans by name: its bulk issuances of certificates, then its rounds of notices. The months of a monthly one come by themselves. */
export function listPlans(profile: InsurerProfile): readonly Plan[] {
  return [...profile.issuances.map(certificatePlan), ...profile.noticeRounds.map((round) => noticePlan(round, null))];
}

/** Ids of everything the profile plans. */
function planIds(profile: InsurerProfile): readonly string[] {
  return [...profile.issuances, ...profile.monthly, ...profile.noticeRounds].map(({ id }) => id);
}

/** The days that a command gives. */
export interface GivenDays {
  /** --as-of: データ抽出日 of a notice plan, day of the enrolment snapshot of a monthly issuance. */
  readonly asOf: LocalDate | null;
  readonly issuedOn: LocalDate | null;
}

/** The plan of a profile by its id, or null; a monthly issuance has one for each month in which it is issued. */
export function findPlan(profile: InsurerProfile, id: string, { asOf, issuedOn }: GivenDays): Plan | null {
  const issuance = profile.issuances.find((known) => known.id === id);
  if (issuance) return certificatePlan(issuance);
  const monthly = profile.monthly.find((known) => known.id === id);
  if (monthly) return asOf === null || issuedOn === null ? null : monthlyPlan(profile, id, asOf, issuedOn);
  const round = profile.noticeRounds.find((known) => known.id === id);
  return round ? noticePlan(round, asOf) : null;
}

/** What was made of a plan so far, oldest first. */
export async function listRunsOf<Issuance extends StoredIssuance>(
  tx: Reader,
  profile: InsurerProfile,
  plan: Plan,
): Promise<readonly Issuance[]> {
  const made = await listRunsOfPlan<Issuance>(tx, profile.insurer.number, plan.kind, plan.id);
  return made.filter((issuance) => plan.extractedOn === null || issuance.referenceOn === plan.extractedOn);
}

/** The files and the day by which an issuance is known again; null = not named. */
export interface Inputs {
  readonly issuedOn: LocalDate | null;
  readonly members: number | null;
  readonly workplaces: number | null;
  readonly enrolment: number | null;
  readonly ratios?: number | null;
}

/** Files of an issuance that may stand under the members' spelling of their keys. */
function fittedFiles({ workplacesId, enrolmentId, ratiosId }: StoredIssuance): number[] {
  return [workplacesId, enrolmentId, ...(ratiosId === null ? [] : [ratiosId])];
}

/** Issuances of a plan that were made of the snapshot it is asked with. */
function ofSnapshot<Issuance extends StoredIssuance>(runs: readonly Issuance[], plan: Plan): readonly Issuance[] {
  return plan.snapshotOn === null ? runs : runs.filter(({ referenceOn }) => referenceOn === plan.snapshotOn);
}

/** The newest of a plan's issuances with this day and these files, or null. */
export async function findSameRun<Issuance extends StoredIssuance>(
  tx: Reader,
  plan: Plan,
  made: readonly Issuance[],
  asked: Inputs,
): Promise<Issuance | null> {
  const runs = ofSnapshot(made, plan);
  const sources = await listSources(tx, runs.flatMap(fittedFiles));
  const fileOf = (id: number): number => sources.get(id) ?? id;
  const fits = (wanted: unknown, own: unknown): boolean => wanted === null || wanted === undefined || wanted === own;
  const same = runs.filter(
    (issuance) =>
      fits(asked.issuedOn, issuance.issuedOn) &&
      fits(asked.members, issuance.membersId) &&
      fits(asked.workplaces, fileOf(issuance.workplacesId)) &&
      fits(asked.enrolment, fileOf(issuance.enrolmentId)) &&
      fits(asked.ratios, issuance.ratiosId && fileOf(issuance.ratiosId)),
  );
  return same.at(-1) ?? null;
}

/** The input files of an issuance as paths; `ratios` null = none is named. */
export interface InputFiles {
  readonly members: string;
  readonly workplaces: string;
  readonly enrolment: string;
  readonly ratios: string | null;
  /** How the members are read where 照会結果.csv goes with them; null = without. */
  readonly reading: string | null;
}

/** The newest of a plan's issuances made of files of the same content for this day, or null. A file that is not there is no issuance's. */
export async function findRunOfFiles<Issuance extends StoredIssuance>(
  tx: Reader,
  plan: Plan,
  made: readonly Issuance[],
  files: InputFiles,
  issuedOn: LocalDate | null,
): Promise<Issuance | null> {
  const onDay = ofSnapshot(made, plan).filter((issuance) => issuedOn === null || issuance.issuedOn === issuedOn);
  if (onDay.length === 0) return null;
  const hash = (file: string): Promise<string> => hashFile(file).catch(() => '');
  const [members, workplaces, enrolment] = [
    await hash(files.members),
    await hash(files.workplaces),
    await hash(files.enrolment),
  ];
  const ratios = files.ratios === null ? null : await hash(files.ratios);
  const sources = await listSources(tx, onDay.flatMap(fittedFiles));
  const fileOf = (id: number): number => sources.get(id) ?? id;
  const ids = onDay.flatMap((issuance) => [
    issuance.membersId,
    fileOf(issuance.workplacesId),
    fileOf(issuance.enrolmentId),
    fileOf(issuance.ratiosId ?? 0),
  ]);
  const stored = await readHashes(tx, ids);
  const same = onDay.filter(
    (issuance) =>
      stored.get(issuance.membersId)?.sha256 === members &&
      (files.reading === null || stored.get(issuance.membersId)?.reading === files.reading) &&
      stored.get(fileOf(issuance.workplacesId))?.sha256 === workplaces &&
      stored.get(fileOf(issuance.enrolmentId))?.sha256 === enrolment &&
      (ratios === null || stored.get(fileOf(issuance.ratiosId ?? 0))?.sha256 === ratios),
  );
  return same.at(-1) ?? null;
}

/**
 * The round in which a plan may be opened: its first, or with `add` its next. A monthly issuance has a further round at any time.
 *
 * @throws Refusal `plan-issued` where it was made before and none is to be added, `round-refused` of notices, `issuance-unfinished`
 *   where another issuance of certificates has not said yet who gets one
 */
export async function findNewRound(
  tx: Reader,
  profile: InsurerProfile,
  plan: Plan,
  runs: readonly StoredIssuance[],
  add: boolean,
): Promise<number> {
  const [first] = runs;
  if (first && !add && plan.snapshotOn === null) throw await refuseSecond(tx, plan, first);
  // The next issuance asks who gets a certificate of this one: that must be known first.
  const other = plan.takesRounds ? await findUnfinished(tx, profile.insurer.number) : null;
  if (other)
    throw new Refusal(
      'issuance-unfinished',
      `第${other.id}号（${other.name}）の封入計画が終わっていません。終えるか、取りやめてから始めてください。`,
    );
  if (!first) return 1;
  if (!plan.takesRounds)
    throw new Refusal(
      'round-refused',
      `「${plan.name}」に人を足すことはできません。次のデータ抽出日の回で、まだお知らせのない人に送ります。`,
    );
  return nextRound(plan.id, [...planIds(profile), ...runs.map(({ name }) => name)]);
}

/** Tells which run a plan has and how far it is, and what may be done instead of making it again. */
async function refuseSecond(tx: Reader, plan: Plan, first: StoredIssuance): Promise<Refusal> {
  const { targets, papers, mailpieces, posted } = await countRun(tx, first.id);
  const { paper, unit, issuedOn: day } = KIND_WORDS[plan.kind];
  return new Refusal(
    'plan-issued',
    `「${plan.name}」は、第${first.id}号（${day} ${first.issuedOn}）として始めてあります：対象 ${formatCount(targets)}人、` +
      `${paper} ${formatCount(papers)}${unit}、郵便物 ${formatCount(mailpieces)}通（発送済み ${formatCount(posted)}通）。` +
      'ほかのファイルや日付で、もう一度作ることはできません。',
    [
      `同じファイルと${day}なら、第${first.id}号の続きになります。`,
      ...(plan.takesRounds ? ['まだどの回にも入っていない人だけに作るときは、回を足してください。'] : []),
    ],
  );
}

/**
 * Refuses work on an issuance that was given up.
 *
 * @throws Refusal `issuance-cancelled`
 */
export async function refuseCancelled(context: Context, issuance: StoredIssuance): Promise<void> {
  const isOver = await context.database.transaction((tx) => isCancelled(tx, issuance.id));
  if (isOver) throw new Refusal('issuance-cancelled', `第${issuance.id}号（${issuance.name}）は取りやめた発行です。`);
}
