import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import { isNoBuilding } from '../rules/intake/cells.ts';
import type { Enrolment, Member, Workplace } from '../rules/intake/member.ts';
import type { LocalDate } from '../rules/words/local-date.ts';
import { holdsIndividualNumber } from '../rules/words/individual-numbers.ts';
import { csvLine } from './csv.ts';
import { encodeCp932 } from './encoding.ts';
import { ENROLMENT_COLUMNS, enrolmentCells, readEnrolment } from './enrolment.ts';
import { IntakeFault } from './intake.ts';
import type { IntakeRows, IntakeOptions, RowError } from './intake.ts';
import { MEMBER_COLUMNS, memberCells, readMembers } from './members.ts';
import { WORKPLACE_COLUMNS, readWorkplaces, workplaceCells } from './workplaces.ts';

const folder = openTestFolder();
const TODAY = '2024-06-01' as LocalDate;
const HEADER = MEMBER_COLUMNS.map((c) => c.name) as string[];
const GOOD: Record<string, string> = {
  記号: '10000001',
  番号: '12',
  枝番: '00',
  氏名: '髙木　花子',
  カナ氏名: 'ﾀｶｷﾞ ﾊﾅｺ',
  生年月日: '平成元年5月10日',
  性別: '2',
  本人家族区分: '1',
  資格取得年月日: 'R6.4.1',
  郵便番号: '100-0013',
  住所: '東京都千代田区霞が関1-3-2',
};
const row = (change: Record<string, string>): string =>
  csvLine(HEADER.map((name) => ({ ...GOOD, ...change })[name] ?? ''));

async function gather<T>(batches: AsyncIterable<IntakeRows<T>>): Promise<{ rows: T[]; errors: RowError[] }> {
  const all = { rows: [] as T[], errors: [] as RowError[] };
  for await (const batch of batches) {
    all.rows.push(...batch.rows.map((r) => r.value));
    all.errors.push(...batch.errors);
  }
  return all;
}

function read(text: string | Uint8Array, options: IntakeOptions = {}): Promise<{ rows: Member[]; errors: RowError[] }> {
  const file = path.join(folder, '加入者.csv');
  writeFileSync(file, text);
  return gather(readMembers(file, { today: TODAY, ...options }));
}

test('a good row', async () => {
  const { rows, errors } = await read(csvLine(HEADER) + row({}));
  expect(errors).toEqual([]);
  expect(rows[0]).toMatchObject({
    name: '髙木　花子',
    kana: 'タカギ　ハナコ',
    bornOn: '1989-05-10',
    sex: 'female',
    acquiredOn: '2024-04-01',
    holdsLegacyCard: true,
    insuredClass: 'general',
    home: { postalCode: '1000013' },
    mailTo: null,
  });
});

