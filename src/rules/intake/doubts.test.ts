import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doubtOfAddress, doubtOfName, doubtOfWorkplaceName, ordinaryForm } from './doubts.ts';

test.each([
  ['⻑⻄　⻘⼦', 'U+2ED1'],
  ['有馬◆UF929◆人　甲', 'U+25C6'],
  ['山●　太郎', 'U+25CF'],
  ['佐？木　花', 'U+FF1F'],
  ['?田　三', 'U+003F'],
  ['〓田　一', 'U+3013'],
  ['田□　二', 'U+25A1'],
  ['■田　二', 'U+25A0'],
  ['山＿　太郎', 'U+FF3F'],
  ['_　_', 'U+005F'],
  ['㈱　社員', 'U+3231'],
  ['&#x9AD9;木　花子', 'U+0026'],
  ['<gaiji>木', 'U+003C'],
  ['\\u9ad9木', 'U+005C'],
  ['山田　太郎1', 'U+0031'],
  ['山田　太郎２', 'U+FF12'],
  ['〇田　一', 'U+3007'],
  ['山\ufffd　太郎', 'U+FFFD'],
  ['山\u200b田　太郎', 'U+200B'],
  ['山\u202e田　太郎', 'U+202E'],
  ['ㅤ', 'U+3164'],
  ['山田　太郎様', ''],
  ['山田　太郎殿', ''],
  ['株式会社見本　御中', ''],
  ['・', ''],
  ['ー', ''],
  ['（外字）木', ''],
  ['不明', ''],
  ['氏名不詳', ''],
  ['同上', ''],
  ['なし', ''],
  ['テスト', ''],
  // 本田 and 山田 太郎 as UTF-8 read in CP932, and with a character lost on the way.
  ['譛ｬ逕ｰ', ''],
  ['螻ｱ逕ｰ縲螟ｪ驛', ''],
  // 本田 as UTF-8 read in Windows-1252, and that once more.
  ['æœ¬ç”°', 'U+00AC'],
  ['Ã¤Â¸Â­', 'U+00A4'],
  ['å±±', 'U+00B1'],
])('the name 「%s」 stops its piece (%s)', (name, codePoint) => {
  expect(doubtOfName(name)).toEqual({ reason: 'name-unreadable', codePoint });
});

test.each([
  '見本　二甲',
  '髙橋　美﨑',
  '𠮷野　葛󠄀',
  '佐々木　〆子',
  '見本',
  'グエン　ティ　ホア',
  'NGUYEN　THI　HOA',
  'ﾀｶｷﾞ ﾊﾅｺ',
  'ジョージ・Ｓ',
  'D’Angelo Mary-Jane',
  "O'Neil　John Jr.",
  'ルイ＝フィリップ',
  '山田（佐藤）　花子',
  'Nguyễn Văn Ớt',
  'José',
  'Müller',
  '木　花子',
  '一　二三',
  '殿村　様子',
  '無藤　明',
  'タカギ　ハナコ',
  'ヴァン・デル・ベルク',
  '金　ﾁｮﾙｽ',
  '縄　文子',
  '繊　維',
  '後藤　莉子',
  '莉子',
])('the name 「%s」 may be one', (name) => expect(doubtOfName(name)).toBeNull());

test.each([
  '不明',
  '（不明）',
  '住所不明',
  'なし',
  '同上',
  '〃',
  '海外',
  '事業所に同じ',
  '会社 と 同じ',
  '-',
  '－',
  '0',
  '123',
  'ー',
  '東京都',
  '大阪府 ',
  '住民票に同じ',
  'テスト',
  'ＸＸＸ',
  '１－２－３',
])('「%s」 is no address', (line) => {
  expect(doubtOfAddress({ line, building: '' })).toEqual({ reason: 'address-none', codePoint: '' });
});

test.each([
  ['東京都千代⽥区霞が関1-3-2', '', 'U+2F65'],
  ['東京都●区霞が関1-3-2', '', 'U+25CF'],
  ['東京都千代田区霞が関1-3-2', '〓ビル', 'U+3013'],
  ['東京都?田区1-3-2', '', 'U+003F'],
  ['東京都&#x9AD9;田区1-3-2', '', 'U+0026'],
  ['譚ｱ莠ｬ驛ｽ蜊�ｻ｣逕ｰ蛹ｺ', '', 'U+FFFD'],
  ['譚ｱ莠ｬ驛ｽ蜊・ｻ｣逕ｰ蛹ｺ髴槭′髢｢', '', ''],
  ['東京都千代田区霞が関1-3-2', '髴槭′髢｢繝薙Ν', ''],
])('the address 「%s %s」 cannot be read', (line, building, codePoint) => {
  expect(doubtOfAddress({ line, building })).toEqual({ reason: 'address-unreadable', codePoint });
});

test.each([
  ['東京都千代田区霞が関1-3-2', ''],
  ['千代田区霞が関１丁目３番２号', '霞が関ビル　1階　#101'],
  ['石川県金沢市三小牛町24字2番地', ''],
  ['京都市上京区今小路通御前通東入北町1-2', 'ｺｰﾎﾟ見本ｱﾈｯｸｽ'],
  ['三重県桑名郡木曽岬町大字和泉12-3', 'メゾン・ド・ＡＢＣ☆201号室'],
  ['東京都檜原村', '無番地'],
  ['123 Main Street, Honolulu', ''],
])('「%s %s」 may be an address', (line, building) => {
  expect(doubtOfAddress({ line, building })).toBeNull();
});

test('what the postal data says is lacking stops the address', () => {
  const address = { line: '東京都千代田区', building: '' };
  expect(doubtOfAddress(address)).toBeNull();
  expect(doubtOfAddress(address, 'town')?.reason).toBe('address-none');
});

test.each(['株式会社見本', '㈱３Ｅ', 'なぜ？株式会社', 'A&B Co., Ltd.', '☆企画', '1-2-3商店', '有限会社　外山'])(
  'the workplace 「%s」 may be one',
  (name) => expect(doubtOfWorkplaceName(name)).toBeNull(),
);
test.each(['●●', '株式会社〓木', '株式会社◆UF929◆', '不明', '？', '---', '譬ｪ蠑丈ｼ夂､ｾ'])(
  'the workplace 「%s」 is none',
  (name) => expect(doubtOfWorkplaceName(name)?.reason).toBe('name-unreadable'),
);

test('ordinary characters are offered for radicals', () => {
  expect(ordinaryForm('⻑⻄　⻘⼦')).toBe('長西　青子');
  expect(ordinaryForm('⼤阪府⼤阪市北区1-2-3\n⼀番館')).toBe('大阪府大阪市北区1-2-3\n一番館');
  expect(ordinaryForm('長西　青子')).toBeNull();
  // One that has no ordinary form here.
  expect(ordinaryForm('⺇山')).toBeNull();
  for (let code = 0x2f00; code <= 0x2fd5; code++)
    expect(ordinaryForm(String.fromCharCode(code))).toBe(String.fromCharCode(code).normalize('NFKC'));
});

test('Japanese of any length read in the wrong encoding is found, and as it is meant it is not', () => {
  const word = fc.string({
    unit: fc.constantFrom(...'山田佐藤花子東京都千代区霞が関のアイウ北条町村本中'),
    minLength: 2,
    maxLength: 12,
  });
  fc.assert(
    fc.property(word, (text) => {
      const garbled = new TextDecoder('shift_jis').decode(Buffer.from(text));
      expect(doubtOfName(garbled)).not.toBeNull();
      expect(doubtOfAddress({ line: `${garbled}1-2`, building: '' })).not.toBeNull();
    }),
  );
});
