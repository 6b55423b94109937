// Attacks that need a house of their own: sessions that should be over, foreign ids, other people's news, endless asking,
// what is left by a server that died. The others are with the server's own tests.
import { beforeAll, expect, test } from 'vitest';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { buildApp } from '../src/server/app.ts';
import type { ProfilePage } from '../src/server/contract/profile.ts';
import type { Job } from '../src/server/contract/work.ts';
import { openSocket } from '../src/server/socket.ts';
import { Client, madeAccount, openTestConsole, proposeFiles, sendFile } from './console.ts';
import type { TestConsole } from './console.ts';

let at: TestConsole;
beforeAll(async () => {
  at = await openTestConsole();
});

const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;

async function cookieOf(login: string): Promise<string> {
  const answer = await new Client(at.app).signIn(login);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

test('a session ends by its hour, by silence, with its account, and with a new password', async () => {
  const { account: made } = await madeAccount(at.context, {
    insurer: at.mbk.profile.insurer,
    login: 'sitter',
    displayName: 'sitter',
  });
  const signedIn = async (): Promise<Client> => {
    const client = new Client(at.app);
    await client.signIn('sitter');
    expect((await client.get('/today')).status).toBe(200);
    return client;
  };
  const after = async (sql: string): Promise<number> => {
    const client = await signedIn();
    await at.query(sql);
    const { status } = await client.get('/today');
    await at.query(`update account set expires_on = null where login = 'sitter'`);
    return status;
  };
  const own = `account_id = (select id from account where login = 'sitter')`;
  expect(await after(`update session set expires_at = now() - interval '1 second' where ${own}`)).toBe(401);
  expect(await after(`update session set seen_at = now() - interval '31 minutes' where ${own}`)).toBe(401);
  expect(await after(`update account set expires_on = current_date - 1 where login = 'sitter'`)).toBe(401);
  const client = await signedIn();
  const administrator = await at.as('mbk', 'administrator');
  const change = await administrator.request('PATCH', `/users/${made.id}`, {
    body: JSON.stringify({ password: 'もっと長い長い新しい合言葉' }),
    headers: { 'content-type': 'application/json' },
  });
  expect(change.status).toBe(200);
  expect((await client.get('/today')).status).toBe(401);
  // Signing in leaves nothing old behind.
  await new Client(at.app).signIn('sitter', 'もっと長い長い新しい合言葉');
  expect(await at.query(`select 1 from session where ${own}`)).toHaveLength(1);
});

test('an account that asks without end is held up, alone', async () => {
  const { app } = buildApp({ ...at.server, requestsPerMinute: 10 });
  const [busy, calm] = [new Client(app), new Client(app)];
  await busy.signIn('mbk-auditor');
  await calm.signIn('mbk-headquarters');
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) statuses.push((await busy.get('/session')).status);
  expect(statuses).toEqual([...Array<number>(10).fill(200), 429, 429]);
  const held = await busy.get('/session');
  expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await calm.get('/session')).status).toBe(200);
});

