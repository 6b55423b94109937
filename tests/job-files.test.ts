// Input files are used once and in their order: the same again changes nothing, one older than the one in use is last year's
// until a named person says otherwise.
import { beforeAll, expect } from 'vitest';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { importFile } from '../src/operations/intake/import.ts';
import type { ImportOptions, ImportResult } from '../src/operations/intake/import.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';
import { story } from './story.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const profile = await loadProfile('kyokai-kenpo');
const day = (text: string): LocalDate => text as LocalDate;

const take = (
  kind: ImportOptions['kind'],
  file: string,
  asOf: string | null,
  override: ImportOptions['override'] = null,
): Promise<ImportResult> => {
  const on = asOf === null ? null : day(asOf);
  return importFile(context, profile, { kind, path: file, asOf: on, encoding: null, skipInvalid: false, override });
};
const membersFile = (name: string, ...rows: Cells[]): string => writeRows(folder, name, MEMBER_COLUMNS, rows);
const old = person('1', 0, { 資格取得年月日: '2024-04-01' });
const joined = person('2', 0, { 資格取得年月日: '2025-04-01' });
const decided = person('3', 0, { 資格取得年月日: '2025-03-01', 取得決定年月日: '2025-05-01' });

const stored = (kind: string): Promise<{ name: string; through: string | null; by: string | null }[]> =>
  context.database.transaction((tx) =>
    tx.query(
      `select file_name as name, coalesce(through_on, as_of) as through, override_by as by from dataset
        where kind = $1 order by id`,
      [kind],
    ),
  );

const OVERRIDE = { person: '山田 太郎', reason: '四月の分を数え直す' };
let [lastYear, thisYear] = ['', ''];

beforeAll(() => {
  lastYear = membersFile('加入者-2024.csv', old);
  thisYear = membersFile('加入者-2025.csv', old, joined, decided);
});

const step = story();

step('last year’s members are refused, and let in by a named person', async () => {
  await take('members', thisYear, null);
  await expect(take('members', lastYear, null)).rejects.toMatchObject({
    code: 'file-precedes',
    message: expect.stringMatching(/^加入者-2024\.csv: .*2024-04-01 .*2025-05-01 .*何も取り込みませんでした。$/),
  });
  expect(await stored('members')).toHaveLength(1);
  const { inUse } = await take('members', lastYear, null, OVERRIDE);
  expect(inUse).toBeNull();
  expect(await stored('members')).toEqual([
    { name: '加入者-2025.csv', through: '2025-05-01', by: null },
    { name: '加入者-2024.csv', through: '2024-04-01', by: '山田 太郎' },
  ]);
});

step('the same file again changes nothing, and says which one is in use', async () => {
  expect(await take('members', thisYear, null)).toMatchObject({ existed: true, inUse: '加入者-2024.csv' });
  expect(await take('members', lastYear, null)).toMatchObject({ existed: true, inUse: null });
  expect(await stored('members')).toHaveLength(2);
});

step('a file of the same day is a correction', async () => {
  const corrected = membersFile('加入者-訂正.csv', { ...old, 氏名: '協会　次郎' });
  expect(await take('members', corrected, null)).toMatchObject({ existed: false, inUse: null });
});

step('a snapshot of cards older than the one in use is refused by its day; nothing of it is read', async () => {
  const cards = (name: string, ...rows: Cells[]): string => writeRows(folder, name, ENROLMENT_COLUMNS, rows);
  const april = cards('マイナ保険証-4.csv', status('1', 0, '0'));
  const may = cards('マイナ保険証-5.csv', status('1', 0, '1'));
  await take('enrolment', may, '2025-05-31');
  const unread = cards('マイナ保険証-誤り.csv', { ...status('1', 0, '0'), カード: 'X' });
  for (const file of [april, unread])
    await expect(take('enrolment', file, '2025-04-30')).rejects.toMatchObject({
      code: 'file-precedes',
      message: expect.stringContaining('基準日 2025-04-30 のファイルですが、2025-05-31 のものを取込済みです'),
    });
  await take('enrolment', april, '2025-05-31');
  await take('enrolment', april, '2025-04-30', OVERRIDE);
  expect((await stored('enrolment')).map(({ through, by }) => [through, by])).toEqual([
    ['2025-05-31', null],
    ['2025-05-31', null],
    ['2025-04-30', '山田 太郎'],
  ]);
});

step('the ledger refuses an older file whoever enters it, and a name without a reason', async () => {
  const enter = (on: string, by: string | null): Promise<unknown> =>
    context.database.transaction((tx) =>
      tx.query(
        `insert into dataset (insurer_number, kind, sha256, reading, as_of, file_name, encoding, row_count,
                              rejected_count, imported_by, override_by)
         values ($1, 'enrolment', repeat('0', 64), '', $2, '', 'utf-8', 0, 0, '', $3)`,
        [profile.insurer.number, on, by],
      ),
    );
  await expect(enter('2025-04-29', null)).rejects.toThrow('file_precedes');
  await expect(enter('2025-04-29', '山田 太郎')).rejects.toThrow('override_has_its_reason');
});
