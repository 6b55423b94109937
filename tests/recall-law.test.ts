// What the law asks back though eligibility goes on, and of whom: a certificate whose number or name has changed (健保則48条), one that
// was torn (49条2項), the papers of who has died (51条5項). And what a 氏名変更届 with the certificate opens.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect } from 'vitest';
import { FILING_COLUMNS } from '../src/formats/filings.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { parsePersonKey } from '../src/operations/desk/explain.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { takeFilings } from '../src/operations/life/filings.ts';
import { makeRecallList, remindRecalls } from '../src/operations/life/recall.ts';
import { recallFigures } from '../src/operations/life/recall-figures.ts';
import { listWaitingReissues, makeReissues, requestReissue } from '../src/operations/life/reissue.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { writeOutput } from '../src/operations/issue.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import { verifyAudit } from '../src/operations/desk/trace.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { at, person, status } from './cast.ts';
import { importRows, issueRows, readRows, writeRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { approveLots, openTestFolder, openTestLedger } from './ledger.ts';
import { readTexts } from './pages.ts';
import { story } from './story.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const profile = await loadProfile('mbk');
const insurer = profile.insurer.number;
const day = (text: string): LocalDate => text as LocalDate;
let run: Issuance;

const firm = (symbol: string): Cells => ({
  記号: symbol,
  事業所名称: `株式会社${symbol}`,
  郵便番号: '1000013',
  所在地: '東京都千代田区霞が関1-2',
});
// 1 marries, 2's is torn, 3's workplace moves, 4 dies (with a wife), 5 stays, 6 files a change of name with the certificate.
const MEMBERS = [
  person('1', 0),
  person('2', 0),
  at('300', person('3', 0)),
  person('4', 0),
  person('4', 1),
  person('5', 0),
  person('6', 0),
];
const noCard = (rows: readonly Cells[]): Cells[] =>
  rows.map((row) => ({ ...status(row['番号']!, Number(row['枝番']), '0'), 記号: row['記号']! }));
const NOW = MEMBERS.map((row): Cells => {
  if (row['番号'] === '1') return { ...row, 氏名: '新姓　一子' };
  return row['番号'] === '3' ? { ...at('400', row), 番号: '33' } : row;
});

const query = <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  context.database.transaction((tx) => tx.query<Row>(sql, values));
async function stateOf(key: string): Promise<string[]> {
  const rows = await query<{ state: string }>(
    `select coalesce(state, 'made') as state from certificate left join paper_state on paper_number = certificate_number
      where symbol || '-' || number || '-' || sub_number = $1 order by certificate.issuance_id`,
    [key],
  );
  return rows.map((row) => row.state);
}
async function post(of: Issuance): Promise<void> {
  await approveLots(context, of);
  const pieces = await query<{ number: string }>(
    'select mailpiece_number::text as number from mailpiece where issuance_id = $1',
    [of.id],
  );
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      context,
      of,
      pieces.map(({ number }) => ({
        mailpieceNumber: number,
        event,
        reason: '',
        source: '',
        key: `${event}:${number}`,
      })),
    );
}
const file = (name: string, rows: readonly Cells[]): string => writeRows(folder, name, FILING_COLUMNS, rows);
let lists = 0;
async function list(on: string): Promise<{ rows: Cells[]; out: string } & Awaited<ReturnType<typeof makeRecallList>>> {
  const out = path.join(folder, `list-${(lists += 1)}`);
  const made = await makeRecallList(context, profile, day(on), out);
  return { ...made, out, rows: readRows(path.join(out, 'recall-list.csv')) };
}
const line = (row: Cells): string =>
  [`${row['記号']}-${row['番号']}-${row['枝番']}`, row['区分'], row['理由'], row['返送元']].join(' ');

beforeAll(async () => {
  const workplaces = [firm('100'), firm('300')];
  const given = { members: MEMBERS, enrolment: noCard(MEMBERS), workplaces };
  const issued = await issueRows(context, profile, folder, given, { issuedOn: day('2025-11-04'), prints: true });
  run = issued.issuance;
  await post(run);
  const newer = { members: NOW, enrolment: noCard(NOW), workplaces: [firm('100'), firm('400')] };
  await importRows(context, profile, folder, newer, day('2025-12-10'));
});

const step = story();

step('a changed 記号 is no loss: the certificate is handed in by law, asked of the person', async () => {
  const { rows, counts, letters, unwritten, out, files } = await list('2025-12-10');
  expect(rows.map(line)).toEqual([
    '300-3-00 法定の回収 記号・番号、氏名、性別の変更（健康保険法施行規則第48条第1項による提出） 本人',
  ]);
  // 48条 says 「遅滞なく」: no day is made up.
  expect([rows[0]!['期限'], rows[0]!['期限の根拠']]).toEqual(['', '']);
  expect(counts).toMatchObject({ lost: 0, corrected: 1 });
  expect([letters, unwritten]).toEqual([1, 0]);
  expect(await stateOf('300-3-00')).toEqual(['return-demanded']);
  const letter = files.find((name) => name.startsWith('recall-letters/'))!;
  const [text = ''] = await readTexts(readFileSync(path.join(out, letter)), [0]);
  expect(text.replaceAll(/\s/g, '')).toMatch(
    /資格確認書の返却について.*健康保険法施行規則により.*法定の回収（記号・番号、氏名、性別の変更）/s,
  );
  // Asked again, the same ground.
  expect((await list('2025-12-11')).rows.map(line)).toHaveLength(1);
});

