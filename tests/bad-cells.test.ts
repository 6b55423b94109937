// No impossible cell on paper: every cell of a valid row, one at a time, is put as each of some three hundred bad cells. What
// comes of it is an error of the row, a hold of its piece, or a reading that shows nothing of the bad cell.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { MEMBER_COLUMNS, readMembers } from '../src/formats/members.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { WORKPLACE_COLUMNS, readWorkplaces } from '../src/formats/workplaces.ts';
import { noticeValues, requestFormValues } from '../src/print/notice-papers.ts';
import { certificateBackValues, certificateFrontValues, letterValues } from '../src/print/papers.ts';
import type { Member, Workplace } from '../src/rules/intake/member.ts';
import { planHousehold } from '../src/rules/issuing/enveloping.ts';
import { planNotices } from '../src/rules/issuing/notice-plan.ts';
import { customerBarcode } from '../src/rules/words/customer-barcode.ts';
import { holdsOfNotice, holdsOfPiece } from '../src/rules/printing/holds.ts';
import type { PrintableNotice, PrintablePiece } from '../src/rules/printing/printable.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { openTestFolder } from './ledger.ts';
import { writeWorkbook } from './workbook.ts';

/** What spreadsheets, programs, hosts, scans of forms and tired people leave in a cell. */
const BAD: readonly string[] = [
  '#N/A',
  '#REF!',
  '#VALUE!',
  '#NAME?',
  '#DIV/0!',
  '#NULL!',
  '#NUM!',
  '#SPILL!',
  '#CALC!',
  '#FIELD!',
  '#BUSY!',
  '#GETTING_DATA',
  '#BLOCKED!',
  '#CONNECT!',
  '#UNKNOWN!',
  '#ERROR!',
  '#n/a',
  '#ref!',
  ' #N/A ',
  '＃Ｎ／Ａ',
  '＃ＲＥＦ！',
  '#',
  '##',
  '########',
  '################',
  '＃＃＃＃',
  '="#N/A"',
  'NULL',
  'null',
  'Null',
  'ＮＵＬＬ',
  '(null)',
  '(NULL)',
  '<null>',
  '<NULL>',
  '[NULL]',
  '\\N',
  '￥N',
  '¥N',
  'nil',
  'NIL',
  'NaN',
  'nan',
  'NAN',
  '-NaN',
  'NaT',
  'None',
  'none',
  'NONE',
  'undefined',
  'Undefined',
  'UNDEFINED',
  'N/A',
  'n/a',
  'NA',
  '<NA>',
  '[object Object]',
  'TRUE',
  'FALSE',
  'true',
  'false',
  'Infinity',
  '-Infinity',
  'inf',
  '(空白)',
  '（空白）',
  '1E+05',
  '1.2E+10',
  '7.00001E+12',
  '1.23457E+11',
  '1.0E-05',
  '９．１Ｅ＋１１',
  '-1.5E+10',
  '1.23E+03',
  '2.0E+13',
  '123456789018',
  '１２３４５６７８９０１８',
  '1234-5678-9018',
  '1234 5678 9018',
  '123456-789018',
  '123-456-789-018',
  '1234~5678~9018',
  '1234,5678,9018',
  '1234￥5678￥9018',
  '123456​789018',
  '一二三四五六七八九〇一八',
  '①②③④⑤⑥⑦⑧⑨⓪①⑧',
  '١٢٣٤٥٦٧٨٩٠١٨',
  '𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎𝟏𝟖',
  '1.23456789018E+11',
  '番号は123456789012',
  '12 34 56 78 90 18',
  '●',
  '■',
  '□',
  '◆',
  '〓',
  '◇',
  '?',
  '？',
  '＿',
  '_',
  '??',
  '？？？',
  '●●　●●',
  '■■■',
  '□□',
  '〓〓',
  '山●　太郎',
  '佐？木　花',
  '〓田　一',
  '田□　二',
  '?田　三',
  '◆UF929◆',
  '有馬◆UF929◆人',
  '&#x9AD9;木',
  '&#39640;',
  '%E9%AB%99',
  '\\u9ad9木',
  '<gaiji>',
  '（外字）',
  '外字',
  'U+9AD9',
  '�',
  '山�田',
  '﨑�',
  '_ _',
  '＿　＿',
  '■　■',
  '⻑⻄　⻘⼦',
  '⼭⽥　太郎',
  '⽥中　⼀郎',
  '⼤阪府⼤阪市北区1-2-3',
  '東京都千代⽥区1-1',
  '⻑',
  '⼦',
  '⿓',
  '⺟',
  '譛ｬ逕ｰ',
  '螻ｱ逕ｰ縲螟ｪ驛',
  '譚ｱ莠ｬ驛ｽ蜊・ｻ｣逕ｰ蛹ｺ',
  '譚ｱ莠ｬ驛ｽ',
  '髴槭′髢｢',
  '繝薙Ν',
  '縺ゅ＞縺・',
  '螟ｧ髦ｪ蠎懷､ｧ髦ｪ蟶ょ圏蛹ｺ',
  '遉ｾ蜩｡',
  'æœ¬ç”°',
  'å±±ç”°',
  'æ±äº¬éƒ½',
  'ã‚ã„ã†',
  'Ã¥Â±Â±',
  'ï¼‘ï¼’',
  'R[',
  'Rc',
  '不明',
  '（不明）',
  '不詳',
  '未詳',
  '未定',
  '未登録',
  '未入力',
  '確認中',
  '調査中',
  '該当なし',
  '該当無し',
  '登録なし',
  '記載なし',
  'なし',
  '無し',
  '無',
  'ナシ',
  '同上',
  '同左',
  '同じ',
  '上記に同じ',
  '上に同じ',
  '〃',
  '々',
  '仝',
  '空白',
  '空欄',
  'ブランク',
  'テスト',
  'TEST',
  'test',
  'ダミー',
  'サンプル',
  '削除',
  '欠番',
  'XXX',
  'ＸＸＸ',
  'xxxx',
  'あああ',
  'アアア',
  'unknown',
  'UNKNOWN',
  '住所不明',
  '住所不定',
  '転居先不明',
  '海外',
  '国外',
  '外国',
  '海外在住',
  '国外転出',
  '日本',
  '事業所に同じ',
  '事業所と同じ',
  '会社に同じ',
  '勤務先に同じ',
  '本人に同じ',
  '被保険者と同じ',
  '住民票に同じ',
  '氏名不詳',
  '氏名なし',
  '東京都',
  '大阪府',
  '北海道',
  '神奈川県',
  '-',
  '--',
  '－',
  '‐',
  'ー',
  '―',
  '*',
  '**',
  '***',
  '＊',
  '.',
  '・',
  '/',
  '//',
  '0',
  '00',
  '000',
  '0000',
  '０',
  '00000000',
  '9999',
  '99999999',
  '0000000',
  '9999999',
  '0000-00-00',
  '0000/00/00',
  '9999-12-31',
  '99991231',
  '-1',
  '+',
  '~',
  '^',
  '=',
  '@',
  "'",
  "''",
  '""',
  '!',
  '%',
  '$',
  '…',
  '‥',
  '★',
  '☆',
  '○',
  '×',
  '△',
  '※',
  '→',
  '♪',
  '㈱',
  '①',
  'Ⅲ',
  '℡',
  '☎',
  '☺',
  '😀',
  '👨‍👩‍👧',
  '​',
  '​​',
  '‮',
  '⁠',
  '­',
  'ㅤ',
  'ᅟ',
  'ﾠ',
  '‎山田',
  '山‮田',
  '⠀',
  '\0',
  '',
  '\x07',
  '\x1B[31m',
  '',
  '山\x07田',
  'a\nb',
  '東京都\r\n千代田区',
  '	',
  'a	b',
  '',
  '2190-05-10',
  '5065-04-01',
  '1868-01-01',
  '0001-01-01',
  '2024-02-30',
  '2023-02-29',
  '2024-13-01',
  '2024/4/31',
  '昭和65年1月1日',
  '令和元年4月30日',
  '平成99年1月1日',
  '令和99年1月1日',
  '45383',
  '060401',
  '24/4/1',
  '4/1/2024',
  'Apr-24',
  '4月1日',
  '令和6年',
  '2024年',
  '3000-01-01',
  '9998-01-01',
  '12:34',
  '0:00',
  '1900/1/0',
  '1899-12-30T00:00:00Z',
  '2024-04-01T00:00:00+09:00',
  '=A1',
  '=VLOOKUP(A1,B:C,2,0)',
  '=SUM(A1:A9)',
  '+81',
  '@SUM(1)',
  "' OR 1=1 --",
  '<b>山田</b>',
  '<script>',
  '{{name}}',
  '${name}',
  '#read("x")',
  '%s',
  '{0}',
  '様',
  '殿',
  '御中',
  '山'.repeat(300),
  'あ'.repeat(101),
  '1'.repeat(40),
  ' ',
  '　',
  '\xA0',
];

