// What stops a lot from closing has an exit a person can take: a spoiled piece nobody inside is to get any more; a piece
// that print has held. By the commands, as staff type them.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { RESULT_COLUMNS } from '../src/formats/results.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import { person, status } from './cast.ts';
import { readRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { readTexts } from './pages.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';
import { story } from './story.ts';

const { connection } = (await openTestLedger()).database;
const folder = openTestFolder();
const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');
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

/** The people: each an insured person alone. */
const [NORMAL, SPOILED, DESTROYED, OTHER] = ['1', '2', '3', '4'] as const;
/** Print holds these: a character no font has; no address, which staff find, the next file has, and nobody needs. */
const [CHARACTER, FOUND, FILED, LEAVES] = ['5', '6', '7', '8'] as const;
const NO_ADDRESS = { 郵便番号: '', 住所: '' };
const MEMBERS: readonly Cells[] = [
  ...[NORMAL, SPOILED, DESTROYED, OTHER].map((number) => person(number, 0)),
  person(CHARACTER, 0, { 氏名: '協会　\uE000子' }),
  ...[FOUND, FILED, LEAVES].map((number) => person(number, 0, NO_ADDRESS)),
];
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

/** Released for post before anything is enclosed, by name. */
const BEFORE_ENCLOSING: Readonly<Record<string, readonly string[]>> = {
  印刷: [],
  発送: ['--override', '部長 高橋', '--reason', '封入の前に承認する'],
};

/** Two persons let the contractor print it and post it. */
function approveLot(issuance: string): void {
  const which = ['--issuance', issuance, '--lot', String(lotOf(issuance).no)];
  for (const step of ['印刷', '発送'])
    for (const by of ['山田太郎', '鈴木花子'])
      expect(todoke('lot', 'confirm', ...which, '--step', step, '--by', by, ...BEFORE_ENCLOSING[step]!).status).toBe(0);
}

beforeAll(() => {
  const enrolment = MEMBERS.map((row) => status(row['番号']!, 0, '0'));
  const files = [
    '--members',
    writeRows(folder, '加入者.csv', MEMBER_COLUMNS, MEMBERS),
    '--workplaces',
    writeRows(folder, '事業所.csv', WORKPLACE_COLUMNS, [
      {
        記号: '100',
        事業所名称: '株式会社あさひ',
      },
    ]),
    '--enrolment',
    writeRows(folder, 'マイナ保険証.csv', ENROLMENT_COLUMNS, enrolment),
  ];
  const out = path.join(folder, 'out');
  const issued = todoke('issue', ...BULK, ...files, '--issued-on', '2025-07-22', '--out', out);
  if (issued.status !== 0) throw new Error(issued.err);
  for (const row of readRows(path.join(out, 'mailpieces.csv'))) pieces.set(row['番号']!, row['郵便物番号']!);
  approveLot('bulk-2025');
});

const step = story();

step(
  'a lot with spoiled pieces whose people have all lost eligibility closes: they are withdrawn, with the reason',
  () => {
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
      extracted: 8,
      held: 4,
      withdrawn: 2,
      spoiled: 0,
      remade: 0,
      printed: 2,
      enclosed: 2,
      posted: 2,
    });
    const told = todoke('trace', pieceOf(DESTROYED), ...BULK).out;
    expect(told).toContain('いま「廃棄済み」');
    expect(told).toMatch(/山田太郎.*作り直しの取りやめ（引き抜き）.*中の全員が資格を失ったため/);
    expect(json('reconcile', ...BULK)).toMatchObject({ balanced: true });
    expect(todoke('audit', 'verify').status).toBe(0);
  },
);

