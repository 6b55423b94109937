import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import type { Member } from '../rules/member.ts';
import { csvLine } from './csv.ts';
import { encodeCp932 } from './encoding.ts';
import { readEnrolment } from './enrolment.ts';
import type { IntakeBatch, IntakeOptions, RowError } from './intake.ts';
import { MEMBER_COLUMNS, memberCells, readMembers } from './members.ts';
import { readWorkplaces } from './workplaces.ts';

const folder = openTestFolder();
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

async function gather<T>(batches: AsyncIterable<IntakeBatch<T>>): Promise<{ rows: T[]; errors: RowError[] }> {
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
  return gather(readMembers(file, options));
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
] as const)('%s is an error with line, column and code', async (_, change, column, code) => {
  const { rows, errors } = await read(csvLine(HEADER) + row({}) + row(change));
  expect(rows).toHaveLength(1);
  expect(errors).toContainEqual(expect.objectContaining({ line: 3, column, code }));
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

test('CP932 with 髙 﨑 and a user-defined character', async () => {
  const text = csvLine(HEADER) + row({ 氏名: '髙﨑　\ue000子' });
  const { rows } = await read(encodeCp932(text).bytes);
  expect(rows[0]?.name).toBe('髙﨑　\ue000子');
});

test('𠮷 and a variation selector stay as given', async () => {
  const { rows } = await read(csvLine(HEADER) + row({ 氏名: '𠮷野　葛󠄁' }));
  expect(rows[0]?.name).toBe('𠮷野　葛󠄁');
});

test('bytes that are no character are an error', async () => {
  const bytes = Buffer.concat([
    Buffer.from(csvLine(HEADER) + row({}).slice(0, 20)),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('x\r\n'),
  ]);
  const { errors } = await read(bytes, { encoding: 'utf-8' });
  expect(errors).toMatchObject([{ line: 2 }]);
});

test('a broken last line is an error at its line', async () => {
  const { rows, errors } = await read(csvLine(HEADER) + row({}) + row({ 番号: '13' }).slice(0, 25));
  expect(rows).toHaveLength(1);
  expect(errors).toMatchObject([{ line: 3, column: '', code: 'column-count' }]);
});

test('an empty file, a missing column and a doubled one stop the file', async () => {
  await expect(read('')).rejects.toMatchObject({ code: 'empty-file' });
  await expect(read(csvLine(HEADER.filter((name) => name !== '氏名')))).rejects.toMatchObject({
    code: 'missing-column',
  });
  await expect(read(csvLine([...HEADER, '氏名']))).rejects.toMatchObject({ code: 'duplicate-column' });
  expect(await read(csvLine(HEADER))).toEqual({ rows: [], errors: [] });
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

test('a member written is a member read', async () => {
  const { rows } = await read(
    csvLine(HEADER) +
      row({ 送付先住所: '大阪府大阪市北区梅田1-1', 送付停止: '1', 旧姓: '山', 任意記載: '1', 健康保険証: '0' }),
  );
  expect((await read(csvLine(HEADER) + rows.map((m) => csvLine(memberCells(m))).join(''))).rows).toEqual(rows);
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
  expect(errors).toMatchObject([{ line: 3, column: '法人番号', code: 'check-digit' }]);
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
