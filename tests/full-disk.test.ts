// A full disk, met at each file that is written in turn: the clerk reads it in words, no beginning of a file stays, nothing in
// the ledger says that it was made, and doing it again makes the same as if the disk had never been full.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { DISK_FULL, isDiskFull } from '../src/operations/context.ts';
import { importFile } from '../src/operations/intake/import.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { writeOutput } from '../src/operations/issue.ts';
import { runJob } from '../src/operations/perform-job.ts';
import { requestJob, getJob, outputFolder } from '../src/operations/desk/jobs.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { makePackage } from '../src/operations/posting/package.ts';
import { closeParcel, openParcels, scanIntoParcel } from '../src/operations/posting/parcels.ts';
import { printReference } from '../src/operations/printing/print.ts';
import { makeRecallList } from '../src/operations/life/recall.ts';
import { writeStaffList } from '../src/operations/life/remake.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { OTHER_PEOPLE, importRows, issueRows, issueSample, readRows, writeRows } from './issued.ts';
import { openTestFolder, openTestLedger, approveLots } from './ledger.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const cards = await loadProfile('kyokai-kenpo');
const postcards = await loadProfile('mbk');
const noticeProfile = { ...postcards, insurer: { ...postcards.insurer, number: '01010016' } };
const keyed = { ...context, digitsKey: new Uint8Array(32).fill(7) };

/** Files below a folder with their hashes. */
function filesIn(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)));
  return Object.fromEntries(
    names.toSorted().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(dir, name)))
        .digest('hex'),
    ]),
  );
}

/** Does it once for each of the files it writes, that file's disk being full; then once more, whole. How often it was full. */
async function withEachFull(dir: string, names: readonly string[], doIt: () => Promise<unknown>): Promise<number> {
  await doIt();
  const whole = filesIn(dir);
  for (const name of names) {
    expect(whole).toHaveProperty([name]);
    for (const gone of [name, 'manifest.json']) rmSync(path.join(dir, gone), { force: true });
    symlinkSync('/dev/full', path.join(dir, `${name}.part`));
    const error: unknown = await doIt().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isDiskFull(error) || (error as { code?: string } | null)?.code === 'disk-full', name).toBe(true);
    // Neither this file nor what would tell that all is there.
    expect(existsSync(path.join(dir, name)), name).toBe(false);
    expect(existsSync(path.join(dir, 'manifest.json')), name).toBe(false);
    expect(readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('.part'))).toEqual(
      [],
    );
  }
  await doIt();
  expect(filesIn(dir)).toEqual(whole);
  return names.length;
}

const cardsOut = path.join(folder, 'cards');
let run: Issuance;
beforeAll(async () => {
  ({ issuance: run } = await issueSample(
    context,
    cards,
    folder,
    { members: 200, seed: 4 },
    { prints: true, outDir: cardsOut },
  ));
  await approveLots(context, run);
});

