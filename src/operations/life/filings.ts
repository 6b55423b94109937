// Room: operations. Takes filings of loss and change in: what each asks of the certificates and of the old card, who filed
// late, and what came with it (健保則29条, 51条; 003, 004). A filing taken twice is one.
import { nextState } from '../../rules/papers/lifecycle.ts';
import path from 'node:path';
import { readFilings } from '../../formats/filings.ts';
import type { Filing } from '../../formats/filings.ts';
import { IntakeFault, ROW_ERROR_LABELS } from '../../formats/intake.ts';
import { findLatestDataset } from '../../ledger/intake/datasets.ts';
import { spellAsMembers } from '../../ledger/intake/fits.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { findInsuredClasses, insertFilings } from '../../ledger/life/filings.ts';
import type { FilingRow } from '../../ledger/life/filings.ts';
import { findCertificatesInHand, findCertificatesToGo } from '../../ledger/papers/in-hand.ts';
import { appendEvents, lockChain } from '../../ledger/papers/events.ts';
import type { NewEvent } from '../../ledger/papers/events.ts';
import { findIssuance, writeJournal } from '../../ledger/papers/issuances.ts';
import { writeDemands } from '../../ledger/life/recalls.ts';
import { endsCover, isCoveredOn } from '../../rules/intake/eligibility.ts';
import { hasNoEmployer } from '../../rules/intake/passage.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { filingDeadline, isFilingLate, termsOf } from '../../rules/life/deadlines.ts';
import { legacyCardDuty } from '../../rules/life/recall.ts';
import { SCHEMES } from '../../rules/papers/scheme.ts';
import type { LegacyCardDuty } from '../../rules/life/recall.ts';
import { Refusal, throwIfStopped } from '../context.ts';
import type { Context } from '../context.ts';
import type { CertificateIssuance } from '../issuance.ts';
import { withdrawPaper } from '../posting/withdrawals.ts';

export interface TakenFilings {
  readonly recorded: number;
  readonly already: number;
  /** Losses that arrived after their day (`filingDeadline`). */
  readonly late: number;
  /** Certificates asked back by law through these filings. */
  readonly demanded: number;
  /** Certificates withdrawn before they were posted, because of them (引き抜き). */
  readonly withdrawn: number;
  /** Certificates that came with them. */
  readonly givenBack: number;
  readonly unrecoverable: number;
  /** Corrections opened by a 氏名変更届 (健保則48条): another certificate is made when the file has the new name. */
  readonly corrections: number;
  /** What the filings ask of the old card, and where it is due and did not come. */
  readonly legacyCards: Readonly<Record<LegacyCardDuty, number>> & { readonly stillDue: number };
  readonly refused: readonly { readonly line: number; readonly why: string }[];
}

interface Counts {
  recorded: number;
  already: number;
  late: number;
  demanded: number;
  withdrawn: number;
  givenBack: number;
  unrecoverable: number;
  corrections: number;
  legacyCards: Record<LegacyCardDuty, number> & { stillDue: number };
}

/**
 * Records 喪失届.csv: rows that are right are recorded, rows that cannot be are refused one by one.
 *
 * @param within the transaction it is part of, and fails with; null = each batch of rows is one of its own
 */
