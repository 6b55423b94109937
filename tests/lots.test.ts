// Waves and lots on a real database: planned by the calendar, printed one by one, released by two persons, posted inside
// their days, closed when nothing is missing; and what the database refuses whoever asks.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { RESULT_COLUMNS } from '../src/formats/results.ts';
import { writeOutput } from '../src/operations/issue.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import { confirmLot, listLotViews, listWaves } from '../src/operations/posting/lots.ts';
import { makePackage } from '../src/operations/posting/package.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import { remakePieces } from '../src/operations/life/remake.ts';
import { takeResults } from '../src/operations/posting/results.ts';
import { tracePaper, verifyAudit } from '../src/operations/desk/trace.ts';
import type { PersonKey } from '../src/rules/words/person-key.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { issueSample } from './issued.ts';
import { BEFORE_ENCLOSING, openTestFolder, openTestLedger, approveLots, getLotView } from './ledger.ts';
import { story } from './story.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
const [bulk] = kyokai.issuances;
/** The calendar of the profile, with a second wave too small for its branches. */
const profile = {
  ...kyokai,
  issuances: [{ ...bulk!, waves: bulk!.waves.map((wave, i) => (i === 1 ? { ...wave, capacity: 40 } : wave)) }],
};
const outDir = path.join(folder, 'out');
let run: Issuance;

const query = <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  context.database.transaction((tx) => tx.query<Row>(sql, values));
const piecesOf = async (lotNo: number): Promise<string[]> =>
  (
    await query<{ number: string }>(
      `select p.mailpiece_number::text as number from printed_piece p
         join print_batch b on b.issuance_id = p.issuance_id and b.no = p.batch_no
         left join paper_state s on s.paper_number = p.mailpiece_number
        where p.issuance_id = $1 and b.lot_no = $2 and coalesce(s.state, '') not in ('withdrawn', 'spoiled') order by 1`,
      [run.id, lotNo],
    )
  ).map((row) => row.number);

function writeResults(name: string, rows: readonly (readonly string[])[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, [RESULT_COLUMNS.map((column) => column.name), ...rows].map((row) => csvLine(row)).join(''));
  return file;
}

beforeAll(async () => {
  ({ issuance: run } = await issueSample(context, profile, folder, { members: 3000, seed: 3 }, { outDir }));
}, 60_000);

const step = story();

step(
  'one lot is printed alone; every piece is in the lot of its branch, none over capacity; the books balance',
  async () => {
    const waves = await listWaves(context, run, profile);
    expect(await listLotViews(context, run)).toEqual([]);
    const options = { outDir, encoding: 'utf-8', prints: true, lotNo: 1 } as const;
    const { reconciliation } = await writeOutput(context, run, profile, options);
    expect(reconciliation.balances.filter((b) => b.difference !== 0)).toEqual([]);
    const lots = await listLotViews(context, run);
    expect(lots.map((lot) => lot.name)).toEqual(bulk!.waves.map((wave) => wave.name));
    expect(lots.map((lot) => lot.counts.extracted)).toEqual(waves.map((wave) => wave.pieceCount));
    expect(waves[1]!.pieceCount).toBe(40);
    expect(lots.map((lot) => lot.unprintedBatches > 0)).toEqual([false, true, true, true]);
    const strays = await query(
      `select p.mailpiece_number from printed_piece p
       join mailpiece m using (issuance_id, mailpiece_number)
       left join workplace w on w.dataset_id = $2 and w.symbol = m.symbol
      where p.issuance_id = $1 and not coalesce(w.branch_code = any($3), false)`,
      [run.id, run.workplacesId, bulk!.waves[0]!.branches],
    );
    expect(strays).toEqual([]);
    await expect(confirmLot(context, run, profile, 2, 'print', '山田太郎')).rejects.toMatchObject({
      code: 'lot-refused',
    });
    expect(await writeOutput(context, run, profile, { ...options, lotNo: 9 }).catch((e: unknown) => e)).toMatchObject({
      code: 'lot-unknown',
    });
  },
);

step('the rest is printed later: all pieces once, in four lots', async () => {
  const options = { outDir, encoding: 'utf-8', prints: true } as const;
  const { reconciliation } = await writeOutput(context, run, profile, options);
  expect(reconciliation.balances.filter((b) => b.difference !== 0)).toEqual([]);
  expect(reconciliation.counts.waitingMailpieces).toBe(0);
  expect((await listLotViews(context, run)).every((lot) => lot.unprintedBatches === 0)).toBe(true);
});