const MEMBER: Readonly<Record<string, string>> = {
  記号: '100',
  番号: '7',
  枝番: '00',
  氏名: '見本　花子',
  カナ氏名: 'ミホン　ハナコ',
  生年月日: '1990-05-10',
  性別: '2',
  本人家族区分: '1',
  資格取得年月日: '2015-04-01',
  取得決定年月日: '2015-04-10',
  被保険者区分: '1',
  健康保険証: '1',
  郵便番号: '1000013',
  住所: '東京都千代田区霞が関1-3-2',
  方書: '霞が関ハイツ201',
  旧姓: '佐藤',
  旧姓併記: '1',
};
/** With an address of its own for mail, whose cells are then the ones on paper. */
const MAILED = {
  ...MEMBER,
  送付先郵便番号: '1020075',
  送付先住所: '東京都千代田区三番町6-1',
  送付先方書: '三番町ビル',
};
const WORKPLACE = { 記号: '100', 事業所名称: '株式会社見本' };

const TODAY = '2026-11-30' as LocalDate;
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');

/** Values that a column may hold, however odd they are as its neighbour's: a number, a room, a sign for "no". */
const MAY_BE: Readonly<Record<string, RegExp>> = {
  記号: /^[0-9０-９ァ-ヺーｦ-ﾟぁ-ゖ]{1,8}$/,
  番号: /^\d{1,15}$/,
  方書: /^[-+]?[\d０-９]+$/,
  送付先方書: /^[-+]?[\d０-９]+$/,
};

