// Work that people do in the console, asked of the API: certificates asked for again made in one run; what a rule refuses done
// by name; chosen pieces made again; the journal of it all.
import { beforeAll, expect } from 'vitest';
import { withWall } from '../src/ledger/core/walls.ts';
import { getIssuance } from '../src/operations/desk/jobs.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import type { IssuancePage, Job } from '../src/server/contract/work.ts';
import type { ActionPlan, JournalList, PiecePage, WaitingReissues } from '../src/server/contract/papers.ts';
import { openTestConsole } from './console.ts';
import type { Client, TestConsole } from './console.ts';
import { approveLots } from './ledger.ts';
import { story } from './story.ts';

let at: TestConsole;

beforeAll(async () => {
  at = await openTestConsole(true);
  await approveLots(at.context, at.kyokai.run);
});

const read = async <T>(client: Client, address: string): Promise<T> => {
  const answer = await client.get(address);
  expect(answer.status, address).toBe(200);
  return (await answer.json()) as T;
};

/** The job that was asked for, when it has ended. */
const ended = async (client: Client, answer: Response): Promise<Job> => {
  const asked = (await answer.json()) as Job;
  expect(answer.status, JSON.stringify(asked)).toBe(200);
  await at.settled();
  return read<Job>(client, `/jobs/${asked.id}`);
};
const work = async (client: Client, request: object): Promise<Job> =>
  ended(client, await client.post('/jobs', request));

