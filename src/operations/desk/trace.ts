// Room: operations. A paper's or a person's whole history in sentences, and the proof that none of it was changed.
import { KIND_WORDS } from '../../rules/papers/kinds.ts';
import { postingOf } from '../posting/kinds.ts';
import type { PaperSubject } from '../../rules/papers/lifecycle.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import { listAudit, listJournal, listAccessRecords } from '../../ledger/desk/audit.ts';
import type { AuditRow, JournalFilter } from '../../ledger/desk/audit.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { listIssuancesOfPerson } from '../../ledger/papers/issuances.ts';
import { findErasure } from '../../ledger/papers/erased.ts';
import { findStates } from '../../ledger/papers/states.ts';
import { findChainFault, listEvents } from '../../ledger/papers/events.ts';
import { findReissueLinks } from '../../ledger/life/reissues.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import { PAPER_EVENT_LABELS, PAPER_STATE_LABELS, RETURN_REASON_LABELS } from '../../rules/papers/lifecycle.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import { RECALL_GROUNDS, recallGroundLabel } from '../../rules/life/recall.ts';
import { schemeOfInsurer } from '../../rules/papers/scheme.ts';
import { REISSUE_REASON_LABELS } from '../../rules/life/reissue.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { isPersonKey, parsePersonKey } from './explain.ts';
import { getIssuanceOfPaper } from '../issuance.ts';
import type { Issuance } from '../issuance.ts';

/** Reasons that are codes, in words. */
function reasonsIn(insurerNumber: string): Readonly<Record<string, string>> {
  const scheme = schemeOfInsurer(insurerNumber);
  return {
    ...RETURN_REASON_LABELS,
    ...Object.fromEntries(RECALL_GROUNDS.map((ground) => [ground, recallGroundLabel(ground, scheme)])),
    ...REISSUE_REASON_LABELS,
  };
}

export interface Trace {
  readonly papers: readonly { readonly number: string; readonly state: PaperState }[];
  /** One sentence an event, oldest first. */
  readonly sentences: readonly string[];
}

/** History of a paper number, or of a person's certificate and its mailpiece (`記号-番号-枝番`). */
export async function tracePaper(context: Context, issuance: Issuance, text: string): Promise<Trace> {
  return context.database.transaction(async (tx) => {
    const erasure = await findErasure(tx, issuance.id);
    // A person's key without its hyphens may have the digits of a paper's number.
    const paper = isPersonKey(text) ? null : parsePaperNumber(text);
    const numbers: { subject: PaperSubject; number: string }[] = [];
    if (paper) numbers.push({ subject: paper.kind, number: paper.number });
    else if (erasure)
      throw new Refusal(
        'erased',
        `${issuance.name} の個人の情報は ${erasure.erasedOn} に消去しました。用紙の番号で調べてください。`,
      );
    else {
      numbers.push(...(await postingOf(issuance).papersOf(tx, parsePersonKey(text))));
      if (numbers.length === 0)
        throw new Refusal('person-unknown', `${text} の${KIND_WORDS[issuance.kind].paper}はこの発行にありません。`);
    }
    const { papers, sentences } = await historyOf(
      tx,
      issuance.insurerNumber,
      numbers.map((paperNumber) => ({ issuanceId: issuance.id, ...paperNumber })),
    );
    const end = erasure
      ? [`${erasure.erasedOn}　この発行の個人の情報を消去した（保存期間 ${erasure.years}年）。番号と記録だけが残る。`]
      : [];
    return { papers, sentences: [...sentences, ...end] };
  });
}

/**
 * History of a paper number, of whatever issuance it is, or of all papers a person (`記号-番号-枝番`) has had: certificates and notices of
 * every issuance and what was made again of them, oldest event first.
 */
export async function traceEverything(context: Context, insurerNumber: string, text: string): Promise<Trace> {
  if (!isPersonKey(text) && parsePaperNumber(text) !== null) {
    const { issuance } = await getIssuanceOfPaper(context, insurerNumber, text);
    return tracePaper(context, issuance, text);
  }
  const key = parsePersonKey(text);
  return context.database.transaction(async (tx) => {
    const found: PaperOfIssuance[] = [];
    for (const issuance of await listIssuancesOfPerson<Issuance>(tx, insurerNumber, key))
      for (const paper of await postingOf(issuance).papersOf(tx, key))
        found.push({ issuanceId: issuance.id, ...paper });
    if (found.length === 0)
      throw new Refusal(
        'person-unknown',
        `${text} の用紙はありません（個人の情報を消去した発行では、用紙の番号で調べます）。`,
      );
    return historyOf(tx, insurerNumber, found);
  });
}

