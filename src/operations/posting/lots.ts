// Room: operations. Lots as staff see them: where each stands, who has confirmed what, and the next confirmation. The
// command and the console call the same functions; a person is a name, whoever types it.
import { listLots, closeLotRow, insertConfirmation, lockLot } from '../../ledger/posting/lots.ts';
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
} from '../../rules/posting/lots.ts';
import type { LotBalance, LotStep } from '../../rules/posting/lots.ts';
import type { Wave } from '../../rules/printing/waves.ts';
import { lockChain } from '../../ledger/papers/events.ts';
import { refuseCancelled } from '../issuing/plan.ts';
import { askAgainIn } from './ask-again.ts';
import type { AskedAgain } from './ask-again.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { calendarOf, planShares } from '../printing/plan-lots.ts';

export interface LotView extends Lot {
  readonly balances: readonly LotBalance[];
  /** Steps both persons have confirmed. */
  readonly released: readonly LotStep[];
}

function viewOf(lot: Lot): LotView {
  return {
    ...lot,
    balances: lotBalances(lot.counts),
    released: LOT_STEPS.filter((step) => isApproved(lot.confirmations, step)),
  };
}

/** Lots of a run, in order; empty before its print is planned. */
export async function listLotViews(context: Context, issuance: Issuance): Promise<LotView[]> {
  return (await context.database.transaction((tx) => listLots(tx, issuance.id))).map(viewOf);
}

/** One lot. Refused where the run has no such lot. */
export async function getLotView(context: Context, issuance: Issuance, no: number): Promise<LotView> {
  return viewOf(await context.database.transaction((tx) => getLot(tx, issuance, no)));
}

async function getLot(tx: Transaction, issuance: Issuance, no: number): Promise<Lot> {
  const [lot] = await listLots(tx, issuance.id, no);
  if (lot) return lot;
  throw new Refusal(
    'lot-unknown',
    `ロット${no}はこの発行にありません（印刷の計画前なら、先に印刷ファイルを作ってください）。`,
  );
}

/**
 * One person confirms a step of a lot (before `post` the newest files and filings are asked again, and who has lost eligibility is
 * pulled out); the second person's confirmation releases it, and of `close` closes it. The same
 * person again changes nothing once the step is released, and is refused before that.
 */
export async function confirmLot(
  context: Context,
  issuance: Issuance,
  no: number,
  step: LotStep,
  person: string,
): Promise<{ readonly kind: 'confirmed' | 'already'; readonly lot: LotView; readonly askedAgain: AskedAgain | null }> {
  const name = person.trim();
  await refuseCancelled(context, issuance);
  return context.database.transaction(async (tx) => {
    // What may be pulled out of the lot holds the chain first, as everything does that happens to papers.
    if (step === 'post') await lockChain(tx, issuance.insurerNumber);
    await lockLot(tx, issuance.id, no);
    const lot = await getLot(tx, issuance, no);
    const decision = decideConfirmation({ ...lot, isClosed: lot.closedAt !== null }, step, name);
    if (decision.kind === 'refused') throw new Refusal('lot-refused', `ロット${no}: ${decision.why}。`);
    if (decision.kind === 'already') return { kind: 'already', lot: viewOf(lot), askedAgain: null };
    const askedAgain = step === 'post' ? await askAgainIn(tx, context, issuance, no) : null;
    await insertConfirmation(tx, issuance.id, no, {
      step,
      person: name,
      personKey: personKey(name),
      actor: context.actor,
    });
    let confirmed = await getLot(tx, issuance, no);
    if (step === 'close' && isApproved(confirmed.confirmations, step)) {
      await closeLotRow(tx, issuance.id, no);
      confirmed = await getLot(tx, issuance, no);
    }
    const { length: persons } = confirmed.confirmations.filter((c) => c.step === step);
    if (persons > CONFIRMERS) throw new Error('more confirmations than persons');
    await writeJournal(tx, context.actor, `lot-${step}`, issuance, { lot: no, persons });
    return { kind: 'confirmed', lot: viewOf(confirmed), askedAgain };
  });
}

/**
 * One person confirms a step of several lots; what cannot be is told lot by lot and stops no other.
 *
 * @throws Refusal `lot-refused` where not one of them can be
 */
export async function confirmLots(
  context: Context,
  issuance: Issuance,
  nos: readonly number[],
  step: LotStep,
  person: string,
): Promise<{ readonly lots: readonly LotView[]; readonly refused: readonly { no: number; why: string }[] }> {
  const lots: LotView[] = [];
  const refused: { no: number; why: string }[] = [];
  for (const no of new Set(nos)) {
    try {
      lots.push((await confirmLot(context, issuance, no, step, person)).lot);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push({ no, why: error.message });
    }
  }
  const [first, ...rest] = refused;
  if (lots.length === 0 && first)
    throw new Refusal(
      'lot-refused',
      first.why,
      rest.map(({ why }) => why),
    );
  return { lots, refused };
}

/** One wave of the calendar with what is planned into it. */
export interface WaveView extends Wave {
  readonly no: number;
  readonly pieceCount: number;
  /** Branches with pieces in it, and how many. */
  readonly shares: readonly { readonly branchCode: string; readonly pieceCount: number }[];
}

/**
 * The calendar of a run with the pieces of each wave, as they are or will be planned. What one branch takes of a wave leaves
 * less for the next: it is planned from the pieces of all (so not behind a branch's wall), and told of one where it is given.
 */
export async function listWaves(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  branchCode: string | null = null,
): Promise<WaveView[]> {
  const { waves } = calendarOf(profile, issuance);
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
