// Room: server. The application put together: what happens to every request, the API's routes, its document, live
// changes, and the console's files. It owns no socket: `fetch` answers requests.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import { createRoute, z } from '@hono/zod-openapi';
import { serveStatic } from '@hono/node-server/serve-static';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import { loadProfile } from '../formats/profile.ts';
import { CHANGE_CHANNEL } from '../ledger/core/listen.ts';
import { listen } from '../ledger/core/listen.ts';
import { describeApi } from './document.ts';
import { access, answerError, answerProblem, insurerOf, json, openRoutes } from './http.ts';
import type { App, Server } from './http.ts';
import { openMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { refuseIndividualNumbers } from './individual-numbers.ts';
import { answerOnce, begin, findSession, limitBody, limitRate, refuseForged, secureTransport } from './middleware.ts';
import { auditRoutes } from './routes/desk/audit-routes.ts';
import { exchangeRoutes } from './routes/intake/exchange-routes.ts';
import { importRoutes } from './routes/intake/import-routes.ts';
import { exportRoutes } from './routes/desk/export-routes.ts';
import { lotRoutes } from './routes/posting/lot-routes.ts';
import { paperRoutes } from './routes/life/paper-routes.ts';
import { parcelRoutes } from './routes/posting/parcel-routes.ts';
import { issuanceFileRoutes } from './routes/desk/issuance-file-routes.ts';
import { peopleExportRoutes } from './routes/desk/people-export-routes.ts';
import { peopleRoutes } from './routes/desk/people-routes.ts';
import { pieceRoutes } from './routes/desk/piece-routes.ts';
import { profileRoutes } from './routes/intake/profile-routes.ts';
import { sessionRoutes, userRoutes } from './routes/desk/session-routes.ts';
import { withdrawalRoutes } from './routes/desk/withdrawal-routes.ts';
import { workRoutes } from './routes/desk/work-routes.ts';
import { workplaceRoutes } from './routes/desk/workplace-routes.ts';

const HEARTBEAT_MS = 15_000;

export interface Application {
  readonly app: App;
  readonly metrics: Metrics;
}

/** Builds the application. */
export function buildApp(server: Server): Application {
  const metrics = openMetrics();
  const app = openRoutes();
  app.onError((error, c) => answerError(error, c));
  app.use('*', begin(server, metrics));
  app.use(
    '*',
    secureHeaders({ xFrameOptions: 'DENY', referrerPolicy: 'no-referrer', strictTransportSecurity: false }),
    secureTransport,
  );
  app.use(
    '/api/*',
    findSession(server, (c) => app.fetch(c.req.raw, c.env)),
    limitRate(server),
    limitBody,
    refuseForged,
    refuseIndividualNumbers,
    answerOnce(server),
  );
  app.use('/api/*', async (c, next) => {
    await next();
    const { headers } = c.res;
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    // An answer of the API loads nothing, wherever it is opened.
    headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  });

  const api = openRoutes();
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'todoke' });
  api.route('/', healthRoutes(server, metrics));
  api.route('/', sessionRoutes(server));
  api.route('/', userRoutes());
  api.route('/', workRoutes(server));
  api.route('/', withdrawalRoutes(server));
  api.route('/', peopleRoutes(server));
  api.route('/', paperRoutes(server));
  api.route('/', pieceRoutes(server));
  api.route('/', parcelRoutes(server));
  api.route('/', workplaceRoutes(server));
  api.route('/', importRoutes(server));
  api.route('/', exchangeRoutes(server));
  api.route('/', auditRoutes(server));
  api.route('/', lotRoutes(server));
  api.route('/', exportRoutes(server));
  api.route('/', peopleExportRoutes());
  api.route('/', issuanceFileRoutes(server));
  api.route('/', profileRoutes(server));
  api.route('/', changeRoutes(server));
  let document: object | null = null;
  api.get('/openapi.json', (c) => c.json((document ??= describeApi(api))));
  app.route('/api', api);
  app.all('/api/*', (c) => answerProblem(c, 404, 'no-route', 'その住所のAPIはありません。'));
  if (server.consoleFolder !== null) serveConsole(app, server.consoleFolder);
  return { app, metrics };
}