test.each([
  ['a date that is none', { 生年月日: '昭和65年1月1日' }, '生年月日', 'date'],
  ['an empty name', { 氏名: '' }, '氏名', 'required'],
  ['an unknown sex', { 性別: '3' }, '性別', 'code'],
  ['a number with a letter', { 番号: '12a' }, '番号', 'digits'],
  ['a symbol in kanji', { 記号: '東京' }, '記号', 'symbol'],
  ['a sub-number of one digit', { 枝番: '0' }, '枝番', 'sub-number'],
  ['a dependent numbered 00', { 本人家族区分: '2' }, '本人家族区分', 'relation'],
  ['a control character', { 氏名: '山田\u0007太郎' }, '氏名', 'character'],
  ['a name too long', { 氏名: '山'.repeat(101) }, '氏名', 'too-long'],
  ['three digits of a number', { 個人番号下4桁: '123' }, '個人番号下4桁', 'digits'],
  ['five digits of a number', { 個人番号下4桁: '12345' }, '個人番号下4桁', 'digits'],
  ['an insured person numbered 01', { 枝番: '01' }, '本人家族区分', 'relation'],
  ['a full-width sub-number', { 枝番: '００' }, '枝番', 'sub-number'],
  ['a sub-number of spaces', { 枝番: '　 ' }, '枝番', 'required'],
  ['a symbol of nine digits', { 記号: '100000001' }, '記号', 'symbol'],
  ['an empty symbol', { 記号: '' }, '記号', 'required'],
  ['an empty relation', { 本人家族区分: '' }, '本人家族区分', 'required'],
  ['an unknown relation', { 本人家族区分: '9' }, '本人家族区分', 'code'],
  ['a name of spaces', { 氏名: '　 ' }, '氏名', 'required'],
  ['a birth date of spaces', { 生年月日: ' ' }, '生年月日', 'required'],
  ['an optional date that is none', { 資格喪失年月日: '20240431' }, '資格喪失年月日', 'date'],
  ['zeros for a required date', { 生年月日: '00000000' }, '生年月日', 'required'],
  ['a birth after today', { 生年月日: '2024-06-02', 資格取得年月日: '2024-06-02' }, '生年月日', 'date-impossible'],
  ['joining in the year 5065', { 資格取得年月日: '5065-04-01' }, '資格取得年月日', 'date-impossible'],
  ['a decision after next year', { 取得決定年月日: '2026-01-01' }, '取得決定年月日', 'date-impossible'],
  ['joining before birth', { 資格取得年月日: '1989-05-09' }, '資格取得年月日', 'date-impossible'],
  ['loss before joining', { 資格喪失年月日: '2024-03-31' }, '資格喪失年月日', 'date-impossible'],
  [
    'a certificate that ends in twenty years',
    { 資格確認書有効期限: '2044-01-01' },
    '資格確認書有効期限',
    'date-impossible',
  ],
  ['a spreadsheet’s number for a date', { 資格取得年月日: '45383' }, '資格取得年月日', 'date'],
  ['a failed look-up as a name', { 氏名: '#REF!' }, '氏名', 'not-a-value'],
  ['a failed look-up as an address', { 住所: '#N/A' }, '住所', 'not-a-value'],
  ['a failed look-up as a building', { 方書: ' #n/a ' }, '方書', 'not-a-value'],
  ['a failed look-up in full width', { 住所: '＃Ｎ／Ａ' }, '住所', 'not-a-value'],
  ['a cell too narrow for its number', { 郵便番号: '########' }, '郵便番号', 'not-a-value'],
  ['a program’s NULL', { 住所: 'NULL' }, '住所', 'not-a-value'],
  ['a program’s undefined', { カナ氏名: 'undefined' }, 'カナ氏名', 'not-a-value'],
  ['a database’s \\N', { 資格喪失年月日: '\\N' }, '資格喪失年月日', 'not-a-value'],
  ['NaN as a code', { 性別: 'NaN' }, '性別', 'not-a-value'],
  ['(null) as a key', { 番号: '(null)' }, '番号', 'not-a-value'],
  ['a number in exponent form', { 番号: '1.2E+10' }, '番号', 'exponent'],
  ['a postal code in exponent form', { 郵便番号: '1E+06' }, '郵便番号', 'exponent'],
  ['an optional code that is none', { 被保険者区分: '5' }, '被保険者区分', 'code'],
  ['a flag that is none', { 送付停止: 'する' }, '送付停止', 'code'],
  ['a replacement character', { 住所: '東京都\ufffd田区' }, '住所', 'character'],
  ['a line break in an address', { 住所: '東京都\n千代田区' }, '住所', 'line-break'],
  ['optional entries that were not asked for', { 任意記載の内容: '限度額適用認定' }, '任意記載', 'required'],
  ['days of no optional entries', { 任意記載: '1', 有効期限: '2024-07-31' }, '任意記載の内容', 'required'],
  ['a wish without optional entries', { 任意記載: '1', 事業主経由の希望: '1' }, '任意記載の内容', 'required'],
  ['half of a forwarding address', { 送付先郵便番号: '1000013' }, '送付先住所', 'required'],
] as const)('%s is an error with line, column and code', async (_, change, column, code) => {
  const { rows, errors } = await read(csvLine(HEADER) + row({}) + row(change));
  expect(rows).toHaveLength(1);
  expect(errors).toMatchObject([{ line: 3, column, code }]);
});

// 健保則47条7項: past the employer, unless the applicant wishes that way in so many words.
test.each([
  [{ 任意記載: '1' }, true, ''],
  [{ 任意記載: '1', 任意記載の内容: '限度額適用認定　適用区分ウ' }, true, '限度額適用認定　適用区分ウ'],
  [{ 任意記載: '1', 任意記載の内容: '特定疾病', 事業主経由の希望: '1' }, false, '特定疾病'],
  [{ 勤め先に知らせない: '1' }, true, null],
  [{}, false, null],
] as const)('optional entries %j', async (change, hasOptionalEntries, optionalContent) => {
  const { rows, errors } = await read(csvLine(HEADER) + row(change));
  expect(errors).toEqual([]);
  expect(rows).toMatchObject([{ hasOptionalEntries, optionalContent }]);
});

