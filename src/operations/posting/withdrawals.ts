// Room: operations. One person's paper taken out before it is posted.
import { appendEvents, findKeys, lockChain } from '../../ledger/papers/events.ts';
import type { NewEvent } from '../../ledger/papers/events.ts';
import { findCertificateOf, findNoticePiece, findPiecesInHand } from '../../ledger/papers/pieces.ts';
import { findStates } from '../../ledger/papers/states.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { nextState } from '../../rules/papers/lifecycle.ts';
import type { Context } from '../context.ts';
import type { CertificateRun, Run } from '../run.ts';
import { recordPieceEvents, refusalOf } from './piece-events.ts';
import type { Outcome } from './piece-events.ts';

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
