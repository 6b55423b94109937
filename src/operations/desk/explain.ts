// Room: operations. Why one person does or does not receive a paper, from the facts stored with the decision.
import type { Transaction } from '../../ledger/core/pool.ts';
import { findDecision } from '../../ledger/issuing/decisions.ts';
import { findNoticeDecision } from '../../ledger/issuing/notices.ts';
import { findSentHome } from '../../ledger/papers/events.ts';
import { findReissueOf } from '../../ledger/life/reissues.ts';
import { explainDecision } from '../../rules/issuing/explanation.ts';
import { explainMonthly } from '../../rules/issuing/monthly-explanation.ts';
import type { Explanation } from '../../rules/issuing/explanation.ts';
import { describeDifferences } from '../../rules/intake/matching.ts';
import { schemeOfInsurer } from '../../rules/papers/scheme.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { explainNotice } from '../../rules/issuing/notice-explanation.ts';
import type { NoticeDecision } from '../../rules/issuing/notices.ts';
import { REISSUE_REASON_LABELS } from '../../rules/life/reissue.ts';
import type { Decision } from '../../rules/issuing/targeting.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { CertificateIssuance, NoticeIssuance, Issuance } from '../issuance.ts';

/** A stored decision, of either kind of issuance, and why. */
export interface Explained {
  readonly decision: Decision | NoticeDecision;
  readonly explanation: Explanation;
}

/** Explains the stored decision about one person. */
export async function explainPerson(context: Context, issuance: Issuance, key: PersonKey): Promise<Explained> {
  const explained = await context.database.transaction((tx) => findExplained(tx, issuance, key));
  if (explained) return explained;
  throw new Refusal('person-unknown', `${formatPersonKey(key)} の判定はこの発行にありません。`);
}

/** The same inside a transaction; null where the run has no decision about this person. */
export async function findExplained(tx: Transaction, issuance: Issuance, key: PersonKey): Promise<Explained | null> {
  const explained =
    issuance.kind === 'notice'
      ? await findNoticeExplained(tx, issuance, key)
      : await findCertificateExplained(tx, issuance, key);
  const sent = explained && (await findSentHome(tx, issuance.id, key));
  if (!sent) return explained;
  const { explanation } = explained;
  const home = `事業所がわからないため、${sent.actor}が ${sent.on} に自宅へ送ると決めたもの（${sent.reason}）。`;
  return { ...explained, explanation: { ...explanation, sentence: `${explanation.sentence}${home}` } };
}

async function findCertificateExplained(
  tx: Transaction,
  issuance: CertificateIssuance,
  key: PersonKey,
): Promise<Explained | null> {
  const found = await findDecision(tx, issuance.id, key);
  if (!found) return null;
  const { facts, decision } = found;
  const rules = issuance.rules.targeting;
  const scheme = schemeOfInsurer(issuance.insurerNumber);
  const explanation =
    rules.kind === 'monthly'
      ? explainMonthly(facts, rules, decision, scheme)
      : explainDecision(facts, rules, decision, scheme);
  const request = await findReissueOf(tx, issuance.id, key);
  if (!request) return { decision: found.decision, explanation };
  const { reason, requestedOn, oldNumber } = request;
  const again = `${REISSUE_REASON_LABELS[reason]}のため ${requestedOn} に申請があり、資格確認書 ${oldNumber} に代えて再交付するもの。`;
  return { decision: found.decision, explanation: { ...explanation, sentence: `${again}${explanation.sentence}` } };
}

async function findNoticeExplained(
  tx: Transaction,
  issuance: NoticeIssuance,
  key: PersonKey,
): Promise<Explained | null> {
  const found = await findNoticeDecision(tx, issuance, key);
  if (!found) return null;
  const { decision, facts, exit } = found;
  const { span, plan } = issuance.rules;
  const { match } = facts;
  const differences = describeDifferences(match?.differences ?? []);
  return {
    decision,
    explanation: explainNotice(
      {
        facts,
        span,
        decision,
        match,
        differences,
        exit,
        burden: found.burden,
        issuedOn: plan.issuedOn,
        last: facts.last ?? null,
      },
      schemeOfInsurer(issuance.insurerNumber),
    ),
  };
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
