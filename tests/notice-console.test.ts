// Notices through the server as the console asks: their issuance by name, their package made by a job and taken by the
// contractor, a person's page with the notice and what may be done with it, the workplace's envelopes.
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect } from 'vitest';
import { issue } from '../src/operations/issue.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { outputFolder } from '../src/operations/desk/jobs.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import type { AccessRecordList, PackageList, PullList, WorkplacePage } from '../src/server/contract/papers.ts';
import type { PersonPage } from '../src/server/contract/people.ts';
import type { IssuanceList, IssuancePage, Job } from '../src/server/contract/work.ts';
import { openTestConsole } from './console.ts';
import { approveLots } from './ledger.ts';
import path from 'node:path';
import { story } from './story.ts';

const at = await openTestConsole();
const { context, server, mbk } = at;
let run: Issuance;

interface Own {
  readonly piece: string;
  readonly symbol: string;
  readonly number: string;
  readonly subNumber: string;
}
const noticesOf = (where: string): Promise<Own[]> =>
  at.query<Own>(
    `select n.mailpiece_number::text as piece, n.symbol, n.number, n.sub_number as "subNumber"
       from notice n join mailpiece m using (issuance_id, mailpiece_number) where n.issuance_id = ${run.id} and ${where}
      order by 1`,
  );

const PRINTED = 'exists (select 1 from printed_piece p where p.mailpiece_number = m.mailpiece_number)';

beforeAll(async () => {
  const input = (name: string): string => path.join(at.folder, 'mbk', `${name}.csv`);
  // The sample's ratios are those of the certificates' year; these notices are of the year before.
  const ratios = path.join(at.folder, '負担割合-2024.csv');
  const year = (text: string): string => String(Number(text) - 1);
  writeFileSync(ratios, readFileSync(input('負担割合'), 'utf8').replaceAll(/(?<=,)\d{4}(?=-\d\d-\d\d)/g, year));
  const issued = await issue(context, mbk.profile, {
    members: input('加入者'),
    workplaces: input('事業所'),
    enrolment: input('マイナ保険証'),
    ratios,
    issuance: 'notice-2024-1',
    issuedOn: null,
    outDir: path.join(at.folder, 'notices'),
    inputEncoding: null,
    outputEncoding: 'utf-8',
    skipInvalid: false,
    prints: false,
    override: {
      person: '山田 太郎',
      reason: '前年の発行の見本',
    },
  });
  ({ issuance: run } = issued);
  const { writeOutput } = await import('../src/operations/issue.ts');
  const outDir = outputFolder(server.files, run);
  await writeOutput(context, run, mbk.profile, { outDir, encoding: 'utf-8', prints: true });
  await approveLots(context, run);
});

const step = story();

step('the issuance is called what the profile calls it, and is of notices', async () => {
  const office = await at.as('mbk', 'headquarters');
  const page = (await (await office.get(`/issuances/${run.id}`)).json()) as IssuancePage;
  expect(page.overview).toMatchObject({
    kind: 'notice',
    title: mbk.profile.noticeRounds.find(({ id }) => id === 'notice-2024-1')!.name,
  });
});

