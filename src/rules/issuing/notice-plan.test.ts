import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { mayShowDigits } from '../intake/matching.ts';
import type { MatchClass } from '../intake/matching.ts';
import { HOME, noticeHousehold, noticeTarget } from '../../../tests/cast.ts';
import { planNotices } from './notice-plan.ts';
import type { NoticePlanRules, NoticeTarget } from './notice-plan.ts';

const day = (text: string): LocalDate => text as LocalDate;
const OTHER = { postalCode: '1638001', line: '東京都新宿区西新宿二丁目8番1号', building: '' };
const RULES: NoticePlanRules = {
  issuedOn: day('2024-09-09'),
  unresolved: 'hold',
  digits: { basis: '事務連絡', from: day('2024-03-01'), through: day('2024-10-31') },
  way: 'own',
};

test('one envelope a person, insured person first, each under their own name', () => {
  const { notices, exits } = planNotices(noticeHousehold([noticeTarget(2), noticeTarget(0), noticeTarget(1)]), RULES);
  expect(exits).toEqual([]);
  expect(notices.map((n) => [n.subNumber, n.sequence, n.sequenceCount, n.addressee, n.route, n.address])).toEqual([
    ['00', 1, 3, '協会　一の零', 'workplace', null],
    ['01', 2, 3, '協会　一の一', 'workplace', null],
    ['02', 3, 3, '協会　一の二', 'workplace', null],
  ]);
});

test.each<[string, Partial<NoticeTarget>, Partial<NoticePlanRules>, string]>([
  ['protected', { mailStopped: true }, {}, 'mail-stopped'],
  ['lost by the day', { lostOn: day('2024-09-09') }, {}, 'withdrawn-lost'],
  ['75 on the day', { bornOn: day('1949-09-09') }, {}, 'reached-75'],
  ['70 without 高齢受給者証', { bornOn: day('1952-01-01') }, {}, 'income-unknown'],
  ['unresolved', { matchClass: 'unresolved' }, {}, 'match-unresolved'],
  ['no workplace, no address', { insuredClass: 'special-retiree', home: null }, {}, 'no-address'],
])('%s: no notice now', (_, change, rules, reason) => {
  expect(planNotices(noticeHousehold([noticeTarget(0, change)]), { ...RULES, ...rules })).toEqual({
    notices: [],
    exits: [{ subNumber: '00', reason }],
  });
});

test.each<[string, Partial<NoticeTarget>, Partial<NoticeTarget>, string]>([
  ['the insured person has left', { lostOn: day('2024-09-09') }, {}, 'withdrawn-lost'],
  ['the insured person is 75', { bornOn: day('1949-09-09') }, {}, 'no-validity'],
  [
    'the insured person’s two years are over',
    { acquiredOn: day('2022-09-09') },
    { insuredClass: 'voluntary-continuation', acquiredOn: day('2024-06-01') },
    'no-validity',
  ],
])('%s: no notice for a dependent', (_, insured, change, reason) => {
  const alone = noticeHousehold([noticeTarget(1, change)], { insured: noticeTarget(0, insured) });
  expect(planNotices(alone, RULES)).toEqual({ notices: [], exits: [{ subNumber: '01', reason }] });
});

test('from 70 on the ratio is what was determined for the day, with its days', () => {
  const determined = { tenths: 2, from: day('2024-08-01'), through: day('2025-07-31') } as const;
  const senior = noticeHousehold([noticeTarget(0, { bornOn: day('1952-01-01'), determined })]);
  expect(planNotices(senior, RULES).notices).toMatchObject([{ ratio: determined }]);
  const late = { ...RULES, issuedOn: day('2025-08-01') };
  expect(planNotices(senior, late).exits).toEqual([{ subNumber: '00', reason: 'income-unknown' }]);
});

test('three tenths of a dependent whose insured person is under 70 wait for staff', () => {
  const determined = { tenths: 3, from: day('2026-08-01'), through: day('2027-07-31') } as const;
  const mother = noticeTarget(1, { bornOn: day('1955-03-03'), determined });
  const of = (bornOn: string) =>
    planNotices(noticeHousehold([mother], { insured: noticeTarget(0, { bornOn: day(bornOn) }) }), {
      ...RULES,
      issuedOn: day('2026-11-10'),
    });
  expect(of('1981-01-01').exits).toEqual([{ subNumber: '01', reason: 'ratio-doubtful' }]);
  expect(of('1954-01-01').notices).toMatchObject([{ ratio: determined }]);
});