interface Mutant {
  readonly column: string;
  readonly bad: string;
  readonly cells: Readonly<Record<string, string>>;
}

function mutantsOf(base: Readonly<Record<string, string>>, columns: readonly { readonly name: string }[]): Mutant[] {
  return columns.flatMap(({ name: column }) =>
    BAD.filter((bad) => MAY_BE[column]?.test(bad) !== true).map((bad) => ({
      column,
      bad,
      cells: { ...base, [column]: bad },
    })),
  );
}

/** Every mutant a line of one file; what each became, by its place: null = an error of its row. */
async function readAll<T>(
  mutants: readonly Mutant[],
  columns: readonly { readonly name: string }[],
  read: (
    file: string,
    options: { today: LocalDate },
  ) => AsyncIterable<{
    rows: readonly { readonly line: number; readonly value: T }[];
    errors: readonly { readonly line: number }[];
  }>,
): Promise<(T | null)[]> {
  const file = path.join(folder, 'mutants.csv');
  const lineOf: number[] = [];
  let line = 2;
  const text = mutants.map(({ cells }) => {
    const written = csvLine(columns.map((column) => cells[column.name] ?? ''));
    lineOf.push(line);
    line += written.split('\n').length - 1;
    return written;
  });
  writeFileSync(file, csvLine(columns.map((column) => column.name)) + text.join(''));
  const values = new Map<number, T>();
  const wrong = new Set<number>();
  for await (const batch of read(file, { today: TODAY })) {
    for (const row of batch.rows) values.set(row.line, row.value);
    for (const error of batch.errors) wrong.add(error.line);
  }
  return lineOf.map((own) => {
    expect(values.has(own)).toBe(!wrong.has(own));
    return values.get(own) ?? null;
  });
}

