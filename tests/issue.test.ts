// The main job through the operations, on a real database: the sample society, hard households, bad files, doing it twice.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import type { IssueOptions } from '../src/operations/issue.ts';
import { importFile } from '../src/operations/intake/import.ts';
import { MBK_BREAKDOWN, MBK_MEMBERS } from '../src/operations/sample.ts';
import { explainPerson, parsePersonKey } from '../src/operations/desk/explain.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { OTHER_PEOPLE, anotherInsurer, issueRows, issueSample, readRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const mbk = await loadProfile('mbk');
const kyokai = await loadProfile('kyokai-kenpo');

const issueKyokai = (
  members: readonly Cells[],
  enrolment: readonly Cells[],
  options: Partial<IssueOptions> = {},
): ReturnType<typeof issueRows> => issueRows(context, anotherInsurer(kyokai), folder, { members, enrolment }, options);
const rowsOf = (out: string, name: string): Cells[] => readRows(path.join(out, name));

test('the sample society has exactly the breakdown of July 2025, and issuing it twice changes nothing', async () => {
  const sample = { members: MBK_MEMBERS, seed: 1, breakdown: MBK_BREAKDOWN };
  const issueTo = (name: string): ReturnType<typeof issueSample> =>
    issueSample(context, mbk, path.join(folder, 'sample'), sample, { issuedOn: null, outDir: path.join(folder, name) });
  const first = await issueTo('a');
  expect(first.reconciliation.balanced).toBe(true);
  const counts = Object.fromEntries(first.reconciliation.reasons.map((r) => [r.reason, r.count]));
  expect(counts).toEqual({ ...MBK_BREAKDOWN, verifiable: 21_967 });
  expect(counts['no-card']! + counts['unregistered']!).toBe(8669);
  expect(first.reconciliation.counts).toMatchObject({ members: 31_067, targets: 9100, certificates: 9100, exits: 0 });
  const second = await issueTo('b');
  expect(second.issuance.id).toBe(first.issuance.id);
  expect(second.imports.members.existed).toBe(true);
  for (const name of [
    'decisions.csv',
    'certificates.csv',
    'mailpieces.csv',
    'warnings.csv',
    'reconciliation.json',
    'manifest.json',
  ]) {
    expect(readFileSync(path.join(folder, 'b', name)).equals(readFileSync(path.join(folder, 'a', name))), name).toBe(
      true,
    );
  }
});

test('a varied society balances under a home profile, every reason occurring', async () => {
  const { reconciliation, issuance: run } = await issueSample(
    context,
    kyokai,
    path.join(folder, 'varied'),
    { members: 20_000, seed: 7 },
    { outDir: path.join(folder, 'v') },
  );
  expect(reconciliation.balanced).toBe(true);
  expect(reconciliation.reasons).toHaveLength(15);
  expect(rowsOf(path.join(folder, 'v'), 'decisions.csv')).toHaveLength(20_000);
  expect(rowsOf(path.join(folder, 'v'), 'certificates.csv').every((c) => Number(c['封入順']) <= 4)).toBe(true);
  const codes = new Set(rowsOf(path.join(folder, 'v'), 'warnings.csv').map((w) => w['コード']));
  for (const code of [
    'no-status',
    'decided-after-legacy-end',
    'dependent-without-insured',
    'postal-code-impossible',
    'postal-code-missing',
    'home-is-workplace',
  ]) {
    expect(codes).toContain(code);
  }
  const someone = rowsOf(path.join(folder, 'v'), 'decisions.csv').find((d) => d['理由コード'] === 'no-card')!;
  const { explanation } = await explainPerson(
    context,
    run,
    parsePersonKey(`${someone['記号']}-${someone['番号']}-${someone['枝番']}`),
  );
  expect(explanation.sentence).toBe(
    '基準日（令和7年4月30日）にマイナンバーカードを持っていないため、資格確認書の一括発行の対象です（マイナンバーカード未取得）。',
  );
});

test('nine in three envelopes; dependents only, to the insured person; a household whose insured person is no target', async () => {
  const members = [
    ...Array.from({ length: 9 }, (_, i) => person('1', i)),
    person('2', 1),
    person('2', 2),
    person('3', 0),
    person('3', 1),
  ];
  const enrolment = members.map((m) =>
    status(m['番号']!, Number(m['枝番']), m['番号'] === '3' && m['枝番'] === '00' ? '1' : '0'),
  );
  const { out, reconciliation } = await issueKyokai(members, enrolment);
  expect(reconciliation.balanced).toBe(true);
  const pieces = rowsOf(out, 'mailpieces.csv').map((p) => [p['番号'], p['通番'], p['総通数'], p['枚数']].join('/'));
  expect(pieces).toEqual(['1/1/3/4', '1/2/3/4', '1/3/3/1', '2/1/1/2', '3/1/1/1']);
  const numbers = rowsOf(out, 'certificates.csv').map((c) => c['証番号']);
  expect(new Set(numbers).size).toBe(12);
  expect(rowsOf(out, 'warnings.csv')).toContainEqual(
    expect.objectContaining({ コード: 'dependent-without-insured', 番号: '2' }),
  );
});

