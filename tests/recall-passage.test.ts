// Through whom a certificate is asked back: what may not pass through an employer stands on no employer's slip, and its employer
// is told nothing of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { makeRecallList, remindRecalls } from '../src/operations/life/recall.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import type { Cells } from './cast.ts';
import { importRows, issueRows, readRows } from './issued.ts';
import { openTestFolder, openTestLedger, approveLots } from './ledger.ts';
import { readTexts } from './pages.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const profile = await loadProfile('mbk');
const day = (text: string): LocalDate => text as LocalDate;
const keyOf = (row: Cells): string => `${row['記号']}-${row['番号']}`;

/** All lose their eligibility on the same day; what was known of them in autumn is not what is known now. */
const PEOPLE: { key: string; what: string; now: Cells; from: '本人' | '事業所' }[] = [
  { key: '100-1', what: 'as any other', now: {}, from: '事業所' },
  { key: '100-2', what: 'protected since', now: { 送付停止: '1' }, from: '本人' },
  { key: '100-3', what: '任意記載 since', now: { 任意記載: '1' }, from: '本人' },
  { key: '100-4', what: '任意継続 since', now: { 被保険者区分: '2' }, from: '本人' },
  { key: '300-1', what: 'whose workplace is in the file no more', now: {}, from: '本人' },
];
const rowOf = (key: string, change: Cells = {}): Cells => {
  const [symbol = '', number = ''] = key.split('-');
  return person(number, 0, { 記号: symbol, 氏名: `回収　${NAMES[KEYS.indexOf(key)]}`, ...change });
};
/** Gone from the newest file without a word. */
const GONE = '100-5';
const NAMES = ['甲子', '乙丑', '丙寅', '丁卯', '戊辰', '己巳'];
const KEYS = [...PEOPLE.map(({ key }) => key), GONE];

test('a protected person’s recall never goes onto an employer’s slip; somebody gone from the file is asked', async () => {
  const enrolment = KEYS.map((key) => {
    const [symbol = '', number = ''] = key.split('-');
    return { ...status(number, 0, '0'), 記号: symbol };
  });
  const workplace = {
    記号: '100',
    事業所名称: '株式会社あさひ',
    郵便番号: '1000013',
    所在地: '東京都千代田区霞が関1-2',
  };
  const workplaces = [workplace, { ...workplace, 記号: '300', 事業所名称: '株式会社ゆうひ' }];
  const members = KEYS.map((key) => rowOf(key));
  const given = { issuedOn: day('2025-11-04'), prints: true };
  const { issuance: run, out } = await issueRows(context, profile, folder, { members, enrolment, workplaces }, given);
  await approveLots(context, run);
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      context,
      run,
      readRows(path.join(out, 'mailpieces.csv')).map((row) => ({
        mailpieceNumber: row['郵便物番号']!,
        event,
        reason: '',
        source: '',
        key: `${event}:${row['郵便物番号']}`,
      })),
    );
  const lost = PEOPLE.map(({ key, now }) => rowOf(key, { ...now, 資格喪失年月日: '2025-12-01' }));
  await importRows(context, profile, folder, { members: lost, enrolment, workplaces: [workplace] }, day('2025-12-10'));
  const made = path.join(folder, 'list');
  const { files, direct } = await makeRecallList(context, profile, day('2025-12-10'), made);
  const rows = readRows(path.join(made, 'recall-list.csv'));
  expect(Object.fromEntries(rows.map((row) => [keyOf(row), row['返送元']]))).toEqual({
    ...Object.fromEntries(PEOPLE.map(({ key, from }) => [key, from])),
    [GONE]: '事業所',
  });
  expect(rows.every((row) => row['区分'] === '法定の回収')).toBe(true);
  expect(direct).toBe(4);
  expect(readRows(path.join(made, 'recall-slips.csv'))).toMatchObject([
    { 記号: '100', 法定の回収: '2', 返却のお願い: '0' },
  ]);
  const slip = async (folderOf: string, names: readonly string[]): Promise<string> => {
    const pdf = readFileSync(
      path.join(
        folderOf,
        names.find((name) => name.endsWith('.pdf'))!,
      ),
    );
    return (await readTexts(pdf, [0, 1])).join('').replaceAll(/\s/g, '');
  };
  const expectSlip = (text: string): void => {
    expect(text).toContain('甲子');
    expect(text).toContain('己巳');
    for (const [place, { from }] of PEOPLE.entries()) expect(text.includes(NAMES[place]!)).toBe(from === '事業所');
  };
  expectSlip(await slip(made, files));
  // And so it is with the reminder.
  const again = path.join(folder, 'reminder');
  const reminded = await remindRecalls(context, profile, day('2025-12-22'), again);
  expect(reminded).toMatchObject({ first: 6, direct: 4, workplaces: 1 });
  expectSlip(await slip(again, reminded.files));
});
