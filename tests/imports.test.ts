// An import is a proposal, asked of the API: files brought together are shown before they count, confirmed by as many persons as
// they need, worked out again where another came first, given up, taken up again; and the accidents that must not happen.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { profileFile } from '../src/formats/profile.ts';
import { confirmImport, takeInImport } from '../src/operations/intake/imports.ts';
import { takeUpFile } from '../src/operations/intake/files.ts';
import { runJob } from '../src/operations/perform-job.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { buildApp } from '../src/server/app.ts';
import type { ImportList, ImportPage, TakenFiles } from '../src/server/contract/imports.ts';
import type { IssuanceFiles, WarningList } from '../src/server/contract/issuance-files.ts';
import type { Job, Today } from '../src/server/contract/work.ts';
import { person, status } from './cast.ts';
import type { Cells } from './cast.ts';
import {
  Client,
  bringFiles,
  importPage,
  madeAccount,
  openTestConsole,
  proposeFiles,
  sendFile,
  serveTests,
} from './console.ts';
import type { TestConsole } from './console.ts';
import { approveLots, openTestFolder, openTestLedger } from './ledger.ts';
import { readRows } from './issued.ts';
import { story } from './story.ts';

let at: TestConsole;
let office: Client;
let second: Client;

beforeAll(async () => {
  at = await openTestConsole(true);
  await madeAccount(at.context, {
    insurer: at.mbk.profile.insurer,
    login: 'mbk-second',
    displayName: 'mbk　second',
  });
  office = await at.as('mbk', 'headquarters');
  second = await signIn('mbk-second');
});

async function signIn(login: string): Promise<Client> {
  const client = new Client(at.app);
  if (!(await client.signIn(login)).ok) throw new Error(`sign-in of ${login}`);
  return client;
}

const text = (columns: readonly { readonly name: string }[], rows: readonly Cells[]): string => {
  const header = columns.map((column) => column.name);
  return [header, ...rows.map((row) => header.map((name) => row[name] ?? ''))].map(csvLine).join('');
};
const sample = (name: string): Cells[] => readRows(path.join(at.folder, 'mbk', name));
const members = (rows: readonly Cells[]) => ({ name: 'a.csv', content: text(MEMBER_COLUMNS, rows) });
const workplaces = (rows: readonly Cells[]) => ({ name: 'b.csv', content: text(WORKPLACE_COLUMNS, rows) });
const enrolment = (rows: readonly Cells[], asOf: string) => ({
  name: 'c.csv',
  content: text(ENROLMENT_COLUMNS, rows),
  asOf,
});

const confirm = (client: Client, { id, version }: ImportPage, reason: string | null = null): Promise<Response> =>
  client.post(`/imports/proposals/${id}/confirmations`, { version, reason });
const said = async (answer: Response): Promise<readonly [number, { code: string; detail: string }]> =>
  [answer.status, (await answer.json()) as { code: string; detail: string }] as const;
const taken = async (): Promise<string[]> =>
  ((await (await office.get('/imports/files')).json()) as TakenFiles).items
    .filter(({ isInUse }) => isInUse)
    .map(({ kind, fileName, rowCount }) => `${kind} ${fileName} ${rowCount}`)
    .toSorted((x, y) => x.localeCompare(y));
const uploads = (): string[] =>
  readdirSync(path.join(at.server.files, at.mbk.profile.insurer.number, 'uploads'), {
    recursive: true,
    encoding: 'utf8',
  }).filter((name) => name.endsWith('.csv') && !name.endsWith('.errors.csv'));
const asOf = async (): Promise<string> => {
  const rows = await at.query<{ day: string }>(
    `select as_of as day from dataset where id = dataset_in_use($1, 'enrolment')`,
    [at.mbk.profile.insurer.number],
  );
  return rows[0]!.day;
};
const keyOf = (row: Cells): string => `${row['記号']}-${row['番号']}-${row['枝番']}`;

const step = story();

let first: string[] = [];

