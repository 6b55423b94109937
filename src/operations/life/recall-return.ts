// Room: operations. Certificates that come back, one by one or by count, against the slip that asked for them; and those
// that cannot: declared missing, found again, given up.
import { findStates } from '../../ledger/papers/states.ts';
import { appendEvents, findKeys, listEvents, lockChain } from '../../ledger/papers/events.ts';
import type { NewEvent } from '../../ledger/papers/events.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { findIssuance, writeJournal } from '../../ledger/papers/issuances.ts';
import { countMissing, findSlip, listSlipPapers, writeDemands, writeReceipt } from '../../ledger/life/recalls.ts';
import type { RecallSlip } from '../../ledger/life/recalls.ts';
import { citeRegulation, schemeOfInsurer } from '../../rules/papers/scheme.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import { NEVER_ISSUED, PAPER_STATE_LABELS, RECALL_CLOSED, nextState } from '../../rules/papers/lifecycle.ts';
import type { PaperEvent, PaperState } from '../../rules/papers/lifecycle.ts';
import { isDuty } from '../../rules/life/recall.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { ScanAnswer } from '../posting/piece-events.ts';

/** A certificate at hand: whose issuance it is of and where it stands. */
interface AtHand {
  readonly tx: Transaction;
  readonly number: string;
  readonly state: PaperState;
  /** Whether an event of this key is in the chain. */
  readonly isKnown: (key: string) => Promise<boolean>;
  /** Appends events of this certificate. */
  readonly record: (
    ...events: readonly (Pick<NewEvent, 'event' | 'key'> & Partial<Pick<NewEvent, 'reason' | 'on'>>)[]
  ) => Promise<ScanAnswer>;
}

export const answer = (kind: ScanAnswer['kind'], text: string): ScanAnswer => ({ kind, text, nextStep: null });
export const refusedIn = (state: PaperState): ScanAnswer =>
  answer('refused', `「${PAPER_STATE_LABELS[state]}」の証です`);

/** Finds the certificate a code names, of any issuance of the insurer, and lets `work` decide. */
export async function withCertificate(
  context: Context,
  insurerNumber: string,
  code: string,
  work: (at: AtHand) => Promise<ScanAnswer>,
): Promise<ScanAnswer> {
  const parsed = parsePaperNumber(code);
  if (!parsed) return answer('stranger', '資格確認書の番号ではありません');
  if (parsed.kind === 'mailpiece')
    return answer('stranger', '郵便物の番号です。資格確認書のQRコードを読み取ってください');
  const { number } = parsed;
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const issuance = await findIssuance(tx, insurerNumber, parsed.run);
    const state = issuance ? (await findStates(tx, issuance.id, 'certificate', [number])).get(number) : undefined;
    if (!issuance || state === undefined) return answer('stranger', 'この保険者の資格確認書ではありません');
    const record: AtHand['record'] = async (...events) => {
      const whole = events.map((event) => ({
        ...({ subject: 'certificate', paperNumber: number, reason: '', source: '' } as const),
        ...event,
      }));
      await appendEvents(tx, insurerNumber, issuance.id, context.actor, whole);
      return answer('recorded', '');
    };
    const isKnown = async (key: string): Promise<boolean> => (await findKeys(tx, insurerNumber, [key])).has(key);
    return work({ tx, number, state, isKnown, record });
  });
}

/** Checks a certificate in by its QR code. The same again says so. */
export async function checkInCertificate(
  context: Context,
  insurerNumber: string,
  code: string,
  on: LocalDate | null = null,
): Promise<ScanAnswer> {
  return withCertificate(context, insurerNumber, code, async ({ tx, number, state, record }) => {
    if (state === 'given-back') return answer('already', '回収済みです');
    if (NEVER_ISSUED.includes(state)) return refusedIn(state);
    // Void since it was spoiled: nobody ever had it.
    const wasIssued = (await listEvents(tx, insurerNumber, [number])).some((e) => e.event === 'issue');
    if (!wasIssued) return refusedIn(state);
    await record({ event: 'give-back', key: `give-back:${number}`, on });
    return answer('recorded', '回収しました');
  });
}

