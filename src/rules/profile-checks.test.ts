import { expect, test } from 'vitest';
import { loadProfile } from '../formats/profile.ts';
import type { InsurerProfile } from './insurer.ts';
import { checkProfile } from './profile-checks.ts';
import type { LocalDate } from './words/local-date.ts';

const mbk = await loadProfile('mbk');
const kyokai = await loadProfile('kyokai-kenpo');
const day = (text: string): LocalDate => text as LocalDate;

/** What is wrong with a profile, as `path: message`. */
const wrong = (profile: InsurerProfile): string[] =>
  checkProfile(profile, [...profile.issuances, ...profile.monthly, ...profile.noticeRounds]).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const enclosing = (kind: 'card' | 'postcard', limit: number | null): InsurerProfile => ({
  ...mbk,
  form: { ...mbk.form, kind },
  enclosing: { ...mbk.enclosing, limit },
});
const MOUNT = 'enclosing.limit: カードの台紙は1通4枚までです。1から4までの整数が必要です';

test.each<['card' | 'postcard', number | null, string[]]>([
  ['card', 1, []],
  ['card', 4, []],
  ['card', 5, [MOUNT]],
  ['card', 6, [MOUNT]],
  ['card', null, [MOUNT]],
  ['postcard', 4, []],
  ['postcard', 6, []],
  ['postcard', null, []],
])('a %s form with %s an envelope: %j', (kind, limit, faults) => {
  expect(wrong(enclosing(kind, limit))).toEqual(faults);
});

const bulk = mbk.issuances[0]!;
const first = kyokai.issuances.find((issuance) => issuance.waves.length > 1)!;
const withWaves = (change: (waves: (typeof first)['waves']) => (typeof first)['waves']): InsurerProfile => ({
  ...kyokai,
  issuances: [{ ...first, waves: change(first.waves) }],
  noticeRounds: [],
});
const withPeriod = (change: Partial<InsurerProfile['validity']['firstPeriod']>): InsurerProfile => ({
  ...mbk,
  validity: { ...mbk.validity, firstPeriod: { ...mbk.validity.firstPeriod, ...change } },
});
const withRound = (change: Partial<InsurerProfile['noticeRounds'][number]>): InsurerProfile => ({
  ...mbk,
  issuances: [],
  noticeRounds: [{ ...mbk.noticeRounds[1]!, ...change }],
});

const withText = (place: 'back' | 'notice' | 'list-letter', text: readonly string[]): InsurerProfile => ({
  ...mbk,
  texts: mbk.texts.map((entry) => (entry.place === place ? { ...entry, text } : entry)),
});
const withContact = (change: Partial<InsurerProfile['contacts'][number]>): InsurerProfile => ({
  ...mbk,
  contacts: [{ ...mbk.contacts[0]!, ...change }],
});

