// Printing through the ledger: files against the database, printing again, printing with a full disk, balances of the
// print side broken on purpose.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { planPieces } from '../src/operations/posting/plan-pieces.ts';
import { decideAll } from '../src/operations/issuing/decide.ts';
import { importFile } from '../src/operations/intake/import.ts';
import { openIssuance } from '../src/operations/issuing/month.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { writeOutput } from '../src/operations/issue.ts';
import { printAll } from '../src/operations/printing/print.ts';
import { variedBreakdown, writeSample } from '../src/operations/sample.ts';
import { FontStack } from '../src/print/fonts.ts';
import { PrintFile } from '../src/print/pdf.ts';
import { PageTexts, verifyPrintFile } from '../src/print/read-back.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';
import { readTexts } from './pages.ts';
import { story } from './story.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
// Short files, so that a small sample makes many.
const profile = { ...kyokai, print: { ...kyokai.print, pagesPerFile: 200 } };
const out = path.join(folder, 'out');
let run: Issuance;

beforeAll(async () => {
  const issuance = profile.issuances[0]!;
  const files = await writeSample({
    members: 4000,
    seed: 8,
    outDir: folder,
    profile,
    issuance,
    breakdown: variedBreakdown(4000),
  });
  const shared = { encoding: null, skipInvalid: false };
  const take = (kind: 'members' | 'workplaces' | 'enrolment', asOf: LocalDate | null) =>
    importFile(context, profile, { kind, path: files[kind], asOf, ...shared });
  run = await openIssuance(context, profile, {
    issuance: issuance.id,
    issuedOn: '2025-07-22' as LocalDate,
    members: (await take('members', null)).dataset.id,
    workplaces: (await take('workplaces', null)).dataset.id,
    enrolment: (await take('enrolment', issuance.referenceOn)).dataset.id,
  });
});

interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly pages?: number;
  readonly pieces?: number;
  readonly certificates?: number;
  readonly enclosures?: readonly { readonly id: string; readonly count: number }[];
  readonly pageRanges?: readonly (readonly [piece: string, from: number, through: number])[];
}

