// Approval, withdrawal and verification through the API, as each role may: the sheet, the override, the taking back, the list of
// withdrawals behind a branch's wall, and every file held against its manifest.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { ApprovalSheet, LotList, LotsConfirmed } from '../src/server/contract/lots.ts';
import type { WithdrawalList } from '../src/server/contract/papers.ts';
import type { Cancelled, IssuancePage, Job } from '../src/server/contract/work.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { Client, PASSWORD, madeAccount, openTestConsole } from './console.ts';
import type { TestConsole } from './console.ts';

let at: TestConsole;
let office: Client;
let second: Client;
let lots: string;
beforeAll(async () => {
  at = await openTestConsole(true);
  office = await at.as('mbk', 'headquarters');
  await madeAccount(at.context, { insurer: at.mbk.profile.insurer, login: 'mbk-second', displayName: '本部　二郎' });
  second = new Client(at.app);
  await second.signIn('mbk-second', PASSWORD);
  lots = `/issuances/${at.mbk.run.id}/lots`;
});

const read = async <T>(client: Client, address: string): Promise<T> => (await client.get(address)).json() as Promise<T>;
const confirm = (client: Client, step: string, override?: string): Promise<Response> =>
  client.post(`${lots}/confirmations`, { step, lots: [1], ...(override !== undefined && { override }) });