/** The one piece that would be printed for a person, or null where nothing is due. */
function pieceOf(member: Member, workplace: Workplace | null): PrintablePiece | null {
  const rules = {
    route: workplace === null ? ('home' as const) : ('workplace' as const),
    limit: 4,
    issuedOn: '2025-07-22' as LocalDate,
    validity: kyokai.validity,
    elderly: kyokai.elderly,
  };
  const { symbol, number } = member;
  const targets = [{ ...member, determined: null }];
  const [piece] = planHousehold({ symbol, number, insured: member, targets }, rules).pieces;
  if (!piece) return null;
  const { route, addressee, address } = piece;
  return {
    mailpieceNumber: '20001000000013',
    route,
    symbol,
    number,
    sequence: 1,
    sequenceCount: 1,
    firstOfHousehold: '20001000000013',
    addressee,
    address,
    workplace,
    customerBarcode: address === null ? '' : (customerBarcode(address)?.bars ?? ''),
    certificates: piece.certificates.map(({ validThrough, ratio }) => ({
      ...member,
      certificateNumber: '10001000000015',
      issuedOn: rules.issuedOn,
      validThrough,
      ratio,
      isProtected: false,
      insuredName: null,
    })),
  };
}

/** All that would stand on the letter and on both faces of the certificate, but for what a machine reads. */
function wordsOf(piece: PrintablePiece): string[] {
  const [certificate] = piece.certificates;
  const pages = [
    letterValues(piece, kyokai, 1),
    certificateFrontValues(certificate!, kyokai, ''),
    certificateBackValues(certificate!),
  ];
  return pages.flatMap((page) =>
    Object.entries(page).flatMap(([field, text]) => (text && !/Code$|Barcode$|^qr$/.test(field) ? [text] : [])),
  );
}

/** What a mutant would put on paper that holds its bad cell; [] = nothing. */
function shown({ bad }: Mutant, piece: PrintablePiece | null, base: readonly string[]): string[] {
  return piece === null || holdsOfPiece(piece).length > 0 ? [] : holding(bad, wordsOf(piece), base);
}

/** Words that are not usual and hold the bad cell. */
function holding(bad: string, words: readonly string[], base: readonly string[]): string[] {
  const usual = new Set(base);
  return bad.trim() === '' ? [] : words.filter((text) => !usual.has(text) && text.includes(bad.trim()));
}

/** The notice of a person that would be printed, or null where none is due. */
function noticeOf(member: Member): PrintableNotice | null {
  const { symbol, number } = member;
  const holdsElderlyCertificate = true;
  const target = { ...member, matchClass: 'unresolved', determined: null, holdsElderlyCertificate } as const;
  const rules = { issuedOn: TODAY, unresolved: 'send-without-digits', digits: null, way: 'home' } as const;
  const [notice] = planNotices({ symbol, number, insured: member, targets: [target] }, rules).notices;
  if (!notice) return null;
  return {
    ...member,
    ...notice,
    mailpieceNumber: '20001000000013',
    firstOfHousehold: '20001000000013',
    insuredName: member.name,
    hasInsured: true,
    hasDigits: true,
    workplace: null,
    customerBarcode: '',
    issuedOn: TODAY,
    last4: null,
    ratio: null,
    ratioFrom: null,
    ratioThrough: null,
  };
}

function wordsOfNotice(notice: PrintableNotice): string[] {
  const pages = [noticeValues(notice, kyokai, 1), requestFormValues(notice)];
  return pages.flatMap((page) =>
    Object.entries(page).flatMap(([field, text]) => (text && !/Code$|Barcode$/.test(field) ? [text] : [])),
  );
}