export async function takeFilings(
  context: Context,
  profile: InsurerProfile,
  file: string,
  processedOn: LocalDate,
  within: Transaction | null = null,
): Promise<TakenFilings> {
  const fileName = path.basename(file);
  const refused: { line: number; why: string }[] = [];
  const counts: Counts = {
    recorded: 0,
    already: 0,
    late: 0,
    demanded: 0,
    withdrawn: 0,
    givenBack: 0,
    unrecoverable: 0,
    corrections: 0,
    legacyCards: {
      'return-through-workplace': 0,
      'return-to-insurer': 0,
      'destroy-allowed': 0,
      stillDue: 0,
    },
  };
  try {
    for await (const { rows, errors } of readFilings(file, {})) {
      throwIfStopped(context);
      for (const { line, column, code, expected } of errors)
        refused.push({ line, why: `${column}: ${ROW_ERROR_LABELS[code]}。必要なもの: ${expected}` });
      const early = rows.filter(({ value }) => value.processedOn === null && value.arrivedOn > processedOn);
      for (const { line } of early)
        refused.push({ line, why: `到着年月日: 処理する日（${processedOn}）より後の日付です` });
      const right = rows.filter((row) => !early.includes(row));
      if (right.length > 0) await record(context, profile, fileName, right, processedOn, counts, within);
    }
  } catch (error) {
    if (error instanceof IntakeFault) throw new Refusal(error.code, `${fileName}: ${error.message}`);
    throw error;
  }
  return { ...counts, refused };
}

async function record(
  context: Context,
  profile: InsurerProfile,
  fileName: string,
  rows: readonly { readonly line: number; readonly value: Filing }[],
  today: LocalDate,
  counts: Counts,
  within: Transaction | null,
): Promise<void> {
  const { number: insurerNumber } = profile.insurer;
  const scheme = SCHEMES[profile.scheme];
  const terms = termsOf(scheme);
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    within ? work(within) : context.database.transaction(work);
  await inTransaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const members = await findLatestDataset(tx, insurerNumber, 'members');
    const given = rows.map((row) => row.value);
    const filings = members ? await spellAsMembers(tx, members.id, given) : given;
    const classes = await findInsuredClasses(tx, members?.id ?? 0, filings);
    const judged = filings.map((value, i): FilingRow => {
      const hasEmployer = !hasNoEmployer(classes.get(`${value.symbol}-${value.number}`) ?? 'general');
      return {
        ...value,
        processedOn: value.processedOn ?? today,
        isLate: isFilingLate(filingDeadline(value.kind, hasEmployer, value.effectiveOn, terms), value.arrivedOn),
        legacyDuty: legacyCardDuty(value.arrivedOn, hasEmployer, scheme),
        source: `${fileName}:${rows[i]!.line}`,
      };
    });
    const isNew = await insertFilings(tx, insurerNumber, context.actor, judged);
    const fresh = judged.filter((_, i) => isNew[i]);
    counts.already += judged.length - fresh.length;
    for (const row of fresh) count(counts, row);
    await requestReturns(tx, context, insurerNumber, fresh, counts);
    counts.withdrawn += await withdrawLost(tx, context, insurerNumber, fresh, today);
    await writeJournal(
      tx,
      context.actor,
      'filings',
      { insurerNumber, id: null },
      { file: fileName, rows: fresh.length },
    );
  });
}

function count(counts: Counts, row: FilingRow): void {
  counts.recorded += 1;
  if (row.isLate) counts.late += 1;
  counts.legacyCards[row.legacyDuty] += 1;
  if (row.legacyDuty !== 'destroy-allowed' && row.legacyCard === 'unsaid') counts.legacyCards.stillDue += 1;
}

/** Whether a filing ends a person's cover. */
function endsFor(filing: FilingRow, person: PersonKey): boolean {
  const isOfHousehold = filing.symbol === person.symbol && filing.number === person.number;
  return isOfHousehold && endsCover(filing, person.subNumber);
}

/** Pulls out what has not been posted yet of persons who have lost eligibility by today (000: 引き抜き). */
async function withdrawLost(
  tx: Transaction,
  context: Context,
  insurerNumber: string,
  filings: readonly FilingRow[],
  today: LocalDate,
): Promise<number> {
  const due = filings.filter((filing) => !isCoveredOn(filing.effectiveOn, today));
  let withdrawn = 0;
  for (const paper of await findCertificatesToGo(tx, insurerNumber, due)) {
    const filing = due.find((candidate) => endsFor(candidate, paper));
    if (!filing) continue;
    const issuance = await findIssuance<CertificateIssuance>(tx, insurerNumber, paper.issuanceId);
    if (!issuance) throw new Error('a certificate of an issuance');
    const cause = { code: 'lost', lostOn: filing.effectiveOn } as const;
    const outcome = await withdrawPaper(tx, context, issuance, paper, '資格喪失の届出', filing.source, cause);
    if (outcome.kind === 'recorded') withdrawn += 1;
  }
  return withdrawn;
}

