// Room: operations. Lots as staff see them: where each stands, who has confirmed what, and the next confirmation. The
// command and the console call the same functions; a person is a name, as typed or as signed in.
import {
  listLots,
  closeLotRow,
  countPostedOfLot,
  insertConfirmation,
  insertTakeBack,
  lockLot,
} from '../../ledger/posting/lots.ts';
import type { Lot } from '../../ledger/posting/lots.ts';
import { findEnclosedCounts } from '../../ledger/issuing/mailpieces.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import {
  CONFIRMERS,
  LOT_STEPS,
  decideConfirmation,
  isApproved,
  lotBalances,
  personKey,
  takeBackRefusal,
} from '../../rules/posting/lots.ts';
import type { LotBalance, LotStep, RevocableStep } from '../../rules/posting/lots.ts';
import type { Wave } from '../../rules/printing/waves.ts';
import { lockChain } from '../../ledger/papers/events.ts';
import { refuseCancelled } from '../issuing/plan.ts';
import { askAgainIn } from './ask-again.ts';
import type { FileLimits } from './ask-again.ts';
import type { AskedAgain } from './news.ts';
import { Refusal, overrideCounts } from '../context.ts';
import type { Context, Override } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { printingOf } from '../printing/kinds.ts';
import { planShares } from '../printing/plan-lots.ts';

export interface LotView extends Lot {
  readonly balances: readonly LotBalance[];
  /** Steps both persons have confirmed. */
  readonly released: readonly LotStep[];
}

/** A lot as it is shown. */
export function viewOf(lot: Lot): LotView {
  return {
    ...lot,
    balances: lotBalances(lot.counts),
    released: LOT_STEPS.filter((step) => isApproved(lot.confirmations, step)),
  };
}

/** Lots of an issuance, in order; empty before its print is planned. */
export async function listLotViews(context: Context, issuance: Issuance): Promise<LotView[]> {
  return (await context.database.transaction((tx) => listLots(tx, issuance.id))).map(viewOf);
}

/** One lot, in a transaction. @throws Refusal `lot-unknown` */
export async function getLotIn(tx: Transaction, issuance: Issuance, no: number): Promise<Lot> {
  const [lot] = await listLots(tx, issuance.id, no);
  if (lot) return lot;
  throw new Refusal(
    'lot-unknown',
    `ロット${no}はこの発行にありません（印刷の計画前なら、先に印刷ファイルを作ってください）。`,
  );
}

/** What is known of one confirmation. */
export interface Confirmed {
  readonly kind: 'confirmed' | 'already';
  readonly lot: LotView;
  /** What the newest files and filings said before release for post; null of every other step. */
  readonly askedAgain: AskedAgain | null;
}

/**
 * One person confirms a step of a lot (before `post` the newest files and filings are asked again, and the paper of a person who has lost eligibility is
 * pulled out); the second person's confirmation releases it, and of `close` closes it. The same
 * person again changes nothing once the step is released, and is refused before that. What is approved, the lot's counts and the
 * hash over its print files, is kept with it.
 *
 * @throws Refusal `lot-refused`; `lot-not-enclosed` where not all that was printed is enclosed and nobody answers for that by name
 */
export async function confirmLot(
  context: Context,
  issuance: Issuance,
  profile: FileLimits,
  no: number,
  step: LotStep,
  person: string,
  override: Override | null = null,
): Promise<Confirmed> {
  const name = person.trim();
  await refuseCancelled(context, issuance);
  if (override !== null && step !== 'post')
    throw new Refusal('arguments', '許可して行えるのは「発送の承認」だけです。');
  return context.database.transaction(async (tx) => {
    // What may be pulled out of the lot holds the chain first, as everything does that happens to papers.
    await lockChain(tx, issuance.insurerNumber);
    await lockLot(tx, issuance.id, no);
    const before = await getLotIn(tx, issuance, no);
    const isOverridden = override !== null;
    const refuse = (lot: Lot): 'confirm' | 'already' => {
      const decision = decideConfirmation({ ...lot, isClosed: lot.closedAt !== null }, step, name, isOverridden);
      if (decision.kind !== 'refused') return decision.kind;
      throw new Refusal(decision.canOverride ? 'lot-not-enclosed' : 'lot-refused', `ロット${no}: ${decision.why}。`);
    };
    // Who may not confirm now pulls nothing out either; what is still missing may be what is pulled out.
    const first = decideConfirmation({ ...before, isClosed: before.closedAt !== null }, step, name, isOverridden);
    if (first.kind === 'already') return { kind: 'already', lot: viewOf(before), askedAgain: null };
    if (first.kind === 'refused' && !first.canOverride) refuse(before);
    const askedAgain = step === 'post' ? await askAgainIn(tx, context, issuance, profile, no) : null;
    const lot = step === 'post' ? await getLotIn(tx, issuance, no) : before;
    refuse(lot);
    const isNeeded = lot.counts.printed !== lot.counts.enclosed;
    await insertConfirmation(tx, issuance.id, no, {
      step,
      person: name,
      personKey: personKey(name),
      actor: context.actor,
      override: isNeeded ? override : null,
    });
    let confirmed = await getLotIn(tx, issuance, no);
    if (step === 'close' && isApproved(confirmed.confirmations, step)) {
      await closeLotRow(tx, issuance.id, no);
      confirmed = await getLotIn(tx, issuance, no);
    }
    const { length: persons } = confirmed.confirmations.filter((c) => c.step === step);
    if (persons > CONFIRMERS) throw new Error('more confirmations than persons');
    await writeJournal(tx, context.actor, `lot-${step}`, issuance, {
      lot: no,
      persons,
      mailpieces: confirmed.counts.printed,
      ...(step === 'close' ? {} : { files: confirmed.filesSha256 }),
      ...overrideCounts(isNeeded ? override : null),
    });
    return { kind: 'confirmed', lot: viewOf(confirmed), askedAgain };
  });
}