test('a name in use stands in the place of the registered one, which is kept', async () => {
  const { rows } = await read(csvLine(HEADER) + row({ 氏名: '高木　太郎', 通称名: '高木　花' }));
  expect(rows).toMatchObject([{ name: '高木　花', registeredName: '高木　太郎' }]);
  expect((await read(csvLine(HEADER) + row({ 氏名: '高木　太郎' }))).rows).toMatchObject([
    { name: '高木　太郎', registeredName: null },
  ]);
});

test('all errors of a row are told, with its key and without its values', async () => {
  const { errors } = await read(csvLine(HEADER) + row({ 性別: '9', 生年月日: '2024-02-30', 資格取得年月日: '' }));
  expect(errors.map((e) => e.code).toSorted()).toEqual(['code', 'date', 'required']);
  expect(errors.every((e) => e.key === '10000001-12-00')).toBe(true);
  expect(JSON.stringify(errors)).not.toMatch(/髙木|2024-02-30|霞が関/);
});

test.each(['123456789018', '１２３４５６７８９０１８', '1234-5678-9018'])(
  'an individual number (%s) is refused wherever it stands, and never repeated',
  async (number) => {
    for (const [header, text] of [
      [HEADER, row({ 方書: number })],
      [[...HEADER, 'メモ'], row({}).replace('\r\n', `,${number}\r\n`)],
    ] as const) {
      const { rows, errors } = await read(csvLine(header) + text);
      expect(rows).toEqual([]);
      expect(errors).toMatchObject([{ line: 2, code: 'individual-number' }]);
      expect(JSON.stringify(errors)).not.toContain(number);
    }
  },
);

test('an individual number is not repeated where it stands as a header, a number or a file without one', async () => {
  const number = '123456789018';
  const header = await read(csvLine([...HEADER, number]) + row({}).replace('\r\n', `,${number}\r\n`));
  expect(header.errors).toMatchObject([{ column: '（35列目）', code: 'individual-number', key: '10000001-12-00' }]);
  const key = await read(csvLine(HEADER) + row({ 番号: number }));
  expect(key.errors).toMatchObject([{ column: '番号', code: 'individual-number', key: '' }]);
  expect(JSON.stringify([header, key])).not.toContain(number);
  await expect(read(row({ 番号: number }))).rejects.not.toThrow(number);
});

test('CP932 as bytes: 髙 FBFC, NEC’s 髙 EEE0, 﨑 FAB1, a user-defined character F040', async () => {
  const [before, after] = row({ 氏名: '@' }).split('@') as [string, string];
  const bytes = Buffer.concat([
    encodeCp932(csvLine(HEADER) + before).bytes,
    Buffer.from('fbfceee0fab18140f0408e71', 'hex'),
    encodeCp932(after).bytes,
  ]);
  const encodings: string[] = [];
  const { rows } = await read(bytes, { onHeader: (header) => encodings.push(header.encoding) });
  expect(rows[0]?.name).toBe('髙髙﨑　\ue000子');
  expect(encodings).toEqual(['cp932']);
});

test('𠮷 and a variation selector stay as given', async () => {
  const { rows } = await read(csvLine(HEADER) + row({ 氏名: '𠮷野　葛󠄁' }));
  expect(rows[0]?.name).toBe('𠮷野　葛󠄁');
});

test.each([
  ['utf-8', 'e9ab'],
  ['utf-8', 'eda080'],
  ['cp932', 'fbff'],
] as const)('bytes that are no character in %s (%s) are an error of their cell alone', async (encoding, bad) => {
  const encode = (text: string): Uint8Array => (encoding === 'utf-8' ? Buffer.from(text) : encodeCp932(text).bytes);
  const [before, after] = row({ 氏名: '@' }).split('@') as [string, string];
  const bytes = Buffer.concat([
    encode(csvLine(HEADER) + before),
    Buffer.from(bad, 'hex'),
    encode(after + row({ 番号: '13' })),
  ]);
  const { rows, errors } = await read(bytes);
  expect(rows.map((m) => m.number)).toEqual(['13']);
  expect(errors).toMatchObject([{ line: 2, column: '氏名', code: 'character', key: '10000001-12-00' }]);
});

test('a broken last line is an error at its line', async () => {
  const { rows, errors } = await read(csvLine(HEADER) + row({}) + row({ 番号: '13' }).slice(0, 25));
  expect(rows).toHaveLength(1);
  expect(errors).toMatchObject([{ line: 3, column: '', code: 'column-count' }]);
});

