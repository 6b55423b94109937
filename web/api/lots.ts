// Room: web/api. Lots and their release by two people, the calendar, recall.
import { queryOptions } from '@tanstack/react-query';
import type {
  Lot,
  LotList,
  LotsConfirmed,
  RecallFigures,
  RecallList,
  WaveList,
} from '../../src/server/contract/lots.ts';
import type { LotStep } from '../../src/rules/posting/lots.ts';
import { get, post } from './client.ts';

export type { Lot, LotList, LotsConfirmed, RecallFigures, RecallList, WaveList };

export const lotsQuery = (id: number) =>
  queryOptions({
    queryKey: ['lots', id],
    queryFn: ({ signal }) => get<LotList>(`/issuances/${id}/lots`, { signal }),
  });

export function confirmLots(
  id: number,
  request: { readonly step: LotStep; readonly lots: readonly number[] },
  key: string,
): Promise<LotsConfirmed> {
  return post<LotsConfirmed>(`/issuances/${id}/lots/confirmations`, { body: request, key });
}

export const wavesQuery = (id: number) =>
  queryOptions({
    queryKey: ['waves', id],
    queryFn: ({ signal }) => get<WaveList>(`/issuances/${id}/waves`, { signal }),
  });

export const recallsQuery = (symbol: string) =>
  queryOptions({
    queryKey: ['recalls', symbol],
    queryFn: ({ signal }) => get<RecallList>(`/workplaces/${encodeURIComponent(symbol)}/recalls`, { signal }),
  });

export const recallFiguresQuery = (on: string) =>
  queryOptions({
    queryKey: ['recall-figures', on],
    queryFn: ({ signal }) => get<RecallFigures>('/recall/figures', { signal, search: { on } }),
  });
