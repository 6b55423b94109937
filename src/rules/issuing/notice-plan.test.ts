import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { mayShowDigits } from '../intake/matching.ts';
import type { MatchClass } from '../intake/matching.ts';
import { planNotices } from './notice-plan.ts';
import type { NoticeHousehold, NoticePlanRules, NoticeTarget } from './notice-plan.ts';

const day = (text: string): LocalDate => text as LocalDate;
const HOME = { postalCode: '1000013', line: '東京都千代田区霞が関1-3-2', building: '' };
const OTHER = { postalCode: '1638001', line: '東京都新宿区西新宿二丁目8番1号', building: '' };
const RULES: NoticePlanRules = {
  issuedOn: day('2024-09-09'),
  unresolved: 'hold',
  elderlyCertificates: true,
  way: 'own',
};

function target(subNumber: string, change: Partial<NoticeTarget> = {}): NoticeTarget {
  return {
    symbol: '100',
    number: '1',
    subNumber,
    relation: subNumber === '00' ? 'insured' : 'dependent',
    insuredClass: 'general',
    name: `協会　${subNumber}`,
    bornOn: day('1980-02-11'),
    acquiredOn: day('2019-04-01'),
    lostOn: null,
    home: subNumber === '00' ? HOME : null,
    mailTo: null,
    mailStopped: false,
    hasOptionalEntries: false,
    matchClass: 'agrees',
    determined: null,
    ...change,
  };
}

function household(targets: readonly NoticeTarget[], change: Partial<NoticeHousehold> = {}): NoticeHousehold {
  const insured = targets.find((t) => t.relation === 'insured') ?? null;
  return { symbol: '100', number: '1', insured, targets, hasWorkplace: true, ...change };
}

test('one envelope a person, insured person first, each under their own name', () => {
  const { notices, exits } = planNotices(household([target('02'), target('00'), target('01')]), RULES);
  expect(exits).toEqual([]);
  expect(notices.map((n) => [n.subNumber, n.sequence, n.sequenceCount, n.addressee, n.route, n.address])).toEqual([
    ['00', 1, 3, '協会　00', 'workplace', null],
    ['01', 2, 3, '協会　01', 'workplace', null],
    ['02', 3, 3, '協会　02', 'workplace', null],
  ]);
});

test.each<[string, Partial<NoticeTarget>, Partial<NoticePlanRules>, string]>([
  ['protected', { mailStopped: true }, {}, 'mail-stopped'],
  ['lost by the day', { lostOn: day('2024-09-09') }, {}, 'withdrawn-lost'],
  ['75 on the day', { bornOn: day('1949-09-09') }, {}, 'reached-75'],
  ['70 without 高齢受給者証', { bornOn: day('1952-01-01') }, { elderlyCertificates: false }, 'income-unknown'],
  ['unresolved', { matchClass: 'unresolved' }, {}, 'match-unresolved'],
  ['no workplace, no address', { insuredClass: 'special-retiree', home: null }, {}, 'no-address'],
])('%s: no notice now', (_, change, rules, reason) => {
  expect(planNotices(household([target('00', change)]), { ...RULES, ...rules })).toEqual({
    notices: [],
    exits: [{ subNumber: '00', reason }],
  });
});

test('from 70 on the ratio is what was determined for the day, with its days', () => {
  const determined = { tenths: 2, from: day('2024-08-01'), through: day('2025-07-31') } as const;
  const senior = household([target('00', { bornOn: day('1952-01-01'), determined })]);
  expect(planNotices(senior, { ...RULES, elderlyCertificates: false }).notices).toMatchObject([{ ratio: determined }]);
  const late = { ...RULES, elderlyCertificates: false, issuedOn: day('2025-08-01') };
  expect(planNotices(senior, late).exits).toEqual([{ subNumber: '00', reason: 'income-unknown' }]);
});

test.each<[string, Partial<NoticeTarget>, unknown]>([
  ['lost the day after', { lostOn: day('2024-09-10') }, { ratio: { tenths: 3 } }],
  ['75 the day after', { bornOn: day('1949-09-10') }, { ratio: null }],
  ['school child', { relation: 'dependent', bornOn: day('2018-04-01') }, { ratio: { tenths: 3 } }],
  ['before school', { relation: 'dependent', bornOn: day('2018-04-02') }, { ratio: { tenths: 2 } }],
  ['任意継続', { insuredClass: 'voluntary-continuation' }, { route: 'home', address: HOME }],
  ['送付先', { mailTo: OTHER }, { route: 'home', address: OTHER }],
])('%s', (_, change, expected) => {
  const { notices } = planNotices(household([target('00', change)]), RULES);
  expect(notices).toMatchObject([expected]);
});