interface PaperOfIssuance {
  readonly issuanceId: number;
  readonly subject: PaperSubject;
  readonly number: string;
}

/** States of papers, and what happened to them in sentences. */
async function historyOf(tx: Transaction, insurerNumber: string, numbers: readonly PaperOfIssuance[]): Promise<Trace> {
  const papers: { number: string; state: PaperState }[] = [];
  for (const { issuanceId, subject, number } of numbers) {
    const state = (await findStates(tx, issuanceId, subject, [number])).get(number);
    if (state === undefined) throw new Refusal('paper-unknown', `${number} はこの発行の用紙ではありません。`);
    papers.push({ number, state });
  }
  const events = await listEvents(
    tx,
    insurerNumber,
    numbers.map((n) => n.number),
  );
  const reasons = reasonsIn(insurerNumber);
  const told = events.map((e) => {
    const why = e.reason === '' ? '' : `（${reasons[e.reason] ?? e.reason}）`;
    const from = e.source === '' ? '' : `、${e.source} より`;
    const day = e.on === null || e.on === undefined || e.at.startsWith(e.on) ? '' : `、${e.on} 付け`;
    const what = e.subject === 'mailpiece' ? '郵便物' : '資格確認書';
    return (
      `${e.at}　${what} ${e.paperNumber} を${e.actor}が「${PAPER_EVENT_LABELS[e.event]}」とした${why}${day}${from}。` +
      `${PAPER_STATE_LABELS[e.from]} → ${PAPER_STATE_LABELS[e.to]}`
    );
  });
  const again: string[] = [];
  for (const { issuanceId, subject, number } of numbers)
    for (const link of subject === 'certificate' ? await findReissueLinks(tx, issuanceId, number) : [])
      again.push(
        `資格確認書 ${link.newNumber} は、${link.requestedOn} の申請（${REISSUE_REASON_LABELS[link.reason]}）により ${link.oldNumber} に代えて再交付するもの。`,
      );
  return { papers, sentences: [...told, ...again] };
}

/** Recomputes the insurer's chain; null = whole, else a sentence that names the first row at fault. */
export async function verifyAudit(context: Context, insurerNumber: string): Promise<string | null> {
  const fault = await context.database.transaction((tx) => findChainFault(tx, insurerNumber));
  if (fault === null) return null;
  const what = {
    changed: `記録 ${fault.seq} の内容が書き換えられているか、差し込まれています`,
    missing: `記録 ${fault.seq} がありません`,
    end: `最後の記録（${fault.seq}）より後が失われているか、連鎖の端と合いません`,
  } as const satisfies Record<typeof fault.kind, string>;
  return what[fault.kind];
}

/** Events of the insurer's papers, newest first. */
export async function listAuditEvents(
  context: Context,
  insurerNumber: string,
  filter: Parameters<typeof listAudit>[2],
): Promise<AuditRow[]> {
  return context.database.read((tx) => listAudit(tx, insurerNumber, filter));
}

/** Looks at persons and pages, newest first. */
export async function listLookLines(
  context: Context,
  insurerNumber: string,
  before: number,
  limit: number,
): ReturnType<typeof listAccessRecords> {
  return context.database.read((tx) => listAccessRecords(tx, insurerNumber, before, limit));
}

/** Everything that was done for the insurer, newest first. */
export async function listJournalLines(
  context: Context,
  insurerNumber: string,
  filter: JournalFilter,
  before: number,
  limit: number,
): ReturnType<typeof listJournal> {
  return context.database.read((tx) => listJournal(tx, insurerNumber, filter, before, limit));
}

/** Notes that a list left as a file. */
export async function noteExport(context: Context, insurerNumber: string, name: string): Promise<void> {
  await context.database.transaction((tx) => recordAccess(tx, insurerNumber, context.actor, 'export', name));
}
