import { encodeJapanPost } from 'etiket';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BARCODE_SIZE,
  barcodeRectangles,
  customerBarcode,
  encodeCustomerBarcode,
  extractAddress,
  extractWholeAddress,
} from './customer-barcode.ts';

/** 郵便番号・バーコードマニュアル p25, p17, p20: postal code, address (district, a space, what follows), extracted, bars. */
const VECTORS: readonly (readonly [postalCode: string, address: string, extracted: string, bars: string])[] = [
  [
    '2630023',
    '千葉市稲毛区緑町 3丁目30-8　郵便ビル403号',
    '3-30-8-403',
    'FDFDADAFDFAFTTFTTFDADFADFATFTDFAFTTTFTADFTFTFADFTTDFATDATDATDAFTFDF',
  ],
  [
    '0140113',
    '秋田県大仙市堀見内 南田茂木　添60-1',
    '60-1',
    'FDFTTFFTFADFTTFFTFFTDFADAFFTTTFTFFTTDATDATDATDATDATDATDATDATDAFFFDF',
  ],
  [
    '1100016',
    '東京都台東区台東 5-6-3　ABCビル10F',
    '5-6-3-10',
    'FDFFTFFTFTTFTTFTTFFTDAFFTFTFTDAFTFTDFATFTFFTFTTTDATDATDATDATDATFFDF',
  ],
  [
    '0600906',
    '北海道札幌市東区北六条東 4丁目　郵便センター6号館',
    '4-6',
    'FDFTTDAFFTTFTTTFFFTTDAFFADTFTDAFTDATDATDATDATDATDATDATDATDATDATFFDF',
  ],
  [
    '0650006',
    '北海道札幌市東区北六条東 8丁目　郵便センター10号館',
    '8-10',
    'FDFTTDAFFTFFTTFTTFTTDAFADFTFTFFTFTTTDATDATDATDATDATDATDATDATDATFFDF',
  ],
  [
    '4070033',
    '山梨県韮崎市龍岡町下條南割 韮崎400',
    '400',
    'FDFADFTTAFDFTTFTTDFADFAFADFTTFTTTDATDATDATDATDATDATDATDATDATDATFTDF',
  ],
  [
    '2730102',
    '千葉県鎌ケ谷市右京塚 東3丁目-20-5　郵便・A&bコーポB604号',
    '3-20-5B604',
    'FDFDAAFDDFAFTTFFTFTTFDADFATFTFDAFTTTFTFTFDATFFTDAFFTTFADTDATDAFTTDF',
  ],
  [
    '1980036',
    '東京都青梅市河辺町 十一丁目六番地一号　郵便タワー601',
    '11-6-1-601',
    'FDFFTTFFADFFTTFTTDFADAFFFTFFTTFTDAFTFTFFTTFTDAFFTTFFTTDATDATDAFFFDF',
  ],
  [
    '0270203',
    '岩手県宮古市大字津軽石 第二十一地割大淵川480',
    '21-480',
    'FDFTTFDAAFDFTTFDAFTTDFAFDAFFTTFTFADADFFTTTDATDATDATDATDATDATDAATDDF',
  ],
  [
    '5900016',
    '大阪府堺市堺区中田出井町 四丁六番十九号',
    '4-6-19',
    'FDFTFTFFFTTFTTFTTFFTDAFFADTFTDAFTFTFFTTFFTDATDATDATDATDATDATDADTADF',
  ],
  [
    '0800831',
    '北海道帯広市稲田町南 七線　西28',
    '7-28',
    'FDFTTADFFTTFTTADFDFAFFTAFDTFTFDAADFTDATDATDATDATDATDATDATDATDATTFDF',
  ],
  [
    '3170055',
    '茨城県日立市宮田町 6丁目7-14　ABCビル2F',
    '6-7-14-2',
    'FDDFAFFTAFDFTTFTTFTFFTFDAFTFTAFDTFTFFTFADTFTFDATDATDATDATDATDADATDF',
  ],
  [
    '6500046',
    '神戸市中央区港島中町 9丁目7-6　郵便シティA棟1F1号',
    '9-7-6A1-1',
    'FDDAFFTFFTTFTTFTTFADDAFTFFTFTAFDTFTDAFDATFTTFFTTFTFFTTDATDATDAFTFDF',
  ],
  [
    '6230011',
    '京都府綾部市青野町 綾部6-7　LプラザB106',
    '6-7LB106',
    'FDDAFFDADFAFTTFTTFFTFFTDAFTFTAFDDTAFFTDATFFTFFTFTTDAFTDATDATDAFADDF',
  ],
  [
    '0640804',
    '札幌市中央区南四条西 29丁目1524-23　第2郵便ハウス501',
    '29-1524-23-2-501',
    'FDFTTDAFFADFTTADFFTTFADFDATFFTFTFFTFTFFDAFADTFTFDADFATFTFDATFTDFADF',
  ],
  [
    '9100067',
    '福井県福井市新田塚 3丁目80-25　J1ビル2-B',
    '3-80-25J1-2B',
    'FDTFFFFTFTTFTTFTTDAFAFDDFATFTADFFTTTFTFDAFTFDATTFFFFTTFTFDADATTFFDF',
  ],
  [
    '2280024',
    '神奈川県座間市入谷 6丁目3454-5　郵便ハイツ6-1108',
    '6-3454-5-6-1108',
    'FDFDAFDAADFFTTFTTFDAFADDAFTFTDFAFADFTFFADTFTFTFTFTDAFTFTFFTFFTFDADF',
  ],
  [
    '1000013',
    '東京都千代田区霞が関 1丁目3番2号　郵便プラザ503室',
    '1-3-2-503',
    'FDFFTFTTFTTFTTFTTFFTDFAFFTTFTDFATFTFDATFTFTFFTTDFATDATDATDATDATFFDF',
  ],
];

