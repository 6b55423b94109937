import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digitalCertificateServesThrough } from '../intake/enrolment.ts';
import { addDays, endOfMonth } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';
import type { Standing } from '../papers/standing.ts';
import { SCHEMES } from '../papers/scheme.ts';
import { explainMonthly } from './monthly-explanation.ts';
import { firstSnapshotOf, groundOn, lastJoinedShown, monthlyRules } from './monthly.ts';
import type { MonthlyRules, MonthlySettings } from './monthly.ts';
import { REGIMES, regimeOn } from './regimes.ts';
import { decide, heldThroughOn } from './targeting.ts';
import type { DecisionFacts, ReasonCode } from './targeting.ts';

const d = (text: string): LocalDate => text as LocalDate;

const SETTINGS: MonthlySettings = {
  id: 'monthly',
  name: '毎月の職権交付',
  kind: 'monthly',
  asksLegacyCard: false,
  joinedWorkingDays: 4,
  route: 'home',
  promisedWorkingDays: 20,
  validity: null,
  grounds: [
    { from: d('2024-12-02'), through: d('2025-12-01'), source: '出典一' },
    { from: d('2025-12-02'), through: null, source: '出典二' },
  ],
};

function roundOf(snapshotOn: string, issuedOn: string, change: Partial<MonthlySettings> = {}): MonthlyRules {
  const rules = monthlyRules({ ...SETTINGS, ...change }, { snapshotOn: d(snapshotOn), issuedOn: d(issuedOn) });
  if (rules === null) throw new Error('no ground for that day');
  return rules;
}

/** The round of the README: the snapshot of the end of October, issued in November. */
const NOVEMBER = roundOf('2026-10-31', '2026-11-10');

const ENROLLED = { card: 'held', registration: 'registered', digitalCertificateExpiresOn: null, linked: true } as const;
type Status = NonNullable<DecisionFacts['enrolment']>;

const MEMBER: DecisionFacts = {
  acquiredOn: d('2015-04-01'),
  decidedOn: null,
  lostOn: null,
  insuredClass: 'general',
  holdsLegacyCard: false,
  certificateValidThrough: null,
  specialCare: false,
  enrolment: ENROLLED,
};

const reasonOf = (change: Partial<DecisionFacts>, rules: MonthlyRules = NOVEMBER): ReasonCode =>
  decide({ ...MEMBER, ...change }, rules).reason;
const withStatus = (change: Partial<Status>, rules: MonthlyRules = NOVEMBER): ReasonCode =>
  reasonOf({ enrolment: { ...ENROLLED, ...change } }, rules);
const NONE = { enrolment: { ...ENROLLED, card: 'none', registration: 'unregistered' } } as const;

test.each([
  ['an enrolled member', {}, 'verifiable'],
  ['lost on the issue day', { lostOn: d('2026-11-10'), ...NONE }, 'lost'],
  ['losing it the day after', { lostOn: d('2026-11-11'), ...NONE }, 'no-card'],
  ['lost between the snapshot and the issue day', { lostOn: d('2026-11-01'), ...NONE }, 'lost'],
  ['acquired on the issue day', { acquiredOn: d('2026-11-10') }, 'verifiable'],
  ['acquired the day after', { acquiredOn: d('2026-11-11') }, 'not-yet'],
  ['法第3条第2項', { insuredClass: 'day-labourer', ...NONE }, 'day-labourer'],
  ['no old card is asked for', NONE, 'no-card'],
  [
    'a certificate of another system through the end of the month',
    { certificateValidThrough: d('2026-11-30'), ...NONE },
    'holds-certificate',
  ],
  ['one that ends the day before', { certificateValidThrough: d('2026-11-29'), ...NONE }, 'no-card'],
  ['one that ends first, with an enrolled card', { certificateValidThrough: d('2026-11-20') }, 'verifiable'],
  ['needing consideration, renewed without asking', { specialCare: true }, 'special-care'],
  [
    'needing consideration, though joined yesterday',
    { specialCare: true, acquiredOn: d('2026-11-09') },
    'special-care',
  ],
  [
    'needing consideration, holding one',
    { specialCare: true, certificateValidThrough: d('2027-03-31') },
    'holds-certificate',
  ],
  ['absent from the snapshot, a member for long', { enrolment: null }, 'no-status'],
  ['absent from the snapshot, joined last week', { enrolment: null, acquiredOn: d('2026-10-28') }, 'waiting'],
  [
    'a newborn of a known household',
    { enrolment: null, acquiredOn: d('2026-10-20'), decidedOn: d('2026-11-02') },
    'waiting',
  ],
  [
    '75 since the day before the issue day',
    { cover: { through: d('2026-11-09'), because: 'age-75' }, ...NONE },
    'lost',
  ],
  ['75 on the day after the issue day', { cover: { through: d('2026-11-10'), because: 'age-75' }, ...NONE }, 'no-card'],
] as const)('%s', (_, change, reason) => expect(reasonOf(change)).toBe(reason));