step(
  'held pieces: seen why, corrected or right, released and made again on paper, each step with who, when and why',
  async () => {
    const held = (action: string, ...rest: string[]): ReturnType<typeof todoke> =>
      todoke('held', action, ...BULK, ...rest);
    const fix = (number: string, field: string, text: string, ...rest: string[]): ReturnType<typeof todoke> =>
      held('fix', '--piece', pieceOf(number), '--field', field, '--text', text, '--person', '00', ...rest);
    const reason = ['--reason', '本人に確かめた'];
    const listed = held('list').out;
    expect(listed).toContain('確認を待つ郵便物 4通');
    expect(listed).toMatch(new RegExp(`${pieceOf(CHARACTER)}　100-5　.*書体にない文字がある（枝番00 name U\\+E000）`));
    expect(listed).toContain(`${pieceOf(FOUND)}　100-6　住所がない（送付書 addressLine）`);
    expect(held('show', '--piece', pieceOf(FOUND)).out).toContain('枝番00　住所　（記録なし）');

    // What cannot be printed either, is no text of the piece, or has no reason, is refused and nothing is kept.
    expect(fix(CHARACTER, '氏名', '協会　\uE001子', ...reason).err).toContain(
      '書体にない文字（U+E001）は印刷できません',
    );
    expect(fix(CHARACTER, '氏名', ' ', ...reason).err).toContain('氏名を書いてください');
    expect(fix(CHARACTER, '氏名', '123456789012', ...reason).err).toContain('個人番号（12桁）');
    expect(fix(CHARACTER, '旧姓', '本部', ...reason).err).toContain('枝番 00 の旧姓はありません');
    expect(fix(CHARACTER, '氏名', '協会　花子').err).toContain('--reason');
    expect(fix(NORMAL, '氏名', '協会　花子', ...reason).err).toContain('「発送済み」のため');
    expect(fix(FOUND, '住所', '東京都港区芝1-1', '--postal-code', '105-001', ...reason).err).toContain('郵便番号は7桁');
    expect(held('show', '--piece', pieceOf(CHARACTER)).out).not.toContain('→');

    expect(fix(CHARACTER, '氏名', '協会　花子', ...reason).out).toContain('直しました');
    expect(fix(CHARACTER, '氏名', '協会　花子', ...reason).out).toContain('直し済みです（変更なし）');
    const place = ['--postal-code', '105-0014', '--building', '芝ビル301'];
    expect(fix(FOUND, '住所', '東京都港区芝1-1', ...place, ...reason).status).toBe(0);
    const again = path.join(folder, 'released');
    const printed = (): ReturnType<typeof todoke> =>
      todoke('held', 'print', ...BULK, '--issued-on', '2025-10-27', '--out', again);
    expect(printed().out).toContain('作り直すものはありません');
    expect(held('release', '--piece', pieceOf(CHARACTER)).err).toContain('--reason');
    const release = (pieces: string): ReturnType<typeof todoke> => held('release', '--piece', pieces, ...reason);
    expect(release(pieceOf(CHARACTER)).out).toContain('確認済み 1通　記録済み 0通');
    expect(release(pieceOf(CHARACTER)).out).toContain('確認済み 0通　記録済み 1通');
    expect(release(pieceOf(NORMAL))).toMatchObject({ status: 2, out: expect.stringContaining('「発送済み」のため') });
    expect(fix(CHARACTER, '氏名', '協会　華子', ...reason).err).toContain('「確認済み（作り直し待ち）」のため');
    expect(release('all').out).toContain('確認済み 3通');

    importMembers(
      MEMBERS.map((row) => ({
        ...row,
        ...(row['番号'] === FILED && { 郵便番号: '1060032', 住所: '東京都港区六本木2-2' }),
        資格喪失年月日: row['番号'] === LEAVES ? '2025-10-26' : '',
      })),
    );
    const made = printed();
    expect(made.status, made.err).toBe(0);
    expect(made.out).toContain('作り直した郵便物 3通');
    expect(made.out).toContain('引き抜きとしたもの　1通');
    const papers = readRows(path.join(again, 'mailpieces.csv'));
    expect(papers.map((row) => row['番号'])).toEqual([CHARACTER, FOUND, FILED]);
    const letters = await readTexts(readFileSync(path.join(again, 'print', '00001-letters.pdf')), [0, 1, 2]);
    expect(letters[0]).toContain('協会花子様');
    expect(letters[1]).toContain('東京都港区芝1-1');
    expect(letters[1]).toContain('芝ビル301');
    expect(letters[2]).toContain('東京都港区六本木2-2');
    const [card] = await readTexts(readFileSync(path.join(again, 'print', '00001-certificates.pdf')), [0]);
    expect(card).toContain('協会花子');

    // Once; nothing waits; the closed lot stays as it was closed, and the new one runs its course.
    expect(printed().out).toContain('作り直すものはありません');
    expect(held('list').out).toContain('確認を待つ郵便物 0通');
    approveLot('bulk-2025/release-1');
    expect(lotOf('bulk-2025/release-1').counts).toMatchObject({ extracted: 3, held: 0, withdrawn: 0, printed: 3 });
    expect(lotOf('bulk-2025').counts).toMatchObject({ extracted: 8, held: 4, withdrawn: 2 });
    for (const issuance of ['bulk-2025', 'bulk-2025/release-1'])
      expect(json('reconcile', '--issuance', issuance)).toMatchObject({ balanced: true });
    expect(todoke('audit', 'verify').status).toBe(0);
    const { out: told } = todoke('trace', pieceOf(CHARACTER), ...BULK);
    expect(told).toMatch(/山田太郎.*印刷する文字・住所の訂正.*枝番00 氏名: 本人に確かめた/);
    expect(told).toMatch(/山田太郎.*確認済み（作り直しへ）.*本人に確かめた/);
    expect(told).toMatch(/確認の後の作り直し.*bulk-2025\/release-1/);
    expect(told).not.toContain('花子');
    expect(todoke('trace', pieceOf(LEAVES), ...BULK).out).toMatch(/引き抜き.*中の全員が資格を失ったため/);
  },
);

step('a print file of corrected papers that is lost is made again as it was', () => {
  const file = path.join(folder, 'released', 'print', '00001-letters.pdf');
  const before = readFileSync(file);
  rmSync(file);
  const out = ['--issuance', 'bulk-2025/release-1', '--out', path.join(folder, 'released')];
  expect(todoke('print', ...out).status).toBe(0);
  expect(readFileSync(file).equals(before)).toBe(true);
});