step(
  'several files at once, known by their headers: what would change stands on one page, and nothing has',
  async () => {
    first = await taken();
    const people = sample('加入者.csv');
    // Somebody who is going has a certificate in hand.
    const [holder] = await at.query<{ key: string; piece: string }>(
      `select c.symbol || '-' || c.number || '-' || c.sub_number as key, p.mailpiece_number::text as piece
       from certificate c join mailpiece p using (issuance_id, mailpiece_number)
       join printed_piece f using (issuance_id, mailpiece_number)
      where c.issuance_id = $1 and p.certificate_count = 1 order by 1 limit 1`,
      [at.mbk.run.id],
    );
    await approveLots(at.context, at.mbk.run);
    for (const event of ['enclose', 'post'] as const)
      await recordPieceEvents(at.context, at.mbk.run, [
        { mailpieceNumber: holder!.piece, event, reason: '', source: '', key: `${event}:imports` },
      ]);
    const stays = people.filter((row) => keyOf(row) !== holder!.key);
    const moved = stays.map((row, i) =>
      i === 0 ? { ...row, 住所: '不明' } : i === 1 ? { ...row, 氏名: '●田　花子' } : row,
    );
    const joined = person('987', 0, { 記号: people[0]!['記号']!, 資格取得年月日: '2026-01-01' });
    const places = sample('事業所.csv');
    const gone = places[0]!;
    const added = { ...gone, 記号: '29999999', 事業所名称: '株式会社　新しい' };
    const cards = sample('マイナ保険証.csv').map((row) => ({ ...row, 番号: `0${row['番号']}` }));
    const page = await proposeFiles(at, office, [
      enrolment(cards, await asOf()),
      workplaces([...places.slice(1), added]),
      members([...moved, joined]),
    ]);
    expect(page).toMatchObject({ state: 'open', version: 1, persons: 1, needsReason: false, isFaulty: false });
    const [ofMembers, ofPlaces, ofCards] = page.report!.files;
    expect(page.report!.files.map(({ kind }) => kind)).toEqual(['members', 'workplaces', 'enrolment']);
    expect(ofMembers).toMatchObject({
      rowCount: people.length,
      change: {
        come: 1,
        gone: 1,
        changed: 2,
        goneWithPaper: 1,
        columns: [
          { column: '住所', count: 1 },
          { column: '氏名', count: 1 },
        ],
        first: {
          come: [{ key: keyOf(joined) }],
          gone: [{ key: holder!.key }],
          'gone-with-paper': [{ key: holder!.key }],
        },
      },
      suspects: {
        total: 2,
        first: [
          { line: 2, column: '住所', what: '住所といえない' },
          { line: 3, column: '氏名', what: '氏名や名称として読めない（文字 U+25CF）' },
        ],
      },
      stops: [],
      fault: null,
    });
    const changed = ofMembers!.change!.first.changed.map((row) => `${row.key} ${row.columns.join('、')}`);
    expect(changed.toSorted((a, b) => a.localeCompare(b))).toEqual(
      [`${keyOf(moved[0]!)} 住所`, `${keyOf(moved[1]!)} 氏名`].toSorted((a, b) => a.localeCompare(b)),
    );
    expect(ofPlaces).toMatchObject({
      change: {
        come: 1,
        gone: 1,
        changed: 0,
        first: {
          come: [{ key: '29999999', name: '株式会社　新しい' }],
          gone: [{ key: gone['記号'], name: gone['事業所名称'] }],
        },
      },
    });
    // Zeros in front make no other people: 番号 is what changed.
    expect(ofCards).toMatchObject({ change: { come: 0, gone: 0, columns: [{ column: '番号', count: cards.length }] } });
    const known = new Set(sample('マイナ保険証.csv').map(keyOf));
    expect(page.report!.joins).toMatchObject({
      fittedRows: cards.length - 1,
      members: { without: moved.filter((row) => !known.has(keyOf(row))).length },
      enrolment: { without: 1 },
      workplaces: { without: [...moved, joined].filter((row) => row['記号'] === gone['記号']).length },
    });
    expect(await taken()).toEqual(first);
    expect(uploads().filter((name) => /\/[abc]\.csv$/.test(name))).toHaveLength(3);

    // Whole lists, without a value of any cell.
    const list = await office.get(`/exports/imports/${page.id}/members/changes.csv?as=plain`);
    const rows = (await list.text()).trimEnd().split('\r\n');
    expect(rows).toHaveLength(1 + 1 + 1 + 1 + 2);
    expect(rows).toContain(`変わる,${keyOf(moved[0]!)},,住所`);
    const cells = await (await office.get(`/exports/imports/${page.id}/members/suspects.csv?as=plain`)).text();
    expect(cells.trimEnd().split('\r\n')).toEqual([
      '行,列,内容',
      '2,住所,住所といえない',
      '3,氏名,氏名や名称として読めない（文字 U+25CF）',
    ]);

    // It waits, and says so to headquarters alone.
    const waiting = async (client: Client) =>
      ((await (await client.get('/today')).json()) as Today).queues.find(({ id }) => id === 'import');
    expect(await waiting(office)).toMatchObject({ count: 1, unit: '件', oldest: page.createdAt });
    for (const role of ['call-centre', 'contractor', 'auditor'] as const)
      expect(await waiting(await at.as('mbk', role))).toBeUndefined();
    expect(await waiting(await at.as('kyokai', 'headquarters'))).toBeUndefined();

    // One person takes all of them in; what named persons is gone, the counts stay.
    expect((await confirm(office, page)).status).toBe(200);
    await at.settled();
    const after = await importPage(office, page.id);
    expect(after).toMatchObject({ state: 'taken-in', confirmations: [{ person: 'mbk headquarters', isMine: true }] });
    expect(after.report!.files[0]).toMatchObject({
      change: { gone: 1, first: { gone: [], changed: [] } },
      suspects: { total: 2, first: [] },
    });
    expect(await taken()).toEqual([
      `enrolment c.csv ${cards.length}`,
      `members a.csv ${people.length}`,
      // It stays as it was.
      ...first.filter((file) => file.startsWith('ratios ')),
      `workplaces b.csv ${places.length}`,
    ]);
    expect(uploads()).toEqual([]);
    expect((await office.get(`/exports/imports/${page.id}/members/changes.csv`)).status).toBe(404);
    expect(await said(await confirm(office, after))).toMatchObject([409, { code: 'not-now' }]);
    expect(await waiting(office)).toBeUndefined();
  },
);

