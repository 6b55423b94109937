// One peer of the print bench in a process of its own: `node bench/print-peers.ts <peer> <pages>` prints JSON with CPU
// seconds, wall seconds and peak memory. Every peer sets the same pages: labels, sixteen fields, a QR code.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { constants, deflateSync } from 'node:zlib';
import { loadProfile } from '../src/formats/profile.ts';
import { code128Of, dataMatrixOf, qrOf } from '../src/print/codes.ts';
import { FontStack, PACKAGED_FONTS } from '../src/print/fonts.ts';
import { takeArtwork } from '../src/print/artwork.ts';
import type { Artwork } from '../src/print/artwork.ts';
import { compileNoticePapers } from '../src/operations/printing/print-notices.ts';
import { printNotices } from '../src/print/notice-batch.ts';
import { noticeValues, requestFormValues } from '../src/print/notice-papers.ts';
import { certificateFrontValues } from '../src/print/papers.ts';
import type { PageValues } from '../src/print/page-values.ts';
import { PrintFile } from '../src/print/pdf.ts';
import { PageTexts, verifyPrintFile } from '../src/print/read-back.ts';
import { referenceValues } from '../src/print/reference.ts';
import { Stamper } from '../src/print/stamp.ts';
import type { Sheet } from '../src/print/template.ts';
import { paperNumber } from '../src/rules/words/check-digits.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import type { PrintableNotice } from '../src/rules/printing/printable.ts';
import { templatesOf } from '../tests/papers.ts';

const PAGES_PER_FILE = 2000;
const MM = 72 / 25.4;
const FIELDS = [
  'certificateNumber',
  'symbol',
  'number',
  'subNumber',
  'kana',
  'name',
  'insuredName',
  'bornOn',
  'sex',
  'relation',
  'acquiredOn',
  'issuedOn',
  'validThrough',
  'insurerNumber',
  'insurerName',
  'insurerAddress',
] as const;
const LABELS = [
  '識別番号',
  '記号',
  '番号',
  '枝番',
  'カナ',
  '氏名',
  '被保険者氏名',
  '生年月日',
  '性別',
  '区分',
  '資格取得年月日',
  '交付年月日',
  '有効期限',
  '保険者番号',
  '保険者名称',
  '保険者所在地',
];
const TITLE = '健康保険　資格確認書';
const SURNAMES = '佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 髙橋 渡邉 齋藤 勅使河原'.split(' ');
const GIVEN = '太郎 花子 翔太 美咲 陽菜 蓮 葵 大翔 結衣 権左衛門'.split(' ');

function valuesOf(i: number, profile: InsurerProfile): PageValues {
  const name = `${SURNAMES[i % SURNAMES.length]}　${GIVEN[(i * 7) % GIVEN.length]}`;
  const date = (year: number): LocalDate =>
    `${year}-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}` as LocalDate;
  return certificateFrontValues(
    {
      certificateNumber: paperNumber('certificate', 1, i + 1),
      symbol: String(10_000_000 + (i % 500)),
      number: String(i),
      subNumber: String(i % 4).padStart(2, '0'),
      name,
      kana: 'タカハシ　タロウ',
      bornOn: date(1950 + (i % 60)),
      sex: i % 2 ? 'male' : 'female',
      relation: i % 4 ? 'dependent' : 'insured',
      insuredClass: 'general',
      acquiredOn: date(2000 + (i % 24)),
      ratio: null,
      issuedOn: '2025-11-04' as LocalDate,
      validThrough: '2029-11-30' as LocalDate,
      insuredName: name,
      formerName: null,
      showsFormerName: false,
      sexOnBack: false,
      hasOptionalEntries: false,
      isProtected: false,
      registeredName: null,
      optionalContent: null,
      optionalFrom: null,
      optionalThrough: null,
    },
    profile,
    '',
  );
}