test.each<[string, Partial<NoticeTarget>, unknown]>([
  ['lost the day after', { lostOn: day('2024-09-10') }, { ratio: { tenths: 3 } }],
  ['75 the day after', { bornOn: day('1949-09-10'), holdsElderlyCertificate: true }, { ratio: null }],
  ['school child', { relation: 'dependent', bornOn: day('2018-04-01') }, { ratio: { tenths: 3 } }],
  ['before school', { relation: 'dependent', bornOn: day('2018-04-02') }, { ratio: { tenths: 2 } }],
  [
    '任意継続',
    { insuredClass: 'voluntary-continuation', acquiredOn: day('2024-04-01') },
    { route: 'home', address: HOME },
  ],
  ['送付先', { mailTo: OTHER }, { route: 'home', address: OTHER }],
])('%s', (_, change, expected) => {
  const { notices } = planNotices(noticeHousehold([noticeTarget(0, change)]), RULES);
  expect(notices).toMatchObject([expected]);
});

test('a dependent’s own 送付先 takes only that dependent home; the household’s takes all', () => {
  const own = planNotices(noticeHousehold([noticeTarget(0), noticeTarget(1, { mailTo: OTHER })]), RULES).notices;
  expect(own.map((n) => [n.route, n.address])).toEqual([
    ['workplace', null],
    ['home', OTHER],
  ]);
  const shared = planNotices(noticeHousehold([noticeTarget(0, { mailTo: OTHER }), noticeTarget(1)]), RULES).notices;
  expect(shared.map((n) => n.address)).toEqual([OTHER, OTHER]);
});

test('made again for home or for the workplace, that way is taken where there is one', () => {
  const given = noticeHousehold([noticeTarget(0, { mailTo: OTHER })]);
  const ways = (way: NoticePlanRules['way']) => planNotices(given, { ...RULES, way }).notices.map((n) => n.route);
  expect([ways('own'), ways('home'), ways('workplace')]).toEqual([['home'], ['home'], ['workplace']]);
  const plain = noticeHousehold([noticeTarget(0)]);
  expect(planNotices(plain, { ...RULES, way: 'home' }).notices).toMatchObject([{ route: 'home', address: HOME }]);
});

test('nothing of a protected insured person is used, not even an address', () => {
  const insured = noticeTarget(0, { mailStopped: true, mailTo: OTHER });
  const { notices } = planNotices(noticeHousehold([insured, noticeTarget(1)]), { ...RULES, way: 'home' });
  expect(notices).toEqual([]);
  expect(planNotices(noticeHousehold([insured, noticeTarget(1)]), RULES).notices).toMatchObject([
    { route: 'workplace' },
  ]);
});

const anyTarget = (place: number): fc.Arbitrary<NoticeTarget> =>
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
      holdsElderlyCertificate: fc.boolean(),
    })
    .map((change) => noticeTarget(place, change));
const anyHousehold = fc
  .uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 6 })
  .chain((places) => fc.tuple(...places.map(anyTarget)))
  .map((targets) => noticeHousehold(targets));
const anyRules = fc.record({
  issuedOn: fc.constant(RULES.issuedOn),
  unresolved: fc.constantFrom('hold' as const, 'send-without-digits' as const),
  way: fc.constantFrom('own' as const, 'home' as const, 'workplace' as const),
  digits: fc.constantFrom(null, RULES.digits, RULES.digits && { ...RULES.digits, through: day('2024-09-08') }),
});

test('every target has one notice or one exit; digits only of the matched; the order of rows does not matter', () => {
  fc.assert(
    fc.property(anyHousehold, anyRules, (given, rules) => {
      const plan = planNotices(given, rules);
      const told = [...plan.notices, ...plan.exits].map((p) => p.subNumber).sort((a, b) => Number(a) - Number(b));
      expect(told).toEqual(given.targets.map((t) => t.subNumber).sort((a, b) => Number(a) - Number(b)));
      for (const notice of plan.notices) {
        const isShown = rules.digits !== null && rules.issuedOn <= rules.digits.through;
        expect(notice.digits === 'printed').toBe(isShown && mayShowDigits(notice.matchClass));
        expect(notice.requestForm).toBe(notice.digits === 'asked');
        expect(notice.route === 'home').toBe(notice.address !== null);
        expect(notice.route === 'workplace' && rules.way === 'home').toBe(false);
      }
      expect(plan.notices.map((n) => n.sequence)).toEqual(plan.notices.map((_, i) => i + 1));
      expect(planNotices({ ...given, targets: given.targets.toReversed() }, rules)).toEqual(plan);
    }),
    { numRuns: 1000 },
  );
});
