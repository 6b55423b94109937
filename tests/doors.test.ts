// A reading request asks its questions and whether its session still holds in one message. What the server remembers of a
// session is never enough: whatever ends or changes it, in whatever process, holds at the next request.
import { beforeAll, expect, test, vi } from 'vitest';
import { behindSession, withWall } from '../src/ledger/core/walls.ts';
import { getSession } from '../src/operations/desk/accounts.ts';
import type { Account } from '../src/ledger/desk/accounts.ts';
import { buildApp } from '../src/server/app.ts';
import type { App } from '../src/server/http.ts';
import type { PeopleFound } from '../src/server/contract/people.ts';
import { PASSWORD, madeAccount, openTestConsole } from './console.ts';
import type { TestConsole } from './console.ts';

let at: TestConsole;
/** Two processes over one ledger. */
let here: App;
let there: App;
let logins = 0;
beforeAll(async () => {
  at = await openTestConsole();
  here = buildApp(at.server).app;
  there = buildApp(at.server).app;
});

/** A new account of headquarters, signed in, its session known to both processes. */
async function known(): Promise<{ cookie: string; account: Account; csrf: string }> {
  const login = `door-${(logins += 1)}`;
  const { account } = await madeAccount(at.context, { insurer: at.kyokai.profile.insurer, login });
  const answer = await here.request('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password: PASSWORD, code: '' }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { csrf } = (await answer.json()) as { csrf: string };
  for (const app of [here, there]) for (let i = 0; i < 2; i++) expect((await ask(app, cookie, LIST)).status).toBe(200);
  return { cookie, account, csrf };
}

const ask = async (app: App, cookie: string, address: string): Promise<Response> =>
  app.request(`/api${address}`, { headers: { cookie } });
const LIST = '/pieces?state=printed';

const ENDS: Readonly<Record<string, (who: { cookie: string; account: Account; csrf: string }) => Promise<unknown>>> = {
  'signed out in another process': ({ cookie, csrf }) =>
    Promise.resolve(there.request('/api/session', { method: 'DELETE', headers: { cookie, 'x-csrf': csrf } })),
  'taken away': ({ account }) => at.query('delete from session where account_id = $1', [account.id]),
  'its account shut': ({ account }) => at.query('update account set is_disabled = true where id = $1', [account.id]),
  'its account past its last day': ({ account }) =>
    at.query('update account set expires_on = current_date - 1 where id = $1', [account.id]),
  'past its hour': ({ account }) =>
    at.query('update session set expires_at = now() where account_id = $1', [account.id]),
  'silent for too long': ({ account }) =>
    at.query(`update session set seen_at = now() - interval '31 minutes' where account_id = $1`, [account.id]),
};

test.each(Object.entries(ENDS))('a session that is over by the next request: %s', async (_, end) => {
  const who = await known();
  await end(who);
  for (const app of [here, there]) {
    // A list, a page that notes who looked, what asks the database nothing, and a file.
    const looks = async (): Promise<number> =>
      (
        await at.query<{ n: number }>('select count(*)::int as n from access_record where actor = $1', [
          who.account.login,
        ])
      )[0]!.n;
    for (const address of [LIST, '/today', '/profile', '/exports/pieces.csv?state=printed', '/events'])
      expect([address, (await ask(app, who.cookie, address)).status]).toEqual([address, 401]);
    expect(await looks()).toBe(0);
    // What is open to strangers says that there is nobody.
    const session = await ask(app, who.cookie, '/session');
    expect([session.status, ((await session.json()) as { account: unknown }).account]).toEqual([200, null]);
  }
});

test('another role, branch or workplace holds by the next request: what may be asked, and what is seen', async () => {
  const who = await known();
  const found = async (app: App): Promise<string[]> => {
    const answer = await ask(app, who.cookie, '/members?q=%E3%82%A2');
    expect(answer.status).toBe(200);
    return ((await answer.json()) as PeopleFound).items.map((row) => row.key);
  };
  const all = await found(here);
  const [{ branch, symbol }] = (await at.query<{ branch: string; symbol: string }>(
    `select branch_code as branch, symbol from workplace where dataset_id = $1 and symbol = $2`,
    [at.kyokai.run.workplacesId, all[0]!.split('-')[0]],
  )) as [{ branch: string; symbol: string }];
  const become = (role: string, branchCode: string | null, workplace: string | null): Promise<unknown> =>
    at.query('update account set role = $2, branch_code = $3, workplace_symbol = $4 where id = $1', [
      who.account.id,
      role,
      branchCode,
      workplace,
    ]);
  await become('branch', branch, null);
  const ofBranch = await found(here);
  expect(await found(there)).toEqual(ofBranch);
  const symbols = new Set(
    (
      await at.query<{ symbol: string }>('select symbol from workplace where dataset_id = $1 and branch_code = $2', [
        at.kyokai.run.workplacesId,
        branch,
      ])
    ).map((row) => row.symbol),
  );
  expect(ofBranch.length).toBeGreaterThan(0);
  expect(ofBranch.filter((key) => !symbols.has(key.split('-')[0]!))).toEqual([]);
  expect(all.some((key) => !symbols.has(key.split('-')[0]!))).toBe(true);
  await become('workplace', null, symbol);
  for (const app of [there, here]) expect((await ask(app, who.cookie, '/members?q=%E3%82%A2')).status).toBe(403);
  // What it could not do before it can now.
  await become('administrator', null, null);
  for (const app of [here, there]) expect((await ask(app, who.cookie, '/users')).status).toBe(200);
});

test('a reader behind a session asks nothing, and writes nothing, unless the session holds', async () => {
  const { cookie, account } = await known();
  const token = cookie.split('=')[1]!;
  const { database } = at.context;
  const session = (await getSession(database, token))!;
  const { tokenSha256 } = (
    await at.query<{ tokenSha256: string }>(
      'select token_sha256 as "tokenSha256" from session where account_id = $1 limit 1',
      [account.id],
    )
  )[0]!;
  const door = (version: string, sha = tokenSha256) =>
    behindSession(database, { tokenSha256: sha, version, idleMinutes: 30 }, account);
  const count = 'select count(*)::int as n from issuance';
  for (const wrong of [door('another'), door(session.version, '0'.repeat(64))]) {
    await expect(wrong.database.read((tx) => tx.query(count))).rejects.toMatchObject({ code: 'TD401' });
    await expect(wrong.database.transaction((tx) => tx.query(count))).rejects.toMatchObject({ code: 'TD401' });
    expect(wrong.hasPassed()).toBe(false);
  }
  const right = door(session.version);
  // As the account sees it: one insurer's issuances, in the first batch of reads, in the next, and in a transaction.
  const mine = await right.database.read(async (tx) => {
    const first = await Promise.all([tx.query(count), tx.query('select current_user as who')]);
    return [...first, await tx.query(count)];
  });
  expect(mine).toEqual([[{ n: 1 }], [{ who: 'todoke_console' }], [{ n: 1 }]]);
  expect(right.hasPassed()).toBe(true);
  expect(await right.database.transaction((tx) => tx.query(count))).toEqual([{ n: 1 }]);
  // Nothing of it stays on the connections.
  const whole = await Promise.all(Array.from({ length: 12 }, () => database.read((tx) => tx.query(count))));
  expect(new Set(whole.map((rows) => JSON.stringify(rows)))).toEqual(new Set(['[{"n":2}]']));
});

test('a reader: rows in the order of the statements, all or none of a batch, and nothing is ever written', async () => {
  const { database } = at.context;
  const rows = await database.read((tx) =>
    Promise.all([
      tx.query('select $1::text as a, $2::int as b, $3::boolean as c, $4::text as d', ['"\\ あ', 7, true, null]),
      tx.query('select unnest($1::text[]) as x', [['a,b', '"q"', '\\', '{}', '']]),
      tx.query('select 1 as x where false'),
      tx.query(`select date '2025-07-22' as day, 9007199254740991::bigint as big, array[1,2] as list`),
      // The same statement twice in a batch.
      tx.query('select $1::text as a, $2::int as b, $3::boolean as c, $4::text as d', ['2', 8, false, 'd']),
    ]),
  );
  expect(rows).toEqual([
    [{ a: '"\\ あ', b: 7, c: true, d: null }],
    [{ x: 'a,b' }, { x: '"q"' }, { x: '\\' }, { x: '{}' }, { x: '' }],
    [],
    [{ day: '2025-07-22', big: 9007199254740991, list: [1, 2] }],
    [{ a: '2', b: 8, c: false, d: 'd' }],
  ]);
  const batch = await database.read((tx) =>
    Promise.allSettled([tx.query('select 1 as one'), tx.query('select 1 / 0'), tx.query('select 2 as two')]),
  );
  expect(batch.map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect((batch[0] as PromiseRejectedResult).reason).toMatchObject({ code: '22012' });
  for (const viewer of [database, withWall(database, (await known()).account)])
    await expect(
      viewer.read((tx) =>
        tx.query(`insert into access_record (insurer_number, actor, what, subject) values ('1', 'a', 'b', 'c')`),
      ),
    ).rejects.toMatchObject({ code: '25006' });
  await expect(database.read((tx) => tx.query('select $1::text', [{}]))).rejects.toThrow('a statement takes texts');
  // The pool is whole after all of it: more at once than there are connections.
  const many = await Promise.all(
    Array.from({ length: 40 }, (_, i) => database.read((tx) => tx.query<{ i: number }>('select $1::int as i', [i]))),
  );
  expect(many.map(([row]) => row!.i)).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

test('questions that cross a step which locks what they read, the other way round, are asked again', async () => {
  const { database } = at.context;
  const locks = (sql: string) => at.query<{ n: number }>(`select count(*)::int as n from pg_locks ${sql}`);
  const read = await database.transaction(async (tx) => {
    // Of the two the questions are ended: they look for a deadlock first.
    await tx.execute(`set local deadlock_timeout = '1h'`);
    await tx.execute('lock table postal_edition in access exclusive mode');
    const asked = database.read((reader) =>
      Promise.all([
        reader.query('select count(*)::int as n from access_record'),
        reader.query('select count(*)::int as n from postal_edition'),
      ]),
    );
    await vi.waitFor(
      async () =>
        expect(await locks(`where relation = 'postal_edition'::regclass and not granted`)).toEqual([{ n: 1 }]),
      { timeout: 30_000 },
    );
    await tx.execute('lock table access_record in access exclusive mode');
    return { asked };
  });
  const [looks, editions] = await read.asked;
  expect(looks).toHaveLength(1);
  expect(editions).toHaveLength(1);
});
