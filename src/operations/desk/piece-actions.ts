// Room: operations. What people do to papers by hand: to one, or to many at once, with an answer for each. The event's key
// makes doing it again the same; what may not be is said row by row and stops nothing else.
import { findPieces, listPieceRows } from '../../ledger/desk/piece-lists.ts';
import type { NamedPiece, PieceFilter } from '../../ledger/desk/piece-lists.ts';
import { listHeldFor } from '../../ledger/printing/corrections.ts';
import { findPersonOfPaper } from '../../ledger/papers/pieces.ts';
import { listWorkplacePieces } from '../../ledger/desk/overview.ts';
import { findWorkplace } from '../../ledger/intake/workplaces.ts';
import { findFilesInUse } from '../../ledger/intake/fits.ts';
import { findIssuance } from '../../ledger/papers/issuances.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import type { ReissueRequest } from '../../formats/reissues.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import { PAPER_STATE_LABELS, nextState } from '../../rules/papers/lifecycle.ts';
import type { PaperState, PieceAction, ReturnNextStep } from '../../rules/papers/lifecycle.ts';
import type { WithdrawalCause } from '../../rules/papers/standing.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { parsePersonKey } from './explain.ts';
import type { Issuance } from '../issuance.ts';
import { getIssuance } from './jobs.ts';
import { withdrawPerson } from '../posting/withdrawals.ts';
import { recordPieceEvents, refusalOf } from '../posting/piece-events.ts';
import type { Outcome } from '../posting/piece-events.ts';
import { findNextSteps } from './papers.ts';
import { getIssuanceOfPaper } from '../issuance.ts';
import { requestReissue } from '../life/reissue.ts';
import { confirmDoubted } from '../life/held.ts';
import { SKIPPED_LABELS, splitPieces } from '../life/remake.ts';
import { formatCount } from '../../rules/words/counts.ts';

/** Most pieces one request does something to: a second or two of the chain. */
export const MAX_AT_ONCE = 2000;

/** A piece something could not be done to. */
export interface RefusedPiece {
  readonly mailpieceNumber: string;
  readonly why: string;
}

/** Pieces by number, or all that match a filter but for some. */
export type ChosenPieces =
  | { readonly kind: 'some'; readonly numbers: readonly string[] }
  | { readonly kind: 'all'; readonly filter: PieceFilter; readonly except: readonly string[] };

/** What an action would do, before it is done. */
export interface ActionPlan {
  /** Pieces it would happen to, by number; of all that match, the first `MOST_AT_ONCE`. */
  readonly numbers: readonly string[];
  readonly refused: readonly RefusedPiece[];
  /** True = there are more that match than one request takes. */
  readonly isCut: boolean;
  /** Of pieces that came back: by what their stamp asks for next. */
  readonly nextSteps: readonly { readonly nextStep: ReturnNextStep; readonly count: number }[];
}

/** Looks at what was chosen and does nothing. */
export async function planAction(
  context: Context,
  insurerNumber: string,
  chosen: ChosenPieces,
  action: PieceAction,
): Promise<ActionPlan> {
  return context.database.transaction(async (tx) => {
    const { numbers, isCut } = await listChosen(tx, insurerNumber, chosen);
    const { pieces, refused } = await findAllowed(tx, insurerNumber, numbers, action);
    const allowed = pieces.filter((piece) => nextState('mailpiece', action, piece.state) !== undefined);
    const isAllowed = new Set(allowed.map((piece) => piece.mailpieceNumber));
    const nextSteps = [...(await findNextSteps(tx, insurerNumber, allowed)).values()];
    return {
      numbers: allowed.map((piece) => piece.mailpieceNumber),
      refused: [
        ...refused,
        ...pieces
          .filter((piece) => !isAllowed.has(piece.mailpieceNumber))
          .map(({ mailpieceNumber, state }) => ({ mailpieceNumber, why: refusalOf(action, state) })),
      ],
      isCut,
      nextSteps: [...Map.groupBy(nextSteps, (nextStep) => nextStep)].map(([nextStep, { length: count }]) => ({
        nextStep,
        count,
      })),
    };
  });
}

