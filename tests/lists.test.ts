// Lists of the console: what they show and what they count is what the rows say, under every filter and through every
// wall; one action on many papers, with an answer for each.
import { beforeAll, expect, test } from 'vitest';
import { countPieces, listPieceRows, totalOf } from '../src/ledger/desk/piece-lists.ts';
import type { Facet, PieceFilter } from '../src/ledger/desk/piece-lists.ts';
import type { DecidedFilter } from '../src/ledger/desk/decision-lists.ts';
import { listDecidedMembers } from '../src/operations/desk/overview.ts';
import type { DecidedPage } from '../src/operations/desk/overview.ts';
import type { DecidedList } from '../src/server/contract/people.ts';
import { formatPersonKey } from '../src/rules/words/person-key.ts';
import type { PersonKey } from '../src/rules/words/person-key.ts';
import { scanReturn } from '../src/operations/life/returns.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import { MAX_AT_ONCE } from '../src/operations/desk/piece-actions.ts';
import type { PaperEvent, ReturnReason } from '../src/rules/papers/lifecycle.ts';
import type {
  ActionOutcome,
  ActionPlan,
  PieceCounts,
  PieceList,
  WorkplacePage,
} from '../src/server/contract/papers.ts';
import type { ParcelScan, WorkplaceParcels } from '../src/server/contract/parcels.ts';
import { openTestConsole } from './console.ts';
import type { Client, TestConsole } from './console.ts';
import { approveLots } from './ledger.ts';

let at: TestConsole;
let office: Client;
/** Numbers of the first insurer's pieces, in order. */
let pieces: string[];

const record = (numbers: readonly string[], event: PaperEvent, reason = ''): ReturnType<typeof recordPieceEvents> =>
  recordPieceEvents(
    at.context,
    at.kyokai.run,
    numbers.map((number) => ({ mailpieceNumber: number, event, reason, source: '', key: `${event}:${number}` })),
  );
const json = async <T>(answer: Response | Promise<Response>): Promise<T> => {
  const { status } = await answer;
  const text = await (await answer).text();
  if (status !== 200) throw new Error(`${status} ${text}`);
  return JSON.parse(text) as T;
};

beforeAll(async () => {
  at = await openTestConsole(true);
  office = await at.as('kyokai', 'headquarters');
  const { run, profile } = at.kyokai;
  pieces = (
    await at.query<{ number: string }>(
      'select mailpiece_number::text as number from printed_piece where issuance_id = $1 order by 1',
      [run.id],
    )
  ).map((row) => row.number);
  await approveLots(at.context, run);
  const posted = pieces.slice(0, -20);
  await record(posted, 'enclose');
  await record(posted.slice(0, -20), 'post');
  const stamps: ReturnReason[] = ['kept-past-time', 'moved', 'unknown-at-address'];
  for (const [i, number] of posted.slice(0, 30).entries())
    await scanReturn(at.context, profile.insurer.number, number, stamps[i % 3]!);
  // One comes back to where it was, one goes out again: counts go down as well as up.
  await record([posted[0]!], 'take-back-return');
  await record([posted[1]!], 'repost');
  await record(pieces.slice(-5), 'withdraw', '資格喪失');
}, 120_000);

const EVERYBODY: DecidedFilter = { isTarget: null, reason: null, branchCode: null, symbol: null };
const ANY = { issuanceId: null, lotNo: null, branchCode: null, symbol: null, reason: null };

/** What the rows say of a filter, counted one by one. */
async function exactly(filter: PieceFilter): Promise<string[]> {
  const rows = await at.query<{ number: string }>(
    `select p.mailpiece_number::text as number
       from mailpiece p
       join issuance i on i.id = p.issuance_id
       left join workplace w on w.dataset_id = i.workplaces_id and w.symbol = p.symbol
       left join printed_piece f on f.issuance_id = p.issuance_id and f.mailpiece_number = p.mailpiece_number
       left join print_batch b on b.issuance_id = p.issuance_id and b.no = f.batch_no
       left join paper_state s on s.paper_number = p.mailpiece_number
       left join event e on e.insurer_number = i.insurer_number and e.seq = s.seq
      where i.insurer_number = $1 and coalesce(s.state, first_state('mailpiece', i.id, p.mailpiece_number)) = $2
        and ($3::int is null or i.id = $3) and ($4::int is null or b.lot_no = $4)
        and ($5::text is null or coalesce(w.branch_code, '') = $5) and ($6::text is null or p.symbol = $6)
        and ($7::text is null or e.reason = $7)
      order by 1`,
    [
      at.kyokai.profile.insurer.number,
      filter.state,
      filter.issuanceId,
      filter.lotNo,
      filter.branchCode,
      filter.symbol,
      filter.reason,
    ],
  );
  return rows.map((row) => row.number);
}