test('a row with too many columns, and one with a stray quote, are errors of their line alone', async () => {
  const memo = (line: string, text: string): string => line.replace('\r\n', `,${text}\r\n`);
  const { rows, errors } = await read(
    [
      memo(csvLine(HEADER), 'メモ'),
      memo(row({ 番号: '1' }), '"開く'),
      memo(row({ 番号: '2' }), ''),
      memo(row({ 番号: '3' }), '"c"'),
      memo(row({ 番号: '4' }), 'd,e'),
    ].join(''),
  );
  expect(rows.map((m) => m.number)).toEqual(['2', '3']);
  expect(errors).toMatchObject([
    { line: 2, column: '', code: 'unclosed-quote' },
    { line: 5, column: '', code: 'column-count' },
  ]);
});

test.each([
  ['an empty file', '', 'empty-file'],
  ['a BOM alone', '\ufeff', 'empty-file'],
  ['a missing column', csvLine(HEADER.filter((name) => name !== '氏名')), 'missing-column'],
  ['a doubled column', csvLine([...HEADER, '氏名']), 'duplicate-column'],
  ['line ends of CR alone', (csvLine(HEADER) + row({})).replaceAll('\r\n', '\r'), 'unreadable-header'],
  ['a quote not closed in the header', `${HEADER.join(',')},"メモ\r\n${row({})}`, 'unreadable-header'],
  ['a spreadsheet’s own file', Buffer.from('504b0304140006000800', 'hex'), 'unreadable-header'],
] as const)('%s stops the file, and nothing of a row is repeated', async (_, content, code) => {
  const fault = await read(content).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(IntakeFault);
  expect(fault).toMatchObject({ code });
  expect(String(fault)).not.toMatch(/髙木|霞が関/);
});

test('a header alone is a file of no rows, and no file is a fault', async () => {
  expect(await read(csvLine(HEADER))).toEqual({ rows: [], errors: [] });
  await expect(gather(readMembers(path.join(folder, 'none.csv'), {}))).rejects.toMatchObject({ code: 'no-file' });
});

test('a header may be broken over lines; what is not fit to be repeated is told by its place', async () => {
  const unknown: string[] = [];
  const header = HEADER.map((name) => (name === '生年月日' ? '生年\r\n月日' : name));
  const { rows } = await read(csvLine([...header, '', 'メモ', '長'.repeat(41)]) + row({}).replace('\r\n', ',,,\r\n'), {
    onHeader: (h) => unknown.push(...h.unknownColumns),
  });
  expect(rows[0]?.bornOn).toBe('1989-05-10');
  expect(unknown).toEqual(['（35列目）', 'メモ', '（37列目）']);
});

test('a column reached both by its own name and by the map is doubled', async () => {
  await expect(read(csvLine([...HEADER, '被保険者名']), { columns: { 被保険者名: '氏名' } })).rejects.toMatchObject({
    code: 'duplicate-column',
  });
});

test('columns stand in any order, under the insurer’s headers, unknown ones told once', async () => {
  const unknown: string[] = [];
  const header = HEADER.toReversed().map((name) => (name === '氏名' ? '被保険者名' : name));
  const text = csvLine([...header, 'メモ']) + csvLine([...HEADER.toReversed().map((name) => GOOD[name] ?? ''), 'x']);
  const { rows } = await read(text, {
    columns: { 被保険者名: '氏名' },
    onHeader: (h) => unknown.push(...h.unknownColumns),
  });
  expect(rows[0]?.name).toBe('髙木　花子');
  expect(unknown).toEqual(['メモ']);
});

/** Late enough for every date below. */
const LATE = '2099-12-31' as LocalDate;

const text = (units: string[], maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...units), minLength: 1, maxLength });
const date = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((d) => d.toISOString().slice(0, 10) as LocalDate);
const kanji = text(['山', '髙', '﨑', '𠮷', '葛\u{e0100}', '\ue000', '　', ',', '"', '−', '1'], 20)
  .map((t) => t.trim())
  .filter((t) => t !== '' && !holdsIndividualNumber(t));
