// Room: web/api. Persons: search and page.
import { queryOptions } from '@tanstack/react-query';
import type { PeopleFound, PersonPage, PersonPaper } from '../../src/server/contract/people.ts';
import { get } from './client.ts';

export type { PeopleFound, PersonPage, PersonPaper };
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
