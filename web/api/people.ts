// Room: web/api. Persons: search and page.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  DecidedList,
  PaperEvent,
  PeopleFound,
  PersonDecision,
  PersonPage,
  PersonPaper,
} from '../../src/server/contract/people.ts';
import { get } from './client.ts';

export type { DecidedList, PaperEvent, PeopleFound, PersonDecision, PersonPage, PersonPaper };
export type PersonRow = PeopleFound['items'][number];

/** Persons by any of their numbers, kana or name; a page at a time. */
export const peopleQuery = (q: string, cursor: string) =>
  queryOptions({
    queryKey: ['people', q, cursor],
    queryFn: ({ signal }) => get<PeopleFound>('/members', { signal, search: { q, cursor } }),
    enabled: q !== '',
  });

export const personQuery = (key: string) =>
  queryOptions({
    queryKey: ['person', key],
    queryFn: ({ signal }) => get<PersonPage>(`/members/${encodeURIComponent(key)}`, { signal }),
  });

/** Members of an issuance by what was decided; '' and what is left out = any. */
export interface DecidedFilter {
  readonly target?: string;
  readonly reason?: string;
  readonly branch?: string;
  readonly workplace?: string;
}

export const decidedQuery = (issuanceId: number, filter: DecidedFilter, cursor: string) =>
  queryOptions({
    queryKey: ['decided', issuanceId, filter, cursor],
    queryFn: ({ signal }) =>
      get<DecidedList>(`/issuances/${issuanceId}/members`, { signal, search: { ...filter, cursor } }),
    placeholderData: keepPreviousData,
  });