/** Every page of a list, three rows at a time. */
async function everyPage(filter: PieceFilter): Promise<string[]> {
  const insurer = at.kyokai.profile.insurer.number;
  const found: string[] = [];
  await at.context.database.transaction(async (tx) => {
    for (let page = await listPieceRows(tx, insurer, filter, null, 3); page.length > 0;) {
      found.push(...page.map((row) => row.mailpieceNumber));
      page = await listPieceRows(tx, insurer, filter, page.at(-1)!.place, 3);
    }
  });
  return found;
}

const facetsOf = (filter: PieceFilter): Promise<Facet[]> =>
  at.context.database.transaction((tx) => countPieces(tx, at.kyokai.profile.insurer.number, filter));

test('every list and its total is what the rows say: each state, issuance, lot, branch, workplace and reason', async () => {
  const { run } = at.kyokai;
  const [busiest] = await at.query<{ symbol: string; branch: string }>(
    `select p.symbol, w.branch_code as branch from mailpiece p
       join paper_state s on s.paper_number = p.mailpiece_number and s.state = 'returned'
       join workplace w on w.dataset_id = $2 and w.symbol = p.symbol
      where p.issuance_id = $1 group by 1, 2 order by count(*) desc, 1 limit 1`,
    [run.id, run.workplacesId],
  );
  const { symbol, branch } = busiest!;
  const filters: PieceFilter[] = (
    ['returned', 'posted', 'enclosed', 'printed', 'withdrawn', 'spoiled'] as const
  ).flatMap((state): PieceFilter[] => [
    { ...ANY, state },
    { ...ANY, state, issuanceId: run.id },
    { ...ANY, state, issuanceId: run.id, lotNo: 1 },
    { ...ANY, state, issuanceId: run.id + 77 },
    { ...ANY, state, branchCode: branch },
    { ...ANY, state, symbol },
    { ...ANY, state, symbol, branchCode: branch, issuanceId: run.id, lotNo: 1 },
  ]);
  filters.push({ ...ANY, state: 'returned', reason: 'moved' });
  filters.push({ ...ANY, state: 'returned', reason: 'moved', branchCode: branch });
  filters.push({ ...ANY, state: 'returned', reason: 'moved', symbol });
  let most = 0;
  for (const filter of filters) {
    // Of one workplace a lot is told by what has happened; a piece that only lies printed is in none of its filters.
    if (filter.symbol !== null && filter.lotNo !== null && filter.state === 'printed') continue;
    const expected = await exactly(filter);
    const listed = await everyPage(filter);
    expect(new Set(listed), JSON.stringify(filter)).toEqual(new Set(expected));
    expect(listed.length, 'no piece twice').toBe(expected.length);
    expect(totalOf(await facetsOf(filter), filter), JSON.stringify(filter)).toBe(expected.length);
    most = Math.max(most, expected.length);
  }
  expect(most).toBeGreaterThan(100);
});

