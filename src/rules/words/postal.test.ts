import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PostalMaster, townNames } from './postal.ts';
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
    district('0287911', '岩手県', '九戸郡洋野町', '種市第３９地割〜第４５地割（角浜、伝吉）'),
    district('0240341', '岩手県', '和賀郡西和賀町', '杉名畑４４地割（湯田ダム管理事務所、後口山、当楽）'),
    district('7660002', '香川県', '仲多度郡琴平町', '琴平町の次に１〜４２６番地がくる場合（川東）'),
    district('3260328', '栃木県', '足利市', '県町'),
    district('8891902', '宮崎県', '北諸県郡三股町', '五本松'),
    district('9104276', '福井県', 'あわら市', '十三（城）'),
    district('8572427', '長崎県', '西海市', '大島町の次に番地がくる場合'),
    district('1006001', '東京都', '千代田区', '霞が関霞が関ビル（１階）'),
    district(
      '6028064',
      '京都府',
      '京都市上京区',
      '一町目（上長者町通堀川東入、東堀川通上長者町上る、東堀川通中立売通下る）',
    ),
  ],
  [{ postalCode: '1638001', prefecture: '東京都', city: '新宿区' }],
);

test.each([
  ['千代田区', '霞が関（次のビルを除く）', ['霞が関']],
  ['弥富市', '以下に掲載がない場合', ['']],
  ['猿島郡境町', '境町の次に番地がくる場合', ['']],
  ['仲多度郡琴平町', '琴平町の次に１〜４２６番地がくる場合（川東）', ['']],
  ['仲多度郡琴平町', '琴平町の次に４２７番地以降がくる場合（川西）', ['']],
  ['北都留郡小菅村', '小菅村の次に６６４番地以降がくる場合', ['']],
  // The name before 次に is a town here, not the municipality.
  ['西海市', '大島町の次に番地がくる場合', ['大島町']],
  ['利島村', '利島村一円', ['']],
  ['犬上郡多賀町', '一円', ['一円']],
  ['九戸郡洋野町', '種市第２２地割〜第２３地割（一区、二区、三区、四区、大町、小橋、住吉町）', ['種市']],
  ['和賀郡西和賀町', '杉名畑４４地割（湯田ダム管理事務所、後口山、当楽）', ['杉名畑４４地割']],
  ['和賀郡西和賀町', '穴明２２地割、穴明２３地割', ['穴明']],
  ['和賀郡西和賀町', '越中畑６４地割〜越中畑６６地割', ['越中畑']],
  ['宮古市', '箱石（第２地割「７０〜１３６」〜第４地割「３〜１１」）', ['箱石']],
  ['岩手郡葛巻町', '葛巻（第４０地割「５７番地１２５、１７６を除く」〜第４５地割）', ['葛巻']],
  ['新城市', '井道、奥井道、内井道', ['井道', '奥井道', '内井道']],
  ['あわら市', '十三（城）', ['十三']],
])('%s %s names the towns %j', (city, town, named) => {
  expect(townNames({ city, town })).toEqual(named);
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
  ['0287911', '岩手県九戸郡洋野町種市第四十地割1-2', '第四十地割1-2'],
  ['0240341', '岩手県和賀郡西和賀町杉名畑第44地割５', '５'],
  ['7660002', '香川県仲多度郡琴平町100番地', '100番地'],
  ['1006001', '東京都千代田区霞が関3-2-5　霞が関ビル1階', '3-2-5　霞が関ビル1階'],
  ['6028064', '京都府京都市上京区東堀川通上長者町上る一町目10', '10'],
  ['6028064', '京都市上京区一町目10', '10'],
  ['9104276', '福井県あわら市十三一丁目２番', '一丁目２番'],
  ['9104276', 'あわら市13 5-2', ' 5-2'],
  ['8572427', '長崎県西海市大島町1876-59', '1876-59'],
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
  ['1638001', '東京都港区西新宿2-8-1', 'other-city'],
  ['1006001', '東京都千代田区霞が関3-2-6', 'other-town'],
  ['0287911', '岩手県九戸郡洋野町中野第1地割', 'other-town'],
  ['3260328', '足利市県町1-2-3', 'matches'],
  ['8891902', '北諸県郡三股町五本松1-2-3', 'matches'],
  ['8572427', '長崎県西海市西海町1-1', 'other-town'],
  ['6028064', '京都府京都市上京区東堀川通上長者町上る二町目10', 'other-town'],
] as const)('%s and %s: %s', (postalCode, line, said) => {
  expect(MASTER.check({ postalCode, line })).toBe(said);
});