function noticeOf(i: number): PrintableNotice {
  const name = `${SURNAMES[i % SURNAMES.length]}　${GIVEN[(i * 7) % GIVEN.length]}`;
  const asked = i % 10 === 9;
  return {
    mailpieceNumber: paperNumber('mailpiece', 1, i + 1),
    route: 'workplace',
    symbol: String(10_000_000 + Math.floor(i / 80)),
    number: String(i),
    subNumber: String(i % 4).padStart(2, '0'),
    sequence: 1 + (i % 4),
    sequenceCount: 4,
    firstOfHousehold: paperNumber('mailpiece', 1, i - (i % 4) + 1),
    addressee: name,
    insuredName: name,
    hasInsured: true,
    relation: i % 4 ? 'dependent' : 'insured',
    insuredClass: 'general',
    hasDigits: true,
    address: null,
    workplace: { name: '株式会社大江戸製作所', branchCode: '13' },
    customerBarcode: '',
    kana: 'タカハシ　タロウ',
    bornOn: `${1950 + (i % 60)}-0${1 + (i % 9)}-1${i % 9}` as LocalDate,
    acquiredOn: `${2000 + (i % 24)}-04-01` as LocalDate,
    issuedOn: '2024-09-09' as LocalDate,
    last4: asked ? null : String(i % 10_000).padStart(4, '0'),
    requestForm: asked,
    ratio: 3,
    ratioFrom: null,
    ratioThrough: null,
  };
}

/** The settings of Node's zlib that cost least for pages of a kilobyte. */
const FLOOR_DEFLATE = { level: 6, windowBits: 12, memLevel: 4, chunkSize: 2048, strategy: constants.Z_FIXED };

/** Dark runs of a QR code in mm at 12 mm a side. */
function qrRuns(number: string): [number, number, number, number][] {
  const { size, bits } = qrOf(number);
  const stride = Math.ceil(size / 8);
  const module = 12 / size;
  const dark = (r: number, c: number): boolean =>
    c < size && ((bits[r * stride + (c >> 3)] as number) & (0x80 >> (c & 7))) !== 0;
  const runs: [number, number, number, number][] = [];
  for (let r = 0; r < size; r++)
    for (let c = 0; c < size; c++) {
      if (!dark(r, c)) continue;
      const start = c;
      while (dark(r, c)) c++;
      runs.push([start * module, r * module, (c - start) * module, module]);
    }
  return runs;
}

interface Prepared {
  readonly sheet: Sheet;
  readonly artwork: Artwork;
}

async function prepare(profile: InsurerProfile, folder: string): Promise<Prepared & { pdf: Uint8Array }> {
  const templates = path.join(folder, 'templates');
  mkdirSync(templates);
  copyFileSync(path.join(import.meta.dirname, '..', 'templates', 'todoke.typ'), path.join(templates, 'todoke.typ'));
  copyFileSync(
    path.join(import.meta.dirname, 'templates', 'postcard-front.typ'),
    path.join(templates, 'postcard-front.typ'),
  );
  const { sheet, artwork } = templatesOf(profile, { folder: templates }).compile('postcard-front', 'home');
  return { sheet, artwork: await takeArtwork(artwork), pdf: artwork };
}

function stampFile(file: string, prepared: Prepared, profile: InsurerProfile, stack: FontStack, from: number): void {
  const { sheet, artwork } = prepared;
  const { width, height, bleed } = sheet;
  const print = new PrintFile({ path: file, title: '', width, height, bleed, artworks: [artwork] }, stack);
  const stamper = new Stamper(sheet, '/A0', stack, print.fonts);
  const texts = new PageTexts();
  for (let i = from; i < from + PAGES_PER_FILE; i++) {
    const page = stamper.stamp(valuesOf(i, profile));
    print.addPage(page.content);
    texts.add(page.text);
  }
  print.finish();
  verifyPrintFile(print.part, texts, stack);
  print.keep();
}

interface FloorPage {
  readonly content: Buffer;
  /** Makes the page's codes. */
  readonly code: () => unknown;
}

/** Contents of pages as they are stamped into a file that is given up. */
function openStamps(folder: string, { sheet, artwork }: Prepared) {
  const stack = new FontStack();
  const file = path.join(folder, `once-${sheet.fields.length}.pdf`);
  const print = new PrintFile({ path: file, title: '', width: 1, height: 1, bleed: 0, artworks: [artwork] }, stack);
  const stamper = new Stamper(sheet, '/A0', stack, print.fonts);
  return {
    stamp: (values: PageValues) => Buffer.from(stamper.stamp(values).content, 'latin1'),
    abandon: () => print.abandon(),
  };
}