/** Brings a file as the console does. */
const bring = (
  client: Client,
  address: string,
  text: string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  client.request('POST', address, {
    body: new TextEncoder().encode(text),
    headers: {
      'content-type': 'application/octet-stream',
      'x-file-name': encodeURIComponent('ファイル.csv'),
      ...headers,
    },
  });

async function post(run: Issuance, numbers: readonly string[]): Promise<void> {
  for (const event of ['enclose', 'post'] as const) {
    const outcomes = await recordPieceEvents(
      at.context,
      run,
      numbers.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(numbers.map(() => 'recorded'));
  }
}

interface Holder {
  readonly piece: string;
  readonly certificate: string;
  readonly branch: string;
}

/** Printed envelopes of one person each who may have another certificate, at employers whose names can be printed. */
const holders = (run: Issuance): Promise<Holder[]> =>
  at.query<Holder>(
    `select p.mailpiece_number::text as piece, min(c.certificate_number)::text as certificate,
            min(w.branch_code) as branch
       from printed_piece f join mailpiece p using (issuance_id, mailpiece_number)
       join certificate c on c.issuance_id = p.issuance_id and c.mailpiece_number = p.mailpiece_number
       join member m on m.dataset_id = $2 and m.symbol = c.symbol and m.number_rank = c.number::bigint
                    and m.number = c.number and m.sub_number = c.sub_number and m.lost_on is null and not m.mail_stopped
                    and m.insured_class = 'general' and not m.has_optional_entries
       join workplace w on w.dataset_id = $3 and w.symbol = c.symbol and w.name not like '=%'
       left join paper_state s on s.paper_number = p.mailpiece_number
      where f.issuance_id = $1 and p.certificate_count = 1 and s.state is null
      group by 1 order by 1`,
    [run.id, run.membersId, run.workplacesId],
  );

/** The first issuance made of reissues. */
const issuanceOf = async (parent: Issuance): Promise<Issuance> => {
  const [made] = await at.query<{ id: number }>('select min(id) as id from issuance where parent_id = $1', [parent.id]);
  return getIssuance(at.context, parent.insurerNumber, made!.id);
};

const step = story();

step(
  'reissues: what waits is seen behind the wall, one run makes all that can be made, of every issuance',
  async () => {
    const { run } = at.kyokai;
    const office = await at.as('kyokai', 'headquarters');
    const branch = await at.as('kyokai', 'branch');
    const [own] = await at.query<{ code: string }>(
      `select branch_code as code from account where login = 'kyokai-branch'`,
    );
    const found = await holders(run);
    const inside = found.filter((holder) => holder.branch === own!.code).slice(0, 1);
    const outside = found.filter((holder) => holder.branch !== own!.code).slice(0, 2);
    const chosen = [...inside, ...outside];
    await post(
      run,
      chosen.map(({ piece }) => piece),
    );
    const ask = async (certificate: string, reason = 'torn'): Promise<void> => {
      const answer = await office.post(`/papers/${certificate}/actions`, {
        action: 'reissue',
        reason,
        isAttached: true,
      });
      expect(await answer.json()).toMatchObject({ kind: 'recorded' });
    };
    for (const { certificate } of chosen) await ask(certificate);

    // Two pages of two and one; the branch sees its own.
    const first = await read<WaitingReissues>(office, '/reissues?limit=2');
    expect(first).toMatchObject({ total: 3, items: [{ reasonLabel: 'き損', whyNot: '' }, { whyNot: '' }] });
    const second = await read<WaitingReissues>(office, `/reissues?limit=2&cursor=${first.next}`);
    expect(second).toMatchObject({ total: 3, next: null });
    expect([...first.items, ...second.items].map((row) => row.certificateNumber)).toEqual(
      chosen.map(({ certificate }) => certificate).toSorted((a, b) => a.localeCompare(b)),
    );
    const seen = await read<WaitingReissues>(branch, '/reissues');
    expect([seen.total, seen.items.map((row) => row.certificateNumber)]).toEqual([1, [inside[0]!.certificate]]);
    const { queues } = await read<{ queues: { id: string; count: number }[] }>(office, '/today');
    expect(queues.find(({ id }) => id === 'reissue')).toMatchObject({ count: 3 });

    // Dated before the certificates it replaces: refused as a whole, and everything still waits.
    const early = await work(office, { kind: 'reissue', issuedOn: '2025-07-01' });
    expect(early).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('元の発行（2025-07-22）以後'),
      issuanceIds: [],
    });
    expect((await read<WaitingReissues>(office, '/reissues')).total).toBe(3);
    // Nobody may overrule that.
    expect(early.canOverride).toBe(false);
    const overruled = await office.post(`/jobs/${early.id}/override`, { reason: '正しい' });
    expect([overruled.status, ((await overruled.json()) as { code: string }).code]).toEqual([409, 'not-now']);

    const made = await work(office, { kind: 'reissue', issuedOn: '2025-11-12' });
    expect(made).toMatchObject({
      state: 'done',
      message: '再交付 3枚を作りました。',
      issuanceIds: [expect.any(Number)],
    });
    const page = await read<{ overview: object; jobs: Job[] }>(office, `/issuances/${made.issuanceIds[0]}`);
    expect(page.overview).toMatchObject({ parentId: run.id, remake: 'reissue', certificates: 3, printed: 3 });
    expect(page.jobs.map(({ id }) => id)).toEqual([made.id]);
    expect(await work(office, { kind: 'reissue', issuedOn: '2025-11-12' })).toMatchObject({
      message: 'いま作れる再交付はありません。',
      issuanceIds: [],
    });

    // One of the new ones is torn in its turn, and one more of the old: two issuances in one run.
    const again = await issuanceOf(run);
    await approveLots(at.context, again);
    const [newer] = await holders(again);
    await post(again, [newer!.piece]);
    await ask(newer!.certificate, 'soiled');
    const next = (await holders(run))[0]!;
    await post(run, [next.piece]);
    await ask(next.certificate);
    const both = await work(office, { kind: 'reissue', issuedOn: '2025-12-10' as LocalDate });
    expect(both).toMatchObject({ message: '再交付 2枚を作りました。' });
    expect(both.issuanceIds).toHaveLength(2);
    for (const id of both.issuanceIds) {
      const { jobs } = await read<{ jobs: Job[] }>(office, `/issuances/${id}`);
      expect(jobs.map((job) => job.id)).toContain(both.id);
    }
  },
);