test.each(VECTORS)('%s %s', (postalCode, line, extracted, bars) => {
  const beyond = line.slice(line.indexOf(' ') + 1);
  const whole = customerBarcode({ postalCode, line, building: '' });
  expect(extractAddress(beyond)).toBe(extracted);
  expect(customerBarcode({ postalCode, line, building: '' }, beyond)).toEqual({
    characters: postalCode + extracted,
    bars,
  });
  // Written as one line with its prefecture, the postal data not at hand.
  expect(whole?.bars).toBe(bars);
});

test.each([
  ['十一丁目六番地一号　郵便タワー601', '11-6-1-601'],
  ['6丁目7-14　ABCビル2F201号室', '6-7-14-2-201'],
  ['百一番地', '101'],
  ['３丁目３０－８', '3-30-8'],
  ['海岸1･2', '12'],
  ['字南田', ''],
])('%s is read as %s', (beyond, extracted) => {
  expect(extractAddress(beyond)).toBe(extracted);
});

test.each([
  ['東京都千代田区三番町6-1', '6-1'],
  ['東京都千代田区３番町6-1', '6-1'],
  ['東京都中央区八丁堀一丁目2番3号', '1-2-3'],
  ['東京都台東区三ノ輪1-2-3', '1-2-3'],
  ['愛知県名古屋市中区二の丸1-1', '1-1'],
  ['新潟県新潟市中央区一番堀通町12', '12'],
  ['北海道札幌市東区北6条東4丁目　郵便センター6号館', '4-6'],
  ['北海道札幌市東区北十一条東二丁目三番四号', '2-3-4'],
  ['青森県八戸市十一日町十番の二', '10'],
  ['岩手県宮古市津軽石第二十一地割大淵川480', '21-480'],
])('of %s, whose district is not known, %s is read', (address, extracted) => {
  expect(extractWholeAddress(address)).toBe(extracted);
});

test.each(['', '123456', '1000000', '060-0906'])('a postal code like "%s" has no barcode', (postalCode) => {
  expect(customerBarcode({ postalCode, line: '東京都千代田区千代田1-1', building: '' })).toBeNull();
});

const extracted = fc
  .array(fc.constantFrom(...'0123456789-ABCKTUZ'), { maxLength: 20 })
  .map((characters) => characters.join(''));
const postal = fc.integer({ min: 0, max: 9_999_999 }).map((n) => String(n).padStart(7, '0'));

test('another encoder draws the same bars', () => {
  fc.assert(
    fc.property(postal, extracted, (code, address) => {
      expect(encodeCustomerBarcode(code, address)).toBe(encodeJapanPost(code, address).join(''));
    }),
    { numRuns: 3000 },
  );
});

test('any text makes 67 bars or none, and never throws', () => {
  fc.assert(
    fc.property(postal, fc.string({ unit: 'binary' }), fc.string(), (postalCode, line, building) => {
      const barcode = customerBarcode({ postalCode, line, building });
      expect(barcode?.bars ?? 'none').toMatch(postalCode.endsWith('00') ? /^none$/ : /^FD[FADT]{63}DF$/);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [8, 63.84],
  [9, 71.82],
  [10, 79.8],
  [11.5, 91.77],
])('at %d points the barcode is %d mm wide', (a, width) => {
  const bars = barcodeRectangles(VECTORS[0]![3], a);
  const last = bars.at(-1)!;
  expect(bars[0]!.width + last.x).toBeCloseTo(width, 2);
  expect(Math.max(...bars.map((bar) => bar.y + bar.height))).toBeCloseTo((3.6 * a) / 10, 6);
});

test('a size the Post does not read is refused', () => {
  expect(() => barcodeRectangles('F', BARCODE_SIZE.min - 0.1)).toThrow(RangeError);
  expect(() => barcodeRectangles('F', BARCODE_SIZE.max + 0.1)).toThrow(RangeError);
});
