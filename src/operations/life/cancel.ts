// Room: operations. An issuance given up by two persons while nothing of it was posted: what was made is withdrawn, and its plan is
// free again. Never while the contractor holds paper of it that nobody has destroyed.
import { lockChain, appendEvents } from '../../ledger/papers/events.ts';
import type { NewEvent } from '../../ledger/papers/events.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import {
  countDestroyedForCancellation,
  countPosted,
  insertCancellation,
  insertCancellationTakeBack,
  listCancellers,
  listFamily,
  listLotsOut,
  listPiecesToCancel,
  lockChunks,
} from '../../ledger/papers/cancellations.ts';
import type { Canceller, PieceToCancel } from '../../ledger/papers/cancellations.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { lockPlans } from '../../ledger/papers/plans.ts';
import { nextState } from '../../rules/papers/lifecycle.ts';
import { CONFIRMERS, personKey } from '../../rules/posting/lots.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { postingOf } from '../posting/kinds.ts';
import { formatCount } from '../../rules/words/counts.ts';

/** Pieces withdrawn in one statement. */
const AT_ONCE = 2000;

/** What became of one person's asking. */
export interface Cancelled {
  /** `asked`: another person has to ask as well. */
  readonly kind: 'asked' | 'cancelled' | 'already';
  readonly persons: readonly Canceller[];
  /** Certificates or notices, and pieces, withdrawn by it. */
  readonly papers: number;
  readonly pieces: number;
}

/**
 * One person gives an issuance up; the second one's word withdraws everything that was made (code `cancelled`, which keeps nobody
 * out of a later issuance) and frees the plan.
 *
 * @throws Refusal `cancel-refused` with why: of a remake, after something was posted, while the contractor holds paper, the same
 *   person twice
 */
export async function cancelIssuance(
  context: Context,
  issuance: Issuance,
  by: string,
  reason: string,
): Promise<Cancelled> {
  const person = by.trim();
  const why = reason.trim();
  return context.database.transaction(async (tx) => {
    await lockPlans(tx, issuance.insurerNumber);
    await lockChain(tx, issuance.insurerNumber);
    await lockChunks(tx, issuance.id);
    const before = await listCancellers(tx, issuance.id);
    const none = { papers: 0, pieces: 0 };
    if (before.length >= CONFIRMERS) return { kind: 'already', persons: before, ...none };
    await refuse(tx, issuance, before, person, why);
    const key = personKey(person);
    await insertCancellation(tx, issuance.id, { person, personKey: key, reason: why, actor: context.actor });
    const persons = await listCancellers(tx, issuance.id);
    const isDone = persons.length >= CONFIRMERS;
    const left = isDone ? await withdrawAll(tx, context, issuance, persons) : none;
    await writeJournal(tx, context.actor, 'cancel-issuance', issuance, {
      persons: persons.length,
      reason: why,
      pieces: left.pieces,
      certificates: left.papers,
    });
    return { kind: isDone ? 'cancelled' : 'asked', persons, ...left };
  });
}

/**
 * Takes back what one person has asked for, by either of the two, before the second one confirms it.
 *
 * @throws Refusal `cancel-refused` where nobody has asked or two have, or where the contractor has destroyed paper on its word:
 *   nobody of whom that was would get another in this issuance
 */
export async function takeBackCancellation(
  context: Context,
  issuance: Issuance,
  by: string,
  reason: string,
): Promise<{ readonly of: Canceller }> {
  const person = by.trim();
  const why = reason.trim();
  return context.database.transaction(async (tx) => {
    await lockPlans(tx, issuance.insurerNumber);
    await lockChain(tx, issuance.insurerNumber);
    const no = (text: string): Refusal =>
      new Refusal('cancel-refused', `第${issuance.id}号の取りやめは取り消せません。${text}`);
    if (personKey(person) === '' || why === '') throw no('取り消す人の氏名と理由を書いてください。');
    const [asker, ...others] = await listCancellers(tx, issuance.id);
    if (!asker) throw no('だれも取りやめを求めていません。');
    if (others.length > 0) throw no('二人が確認し、取りやめ済みです。');
    const destroyed = await countDestroyedForCancellation(tx, issuance.id);
    if (destroyed > 0)
      throw no(
        `取りやめのために、委託業者が ${formatCount(destroyed)}人分を廃棄しています。取りやめを進め、あらためて発行してください。`,
      );
    await insertCancellationTakeBack(tx, issuance.id, { person, reason: why, actor: context.actor });
    await writeJournal(tx, context.actor, 'take-back-cancellation', issuance, { reason: why });
    return { of: asker };
  });
}

