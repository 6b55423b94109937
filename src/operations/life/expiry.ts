// Room: operations. Certificates that end by their date: nothing to do but said. And how many end in each month to come, so
// that the next wave is no surprise.
import { appendEvents, lockChain } from '../../ledger/papers/events.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import { listExpired } from '../../ledger/life/validity.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { recallGround } from '../../rules/life/recall.ts';
import type { Context } from '../context.ts';
import { factsOf, readOut } from './recall.ts';

/** Records the certificates that have ended before a day; nobody is asked for them (004). Again adds nothing. */
export async function expireCertificates(context: Context, insurerNumber: string, on: LocalDate): Promise<number> {
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const ended = await listExpired(tx, insurerNumber, on);
    for (const [issuanceId, papers] of Map.groupBy(ended, (paper) => paper.issuanceId)) {
      const events = papers.map(({ certificateNumber: number, validThrough }) => ({
        ...({
          subject: 'certificate',
          paperNumber: number,
          event: 'expire',
          reason: '',
          source: '',
        } as const),
        key: `expire:${number}`,
        on: validThrough,
      }));
      await appendEvents(tx, insurerNumber, issuanceId, context.actor, events);
    }
    if (ended.length > 0)
      await writeJournal(tx, context.actor, 'expire', { insurerNumber, id: null }, { certificates: ended.length });
    return ended.length;
  });
}

/** Certificates whose validity ends in a month. */
export interface ForecastMonth {
  /** `YYYY-MM`. */
  readonly month: string;
  /** To be made again: the holder has nothing else to show on that day, as far as today's files say. */
  readonly renewals: number;
  readonly households: number;
  /** Ends with them, but not made again: asked back meanwhile (lost, enrolled, superseded). */
  readonly notRenewed: number;
}

export interface Forecast {
  readonly on: LocalDate;
  readonly months: readonly ForecastMonth[];
  readonly renewals: number;
}

/** Renewals by month, after the newest files as they stand on a day. */
export async function forecastRenewals(context: Context, insurerNumber: string, on: LocalDate): Promise<Forecast> {
  const months = new Map<string, { renewals: number; notRenewed: number; households: number }>();
  await context.database.transaction(async (tx) => {
    const last = new Map<string, string>();
    for await (const batch of readOut(tx, insurerNumber)) {
      for (const certificate of batch) {
        if (certificate.validThrough < on) continue;
        const name = certificate.validThrough.slice(0, 7);
        const month = months.get(name) ?? { renewals: 0, notRenewed: 0, households: 0 };
        months.set(name, month);
        // A person whose certificate is superseded is renewed with the newer one.
        if (certificate.state === 'return-demanded' || recallGround(factsOf(certificate, on), on) !== null) {
          month.notRenewed += 1;
          continue;
        }
        month.renewals += 1;
        // Rows come by household: another household than the last one counted in this month is a new one.
        const household = `${certificate.symbol}-${certificate.number}`;
        if (last.get(name) !== household) month.households += 1;
        last.set(name, household);
      }
    }
  });
  const sorted = [...months].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([month, counts]) => ({ month, ...counts }));
  return { on, months: sorted, renewals: sorted.reduce((sum, month) => sum + month.renewals, 0) };
}
