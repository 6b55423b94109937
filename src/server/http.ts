// Room: server. What every route stands on: the session's context behind its wall, the guard, problems, idempotent
// writes. A route parses, calls one operation, formats.
import { hash } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context as HonoContext, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import type { Session } from '../ledger/desk/accounts.ts';
import type { Database } from '../ledger/core/pool.ts';
import { withWall } from '../ledger/core/walls.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import type { Context } from '../operations/context.ts';
import { DISK_FULL, Refusal, isDiskFull } from '../operations/context.ts';
import type { Enqueue } from '../operations/desk/jobs.ts';
import { ROLE_LABELS, may, rolesWith } from '../rules/access.ts';
import type { Permission } from '../rules/access.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { problem } from './contract/common.ts';
import type { Problem } from './contract/common.ts';
import type { Peer, Proxies } from './proxies.ts';

/** What the composition root gives the server. */
export interface Server {
  /** The whole database: for sign-in and work, never for reading on somebody's behalf. */
  readonly database: Database;
  /** By insurer number; a changed profile takes the place of the old one. */
  readonly profiles: Map<string, InsurerProfile>;
  /** The file of each, where it can be changed. */
  readonly profileFiles: ReadonlyMap<string, string>;
  /** Folder for uploads and what is written for people to fetch. */
  readonly files: string;
  readonly enqueue: Enqueue;
  readonly clock: () => Date;
  /** True where the address is always https: cookies are then only sent there. */
  readonly isSecure: boolean;
  /** The reverse proxies in front. */
  readonly proxies: Proxies;
  /** The built console, or null where only the API is served. */
  readonly consoleFolder: string | null;
  readonly metricsToken: string | null;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
  readonly oidc: OidcSettings | null;
  /** Requests an account may send a minute. */
  readonly requestsPerMinute: number;
  /** Ends with the process; open streams close with it. */
  readonly signal: AbortSignal;
}

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Address of this server as browsers see it. */
  readonly publicUrl: string;
  /** True only in tests: the provider is reached by http. */
  readonly insecure?: boolean;
}

/** What goes along with a request from middleware to route. */
export interface Vars {
  requestId: string;
  server: Server;
  /** The client's IP address, and whether the request came over https. */
  peer: Peer;
  session: Session | null;
  /** Behind the wall of the session's account. */
  context: Context;
  profile: InsurerProfile;
}

export interface Env {
  Variables: Vars;
}

export type App = OpenAPIHono<Env>;

/** A group of routes whose bad requests are problems like any other. */
export function openRoutes(): App {
  return new OpenAPIHono<Env>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const details = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      return answerProblem(c, 400, 'invalid-request', '送られた内容に誤りがあります。', details);
    },
  });
}

/** The guard of a route; the API document says it too. `open` = anybody, `signed-in` = any account. */
export type Access = Permission | 'open' | 'signed-in';

interface Guarded {
  readonly middleware: MiddlewareHandler<Env>;
  readonly 'x-permission': Access;
  readonly security: Record<string, string[]>[];
}

/** To be spread into `createRoute`: nobody without the permission comes past. */
export function access(needed: Access): Guarded {
  const guard = createMiddleware<Env>(async (c, next) => {
    if (needed === 'open') return next();
    const session = c.get('session');
    if (!session) return answerProblem(c, 401, 'not-signed-in', 'サインインしてください。');
    if (needed !== 'signed-in' && !may(session.account.role, needed)) {
      const roles = rolesWith(needed).map((role) => ROLE_LABELS[role]);
      return answerProblem(c, 403, 'forbidden', 'この操作はできません。', [`行えるのは: ${roles.join('、')}`]);
    }
    return next();
  });
  return { middleware: guard, 'x-permission': needed, security: needed === 'open' ? [] : [{ session: [] }] };
}

const problemBody = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problem } },
});

/** Answers every route may give besides its own. */
export const PROBLEMS = {
  400: problemBody('送られた内容の誤り'),
  401: problemBody('サインインしていない'),
  403: problemBody('権限がない'),
  404: problemBody('ない、または見えない'),
  409: problemBody('今はできない'),
  429: problemBody('多すぎる'),
} as const;

/** The answer 200 of a route. */
export const json = <T>(schema: T, description = '結果') => ({
  200: { description, content: { 'application/json': { schema } } },
  ...PROBLEMS,
});

/** The body of a write. */
export const body = <T>(schema: T) => ({ content: { 'application/json': { schema } }, required: true }) as const;

const TITLES: Readonly<Record<number, string>> = {
  400: '内容の誤り',
  401: 'サインインが必要です',
  403: '権限がありません',
  404: '見つかりません',
  409: '今はできません',
  413: '大きすぎます',
  429: '回数が多すぎます',
  500: 'プログラムの誤り',
  507: 'ディスクの空きがありません',
};

