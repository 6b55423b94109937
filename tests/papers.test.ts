// Every paper as it comes out of the printer: codes, text and pixels, looked at by programs that are not ours.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { compilePapers } from '../src/operations/printing/print-certificates.ts';
import { compilePaper } from '../src/operations/printing/compiled-papers.ts';
import { printBatch } from '../src/print/batch.ts';
import type { PrintedBatch } from '../src/print/batch.ts';
import { fit } from '../src/print/fit.ts';
import { Booklet } from '../src/print/booklet.ts';
import { FontStack } from '../src/print/fonts.ts';
import type { Glyph } from '../src/print/fonts.ts';
import { inserterDigits, preNoticeValues, workplaceListValues } from '../src/print/papers.ts';
import type { PaperKind, PrintableWorkplace } from '../src/print/papers.ts';
import { SCHEMES } from '../src/rules/papers/scheme.ts';
import type { PrintablePiece } from '../src/rules/printing/printable.ts';
import { PrintFile } from '../src/print/pdf.ts';
import { referencePiece } from '../src/print/reference.ts';
import { recallListValues, recallSlipValues } from '../src/print/recall-papers.ts';
import type { PrintableRecall } from '../src/print/recall-papers.ts';
import { Stamper } from '../src/print/stamp.ts';
import type { Route } from '../src/rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { openTestFolder } from './ledger.ts';
import { differingShare, drawPages, readCodes, readTexts } from './pages.ts';
import { formatPaperNumber, paperNumber } from '../src/rules/words/check-digits.ts';
import { pieceCast, certificate, piece } from './cast.ts';
import { templatesOf, textsOf } from './papers.ts';

const folder = openTestFolder();
const STACK = new FontStack();
const KINDS: readonly (readonly [profile: string, route: Route])[] = [
  ['mbk', 'workplace'],
  ['mbk', 'home'],
  ['kyokai-kenpo', 'home'],
  ['seamen', 'home'],
];

async function print(
  profile: InsurerProfile,
  route: Route,
  pieces: readonly PrintablePiece[],
  stack = STACK,
): Promise<PrintedBatch & { letters: Buffer; certificates: Buffer }> {
  const outDir = path.join(folder, `${profile.id}-${route}`);
  mkdirSync(path.join(outDir, 'print'), { recursive: true });
  const papers = (await compilePapers(profile, textsOf(profile), [route]))[route]!;
  const result = printBatch({ no: 7, pieces, papers, profile, stack, outDir });
  const [letters, certificates] = result.files.map((file) => readFileSync(path.join(outDir, file.path)));
  return { ...result, letters: letters!, certificates: certificates! };
}

test.each(KINDS)('%s by %s: every code on paper says what it should', { timeout: 60_000 }, async (id, route) => {
  const profile = await loadProfile(id);
  const pieces = pieceCast(profile, route);
  const { letters, certificates, printed } = await print(profile, route, pieces);
  expect(printed.map((p) => p.letterPage)).toEqual([1, 2, 3]);
  const letterPictures = await drawPages(letters, [0, 1, 2], 4);
  for (const [i, picture] of letterPictures.entries()) {
    const codes = await readCodes(picture);
    expect(codes).toContainEqual({ format: 'Code128', text: pieces[i]!.mailpieceNumber });
    expect(codes).toContainEqual({ format: 'DataMatrix', text: inserterDigits(pieces[i]!, 7) });
  }
  const faces = pieces.flatMap((p) => p.certificates);
  const pictures = await drawPages(
    certificates,
    faces.map((_, i) => i * 2),
    4,
  );
  for (const [i, picture] of pictures.entries()) {
    const codes = await readCodes(picture);
    expect(codes).toEqual(profile.form.showsQr ? [{ format: 'QRCode', text: faces[i]!.certificateNumber }] : []);
  }
});

test.each(KINDS)('%s by %s: stamped pages are the pages Typst sets', { timeout: 120_000 }, async (id, route) => {
  const profile = await loadProfile(id);
  const templates = templatesOf(profile);
  const pieces = pieceCast(profile, route);
  const { letters, certificates, printed } = await print(profile, route, pieces);
  for (const [i, p] of pieces.entries()) {
    const reference = referencePiece(templates, p, profile, 7);
    const count = Math.min(p.certificates.length, 2);
    const numbers = Array.from({ length: count }, (_, k) => k);
    const from = printed[i]!.certificatePage - 1;
    const stamped = [
      ...(await drawPages(letters, [i], 2)),
      ...(await drawPages(
        certificates,
        numbers.map((k) => from + k * 2),
        3,
      )),
      ...(await drawPages(
        certificates,
        numbers.map((k) => from + k * 2 + 1),
        3,
      )),
    ];
    const meant = [
      ...(await drawPages(reference.letter, [0], 2)),
      ...(await drawPages(reference.fronts, numbers, 3)),
      ...(await drawPages(reference.backs!, numbers, 3)),
    ];
    for (const [k, picture] of stamped.entries())
      expect(differingShare(picture, meant[k]!), `piece ${i}, page ${k}`).toBeLessThan(0.001);
  }
});

