// The server under use and under attack: sign-in, forged and replayed requests, sizes, names of files, live changes, jobs
// on the real queue.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Provider } from 'oidc-provider';
import { Secret, TOTP } from 'otpauth';
import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../src/ledger/core/pool.ts';
import { countReasons } from '../src/ledger/issuing/decisions.ts';
import { countStates, countStatesQuickly } from '../src/ledger/papers/states.ts';
import { countReasonsQuickly } from '../src/ledger/desk/summaries.ts';
import { withWall } from '../src/ledger/core/walls.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { outputFolder } from '../src/operations/desk/jobs.ts';
import { buildApp } from '../src/server/app.ts';
import { parseProxies } from '../src/server/proxies.ts';
import { openSocket } from '../src/server/socket.ts';
import type { LotList, LotsConfirmed } from '../src/server/contract/lots.ts';
import type { Problem } from '../src/server/contract/common.ts';
import type { RowErrors } from '../src/server/contract/imports.ts';
import type { ProfilePage } from '../src/server/contract/profile.ts';
import type { Job, Today } from '../src/server/contract/work.ts';
import { openQueue } from '../src/worker/queue.ts';
import { Client, PASSWORD, importPage, madeAccount, openTestConsole, proposeFiles, sendFile } from './console.ts';
import type { TestConsole } from './console.ts';

let at: TestConsole;
beforeAll(async () => {
  at = await openTestConsole();
});

const code = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;

async function account(
  login: string,
  request: { withTotp?: boolean; oidc?: { issuer: string; subject: string } } = {},
) {
  return madeAccount(at.context, {
    insurer: at.mbk.profile.insurer,
    login,
    password: request.oidc ? null : PASSWORD,
    withTotp: request.withTotp ?? false,
    oidc: request.oidc ?? null,
  });
}

test('thousands of wrong passwords: the account locks, the address is held up, and the right one does not open it', async () => {
  await account('victim');
  const client = new Client(buildApp(at.server).app);
  const statuses = new Map<number, number>();
  for (let i = 0; i < 2000; i++) {
    const answer = await client.signIn('victim', `wrong password ${i}`);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  }
  expect(new Set(statuses.keys())).toEqual(new Set([401, 429]));
  expect(statuses.get(401)).toBeLessThanOrEqual(30);
  // When the address is held up no more, the lock still holds; and it says no more than for a stranger.
  await at.query('delete from sign_in_try');
  const elsewhere = new Client(buildApp(at.server).app);
  const locked = await elsewhere.signIn('victim', PASSWORD);
  expect(locked.status).toBe(401);
  const stranger = await elsewhere.signIn('no-such-login', PASSWORD);
  const words = async (answer: Response) => ((await answer.json()) as { detail: string }).detail;
  expect(await words(locked)).toBe(await words(stranger));
  await at.query(`update account set locked_until = now() - interval '1 second' where login = 'victim'`);
  expect((await elsewhere.signIn('victim', PASSWORD)).status).toBe(200);
});

test('behind a proxy each address has its own limit, and nobody writes themselves another', async () => {
  const proxies = parseProxies('10.0.0.0/8', 'x-forwarded-for');
  const { app } = buildApp({ ...at.server, proxies });
  const attempt = async (connection: string, forwarded: string): Promise<number> =>
    (
      await app.request(
        '/api/session',
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
          body: JSON.stringify({ login: 'nobody-at-all', password: 'wrong' }),
        },
        { incoming: { socket: { remoteAddress: connection } } },
      )
    ).status;
  const last = async (connection: string, forwarded: (i: number) => string): Promise<number> => {
    let status = 0;
    for (let i = 0; i <= 30; i++) status = await attempt(connection, forwarded(i));
    return status;
  };
  expect(await last('10.0.0.1', () => '198.51.100.1')).toBe(429);
  // Somebody else behind the same proxy is not held up by that.
  expect(await attempt('10.0.0.1', '198.51.100.2')).toBe(401);
  // A new forged address with each try: what the proxy itself saw counts.
  expect(await last('10.0.0.1', (i) => `203.0.113.${i}, 198.51.100.3`)).toBe(429);
  // No proxy of ours: the header is not read at all.
  expect(await last('192.0.2.1', (i) => `203.0.113.${i}`)).toBe(429);
  // One who owns a /64 is one.
  expect(await last('10.0.0.1', (i) => `2001:db8:0:1::${i.toString(16)}`)).toBe(429);
});

