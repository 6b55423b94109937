// Room: rules. Reasons and exits of both kinds of issuance, with their words.
import type { IssuanceKind } from '../papers/kinds.ts';
import { EXIT_LABELS } from './enveloping.ts';
import { NOTICE_EXIT_LABELS } from './notice-plan.ts';
import { NOTICE_REASON_LABELS } from './notices.ts';
import type { NoticeReason } from './notices.ts';
import { REASON_LABELS } from './targeting.ts';
import type { ReasonCode } from './targeting.ts';

/** A reason of either kind of issuance. */
export type AnyReason = ReasonCode | NoticeReason;

/** The words of each kind; a reason of the other kind keeps its own. */
const LABELS: Readonly<
  Record<
    IssuanceKind,
    { readonly reasons: Readonly<Record<AnyReason, string>>; readonly exits: Readonly<Record<string, string>> }
  >
> = {
  certificate: { reasons: { ...NOTICE_REASON_LABELS, ...REASON_LABELS }, exits: EXIT_LABELS },
  notice: { reasons: { ...REASON_LABELS, ...NOTICE_REASON_LABELS }, exits: NOTICE_EXIT_LABELS },
};

/** Label of a reason in an issuance of a kind: 「期日後の加入」 is another sentence for each. */
export function reasonLabel(kind: IssuanceKind, reason: AnyReason): string {
  return LABELS[kind].reasons[reason];
}

/** Label of why a target gets no paper. */
export function exitLabel(kind: IssuanceKind, reason: string): string {
  return LABELS[kind].exits[reason] ?? reason;
}
