// Room: operations. A run of an issuance: the profile's rules frozen for it, and the run found again by its inputs.
import { createHash } from 'node:crypto';
import { findLatestDataset, getDataset } from '../ledger/datasets.ts';
import type { Dataset, DatasetKind } from '../ledger/datasets.ts';
import { findLatestIssuance, openIssuance, writeJournal } from '../ledger/issuances.ts';
import type { IssuanceRun } from '../ledger/issuances.ts';
import type { Route } from '../rules/enveloping.ts';
import type { InsurerProfile, Issuance, ValidityRules } from '../rules/insurer.ts';
import type { LocalDate } from '../rules/member.ts';
import type { TargetingRules } from '../rules/targeting.ts';
import { Refusal } from './context.ts';
import type { Context } from './context.ts';

/** Everything of the profile that decides about people and envelopes; stored with the run. */
export interface RunRules {
  readonly targeting: TargetingRules;
  readonly enclosing: {
    readonly route: Route;
    readonly limit: number | null;
    readonly issuedOn: LocalDate;
    readonly validity: ValidityRules;
  };
  readonly warnings: InsurerProfile['warnings'] & Pick<Issuance, 'acquiredThroughOn'>;
}

export type Run = IssuanceRun<RunRules>;

/** Households a chunk; a few thousand keep a transaction short and a chunk's memory small. */
const CHUNK_HOUSEHOLDS = 4000;

export interface RunInputs {
  readonly issuance: string;
  readonly issuedOn: LocalDate | null;
  /** Snapshots by id; null = the newest of the kind. */
  readonly members: number | null;
  readonly workplaces: number | null;
  readonly enrolment: number | null;
}

/** Opens (or finds again) the run for these inputs. */
export async function openRun(context: Context, profile: InsurerProfile, inputs: RunInputs): Promise<Run> {
  const issuance = getIssuance(profile, inputs.issuance);
  const issuedOn = inputs.issuedOn ?? issuance.issuedOn;
  if (issuedOn === null) {
    throw new Refusal('issue-date-missing', '交付年月日がありません。--issued-on で指定してください。');
  }
  const rules = freezeRules(profile, issuance, issuedOn);
  const { run } = await context.database.transaction(async (tx) => {
    const pick = async (kind: DatasetKind, id: number | null): Promise<Dataset> => {
      const found = id === null ? await findLatestDataset(tx, profile.insurer.number, kind) : await getDataset(tx, id);
      if (!found) throw new Refusal('dataset-missing', `${KIND_LABELS[kind]}が取り込まれていません。`);
      return found;
    };
    const members = await pick('members', inputs.members);
    const workplaces = await pick('workplaces', inputs.workplaces);
    const enrolment = await pick('enrolment', inputs.enrolment);
    if (enrolment.asOf !== issuance.referenceOn) {
      throw new Refusal(
        'reference-date-differs',
        `登録状況の基準日（${enrolment.asOf}）が一括発行「${issuance.name}」の基準日（${issuance.referenceOn}）と違います。`,
      );
    }
    const opened = await openIssuance<RunRules>(
      tx,
      {
        insurerNumber: profile.insurer.number,
        profileId: profile.id,
        name: issuance.id,
        membersId: members.id,
        workplacesId: workplaces.id,
        enrolmentId: enrolment.id,
        referenceOn: issuance.referenceOn,
        issuedOn,
        rules,
        rulesSha256: createHash('sha256').update(JSON.stringify(rules)).digest('hex'),
        actor: context.actor,
      },
      CHUNK_HOUSEHOLDS,
    );
    if (!opened.existed) {
      await writeJournal(tx, context.actor, 'open-issuance', opened.run.id, { members: opened.run.memberCount });
    }
    return opened;
  });
  return run;
}

/** The newest run of the profile's insurer, for commands that only look. */
export async function getLatestRun(context: Context, profile: InsurerProfile, issuance: string | null): Promise<Run> {
  const run = await context.database.transaction((tx) =>
    findLatestIssuance<RunRules>(tx, profile.insurer.number, issuance),
  );
  if (!run)
    throw new Refusal('issuance-missing', 'この保険者の一括発行はまだありません。todoke decide から始めてください。');
  return run;
}

export const KIND_LABELS = {
  members: '加入者',
  workplaces: '事業所',
  enrolment: 'マイナ保険証の登録状況',
} as const satisfies Record<DatasetKind, string>;

/** The issuance of the profile with this id. */
export function getIssuance(profile: InsurerProfile, id: string): Issuance {
  const found = profile.issuances.find((issuance) => issuance.id === id);
  if (found) return found;
  const known = profile.issuances.map((issuance) => issuance.id).join('、');
  throw new Refusal(
    'issuance-unknown',
    `一括発行「${id}」はプロファイル ${profile.id} にありません（あるもの: ${known}）。`,
  );
}

function freezeRules(profile: InsurerProfile, issuance: Issuance, issuedOn: LocalDate): RunRules {
  return {
    targeting: {
      referenceOn: issuance.referenceOn,
      acquiredThroughOn: issuance.acquiredThroughOn,
      decidedThroughOn: issuance.decidedThroughOn,
      issuedOn,
    },
    enclosing: { route: profile.route, limit: profile.enclosing.limit, issuedOn, validity: profile.validity },
    warnings: { ...profile.warnings, acquiredThroughOn: issuance.acquiredThroughOn },
  };
}
