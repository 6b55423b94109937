// Notices given again because what the last one says no longer holds (施行規則51条の3第5項): from files to decisions, sentences and
// paper. A person whose last notice is still right gets none.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import type { Context } from '../src/operations/context.ts';
import { explainPerson } from '../src/operations/desk/explain.ts';
import { withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { at, MEMBER, person, status } from './cast.ts';
import { issueRows, readRows } from './issued.ts';
import { noteOnRules } from '../src/operations/issuing/rules-note.ts';
import type { Cells } from './cast.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';
import { readTexts } from './pages.ts';
import { story } from './story.ts';

const context: Context = await openTestLedger();
const folder = openTestFolder();
const profile = await loadProfile('kyokai-kenpo');
/** Of an insurer whose notices say the ratio from 70 on. */
const own = { ...profile, elderly: 'on-certificate' as const };
const day = (text: string): LocalDate => text as LocalDate;

const firm = (symbol: string, branch: string, number: string): Cells => ({
  記号: symbol,
  事業所名称: `株式会社${symbol}`,
  郵便番号: '1000013',
  所在地: '東京都千代田区霞が関1-2',
  支部: branch,
  法人番号: number,
});
const WORKPLACES = [firm('100', '13', '7000012050002'), firm('200', '13', '1010601008968')];
const ratio = (row: Cells, tenths: string, from: string, through: string): Cells => ({
  記号: row['記号']!,
  番号: row['番号']!,
  枝番: row['枝番']!,
  負担割合: tenths,
  発効期日: from,
  有効期限: through,
});

const unchanged = person('1', 0);
const turns70 = person('2', 0, { 生年月日: '1955-05-10' });
const of70 = person('3', 0, { 生年月日: '1952-02-01' });
const holder = person('4', 0, { 生年月日: '1952-03-01' });
const bride = person('5', 0);
const renumbered = person('6', 0);
const child = person('1', 1, { 生年月日: '2018-05-01', 資格取得年月日: '2018-05-01' });
const again = person('7', 0);
const later = person('8', 0, { 生年月日: '1953-04-01' });
const ofOther = at('200', person('1', 0));
const ROUND_1 = [unchanged, child, turns70, of70, holder, bride, renumbered, again, later, ofOther];
const YEAR_1 = [of70, holder, later].map((row) => ratio(row, '2割', '2024-08-01', '2025-07-31'));

async function round(
  members: readonly Cells[],
  ratios: readonly Cells[],
  id: string,
  dates: { readonly as?: string; readonly on?: string; readonly workplaces?: readonly Cells[] } = {},
) {
  return issueRows(
    context,
    own,
    folder,
    { members, ratios, enrolment: [status('1', 0, '1')], workplaces: dates.workplaces ?? WORKPLACES },
    {
      issuance: id,
      issuedOn: dates.on === undefined ? null : day(dates.on),
      extractedOn: dates.as === undefined ? null : day(dates.as),
      prints: true,
    },
  );
}
type Round = Awaited<ReturnType<typeof round>>;

const reasonsOf = ({ out }: Round): string[] =>
  readRows(path.join(out, 'decisions.csv')).map((d) => `${d['記号']}-${d['番号']}-${d['枝番']} ${d['理由コード']}`);
const noticesOf = ({ out }: Round): string[] =>
  readRows(path.join(out, 'notices.csv')).map((n) => `${n['記号']}-${n['番号']}-${n['枝番']} ${n['負担割合']}`);
const explain = async ({ issuance: run }: Round, row: Cells): Promise<string> => {
  const key = { symbol: row['記号']!, number: row['番号']!, subNumber: row['枝番']! };
  const { explanation } = await explainPerson(context, run, key);
  const facts = explanation.facts.map((fact) => `${fact.label}=${fact.value}`);
  return [explanation.sentence, explanation.rule, ...facts, explanation.nearestChange ?? ''].join('\n');
};

let first: Round;
let second: Round;

beforeAll(async () => {
  first = await round(ROUND_1, YEAR_1, 'notice-2024-1');
});

const step = story();

step('the sentence says the ratio, by which fact and which article', async () => {
  expect(first.reconciliation.balanced).toBe(true);
  expect(await explain(first, unchanged)).toMatch(
    /負担割合は3割です（70歳未満の被保険者のため）。\n.*健康保険法第74条第1項第1号/,
  );
  expect(await explain(first, child)).toMatch(
    /負担割合は2割です（6歳に達する.*被扶養者のため）.*\n.*第110条第2項第1号ロ/,
  );
  const senior = await explain(first, of70);
  expect(senior).toContain('負担割合は2割（令和6年8月1日から令和7年7月31日まで）です');
  expect(senior).toMatch(/健康保険法第74条第1項第2号、健康保険法施行規則第51条の3第1項第3号/);
  expect(senior).toContain('負担割合.csv の判定=2割（令和6年8月1日から令和7年7月31日まで）');
});

step('a later round takes who is to be told of a change, with the reason, and nobody else', async () => {
  const members = [
    unchanged,
    child,
    turns70,
    of70,
    { ...holder, 資格確認書有効期限: '2029-11-30' },
    { ...bride, 氏名: '鈴木　五子', カナ氏名: 'スズキ　イツコ' },
    { ...renumbered, 番号: '66' },
    { ...again, 資格取得年月日: '2025-03-01' },
    later,
    // The workplace moved within its symbol to another branch: another 保険者番号.
    ofOther,
    person('9', 0, { 資格取得年月日: '2025-06-01' }),
  ];
  const YEAR_2 = [
    ratio(turns70, '3割', '2025-06-01', '2026-07-31'),
    ratio(of70, '2割', '2025-08-01', '2026-07-31'),
    ratio(holder, '3割', '2025-08-01', '2026-07-31'),
  ];
  const workplaces = [WORKPLACES[0]!, firm('200', '27', '1010601008968')];
  second = await round(members, YEAR_2, 'notice-new', { as: '2025-07-31', on: '2025-08-01', workplaces });
  expect(second.reconciliation.balanced).toBe(true);
  // Both keep their rules; of a profile that says otherwise now, staff are told so.
  for (const { issuance } of [first, second]) expect(noteOnRules(own, issuance)).toBeNull();
  expect(noteOnRules(profile, second.issuance)).toContain(`第${second.issuance.id}号は始めたときの規則のまま`);
  expect(reasonsOf(second)).toEqual([
    '100-1-00 already-noticed',
    '100-1-01 ratio-changed',
    '100-2-00 ratio-changed',
    '100-3-00 ratio-changed',
    '100-4-00 holds-certificate',
    '100-5-00 details-changed',
    '100-7-00 joined-since',
    '100-8-00 ratio-changed',
    '100-9-00 joined-since',
    '100-66-00 number-changed',
    '200-1-00 number-changed',
  ]);
  expect(noticesOf(second)).toEqual([
    '100-1-01 3割',
    '100-2-00 3割',
    '100-3-00 2割',
    '100-5-00 3割',
    '100-7-00 3割',
    '100-9-00 3割',
    '100-66-00 3割',
    '200-1-00 3割',
  ]);
  // The year is over, and nobody has told the next one: asked about, waiting, on the list for staff.
  expect(readRows(path.join(second.out, 'notice-exits.csv'))).toMatchObject([
    { 番号: '8', 理由コード: 'income-unknown' },
  ]);
  const texts = await readTexts(readFileSync(path.join(second.out, 'print', '00001-notices.pdf')), [1, 2]);
  expect(texts[0]).toMatch(/3割.*発効期日令和7年6月1日.*有効期限令和8年7月31日/s);
  expect(texts[1]).toMatch(/2割.*発効期日令和7年8月1日.*有効期限令和8年7月31日/s);
});

step('each says why in a sentence, with what the last notice said', async () => {
  const of = async (row: Cells): Promise<string> => explain(second, row);
  expect(await of(turns70)).toMatch(
    /通知日には違うため、資格情報のお知らせの対象です（負担割合・有効期限・発効期日の変更）。負担割合は3割/,
  );
  expect(await of(turns70)).toContain('変更による通知：健康保険法施行規則第51条の3第5項');
  expect(await of(of70)).toContain('前回のお知らせ=令和6年9月9日、負担割合 2割（令和6年8月1日から令和7年7月31日まで）');
  expect(await of(child)).toContain('前回から変わった事項=70歳未満の負担割合');
  expect(await of(holder)).toMatch(/資格確認書を持っているため、資格情報のお知らせの対象ではありません/);
  expect(await of(bride)).toContain('前回から変わった事項=氏名・フリガナ・生年月日・資格取得年月日のどれか');
  expect(await of(bride)).not.toContain('鈴木');
  expect(await of({ ...renumbered, 番号: '66' })).toContain('記号・番号または保険者が変わったため');
  expect(await of(later)).toContain('負担割合.csv にないため、まだ記載できません');
  expect(await of(later)).toContain('負担割合.csvで取り込めば、次の発行で送れます');
});

step('told, nobody is told again; held, undone or changed once more, they are', async () => {
  const members = [
    unchanged,
    child,
    turns70,
    of70,
    { ...bride, 氏名: '鈴木　五子', カナ氏名: 'スズキ　イツコ' },
    { ...renumbered, 番号: '66' },
    later,
  ];
  const ratios = [
    ratio(turns70, '3割', '2025-06-01', '2026-07-31'),
    // The income was looked at again.
    ratio(of70, '3割', '2025-10-01', '2026-07-31'),
    ratio(later, '2割', '2025-08-01', '2026-07-31'),
  ];
  const gone = { symbol: '100', number: '5', subNumber: '00' };
  expect(await withdrawPerson(context, second.issuance, gone, '住所確認')).toMatchObject({ kind: 'recorded' });
  const third = await round(members, ratios, 'notice-new', { as: '2025-09-30', on: '2025-10-01' });
  expect(third.reconciliation.balanced).toBe(true);
  expect(reasonsOf(third)).toEqual([
    '100-1-00 already-noticed',
    '100-1-01 already-noticed',
    '100-2-00 already-noticed',
    '100-3-00 ratio-changed',
    // Its notice of the new name was withdrawn: the one before still says the old.
    '100-5-00 details-changed',
    '100-8-00 ratio-changed',
    '100-66-00 already-noticed',
  ]);
  expect(noticesOf(third)).toEqual(['100-3-00 3割', '100-5-00 3割', '100-8-00 2割']);
  for (const { issuance: run } of [first, second, third]) expect((await reconcile(context, run)).balanced).toBe(true);
});

step('who looks like somebody who still has the own number is not taken for that one', async () => {
  // The same kana, birth date, sex and day of acquisition; one has a notice, the other never had.
  const twin = person('10', 0, { カナ氏名: unchanged['カナ氏名']!, 生年月日: MEMBER['生年月日']! });
  const workplaces = [WORKPLACES[0]!, firm('200', '27', '1010601008968')];
  const dates = { as: '2025-11-30', on: '2025-12-01', workplaces };
  const asked = await round([unchanged, twin, ofOther], [], 'notice-new', dates);
  expect(reasonsOf(asked)).toEqual([
    '100-1-00 already-noticed',
    '100-10-00 earlier-unsent',
    '200-1-00 already-noticed',
  ]);
});
