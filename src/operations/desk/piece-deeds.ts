// Room: operations. What people do to papers by hand: to one, or to many at once, with an answer for each. The event's key
// makes doing it again the same; what may not be is said row by row and stops nothing else.
import { findPieces, listPieceRows } from '../../ledger/desk/piece-lists.ts';
import type { NamedPiece, PieceFilter } from '../../ledger/desk/piece-lists.ts';
import { findPersonOfPaper } from '../../ledger/papers/pieces.ts';
import { listWorkplacePieces } from '../../ledger/desk/overview.ts';
import { findWorkplace } from '../../ledger/intake/workplaces.ts';
import { findLatestDataset } from '../../ledger/intake/datasets.ts';
import { findIssuance } from '../../ledger/papers/issuances.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import type { ReissueRequest } from '../../formats/reissues.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import { PAPER_STATE_LABELS, nextState } from '../../rules/papers/lifecycle.ts';
import type { PaperEvent, PaperState, ReturnRoad } from '../../rules/papers/lifecycle.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { parsePersonKey } from './explain.ts';
import type { Run } from '../run.ts';
import { getRun } from './jobs.ts';
import { withdrawPerson } from '../posting/withdrawals.ts';
import { recordPieceEvents, refusalOf } from '../posting/piece-events.ts';
import type { Outcome } from '../posting/piece-events.ts';
import { findRoads } from './papers.ts';
import { getRunOfPaper } from '../run.ts';
import { requestReissue } from '../life/reissue.ts';
import { confirmDoubted } from '../life/held.ts';
import { LEFT_LABELS, partPieces } from '../life/remake.ts';

/** Most pieces one request does something to: a second or two of the chain. */
export const MOST_AT_ONCE = 2000;

/** What can be done to a piece by hand. `withdraw` takes the whole envelope. */
export type PieceDeed = Extract<
  PaperEvent,
  'release' | 'withdraw' | 'repost' | 'take-back-return' | 'hand-over' | 'fail-hand-over' | 'report-left'
>;

/** A piece something could not be done to. */
export interface RefusedPiece {
  readonly mailpieceNumber: string;
  readonly why: string;
}

/** Pieces by number, or all that match a filter but for some. */
export type ChosenPieces =
  | { readonly kind: 'some'; readonly numbers: readonly string[] }
  | { readonly kind: 'all'; readonly filter: PieceFilter; readonly except: readonly string[] };

/** What a deed would do, before it is done. */
export interface DeedPlan {
  /** Pieces it would happen to, by number; of all that match, the first `MOST_AT_ONCE`. */
  readonly numbers: readonly string[];
  readonly refused: readonly RefusedPiece[];
  /** True = there are more that match than one request takes. */
  readonly isCut: boolean;
  /** Of pieces that came back: by the road their stamp leads to. */
  readonly roads: readonly { readonly road: ReturnRoad; readonly count: number }[];
}

/** Looks at what was chosen and does nothing. */
export async function planDeed(
  context: Context,
  insurerNumber: string,
  chosen: ChosenPieces,
  deed: PieceDeed,
): Promise<DeedPlan> {
  return context.database.transaction(async (tx) => {
    const { numbers, isCut } = await listChosen(tx, insurerNumber, chosen);
    const { pieces, refused } = await lookUp(tx, insurerNumber, numbers);
    const allowed = pieces.filter((piece) => nextState('mailpiece', deed, piece.state) !== undefined);
    const isAllowed = new Set(allowed.map((piece) => piece.mailpieceNumber));
    const roads = [...(await findRoads(tx, insurerNumber, allowed)).values()];
    return {
      numbers: allowed.map((piece) => piece.mailpieceNumber),
      refused: [
        ...refused,
        ...pieces
          .filter((piece) => !isAllowed.has(piece.mailpieceNumber))
          .map(({ mailpieceNumber, state }) => ({ mailpieceNumber, why: refusalOf(deed, state) })),
      ],
      isCut,
      roads: [...Map.groupBy(roads, (road) => road)].map(([road, { length: count }]) => ({ road, count })),
    };
  });
}

