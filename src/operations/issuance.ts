// Room: operations. An issuance is opened with the profile's rules frozen, or found again by its inputs.
import { roundName } from '../rules/papers/lineage.ts';
import { createHash } from 'node:crypto';
import type { Transaction } from '../ledger/core/pool.ts';
import { findLatestDataset, getDataset } from '../ledger/intake/datasets.ts';
import { fitToMembers } from '../ledger/intake/fits.ts';
import type { Dataset, DatasetKind } from '../ledger/intake/datasets.ts';
import {
  findIssuance,
  findLatestIssuance,
  insertPlannedIssuance,
  listAllIssuances,
  writeJournal,
} from '../ledger/papers/issuances.ts';
import type { StoredIssuance } from '../ledger/papers/issuances.ts';
import type { IssuanceKind } from '../rules/papers/kinds.ts';
import { listEarlierIssuances, writeMovedMembers, writeRenumberedMembers } from '../ledger/issuing/earlier-notices.ts';
import type { InsurerProfile, IssuanceSettings } from '../rules/insurer.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { spanOf } from '../rules/issuing/notices.ts';
import type { NoticeIssuanceSettings, NoticeSpan } from '../rules/issuing/notices.ts';
import { parsePaperNumber } from '../rules/words/check-digits.ts';
import { lockPlans } from '../ledger/papers/plans.ts';
import { Refusal, overrideCounts } from './context.ts';
import type { Context, Override } from './context.ts';
import { refuseUnfit } from './intake/fit.ts';
import { certificateRules, noticeRules } from './frozen-rules.ts';
import type { CertificateRules, NoticeRules } from './frozen-rules.ts';
import { certificatePlan, findNewRound, findSameRun, listRunsOf, noticePlan } from './issuing/plan.ts';

export type CertificateIssuance = StoredIssuance<CertificateRules, 'certificate'>;
export type NoticeIssuance = StoredIssuance<NoticeRules, 'notice'>;
export type Issuance = CertificateIssuance | NoticeIssuance;

/** Households a chunk; a few thousand keep a transaction short and a chunk's memory small. */
const CHUNK_HOUSEHOLDS = 4000;

export interface IssuanceInputs {
  readonly issuance: string;
  readonly issuedOn: LocalDate | null;
  /** Snapshots by id; null = the newest of the kind. */
  readonly members: number | null;
  readonly workplaces: number | null;
  readonly enrolment: number | null;
  /** 負担割合.csv, where the papers say a ratio; absent = the newest, where there is one. */
  readonly ratios?: number | null;
  /** データ抽出日 of a notice issuance that has none of its own, day of the enrolment snapshot of a monthly one. */
  readonly extractedOn?: LocalDate | null;
  /** True = where the plan was made before, its next round for persons who are in none. */
  readonly add?: boolean;
  /** The person who lets files through that do not fit each other. */
  readonly override?: Override | null;
}

/**
 * Opens (or finds again) the issuance of a plan that is made once: of bulk issuances and rounds of notices. Found again, it keeps the rules
 * and files it was begun with.
 *
 * @throws Refusal `plan-issued` where the plan was made of other files or for another day
 */
export async function openPlannedIssuance(
  context: Context,
  profile: InsurerProfile,
  inputs: IssuanceInputs,
): Promise<Issuance> {
  const round = profile.noticeRounds.find((candidate) => candidate.id === inputs.issuance);
  if (round) return openNoticeIssuance(context, profile, round, inputs);
  return openCertificateIssuance(context, profile, inputs);
}

async function openCertificateIssuance(
  context: Context,
  profile: InsurerProfile,
  inputs: IssuanceInputs,
): Promise<CertificateIssuance> {
  const issuance = getIssuanceSettings(profile, inputs.issuance);
  const plan = certificatePlan(issuance);
  const asked = { ...inputs, issuedOn: inputs.issuedOn ?? plan.issuedOn };
  return context.database.transaction(async (tx) => {
    await lockPlans(tx, profile.insurer.number);
    const runs = await listRunsOf<CertificateIssuance>(tx, profile, plan);
    const same = await findSameRun(tx, plan, runs, asked);
    if (same) return same;
    const planRound = await findNewRound(tx, profile, plan, runs, inputs.add ?? false);
    const { issuedOn } = asked;
    if (issuedOn === null) {
      throw new Refusal('issue-date-missing', '交付年月日がありません。--issued-on で指定してください。');
    }
    const { name, referenceOn } = issuance;
    const rules = certificateRules(profile, issuance, issuedOn);
    return openRun(tx, context, profile, inputs, {
      kind: 'certificate',
      plan: issuance.id,
      round: planRound,
      name,
      referenceOn,
      issuedOn,
      rules,
      saysRatio: profile.elderly === 'on-certificate',
      isMadeDaily: false,
    });
  });
}

