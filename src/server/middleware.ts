// Room: server. What happens to every request before its route: an id and a line in the log, limits, the session behind
// its wall, the token against forged requests, and writes that are done once.
import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Context as HonoContext } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { keepAnswer, takeRequestKey } from '../ledger/desk/accounts.ts';
import { notifyChange } from '../ledger/core/listen.ts';
import type { Session } from '../ledger/desk/accounts.ts';
import type { Database } from '../ledger/core/pool.ts';
import { countTry, forgetTry } from '../ledger/desk/tries.ts';
import { withWall } from '../ledger/core/walls.ts';
import { getSession, admitSignIn } from '../operations/desk/accounts.ts';
import { answerProblem, contextOn, sessionOf, sha256 } from './http.ts';
import type { Env, Server } from './http.ts';
import { KnownSessions } from './known-sessions.ts';
import type { Metrics } from './metrics.ts';
import { limitKey, peerOf } from './proxies.ts';

/** Largest JSON body, bytes. Uploads have a limit of their own. */
const MOST_JSON = 256 * 1024;
const MOST_UPLOAD = 4 * 1024 ** 3;
const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Sign-in comes before there is a session or a key. */
export const BEFORE_SESSION = /^\/api\/(?:session|oidc)(?:\/|$)/;

/** Over https the name itself says that the cookie was set there, by this host alone. */
export function cookieName(c: HonoContext<Env>): string {
  return c.get('peer').isHttps ? '__Host-todoke' : 'todoke';
}

/** An id, the server's hands, a line in the log: method, route's pattern, status, time. Never an address or a value. */
export function begin(server: Server, metrics: Metrics) {
  return createMiddleware<Env>(async (c, next) => {
    const started = performance.now();
    c.set('requestId', randomUUID());
    c.set('server', server);
    const peer = peerOf(server.proxies, connectionOf(c.env), (name) => c.req.header(name));
    c.set('peer', server.isSecure ? { ...peer, isHttps: true } : peer);
    c.set('session', null);
    await next();
    c.res.headers.set('x-request-id', c.get('requestId'));
    const seconds = (performance.now() - started) / 1000;
    // The pattern that answered: the address itself may hold a person's key.
    const route = c.req.matchedRoutes.findLast((r) => r.method !== 'ALL')?.path ?? '(other)';
    metrics.observe(c.req.method, route, c.res.status, seconds);
    const { requestId, session } = c.var;
    const who = session ? { account: session.account.id, role: session.account.role } : {};
    server.log({
      level: 'info',
      requestId,
      method: c.req.method,
      route,
      status: c.res.status,
      ms: Math.round(seconds * 1000),
      ...who,
    });
  });
}

/** Body sizes: JSON small, uploads large. */
export const limitBody = createMiddleware<Env>(async (c, next) => {
  if (!WRITES.has(c.req.method)) return next();
  const isUpload = /^\/api\/(?:imports\/uploads|results)$/.test(c.req.path);
  const limit = bodyLimit({
    maxSize: isUpload ? MOST_UPLOAD : MOST_JSON,
    onError: () => answerProblem(c, 413, 'too-large', '送られた内容が大きすぎます。'),
  });
  return limit(c, next);
});

/** Tries to sign in a minute from one address. */
const MAX_TRIES = 30;

/**
 * So many requests a minute of an account (for the good of this process, counted by it), and so many tries to sign in from
 * one address: counted by the ledger for all processes together, wrong ones alone; what this process has counted already
 * does not reach the ledger.
 */
export function limitRate(server: Server) {
  const requests = new RateLimiterMemory({ points: server.requestsPerMinute, duration: 60 });
  const tries = new RateLimiterMemory({ points: MAX_TRIES, duration: 60 });
  return createMiddleware<Env>(async (c, next) => {
    const session = c.get('session');
    const isTry = c.req.path === '/api/session' && c.req.method === 'POST';
    const address = limitKey(c.get('peer').address);
    const refuse = (seconds: number): Response => {
      c.header('retry-after', String(seconds));
      return answerProblem(c, 429, 'too-many', '回数が多すぎます。しばらくしてからお試しください。');
    };
    try {
      if (isTry) await tries.consume(address);
      else await requests.consume(session ? `account ${session.account.id}` : address);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      return refuse(Math.ceil(error.msBeforeNext / 1000));
    }
    if (!isTry) return next();
    const counted = await countTry(server.database, sha256(address));
    if (counted.tries > MAX_TRIES) return refuse(counted.secondsLeft);
    await next();
    if (c.res.ok) await forgetTry(server.database, sha256(address));
    return undefined;
  });
}

