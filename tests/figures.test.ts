// Figures as screen, spreadsheet and paper show them: right, alike, and nothing about fewer than ten people, neither as it
// stands nor by subtraction.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { importFile } from '../src/operations/intake/import.ts';
import { prepareFigures } from '../src/operations/desk/figures.ts';
import { MIN_SHOWN, HIDDEN_LABELS } from '../src/rules/desk/disclosure.ts';
import { reasonLabel } from '../src/rules/issuing/reasons.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import type { Figures } from '../src/server/contract/work.ts';
import { status } from './cast.ts';
import { importRows } from './issued.ts';
import { openTestConsole } from './console.ts';
import type { Client, TestConsole } from './console.ts';
import { readTexts } from './pages.ts';

type By = 'whole' | 'branch' | 'workplace';
type Group = Figures['groups'][number];

let at: TestConsole;
const NEXT_MONTH = '2025-06-30' as LocalDate;

beforeAll(async () => {
  at = await openTestConsole();
  // A month later some have enrolled.
  const first = await readFile(path.join(at.folder, 'kyokai-kenpo', 'マイナ保険証.csv'), 'utf8');
  const lines = first.split('\r\n');
  const next = lines.map((line, i) => (i % 7 === 3 ? line.replace(/,1,0,/, ',1,1,') : line));
  const file = path.join(at.folder, '翌月.csv');
  await writeFile(file, next.join('\r\n'));
  const options = { kind: 'enrolment', path: file, asOf: NEXT_MONTH, encoding: null, skipInvalid: false } as const;
  await importFile(at.context, at.kyokai.profile, options);
});

async function figures(client: Client, by: By): Promise<Figures> {
  const groups: Group[] = [];
  for (let cursor = ''; ;) {
    const page = (await (await client.get(`/figures?by=${by}&limit=20&cursor=${cursor}`)).json()) as Figures;
    groups.push(...page.groups);
    if (page.next === null) return { ...page, groups };
    cursor = page.next;
  }
}

async function csv(client: Client, name: 'figures' | 'enrolment', by: By): Promise<string[][]> {
  const text = new TextDecoder().decode(
    await (await client.get(`/exports/${name}.csv?by=${by}&as=plain`)).arrayBuffer(),
  );
  const rows = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  return rows.slice(1);
}

/** Members by branch and workplace, from the rows themselves. */
const exact = (level: By) =>
  at.query<{ code: string; reason: string; isTarget: boolean; count: number }>(
    `select ${{ whole: "''", branch: "coalesce(w.branch_code, '')", workplace: 'd.symbol' }[level]} as code,
            d.reason, d.is_target as "isTarget", count(*)::int as count
       from decision d left join workplace w on w.dataset_id = $2 and w.symbol = d.symbol
      where d.issuance_id = $1 group by 1, 2, 3`,
    [at.kyokai.run.id, at.kyokai.run.workplacesId],
  );

const WHO = [
  ['headquarters', 'branch'],
  ['headquarters', 'workplace'],
  ['auditor', 'branch'],
  ['branch', 'workplace'],
] as const;

test.each(WHO)('%s by %s: what is told is what the rows say, on screen and in the spreadsheet', async (role, by) => {
  const client = await at.as('kyokai', role);
  const { groups } = await figures(client, by);
  const rows = await exact(by);
  const sheet = await csv(client, 'figures', by);
  expect(sheet.length).toBeGreaterThanOrEqual(groups.length);
  for (const { group, people, hidden, reasons } of groups) {
    const own = rows.filter((row) => row.code === group);
    expect(people).toBe(own.reduce((sum, row) => sum + row.count, 0));
    const told = hidden === null ? own : [];
    expect(new Set(reasons.map(({ reason, isTarget, count }) => `${reason} ${isTarget} ${count}`))).toEqual(
      new Set(told.map(({ reason, isTarget, count }) => `${reason} ${isTarget} ${count}`)),
    );
    const cells = sheet.filter((row) => row[1] === group).map((row) => row.slice(2, 6).join());
    expect(new Set(cells)).toEqual(
      new Set(
        hidden === null
          ? reasons.map((r) =>
              [people, r.isTarget ? '対象' : '対象外', reasonLabel('certificate', r.reason as 'lost'), r.count].join(),
            )
          : [[people, '', '', ''].join()],
      ),
    );
    expect(sheet.find((row) => row[1] === group)?.[7]).toBe(hidden === null ? '' : HIDDEN_LABELS[hidden]);
  }
});

test('some are hidden as few, some cover for them, most are told', async () => {
  const client = await at.as('kyokai', 'headquarters');
  const all = [...(await figures(client, 'branch')).groups, ...(await figures(client, 'workplace')).groups];
  const counts = Map.groupBy(all, ({ hidden }) => hidden);
  expect(new Set(counts.keys())).toEqual(new Set([null, 'few', 'cover']));
  expect(counts.get(null)!.length).toBeGreaterThan(counts.get('cover')!.length);
});

