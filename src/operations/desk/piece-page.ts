// Room: operations. One mailpiece for those who work with it: where it is, what lies in it, what was made again of it, its
// history, and what may be done now.
import { findStates } from '../../ledger/papers/states.ts';
import { listEvents } from '../../ledger/papers/events.ts';
import type { RecordedEvent } from '../../ledger/papers/events.ts';
import { findPieceDetail, listPapersIn, listRemakesOf } from '../../ledger/desk/papers.ts';
import type { PaperInPiece, PieceDetail } from '../../ledger/desk/papers.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import { formatPaperNumber, parsePaperNumber } from '../../rules/words/check-digits.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { pieceActionsOf } from './people.ts';
import type { PaperAction } from './people.ts';

export interface PiecePage {
  readonly piece: PieceDetail & { readonly state: PaperState };
  readonly papers: readonly (PaperInPiece & {
    /** Null = a notice, whose state is its piece's. */
    readonly state: PaperState | null;
  })[];
  readonly actions: readonly PaperAction[];
  /** Numbers of the pieces this one was made for again. */
  readonly madeOf: readonly string[];
  /** Numbers of those made again of it. */
  readonly madeAgain: readonly string[];
  /** Of the piece and what lies in it, newest first. */
  readonly events: readonly RecordedEvent[];
}

/** The page of a mailpiece. The look is noted. */
export async function getPiecePage(context: Context, insurerNumber: string, number: string): Promise<PiecePage> {
  const paper = parsePaperNumber(number);
  return context.database.transaction(async (tx) => {
    const piece = paper?.kind === 'mailpiece' ? await findPieceDetail(tx, insurerNumber, number) : null;
    if (!piece) throw new Refusal('paper-unknown', `郵便物 ${formatPaperNumber(number)} はありません。`);
    const { issuanceId } = piece;
    const papers = await listPapersIn(tx, issuanceId, number);
    const certificates = papers.flatMap(({ certificateNumber }) => certificateNumber ?? []);
    const state = (await findStates(tx, issuanceId, 'mailpiece', [number])).get(number) ?? 'planned';
    const states = await findStates(tx, issuanceId, 'certificate', certificates);
    const events = (await listEvents(tx, insurerNumber, [number, ...certificates])).reverse();
    await recordAccess(tx, insurerNumber, context.actor, 'piece', number);
    return {
      piece: { ...piece, state },
      papers: papers.map((one) => ({
        ...one,
        state: one.certificateNumber === null ? null : (states.get(one.certificateNumber) ?? 'made'),
      })),
      actions: pieceActionsOf(state),
      ...(await listRemakesOf(tx, issuanceId, number)),
      events,
    };
  });
}