function writeFloor(folder: string, pages: readonly FloorPage[]): void {
  const file = openSync(path.join(folder, 'floor.bin'), 'w');
  for (let from = 0; from < pages.length; from += PAGES_PER_FILE) {
    const bytes = pages.slice(from, from + PAGES_PER_FILE).map(({ content, code }) => {
      code();
      return deflateSync(content, FLOOR_DEFLATE);
    });
    writeSync(file, Buffer.concat(bytes));
  }
  closeSync(file);
}

/** Each peer: sets `pages` pages into `folder`. */
const PEERS: Record<string, (pages: number, folder: string, profile: InsurerProfile) => Promise<() => Promise<void>>> =
  {
    async stamped(pages, folder, profile) {
      const prepared = await prepare(profile, folder);
      const stack = new FontStack();
      return async () => {
        for (let from = 0; from < pages; from += PAGES_PER_FILE)
          stampFile(path.join(folder, `${from}.pdf`), prepared, profile, stack, from);
      };
    },

    /** Two processes, as in the program; the pages are shared between them. */
    async 'stamped-by-two'(pages, folder, profile) {
      const prepared = await prepare(profile, folder);
      return async () => {
        const half = Math.ceil(pages / 2 / PAGES_PER_FILE) * PAGES_PER_FILE;
        await Promise.all(
          [0, half].map((from) => {
            const data: Half = { from, through: Math.min(from + half, pages), folder, profile, prepared };
            const child = fork(new URL(import.meta.url), { serialization: 'advanced' });
            child.send(data);
            return once(child, 'exit');
          }),
        );
      };
    },

    /** The notice as users get it: sheet, cut-out card, codes; every tenth with its request form. */
    async notice(pages, folder, profile) {
      const papers = (await compileNoticePapers(templatesOf(profile), ['workplace'])).workplace!;
      const stack = new FontStack();
      mkdirSync(path.join(folder, 'print'));
      return async () => {
        for (let from = 0, no = 1; from < pages; from += PAGES_PER_FILE, no++) {
          const pieces = Array.from({ length: Math.min(PAGES_PER_FILE, pages - from) }, (_, i) => noticeOf(from + i));
          printNotices({ no, pieces, papers, profile, stack, outDir: folder });
        }
      };
    },

    /** The same notices set whole by Typst. */
    async 'notice-typst'(pages, folder, profile) {
      const templates = templatesOf(profile);
      const { sheet } = templates.compile('notice', 'workplace');
      return async () => {
        for (let from = 0; from < pages; from += 100) {
          const records = Array.from({ length: 100 }, (_, k) =>
            referenceValues(sheet, noticeValues(noticeOf(from + k), profile, 1)),
          );
          writeFileSync(path.join(folder, `${from}.pdf`), templates.reference('notice', 'workplace', records));
        }
      };
    },

    /** The same QR matrices, deflating and writing the same bytes, and nothing else. */
    async floor(pages, folder, profile) {
      const { stamp, abandon } = openStamps(folder, await prepare(profile, folder));
      const floor = Array.from({ length: pages }, (_, i): FloorPage => {
        const values = valuesOf(i, profile);
        return { content: stamp(values), code: () => qrOf(values['qr'] as string) };
      });
      abandon();
      return async () => writeFloor(folder, floor);
    },

    /** The same for the notice and its request forms: their piece and inserter codes. */
    async 'notice-floor'(pages, folder, profile) {
      const papers = (await compileNoticePapers(templatesOf(profile), ['workplace'])).workplace!;
      const [notice, form] = [openStamps(folder, papers.notice), openStamps(folder, papers.form)];
      const floor = Array.from({ length: pages }, (_, i): FloorPage[] => {
        const piece = noticeOf(i);
        const values = noticeValues(piece, profile, 1);
        const [inserter, code] = [values['inserterCode'] as string, values['pieceCode'] as string];
        const page = { content: notice.stamp(values), code: () => [dataMatrixOf(inserter), code128Of(code)] };
        if (!piece.requestForm) return [page];
        return [page, { content: form.stamp(requestFormValues(piece)), code: () => undefined }];
      }).flat();
      for (const { abandon } of [notice, form]) abandon();
      return async () => writeFloor(folder, floor);
    },

    async typst(pages, folder, profile) {
      const { NodeCompiler } = await import('@myriaddreamin/typst-ts-node-compiler');
      const compiler = NodeCompiler.create({
        workspace: import.meta.dirname,
        fontArgs: [{ fontPaths: PACKAGED_FONTS.map((file) => path.dirname(file)) }],
      });
      return async () => {
        for (let from = 0; from < pages; from += 200) {
          const records = Array.from({ length: 200 }, (_, k) => {
            const values = valuesOf(from + k, profile);
            return { values: FIELDS.map((name) => values[name]), qr: qrRuns(values['qr'] as string) };
          });
          const data = JSON.stringify({ title: TITLE, labels: LABELS, records });
          const mainFilePath = path.join(import.meta.dirname, 'whole-page.typ');
          writeFileSync(path.join(folder, `${from}.pdf`), compiler.pdf({ mainFilePath, inputs: { data } }));
          compiler.evictCache(1);
        }
      };
    },

    async pdfkit(pages, folder, profile) {
      const { default: PDFDocument } = await import('pdfkit');
      const { createWriteStream } = await import('node:fs');
      return async () => {
        for (let from = 0; from < pages; from += PAGES_PER_FILE) {
          const doc = new PDFDocument({ size: [100 * MM, 148 * MM], margin: 0, autoFirstPage: false });
          const written = new Promise<void>((resolve) =>
            doc.pipe(createWriteStream(path.join(folder, `${from}.pdf`))).on('finish', resolve),
          );
          doc.registerFont('regular', PACKAGED_FONTS[0]);
          doc.registerFont('bold', PACKAGED_FONTS[1]);
          for (let i = from; i < Math.min(from + PAGES_PER_FILE, pages); i++) {
            const values = valuesOf(i, profile);
            doc.addPage();
            doc
              .font('bold')
              .fontSize(14)
              .text(TITLE, 8 * MM, 6 * MM, { lineBreak: false });
            doc.font('regular');
            for (const [k, name] of FIELDS.entries()) {
              doc.fontSize(7).text(LABELS[k] as string, 8 * MM, (17 + k * 7.2) * MM, { lineBreak: false });
              doc.fontSize(10).text(values[name] ?? '', 32 * MM, (16.5 + k * 7.2) * MM, { lineBreak: false });
            }
            for (const [x, y, w, h] of qrRuns(values['qr'] as string))
              doc.rect((80 + x) * MM, (128 + y) * MM, w * MM, h * MM);
            doc.fill('black');
          }
          doc.end();
          await written;
        }
      };
    },

    /** @cantoo/pdf-lib at its lowest level: artwork embedded once, operators pushed as they are. */
    async 'pdf-lib'(pages, folder, profile) {
      const lib = await import('@cantoo/pdf-lib');
      const fontkit = await import('fontkit');
      const { pdf } = await prepare(profile, folder);
      const { PDFDocument, PDFName, PDFOperator, PDFOperatorNames, PDFNumber } = lib;
      return async () => {
        for (let from = 0; from < pages; from += PAGES_PER_FILE) {
          const doc = await PDFDocument.create();
          doc.registerFontkit(fontkit);
          const font = await doc.embedFont(readFileSync(PACKAGED_FONTS[0] as string), { subset: true });
          const [art] = await doc.embedPdf(pdf);
          const number = (value: number) => PDFNumber.of(Math.round(value * 100) / 100);
          for (let i = from; i < Math.min(from + PAGES_PER_FILE, pages); i++) {
            const values = valuesOf(i, profile);
            const page = doc.addPage([100 * MM, 148 * MM]);
            page.node.setXObject(PDFName.of('A'), art!.ref);
            page.node.setFontDictionary(PDFName.of('F'), font.ref);
            const operators = [lib.drawObject('A'), lib.beginText()];
            for (const [k, name] of FIELDS.entries()) {
              operators.push(
                lib.setFontAndSize('F', 10),
                lib.setTextMatrix(1, 0, 0, 1, number(32 * MM), number((148 - 20 - k * 7.2) * MM)),
                lib.showText(font.encodeText(values[name] ?? '')),
              );
            }
            operators.push(lib.endText());
            for (const [x, y, w, h] of qrRuns(values['qr'] as string))
              operators.push(
                PDFOperator.of(PDFOperatorNames.AppendRectangle, [
                  number((80 + x) * MM),
                  number((148 - 128 - y - h) * MM),
                  number(w * MM),
                  number(h * MM),
                ]),
              );
            operators.push(lib.fill());
            page.pushOperators(...operators);
          }
          writeFileSync(path.join(folder, `${from}.pdf`), await doc.save({ objectsPerTick: Infinity }));
        }
      };
    },

    async chromium(pages, folder, profile) {
      const { default: packaged } = await import('@sparticuz/chromium');
      const { chromium } = await import('playwright-core');
      const executablePath = await packaged.executablePath();
      const font = readFileSync(PACKAGED_FONTS[0] as string).toString('base64');
      return async () => {
        const browser = await chromium.launch({ executablePath, args: packaged.args, headless: true });
        const page = await browser.newPage();
        const at = (x: number, y: number, pt: number, text: string): string =>
          `<i style="left:${x}mm;top:${y}mm;font-size:${pt}pt">${text}</i>`;
        for (let from = 0; from < pages; from += 200) {
          const sections = Array.from({ length: 200 }, (_, k) => {
            const values = valuesOf(from + k, profile);
            const texts = FIELDS.map(
              (name, f) => at(8, 17 + f * 7.2, 7, LABELS[f] as string) + at(32, 16.5 + f * 7.2, 10, values[name] ?? ''),
            );
            const qr = qrRuns(values['qr'] as string).map(([x, y, w, h]) => `M${x} ${y}h${w}v${h}h${-w}z`);
            return `<section>${at(8, 6, 14, TITLE)}${texts.join('')}<svg viewBox="0 0 12 12"><path d="${qr.join('')}"/></svg></section>`;
          });
          await page.setContent(
            `<style>@font-face{font-family:b;src:url(data:font/ttf;base64,${font})}@page{size:100mm 148mm;margin:0}` +
              'body{margin:0;font-family:b}section{position:relative;width:100mm;height:148mm;break-after:page}' +
              'i{position:absolute;font-style:normal;white-space:nowrap}' +
              `svg{position:absolute;left:80mm;top:128mm;width:12mm;height:12mm}</style>${sections.join('')}`,
          );
          writeFileSync(
            path.join(folder, `${from}.pdf`),
            await page.pdf({ preferCSSPageSize: true, printBackground: true }),
          );
        }
        await browser.close();
      };
    },
  };

/** CPU seconds of this process and of the children it has waited for (Linux: /proc/self/stat, 100 ticks a second). */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100;
}

async function main(peer: string, pages: number): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'todoke-print-'));
  try {
    const profile = await loadProfile('mbk');
    const run = await (PEERS[peer] as (typeof PEERS)[string])(pages, folder, profile);
    const [cpu, wall] = [cpuSeconds(), performance.now()];
    await run();
    const result = {
      peer,
      pages,
      cpuSeconds: cpuSeconds() - cpu,
      seconds: (performance.now() - wall) / 1000,
      peakMiB: process.resourceUsage().maxRSS / 1024,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Half {
  readonly from: number;
  readonly through: number;
  readonly folder: string;
  readonly profile: InsurerProfile;
  readonly prepared: Prepared;
}

if (process.send === undefined) await main(process.argv[2] ?? '', Number(process.argv[3]));
else
  process.once('message', (half) => {
    const { from, through, folder, profile, prepared } = half as Half;
    const stack = new FontStack();
    for (let at = from; at < through; at += PAGES_PER_FILE)
      stampFile(path.join(folder, `${at}.pdf`), prepared, profile, stack, at);
    process.disconnect();
  });