step('accident: cells that are none stop the file with row and column, and the file in use stays', async () => {
  const before = await taken();
  const people = sample('加入者.csv').map((row, i) =>
    i === 4 ? { ...row, 住所: '#N/A' } : i === 7 ? { ...row, 氏名: '#REF!' } : row,
  );
  const page = await proposeFiles(at, office, [members(people), workplaces(sample('事業所.csv'))]);
  expect(page).toMatchObject({ state: 'open', isFaulty: true });
  // The other file is looked at all the same.
  expect(page.report!.files).toMatchObject([{ fault: { code: 'invalid-rows' } }, { fault: null }]);
  expect(await said(await confirm(office, page))).toMatchObject([409, { code: 'import-faulty' }]);
  const errors = (await (await office.get(`/imports/proposals/${page.id}/members/errors`)).json()) as {
    rows: { line: number; column: string; code: string }[];
  };
  expect(errors.rows.map(({ line, column, code }) => [line, column, code])).toEqual([
    [6, '住所', 'not-a-value'],
    [9, '氏名', 'not-a-value'],
  ]);
  expect(await taken()).toEqual(before);
  // Given up: the files go, and it is over.
  expect((await office.post(`/imports/proposals/${page.id}/rejections`, { reason: '元を直す' })).status).toBe(200);
  expect(await importPage(office, page.id)).toMatchObject({ state: 'rejected', endReason: '元を直す' });
  expect(uploads()).toEqual([]);
  expect(await said(await office.post(`/imports/proposals/${page.id}/checks`, {}))).toMatchObject([
    409,
    { code: 'not-now' },
  ]);
});