step('a lot is handed over alone; handed over again it is refused, and made once more by name', async () => {
  const { run } = at.kyokai;
  const office = await at.as('kyokai', 'headquarters');
  const make = async (lotNo: number | null): Promise<Job> =>
    ended(office, await office.post('/packages', { issuanceId: run.id, recipient: null, lotNo }));
  const handedOver = async (): Promise<readonly number[]> => {
    const { lots } = await read<IssuancePage>(office, `/issuances/${run.id}`);
    expect(lots.length).toBeGreaterThan(1);
    expect(lots.every(({ isPrintApproved, isPostingApproved }) => isPrintApproved && isPostingApproved)).toBe(true);
    return lots.filter(({ isHandedOver }) => isHandedOver).map(({ no }) => no);
  };
  expect(await handedOver()).toEqual([]);
  expect(await make(1)).toMatchObject({ state: 'done', canOverride: false });
  expect(await handedOver()).toEqual([1]);
  const again = await make(null);
  expect(again).toMatchObject({ state: 'failed', canOverride: true, override: null });
  expect(again.message).toMatch(/^ロット1（.*は引き渡し済みです。.*引き渡しを作りませんでした。$/);

  const override = (client: Client, reason: string): Promise<Response> =>
    client.post(`/jobs/${again.id}/override`, { reason });
  for (const role of ['branch', 'auditor', 'administrator', 'contractor'] as const)
    expect((await override(await at.as('kyokai', role), 'x')).status).toBe(403);
  // Another insurer's is not there.
  expect((await override(await at.as('mbk', 'headquarters'), 'x')).status).toBe(404);
  expect((await override(office, '　')).status).toBe(400);
  const told = await override(office, '個人番号 123456789018');
  expect([told.status, (await told.text()).includes('1234')]).toEqual([400, false]);
  const answers = await Promise.all([override(office, '媒体が読めない'), override(office, '媒体が読めない')]);
  expect(answers.map(({ status: code }) => code).toSorted((x, y) => x - y)).toEqual([200, 409]);
  const done = await ended(
    office,
    answers.find(({ ok }) => ok)!,
  );
  expect(done).toMatchObject({ state: 'done', override: { person: 'kyokai headquarters', reason: '媒体が読めない' } });
  expect(await read<Job>(office, `/jobs/${again.id}`)).toMatchObject({ state: 'failed', canOverride: false });
  expect((await override(office, 'もう一度')).status).toBe(409);
  // The ledger: one in place of one, whoever enters it.
  await expect(
    at.query(
      `insert into job (id, insurer_number, kind, input, actor, override_of)
       select gen_random_uuid(), insurer_number, kind, input, actor, id from job where id = $1`,
      [again.id],
    ),
  ).rejects.toMatchObject({ code: '23505' });
  const handed = await at.query(
    `select override_by as by, override_reason as why from job_file where issuance_id = $1 and kind = 'package 1'
      order by taken_at`,
    [run.id],
  );
  expect(handed).toEqual([
    { by: null, why: null },
    { by: 'kyokai headquarters', why: '媒体が読めない' },
  ]);
});