/** The certificate is lost. A second loss after it was found is a loss of its own. */
export async function declareMissing(
  context: Context,
  insurerNumber: string,
  code: string,
  reason: string,
  on: LocalDate | null,
): Promise<ScanAnswer> {
  return withCertificate(context, insurerNumber, code, async ({ tx, number, state, record }) => {
    if (state === 'missing') return answer('already', '紛失の届出は登録済みです');
    if (nextState('certificate', 'declare-missing', state) === undefined) return refusedIn(state);
    const before = await countMissing(tx, insurerNumber, number);
    await record({ event: 'declare-missing', key: `missing:${number}:${before + 1}`, reason, on });
    return answer('recorded', '紛失として登録しました。再交付の後に見つかったときは、すぐに返納されます');
  });
}

/**
 * A missing certificate is found. Where another was issued for it, it goes back at once (健保則49条); else it is what it
 * was before it was missing.
 */
export async function declareFound(
  context: Context,
  insurerNumber: string,
  code: string,
  on: LocalDate,
): Promise<ScanAnswer> {
  return withCertificate(context, insurerNumber, code, async ({ tx, number, state, isKnown, record }) => {
    const times = await countMissing(tx, insurerNumber, number);
    if (times === 0) return answer('refused', '紛失の届出がありません');
    const key = `found:${number}:${times}`;
    if (await isKnown(key)) return answer('already', '発見は登録済みです');
    const demand = async (): Promise<ScanAnswer> => {
      await writeDemands(tx, insurerNumber, [
        { certificateNumber: number, ground: 'found', lostOn: null, processedOn: on },
      ]);
      const article = citeRegulation(schemeOfInsurer(insurerNumber), 'foundAgain');
      return answer('recorded', `再交付の後に見つかった証です。すぐに返納してください（${article}）`);
    };
    if (nextState('certificate', 'find', state) === 'return-demanded') {
      await record({ event: 'find', key, on });
      return demand();
    }
    if (state !== 'missing') return refusedIn(state);
    const before = (await listEvents(tx, insurerNumber, [number])).findLast((e) => e.event === 'declare-missing')!.from;
    await record({ event: 'find', key, on });
    if (before === 'superseded') {
      await record(
        { event: 'supersede', key: `${key}:again`, on },
        { event: 'demand-return', key: `${key}:demand`, reason: 'found', on },
      );
      return demand();
    }
    const asked = ASKING.find((event) => nextState('certificate', event, 'issued') === before);
    if (asked === undefined) return answer('recorded', '発見として登録しました。引き続き使えます');
    await record({ event: asked, key: `${key}:${asked}`, on });
    return answer('recorded', `発見として登録しました。「${PAPER_STATE_LABELS[before]}」に戻ります`);
  });
}

/** What was asked before a certificate was missing is asked again. */
const ASKING = ['request-return', 'demand-return'] as const satisfies readonly PaperEvent[];

/** 回収不能: the employer cannot collect what the law asks for, and says why. */
export async function giveUpReturn(
  context: Context,
  insurerNumber: string,
  code: string,
  reason: string,
  on: LocalDate | null,
): Promise<ScanAnswer> {
  if (reason.trim() === '') throw new Refusal('arguments', '回収できない理由を入れてください。');
  return withCertificate(context, insurerNumber, code, async ({ number, state, record }) => {
    if (state === 'unrecoverable') return answer('already', '回収不能の届出は登録済みです');
    if (state !== 'return-demanded') return refusedIn(state);
    const key = `give-up:${number}`;
    await record({ event: 'give-up', key, reason, on });
    return answer('recorded', '回収不能として登録しました');
  });
}

/** What came back with a slip, and how it differs from what the slip says and asks. */
export interface Receipt {
  readonly slip: RecallSlip;
  readonly way: 'scan' | 'count';
  /** Written on the slip by the workplace, or null. */
  readonly declared: number | null;
  /** Papers in the envelope. */
  readonly counted: number;
  readonly listed: number;
  /** Came with this slip, asked of nobody or of another workplace. */
  readonly unlisted: readonly string[];
  /** Asked for by this slip and still out, duties first. */
  readonly open: readonly {
    readonly certificateNumber: string;
    readonly state: PaperState;
    readonly isDuty: boolean;
  }[];
  /** By count alone: whether the papers of the slip were recorded as given back. */
  readonly isRecorded: boolean;
}