step('two different persons release; the database refuses one twice, a third, and post before print', async () => {
  const confirm = (step: string, place: number, key: string): Promise<unknown> =>
    query(
      `insert into lot_confirmation (issuance_id, lot_no, step, place, person, person_key, actor)
       values ($1, 1, $2, $3, $4, $4, 'x')`,
      [run.id, step, place, key],
    );
  await expect(confirm('post', 1, '甲')).rejects.toMatchObject({ message: expect.stringMatching(/^lot_order/) });
  expect(await confirmLot(context, run, profile, 1, 'print', '山田 太郎')).toMatchObject({ kind: 'confirmed' });
  await expect(confirmLot(context, run, profile, 1, 'print', '山田　太郎')).rejects.toMatchObject({
    code: 'lot-refused',
  });
  await expect(confirm('print', 2, '山田太郎')).rejects.toMatchObject({ constraint: 'two_different_persons' });
  // Two who press at once are two; a third is one too many.
  const answers = await Promise.allSettled(
    ['鈴木花子', '佐藤一', '田中二郎'].map((person) => confirmLot(context, run, profile, 1, 'print', person)),
  );
  expect(answers.filter((a) => a.status === 'fulfilled')).toHaveLength(1);
  await expect(confirm('print', 3, '丙')).rejects.toMatchObject({ code: '23514' });
  expect((await getLotView(context, run, 1)).released).toEqual(['print']);
});

step('a package holds one released lot and nothing of the others', async () => {
  const base = { outDir, recipient: null, cardImages: null } as const;
  await expect(
    makePackage(context, run, profile, { ...base, packageDir: path.join(folder, 'all') }),
  ).rejects.toMatchObject({ code: 'lot-unapproved', message: expect.stringContaining('ロット2') });
  const { manifest } = await makePackage(context, run, profile, {
    ...base,
    packageDir: path.join(folder, 'one'),
    lotNo: 1,
  });
  expect(manifest.totals.pieces).toBe((await piecesOf(1)).length);
});

step('a lot is handed over once: again by a named person alone, and that is kept', async () => {
  const request = { outDir, recipient: null, cardImages: null, lotNo: 1, packageDir: path.join(folder, 'one-again') };
  await expect(makePackage(context, run, profile, request)).rejects.toMatchObject({
    code: 'package-repeats',
    message: expect.stringMatching(/^ロット1（\d{4}-\d{2}-\d{2}　one） は引き渡し済みです/),
  });
  expect(existsSync(request.packageDir)).toBe(false);
  await makePackage(context, run, profile, { ...request, override: { person: '山田 太郎', reason: '媒体が読めない' } });
  const handed = await context.database.transaction((tx) =>
    tx.query(
      `select file_name as name, override_by as by, override_reason as why from job_file
        where issuance_id = $1 and kind = 'package 1' order by taken_at`,
      [run.id],
    ),
  );
  expect(handed).toEqual([
    { name: 'one', by: null, why: null },
    { name: 'one-again', by: '山田 太郎', why: '媒体が読めない' },
  ]);
});

step('posting: after its release, inside its days, once; a named override is an event with its reason', async () => {
  const [first = '', second = ''] = await piecesOf(1);
  const enclosed = writeResults(
    '封入.csv',
    [first, second].map((number) => [number, '封入', '2025-07-23', '', '']),
  );
  expect(await takeResults(context, run, enclosed)).toMatchObject({ recorded: 2, refused: [] });
  await expect(
    query(
      `insert into event (insurer_number, seq, issuance_id, subject, paper_number, event, from_state, to_state, actor,
                          reason, source, key, hash) values ($1, 0, $2, 'mailpiece', $3, 'post', '', '', 'x', '', '', 'x', '')`,
      [run.insurerNumber, run.id, first],
    ),
  ).rejects.toMatchObject({ code: '23514', message: expect.stringMatching(/^posting_unapproved/) });
  for (const person of ['山田太郎', '鈴木花子'])
    await confirmLot(context, run, profile, 1, 'post', person, BEFORE_ENCLOSING);
  const late = writeResults('発送-遅い.csv', [[first, '発送', '2025-08-16', '', '']]);
  expect((await takeResults(context, run, late)).refused[0]?.why).toContain('期限（2025-08-15）を過ぎています');
  const override = { person: '部長 高橋', reason: '郵便局の都合' };
  expect(await takeResults(context, run, late, { override })).toMatchObject({ recorded: 1, refused: [] });
  const again = writeResults('発送-再.csv', [[first, '発送', '2025-08-17', '', '']]);
  expect((await takeResults(context, run, again)).refused[0]?.why).toContain('「発送済み」のため');
  expect(await takeResults(context, run, again, { override })).toMatchObject({ recorded: 1, refused: [] });
  const { sentences } = await tracePaper(context, run, first);
  expect(sentences.filter((s) => s.includes('特例の発送の許可') && s.includes('部長 高橋: 郵便局の都合'))).toHaveLength(
    2,
  );
  expect(await verifyAudit(context, run.insurerNumber)).toBeNull();
});

