// `npm run pictures`: the pictures of the papers in this folder, from the templates and the cast of the tests, and the
// picture of a paper's life (../lifecycle.md) from its table.
import { mkdtempSync, readFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { PNG } from 'pngjs';
import { PACKAGED_FONTS } from '../../src/print/fonts.ts';
import { specimensOf } from '../../src/print/specimens.ts';
import { loadProfile } from '../../src/formats/profile.ts';
import { compileNoticePapers } from '../../src/operations/printing/print-notices.ts';
import { compilePapers } from '../../src/operations/printing/print-certificates.ts';
import { printBatch } from '../../src/print/batch.ts';
import { FontStack } from '../../src/print/fonts.ts';
import { printNotices } from '../../src/print/notice-batch.ts';
import { parcelContentsValues, parcelLabelValues, recordedDeliveryValues } from '../../src/print/notice-papers.ts';
import { parcelContentsValues as certificateParcelValues, preNoticeValues, workplaceListValues } from '../../src/print/papers.ts';
import type { PrintableWorkplace } from '../../src/print/papers.ts';
import type { PageValues } from '../../src/print/page-values.ts';
import { recallListValues, recallSlipValues } from '../../src/print/recall-papers.ts';
import type { PrintableRecall } from '../../src/print/recall-papers.ts';
import { referencePiece } from '../../src/print/reference.ts';
import { setReport } from '../../src/print/report.ts';
import type { Report } from '../../src/print/report.ts';
import { SCHEMES } from '../../src/rules/papers/scheme.ts';
import { Templates } from '../../src/print/template.ts';
import { paperNumber } from '../../src/rules/words/check-digits.ts';
import { drawLifecycle } from './lifecycle-picture.ts';
import type { Route } from '../../src/rules/issuing/enveloping.ts';
import type { LocalDate } from '../../src/rules/words/local-date.ts';
import { drawPages } from '../../tests/pages.ts';
import type { Picture } from '../../src/print/images.ts';
import { noticeCast, parcel, pieceCast, certificate, piece } from '../../tests/cast.ts';
import { templatesOf, textsOf } from '../../tests/papers.ts';

const DPI = 110;

function save(name: string, { width, height, data }: Picture): void {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  writeFileSync(path.join(import.meta.dirname, `${name}.png`), PNG.sync.write(png));
}

async function draw(name: string, pdf: Uint8Array, page = 0, dpi = DPI): Promise<void> {
  const [picture] = await drawPages(pdf, [page], dpi / 72);
  save(name, picture!);
}

async function drawPieces(id: string, route: Route, letter: string, faces: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'todoke-pictures-'));
  mkdirSync(path.join(folder, 'print'));
  const profile = await loadProfile(id);
  const papers = (await compilePapers(profile, textsOf(profile), [route]))[route]!;
  const pieces = pieceCast(profile, route);
  const result = printBatch({ no: 1, pieces, papers, profile, stack: new FontStack(), outDir: folder });
  const [letters, certificates] = result.files.map((file) => readFileSync(path.join(folder, file.path)));
  await draw(`${letter}-${route}`, letters!, 1);
  await draw(`${faces}-front`, certificates!, 0, 200);
  await draw(`${faces}-back`, certificates!, 1, 200);
  await draw(`${faces}-front-longest`, certificates!, 4, 200);
  rmSync(folder, { recursive: true });
}

/** Seamen's card: no identification number, no QR code, no branch. */
async function drawSeamen(): Promise<void> {
  const profile = await loadProfile('seamen');
  const { fronts } = referencePiece(templatesOf(profile), piece(10, 'home', [certificate(10, '00')]), profile, 1);
  await draw('card-front-seamen', fronts, 0, 200);
}

