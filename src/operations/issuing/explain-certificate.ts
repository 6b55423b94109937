// Room: operations. Why one person does or does not receive a certificate, from the facts stored with the decision.
import type { Transaction } from '../../ledger/core/pool.ts';
import { findDecision } from '../../ledger/issuing/decisions.ts';
import { explainDecision } from '../../rules/issuing/explanation.ts';
import { explainMonthly } from '../../rules/issuing/monthly-explanation.ts';
import { schemeOfInsurer } from '../../rules/papers/scheme.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { CertificateIssuance } from '../issuance.ts';
import type { Explained } from './kind.ts';

export async function explainCertificate(
  tx: Transaction,
  issuance: CertificateIssuance,
  key: PersonKey,
): Promise<Explained | null> {
  const found = await findDecision(tx, issuance.id, key);
  if (!found) return null;
  const { decision, facts } = found;
  const rules = issuance.rules.targeting;
  const scheme = schemeOfInsurer(issuance.insurerNumber);
  const explanation =
    rules.kind === 'monthly'
      ? explainMonthly(facts, rules, decision, scheme)
      : explainDecision(facts, rules, decision, scheme);
  return { decision, explanation };
}