/** The other end of the connection, as the HTTP server knows it. */
function connectionOf(env: unknown): string | undefined {
  const { incoming } = (env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress;
}

/** Browsers that came over https once never come otherwise again. */
export const secureTransport = createMiddleware<Env>(async (c, next) => {
  await next();
  if (c.get('peer').isHttps) c.res.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
});

/**
 * The account of the cookie, and its context: a database that shows only what it may see. A read of a session that was
 * looked up within the last minute is answered with what is known of it; its first question asks the database besides
 * whether that still holds. Where it does not, or where nothing was asked, it is looked up before the answer leaves, and
 * the request is answered `again` if anything has changed: nobody is answered by what we remember alone.
 */
export function findSession(server: Server, again: (c: HonoContext<Env>) => Response | Promise<Response>) {
  const known = new KnownSessions();
  const checkSession = async (token: string): Promise<Session | null> => {
    const session = await getSession(server.database, token);
    known.keep(token, session);
    return session;
  };
  return createMiddleware<Env>(async (c, next) => {
    const token = getCookie(c, cookieName(c)) ?? '';
    const remembered = WRITES.has(c.req.method) ? null : known.recall(token);
    if (!remembered) {
      const session = await checkSession(token);
      return session ? letIn(c, session, withWall(server.database, session.account), next) : next();
    }
    const door = admitSignIn(server.database, token, remembered);
    const refused = await letIn(c, remembered, door.database, next);
    if (door.hasPassed() || (await checkSession(token))?.version === remembered.version) return refused;
    c.res = undefined;
    c.res = await again(c);
    return undefined;
  });
}

async function letIn(
  c: HonoContext<Env>,
  session: Session,
  database: Database,
  next: () => Promise<void>,
): Promise<Response | void> {
  const server = c.get('server');
  const profile = server.profiles.get(session.account.insurerNumber);
  if (!profile) return answerProblem(c, 403, 'no-profile', 'この保険者のプロファイルが読み込まれていません。');
  c.set('session', session);
  c.set('profile', profile);
  c.set('context', contextOn(c, database));
  return next();
}

/** Writes come from our own pages: the session's token in a header, and no other site's origin. */
export const refuseForged = createMiddleware<Env>(async (c, next) => {
  if (!WRITES.has(c.req.method)) return next();
  const origin = c.req.header('origin');
  const isForeign = origin !== undefined && URL.parse(origin)?.host !== c.req.header('host');
  if (isForeign || c.req.header('sec-fetch-site') === 'cross-site')
    return answerProblem(c, 403, 'forged', '他のサイトからの操作は受け付けません。');
  const session = c.get('session');
  if (!session || (BEFORE_SESSION.test(c.req.path) && c.req.method === 'POST')) return next();
  const sent = Buffer.from(c.req.header('x-csrf') ?? '');
  const expected = Buffer.from(session.csrf);
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected))
    return answerProblem(c, 403, 'forged', '画面を開き直してから、もう一度お試しください。');
  return next();
});

/**
 * A write with the same `Idempotency-Key` is done once and answered alike again; the same key for something else is
 * refused. What failed by our fault may be tried again with it.
 */
export function answerOnce(server: Server) {
  return createMiddleware<Env>(async (c, next) => {
    const session = c.get('session');
    if (!session || !WRITES.has(c.req.method) || BEFORE_SESSION.test(c.req.path)) return next();
    const key = c.req.header('idempotency-key') ?? '';
    if (key.length < 8 || key.length > 128)
      return answerProblem(c, 400, 'no-idempotency-key', 'Idempotency-Key（8～128文字）を付けてください。');
    const isJson = c.req.header('content-type')?.startsWith('application/json') ?? false;
    const content = isJson ? await c.req.text() : (c.req.header('content-length') ?? '');
    const request = sha256(`${c.req.method} ${c.req.url} ${content}`);
    const accountId = sessionOf(c).account.id;
    const before = await server.database.transaction((tx) => takeRequestKey(tx, accountId, key, request));
    if (before) {
      if (before.requestSha256 !== request)
        return answerProblem(c, 409, 'key-used', 'この Idempotency-Key は別の操作に使われています。');
      if (before.status === null) return answerProblem(c, 409, 'in-progress', '同じ操作が処理中です。');
      c.header('idempotency-replayed', 'true');
      return c.body(before.body ?? '', before.status as 200, { 'content-type': 'application/json' });
    }
    await next();
    const { status } = c.res;
    const answer =
      status < 500 && status !== 401 && status !== 403 ? { status, body: await c.res.clone().text() } : null;
    await server.database.transaction(async (tx) => {
      await keepAnswer(tx, accountId, key, answer);
      if (status < 400) await notifyChange(tx, session.account.insurerNumber, 'papers');
    });
    return undefined;
  });
}