// The return type is `never` for the route's typed answers: a problem is allowed anywhere.
export function answerProblem(
  c: HonoContext<Env>,
  status: 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 507,
  code: string,
  detail: string,
  details: readonly string[] = [],
): never {
  const value: Problem = {
    type: 'about:blank',
    title: TITLES[status] ?? '',
    status,
    code,
    detail,
    details: [...details],
    requestId: c.get('requestId'),
  };
  return c.body(JSON.stringify(value), status, { 'content-type': 'application/problem+json' }) as never;
}

/** Refusals by code; the rest are 409: right in itself, but not now. */
const STATUS: Readonly<Record<string, 400 | 401 | 403 | 404 | 429>> = {
  busy: 429,
  'override-forbidden': 403,
  'sign-in': 401,
  key: 400,
  arguments: 400,
  'search-empty': 400,
  'password-short': 400,
  'profile-invalid': 400,
  'scope-missing': 400,
  'no-header': 400,
  'no-file': 400,
  'person-unknown': 404,
  'paper-unknown': 404,
  'issuance-unknown': 404,
  'issuance-missing': 404,
  'lot-unknown': 404,
  'workplace-unknown': 404,
  'job-unknown': 404,
  'file-unknown': 404,
  'import-unknown': 404,
  'reason-missing': 400,
  'account-unknown': 404,
};

/** A thrown error as an answer: a refusal with its sentence; a bug is logged by its place, without the values it held. */
export function answerError(error: Error, c: HonoContext<Env>): Response {
  if (error instanceof Refusal) {
    return answerProblem(c, STATUS[error.code] ?? 409, error.code, error.message, error.details);
  }
  // What the framework could not read: a body that is no JSON, for one.
  if (error instanceof HTTPException && error.status < 500)
    return answerProblem(c, 400, 'invalid-request', '送られた内容を読めません。');
  const code = (error as { code?: unknown }).code;
  const place = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.includes(' at '))
    .slice(0, 6);
  c.get('server').log({ level: 'error', requestId: c.get('requestId'), error: error.name, code, place });
  if (isDiskFull(error)) return answerProblem(c, 507, 'disk-full', DISK_FULL);
  return answerProblem(c, 500, 'internal', 'プログラムの誤りで終わりました。入れた内容は変わっていません。');
}

/** The signed-in account's session; the guard has seen to it that there is one. */
export function sessionOf(c: HonoContext<Env>): Session {
  const session = c.get('session');
  if (!session) throw new Error('a route without its guard');
  return session;
}

export function insurerOf(c: HonoContext<Env>): string {
  return sessionOf(c).account.insurerNumber;
}

/**
 * What a scan station works with. A contractor's station needs facts that a contractor may not read (whether a paper may pass
 * through an employer, whose envelope this is): it reads them as headquarters would, and answers without them.
 */
export function stationContext(c: HonoContext<Env>): Context {
  const { account } = sessionOf(c);
  if (account.role !== 'contractor') return c.get('context');
  return contextOn(c, withWall(c.get('server').database, { ...account, role: 'headquarters' }));
}

/** `YYYY-MM-DD HH:MM:SS` of Japan, as the ledger gives the time of events, as an ISO instant. */
export function japanInstant(text: string): string {
  return `${text.replace(' ', 'T')}+09:00`;
}

/** The day in Japan. */
export function japanDay(at: Date): LocalDate {
  return at.toLocaleDateString('sv-SE', { timeZone: 'Asia/Tokyo' }) as LocalDate;
}

/** A cursor's text from its parts, and back; null where it is no cursor of ours. */
export function toCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

export function fromCursor(text: string | undefined): readonly (string | number)[] | null {
  if (text === undefined || text === '') return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(parts) && parts.every((p) => typeof p === 'string' || typeof p === 'number')) return parts;
  } catch {
    // Told below.
  }
  throw new Refusal('arguments', '続きの位置が読めません。はじめから表示してください。');
}

export function sha256(text: string): string {
  return hash('sha256', text);
}

const quiet = (): void => undefined;
const QUIET = { begin: quiet, reach: quiet, end: quiet };

/**
 * What operations are given of a request. (A class: an object of its own accessor has a shape of its own, and what it holds
 * stays until the next full collection.)
 */
class RequestContext implements Context {
  readonly database: Database;
  readonly actor: string;
  readonly progress = QUIET;
  readonly #request: Request;
  readonly #stop: AbortSignal;

  constructor(database: Database, actor: string, request: Request, stop: AbortSignal) {
    this.database = database;
    this.actor = actor;
    this.#request = request;
    this.#stop = stop;
  }

  /** Made when it is asked for: most reads end before anybody could stop them. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#request.signal, this.#stop]);
  }
}

/** What operations are given for the account that is signed in, on this database. */
export function contextOn(c: HonoContext<Env>, database: Database): Context {
  return new RequestContext(database, sessionOf(c).account.login, c.req.raw, c.get('server').signal);
}
