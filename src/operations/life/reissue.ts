// Room: operations. 再交付 (健保則48条, 49条): a member asks for another certificate. The request is taken in at once and ends
// the old one by rule; what was asked for meanwhile is made together, in the next print.
import path from 'node:path';
import { IntakeFault, ROW_ERROR_LABELS } from '../../formats/intake.ts';
import { readReissues } from '../../formats/reissues.ts';
import type { ReissueRequest } from '../../formats/reissues.ts';
import { findLatestDataset } from '../../ledger/intake/datasets.ts';
import { findFilesInUse, fitToMembers, spellAsMembers } from '../../ledger/intake/fits.ts';
import type { FilesInUse } from '../../ledger/intake/fits.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { findIssuance, writeJournal } from '../../ledger/papers/issuances.ts';
import { appendEvents, lockChain } from '../../ledger/papers/events.ts';
import type { NewEvent } from '../../ledger/papers/events.ts';
import { countMissing } from '../../ledger/life/recalls.ts';
import {
  countOpenReissues,
  listOpenReissues,
  listReissuable,
  listUnfinishedReissues,
  writeReissued,
} from '../../ledger/life/reissues.ts';
import type { Reissuable } from '../../ledger/life/reissues.ts';
import { lostOnOf } from '../../rules/intake/eligibility.ts';
import { isVerifiable } from '../../rules/intake/enrolment.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { PAPER_STATE_LABELS, REPLACEABLE } from '../../rules/papers/lifecycle.ts';
import { hasNewer } from '../../rules/papers/superseding.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import {
  REISSUE_REASON_LABELS,
  REISSUE_REFUSAL_LABELS,
  changedEntries,
  holderRefusal,
  isGone,
  isUnchanged,
  reasonRefusal,
  reissueRefusal,
} from '../../rules/life/reissue.ts';
import type { ReissueFacts, ReissueReason, ReissueRefusal } from '../../rules/life/reissue.ts';
import { Refusal, throwIfStopped } from '../context.ts';
import type { Context } from '../context.ts';
import { planPieces } from '../posting/plan-pieces.ts';
import type { CertificateIssuance } from '../issuance.ts';
import type { Outcome } from '../posting/piece-events.ts';
import { openRemadeIssuance } from './remake.ts';

/** Fits workplaces and enrolment to the members, so that every request is judged by its own rows. */
async function fitFilesInUse(tx: Transaction, insurerNumber: string): Promise<FilesInUse> {
  const members = await findLatestDataset(tx, insurerNumber, 'members');
  for (const kind of ['workplaces', 'enrolment'] as const) {
    const file = await findLatestDataset(tx, insurerNumber, kind);
    if (members && file) await fitToMembers(tx, kind, file.id, members.id);
  }
  return findFilesInUse(tx, insurerNumber);
}

function factsOf(c: Reissuable, on: LocalDate): ReissueFacts {
  return {
    ...c,
    isMember: c.cover.isMember,
    lostOn: lostOnOf(c.cover, on),
    hasNewer: hasNewer(c, c.others),
    isVerifiable: isVerifiable(c.enrolment, on),
    isRequested: c.reason !== null && c.madeIn === null,
  };
}

/** Why each certificate of a person may not be asked for again on a day; null = it may. By number. */
export async function findReissueRefusals(
  tx: Transaction,
  insurerNumber: string,
  key: PersonKey,
  on: LocalDate,
): Promise<Map<string, ReissueRefusal | null>> {
  const papers = await listReissuable(tx, insurerNumber, await findFilesInUse(tx, insurerNumber), key);
  return new Map(papers.map((paper) => [paper.certificateNumber, reissueRefusal(factsOf(paper, on), on)]));
}

/**
 * Takes one request in. The same person, reason and day again is the same request, whatever was made of it since; while a
 * request waits, another of the person is the same, too.
 */
