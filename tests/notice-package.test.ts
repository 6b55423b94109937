// Notices handed over to the contractor: the same package as of certificates, with parcels; the last four digits on printed
// pages alone; nobody outside in any file.
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { beforeAll, expect, test } from 'vitest';
import { packageColumns } from '../src/formats/package.ts';
import type { PackageManifest } from '../src/formats/package.ts';
import { loadProfile } from '../src/formats/profile.ts';
import type { Context } from '../src/operations/context.ts';
import { issue } from '../src/operations/issue.ts';
import type { NoticeIssuance } from '../src/operations/issuance.ts';
import { withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import { writeParcelPapers } from '../src/operations/posting/notice-parcel-papers.ts';
import { makePackage } from '../src/operations/posting/package.ts';
import { listPagesOf } from '../src/ledger/desk/papers.ts';
import { listOpenPulls } from '../src/operations/desk/papers.ts';
import { checkRecipients } from '../src/operations/posting/recipients.ts';
import { variedBreakdown, writeSample } from '../src/operations/sample.ts';
import { verifyPackage } from '../src/operations/posting/verify-package.ts';
import type { PersonKey } from '../src/rules/words/person-key.ts';
import { person, status } from './cast.ts';
import { issueRows, readRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { openTestFolder, openTestLedger, approveLots } from './ledger.ts';
import { readTexts } from './pages.ts';

/** Without the key of the digits: a package is made without one. */
const context = await openTestLedger();
const keyed: Context = { ...context, digitsKey: new Uint8Array(32).fill(7) };
const folder = openTestFolder();
const mbk = await loadProfile('mbk');
const profile = { ...mbk, print: { ...mbk.print, pagesPerFile: 200 } };
const outDir = path.join(folder, 'out');
const good = path.join(folder, 'package');
/** Everybody's last four digits, and no other number's. */
const DIGITS = '8472';
/** A lot goes to the contractor once; here it goes often. */
const AGAIN = { person: '検査 太郎', reason: 'もう一度確かめる' };
let run: NoticeIssuance;
let withdrawn: Cells;

beforeAll(async () => {
  const files = await writeSample({
    members: 900,
    seed: 3,
    outDir: path.join(folder, 'in'),
    profile,
    issuance: profile.issuances[0]!,
    breakdown: variedBreakdown(900),
    withDigits: true,
  });
  const [header, ...lines] = readFileSync(files.members, 'utf8').split('\r\n');
  const place = header!.split(',').indexOf('個人番号下4桁');
  const same = lines.map((line) => line.split(',').map((cell, i) => (i === place && cell !== '' ? DIGITS : cell)));
  writeFileSync(files.members, [header, ...same.map((cells) => cells.join(','))].join('\r\n'));
  const issued = await issue(keyed, profile, {
    ...files,
    issuance: 'notice-2024-1',
    issuedOn: null,
    outDir,
    prints: true,
    skipInvalid: false,
    inputEncoding: null,
    outputEncoding: 'utf-8',
  });
  run = issued.issuance as NoticeIssuance;
  await approveLots(context, run);
  withdrawn = readRows(path.join(outDir, 'notices.csv')).find(
    (row) => row['経路'] === 'workplace' && row['申出書ページ'] !== '',
  )!;
  const key = { symbol: withdrawn['記号']!, number: withdrawn['番号']!, subNumber: withdrawn['枝番']! };
  await withdrawPerson(context, run, key, '資格喪失');
  await makePackage(context, run, profile, { outDir, packageDir: good, recipient: null, cardImages: null });
}, 60_000);

const manifestOf = (dir: string): PackageManifest =>
  JSON.parse(readFileSync(path.join(dir, 'manifest.json'), 'utf8')) as PackageManifest;
const table = (name: string): Cells[] => readRows(path.join(good, name));

test('the package has no fault and holds all the contractor needs, and no decision, match or exit', async () => {
  const { manifest, opened } = await verifyPackage(good, null);
  expect(opened).toBe(true);
  const names = manifest.files.map((file) => file.path);
  for (const name of [
    'print/00002-notices.pdf',
    'print/00002-request-forms.pdf',
    'artwork/flyer-1.pdf',
    'record-layout.md',
    'mailpieces.csv',
    'parcels.csv',
    'pull-list.csv',
    'enclosures.csv',
    ...['notice-parcel-label', 'notice-parcel-contents', 'recorded-delivery'].map((p) => `parcels/${p}/0001.pdf`),
    ...['first', 'last', 'longest', 'with-form'].map((kind) => `proofs/${kind}-notice.pdf`),
    'proofs/with-form-request-form.pdf',
  ])
    expect(names).toContain(name);
  expect(names.filter((name) => /decision|reason|warning|held|exit|personalisation|images/.test(name))).toEqual([]);
  const layout = readFileSync(path.join(good, 'record-layout.md'), 'utf8');
  for (const name of ['mailpieces.csv', 'parcels.csv', 'pull-list.csv', 'enclosures.csv'] as const)
    for (const column of packageColumns('notice', name)) expect(layout).toContain(`| ${column} |`);
});

test('totals are those of the issuance: notices, request forms, parcels, flyers', () => {
  const { totals, issuance } = manifestOf(good);
  const notices = readRows(path.join(outDir, 'notices.csv'));
  const printed = readRows(path.join(outDir, 'mailpieces.csv')).filter((row) => row['ページ'] !== '');
  expect(issuance.kind).toBe('notice');
  expect(totals).toMatchObject({
    pieces: printed.length,
    notices: printed.length,
    certificates: 0,
    requestForms: notices.filter((row) => row['申出書ページ'] !== '').length,
    parcels: readRows(path.join(outDir, 'parcels.csv')).length,
  });
  expect(totals.requestForms).toBeGreaterThan(10);
  expect(totals.pages).toBe(totals.notices + totals.requestForms);
  expect(totals.enclosures.map((e) => e.count)).toEqual([printed.length, printed.length]);
  const sums = Map.groupBy(table('enclosures.csv'), (row) => row['同封物']!);
  for (const { name, count } of totals.enclosures)
    expect(sums.get(name)!.reduce((sum, row) => sum + Number(row['数']), 0)).toBe(count);
});

test('each piece is told once: its pages, its place in its parcel; parcels count what is really inside', async () => {
  const rows = table('mailpieces.csv');
  expect(new Set(rows.map((row) => row['郵便物番号'])).size).toBe(rows.length);
  const asked = new Map(readRows(path.join(outDir, 'notices.csv')).map((row) => [row['郵便物番号'], row]));
  for (const row of rows) {
    const notice = asked.get(row['郵便物番号'])!;
    expect(row).toMatchObject({ 経路: notice['経路'], 申出書ページ: notice['申出書ページ'] });
    expect([row['梱包'], row['梱包順']]).toEqual([notice['梱包'], notice['封入順']]);
    expect(row['封入機コード']).toMatch(/^\d{22}$/);
  }
  const gone = withdrawn['郵便物番号'];
  const inside = Map.groupBy(
    rows.filter((row) => row['郵便物番号'] !== gone),
    (row) => row['梱包']!,
  );
  const parcels = table('parcels.csv');
  for (const parcel of parcels)
    expect(Number(parcel['通数']), parcel['梱包']).toBe(inside.get(parcel['梱包']!)?.length ?? 0);
  expect(table('pull-list.csv').map((row) => row['郵便物番号'])).toEqual([gone]);
  expect(table('pull-list.csv')[0]!['申出書ページ']).toBe(withdrawn['申出書ページ']);
  const pulls = await listOpenPulls(context, profile.insurer.number);
  expect(pulls.map((pull) => [pull.mailpieceNumber, pull.certificateNumber])).toEqual([[gone, null]]);
  const labels = readFileSync(path.join(good, 'parcels', 'notice-parcel-label', '0001.pdf'));
  const no = parcels.findIndex((parcel) => parcel['梱包'] === withdrawn['梱包']);
  const [label] = await readTexts(labels, [no]);
  expect(label).toContain(`${parcels[no]!['通数']}通`);
});

test('the last four digits are on the printed sheets, and nowhere else in the package', async () => {
  const isFound = (text: string): boolean => new RegExp(`(?<!\\d)${DIGITS}`).test(text);
  const sheets = readFileSync(path.join(good, 'print', '00002-notices.pdf'));
  const pages = manifestOf(good).files.find((file) => file.path === 'print/00002-notices.pdf')!.pages!;
  const texts = await readTexts(
    sheets,
    Array.from({ length: pages }, (_, i) => i),
  );
  expect(texts.filter(isFound).length).toBeGreaterThan(100);
  for (const { path: name } of manifestOf(good).files.filter((file) => /\.(?:csv|md)$/.test(file.path)))
    expect(isFound(readFileSync(path.join(good, name), 'utf8')), name).toBe(false);
  expect(isFound(readFileSync(path.join(good, 'manifest.json'), 'utf8'))).toBe(false);
  for (const name of readdirSync(path.join(good, 'proofs')).filter((file) => file.endsWith('-notice.pdf'))) {
    const [text] = await readTexts(readFileSync(path.join(good, 'proofs', name)), [0]);
    expect(text).toMatch(/＊{12}|下4桁を記載していません/);
    expect(isFound(text!), name).toBe(false);
  }
  const looks = await context.database.transaction((tx) =>
    tx.query<{ purpose: string }>('select distinct purpose from digits_access'),
  );
  expect(looks).toEqual([{ purpose: 'print' }]);
});

/** Changes an entry of the manifest, and makes its bytes and hash those of the file as it is. */
function admit(dir: string, name: string, change: Partial<PackageManifest['files'][number]> = {}): void {
  const manifest = manifestOf(dir);
  const bytes = readFileSync(path.join(dir, name));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = manifest.files.map((file) =>
    file.path === name ? { ...file, bytes: bytes.length, sha256, ...change } : file,
  );
  writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ ...manifest, files }));
}

