// Room: operations. The monthly 回収対象者リスト and the reminders of it: what the law asks back (健保則48条, 49条, 51条), persons who
// enrolled a card or got a newer certificate of the same content (requests); each workplace with its 資格確認書回収連絡書, a letter to
// persons who are asked directly.
import { findFilesInUse, fitToMembers } from '../../ledger/intake/fits.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { appendEvents, lockChain } from '../../ledger/papers/events.ts';
import type { NewEvent } from '../../ledger/papers/events.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { listDemands, readCertificatesOut, writeDemands, writeSlips } from '../../ledger/life/recalls.ts';
import type { CertificateOut, Demand, RecallSlip } from '../../ledger/life/recalls.ts';
import { nextState } from '../../rules/papers/lifecycle.ts';
import { lostOnOf } from '../../rules/intake/eligibility.ts';
import { mayPassEmployer } from '../../rules/intake/passage.ts';
import { isVerifiable } from '../../rules/intake/enrolment.ts';
import { isPublicHoliday } from '../../rules/words/holidays.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { hasNoEmployer } from '../../rules/intake/passage.ts';
import { returnDeadline, termsOf } from '../../rules/life/deadlines.ts';
import { isDuty, recallGround, recallThrough, reminderDueOn } from '../../rules/life/recall.ts';
import { replacedFor } from '../../rules/life/reissue.ts';
import { schemeOfInsurer } from '../../rules/papers/scheme.ts';
import type { RecallGround } from '../../rules/life/recall.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Asked, WrittenRecall } from './recall-files.ts';

export interface RecallList extends WrittenRecall {
  readonly counts: Readonly<Record<RecallGround, number>>;
}

/**
 * Makes the list of a day from the newest files and filings: `recall-list.csv` (a paper a row), `recall-slips.csv` (a
 * workplace a row, duty and request apart) and `recall/*.pdf` (slip and list of each workplace). Each certificate is
 * asked back once on each ground.
 */
export async function makeRecallList(
  context: Context,
  profile: InsurerProfile,
  on: LocalDate,
  outDir: string,
): Promise<RecallList> {
  return context.database.transaction(async (tx) => {
    const { asked, counts } = await requestReturns(tx, context, profile.insurer.number, on);
    // Fonts and Typst are loaded only where papers are written.
    const { writeRecallFiles } = await import('./recall-files.ts');
    return { counts, ...(await writeRecallFiles(tx, profile, 'list', on, asked, outDir)) };
  });
}

/** What a list records: the demands and requests of a day, and the slips of the workplaces. */
export async function requestReturns(
  tx: Transaction,
  context: Context,
  insurerNumber: string,
  on: LocalDate,
): Promise<{ asked: readonly Asked[]; counts: RecallList['counts'] }> {
  await lockChain(tx, insurerNumber);
  const due: Omit<Asked, 'through'>[] = [];
  for await (const batch of readOut(tx, insurerNumber)) {
    for (const certificate of batch) {
      const ground = recallGround(factsOf(certificate, on), on);
      if (ground !== null) due.push({ certificate, ground });
    }
  }
  for (const [issuanceId, events] of eventsOf(due, on))
    await appendEvents(tx, insurerNumber, issuanceId, context.actor, events);
  await writeDemands(
    tx,
    insurerNumber,
    due.flatMap(({ certificate: { certificateNumber, cover }, ground }) =>
      isDuty(ground)
        ? [{ certificateNumber, ground, lostOn: ground === 'lost' ? lostOnOf(cover, on) : null, processedOn: on }]
        : [],
    ),
  );
  const counts = { lost: 0, found: 0, corrected: 0, damaged: 0, enrolled: 0, superseded: 0 };
  for (const { ground } of due) counts[ground] += 1;
  await writeJournal(tx, context.actor, 'recall-list', { insurerNumber, id: null }, counts);
  return { asked: await enterSlips(tx, insurerNumber, 'list', on, due), counts };
}

/** What was reminded of; `late` = for the first time after the tenth business day (協会けんぽ KPI). */
export interface Reminders extends WrittenRecall {
  readonly first: number;
  readonly late: number;
  readonly again: number;
}

/**
 * Reminds of what the law asks back and is not back though its days are over. Requests are not reminded of. Done
 * again on the same day, the same papers and no second reminder.
 */
export async function remindRecalls(
  context: Context,
  profile: InsurerProfile,
  on: LocalDate,
  outDir: string,
): Promise<Reminders> {
  return context.database.transaction(async (tx) => {
    const { asked, ...counts } = await remind(tx, context, profile.insurer.number, on);
    const { writeRecallFiles } = await import('./recall-files.ts');
    return { ...counts, ...(await writeRecallFiles(tx, profile, 'reminder', on, asked, outDir)) };
  });
}

