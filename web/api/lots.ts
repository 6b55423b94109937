// Room: web/api. Lots and their release by two people, the calendar, recall.
import { queryOptions } from '@tanstack/react-query';
import type {
  ApprovalSheet,
  Lot,
  LotList,
  LotTakenBack,
  LotsConfirmed,
  RecallFigures,
  RecallList,
  WaveList,
} from '../../src/server/contract/lots.ts';
import type { LotStep, RevocableStep } from '../../src/rules/posting/lots.ts';
import { get, post } from './client.ts';

export type { ApprovalSheet, Lot, LotList, LotTakenBack, LotsConfirmed, RecallFigures, RecallList, WaveList };

export const lotsQuery = (id: number) =>
  queryOptions({
    queryKey: ['lots', id],
    queryFn: ({ signal }) => get<LotList>(`/issuances/${id}/lots`, { signal }),
  });

export function confirmLots(
  id: number,
  /** `override`: why a lot is released for post of which not all that was printed is enclosed. */
  request: { readonly step: LotStep; readonly lots: readonly number[]; readonly override?: string },
  key: string,
): Promise<LotsConfirmed> {
  return post<LotsConfirmed>(`/issuances/${id}/lots/confirmations`, { body: request, key });
}

/** What is approved of a lot. */
export const approvalQuery = (id: number, no: number) =>
  queryOptions({
    queryKey: ['approval', id, no],
    queryFn: ({ signal }) => get<ApprovalSheet>(`/issuances/${id}/lots/${no}/approval`, { signal }),
  });

export function takeBackLot(
  id: number,
  no: number,
  request: { readonly step: RevocableStep; readonly reason: string },
  key: string,
): Promise<LotTakenBack> {
  return post<LotTakenBack>(`/issuances/${id}/lots/${no}/take-backs`, { body: request, key });
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