step('a job makes the package; the contractor sees what is in it, what to pull, and takes a file', async () => {
  const office = await at.as('mbk', 'headquarters');
  const [gone] = await noticesOf(`m.route = 'workplace' and ${PRINTED}`);
  const person = `${gone!.symbol}-${gone!.number}-${gone!.subNumber}`;
  const withdrawn = await office.post(`/papers/${gone!.piece}/actions`, { action: 'withdraw', reason: '資格喪失' });
  expect(withdrawn.status).toBe(200);
  expect((await office.post('/packages', { issuanceId: run.id, recipient: null })).status).toBe(200);
  await at.settled();
  const contractor = await at.as('mbk', 'contractor');
  const { items } = (await (await contractor.get('/packages')).json()) as PackageList;
  const pack = items.find((item) => item.issuanceId === run.id)!;
  // What print held is not in it: the people of a workplace whose name no workplace can have (=株式会社…).
  const [printed, held] = [await noticesOf(PRINTED), await noticesOf(`not ${PRINTED}`)];
  const holds = await at.query<{ piece: string }>(
    `select distinct mailpiece_number::text as piece from held_piece where issuance_id = ${run.id}`,
  );
  expect(holds.map(({ piece }) => piece).toSorted()).toEqual(held.map(({ piece }) => piece).toSorted());
  expect(pack.notices).toBe(printed.length);
  expect(pack.certificates).toBe(0);
  expect(pack.parcels).toBeGreaterThan(1);
  const label = pack.files.find((file) => file.path.startsWith('parcels/notice-parcel-label/'))!;
  const taken = await contractor.get(`/packages/${pack.folder}/files/${encodeURIComponent(label.path)}`);
  expect(
    Buffer.from(await taken.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  const auditor = await at.as('mbk', 'auditor');
  const { items: looks } = (await (await auditor.get('/access-records')).json()) as AccessRecordList;
  expect(looks[0]).toMatchObject({ actor: 'mbk-contractor', what: 'package', subject: `${pack.folder}/${label.path}` });
  const pulls = (await (await contractor.get('/pulls')).json()) as PullList;
  expect(pulls.items).toMatchObject([{ mailpieceNumber: gone!.piece, certificateNumber: null, issuanceId: run.id }]);
  const page = (await (await office.get(`/members/${person}`)).json()) as PersonPage;
  const own = page.papers.find((paper) => paper.mailpieceNumber === gone!.piece)!;
  expect(own).toMatchObject({ certificateNumber: null, validThrough: null, mailpieceState: 'withdrawn' });
});

step(
  'a person’s page has the notice with its history, and lets happen what the table of transitions does',
  async () => {
    const office = await at.as('mbk', 'headquarters');
    const symbol = (
      await at.query<{ symbol: string }>(`select workplace_symbol as symbol from account where login = 'mbk-workplace'`)
    )[0]!.symbol;
    const own = await noticesOf(`m.route = 'workplace' and n.symbol = '${symbol}'`);
    const pieces = own.map(({ piece }) => piece);
    for (const event of ['enclose', 'post'] as const)
      await recordPieceEvents(
        context,
        run,
        pieces.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
      );
    const [one] = own;
    const address = `/members/${one!.symbol}-${one!.number}-${one!.subNumber}`;
    const pageOf = async (): Promise<PersonPage> => (await (await office.get(address)).json()) as PersonPage;
    const notice = (page: PersonPage) => page.papers.find((paper) => paper.mailpieceNumber === one!.piece)!;
    const before = notice(await pageOf());
    expect(before.actions.filter((a) => a.allowed).map((a) => a.action)).toEqual([
      'hand-over',
      'fail-hand-over',
      'report-left',
    ]);
    expect((await pageOf()).notice!.sentence).toMatch(/資格情報のお知らせの対象です（加入者）。負担割合は[23]割/);
    const done = await office.post(`/papers/${one!.piece}/actions`, { action: 'fail-hand-over', reason: '休職' });
    expect(done.status).toBe(200);
    const scanned = await office.post('/scans', { code: one!.piece, reason: 'sent-back' });
    expect(await scanned.json()).toMatchObject({ kind: 'recorded', nextStepLabel: '自宅へ再送付（作り直し）' });
    const after = await pageOf();
    expect(notice(after).mailpieceState).toBe('returned');
    expect(after.events.filter((e) => e.paperNumber === one!.piece).length).toBeGreaterThan(3);
    expect((await office.post('/jobs', { kind: 'rehome', issuanceId: run.id, issuedOn: '2024-10-01' })).status).toBe(
      200,
    );
    await at.settled();
    const again = await pageOf();
    expect(again.papers.filter((paper) => paper.certificateNumber === null).map((p) => p.mailpieceState)).toEqual([
      'printed',
      'rerouted',
    ]);
  },
);

step(
  'a person’s page says the ratio of the notice and where it comes from, to whom a decision may be told',
  async () => {
    const [senior] = await noticesOf('n.ratio_from is not null');
    const address = `/members/${senior!.symbol}-${senior!.number}-${senior!.subNumber}`;
    for (const role of ['headquarters', 'call-centre'] as const) {
      const { notice } = (await (await (await at.as('mbk', role)).get(address)).json()) as PersonPage;
      expect(notice!.sentence).toMatch(/負担割合は[23]割（令和\d+年.*まで）です（70歳以上の.*負担割合.csv の判定が/);
      expect(notice!.rule).toContain('健康保険法施行規則第51条の3第1項第3号');
      expect(notice!.facts.find((fact) => fact.label === '負担割合.csv の判定')?.value).toMatch(/^[23]割（/);
    }
    // Behind the wall an employer has a ratio of nobody, nor a branch of another's people.
    const { withWall } = await import('../src/ledger/core/walls.ts');
    const seen = async (role: 'workplace' | 'contractor' | 'branch', branchCode: string | null): Promise<number> => {
      const viewer = { insurerNumber: run.insurerNumber, role, branchCode, workplaceSymbol: null };
      const own = role === 'workplace' ? { ...viewer, workplaceSymbol: senior!.symbol } : viewer;
      const rows = await withWall(context.database, own).transaction((tx) => tx.query('select 1 from burden_ratio'));
      return rows.length;
    };
    expect([await seen('workplace', null), await seen('contractor', null), await seen('branch', '99')]).toEqual([
      0, 0, 0,
    ]);
  },
);

step('a workplace sees the envelopes of its own people by name, and nothing of others', async () => {
  const workplace = await at.as('mbk', 'workplace');
  const symbol = workplace.session!.account!.workplaceSymbol!;
  const page = (await (await workplace.get(`/workplaces/${symbol}`)).json()) as WorkplacePage;
  const own = page.pieces.filter((piece) => piece.issuanceId === run.id);
  expect(own.length).toBeGreaterThan(0);
  expect(own.every((piece) => piece.names.length === 1)).toBe(true);
});

step(
  'a round of notices is begun in the console: a day the profile leaves open is asked for, and the books balance',
  async () => {
    const office = await at.as('mbk', 'headquarters');
    const { plans } = (await (await office.get('/issuances')).json()) as IssuanceList;
    expect(plans.filter(({ kind }) => kind === 'notice').map(({ id }) => id)).toEqual(
      mbk.profile.noticeRounds.map(({ id }) => id),
    );
    expect(plans.find(({ id }) => id === 'notice-new')).toMatchObject({ referenceOn: null, issuedOn: null });
    const jobOf = async (request: object): Promise<Job> => {
      const { id } = (await (await office.post('/jobs', request)).json()) as Job;
      await at.settled();
      return (await (await office.get(`/jobs/${id}`)).json()) as Job;
    };
    const [{ day } = { day: '' }] = await at.query<{ day: string }>(
      `select as_of::text as day from dataset where kind = 'enrolment' and insurer_number = '${mbk.profile.insurer.number}'
      order by id desc limit 1`,
    );
    const round = { kind: 'decide', issuance: 'notice-new', issuedOn: '2025-12-01' };
    const refused = await jobOf(round);
    expect(refused).toMatchObject({ state: 'failed', issuanceId: null });
    expect(refused.message).toContain('データ抽出日');
    const decided = await jobOf({ ...round, extractedOn: day });
    expect(decided).toMatchObject({ state: 'done' });
    const enclosed = await jobOf({ kind: 'enclose', issuanceId: decided.issuanceId });
    expect(enclosed).toMatchObject({ state: 'done', issuanceId: decided.issuanceId });
    const page = (await (await office.get(`/issuances/${decided.issuanceId}`)).json()) as IssuancePage;
    expect(page.overview).toMatchObject({ kind: 'notice', name: 'notice-new' });
  },
);
