// Every kind of PDF that leaves the house, made by the operations that make it: an issuance of cards, one of postcards with
// parcels and a recall, one of notices; their packages with proof sheets; figures; a piece set whole by Typst.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadProfile } from '../src/formats/profile.ts';
import type { Context } from '../src/operations/context.ts';
import { prepareFigures } from '../src/operations/desk/figures.ts';
import { figuresPdf } from '../src/operations/desk/figures-report.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { makePackage } from '../src/operations/posting/package.ts';
import { closeParcel, openParcels, scanIntoParcel } from '../src/operations/posting/parcels.ts';
import { printReference } from '../src/operations/printing/print.ts';
import { makeRecallList } from '../src/operations/life/recall.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { person, status } from './cast.ts';
import { importRows, issueRows, issueSample, readRows } from './issued.ts';
import { approveLots } from './ledger.ts';
import { templatesOf } from './papers.ts';

/** Each kind of file, and where its files lie below the folder. */
export const PAPER_FILES = {
  'letters with cards': /^cards\/print\/\d+-letters\.pdf$/,
  'cards, front and back': /^cards\/print\/\d+-certificates\.pdf$/,
  'a name in the insurer’s own OpenType font': /^own-font\/print\/\d+-(?:letters|certificates)\.pdf$/,
  'flyer and privacy seal': /^(?:cards|own-font|postcards)\/artwork\/(?:flyer|privacy-seal)\.pdf$/,
  'pre-notices and lists of workplaces': /^(?:cards|own-font|postcards)\/workplace-lists\/\d+\.pdf$/,
  'proof sheets of cards': /^cards-package\/proofs\/[\w-]+\.pdf$/,
  'letters and cards set whole by Typst': /^cards\/reference\/\d+-(?:letter|fronts|backs(?:-direct)?)\.pdf$/,
  'letters to the workplace': /^postcards\/print\/\d+-letters\.pdf$/,
  postcards: /^postcards\/print\/\d+-certificates\.pdf$/,
  'lists of contents of a parcel of postcards': /^postcards\/parcels\/[\w-]+\.pdf$/,
  'recall slips and lists': /^recall\/recall\/\d+\.pdf$/,
  notices: /^notices\/print\/\d+-notices\.pdf$/,
  'request forms': /^notices\/print\/\d+-request-forms\.pdf$/,
  'flyers of notices': /^notices\/artwork\/flyer-\d+\.pdf$/,
  'labels of parcels': /^notices\/parcels\/notice-parcel-label\/\d+\.pdf$/,
  'lists of contents of parcels': /^notices\/parcels\/notice-parcel-contents\/\d+\.pdf$/,
  '特定記録 lists': /^notices\/parcels\/recorded-delivery\/\d+\.pdf$/,
  'proof sheets of notices': /^notices-package\/proofs\/[\w-]+\.pdf$/,
  'notices set whole by Typst': /^notices\/reference\/\d+-[\w-]+\.pdf$/,
  'figures by whole, branch and workplace': /^figures\/\w+\.pdf$/,
  'the seal': /^seal\.pdf$/,
} as const satisfies Readonly<Record<string, RegExp>>;

/** Makes them in `folder`; answers every PDF below it, relative to it. */
export async function makePaperFiles(context: Context, folder: string): Promise<string[]> {
  await makeCards(context, folder);
  await makeOwnFont(context, folder);
  await makePostcards(context, folder);
  await makeNotices(context, folder);
  // A package holds the files of its issuance once more, by link.
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter((name) => name.endsWith('.pdf') && !/-package\/(?!proofs\/)/.test(name))
    .toSorted();
}

