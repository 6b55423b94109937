// Room: server. What the console shows of a job, an event, a scan and an issuance: used by several subjects' routes.
import type { Lineage } from '../../rules/papers/lineage.ts';
import type { RecordedEvent } from '../../ledger/papers/events.ts';
import type { Job as StoredJob } from '../../ledger/desk/jobs.ts';
import type { Override } from '../../operations/context.ts';
import { JOB_LABELS, canOverride } from '../../operations/desk/jobs.ts';
import type { JobKind } from '../../operations/desk/jobs.ts';
import type { ScanAnswer as OperationAnswer } from '../../operations/posting/piece-events.ts';
import { planTitle } from '../../rules/insurer.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { REISSUE_REASON_LABELS } from '../../rules/life/reissue.ts';
import {
  PAPER_EVENT_LABELS,
  PAPER_STATE_LABELS,
  REMAKE_LABELS,
  RETURN_REASON_LABELS,
  NEXT_STEP_LABELS,
} from '../../rules/papers/lifecycle.ts';
import type { WithdrawalCause } from '../../rules/papers/standing.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import type { PaperEvent } from '../contract/people.ts';
import type { ScanAnswer } from '../contract/papers.ts';
import type { Job } from '../contract/work.ts';
import { japanInstant } from '../http.ts';

const REASON_LABELS: Readonly<Record<string, string>> = { ...RETURN_REASON_LABELS, ...REISSUE_REASON_LABELS };

/** A job as the console shows it. */
export function describeJob(job: StoredJob): Job {
  const { insurerNumber: _insurer, input, isOverridden: _is, ...rest } = job;
  const { issuanceId, outcome } = rest;
  const made = (outcome as { issuances?: readonly { id: number }[] } | null)?.issuances?.map(({ id }) => id);
  return {
    ...rest,
    issuanceIds: made ?? (issuanceId === null ? [] : [issuanceId]),
    canOverride: canOverride(job),
    override: (input as { override?: Override }).override ?? null,
    label: JOB_LABELS[rest.kind as JobKind] ?? rest.kind,
  };
}

/** The profile's name of an issuance; of a later round and of a remake, its own number and what it is. */
export function titleOf(profile: InsurerProfile, { plan, round, remake, remakeNo }: Lineage): string {
  const title = `${planTitle(profile, plan)}${round > 1 ? `　追加 第${round}回` : ''}`;
  return remake === null ? title : `${title}　${REMAKE_LABELS[remake]} 第${remakeNo}回`;
}

/** An event as the console shows it. */
export function describeEvent(profile: InsurerProfile, e: RecordedEvent): PaperEvent {
  const { seq, actor, subject, paperNumber: number, event, to, reason, source } = e;
  return {
    seq,
    at: japanInstant(e.at),
    actor,
    subject,
    paperNumber: number,
    event,
    label: PAPER_EVENT_LABELS[event],
    to,
    toLabel: PAPER_STATE_LABELS[to],
    reason: e.remadeIn === null ? paperReasonLabel(reason) : titleOf(profile, e.remadeIn),
    source,
  };
}

/** A station's answer as the console shows it. */
export function describeScan(found: OperationAnswer, code: string): ScanAnswer {
  const paper = parsePaperNumber(code);
  return {
    kind: found.kind,
    text: found.text,
    nextStep: found.nextStep,
    nextStepLabel: found.nextStep === null ? '' : NEXT_STEP_LABELS[found.nextStep],
    mailpieceNumber: paper?.kind === 'mailpiece' ? paper.number : null,
  };
}

export const ACTION_LABELS = {
  release: '確認済みにする',
  'send-home': '自宅へ送る（事業所がわからないため）',
  withdraw: '引き抜く',
  repost: '同じ宛先へもう一度送る',
  'take-back-return': '不着を取り消す',
  'hand-over': '手渡し済みにする',
  'fail-hand-over': '手渡しできなかったことにする',
  'report-left': '退職していたことにする',
  'give-back': '回収する',
  reissue: '再交付する',
} as const;

/** How long a withdrawal is to keep the person out, as it was asked; null = as the words of the reason say. */
export function causeOf(
  asked: { readonly code: WithdrawalCause['code']; readonly lostOn: string | null } | undefined,
): WithdrawalCause | null {
  return asked ? { code: asked.code, lostOn: asked.lostOn as WithdrawalCause['lostOn'] } : null;
}

/** Words for a reason: the stamp of a return, what a certificate is asked for again for, else as it was written. */
export function paperReasonLabel(reason: string): string {
  return Object.hasOwn(REASON_LABELS, reason) ? REASON_LABELS[reason]! : reason;
}