test(
  'a name with user-defined characters of an OpenType font (CFF) is the one Typst sets',
  { timeout: 60_000 },
  async () => {
    const plain = await loadProfile('kyokai-kenpo');
    const fonts = [path.join(import.meta.dirname, 'fonts', 'gaiji.otf')];
    const profile = { ...plain, id: 'own-font', print: { ...plain.print, fonts } };
    const own = piece(10, 'home', [certificate(10, '00', { name: '渡\uE003　\uE006之\uE008' })]);
    const { letters, certificates, held } = await print(profile, 'home', [own], new FontStack(fonts));
    expect(held).toEqual([]);
    const reference = referencePiece(templatesOf(profile, { fonts }), own, profile, 7);
    for (const [stamped, meant] of [
      [certificates, reference.fronts],
      [letters, reference.letter],
    ] as const) {
      const [here] = await drawPages(stamped, [0], 3);
      const [there] = await drawPages(meant, [0], 3);
      expect(differingShare(here!, there!)).toBeLessThan(0.001);
    }
    const [face] = await readTexts(certificates, [0]);
    expect(face).toContain('渡\uE003\uE006之\uE008');
  },
);

test('the employer’s letter and list, stamped, are the pages Typst sets', { timeout: 60_000 }, async () => {
  const profile = await loadProfile('mbk');
  const templates = templatesOf(profile);
  const workplace: PrintableWorkplace = {
    symbol: '12345678',
    workplace: {
      name: '特定非営利活動法人あいうえおかきくけこさしすせそたちつてとなにぬねのはひ',
      postalCode: '1638001',
      address: '東京都新宿区西新宿二丁目8番1号',
      building: '第一本庁舎２０階',
      employerName: '勅使河原　権左衛門之丞',
    },
    targets: Array.from({ length: 31 }, (_, i) => ({
      number: String(i),
      subNumber: '00',
      name: i % 2 ? '髙橋　太郎' : 'ＡＬＥＸＡＮＤＥＲ　ＭＡＲＩＡ　ＤＥ　ＬＡ　ＣＲＵＺ　ＧＯＮＺＡＬＥＺ',
      relation: 'insured',
    })),
  };
  const on = '2025-11-04' as LocalDate;
  const recall: PrintableRecall = {
    kind: 'list',
    symbol: workplace.symbol,
    workplace: workplace.workplace,
    askedOn: on,
    papers: workplace.targets.map((target, i) => ({
      ...target,
      certificateNumber: '10001000000016',
      ground: i % 2 ? 'lost' : 'enrolled',
    })),
  };
  for (const [paper, pages] of [
    ['pre-notice', [preNoticeValues(workplace, on, SCHEMES.health)]],
    ['workplace-list', workplaceListValues(workplace, on)],
    [
      'recall-slip',
      (['list', 'reminder'] as const).map((kind) =>
        recallSlipValues(
          { ...recall, kind },
          SCHEMES.health,
          textsOf(profile, kind === 'list' ? 'recall' : 'reminder'),
        ),
      ),
    ],
    ['recall-list', recallListValues(recall)],
  ] as const) {
    const { sheet, artwork } = await compilePaper(templates, paper, 'workplace');
    const { width, height, bleed } = sheet;
    const file = path.join(folder, `${paper}.pdf`);
    const print = new PrintFile({ path: file, title: '', width, height, bleed, artworks: [artwork] }, STACK);
    const stamper = new Stamper(sheet, '/A0', STACK, print.fonts);
    for (const values of pages) print.addPage(stamper.stamp(values).content);
    print.finish();
    const numbers = pages.map((_, i) => i);
    const stamped = await drawPages(readFileSync(print.part), numbers, 2);
    const meant = await drawPages(templates.reference(paper, 'workplace', pages), numbers, 2);
    for (const [i, picture] of stamped.entries()) expect(differingShare(picture, meant[i]!)).toBeLessThan(0.001);
  }
});

