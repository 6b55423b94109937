// Room: operations. Why one person does or does not receive a paper, from the facts stored with the decision.
import type { Transaction } from '../../ledger/core/pool.ts';
import { findSentHome } from '../../ledger/papers/events.ts';
import { findReissueOf } from '../../ledger/life/reissues.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { REISSUE_REASON_LABELS } from '../../rules/life/reissue.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import type { Explained } from '../issuing/kind.ts';
import { issuingOf } from '../issuing/kinds.ts';

/** Explains the stored decision about one person. */
export async function explainPerson(context: Context, issuance: Issuance, key: PersonKey): Promise<Explained> {
  const explained = await context.database.transaction((tx) => findExplained(tx, issuance, key));
  if (explained) return explained;
  throw new Refusal('person-unknown', `${formatPersonKey(key)} の判定はこの発行にありません。`);
}

/** The same inside a transaction; null where the issuance has no decision about this person. */
export async function findExplained(tx: Transaction, issuance: Issuance, key: PersonKey): Promise<Explained | null> {
  const found = await issuingOf(issuance).explain(tx, key);
  if (!found) return null;
  const { decision, explanation } = found;
  const before = await sentenceOfRequest(tx, issuance, key);
  const after = await sentenceOfSendingHome(tx, issuance, key);
  return { decision, explanation: { ...explanation, sentence: `${before}${explanation.sentence}${after}` } };
}

/** Of a certificate made again on request: for whose request, before why the person has one; '' = it was not. */
async function sentenceOfRequest(tx: Transaction, issuance: Issuance, key: PersonKey): Promise<string> {
  const request = await findReissueOf(tx, issuance.id, key);
  if (!request) return '';
  const { reason, requestedOn, oldNumber } = request;
  return `${REISSUE_REASON_LABELS[reason]}のため ${requestedOn} に申請があり、資格確認書 ${oldNumber} に代えて再交付するもの。`;
}

/** Of a paper that a named person sends home, as its workplace is not known; '' = nobody does. */
async function sentenceOfSendingHome(tx: Transaction, issuance: Issuance, key: PersonKey): Promise<string> {
  const sent = await findSentHome(tx, issuance.id, key);
  return sent ? `事業所がわからないため、${sent.actor}が ${sent.on} に自宅へ送ると決めたもの（${sent.reason}）。` : '';
}

const PERSON_KEY = /^(.{1,8})-(\d{1,15})-(\d{2})$/u;

/** Whether a text is `記号-番号-枝番`. */
export function isPersonKey(text: string): boolean {
  return PERSON_KEY.test(text.trim());
}

/** Reads `記号-番号-枝番`. */
export function parsePersonKey(text: string): PersonKey {
  const match = PERSON_KEY.exec(text.trim());
  if (!match) throw new Refusal('key', '記号-番号-枝番 の形で指定してください（例: 10000001-12-00）。');
  return { symbol: match[1]!, number: match[2]!, subNumber: match[3]! };
}
