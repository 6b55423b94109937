// What two persons approve and what becomes of it: counts and files are kept with the approval, a lot is released for post when all
// that was printed is enclosed or a named person answers for it, and what was confirmed is taken back until something is posted.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { RESULT_COLUMNS } from '../src/formats/results.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { cancelIssuance, takeBackCancellation } from '../src/operations/life/cancel.ts';
import { approvalLines, checkLotFiles, getApprovalSheet } from '../src/operations/posting/approval.ts';
import { confirmLot, listLotViews, takeBackLot } from '../src/operations/posting/lots.ts';
import { makePackage } from '../src/operations/posting/package.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { takeResults } from '../src/operations/posting/results.ts';
import { verifyOutput } from '../src/operations/posting/verify-output.ts';
import { verifyAudit } from '../src/operations/desk/trace.ts';
import { writeOutput } from '../src/operations/issue.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { PaperEvent } from '../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import type { Cells } from './cast.ts';
import { anotherInsurer, importRows, issueRows, readRows } from './issued.ts';
import { BEFORE_ENCLOSING, getLotView, openTestFolder, openTestLedger } from './ledger.ts';
import { printOnPaper } from './life-world.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
/** An insurer of its own whose pieces are one lot. */
const insurerOfOneLot = (): InsurerProfile => {
  const own = anotherInsurer(kyokai);
  return { ...own, issuances: own.issuances.map((issuance) => ({ ...issuance, waves: [] })) };
};
const day = (text: string): LocalDate => text as LocalDate;
const PERSONS = ['山田 太郎', '鈴木 花子'] as const;
const [FIRST, SECOND] = PERSONS;

interface Printed {
  readonly own: InsurerProfile;
  readonly run: Issuance;
  readonly out: string;
  readonly pieces: readonly string[];
}

/** Insured persons alone, nobody with a card: each has an envelope, on paper. */
async function printed(
  numbers: readonly string[],
  change: Readonly<Record<string, Cells>> = {},
  prints = true,
): Promise<Printed> {
  const own = insurerOfOneLot();
  const { issuance: run, out } = await issueRows(
    ...([context, own, folder] as const),
    {
      members: numbers.map((number) => person(number, 0, change[number])),
      enrolment: numbers.map((number) => status(number, 0, '0')),
    },
    { prints },
  );
  if (!prints) await printOnPaper(context, run);
  return { own, run, out, pieces: readRows(path.join(out, 'mailpieces.csv')).map((row) => row['郵便物番号']!) };
}

async function record(run: Issuance, event: PaperEvent, numbers: readonly string[]): Promise<readonly string[]> {
  const asked = numbers.map((mailpieceNumber) => ({
    ...({ mailpieceNumber, event, reason: '検査', source: '' } as const),
    key: `${event}:${mailpieceNumber}`,
  }));
  return (await recordPieceEvents(context, run, asked)).map(({ kind }) => kind);
}

const query = <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  context.database.transaction((tx) => tx.query<Row>(sql, values));

async function approve({ own, run }: Printed, step: 'print' | 'post', override = BEFORE_ENCLOSING): Promise<void> {
  for (const name of PERSONS) await confirmLot(context, run, own, 1, step, name, step === 'post' ? override : null);
}

