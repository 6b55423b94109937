// Room: operations. The monthly 回収対象者リスト: who lost eligibility (a duty, 健保則51条), who enrolled a card or got a newer
// certificate (requests); and the papers that come back, checked in one by one.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { TextFileWriter, csvLine } from '../formats/csv.ts';
import { findLatestDataset } from '../ledger/datasets.ts';
import { appendEvents, findStates, lockChain } from '../ledger/life.ts';
import type { NewEvent } from '../ledger/life.ts';
import { findIssuance, writeJournal } from '../ledger/issuances.ts';
import { readCertificatesOut } from '../ledger/recalls.ts';
import type { CertificateOut } from '../ledger/recalls.ts';
import { parsePaperNumber } from '../rules/check-digits.ts';
import { hasDigitalCertificateEnded } from '../rules/enrolment.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { PAPER_STATE_LABELS } from '../rules/lifecycle.ts';
import type { LocalDate } from '../rules/member.ts';
import { RECALL_GROUND_LABELS, recallGround } from '../rules/recall.ts';
import type { RecallGround } from '../rules/recall.ts';
import { Refusal } from './context.ts';
import type { Context } from './context.ts';
import type { ScanAnswer } from './life.ts';

export interface RecallList {
  readonly counts: Readonly<Record<RecallGround, number>>;
  readonly workplaces: number;
  /** Files, relative to the output folder. */
  readonly files: readonly string[];
}

/**
 * Makes the list of a day from the newest files: `recall-list.csv` (a person a row) and `recall-slips.csv` (the counts of
 * the 回収連絡書, a workplace a row, duty and request apart). Each certificate is asked back once on each ground.
 */
export async function makeRecallList(
  context: Context,
  profile: InsurerProfile,
  on: LocalDate,
  outDir: string,
): Promise<RecallList> {
  const { number: insurerNumber } = profile.insurer;
  await mkdir(outDir, { recursive: true });
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const members = await findLatestDataset(tx, insurerNumber, 'members');
    const enrolment = await findLatestDataset(tx, insurerNumber, 'enrolment');
    if (!members || !enrolment)
      throw new Refusal('dataset-missing', '加入者とマイナ保険証の登録状況を取り込んでください。');
    const asked: { certificate: CertificateOut; ground: RecallGround }[] = [];
    const newest = { membersId: members.id, enrolmentId: enrolment.id };
    for await (const batch of readCertificatesOut(tx, insurerNumber, newest)) {
      for (const certificate of batch) {
        const ground = recallGround(factsOf(certificate, on), on);
        if (ground !== null) asked.push({ certificate, ground });
      }
    }
    for (const [issuanceId, events] of eventsOf(asked, on))
      await appendEvents(tx, insurerNumber, issuanceId, context.actor, events);
    const counts = { lost: 0, enrolled: 0, superseded: 0 };
    for (const { ground } of asked) counts[ground] += 1;
    await writeJournal(tx, context.actor, 'recall-list', null, counts);
    const files = [await writeList(outDir, asked), await writeSlips(outDir, asked)];
    return { counts, workplaces: new Set(asked.map((a) => a.certificate.symbol)).size, files };
  });
}

function factsOf(certificate: CertificateOut, on: LocalDate): Parameters<typeof recallGround>[0] {
  const { enrolment } = certificate;
  const isVerifiable =
    enrolment !== null &&
    enrolment.linked &&
    enrolment.card === 'held' &&
    enrolment.registration === 'registered' &&
    !hasDigitalCertificateEnded(enrolment, on);
  return {
    // Who is not in the newest file any more has lost eligibility by now.
    lostOn: certificate.isMember ? certificate.lostOn : on,
    validThrough: certificate.validThrough,
    isVerifiable,
    isSuperseded: certificate.state === 'superseded',
  };
}