/** Which of the chosen pieces would be made again for their workplaces as of a day. Looks and does nothing. */
export async function planReroute(
  context: Context,
  insurerNumber: string,
  chosen: ChosenPieces,
  on: LocalDate,
): Promise<ActionPlan> {
  return context.database.transaction(async (tx) => {
    const { numbers, isCut } = await listChosen(tx, insurerNumber, chosen);
    const { pieces, refused } = await findAsked(tx, insurerNumber, numbers);
    const allowed: string[] = [];
    for (const [id, ofIssuance] of Map.groupBy(pieces, (piece) => piece.issuanceId)) {
      const issuance = await findIssuance<Issuance>(tx, insurerNumber, id);
      if (!issuance) continue;
      const asked = ofIssuance.map((piece) => piece.mailpieceNumber);
      const { taken, skipped } = await splitPieces(tx, issuance, 'reroute', on, asked);
      allowed.push(...taken.map((piece) => piece.mailpieceNumber));
      refused.push(...skipped.map(({ mailpieceNumber, why }) => ({ mailpieceNumber, why: SKIPPED_LABELS[why] })));
    }
    return { numbers: allowed, refused, isCut, nextSteps: [] };
  });
}

/** Numbers of the chosen pieces; of all that match, the first, those left out passed over, and whether there are more. */
async function listChosen(
  tx: Transaction,
  insurerNumber: string,
  chosen: ChosenPieces,
): Promise<{ numbers: readonly string[]; isCut: boolean }> {
  if (chosen.kind === 'some') return { numbers: chosen.numbers, isCut: false };
  const { filter } = chosen;
  const except = new Set(chosen.except);
  const rows = await listPieceRows(tx, insurerNumber, filter, null, MAX_AT_ONCE + except.size + 1);
  const numbers = rows.map((row) => row.mailpieceNumber).filter((number) => !except.has(number));
  return { numbers: numbers.slice(0, MAX_AT_ONCE), isCut: numbers.length > MAX_AT_ONCE };
}

async function findAsked(
  tx: Transaction,
  insurerNumber: string,
  numbers: readonly string[],
): Promise<{ pieces: NamedPiece[]; refused: RefusedPiece[] }> {
  const asked = [...new Set(numbers)];
  const known = asked.filter((number) => parsePaperNumber(number)?.kind === 'mailpiece');
  const pieces = await findPieces(tx, insurerNumber, known);
  const found = new Set(pieces.map((piece) => piece.mailpieceNumber));
  return {
    pieces,
    refused: asked
      .filter((number) => !found.has(number))
      .map((mailpieceNumber) => ({ mailpieceNumber, why: '郵便物が見つかりません。番号を確かめてください' })),
  };
}

/** Pieces by number. Home is sent only what is held because nobody knows its workplace: anything else goes where it was to go. */
async function findAllowed(
  tx: Transaction,
  insurerNumber: string,
  numbers: readonly string[],
  action: PieceAction,
): Promise<{ pieces: NamedPiece[]; refused: RefusedPiece[] }> {
  const { pieces, refused } = await findAsked(tx, insurerNumber, numbers);
  if (action !== 'send-home') return { pieces, refused };
  const asked = pieces.map((piece) => piece.mailpieceNumber);
  const isUnknown = new Set(await listHeldFor(tx, 'workplace-unknown', asked));
  const [unknown, known] = [true, false].map((own) => pieces.filter((p) => isUnknown.has(p.mailpieceNumber) === own));
  const why = '事業所がわからないために止めた郵便物ではありません';
  return {
    pieces: unknown!,
    refused: [...refused, ...known!.map(({ mailpieceNumber }) => ({ mailpieceNumber, why }))],
  };
}

export interface ActionOutcome {
  readonly recorded: number;
  /** Had been done before; nothing changed. */
  readonly already: number;
  readonly refused: readonly RefusedPiece[];
}

