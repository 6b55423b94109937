// Who may ask what: every route of the API document × every role × own and foreign insurer, branch and workplace. A route
// that is not in the table fails the first test.
import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../src/ledger/core/pool.ts';
import type { Role } from '../src/rules/access.ts';
import { Client, ROLES, openTestConsole } from './console.ts';
import type { TestConsole } from './console.ts';

/** Who may ask; `open` = anybody, also a stranger. */
const MAY: Readonly<Record<string, readonly Role[] | 'open'>> = {
  'GET /health': 'open',
  'GET /ready': 'open',
  'GET /metrics': 'open',
  'GET /session': 'open',
  'POST /session': 'open',
  'DELETE /session': 'open',
  'GET /events': ROLES,
  'GET /today': ROLES,
  'GET /issuances': ['headquarters', 'branch', 'auditor'],
  'GET /issuances/{id}': ['headquarters', 'branch', 'auditor'],
  'GET /issuances/{id}/balances': ['headquarters', 'auditor'],
  'GET /issuances/{id}/news': ['headquarters', 'branch', 'auditor'],
  'GET /jobs': ['headquarters', 'branch', 'auditor'],
  'GET /jobs/{id}': ['headquarters', 'branch', 'auditor'],
  'POST /jobs': ['headquarters'],
  'POST /jobs/{id}/stop': ['headquarters'],
  'POST /jobs/{id}/override': ['headquarters'],
  'POST /packages': ['headquarters'],
  'GET /packages': ['headquarters', 'contractor'],
  'GET /packages/{folder}/files/{name}': ['headquarters', 'contractor'],
  'GET /pulls': ['headquarters', 'contractor'],
  'POST /results': ['headquarters', 'contractor'],
  'GET /imports/files': ['headquarters'],
  'POST /imports/files/{id}/uses': ['headquarters'],
  'POST /imports/uploads': ['headquarters'],
  'GET /imports/proposals': ['headquarters'],
  'POST /imports/proposals': ['headquarters'],
  'GET /imports/proposals/{id}': ['headquarters'],
  'POST /imports/proposals/{id}/confirmations': ['headquarters'],
  'POST /imports/proposals/{id}/rejections': ['headquarters'],
  'POST /imports/proposals/{id}/checks': ['headquarters'],
  'GET /imports/proposals/{id}/{kind}/errors': ['headquarters'],
  'POST /imports/proposals/{id}/{kind}/fixes': ['headquarters'],
  'GET /exports/imports/{id}/{kind}/changes.csv': ['headquarters'],
  'GET /exports/imports/{id}/{kind}/suspects.csv': ['headquarters'],
  'GET /exports/imports/{id}/{kind}/errors.csv': ['headquarters'],
  'GET /issuances/{id}/files': ['headquarters'],
  'GET /issuances/{id}/files/{name}': ['headquarters'],
  'GET /figures': ['headquarters', 'branch', 'auditor'],
  'GET /issuances/{id}/members': ['headquarters', 'branch', 'call-centre'],
  'GET /issuances/{id}/warnings': ['headquarters', 'branch', 'call-centre'],
  'GET /exports/issuances/{id}/warnings.csv': ['headquarters', 'branch', 'call-centre'],
  'GET /issuances/{id}/replaced': ['headquarters', 'branch', 'call-centre'],
  'GET /exports/issuances/{id}/replaced.csv': ['headquarters', 'branch', 'call-centre'],
  'GET /members': ['headquarters', 'branch', 'call-centre'],
  'GET /members/{key}': ['headquarters', 'branch', 'call-centre'],
  'GET /pieces': ['headquarters', 'branch', 'call-centre'],
  'GET /pieces/counts': ['headquarters', 'branch', 'call-centre'],
  'POST /pieces/actions/preview': ['headquarters', 'branch'],
  'POST /pieces/actions': ['headquarters', 'branch'],
  'GET /held': ['headquarters', 'branch', 'call-centre'],
  'GET /held/{number}': ['headquarters', 'branch'],
  'POST /held/{number}/corrections': ['headquarters', 'branch'],
  'GET /papers/{number}': ['headquarters', 'branch', 'call-centre'],
  'GET /papers/{number}/pages': ['headquarters', 'branch'],
  'GET /papers/{number}/pages/{n}': ['headquarters', 'branch'],
  'POST /papers/{number}/actions': ['headquarters', 'branch'],
  'POST /scans': ['headquarters', 'branch', 'contractor'],
  'POST /scans/{number}/take-back': ['headquarters', 'branch', 'contractor'],
  'POST /check-ins': ['headquarters', 'branch'],
  'GET /reissues': ['headquarters', 'branch', 'call-centre'],
  'GET /parcels': ['headquarters', 'branch', 'contractor'],
  'GET /parcels/places/{number}': ['headquarters', 'branch', 'contractor'],
  'GET /issuances/{id}/workplaces/{symbol}/parcels': ['headquarters', 'branch', 'contractor'],
  'POST /issuances/{id}/workplaces/{symbol}/parcels': ['headquarters', 'branch', 'contractor'],
  'POST /issuances/{id}/workplaces/{symbol}/parcels/scans': ['headquarters', 'branch', 'contractor'],
  'POST /issuances/{id}/workplaces/{symbol}/parcels/{parcel}/close': ['headquarters', 'branch', 'contractor'],
  'GET /issuances/{id}/workplaces/{symbol}/parcels/{parcel}/contents/{format}': [
    'headquarters',
    'branch',
    'contractor',
  ],
  'GET /workplaces': ['headquarters', 'branch', 'workplace'],
  'GET /workplaces/{symbol}': ['headquarters', 'branch', 'workplace'],
  'POST /workplaces/{symbol}/hand-overs/preview': ['headquarters', 'branch', 'workplace'],
  'POST /workplaces/{symbol}/hand-overs': ['headquarters', 'branch', 'workplace'],
  'GET /issuances/{id}/lots': ['headquarters', 'branch', 'auditor'],
  'POST /issuances/{id}/lots/confirmations': ['headquarters'],
  'GET /issuances/{id}/lots/{no}/approval': ['headquarters', 'branch', 'auditor'],
  'POST /issuances/{id}/lots/{no}/take-backs': ['headquarters'],
  'POST /issuances/{id}/cancellations': ['headquarters'],
  'POST /issuances/{id}/cancellations/take-back': ['headquarters'],
  'GET /withdrawals': ['headquarters', 'branch', 'call-centre'],
  'POST /withdrawals/lift': ['headquarters', 'branch'],
  'GET /exports/pulls.csv': ['headquarters', 'contractor'],
  'GET /exports/issuances/{id}/news.csv': ['headquarters'],
  'GET /issuances/{id}/waves': ['headquarters', 'branch', 'auditor'],
  'GET /workplaces/{symbol}/lists/{id}': ['headquarters', 'branch', 'workplace'],
  'GET /workplaces/{symbol}/recalls': ['headquarters', 'branch', 'workplace'],
  'GET /recall/figures': ['headquarters', 'branch', 'auditor'],
  'GET /exports/pieces.csv': ['headquarters', 'branch', 'call-centre'],
  'GET /exports/held.csv': ['headquarters', 'branch', 'call-centre'],
  'GET /exports/members.csv': ['headquarters', 'branch', 'call-centre'],
  'GET /exports/issuances/{id}/members.csv': ['headquarters', 'branch', 'call-centre'],
  'GET /exports/workplaces.csv': ['headquarters', 'branch', 'workplace'],
  'GET /exports/figures.csv': ['headquarters', 'branch', 'auditor'],
  'GET /exports/enrolment.csv': ['headquarters', 'branch', 'auditor'],
  'GET /exports/figures.pdf': ['headquarters', 'branch', 'auditor'],
  'GET /exports/audit.csv': ['auditor', 'administrator'],
  'GET /exports/journal.csv': ['auditor', 'administrator'],
  'GET /audit': ['auditor', 'administrator'],
  'GET /audit/proof': ['auditor', 'administrator'],
  'GET /access-records': ['auditor', 'administrator'],
  'GET /journal': ['auditor', 'administrator'],
  'GET /profile': ['headquarters', 'branch', 'auditor', 'administrator'],
  'GET /profile/changes/{id}': ['headquarters', 'branch', 'auditor', 'administrator'],
  'POST /profile/check': ['administrator'],
  'PUT /profile': ['administrator'],
  'GET /users': ['administrator'],
  'POST /users': ['administrator'],
  'PATCH /users/{id}': ['administrator'],
};