step('accidents: few workplaces, few members: two different persons with a reason, or nothing', async () => {
  const before = await taken();
  const [people, places] = [sample('加入者.csv'), sample('事業所.csv')];
  const few = people.slice(0, Math.floor(people.length * 0.7));
  const page = await proposeFiles(at, office, [
    members(few),
    workplaces(places.slice(0, Math.ceil(places.length / 10))),
  ]);
  expect(page).toMatchObject({ persons: 2, needsReason: true });
  expect(page.report!.files.map(({ stops }) => stops.map(({ code }) => code))).toEqual([
    ['file-shrank', 'file-precedes'],
    ['file-shrank'],
  ]);
  // Not only how many workplaces: which, by name.
  expect(page.report!.files[1]!.change!.first.gone.map(({ name }) => name)).toContain(places.at(-1)!['事業所名称']);
  expect(page.report!.joins!.stops).toContain('workplaces-missing');

  expect(await said(await confirm(office, page))).toMatchObject([400, { code: 'reason-missing' }]);
  expect((await confirm(office, page, '支部だけの見本')).status).toBe(200);
  await at.settled();
  expect(await importPage(office, page.id)).toMatchObject({ state: 'open', confirmations: [{ isMine: true }] });
  expect(await said(await confirm(office, page, 'もう一度'))).toMatchObject([409, { code: 'import-confirmed' }]);
  // The same person under another login.
  await madeAccount(at.context, {
    insurer: at.mbk.profile.insurer,
    login: 'mbk-again',
    displayName: 'mbk　headquarters',
  });
  expect((await confirm(await signIn('mbk-again'), page, 'もう一度')).status).toBe(409);
  for (const role of ['auditor', 'administrator', 'call-centre'] as const)
    expect((await confirm(await at.as('mbk', role), page, 'x')).status).toBe(403);
  expect((await confirm(await at.as('kyokai', 'headquarters'), page, 'x')).status).toBe(404);
  // The ledger holds it, whoever writes.
  await expect(
    at.query(`update import_proposal set state = 'taking-in' where id = $1`, [page.id]),
  ).rejects.toMatchObject({ code: '23514', message: expect.stringContaining('import_unconfirmed') });
  expect(await taken()).toEqual(before);

  expect((await confirm(second, page, '確かに支部だけ')).status).toBe(200);
  await at.settled();
  expect(await importPage(office, page.id)).toMatchObject({ state: 'taken-in' });
  const kept = await at.query(
    `select override_by as by, override_reason as why from dataset d
      where d.id in (dataset_in_use($1, 'members'), dataset_in_use($1, 'workplaces')) order by kind`,
    [at.mbk.profile.insurer.number],
  );
  const why = '支部だけの見本　確かに支部だけ';
  expect(kept).toEqual([1, 2].map(() => ({ by: 'mbk headquarters、mbk　second', why })));
});

step('an earlier file is offered again, with a reason; one that is in use changes nothing', async () => {
  const people = sample('加入者.csv');
  // The very bytes of the first file of all.
  const bytes = readFileSync(path.join(at.folder, 'mbk', '加入者.csv'));
  const again = await proposeFiles(at, office, [{ name: '加入者.csv', content: Uint8Array.from(bytes) }]);
  expect(again).toMatchObject({ persons: 1, needsReason: true });
  expect(again.report!.files[0]).toMatchObject({ known: { isInUse: false }, stops: [], change: { gone: 0 } });
  expect(again.report!.files[0]!.change!.come).toBeGreaterThan(0);
  expect(await said(await confirm(office, again))).toMatchObject([400, { code: 'reason-missing' }]);
  expect((await confirm(office, again, '取り違えた')).status).toBe(200);
  await at.settled();
  expect(await importPage(office, again.id)).toMatchObject({ state: 'taken-in' });
  expect(await taken()).toContain(`members 加入者.csv ${people.length}`);

  const same = await proposeFiles(at, office, [{ name: 'x.csv', content: Uint8Array.from(bytes) }]);
  expect(same).toMatchObject({ state: 'unchanged', report: { files: [{ known: { isInUse: true } }] } });
  expect(uploads()).toEqual([]);

  // And by the list of what was taken in: any of them, by name and with a reason.
  const { items } = (await (await office.get('/imports/files')).json()) as TakenFiles;
  const place = items.find(({ kind, fileName }) => kind === 'workplaces' && fileName === '事業所.csv')!;
  expect(place.isInUse).toBe(false);
  expect((await office.post(`/imports/files/${place.id}/uses`, { reason: ' ' })).status).toBe(400);
  expect((await office.post(`/imports/files/${place.id}/uses`, { reason: '元に戻す' })).status).toBe(200);
  expect(await taken()).toContain(`workplaces 事業所.csv ${place.rowCount}`);
  const [use] = await at.query('select person, reason from dataset_use order by id desc limit 1');
  expect(use).toEqual({ person: 'mbk headquarters', reason: '元に戻す' });
});