type InHand = Awaited<ReturnType<typeof findCertificatesInHand>>[number];

/** The certificate that came with its holder's 氏名変更届. */
function isForCorrection(filing: FilingRow, c: InHand): boolean {
  const isOwn = filing.symbol === c.symbol && filing.number === c.number && filing.subNumber === c.subNumber;
  return filing.kind === 'name-change' && filing.certificate === 'attached' && isOwn;
}

/** 健保則36条, 48条1項: handed in with the filing, the certificate is corrected, that is another is made of the new name. */
function openCorrection(filing: FilingRow, c: InHand, events: Map<number, NewEvent[]>, counts: Counts): void {
  const { certificateNumber: number, state, issuanceId } = c;
  const list = events.get(issuanceId) ?? [];
  events.set(issuanceId, list);
  const common = { subject: 'certificate', paperNumber: number, source: filing.source, on: filing.arrivedOn } as const;
  if (nextState('certificate', 'reissue', state) !== undefined) {
    list.push({ ...common, event: 'reissue', key: `reissue:${number}`, reason: 'name-changed' });
    counts.corrections += 1;
  }
  if (nextState('certificate', 'give-back', state) === undefined) return;
  list.push({ ...common, event: 'give-back', key: `give-back:${number}`, reason: '氏名変更届に添付' });
  counts.givenBack += 1;
}

/**
 * Demands the certificates of persons who lost eligibility; the insured person's loss is the household's. What came with the
 * filing is back, what cannot come is given up with its reason.
 */
async function requestReturns(
  tx: Transaction,
  context: Context,
  insurerNumber: string,
  filings: readonly FilingRow[],
  counts: Counts,
): Promise<void> {
  const certificates = await findCertificatesInHand(tx, insurerNumber, filings);
  const events = new Map<number, NewEvent[]>();
  const demands: Parameters<typeof writeDemands>[2][number][] = [];
  const demanded = new Set<string>();
  for (const filing of filings) {
    for (const c of certificates) {
      if (isForCorrection(filing, c)) openCorrection(filing, c, events, counts);
      if (!endsFor(filing, c)) continue;
      const isOwn = c.subNumber === filing.subNumber;
      const { certificateNumber: number } = c;
      const list = events.get(c.issuanceId) ?? [];
      events.set(c.issuanceId, list);
      const add = (event: NewEvent['event'], key: string, reason: string): void => {
        const on = filing.arrivedOn;
        list.push({ subject: 'certificate', paperNumber: number, event, reason, source: filing.source, key, on });
      };
      let isDemanded = demanded.has(number) || c.state === 'return-demanded';
      if (!isDemanded && nextState('certificate', 'demand-return', c.state) !== undefined) {
        add('demand-return', `demand-return:${number}:${c.seq}`, 'lost');
        const { effectiveOn: lostOn, processedOn } = filing;
        demands.push({ certificateNumber: number, ground: 'lost', lostOn, processedOn });
        demanded.add(number);
        counts.demanded += 1;
        isDemanded = true;
      }
      if (!isOwn || !isDemanded) continue;
      if (filing.certificate === 'attached') {
        add('give-back', `give-back:${number}`, '届書に添付');
        counts.givenBack += 1;
      } else if (filing.certificate === 'unrecoverable') {
        add('give-up', `give-up:${number}`, filing.reason);
        counts.unrecoverable += 1;
      }
    }
  }
  for (const [issuanceId, list] of events) await appendEvents(tx, insurerNumber, issuanceId, context.actor, list);
  await writeDemands(tx, insurerNumber, demands);
}
