// Every address of the console, by name. Links are made here and nowhere else; `routes.tsx` says what each one shows.
import type { PaperState } from '../src/rules/lifecycle.ts';

export const paths = {
  today: '/',
  signIn: '/sign-in',
  issuances: '/issuances',
  issuance: (id: number) => `/issuances/${id}`,
  lots: (id: number) => `/issuances/${id}/lots`,
  people: '/members',
  /** Finds whatever a number names: a person, a household, a paper. */
  find: (number: string) => `/members?${new URLSearchParams({ q: number }).toString()}`,
  person: (key: string) => `/members/${encodeURIComponent(key)}`,
  pieces: (state: PaperState) => `/pieces/${state}`,
  scan: '/returns/scan',
  checkIn: '/recall/scan',
  workplaces: '/workplaces',
  workplace: (symbol: string) => `/workplaces/${encodeURIComponent(symbol)}`,
  packages: '/packages',
  figures: '/figures',
  imports: '/imports',
  jobs: '/jobs',
  audit: '/audit',
  looks: '/audit/looks',
  journal: '/audit/journal',
  users: '/users',
  newUser: '/users/new',
  user: (id: number) => `/users/${id}`,
  profile: '/profile',
} as const;