interface Whose {
  readonly key: string;
  readonly piece: string;
  readonly certificate: string;
  readonly symbol: string;
  readonly name: string;
  readonly issuanceId: number;
}

let world: TestConsole;
let clients: ReadonlyMap<string, Client>;
/** One person of the busiest workplace of each insurer, and one of the first whose branch is another. */
let mine: Whose;
let otherBranch: Whose;
let otherInsurer: Whose;
let otherWorkplace: Whose;

const routes: string[] = [];

beforeAll(async () => {
  world = await openTestConsole();
  const { app, query, kyokai, mbk } = world;
  const document = (await (await app.request('/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  for (const [path, methods] of Object.entries(document.paths))
    for (const method of Object.keys(methods)) routes.push(`${method.toUpperCase()} ${path}`);
  const opened = new Map<string, Client>();
  for (const role of ROLES) opened.set(`kyokai ${role}`, await world.as('kyokai', role));
  opened.set('mbk headquarters', await world.as('mbk', 'headquarters'));
  opened.set('mbk workplace', await world.as('mbk', 'workplace'));
  clients = opened;
  const person = async (run: { id: number; membersId: number; workplacesId: number }, where: string): Promise<Whose> =>
    (
      await query<Whose>(
        `select c.symbol || '-' || c.number || '-' || c.sub_number as key, c.mailpiece_number::text as piece,
                c.certificate_number::text as certificate, c.symbol, m.name, $1::int as "issuanceId"
           from certificate c
           join member m on m.dataset_id = $2 and m.symbol = c.symbol and m.number = c.number and m.sub_number = c.sub_number
           join workplace w on w.dataset_id = $3 and w.symbol = c.symbol
          where c.issuance_id = $1 and ${where} order by c.certificate_number limit 1`,
        [run.id, run.membersId, run.workplacesId],
      )
    )[0]!;
  const account = (login: string) =>
    query<{ branch: string | null; symbol: string | null }>(
      'select branch_code as branch, workplace_symbol as symbol from account where login = $1',
      [login],
    ).then((rows) => rows[0]!);
  const { branch } = await account('kyokai-branch');
  const { symbol } = await account('kyokai-workplace');
  mine = await person(kyokai.run, `w.symbol = '${symbol}'`);
  otherBranch = await person(kyokai.run, `w.branch_code <> '${branch}'`);
  otherWorkplace = await person(kyokai.run, `w.symbol <> '${symbol}' and w.branch_code = '${branch}'`).catch(
    () => otherBranch,
  );
  otherWorkplace ??= otherBranch;
  otherInsurer = await person(mbk.run, 'true');
});

test('every route has its entry, and every entry its route', () => {
  expect(new Set(routes)).toEqual(new Set(Object.keys(MAY)));
});

const UUID = '00000000-0000-4000-8000-000000000000';

function fill(path: string, whose: Whose): string {
  return path
    .replace('{key}', whose.key)
    .replace('{number}', whose.piece)
    .replace('{symbol}', whose.symbol)
    .replace('/lists/{id}', `/lists/${whose.issuanceId}`)
    .replace('/issuances/{id}', `/issuances/${whose.issuanceId}`)
    .replace('/users/{id}', '/users/999999')
    .replace('/changes/{id}', '/changes/999999')
    .replace('/proposals/{id}', '/proposals/999999')
    .replace('/imports/{id}', '/imports/999999')
    .replace('/imports/files/{id}', '/imports/files/999999')
    .replace('{kind}', 'members')
    .replace('{parcel}', '999999')
    .replace('{format}', 'pdf')
    .replace('{id}', UUID)
    .replace('{folder}', '1-abc')
    .replace('{name}', 'manifest.json')
    .replace('{no}', '1')
    .replace('{n}', '1');
}

/** A body that is right in form, so that what answers is the guard or the operation. */
function bodyOf(route: string, whose: Whose): unknown {
  const bodies: Record<string, unknown> = {
    'POST /session': { login: 'nobody', password: 'nothing' },
    'POST /jobs': { kind: 'enclose', issuanceId: 9998 },
    'POST /jobs/{id}/override': { reason: '正しいファイル' },
    'POST /packages': { issuanceId: 9998, recipient: null },
    'POST /papers/{number}/actions': { action: 'repost', reason: '照会済み' },
    'POST /held/{number}/corrections': { subNumber: '00', field: 'name', text: '協会　花子', reason: '本人に確かめた' },
    'POST /scans': { code: whose.piece, reason: 'moved' },
    'POST /check-ins': { code: whose.certificate },
    'POST /pieces/actions': { action: 'repost', reason: '照会済み', numbers: [whose.piece] },
    'POST /pieces/actions/preview': { action: 'withdraw', pieces: { numbers: [whose.piece] } },
    'POST /workplaces/{symbol}/hand-overs/preview': { event: 'hand-over' },
    'POST /workplaces/{symbol}/hand-overs': { mailpieceNumbers: [whose.piece], event: 'hand-over' },
    'POST /issuances/{id}/workplaces/{symbol}/parcels/scans': { code: whose.piece },
    'POST /issuances/{id}/lots/confirmations': { step: 'print', lots: [1] },
    'POST /issuances/{id}/lots/{no}/take-backs': { step: 'print', reason: '宛名の誤り' },
    'POST /issuances/{id}/cancellations': { reason: '取りやめ' },
    'POST /issuances/{id}/cancellations/take-back': { reason: '取りやめない' },
    'POST /withdrawals/lift': { key: whose.key, reason: '申し出の取り下げ' },
    'POST /profile/check': { source: 'x' },
    'PUT /profile': { source: 'x', seen: '0'.repeat(64), reason: 'x' },
    'POST /imports/files/{id}/uses': { reason: 'x' },
    'POST /imports/proposals': { files: [{ upload: '018f2c1e-7d7a-7c1e-9f0a-3b6f5f1f9a10', kind: 'members' }] },
    'POST /imports/proposals/{id}/confirmations': { version: 1 },
    'POST /imports/proposals/{id}/{kind}/fixes': { fixes: [{ line: 2, column: '氏名', value: 'x' }] },
    'POST /users': { login: 'x y', displayName: '', role: 'auditor' },
    'PATCH /users/{id}': { isDisabled: true },
  };
  return bodies[route] ?? {};
}

async function ask(client: Client, route: string, whose: Whose): Promise<Response> {
  const [method = '', path = ''] = route.split(' ');
  if (route === 'GET /members' || route === 'GET /exports/members.csv')
    return client.get(`${path}?q=${encodeURIComponent(whose.key)}`);
  if (/\/pieces(\/counts|\.csv)?$/.test(path) && method === 'GET') return client.get(`${path}?state=returned`);
  if (route === 'GET /recall/figures') return client.get('/recall/figures?on=2025-12-01');
  if (route === 'POST /imports/uploads' || route === 'POST /results')
    return client.request('POST', `${path}?kind=members&issuanceId=9998`, {
      body: 'x',
      headers: { 'content-type': 'application/octet-stream' },
    });
  if (method === 'GET') return client.get(fill(path, whose));
  if (method === 'POST') return client.post(fill(path, whose), bodyOf(route, whose));
  return client.request(method, fill(path, whose), {
    body: JSON.stringify(bodyOf(route, whose)),
    headers: { 'content-type': 'application/json' },
  });
}

const OPEN = Object.keys(MAY).filter((route) => MAY[route] === 'open');
const GUARDED = Object.entries(MAY).flatMap(([route, who]) => (who === 'open' ? [] : [[route, who] as const]));

test.each(OPEN)('%s: open to a stranger', async (route) => {
  expect((await ask(new Client(world.app), route, mine)).status).not.toBe(403);
});

test.each(GUARDED)('%s: who may, and nobody else', async (route, who) => {
  expect((await ask(new Client(world.app), route, mine)).status).toBe(401);
  for (const role of ROLES) {
    const answer = await ask(clients.get(`kyokai ${role}`)!, route, mine);
    if (route === 'GET /events') await answer.body?.cancel();
    const allowed = who.includes(role) ? [200, 400, 404, 409] : [403];
    expect(allowed, `${role} ${await peek(answer)}`).toContain(answer.status);
  }
});

async function peek(answer: Response): Promise<string> {
  return answer.headers.get('content-type')?.includes('json') ? (await answer.clone().text()).slice(0, 200) : '';
}

/** Routes that name somebody or something of somebody. */
const NAMING = Object.keys(MAY).filter((route) =>
  /\{(key|number|symbol)\}|issuances\/\{id\}|\/members(\.csv)?$|scans$|check-ins$|pieces\/actions|withdrawals\/lift/.test(
    route,
  ),
);

/** A scan calls it a stranger, a search finds nobody, everything else is not there or not now. */
function saysNothing(route: string, status: number, text: string): boolean {
  if (route === 'POST /scans' || route === 'POST /check-ins') return text.includes('"kind":"stranger"');
  if (route === 'GET /members') return text.includes('"items":[]');
  // Nothing but its head.
  if (route === 'GET /exports/members.csv') return status === 200 && text.trim().split('\n').length === 1;
  if (route === 'POST /pieces/actions/preview') return text.includes('"numbers":[]');
  if (route === 'POST /pieces/actions') return text.includes('"recorded":0,"already":0');
  return status === 404 || status === 409;
}

test.each(NAMING)('%s: what lies beyond the wall is not there', async (route) => {
  const who = MAY[route] as readonly Role[];
  const beyond = async (name: string, whose: Whose): Promise<void> => {
    const role = name.split(' ')[1] as Role;
    if (!who.includes(role)) return;
    const answer = await ask(clients.get(name)!, route, whose);
    const text = await answer.text();
    expect(text, name).not.toContain(whose.name);
    expect(text.replace('"recorded":0', ''), name).not.toContain('recorded');
    expect([true], `${name} ${answer.status} ${text.slice(0, 120)}`).toEqual([saysNothing(route, answer.status, text)]);
  };
  for (const role of ROLES) await beyond(`kyokai ${role}`, otherInsurer);
  await beyond('mbk headquarters', mine);
  await beyond('mbk workplace', mine);
  // An issuance is the whole insurer's; what a branch sees of it is its own.
  if (!route.includes('issuances') || route.includes('{symbol}')) {
    await beyond('kyokai branch', otherBranch);
    await beyond('kyokai workplace', otherWorkplace);
    await beyond('kyokai workplace', otherBranch);
  }
});

test('own people are there', async () => {
  for (const role of ['headquarters', 'branch', 'call-centre'] as const)
    expect(await (await ask(clients.get(`kyokai ${role}`)!, 'GET /members/{key}', mine)).text()).toContain(mine.name);
  expect(await (await ask(clients.get('mbk headquarters')!, 'GET /members/{key}', otherInsurer)).text()).toContain(
    otherInsurer.name,
  );
});

test('neither contractor nor employer ever reads a reason, even past the routes', async () => {
  const { withWall } = await import('../src/ledger/core/walls.ts');
  const insurerNumber = world.kyokai.profile.insurer.number;
  const counts = async (role: Role, branchCode: string | null, workplaceSymbol: string | null) => {
    const database = withWall(world.context.database, { insurerNumber, role, branchCode, workplaceSymbol });
    const rows = await database.transaction((tx) =>
      tx.query<Record<string, number>>(
        `select (select count(*)::int from decision) as decisions, (select count(*)::int from member) as members,
                (select count(*)::int from mailpiece) as pieces, (select count(*)::int from issuance) as issuances`,
      ),
    );
    return rows[0]!;
  };
  expect(await counts('contractor', null, null)).toMatchObject({ decisions: 0, members: 0, issuances: 1 });
  const employer = await counts('workplace', null, mine.symbol);
  expect(employer).toMatchObject({ decisions: 0, issuances: 1 });
  expect(employer['members']).toBeGreaterThan(0);
  const whole = await counts('headquarters', null, null);
  expect(whole).toMatchObject({ decisions: 900, members: 900 });
  expect(employer['members']).toBeLessThan(whole['members']!);
  expect(employer['pieces']).toBeLessThan(whole['pieces']!);
});

test('counts of the whole insurer are behind the wall of an account that sees a part', async () => {
  const { withWall } = await import('../src/ledger/core/walls.ts');
  const { prepareFigures } = await import('../src/operations/desk/figures.ts');
  const insurerNumber = world.kyokai.profile.insurer.number;
  await prepareFigures(world.context.database, insurerNumber);
  const [branch] = await world.query<{ code: string }>(
    `select branch_code as code from account where login = 'kyokai-branch'`,
  );
  // Rows of the tables that hold counts of the whole, and rows of other branches where they hold counts by branch.
  const counts = async (role: Role, branchCode: string | null, workplaceSymbol: string | null) => {
    const database = withWall(world.context.database, { insurerNumber, role, branchCode, workplaceSymbol });
    const [row] = await database.transaction((tx) =>
      tx.query<Record<string, number | boolean>>(
        `select sees_all() as "seesAll", (select count(*)::int from chunk_reason) as reasons,
                (select count(*)::int from enrolment_count) as enrolment,
                (select count(*)::int from reason_group where level = 'branch' and code <> $1) as "otherBranches",
                (select count(*)::int from enrolment_group where level = 'branch' and code <> $1) as "othersEnrolment"`,
        [branch!.code],
      ),
    );
    return Object.values(row!);
  };
  const whole = await counts('headquarters', null, null);
  expect(whole[0]).toBe(true);
  expect(whole.slice(1).every((count) => Number(count) > 0)).toBe(true);
  expect(await counts('branch', branch!.code, null)).toEqual([false, 0, 0, 0, 0]);
  expect(await counts('workplace', null, mine.symbol)).toEqual([false, 0, 0, 0, 0]);
});

test('a branch reads news of its own people and late filings of its own workplaces alone', async () => {
  const news = async (role: Role): Promise<Record<string, number>> => {
    const answer = await clients.get(`kyokai ${role}`)!.get(`/issuances/${mine.issuanceId}/news`);
    expect(answer.status).toBe(200);
    const { findings } = (await answer.json()) as { findings: { finding: string; count: number }[] };
    return Object.fromEntries(findings.map(({ finding, count }) => [finding, count]));
  };
  const before = { headquarters: await news('headquarters'), branch: await news('branch') };
  const [number] = [world.kyokai.profile.insurer.number];
  const lose = (whose: Whose): Promise<unknown> => {
    const [symbol, household, subNumber] = whose.key.split('-');
    return world.query(
      `insert into filing (insurer_number, kind, symbol, number, sub_number, effective_on, arrived_on, processed_on,
                           is_late, legacy_card, legacy_duty, certificate, reason, source, actor)
       select $1, $2, $3, $4, $5, m.acquired_on + 1, m.acquired_on + 1, m.acquired_on + 1, false, 'unsaid', 'destroy-allowed',
              'unsaid', '', '', 'test'
         from member m where m.dataset_id = $6 and m.symbol = $3 and m.number = $4 and m.sub_number = $5`,
      [
        number,
        subNumber === '00' ? 'loss' : 'dependent-loss',
        symbol,
        household,
        subNumber,
        world.kyokai.run.membersId,
      ],
    );
  };
  const lost = (counts: Record<string, number>): number => counts['lost-by-filing'] ?? 0;
  await lose(otherBranch);
  const whole = lost(await news('headquarters'));
  expect(whole).toBeGreaterThan(lost(before.headquarters));
  expect(await news('branch')).toEqual(before.branch);
  const own = (
    await world.query<Whose>(
      `select c.symbol || '-' || c.number || '-' || c.sub_number as key from certificate c
         join workplace w on w.dataset_id = $2 and w.symbol = c.symbol
        where c.issuance_id = $1 and w.branch_code = (select branch_code from account where login = 'kyokai-branch')
        order by c.certificate_number limit 1`,
      [world.kyokai.run.id, world.kyokai.run.workplacesId],
    )
  )[0]!;
  await lose(own);
  expect(lost(await news('branch'))).toBeGreaterThan(lost(before.branch));
  expect(lost(await news('headquarters'))).toBeGreaterThan(whole);
  // Nor does it read of whose workplaces filings come late.
  const filers = async (role: Role): Promise<string[]> => {
    const answer = await clients.get(`kyokai ${role}`)!.get('/recall/figures?on=2025-12-01');
    const { filings } = (await answer.json()) as { filings: { symbol: string }[] };
    return filings.map(({ symbol }) => symbol);
  };
  const symbolOf = (whose: Pick<Whose, 'key'>): string => whose.key.split('-')[0]!;
  expect(await filers('headquarters')).toEqual([symbolOf(otherBranch), symbolOf(own)].toSorted());
  expect(await filers('branch')).toEqual([symbolOf(own)]);
});

test('a statement that a connection keeps is answered for the eyes of each transaction', async () => {
  const { openDatabase } = await import('../src/ledger/core/pool.ts');
  const { withWall } = await import('../src/ledger/core/walls.ts');
  // One connection for all, and more rounds than it takes to keep a plan for good.
  const database = openDatabase(world.context.database.connection, 1);
  const [branch] = await world.query<{ code: string }>(
    `select branch_code as code from account where login = 'kyokai-branch'`,
  );
  const { kyokai, mbk } = world;
  const viewer = [
    { insurerNumber: kyokai.profile.insurer.number, role: 'headquarters', branchCode: null, workplaceSymbol: null },
    { insurerNumber: kyokai.profile.insurer.number, role: 'branch', branchCode: branch!.code, workplaceSymbol: null },
    { insurerNumber: kyokai.profile.insurer.number, role: 'workplace', branchCode: null, workplaceSymbol: mine.symbol },
    { insurerNumber: mbk.profile.insurer.number, role: 'headquarters', branchCode: null, workplaceSymbol: null },
    { insurerNumber: kyokai.profile.insurer.number, role: 'contractor', branchCode: null, workplaceSymbol: null },
  ] as const;
  const text = 'select count(*)::int as members from member where line > $1';
  const seen = async (walled: Database): Promise<number> =>
    (await walled.transaction((tx) => tx.query<{ members: number }>(text, [0])))[0]!.members;
  try {
    const rounds: number[][] = [];
    for (let i = 0; i < 12; i++) {
      const round: number[] = [];
      for (const one of viewer) round.push(await seen(withWall(database, one)));
      rounds.push([...round, await seen(database)]);
    }
    const [first] = rounds;
    expect(first!.slice(0, 1).concat(first!.slice(3))).toEqual([900, 400, 0, 1300]);
    expect(first![1]).toBeGreaterThan(first![2]!);
    expect(first![2]).toBeGreaterThan(0);
    for (const round of rounds) expect(round).toEqual(first);
    const kept = await withWall(database, viewer[0]).transaction((tx) =>
      tx.query<{ name: string }>('select name from pg_prepared_statements where statement = $1', [text]),
    );
    expect(kept).toHaveLength(1);
  } finally {
    await database.close();
  }
});

test('every table the console may read has its wall', async () => {
  const rows = await world.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'todoke' and c.relkind in ('r', 'p') and not c.relrowsecurity
        and has_table_privilege('todoke_console', c.oid, 'select')`,
  );
  expect(rows.map((row) => row.name).toSorted((a, b) => a.localeCompare(b))).toEqual(['postal_edition', 'transition']);
  const sealed = await world.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'todoke' and c.relname in ('account', 'session', 'answered_request')
        and has_table_privilege('todoke_console', c.oid, 'select')`,
  );
  expect(sealed).toEqual([]);
});