test('a dependent’s own 送付先 takes only that dependent home; the household’s takes all', () => {
  const own = planNotices(household([target('00'), target('01', { mailTo: OTHER })]), RULES).notices;
  expect(own.map((n) => [n.route, n.address])).toEqual([
    ['workplace', null],
    ['home', OTHER],
  ]);
  const shared = planNotices(household([target('00', { mailTo: OTHER }), target('01')]), RULES).notices;
  expect(shared.map((n) => n.address)).toEqual([OTHER, OTHER]);
});

test('made again for home or for the workplace, that way is taken where there is one', () => {
  const given = household([target('00', { mailTo: OTHER })]);
  const ways = (way: NoticePlanRules['way']) => planNotices(given, { ...RULES, way }).notices.map((n) => n.route);
  expect([ways('own'), ways('home'), ways('workplace')]).toEqual([['home'], ['home'], ['workplace']]);
  const plain = household([target('00')]);
  expect(planNotices(plain, { ...RULES, way: 'home' }).notices).toMatchObject([{ route: 'home', address: HOME }]);
});

test('nothing of a protected insured person is used, not even an address', () => {
  const insured = target('00', { mailStopped: true, mailTo: OTHER });
  const { notices } = planNotices(household([insured, target('01')], { hasWorkplace: false }), RULES);
  expect(notices).toEqual([]);
  expect(planNotices(household([insured, target('01')]), RULES).notices).toMatchObject([{ route: 'workplace' }]);
});

const anyTarget = (subNumber: string): fc.Arbitrary<NoticeTarget> =>
  fc
    .record({
      matchClass: fc.constantFrom<MatchClass>('agrees', 'confirmed', 'low-risk', 'unresolved', 'not-submitted'),
      bornOn: fc.constantFrom(day('1949-09-09'), day('1950-01-01'), day('1980-02-11'), day('2020-01-01')),
      lostOn: fc.constantFrom(null, day('2024-09-09'), day('2024-12-01')),
      mailStopped: fc.boolean(),
      mailTo: fc.constantFrom(null, OTHER),
      home: fc.constantFrom(null, HOME),
      insuredClass: fc.constantFrom('general' as const, 'voluntary-continuation' as const),
      determined: fc.constantFrom(null, {
        tenths: 3 as const,
        from: day('2024-08-01'),
        through: day('2025-07-31'),
      }),
    })
    .map((change) => target(subNumber, change));
const anyHousehold = fc
  .uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 6 })
  .chain((places) => fc.tuple(...places.map((place) => anyTarget(`0${place}`))))
  .chain((targets) => fc.boolean().map((hasWorkplace) => household(targets, { hasWorkplace })));
const anyRules = fc.record({
  issuedOn: fc.constant(RULES.issuedOn),
  unresolved: fc.constantFrom('hold' as const, 'send-without-digits' as const),
  elderlyCertificates: fc.boolean(),
  way: fc.constantFrom('own' as const, 'home' as const, 'workplace' as const),
});

test('every target has one notice or one exit; digits only of the matched; the order of rows does not matter', () => {
  fc.assert(
    fc.property(anyHousehold, anyRules, (given, rules) => {
      const plan = planNotices(given, rules);
      const told = [...plan.notices, ...plan.exits].map((p) => p.subNumber).sort((a, b) => Number(a) - Number(b));
      expect(told).toEqual(given.targets.map((t) => t.subNumber).sort((a, b) => Number(a) - Number(b)));
      for (const notice of plan.notices) {
        expect(notice.digits === 'printed').toBe(mayShowDigits(notice.matchClass));
        expect(notice.requestForm).toBe(notice.digits === 'asked');
        expect(notice.route === 'home').toBe(notice.address !== null);
        expect(notice.route === 'workplace' && (!given.hasWorkplace || rules.way === 'home')).toBe(false);
      }
      expect(plan.notices.map((n) => n.sequence)).toEqual(plan.notices.map((_, i) => i + 1));
      expect(planNotices({ ...given, targets: given.targets.toReversed() }, rules)).toEqual(plan);
    }),
    { numRuns: 1000 },
  );
});