function healthRoutes(server: Server, metrics: Metrics): App {
  const app = openRoutes();
  const state = z.object({ status: z.literal('ok') });
  app.openapi(
    createRoute({ method: 'get', path: '/health', summary: '動いているか', ...access('open'), responses: json(state) }),
    (c) => c.json({ status: 'ok' as const }, 200),
  );
  app.openapi(
    createRoute({ method: 'get', path: '/ready', summary: '受けられるか', ...access('open'), responses: json(state) }),
    async (c) => {
      await server.database.transaction((tx) => tx.query('select 1'));
      return c.json({ status: 'ok' as const }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/metrics',
      summary: 'Prometheus（TODOKE_METRICS_TOKEN を Bearer で）',
      ...access('open'),
      responses: { 200: { description: '計測値', content: { 'text/plain': { schema: z.string() } } } },
    }),
    async (c) => {
      const isRight = server.metricsToken !== null && c.req.header('authorization') === `Bearer ${server.metricsToken}`;
      if (!isRight) return answerProblem(c, 401, 'not-signed-in', '計測値にはトークンが必要です。');
      return c.text(await metrics.text(), 200, { 'content-type': 'text/plain; version=0.0.4' });
    },
  );
  return app;
}

/** Server-sent events: that something of a kind has changed, never what. A page that receives one reads again. */
function changeRoutes(server: Server): App {
  const changes = new EventEmitter();
  changes.setMaxListeners(0);
  listen(
    server.database.connection,
    CHANGE_CHANNEL,
    {
      onNote: (text) => {
        const [insurer = '', topic = ''] = text.split(' ');
        const file = server.profileFiles.get(insurer);
        // Changed by another process: a fault cannot be in it, it was checked before it was written.
        if (topic === 'profile' && file)
          void loadProfile(file).then((profile) => server.profiles.set(insurer, profile));
        changes.emit('change', { insurer, topic });
      },
      onGap: () => changes.emit('change', { insurer: '', topic: 'all' }),
    },
    server.signal,
  );
  const app = openRoutes();
  app.openapi(
    createRoute({
      method: 'get',
      path: '/events',
      summary: '変化の知らせ（server-sent events）',
      ...access('signed-in'),
      responses: { 200: { description: '知らせ', content: { 'text/event-stream': { schema: z.string() } } } },
    }),
    (c) => {
      const insurer = insurerOf(c);
      c.header('x-accel-buffering', 'no');
      return streamSSE(c, async (stream) => {
        const ends = AbortSignal.any([c.req.raw.signal, server.signal]);
        const beat = setInterval(() => void stream.write(': beat\n\n'), HEARTBEAT_MS);
        stream.onAbort(() => clearInterval(beat));
        try {
          await stream.writeSSE({ event: 'change', data: 'all' });
          for await (const [change] of on(changes, 'change', { signal: ends }) as AsyncIterable<
            [{ insurer: string; topic: string }]
          >) {
            if (change.insurer === '' || change.insurer === insurer)
              await stream.writeSSE({ event: 'change', data: change.topic });
          }
        } catch (error) {
          if (!ends.aborted) throw error;
        } finally {
          clearInterval(beat);
        }
      });
    },
  );
  return app;
}

/** The console's files; every other address is the console itself, with a nonce of its own. */
function serveConsole(app: App, folder: string): void {
  app.use('/assets/*', async (c, next) => {
    await next();
    if (c.res.ok) c.res.headers.set('cache-control', 'public, max-age=31536000, immutable');
  });
  const files = serveStatic({ root: path.relative(process.cwd(), folder) });
  app.use('/assets/*', files);
  app.get('/assets/*', (c) => c.text('', 404));
  app.get('/:name{[\\w-]+\\.(?:svg|png|ico|txt|webmanifest)}', files);
  app.get('*', async (c) => {
    const nonce = randomBytes(16).toString('base64');
    const page = (await readFile(path.join(folder, 'index.html'), 'utf8')).replaceAll('__CSP_NONCE__', nonce);
    c.header(
      'content-security-policy',
      `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-${nonce}'; ` +
        `img-src 'self' data: blob:; font-src 'self'; worker-src 'self'; connect-src 'self'; object-src 'none'; ` +
        `frame-ancestors 'none'; base-uri 'none'; form-action 'self'`,
    );
    c.header('cache-control', 'no-store');
    return c.html(page);
  });
}
