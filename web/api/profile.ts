// Room: web/api. The insurer's profile and its history.
import { queryOptions } from '@tanstack/react-query';
import type { ProfileFaults, ProfilePage } from '../../src/server/contract/profile.ts';
import { get, post, put } from './client.ts';

export type { ProfilePage };

export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: ({ signal }) => get<ProfilePage>('/profile', { signal }),
});

/** What is wrong with a text; nothing is changed. */
export function checkProfile(source: string): Promise<ProfileFaults> {
  return post<ProfileFaults>('/profile/check', { body: { source } });
}

/** `seen` is the hash of the text that was changed: somebody else's change in between is refused. */
export function changeProfile(change: { source: string; seen: string; reason: string }): Promise<{ ok: true }> {
  return put('/profile', { body: change });
}

/** The whole text after a change. */
export const profileVersionQuery = (id: number) =>
  queryOptions({
    queryKey: ['profile-version', id],
    queryFn: ({ signal }) => get<{ source: string }>(`/profile/changes/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