/** The figures of MBK連合, as its source prints them (003). */
const FIGURES: Report = {
  title: '資格確認書の対象者の内訳と利用登録率（全体）',
  subtitle: '一括発行　第1号',
  author: 'MBK連合健康保険組合',
  note: '割合は小数第3位を四捨五入。',
  sections: [
    {
      heading: '全体　加入者 31,067人',
      columns: ['理由', '対象', '人数', '割合'],
      bar: true,
      rows: [
        { cells: ['マイナンバーカード未取得・利用登録なし', '対象', '8,669人', '27.90％'], share: 8669 / 31067 },
        { cells: ['利用登録解除', '対象', '5人', '0.02％'], share: 5 / 31067 },
        { cells: ['電子証明書の有効期限切れ（3か月経過）', '対象', '358人', '1.15％'], share: 358 / 31067 },
        { cells: ['マイナンバーカード返納', '対象', '68人', '0.22％'], share: 68 / 31067 },
        { cells: ['マイナ保険証あり', '対象外', '21,967人', '70.71％'], share: 21967 / 31067 },
      ],
    },
  ],
};

/** A notice with digits, the longest with the request form, by each way. */
async function drawNotices(id: string): Promise<void> {
  const profile = await loadProfile(id);
  for (const route of ['workplace', 'home'] as const) {
    const outDir = mkdtempSync(path.join(tmpdir(), 'todoke-pictures-'));
    mkdirSync(path.join(outDir, 'print'));
    const papers = (await compileNoticePapers(templatesOf(profile, { purpose: 'notice', on: '2024-09-09' }), [route]))[route]!;
    const pieces = noticeCast(route);
    const result = printNotices({ no: 1, pieces, papers, profile, stack: new FontStack(), outDir });
    const [notices, forms] = result.files.map((file) => readFileSync(path.join(outDir, file.path)));
    if (route === 'workplace') {
      await draw('notice-workplace', notices!, 0);
      await draw('notice-70', notices!, 2);
      await draw('request-form', forms!, 0);
    } else await draw('notice-home-longest', notices!, 1);
    rmSync(outDir, { recursive: true });
  }
  const templates = templatesOf(profile);
  const full = parcel(37);
  const on = '2024-09-09' as LocalDate;
  const drawPaper = (paper: 'notice-parcel-label' | 'notice-parcel-contents' | 'recorded-delivery', pages: readonly PageValues[]) =>
    draw(paper, templates.reference(paper, 'workplace', pages));
  await drawPaper('notice-parcel-label', [parcelLabelValues(full, SCHEMES.health)]);
  await drawPaper('notice-parcel-contents', parcelContentsValues(full));
  const numbered = parcel(150, { no: 13, acceptanceNumber: '51360009794', lacking: '' });
  await drawPaper('recorded-delivery', [recordedDeliveryValues([full, numbered], 1, on)]);
  const texts = textsOf(profile, 'notice', '2024-09-09');
  for (const [i, flyer] of texts.noticeFlyers.entries())
    await draw(`notice-flyer-${i + 1}`, new Templates(profile, { ...texts, flyer }).compile('flyer', 'workplace').artwork);
}

/** All papers of an insurer dated `on` on one sheet: each form by who holds it and what it is sent for. */
async function drawContactSheet(id: string, on: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'todoke-contact-'));
  const cells: string[] = [];
  for (const { name, label, pdf } of specimensOf(await loadProfile(id), on as LocalDate)) {
    const [picture] = await drawPages(pdf, [0], 1.3);
    const png = new PNG({ width: picture!.width, height: picture!.height });
    png.data = Buffer.from(picture!.data);
    writeFileSync(path.join(folder, `${name}.png`), PNG.sync.write(png));
    cells.push(`stack(spacing: 2mm, text(size: 7pt)[${label}], rect(stroke: 0.2mm, inset: 0pt, image("${name}.png", width: 60mm)))`);
  }
  const source = `#set page(width: 330mm, height: auto, margin: 6mm)
#set text(font: ("BIZ UDGothic", "Noto Sans JP"))
#grid(columns: 5, gutter: 4mm, ${cells.join(', ')})`;
  writeFileSync(path.join(folder, 'sheet.typ'), source);
  const fontPaths = [...new Set(PACKAGED_FONTS.map((file) => path.dirname(file)))];
  const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths }] });
  const pdf = compiler.pdf({ mainFilePath: path.join(folder, 'sheet.typ') });
  await draw(`contact-${id}-${on}`, pdf, 0, 100);
  rmSync(folder, { recursive: true });
}