function dropLine(dir: string, name: string): void {
  const file = path.join(dir, name);
  writeFileSync(file, `${readFileSync(file, 'utf8').split('\r\n').slice(0, -2).join('\r\n')}\r\n`);
  admit(dir, name);
}

const LABELS = 'parcels/notice-parcel-label/0001.pdf';
const DAMAGES: readonly (readonly [name: string, damage: (dir: string) => void, said: string])[] = [
  [
    'a changed byte of a contents list',
    (dir) => {
      const file = path.join(dir, 'parcels', 'notice-parcel-contents', '0001.pdf');
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(file, bytes);
    },
    'parcels/notice-parcel-contents/0001.pdf の内容',
  ],
  [
    'a missing file of request forms',
    (dir) => rmSync(path.join(dir, 'print', '00002-request-forms.pdf')),
    'print/00002-request-forms.pdf がありません',
  ],
  [
    'labels with other pages',
    (dir) => {
      cpSync(path.join(dir, 'parcels', 'recorded-delivery', '0001.pdf'), path.join(dir, LABELS));
      admit(dir, LABELS);
    },
    `${LABELS} のページ数`,
  ],
  ['a row of a parcel too few', (dir) => dropLine(dir, 'parcels.csv'), 'parcels.csv の行数'],
  [
    'a total that is not the sum of request forms',
    (dir) => {
      const manifest = manifestOf(dir);
      const totals = { ...manifest.totals, requestForms: manifest.totals.requestForms + 1 };
      writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ ...manifest, totals }));
    },
    'manifest.json の合計が合いません: 個人番号申出書のページ',
  ],
  [
    'a total of parcels that is not that of their list',
    (dir) => {
      const manifest = manifestOf(dir);
      const totals = { ...manifest.totals, parcels: 1 };
      writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ ...manifest, totals }));
    },
    'manifest.json の合計が合いません: parcels.csv の行',
  ],
];