test('over a socket the proxy is believed about https: cookie and transport are then secure, for that request', async () => {
  const { app } = buildApp({ ...at.server, proxies: parseProxies('127.0.0.1', 'forwarded') });
  const socket = await openSocket(app, 0, '127.0.0.1');
  const signIn = (forwarded: string) =>
    fetch(`http://127.0.0.1:${socket.port}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', forwarded },
      body: JSON.stringify({ login: 'mbk-auditor', password: PASSWORD }),
    });
  const secure = await signIn('for=198.51.100.7;proto=https');
  expect(secure.headers.get('set-cookie')).toMatch(/^__Host-todoke=.*Secure/);
  expect(secure.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
  const plain = await signIn('for=198.51.100.7;proto=http');
  expect(plain.headers.get('set-cookie')).toMatch(/^todoke=/);
  expect(plain.headers.get('set-cookie')).not.toContain('Secure');
  expect(plain.headers.get('strict-transport-security')).toBeNull();
  // The secure cookie opens only what came securely.
  const cookie = secure.headers.get('set-cookie')!.split(';')[0]!;
  const today = (forwarded: string) =>
    fetch(`http://127.0.0.1:${socket.port}/api/today`, { headers: { cookie, forwarded } });
  expect((await today('for=198.51.100.7;proto=https')).status).toBe(200);
  expect((await today('for=198.51.100.7;proto=http')).status).toBe(401);
  await socket.close();
});

test('a one-time code opens once', async () => {
  const { totpSecret } = await account('with-code', { withTotp: true });
  const now = new TOTP({ secret: Secret.fromBase32(totpSecret!) }).generate();
  const app = buildApp(at.server).app;
  expect((await new Client(app).signIn('with-code', PASSWORD, '')).status).toBe(401);
  expect((await new Client(app).signIn('with-code', PASSWORD, now)).status).toBe(200);
  expect((await new Client(app).signIn('with-code', PASSWORD, now)).status).toBe(401);
});

test('a password is kept as Argon2id, a token as its hash', async () => {
  const rows = await at.query<{ hash: string }>(
    `select password_hash as hash from account where login = 'mbk-auditor'`,
  );
  expect(rows[0]?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const client = await at.as('mbk', 'auditor');
  expect((await client.get('/audit')).status).toBe(200);
  const tokens = await at.query<{ token: string }>('select token_sha256 as token from session');
  expect(tokens.every(({ token }) => /^[0-9a-f]{64}$/.test(token))).toBe(true);
});

test('signed out is out, whoever kept the cookie; shut is shut', async () => {
  await account('leaver');
  const client = new Client(at.app);
  await client.signIn('leaver');
  expect((await client.get('/today')).status).toBe(200);
  await client.request('DELETE', '/session');
  expect((await client.get('/today')).status).toBe(401);
  const again = new Client(at.app);
  await again.signIn('leaver');
  await at.query(`update account set is_disabled = true where login = 'leaver'`);
  expect((await again.get('/today')).status).toBe(401);
  expect((await new Client(at.app).signIn('leaver')).status).toBe(401);
});

test('cross-site and tokenless writes are refused', async () => {
  const client = await at.as('mbk', 'headquarters');
  const request = { kind: 'enclose', issuanceId: at.mbk.run.id };
  expect(await code(await client.post('/jobs', request, { origin: 'https://evil.example' }))).toBe('forged');
  expect(await code(await client.post('/jobs', request, { 'sec-fetch-site': 'cross-site' }))).toBe('forged');
  expect(await code(await client.post('/jobs', request, { 'x-csrf': 'guess' }))).toBe('forged');
  expect(await code(await client.post('/jobs', request, { 'idempotency-key': 'short' }))).toBe('no-idempotency-key');
  expect(await at.query('select 1 from job')).toEqual([]);
});

test('a write asked twice with one key is done once and answered alike; the key serves nothing else', async () => {
  const client = await at.as('mbk', 'headquarters');
  const key = { 'idempotency-key': 'a-key-of-my-own' };
  const request = { kind: 'enclose', issuanceId: at.mbk.run.id };
  const answers = await Promise.all([client.post('/jobs', request, key), client.post('/jobs', request, key)]);
  const first = answers.find((answer) => answer.status === 200)!;
  const id = ((await first.clone().json()) as Job).id;
  const again = await client.post('/jobs', request, key);
  expect(((await again.json()) as Job).id).toBe(id);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await code(await client.post('/jobs', { ...request, kind: 'print' }, key))).toBe('key-used');
  expect(await at.query(`select 1 from job where insurer_number = $1`, [at.mbk.profile.insurer.number])).toHaveLength(
    1,
  );
});

test('oversized, malformed and strange bodies are answered, not thrown', async () => {
  const client = await at.as('mbk', 'headquarters');
  // Without a length told beforehand, too.
  const endless = new ReadableStream({
    pull: (stream) => stream.enqueue(new TextEncoder().encode('x'.repeat(64 * 1024))),
  });
  const streamed = await at.app.request('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: 'localhost' },
    body: endless,
    duplex: 'half',
  });
  expect(streamed.status).toBe(413);
  const form = await client.request('POST', '/scans', {
    body: 'code=1&reason=moved',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(form.status).toBe(400);
  const huge = await client.post('/scans', { code: 'x'.repeat(400_000), reason: 'moved' });
  expect(huge.status).toBe(413);
  for (const body of ['{', '[]', 'null', '{"code":{"$ne":1}}', '{"code":"1","reason":"__proto__"}', '\u0000']) {
    const answer = await client.request('POST', '/scans', { body, headers: { 'content-type': 'application/json' } });
    expect(answer.status, body).toBe(400);
  }
  for (const cursor of ['!!!', 'eyJhIjoxfQ', btoa('[1'), 'x'.repeat(500)])
    expect((await client.get(`/members?q=a&cursor=${cursor}`)).status, cursor).toBe(400);
  expect((await client.get('/pieces?state=constructor')).status).toBe(400);
  expect((await client.get(`/members?q=${encodeURIComponent("' or 1=1 --")}`)).status).toBe(200);
  expect((await client.get('/members/1-2')).status).toBe(400);
  expect((await client.get('/nowhere')).status).toBe(404);
});

test('an individual number is not echoed, wherever it is put', async () => {
  const client = await at.as('mbk', 'headquarters');
  const number = '123456789018';
  const answers = [
    await client.get(`/members?q=${number}`),
    await client.get(`/members/${number}`),
    await client.post('/scans', { code: number, reason: 'moved' }),
    await client.post('/papers/20001000000018/actions', { action: 'repost', reason: number }),
  ];
  for (const answer of answers) expect(await answer.text()).not.toContain(number);
});

test('file names lead nowhere', async () => {
  const client = await at.as('mbk', 'headquarters');
  await writeFile(path.join(at.folder, 'secret.txt'), 'a secret of the house');
  // However deep a folder lies: one of these names would reach it.
  const ups = [1, 2, 3, 4, 5, 6].map((depth) => `${'../'.repeat(depth)}secret.txt`);
  const names = [
    ...ups,
    ...ups.map((name) => name.replaceAll('/', '\\')),
    path.join(at.folder, 'secret.txt'),
    '/etc/passwd',
  ];
  for (const name of [...names, 'manifest.json\u0000.txt', '..', '.'])
    for (const folder of ['1-abc', '..', '.', '../..']) {
      const answer = await client.get(`/packages/${encodeURIComponent(folder)}/files/${encodeURIComponent(name)}`);
      expect([400, 404], `${folder} ${name}`).toContain(answer.status);
      expect(await answer.text()).not.toContain('a secret of the house');
    }
  const bytes = new TextEncoder().encode('記号\n');
  const sent = await sendFile(client, { name: '../../../../加入者.csv', content: bytes });
  expect(sent).toMatchObject({ fileName: '加入者.csv', kind: null });
  await client.post('/imports/proposals', { files: [{ upload: sent.upload, kind: 'members' }] });
  const [{ files }] = (await at.query<{ files: { path: string }[] }>('select files from import_proposal')) as [
    { files: { path: string }[] },
  ];
  expect(files.map((file) => file.path)).toEqual([
    expect.stringMatching(/^\d+\/uploads\/[0-9a-f-]{36}\/加入者\.csv$/u),
  ]);
  // An upload is named by its number alone.
  for (const upload of [sent.upload.replace(/^./, 'z'), '../../x', '00000000-0000-4000-8000-000000000000'])
    expect([400, 404]).toContain(
      (await client.post('/imports/proposals', { files: [{ upload, kind: 'members' }] })).status,
    );
});

test('metrics need their token and name no person', async () => {
  const bare = await at.app.request('/api/metrics');
  expect(bare.status).toBe(401);
  const client = await at.as('kyokai', 'headquarters');
  await client.get('/members/10000001-1-00');
  const text = await (
    await at.app.request('/api/metrics', { headers: { authorization: 'Bearer metrics-token' } })
  ).text();
  expect(text).toContain('route="/api/members/:key"');
  // With its hyphen: a sum of seconds may hold the digits by chance.
  expect(text).not.toContain('10000001-1');
});

test('headers of every answer', async () => {
  const answer = await at.app.request('/api/health');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('x-frame-options')).toBe('DENY');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const cookie = (await new Client(at.app).signIn('mbk-auditor')).headers.get('set-cookie');
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Lax/);
  const secure = buildApp({ ...at.server, isSecure: true }).app;
  const overTls = (await new Client(secure).signIn('mbk-auditor')).headers.get('set-cookie');
  expect(overTls).toMatch(/^__Host-todoke=.*Secure/);
  expect((await secure.request('/api/health')).headers.get('strict-transport-security')).toMatch(/^max-age=/);
});

