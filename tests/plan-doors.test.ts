// The same plan begun again with another date, as staff would by command and in the console: refused by both, with what is done
// already; and an issuance given up by two accounts.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { profileFile } from '../src/formats/profile.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import type { IssuanceList, IssuancePage, Job } from '../src/server/contract/work.ts';
import { person, status } from './cast.ts';
import { openTestConsole } from './console.ts';
import type { Client, TestConsole } from './console.ts';
import { readRows, writeRows } from './issued.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const { connection } = (await openTestLedger()).database;
const folder = openTestFolder();
const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');
const { user = '', password = '', database = '', host = '' } = connection;
const signIn = [user, password].map(encodeURIComponent).join(':');
const url = `postgresql://${signIn}@/${database}?host=${encodeURIComponent(host)}`;
const env = { ...process.env, DATABASE_URL: url, TODOKE_DATA: path.join(folder, 'data'), TODOKE_USER: '山田太郎' };

function todoke(...args: string[]): { status: number | null; out: string; err: string } {
  const profile = args.includes('--profile') ? [] : ['--profile', 'kyokai-kenpo'];
  const done = spawnSync(process.execPath, [MAIN, ...args, ...profile], { env, encoding: 'utf8' });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

test('by command: refused with the number and the counts, carried on with the same date, added to with --add, given up by two', () => {
  const rows = ['1', '2', '3'].map((number) => person(number, 0));
  const files = (members: typeof rows): string[] => [
    '--members',
    writeRows(folder, `加入者-${members.length}.csv`, MEMBER_COLUMNS, members),
    '--workplaces',
    writeRows(folder, '事業所.csv', WORKPLACE_COLUMNS, [
      {
        記号: '100',
        事業所名称: '株式会社あさひ',
      },
    ]),
    '--enrolment',
    writeRows(
      folder,
      `マイナ保険証-${members.length}.csv`,
      ENROLMENT_COLUMNS,
      members.map((row) => status(row['番号']!, 0, '0')),
    ),
  ];
  const issue = (members: typeof rows, on: string, ...rest: string[]): ReturnType<typeof todoke> =>
    todoke(
      'issue',
      '--issuance',
      'bulk-2025',
      ...files(members),
      '--issued-on',
      on,
      '--no-print',
      '--out',
      path.join(folder, `out-${on}`),
      ...rest,
    );
  expect(issue(rows, '2025-07-22')).toMatchObject({ status: 0 });
  const other = issue(rows, '2025-07-29');
  expect(other.status).toBe(2);
  expect(other.err).toContain('第1号（交付年月日 2025-07-22）として始めてあります：対象 3人、資格確認書 3枚');
  expect(other.err).toContain('--add');
  const again = issue(rows, '2025-07-22').out;
  expect(again).toContain('（第1号）');
  expect(again).not.toContain('プロファイル');
  // The profile changes meanwhile: it goes on by the rules it was begun with, and says so.
  const changed = path.join(folder, 'kyokai-kenpo.yaml');
  const source = readFileSync(profileFile('kyokai-kenpo'), 'utf8');
  expect(source).toContain('limit: 4');
  writeFileSync(changed, source.replace('limit: 4', 'limit: 2'));
  const note = '第1号を始めた後にプロファイルの規則が変わりましたが、第1号は始めたときの規則のまま続けます。';
  expect(issue(rows, '2025-07-22', '--profile', changed).out).toContain(`\n${note}\n`);
  expect(JSON.parse(issue(rows, '2025-07-22', '--profile', changed, '--json').out)).toMatchObject({
    issuance: 1,
    note,
  });
  const decided = ['decide', '--issuance', 'bulk-2025', '--issued-on', '2025-07-22'];
  expect(todoke(...decided, '--profile', changed).out).toContain(note);
  expect(JSON.parse(todoke(...decided, '--json').out)).not.toHaveProperty('note');
  const added = issue([...rows, person('4', 0)], '2025-08-20', '--add');
  expect(added.status, added.err).toBe(0);
  expect(added.out).toContain('bulk-2025-2（第2号）');
  expect(
    readRows(path.join(folder, 'out-2025-08-20', 'decisions.csv')).map((row) => `${row['番号']} ${row['理由']}`),
  ).toEqual(['1 作成・発送中', '2 作成・発送中', '3 作成・発送中', '4 マイナンバーカード未取得']);
  const cancel = (by: string): ReturnType<typeof todoke> =>
    todoke('cancel', '--issuance', 'bulk-2025-2', '--by', by, '--reason', '日付の誤り');
  expect(cancel('山田太郎').out).toContain('一人目として受け付けました');
  expect(cancel('山田 太郎').status).toBe(2);
  expect(cancel('鈴木花子').out).toContain('第2号を取りやめました。引き抜き 1通（1人分）');
  expect(todoke('print', '--issuance', 'bulk-2025-2', '--out', path.join(folder, 'none')).err).toContain(
    '取りやめた発行',
  );
  expect(todoke('audit', 'verify').status).toBe(0);
});

let at: TestConsole;
beforeAll(async () => {
  at = await openTestConsole();
});

test('in the console: the plan says what is begun of it, another date makes nothing, a round is added, two accounts give it up', async () => {
  const office = await at.as('kyokai', 'headquarters');
  const read = async <T>(client: Client, address: string): Promise<T> =>
    (await client.get(address)).json() as Promise<T>;
  const list = await read<IssuanceList>(office, '/issuances');
  const plan = list.plans.find(({ id }) => id === 'bulk-2025')!;
  expect(plan.made).toMatchObject({ issuanceId: at.kyokai.run.id, issuedOn: at.kyokai.run.issuedOn, posted: 0 });
  const work = async (request: object): Promise<Job> => {
    const asked = (await (await office.post('/jobs', request)).json()) as Job;
    await at.settled();
    return read<Job>(office, `/jobs/${asked.id}`);
  };
  const again = { kind: 'decide', issuance: 'bulk-2025', issuedOn: '2025-07-29', extractedOn: null };
  expect(await work(again)).toMatchObject({
    state: 'failed',
    message: expect.stringContaining(`第${at.kyokai.run.id}号（交付年月日 ${at.kyokai.run.issuedOn}）`),
    outcome: { code: 'plan-issued' },
  });
  const added = await work({ ...again, add: true });
  expect(added).toMatchObject({ state: 'done', issuanceId: expect.any(Number) });
  // People who were targets before and got nothing (送付停止 and the like) are decided about again; nobody else is a target.
  const targets = await at.query<{ n: number }>(
    `select count(*)::int as n from decision d where d.issuance_id = ${added.issuanceId} and d.is_target
        and not exists (select from target_exit x where x.issuance_id = ${at.kyokai.run.id} and x.symbol = d.symbol
                           and x.number = d.number and x.sub_number = d.sub_number)`,
  );
  expect(targets).toEqual([{ n: 0 }]);
  const cancel = (client: Client): Promise<Response> =>
    client.post(`/issuances/${added.issuanceId}/cancellations`, { reason: '日付の誤り' });
  const contractor = await at.as('kyokai', 'contractor');
  expect((await cancel(contractor)).status).toBe(403);
  expect(await (await cancel(office)).json()).toMatchObject({ kind: 'asked' });
  expect((await cancel(office)).status).toBe(409);
});

test('in the console: an issuance begun before the profile changed says on its page that it keeps its rules', async () => {
  const office = await at.as('kyokai', 'headquarters');
  const { profile, run } = at.kyokai;
  const page = async (): Promise<IssuancePage> =>
    (await office.get(`/issuances/${run.id}`)).json() as Promise<IssuancePage>;
  expect((await page()).note).toBeNull();
  const { profiles } = at.server;
  profiles.set(profile.insurer.number, { ...profile, enclosing: { ...profile.enclosing, limit: 2 } });
  expect((await page()).note).toContain('始めたときの規則のまま続けます。');
  // What does not decide about anybody's papers is no rule.
  profiles.set(profile.insurer.number, { ...profile, print: { ...profile.print, pagesPerFile: 100 } });
  expect((await page()).note).toBeNull();
  profiles.set(profile.insurer.number, profile);
});