export async function requestReissue(
  context: Context,
  insurerNumber: string,
  request: ReissueRequest,
  source = '',
): Promise<Outcome> {
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const files = await findFilesInUse(tx, insurerNumber);
    const [key = request] = await spellAsMembers(tx, files.membersId, [request]);
    const papers = await listReissuable(tx, insurerNumber, files, key);
    const { reason, requestedOn: on, isAttached } = request;
    const isKnown = papers.some(
      (paper) =>
        paper.reason !== null && (paper.madeIn === null || (paper.reason === reason && paper.requestedOn === on)),
    );
    if (isKnown) return { kind: 'already' };
    // The one in use; where there is none, the newest says why not.
    const paper = papers.find(({ state }) => REPLACEABLE.includes(state)) ?? papers[0];
    if (!paper) return { kind: 'refused', why: `${formatPersonKey(request)} の資格確認書はありません` };
    const why =
      reissueRefusal(factsOf(paper, on), on) ??
      reasonRefusal(reason, isAttached, paper.state, changedEntries(paper.entries, paper.newestEntries));
    if (why !== null) return { kind: 'refused', why: wordsOf(why, paper) };
    const { certificateNumber: number, issuanceId } = paper;
    const common = { subject: 'certificate', paperNumber: number, source, on } as const;
    const events: NewEvent[] = [];
    if (isGone(reason) && paper.state === 'issued') {
      const times = await countMissing(tx, insurerNumber, number);
      const key = `missing:${number}:${times + 1}`;
      events.push({ ...common, event: 'declare-missing', key, reason: REISSUE_REASON_LABELS[reason] });
    }
    events.push({ ...common, event: 'reissue', key: `reissue:${number}`, reason });
    if (isAttached)
      events.push({ ...common, event: 'give-back', key: `give-back:${number}`, reason: '再交付の申請に添付' });
    await appendEvents(tx, insurerNumber, issuanceId, context.actor, events);
    return { kind: 'recorded' };
  });
}

function wordsOf(why: ReissueRefusal, { state }: Pick<Reissuable, 'state'>): string {
  return `${REISSUE_REFUSAL_LABELS[why]}（今は「${PAPER_STATE_LABELS[state]}」です）`;
}

export interface TakenReissues {
  readonly recorded: number;
  readonly already: number;
  readonly refused: readonly { readonly line: number; readonly why: string }[];
}

/** Takes 再交付.csv in: rows that are right are recorded, rows that cannot be are refused one by one. */
export async function takeReissues(
  context: Context,
  insurerNumber: string,
  file: string,
  today: LocalDate,
): Promise<TakenReissues> {
  const fileName = path.basename(file);
  const refused: { line: number; why: string }[] = [];
  let [recorded, already] = [0, 0];
  try {
    for await (const { rows, errors } of readReissues(file, {})) {
      for (const { line, column, code, expected } of errors)
        refused.push({ line, why: `${column}: ${ROW_ERROR_LABELS[code]}。必要なもの: ${expected}` });
      for (const { line, value } of rows) {
        throwIfStopped(context);
        if (value.requestedOn > today) {
          refused.push({ line, why: `申請年月日: 処理する日（${today}）より後の日付です` });
          continue;
        }
        const outcome = await requestReissue(context, insurerNumber, value, `${fileName}:${line}`);
        if (outcome.kind === 'recorded') recorded += 1;
        else if (outcome.kind === 'already') already += 1;
        else refused.push({ line, why: outcome.why });
      }
    }
  } catch (error) {
    if (error instanceof IntakeFault) throw new Refusal(error.code, `${fileName}: ${error.message}`);
    throw error;
  }
  await context.database.transaction((tx) =>
    writeJournal(
      tx,
      context.actor,
      'reissue-requests',
      { insurerNumber, id: null },
      { file: fileName, rows: recorded },
    ),
  );
  return { recorded, already, refused };
}

/** A request that waits, and why it cannot be met now; null = it can. */
export interface WaitingReissue {
  readonly certificateNumber: string;
  readonly issuanceId: number;
  /** `記号-番号-枝番`. */
  readonly key: string;
  readonly reason: ReissueReason;
  readonly requestedOn: LocalDate;
  readonly why: ReissueRefusal | null;
}

