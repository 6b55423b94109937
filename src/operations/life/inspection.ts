// Room: operations. The yearly inspection (検認・更新, 健保則50条): a person who presents the certificate keeps it; one that was not
// presented is void (50条9項).
import { appendEvents, lockChain } from '../../ledger/papers/events.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { countPresented, listNotPresented } from '../../ledger/life/validity.ts';
import { PRESENTABLE } from '../../rules/papers/lifecycle.ts';
import { citeRegulation, schemeOfInsurer } from '../../rules/papers/scheme.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { ScanAnswer } from '../posting/piece-events.ts';
import { answer, refusedIn, withCertificate } from './recall-return.ts';

/** Notes that a certificate was presented at an inspection (named by staff: 「2026」). Again is the same. */
export async function presentCertificate(
  context: Context,
  insurerNumber: string,
  inspection: string,
  code: string,
  on: LocalDate,
): Promise<ScanAnswer> {
  return withCertificate(context, insurerNumber, code, async ({ number, state, isKnown, record }) => {
    const key = presentKey(inspection, number);
    if (await isKnown(key)) return answer('already', 'この検認では提示済みです');
    if (!PRESENTABLE.includes(state)) return refusedIn(state);
    await record({ event: 'present', key, reason: inspection, on });
    return answer('recorded', '検認しました');
  });
}

const presentKey = (inspection: string, number: string): string => `present:${inspection}:${number}`;

export interface ClosedInspection {
  readonly presented: number;
  /** In hand since before the inspection began, and not presented. */
  readonly notPresented: number;
  /** False = only counted. */
  readonly isDone: boolean;
}

/**
 * Ends an inspection: what was issued by `issuedThrough`, is in a holder's hand and was not presented becomes void. Without
 * `isConfirmed` it only counts.
 *
 * @throws Refusal where nobody presented anything: a name that was mistyped would void every certificate there is.
 */
export async function closeInspection(
  context: Context,
  insurerNumber: string,
  inspection: string,
  issuedThrough: LocalDate,
  on: LocalDate,
  isConfirmed: boolean,
): Promise<ClosedInspection> {
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const presented = await countPresented(tx, insurerNumber, presentKey(inspection, ''));
    if (presented === 0)
      throw new Refusal(
        'inspection-unknown',
        `検認「${inspection}」で提示された資格確認書がありません。名前を確かめてください。`,
      );
    const absent = await listNotPresented(tx, insurerNumber, presentKey(inspection, ''), issuedThrough);
    const counts = { presented, notPresented: absent.length };
    if (!isConfirmed) return { ...counts, isDone: false };
    const article = citeRegulation(schemeOfInsurer(insurerNumber), 'inspectionVoid');
    for (const [issuanceId, papers] of Map.groupBy(absent, (paper) => paper.issuanceId)) {
      const events = papers.map(({ certificateNumber: number }) => ({
        ...({
          subject: 'certificate',
          paperNumber: number,
          event: 'annul',
          source: '',
        } as const),
        reason: `検認「${inspection}」で提示なし（${article}）`,
        key: `annul:${inspection}:${number}`,
        on,
      }));
      await appendEvents(tx, insurerNumber, issuanceId, context.actor, events);
    }
    await writeJournal(tx, context.actor, 'inspection', { insurerNumber, id: null }, counts);
    return { ...counts, isDone: true };
  });
}