/** What is new about each: a demand, or a request where none has been made. By issuance, as events belong to one. */
function eventsOf(
  asked: readonly { certificate: CertificateOut; ground: RecallGround }[],
  on: LocalDate,
): Map<number, NewEvent[]> {
  const events = new Map<number, NewEvent[]>();
  for (const { certificate, ground } of asked) {
    const event = ground === 'lost' ? 'demand-return' : 'request-return';
    const isNew = ground === 'lost' ? certificate.state !== 'return-demanded' : certificate.state === 'issued';
    if (!isNew || certificate.state === 'superseded') continue;
    const list = events.get(certificate.issuanceId) ?? [];
    const { certificateNumber } = certificate;
    list.push({
      subject: 'certificate',
      paperNumber: certificateNumber,
      event,
      reason: ground,
      source: '',
      key: `${event}:${certificateNumber}:${on}`,
    });
    events.set(certificate.issuanceId, list);
  }
  return events;
}

async function writeList(
  outDir: string,
  asked: readonly { certificate: CertificateOut; ground: RecallGround }[],
): Promise<string> {
  const writer = await TextFileWriter.create(path.join(outDir, 'recall-list.csv'));
  await writer.write(csvLine(['記号', '番号', '枝番', '証番号', '区分', '理由']));
  for (const { certificate, ground } of asked) {
    const { symbol, number, subNumber, certificateNumber } = certificate;
    const kind = ground === 'lost' ? '回収' : '返却のお願い';
    await writer.write(csvLine([symbol, number, subNumber, certificateNumber, kind, RECALL_GROUND_LABELS[ground]]));
  }
  await writer.finish();
  return 'recall-list.csv';
}

async function writeSlips(
  outDir: string,
  asked: readonly { certificate: CertificateOut; ground: RecallGround }[],
): Promise<string> {
  const slips = new Map<string, { lost: number; requested: number }>();
  for (const { certificate, ground } of asked) {
    const slip = slips.get(certificate.symbol) ?? { lost: 0, requested: 0 };
    slip[ground === 'lost' ? 'lost' : 'requested'] += 1;
    slips.set(certificate.symbol, slip);
  }
  const writer = await TextFileWriter.create(path.join(outDir, 'recall-slips.csv'));
  await writer.write(csvLine(['記号', '回収する枚数', '返却をお願いする枚数']));
  for (const [symbol, { lost, requested }] of slips) await writer.write(csvLine([symbol, lost, requested]));
  await writer.finish();
  return 'recall-slips.csv';
}

/** Checks a certificate in by its QR code; any issuance of the insurer. The same again says so. */
export async function checkInCertificate(context: Context, insurerNumber: string, code: string): Promise<ScanAnswer> {
  const number = code.replaceAll(/[-\s]/g, '');
  const parsed = /^\d{14}$/.test(number) ? parsePaperNumber(number) : null;
  if (!parsed) return { kind: 'stranger', text: '資格確認書の番号ではありません', road: null };
  if (parsed.kind === 'mailpiece')
    return { kind: 'stranger', text: '郵便物の番号です。資格確認書のQRコードを読み取ってください', road: null };
  return context.database.transaction(async (tx): Promise<ScanAnswer> => {
    await lockChain(tx, insurerNumber);
    const run = await findIssuance(tx, insurerNumber, parsed.run);
    const state = run ? (await findStates(tx, run.id, 'certificate', [number])).get(number) : undefined;
    if (!run || state === undefined)
      return { kind: 'stranger', text: 'この保険者の資格確認書ではありません', road: null };
    if (state === 'given-back') return { kind: 'already', text: '回収済みです', road: null };
    if (['made', 'withdrawn', 'expired'].includes(state))
      return { kind: 'refused', text: `「${PAPER_STATE_LABELS[state]}」の証です`, road: null };
    await appendEvents(tx, insurerNumber, run.id, context.actor, [
      {
        subject: 'certificate',
        paperNumber: number,
        event: 'give-back',
        reason: '',
        source: '',
        key: `give-back:${number}`,
      },
    ]);
    return { kind: 'recorded', text: '回収しました', road: null };
  });
}