test('no bad cell of a member reaches a notice or its request form', async () => {
  const mutants = [...mutantsOf(MEMBER, MEMBER_COLUMNS), ...mutantsOf(MAILED, MEMBER_COLUMNS.slice(17, 20))];
  const members = await readAll(mutants, MEMBER_COLUMNS, readMembers);
  const good = await readAll(
    [MEMBER, MAILED].map((cells) => ({ column: '', bad: '', cells })),
    MEMBER_COLUMNS,
    readMembers,
  );
  const base = good.flatMap((member) => wordsOfNotice(noticeOf(member!)!));
  expect(holdsOfNotice(noticeOf(good[0]!)!)).toEqual([]);
  const seen = mutants.flatMap(({ column, bad }, i) => {
    const member = members[i];
    const notice = member ? noticeOf(member) : null;
    const words = notice && holdsOfNotice(notice).length === 0 ? holding(bad, wordsOfNotice(notice), base) : [];
    return words.length > 0 ? [`${column}「${bad}」: ${words.join(' / ')}`] : [];
  });
  expect(seen).toEqual([]);
});

test('a workbook with the same cells gives the same rows and the same errors', async () => {
  const mutants = mutantsOf(MEMBER, MEMBER_COLUMNS);
  const asText = await readAll(mutants, MEMBER_COLUMNS, readMembers);
  const names = MEMBER_COLUMNS.map((column) => column.name);
  const file = path.join(folder, 'mutants.xlsx');
  writeWorkbook(file, [names, ...mutants.map(({ cells }) => names.map((name) => cells[name] ?? ''))]);
  const values = new Map<number, Member>();
  for await (const batch of readMembers(file, { today: TODAY }))
    for (const row of batch.rows) values.set(row.line, row.value);
  const different = mutants.flatMap(({ column, bad }, i) => {
    const own = values.get(i + 2) ?? null;
    return JSON.stringify(own) === JSON.stringify(asText[i]) ? [] : [`${column}「${bad}」`];
  });
  expect(different).toEqual([]);
});

test('no bad cell of a member reaches a letter or a certificate', async () => {
  expect(new Set(BAD).size).toBeGreaterThan(300);
  const mutants = [...mutantsOf(MEMBER, MEMBER_COLUMNS), ...mutantsOf(MAILED, MEMBER_COLUMNS.slice(17, 20))];
  const members = await readAll(mutants, MEMBER_COLUMNS, readMembers);
  const [good] = await readAll([{ column: '', bad: '', cells: MEMBER }], MEMBER_COLUMNS, readMembers);
  const [mailed] = await readAll([{ column: '', bad: '', cells: MAILED }], MEMBER_COLUMNS, readMembers);
  const base = [good!, mailed!].flatMap((member) => wordsOf(pieceOf(member, null)!));
  expect(holdsOfPiece(pieceOf(good!, null)!)).toEqual([]);
  const seen = mutants.flatMap((mutant, i) => {
    const member = members[i];
    const words = member ? shown(mutant, pieceOf(member, null), base) : [];
    return words.length > 0 ? [`${mutant.column}「${mutant.bad}」: ${words.join(' / ')}`] : [];
  });
  expect(seen).toEqual([]);
});

test('no bad cell of a workplace reaches the letter of a piece that goes through it', async () => {
  const mutants = mutantsOf(WORKPLACE, WORKPLACE_COLUMNS).filter(({ bad }) => !PLACE_NAMES.has(bad));
  const workplaces = await readAll(mutants, WORKPLACE_COLUMNS, readWorkplaces);
  const [member] = await readAll([{ column: '', bad: '', cells: MEMBER }], MEMBER_COLUMNS, readMembers);
  const [good] = await readAll([{ column: '', bad: '', cells: WORKPLACE }], WORKPLACE_COLUMNS, readWorkplaces);
  const base = wordsOf(pieceOf(member!, good!)!);
  const seen = mutants.flatMap((mutant, i) => {
    const workplace = workplaces[i];
    const words = workplace ? shown(mutant, pieceOf(member!, workplace), base) : [];
    return words.length > 0 ? [`${mutant.column}「${mutant.bad}」: ${words.join(' / ')}`] : [];
  });
  expect(seen).toEqual([]);
});

/** Employers are called so: 東京都 is one of the largest; and some ask a question. */
const PLACE_NAMES: ReadonlySet<string> = new Set([
  '東京都',
  '大阪府',
  '北海道',
  '神奈川県',
  '日本',
  '海外',
  '国外',
  '外国',
  '佐？木　花',
  '?田　三',
]);