test('a page that lacks one digit differs from its reference', { timeout: 60_000 }, async () => {
  const profile = await loadProfile('mbk');
  const whole = piece(10, 'workplace', [certificate(10, '00')]);
  const { certificates } = await print(profile, 'workplace', [whole]);
  const other = piece(10, 'workplace', [certificate(10, '00', { number: '123456' })]);
  const { fronts } = referencePiece(templatesOf(profile), other, profile, 7);
  const [stamped] = await drawPages(certificates, [0], 3);
  const [meant] = await drawPages(fronts, [0], 3);
  expect(differingShare(stamped!, meant!)).toBeGreaterThan(0.0001);
});

test('the text of a page can be found and copied: every item of the face, digit by digit', async () => {
  const profile = await loadProfile('mbk');
  const { certificates, letters } = await print(profile, 'workplace', pieceCast(profile, 'workplace'));
  const [face] = await readTexts(certificates, [0]);
  for (const item of [
    formatPaperNumber(paperNumber('certificate', 1, 10)),
    '12345678',
    '1234567',
    '髙橋太郎',
    'タカハシタロウ',
    '昭和55年2月11日',
    '男',
    '本人（被保険者）',
    '平成31年4月1日',
    '令和7年11月4日',
    '令和11年11月30日',
    '06139992',
    'MBK連合健康保険組合',
  ])
    expect(face).toContain(item);
  expect(face).not.toContain('割');
  const [, back] = await readTexts(certificates, [0, 5]);
  expect(back).toContain('氏名欄の括弧内は旧姓');
  expect(back).toContain('戸籍上の性別女');
  const [letter] = await readTexts(letters, [1]);
  expect(letter).toContain('特定非営利活動法人あいうえおかきくけこさしすせそたちつてとなにぬねのはひ');
});

test('a letter to dependents alone shows the name without symbol and number', async () => {
  const profile = await loadProfile('mbk');
  const { letters } = await print(profile, 'workplace', [
    piece(10, 'workplace', [certificate(10, '01')]),
    piece(30, 'workplace', [certificate(30, '00')]),
  ]);
  const [dependents, insured] = await readTexts(letters, [0, 1]);
  expect(insured).toContain('記号12345678番号1234567');
  expect(dependents).toContain('髙橋太郎様');
  expect(dependents).not.toContain('12345678番号');
});

test('a certificate is headed with the name of its scheme', async () => {
  for (const [id, title] of [
    ['seamen', '船員保険資格確認書'],
    ['kyokai-kenpo', '健康保険資格確認書'],
  ] as const) {
    const profile = await loadProfile(id);
    const { certificates } = await print(profile, 'home', [piece(10, 'home', [certificate(10, '00')])]);
    const [face] = await readTexts(certificates, [0]);
    expect(face).toContain(title);
  }
});

test('a letter names twelve and says how many more there are, not over one of the names', async () => {
  const profile = await loadProfile('mbk');
  const household = Array.from({ length: 14 }, (_, i) => certificate(10 + i, String(i).padStart(2, '0')));
  const { letters } = await print(profile, 'workplace', [piece(10, 'workplace', household)]);
  const [letter] = await readTexts(letters, [0]);
  expect(letter).toContain('ほか2名');
  const { fields } = templatesOf(profile).compile('letter', 'workplace').sheet;
  const more = fields.find((field) => field.name === 'more')!;
  for (const item of fields.filter((field) => field.name.startsWith('item'))) {
    const apart =
      item.y + item.height <= more.y ||
      more.y + more.height <= item.y ||
      item.x + item.width <= more.x ||
      more.x + more.width <= item.x;
    expect(apart, item.name).toBe(true);
  }
});

test('a piece with a character no font has is held alone, by key and code point', async () => {
  const profile = await loadProfile('mbk');
  const userDefined = piece(10, 'workplace', [certificate(10, '00', { name: '髙橋　\uE000' })]);
  const ordinary = piece(20, 'workplace', [certificate(20, '00')]);
  const result = await print(profile, 'workplace', [userDefined, ordinary]);
  expect(result.printed.map((p) => p.mailpieceNumber)).toEqual([ordinary.mailpieceNumber]);
  expect(result.held).toEqual([
    {
      mailpieceNumber: userDefined.mailpieceNumber,
      subNumber: '',
      reason: 'missing-character',
      field: 'item1.name',
      codePoint: 'U+E000',
    },
    {
      mailpieceNumber: userDefined.mailpieceNumber,
      subNumber: '00',
      reason: 'missing-character',
      field: 'name',
      codePoint: 'U+E000',
    },
  ]);
});

