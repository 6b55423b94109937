// Templates that may not be used: refused when they are compiled, with the line at fault, whatever the paper.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { compilePaper } from '../src/operations/printing/compiled-papers.ts';
import { fieldContract } from '../src/print/papers.ts';
import type { PaperKind } from '../src/print/papers.ts';
import { withPages } from '../src/print/picture.ts';
import { TemplateError } from '../src/print/template.ts';
import type { Route } from '../src/rules/issuing/enveloping.ts';
import { openTestFolder } from './ledger.ts';
import { STAMPED, templatesOf } from './papers.ts';

const folder = openTestFolder();
const templates = path.join(folder, 'templates');
const original = path.join(import.meta.dirname, '..', 'templates');
cpSync(original, templates, { recursive: true });
const kyokai = await loadProfile('kyokai-kenpo');

interface Changed {
  readonly source: string;
  readonly compile: () => unknown;
  readonly lineOf: (text: string) => number;
}

/** A template changed, in a folder of its own. */
function changed(
  paper: PaperKind,
  change: (source: string) => string,
  profile = kyokai,
  route: Route = 'home',
): Changed {
  const source = readFileSync(path.join(original, `${paper}.typ`), 'utf8');
  const text = change(source);
  if (text === source) throw new Error(`nothing of ${paper}.typ is changed`);
  const compile = (): unknown => {
    writeFileSync(path.join(templates, `${paper}.typ`), text);
    return templatesOf(profile, { folder: templates }).compile(paper, route);
  };
  return { source: text, compile, lineOf: (marked) => text.split('\n').findIndex((line) => line.includes(marked)) + 1 };
}

test.each([
  ['names an unknown field', 'field("symbol",', 'field("salary",', '知らない項目「salary」', 'field("salary"'],
  ['puts an item twice', 'field("sex",', 'field("number",', '項目「number」が二度', 'field("number", x: 52mm'],
  ['runs off the sheet', 'field("name", x: 15mm', 'field("name", x: 60mm', '項目「name」が用紙から', 'field("name"'],
  ['is another paper', 'kind: "card-front"', 'kind: "letter"', 'kind は "card-front"', '#sheet('],
  ['is no Typst', 'label(4mm, 22.6mm)[氏名]', 'label(4mm, 22.6mm)[氏名', 'unclosed delimiter', '#sheet('],
  ['names nothing known', 'rule(4mm, 8mm', 'ruler(4mm, 8mm', 'unknown variable: ruler', 'ruler('],
])('a template that %s is refused with its line', (_, from, to, message, marked) => {
  const { compile, lineOf } = changed('card-front', (source) => source.replace(from, to));
  const line = lineOf(marked);
  expect(compile).toThrow(TemplateError);
  expect(compile).toThrow(new RegExp(`card-front\\.typ:${line}行　.*${message}`));
});

/** The template places the field elsewhere, under another name, or not at all; in Typst's words, whichever template places it. */
const otherwise =
  (name: string, instead: string) =>
  (source: string): string =>
    source.replace(
      'field => {',
      `field => { let placed = field; let field = (name, ..rest) => if name == "${name}" { ${instead} } else { placed(name, ..rest) };`,
    );

/** Of a list's rows, the first: the others are placed by the same line. */
const ofOneRow = (names: Iterable<string>): string[] =>
  [...names].filter((name) => !/^(?:row|item)(?:[2-9]|\d\d)/.test(name));

test.each(STAMPED)('%s of %s by %s: no required item may be left out, no other be named', async (paper, id, route) => {
  const profile = await loadProfile(id);
  const { required } = fieldContract(paper, profile, route);
  const names = ofOneRow(required);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const without = changed(paper, otherwise(name, ''), profile, route);
    expect(without.compile, name).toThrow(TemplateError);
    expect(without.compile, name).toThrow(
      `${paper}.typ:${without.lineOf('#sheet(')}行　必要な項目「${name}」がありません。`,
    );
  }
  const [name] = names;
  const renamed = changed(paper, otherwise(name!, 'placed("salary", ..rest)'), profile, route);
  expect(renamed.compile).toThrow(/typ:\d+行　知らない項目「salary」/);
});

const WINDOWED = STAMPED.filter(([paper]) =>
  ['letter', 'notice', 'pre-notice', 'recall-slip', 'recall-letter'].includes(paper),
);

test.each(WINDOWED)('%s of %s by %s: nothing but the address may lie in the window', async (paper, id, route) => {
  const profile = await loadProfile(id);
  const { required } = fieldContract(paper, profile, route);
  const source = readFileSync(path.join(original, `${paper}.typ`), 'utf8');
  const allowed = source.slice(source.indexOf('allowed:'), source.indexOf('field =>'));
  const names = ofOneRow(required).filter((name) => !allowed.includes(`"${name}"`));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names.slice(0, 4)) {
    const { compile } = changed(paper, otherwise(name, 'placed(name, ..rest, x: 21mm, y: 30mm)'), profile, route);
    expect(compile, name).toThrow(
      new RegExp(`${paper}\\.typ:\\d+行　項目「${name.replace('.', '\\.')}」が封筒の窓に重なります`),
    );
  }
  // Nor does the artwork draw into it: what shows there is what is stamped.
  const { artwork } = templatesOf(profile).compile(paper, route);
  const pixels = (mm: number): number => Math.round((mm / 25.4) * 144);
  const { width, data } = await withPages(artwork, (draw) => draw(1, { scale: 2 }));
  const inked: string[] = [];
  for (let y = pixels(12); y < pixels(57); y++)
    for (let x = pixels(20); x < pixels(110); x++) if (data[(y * width + x) * 4]! < 250) inked.push(`${x} ${y}`);
  expect(inked).toEqual([]);
});

test('an insurer’s own template is checked like ours, and named', () => {
  mkdirSync(path.join(templates, kyokai.id), { recursive: true });
  const own = path.join(templates, kyokai.id, 'card-back.typ');
  const source = readFileSync(path.join(original, 'card-back.typ'), 'utf8').replace('"todoke.typ"', '"../todoke.typ"');
  writeFileSync(own, source);
  expect(() => templatesOf(kyokai, { folder: templates }).compile('card-back', 'home')).not.toThrow();
  writeFileSync(own, source.replace('"remarks"', '"remark"'));
  const line = source.split('\n').findIndex((text) => text.includes('"remarks"')) + 1;
  expect(() => templatesOf(kyokai, { folder: templates }).compile('card-back', 'home')).toThrow(
    `templates/kyokai-kenpo/card-back.typ:${line}行　知らない項目「remark」`,
  );
});

test('the clerk is told in words, and nothing is printed', async () => {
  const { compile } = changed('letter', (source) => source.replace('"sequence"', '"sequenze"'));
  expect(compile).toThrow(TemplateError);
  await expect(compilePaper(templatesOf(kyokai, { folder: templates }), 'letter', 'home')).rejects.toMatchObject({
    code: 'template',
    message: expect.stringMatching(/^雛形を直してください。templates\/letter\.typ:\d+行　知らない項目「sequenze」/),
  });
});