test('a job goes through the queue, tells its progress, and open pages hear of it', { timeout: 60_000 }, async () => {
  const { profile } = at.kyokai;
  const queue = await openQueue(at.context.database.connection);
  const failures: unknown[] = [];
  const stop = new AbortController();
  await queue.work(
    { database: at.context.database, profileOf: async () => profile, files: at.server.files, signal: stop.signal },
    (error) => failures.push(error),
  );
  const { app } = buildApp({ ...at.server, enqueue: queue.enqueue, signal: stop.signal });
  const socket = await openSocket(app, 0, '127.0.0.1');
  const client = new Client(app);
  await client.signIn('kyokai-headquarters');
  const cookie = `todoke=${await cookieOf(app)}`;
  const stream = await fetch(`http://127.0.0.1:${socket.port}/api/events`, { headers: { cookie } });
  const heard: string[] = [];
  const listening = (async () => {
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }));
      if (done) return;
      heard.push(value ?? '');
    }
  })();
  const asked = (await (await client.post('/jobs', { kind: 'print', issuanceId: at.kyokai.run.id })).json()) as Job;
  let job = asked;
  for (let i = 0; i < 600 && job.endedAt === null; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    job = (await (await client.get(`/jobs/${asked.id}`)).json()) as Job;
  }
  expect(job).toMatchObject({ state: 'done', outcome: { balanced: true } });
  expect(failures).toEqual([]);
  expect(heard.join('')).toContain('data: job');
  const piece = (
    await at.query<{ number: string }>(
      'select mailpiece_number::text as number from printed_piece where issuance_id = $1 order by 1 limit 1',
      [at.kyokai.run.id],
    )
  )[0]!.number;
  const picture = await client.get(`/papers/${piece}/pages/1`);
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
  expect(outputFolder(at.server.files, at.kyokai.run)).toContain('issuances');
  stop.abort();
  await listening;
  await socket.close();
  await queue.close();
});

