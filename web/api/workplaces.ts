// Room: web/api. Workplaces and what passes through them.
import { queryOptions } from '@tanstack/react-query';
import type { ActionOutcome, HandOverPlan, WorkplaceList, WorkplacePage } from '../../src/server/contract/papers.ts';
import { address, get, post } from './client.ts';

export type { HandOverPlan, WorkplaceList, WorkplacePage };

export const workplacesQuery = (q: string, cursor: string) =>
  queryOptions({
    queryKey: ['workplaces', q, cursor],
    queryFn: ({ signal }) => get<WorkplaceList>('/workplaces', { signal, search: { q, cursor } }),
  });

/** Rows of one page: an employer gives out many on one day. */
export const WORKPLACE_PAGE = 200;

/** `state` = pieces in it alone; '' = all. */
export const workplaceQuery = (symbol: string, state: string, cursor: string) =>
  queryOptions({
    queryKey: ['workplace', symbol, state, cursor],
    queryFn: ({ signal }) =>
      get<WorkplacePage>(`/workplaces/${encodeURIComponent(symbol)}`, {
        signal,
        search: {
          state,
          cursor,
          limit: WORKPLACE_PAGE,
        },
      }),
    placeholderData: (before) => (before?.symbol === symbol ? before : undefined),
  });

/** Address of the letter and the list (PDF) of a workplace in an issuance. */
export function workplaceList(symbol: string, issuanceId: number): string {
  return address(`/workplaces/${encodeURIComponent(symbol)}/lists/${issuanceId}`);
}

export interface HandOvers {
  readonly mailpieceNumbers: readonly string[];
  readonly event: 'hand-over' | 'fail-hand-over' | 'report-left';
  /** Why it could not be; '' for a hand-over. */
  readonly reason: string;
}

/** All envelopes of a state (`''` = any) that can be reported, but for some. */
export interface AllEnvelopes {
  readonly state: string;
  readonly except: readonly string[];
}

/** Which envelopes a report would be of; nothing is changed. */
export function planHandOvers(
  symbol: string,
  event: HandOvers['event'],
  { state, except }: AllEnvelopes,
  key: string,
): Promise<HandOverPlan> {
  const body = { event, state: state === '' ? null : state, except };
  return post<HandOverPlan>(`/workplaces/${encodeURIComponent(symbol)}/hand-overs/preview`, { body, key });
}

export function reportHandOvers(symbol: string, report: HandOvers, key: string): Promise<ActionOutcome> {
  return post<ActionOutcome>(`/workplaces/${encodeURIComponent(symbol)}/hand-overs`, { body: report, key });
}