/**
 * A person takes back what was confirmed of a step, one person's word or both, with a reason: until something of the lot is posted.
 * Two persons may confirm it again.
 *
 * @throws Refusal `lot-refused` with why not
 */
export async function takeBackLot(
  context: Context,
  issuance: Issuance,
  no: number,
  step: RevocableStep,
  by: { readonly person: string; readonly reason: string },
): Promise<LotView> {
  const [person, reason] = [by.person.trim(), by.reason.trim()];
  return context.database.transaction(async (tx) => {
    // The chain first: what is being posted now is posted before it can be taken back.
    await lockChain(tx, issuance.insurerNumber);
    await lockLot(tx, issuance.id, no);
    const lot = await getLotIn(tx, issuance, no);
    const missing = personKey(person) === '' || reason === '' ? '取り消す人の氏名と理由を書いてください' : null;
    const postedCount = await countPostedOfLot(tx, issuance.id, no);
    const why = missing ?? takeBackRefusal({ ...lot, isClosed: lot.closedAt !== null, postedCount }, step);
    if (why !== null) throw new Refusal('lot-refused', `ロット${no}: ${why}。`);
    await insertTakeBack(tx, issuance.id, no, { step, person, reason, actor: context.actor });
    await writeJournal(tx, context.actor, `take-back-lot-${step}`, issuance, { lot: no, reason });
    return viewOf(await getLotIn(tx, issuance, no));
  });
}

/**
 * One person confirms a step of several lots. For each lot that cannot be confirmed the answer says why; the others are.
 *
 * @throws Refusal `lot-refused` where not one of them can be, `lot-not-enclosed` where a named person may let all of them go
 */
export async function confirmLots(
  context: Context,
  issuance: Issuance,
  profile: FileLimits,
  nos: readonly number[],
  step: LotStep,
  person: string,
  override: Override | null = null,
): Promise<{ readonly lots: readonly LotView[]; readonly refused: readonly { no: number; why: string }[] }> {
  const lots: LotView[] = [];
  const refused: { no: number; why: string; code: string }[] = [];
  for (const no of new Set(nos)) {
    try {
      lots.push((await confirmLot(context, issuance, profile, no, step, person, override)).lot);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push({ no, why: error.message, code: error.code });
    }
  }
  const [first, ...rest] = refused;
  if (lots.length === 0 && first)
    throw new Refusal(
      refused.every(({ code }) => code === 'lot-not-enclosed') ? 'lot-not-enclosed' : 'lot-refused',
      first.why,
      rest.map(({ why }) => why),
    );
  return { lots, refused: refused.map(({ no, why }) => ({ no, why })) };
}

/** One wave of the calendar with what is planned into it. */
export interface WaveView extends Wave {
  readonly no: number;
  readonly pieceCount: number;
  /** Branches with pieces in it, and how many. */
  readonly shares: readonly { readonly branchCode: string; readonly pieceCount: number }[];
}

/**
 * The calendar of an issuance with the pieces of each wave, as they are or will be planned. What one branch takes of a wave leaves
 * less for the others, so it is planned from the pieces of all branches, not behind a branch's wall; with a branch given, its
 * share alone is returned.
 */
export async function listWaves(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  branchCode: string | null = null,
): Promise<WaveView[]> {
  const { waves } = printingOf(issuance).calendar(profile);
  if (waves.length === 0) return [];
  const counted = await context.database.read((tx) => findEnclosedCounts(tx, issuance.id));
  const shares = await context.database.transaction((tx) => planShares(tx, issuance, waves, counted));
  return waves.map((wave, i) => {
    const own = shares.filter(
      (share) => share.wave === i + 1 && (branchCode === null || share.branchCode === branchCode),
    );
    return {
      ...wave,
      no: i + 1,
      pieceCount: own.reduce((sum, share) => sum + share.pieceCount, 0),
      shares: own.map(({ branchCode, pieceCount }) => ({ branchCode, pieceCount })),
    };
  });
}