test.each<[string, InsurerProfile, RegExp]>([
  [
    'a paper that sends people to 高齢受給者証, which the insurer does not issue',
    withText('back', ['窓口で高齢受給者証と併せて提示してください。']),
    /texts\.\d+: elderly が on-certificate/,
  ],
  [
    'a period that ends before it begins',
    withPeriod({ through: day('2020-01-01') }),
    /firstPeriod\.through: from 以後/,
  ],
  ['a period of more than a year', withPeriod({ through: day('2030-01-01') }), /firstPeriod\.through: from から1年/],
  ['an expiry past the years', withPeriod({ validThrough: day('2039-11-30') }), /validThrough: .*maxYears/],
  [
    'a cut-off after the reference date',
    { ...mbk, issuances: [{ ...bulk, acquiredThroughOn: day('2099-01-01') }] },
    /issuances\.0\.acquiredThroughOn: referenceOn 以前/,
  ],
  ['one issuance twice', { ...mbk, issuances: [bulk, bulk] }, /issuances\.1\.id: ほかと重ならないid/],
  ['one branch twice', { ...kyokai, branches: [...kyokai.branches, kyokai.branches[0]!] }, /branches\.47\.code/],
  ['waves out of order', withWaves((waves) => waves.toReversed()), /waves\.1\.postFrom: 前の波以後/],
  [
    'a branch in two waves',
    withWaves((waves) => waves.map((wave) => ({ ...wave, branches: ['01'] }))),
    /waves\.1\.branches\.0: ほかの波と重ならない/,
  ],
  [
    'a branch that is none',
    withWaves((waves) => waves.map((wave) => ({ ...wave, branches: ['99'] }))),
    /waves\.0\.branches\.0: branches にある支部/,
  ],
  [
    'two waves for all others',
    withWaves((waves) => waves.map((wave) => ({ ...wave, branches: [] }))),
    /waves\.1\.branches: 支部を書かない波/,
  ],
  ['a round without settings', { ...mbk, notices: null }, /kind: お知らせの設定/],
  [
    'a posting period that ends first',
    withRound({ posting: { from: day('2025-02-01'), through: day('2025-01-01') } }),
    /posting: from 以後/,
  ],
  [
    'a standing round that leaves out a change of the law',
    withRound({ extractedOn: null, joined: { from: day('2024-12-01'), through: null }, changes: ['number'] }),
    /changes: 健康保険法施行規則第51条の3第5項/,
  ],
  [
    'a pre-notice that promises all',
    withText('list-letter', ['全員に送ります。']),
    /texts\.\d+: 「一覧表に記載されている方であっても/,
  ],
  [
    'a text that outlives the day it names',
    withText('back', ['令和7年12月1日まで使えます。']),
    /texts\.\d+\.through: 文にある日（2025-12-01）までの日付/,
  ],
  [
    'two texts of one purpose, place and day',
    { ...mbk, texts: [...mbk.texts, mbk.texts.find(({ place }) => place === 'back')!] },
    /texts\.\d+\.from: \d+番目の文と、同じ目的・場所で期間が重なっています/,
  ],
  [
    'a telephone that has ended by the day of issue',
    withContact({ through: day('2025-11-03') }),
    /contacts: 令和7年11月4日に通じるお問い合わせ先がありません。MBK連合健康保険組合 適用担当（03-0000-0000）は令和7年11月3日まで/,
  ],
  [
    'a period of a telephone that ends before it begins',
    withContact({ from: day('2026-01-01'), through: day('2025-12-31') }),
    /contacts\.0\.through: from 以後/,
  ],
  [
    'words no scheme has',
    withText('back', ['{賞与}を返してください。']),
    /texts\.\d+\.text\.0: 「\{賞与\}」は知らない言葉/,
  ],
  ['a scheme of another insurer number', { ...mbk, scheme: 'seamen' }, /insurer\.number: 船員保険（scheme: seamen）/],
  [
    'a drawing the form does not have',
    { ...mbk, form: { ...mbk.form, variant: 13 } },
    /form\.variant: 様式第九号の番号は1から12まで/,
  ],
  [
    'letters past the employer without a reason',
    { ...mbk, route: 'home' },
    /routeGround: 健康保険法施行規則第47条第5項ただし書/,
  ],
  [
    'a sheet without its statements',
    withText('notice', ['こんにちは。']),
    /texts\.\d+: 「このお知らせのみでは受診できない」/,
  ],
])('%s', (_name, profile, message) => expect(wrong(profile).join('\n')).toMatch(message));

test.each(['kyokai-kenpo', 'mbk', 'seamen'])('%s has nothing wrong', async (name) => {
  expect(wrong(await loadProfile(name))).toEqual([]);
});

const monthly = mbk.monthly[0]!;
const [before, now] = [monthly.grounds[0]!, monthly.grounds[1]!];

test('the grounds of a monthly issuance follow one another, none of two at once', () => {
  const wrongWith = (change: Partial<typeof monthly>): string[] =>
    wrong({ ...mbk, monthly: [{ ...monthly, ...change }] });
  expect(wrongWith({})).toEqual([]);
  const next = '前の根拠の through より後の日付が必要です';
  const place = `issuances.${mbk.issuances.length}`;
  expect(wrongWith({ grounds: [now, before] })).toEqual([`${place}.grounds.1.from: ${next}`]);
  expect(wrongWith({ grounds: [before, { ...now, from: before.through! }] })).toEqual([
    `${place}.grounds.1.from: ${next}`,
  ]);
  expect(wrongWith({ grounds: [{ ...before, through: day('2024-12-01') }, now] })).toEqual([
    `${place}.grounds.0.through: from 以後の日付が必要です`,
  ]);
  const { firstPeriod } = mbk.validity;
  const validity = { ...mbk.validity, firstPeriod: { ...firstPeriod, validThrough: day('2030-12-31') } };
  expect(wrongWith({ validity })[0]).toMatch(/^issuances\.1\.validity\.firstPeriod\.validThrough: /);
});

test('no other plan is named like a month of it', () => {
  const faults = wrong({ ...mbk, issuances: [{ ...bulk, id: 'monthly-2026-11' }] });
  expect(faults).toEqual(['issuances.0.id: monthly の月の発行（monthly-年-月）と重ならない id が必要です']);
  expect(wrong({ ...mbk, issuances: [{ ...bulk, id: 'monthly-extra' }] })).toEqual([]);
});