/** Does an action to pieces by number, one transaction an issuance. A piece whose state has changed meanwhile is refused with why. */
export async function applyToPieces(
  context: Context,
  insurerNumber: string,
  numbers: readonly string[],
  action: PieceAction,
  reason: string,
  withdrawal: WithdrawalCause | null = null,
): Promise<ActionOutcome> {
  refuseForeignCause(action, withdrawal);
  if (numbers.length > MAX_AT_ONCE)
    throw new Refusal('arguments', `一度に行えるのは ${formatCount(MAX_AT_ONCE)}通までです。`);
  const { pieces, refused } = await context.database.transaction((tx) =>
    findAllowed(tx, insurerNumber, numbers, action),
  );
  const counts = { recorded: 0, already: 0 };
  for (const [id, ofIssuance] of Map.groupBy(pieces, (piece) => piece.issuanceId)) {
    const issuance = await getIssuance(context, insurerNumber, id);
    if (action === 'release')
      await confirmDoubted(
        context,
        issuance,
        ofIssuance.map((piece) => piece.mailpieceNumber),
        reason,
      );
    const outcomes = await recordPieceEvents(
      context,
      issuance,
      ofIssuance.map(({ mailpieceNumber, postings }) => ({
        mailpieceNumber,
        event: action,
        reason,
        source: '',
        ...(withdrawal && { withdrawal }),
        key: action === 'withdraw' ? `withdraw:${mailpieceNumber}` : `${action}:${mailpieceNumber}:${postings}`,
      })),
    );
    outcomes.forEach((outcome, i) => {
      if (outcome.kind === 'refused')
        refused.push({ mailpieceNumber: ofIssuance[i]!.mailpieceNumber, why: outcome.why });
      else counts[outcome.kind]++;
    });
  }
  return { ...counts, refused };
}

/** What a workplace reports of an envelope. */
export type HandOverEvent = Extract<PieceAction, 'hand-over' | 'fail-hand-over' | 'report-left'>;

/**
 * The envelopes of a workplace of which it can report something, but for some: by number, the first `MOST_AT_ONCE`. Looks and
 * does nothing.
 *
 * @throws Refusal `workplace-unknown`
 */
export async function planHandOvers(
  context: Context,
  insurerNumber: string,
  symbol: string,
  chosen: { readonly event: HandOverEvent; readonly state: PaperState | null; readonly except: readonly string[] },
): Promise<Pick<ActionPlan, 'numbers' | 'isCut'>> {
  const except = new Set(chosen.except);
  const all = Object.keys(PAPER_STATE_LABELS) as PaperState[];
  const states = (chosen.state === null ? all : [chosen.state]).filter(
    (state) => nextState('mailpiece', chosen.event, state) !== undefined,
  );
  return context.database.transaction(async (tx) => {
    await requireWorkplace(tx, insurerNumber, symbol);
    const page = { symbol, states, after: '', limit: MAX_AT_ONCE + except.size + 1 };
    const rows = await listWorkplacePieces(tx, insurerNumber, page);
    const numbers = rows.map((row) => row.mailpieceNumber).filter((number) => !except.has(number));
    return { numbers: numbers.slice(0, MAX_AT_ONCE), isCut: numbers.length > MAX_AT_ONCE };
  });
}

async function requireWorkplace(tx: Transaction, insurerNumber: string, symbol: string): Promise<void> {
  const { workplacesId } = await findFilesInUse(tx, insurerNumber);
  if (!(await findWorkplace(tx, workplacesId, symbol)))
    throw new Refusal('workplace-unknown', 'その記号の事業所は見つかりません。');
}

/**
 * A workplace's word about its own pieces; anybody else's is refused like a number that does not exist.
 *
 * @throws Refusal `workplace-unknown`
 */
