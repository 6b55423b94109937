// Room: web/api. Who is signed in.
import { queryOptions } from '@tanstack/react-query';
import type { Session } from '../../src/server/contract/session.ts';
import { get, keepToken, post, remove } from './client.ts';
import { queries } from './queries.ts';

export type { Session };
export type SignedIn = NonNullable<Session['account']>;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => keep(await get<Session>('/session', { signal })),
  staleTime: 60_000,
});

function keep(session: Session): Session {
  keepToken(session.csrf);
  return session;
}

/** The account signs in, or the Problem says why not; `code` is the one-time code, '' where the account has none. */
export async function signIn(login: string, password: string, code: string): Promise<Session> {
  const before = queries.getQueryData(sessionQuery.queryKey)?.account?.login;
  const session = keep(await post<Session>('/session', { body: { login, password, code } }));
  // What another account saw is not this one's. The same one goes on where its session ended: pages stay as they are.
  if (before !== session.account?.login) queries.clear();
  queries.setQueryData(sessionQuery.queryKey, session);
  await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  return session;
}

export async function signOut(): Promise<void> {
  await remove('/session');
  queries.clear();
}
