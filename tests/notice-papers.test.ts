// The papers of notices as they come out of the printer: codes, text and pixels, looked at by programs that are not ours;
// the layout that the regulation and the source demand.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { compileNoticePapers } from '../src/operations/printing/print-notices.ts';
import { compilePaper } from '../src/operations/printing/compiled-papers.ts';
import { FontStack } from '../src/print/fonts.ts';
import { printNotices } from '../src/print/notice-batch.ts';
import type { PrintedNotices } from '../src/print/notice-batch.ts';
import {
  noticeInserterDigits,
  parcelContentsValues,
  parcelLabelValues,
  recordedDeliveryValues,
} from '../src/print/notice-papers.ts';
import { PrintFile } from '../src/print/pdf.ts';
import { referenceNotice } from '../src/print/reference.ts';
import { Stamper } from '../src/print/stamp.ts';
import { TemplateError } from '../src/print/template.ts';
import type { Field, Sheet } from '../src/print/template.ts';
import { SCHEMES } from '../src/rules/papers/scheme.ts';
import type { Route } from '../src/rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { NOTICE_CARD_FIELDS, lintNoticeText } from '../src/rules/issuing/notices.ts';
import type { PrintableNotice } from '../src/rules/printing/printable.ts';
import { openTestFolder } from './ledger.ts';
import { notice, noticeCast, parcel } from './cast.ts';
import { differingShare, drawPages, readCodes, readTexts } from './pages.ts';
import { templatesOf } from './papers.ts';

const folder = openTestFolder();
const stack = new FontStack();
const KINDS: readonly (readonly [profile: string, route: Route])[] = [
  ['kyokai-kenpo', 'workplace'],
  ['kyokai-kenpo', 'home'],
  ['mbk', 'workplace'],
  ['seamen', 'home'],
];
const MM = 72 / 25.4;

async function print(
  profile: InsurerProfile,
  route: Route,
  pieces: readonly PrintableNotice[],
): Promise<PrintedNotices & { sheets: Buffer; forms: Buffer }> {
  const outDir = path.join(folder, `${profile.id}-${route}`);
  mkdirSync(path.join(outDir, 'print'), { recursive: true });
  const papers = (await compileNoticePapers(templatesOf(profile), [route]))[route]!;
  const result = printNotices({ no: 7, pieces, papers, profile, stack, outDir });
  const [sheets, forms] = result.files.map((file) => readFileSync(path.join(outDir, file.path)));
  return { ...result, sheets: sheets!, forms: forms! };
}

test.each(KINDS)('%s by %s: every code on paper says what it should', { timeout: 60_000 }, async (id, route) => {
  const profile = await loadProfile(id);
  const pieces = noticeCast(route);
  const { sheets, printed } = await print(profile, route, pieces);
  expect(printed.map((p) => [p.letterPage, p.certificatePage])).toEqual([
    [1, null],
    [2, 1],
    [3, null],
    [4, null],
  ]);
  for (const [i, picture] of (await drawPages(sheets, [0, 1, 2, 3], 4)).entries()) {
    const codes = await readCodes(picture);
    expect(codes).toContainEqual({ format: 'Code128', text: pieces[i]!.mailpieceNumber });
    expect(codes).toContainEqual({ format: 'DataMatrix', text: noticeInserterDigits(pieces[i]!, 7) });
  }
});

test.each(KINDS)('%s by %s: stamped pages are the pages Typst sets', { timeout: 120_000 }, async (id, route) => {
  const profile = await loadProfile(id);
  const templates = templatesOf(profile);
  const pieces = noticeCast(route);
  const { sheets, forms } = await print(profile, route, pieces);
  for (const [i, piece] of pieces.entries()) {
    const reference = referenceNotice(templates, piece, profile, 7);
    const [stamped] = await drawPages(sheets, [i], 3);
    const [meant] = await drawPages(reference['notice']!, [0], 3);
    expect(differingShare(stamped!, meant!), `notice ${i}`).toBeLessThan(0.001);
  }
  const { 'request-form': form } = referenceNotice(templates, pieces[1]!, profile, 7);
  const [stamped] = await drawPages(forms, [0], 3);
  const [meant] = await drawPages(form!, [0], 3);
  expect(differingShare(stamped!, meant!)).toBeLessThan(0.001);
});