test('a variant no font has is printed as its base character and listed; one a font has is printed as it is', async () => {
  const profile = await loadProfile('mbk');
  const unknown = piece(10, 'workplace', [certificate(10, '00', { name: '葛\u{E01EF}　太郎' })]);
  const known = piece(20, 'workplace', [certificate(20, '00', { name: '葛\u{E0100}　太郎' })]);
  const result = await print(profile, 'workplace', [unknown, known]);
  expect(result.held).toEqual([]);
  expect(result.replaced.map((r) => [r.mailpieceNumber, r.subNumber, r.field, r.codePoint])).toEqual([
    [unknown.mailpieceNumber, '', 'item1.name', 'U+845B U+E01EF'],
    [unknown.mailpieceNumber, '00', 'name', 'U+845B U+E01EF'],
  ]);
});

test('an address that is missing, a workplace nobody knows and a name that fits nowhere stop their pieces', async () => {
  const profile = await loadProfile('mbk');
  const noAddress = piece(10, 'home', [certificate(10, '00')], { address: null });
  const home = await print(profile, 'home', [noAddress, piece(20, 'home', [certificate(20, '00')])]);
  expect(home.held.map((h) => h.reason)).toEqual(['address-missing']);
  const noWorkplace = piece(10, 'workplace', [certificate(10, '00')], { workplace: null });
  const tooLong = piece(20, 'workplace', [certificate(20, '00', { name: '長井'.repeat(45) })]);
  const result = await print(profile, 'workplace', [
    noWorkplace,
    tooLong,
    piece(30, 'workplace', [certificate(30, '00')]),
  ]);
  expect(result.printed).toHaveLength(1);
  expect(new Set(result.held.map((h) => `${h.reason} ${h.field}`))).toEqual(
    new Set(['workplace-unknown workplaceName', 'does-not-fit item1.name', 'does-not-fit name']),
  );
});

test('a long name of Latin letters fits wherever a name stands, and no word of it is cut', async () => {
  const name = 'ＡＬＥＸＡＮＤＥＲ　ＭＡＲＩＡ　ＤＥ　ＬＡ　ＣＲＵＺ　ＧＯＮＺＡＬＥＺ';
  const papers: readonly PaperKind[] = [
    ...(['letter', 'card-front', 'postcard-front', 'notice', 'request-form', 'pre-notice', 'workplace-list'] as const),
    ...(['recall-slip', 'recall-list', 'parcel-contents', 'notice-parcel-label', 'notice-parcel-contents'] as const),
    'recorded-delivery',
  ];
  let fields = 0;
  for (const id of ['kyokai-kenpo', 'mbk']) {
    const profile = await loadProfile(id);
    const templates = templatesOf(profile);
    for (const paper of papers) {
      if (/^(card|postcard)-/.test(paper) && !paper.startsWith(profile.form.kind)) continue;
      for (const field of templates.compile(paper, 'home').sheet.fields) {
        if (!/^(row\d+\.)?(name|kana|addressee|insuredName|employerName)$|\.label$|^item/.test(field.name)) continue;
        const glyphs = STACK.glyphs(`00　${name}　様`, field.weight) as Glyph[];
        const fitted = fit(glyphs, field);
        expect(fitted, `${paper} ${field.name}`).not.toBeNull();
        for (const start of fitted!.starts.slice(1)) expect(glyphs[start - 1]!.text).toBe('　');
        fields += 1;
      }
    }
  }
  expect(fields).toBeGreaterThan(300);
});

test('a batch of held pieces alone leaves no file', async () => {
  const profile = await loadProfile('mbk');
  const outDir = path.join(folder, 'held');
  mkdirSync(path.join(outDir, 'print'), { recursive: true });
  const papers = (await compilePapers(profile, textsOf(profile), ['home'])).home!;
  const noAddress = piece(10, 'home', [certificate(10, '00')], { address: null });
  const result = printBatch({ no: 1, pieces: [noAddress], papers, profile, stack: STACK, outDir });
  expect(result).toMatchObject({ files: [], printed: [] });
});