step(
  'made again for a new name or because it was torn, the old one is a duty; of the same content a request',
  async () => {
    const ask = (key: string, reason: 'name-changed' | 'torn' | 'address-changed') =>
      requestReissue(context, insurer, {
        ...parsePersonKey(key),
        reason,
        requestedOn: day('2025-12-10'),
        isAttached: false,
      });
    expect(await ask('100-1-00', 'name-changed')).toEqual({ kind: 'recorded' });
    expect(await ask('100-2-00', 'torn')).toEqual({ kind: 'recorded' });
    const made = await makeReissues(context, profile, day('2025-12-12'));
    for (const { issuance } of made.runs) {
      await writeOutput(context, issuance, profile, {
        outDir: path.join(folder, `again-${issuance.id}`),
        encoding: 'utf-8',
        prints: true,
      });
      await post(issuance);
    }
    const { rows, counts } = await list('2025-12-15');
    expect(rows.map(line).filter((text) => text.startsWith('100-'))).toEqual([
      '100-1-00 法定の回収 記号・番号、氏名、性別の変更（健康保険法施行規則第48条第1項による提出） 事業所',
      '100-2-00 法定の回収 き損・汚損による再交付（健康保険法施行規則第49条第2項による提出） 事業所',
    ]);
    expect(counts).toMatchObject({ corrected: 2, damaged: 1, superseded: 0 });
    expect([await stateOf('100-1-00'), await stateOf('100-2-00')]).toEqual([
      ['return-demanded', 'issued'],
      ['return-demanded', 'issued'],
    ]);
  },
);

step('a 氏名変更届 with the certificate gives it back and opens a correction, which waits for the file', async () => {
  const filing = {
    届書: '氏名変更',
    記号: '100',
    番号: '6',
    枝番: '00',
    異動年月日: '2025-12-12',
    到着年月日: '2025-12-16',
    資格確認書: '添付',
  };
  const taken = await takeFilings(context, profile, file('氏名変更届.csv', [filing]), day('2025-12-16'));
  expect(taken).toMatchObject({ recorded: 1, givenBack: 1, corrections: 1, demanded: 0, late: 0 });
  expect(await stateOf('100-6-00')).toEqual(['given-back']);
  expect(await listWaitingReissues(context, insurer, day('2025-12-17'))).toMatchObject([
    { key: '100-6-00', reason: 'name-changed', why: 'unchanged' },
  ]);
  expect((await makeReissues(context, profile, day('2025-12-17'))).runs).toEqual([]);
  const renamed = NOW.map((row) => (row['番号'] === '6' ? { ...row, 氏名: '改姓　六子' } : row));
  await importRows(context, profile, folder, { members: renamed, enrolment: noCard(NOW) }, day('2025-12-18'));
  const made = await makeReissues(context, profile, day('2025-12-18'));
  expect(made.runs.map(({ count }) => count)).toEqual([1]);
  for (const { issuance } of made.runs) expect((await reconcile(context, issuance)).balanced).toBe(true);
});

step('after a death the family is asked, with the claim of 埋葬料; no employer is, nor reminded', async () => {
  const filing = {
    届書: '喪失',
    記号: '100',
    番号: '4',
    枝番: '00',
    異動年月日: '2025-12-18',
    到着年月日: '2025-12-22',
    喪失原因: '死亡',
  };
  const taken = await takeFilings(context, profile, file('喪失届.csv', [filing]), day('2025-12-22'));
  expect(taken).toMatchObject({ recorded: 1, demanded: 2 });
  const { rows, out, files } = await list('2025-12-25');
  expect(rows.filter((row) => row['番号'] === '4').map((row) => [row['枝番'], row['返送元'], row['期限']])).toEqual([
    ['00', 'ご家族（埋葬料を申請する方）', ''],
    ['01', 'ご家族（埋葬料を申請する方）', ''],
  ]);
  const pdf = files.find((name) => name.startsWith('recall-letters/'))!;
  const text = (await readTexts(readFileSync(path.join(out, pdf)), [0, 1])).join('').replaceAll(/\s/g, '');
  expect(text).toContain('ご家族の方へ');
  expect(text).toContain('お悔やみ申し上げます');
  const reminded = path.join(folder, 'reminded');
  await remindRecalls(context, profile, day('2026-01-20'), reminded);
  expect(readRows(path.join(reminded, 'recall-list.csv')).some((row) => row['番号'] === '4')).toBe(false);
});

step('the figures add up, and the chain holds', async () => {
  const { duty } = await recallFigures(context, insurer, day('2026-01-20'));
  // 300-3 moved, 1 renamed, 2 torn, 4 and the wife.
  expect(duty.asked).toBe(5);
  expect(duty.open).toBe(5);
  expect(await verifyAudit(context, insurer)).toBeNull();
});
