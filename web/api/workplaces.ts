// Room: web/api. Workplaces and what passes through them.
import { queryOptions } from '@tanstack/react-query';
import type { ActionAnswer, WorkplaceList, WorkplacePage } from '../../src/server/contract/papers.ts';
import { address, get, post } from './client.ts';

export type { WorkplaceList, WorkplacePage };

export const workplacesQuery = (q: string, cursor: string) =>
  queryOptions({
    queryKey: ['workplaces', q, cursor],
    queryFn: ({ signal }) => get<WorkplaceList>('/workplaces', { signal, search: { q, cursor } }),
  });

export const workplaceQuery = (symbol: string, cursor: string) =>
  queryOptions({
    queryKey: ['workplace', symbol, cursor],
    queryFn: ({ signal }) =>
      get<WorkplacePage>(`/workplaces/${encodeURIComponent(symbol)}`, { signal, search: { cursor } }),
  });

/** Address of the letter and the list (PDF) of a workplace in an issuance. */
export function workplaceList(symbol: string, issuanceId: number): string {
  return address(`/workplaces/${encodeURIComponent(symbol)}/lists/${issuanceId}`);
}

export interface HandOver {
  readonly mailpieceNumber: string;
  readonly event: 'hand-over' | 'fail-hand-over';
  /** Why it could not be; '' for a hand-over. */
  readonly reason: string;
}

export function reportHandOver(symbol: string, report: HandOver, key: string): Promise<ActionAnswer> {
  return post<ActionAnswer>(`/workplaces/${encodeURIComponent(symbol)}/hand-overs`, { body: report, key });
}