test('in a book of lists a recipient whose pages cannot be printed is left out whole, alone, and told', async () => {
  const profile = await loadProfile('mbk');
  const templates = templatesOf(profile);
  const outDir = path.join(folder, 'book');
  mkdirSync(path.join(outDir, 'lists'), { recursive: true });
  const papers = [
    await compilePaper(templates, 'pre-notice', 'workplace'),
    await compilePaper(templates, 'workplace-list', 'workplace'),
  ];
  const book = new Booklet({ outDir, folder: 'lists', title: '', pagesPerFile: 4, papers }, STACK);
  const on = '2025-11-04' as LocalDate;
  const add = (symbol: string, employerName: string, name: string): ReturnType<Booklet['add']> => {
    const target = { number: '1', subNumber: '00', name, relation: 'insured' } as const;
    const workplace: PrintableWorkplace = {
      symbol,
      workplace: { name: '株式会社あさひ', postalCode: '1638001', address: '東京都新宿区', building: '', employerName },
      targets: [target],
    };
    return book.add([
      { paper: 0, values: preNoticeValues(workplace, on, SCHEMES.health) },
      ...workplaceListValues(workplace, on).map((values) => ({ paper: 1, values })),
    ]);
  };
  const places = [
    add('1', '大江戸　花子', '髙橋　太郎'),
    add('2', '長'.repeat(300), '髙橋　太郎'),
    add('3', '大江戸　花子', '髙橋　\uE000'),
    add('4', '大江戸　花子', '髙橋　太郎'),
    add('5', '大江戸　花子', '髙橋　太郎'),
  ];
  expect(places).toEqual([
    { file: 'lists/0001.pdf', page: 1, held: '' },
    { file: '', page: null, held: 'employerName' },
    { file: '', page: null, held: 'row1.name U+E000' },
    { file: 'lists/0001.pdf', page: 3, held: '' },
    { file: 'lists/0002.pdf', page: 1, held: '' },
  ]);
  expect(book.finish().map((file) => [file.path, file.pageCount])).toEqual([
    ['lists/0001.pdf', 4],
    ['lists/0002.pdf', 2],
  ]);
  const texts = await readTexts(readFileSync(path.join(outDir, 'lists', '0001.pdf')), [0, 1, 2, 3]);
  expect(texts.join('')).not.toContain('長長');
});

// 健保則51条2項・4項, 47条7項; 船員保険法施行規則40条2項・4項.
test.each([
  ['kyokai-kenpo', {}, '5日以内に事業主に提出してください'],
  ['kyokai-kenpo', { insuredClass: 'voluntary-continuation' }, '5日以内に保険者に返納してください'],
  ['kyokai-kenpo', { insuredClass: 'special-retiree' }, '5日以内に保険者に返納してください'],
  ['kyokai-kenpo', { hasOptionalEntries: true }, '5日以内に保険者に返納してください'],
  ['mbk', {}, '5日以内に事業主に提出してください'],
  ['mbk', { insuredClass: 'voluntary-continuation' }, '5日以内に保険者に返納してください'],
  ['seamen', {}, '10日以内に船舶所有者に提出してください'],
  ['seamen', { insuredClass: 'voluntary-continuation' }, '5日以内に全国健康保険協会に返納してください'],
] as const)('the back of %s for %j says whom it goes back to', async (id, holder, sentence) => {
  const profile = await loadProfile(id);
  const others = [piece(10, 'home', [certificate(10, '00'), certificate(11, '01')])];
  const own = piece(20, 'home', [certificate(20, '00', holder)]);
  const { certificates } = await print(profile, 'home', [...others, own]);
  const texts = await readTexts(certificates, [1, 5]);
  expect(texts[1]).toContain(sentence);
  expect(texts[0]).toContain(id === 'seamen' ? '10日以内に船舶所有者に提出' : '5日以内に事業主に提出');
});

test('the back holds what a few people have there: registered name, former name, sex, entries with their days', async () => {
  const profile = await loadProfile('kyokai-kenpo');
  const change = {
    registeredName: '高橋　太郎左衛門',
    formerName: '協会',
    showsFormerName: true,
    sexOnBack: true,
    hasOptionalEntries: true,
    optionalContent: '限度額適用認定　適用区分ウ',
    optionalFrom: '2025-08-01' as LocalDate,
    optionalThrough: '2026-07-31' as LocalDate,
  };
  const { certificates, held } = await print(profile, 'home', [piece(10, 'home', [certificate(10, '00', change)])]);
  expect(held).toEqual([]);
  const [face, back] = await readTexts(certificates, [0, 1]);
  expect(face).toContain('髙橋（協会）太郎');
  expect(face).not.toContain('太郎左衛門');
  for (const words of [
    '戸籍上の氏名高橋太郎左衛門',
    '氏名欄の括弧内は旧姓',
    '戸籍上の性別男',
    '限度額適用認定適用区分ウ発効期日令和7年8月1日有効期限令和8年7月31日',
  ])
    expect(back).toContain(words);
});