step(
  'results: postings out of their days and an older file are told, and recorded by name of headquarters alone',
  async () => {
    const { run } = at.kyokai;
    const office = await at.as('kyokai', 'headquarters');
    const contractor = await at.as('kyokai', 'contractor');
    const [first, second] = (await holders(run)).map(({ piece }) => piece);
    const file = (...rows: string[]): string => ['郵便物番号,結果,年月日,理由,引受番号', ...rows, ''].join('\r\n');
    const address = `/results?issuanceId=${run.id}`;
    const said = async (answer: Response): Promise<unknown> => answer.json();
    const by = (reason: string): Record<string, string> => ({ 'x-override-reason': encodeURIComponent(reason) });
    await bring(contractor, address, file(`${first},封入,2025-12-20,,`, `${second},封入,2025-12-20,,`));

    // After its days: the row says why, and that somebody may.
    const late = file(`${first},発送,2025-12-26,,`, '20001000000099,発送,2025-12-26,,');
    expect(await said(await bring(contractor, address, late))).toMatchObject({
      recorded: 0,
      refused: [
        { line: 2, why: expect.stringContaining('過ぎています'), canOverride: true },
        { line: 3, canOverride: false },
      ],
    });
    const repeated = await bring(office, address, late);
    expect([repeated.status, await said(repeated)]).toMatchObject([
      409,
      { code: 'file-repeats', detail: expect.stringContaining('許可がなくて記録していない発送が1通') },
    ]);
    const refused = await bring(contractor, address, late, by('自分で許す'));
    expect([refused.status, await said(refused)]).toMatchObject([403, { code: 'override-forbidden' }]);
    expect((await bring(office, address, late, by('123456789018'))).status).toBe(400);
    expect(await said(await bring(office, address, late, by('封筒の不足')))).toMatchObject({ recorded: 1 });
    const events = await at.query(
      `select event, reason from event where paper_number = $1 and event in ('override', 'post') order by seq`,
      [first],
    );
    expect(events).toEqual([
      { event: 'override', reason: 'kyokai headquarters: 封筒の不足' },
      { event: 'post', reason: '2025-12-26' },
    ]);

    // Older than what was brought before: nothing of it is read until somebody answers for it.
    const older = file(`${second},発送,2025-08-01,,`);
    const answer = await bring(office, address, older);
    expect([answer.status, await said(answer)]).toMatchObject([409, { code: 'file-precedes' }]);
    expect(await said(await bring(office, address, older, by('前の分が届いた')))).toMatchObject({
      recorded: 1,
      refused: [],
    });
    expect(
      await at.query(
        `select override_by as by, override_reason as why from job_file
        where issuance_id = $1 and kind = 'results' and override_by is not null`,
        [run.id],
      ),
    ).toEqual([{ by: 'kyokai headquarters', why: '前の分が届いた' }]);
    // All of it said before, nothing left to allow.
    expect(await said(await bring(office, address, older, by('もう一度')))).toMatchObject({
      code: 'file-taken-before',
    });
  },
);

