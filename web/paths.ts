// Every address of the console, by name. Links are made here and nowhere else; `routes.tsx` says what each one shows.
import type { PaperState } from '../src/rules/papers/lifecycle.ts';

export const paths = {
  today: '/',
  signIn: '/sign-in',
  issuances: '/issuances',
  issuance: (id: number) => `/issuances/${id}`,
  lots: (id: number) => `/issuances/${id}/lots`,
  /** What is approved of one lot. */
  lot: (id: number, no: number) => `/issuances/${id}/lots/${no}`,
  /** Rows of it that staff should look at; `code`: of one kind alone. */
  warnings: (id: number, code = '') => `/issuances/${id}/warnings${code && `?code=${code}`}`,
  /** Its replaced characters and the files written for it. */
  files: (id: number) => `/issuances/${id}/files`,
  /** Its members by what was decided about them. */
  decided: (id: number, filter: Readonly<Record<string, string>> = {}) =>
    `/issuances/${id}/members?${new URLSearchParams(filter).toString()}`,
  people: '/members',
  /** Finds whatever a number names: a person, a household, a paper. */
  find: (number: string) => `/members?${new URLSearchParams({ q: number }).toString()}`,
  person: (key: string) => `/members/${encodeURIComponent(key)}`,
  /** Mailpieces in a state; `filter`: names and values of what narrows them further. */
  pieces: (state: PaperState, filter: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString();
    return `/pieces/${state}${query && `?${query}`}`;
  },
  /** One mailpiece. */
  piece: (number: string) => `/papers/${number}`,
  reissues: '/reissues',
  /** `code`: those of one kind alone. */
  withdrawals: (code = '') => `/withdrawals${code && `?code=${code}`}`,
  scan: '/returns/scan',
  checkIn: '/recall/scan',
  workplaces: '/workplaces',
  /** `state`: its envelopes in that state alone. */
  workplace: (symbol: string, state = '') => `/workplaces/${encodeURIComponent(symbol)}${state && `?state=${state}`}`,
  packages: '/packages',
  parcels: '/parcels',
  parcelsOf: (issuanceId: number, symbol: string) => `/parcels/${issuanceId}/${encodeURIComponent(symbol)}`,
  figures: '/figures',
  imports: '/imports',
  /** One proposal of files to take in. */
  import: (id: number) => `/imports/${id}`,
  jobs: '/jobs',
  audit: '/audit',
  looks: '/audit/access',
  journal: '/audit/journal',
  users: '/users',
  newUser: '/users/new',
  user: (id: number) => `/users/${id}`,
  profile: '/profile',
} as const;