/** Requests that are not met yet, by certificate number. */
export async function listWaitingReissues(
  context: Context,
  insurerNumber: string,
  on: LocalDate,
): Promise<WaitingReissue[]> {
  return context.database.transaction(async (tx) => {
    const open = await listOpenReissues(tx, insurerNumber, await findFilesInUse(tx, insurerNumber));
    return open.map((paper) => waitingOf(paper, on));
  });
}

/** A page of them, and how many there are in all. */
export async function pageWaitingReissues(
  context: Context,
  insurerNumber: string,
  on: LocalDate,
  page: { readonly after: string; readonly limit: number },
): Promise<{ items: WaitingReissue[]; next: string | null; total: number }> {
  return context.database.transaction(async (tx) => {
    const newest = await findFilesInUse(tx, insurerNumber);
    const rows = await listOpenReissues(tx, insurerNumber, newest, { ...page, limit: page.limit + 1 });
    const items = rows.slice(0, page.limit).map((paper) => waitingOf(paper, on));
    const next = rows.length > page.limit ? (items.at(-1)?.certificateNumber ?? null) : null;
    return { items, next, total: (await countOpenReissues(tx, insurerNumber)).count };
  });
}

function waitingOf(paper: Reissuable, on: LocalDate): WaitingReissue {
  const { certificateNumber, issuanceId, reason, requestedOn } = paper;
  if (reason === null || requestedOn === null) throw new Error('a request without its reason or day');
  const isEarly = isUnchanged(reason, changedEntries(paper.entries, paper.newestEntries));
  const why = holderRefusal(factsOf(paper, on), on) ?? (isEarly ? 'unchanged' : null);
  return { certificateNumber, issuanceId, reason, requestedOn, key: formatPersonKey(paper), why };
}

export interface Reissued {
  /** An issuance for each one the old certificates are of. */
  readonly runs: readonly {
    readonly issuance: CertificateIssuance;
    readonly isResumed: boolean;
    readonly count: number;
  }[];
  /** Requests that stay, and why. */
  readonly left: readonly WaitingReissue[];
}

/**
 * Makes what was asked for, by the profile's route and after the newest files. Done again it makes nothing; interrupted
 * before its output was written, it goes on.
 */
export async function makeReissues(context: Context, profile: InsurerProfile, issuedOn: LocalDate): Promise<Reissued> {
  const { number: insurerNumber } = profile.insurer;
  const made = await context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const newest = await fitFilesInUse(tx, insurerNumber);
    const open = await listOpenReissues(tx, insurerNumber, newest);
    const left = open.map((paper) => waitingOf(paper, issuedOn)).filter(({ why }) => why !== null);
    const stays = new Set(left.map((request) => request.certificateNumber));
    const taken = open.filter((paper) => !stays.has(paper.certificateNumber));
    const runs: { issuance: CertificateIssuance; isResumed: boolean; count: number }[] = [];
    for (const id of await listUnfinishedReissues(tx, insurerNumber))
      runs.push({ issuance: await getCertificateIssuance(tx, insurerNumber, id), isResumed: true, count: 0 });
    for (const [parentId, papers] of Map.groupBy(taken, (paper) => paper.issuanceId)) {
      const parent = await getCertificateIssuance(tx, insurerNumber, parentId);
      if (issuedOn < parent.issuedOn)
        throw new Refusal('issue-date', `交付年月日は元の発行（${parent.issuedOn}）以後にしてください。`);
      const issuance = await openRemadeIssuance(tx, context, parent, profile, 'reissue', issuedOn, newest, papers, []);
      await writeReissued(
        tx,
        parentId,
        issuance.id,
        papers.map((paper) => paper.certificateNumber),
      );
      runs.push({ issuance: issuance as CertificateIssuance, isResumed: false, count: papers.length });
    }
    return { runs, left };
  });
  for (const { issuance } of made.runs) await planPieces(context, issuance);
  return made;
}

async function getCertificateIssuance(
  tx: Transaction,
  insurerNumber: string,
  id: number,
): Promise<CertificateIssuance> {
  const issuance = await findIssuance<CertificateIssuance>(tx, insurerNumber, id);
  if (!issuance) throw new Error(`a certificate of issuance ${id}, which is not there`);
  return issuance;
}
