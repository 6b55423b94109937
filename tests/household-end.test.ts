// The insured person's end is everybody's end (健保法3条7項, 36条, 38条), from files and filings to the papers: certificates, notices,
// what is asked again before print, reissue and recall.
import path from 'node:path';
import { expect, test } from 'vitest';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { explainPerson, parsePersonKey } from '../src/operations/desk/explain.ts';
import { takeFilings } from '../src/operations/life/filings.ts';
import { makeRecallList } from '../src/operations/life/recall.ts';
import { requestReissue } from '../src/operations/life/reissue.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { applyToPieces } from '../src/operations/desk/piece-actions.ts';
import { remakePieces } from '../src/operations/life/remake.ts';
import { writeOutput } from '../src/operations/issue.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { importRows, issueRows, readRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { approveLots, openTestFolder, openTestLedger } from './ledger.ts';
import { lasting } from './papers.ts';

const folder = openTestFolder();
const profile = lasting(await loadProfile('kyokai-kenpo'));
const insurer = profile.insurer.number;
const day = (text: string): LocalDate => text as LocalDate;
const bulk = { ...profile, issuances: [{ ...profile.issuances[0]!, postThrough: null, waves: [] }] };
const WORKPLACES = [
  { 記号: '100', 事業所名称: '株式会社あさひ', 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-2' },
];
const noCard = (rows: readonly Cells[]): Cells[] => rows.map((row) => status(row['番号']!, Number(row['枝番']), '0'));
const keyOf = (row: Cells): string => `${row['番号']}-${row['枝番']}`;
const CONTINUED: Cells = { 被保険者区分: '2' };

/** Each household with what its certificates say: the day, or why there is none. */
const HOUSEHOLDS: [string, Cells, Cells | null, [string, string]][] = [
  ['1', {}, {}, ['2030-11-30', '2030-11-30']],
  ['2', { 生年月日: '1953-06-10' }, { 生年月日: '1956-02-20' }, ['2028-06-09', '2028-06-09']],
  ['3', { ...CONTINUED, 資格取得年月日: '2024-10-01' }, CONTINUED, ['no-validity', 'no-validity']],
  ['4', { 資格喪失年月日: '2026-11-05' }, {}, ['withdrawn-lost', 'withdrawn-lost']],
  ['5', { 資格喪失年月日: '2029-03-01' }, {}, ['2029-02-28', '2029-02-28']],
  // By filing alone, known ahead.
  ['6', {}, {}, ['2029-01-31', '2029-01-31']],
];
const MEMBERS = HOUSEHOLDS.flatMap(([number, insured, wife]) => [
  person(number, 0, insured),
  ...(wife ? [person(number, 1, { 資格取得年月日: '2024-11-28', ...wife })] : []),
]);
/** 任意継続 without a row of the insured person, and an ordinary dependent alike. */
const ALONE = [
  person('8', 1, { ...CONTINUED, 資格取得年月日: '2024-11-28', 生年月日: '1990-01-01' }),
  person('9', 1, {}),
];

test('certificates end with the insured person’s cover, are made for nobody past it, and wait where nobody can say', async () => {
  const context = await openTestLedger();
  await importRows(context, bulk, folder, { members: [person('6', 0)] }, day('2026-10-20'));
  const filing = {
    届書: '喪失',
    記号: '100',
    番号: '6',
    枝番: '00',
    異動年月日: '2029-02-01',
    到着年月日: '2026-10-20',
  };
  await takeFilings(context, bulk, writeRows(folder, '喪失届.csv', FILING_COLUMNS, [filing]), day('2026-10-21'));
  const members = [...MEMBERS, ...ALONE];
  const {
    issuance: run,
    out,
    reconciliation,
  } = await issueRows(
    context,
    bulk,
    folder,
    { members, enrolment: noCard(members), workplaces: WORKPLACES },
    { issuedOn: day('2026-11-10'), prints: true },
  );
  expect(reconciliation.balanced).toBe(true);
  const said = new Map<string, string>();
  for (const row of readRows(path.join(out, 'certificates.csv'))) said.set(keyOf(row), row['有効期限']!);
  const exits = await context.database.transaction((tx) =>
    tx.query<{ key: string; reason: string }>(
      `select number || '-' || sub_number as key, reason from target_exit where issuance_id = $1`,
      [run.id],
    ),
  );
  for (const { key, reason } of exits) said.set(key, reason);
  for (const [number, , , [insured, wife]] of HOUSEHOLDS)
    expect([number, said.get(`${number}-00`), said.get(`${number}-01`)]).toEqual([number, insured, wife]);
  // A household of dependents alone keeps decision, certificate and envelope …
  expect([said.get('8-01'), said.get('9-01')]).toEqual(['2026-11-27', '2030-11-30']);
  // … and is held where its end depends on the insured person.
  const held = readRows(path.join(out, 'print-held.csv'));
  expect(held.map((row) => [row['番号'], row['枝番']])).toEqual([['8', '01']]);
  expect(held[0]!['理由']).toContain('被保険者の行がなく');
  const number = held[0]!['郵便物番号']!;
  await applyToPieces(context, insurer, [number], 'release', '被保険者の資格取得日を確かめた');
  const made = await remakePieces(context, run, bulk, 'release', day('2026-11-11'));
  const again = await writeOutput(context, made.issuance!, bulk, {
    outDir: path.join(folder, 'released'),
    encoding: 'utf-8',
    prints: true,
  });
  expect(again.reconciliation.balanced).toBe(true);
  expect(again.reconciliation.counts.heldMailpieces).toBe(0);
  const wife = await explainPerson(context, run, parsePersonKey('100-4-01'));
  expect(wife.explanation.facts).toContainEqual({ label: '資格喪失年月日', value: '令和8年11月5日' });
});

test('who is decided on after the insured person’s loss is told so', async () => {
  const context = await openTestLedger();
  const members = [person('1', 0, { 資格喪失年月日: '2025-04-01' }), person('1', 1)];
  const given = { members, enrolment: noCard(members), workplaces: WORKPLACES };
  const { issuance, out } = await issueRows(context, bulk, folder, given, { issuedOn: day('2025-07-22') });
  expect(readRows(path.join(out, 'decisions.csv')).map((row) => row['理由コード'])).toEqual(['lost', 'lost']);
  const { explanation } = await explainPerson(context, issuance, parsePersonKey('100-1-01'));
  expect(explanation.sentence).toContain('被保険者が令和7年4月1日に資格を喪失しており');
});

test('nor is a notice made for a dependent of somebody who has left, by file or filing, or is 75', async () => {
  const context = { ...(await openTestLedger()), digitsKey: new Uint8Array(32).fill(7) };
  const members = [
    person('1', 0, { 資格喪失年月日: '2024-09-09' }),
    person('1', 1, {}),
    person('2', 0, { 生年月日: '1949-09-09' }),
    person('2', 1, {}),
    person('3', 0, {}),
    person('3', 1, {}),
    person('4', 0, {}),
    person('4', 1, {}),
  ].map((row): Cells => ({ ...row, 突合結果: '一致', 個人番号下4桁: '1234' }));
  await importRows(context, profile, folder, { members: [person('3', 0)] }, day('2024-08-20'));
  const filing = {
    届書: '喪失',
    記号: '100',
    番号: '3',
    枝番: '00',
    異動年月日: '2024-06-01',
    到着年月日: '2024-08-20',
  };
  await takeFilings(context, profile, writeRows(folder, '喪失届-2.csv', FILING_COLUMNS, [filing]), day('2024-08-21'));
  const enrolment = members.map((row) => status(row['番号']!, Number(row['枝番']), '1'));
  const { out } = await issueRows(
    context,
    profile,
    folder,
    { members, enrolment, workplaces: WORKPLACES },
    { issuance: 'notice-2024-1', issuedOn: null },
  );
  const decisions = readRows(path.join(out, 'decisions.csv'));
  expect(decisions.filter((row) => row['理由コード'] === 'lost').map(keyOf)).toEqual(['3-00', '3-01']);
  expect(readRows(path.join(out, 'notice-exits.csv')).map((row) => [keyOf(row), row['理由コード']])).toEqual([
    ['1-00', 'withdrawn-lost'],
    ['1-01', 'withdrawn-lost'],
    ['2-00', 'reached-75'],
    ['2-01', 'no-validity'],
  ]);
  expect(readRows(path.join(out, 'notices.csv')).map(keyOf)).toEqual(['4-00', '4-01']);
});

test('after the insured person’s loss a dependent gets none again and is asked for the one there is', async () => {
  const context = await openTestLedger();
  const members = [person('1', 0), person('1', 1), person('2', 0), person('2', 1)];
  const given = { members, enrolment: noCard(members), workplaces: WORKPLACES };
  const { issuance: run, out } = await issueRows(context, bulk, folder, given, {
    issuedOn: day('2025-11-04'),
    prints: true,
  });
  await approveLots(context, run);
  const pieces = readRows(path.join(out, 'mailpieces.csv')).map((row) => row['郵便物番号']!);
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      context,
      run,
      pieces.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
    );
  // Only the insured persons' rows say it: one has left, one is 75.
  const later = [
    person('1', 0, { 資格喪失年月日: '2025-12-01' }),
    person('1', 1),
    person('2', 0, { 生年月日: '1950-12-05' }),
    person('2', 1),
  ];
  await importRows(context, bulk, folder, { members: later, enrolment: noCard(later) }, day('2025-12-10'));
  const request = { reason: 'torn', requestedOn: day('2025-12-10'), isAttached: false } as const;
  for (const key of ['100-1-01', '100-2-01'])
    expect(await requestReissue(context, insurer, { ...parsePersonKey(key), ...request })).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('資格を失っています'),
    });
  const list = path.join(folder, 'recall');
  const { counts } = await makeRecallList(context, bulk, day('2025-12-10'), list);
  expect(counts).toMatchObject({ lost: 4, corrected: 0, enrolled: 0 });
  const rows = readRows(path.join(list, 'recall-list.csv'));
  expect(rows.map((row) => [keyOf(row), row['期限']])).toEqual([
    ['1-00', '2025-12-08'],
    ['1-01', '2025-12-08'],
    ['2-00', '2025-12-10'],
    ['2-01', '2025-12-10'],
  ]);
  expect(new Set(rows.map((row) => row['期限の根拠']))).toEqual(new Set(['健康保険法施行規則第51条第4項']));
});
