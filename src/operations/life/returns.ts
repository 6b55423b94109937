// Room: operations. Mailpieces that the post brings back, registered by scan.
import { recordReturn } from '../../ledger/life/returns.ts';
import { mayPassEmployer } from '../../rules/intake/passage.ts';
import type { PassageFacts } from '../../rules/intake/passage.ts';
import { RETURN_REASON_LABELS, nextState, nextStepOfReturn } from '../../rules/papers/lifecycle.ts';
import type { ReturnReason, ReturnNextStep } from '../../rules/papers/lifecycle.ts';
import { parsePaperNumber, paperDigits } from '../../rules/words/check-digits.ts';
import type { Context } from '../context.ts';
import { refusalOf } from '../posting/piece-events.ts';
import type { ScanAnswer } from '../posting/piece-events.ts';

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
  const stranger = (text: string): ScanAnswer => ({ kind: 'stranger', text, nextStep: null });
  if (!/^\d{14}$/.test(paperDigits(code))) return stranger('用紙の番号ではありません（14桁の数字ではない）');
  const parsed = parsePaperNumber(code);
  if (!parsed) return stranger('検査数字が合いません。読み取り直してください');
  if (parsed.kind === 'certificate') return stranger('資格確認書の番号です。送付書のバーコードを読み取ってください');
  const asked = { insurerNumber, issuanceId: parsed.run, mailpieceNumber: parsed.number, reason, actor: context.actor };
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
  if (seen.outcome === 'refused') return { kind: 'refused', text: refusalOf('return', seen.state), nextStep: null };
  const text = seen.outcome === 'recorded' ? RETURN_REASON_LABELS[reason] : 'この郵便物の不着は登録済みです';
  return { kind: seen.outcome, text, nextStep: nextStepAfterReturn(seen, reason) };
}

/** What is to be done with a piece that came back for this reason. */
export function nextStepAfterReturn(piece: PassageFacts, reason: ReturnReason): ReturnNextStep {
  return nextStepOfReturn({ reason, mayPassEmployer: mayPassEmployer(piece), isProtected: piece.isProtected });
}