export async function reportHandOvers(
  context: Context,
  insurerNumber: string,
  symbol: string,
  numbers: readonly string[],
  report: { readonly event: HandOverEvent; readonly reason: string },
): Promise<ActionOutcome> {
  const pieces = await context.database.transaction(async (tx) => {
    await requireWorkplace(tx, insurerNumber, symbol);
    return (await findAsked(tx, insurerNumber, numbers)).pieces;
  });
  const own = pieces.filter((piece) => piece.symbol === symbol && piece.route === 'workplace');
  const isOwn = new Set(own.map((piece) => piece.mailpieceNumber));
  const outcome = await applyToPieces(context, insurerNumber, [...isOwn], report.event, report.reason);
  const foreign = [...new Set(numbers)]
    .filter((number) => !isOwn.has(number))
    .map((mailpieceNumber) => ({ mailpieceNumber, why: 'この事業所の郵便物ではありません' }));
  return { ...outcome, refused: [...outcome.refused, ...foreign] };
}

/**
 * Does to one paper what a person asks by hand, with a reason; `withdraw` of a certificate's number leaves the household's
 * others in the envelope.
 *
 * @throws Refusal `not-now` with the state it is in, `paper-unknown`
 */
export async function actOnPaper(
  context: Context,
  insurerNumber: string,
  number: string,
  action: PieceAction,
  reason: string,
  withdrawal: WithdrawalCause | null = null,
): Promise<'recorded' | 'already'> {
  refuseForeignCause(action, withdrawal);
  const { issuance, kind } = await getIssuanceOfPaper(context, insurerNumber, number);
  const owner = await context.database.transaction((tx) => findPersonOfPaper(tx, issuance.id, kind, number));
  if (!owner) throw new Refusal('paper-unknown', `${number} は見つかりません。`);
  if (kind === 'mailpiece') {
    const { refused, recorded } = await applyToPieces(context, insurerNumber, [number], action, reason, withdrawal);
    if (refused[0]) throw new Refusal('not-now', refused[0].why);
    return recorded > 0 ? 'recorded' : 'already';
  }
  if (action !== 'withdraw') throw new Refusal('arguments', '郵便物の番号で行います。');
  return outcomeOrRefuse(await withdrawPerson(context, issuance, keyOf(owner), reason, '', withdrawal ?? undefined));
}

/** How long it keeps the person out is said of a withdrawal alone, and the day of a loss of a loss alone. */
function refuseForeignCause(action: PieceAction, withdrawal: WithdrawalCause | null): void {
  if (withdrawal === null) return;
  if (action !== 'withdraw') throw new Refusal('arguments', '引き抜きの区分は、引き抜くときだけ選べます。');
  if (withdrawal.lostOn !== null && withdrawal.code !== 'lost')
    throw new Refusal('arguments', '資格喪失年月日は、資格喪失の引き抜きだけに付けられます。');
}

/**
 * Asks for another certificate in place of one, by its number.
 *
 * @throws Refusal `not-now` with why not, `paper-unknown`
 */
export async function requestAnother(
  context: Context,
  insurerNumber: string,
  number: string,
  request: Pick<ReissueRequest, 'reason' | 'requestedOn' | 'isAttached'>,
): Promise<'recorded' | 'already'> {
  const { issuance, kind } = await getIssuanceOfPaper(context, insurerNumber, number);
  if (kind !== 'certificate') throw new Refusal('arguments', '再交付は資格確認書の番号で行います。');
  const owner = await context.database.transaction((tx) => findPersonOfPaper(tx, issuance.id, kind, number));
  if (!owner) throw new Refusal('paper-unknown', `${number} は見つかりません。`);
  return outcomeOrRefuse(await requestReissue(context, insurerNumber, { ...keyOf(owner), ...request }));
}

function keyOf(owner: { symbol: string; number: string; subNumber: string | null }): PersonKey {
  return parsePersonKey(`${owner.symbol}-${owner.number}-${owner.subNumber ?? ''}`);
}

function outcomeOrRefuse(outcome: Outcome): 'recorded' | 'already' {
  if (outcome.kind === 'refused') throw new Refusal('not-now', outcome.why);
  return outcome.kind;
}