/** Which of the chosen pieces would be made again for their workplaces as of a day. Looks and does nothing. */
export async function planReroute(
  context: Context,
  insurerNumber: string,
  chosen: ChosenPieces,
  on: LocalDate,
): Promise<DeedPlan> {
  return context.database.transaction(async (tx) => {
    const { numbers, isCut } = await listChosen(tx, insurerNumber, chosen);
    const { pieces, refused } = await lookUp(tx, insurerNumber, numbers);
    const allowed: string[] = [];
    for (const [id, ofRun] of Map.groupBy(pieces, (piece) => piece.issuanceId)) {
      const run = await findIssuance<Run>(tx, insurerNumber, id);
      if (!run) continue;
      const asked = ofRun.map((piece) => piece.mailpieceNumber);
      const { taken, kept } = await partPieces(tx, run, 'reroute', on, asked);
      allowed.push(...taken.map((piece) => piece.mailpieceNumber));
      refused.push(...kept.map(({ mailpieceNumber, why }) => ({ mailpieceNumber, why: LEFT_LABELS[why] })));
    }
    return { numbers: allowed, refused, isCut, roads: [] };
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
  const rows = await listPieceRows(tx, insurerNumber, filter, null, MOST_AT_ONCE + except.size + 1);
  const numbers = rows.map((row) => row.mailpieceNumber).filter((number) => !except.has(number));
  return { numbers: numbers.slice(0, MOST_AT_ONCE), isCut: numbers.length > MOST_AT_ONCE };
}

async function lookUp(
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

export interface DeedOutcome {
  readonly recorded: number;
  /** Had been done before; nothing changed. */
  readonly already: number;
  readonly refused: readonly RefusedPiece[];
}

/** Does a deed to pieces by number, one transaction an issuance. What happened meanwhile is told, not overruled. */
export async function actOnPieces(
  context: Context,
  insurerNumber: string,
  numbers: readonly string[],
  deed: PieceDeed,
  reason: string,
): Promise<DeedOutcome> {
  if (numbers.length > MOST_AT_ONCE)
    throw new Refusal('arguments', `一度に行えるのは ${MOST_AT_ONCE.toLocaleString('ja-JP')}通までです。`);
  const { pieces, refused } = await context.database.transaction((tx) => lookUp(tx, insurerNumber, numbers));
  const counts = { recorded: 0, already: 0 };
  for (const [id, ofRun] of Map.groupBy(pieces, (piece) => piece.issuanceId)) {
    const run = await getRun(context, insurerNumber, id);
    if (deed === 'release')
      await confirmDoubted(
        context,
        run,
        ofRun.map((piece) => piece.mailpieceNumber),
        reason,
      );
    const outcomes = await recordPieceEvents(
      context,
      run,
      ofRun.map(({ mailpieceNumber, postings }) => ({
        ...{ mailpieceNumber, event: deed, reason, source: '' },
        // Once a posting; an envelope is withdrawn once.
        key: deed === 'withdraw' ? `withdraw:${mailpieceNumber}` : `${deed}:${mailpieceNumber}:${postings}`,
      })),
    );
    outcomes.forEach((outcome, i) => {
      if (outcome.kind === 'refused') refused.push({ mailpieceNumber: ofRun[i]!.mailpieceNumber, why: outcome.why });
      else counts[outcome.kind]++;
    });
  }
  return { ...counts, refused };
}

/** What a workplace reports of an envelope. */
export type HandOverEvent = Extract<PieceDeed, 'hand-over' | 'fail-hand-over' | 'report-left'>;

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
): Promise<Pick<DeedPlan, 'numbers' | 'isCut'>> {
  const except = new Set(chosen.except);
  const all = Object.keys(PAPER_STATE_LABELS) as PaperState[];
  const states = (chosen.state === null ? all : [chosen.state]).filter(
    (state) => nextState('mailpiece', chosen.event, state) !== undefined,
  );
  return context.database.transaction(async (tx) => {
    await requireWorkplace(tx, insurerNumber, symbol);
    const page = { symbol, states, after: '', limit: MOST_AT_ONCE + except.size + 1 };
    const rows = await listWorkplacePieces(tx, insurerNumber, page);
    const numbers = rows.map((row) => row.mailpieceNumber).filter((number) => !except.has(number));
    return { numbers: numbers.slice(0, MOST_AT_ONCE), isCut: numbers.length > MOST_AT_ONCE };
  });
}

async function requireWorkplace(tx: Transaction, insurerNumber: string, symbol: string): Promise<void> {
  const workplacesId = (await findLatestDataset(tx, insurerNumber, 'workplaces'))?.id ?? 0;
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
): Promise<DeedOutcome> {
  const pieces = await context.database.transaction(async (tx) => {
    await requireWorkplace(tx, insurerNumber, symbol);
    return (await lookUp(tx, insurerNumber, numbers)).pieces;
  });
  const own = pieces.filter((piece) => piece.symbol === symbol && piece.route === 'workplace');
  const isOwn = new Set(own.map((piece) => piece.mailpieceNumber));
  const outcome = await actOnPieces(context, insurerNumber, [...isOwn], report.event, report.reason);
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
  deed: PieceDeed,
  reason: string,
): Promise<'recorded' | 'already'> {
  const { run, kind } = await getRunOfPaper(context, insurerNumber, number);
  const owner = await context.database.transaction((tx) => findPersonOfPaper(tx, run.id, kind, number));
  if (!owner) throw new Refusal('paper-unknown', `${number} は見つかりません。`);
  if (kind === 'mailpiece') {
    const { refused, recorded } = await actOnPieces(context, insurerNumber, [number], deed, reason);
    if (refused[0]) throw new Refusal('not-now', refused[0].why);
    return recorded > 0 ? 'recorded' : 'already';
  }
  if (deed !== 'withdraw') throw new Refusal('arguments', '郵便物の番号で行います。');
  return tell(await withdrawPerson(context, run, keyOf(owner), reason));
}

/**
 * Asks for another certificate in place of one, by its number.
 *
 * @throws Refusal `not-now` with why not, `paper-unknown`
 */
export async function askForAnother(
  context: Context,
  insurerNumber: string,
  number: string,
  request: Pick<ReissueRequest, 'reason' | 'requestedOn' | 'isAttached'>,
): Promise<'recorded' | 'already'> {
  const { run, kind } = await getRunOfPaper(context, insurerNumber, number);
  if (kind !== 'certificate') throw new Refusal('arguments', '再交付は資格確認書の番号で行います。');
  const owner = await context.database.transaction((tx) => findPersonOfPaper(tx, run.id, kind, number));
  if (!owner) throw new Refusal('paper-unknown', `${number} は見つかりません。`);
  return tell(await requestReissue(context, insurerNumber, { ...keyOf(owner), ...request }));
}

function keyOf(owner: { symbol: string; number: string; subNumber: string | null }): PersonKey {
  return parsePersonKey(`${owner.symbol}-${owner.number}-${owner.subNumber ?? ''}`);
}

function tell(outcome: Outcome): 'recorded' | 'already' {
  if (outcome.kind === 'refused') throw new Refusal('not-now', outcome.why);
  return outcome.kind;
}