step(
  'returned pieces: those that are chosen are made again, of any issuance; the others stay, and why not is told',
  async () => {
    const { run } = at.kyokai;
    const office = await at.as('kyokai', 'headquarters');
    const [moved = '', kept = '', other = '', late = ''] = (await holders(run)).map(({ piece }) => piece);
    await post(run, [moved, kept, other, late]);
    const scan = async (code: string, reason: string): Promise<void> =>
      expect(await (await office.post('/scans', { code, reason })).json()).toMatchObject({ kind: 'recorded' });
    for (const number of [other, late]) await scan(number, 'moved');
    // As a reader writes Code 39 with an IME on.
    const wide = `*${moved}*`.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    expect(await (await office.post('/scans', { code: wide, reason: 'moved' })).json()).toMatchObject({
      kind: 'recorded',
      mailpieceNumber: moved,
    });
    await scan(kept, 'kept-past-time');
    // One of the issuance of reissues, too.
    const made = await issuanceOf(run);
    const [again] = (await holders(made)).map(({ piece }) => ({ id: made.id, piece }));
    await post(made, [again!.piece]);
    await scan(again!.piece, 'unknown-at-address');

    const preview = async (pieces: object): Promise<ActionPlan> => {
      const answer = await office.post('/pieces/actions/preview', { action: 'reroute', pieces });
      return (await answer.json()) as ActionPlan;
    };
    const filter = { state: 'returned' };
    const all = await preview({ filter, except: [other] });
    expect(all).toMatchObject({ isCut: false, refused: [{ mailpieceNumber: kept, why: '同じ宛先へ再発送する' }] });
    expect(new Set(all.numbers)).toEqual(new Set([moved, late, again!.piece]));
    expect(await preview({ filter: { ...filter, issuance: again!.id } })).toMatchObject({ numbers: [again!.piece] });
    expect(await preview({ numbers: [other, '20001000000099'] })).toMatchObject({
      numbers: [other],
      refused: [{ mailpieceNumber: '20001000000099' }],
    });

    // Meanwhile somebody takes one back: what was shown is done, but for it.
    expect((await office.post(`/scans/${late}/take-back`, {})).status).toBe(200);
    const done = await work(office, { kind: 'reroute', numbers: [...all.numbers, kept], issuedOn: '2025-12-01' });
    expect(done).toMatchObject({
      state: 'done',
      message:
        '2通を作り直しました。職員に残るもの 2通（同じ宛先へ再発送する 1通、この発行で作り直しを待っている郵便物ではない 1通）。',
    });
    expect(done.issuanceIds).toHaveLength(2);
    const states = await at.query<{ number: string; state: string }>(
      'select paper_number::text as number, state from paper_state where paper_number = any($1)',
      [[moved, kept, other, late, again!.piece]],
    );
    expect(Object.fromEntries(states.map(({ number, state }) => [number, state]))).toEqual({
      [moved]: 'rerouted',
      [again!.piece]: 'rerouted',
      [kept]: 'returned',
      [other]: 'returned',
      [late]: 'posted',
    });
    // The envelope's page tells which was made again of it, and that one's of which.
    const page = (client: Client, number: string): Promise<PiecePage> => read<PiecePage>(client, `/papers/${number}`);
    const old = await page(office, moved);
    expect(old).toMatchObject({ state: 'rerouted', stateLabel: '再送付（作り直し）', madeOf: [], kind: 'certificate' });
    const young = await page(office, old.madeAgain[0]!);
    expect(young).toMatchObject({ state: 'printed', madeOf: [moved], madeAgain: [], household: old.household });
    expect(young.papers.map(({ key, name }) => [key, name])).toEqual(old.papers.map(({ key, name }) => [key, name]));
    expect(new Set(old.papers.map(({ state }) => state))).toEqual(new Set(['void']));
    expect(old.events.map(({ event }) => event)).toContain('reroute');
    expect(old.actions.every(({ allowed, why }) => allowed || why !== '')).toBe(true);
    expect(await page(office, kept)).toMatchObject({ madeAgain: [], state: 'returned' });
    const looks = await at.query<{ subject: string }>(
      `select subject from access_record where what = 'piece' order by id`,
    );
    expect(looks.map(({ subject }) => subject)).toEqual([moved, old.madeAgain[0], kept]);
    // The same again makes nothing, and says why.
    expect(await work(office, { kind: 'reroute', numbers: [moved], issuedOn: '2025-12-02' })).toMatchObject({
      message: '作り直すものはありません。職員に残るもの 1通（作り直し済み 1通）。',
      issuanceIds: [],
    });
    // A branch may look, and start nothing; another insurer's piece is of no issuance one has.
    const branch = await at.as('kyokai', 'branch');
    const request = { kind: 'reroute', numbers: [other], issuedOn: '2025-12-02' };
    expect((await branch.post('/jobs', request)).status).toBe(403);
    const foreign = await at.as('mbk', 'headquarters');
    expect((await foreign.post('/jobs', request)).status).toBe(404);
    // The whole issuance takes what is left of it.
    expect(await work(office, { kind: 'reroute', issuanceId: run.id, issuedOn: '2025-12-03' })).toMatchObject({
      message: '1通を作り直しました。職員に残るもの 1通（同じ宛先へ再発送する 1通）。',
    });
  },
);

