import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import { loadProfile, profileJsonSchema } from './profile.ts';
import type { ProfileFault } from './profile.ts';

const folder = openTestFolder();
const INSURERS = path.join(import.meta.dirname, '..', '..', 'insurers');

test.each([
  ['kyokai-kenpo', 'card', 'home', 4, '2025-04-30', '2024-11-30', '2024-11-29'],
  ['mbk', 'postcard', 'workplace', null, '2025-09-30', '2024-12-01', null],
  ['seamen', 'card', 'home', 4, '2025-04-30', '2024-11-30', '2024-11-29'],
] as const)(
  '%s says what its sources say',
  async (name, form, route, limit, referenceOn, acquiredThroughOn, decidedThroughOn) => {
    const profile = await loadProfile(name);
    expect(profile).toMatchObject({ id: name, sample: true, form: { kind: form }, route, enclosing: { limit } });
    expect(profile.issuances[0]).toMatchObject({ referenceOn, acquiredThroughOn, decidedThroughOn });
    const bare = name === 'seamen';
    expect(profile.form).toMatchObject({ showsCertificateNumber: !bare, showsQr: !bare });
  },
);

test('the schema for editors is current (write profileJsonSchema() to insurers/profile.schema.json)', () => {
  expect(JSON.parse(readFileSync(path.join(INSURERS, 'profile.schema.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(profileJsonSchema())),
  );
});

// What is changed in mbk.yaml; the text whose (last) line the message must name; and what the message must say.
test.each([
  ['an insurer number of nine digits', /'06139992'/, "'061399925'", '061399925', /insurer\.number: 検査数字/],
  ['an insurer number with a wrong check digit', /'06139992'/, "'06139993'", '06139993', /insurer\.number: 検査数字/],
  [
    'a word the profile does not know',
    /( +)sealText:/,
    '$1sealWord: x\n$1sealText:',
    'sealWord',
    /insurer\.sealWord: 知らない項目/,
  ],
  ['a day that is none', /2025-09-30/, '2025-09-31', '2025-09-31', /issuances\.0\.referenceOn: 実在する日付/],
  [
    'a pre-notice that promises all',
    /送らないため、.*送付されない場合があります/,
    '送らないことがあります',
    '  - place: list-letter',
    /texts\.\d+: 「一覧表に記載されている方/,
  ],
  ['an expiry past five years', /: 2029-11-30/, ': 2030-11-30', '2030-11-30', /\.validThrough: .*5年（maxYears）/],
  [
    'a period that ends before it begins',
    /: 2025-11-30/,
    ': 2024-11-30',
    'through: 2024-11-30',
    /\.through: from 以後/,
  ],
  ['a first period of two years', /: 2025-11-30/, ': 2026-11-30', '2026-11-30', /\.through: from から1年以内/],
  [
    'a cut-off after the reference date',
    /2024-12-01 /,
    '2025-10-01 ',
    '2025-10-01',
    /acquiredThroughOn: referenceOn 以前/,
  ],
  ['an issue date before the reference date', /2025-11-04/, '2025-09-01', '2025-09-01', /issuedOn: referenceOn 以後/],
  [
    'a telephone that has ended',
    /(?<=hours: 平日.*through: )null/,
    '2025-11-03',
    'contacts:',
    /contacts: 令和7年11月4日に通じるお問い合わせ先がありません/,
  ],
  ['one enclosure named twice', /( {4}- \{ id: flyer.*\n)/, '$1$1', 'id: flyer', /enclosures\.1\.id: ほかと重ならない/],
  ['one issuance named twice', /( {2}- id: bulk[^]*?上旬\n)/, '$1$1', 'id: bulk', /issuances\.1\.id: ほかと重ならない/],
  ['text where a number is due', /maxYears: 5/, 'maxYears: five', 'five', /validity\.maxYears: 数が必要です/],
  [
    'cards without a place on the mount',
    /kind: postcard/,
    'kind: card',
    'limit: null',
    /enclosing\.limit: カードの台紙は1通4枚/,
  ],
  ['a limit of none', /limit: null/, 'limit: 0', 'limit: 0', /enclosing\.limit: 1以上の整数が必要です/],
  ['a route that is none', /route: workplace/, 'route: dog', 'dog', /route: home・workplace のどれか/],
  ['a value left out', / {2}sealText: .*\n/, '', 'insurer:', /insurer\.sealText: 文字列が必要です/],
  [
    'a sheet that does not say one cannot be treated with it alone',
    /( {2}- place: notice)(\n[^]*?) {6}- この資格.*\n/,
    '$1 # here$2',
    '# here',
    /texts\.\d+: 「このお知らせのみでは/,
  ],
  [
    'a birth date that may differ',
    /attribute: name/,
    'attribute: bornOn',
    'bornOn',
    /attribute: name・kana・sex・address/,
  ],
  [
    'a range of 引受番号 the post office cannot have given',
    /acceptanceNumbers: null/,
    "acceptanceNumbers: { first: '13112383852', last: '13112383852' }",
    'acceptanceNumbers: {',
    /acceptanceNumbers: 特定記録の番号/,
  ],
  [
    'a round that ends before it begins',
    /from: 2024-06-08, through/,
    'from: 2024-12-05, through',
    '2024-12-05',
    /joined: from 以後/,
  ],
  [
    'a later round that leaves out a change of the law',
    /\[number, ratio, details/,
    '[number, details',
    'changes: [number, details',
    /changes: 健康保険法施行規則第51条の3第5項の変更/,
  ],
  [
    'changes asked for where everybody gets one',
    /joined: null # 加入者全員/,
    'joined: null\n    changes: [number, ratio]',
    'changes: [number, ratio]',
    /changes: 加入者全員/,
  ],
  ['one key twice', /route: workplace/, '$&\nroute: home', 'route: home', /YAMLとして読めません/],
] as const)('%s is refused with its line', async (_, find, replacement, lineWith, message) => {
  const file = path.join(folder, 'broken.yaml');
  const broken = readFileSync(path.join(INSURERS, 'mbk.yaml'), 'utf8').replace(find, replacement);
  writeFileSync(file, broken);
  const line = broken.split('\n').findLastIndex((text) => text.includes(lineWith)) + 1;
  const faults = await loadProfile(file).then(
    () => [],
    (error: ProfileFault) => error.faults,
  );
  expect(faults).toContainEqual(expect.stringMatching(message));
  expect(faults.find((fault) => message.test(fault))).toMatch(new RegExp(`^broken\\.yaml ${line}行`));
});

test.each(['kyokai-kenpo', 'mbk', 'seamen'])('%s points editors at the schema', (name) => {
  const [first] = readFileSync(path.join(INSURERS, `${name}.yaml`), 'utf8').split('\n');
  expect(first).toBe('# yaml-language-server: $schema=./profile.schema.json');
});

test('every branch of 全国健康保険協会 carries the number of its prefecture', async () => {
  const { branches } = await loadProfile('kyokai-kenpo');
  const codes = Array.from({ length: 47 }, (_, i) => String(i + 1).padStart(2, '0'));
  expect(branches.map((branch) => branch.code)).toEqual(codes);
  expect(branches.map((branch) => branch.insurerNumber?.slice(0, 7))).toEqual(codes.map((code) => `01${code}001`));
  expect(branches[3]).toMatchObject({ name: '宮城支部', insurerNumber: '01040013' });
});

test('a profile that does not exist is named', async () => {
  await expect(loadProfile('nobody')).rejects.toThrow('nobody');
});