test('the members of an issuance by decision: every filter’s list and total is what the rows say, in key order', async () => {
  const { run } = at.kyokai;
  const rows = await at.query<{ key: string; isTarget: boolean; reason: string; symbol: string; branch: string }>(
    `select concat(d.symbol, '-', d.number, '-', d.sub_number) as key, d.is_target as "isTarget", d.reason, d.symbol,
            w.branch_code as branch
       from decision d left join workplace w on w.dataset_id = $2 and w.symbol = d.symbol
      where d.issuance_id = $1 order by d.symbol, d.number_rank, d.number, d.sub_number`,
    [run.id, run.workplacesId],
  );
  const { symbol, branch } = rows[400]!;
  const filters: DecidedFilter[] = [
    { ...EVERYBODY },
    { ...EVERYBODY, isTarget: true },
    { ...EVERYBODY, isTarget: false, symbol },
    { ...EVERYBODY, branchCode: branch },
    { ...EVERYBODY, branchCode: branch, isTarget: true },
    { ...EVERYBODY, branchCode: branch, symbol },
    { ...EVERYBODY, branchCode: branch, symbol: rows.find((row) => row.branch !== branch)!.symbol },
    { ...EVERYBODY, reason: 'nothing' },
    ...[...new Set(rows.map((row) => row.reason))].map((reason) => ({ ...EVERYBODY, branchCode: branch, reason })),
    ...[...new Set(rows.map((row) => row.reason))].map((reason) => ({ ...EVERYBODY, reason })),
  ];
  for (const filter of filters) {
    const expected = rows.filter(
      (row) =>
        (filter.isTarget === null || row.isTarget === filter.isTarget) &&
        (filter.reason === null || row.reason === filter.reason) &&
        (filter.branchCode === null || row.branch === filter.branchCode) &&
        (filter.symbol === null || row.symbol === filter.symbol),
    );
    const listed: string[] = [];
    for (let after: PersonKey | null = null, more = true; more;) {
      const page: DecidedPage = await listDecidedMembers(at.context, run, filter, after, 70);
      listed.push(...page.items.map(formatPersonKey));
      expect(page.total, JSON.stringify(filter)).toBe(expected.length);
      after = page.next;
      more = page.next !== null;
    }
    expect(listed, JSON.stringify(filter)).toEqual(expected.map((row) => row.key));
  }
  // A branch reads its own people alone, and its own count of them.
  const own = await at.query<{ branch: string }>(
    `select branch_code as branch from account where login = 'kyokai-branch'`,
  );
  const mine = rows.filter((row) => row.branch === own[0]!.branch);
  const list = await json<DecidedList>((await at.as('kyokai', 'branch')).get(`/issuances/${run.id}/members?limit=200`));
  expect(list.total).toBe(mine.length);
  expect(list.items.map((row) => row.key)).toEqual(mine.slice(0, 200).map((row) => row.key));
});

test('the longest in the state comes first, and the counts of the rows are those of the pages', async () => {
  const listed = await everyPage({ ...ANY, state: 'returned' });
  expect(listed).toEqual(pieces.slice(2, 30));
  const { balances } = await reconcile(at.context, at.kyokai.run);
  expect(balances.filter((balance) => balance.difference !== 0)).toEqual([]);
  expect(balances.map((balance) => balance.name)).toContain('行と合わない画面の数 = 0');
});

test('a count that was changed behind the program’s back is found', async () => {
  await expect(
    at.context.database.transaction(async (tx) => {
      await tx.execute(`update paper_tally set count = count + 1 where state = 'returned'`);
      const { balancesOf } = await import('../src/operations/issuing/reconcile.ts');
      const { countLedger } = await import('../src/ledger/issuing/reconcile.ts');
      const rows = balancesOf(await countLedger(tx, at.kyokai.run), 0, 0);
      throw new Error(`stray ${rows.find((row) => row.name === '行と合わない画面の数 = 0')?.difference}`);
    }),
  ).rejects.toThrow('stray 2');
  await expect(
    at.context.database.transaction((tx) => tx.execute(`update paper_tally set count = -1 where state = 'returned'`)),
  ).rejects.toMatchObject({ code: '23514', message: expect.stringContaining('balance_tally') });
});

test('choices of a filter are what it would leave: each count opens a list of so many', async () => {
  const counts = await json<PieceCounts>(office.get(`/pieces/counts?state=returned&issuance=${at.kyokai.run.id}`));
  expect(counts.total).toBe(28);
  for (const [key, choices] of [
    ['branch', counts.branches],
    ['reason', counts.reasons],
    ['lot', counts.lots],
  ] as const) {
    expect(
      choices.reduce((sum, choice) => sum + choice.count, 0),
      key,
    ).toBe(28);
    for (const { value, count } of choices) {
      const query = `state=returned&issuance=${at.kyokai.run.id}&${key}=${encodeURIComponent(value)}`;
      expect((await json<PieceCounts>(office.get(`/pieces/counts?${query}`))).total).toBe(count);
      expect((await json<PieceList>(office.get(`/pieces?${query}&limit=100`))).items).toHaveLength(count);
    }
  }
  expect(counts.reasons.map((choice) => choice.label)).toContain('転居先不明');
});