async function makeCards(context: Context, folder: string): Promise<void> {
  const profile = await loadProfile('kyokai-kenpo');
  const outDir = path.join(folder, 'cards');
  const { issuance: run } = await issueSample(
    context,
    profile,
    folder,
    { members: 300, seed: 4 },
    { prints: true, outDir },
  );
  await approveLots(context, run);
  const packageDir = path.join(folder, 'cards-package');
  await makePackage(context, run, profile, { outDir, packageDir, recipient: null, cardImages: null });
  const [piece] = readRows(path.join(outDir, 'mailpieces.csv')).filter((row) => row['ページ'] !== '');
  await printReference(context, run, profile, piece!['郵便物番号']!, outDir);
  await prepareFigures(context.database, profile.insurer.number);
  mkdirSync(path.join(folder, 'figures'));
  for (const by of ['whole', 'branch', 'workplace'] as const)
    writeFileSync(path.join(folder, 'figures', `${by}.pdf`), await figuresPdf(context, profile, by, ''));
  writeFileSync(path.join(folder, 'seal.pdf'), templatesOf(profile).compile('seal', 'home').artwork);
}

async function makeOwnFont(context: Context, folder: string): Promise<void> {
  const seamen = await loadProfile('seamen');
  const fonts = [path.join(import.meta.dirname, 'fonts', 'gaiji.otf')];
  const profile = { ...seamen, print: { ...seamen.print, fonts } };
  const members = [person('1', 0, { 氏名: '渡\uE003　\uE006之\uE008' })];
  const given = { members, enrolment: [status('1', 0, '0')] };
  await issueRows(context, profile, folder, given, { prints: true, outDir: path.join(folder, 'own-font') });
}

const HOUSEHOLDS = ['1', '2', '3', '4', '5', '6'];

async function makePostcards(context: Context, folder: string): Promise<void> {
  const profile = await loadProfile('mbk');
  const outDir = path.join(folder, 'postcards');
  const members = HOUSEHOLDS.flatMap((number) => [person(number, 0), person(number, 1)]);
  const cards = (enrolled: string): ReturnType<typeof status>[] =>
    HOUSEHOLDS.flatMap((number) => [0, 1].map((place) => status(number, place, number === enrolled ? '1' : '0')));
  const workplace = { 事業所名称: '株式会社あさひ', 郵便番号: '1000013', 所在地: '東京都千代田区霞が関1-2' };
  const workplaces = [{ 記号: '100', ...workplace }];
  const given = { members, workplaces, enrolment: cards('') };
  const { issuance: run } = await issueRows(context, profile, folder, given, { prints: true, outDir });
  await approveLots(context, run);
  const pieces = readRows(path.join(outDir, 'mailpieces.csv')).map((row) => row['郵便物番号']!);
  const record = (event: 'enclose' | 'post'): ReturnType<typeof recordPieceEvents> =>
    recordPieceEvents(
      context,
      run,
      pieces.map((mailpieceNumber) => ({
        mailpieceNumber,
        event,
        reason: '',
        source: '',
        key: event + mailpieceNumber,
      })),
    );
  await record('enclose');
  await openParcels(context, run, profile, '100');
  for (const number of pieces) await scanIntoParcel(context, run, '100', null, number);
  await closeParcel(context, run, profile, '100', null, outDir);
  await record('post');
  const later = '2026-01-31' as LocalDate;
  await importRows(context, profile, folder, { members, enrolment: cards('3') }, later);
  await makeRecallList(context, profile, later, path.join(folder, 'recall'));
}

async function makeNotices(plain: Context, folder: string): Promise<void> {
  const context = { ...plain, digitsKey: new Uint8Array(32).fill(7) };
  const mbk = await loadProfile('mbk');
  // Another insurer than the one of the postcards, so that the two do not meet in the ledger.
  const profile = { ...mbk, insurer: { ...mbk.insurer, number: '01010016' } };
  const outDir = path.join(folder, 'notices');
  const issued = { issuance: 'notice-2024-1', issuedOn: null, outDir, prints: true };
  const sample = { members: 250, seed: 3, withDigits: true };
  const { issuance: run } = await issueSample(context, profile, path.join(folder, 'in'), sample, issued);
  await approveLots(context, run);
  const packageDir = path.join(folder, 'notices-package');
  await makePackage(context, run, profile, { outDir, packageDir, recipient: null, cardImages: null });
  const asked = readRows(path.join(outDir, 'notices.csv')).find((row) => row['申出書ページ'] !== '');
  await printReference(context, run, profile, asked!['郵便物番号']!, outDir);
}