function manifest(): { files: ManifestFile[]; totals: Record<string, number> } {
  return JSON.parse(readFileSync(path.join(out, 'manifest.json'), 'utf8')) as ReturnType<typeof manifest>;
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

const step = story();

step('nothing is printed before everything is enclosed', async () => {
  await decideAll(context, run);
  await expect(printAll(context, run, profile, out)).rejects.toMatchObject({ code: 'not-enclosed' });
  await planPieces(context, run);
});

step('a disk that is full stops the run; everything before it is valid, and doing it again goes on', async () => {
  const blocked = path.join(out, 'print', '00003-letters.pdf.part');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(path.dirname(blocked), { recursive: true });
  symlinkSync('/dev/full', blocked);
  await expect(printAll(context, run, profile, out)).rejects.toMatchObject({ code: 'disk-full' });
  expect(existsSync(blocked)).toBe(false);
  const done = await context.database.transaction((tx) =>
    tx.query<{ path: string; sha256: string }>('select path, sha256 from print_file order by path'),
  );
  expect(done.length).toBeGreaterThan(0);
  for (const file of done) expect(sha256(path.join(out, file.path)), file.path).toBe(file.sha256);
  const { reconciliation } = await writeOutput(context, run, profile, { outDir: out, encoding: 'utf-8', prints: true });
  expect(reconciliation.balanced).toBe(true);
});

step('the manifest names every file, every page and every piece, and its totals are those of the ledger', async () => {
  const { files, totals } = manifest();
  for (const file of files) expect(sha256(path.join(out, file.path)), file.path).toBe(file.sha256);
  const letters = files.filter((file) => file.path.endsWith('-letters.pdf'));
  const certificates = files.filter((file) => file.path.endsWith('-certificates.pdf'));
  const sum = (list: readonly ManifestFile[], key: 'pieces' | 'certificates' | 'pages'): number =>
    list.reduce((total, file) => total + (file[key] ?? 0), 0);
  expect(letters.length).toBeGreaterThan(3);
  expect(sum(letters, 'pieces')).toBe(totals['printed']);
  expect(totals['printed']! + totals['held']!).toBe(totals['mailpieces']);
  expect(sum(letters, 'pages')).toBe(totals['printed']);
  expect(sum(certificates, 'pages')).toBe(sum(certificates, 'certificates') * 2);
  for (const { id, per } of profile.enclosing.enclosures) {
    const counted = letters.flatMap((file) => file.enclosures ?? []).filter((e) => e.id === id);
    expect(counted.reduce((total, e) => total + e.count, 0)).toBe(
      sum(letters, per === 'mailpiece' ? 'pieces' : 'certificates'),
    );
  }
  for (const file of [...letters, ...certificates]) {
    expect(file.pages).toBeLessThanOrEqual(200);
    let next = 1;
    for (const [, from, through] of file.pageRanges ?? []) {
      expect(from).toBe(next);
      next = through + 1;
    }
    expect(next - 1).toBe(file.pages);
  }
});

step('each row of mailpieces.csv names the page that carries its number', async () => {
  const rows = readFileSync(path.join(out, 'mailpieces.csv'), 'utf8').trimEnd().split('\r\n').slice(1);
  const printed = rows.map((row) => row.split(',')).filter((cells) => cells[9] !== '');
  const file = printed[0]![9]!;
  const inFile = printed.filter((cells) => cells[9] === file);
  const texts = await readTexts(
    readFileSync(path.join(out, file)),
    inFile.map((cells) => Number(cells[10]) - 1),
  );
  for (const [i, cells] of inFile.entries()) {
    const [, kind, issuance, serial, check] = /^(\d)(\d{4})(\d{8})(\d)$/.exec(cells[0]!)!;
    expect(texts[i]).toContain(`${kind}-${issuance}-${serial}-${check}`);
    expect(texts[i]).toContain(`${cells[7]!.slice(0, 3)}-${cells[7]!.slice(3)}`);
    expect(cells[8]).toMatch(/^(\d{7}[0-9A-Z-]*)?$/);
  }
});

step('printing again changes nothing; a file that is gone is made again, the same to the byte', async () => {
  const before = manifest().files.filter((file) => file.path.startsWith('print/'));
  const gone = path.join(out, before[2]!.path);
  rmSync(gone);
  await printAll(context, run, profile, out);
  for (const file of before) expect(sha256(path.join(out, file.path)), file.path).toBe(file.sha256);
});

step('other words in the profile do not slip into papers that are recorded as printed', async () => {
  const gone = path.join(out, 'print', '00001-letters.pdf');
  rmSync(gone);
  const texts = profile.texts.map((entry) =>
    entry.place === 'letter-home' ? { ...entry, text: ['別の文です。'] } : entry,
  );
  const other = { ...profile, texts };
  await expect(printAll(context, run, other, out)).rejects.toMatchObject({ code: 'print-differs' });
  expect(existsSync(gone)).toBe(false);
  await printAll(context, run, profile, out);
});

for (const [sql, message] of [
  ['update print_batch set printed_at = now()', /closed_batch/],
  ['delete from print_batch', /never changed/],
  ['update printed_piece set letter_page = letter_page + 1', /never changed/],
  ['delete from print_file', /never changed/],
] as const)
  step(`${sql} is refused by the database`, async () => {
    await expect(context.database.transaction((tx) => tx.execute(sql))).rejects.toMatchObject({
      code: '23514',
      message: expect.stringMatching(message),
    });
  });

step('a batch closes only when each of its pieces is printed or held, once', async () => {
  const attempts = [
    // A piece left out.
    `insert into print_batch (issuance_id, no, route, first_mailpiece, last_mailpiece, mailpiece_count, certificate_count)
       select issuance_id, 9999, route, first_mailpiece, last_mailpiece, mailpiece_count, certificate_count
         from print_batch where issuance_id = ${run.id} and no = 1;
     update print_batch set printed_at = now() where no = 9999`,
    // Held and printed at once.
    `insert into print_batch (issuance_id, no, route, first_mailpiece, last_mailpiece, mailpiece_count, certificate_count)
       select issuance_id, 9999, route, first_mailpiece, last_mailpiece, mailpiece_count, certificate_count
         from print_batch where issuance_id = ${run.id} and no = 1;
     insert into held_piece
       select issuance_id, 9999, mailpiece_number, 'does-not-fit', '', 'name', '' from printed_piece
        where issuance_id = ${run.id} and batch_no = 1;
     update print_batch set printed_at = now() where no = 9999`,
  ];
  for (const sql of attempts)
    await expect(context.database.transaction((tx) => tx.execute(sql))).rejects.toMatchObject({
      code: '23514',
      message: expect.stringMatching(/balance_/),
    });
});

test('a digit lost on the way to the file is found when the file is read back', () => {
  const stack = new FontStack();
  const write = (change: (content: string) => string, glyphs = '12345'): [string, PrintFile] => {
    const file = path.join(folder, 'read-back.pdf');
    const print = new PrintFile({ path: file, title: '', width: 200, height: 100, bleed: 0, artworks: [] }, stack);
    const codes = [...glyphs].map((digit) => print.fonts.code(stack.glyph(digit, 400)!)).join('');
    print.addPage(change(`BT /F0 9 Tf 1 0 0 1 10 10 Tm(${codes})Tj ET\n`));
    print.finish();
    return [print.part, print];
  };
  const [good] = write((content) => content);
  expect(() => verifyPrintFile(good, new PageTexts(['12345']), stack)).not.toThrow();
  const [shorter] = write((content) => content.replace('\u0000\u0005)', ')'));
  expect(() => verifyPrintFile(shorter, new PageTexts(['12345']), stack)).toThrow('1ページ');
  const [swapped] = write((content) => content, '12354');
  expect(() => verifyPrintFile(swapped, new PageTexts(['12345']), stack)).toThrow('1ページ');
  expect(() => verifyPrintFile(good, new PageTexts(['12345', '']), stack)).toThrow('ページ');
});

test('an outline that is not the font’s own is found, though the text reads well', () => {
  const stack = new FontStack();
  const print = new PrintFile(
    { path: path.join(folder, 'outline.pdf'), title: '', width: 200, height: 100, bleed: 0, artworks: [] },
    stack,
  );
  const eight = stack.glyph('8', 400)!;
  const code = print.fonts.code({ ...eight, text: '3' });
  print.addPage(`BT /F0 9 Tf 1 0 0 1 10 10 Tm(${code})Tj ET\n`);
  print.finish();
  expect(() => verifyPrintFile(print.part, new PageTexts(['3']), stack)).toThrow('U+33');
});
