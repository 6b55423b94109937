// Room: operations. Why one person does or does not receive a certificate, from the facts stored with the decision.
import { findDecision } from '../ledger/decisions.ts';
import { explainDecision } from '../rules/explanation.ts';
import type { Explanation } from '../rules/explanation.ts';
import { formatPersonKey } from '../rules/member.ts';
import type { PersonKey } from '../rules/member.ts';
import type { Decision } from '../rules/targeting.ts';
import { Refusal } from './context.ts';
import type { Context } from './context.ts';
import type { Run } from './issuance-run.ts';

/** Explains the stored decision about one person. */
export async function explainPerson(
  context: Context,
  run: Run,
  key: PersonKey,
): Promise<{ decision: Decision; explanation: Explanation }> {
  const found = await context.database.transaction((tx) => findDecision(tx, run.id, key));
  if (!found) throw new Refusal('person-unknown', `${formatPersonKey(key)} の判定はこの一括発行にありません。`);
  return { decision: found.decision, explanation: explainDecision(found.facts, run.rules.targeting, found.decision) };
}

/** Reads `記号-番号-枝番`. */
export function parsePersonKey(text: string): PersonKey {
  const match = /^(.{1,8})-(\d{1,15})-(\d{2})$/u.exec(text.trim());
  if (!match) throw new Refusal('key', '記号-番号-枝番 の形で指定してください（例: 10000001-12-00）。');
  return { symbol: match[1]!, number: match[2]!, subNumber: match[3]! };
}