test('ids of another insurer lead nowhere: jobs, imports, users, profiles, packages, results', async () => {
  const { kyokai, mbk } = at;
  const theirs = await at.as('kyokai', 'headquarters');
  const theirAdministrator = await at.as('kyokai', 'administrator');
  const file = { name: 'x.csv', content: '記号,事業所名称\n記号なし,よその会社\n' };
  const imported = await proposeFiles(at, theirs, [file]);
  const place = `/imports/proposals/${imported.id}`;
  const { upload } = await sendFile(theirs, file);
  const [taken] = await at.query<{ id: number }>(`select id from dataset where insurer_number = $1 limit 1`, [
    kyokai.profile.insurer.number,
  ]);
  const page = (await (await theirAdministrator.get('/profile')).json()) as ProfilePage;
  const changed = await theirAdministrator.request('PUT', '/profile', {
    body: JSON.stringify({ seen: page.sha256, reason: '試し', source: `${page.source}\n` }),
    headers: { 'content-type': 'application/json' },
  });
  expect(changed.status).toBe(200);
  const [change] = await at.query<{ id: number }>(
    'select max(id)::int as id from profile_change where insurer_number = $1',
    [kyokai.profile.insurer.number],
  );
  const [user] = await at.query<{ id: number }>(`select id from account where login = 'kyokai-branch'`);
  const { id } = kyokai.run;
  const [headquarters, administrator] = [await at.as('mbk', 'headquarters'), await at.as('mbk', 'administrator')];
  const fixes = { fixes: [{ line: 2, column: '記号', value: '30000001' }] };
  const result = { body: 'x', headers: { 'content-type': 'application/octet-stream', 'x-file-name': 'x.csv' } };
  const shut = { body: JSON.stringify({ isDisabled: true }), headers: { 'content-type': 'application/json' } };
  const answers = {
    job: await headquarters.get(`/jobs/${imported.job!.id}`),
    stop: await headquarters.post(`/jobs/${imported.job!.id}/stop`, {}),
    proposal: await headquarters.get(place),
    errors: await headquarters.get(`${place}/workplaces/errors`),
    list: await headquarters.get(`/exports/imports/${imported.id}/workplaces/changes.csv`),
    fixes: await headquarters.post(`${place}/workplaces/fixes`, fixes),
    confirm: await headquarters.post(`${place}/confirmations`, { version: imported.version }),
    reject: await headquarters.post(`${place}/rejections`, {}),
    recheck: await headquarters.post(`${place}/checks`, {}),
    upload: await headquarters.post('/imports/proposals', { files: [{ upload, kind: 'workplaces' }] }),
    use: await headquarters.post(`/imports/files/${taken!.id}/uses`, { reason: '試し' }),
    files: await headquarters.get(`/issuances/${id}/files`),
    file: await headquarters.get(`/issuances/${id}/files/decisions.csv`),
    warnings: await headquarters.get(`/issuances/${id}/warnings`),
    replaced: await headquarters.get(`/issuances/${id}/replaced`),
    enclose: await headquarters.post('/jobs', { kind: 'enclose', issuanceId: id }),
    print: await headquarters.post('/jobs', { kind: 'print', issuanceId: id }),
    package: await headquarters.post('/packages', { issuanceId: id, recipient: null }),
    results: await headquarters.request('POST', `/results?issuanceId=${id}`, result),
    lot: await headquarters.post(`/issuances/${id}/lots/1/confirmations`, { step: 'print' }),
    profile: await administrator.get(`/profile/changes/${change!.id}`),
    user: await administrator.request('PATCH', `/users/${user!.id}`, shut),
  };
  for (const [name, answer] of Object.entries(answers)) {
    expect([404, 409], name).toContain(answer.status);
    expect(await answer.text(), name).not.toContain('よその会社');
  }
  expect(await at.query(`select 1 from account where is_disabled and id = $1`, [user!.id])).toEqual([]);
  const listed = (await (await headquarters.get('/jobs')).json()) as { items: Job[] };
  expect(listed.items.map((job) => job.id)).not.toContain(imported.job!.id);
  expect(await at.query(`select 1 from job where issuance_id = $1 and actor like 'mbk%'`, [id])).toEqual([]);
  expect(mbk.run.id).not.toBe(id);
});

test('what changes at one insurer is not heard at another', async () => {
  const socket = await openSocket(at.app, 0, '127.0.0.1');
  const stream = await fetch(`http://127.0.0.1:${socket.port}/api/events`, {
    headers: { cookie: await cookieOf('kyokai-headquarters') },
  });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const reading = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) heard += part.value;
  })().catch(() => undefined);
  const [mine, theirs] = [at.kyokai.profile.insurer.number, at.mbk.profile.insurer.number];
  const tell = (insurer: string, topic: string) =>
    at.query(`select pg_notify('todoke_change', $1)`, [`${insurer} ${topic}`]);
  // One's own comes last: when it is heard, the other would have been.
  for (let i = 0; i < 100 && !heard.includes('data: own'); i++) {
    await tell(theirs, 'foreign');
    await tell(mine, 'own');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(heard).toContain('data: own');
  expect(heard).not.toContain('foreign');
  await reader.cancel().catch(() => undefined);
  await reading;
  await socket.close();
});