step('a proposal that another import has overtaken is worked out again, and looked at again', async () => {
  const people = sample('加入者.csv');
  const one = await proposeFiles(at, office, [members(people.slice(1))]);
  const other = await proposeFiles(at, office, [members(people.slice(0, -2))]);
  expect(other.report!.files[0]).toMatchObject({ change: { gone: 2, come: 0 } });
  expect((await confirm(second, one)).status).toBe(200);
  await at.settled();
  expect(await importPage(office, other.id)).toMatchObject({ state: 'open', isOvertaken: true, version: 1 });
  const refused = await said(await confirm(office, other));
  expect(refused).toMatchObject([409, { code: 'import-overtaken' }]);
  expect(refused[1].detail).toContain('調べ直します');
  await at.settled();
  // It is compared with the new file now; what was seen before cannot be confirmed.
  const anew = await importPage(office, other.id);
  expect(anew).toMatchObject({
    state: 'open',
    isOvertaken: false,
    version: 2,
    report: { files: [{ change: { gone: 2, come: 1 } }] },
  });
  expect(await said(await confirm(office, other))).toMatchObject([409, { code: 'import-changed' }]);

  // Overtaken after it was confirmed, while it waits its turn: nothing of it is taken in.
  const insurer = at.mbk.profile.insurer.number;
  const given = { version: 2, person: '本部　花子', reason: null };
  expect(await confirmImport(at.context, insurer, other.id, given)).toBe('taking-in');
  const { items } = (await (await office.get('/imports/files')).json()) as TakenFiles;
  const firstPlaces = items.filter(({ kind, isInUse }) => kind === 'workplaces' && !isInUse).at(-1)!;
  await takeUpFile(at.context, insurer, firstPlaces.id, { person: '本部　太郎', reason: '試す' });
  const before = await taken();
  const noFilings = () => Promise.reject(new Error('no filings'));
  await expect(takeInImport(at.context, at.mbk.profile, at.server.files, other.id, noFilings)).rejects.toMatchObject({
    code: 'import-overtaken',
  });
  expect(await taken()).toEqual(before);
  const last = await importPage(office, other.id);
  expect(last).toMatchObject({ state: 'open', version: 3, confirmations: [] });
  expect((await confirm(office, last)).status).toBe(200);
  await at.settled();
  expect(await taken()).toContain(`members a.csv ${people.length - 2}`);
});

step('a proposal survives the server: what was being worked out is worked out by the next one', async () => {
  const { upload } = await sendFile(office, workplaces(sample('事業所.csv').toReversed()));
  // A server that dies before its worker has begun.
  const dying = new Client(buildApp({ ...at.server, enqueue: async () => undefined }).app);
  await dying.signIn('mbk-second');
  const asked = await dying.post('/imports/proposals', { files: [{ upload, kind: 'workplaces' }] });
  const { id } = (await asked.json()) as ImportPage;
  expect(await importPage(office, id)).toMatchObject({ state: 'checking', report: null });
  const { job } = await importPage(office, id);
  expect(job).toMatchObject({ kind: 'propose', endedAt: null });
  const { database, signal } = at.context;
  await runJob({ database, profileOf: async () => at.mbk.profile, files: at.server.files, signal }, job!.id);
  expect(await importPage(office, id)).toMatchObject({ state: 'open', report: { files: [{ kind: 'workplaces' }] } });
  expect(((await (await office.get('/imports/proposals')).json()) as ImportList).items[0]).toMatchObject({
    id,
    state: 'open',
  });
  expect((await office.post(`/imports/proposals/${id}/rejections`, {})).status).toBe(200);
});

step('two files of a kind, a snapshot without its day: said before anything is asked', async () => {
  const two = [await sendFile(office, members([person('1', 0)])), await sendFile(office, members([person('2', 0)]))];
  const ask = (files: readonly object[]): Promise<Response> => office.post('/imports/proposals', { files });
  const both = await said(await ask(two.map(({ upload, kind }) => ({ upload, kind }))));
  expect(both).toMatchObject([400, { detail: '加入者のファイルが二つあります。一つだけを選んでください。' }]);
  const [one] = two;
  expect((await ask([{ upload: one!.upload, kind: 'enrolment' }])).status).toBe(400);
  expect((await ask([{ upload: one!.upload, kind: 'members', asOf: '2026-01-01' }])).status).toBe(400);
  expect(await sendFile(office, { name: '加入者.csv', content: 'あ,い\r\n1,2\r\n' })).toMatchObject({ kind: null });
  // The number of rows that is said does not fit: two persons.
  const places = workplaces(sample('事業所.csv').toReversed());
  const counted = await proposeFiles(at, office, [{ ...places, rows: 7 }]);
  expect(counted.report!.files[0]!.stops).toMatchObject([{ code: 'file-rows-differ' }]);
  expect(counted.persons).toBe(2);
  await office.post(`/imports/proposals/${counted.id}/rejections`, {});
});