test.each([
  ['not linked', { linked: false }, 'unlinked'],
  ['card given back', { card: 'returned', registration: 'deregistered' }, 'card-returned'],
  ['no card', { card: 'none', registration: 'unregistered' }, 'no-card'],
  ['deregistered', { registration: 'deregistered' }, 'deregistered'],
  ['not registered', { registration: 'unregistered' }, 'unregistered'],
] as const)('%s: in this month’s round, but who has just joined waits', (_, status, reason) => {
  expect(withStatus(status)).toBe(reason);
  expect(reasonOf({ enrolment: { ...ENROLLED, ...status }, acquiredOn: d('2026-10-30') })).toBe('waiting');
});

test('who has just joined and is seen with an enrolled card is verifiable, and waits for nothing', () => {
  expect(reasonOf({ acquiredOn: d('2026-10-30') })).toBe('verifiable');
});

// 全国健康保険協会 2025-07-16: usable for three months from the last day of the month in which it expires.
test.each([
  ['2025-07-16', '2025-10-31', '2025-11-01'],
  ['2025-11-30', '2026-02-28', '2026-03-01'],
  ['2024-11-01', '2025-02-28', '2025-03-01'],
  ['2025-12-31', '2026-03-31', '2026-04-01'],
  ['2027-11-15', '2028-02-29', '2028-03-01'],
])('the electronic certificate of %s serves through %s: needed from %s', (expiresOn, through, neededFrom) => {
  const status = { digitalCertificateExpiresOn: d(expiresOn) };
  expect(digitalCertificateServesThrough(d(expiresOn))).toBe(through);
  expect(addDays(d(through), 1)).toBe(neededFrom);
  const last = roundOf(addDays(d(`${through.slice(0, 8)}01`), -1), `${through.slice(0, 8)}10`);
  // On every day of the month in which it ends it is made; on none of the month before.
  for (let on = d(`${through.slice(0, 8)}01`); on <= d(through); on = addDays(on, 1)) {
    const rules = roundOf(on, on);
    expect(withStatus(status, rules)).toBe('certificate-expired');
  }
  const lastDayBefore = addDays(d(`${through.slice(0, 8)}01`), -1);
  expect(withStatus(status, roundOf(lastDayBefore, lastDayBefore))).toBe('verifiable');
  expect(withStatus(status, last)).toBe('certificate-expired');
  expect(withStatus(status, roundOf(neededFrom, neededFrom))).toBe('certificate-expired');
});

test('a card that serves until the cover ends is enough: no paper is made for days without cover', () => {
  const status = { ...ENROLLED, digitalCertificateExpiresOn: d('2026-08-15') };
  expect(digitalCertificateServesThrough(d('2026-08-15'))).toBe('2026-11-30');
  expect(reasonOf({ enrolment: status })).toBe('certificate-expired');
  expect(reasonOf({ enrolment: status, lostOn: d('2026-11-21') })).toBe('verifiable');
  expect(reasonOf({ enrolment: status, cover: { through: d('2026-11-20'), because: 'age-75' } })).toBe('verifiable');
});

test('a certificate that is valid as long as the cover is enough', () => {
  const held = { certificateValidThrough: d('2026-11-20'), ...NONE };
  expect(reasonOf({ ...held, cover: { through: d('2026-11-20'), because: 'insured-age-75' } })).toBe(
    'holds-certificate',
  );
  expect(reasonOf({ ...held, lostOn: d('2026-11-21') })).toBe('holds-certificate');
  expect(reasonOf({ ...held, lostOn: d('2026-11-22') })).toBe('no-card');
  expect(heldThroughOn({ ...MEMBER, lostOn: d('2026-12-15') }, NOVEMBER)).toBe('2026-11-30');
});