const isOpen = (state: PaperState): boolean => !RECALL_CLOSED.includes(state);

async function getSlip(
  tx: Transaction,
  insurerNumber: string,
  symbol: string,
  on: LocalDate,
): Promise<{ slip: RecallSlip; papers: Awaited<ReturnType<typeof listSlipPapers>> }> {
  const slip = await findSlip(tx, insurerNumber, symbol, on);
  if (!slip)
    throw new Refusal('slip-missing', `${symbol} の回収連絡書がありません。先に回収対象者リストを作ってください。`);
  return { slip, papers: await listSlipPapers(tx, slip.id) };
}

/** Closes an envelope whose papers were checked in one by one: compares them with the workplace's newest slip. */
export async function closeReceipt(
  context: Context,
  insurerNumber: string,
  symbol: string,
  on: LocalDate,
  declared: number | null,
  scanned: readonly string[],
): Promise<Receipt> {
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const { slip, papers } = await getSlip(tx, insurerNumber, symbol, on);
    const asked = new Set(papers.map((paper) => paper.certificateNumber));
    const numbers = [...new Set(scanned)];
    const unlisted = numbers.filter((number) => !asked.has(number));
    return close(tx, context, insurerNumber, slip, papers, {
      way: 'scan',
      on,
      declared,
      counted: numbers.length,
      listed: numbers.length - unlisted.length,
      unlisted,
      isRecorded: true,
    });
  });
}

/**
 * Takes an envelope by count: where as many came as the slip still waits for, all of them are back. Another count says
 * nothing about which, so nothing is recorded but the receipt, and the papers must be read one by one.
 */
export async function receiveByCount(
  context: Context,
  insurerNumber: string,
  symbol: string,
  on: LocalDate,
  declared: number | null,
  counted: number,
): Promise<Receipt> {
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const { slip, papers } = await getSlip(tx, insurerNumber, symbol, on);
    const waiting = papers.filter((paper) => isOpen(paper.state));
    const isRecorded = counted > 0 && counted === waiting.length;
    if (isRecorded) {
      for (const [issuanceId, group] of Map.groupBy(waiting, (paper) => paper.issuanceId)) {
        const events = group.map(({ certificateNumber: number }) => ({
          ...({
            subject: 'certificate',
            paperNumber: number,
            event: 'give-back',
            source: '',
          } as const),
          reason: '枚数で確認',
          key: `give-back:${number}`,
          on,
        }));
        await appendEvents(tx, insurerNumber, issuanceId, context.actor, events);
      }
    }
    const after = isRecorded ? await listSlipPapers(tx, slip.id) : papers;
    const listed = isRecorded ? counted : 0;
    return close(tx, context, insurerNumber, slip, after, {
      way: 'count',
      on,
      declared,
      counted,
      listed,
      unlisted: [],
      isRecorded,
    });
  });
}

async function close(
  tx: Transaction,
  context: Context,
  insurerNumber: string,
  slip: RecallSlip,
  papers: Awaited<ReturnType<typeof listSlipPapers>>,
  came: Pick<Receipt, 'way' | 'declared' | 'counted' | 'listed' | 'unlisted' | 'isRecorded'> & {
    readonly on: LocalDate;
  },
): Promise<Receipt> {
  const { on, ...rest } = came;
  const open = papers
    .filter((paper) => isOpen(paper.state))
    .map(({ certificateNumber, state, ground }) => ({
      certificateNumber,
      state,
      isDuty: isDuty(ground),
    }))
    .toSorted((a, b) => Number(b.isDuty) - Number(a.isDuty));
  await writeReceipt(tx, {
    slipId: slip.id,
    receivedOn: on,
    way: rest.way,
    declaredCount: rest.declared,
    countedCount: rest.counted,
    listedCount: rest.listed,
    unlistedCount: rest.unlisted.length,
    openCount: open.length,
    actor: context.actor,
  });
  await writeJournal(
    tx,
    context.actor,
    'recall-receipt',
    { insurerNumber, id: null },
    { counted: rest.counted, open: open.length },
  );
  return { slip, ...rest, open };
}