async function openNoticeIssuance(
  context: Context,
  profile: InsurerProfile,
  round: NoticeIssuanceSettings,
  inputs: IssuanceInputs,
): Promise<NoticeIssuance> {
  const span = noticeSpan(round, inputs.extractedOn ?? null);
  const plan = noticePlan(round, span.extractedOn);
  const asked = { ...inputs, issuedOn: inputs.issuedOn ?? plan.issuedOn };
  return context.database.transaction(async (tx) => {
    await lockPlans(tx, profile.insurer.number);
    const runs = await listRunsOf<NoticeIssuance>(tx, profile, plan);
    const same = await findSameRun(tx, plan, runs, asked);
    if (same) return same;
    const planRound = await findNewRound(tx, profile, plan, runs, inputs.add ?? false);
    const { issuedOn } = asked;
    if (issuedOn === null) {
      throw new Refusal('issue-date-missing', '通知年月日がありません。--issued-on で指定してください。');
    }
    if (issuedOn < span.extractedOn) {
      throw new Refusal('issue-date', `通知年月日はデータ抽出日（${span.extractedOn}）以後にしてください。`);
    }
    const earlier = await listEarlierIssuances(tx, profile.insurer.number, span.extractedOn);
    const rules = noticeRules(profile, span, earlier, issuedOn, round.digits);
    const { name } = round;
    const opened = await openRun(tx, context, profile, inputs, {
      kind: 'notice',
      plan: round.id,
      round: planRound,
      name,
      referenceOn: span.extractedOn,
      issuedOn,
      rules,
      saysRatio: true,
      isMadeDaily: true,
    });
    const last = earlier.at(-1);
    if (last) {
      if (span.changes.includes('number')) await writeRenumberedMembers(tx, opened, earlier);
      else await writeMovedMembers(tx, opened, last);
    }
    return opened;
  });
}

/** The days of a round, or a refusal that says which day is asked for. */
function noticeSpan(round: NoticeIssuanceSettings, extractedOn: LocalDate | null): NoticeSpan {
  const span = spanOf(round, extractedOn);
  if (span) return span;
  throw new Refusal(
    'extraction-day',
    round.extractedOn === null
      ? `「${round.name}」のデータ抽出日を --as-of で指定してください。`
      : `「${round.name}」のデータ抽出日は ${round.extractedOn} です（--as-of は要りません）。`,
  );
}

interface Opening<Rules, Kind extends IssuanceKind> {
  readonly kind: Kind;
  /** Id of the profile's issuance, and which making of it. */
  readonly plan: string;
  readonly round: number;
  readonly name: string;
  readonly referenceOn: LocalDate;
  readonly issuedOn: LocalDate;
  readonly rules: Rules;
  /** Notices say a ratio; certificates only where no 高齢受給者証 does. */
  readonly saysRatio: boolean;
  /** A plan of notices is made once for each day of extraction, one of certificates once. */
  readonly isMadeDaily: boolean;
}

/** Opens an issuance of the files that are meant, whose rules are frozen. */
export async function openRun<Rules, Kind extends IssuanceKind>(
  tx: Transaction,
  context: Context,
  profile: InsurerProfile,
  inputs: IssuanceInputs,
  { kind, plan, round, name, referenceOn, issuedOn, rules, saysRatio, isMadeDaily }: Opening<Rules, Kind>,
): Promise<StoredIssuance<Rules, Kind>> {
  const pick = async (of: DatasetKind, dataset: number | null): Promise<Dataset> => {
    const found =
      dataset === null ? await findLatestDataset(tx, profile.insurer.number, of) : await getDataset(tx, dataset);
    if (!found) throw new Refusal('dataset-missing', `${KIND_LABELS[of]}が取り込まれていません。`);
    return found;
  };
  const members = await pick('members', inputs.members);
  const workplaces = await pick('workplaces', inputs.workplaces);
  const enrolment = await pick('enrolment', inputs.enrolment);
  // Not every insurer has a file of them.
  const newestRatios = saysRatio ? await findLatestDataset(tx, profile.insurer.number, 'ratios') : null;
  const ratios = saysRatio ? (inputs.ratios ?? newestRatios?.id ?? null) : null;
  if (enrolment.asOf !== referenceOn) {
    throw new Refusal(
      'reference-date-differs',
      `登録状況の基準日（${enrolment.asOf}）が「${name}」の基準日（${referenceOn}）と違います。`,
    );
  }
  const fitted = {
    workplaces: await fitToMembers(tx, 'workplaces', workplaces.id, members.id),
    enrolment: await fitToMembers(tx, 'enrolment', enrolment.id, members.id),
    ratios: ratios === null ? null : await fitToMembers(tx, 'ratios', ratios, members.id),
  };
  const fittedRows = fitted.workplaces.fittedCount + fitted.enrolment.fittedCount + (fitted.ratios?.fittedCount ?? 0);
  const runName = roundName(plan, round);
  const opened = await insertPlannedIssuance<Rules, Kind>(
    tx,
    {
      kind,
      insurerNumber: profile.insurer.number,
      profileId: profile.id,
      name: runName,
      lineage: { plan, round, remake: null, remakeNo: null },
      membersId: members.id,
      workplacesId: fitted.workplaces.id,
      enrolmentId: fitted.enrolment.id,
      ratiosId: fitted.ratios?.id ?? null,
      referenceOn,
      issuedOn,
      rules,
      rulesSha256: createHash('sha256').update(JSON.stringify(rules)).digest('hex'),
      actor: context.actor,
    },
    isMadeDaily ? `${runName}@${referenceOn}` : runName,
    CHUNK_HOUSEHOLDS,
  );
  const { override = null } = inputs;
  const { membersId, workplacesId, enrolmentId } = opened;
  const files = { membersId, workplacesId, enrolmentId, asOf: referenceOn };
  const rows = { members: members.rowCount, enrolment: enrolment.rowCount };
  if (override === null) await refuseUnfit(tx, opened.id, files, rows, profile.fit);
  await writeJournal(tx, context.actor, 'open-issuance', opened, {
    members: opened.memberCount,
    ...(fittedRows > 0 ? { fitted: fittedRows } : {}),
    ...overrideCounts(override),
  });
  return opened;
}

