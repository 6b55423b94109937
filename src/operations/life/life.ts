// Room: operations. What happens to papers, recorded once: every operation of this file may be done again and changes
// nothing then. A refusal names the paper and the state it is in.
import {
  appendEvents,
  findCertificateOf,
  findKeys,
  findNoticePiece,
  findOutdated,
  findPiecesInHand,
  findStates,
  lockChain,
  recordReturn,
} from '../../ledger/life/life.ts';
import type { NewEvent, PieceInHand, ScannedReturn } from '../../ledger/life/life.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { findPostingTerms } from '../../ledger/posting/lots.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import { hasNoEmployer } from '../../rules/issuing/enveloping.ts';
import {
  PAPER_EVENT_LABELS,
  PAPER_STATE_LABELS,
  RETURN_REASON_LABELS,
  nextState,
  returnRoad,
} from '../../rules/papers/lifecycle.ts';
import type { PaperEvent, PaperState, ReturnReason, ReturnRoad } from '../../rules/papers/lifecycle.ts';
import { postingRefusal } from '../../rules/posting/lots.ts';
import type { PostingTerms } from '../../rules/posting/lots.ts';
import { formatPersonKey } from '../../rules/intake/member.ts';
import type { InsuredClass, LocalDate, PersonKey } from '../../rules/intake/member.ts';
import type { Context, Override } from '../context.ts';
import type { CertificateRun, Run } from '../run.ts';

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
  /** Key of the event; made again the same by who asks again. */
  readonly key: string;
  /** The day on which it was posted, where that is said. */
  readonly on?: LocalDate;
}

/**
 * Records events of mailpieces with what follows for the certificates inside: posting issues them and supersedes older
 * ones, withdrawing withdraws them, re-routing annuls them. Answers in the order asked.
 */