test('approved with what it is of beside it, released by name alone before enclosing, taken back, and approved again', async () => {
  const sheet = await read<ApprovalSheet>(office, `${lots}/1/approval`);
  expect(sheet.proofs.length).toBeGreaterThan(1);
  expect(sheet.routes.reduce((sum, row) => sum + row.pieces, 0)).toBe(sheet.lot.counts.extracted);
  expect(sheet.files.length).toBeGreaterThan(0);
  const [proof] = sheet.proofs;
  const page = await office.get(`/papers/${proof!.mailpieceNumber}/pages/1`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect((await office.get(`${lots}/99/approval`)).status).toBe(404);

  for (const client of [office, second]) expect((await confirm(client, 'print')).status).toBe(200);
  const early = await confirm(office, 'post');
  expect(early.status).toBe(409);
  expect(await early.json()).toMatchObject({
    code: 'lot-not-enclosed',
    detail: expect.stringContaining('印刷 = 封入'),
  });
  expect((await confirm(office, 'print', '理由')).status).toBe(409);
  const allowed = (await (await confirm(office, 'post', '封入は明日')).json()) as LotsConfirmed;
  const post = allowed.items[0]!.steps.find(({ step }) => step === 'post')!;
  expect(post).toMatchObject({ canTakeBack: true, override: { reason: '封入は明日' } });
  const takeBack = (step: string, reason = '宛名の誤り'): Promise<Response> =>
    second.post(`${lots}/1/take-backs`, { step, reason });
  expect((await takeBack('close')).status).toBe(400);
  expect((await takeBack('print')).status).toBe(409);
  expect((await takeBack('post', '123456789012')).status).toBe(400);
  expect(await (await takeBack('post')).json()).toMatchObject({
    lot: { takenBack: [{ step: 'post', person: '本部　二郎', reason: '宛名の誤り' }] },
  });
  const [lot] = (await read<LotList>(office, lots)).items;
  expect(lot!.steps.map(({ persons }) => persons.length)).toEqual([2, 0, 0]);
});

test('a cancellation is asked for, shown with who asks, and taken back by the other', async () => {
  const cancellations = `/issuances/${at.mbk.run.id}/cancellations`;
  const shown = async () => (await read<IssuancePage>(office, `/issuances/${at.mbk.run.id}`)).cancellation;
  expect(await shown()).toEqual([]);
  const takeBack = (): Promise<Response> => second.post(`${cancellations}/take-back`, { reason: '誤りではなかった' });
  expect((await takeBack()).status).toBe(409);
  expect(((await (await office.post(cancellations, { reason: '日付の誤り' })).json()) as Cancelled).kind).toBe('asked');
  expect(await shown()).toMatchObject([{ reason: '日付の誤り' }]);
  expect((await takeBack()).status).toBe(200);
  expect(await shown()).toEqual([]);
});

test('withdrawn under a code, listed with its age behind the wall, lifted by whom may', async () => {
  const hq = await at.as('kyokai', 'headquarters');
  const branch = await at.as('kyokai', 'branch');
  const [{ code: own } = { code: '' }] = await at.query<{ code: string }>(
    `select branch_code as code from account where login = 'kyokai-branch'`,
  );
  const pieceOf = async (where: string): Promise<{ certificate: string; key: string; piece: string }> => {
    const rows = await at.query<{ certificate: string; key: string; piece: string }>(
      `select c.certificate_number::text as certificate, concat(c.symbol, '-', c.number, '-', c.sub_number) as key,
              c.mailpiece_number::text as piece
         from certificate c join workplace w on w.dataset_id = $2 and w.symbol = c.symbol
         join printed_piece p on p.issuance_id = c.issuance_id and p.mailpiece_number = c.mailpiece_number
         left join paper_state s on s.paper_number = c.certificate_number
        where c.issuance_id = $1 and s.state is null and ${where} order by 1 limit 1`,
      [at.kyokai.run.id, at.kyokai.run.workplacesId],
    );
    return rows[0]!;
  };
  const mine = await pieceOf(`w.branch_code = '${own}'`);
  const foreign = await pieceOf(`w.branch_code <> '${own}'`);
  const withdraw = (number: string, withdrawal?: object): Promise<Response> =>
    hq.post(`/papers/${number}/actions`, { action: 'withdraw', reason: '窓口で確かめた', withdrawal });
  expect((await withdraw(mine.certificate, { code: 'enrolled', lostOn: '2025-10-01' })).status).toBe(400);
  expect((await withdraw(mine.certificate, { code: 'cancelled' })).status).toBe(400);
  expect(
    (await hq.post(`/papers/${mine.piece}/actions`, { action: 'repost', reason: 'x', withdrawal: { code: 'lost' } }))
      .status,
  ).toBe(400);
  expect((await withdraw(mine.certificate, { code: 'enrolled' })).status).toBe(200);
  expect((await withdraw(foreign.certificate, { code: 'lost', lostOn: '2025-10-01' })).status).toBe(200);

  const all = await read<WithdrawalList>(hq, '/withdrawals');
  expect(all.items).toMatchObject(
    [mine, foreign]
      .map(({ key, certificate }) => ({ key, certificateNumber: certificate, reason: '窓口で確かめた', days: 0 }))
      .toSorted((a, b) => (a.certificateNumber < b.certificateNumber ? -1 : 1)),
  );
  expect(all.counts).toEqual([
    { code: 'enrolled', label: 'マイナ保険証で確認できる', count: 1 },
    { code: 'lost', label: '資格喪失', count: 1 },
  ]);
  expect(await read<WithdrawalList>(hq, '/withdrawals?code=lost')).toMatchObject({
    items: [{ key: foreign.key, lostOn: '2025-10-01', term: '喪失のあいだ' }],
  });
  const first = await read<WithdrawalList>(hq, '/withdrawals?limit=1');
  const rest = await read<WithdrawalList>(hq, `/withdrawals?limit=1&cursor=${encodeURIComponent(first.next!)}`);
  expect([...first.items, ...rest.items].map(({ key }) => key)).toEqual(all.items.map(({ key }) => key));
  expect(rest.next).toBeNull();

  // A branch sees and lifts its own alone.
  const behind = await read<WithdrawalList>(branch, '/withdrawals');
  expect([behind.items.map(({ key }) => key), behind.counts.length]).toEqual([[mine.key], 1]);
  const lift = (client: Client, key: string): Promise<Response> =>
    client.post('/withdrawals/lift', { key, reason: '申し出の取り下げ' });
  expect((await lift(branch, foreign.key)).status).toBe(409);
  expect((await lift(await at.as('kyokai', 'call-centre'), mine.key)).status).toBe(403);
  expect(await (await lift(branch, mine.key)).json()).toMatchObject({ kind: 'recorded' });
  expect(await (await lift(hq, mine.key)).json()).toMatchObject({ kind: 'already' });
  expect((await read<WithdrawalList>(hq, '/withdrawals')).items.map(({ key }) => key)).toEqual([foreign.key]);

  // The pull list and what newer files say leave as files; a contractor reads no key.
  const pulls = await (await (await at.as('kyokai', 'contractor')).get('/exports/pulls.csv?as=plain')).text();
  expect(pulls.split('\r\n').filter((line) => line.includes(foreign.certificate))).toHaveLength(1);
  expect(pulls).not.toContain(foreign.key);
  const news = await (await hq.get(`/exports/issuances/${at.kyokai.run.id}/news.csv?as=plain`)).text();
  expect(news.split('\r\n')[0]).toBe('郵便物番号,記号,番号,枝番,コード,内容');
});

test('a whole envelope is withdrawn under the code that was chosen', async () => {
  const [row] = await at.query<{ piece: string }>(
    `select p.mailpiece_number::text as piece from printed_piece p
       left join paper_state s on s.paper_number = p.mailpiece_number
      where p.issuance_id = $1 and s.state is null order by 1 desc limit 1`,
    [at.kyokai.run.id],
  );
  const hq = await at.as('kyokai', 'headquarters');
  const asked = { action: 'withdraw', reason: '二重', numbers: [row!.piece], withdrawal: { code: 'enrolled' } };
  expect(await (await hq.post('/pieces/actions', asked)).json()).toMatchObject({ recorded: 1 });
  const codes = await at.query<{ code: string }>(
    `select distinct w.code from withdrawal w join certificate c on c.certificate_number = w.paper_number
      where c.mailpiece_number = $1`,
    [row!.piece],
  );
  expect(codes).toEqual([{ code: 'enrolled' }]);
  expect((await hq.post('/pieces/actions', { ...asked, action: 'repost' })).status).toBe(400);
});

test('every file that was written of an issuance is held against its manifest by a job, which names what is another', async () => {
  const { run } = at.mbk;
  const verify = async (): Promise<Job> => {
    const asked = (await (await office.post('/jobs', { kind: 'verify', issuanceId: run.id })).json()) as Job;
    await at.settled();
    return read<Job>(office, `/jobs/${asked.id}`);
  };
  const whole = await verify();
  expect(whole).toMatchObject({
    state: 'done',
    label: '書き出したファイルの確認',
    message: expect.stringContaining('目録のとおりです'),
  });
  const folder = path.join(at.server.files, run.insurerNumber, 'issuances', String(run.id));
  const table = path.join(folder, 'mailpieces.csv');
  writeFileSync(table, `${readFileSync(table, 'utf8')} `);
  const damaged = await verify();
  expect(damaged).toMatchObject({
    state: 'done',
    message: expect.stringMatching(/目録と違うものが1件あります：mailpieces\.csv の大きさが違います/),
    outcome: { faults: [expect.stringContaining('mailpieces.csv')] },
  });
});

test('nothing is taken back once a piece is posted: the button is gone and the API refuses', async () => {
  for (const client of [office, second]) await confirm(client, 'post', '封入は明日');
  const [piece] = await at.query<{ number: string }>(
    `select p.mailpiece_number::text as number from printed_piece p join mailpiece m using (issuance_id, mailpiece_number)
       left join paper_state s on s.paper_number = p.mailpiece_number
      where p.issuance_id = $1 and s.state is null order by 1 limit 1`,
    [at.mbk.run.id],
  );
  for (const event of ['enclose', 'post'] as const)
    expect(
      await recordPieceEvents(at.context, at.mbk.run, [
        { mailpieceNumber: piece!.number, event, reason: '', source: '', key: `${event}:${piece!.number}` },
      ]),
    ).toEqual([{ kind: 'recorded' }]);
  const refused = await office.post(`${lots}/1/take-backs`, { step: 'post', reason: '宛名の誤り' });
  expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
    409,
    expect.stringContaining('郵便物 1通を発送済み'),
  ]);
  const [lot] = (await read<LotList>(office, lots)).items;
  expect(lot!.steps.some(({ canTakeBack }) => canTakeBack)).toBe(false);
  expect((await office.post(`/issuances/${at.mbk.run.id}/cancellations`, { reason: 'x' })).status).toBe(409);
});