test('a notice with another digit differs from its reference', { timeout: 60_000 }, async () => {
  const profile = await loadProfile('mbk');
  const { sheets } = await print(profile, 'workplace', [notice(10, 'workplace')]);
  const [stamped] = await drawPages(sheets, [0], 3);
  const shareOf = async (last4: string): Promise<number> => {
    const reference = referenceNotice(templatesOf(profile), notice(10, 'workplace', { last4 }), profile, 7);
    const [meant] = await drawPages(reference['notice']!, [0], 3);
    return differingShare(stamped!, meant!);
  };
  const own = notice(10, 'workplace').last4!;
  const other = own.slice(0, 3) + ((Number(own[3]) + 1) % 10);
  expect(await shareOf(other)).toBeGreaterThan(0.00002 + (await shareOf(own)));
});

test(
  'label, contents and 特定記録 list of parcels, stamped, are the pages Typst sets',
  { timeout: 60_000 },
  async () => {
    const profile = await loadProfile('kyokai-kenpo');
    const templates = templatesOf(profile);
    const many = parcel(37);
    const numbered = parcel(1, { acceptanceNumber: '51260000002', lacking: '' });
    const delivered = recordedDeliveryValues([many, numbered], 1, '2024-09-09' as LocalDate);
    for (const [paper, pages] of [
      ['notice-parcel-label', [parcelLabelValues(many, SCHEMES.health), parcelLabelValues(numbered, SCHEMES.health)]],
      ['notice-parcel-contents', parcelContentsValues(many)],
      ['recorded-delivery', [delivered]],
    ] as const) {
      const { sheet, artwork } = await compilePaper(templates, paper, 'workplace');
      const { width, height, bleed } = sheet;
      const file = path.join(folder, `${paper}.pdf`);
      const printed = new PrintFile({ path: file, title: '', width, height, bleed, artworks: [artwork] }, stack);
      const stamper = new Stamper(sheet, '/A0', stack, printed.fonts);
      for (const values of pages) {
        const page = stamper.stamp(values);
        expect(page.problems).toEqual([]);
        printed.addPage(page.content);
      }
      printed.finish();
      const numbers = pages.map((_, i) => i);
      const stamped = await drawPages(readFileSync(printed.part), numbers, 2);
      const meant = await drawPages(templates.reference(paper, 'workplace', pages), numbers, 2);
      for (const [i, picture] of stamped.entries())
        expect(differingShare(picture, meant[i]!), paper).toBeLessThan(0.001);
    }
    expect(parcelLabelValues(many, SCHEMES.health)['count']).toBe('36通');
    expect(parcelLabelValues(many, SCHEMES.health)['acceptanceNumber']).toBe('引受番号の割当てがないため空欄');
    expect(delivered['row1.number']).toBe('');
    expect(delivered['row2.number']).toBe('512-60-00000-2');
  },
);

/** The dashed rectangle of templates/notice.typ, points. */
const CARD = { x: 20 * MM, y: 213 * MM, width: 85.6 * MM, height: 53.98 * MM };
const isInside = (field: Field): boolean =>
  field.x >= CARD.x &&
  field.y >= CARD.y &&
  field.x + field.width <= CARD.x + CARD.width &&
  field.y + field.height <= CARD.y + CARD.height;

function sheetOf(profile: InsurerProfile, route: Route): Sheet {
  return templatesOf(profile).compile('notice', route).sheet;
}