test('a request whose server died may be made again with its key; one that is under way may not', async () => {
  const client = await at.as('mbk', 'headquarters');
  const headers = { 'idempotency-key': 'a-key-of-a-dead-server' };
  const request = { code: '20001000000018', reason: 'moved' };
  expect((await client.post('/scans', request, headers)).status).toBe(200);
  const forget = (age: string) =>
    at.query(`update answered_request set status = null, body = null, at = now() - $1::interval where key = $2`, [
      age,
      headers['idempotency-key'],
    ]);
  await forget('1 minute');
  expect(await codeOf(await client.post('/scans', request, headers))).toBe('in-progress');
  await forget('16 minutes');
  expect(await codeOf(await client.post('/scans', { ...request, reason: 'unknown' }, headers))).toBe('key-used');
  expect((await client.post('/scans', request, headers)).status).toBe(200);
});

test('lists and files of a branch and of a workplace hold their own, whatever is asked', async () => {
  const scope = await at.query<{ login: string; symbols: string[] }>(
    `select a.login, array_agg(w.symbol) as symbols
       from account a join workplace w on w.dataset_id = $1 and (w.branch_code = a.branch_code or w.symbol = a.workplace_symbol)
      where a.login in ('kyokai-branch', 'kyokai-workplace') group by 1`,
    [at.kyokai.run.workplacesId],
  );
  const all = await at.query<{ symbol: string }>('select distinct symbol from member');
  const asked = [
    ['branch', '/workplaces?limit=200'],
    ['branch', '/pieces?state=withdrawn&limit=200'],
    ['branch', '/held?limit=200'],
    ['branch', `/members?q=${encodeURIComponent('ア')}&limit=200`],
    ['branch', '/figures?by=workplace&limit=200'],
    ['branch', `/exports/members.csv?q=${encodeURIComponent('ア')}`],
    ['branch', `/exports/issuances/${at.kyokai.run.id}/members.csv`],
    ['branch', '/exports/workplaces.csv'],
    ['branch', '/exports/pieces.csv?state=withdrawn'],
    ['branch', '/exports/figures.csv?by=workplace'],
    ['branch', '/exports/enrolment.csv?by=workplace'],
    ['workplace', '/workplaces?limit=200'],
    ['workplace', '/exports/workplaces.csv'],
  ] as const;
  const numbers = await at.query<{ number: string; symbol: string }>(
    'select mailpiece_number::text as number, symbol from mailpiece where issuance_id = $1 order by 1',
    [at.kyokai.run.id],
  );
  await recordPieceEvents(
    at.context,
    at.kyokai.run,
    numbers.map(({ number }) => ({
      mailpieceNumber: number,
      event: 'withdraw',
      reason: '',
      source: '',
      key: `all:${number}`,
    })),
  );
  for (const [role, address] of asked) {
    // A paper's number may hold a symbol's digits by chance.
    const text = (await (await (await at.as('kyokai', role)).get(address)).text()).replaceAll(/\d{14}/g, '');
    const { symbols } = scope.find(({ login }) => login === `kyokai-${role}`)!;
    const named = all.map(({ symbol }) => symbol).filter((symbol) => text.includes(symbol));
    expect(
      named.filter((symbol) => !symbols.includes(symbol)),
      `${role} ${address}`,
    ).toEqual([]);
    // What is kept from others is there for those whose it is.
    const isEmpty = named.length === 0;
    expect(isEmpty && !/held|members\b(?!.csv)/.test(address), `${role} ${address}`).toBe(false);
  }
});