step(
  'the journal: everything of the insurer and nothing of another, by kind, person and day, page by page',
  async () => {
    const auditor = await at.as('kyokai', 'auditor');
    const journal = (query: string): Promise<JournalList> => read<JournalList>(auditor, `/journal?${query}`);
    const administrator = await at.as('kyokai', 'administrator');
    const user = {
      login: 'journal-1',
      displayName: '記録　係',
      role: 'auditor',
      password: 'ながいながい見本のパスワード',
    };
    const { id } = (await (await administrator.post('/users', user)).json()) as { id: number };
    await administrator.request('PATCH', `/users/${id}`, {
      body: JSON.stringify({ isDisabled: true }),
      headers: { 'content-type': 'application/json' },
    });
    // Everybody's: no insurer has brought it.
    await at.query(
      `insert into journal (actor, operation, counts) values ('tester', 'import-postal', '{"districts": 1}')`,
    );

    const own = await at.query<{ id: number; actor: string; operation: string }>(
      `select id, actor, operation from journal
      where insurer_number = $1 or operation = 'import-postal' order by id desc`,
      [at.kyokai.run.insurerNumber],
    );
    const pages: JournalList['items'][number][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: JournalList = await journal(`limit=7&cursor=${cursor}`);
      pages.push(...page.items);
      cursor = page.next;
    }
    expect(pages.map((row) => row.id)).toEqual(own.map((row) => row.id));
    expect(pages.slice(0, 3)).toMatchObject([
      { operation: 'import-postal', issuanceId: null },
      {
        operationLabel: '利用者の変更',
        actor: 'kyokai-administrator',
        counts: [
          { label: '利用者', value: 'journal-1' },
          { label: '変えたこと', value: '停止' },
        ],
      },
      { operationLabel: '利用者の登録', counts: [{ value: 'journal-1' }, { label: '役割', value: '監査' }] },
    ]);
    const kinds = new Set(pages.map(({ operation }) => operation));
    for (const kind of ['import-members', 'create-account', 'reissue', 'reroute', 'package', 'results'])
      expect(kinds).toContain(kind);
    expect(pages.filter(({ operation }) => operation === 'package')[0]!.counts).toContainEqual({
      label: '許可した人',
      value: 'kyokai headquarters',
    });

    const imports = await journal('operation=import-members');
    expect(imports.items).toEqual(pages.filter(({ operation }) => operation === 'import-members'));
    const mine = await journal('actor=kyokai-administrator&limit=200');
    expect(mine.items).toEqual(pages.filter(({ actor }) => actor === 'kyokai-administrator'));
    const [{ today }] = (await at.query<{ today: string }>(
      `select to_char(max(at) at time zone 'Asia/Tokyo', 'YYYY-MM-DD') as today from journal`,
    )) as [{ today: string }];
    expect((await journal(`from=${today}&to=${today}`)).items.length).toBeGreaterThan(0);
    expect((await journal('to=2020-01-01')).items).toEqual([]);
    expect((await journal('from=2999-01-01')).items).toEqual([]);

    const csv = await (await auditor.get('/exports/journal.csv?operation=create-account&as=plain')).text();
    expect(csv).toMatch(/^番号,日時,操作した人,操作,発行,内容\r\n.*利用者の登録,,利用者 journal-1　役割 監査\r\n/);
    // What leaves is noted itself.
    const looks = await read<{ items: { what: string; subject: string }[] }>(auditor, '/access-records');
    expect(looks.items[0]).toMatchObject({ what: 'export', subject: '操作の記録' });
  },
);

step('the ledger: an entry has its insurer, nobody enters another’s, and who does not check reads none', async () => {
  const enter = (insurer: string | null): Promise<unknown> =>
    at.query(`insert into journal (actor, operation, insurer_number, counts) values ('x', 'expire', $1, '{}')`, [
      insurer,
    ]);
  await expect(enter(null)).rejects.toThrow('journal_has_its_insurer');
  const viewer = (role: 'headquarters' | 'auditor' | 'contractor') =>
    withWall(at.context.database, {
      insurerNumber: at.kyokai.run.insurerNumber,
      role,
      branchCode: null,
      workplaceSymbol: null,
    });
  const count = async (role: Parameters<typeof viewer>[0]): Promise<number> =>
    (await viewer(role).transaction((tx) => tx.query<{ n: number }>('select count(*)::int as n from journal')))[0]!.n;
  expect([await count('headquarters'), await count('contractor')]).toEqual([0, 0]);
  expect(await count('auditor')).toBeGreaterThan(0);
  await expect(
    viewer('headquarters').transaction((tx) =>
      tx.execute(`insert into journal (actor, operation, insurer_number, counts) values ('x', 'expire', $1, '{}')`, [
        at.mbk.run.insurerNumber,
      ]),
    ),
  ).rejects.toMatchObject({ code: '42501' });
});