test('paper tells no more: a hidden branch has one line that says why', async () => {
  const client = await at.as('kyokai', 'auditor');
  for (const by of ['branch', 'workplace'] as const) {
    const { groups } = await figures(client, by);
    const pdf = new Uint8Array(await (await client.get(`/exports/figures.pdf?by=${by}`)).arrayBuffer());
    const text = (await readTexts(pdf, [...Array(pagesOf(pdf)).keys()])).join('');
    for (const { name, people, hidden, reasons } of groups) {
      const targets = reasons.filter((r) => r.isTarget).reduce((sum, r) => sum + r.count, 0);
      const line = `${name.replaceAll(/\s/g, '')}${people}人${hidden === null ? `${targets}人` : '－－－'}`;
      expect(text).toContain(line);
      const alone = `${name}加入者${people}人理由対象人数割合${hidden === null ? '' : HIDDEN_LABELS[hidden]}`;
      expect(by === 'branch' ? text : alone).toContain(alone);
    }
  }
});

function pagesOf(pdf: Uint8Array): number {
  return Number(/\/Count (\d+)/.exec(new TextDecoder('latin1').decode(pdf))?.[1]);
}

test('subtracting what is shown from what is shown leaves nobody or ten people and more', async () => {
  const client = await at.as('kyokai', 'headquarters');
  const [branches, workplaces] = [await figures(client, 'branch'), await figures(client, 'workplace')];
  const places = await at.query<{ symbol: string; branch: string }>(
    'select symbol, branch_code as branch from workplace where dataset_id = $1',
    [at.kyokai.run.workplacesId],
  );
  const branchOf = new Map(places.map(({ symbol, branch }) => [symbol, branch]));
  const dates = branches.enrolment.map((row) => row.asOf);
  expect(dates).toHaveLength(2);
  /** People of a group in one table, and whether its numbers are told there. */
  type DigitsAccess = (group: Group) => { people: number; told: boolean };
  const looks: DigitsAccess[] = [
    ({ people, hidden }) => ({ people, told: hidden === null }),
    ...dates.map((date): DigitsAccess => ({ enrolment }) => {
      const row = enrolment.find(({ asOf }) => asOf === date);
      return { people: row?.people ?? 0, told: row !== undefined && row.registered !== null };
    }),
  ];
  for (const look of looks) {
    const told = (groups: readonly Group[]): Group[] => groups.filter((group) => look(group).told);
    const sum = (groups: readonly Group[]): number => groups.reduce((n, group) => n + look(group).people, 0);
    for (const group of told([...branches.groups, ...workplaces.groups]))
      expect(look(group).people).toBeGreaterThanOrEqual(MIN_SHOWN);
    const shownBranches = told(branches.groups);
    const within = (group: Group, of: readonly Group[]): boolean =>
      of.some((b) => b.group === branchOf.get(group.group));
    const rests = shownBranches.map(
      (branch) => look(branch).people - sum(told(workplaces.groups).filter((w) => within(w, [branch]))),
    );
    rests.push(
      sum(branches.groups) - sum(shownBranches) - sum(told(workplaces.groups).filter((w) => !within(w, shownBranches))),
    );
    expect(rests.filter((people) => people > 0 && people < MIN_SHOWN)).toEqual([]);
    // Not for nothing: without the rule there would be some.
    const naive = branches.groups.map((branch) =>
      sum(workplaces.groups.filter((w) => within(w, [branch]) && look(w).people < MIN_SHOWN)),
    );
    expect(naive.some((people) => people > 0 && people < MIN_SHOWN)).toBe(true);
  }
});

test('enrolment month by month: branches add up to the whole, and the spreadsheet says the same', async () => {
  const client = await at.as('kyokai', 'headquarters');
  const { enrolment, groups } = await figures(client, 'branch');
  const counted = await at.query<{ asOf: string; code: string; people: number; registered: number }>(
    `select d.as_of as "asOf", coalesce(w.branch_code, '') as code, count(*)::int as people,
            count(*) filter (where e.card = 'held' and e.registration = 'registered')::int as registered
       from dataset d join enrolment e on e.dataset_id = d.id
       left join workplace w on w.dataset_id = $2 and w.symbol = e.symbol
      where d.insurer_number = $1 group by 1, 2`,
    [at.kyokai.run.insurerNumber, at.kyokai.run.workplacesId],
  );
  expect(enrolment.map((row) => row.asOf)).toEqual(['2025-04-30', NEXT_MONTH]);
  expect(enrolment[1]!.registered).toBeGreaterThan(enrolment[0]!.registered!);
  for (const { asOf, people, registered } of enrolment) {
    const month = counted.filter((row) => row.asOf === asOf);
    expect(people).toBe(month.reduce((sum, row) => sum + row.people, 0));
    expect(registered).toBe(month.reduce((sum, row) => sum + row.registered, 0));
  }
  const sheet = await csv(client, 'enrolment', 'branch');
  for (const { group, enrolment: months } of groups)
    for (const { asOf, people, registered } of months) {
      const row = counted.find((r) => r.asOf === asOf && r.code === group)!;
      expect(people).toBe(row.people);
      expect([null, row.registered]).toContain(registered);
      const cells = sheet.find((r) => r[1] === group && r[2] === asOf)!;
      expect(cells.slice(3, 5)).toEqual([registered === null ? '' : String(registered), String(people)]);
    }
  expect((await csv(client, 'enrolment', 'whole')).map((row) => row[0])).toEqual(['全体', '全体']);
});