test.each([
  ['withdrawn', 'withdrawn'],
  ['holds-certificate', 'holds-certificate'],
  ['on-the-way', 'on-the-way'],
] as const)('the ledger’s own paper: %s', (standing, reason) => {
  const own: Standing = {
    reason: standing,
    issuanceId: 1,
    certificateNumber: '10001000000018',
    validThrough: d('2029-11-30'),
  };
  expect(reasonOf({ standing: own, ...NONE })).toBe(reason);
  expect(reasonOf({ standing: own, ...NONE, lostOn: d('2026-11-01') })).toBe('lost');
});

// Four working days: a snapshot of the fourth working day after joining is the first that counts.
test.each([
  ['an ordinary week', '2026-10-05', '2026-10-09'],
  ['over a weekend and スポーツの日', '2026-10-08', '2026-10-15'],
  ['on a Saturday', '2026-10-10', '2026-10-16'],
  ['over 憲法記念日 to 振替休日', '2026-04-30', '2026-05-11'],
  ['the end of April, 昭和の日 between', '2026-04-27', '2026-05-07'],
  ['the turn of the year: no working day from December 29 to January 3', '2026-12-25', '2027-01-06'],
  ['on a leap day', '2028-02-29', '2028-03-06'],
  ['into a leap day', '2028-02-23', '2028-02-29'],
  ['敬老の日, 国民の休日, 秋分の日', '2026-09-18', '2026-09-29'],
])('%s: joined on %s, first shown on %s', (_, joinedOn, shownOn) => {
  expect(firstSnapshotOf(d(joinedOn), 4)).toBe(shownOn);
  const before = addDays(d(shownOn), -1);
  expect(reasonOf({ acquiredOn: d(joinedOn), ...NONE }, roundOf(shownOn, shownOn))).toBe('no-card');
  expect(reasonOf({ acquiredOn: d(joinedOn), ...NONE }, roundOf(before, shownOn))).toBe('waiting');
  expect(reasonOf({ acquiredOn: d('2020-04-01'), decidedOn: d(joinedOn), ...NONE }, roundOf(before, shownOn))).toBe(
    'waiting',
  );
});

// Month ends before holidays: the snapshot of a month's last day, and the last joining it can show.
test.each([
  ['2026-04-30', '2026-04-23'],
  ['2026-12-31', '2026-12-22'],
  ['2027-01-31', '2027-01-25'],
  ['2026-10-31', '2026-10-26'],
  ['2028-02-29', '2028-02-23'],
])('the snapshot of %s shows who joined by %s', (snapshotOn, joinedOn) => {
  expect(lastJoinedShown(d(snapshotOn), 4)).toBe(joinedOn);
});

test('no working days to wait for: everybody is shown at once', () => {
  expect(lastJoinedShown(d('2026-10-31'), 0)).toBe('2026-10-31');
});

test('the days of a round over the end of a year', () => {
  expect(roundOf('2026-11-30', '2026-12-28')).toMatchObject({
    heldThroughOn: '2026-12-31',
    verifiableOn: '2027-01-01',
    promisedOn: '2026-12-28',
    ground: { source: '出典二' },
  });
});

test('the law in force is that of the issue day; where the profile names none, there is no round', () => {
  expect(groundOn(SETTINGS.grounds, d('2025-12-01'))?.source).toBe('出典一');
  expect(groundOn(SETTINGS.grounds, d('2025-12-02'))?.source).toBe('出典二');
  expect(monthlyRules(SETTINGS, { snapshotOn: d('2024-11-30'), issuedOn: d('2024-12-01') })).toBeNull();
  expect(() => roundOf('2026-11-11', '2026-11-10')).toThrow(RangeError);
});

test.each([
  ['2024-12-01', undefined],
  ['2024-12-02', '2024-12-02'],
  ['2025-12-01', '2024-12-02'],
  ['2025-12-02', '2025-12-02'],
  ['2026-03-31', '2025-12-02'],
  ['2026-04-01', '2026-04-01'],
  ['2026-07-31', '2026-04-01'],
  ['2026-08-01', '2026-08-01'],
])('on %s holds what began on %s', (on, from) => expect(regimeOn(d(on))?.from).toBe(from));

test('the changes of the law stand in order', () => {
  expect(REGIMES.map(({ from }) => from)).toEqual(REGIMES.map(({ from }) => from).toSorted());
});

