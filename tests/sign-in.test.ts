// A flood of wrong passwords: what it may hold and what it may not. Hashes wait at a gate of the test, so that everything is
// told by states: while not one hash has ended, accounts that are signed in work on.
import { beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../src/ledger/core/pool.ts';
import { buildApp } from '../src/server/app.ts';
import type { App } from '../src/server/http.ts';
import { PASSWORD, madeAccount, openTestConsole } from './console.ts';
import type { TestConsole } from './console.ts';

const gate = vi.hoisted(() => ({ isShut: false, inside: 0, most: 0, held: [] as (() => void)[] }));
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  const argon2 = ((...[kind, parameters, end]: Parameters<typeof real.argon2>) => {
    gate.inside += 1;
    gate.most = Math.max(gate.most, gate.inside);
    const start = (): void =>
      real.argon2(kind, parameters, (...result) => {
        gate.inside -= 1;
        end(...result);
      });
    if (gate.isShut) gate.held.push(start);
    else start();
  }) as typeof real.argon2;
  return { ...real, argon2 };
});

function open(): void {
  gate.isShut = false;
  for (const start of gate.held.splice(0)) start();
}

let at: TestConsole;
let app: App;
beforeAll(async () => {
  at = await openTestConsole();
  // Two connections: were one kept by a sign-in that hashes, nobody else would be answered.
  app = buildApp({ ...at.server, database: openDatabase(at.context.database.connection, 2) }).app;
});

const signIn = async (to: App, login: string, password: string, address: string): Promise<Response> =>
  to.request(
    '/api/session',
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, password, code: '' }),
    },
    { incoming: { socket: { remoteAddress: address } } },
  );
const cookieOf = (answer: Response): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const addressOf = (i: number): string => `198.51.${Math.floor(i / 250)}.${i % 250}`;

test('while every hash waits, those signed in are answered; few are hashed at once, and a full line takes nobody', async () => {
  const { insurer } = at.kyokai.profile;
  await madeAccount(at.context, { insurer, login: 'worker' });
  await madeAccount(at.context, { insurer, login: 'flooded' });
  const cookie = cookieOf(await signIn(app, 'worker', PASSWORD, '192.0.2.1'));
  gate.isShut = true;
  gate.most = 0;
  const FLOOD = 500;
  const statuses: number[] = [];
  const flood = Array.from({ length: FLOOD }, async (_, i) => {
    // Known logins and unknown ones alike.
    const answer = await signIn(app, i % 2 === 0 ? 'flooded' : `nobody-${i}`, `wrong ${i}`, addressOf(i));
    statuses.push(answer.status);
  });
  // All have come as far as they can: two inside, two hundred in line, the rest sent away.
  await vi.waitFor(() => expect(statuses.length).toBe(FLOOD - 202), { timeout: 60_000 });
  expect(new Set(statuses)).toEqual(new Set([429]));
  expect([gate.held.length, gate.most]).toEqual([2, 2]);
  for (const address of ['/pieces?state=printed', '/today', '/members?q=%E3%82%A2'])
    expect((await app.request(`/api${address}`, { headers: { cookie } })).status).toBe(200);
  const written = await app.request('/api/session', { method: 'DELETE', headers: { cookie, 'x-csrf': 'wrong' } });
  expect(written.status).toBe(403);
  open();
  await Promise.all(flood);
  expect(gate.most).toBe(2);
  expect(statuses.filter((status) => status === 401)).toHaveLength(202);
  // Counted one after the other all the same: it is locked, and its right password does not open it.
  const [row] = await at.query<{ failed: number; locked: boolean }>(
    `select failed_count as failed, locked_until > now() as locked from account where login = 'flooded'`,
  );
  expect(row).toEqual({ failed: 5, locked: true });
  expect((await signIn(app, 'flooded', PASSWORD, '192.0.2.2')).status).toBe(401);
});

test('a password that is changed while it is being checked does not open', async () => {
  const { insurer } = at.kyokai.profile;
  const { account } = await madeAccount(at.context, { insurer, login: 'changed' });
  const { account: other } = await madeAccount(at.context, { insurer, login: 'other', password: `${PASSWORD}!` });
  gate.isShut = true;
  const answer = signIn(app, 'changed', PASSWORD, '192.0.2.3');
  await vi.waitFor(() => expect(gate.held).toHaveLength(1));
  await at.query('update account set password_hash = (select password_hash from account where id = $2) where id = $1', [
    account.id,
    other.id,
  ]);
  open();
  expect((await answer).status).toBe(401);
  expect((await signIn(app, 'changed', `${PASSWORD}!`, '192.0.2.3')).status).toBe(200);
});

test('tries from one address count in all processes together; right ones do not count', async () => {
  const { insurer } = at.kyokai.profile;
  await madeAccount(at.context, { insurer, login: 'colleague' });
  const processes = [buildApp(at.server).app, buildApp(at.server).app, buildApp(at.server).app];
  const address = '203.0.113.9';
  for (const one of processes)
    for (let i = 0; i < 5; i++) expect((await signIn(one, 'colleague', PASSWORD, address)).status).toBe(200);
  const wrong: number[] = [];
  for (let i = 0; i < 45; i++) wrong.push((await signIn(processes[i % 3]!, `nobody-${i}`, 'wrong', address)).status);
  expect(wrong.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 401));
  expect(wrong.slice(30)).toEqual(Array.from({ length: 15 }, () => 429));
  const fresh = buildApp(at.server).app;
  const refused = await signIn(fresh, 'colleague', PASSWORD, address);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await signIn(fresh, 'colleague', PASSWORD, '203.0.113.10')).status).toBe(200);
  // A minute later, and nothing but hashes was kept.
  await at.query('update sign_in_try set ends_at = now()');
  expect((await signIn(fresh, 'colleague', PASSWORD, address)).status).toBe(200);
  const kept = await at.query<object>('select * from sign_in_try');
  expect(JSON.stringify(kept)).not.toContain('203.0.113');
});