/** The newest issuance of the profile's insurer, for commands that only look. */
export async function getLatestIssuance(
  context: Context,
  profile: InsurerProfile,
  name: string | null,
): Promise<Issuance> {
  const issuance = await context.database.transaction((tx) =>
    findLatestIssuance<Issuance>(tx, profile.insurer.number, name),
  );
  if (!issuance)
    throw new Refusal('issuance-missing', 'この保険者の発行はまだありません。対象者の判定から始めてください。');
  return issuance;
}

/**
 * The issuance of this name; where none is given, the only one there is.
 *
 * @throws Refusal `issuance-unnamed` where several could be meant
 */
export async function getOnlyIssuance(
  context: Context,
  profile: InsurerProfile,
  name: string | null,
): Promise<Issuance> {
  if (name !== null) return getLatestIssuance(context, profile, name);
  const all = await context.database.read((tx) => listAllIssuances<Issuance>(tx, profile.insurer.number));
  const [only, ...others] = all;
  if (only && others.length === 0) return only;
  if (!only) return getLatestIssuance(context, profile, null);
  throw new Refusal(
    'issuance-unnamed',
    '発行がいくつもあります。--issuance で名前を指定してください。',
    all.map((issuance) => `第${issuance.id}号　${issuance.name}`),
  );
}

export const KIND_LABELS = {
  members: '加入者',
  workplaces: '事業所',
  enrolment: 'マイナ保険証の登録状況',
  ratios: '負担割合',
} as const satisfies Record<DatasetKind, string>;

/** The day an issuance's enrolment snapshot must be of. */
export function plannedReferenceDay(profile: InsurerProfile, id: string, extractedOn: LocalDate | null): LocalDate {
  const round = profile.noticeRounds.find((candidate) => candidate.id === id);
  return round ? noticeSpan(round, extractedOn).extractedOn : getIssuanceSettings(profile, id).referenceOn;
}

/** The bulk issuance of the profile with this id. */
export function getIssuanceSettings(profile: InsurerProfile, id: string): IssuanceSettings {
  const found = profile.issuances.find((issuance) => issuance.id === id);
  if (found) return found;
  const known = [...profile.issuances, ...profile.monthly, ...profile.noticeRounds]
    .map((issuance) => issuance.id)
    .join('、');
  throw new Refusal(
    'issuance-unknown',
    `発行「${id}」はプロファイル ${profile.id} にありません（あるもの: ${known}）。`,
  );
}

/** The insurer's issuance to which a paper number belongs, and what the number is of. */
export async function getIssuanceOfPaper(
  context: Context,
  insurerNumber: string,
  number: string,
): Promise<{ issuance: Issuance; kind: 'certificate' | 'mailpiece' }> {
  const paper = parsePaperNumber(number);
  if (!paper) throw new Refusal('paper-unknown', '検査数字が合いません。番号を確かめてください。');
  const issuance = await context.database.read((tx) => findIssuance<Issuance>(tx, insurerNumber, paper.run));
  if (!issuance) throw new Refusal('paper-unknown', `${number} はこの保険者の用紙ではありません。`);
  return { issuance, kind: paper.kind };
}
