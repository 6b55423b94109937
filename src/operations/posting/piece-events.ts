// Room: operations. What happens to mailpieces, recorded once: doing it again changes nothing. A refusal names the paper and
// the state it is in.
import { appendEvents, findKeys, lockChain } from '../../ledger/papers/events.ts';
import type { NewEvent } from '../../ledger/papers/events.ts';
import { listPostedPairs } from '../../ledger/papers/in-hand.ts';
import { findPiecesInHand } from '../../ledger/papers/pieces.ts';
import type { PieceInHand } from '../../ledger/papers/pieces.ts';
import { isCancelled } from '../../ledger/papers/cancellations.ts';
import { findStates } from '../../ledger/papers/states.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { findPostingTerms } from '../../ledger/posting/lots.ts';
import { PAPER_EVENT_LABELS, PAPER_STATE_LABELS, WITH_CONTRACTOR, nextState } from '../../rules/papers/lifecycle.ts';
import type { PaperEvent, PaperState, ReturnNextStep } from '../../rules/papers/lifecycle.ts';
import { listSuperseded } from '../../rules/papers/superseding.ts';
import type { WithdrawalCause } from '../../rules/papers/standing.ts';
import { postingRefusal } from '../../rules/posting/lots.ts';
import type { PostingTerms } from '../../rules/posting/lots.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Context, Override } from '../context.ts';
import type { Issuance } from '../issuance.ts';

/** What became of one thing that was asked. */
export type Outcome =
  | { readonly kind: 'recorded' }
  /** The same had been recorded before. */
  | { readonly kind: 'already' }
  | {
      readonly kind: 'refused';
      readonly why: string;
      /** True = a named person may have it done all the same. */
      readonly canOverride?: boolean;
    };

/** An event of a mailpiece, and why. */
export interface PieceEvent {
  readonly mailpieceNumber: string;
  readonly event: PaperEvent;
  readonly reason: string;
  readonly source: string;
  /** Key of the event: the same request has the same key when it is made again. */
  readonly key: string;
  /** The day on which it was posted, where that is said. */
  readonly on?: LocalDate;
  /** Of a withdrawal: why, where the reason alone does not say it. */
  readonly withdrawal?: WithdrawalCause;
}

/**
 * Records events of mailpieces with what follows for the certificates inside: posting issues them and supersedes older
 * ones, withdrawing withdraws them, re-routing annuls them. Answers in the order asked.
 */
export async function recordPieceEvents(
  context: Context,
  issuance: Issuance,
  asked: readonly PieceEvent[],
  override: Override | null = null,
): Promise<readonly Outcome[]> {
  return context.database.transaction(async (tx) => {
    await lockChain(tx, issuance.insurerNumber);
    const numbers = [...new Set(asked.map((a) => a.mailpieceNumber))];
    const pieces = await findPiecesInHand(tx, issuance, numbers);
    const states = new Map<string, PaperState>(await findStates(tx, issuance.id, 'mailpiece', numbers));
    const inside = [...pieces.values()].flatMap((piece) => piece.certificates.map((c) => c.number));
    for (const [number, state] of await findStates(tx, issuance.id, 'certificate', inside)) states.set(number, state);
    const known = await findKeys(
      tx,
      issuance.insurerNumber,
      asked.map((a) => a.key),
    );
    const terms = asked.some((a) => a.event === 'post' || a.event === 'destroy')
      ? await findPostingTerms(tx, issuance.id, numbers)
      : new Map<string, PostingTerms>();
    const isGivenUp = asked.some((a) => a.event === 'destroy') && (await isCancelled(tx, issuance.id, true));
    const events: NewEvent[] = [];
    const posted: PieceEvent[] = [];
    const outcomes = asked.map((a): Outcome => {
      if (known.has(a.key)) return { kind: 'already' };
      const piece = pieces.get(a.mailpieceNumber);
      if (isGivenUp && piece) events.push(...withdrawGivenUp(a, piece, states));
      const state = states.get(a.mailpieceNumber);
      if (state === undefined || piece === undefined) return { kind: 'refused', why: 'この発行の郵便物ではありません' };
      const why = whyNot(a, state, terms.get(a.mailpieceNumber));
      const allowed = why !== null && override !== null ? overrideOf(a, state, override) : null;
      if (why !== null && allowed === null)
        return { kind: 'refused', why, ...(canOverride(a, state) && { canOverride: true }) };
      if (allowed) events.push(allowed);
      const to = nextState('mailpiece', a.event, allowed ? 'enclosed' : state);
      if (to === undefined) throw new Error('an override allows what follows');
      states.set(a.mailpieceNumber, to);
      known.add(a.key);
      events.push({ subject: 'mailpiece', paperNumber: a.mailpieceNumber, ...pick(a) });
      events.push(...certificateEvents(a, piece, states));
      if (a.event === 'post') posted.push(a);
      return { kind: 'recorded' };
    });
    await appendEvents(tx, issuance.insurerNumber, issuance.id, context.actor, events);
    await supersedeOlder(tx, context, issuance, posted, pieces);
    return outcomes;
  });
}