step('filings are proposed with the files: what they ask back is said before it is asked', async () => {
  const [held] = await at.query<{ key: string; certificate: string }>(
    `select c.symbol || ',' || c.number || ',' || c.sub_number as key, c.certificate_number::text as certificate
       from certificate c join paper_state s on s.paper_number = c.certificate_number
      where c.issuance_id = $1 and s.state = 'issued'`,
    [at.mbk.run.id],
  );
  const head = '届書,記号,番号,枝番,異動年月日,到着年月日\r\n';
  const right = `喪失,${held!.key},2025-12-01,2025-12-03\r\n`;
  const stateOf = async (): Promise<string> =>
    (
      await at.query<{ state: string }>('select state from paper_state where paper_number = $1', [held!.certificate])
    )[0]!.state;
  const broken = await proposeFiles(at, office, [
    { name: '届.csv', content: `${head}${right}喪失,1,1,00,きのう,2025-12-03\r\n` },
  ]);
  expect(broken).toMatchObject({
    isFaulty: true,
    report: { filings: { recorded: 1, refused: { total: 1, first: [{ line: 3 }] } } },
  });
  expect(await said(await confirm(office, broken))).toMatchObject([409, { code: 'import-faulty' }]);
  await office.post(`/imports/proposals/${broken.id}/rejections`, {});
  const page = await proposeFiles(at, office, [{ name: '届.csv', content: head + right }]);
  expect(page).toMatchObject({
    persons: 1,
    files: [{ kind: 'filings' }],
    report: { files: [], filings: { recorded: 1, already: 0, demanded: 1, fault: null } },
  });
  expect([await stateOf(), await at.query('select 1 from filing')]).toEqual(['issued', []]);
  expect((await confirm(office, page)).status).toBe(200);
  await at.settled();
  expect((await importPage(office, page.id)).job).toMatchObject({ message: '届出 1件を取り込みました。' });
  expect(await stateOf()).toBe('return-demanded');
  const again = await proposeFiles(at, office, [{ name: '届-2.csv', content: head + right }]);
  expect(again).toMatchObject({ state: 'unchanged', report: { filings: { recorded: 0, already: 1 } } });
});