/** Days of one life, in the order they come. */
const life = fc.tuple(date, date, fc.option(date)).map(([a, b, c]) => {
  const [bornOn, acquiredOn] = a < b ? [a, b] : [b, a];
  return { bornOn, acquiredOn, lostOn: c === null || c < acquiredOn ? null : c };
});
const address = fc.option(
  fc.record({
    postalCode: fc.constantFrom('', '1000013', '123'),
    line: kanji,
    building: kanji.filter((t) => !isNoBuilding(t)),
  }),
);
type Life = Pick<Member, 'bornOn' | 'acquiredOn' | 'lostOn'>;
type Optional = Pick<Member, 'hasOptionalEntries' | 'optionalContent' | 'optionalFrom' | 'optionalThrough'>;
const NO_OPTIONAL: Optional = {
  hasOptionalEntries: false,
  optionalContent: null,
  optionalFrom: null,
  optionalThrough: null,
};
const member: fc.Arbitrary<Member> = fc
  .record<Omit<Member, 'relation' | keyof Life | keyof Optional> & { life: Life; optional: Partial<Optional> }>({
    symbol: text(['1', '０', 'ア', 'ｶ', 'ﾞ', 'ー', 'か'], 8),
    number: text(['0', '1', '9'], 11),
    subNumber: fc.constantFrom('00', '01', '99'),
    name: kanji,
    kana: text(['ヤ', 'ガ', 'ヴ', 'ー'], 10),
    life,
    sex: fc.constantFrom('male', 'female'),
    decidedOn: fc.option(date),
    insuredClass: fc.constantFrom('general', 'voluntary-continuation', 'special-retiree', 'day-labourer'),
    holdsLegacyCard: fc.boolean(),
    certificateValidThrough: fc.option(date),
    home: address,
    mailTo: address,
    mailStopped: fc.boolean(),
    registeredName: fc.option(kanji),
    optional: fc.oneof(
      fc.record({ hasOptionalEntries: fc.boolean(), optionalContent: fc.constant(null) }),
      fc.record({ hasOptionalEntries: fc.constant(true), optionalContent: fc.constant('') }),
      fc.record({
        hasOptionalEntries: fc.boolean(),
        optionalContent: fc.constant('限度額適用認定　適用区分ウ'),
        optionalFrom: fc.option(date),
        optionalThrough: fc.option(date),
      }),
    ),
    formerName: fc.option(kanji),
    showsFormerName: fc.boolean(),
    sexOnBack: fc.boolean(),
    specialCare: fc.boolean(),
    individualNumberLast4: fc.option(fc.constantFrom('0000', '1234')),
    matchResult: fc.option(kanji),
  })
  .map(({ life: days, optional, ...m }) => ({
    ...m,
    ...days,
    ...NO_OPTIONAL,
    ...optional,
    relation: m.subNumber === '00' ? 'insured' : 'dependent',
  }));

test('members written are members read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(member, { maxLength: 5 }), async (members) => {
      const written = csvLine(HEADER) + members.map((m) => csvLine(memberCells(m))).join('');
      expect(await read(written, { today: LATE })).toEqual({ rows: members, errors: [] });
    }),
    { numRuns: 200 },
  );
});

test('whatever the cells hold, a row is a value or has errors, and no error repeats a cell', async () => {
  const cell = fc.oneof(
    fc.constantFrom('', '1', '00', '2024-04-01', '1000013', '個人123456789018', '1234 5678 9018'),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '\0', 'あ'), maxLength: 5 }),
  );
  // Signs that stand in no message, so that finding one means that a cell was repeated.
  const secret = fc.stringMatching(/^[☆-♯]{4,8}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.oneof(cell, secret), { minLength: 26, maxLength: 30 }), { minLength: 1, maxLength: 4 }),
      async (rows) => {
        const whole = rows.map((cells) => ['1', ...cells]);
        const lines: number[] = [];
        const errors: RowError[] = [];
        writeFileSync(path.join(folder, 'x.csv'), csvLine(HEADER) + whole.map(csvLine).join(''));
        for await (const batch of readMembers(path.join(folder, 'x.csv'), {})) {
          lines.push(...batch.rows.map((r) => r.line), ...new Set(batch.errors.map((e) => e.line)));
          errors.push(...batch.errors);
        }
        expect(lines).toHaveLength(rows.length);
        expect(new Set(lines).size).toBe(rows.length);
        expect(JSON.stringify(errors)).not.toMatch(/[☆-♯]|123456789018|1234 5678 9018/);
      },
    ),
    { numRuns: 300 },
  );
});

