// Room: rules. Reasons and exits of both kinds of issuance, with their words.
import { EXIT_LABELS } from './enveloping.ts';
import { NOTICE_EXIT_LABELS } from './notice-plan.ts';
import { NOTICE_REASON_LABELS } from './notices.ts';
import type { NoticeReason } from './notices.ts';
import { REASON_LABELS } from './targeting.ts';
import type { ReasonCode } from './targeting.ts';

/** A reason of either kind of issuance. */
export type AnyReason = ReasonCode | NoticeReason;

/** Label of a reason in an issuance of a kind: 「期日後の加入」 is another sentence for each. */
export function reasonLabel(kind: 'certificate' | 'notice', reason: AnyReason): string {
  const other = { ...NOTICE_REASON_LABELS, ...REASON_LABELS };
  return kind === 'notice' && reason in NOTICE_REASON_LABELS
    ? NOTICE_REASON_LABELS[reason as NoticeReason]
    : other[reason];
}

/** Label of why a target gets no paper. */
export function exitLabel(kind: 'certificate' | 'notice', reason: string): string {
  const labels: Readonly<Record<string, string>> = kind === 'notice' ? NOTICE_EXIT_LABELS : EXIT_LABELS;
  return labels[reason] ?? reason;
}

/** What staff call the paper of an issuance of a kind. */
export const PAPER_KIND_LABELS = { certificate: '資格確認書', notice: 'お知らせ' } as const;