step(
  'lists and files of an issuance: each sees its own, headquarters takes every file the command writes',
  async () => {
    const { run } = at.kyokai;
    const [whole, branch] = [await at.as('kyokai', 'headquarters'), await at.as('kyokai', 'branch')];
    const [own] = await at.query<{ code: string }>(
      `select branch_code as code from account where login = 'kyokai-branch'`,
    );
    // A row to look at in the branch's own workplace, and one in another.
    await at.query(
      `insert into warning (issuance_id, code, symbol, number, sub_number)
     select $1::int, 'address-missing', symbol, '1', '00' from (
       (select symbol from workplace where dataset_id = $2 and branch_code = $3 order by 1 limit 1) union all
       (select symbol from workplace where dataset_id = $2 and branch_code <> $3 order by 1 limit 1)) x on conflict do nothing`,
      [run.id, run.workplacesId, own!.code],
    );
    const warnings = async (client: Client, query = ''): Promise<WarningList> =>
      (await (await client.get(`/issuances/${run.id}/warnings?limit=200${query}`)).json()) as WarningList;
    const [all, seen] = [await warnings(whole), await warnings(branch)];
    expect(all.total).toBeGreaterThan(seen.total);
    expect(seen.total).toBeGreaterThan(0);
    const symbols = await at.query<{ symbol: string }>(
      'select symbol from workplace where dataset_id = $1 and branch_code = $2',
      [run.workplacesId, own!.code],
    );
    const mine = new Set(symbols.map(({ symbol }) => symbol));
    expect(seen.items.filter(({ key }) => !mine.has(key.split('-')[0]!))).toEqual([]);
    // Page by page it is the same list, and as a file, too.
    const keys: string[] = [];
    for (let cursor = ''; ;) {
      const page = (await (
        await whole.get(`/issuances/${run.id}/warnings?limit=3&cursor=${cursor}`)
      ).json()) as WarningList;
      keys.push(...page.items.map(({ code, key }) => `${code} ${key}`));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(keys).toHaveLength(all.total);
    expect(new Set(keys).size).toBe(all.total);
    const file = await (await whole.get(`/exports/issuances/${run.id}/warnings.csv?as=plain`)).text();
    expect(file.trimEnd().split('\r\n')).toHaveLength(1 + all.total);
    const one = all.counts[0]!;
    expect((await warnings(whole, `&code=${one.value}`)).total).toBe(one.count);
    expect((await whole.get(`/issuances/${run.id}/replaced`)).status).toBe(200);

    const { items } = (await (await whole.get(`/issuances/${run.id}/files`)).json()) as IssuanceFiles;
    const names = items.map(({ path: name }) => name);
    for (const name of ['decisions.csv', 'warnings.csv', 'reconciliation.json', 'print-replaced.csv', 'manifest.json'])
      expect(names).toContain(name);
    expect(items.filter(({ what }) => what === '')).toEqual([]);
    const decisions = await whole.get(`/issuances/${run.id}/files/decisions.csv`);
    expect((await decisions.text()).trimEnd().split('\r\n')).toHaveLength(1 + run.memberCount);
    const letters = names.find((name) => name.startsWith('print/'))!;
    const pdf = await whole.get(`/issuances/${run.id}/files/${encodeURIComponent(letters)}`);
    expect((await pdf.text()).slice(0, 5)).toBe('%PDF-');
    for (const name of ['../../x', 'manifest.json/..', 'nothing.csv'])
      expect((await whole.get(`/issuances/${run.id}/files/${encodeURIComponent(name)}`)).status).toBe(404);
    const looks = await at.query(`select subject from access_record where what = 'output' order by id`);
    expect(looks).toEqual([{ subject: `${run.id}/decisions.csv` }, { subject: `${run.id}/${letters}` }]);
    for (const role of ['branch', 'contractor', 'auditor', 'call-centre'] as const)
      expect((await (await at.as('kyokai', role)).get(`/issuances/${run.id}/files`)).status).toBe(403);
  },
);

step('accident: the same bulk issuance for another day is not made again', async () => {
  const [whole, before] = [await at.as('kyokai', 'headquarters'), await at.query('select 1 from issuance')];
  const asked = await whole.post('/jobs', {
    kind: 'decide',
    issuance: at.kyokai.profile.issuances[0]!.id,
    issuedOn: '2025-07-29',
  });
  const { id } = (await asked.json()) as Job;
  await at.settled();
  const done = (await (await whole.get(`/jobs/${id}`)).json()) as Job;
  expect(done).toMatchObject({ state: 'failed', outcome: { code: 'plan-issued' }, canOverride: false });
  expect(await at.query('select 1 from issuance')).toHaveLength(before.length);
});

test('accident: an enrolment whose numbers have other zeros makes no certificate for who is registered', async () => {
  const context = await openTestLedger();
  const folder = openTestFolder();
  const { profile } = at.kyokai;
  const { number } = profile.insurer;
  const { signIn: enter, settled } = serveTests({
    context,
    profiles: new Map([[number, profile]]),
    profileFiles: new Map([[number, profileFile(profile.id)]]),
    files: path.join(folder, 'files'),
    consoleFolder: null,
  });
  await madeAccount(context, { insurer: profile.insurer, login: 'honbu' });
  const client = await enter('honbu');
  const numbers = Array.from({ length: 30 }, (_, i) => String(i + 1));
  const page = await bringFiles({ settled }, client, [
    members(numbers.map((own) => person(own, 0))),
    workplaces([{ 記号: '100', 事業所名称: '株式会社　見本' }]),
    // Registered, all but the last; written with zeros in front.
    enrolment(
      numbers.map((own) => status(own.padStart(7, '0'), 0, own === '30' ? '0' : '1')),
      '2025-04-30',
    ),
  ]);
  expect(page).toMatchObject({ state: 'taken-in', report: { joins: { fittedRows: 30, stops: [] } } });
  const asked = await client.post('/jobs', { kind: 'decide', issuance: 'bulk-2025', issuedOn: '2025-07-22' });
  expect(asked.status).toBe(200);
  await settled();
  const decided = await context.database.transaction((tx) =>
    tx.query<{ count: number }>('select count(*)::int as count from decision where is_target'),
  );
  expect(decided).toEqual([{ count: 1 }]);
  expect(existsSync(path.join(folder, 'files', number, 'uploads'))).toBe(true);
});
