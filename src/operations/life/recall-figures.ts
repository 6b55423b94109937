// Room: operations. Recall in figures: what the law asks back and what was requested, never in one sum; the one-month rate;
// reminders in time; losses filed late, by workplace.
import { countLateFilings, countLegacyCards } from '../../ledger/life/filings.ts';
import { countRequests, listDemands } from '../../ledger/life/recalls.ts';
import type { Demand } from '../../ledger/life/recalls.ts';
import type { PaperState } from '../../rules/papers/lifecycle.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { oneMonthAfter } from '../../rules/life/recall.ts';
import type { LegacyCardDuty, RequestGround } from '../../rules/life/recall.ts';
import type { Context } from '../context.ts';
import { isReminderLate } from './recall.ts';

/** Papers asked back, and what became of them: the six add up to `asked`. */
export interface Outcomes {
  readonly asked: number;
  readonly givenBack: number;
  readonly missing: number;
  readonly unrecoverable: number;
  readonly expired: number;
  readonly void: number;
  readonly open: number;
}

export interface RecallFigures {
  readonly on: LocalDate;
  /** Statutory (健保則48条, 49条, 51条). */
  readonly duty: Outcomes & {
    readonly remindedFirst: number;
    readonly remindedLate: number;
    /** Of losses whose month is over: how many papers there were, and how many came within it. */
    readonly oneMonth: { readonly asked: number; readonly givenBack: number; readonly percent: number | null };
  };
  /** Requests, by the ground first named. A paper the law asks for later is counted there alone (`becameDuty`). */
  readonly requests: Readonly<Record<RequestGround, Outcomes & { readonly becameDuty: number }>>;
  readonly filings: readonly { readonly symbol: string; readonly filings: number; readonly late: number }[];
  readonly legacyCards: readonly { readonly duty: LegacyCardDuty; readonly card: string; readonly count: number }[];
}

/**
 * Counts papers where they stand now; `on` decides which losses are a month old. Figures are those of the whole insurer, which
 * `whole` sees; workplaces with their filings are those that `viewer` sees.
 */
export async function recallFigures(
  whole: Context,
  insurerNumber: string,
  on: LocalDate,
  viewer: Context = whole,
): Promise<RecallFigures> {
  const filings = await viewer.database.transaction((tx) => countLateFilings(tx, insurerNumber));
  return whole.database.transaction(async (tx) => {
    await tx.execute('set transaction isolation level repeatable read');
    const demands = await listDemands(tx, insurerNumber);
    const requested = await countRequests(tx, insurerNumber);
    const request = (ground: RequestGround): RecallFigures['requests'][RequestGround] => {
      const own = requested.filter((row) => row.ground === ground);
      const becameDuty = own.reduce((sum, row) => sum + (row.isDemanded ? row.count : 0), 0);
      return { ...outcomesOf(own.filter((row) => !row.isDemanded)), becameDuty };
    };
    const reminded = demands.filter((demand) => demand.firstRemindedOn !== null);
    return {
      on,
      duty: {
        ...outcomesOf(demands.map(({ state }) => ({ state, count: 1 }))),
        remindedFirst: reminded.length,
        remindedLate: reminded.filter((demand) => isReminderLate(demand, demand.firstRemindedOn!)).length,
        oneMonth: oneMonthOf(demands, on),
      },
      requests: { enrolled: request('enrolled'), superseded: request('superseded') },
      filings,
      legacyCards: await countLegacyCards(tx, insurerNumber),
    };
  });
}

function outcomesOf(papers: readonly { readonly state: PaperState; readonly count: number }[]): Outcomes {
  const total = (rows: typeof papers): number => rows.reduce((sum, row) => sum + row.count, 0);
  const inState = (state: PaperState): number => total(papers.filter((row) => row.state === state));
  const ended = {
    givenBack: inState('given-back'),
    missing: inState('missing'),
    unrecoverable: inState('unrecoverable'),
    expired: inState('expired'),
    void: inState('void'),
  };
  const closed = Object.values(ended).reduce((sum, count) => sum + count, 0);
  return { asked: total(papers), ...ended, open: total(papers) - closed };
}

function oneMonthOf(demands: readonly Demand[], on: LocalDate): RecallFigures['duty']['oneMonth'] {
  const over = demands.filter((d) => d.lostOn !== null && oneMonthAfter(d.lostOn) <= on);
  const back = over.filter((d) => d.givenBackOn !== null && d.givenBackOn <= oneMonthAfter(d.lostOn!));
  const percent = over.length === 0 ? null : Math.round((back.length / over.length) * 10_000) / 100;
  return { asked: over.length, givenBack: back.length, percent };
}
