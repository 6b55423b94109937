import { expect, test } from 'vitest';
import { PostalMaster, townOf } from './postal.ts';
import type { PostalDistrict } from './postal.ts';

const district = (postalCode: string, prefecture: string, city: string, town: string): PostalDistrict => ({
  postalCode,
  prefecture,
  city,
  town,
});
// Rows of the real data.
const MASTER = new PostalMaster(
  [
    district('1000013', '東京都', '千代田区', '霞が関（次のビルを除く）'),
    district('1020075', '東京都', '千代田区', '三番町'),
    district('0600906', '北海道', '札幌市東区', '北六条東（１〜７丁目）'),
    district('2730102', '千葉県', '鎌ケ谷市', '右京塚'),
    district('2220000', '神奈川県', '横浜市港北区', '以下に掲載がない場合'),
    district('5220317', '滋賀県', '犬上郡多賀町', '一円'),
    district('4980000', '愛知県', '弥富市', '以下に掲載がない場合'),
    district('4980000', '三重県', '桑名郡木曽岬町', '以下に掲載がない場合'),
  ],
  [{ postalCode: '1638001', prefecture: '東京都', city: '新宿区' }],
);

test.each([
  ['霞が関（次のビルを除く）', '霞が関'],
  ['以下に掲載がない場合', ''],
  ['桑名の次に番地がくる場合', ''],
  ['利島村一円', ''],
  ['一円', '一円'],
])('%s names the town "%s"', (town, named) => {
  expect(townOf(district('0', '', '', town))).toBe(named);
});

test.each([
  ['1000013', '東京都千代田区霞が関1丁目3番2号', '1丁目3番2号'],
  ['1000013', '千代田区霞ヶ関１－３－２', '１－３－２'],
  ['1020075', '東京都千代田区三番町6-1', '6-1'],
  ['0600906', '北海道札幌市東区北六条東4丁目', '4丁目'],
  ['0600906', '札幌市東区北6条東４丁目', '４丁目'],
  ['2730102', '千葉県鎌ヶ谷市大字右京塚 3-1', ' 3-1'],
  ['5220317', '滋賀県犬上郡多賀町一円12', '12'],
  ['1000013', '大阪府大阪市北区1-1', null],
])('beyond the district of %s, %s says %s', (postalCode, line, beyond) => {
  expect(MASTER.beyondDistrict({ postalCode, line })).toBe(beyond);
});

test.each([
  ['1000013', '東京都千代田区霞が関1-3-2', 'matches'],
  ['1000013', '千代田区霞が関1-3-2', 'matches'],
  ['1000013', '東京都千代田区三番町6-1', 'other-town'],
  ['1000013', '東京都港区霞が関1-3-2', 'other-city'],
  ['1000013', '京都府京都市中京区1-1', 'other-prefecture'],
  ['9999998', '東京都千代田区霞が関1-3-2', 'unknown-code'],
  ['2220000', '神奈川県横浜市港北区どこか1-1', 'matches'],
  ['4980000', '三重県桑名郡木曽岬町大字源緑輪中1', 'matches'],
  ['4980000', '愛知県弥富市前ケ須町1', 'matches'],
  ['5220317', '滋賀県多賀町一円12', 'matches'],
  ['1638001', '東京都新宿区西新宿2-8-1', 'matches'],
] as const)('%s and %s: %s', (postalCode, line, said) => {
  expect(MASTER.check({ postalCode, line })).toBe(said);
});

test('a code of one office, and a code that names no district, are known as such', () => {
  expect(MASTER.isOffice('1638001')).toBe(true);
  expect(MASTER.isOffice('1000013')).toBe(false);
  expect(MASTER.namesNoDistrict('2220000')).toBe(true);
  expect(MASTER.namesNoDistrict('1000013')).toBe(false);
});