/** What an issuance that somebody gives up has on paper leaves it when the contractor destroys it. */
function withdrawGivenUp(asked: PieceEvent, piece: PieceInHand, states: Map<string, PaperState>): readonly NewEvent[] {
  const state = states.get(asked.mailpieceNumber);
  if (asked.event !== 'destroy' || state === undefined || !WITH_CONTRACTOR.includes(state)) return [];
  const withdraw: PieceEvent = {
    ...asked,
    event: 'withdraw',
    key: `withdraw:${asked.mailpieceNumber}`,
    reason: '発行の取りやめ',
    withdrawal: {
      code: 'cancelled',
      lostOn: null,
    },
  };
  states.set(asked.mailpieceNumber, 'withdrawn');
  return [
    { subject: 'mailpiece', paperNumber: asked.mailpieceNumber, ...pick(withdraw) },
    ...certificateEvents(withdraw, piece, states),
  ];
}

/** Why the event may not happen to a piece in this state, or null. */
function whyNot(asked: PieceEvent, state: PaperState, terms: PostingTerms | undefined): string | null {
  if (nextState('mailpiece', asked.event, state) === undefined) return refusalOf(asked.event, state);
  // Withdrawn before it was printed: no paper, and its batch is still to be counted without it.
  if (asked.event === 'destroy' && terms === undefined) return '印刷していないため、廃棄するものがありません';
  return asked.event === 'post' && terms ? postingRefusal(terms, asked.on ?? null) : null;
}

/** Whether a named person may let a piece be posted all the same. */
function canOverride({ event }: PieceEvent, state: PaperState): boolean {
  return event === 'post' && nextState('mailpiece', 'override', state) !== undefined;
}

/** The event by which one does, or null where nobody can. */
function overrideOf(asked: PieceEvent, state: PaperState, { person, reason }: Override): NewEvent | null {
  if (!canOverride(asked, state)) return null;
  return {
    subject: 'mailpiece',
    paperNumber: asked.mailpieceNumber,
    event: 'override',
    reason: `${person}: ${reason}`,
    source: asked.source,
    key: `override:${asked.key}`,
  };
}

function pick({ event, reason, source, key, withdrawal }: PieceEvent): Omit<NewEvent, 'subject' | 'paperNumber'> {
  return { event, reason, source, key, ...(withdrawal && { withdrawal }) };
}

/** Why an event may not happen in a state. */
export function refusalOf(event: PaperEvent, state: PaperState): string {
  return `「${PAPER_STATE_LABELS[state]}」のため「${PAPER_EVENT_LABELS[event]}」にできません`;
}

/** What an event of the piece means for the papers in it. */
const INSIDE = { post: 'issue', withdraw: 'withdraw', reroute: 'annul', spoil: 'annul' } as const satisfies Partial<
  Record<PaperEvent, PaperEvent>
>;

function certificateEvents(asked: PieceEvent, piece: PieceInHand, states: Map<string, PaperState>): NewEvent[] {
  const event = asked.event in INSIDE ? INSIDE[asked.event as keyof typeof INSIDE] : null;
  if (event === null) return [];
  const events: NewEvent[] = [];
  for (const { number } of piece.certificates) {
    const to = nextState('certificate', event, states.get(number) ?? 'made');
    // One that was withdrawn before has no part in what happens to its envelope.
    if (to === undefined) continue;
    states.set(number, to);
    const { key } = asked;
    events.push({ subject: 'certificate', paperNumber: number, ...pick(asked), event, key: `${key}:${number}` });
  }
  return events;
}

/**
 * The newer issue date counts (004): the older certificate of the person ends the day the newer one is posted, or the day
 * it is posted itself where that is later.
 */
async function supersedeOlder(
  tx: Transaction,
  context: Context,
  issuance: Issuance,
  posted: readonly PieceEvent[],
  pieces: ReadonlyMap<string, PieceInHand>,
): Promise<void> {
  const issued = posted.flatMap((a) => pieces.get(a.mailpieceNumber)?.certificates.map((c) => c.number) ?? []);
  if (issued.length === 0) return;
  const pairs = await listPostedPairs(tx, issuance.insurerNumber, issuance.id, issued);
  for (const { certificateNumber, newer, pair } of listSuperseded(pairs)) {
    const issuanceId = certificateNumber === pair.posted.certificateNumber ? issuance.id : pair.issuanceId;
    await appendEvents(tx, issuance.insurerNumber, issuanceId, context.actor, [
      {
        subject: 'certificate',
        paperNumber: certificateNumber,
        event: 'supersede',
        reason: newer,
        source: '',
        key: `supersede:${certificateNumber}:${newer}`,
      },
    ]);
  }
}

/** What the station says to one scan. */
export interface ScanAnswer {
  readonly kind: 'recorded' | 'already' | 'stranger' | 'refused';
  /** Japanese, without a name or an address. */
  readonly text: string;
  readonly nextStep: ReturnNextStep | null;
}