test('the sheet says what is approved: by way, files with hashes, proofs, and the change against the working before', async () => {
  const own = insurerOfOneLot();
  const numbers = ['1', '2', '3'];
  const rows = (of: readonly string[]) => ({
    members: of.map((number) => person(number, 0, number === '2' ? { 氏名: '協会　花子マリアエレナ' } : undefined)),
    enrolment: of.map((number) => status(number, 0, '0')),
  });
  const first = await issueRows(...([context, own, folder] as const), rows(numbers), { prints: true });
  const sheet = await getApprovalSheet(context, first.issuance, 1);
  expect(sheet.routes).toMatchObject([{ route: 'home', pieces: 3, papers: 3, printed: 3, held: 0, withdrawn: 0 }]);
  expect(sheet.before).toBeNull();
  const files = await query<{ path: string; sha256: string }>(
    'select path, sha256 from print_file where issuance_id = $1 order by path collate "C"',
    [first.issuance.id],
  );
  expect(
    sheet.files
      .map(({ path: name, sha256 }) => ({ path: name, sha256 }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  ).toEqual(files);
  const { createHash } = await import('node:crypto');
  const whole = createHash('sha256')
    .update(files.map((f) => `${f.path} ${f.sha256}\n`).join(''))
    .digest('hex');
  expect(sheet.lot.filesSha256).toBe(whole);
  const pieces = new Map(
    readRows(path.join(first.out, 'mailpieces.csv')).map((row) => [row['番号'], row['郵便物番号']]),
  );
  const proofOf = (kind: string) =>
    sheet.proofs.find(({ kinds }) => (kinds as string[]).includes(kind))?.mailpieceNumber;
  expect([proofOf('first'), proofOf('last'), proofOf('longest-name')]).toEqual(
    ['1', '3', '2'].map((n) => pieces.get(n)),
  );
  await expect(getApprovalSheet(context, first.issuance, 9)).rejects.toMatchObject({ code: 'lot-unknown' });

  // Given up, and made anew with one more: the change is against what was given up.
  for (const name of PERSONS) await cancelIssuance(context, first.issuance, name, '一人もれた');
  const second = await issueRows(...([context, own, folder] as const), rows([...numbers, '4']), { prints: true });
  const again = await getApprovalSheet(context, second.issuance, 1);
  expect(again.before).toMatchObject({
    id: first.issuance.id,
    isCancelled: true,
    targets: 3,
    papers: 3,
    mailpieces: 3,
  });
  expect(again.now).toMatchObject({ targets: 4, papers: 4, mailpieces: 4 });
  expect(approvalLines(again).join('\n')).toMatch(/前の回（第\d+号 bulk-2025.*取りやめ）\n　　対象　4人（前 3、\+1）/);

  await checkLotFiles(context, again, second.out);
  writeFileSync(path.join(second.out, again.files[0]!.path), 'x');
  await expect(checkLotFiles(context, again, second.out)).rejects.toMatchObject({ code: 'print-file-differs' });
});

test('what print held is on the sheet by kind, with one of each to look at', async () => {
  const held = await printed(['1', '2', '3'], { 2: { 氏名: '協会　\u{F0000}' }, 3: { 住所: '' } });
  const sheet = await getApprovalSheet(context, held.run, 1);
  expect(sheet.held.length).toBeGreaterThan(0);
  expect(sheet.held.reduce((sum, row) => sum + row.count, 0)).toBe(sheet.lot.counts.held);
  for (const { first } of sheet.held) expect(held.pieces).toContain(first);
});

test('the approval keeps the counts and the hash over the files, as the database counts them; other files were never approved', async () => {
  const at = await printed(['1', '2']);
  await approve(at, 'print');
  const { filesSha256, confirmations } = await getLotView(context, at.run, 1);
  expect(confirmations.map((c) => [c.person, c.filesSha256, c.counts?.printed])).toEqual(
    PERSONS.map((name) => [name, filesSha256, 2]),
  );
  const [line] = await query<{ counts: { files: string } }>(
    `select counts from journal where issuance_id = $1 and operation = 'lot-print' order by id limit 1`,
    [at.run.id],
  );
  expect(line!.counts.files).toBe(filesSha256);
  // The ledger lets nobody change what was printed; where somebody does past it, the approval is of other files.
  await expect(
    query(`update print_file set sha256 = repeat('0', 64) where issuance_id = $1`, [at.run.id]),
  ).rejects.toThrow(/never change|refuse|frozen/i);
  await context.database.transaction(async (tx) => {
    await tx.execute('alter table print_file disable trigger frozen');
    await tx.execute(
      `update print_file set sha256 = repeat('0', 64) where issuance_id = ${at.run.id} and paper = 'letters'`,
    );
    await tx.execute('alter table print_file enable trigger frozen');
  });
  const request = { outDir: at.out, packageDir: path.join(folder, 'changed'), recipient: null, cardImages: null };
  await expect(makePackage(context, at.run, at.own, request)).rejects.toMatchObject({ code: 'approval-changed' });
});

test('release for post: refused at every door until all that was printed is enclosed, or by a named override that is kept and told', async () => {
  const at = await printed(['1', '2', '3']);
  const { own, run, pieces } = at;
  await approve(at, 'print');
  await record(run, 'enclose', pieces.slice(0, 2));
  await expect(confirmLot(context, run, own, 1, 'post', FIRST)).rejects.toMatchObject({
    code: 'lot-not-enclosed',
    message: expect.stringContaining('引き抜きを除く印刷 3通、封入 2通'),
  });
  const insert = (place: number, key: string, by: string | null): Promise<unknown> =>
    query(
      `insert into lot_confirmation (issuance_id, lot_no, step, place, person, person_key, actor, override_by, override_reason)
       values ($1, 1, 'post', $2, $3, $3, 'x', $4, $4)`,
      [run.id, place, key, by],
    );
  await expect(insert(1, '甲', null)).rejects.toMatchObject({
    code: '23514',
    message: expect.stringMatching(/^lot_not_enclosed/),
  });
  await expect(confirmLot(context, run, own, 1, 'print', FIRST, BEFORE_ENCLOSING)).rejects.toMatchObject({
    code: 'arguments',
  });

  const override = { person: '部長 高橋', reason: '一通は後日' };
  await confirmLot(context, run, own, 1, 'post', FIRST, override);
  // The second person confirms the same.
  const { lot } = await confirmLot(context, run, own, 1, 'post', SECOND);
  expect(lot.released).toContain('post');
  expect(lot.confirmations.filter((c) => c.step === 'post').map((c) => [c.overrideBy, c.overrideReason])).toEqual([
    ['部長 高橋', '一通は後日'],
    [null, null],
  ]);
  const lines = await query<{ counts: object }>(
    `select counts from journal where issuance_id = $1 and operation = 'lot-post' order by id`,
    [run.id],
  );
  expect(lines.map(({ counts }) => counts)).toMatchObject([
    { override: '部長 高橋', reason: '一通は後日' },
    { persons: 2 },
  ]);
});

test('what is pulled out of a lot is not waited for: all the others enclosed, it is released without an override', async () => {
  const at = await printed(['1', '2', '3']);
  const { own, run, pieces } = at;
  await approve(at, 'print');
  await record(run, 'enclose', pieces.slice(0, 2));
  const gone = [person('1', 0), person('2', 0), person('3', 0, { 資格喪失年月日: '2025-07-01' })];
  await importRows(context, own, folder, { members: gone }, day('2025-04-30'));
  const { askedAgain, lot } = await confirmLot(context, run, own, 1, 'post', FIRST, BEFORE_ENCLOSING);
  expect(askedAgain?.news.map((n) => [n.number, n.finding])).toEqual([['3', 'lost-by-file']]);
  // Nobody had to answer for anything: the override is not on record.
  expect(lot.confirmations.at(-1)).toMatchObject({ overrideBy: null });
  expect(lot.counts).toMatchObject({ printed: 2, enclosed: 2, withdrawn: 1 });
});

test('taken back until posted, by whom and why; then two confirm anew; the database holds the same', async () => {
  const at = await printed(['1', '2']);
  const { own, run, pieces } = at;
  const why = { person: SECOND, reason: '宛名の誤り' };
  const takeBack = (
    step: 'print' | 'post',
    by: { person: string; reason: string } = why,
  ): ReturnType<typeof takeBackLot> => takeBackLot(context, run, 1, step, by);
  await expect(takeBack('print')).rejects.toMatchObject({ message: expect.stringContaining('まだ確認されていません') });
  await confirmLot(context, run, own, 1, 'print', FIRST);
  await expect(takeBack('print', { person: '　', reason: 'x' })).rejects.toMatchObject({ code: 'lot-refused' });
  expect(await takeBack('print')).toMatchObject({
    confirmations: [],
    takenBack: [{ step: 'print', of: [FIRST], person: SECOND, reason: '宛名の誤り' }],
  });
  // The same two again: names count once a turn.
  await approve(at, 'print');
  await approve(at, 'post');
  await expect(takeBack('print')).rejects.toMatchObject({ message: expect.stringContaining('先に「発送の承認」') });
  const insert = (step: string): Promise<unknown> =>
    query(
      `insert into lot_take_back (issuance_id, lot_no, step, turn, person, reason, actor) values ($1, 1, $2, 1, 'x', 'x', 'x')`,
      [run.id, step],
    );
  await expect(insert('print')).rejects.toMatchObject({ message: expect.stringMatching(/^take_back_order/) });
  await takeBack('post');
  await expect(insert('post')).rejects.toMatchObject({ message: expect.stringMatching(/^nothing_to_take_back/) });
  await record(run, 'enclose', pieces);
  // Nothing goes on an approval that was taken back.
  expect(await record(run, 'post', pieces.slice(0, 1))).toEqual(['refused']);
  await takeBack('print');
  const request = { outDir: at.out, packageDir: path.join(folder, 'back'), recipient: null, cardImages: null };
  await expect(makePackage(context, run, own, request)).rejects.toMatchObject({ code: 'lot-unapproved' });
  for (const step of ['print', 'post'] as const)
    for (const name of PERSONS) await confirmLot(context, run, own, 1, step, name);
  expect(await record(run, 'post', pieces.slice(0, 1))).toEqual(['recorded']);
  for (const step of ['post', 'print'] as const) {
    await expect(takeBack(step)).rejects.toMatchObject({ message: expect.stringMatching(/発送済み|先に/) });
    await expect(insert(step)).rejects.toMatchObject({
      message: expect.stringMatching(/^take_back_(after_posting|order)/),
    });
  }
  expect(await verifyAudit(context, run.insurerNumber)).toBeNull();
});

test('a cancellation that one person asked for is taken back by either, asked again, and never after two', async () => {
  const { run } = await printed(['1', '2']);
  const takeBack = (by: string, why = '誤りではなかった'): ReturnType<typeof takeBackCancellation> =>
    takeBackCancellation(context, run, by, why);
  await expect(takeBack(FIRST)).rejects.toMatchObject({
    message: expect.stringContaining('だれも取りやめを求めていません'),
  });
  for (const by of PERSONS) {
    expect(await cancelIssuance(context, run, FIRST, '誤り')).toMatchObject({ kind: 'asked' });
    await expect(takeBack(by, ' ')).rejects.toMatchObject({ code: 'cancel-refused' });
    expect(await takeBack(by)).toMatchObject({ of: { person: FIRST } });
  }
  // The one who asked before asks anew: one person still.
  expect(await cancelIssuance(context, run, FIRST, '誤り')).toMatchObject({
    kind: 'asked',
    persons: [{ person: FIRST }],
  });
  expect(await cancelIssuance(context, run, SECOND, '誤り')).toMatchObject({ kind: 'cancelled', pieces: 2 });
  await expect(takeBack(FIRST)).rejects.toMatchObject({ message: expect.stringContaining('取りやめ済み') });
  await expect(
    query(
      `insert into cancellation_take_back (issuance_id, turn, person, reason, actor) values ($1, 1, 'x', 'x', 'x')`,
      [run.id],
    ),
  ).rejects.toMatchObject({ message: expect.stringMatching(/^nothing_to_take_back/) });
});

test('a lot at the contractor: given up only once it is destroyed, and then the asking is not taken back any more', async () => {
  const at = await printed(['1', '2', '3']);
  const { own, run, pieces } = at;
  await approve(at, 'print');
  const handed = { outDir: at.out, packageDir: path.join(folder, 'handed'), recipient: null, cardImages: null };
  await makePackage(context, run, own, handed);
  expect(await cancelIssuance(context, run, FIRST, '誤り')).toMatchObject({ kind: 'asked' });
  await expect(cancelIssuance(context, run, SECOND, '誤り')).rejects.toMatchObject({
    message: expect.stringContaining('委託業者が印刷物を持っています'),
    details: [expect.stringContaining('廃棄の記録のない郵便物 3通')],
  });
  expect(await takeBackCancellation(context, run, SECOND, '刷り上がったものを使う')).toMatchObject({
    of: { person: FIRST },
  });
  // Nobody gives it up now: what the contractor destroys is not on anybody's word.
  const destroyed = (name: string, numbers: readonly string[]): string => {
    const file = path.join(folder, name);
    const rows = numbers.map((number) => [number, '廃棄', '2025-07-30', '取りやめ', '']);
    writeFileSync(file, [RESULT_COLUMNS.map((column) => column.name), ...rows].map((row) => csvLine(row)).join(''));
    return file;
  };
  expect((await takeResults(context, run, destroyed('廃棄-1.csv', pieces.slice(0, 1)))).refused).toHaveLength(1);
  await cancelIssuance(context, run, FIRST, '誤り');
  expect(await takeResults(context, run, destroyed('廃棄-2.csv', pieces.slice(0, 2)))).toMatchObject({ recorded: 2 });
  await expect(takeBackCancellation(context, run, FIRST, '使う')).rejects.toMatchObject({
    message: expect.stringContaining('委託業者が 2人分を廃棄しています'),
  });
  await expect(
    query(
      `insert into cancellation_take_back (issuance_id, turn, person, reason, actor) values ($1, 1, 'x', 'x', 'x')`,
      [run.id],
    ),
  ).rejects.toMatchObject({ message: expect.stringMatching(/^take_back_after_destruction/) });
  await expect(cancelIssuance(context, run, SECOND, '誤り')).rejects.toMatchObject({
    details: [expect.stringContaining('廃棄の記録のない郵便物 1通')],
  });
  await takeResults(context, run, destroyed('廃棄-3.csv', pieces.slice(2)));
  expect(await cancelIssuance(context, run, SECOND, '誤り')).toMatchObject({ kind: 'cancelled' });
});

test('a package says what the newest files and filings said before it was made, and holds who is pulled on its list', async () => {
  const at = await printed(['1', '2', '3', '4']);
  const { own, run } = at;
  await approve(at, 'print');
  const newer = [
    person('1', 0, { 資格喪失年月日: '2025-07-01' }),
    person('2', 0, { 氏名: '協会　新' }),
    person('3', 0, { 郵便番号: '1060032', 住所: '東京都港区六本木2-2' }),
  ];
  await importRows(context, own, folder, { members: newer }, day('2025-04-30'));
  const handed = path.join(folder, 'asked-again');
  const request = { outDir: at.out, packageDir: handed, recipient: null, cardImages: null };
  const { askedAgain, manifest } = await makePackage(context, run, own, request);
  expect(askedAgain.news.map((n) => [n.number, n.finding])).toEqual([
    ['1', 'lost-by-file'],
    ['2', 'name-changed'],
    ['3', 'address-changed'],
    ['4', 'absent'],
  ]);
  expect(readRows(path.join(handed, 'pull-list.csv'))).toHaveLength(1);
  expect(manifest.files.find(({ path: name }) => name === 'pull-list.csv')?.rows).toBe(1);
  // The limits are the profile's: of these a file that misses one of three is not believed.
  const strict = { ...own, fit: { ...own.fit, share: 0.1, rows: 0 } };
  const { refetchAll } = await import('../src/operations/posting/ask-again.ts');
  expect(await refetchAll(context, run, strict, null)).toMatchObject({ doubtful: { people: 3, absent: 1 }, news: [] });
});

test('verify holds a package against its manifest as it does an output folder: every file, none more', async () => {
  const at = await printed(['1', '2']);
  await approve(at, 'print');
  await writeOutput(context, at.run, at.own, { outDir: at.out, encoding: 'utf-8', prints: true });
  const handed = path.join(folder, 'verified');
  const { manifest } = await makePackage(context, at.run, at.own, {
    ...({ outDir: at.out, packageDir: handed, recipient: null, cardImages: null } as const),
  });
  expect(await verifyOutput(handed)).toEqual({ fileCount: manifest.files.length, faults: [], strangers: [] });
  const table = path.join(handed, 'mailpieces.csv');
  writeFileSync(table, `${readFileSync(table, 'utf8')} `);
  writeFileSync(path.join(handed, 'extra.txt'), 'x');
  expect(await verifyOutput(handed)).toMatchObject({
    faults: [{ path: 'mailpieces.csv', what: expect.stringContaining('大きさ') }],
    strangers: ['extra.txt'],
  });
  const listed = JSON.parse(readFileSync(path.join(handed, 'manifest.json'), 'utf8')) as { files: { path: string }[] };
  listed.files[0]!.path = '../outside';
  writeFileSync(path.join(handed, 'manifest.json'), JSON.stringify(listed));
  await expect(verifyOutput(handed)).rejects.toMatchObject({ code: 'manifest-missing' });
});

test('whatever is confirmed and taken back in whatever order, nothing is posted that two different persons do not stand for', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('confirm' as const),
      step: fc.constantFrom('print', 'post'),
      who: fc.nat(2),
      isAllowed: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('take-back' as const), step: fc.constantFrom('print', 'post') }),
    fc.record({ kind: fc.constant('enclose' as const), piece: fc.nat(2) }),
    fc.record({ kind: fc.constant('post' as const), piece: fc.nat(2) }),
  );
  const NAMES = [...PERSONS, '佐藤 一'];
  const refused = (error: unknown): null => {
    expect((error as { code?: string }).code).toMatch(/^lot-/);
    return null;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
      const { own, run, pieces } = await printed(['1', '2', '3'], {}, false);
      const lotNo = (await listLotViews(context, run)).find(({ counts }) => counts.extracted > 0)!.no;
      /** Who stands for each step, as far as told. */
      const standing = { print: new Set<string>(), post: new Set<string>() };
      let posted = 0;
      const wrong: string[] = [];
      for (const each of steps) {
        if (each.kind === 'confirm') {
          const override = each.isAllowed && each.step === 'post' ? BEFORE_ENCLOSING : null;
          const name = NAMES[each.who]!;
          const done = await confirmLot(context, run, own, lotNo, each.step, name, override).catch(refused);
          if (done?.kind === 'confirmed') standing[each.step].add(name);
        } else if (each.kind === 'take-back') {
          const by = { person: '係長 森', reason: '見直し' };
          const done = await takeBackLot(context, run, lotNo, each.step, by).catch(refused);
          if (done !== null) {
            if (posted > 0) wrong.push('taken back after posting');
            standing[each.step].clear();
          }
        } else {
          const [outcome] = await record(run, each.kind, [pieces[each.piece]!]);
          if (each.kind === 'post' && outcome === 'recorded') {
            posted += 1;
            if (standing.print.size !== 2 || standing.post.size !== 2) wrong.push('posted without two persons');
          }
        }
        const view = await getLotView(context, run, lotNo);
        for (const own of ['print', 'post'] as const)
          expect(new Set(view.confirmations.filter((c) => c.step === own).map((c) => c.person))).toEqual(standing[own]);
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 10 },
  );
});