/** What reminding records. */
export async function remind(
  tx: Transaction,
  context: Context,
  insurerNumber: string,
  on: LocalDate,
): Promise<Pick<Reminders, 'first' | 'late' | 'again'> & { asked: readonly Asked[] }> {
  await lockChain(tx, insurerNumber);
  const terms = termsOf(schemeOfInsurer(insurerNumber));
  const demands = new Map<string, Demand>();
  for (const demand of await listDemands(tx, insurerNumber))
    if (demand.state === 'return-demanded') demands.set(demand.certificateNumber, demand);
  const asked: Omit<Asked, 'through'>[] = [];
  const events = new Map<number, NewEvent[]>();
  const counts = { first: 0, late: 0, again: 0 };
  for await (const batch of readOut(tx, insurerNumber)) {
    for (const certificate of batch) {
      const { certificateNumber, issuanceId } = certificate;
      const demand = demands.get(certificateNumber);
      // The bereaved are not dunned: the papers come with the claim of 埋葬料 (健保則51条5項).
      if (!demand || certificate.hasInsuredDied) continue;
      const hasEmployer = !hasNoEmployer(certificate.cover.insuredClass);
      // Without a loss the law says 「遅滞なく」 or 「直ちに」, no number of days.
      const dueOn =
        demand.lostOn === null ? demand.processedOn : returnDeadline(hasEmployer, demand.lostOn, terms).dueOn;
      if (dueOn >= on) continue;
      asked.push({ certificate, ground: demand.ground });
      if (demand.lastRemindedOn !== null && demand.lastRemindedOn >= on) continue;
      counts[demand.firstRemindedOn === null ? 'first' : 'again'] += 1;
      if (demand.firstRemindedOn === null && isReminderLate(demand, on)) counts.late += 1;
      const event = { subject: 'certificate', paperNumber: certificateNumber, event: 'remind' } as const;
      const list = events.get(issuanceId) ?? [];
      list.push({ ...event, reason: '', source: '', key: `remind:${certificateNumber}:${on}`, on });
      events.set(issuanceId, list);
    }
  }
  for (const [issuanceId, list] of events) await appendEvents(tx, insurerNumber, issuanceId, context.actor, list);
  await writeJournal(tx, context.actor, 'recall-remind', { insurerNumber, id: null }, counts);
  return { ...counts, asked: await enterSlips(tx, insurerNumber, 'reminder', on, asked) };
}

/** Whether a first reminder on a day comes after the tenth business day from processing. */
export function isReminderLate(demand: Pick<Demand, 'processedOn'>, on: LocalDate): boolean {
  return on > reminderDueOn(demand.processedOn, isPublicHoliday);
}

/** Certificates that are out, after the newest files. */
export async function* readOut(tx: Transaction, insurerNumber: string): AsyncIterable<CertificateOut[]> {
  const files = await findFilesInUse(tx, insurerNumber);
  if (files.membersId === 0 || files.enrolmentId === 0)
    throw new Refusal('dataset-missing', '加入者とマイナ保険証の登録状況を取り込んでください。');
  await fitToMembers(tx, 'enrolment', files.enrolmentId, files.membersId);
  yield* readCertificatesOut(tx, insurerNumber, await findFilesInUse(tx, insurerNumber));
}

/** What the rules ask of a certificate that is out. */
export function factsOf(certificate: CertificateOut, on: LocalDate): Parameters<typeof recallGround>[0] {
  const { enrolment, validThrough, state, hasMoved, demandedFor, hasOtherName, hasOtherSex } = certificate;
  return {
    lostOn: lostOnOf(certificate.cover, on),
    validThrough,
    isVerifiable: isVerifiable(enrolment, on),
    isSuperseded: state === 'superseded',
    replacedFor: replacedFor(certificate.reissueReason, { name: hasOtherName, sex: hasOtherSex }),
    hasMoved,
    demandedFor,
  };
}

/** Demands and requests by issuance, as events belong to one. One that is asked back already is not asked again. */
function eventsOf(asked: readonly Omit<Asked, 'through'>[], on: LocalDate): Map<number, NewEvent[]> {
  const events = new Map<number, NewEvent[]>();
  for (const { certificate, ground } of asked) {
    const { certificateNumber, issuanceId, state, seq } = certificate;
    const event = isDuty(ground) ? 'demand-return' : 'request-return';
    // What is asked for by law already is not asked again.
    const isAskable = nextState('certificate', event, state) !== undefined;
    if (!isAskable) continue;
    const list = events.get(issuanceId) ?? [];
    // A superseded one stays superseded when it is asked for: once is enough.
    const key = `${event}:${certificateNumber}:${ground === 'superseded' ? ground : seq}`;
    list.push({ subject: 'certificate', paperNumber: certificateNumber, event, reason: ground, source: '', key, on });
    events.set(issuanceId, list);
  }
  return events;
}

/** Says through whom each paper is to come, and enters the slips of the workplaces. */
async function enterSlips(
  tx: Transaction,
  insurerNumber: string,
  kind: RecallSlip['kind'],
  on: LocalDate,
  due: readonly Omit<Asked, 'through'>[],
): Promise<readonly Asked[]> {
  const { readWorkplaces } = await import('./recall-files.ts');
  const workplaces = await readWorkplaces(tx, insurerNumber, due);
  const asked = due.map(({ certificate: c, ground }): Asked => {
    const { hasOptionalEntries, isProtected, symbol, hasMoved, hasInsuredDied } = c;
    const { insuredClass } = c.cover;
    const passage = { insuredClass, hasOptionalEntries, isProtected, hasWorkplace: workplaces.has(symbol) };
    const through = recallThrough({ mayPassEmployer: mayPassEmployer(passage), hasMoved, hasInsuredDied });
    return { certificate: c, ground, through };
  });
  const through = asked.filter((a) => a.through === 'workplace');
  await writeSlips(
    tx,
    insurerNumber,
    kind,
    on,
    through.map(({ certificate, ground }) => ({ ...certificate, ground })),
  );
  return asked;
}