test('an issuance: tables, lists, artwork, print files, manifest', async () => {
  const output = (): ReturnType<typeof writeOutput> =>
    writeOutput(context, run, cards, { outDir: cardsOut, encoding: 'utf-8', prints: true });
  const names = readdirSync(cardsOut, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
  expect(names.length).toBeGreaterThan(12);
  await withEachFull(cardsOut, names, output);
});

test('a job says it in the same words, and is done when it is asked again', async () => {
  const files = path.join(folder, 'files');
  const { signal } = new AbortController();
  const jobContext = { database: context.database, profileOf: async () => cards, files, signal };
  const print = async (): Promise<{ state: string; message: string }> => {
    const { id } = await requestJob(
      context,
      run.insurerNumber,
      { kind: 'print', issuanceId: run.id },
      async () => undefined,
    );
    await runJob(jobContext, id);
    return getJob(context, run.insurerNumber, id);
  };
  const outDir = outputFolder(files, run);
  mkdirSync(outDir, { recursive: true });
  symlinkSync('/dev/full', path.join(outDir, 'mailpieces.csv.part'));
  expect(await print()).toMatchObject({ state: 'failed', message: DISK_FULL });
  expect(existsSync(path.join(outDir, 'mailpieces.csv'))).toBe(false);
  expect(await print()).toMatchObject({ state: 'done' });
  expect(existsSync(path.join(outDir, 'mailpieces.csv'))).toBe(true);
});

test('a piece set whole by Typst', async () => {
  const dir = path.join(folder, 'reference');
  const number = readRows(path.join(cardsOut, 'mailpieces.csv')).find((row) => row['ページ'] !== '')!['郵便物番号']!;
  const names = ['letter', 'fronts', 'backs'].map((paper) => `reference/${number}-${paper}.pdf`);
  expect(await withEachFull(dir, names, () => printReference(context, run, cards, number, dir))).toBe(3);
});

test('a package is whole or not there, nor is its hand-over recorded', async () => {
  const packageDir = path.join(folder, 'package');
  const handed = (): Promise<{ count: number }[]> =>
    context.database.transaction((tx) =>
      tx.query("select count(*)::int as count from job_file where kind like 'package%'"),
    );
  const request = { outDir: cardsOut, packageDir, recipient: null, cardImages: 'qr' } as const;
  const drawn = path.join(cardsOut, 'card-images');
  for (const image of ['seal.png', '00001.zip']) {
    mkdirSync(drawn, { recursive: true });
    symlinkSync('/dev/full', path.join(drawn, `${image}.part`));
    const error: unknown = await makePackage(context, run, cards, request).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isDiskFull(error) || (error as { code?: string } | null)?.code === 'disk-full', image).toBe(true);
    expect(readdirSync(drawn).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(existsSync(packageDir) || existsSync(`${packageDir}.part`)).toBe(false);
  }
  expect(await handed()).toEqual([{ count: 0 }]);
  // A fault in the midst of it: a print file that cannot be linked or copied.
  const letters = path.join(cardsOut, 'print', '00001-letters.pdf');
  const bytes = readFileSync(letters);
  rmSync(letters);
  await expect(makePackage(context, run, cards, request)).rejects.toMatchObject({ code: 'print-file-differs' });
  expect(existsSync(packageDir) || existsSync(`${packageDir}.part`)).toBe(false);
  expect(await handed()).toEqual([{ count: 0 }]);
  writeFileSync(letters, bytes);
  await makePackage(context, run, cards, request);
  expect((await handed())[0]!.count).toBeGreaterThan(0);
});

test('the contents of a parcel, a recall, the list for staff', async () => {
  const outDir = path.join(folder, 'postcards');
  const numbers = ['1', '2', '3'];
  const members = numbers.map((number) => person(number, 0));
  const enrolled = (card: '0' | '1'): ReturnType<typeof status>[] => numbers.map((number) => status(number, 0, card));
  const workplaces = [{ 記号: '100', 事業所名称: '株式会社あさひ', 郵便番号: '1000013', 所在地: '東京都千代田区' }];
  const given = { members, workplaces, enrolment: enrolled('0') };
  const issued = await issueRows(context, postcards, folder, given, { prints: true, outDir });
  await approveLots(context, issued.issuance);
  const pieces = readRows(path.join(outDir, 'mailpieces.csv')).map((row) => row['郵便物番号']!);
  const record = (event: 'enclose' | 'post'): ReturnType<typeof recordPieceEvents> =>
    recordPieceEvents(
      context,
      issued.issuance,
      pieces.map((mailpieceNumber) => ({
        mailpieceNumber,
        event,
        reason: '',
        source: '',
        key: event + mailpieceNumber,
      })),
    );
  await record('enclose');
  await openParcels(context, issued.issuance, postcards, '100');
  for (const number of pieces) await scanIntoParcel(context, issued.issuance, '100', null, number);
  const dir = path.join(folder, 'parcel');
  const close = (): ReturnType<typeof closeParcel> =>
    closeParcel(context, issued.issuance, postcards, '100', null, dir);
  await withEachFull(dir, (await close()).files, close);
  await record('post');
  const later = '2026-01-31' as LocalDate;
  await importRows(context, postcards, folder, { members, enrolment: enrolled('1') }, later);
  const recall = path.join(folder, 'recall');
  const asked = (): Promise<{ count: number }[]> =>
    context.database.transaction((tx) => tx.query("select count(*)::int as count from event where event = 'recall'"));
  const before = await asked();
  for (const name of ['recall-list.csv', 'recall-slips.csv', 'recall/0001.pdf']) {
    const full = path.join(recall, `${name}.part`);
    mkdirSync(path.dirname(full), { recursive: true });
    symlinkSync('/dev/full', full);
    await expect(makeRecallList(context, postcards, later, recall), name).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(readdirSync(recall, { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('.part'))).toEqual(
      [],
    );
    expect(await asked(), name).toEqual(before);
  }
  expect((await makeRecallList(context, postcards, later, recall)).files).toContain('recall/0001.pdf');
  const staff = path.join(folder, 'staff');
  const remade = { left: [], waived: [], lost: [] } as unknown as Parameters<typeof writeStaffList>[1];
  await withEachFull(staff, ['staff-list.csv'], () => writeStaffList(staff, remade));
});

test('an issuance of notices: its tables, and the papers of parcels', async () => {
  const outDir = path.join(folder, 'notices');
  const issued = await issueSample(
    keyed,
    noticeProfile,
    path.join(folder, 'in'),
    { members: 150, seed: 3, withDigits: true },
    { issuance: 'notice-2024-1', issuedOn: null, prints: true, outDir },
  );
  const names = ['notices.csv', 'notice-exits.csv', 'parcels.csv', 'parcel-contents.csv', 'artwork/flyer-1.pdf'];
  const papers = ['notice-parcel-label', 'notice-parcel-contents', 'recorded-delivery'].map(
    (p) => `parcels/${p}/0001.pdf`,
  );
  const output = (): ReturnType<typeof writeOutput> =>
    writeOutput(keyed, issued.issuance, noticeProfile, { outDir, encoding: 'utf-8', prints: true });
  expect(await withEachFull(outDir, [...names, ...papers], output)).toBe(8);
});

test('a file is not taken in where the list of its rows at fault cannot be written', async () => {
  const file = writeRows(folder, '加入者-誤り.csv', MEMBER_COLUMNS, [
    person('801', 0),
    person('802', 0, { 生年月日: 'きのう' }),
  ]);
  const take = (): ReturnType<typeof importFile> =>
    importFile(context, cards, {
      kind: 'members',
      path: file,
      asOf: null,
      encoding: null,
      skipInvalid: true,
      override: OTHER_PEOPLE,
    });
  const stored = (): Promise<{ datasets: number; journal: number }[]> =>
    context.database.transaction((tx) =>
      tx.query(`select (select count(*)::int from dataset where file_name = '加入者-誤り.csv') as datasets,
                       (select count(*)::int from journal where operation = 'import-members') as journal`),
    );
  const [before] = await stored();
  symlinkSync('/dev/full', `${file}.errors.csv.part`);
  await expect(take()).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(existsSync(`${file}.errors.csv`) || readdirSync(folder).some((name) => name.endsWith('.part'))).toBe(false);
  expect(await stored()).toEqual([before]);
  expect((await take()).errorsPath).toBe(`${file}.errors.csv`);
  expect(readFileSync(`${file}.errors.csv`, 'utf8')).toContain('生年月日');
  expect(await stored()).toEqual([{ datasets: 1, journal: before!.journal + 1 }]);
});