test('targets = certificates + withdrawn + stopped', async () => {
  const members = [
    person('1', 0),
    person('2', 0, { 送付停止: '1' }),
    person('3', 0, { 資格喪失年月日: '2025-06-01' }),
    person('4', 0, { 生年月日: '1950-06-01' }),
  ];
  const { out, reconciliation } = await issueKyokai(
    members,
    members.map((m) => status(m['番号']!, 0, '0')),
  );
  expect(reconciliation.balanced).toBe(true);
  expect(JSON.parse(readFileSync(path.join(out, 'reconciliation.json'), 'utf8'))).toMatchObject({
    balanced: true,
    targets: 4,
    certificates: 1,
    withdrawn: 1,
    stopped: 2,
  });
});

test('CP932 output lists what it cannot hold instead of losing it', async () => {
  const { out } = await issueKyokai([person('1', 0, { 氏名: '𠮷野　髙子' })], [status('1', 0, '0')], {
    outputEncoding: 'cp932',
  });
  const header = new TextDecoder('shift_jis').decode(readFileSync(path.join(out, 'decisions.csv'))).split('\r\n')[0];
  expect(header).toBe('記号,番号,枝番,判定,理由コード,理由');
});

const AS_IT_IS = { encoding: null, skipInvalid: false, override: OTHER_PEOPLE } as const;

test('a bad row stops the file: nothing is stored, every error is listed, no name is told', async () => {
  const file = writeRows(folder, 'bad.csv', MEMBER_COLUMNS, [
    person('1', 0),
    person('2', 0, { 性別: '7', 方書: '' }),
    person('3', 0, { 方書: '123456789018' }),
  ]);
  const options = { kind: 'members', path: file, asOf: null, ...AS_IT_IS } as const;
  await expect(importFile(context, kyokai, options)).rejects.toMatchObject({ code: 'invalid-rows' });
  const errors = readFileSync(`${file}.errors.csv`, 'utf8');
  expect(
    errors
      .split('\r\n')
      .slice(0, 3)
      .map((line) => line.split(',').slice(0, 3).join()),
  ).toEqual(['\ufeffline,column,code', '3,性別,code', '4,方書,individual-number']);
  expect(errors).not.toMatch(/協会|123456789018/);
  const skipped = await importFile(context, kyokai, { ...options, skipInvalid: true });
  expect(skipped).toMatchObject({ existed: false, dataset: { rowCount: 1, rejectedCount: 2 } });
});

test('two rows of one key are told with both lines, or the later one left out', async () => {
  const file = writeRows(folder, 'double.csv', MEMBER_COLUMNS, [
    person('1', 0),
    person('2', 0),
    person('1', 0, { 氏名: '別人' }),
  ]);
  const options = { kind: 'members', path: file, asOf: null, ...AS_IT_IS } as const;
  await expect(importFile(context, kyokai, options)).rejects.toMatchObject({
    code: 'invalid-rows',
    details: [expect.stringMatching(/^4行.*2行目.*100-1-00/), expect.anything()],
  });
  const kept = await importFile(context, kyokai, { ...options, skipInvalid: true });
  expect(kept.dataset).toMatchObject({ rowCount: 2, rejectedCount: 1 });
});

test('an empty file and a missing file are refused in words', async () => {
  const file = path.join(folder, 'empty.csv');
  writeFileSync(file, '');
  const options = { kind: 'members', asOf: null, encoding: null, skipInvalid: false } as const;
  await expect(importFile(context, kyokai, { ...options, path: file })).rejects.toMatchObject({ code: 'empty-file' });
  await expect(importFile(context, kyokai, { ...options, path: `${file}.no` })).rejects.toMatchObject({
    code: 'no-file',
  });
  expect(existsSync(`${file}.errors.csv`)).toBe(false);
});

test('an enrolment snapshot of another day is refused', async () => {
  const own = anotherInsurer(kyokai);
  const members = writeRows(folder, 'm.csv', MEMBER_COLUMNS, [person('9', 0)]);
  await importFile(context, own, { kind: 'members', path: members, asOf: null, ...AS_IT_IS });
  const workplaces = writeRows(folder, 'w.csv', WORKPLACE_COLUMNS, [{ 記号: '100', 事業所名称: '株式会社あさひ' }]);
  await importFile(context, own, { kind: 'workplaces', path: workplaces, asOf: null, ...AS_IT_IS });
  const file = writeRows(folder, 'e.csv', ENROLMENT_COLUMNS, [status('9', 0, '0')]);
  const stored = await importFile(context, own, {
    kind: 'enrolment',
    path: file,
    asOf: '2025-03-31' as LocalDate,
    ...AS_IT_IS,
  });
  const { openIssuance: openRun } = await import('../src/operations/issuing/month.ts');
  await expect(
    openRun(context, own, {
      issuance: 'bulk-2025',
      issuedOn: '2025-07-22' as LocalDate,
      members: null,
      workplaces: null,
      enrolment: stored.dataset.id,
    }),
  ).rejects.toMatchObject({ code: 'reference-date-differs' });
});