/** Who has asked for an issuance to be given up, first one first; two = it is given up. */
export async function listCancellationPersons(context: Context, issuanceId: number): Promise<readonly Canceller[]> {
  return context.database.read((tx) => listCancellers(tx, issuanceId));
}

/** Refuses what may not be given up now. */
async function refuse(
  tx: Transaction,
  issuance: Issuance,
  before: readonly Canceller[],
  person: string,
  reason: string,
): Promise<void> {
  const no = (why: string, details: readonly string[] = []): Refusal =>
    new Refusal('cancel-refused', `第${issuance.id}号は取りやめられません。${why}`, details);
  if (issuance.lineage.remake !== null) throw no('作り直した発行です。もとの発行ごと取りやめてください。');
  if (personKey(person) === '' || reason === '') throw no('取りやめる人の氏名と理由を書いてください。');
  if (before.some((canceller) => canceller.personKey === personKey(person)))
    throw no(`${person} は取りやめを求め済みです。もう一人は別の人にしてください。`);
  const posted = await countPosted(tx, issuance.id);
  if (posted > 0) throw no(`郵便物 ${formatCount(posted)}通を発送済みです。`);
  if (before.length === 0) return;
  // The first person may ask before the contractor has destroyed the paper: that is how the contractor comes to do so.
  const out = await listLotsOut(tx, issuance.insurerNumber, issuance.id);
  if (out.length > 0)
    throw no(
      '委託業者が印刷物を持っています。廃棄の結果（結果.csv の「廃棄」）を取り込んでから、もう一度行ってください。',
      out.map(
        ({ issuanceId, lotNo, count }) =>
          `第${issuanceId}号 ロット${lotNo}　廃棄の記録のない郵便物 ${formatCount(count)}通`,
      ),
    );
}

/** Withdraws what was made and has not left yet, of the issuance and of what was made again of it. */
async function withdrawAll(
  tx: Transaction,
  context: Context,
  issuance: Issuance,
  persons: readonly Canceller[],
): Promise<{ papers: number; pieces: number }> {
  const reason = `発行の取りやめ（${persons.map(({ person }) => person).join('、')}）`;
  const posting = postingOf(issuance);
  let papers = 0;
  let pieces = 0;
  for (const issuanceId of await listFamily(tx, issuance.id)) {
    let after = '0';
    for (;;) {
      const found = await listPiecesToCancel(tx, issuanceId, after, AT_ONCE);
      const events = found.flatMap((piece) => eventsOf(piece, reason));
      await appendEvents(tx, issuance.insurerNumber, issuanceId, context.actor, events);
      pieces += found.length;
      papers += found.reduce((sum, piece) => sum + posting.papersInside(piece.certificates.length), 0);
      const last = found.at(-1);
      if (!last || found.length < AT_ONCE) break;
      after = last.mailpieceNumber;
    }
  }
  return { papers, pieces };
}

/** How a piece leaves: what is planned or on paper is withdrawn; what was spoiled or destroyed is not made again. */
function eventsOf({ mailpieceNumber, state, certificates }: PieceToCancel, reason: string): NewEvent[] {
  const event = nextState('mailpiece', 'waive', state) === undefined ? 'withdraw' : 'waive';
  const common = { reason, source: '', withdrawal: { code: 'cancelled', lostOn: null } } as const;
  return [
    ...certificates.map((number): NewEvent => ({
      subject: 'certificate',
      event: 'withdraw',
      paperNumber: number,
      key: `withdraw:${number}`,
      ...common,
    })),
    {
      subject: 'mailpiece',
      event,
      paperNumber: mailpieceNumber,
      key: `${event}:${mailpieceNumber}`,
      ...common,
    },
  ];
}
