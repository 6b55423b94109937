// Room: operations. One person's paper taken out before it is posted.
import { appendEvents, findKeys, lockChain } from '../../ledger/papers/events.ts';
import type { NewEvent } from '../../ledger/papers/events.ts';
import { findPiecesInHand } from '../../ledger/papers/pieces.ts';
import { findStates } from '../../ledger/papers/states.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { WITH_CONTRACTOR, nextState } from '../../rules/papers/lifecycle.ts';
import { KIND_WORDS } from '../../rules/papers/kinds.ts';
import { withdrawalCodeOf } from '../../rules/papers/standing.ts';
import type { WithdrawalCause, WithdrawalCode } from '../../rules/papers/standing.ts';
import { daysBetween } from '../../rules/words/calendar.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import {
  countStanding,
  insertLift,
  listStaffWithdrawals,
  listStandingPage,
  listWithdrawals,
} from '../../ledger/papers/withdrawals.ts';
import type { StandingWithdrawal, WithdrawalPlace } from '../../ledger/papers/withdrawals.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { postingOf } from './kinds.ts';
import { refusalOf } from './piece-events.ts';
import type { Outcome } from './piece-events.ts';

/** What became of a withdrawal; `inFile` = the paper is on the contractor's pull list. */
export type Withdrawal = Outcome & { readonly inFile?: boolean };

/**
 * Withdraws one person's paper before it is posted; the household's others still go. The cause says how long that keeps the
 * person out of later issuances; absent = as the words of the reason say.
 */
export async function withdrawPerson(
  context: Context,
  issuance: Issuance,
  key: PersonKey,
  reason: string,
  source = '',
  cause?: WithdrawalCause,
): Promise<Withdrawal> {
  return context.database.transaction(async (tx) => {
    await lockChain(tx, issuance.insurerNumber);
    return withdrawPaper(tx, context, issuance, key, reason, source, cause);
  });
}

/** The same in a transaction that holds the chain. */
export async function withdrawPaper(
  tx: Transaction,
  context: Context,
  issuance: Issuance,
  key: PersonKey,
  reason: string,
  source: string,
  withdrawal: WithdrawalCause = { code: withdrawalCodeOf(reason), lostOn: null },
): Promise<Withdrawal> {
  const papers = await postingOf(issuance).papersOf(tx, key);
  const [paper, piece] = [papers[0], papers.at(-1)];
  if (!paper || !piece) {
    const { paper: name } = KIND_WORDS[issuance.kind];
    return { kind: 'refused', why: `${formatPersonKey(key)} の${name}はこの発行にありません` };
  }
  const common = { event: 'withdraw', reason, source } as const;
  const eventKey = `withdraw:${paper.number}`;
  if ((await findKeys(tx, issuance.insurerNumber, [eventKey])).has(eventKey)) return { kind: 'already' };
  const state = (await findStates(tx, issuance.id, 'mailpiece', [piece.number])).get(piece.number);
  if (state === undefined || nextState('mailpiece', 'withdraw', state) === undefined)
    return { kind: 'refused', why: refusalOf('withdraw', state ?? 'planned') };
  const events: NewEvent[] = [
    { subject: paper.subject, paperNumber: paper.number, ...common, key: eventKey, withdrawal },
  ];
  if (paper !== piece && (await isLastInside(tx, issuance, piece.number, paper.number)))
    events.push({
      subject: piece.subject,
      paperNumber: piece.number,
      ...common,
      key: `withdraw:${piece.number}`,
    });
  await appendEvents(tx, issuance.insurerNumber, issuance.id, context.actor, events);
  return { kind: 'recorded', inFile: WITH_CONTRACTOR.includes(state) };
}

/** Whether no other certificate is left in an envelope: the last one out takes the envelope with it. */
async function isLastInside(
  tx: Transaction,
  issuance: Issuance,
  mailpieceNumber: string,
  certificateNumber: string,
): Promise<boolean> {
  const pieces = await findPiecesInHand(tx, issuance, [mailpieceNumber]);
  const inside = (pieces.get(mailpieceNumber)?.certificates ?? []).map((certificate) => certificate.number);
  const states = await findStates(tx, issuance.id, 'certificate', inside);
  return inside.every((number) => number === certificateNumber || states.get(number) === 'withdrawn');
}

/**
 * Lifts what was withdrawn of a person, in every issuance: it keeps the person out of later ones no longer.
 *
 * @throws Refusal `nothing-withdrawn`
 */
export async function liftWithdrawal(
  context: Context,
  profile: InsurerProfile,
  key: PersonKey,
  person: string,
  reason: string,
): Promise<'recorded' | 'already'> {
  const { number: insurerNumber } = profile.insurer;
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const withdrawn = await listWithdrawals(tx, insurerNumber, key);
    if (withdrawn.length === 0)
      throw new Refusal('nothing-withdrawn', `${formatPersonKey(key)} に、引き抜いた資格確認書はありません。`);
    const standing = withdrawn.filter(({ isLifted }) => !isLifted);
    for (const { paperNumber, issuanceId } of standing) {
      await insertLift(tx, paperNumber, { person: person.trim(), reason: reason.trim(), actor: context.actor });
      await writeJournal(tx, context.actor, 'lift-withdrawal', { insurerNumber, id: issuanceId }, { reason });
    }
    return standing.length > 0 ? 'recorded' : 'already';
  });
}

/** Withdrawals by staff that nobody has lifted, oldest first, with the days they have stood on a day. */
export async function listStandingWithdrawals(
  context: Context,
  insurerNumber: string,
  on: LocalDate,
): Promise<
  readonly {
    readonly key: string;
    readonly paperNumber: string;
    readonly withdrawnOn: LocalDate;
    readonly days: number;
  }[]
> {
  const rows = await context.database.transaction((tx) => listStaffWithdrawals(tx, insurerNumber));
  return rows.map(({ paperNumber, withdrawnOn, ...key }) => ({
    key: formatPersonKey(key),
    paperNumber,
    withdrawnOn,
    days: daysBetween(withdrawnOn, on),
  }));
}

/** A page of the withdrawals that stand, oldest first, with the days they have stood on a day, and how many there are by code. */
export async function pageWithdrawals(
  context: Context,
  insurerNumber: string,
  on: LocalDate,
  page: { readonly code: WithdrawalCode | null; readonly after: WithdrawalPlace | null; readonly limit: number },
): Promise<{
  readonly items: readonly (StandingWithdrawal & { readonly days: number })[];
  readonly counts: readonly { readonly code: WithdrawalCode; readonly count: number }[];
  readonly next: WithdrawalPlace | null;
}> {
  return context.database.read(async (tx) => {
    const { code, after, limit } = page;
    const [rows, counts] = await Promise.all([
      listStandingPage(tx, insurerNumber, code, after, limit + 1),
      countStanding(tx, insurerNumber),
    ]);
    const items = rows.slice(0, limit).map((row) => ({ ...row, days: daysBetween(row.withdrawnOn, on) }));
    const last = items.at(-1);
    return { items, counts, next: rows.length > limit && last ? [last.withdrawnOn, last.paperNumber] : null };
  });
}