test('a branch counts and lists its own alone, whatever branch it asks for; an employer counts nothing', async () => {
  const branch = await at.as('kyokai', 'branch');
  const [own] = await at.query<{ branch: string }>(
    `select branch_code as branch from account where login = 'kyokai-branch'`,
  );
  const expected = await exactly({ ...ANY, state: 'posted', branchCode: own!.branch });
  const asked = `state=posted&branch=${own!.branch === '01' ? '02' : '01'}`;
  expect((await json<PieceCounts>(branch.get(`/pieces/counts?${asked}`))).total).toBe(expected.length);
  const { items } = await json<PieceList>(branch.get(`/pieces?${asked}&limit=200`));
  expect(items.map((row) => row.mailpieceNumber).toSorted()).toEqual(expected.slice(0, 200));
  expect(expected.length).toBeGreaterThan(0);
  const whole = await json<PieceCounts>(office.get('/pieces/counts?state=posted'));
  expect(whole.total).toBeGreaterThan(expected.length);
  const { withWall } = await import('../src/ledger/core/walls.ts');
  const insurerNumber = at.kyokai.profile.insurer.number;
  const employer = withWall(at.context.database, {
    insurerNumber,
    role: 'workplace',
    branchCode: null,
    workplaceSymbol: '10000001',
  });
  const rows = await employer.transaction((tx) =>
    tx.query('select (select count(*)::int from paper_tally) + (select count(*)::int from batch_tally) as n'),
  );
  expect(rows).toEqual([{ n: 0 }]);
});

test('one deed on many: told before, done once, answered row by row', async () => {
  const [returned = '', other = ''] = pieces.slice(3, 5);
  const enclosed = pieces.at(-25)!;
  const chosen = [returned, other, enclosed, '20001000000013', '29999999999999'];
  const plan = await json<ActionPlan>(
    office.post('/pieces/actions/preview', { action: 'repost', pieces: { numbers: chosen } }),
  );
  expect(plan.numbers).toEqual([returned, other]);
  expect(plan.refused.map((row) => row.mailpieceNumber).toSorted()).toEqual(
    [enclosed, '20001000000013', '29999999999999'].toSorted(),
  );
  expect(plan.refused.find((row) => row.mailpieceNumber === enclosed)?.why).toBe(
    '「封入済み」のため「同じ宛先へ再発送」にできません',
  );
  expect(plan.nextSteps.reduce((sum, nextStep) => sum + nextStep.count, 0)).toBe(2);
  // Nothing has happened yet.
  expect((await json<PieceCounts>(office.get('/pieces/counts?state=returned'))).total).toBe(28);

  const request = { action: 'repost', reason: '住所を確かめた', numbers: [...plan.numbers, enclosed] };
  const done = await json<ActionOutcome>(office.post('/pieces/actions', request));
  expect(done).toMatchObject({ recorded: 2, already: 0, refused: [{ mailpieceNumber: enclosed }] });
  const after = await json<PieceCounts>(office.get('/pieces/counts?state=returned'));
  expect(after.total).toBe(26);
  const again = await json<ActionOutcome>(office.post('/pieces/actions', { ...request, numbers: [returned] }));
  expect(again).toMatchObject({ recorded: 0, refused: [{ why: expect.stringContaining('発送済み') }] });
});

test('all that match but for some: what is told is exactly what is done', async () => {
  const filter = { state: 'returned', issuance: at.kyokai.run.id, reason: 'kept-past-time' };
  const { items } = await json<PieceList>(
    office.get(`/pieces?state=returned&issuance=${filter.issuance}&reason=kept-past-time&limit=100`),
  );
  const [spared] = items;
  const plan = await json<ActionPlan>(
    office.post('/pieces/actions/preview', {
      action: 'repost',
      pieces: { filter, except: [spared!.mailpieceNumber] },
    }),
  );
  expect(plan).toMatchObject({
    isCut: false,
    refused: [],
    nextSteps: [{ nextStep: 'same-address', count: items.length - 1 }],
  });
  expect(plan.numbers.toSorted()).toEqual(
    items
      .slice(1)
      .map((row) => row.mailpieceNumber)
      .toSorted(),
  );
  const request = { action: 'repost', reason: '保管期間経過', numbers: plan.numbers };
  expect(await json<ActionOutcome>(office.post('/pieces/actions', request))).toMatchObject({
    recorded: items.length - 1,
  });
  const left = await json<PieceList>(office.get('/pieces?state=returned&reason=kept-past-time'));
  expect(left.items.map((row) => row.mailpieceNumber)).toEqual([spared!.mailpieceNumber]);
});