test.each(DAMAGES)('%s is named', async (name, damage, said) => {
  const dir = path.join(folder, `damaged-${name}`);
  cpSync(good, dir, { recursive: true });
  damage(dir);
  await expect(verifyPackage(dir, null)).rejects.toMatchObject({
    code: 'package-fault',
    message: expect.stringContaining(said),
  });
});

test('encrypted to the contractor: nothing readable beside the manifest, whole to who has the key', async () => {
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const dir = path.join(folder, 'encrypted');
  await makePackage(context, run, profile, { outDir, packageDir: dir, recipient, override: AGAIN, cardImages: null });
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.filter((entry) => !/\.age$|^manifest\.json$/.test(entry.name))).toEqual([]);
  expect((await verifyPackage(dir, null)).opened).toBe(false);
  expect((await verifyPackage(dir, identity)).opened).toBe(true);
}, 30_000);

test('pages to look at: a notice without digits and its own request form; a sheet that says digits is shown to nobody', async () => {
  const pagesOf = (number: string) => context.database.transaction((tx) => listPagesOf(tx, run.id, number));
  const rows = table('mailpieces.csv');
  const digits = rows.find((row) => row['申出書ページ'] === '')!['郵便物番号']!;
  expect(await pagesOf(digits)).toEqual([]);
  const asked = rows.filter((row) => row['申出書ページ'] !== '').at(-1)!;
  const pages = await pagesOf(asked['郵便物番号']!);
  expect(pages.map((page) => page.paper).toSorted()).toEqual(['notices', 'request-forms']);
  for (const { path: name, firstPage } of pages) {
    const [text] = await readTexts(readFileSync(path.join(good, name)), [firstPage - 1]);
    expect(text!.replaceAll('-', '')).toContain(asked['郵便物番号']);
  }
});

test('images are of certificates; a release of two persons is needed', async () => {
  const request = { outDir, packageDir: path.join(folder, 'none'), recipient: null, override: AGAIN };
  await expect(makePackage(context, run, profile, { ...request, cardImages: 'qr' })).rejects.toMatchObject({
    code: 'package-images',
  });
  const given = { members: [person('1', 0)], enrolment: [status('1', 0, '1')] };
  const own = { ...profile, insurer: { ...profile.insurer, number: '01010016' } };
  const issued = await issueRows(keyed, own, folder, given, {
    issuance: 'notice-2024-1',
    issuedOn: null,
    prints: true,
  });
  await expect(
    makePackage(context, issued.issuance, own, { ...request, outDir: issued.out, cardImages: null }),
  ).rejects.toMatchObject({ code: 'lot-unapproved' });
});