async function cookieOf(app: TestConsole['app']): Promise<string> {
  const answer = await app.request('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'kyokai-headquarters', password: PASSWORD }),
  });
  return /todoke=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
}

test('the organisation signs people in (OpenID Connect)', async () => {
  // A real provider on a socket of its own; its interaction is answered by hand below.
  const { createServer } = await import('node:http');
  const listening = createServer();
  await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve));
  const port = (listening.address() as { port: number }).port;
  const issuer = `http://127.0.0.1:${port}`;
  const publicUrl = 'http://localhost:8080';
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'todoke',
        client_secret: 'a-secret-of-some-length',
        redirect_uris: [`${publicUrl}/api/oidc/callback`],
      },
    ],
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  });
  listening.on('request', provider.callback());
  await account('by-organisation', { oidc: { issuer, subject: 'staff-1' } });
  const oidc = { issuer, clientId: 'todoke', clientSecret: 'a-secret-of-some-length', publicUrl, insecure: true };
  const { app } = buildApp({ ...at.server, oidc });

  const through = async (login: string): Promise<Response> => {
    const start = await app.request('/api/oidc/start');
    const jar = new Map<string, string>();
    const go = async (address: string, form?: Record<string, string>): Promise<string> => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(new URL(address, issuer), {
        redirect: 'manual',
        headers: { cookie },
        ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
      });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const equals = pair.indexOf('=');
        jar.set(pair.slice(0, equals), pair.slice(equals + 1));
      }
      return answer.headers.get('location') ?? '';
    };
    let next = await go(start.headers.get('location')!);
    next = await go(next, { prompt: 'login', login, password: 'x' });
    next = await go(next);
    next = await go(next, { prompt: 'consent' });
    next = await go(next);
    const kept = (start.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return app.request(`/api/oidc/callback${new URL(next).search}`, { headers: { cookie: kept } });
  };
  const entered = await through('staff-1');
  expect(entered.status).toBe(302);
  const cookie = entered.headers
    .getSetCookie()
    .find((line) => line.startsWith('todoke='))!
    .split(';')[0]!;
  const session = await (await app.request('/api/session', { headers: { cookie } })).json();
  expect(session).toMatchObject({ account: { login: 'by-organisation' } });
  expect((await through('somebody-else')).status).toBe(401);
  // An answer nobody asked for.
  expect((await app.request('/api/oidc/callback?code=x&state=y')).status).toBe(401);
  listening.closeAllConnections();
  await new Promise((resolve) => listening.close(resolve));
});

