// Room: web/api. Today, issuances, jobs, figures.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  CancellationTakenBack,
  Cancelled,
  Figures,
  IssuanceList,
  IssuancePage,
  Job,
  News,
  PackageRequest,
  Today,
} from '../../src/server/contract/work.ts';
import { get, post } from './client.ts';

export type { CancellationTakenBack, Cancelled, Figures, IssuanceList, IssuancePage, Job, News, PackageRequest, Today };
export type Overview = IssuancePage['overview'];

export const todayQuery = queryOptions({
  queryKey: ['today'],
  queryFn: ({ signal }) => get<Today>('/today', { signal }),
});

export const issuancesQuery = (cursor: string) =>
  queryOptions({
    queryKey: ['issuances', cursor],
    queryFn: ({ signal }) => get<IssuanceList>('/issuances', { signal, search: { cursor } }),
  });

export const issuanceQuery = (id: number) =>
  queryOptions({
    queryKey: ['issuance', id],
    queryFn: ({ signal }) => get<IssuancePage>(`/issuances/${id}`, { signal }),
  });

export interface Balances {
  readonly balanced: boolean;
  readonly balances: IssuancePage['balances'];
  readonly asOf: string;
}

/** Counts everything again: seconds for a million. */
export const balancesQuery = (id: number) =>
  queryOptions({
    queryKey: ['balances', id],
    queryFn: ({ signal }) => get<Balances>(`/issuances/${id}/balances`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => get<{ items: Job[]; asOf: string }>('/jobs', { signal, search: { limit: 50 } }),
});

export const jobQuery = (id: string) =>
  queryOptions({ queryKey: ['job', id], queryFn: ({ signal }) => get<Job>(`/jobs/${id}`, { signal }) });

export type JobRequest =
  | {
      readonly kind: 'decide';
      readonly issuance: string;
      readonly issuedOn: string | null;
      readonly extractedOn: string | null;
      readonly add?: boolean;
    }
  | { readonly kind: 'enclose' | 'print' | 'verify'; readonly issuanceId: number }
  | {
      readonly kind: 'reroute' | 'reprint' | 'rehome' | 'release';
      readonly issuanceId: number;
      readonly issuedOn: string;
    }
  | { readonly kind: 'reroute'; readonly numbers: readonly string[]; readonly issuedOn: string }
  | { readonly kind: 'reissue'; readonly issuedOn: string }
  | { readonly kind: 'recall-list'; readonly on: string };

export function startJob(request: JobRequest, key: string): Promise<Job> {
  return post<Job>('/jobs', { body: request, key });
}

/** `recipient` is the contractor's public key (age1…), null for a package that is not encrypted. */
export function makePackage(request: PackageRequest, key: string): Promise<Job> {
  return post<Job>('/packages', { body: request, key });
}

export function stopJob(id: string): Promise<{ ok: true }> {
  return post(`/jobs/${id}/stop`);
}

/** One person gives an issuance up; with the second one's word it is. */
export function cancelIssuance(id: number, reason: string, key: string): Promise<Cancelled> {
  return post<Cancelled>(`/issuances/${id}/cancellations`, { body: { reason }, key });
}

/** Takes back what one person has asked for, before the second one confirms it. */
export function takeBackCancellation(id: number, reason: string, key: string): Promise<CancellationTakenBack> {
  return post<CancellationTakenBack>(`/issuances/${id}/cancellations/take-back`, { body: { reason }, key });
}

/** What newer files and filings say of people whose papers of a lot have not gone out. */
export const newsQuery = (id: number, lot: number | null) =>
  queryOptions({
    queryKey: ['news', id, lot],
    queryFn: ({ signal }) => get<News>(`/issuances/${id}/news`, { signal, search: lot === null ? {} : { lot } }),
  });

/** A refused job once more, in the name of the account. */
export function overrideJob(id: string, reason: string, key: string): Promise<Job> {
  return post<Job>(`/jobs/${id}/override`, { body: { reason }, key });
}

export type FiguresBy = 'whole' | 'branch' | 'workplace';

/** `q` and `cursor` are of workplaces alone. */
export const figuresQuery = (by: FiguresBy, q = '', cursor = '') =>
  queryOptions({
    queryKey: ['figures', by, q, cursor],
    queryFn: ({ signal }) => get<Figures>('/figures', { signal, search: { by, q, cursor } }),
    placeholderData: keepPreviousData,
  });