/** Does something behind the program's back. */
async function behindItsBack(sql: string): Promise<void> {
  await context.database.transaction(async (tx) => {
    await tx.execute('set local session_replication_role = replica');
    await tx.execute(sql);
  });
}

const query = <Row extends object>(sql: string): Promise<Row[]> =>
  context.database.transaction((tx) => tx.query<Row>(sql));

test('a file that holds the notice of anybody outside its recipient is refused by the ledger, whoever asks', async () => {
  const [one, other] = await query<{ symbol: string }>(
    `select symbol from notice_parcel where issuance_id = ${run.id} group by symbol order by count(*) desc, 1 limit 2`,
  );
  const personsOf = (symbol: string): Promise<PersonKey[]> =>
    query(`select symbol, number, sub_number as "subNumber" from notice
            where issuance_id = ${run.id} and symbol = '${symbol}'`);
  const [mine, theirs] = [await personsOf(one!.symbol), await personsOf(other!.symbol)];
  const [nobody] = await query<PersonKey>(
    `select symbol, number, sub_number as "subNumber" from target_exit where issuance_id = ${run.id} limit 1`,
  );
  const check = (
    kind: 'workplace' | 'branch' | 'contractor',
    recipient: string,
    rows: readonly PersonKey[],
    id: number | null = run.id,
  ): Promise<void> =>
    context.database.transaction((tx) => {
      const listed = rows.map((row) => ({ recipient, ...row }));
      return checkRecipients(tx, { insurerNumber: run.insurerNumber, id }, kind, '一覧', listed);
    });
  const refused = { code: 'outside-recipient' };
  await check('workplace', one!.symbol, mine);
  await check('workplace', one!.symbol, mine, null);
  await check('contractor', '', [...mine, ...theirs]);
  await expect(check('workplace', one!.symbol, [...mine, theirs[0]!])).rejects.toMatchObject(refused);
  await expect(check('workplace', nobody!.symbol, [nobody!])).rejects.toMatchObject(refused);
  await expect(check('contractor', '', [...mine, nobody!])).rejects.toMatchObject(refused);
  await expect(check('branch', '99', mine)).rejects.toMatchObject(refused);
  // Of this issuance, not of any other of the insurer's; and of no other insurer.
  await expect(check('workplace', one!.symbol, mine, run.id + 1)).rejects.toMatchObject(refused);
  const foreign = { insurerNumber: '01010016', id: null };
  await expect(
    context.database.transaction((tx) =>
      checkRecipients(tx, foreign, 'workplace', '一覧', [{ recipient: one!.symbol, ...mine[0]! }]),
    ),
  ).rejects.toMatchObject(refused);
});

// What follows damages the ledger for good.

test('a parcel that another workplace’s notice was put into has no contents list, and there is no package', async () => {
  await behindItsBack(
    `update parcelled_notice i set position = 999, parcel_no = (
        select p.no from notice_parcel p where p.issuance_id = i.issuance_id
           and p.symbol <> (select m.symbol from mailpiece m where m.issuance_id = i.issuance_id
                               and m.mailpiece_number = i.mailpiece_number) limit 1)
      where issuance_id = ${run.id} and mailpiece_number = (
        select max(mailpiece_number) from parcelled_notice where issuance_id = ${run.id})`,
  );
  const refused = { code: 'outside-recipient', message: expect.stringContaining('内容一覧') };
  const lists = path.join(folder, 'strays');
  await expect(writeParcelPapers(context, run, profile, lists)).rejects.toMatchObject(refused);
  const packageDir = path.join(folder, 'stray-package');
  await expect(
    makePackage(context, run, profile, { outDir, packageDir, recipient: null, override: AGAIN, cardImages: null }),
  ).rejects.toMatchObject(refused);
  const written = readdirSync(lists, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(written).toEqual([]);
  expect(readdirSync(folder)).not.toContain('stray-package');
});

test('a person whose notice was not printed is nobody of the contractor’s', async () => {
  const number = table('mailpieces.csv').at(-1)!['郵便物番号']!;
  await behindItsBack(`delete from printed_piece where mailpiece_number = ${number}`);
  const rows = await query<PersonKey>(
    `select symbol, number, sub_number as "subNumber" from notice where mailpiece_number = ${number}`,
  );
  await expect(
    context.database.transaction((tx) =>
      checkRecipients(tx, run, 'contractor', 'mailpieces.csv', [{ recipient: '', ...rows[0]! }]),
    ),
  ).rejects.toMatchObject({ code: 'outside-recipient' });
});