test('an explanation cites the law of the issue day, and tells who waits from when', () => {
  const facts = { ...MEMBER, ...NONE };
  const explained = explainMonthly(facts, NOVEMBER, decide(facts, NOVEMBER), SCHEMES.health);
  expect(explained.sentence).toBe(
    '登録状況の基準日（令和8年10月31日）にマイナンバーカードを持っていないため、令和8年11月の資格確認書の交付の対象です（マイナンバーカード未取得）。',
  );
  expect(explained.rule).toBe(
    '健康保険法第51条の3・令和5年法律第48号附則第15条（職権による交付）：電子資格確認を受けることができない状況にある者（出典二）',
  );
  expect(explainMonthly(facts, NOVEMBER, decide(facts, NOVEMBER), SCHEMES.seamen).rule).toMatch(
    /^船員保険法第28条の2：/,
  );
  expect(explained.facts).toContainEqual({
    label: '時期の定め',
    value: expect.stringContaining('令和8年8月1日から') as string,
  });
  expect(explained.facts).toContainEqual({ label: '発送の期限', value: '令和8年12月1日' });
  const late = { ...facts, acquiredOn: d('2026-10-30') };
  expect(explainMonthly(late, NOVEMBER, decide(late, NOVEMBER), SCHEMES.health)).toMatchObject({
    sentence: expect.stringContaining('加入（令和8年10月30日）から4営業日たっておらず') as string,
    nearestChange: '令和8年11月6日以後の登録状況で、あらためて判定します。',
  });
});

const anyDay = fc
  .date({ min: new Date('2025-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
  .map((date) => d(date.toISOString().slice(0, 10)));

test('whoever joined by the last day shown is shown, whoever joined later is not', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 0, max: 10 }), (snapshotOn, workingDays) => {
      const last = lastJoinedShown(snapshotOn, workingDays);
      expect(firstSnapshotOf(last, workingDays) <= snapshotOn).toBe(true);
      expect(firstSnapshotOf(addDays(last, 1), workingDays) > snapshotOn || last === snapshotOn).toBe(true);
    }),
  );
});

test('no card ends between two months without the round of the month in which it ends', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 0, max: 30 }), (expiresOn, days) => {
      const through = digitalCertificateServesThrough(expiresOn);
      const first = d(`${through.slice(0, 8)}01`);
      const on = addDays(first, days) <= endOfMonth(first) ? addDays(first, days) : endOfMonth(first);
      expect(withStatus({ digitalCertificateExpiresOn: expiresOn }, roundOf(on, on))).toBe('certificate-expired');
      const before = addDays(first, -1);
      expect(withStatus({ digitalCertificateExpiresOn: expiresOn }, roundOf(before, before))).toBe('verifiable');
    }),
  );
});

test('every reason of every round is explained, by the words of its label', () => {
  const standing = fc
    .constantFrom('withdrawn', 'holds-certificate', 'on-the-way', null)
    .map(
      (reason): Standing | null =>
        reason && { reason, issuanceId: 1, certificateNumber: '10001000000018', validThrough: d('2029-11-30') },
    );
  const maybe = fc.option(anyDay, { nil: null });
  const facts: fc.Arbitrary<DecisionFacts> = fc.record({
    acquiredOn: anyDay,
    decidedOn: maybe,
    lostOn: maybe,
    insuredClass: fc.constantFrom('general', 'voluntary-continuation', 'day-labourer'),
    holdsLegacyCard: fc.boolean(),
    certificateValidThrough: maybe,
    specialCare: fc.boolean(),
    standing,
    enrolment: fc.option(
      fc.record({
        card: fc.constantFrom('held', 'none', 'returned'),
        registration: fc.constantFrom('registered', 'unregistered', 'deregistered'),
        digitalCertificateExpiresOn: maybe,
        linked: fc.boolean(),
      }),
      { nil: null },
    ),
  });
  fc.assert(
    fc.property(
      facts,
      anyDay,
      fc.integer({ min: 0, max: 40 }),
      fc.boolean(),
      (own, snapshotOn, later, asksLegacyCard) => {
        const rules = roundOf(snapshotOn, addDays(snapshotOn, later), { asksLegacyCard });
        const decision = decide(own, rules);
        const { sentence, rule } = explainMonthly(own, rules, decision, SCHEMES.health);
        expect(sentence).toContain(decision.isTarget ? '対象です' : '対象ではありません');
        expect(rule).not.toBe('');
        // Whatever else is so: nobody who holds one, awaits one or was taken out gets one.
        expect(decision.isTarget && own.standing !== null).toBe(false);
      },
    ),
  );
});