test('an envelope withdrawn takes its certificates with it; the person’s own withdrawal is the same one', async () => {
  const number = pieces.at(-8)!;
  const request = { action: 'withdraw', reason: '事業所の廃止', numbers: [number] };
  expect(await json<ActionOutcome>(office.post('/pieces/actions', request))).toMatchObject({ recorded: 1 });
  expect(await json<ActionOutcome>(office.post('/pieces/actions', request))).toMatchObject({ recorded: 0, already: 1 });
  const inside = await at.query<{ state: string; number: string }>(
    `select s.state, c.certificate_number::text as number from certificate c
       left join paper_state s on s.paper_number = c.certificate_number
      where c.issuance_id = $1 and c.mailpiece_number = $2`,
    [at.kyokai.run.id, number],
  );
  expect(new Set(inside.map((row) => row.state))).toEqual(new Set(['withdrawn']));
  expect((await reconcile(at.context, at.kyokai.run)).balanced).toBe(true);
});

test('more than one request takes is refused by its form', async () => {
  const numbers = Array.from({ length: MAX_AT_ONCE + 1 }, () => pieces[0]!);
  expect((await office.post('/pieces/actions', { action: 'repost', reason: 'x', numbers })).status).toBe(400);
});

test('parcels through the console’s doors: opened once, a neighbour’s envelope refused, closed when whole, its list fetched', async () => {
  const { run } = at.mbk;
  const packer = await at.as('mbk', 'contractor');
  const rows = await at.query<{ number: string; symbol: string }>(
    `select mailpiece_number::text as number, symbol from mailpiece
      where issuance_id = $1 and symbol in (select symbol from mailpiece where issuance_id = $1
                                             group by 1 having count(*) >= 2 order by 1 limit 2) order by 1`,
    [run.id],
  );
  const { symbol } = rows[0]!;
  const own = rows.filter((row) => row.symbol === symbol).map((row) => row.number);
  const foreign = rows.find((row) => row.symbol !== symbol)!.number;
  await recordPieceEvents(
    at.context,
    run,
    rows.map(({ number }) => ({
      mailpieceNumber: number,
      event: 'enclose',
      reason: '',
      source: '',
      key: `enclose:${number}`,
    })),
  );
  expect(await json(packer.get(`/parcels/places/${own[0]}`))).toEqual({ issuanceId: run.id, symbol });
  const place = `/issuances/${run.id}/workplaces/${symbol}/parcels`;
  expect(await json<WorkplaceParcels>(packer.get(place))).toMatchObject({ parcels: [], unpacked: own.length });
  const { parcels } = await json<{ parcels: { id: number }[] }>(packer.post(place, {}));
  expect(await json<{ parcels: unknown[] }>(packer.post(place, {}))).toEqual({ parcels });
  expect(parcels).toMatchObject([{ expected: own.length, scanned: 0, closedAt: null }]);
  const { id } = parcels[0]!;
  const scan = (code: string) => json<ParcelScan>(packer.post(`${place}/scans`, { code }));
  expect((await scan(foreign)).answer).toMatchObject({
    kind: 'refused',
    text: expect.stringContaining('ほかの事業所'),
  });
  expect((await scan(pieces[0]!)).answer).toMatchObject({ kind: 'stranger' });
  for (const [i, number] of own.entries()) {
    expect((await packer.post(`${place}/${id}/close`, {})).status).toBe(409);
    expect((await packer.get(`${place}/${id}/contents/pdf`)).status).toBe(409);
    const { answer, parcels: now } = await scan(number);
    expect(answer).toMatchObject({ kind: 'recorded' });
    expect(now).toMatchObject([{ scanned: i + 1 }]);
  }
  expect((await scan(own[0]!)).answer).toMatchObject({ kind: 'already' });
  expect(await json(packer.post(`${place}/${id}/close`, {}))).toMatchObject({ closedAt: expect.any(String) });
  const pdf = await packer.get(`${place}/${id}/contents/pdf`);
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  const csv = await (await packer.get(`${place}/${id}/contents/csv`)).text();
  for (const number of own) expect(csv).toContain(number);
  expect(csv).not.toContain(foreign);
  const list = await json<{ items: unknown[] }>(packer.get('/parcels?state=closed'));
  expect(list).toMatchObject({ issuanceId: run.id, items: [{ id, symbol }] });
  // 協会けんぽ posts to homes: there is nothing to pack.
  const other = await at.as('kyokai', 'contractor');
  expect(await json(other.get('/parcels'))).toMatchObject({ issuances: [], issuanceId: null, items: [] });
  expect((await other.get(`/parcels/places/${pieces[0]}`)).status).toBe(409);
  expect((await other.get(place)).status).toBe(404);
});