test.each(['2024-04-01', '20240401', '2024/4/1', '令和6年4月1日', 'R6.4.1', '9-060401', '9060401', '２０２４/４/１'])(
  'the date %s is 2024-04-01',
  async (written) => {
    const { rows, errors } = await read(csvLine(HEADER) + row({ 資格取得年月日: written }));
    expect(errors).toEqual([]);
    expect(rows[0]?.acquiredOn).toBe('2024-04-01');
  },
);

test.each([
  ['〒１００−００１３', '1000013'],
  ['100-0013', '1000013'],
  ['', ''],
  ['100', '100'],
])('the postal code 「%s」 is kept as 「%s」', async (written, kept) => {
  const { rows, errors } = await read(csvLine(HEADER) + row({ 郵便番号: written }));
  expect(errors).toEqual([]);
  expect(rows[0]?.home?.postalCode).toBe(kept);
});

test('workplaces: a wrong corporate number is an error', async () => {
  const file = path.join(folder, '事業所.csv');
  writeFileSync(
    file,
    csvLine(['記号', '事業所名称', '法人番号']) +
      csvLine(['1', 'あ', '7000012050002']) +
      csvLine(['2', 'い', '7000012050003']),
  );
  const { rows, errors } = await gather(readWorkplaces(file, {}));
  expect(rows).toMatchObject([{ symbol: '1', corporateNumber: '7000012050002' }]);
  expect(errors).toMatchObject([{ line: 3, column: '法人番号', code: 'check-digit', key: '2' }]);
});

test('enrolment: codes and defaults', async () => {
  const file = path.join(folder, 'マイナ保険証.csv');
  writeFileSync(
    file,
    csvLine(['記号', '番号', '枝番', 'カード', '利用登録']) +
      csvLine(['1', '1', '00', '9', '9']) +
      csvLine(['1', '1', '01', '2', '1']),
  );
  const { rows, errors } = await gather(readEnrolment(file, {}));
  expect(rows).toMatchObject([
    { card: 'returned', registration: 'deregistered', linked: true, digitalCertificateExpiresOn: null },
  ]);
  expect(errors).toMatchObject([{ line: 3, column: 'カード', code: 'code' }]);
});

test('workplaces and snapshots written are read', async () => {
  const workplace: fc.Arbitrary<Workplace> = fc.record({
    symbol: text(['1', 'ア'], 8),
    name: kanji,
    postalCode: fc.constantFrom('', '1000013'),
    address: fc.oneof(fc.constant(''), kanji),
    building: fc.oneof(fc.constant(''), kanji),
    employerName: fc.oneof(fc.constant(''), kanji),
    branchCode: fc.constantFrom('', '13'),
    corporateNumber: fc.constantFrom('', '7000012050002', '1010601008968'),
    phone: fc.constantFrom('', '03-1234-5678'),
    email: fc.constantFrom('', 'a@example.jp'),
  });
  const enrolment: fc.Arbitrary<Enrolment> = fc.record({
    symbol: text(['1', 'ア'], 8),
    number: text(['0', '1'], 11),
    subNumber: fc.constantFrom('00', '01'),
    card: fc.constantFrom('held', 'none', 'returned'),
    registration: fc.constantFrom('registered', 'unregistered', 'deregistered'),
    registeredOn: fc.option(date),
    deregisteredOn: fc.option(date),
    digitalCertificateExpiresOn: fc.option(date),
    cardReturnedOn: fc.option(date),
    linked: fc.boolean(),
  });
  const file = path.join(folder, 'both.csv');
  const written = (columns: readonly { name: string }[], cells: string[][]): void =>
    writeFileSync(file, csvLine(columns.map((c) => c.name)) + cells.map(csvLine).join(''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(workplace, { maxLength: 4 }),
      fc.array(enrolment, { maxLength: 4 }),
      async (workplaces, enrolments) => {
        written(WORKPLACE_COLUMNS, workplaces.map(workplaceCells));
        expect(await gather(readWorkplaces(file, {}))).toEqual({ rows: workplaces, errors: [] });
        written(ENROLMENT_COLUMNS, enrolments.map(enrolmentCells));
        expect(await gather(readEnrolment(file, { today: LATE }))).toEqual({ rows: enrolments, errors: [] });
      },
    ),
  );
});

test('progress ends at the size of the file', async () => {
  const seen: [number, number][] = [];
  const content = csvLine(HEADER) + row({}).repeat(20_000);
  await read(content, { onProgress: (bytes, total) => seen.push([bytes, total]) });
  expect(seen.at(-1)).toEqual([Buffer.byteLength(content), Buffer.byteLength(content)]);
});
