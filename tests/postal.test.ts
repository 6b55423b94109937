// Postal data from Japan Post's own rows: taken in, used for the barcode, and for the list of addresses that do not agree.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readPostalDistricts, readPostalOffices } from '../src/formats/postal.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { importPostal } from '../src/operations/intake/postal.ts';
import { customerBarcodeWith } from '../src/rules/words/customer-barcode.ts';
import { PostalMaster, townNames } from '../src/rules/words/postal.ts';
import { person, status } from './cast.ts';
import { issueRows } from './issued.ts';
import type { Cells } from './cast.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const DISTRICTS = path.join(import.meta.dirname, 'postal', 'utf_ken_all.csv');
const OFFICES = path.join(import.meta.dirname, 'postal', 'JIGYOSYO.CSV');

async function master(): Promise<PostalMaster> {
  const districts = (await Array.fromAsync(readPostalDistricts(DISTRICTS))).flat();
  return new PostalMaster(districts, (await Array.fromAsync(readPostalOffices(OFFICES))).flat());
}

test.each([
  ['1020075', '東京都千代田区三番町6-1', '10200756-1'],
  ['0600906', '北海道札幌市東区北六条東4丁目　郵便センター6号館', '06009064-6'],
  ['0650006', '北海道札幌市東区北六条東8丁目　郵便センター10号館', '06500068-10'],
  ['5900016', '大阪府堺市堺区中田出井町四丁六番十九号', '59000164-6-19'],
  ['0640804', '札幌市中央区南四条西29丁目1524-23　第2郵便ハウス501', '064080429-1524-23-2-501'],
  ['1638001', '東京都新宿区西新宿2-8-1', '1638001'],
])('%s %s', async (postalCode, line, characters) => {
  expect(customerBarcodeWith(await master(), { postalCode, line, building: '' })?.characters).toBe(characters);
});

test('of every row, oddities and all: an address in its town agrees, and its number alone goes into the barcode', async () => {
  const rows = (await Array.fromAsync(readPostalDistricts(DISTRICTS))).flat();
  const whole = await master();
  let numbers = 0;
  for (const row of rows) {
    // A tower's name stands behind the number.
    const tower = /^(霞が関|中央)(.+)（.*階.*）$/.exec(row.town);
    for (const town of tower ? [tower[1]!] : townNames(row)) {
      const line = `${row.prefecture}${row.city}${town}１２番地３－４`;
      const address = { postalCode: row.postalCode, line, building: tower?.[2] ?? '' };
      expect(whole.check(address), line).toBe('matches');
      expect(whole.check({ ...address, line: line.slice(row.prefecture.length) }), line).toBe('matches');
      if (whole.isOffice(row.postalCode)) continue;
      const barcode = customerBarcodeWith(whole, address);
      const hasNone = row.postalCode.endsWith('00') || row.town === '以下に掲載がない場合';
      expect(barcode?.characters, line).toBe(hasNone ? undefined : `${row.postalCode}12-3-4`);
      numbers += 1;
    }
    const elsewhere = { postalCode: row.postalCode, line: '沖縄県島尻郡与那原町字与那原16', building: '' };
    expect(whole.check(elsewhere)).toBe('other-prefecture');
  }
  expect(numbers).toBeGreaterThan(45);
});

test('a code that names no district has no barcode', async () => {
  const address = { postalCode: '4980000', line: '愛知県弥富市どこか1-1', building: '' };
  expect(customerBarcodeWith(await master(), address)).toBeNull();
});

test('taken in once; the same files again change nothing', async () => {
  const first = await importPostal(context, { districts: DISTRICTS, offices: OFFICES });
  expect(first).toMatchObject({ existed: false, districtCount: 46, officeCount: 2 });
  expect(await importPostal(context, { districts: DISTRICTS, offices: OFFICES })).toMatchObject({
    id: first.id,
    existed: true,
  });
});

test('a file with a row of another shape is refused with its line, and nothing of it is kept', async () => {
  const file = path.join(folder, 'bad.csv');
  const rows = readFileSync(DISTRICTS, 'utf8').split('\r\n');
  writeFileSync(file, [rows[0], '13101,"100  ","100"', rows[1]].join('\r\n'));
  await expect(importPostal(context, { districts: file, offices: null })).rejects.toMatchObject({
    code: 'invalid-rows',
    message: 'bad.csv 2行　必要なもの: 15列の行',
  });
});

test('the older KEN_ALL.CSV, whose notes run over several rows, is refused with the first such line', async () => {
  const file = path.join(folder, 'KEN_ALL.CSV');
  const row = (town: string): string =>
    `03302,"02851","0285102","ｲﾜﾃｹﾝ","ｲﾜﾃｸﾞﾝｸｽﾞﾏｷﾏﾁ","ｸｽﾞﾏｷ","岩手県","岩手郡葛巻町","${town}",1,1,0,0,0,0`;
  const rows = [
    row('以下に掲載がない場合'),
    row('葛巻（第４０地割「５７番地１２５、１７６を'),
    row('除く」〜第４５地割）'),
  ];
  writeFileSync(file, `${rows.join('\r\n')}\r\n`);
  await expect(importPostal(context, { districts: file, offices: null })).rejects.toMatchObject({
    code: 'invalid-rows',
    message: expect.stringMatching(/^KEN_ALL\.CSV 2行　.*utf_ken_all\.csv/),
  });
});

test('an issuance lists the address that does not agree with its code, by key alone', async () => {
  await importPostal(context, { districts: DISTRICTS, offices: OFFICES });
  const kyokai = await loadProfile('kyokai-kenpo');
  const address = (postalCode: string, line: string): Cells => ({ 郵便番号: postalCode, 住所: line });
  const members = [
    person('1', 0, address('1020075', '東京都千代田区三番町6-1')),
    person('2', 0, address('1020075', '東京都千代田区霞が関1-3-2')),
  ];
  const enrolment = [status('1', 0, '0'), status('2', 0, '0')];
  const { out } = await issueRows(context, kyokai, folder, { members, enrolment }, { prints: true });
  const warnings = readFileSync(path.join(out, 'warnings.csv'), 'utf8');
  expect(warnings).toContain('postal-code-differs,郵便番号と住所が合わない,100,2,00');
  expect(warnings).not.toContain('postal-code-differs,郵便番号と住所が合わない,100,1,00');
  expect(readFileSync(path.join(out, 'mailpieces.csv'), 'utf8')).toContain(
    ',1020075,10200756-1,print/00001-letters.pdf,',
  );
  // Sorting machines follow the bars: of a code that may be wrong there are none.
  expect(readFileSync(path.join(out, 'mailpieces.csv'), 'utf8')).toContain(',1020075,,print/00001-letters.pdf,');
});