step('a file older than one taken before is refused, but for a named override', async () => {
  const [, second = ''] = await piecesOf(1);
  const older = writeResults('結果-去年.csv', [[second, '発送', '2025-07-24', '', '']]);
  await expect(takeResults(context, run, older)).rejects.toMatchObject({ code: 'file-precedes' });
  await expect(
    query(
      `insert into job_file (insurer_number, kind, sha256, issuance_id, file_name, row_count, refused_count, actor, through_on)
       values ($1, 'results', repeat('0', 64), $2, 'x', 1, 0, 'x', '2024-07-24')`,
      [run.insurerNumber, run.id],
    ),
  ).rejects.toMatchObject({ message: expect.stringMatching(/^file_precedes/) });
  const override = { person: '部長 高橋', reason: '順番の入れ違い' };
  expect(await takeResults(context, run, older, { override })).toMatchObject({ recorded: 1, refused: [] });
});

step('a lot closes when nothing of it is missing, by two persons, and the database counts', async () => {
  const close = (person: string): ReturnType<typeof confirmLot> =>
    confirmLot(context, run, profile, 1, 'close', person);
  const [withdrawn, spoiled = '', ...rest] = (await piecesOf(1)).slice(2);
  const inside = await query<PersonKey>(
    `select symbol, number, sub_number as "subNumber" from certificate where mailpiece_number = $1`,
    [withdrawn],
  );
  for (const person of inside) await withdrawPerson(context, run, person, '資格喪失');
  const rows = [
    [spoiled, '損傷', '2025-08-20', '折れ', ''],
    ...rest.flatMap((number) => [
      [number, '封入', '2025-08-14', '', ''],
      [number, '発送', '2025-08-15', '', ''],
    ]),
  ];
  expect((await takeResults(context, run, writeResults('結果.csv', rows))).refused).toEqual([]);
  await expect(close('山田太郎')).rejects.toMatchObject({
    message: expect.stringContaining('損傷 = 作り直し（1 / 0）'),
  });
  await expect(
    query('update lot set closed_at = now() where issuance_id = $1 and no = 1', [run.id]),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/^lot_unconfirmed/),
  });
  const again = await remakePieces(context, run, profile, 'reprint', '2025-08-21' as LocalDate);
  await close('山田太郎');
  expect((await getLotView(context, run, 1)).closedAt).toBeNull();
  const { lot } = await close('鈴木花子');
  expect(lot.closedAt).not.toBeNull();
  expect(lot.counts).toMatchObject({ withdrawn: 1, spoiled: 1, remade: 1, posted: rest.length + 2 });
  await expect(
    query('update lot set closed_at = null where issuance_id = $1 and no = 1', [run.id]),
  ).rejects.toMatchObject({
    code: '23514',
  });
  // Made again or never spoiled, a piece is not let off; withdrawn, it is not made again.
  const waive = (number: string): Promise<unknown> =>
    query(
      `insert into event (insurer_number, seq, issuance_id, subject, paper_number, event, from_state, to_state, actor,
                          reason, source, key, hash) values ($1, 0, $2, 'mailpiece', $3, 'waive', '', '', 'x', '', '', 'x', '')`,
      [run.insurerNumber, run.id, number],
    );
  await expect(waive(spoiled)).rejects.toMatchObject({ message: expect.stringMatching(/^waiver_refused/) });
  await expect(waive(rest[0]!)).rejects.toMatchObject({ message: expect.stringMatching(/^transition_refused/) });
  await expect(
    query('insert into remade_piece values ($1, $2, $3)', [run.id, withdrawn, again.issuance!.id]),
  ).rejects.toMatchObject({ message: expect.stringMatching(/^remake_refused/) });
  await writeOutput(context, again.issuance!, profile, {
    outDir: path.join(folder, 'again'),
    encoding: 'utf-8',
    prints: true,
  });
  await approveLots(context, again.issuance!);
  // Papers made again go as one lot, by the last day of all.
  expect((await listLotViews(context, again.issuance!)).map((l) => [l.name, l.postThrough])).toEqual([
    ['', '2025-12-01'],
  ]);
  expect((await reconcile(context, run)).balances.filter((b) => b.difference !== 0)).toEqual([]);
});
