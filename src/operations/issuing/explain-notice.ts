// Room: operations. Why one person does or does not receive a notice, from the facts stored with the decision.
import type { Transaction } from '../../ledger/core/pool.ts';
import { findNoticeDecision } from '../../ledger/issuing/notices.ts';
import { describeDifferences } from '../../rules/intake/matching.ts';
import { explainNotice } from '../../rules/issuing/notice-explanation.ts';
import { schemeOfInsurer } from '../../rules/papers/scheme.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { NoticeIssuance } from '../issuance.ts';
import type { Explained } from './kind.ts';

export async function explainNoticeOf(
  tx: Transaction,
  issuance: NoticeIssuance,
  key: PersonKey,
): Promise<Explained | null> {
  const found = await findNoticeDecision(tx, issuance, key);
  if (!found) return null;
  const { decision, facts, exit } = found;
  const { span, plan } = issuance.rules;
  const { match } = facts;
  return {
    decision,
    explanation: explainNotice(
      {
        facts,
        span,
        decision,
        match,
        differences: describeDifferences(match?.differences ?? []),
        exit,
        burden: found.burden,
        issuedOn: plan.issuedOn,
        last: facts.last ?? null,
      },
      schemeOfInsurer(issuance.insurerNumber),
    ),
  };
}