test('an account of a branch has its branch as the whole, in the same numbers', async () => {
  const [own] = await at.query<{ code: string }>(
    `select branch_code as code from account where login = 'kyokai-branch'`,
  );
  const all = await figures(await at.as('kyokai', 'headquarters'), 'branch');
  const client = await at.as('kyokai', 'branch');
  const mine = await figures(client, 'whole');
  const theirs = all.groups.find(({ group }) => group === own!.code)!;
  expect(mine.groups[0]).toMatchObject({ people: theirs.people, hidden: theirs.hidden });
  expect(new Set(mine.groups[0]!.reasons)).toEqual(new Set(theirs.reasons));
  expect(mine.enrolment.map(({ linked: _linked, ...row }) => row)).toEqual(theirs.enrolment);
  expect((await figures(client, 'branch')).groups.map(({ group }) => group)).toEqual([own!.code]);
});

test('files of enrolment before the first file of workplaces are counted again by its branches', async () => {
  const { profile } = at.mbk;
  const insurer = { ...profile.insurer, number: '06135768', name: '後からの健保' };
  const late = { ...profile, insurer, branches: [{ ...at.kyokai.profile.branches[0]! }] };
  const people = Array.from({ length: 12 }, (_, i) => status(String(i + 1), 0, i < 6 ? '1' : '0'));
  const groups = () =>
    at.query<{ level: string; code: string; people: number; registered: number }>(
      `select g.level, g.code, g.people, g.registered from enrolment_group g join dataset d on d.id = g.dataset_id
        where d.insurer_number = $1 order by 1, 2`,
      [insurer.number],
    );
  await importRows(at.context, late, at.folder, { enrolment: people }, NEXT_MONTH);
  await prepareFigures(at.context.database, insurer.number);
  expect(await groups()).toEqual([{ level: 'branch', code: '', people: 12, registered: 6 }]);
  const branch = late.branches[0]!.code;
  const place = { 記号: '100', 事業所名称: '株式会社　後', 支部: branch };
  await importRows(at.context, late, at.folder, { workplaces: [place] }, NEXT_MONTH);
  await prepareFigures(at.context.database, insurer.number);
  expect(await groups()).toEqual([
    { level: 'branch', code: branch, people: 12, registered: 6 },
    { level: 'workplace', code: '100', people: 12, registered: 6 },
  ]);
});

test('what a few people are told of by name of their workplace is behind the wall of reasons', async () => {
  const { withWall } = await import('../src/ledger/core/walls.ts');
  const insurerNumber = at.kyokai.run.insurerNumber;
  const [mine] = await at.query<{ symbol: string; branch: string }>(
    `select a.workplace_symbol as symbol, b.branch_code as branch from account a, account b
      where a.login = 'kyokai-workplace' and b.login = 'kyokai-branch'`,
  );
  const seen = async (role: 'contractor' | 'workplace' | 'branch' | 'headquarters'): Promise<number[]> => {
    const branchCode = role === 'branch' ? mine!.branch : null;
    const workplaceSymbol = role === 'workplace' ? mine!.symbol : null;
    const wall = withWall(at.context.database, { insurerNumber, role, branchCode, workplaceSymbol });
    const [row] = await wall.transaction((tx) =>
      tx.query<Record<string, number>>(
        `select (select count(*)::int from reason_count) as a, (select count(*)::int from enrolment_group) as b,
                (select count(*)::int from enrolment_count) as c,
                (select count(*)::int from reason_group where level = 'branch') as d`,
      ),
    );
    return Object.values(row!);
  };
  expect(await seen('contractor')).toEqual([0, 0, 0, 0]);
  expect(await seen('workplace')).toEqual([0, 0, 0, 0]);
  const [whole, branch] = [await seen('headquarters'), await seen('branch')];
  expect(branch[3]).toBe(1);
  expect(branch[2]).toBe(0);
  expect(branch[0]).toBeGreaterThan(0);
  expect(branch[0]).toBeLessThan(whole[0]!);
  expect(whole[2]).toBe(2);
});
