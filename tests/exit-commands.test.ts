// What stops a lot from closing has an exit a person can take: a spoiled piece nobody inside is to get any more; a piece
// that print has held. By the commands, as staff type them.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { RESULT_COLUMNS } from '../src/formats/results.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import { person, readRows, status, writeRows } from './issued.ts';
import type { Cells } from './issued.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const { connection } = (await openTestLedger()).database;
const folder = openTestFolder();
const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
const { user = '', password = '', database = '', host = '' } = connection;
const signIn = [user, password].map(encodeURIComponent).join(':');
const url = `postgresql://${signIn}@/${database}?host=${encodeURIComponent(host)}`;
const env = { ...process.env, DATABASE_URL: url, TODOKE_DATA: path.join(folder, 'data'), TODOKE_USER: '山田太郎' };

function todoke(...args: string[]): { status: number | null; out: string; err: string } {
  const run = [MAIN, ...args, '--profile', 'kyokai-kenpo'];
  const done = spawnSync(process.execPath, run, { env, encoding: 'utf8' });
  return { status: done.status, out: done.stdout, err: done.stderr };
}
const json = (...args: string[]): unknown => JSON.parse(todoke(...args, '--json').out);
const BULK = ['--issuance', 'bulk-2025'];

/** Who is who: each an insured person alone. */
const [NORMAL, SPOILED, DESTROYED, OTHER] = ['1', '2', '3', '4'] as const;
const MEMBERS: readonly Cells[] = [NORMAL, SPOILED, DESTROYED, OTHER].map((number) => person(number, 0));
const pieces = new Map<string, string>();
const pieceOf = (number: string): string => pieces.get(number)!;

let written = 0;
function results(
  ...rows: readonly (readonly [number: string, event: string, on: string])[]
): ReturnType<typeof todoke> {
  const file = path.join(folder, `結果-${(written += 1)}.csv`);
  const header = RESULT_COLUMNS.map((column) => column.name);
  const lines = rows.map(([number, event, on]) => [pieceOf(number), event, on, event === '損傷' ? '折れ' : '', '']);
  writeFileSync(file, [header, ...lines].map((row) => csvLine(row)).join(''));
  return todoke('results', file, ...BULK);
}

function importMembers(rows: readonly Cells[]): void {
  const file = writeRows(folder, `加入者-${(written += 1)}.csv`, MEMBER_COLUMNS, rows);
  expect(todoke('import', file).status).toBe(0);
}

/** The only lot of an issuance. */
const lotOf = (issuance: string): { readonly no: number; readonly counts: object } =>
  (json('lot', 'list', '--issuance', issuance) as { no: number; counts: object }[])[0]!;
const closes = (by: string, issuance = 'bulk-2025'): ReturnType<typeof todoke> =>
  todoke('lot', 'close', '--issuance', issuance, '--lot', String(lotOf(issuance).no), '--by', by);

/** Two persons let the contractor print it and post it. */
function releaseLot(issuance: string): void {
  const which = ['--issuance', issuance, '--lot', String(lotOf(issuance).no)];
  for (const step of ['印刷', '発送'])
    for (const by of ['山田太郎', '鈴木花子'])
      expect(todoke('lot', 'confirm', ...which, '--step', step, '--by', by).status).toBe(0);
}

beforeAll(() => {
  const enrolment = MEMBERS.map((row) => status(row['番号']!, 0, '0'));
  const files = [
    ...['--members', writeRows(folder, '加入者.csv', MEMBER_COLUMNS, MEMBERS)],
    ...[
      '--workplaces',
      writeRows(folder, '事業所.csv', WORKPLACE_COLUMNS, [{ 記号: '100', 事業所名称: '株式会社あさひ' }]),
    ],
    ...['--enrolment', writeRows(folder, 'マイナ保険証.csv', ENROLMENT_COLUMNS, enrolment)],
  ];
  const out = path.join(folder, 'out');
  const issued = todoke('issue', ...BULK, ...files, '--issued-on', '2025-07-22', '--out', out);
  if (issued.status !== 0) throw new Error(issued.err);
  for (const row of readRows(path.join(out, 'mailpieces.csv'))) pieces.set(row['番号']!, row['郵便物番号']!);
  releaseLot('bulk-2025');
});

test('a lot with spoiled pieces whose people have all lost eligibility closes: they are withdrawn, with the reason', () => {
  results([NORMAL, '封入', '2025-10-20'], [NORMAL, '発送', '2025-10-20'], [OTHER, '封入', '2025-10-20']);
  results([OTHER, '発送', '2025-10-20'], [SPOILED, '損傷', '2025-10-20'], [DESTROYED, '損傷', '2025-10-20']);
  expect(results([DESTROYED, '廃棄', '2025-10-21']).status).toBe(0);
  expect(closes('山田太郎').err).toContain('損傷 = 作り直し（2 / 0）');
  importMembers(
    MEMBERS.map((row) => ({
      ...row,
      資格喪失年月日: row['番号'] === SPOILED || row['番号'] === DESTROYED ? '2025-10-22' : '',
    })),
  );
  const again = path.join(folder, 'reprint');
  const reprint = (): ReturnType<typeof todoke> =>
    todoke('reprint', ...BULK, '--issued-on', '2025-10-25', '--out', again);
  const made = reprint();
  expect(made.status).toBe(0);
  expect(made.out).toContain('作り直すものはありません');
  expect(made.out).toContain('中の全員が資格を失ったため作り直さず、引き抜きとしたもの　2通');
  expect(readFileSync(path.join(again, 'staff-list.csv'), 'utf8')).toContain(
    csvLine([pieceOf(SPOILED), '100', SPOILED, '引き抜き済み（中の全員が資格を失ったため）']),
  );
  // Once.
  expect(reprint().out).not.toContain('引き抜き');
  // What the contractor still has of it is destroyed and said so; what was destroyed before stays so.
  expect(results([SPOILED, '廃棄', '2025-10-26']).status).toBe(0);
  expect(results([DESTROYED, '廃棄', '2025-10-26']).out).toContain('受け付けない行 1件');
  expect(closes('山田太郎').status).toBe(0);
  expect(closes('鈴木花子').out).toContain('締めました');
  expect(lotOf('bulk-2025').counts).toEqual({
    ...{ extracted: 4, held: 0, withdrawn: 2, spoiled: 0, remade: 0 },
    ...{ printed: 2, enclosed: 2, posted: 2 },
  });
  const told = todoke('trace', pieceOf(DESTROYED), ...BULK).out;
  expect(told).toContain('いま「廃棄済み」');
  expect(told).toMatch(/山田太郎.*作り直しの取りやめ（引き抜き）.*中の全員が資格を失ったため/);
  expect(json('reconcile', ...BULK)).toMatchObject({ balanced: true });
  expect(todoke('audit', 'verify').status).toBe(0);
});