if (process.argv.includes('--contact')) {
  for (const id of ['kyokai-kenpo', 'mbk', 'seamen']) for (const on of ['2025-11-04', '2026-01-15']) await drawContactSheet(id, on);
  process.exit();
}
if (process.argv.includes('--notices')) {
  await drawNotices('kyokai-kenpo');
  process.exit();
}
writeFileSync(path.join(import.meta.dirname, '..', 'lifecycle.md'), drawLifecycle());
await drawPieces('kyokai-kenpo', 'home', 'mount', 'card');
await drawPieces('mbk', 'workplace', 'letter', 'postcard');
await drawSeamen();
await draw('figures', setReport(FIGURES));
const mbk = await loadProfile('mbk');
const templates = templatesOf(mbk);
const workplace: PrintableWorkplace = {
  symbol: '12345678',
  workplace: {
    name: '株式会社大江戸製作所　新宿本店',
    postalCode: '1638001',
    address: '東京都新宿区西新宿二丁目8番1号',
    building: '',
    employerName: '大江戸　花子',
  },
  targets: Array.from({ length: 37 }, (_, i) => ({
    number: String(1000 + i),
    subNumber: `0${i % 4}`,
    name: i % 5 === 0 ? '勅使河原　権左衛門之丞' : '髙橋　太郎',
    relation: i % 4 === 0 ? 'insured' : 'dependent',
  })),
};
await draw('pre-notice', templates.reference('pre-notice', 'workplace', [preNoticeValues(workplace, '2025-11-04' as LocalDate, SCHEMES.health)]));
await draw('workplace-list', templates.reference('workplace-list', 'workplace', workplaceListValues(workplace, '2025-09-30' as LocalDate)));
const recall: PrintableRecall = {
  ...{ kind: 'list', symbol: workplace.symbol, workplace: workplace.workplace, askedOn: '2025-12-26' as LocalDate },
  papers: workplace.targets.map((target, i) => ({
    ...target,
    certificateNumber: paperNumber('certificate', 1, i + 1),
    ground: i % 3 === 0 ? 'lost' : 'enrolled',
  })),
};
await draw('recall-slip', templates.reference('recall-slip', 'workplace', [recallSlipValues(recall, SCHEMES.health, textsOf(mbk, 'recall', '2025-12-26'))]));
await draw('recall-list', templates.reference('recall-list', 'workplace', recallListValues(recall)));
const contents = workplace.targets.map((target, i) => ({
  mailpieceNumber: paperNumber('mailpiece', 1, i + 1),
  number: target.number,
  addressee: target.name,
  certificateCount: 1 + (i % 4),
  persons: i % 4 === 3 ? ['01'] : ['00', '01'],
}));
const box = { symbol: workplace.symbol, workplaceName: workplace.workplace.name, sequence: 1, sequenceCount: 2 };
await draw('parcel-contents', templates.reference('parcel-contents', 'workplace', certificateParcelValues(box, contents, '2025-11-04' as LocalDate)));
await draw('flyer', templates.compile('flyer', 'workplace').artwork);
await draw('privacy-seal', templatesOf(await loadProfile('kyokai-kenpo')).compile('privacy-seal', 'home').artwork);
await drawNotices('kyokai-kenpo');
for (const id of ['kyokai-kenpo', 'mbk', 'seamen']) for (const on of ['2025-11-04', '2026-01-15']) await drawContactSheet(id, on);