test('an employer reports many envelopes in one request; a neighbour’s is refused like no envelope at all', async () => {
  const { run } = at.mbk;
  const employer = await at.as('mbk', 'workplace');
  const [{ symbol }] = (await at.query<{ symbol: string }>(
    `select workplace_symbol as symbol from account where login = 'mbk-workplace'`,
  )) as [{ symbol: string }];
  const rows = await at.query<{ number: string; own: boolean }>(
    `select p.mailpiece_number::text as number, p.symbol = $2 as own
       from mailpiece p join printed_piece f using (issuance_id, mailpiece_number) where p.issuance_id = $1 order by 1`,
    [run.id, symbol],
  );
  await approveLots(at.context, run);
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      at.context,
      run,
      rows.map(({ number }) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
    );
  const own = rows.filter((row) => row.own).map((row) => row.number);
  const foreign = rows.find((row) => !row.own)!.number;
  const [left = '', failed = '', ...handed] = own;
  // Today tells an employer of the envelopes that came for its people, and of no others.
  const before = await json<{ queues: { id: string; count: number }[] }>(employer.get('/today'));
  expect(before.queues).toMatchObject([{ id: 'posted', count: own.length, unit: '通' }]);
  // All that can be reported, but for some: told by number, of these states alone, and of no other workplace.
  const plan = (request: object) =>
    json<{ numbers: string[]; isCut: boolean }>(employer.post(`/workplaces/${symbol}/hand-overs/preview`, request));
  expect(await plan({ event: 'hand-over' })).toEqual({ numbers: own, isCut: false });
  expect(await plan({ event: 'hand-over', state: 'posted', except: [own[1]] })).toEqual({
    numbers: own.filter((number) => number !== own[1]),
    isCut: false,
  });
  expect((await plan({ event: 'hand-over', state: 'handed-over' })).numbers).toEqual([]);
  const report = (event: string, mailpieceNumbers: string[], reason = '') =>
    json<ActionOutcome>(employer.post(`/workplaces/${symbol}/hand-overs`, { event, mailpieceNumbers, reason }));
  expect(await report('hand-over', [...handed, foreign])).toEqual({
    recorded: handed.length,
    already: 0,
    refused: [
      {
        mailpieceNumber: foreign,
        why: 'この事業所の郵便物ではありません',
      },
    ],
  });
  expect(await report('hand-over', handed)).toMatchObject({ recorded: 0, already: handed.length });
  expect(
    (await employer.post(`/workplaces/${symbol}/hand-overs`, { event: 'fail-hand-over', mailpieceNumbers: [failed] }))
      .status,
  ).toBe(400);
  expect(await report('fail-hand-over', [failed], '長く休んでいる')).toMatchObject({ recorded: 1 });
  expect(await report('report-left', [left])).toMatchObject({ recorded: 1 });
  // What could not be handed over can be, later; what was is not reported again.
  expect((await plan({ event: 'hand-over' })).numbers).toEqual([failed]);
  const page = await json<WorkplacePage>(employer.get(`/workplaces/${symbol}?state=handed-over&limit=200`));
  expect(page.pieces).toHaveLength(handed.length);
  expect(page.counts.reduce((sum, row) => sum + row.count, 0)).toBe(own.length);
  const today = await json<{ queues: { id: string; count: number }[] }>(
    (await at.as('mbk', 'headquarters')).get('/today'),
  );
  expect(today.queues).toContainEqual(expect.objectContaining({ id: 'left-workplace', count: 1 }));
});
