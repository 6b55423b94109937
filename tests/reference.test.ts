// Every paper there is, its fields filled to the brim: shrunk, wrapped, Latin and Japanese. What is stamped is what Typst sets.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { compilePaper } from '../src/operations/printing/compiled-papers.ts';
import { fit } from '../src/print/fit.ts';
import { FontStack } from '../src/print/fonts.ts';
import type { Glyph } from '../src/print/fonts.ts';
import type { PageValues } from '../src/print/page-values.ts';
import { PrintFile } from '../src/print/pdf.ts';
import { referenceValues } from '../src/print/reference.ts';
import { Stamper } from '../src/print/stamp.ts';
import type { Field, Sheet } from '../src/print/template.ts';
import { customerBarcode } from '../src/rules/words/customer-barcode.ts';
import { openTestFolder } from './ledger.ts';
import { differingShare, drawPages } from './pages.ts';
import { PAPERS, STAMPED, templatesOf } from './papers.ts';

const folder = openTestFolder();
const stack = new FontStack();

/** Long enough to fill any field: names, addresses and numbers as they come. */
const TEXTS = [
  'ＡＬＥＸＡＮＤＥＲ　ＭＡＲＩＡ　ＤＥ　ＬＡ　ＣＲＵＺ　ＧＯＮＺＡＬＥＺ　',
  '福井県坂井市坂井町上新庄壱百弐拾参字参拾四番地５６－７８　グランドメゾン・プレステージ「坂井」１２０３号室、',
  'フェルナンダ・シルヴァー（旧姓：𠮷﨑）葛\u{E0100}飾、ジョアン　ヴィットーリア　',
  'Jean-Baptiste O’Connor 123-456 ',
].map((text) => text.repeat(12));

/** The longest beginning of a text that a field takes in. */
function brimful(field: Field, text: string): string {
  const glyphs = stack.glyphs(text, field.weight) as Glyph[];
  let length = Math.min(glyphs.length, 600);
  while (length > 1 && !fit(glyphs.slice(0, length), field)) length -= 1;
  return glyphs
    .slice(0, length)
    .map((glyph) => glyph.text)
    .join('');
}

function brimfulPage(sheet: Sheet, turn: number): PageValues {
  const codes = {
    qr: '10001000000016',
    code128: '20001000000014',
    'data-matrix': '0001000000010102040007',
    'customer-barcode': customerBarcode({ postalCode: '9100067', line: '3-80-25', building: '' })!.bars,
  };
  // Of a list's rows, the first ones: the others are the same again.
  const fields = sheet.fields.filter((field) => Number(/^row(\d+)/.exec(field.name)?.[1] ?? 0) <= 4);
  return Object.fromEntries(
    fields.map((field, i) => [
      field.name,
      field.kind === 'text' ? brimful(field, TEXTS[(i + turn) % TEXTS.length]!) : codes[field.kind],
    ]),
  );
}

test('every template is one of these papers', () => {
  const templates = readdirSync(path.join(import.meta.dirname, '..', 'templates')).filter((name) =>
    name.endsWith('.typ'),
  );
  // todoke.typ is the field library; report.typ, figures for staff, is set by Typst and by nothing else.
  const papers = templates
    .map((name) => name.replace('.typ', ''))
    .filter((name) => !['todoke', 'report'].includes(name));
  expect(papers.toSorted()).toEqual(Object.keys(PAPERS).toSorted());
});

test.each(STAMPED)(
  '%s of %s by %s, filled to the brim, is the page Typst sets',
  { timeout: 120_000 },
  async (paper, id, route) => {
    const templates = templatesOf(await loadProfile(id));
    const { sheet, artwork } = await compilePaper(templates, paper, route);
    const pages = [0, 1].map((turn) => brimfulPage(sheet, turn));
    const { width, height, bleed } = sheet;
    const file = path.join(folder, `${paper}-${id}.pdf`);
    const print = new PrintFile({ path: file, title: '', width, height, bleed, artworks: [artwork] }, stack);
    const stamper = new Stamper(sheet, '/A0', stack, print.fonts);
    for (const values of pages) {
      const page = stamper.stamp(values);
      expect(page.problems).toEqual([]);
      print.addPage(page.content);
    }
    print.finish();
    const meant = templates.reference(
      paper,
      route,
      pages.map((values) => referenceValues(sheet, values)),
    );
    const numbers = [0, 1];
    const stamped = await drawPages(readFileSync(print.part), numbers, 3);
    for (const [i, picture] of (await drawPages(meant, numbers, 3)).entries())
      expect(differingShare(stamped[i]!, picture), `page ${i}`).toBeLessThan(0.001);
  },
);

test.each(STAMPED)('no two texts of %s of %s by %s may lie on each other', async (paper, id, route) => {
  const { sheet } = templatesOf(await loadProfile(id)).compile(paper, route);
  // The digits of a notice and the sentence in their place share one; a page has one of them.
  const texts = sheet.fields.filter((field) => field.kind === 'text' && field.name !== 'numberRequest');
  const isApart = (a: Field, b: Field): boolean =>
    a.x + a.width <= b.x + 0.01 ||
    b.x + b.width <= a.x + 0.01 ||
    a.y + a.height <= b.y + 0.01 ||
    b.y + b.height <= a.y + 0.01;
  const pairs = texts.flatMap((a, i) =>
    texts.slice(i + 1).flatMap((b) => (isApart(a, b) ? [] : [`${a.name} ${b.name}`])),
  );
  expect(pairs).toEqual([]);
});

test('the others hold nothing of a person: their artwork is the paper', async () => {
  const templates = templatesOf(await loadProfile('kyokai-kenpo'));
  for (const paper of ['flyer', 'privacy-seal', 'seal'] as const)
    expect(templates.compile(paper, 'home').sheet.fields, paper).toEqual([]);
});