test('a code of one office, and a code that names no district, are known as such', () => {
  expect(MASTER.isOffice('1638001')).toBe(true);
  expect(MASTER.isOffice('1000013')).toBe(false);
  expect(MASTER.namesNoDistrict('2220000')).toBe(true);
  expect(MASTER.namesNoDistrict('1000013')).toBe(false);
});

test('a tower is also found where the building stands in a field of its own', () => {
  const address = { postalCode: '1006001', line: '東京都千代田区霞が関3-2-5', building: '霞が関ビル１Ｆ' };
  expect(MASTER.check(address)).toBe('matches');
});

const SPELLINGS: readonly (readonly [named: string, written: string])[] = [
  ['北十一条東', '北11条東'],
  ['北十一条東', '北１１条東'],
  ['二十四軒一条', '24軒1条'],
  ['藪之内町', '薮ノ内町'],
  ['三ツ沢', '三ッ澤'],
  ['龍ケ崎', '竜ヶ﨑'],
  ['龍岡町下條南割', '龍岡町下条南割'],
  ['津軽石', '大字津軽石'],
];

test.each(SPELLINGS)('%s may be written %s', (town, written) => {
  const master = new PostalMaster([district('1234567', '山梨県', '韮崎市', town)]);
  const address = { postalCode: '1234567', line: `韮崎市${written}12-3` };
  expect(master.check(address)).toBe('matches');
  expect(master.beyondDistrict(address)).toBe('12-3');
});

test('what follows the district is always the end of the line, whatever the line says', () => {
  const town = fc.constantFrom('霞が関', '霞ヶ関', '大字霞が関', '霞が関 ', '霞ガ関');
  fc.assert(
    fc.property(town, fc.string({ unit: fc.constantFrom(...'十二拾1２-丁目字大第 　Ａ関𠮷') }), (written, rest) => {
      const beyond = MASTER.beyondDistrict({ postalCode: '1000013', line: `東京都千代田区${written}${rest}` });
      expect(`${written}${rest}`.endsWith(beyond ?? 'none')).toBe(true);
      expect(beyond?.replaceAll(/\s/g, '')).toBe(rest.replaceAll(/\s/g, ''));
    }),
  );
});

test('no text makes the check throw', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('1000013', '1006001', '6028064', '4980000'),
      fc.string({ unit: 'binary' }),
      (code, line) => {
        MASTER.check({ postalCode: code, line });
        MASTER.beyondDistrict({ postalCode: code, line: `京都市上京区${line}` });
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ['1000013', '東京都千代田区霞が関1-3-2', '', null],
  ['1000013', '千代田区霞が関三丁目', '', null],
  ['1000013', '東京都千代田区霞が関', '1-3-2', null],
  ['1000013', '東京都千代田区霞が関', '無番地', null],
  ['1000013', '東京都千代田区', '', 'town'],
  ['1000013', '東京都千代田区', '霞ヶ関ハイツ', 'town'],
  ['1000013', '東京都千代田区霞が関', '', 'number'],
  ['1000013', '東京都千代田区霞が関', '中央ハイツ', 'number'],
  // 三 is the town's own.
  ['1020075', '東京都千代田区三番町', '', 'number'],
  ['1020075', '東京都千代田区三番町6-1', '', null],
  ['4980000', '三重県桑名郡木曽岬町大字和泉12-3', '', null],
  ['4980000', '三重県桑名郡木曽岬町', '', 'town'],
  ['1006001', '東京都千代田区霞が関霞が関ビル', '1階', null],
  // An office has no need of a number; of another city or an unknown code the data says nothing.
  ['1638001', '東京都新宿区西新宿', '', null],
  ['1000013', '大阪府大阪市', '', null],
  ['9999999', '東京都千代田区', '', null],
] as const)('%s %s %s lacks %s', (postalCode, line, building, lacking) => {
  expect(MASTER.lacks({ postalCode, line, building })).toBe(lacking);
});