export async function recordPieceEvents(
  context: Context,
  run: Run,
  asked: readonly PieceEvent[],
  override: Override | null = null,
): Promise<readonly Outcome[]> {
  return context.database.transaction(async (tx) => {
    await lockChain(tx, run.insurerNumber);
    const numbers = [...new Set(asked.map((a) => a.mailpieceNumber))];
    const pieces = await findPiecesInHand(tx, run, numbers);
    const states = new Map<string, PaperState>(await findStates(tx, run.id, 'mailpiece', numbers));
    const inside = [...pieces.values()].flatMap((piece) => piece.certificates.map((c) => c.number));
    for (const [number, state] of await findStates(tx, run.id, 'certificate', inside)) states.set(number, state);
    const known = await findKeys(
      tx,
      run.insurerNumber,
      asked.map((a) => a.key),
    );
    const terms = asked.some((a) => a.event === 'post' || a.event === 'destroy')
      ? await findPostingTerms(tx, run.id, numbers)
      : new Map<string, PostingTerms>();
    const events: NewEvent[] = [];
    const posted: PieceEvent[] = [];
    const outcomes = asked.map((a): Outcome => {
      if (known.has(a.key)) return { kind: 'already' };
      const state = states.get(a.mailpieceNumber);
      const piece = pieces.get(a.mailpieceNumber);
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
    await appendEvents(tx, run.insurerNumber, run.id, context.actor, events);
    await supersedeOlder(tx, context, run, posted, pieces);
    return outcomes;
  });
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

function pick({ event, reason, source, key }: PieceEvent): Omit<NewEvent, 'subject' | 'paperNumber'> {
  return { event, reason, source, key };
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
    const { reason, source, key } = asked;
    events.push({ subject: 'certificate', paperNumber: number, event, reason, source, key: `${key}:${number}` });
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
  run: Run,
  posted: readonly PieceEvent[],
  pieces: ReadonlyMap<string, PieceInHand>,
): Promise<void> {
  const issued = posted.flatMap((a) => pieces.get(a.mailpieceNumber)?.certificates.map((c) => c.number) ?? []);
  if (issued.length === 0) return;
  const outdated = await findOutdated(tx, run.insurerNumber, run.id, issued);
  for (const { certificateNumber, issuanceId, newer } of outdated) {
    await appendEvents(tx, run.insurerNumber, issuanceId, context.actor, [
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

/** What became of a withdrawal; `inFile` = the paper is on the contractor's pull list. */
export type Withdrawal = Outcome & { readonly inFile?: boolean };

/** Withdraws one person's certificate before it is posted; the household's others still go. */
export async function withdrawPerson(
  context: Context,
  run: Run,
  key: PersonKey,
  reason: string,
  source = '',
): Promise<Withdrawal> {
  if (run.kind === 'notice') return withdrawNotice(context, run, key, reason, source);
  return context.database.transaction(async (tx) => {
    await lockChain(tx, run.insurerNumber);
    return withdrawCertificate(tx, context, run, key, reason, source);
  });
}

/** The same in a transaction that holds the chain. */
export async function withdrawCertificate(
  tx: Transaction,
  context: Context,
  run: CertificateRun,
  key: PersonKey,
  reason: string,
  source: string,
): Promise<Withdrawal> {
  const found = await findCertificateOf(tx, run.id, key);
  if (!found) return { kind: 'refused', why: `${formatPersonKey(key)} の資格確認書はこの発行にありません` };
  const { certificateNumber, mailpieceNumber } = found;
  const eventKey = `withdraw:${certificateNumber}`;
  if ((await findKeys(tx, run.insurerNumber, [eventKey])).has(eventKey)) return { kind: 'already' };
  const pieceState = (await findStates(tx, run.id, 'mailpiece', [mailpieceNumber])).get(mailpieceNumber);
  if (pieceState === undefined || nextState('mailpiece', 'withdraw', pieceState) === undefined) {
    return { kind: 'refused', why: refusalOf('withdraw', pieceState ?? 'planned') };
  }
  const certificates = (await findPiecesInHand(tx, run, [mailpieceNumber])).get(mailpieceNumber)?.certificates ?? [];
  const states = await findStates(
    tx,
    run.id,
    'certificate',
    certificates.map((c) => c.number),
  );
  const others = certificates.filter((c) => c.number !== certificateNumber && states.get(c.number) !== 'withdrawn');
  const events: NewEvent[] = [
    { subject: 'certificate', paperNumber: certificateNumber, event: 'withdraw', reason, source, key: eventKey },
  ];
  // The last one out takes the envelope with it.
  if (others.length === 0) {
    const pieceKey = `withdraw:${mailpieceNumber}`;
    events.push({
      subject: 'mailpiece',
      paperNumber: mailpieceNumber,
      event: 'withdraw',
      reason,
      source,
      key: pieceKey,
    });
  }
  await appendEvents(tx, run.insurerNumber, run.id, context.actor, events);
  return { kind: 'recorded', inFile: pieceState === 'printed' || pieceState === 'enclosed' };
}

/** Withdraws one person's notice before it is posted: its envelope is its own. */
async function withdrawNotice(
  context: Context,
  run: Run,
  key: PersonKey,
  reason: string,
  source: string,
): Promise<Withdrawal> {
  const found = await context.database.transaction(async (tx) => {
    const number = await findNoticePiece(tx, run.id, key);
    if (number === null) return null;
    return { number, state: (await findStates(tx, run.id, 'mailpiece', [number])).get(number) };
  });
  if (!found) return { kind: 'refused', why: `${formatPersonKey(key)} のお知らせはこの発行にありません` };
  const { number, state } = found;
  const asked = { mailpieceNumber: number, event: 'withdraw', reason, source, key: `withdraw:${number}` } as const;
  const [outcome] = await recordPieceEvents(context, run, [asked]);
  return { ...(outcome as Outcome), inFile: state === 'printed' || state === 'enclosed' };
}

/** What the station says to one scan. */
export interface ScanAnswer {
  readonly kind: 'recorded' | 'already' | 'stranger' | 'refused';
  /** Japanese, without a name or an address. */
  readonly text: string;
  readonly road: ReturnRoad | null;
}

/**
 * Registers one returned piece by its code, of any issuance of the insurer. The same piece scanned again is the same
 * return.
 */
export async function scanReturn(
  context: Context,
  insurerNumber: string,
  code: string,
  reason: ReturnReason,
): Promise<ScanAnswer> {
  const stranger = (text: string): ScanAnswer => ({ kind: 'stranger', text, road: null });
  const number = code.replaceAll(/[-\s]/g, '');
  if (!/^\d{14}$/.test(number)) return stranger('用紙の番号ではありません（14桁の数字ではない）');
  const parsed = parsePaperNumber(number);
  if (!parsed) return stranger('検査数字が合いません。読み取り直してください');
  if (parsed.kind === 'certificate') return stranger('資格確認書の番号です。送付書のバーコードを読み取ってください');
  const asked = { insurerNumber, issuanceId: parsed.run, mailpieceNumber: number, reason, actor: context.actor };
  const seen = await recordReturn(context.database, asked).catch((error: { code?: string }) => {
    // Something else happened to the piece between the look and the record: what it is now says why not.
    if (error.code !== '23514') throw error;
    return recordReturn(context.database, asked);
  });
  if (!seen.issuanceFound) return stranger(`第${parsed.run}号の発行は、この保険者にありません`);
  if (seen.outcome === null) return stranger('この保険者の郵便物ではありません');
  const isAllowed = nextState('mailpiece', 'return', seen.state) !== undefined;
  if (seen.outcome === (isAllowed ? 'refused' : 'recorded'))
    throw new Error('the ledger knows other transitions than the rules');
  if (seen.outcome === 'refused') return { kind: 'refused', text: refusalOf('return', seen.state), road: null };
  const text = seen.outcome === 'recorded' ? RETURN_REASON_LABELS[reason] : 'この郵便物の不着は登録済みです';
  return { kind: seen.outcome, text, road: roadOf(seen, reason) };
}

/** What is to be done with a piece that came back for this reason. */
export function roadOf(
  piece: Pick<ScannedReturn, 'insuredClass' | 'hasWorkplace' | 'hasOptionalEntries' | 'isProtected'>,
  reason: ReturnReason,
): ReturnRoad {
  return returnRoad({
    reason,
    hasEmployer: piece.hasWorkplace && !hasNoEmployer(piece.insuredClass as InsuredClass),
    hasOptionalEntries: piece.hasOptionalEntries,
    isProtected: piece.isProtected,
  });
}