test('exports: formula cells are made harmless, the encoding asked for, the look noted', async () => {
  const client = await at.as('mbk', 'headquarters');
  const excel = await client.get('/exports/workplaces.csv');
  const bytes = new Uint8Array(await excel.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const text = new TextDecoder().decode(bytes);
  expect(text).toContain(",'=株式会社");
  expect(text).not.toContain(',=');
  const old = new Uint8Array(await (await client.get('/exports/workplaces.csv?as=cp932')).arrayBuffer());
  expect(new TextDecoder('shift_jis').decode(old)).toContain('記号,名称,支部,郵便物');
  const figures = new TextDecoder().decode(await (await client.get('/exports/figures.csv?as=plain')).arrayBuffer());
  expect(figures).toContain('全体,,400,対象,');
  const pdf = new Uint8Array(await (await client.get('/exports/figures.pdf')).arrayBuffer());
  expect(new TextDecoder('latin1').decode(pdf.slice(0, 5))).toBe('%PDF-');
  expect(await at.query(`select 1 from access_record where what = 'export' and subject = '事業所'`)).toHaveLength(2);
});

test('lists of persons leave as CSV: what the pages show, formulas harmless, the recipient checked, the look noted', async () => {
  const client = await at.as('kyokai', 'headquarters');
  const lines = async (who: Client, address: string): Promise<string[]> => {
    const answer = await who.get(`${address}${address.includes('?') ? '&' : '?'}as=plain`);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
    return text.split('\r\n').filter((line) => line !== '');
  };
  const { id, membersId, workplacesId } = at.kyokai.run;
  // A name that a spreadsheet would run.
  const [odd] = await at.context.database.transaction(async (tx) => {
    await tx.execute('set local session_replication_role = replica');
    return tx.query<{ kana: string }>(
      `update member set name = '=1+1|cmd' where dataset_id = $1
          and line = (select min(m.line) from member m join workplace w on w.dataset_id = $2 and w.symbol = m.symbol
                       where m.dataset_id = $1
                         and w.branch_code <> (select branch_code from account where login = 'kyokai-branch'))
       returning kana`,
      [membersId, workplacesId],
    );
  });
  const first = odd!.kana.slice(0, 1);
  const found = await lines(client, `/exports/members.csv?q=${encodeURIComponent(first)}`);
  const [{ n }] = (await at.query<{ n: number }>(
    'select count(*)::int as n from member where dataset_id = $1 and starts_with(kana, $2)',
    [membersId, first],
  )) as [{ n: number }];
  expect(found).toHaveLength(n + 1);
  expect(found[0]).toBe('記号,番号,枝番,氏名,カナ,続柄,喪失日');
  expect(found.join('\n')).toContain(`,'=1+1|cmd,${odd!.kana},`);
  expect(found.join('\n')).not.toContain(',=');
  // Of a search that finds nothing the head alone; an empty one is refused before a file begins.
  expect(await lines(client, `/exports/members.csv?q=${encodeURIComponent('ヲヲヲ')}`)).toHaveLength(1);
  expect((await client.get('/exports/members.csv?q=')).status).toBe(400);
  const decided = await lines(client, `/exports/issuances/${id}/members.csv?target=yes`);
  const targets = await at.query<{ n: number }>(
    'select count(*)::int as n from decision where issuance_id = $1 and is_target',
    [id],
  );
  expect(decided).toHaveLength(targets[0]!.n + 1);
  expect(new Set(decided.slice(1).map((line) => line.split(',')[5]))).toEqual(new Set(['対象']));
  expect((await client.get('/exports/issuances/9998/members.csv')).status).toBe(404);
  // The record says that a list was taken and by whom, not who was looked for.
  const looks = await at.query<{ actor: string; subject: string }>(
    `select actor, subject from access_record where what = 'export' and subject like '%加入者%' order by id`,
  );
  expect(looks).toEqual([
    ...[first, 'ヲヲヲ'].map(() => ({ actor: 'kyokai-headquarters', subject: '加入者の検索の結果' })),
    { actor: 'kyokai-headquarters', subject: `発行の加入者_第${id}号` },
  ]);
  // A wall that lets others' people through (a policy gone wrong) does not make a file of them.
  const branch = await at.as('kyokai', 'branch');
  const own = await lines(branch, `/exports/members.csv?q=${encodeURIComponent(first)}`);
  expect(own.length).toBeLessThan(found.length);
  await at.query('create policy gone_wrong on member to todoke_console using (true)');
  try {
    const page = await branch.get(`/members?q=${encodeURIComponent(first)}`);
    expect(await page.text()).toContain('=1+1|cmd');
    expect(await code(await branch.get(`/exports/members.csv?q=${encodeURIComponent(first)}`))).toBe(
      'outside-recipient',
    );
  } finally {
    await at.query('drop policy gone_wrong on member');
  }
  expect(await lines(branch, `/exports/members.csv?q=${encodeURIComponent(first)}`)).toEqual(own);
});

test('a lot is released by two different people', async () => {
  const { id } = at.kyokai.run;
  await madeAccount(at.context, {
    insurer: at.kyokai.profile.insurer,
    login: 'second',
    displayName: '別の　人',
  });
  const first = await at.as('kyokai', 'headquarters');
  const second = new Client(at.app);
  await second.signIn('second');
  const { items } = (await (await first.get(`/issuances/${id}/lots`)).json()) as LotList;
  const { no } = items[0]!;
  const all = items.map((lot) => lot.no);
  expect(all.length).toBeGreaterThan(1);
  const confirm = (who: Client, lots: readonly number[] = [no]) =>
    who.post(`/issuances/${id}/lots/confirmations`, { step: 'print', lots });
  const done = async (answer: Promise<Response>): Promise<LotsConfirmed> =>
    (await (await answer).json()) as LotsConfirmed;
  const stepOf = (answer: LotsConfirmed) => answer.items[0]?.steps[0];
  expect(stepOf(await done(confirm(first)))).toMatchObject({ released: false, allowed: false });
  expect((await confirm(first)).status).toBe(409);
  // Asked for all, the others are confirmed and the one that cannot be says why.
  const many = await done(confirm(first, [...all, 999]));
  expect(many.items).toHaveLength(all.length - 1);
  expect(many.refused.map((lot) => lot.no)).toEqual([no, 999]);
  expect(stepOf(await done(confirm(second, all)))).toMatchObject({ released: true });
  const now = (await (await first.get(`/issuances/${id}/lots`)).json()) as LotList;
  expect(now.items.every((lot) => lot.steps[0]?.released)).toBe(true);
});

test('a profile is changed whole or not at all, and its history says who', async () => {
  const client = await at.as('mbk', 'administrator');
  const page = (await (await client.get('/profile')).json()) as ProfilePage;
  expect(page).toMatchObject({ id: 'mbk', mayChange: true, changes: [] });
  const request = { seen: page.sha256, reason: '電話番号が変わった' };
  const put = (source: string, seen = page.sha256) =>
    client.request('PUT', '/profile', {
      body: JSON.stringify({ ...request, source, seen }),
      headers: { 'content-type': 'application/json' },
    });
  const wrong = (await (await put(page.source.replace('route: workplace', 'route: pigeon'))).json()) as Problem;
  expect(wrong.code).toBe('profile-invalid');
  expect(wrong.details.join()).toMatch(/mbk\.yaml \d+行 route/);
  expect(await code(await put(page.source.replace("'06139992'", "'01010016'")))).toBe('profile-insurer');
  const changed = page.source.replace('name: MBK連合健康保険組合', 'name: ＭＢＫ連合健康保険組合');
  expect((await put(changed)).status).toBe(200);
  expect(await code(await put(page.source))).toBe('profile-changed');
  const after = (await (await client.get('/profile')).json()) as ProfilePage;
  expect(after.source).toBe(changed);
  expect(after.name).toBe('ＭＢＫ連合健康保険組合');
  expect(after.changes).toMatchObject([{ actor: 'mbk-administrator', reason: request.reason }]);
});

test('what pages count quickly is what the rows say, before and after papers have moved', async () => {
  const { run } = at.kyokai;
  const both = (database: Database) =>
    database.read(async (tx) => ({
      states: [await countStatesQuickly(tx, run.id), await countStates(tx, run.id)],
      reasons: [(await countReasonsQuickly(tx, run.id)).counts, await countReasons(tx, run.id)],
    }));
  const [branch] = await at.query<{ code: string }>(
    `select coalesce(w.branch_code, '') as code from mailpiece m
       join workplace w on w.dataset_id = $2 and w.symbol = m.symbol
      where m.issuance_id = $1 order by m.mailpiece_number limit 1`,
    [run.id, run.workplacesId],
  );
  const insurerNumber = at.kyokai.profile.insurer.number;
  const ofBranch = withWall(at.context.database, {
    insurerNumber,
    role: 'branch',
    branchCode: branch!.code,
    workplaceSymbol: null,
  });
  const equal = async (): Promise<void> => {
    const sums: number[] = [];
    for (const database of [at.context.database, ofBranch]) {
      const { states, reasons } = await both(database);
      expect(new Set(states[0])).toEqual(new Set(states[1]));
      expect(new Set(reasons[0])).toEqual(new Set(reasons[1]));
      sums.push((states[0] ?? []).reduce((sum, row) => sum + row.count, 0));
    }
    expect(sums[1]).toBeGreaterThan(0);
    expect(sums[1]).toBeLessThan(sums[0]!);
  };
  await equal();
  const numbers = await at.query<{ number: string }>(
    'select mailpiece_number::text as number from mailpiece where issuance_id = $1 order by 1 limit 40',
    [run.id],
  );
  await recordPieceEvents(
    at.context,
    run,
    numbers.map(({ number }, i) => ({
      mailpieceNumber: number,
      event: i % 3 === 0 ? 'withdraw' : 'enclose',
      reason: '',
      source: '',
      key: `quick:${number}`,
    })),
  );
  const { states } = await both(at.context.database);
  expect(states[0]).toContainEqual({ subject: 'mailpiece', state: 'withdrawn', count: 14 });
  await equal();
});

test('a refused file is put right cell by cell and tried again', async () => {
  const client = await at.as('mbk', 'headquarters');
  const sample = await readFile(path.join(at.folder, 'mbk', '事業所.csv'), 'utf8');
  // All rows in use, one of them broken: a file of fewer would be taken for a part.
  const [names = '', first = '', ...rest] = sample.replace('\ufeff', '').trimEnd().split(/\r?\n/);
  const broken = first.split(',').with(0, '記号なし');
  const column = names.split(',')[0]!;
  const content = `${[names, broken.join(','), ...rest].join('\n')}\n`;
  const refused = await proposeFiles(at, client, [{ name: '事業所.csv', content }]);
  expect(refused).toMatchObject({
    state: 'open',
    isFaulty: true,
    report: { files: [{ fault: { code: 'invalid-rows' } }] },
  });
  const { id, version } = refused;
  const confirmed = await client.post(`/imports/proposals/${id}/confirmations`, { version });
  expect([confirmed.status, await confirmed.json()]).toMatchObject([409, { code: 'import-faulty' }]);
  const errors = (await (await client.get(`/imports/proposals/${id}/workplaces/errors`)).json()) as RowErrors;
  expect(errors.rows).toMatchObject([{ line: 2, column }]);
  const fixes = { fixes: [{ line: 2, column, value: '30000001' }] };
  expect((await client.post(`/imports/proposals/${id}/workplaces/fixes`, fixes)).status).toBe(200);
  await at.settled();
  const fixed = await importPage(client, id);
  expect(fixed).toMatchObject({ state: 'open', isFaulty: false, report: { files: [{ rowCount: rest.length + 1 }] } });
});

test('the log says what was asked by pattern and by whom by number, and holds nothing of a person', async () => {
  const lines: string[] = [];
  const { app } = buildApp({ ...at.server, log: (line) => lines.push(JSON.stringify(line)) });
  const client = new Client(app);
  await client.signIn('kyokai-headquarters');
  const [person] = await at.query<{ key: string; name: string; kana: string }>(
    `select symbol || '-' || number || '-' || sub_number as key, name, kana from member where dataset_id = $1 order by line limit 1`,
    [at.kyokai.run.membersId],
  );
  await client.get(`/members/${person!.key}`);
  await client.get(`/members?q=${encodeURIComponent(person!.name)}`);
  await client.get(`/members?q=${encodeURIComponent(person!.kana)}`);
  await client.post('/scans', { code: '20001000000018', reason: 'moved' });
  await client.get('/members/nobody');
  const log = lines.join('\n');
  expect(lines).toHaveLength(6);
  expect(log).toContain('"route":"/api/members/:key"');
  for (const secret of [person!.key, person!.name, person!.kana, '20001000000018', PASSWORD, 'kyokai-headquarters'])
    expect(log).not.toContain(secret);
});

test('today sends nobody to a list they may not see', async () => {
  const { run } = at.mbk;
  const [owner] = await at.query<{ symbol: string }>(
    `select workplace_symbol as symbol from account where login = 'mbk-workplace'`,
  );
  const [piece] = await at.query<{ number: string }>(
    'select mailpiece_number::text as number from mailpiece where issuance_id = $1 and symbol = $2 order by 1 limit 1',
    [run.id, owner!.symbol],
  );
  const asked = { mailpieceNumber: piece!.number, event: 'withdraw', reason: '', source: '', key: 'today' } as const;
  await recordPieceEvents(at.context, run, [asked]);
  const queues = async (role: 'headquarters' | 'workplace' | 'contractor' | 'auditor'): Promise<number> =>
    ((await (await (await at.as('mbk', role)).get('/today')).json()) as Today).queues.length;
  expect(await queues('headquarters')).toBeGreaterThan(0);
  for (const role of ['workplace', 'contractor', 'auditor'] as const) expect(await queues(role)).toBe(0);
});