test.each(KINDS)(
  '%s by %s: the layout is what regulation and source demand',
  { timeout: 60_000 },
  async (id, route) => {
    const profile = await loadProfile(id);
    const { fields } = sheetOf(profile, route);
    const inside = fields.filter(isInside);
    // On the card to cut out are its own fields and no other, whatever they are called.
    expect(inside.every((field) => field.name.startsWith('card.'))).toBe(true);
    expect(inside).toHaveLength(fields.filter((field) => field.name.startsWith('card.')).length);
    const names = inside.map((field) => field.name.slice('card.'.length));
    expect(names.toSorted()).toEqual([...NOTICE_CARD_FIELDS].toSorted());
    // No two text fields of the sheet lie on each other, but for the digits and the sentence in their place.
    const texts = fields.filter((f) => f.kind === 'text' && f.name !== 'numberRequest');
    for (const [i, a] of texts.entries())
      for (const b of texts.slice(i + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart, `${a.name} ${b.name}`).toBe(true);
      }
    const { sheets } = await print(profile, route, noticeCast(route));
    for (const text of await readTexts(sheets, [0, 1])) expect(lintNoticeText(text)).toEqual([]);
  },
);

test('the sheet says all of 資格基本情報; the window what the employer hands it over by; no digit where none may be', async () => {
  const profile = await loadProfile('kyokai-kenpo');
  const { sheets, forms } = await print(profile, 'workplace', noticeCast('workplace'));
  const [first, second, third, fourth] = await readTexts(sheets, [0, 1, 2, 3]);
  for (const item of [
    '（記号）12345678（番号）1234567',
    '（被保険者氏名）協会太郎様',
    '（対象者氏名）協会太郎様',
    'キョウカイタロウ',
    '昭和55年2月11日',
    '平成31年4月1日',
    '01130012',
    '全国健康保険協会東京支部',
    '令和6年9月9日',
    '3割',
    '＊＊＊＊＊＊＊＊9018',
  ])
    expect(first).toContain(item);
  expect(second).toContain('下4桁を記載していません');
  expect(second).not.toContain('＊');
  expect(third).toContain('発効期日令和4年3月1日');
  expect(third).toContain('有効期限令和9年2月28日');
  expect(third).not.toContain('（被保険者氏名）');
  expect(fourth).toContain('高齢受給者証に記載');
  const [form] = await readTexts(forms, [0]);
  for (const item of [
    'アレクサンダーマリアデラクルスゴンザレス',
    'ア１２３４５６７',
    '昭和55年2月11日',
    '個人番号（マイナンバー）申出書',
  ])
    expect(form).toContain(item);
});

test.each([
  ['shows the ratio on the card', 'field("card." + name', 'field("card.ratio" + name', /知らない項目「card\.ratio/],
  ['leaves the kana off the card', /  item\("kana"[^\n]*\n/, '\n', /必要な項目「card\.kana」/],
  ['leaves out the digits', /  field\("last4"[^\n]*\n/, '\n', /必要な項目「last4」/],
])('a template that %s is refused with its line', async (_, from, to, message) => {
  const templates = path.join(folder, 'templates');
  cpSync(path.join(import.meta.dirname, '..', 'templates'), templates, { recursive: true });
  const file = path.join(templates, 'notice.typ');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  const profile = await loadProfile('mbk');
  const compile = (): unknown => templatesOf(profile, { folder: templates }).compile('notice', 'workplace');
  expect(compile).toThrow(TemplateError);
  expect(compile).toThrow(message);
});

test('a notice that nothing can be sent to, or with a character no font has, is held alone', async () => {
  const profile = await loadProfile('mbk');
  const home = await print(profile, 'home', [notice(10, 'home', { address: null }), notice(20, 'home')]);
  expect(home.held.map((h) => h.reason)).toEqual(['address-missing']);
  const result = await print(profile, 'workplace', [
    notice(30, 'workplace', { workplace: null }),
    notice(40, 'workplace', { addressee: '髙橋　\uE000' }),
    notice(50, 'workplace', { kana: 'アイ'.repeat(100) }),
    notice(60, 'workplace'),
  ]);
  expect(result.printed).toHaveLength(1);
  expect(new Set(result.held.map((h) => h.reason))).toEqual(
    new Set(['workplace-unknown', 'missing-character', 'does-not-fit']),
  );
});
