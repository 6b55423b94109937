import { expect, test } from 'vitest';
import { filingDeadline, isFilingLate, termsOf } from './deadlines.ts';
import {
  recallGroundLabel,
  legacyCardDuty,
  mayDestroyCertificate,
  oneMonthAfter,
  recallAddressee,
  recallGround,
  recallKind,
  recallThrough,
  reminderDueOn,
} from './recall.ts';
import { SCHEMES } from '../papers/scheme.ts';
import type { RecallFacts } from './recall.ts';
import type { LocalDate } from '../words/local-date.ts';

const on = (text: string): LocalDate => text as LocalDate;
const facts = (change: Partial<RecallFacts> = {}): RecallFacts => ({
  lostOn: null,
  validThrough: on('2029-11-30'),
  isVerifiable: false,
  isSuperseded: false,
  replacedFor: null,
  hasMoved: false,
  demandedFor: null,
  ...change,
});

test.each([
  [facts(), null],
  [facts({ lostOn: on('2025-12-10') }), 'lost'],
  [facts({ lostOn: on('2025-12-11') }), null],
  [facts({ isVerifiable: true }), 'enrolled'],
  [facts({ isVerifiable: true, lostOn: on('2025-12-01') }), 'lost'],
  [facts({ isSuperseded: true, isVerifiable: true }), 'superseded'],
  [facts({ demandedFor: 'found', isSuperseded: true }), 'found'],
  [facts({ demandedFor: 'found', lostOn: on('2025-12-02') }), 'lost'],
  // Name, sex or number changed, and the new one posted: handed in by law (健保則48条1項).
  [facts({ isSuperseded: true, replacedFor: 'corrected' }), 'corrected'],
  // Torn or soiled: to be attached to the request, and due when it was not (49条2項).
  [facts({ isSuperseded: true, replacedFor: 'damaged' }), 'damaged'],
  [facts({ demandedFor: 'damaged' }), 'damaged'],
  // A changed 記号 is no loss.
  [facts({ hasMoved: true }), 'corrected'],
  [facts({ hasMoved: true, isVerifiable: true }), 'corrected'],
  [facts({ hasMoved: true, lostOn: on('2025-12-01') }), 'lost'],
  // Past its expiry it may be destroyed by the holder (C2).
  [facts({ lostOn: on('2025-12-01'), validThrough: on('2025-12-09') }), null],
  [facts({ lostOn: on('2025-12-01'), validThrough: on('2025-12-10') }), 'lost'],
] as const)('%o is asked back on 2025-12-10: %s', (given, ground) => {
  expect(recallGround(given, on('2025-12-10'))).toBe(ground);
});

// The old card, to the day: the day the filing arrives decides, not the day of the loss.
test.each([
  // 003: 令和7年12月1日までに当組合に到着した届出（喪失届や氏名変更届等）については回収が必要.
  ['003 loss filed in November', '2025-11-20', '2025-11-28', true, 'return-through-workplace', true],
  ['003 the last day of arrival', '2025-11-30', '2025-12-01', true, 'return-through-workplace', false],
  ['003 a loss of tomorrow that is filed today', '2025-12-02', '2025-12-01', true, 'return-through-workplace', false],
  [
    '003 a change of name that arrives by the last day',
    '2025-11-10',
    '2025-12-01',
    true,
    'return-through-workplace',
    null,
  ],
  // 003: 12月1日以前に資格喪失した届出が、12月2日以降に到着した場合は回収を求めません.
  ['003 the first day after it, the loss long before', '2025-10-01', '2025-12-02', true, 'destroy-allowed', true],
  ['003 a loss of the last day, filed within five days', '2025-12-01', '2025-12-05', true, 'destroy-allowed', false],
  ['003 a loss after the cards ended', '2025-12-15', '2025-12-18', true, 'destroy-allowed', false],
  ['003 a change of name that arrives later', '2025-11-10', '2025-12-02', true, 'destroy-allowed', null],
  // 004: 12月1日までに退職等で使用できなくなった保険証は回収…喪失届とあわせて.
  ['004 left by 12-01, filed with the card', '2025-11-30', '2025-12-01', true, 'return-through-workplace', false],
  // 004: 12月2日以降については保険証の自己破棄も可能.
  ['004 filed from 12-02', '2025-12-01', '2025-12-02', true, 'destroy-allowed', false],
  // 004: 任意継続のご加入者が…申出書と併せて当協会にご返却ください.
  ['004 voluntary continuation', '2025-11-25', '2025-11-28', false, 'return-to-insurer', false],
  ['004 voluntary continuation, arrived later', '2025-11-25', '2025-12-02', false, 'destroy-allowed', true],
] as const)('an old card, %s (loss %s, arrived %s)', (_, lost, arrived, hasEmployer, duty, late) => {
  expect(legacyCardDuty(on(arrived), hasEmployer, SCHEMES.health)).toBe(duty);
  // The day of the loss has no say there; it decides whether a loss is filed late (null: not a loss).
  const isLate = isFilingLate(filingDeadline('loss', true, on(lost), termsOf(SCHEMES.health)), on(arrived));
  expect(late ?? isLate).toBe(isLate);
});

// 004: within its validity the workplace collects it; past its expiry the holder may destroy it.
test.each([
  ['2029-11-30', '2029-11-30', false],
  ['2029-11-30', '2029-12-01', true],
])('a certificate valid through %s may be destroyed on %s: %s', (through, day, may) => {
  expect(mayDestroyCertificate(on(through), on(day))).toBe(may);
  expect(recallGround(facts({ lostOn: on('2029-10-01'), validThrough: on(through) }), on(day))).toBe(
    may ? null : 'lost',
  );
});

test.each([
  ['lost', 'duty'],
  ['found', 'duty'],
  ['corrected', 'duty'],
  ['damaged', 'duty'],
  ['enrolled', 'request'],
  ['superseded', 'request'],
] as const)('%s is a %s, and its words say so', (ground, kind) => {
  expect(recallKind(ground)).toBe(kind);
  for (const scheme of Object.values(SCHEMES)) {
    const words = recallGroundLabel(ground, scheme);
    expect(words.includes('お願い')).toBe(kind === 'request');
    expect(words.includes(scheme.regulation)).toBe(kind === 'duty');
  }
});

test.each([
  ['2025-10-01', '2025-11-01'],
  ['2026-01-31', '2026-02-28'],
])('one month after a loss of %s ends on %s', (lost, end) => {
  expect(oneMonthAfter(on(lost))).toBe(end);
});

const MAY = { mayPassEmployer: true, hasMoved: false, hasInsuredDied: false };
test.each([
  [{}, 'workplace'],
  [{ mayPassEmployer: false }, 'person'],
  [{ hasMoved: true }, 'person'],
  // 51条5項: with the claim of 埋葬料, never through the employer.
  [{ hasInsuredDied: true }, 'family'],
  [{ hasInsuredDied: true, mayPassEmployer: false }, 'family'],
] as const)('%o is asked through %s', (change, through) => expect(recallThrough({ ...MAY, ...change })).toBe(through));

const PLACE = { postalCode: '1000013', line: '東京都千代田区霞が関1-2', building: '' };
const OTHER = { ...PLACE, line: '東京都千代田区霞が関9-9' };
const HEAD = { name: '協会　太郎', home: PLACE, mailTo: null, mailStopped: false };
const MAIL = { name: '協会　花子', isProtected: false, home: null, mailTo: null, head: HEAD };
test.each<[string, Partial<Parameters<typeof recallAddressee>[0]>, 'person' | 'family', unknown]>([
  ['the household’s', {}, 'person', { addressee: '協会　太郎　様', address: PLACE }],
  ['one’s own 送付先', { mailTo: OTHER }, 'person', { addressee: '協会　花子　様', address: OTHER }],
  [
    'the household’s 送付先',
    { head: { ...HEAD, mailTo: OTHER } },
    'person',
    { addressee: '協会　太郎　様', address: OTHER },
  ],
  [
    'no row of the insured person',
    { head: null, home: OTHER },
    'person',
    { addressee: '協会　花子　様', address: OTHER },
  ],
  ['nothing about a protected person', { isProtected: true }, 'person', null],
  ['nothing of a protected insured person', { head: { ...HEAD, mailStopped: true } }, 'person', null],
  ['no address', { head: null }, 'person', null],
  ['the family', {}, 'family', { addressee: '故　協会　太郎　様　ご家族の方へ', address: PLACE }],
])('a letter goes to %s', (_, change, through, to) =>
  expect(recallAddressee({ ...MAIL, ...change }, through)).toEqual(to),
);

test('the reminder is due ten business days on, weekends and holidays passed over', () => {
  // 2025-11-03 and 2025-11-24 are holidays.
  const holidays = new Set(['2025-11-03', '2025-11-24']);
  expect(reminderDueOn(on('2025-10-31'), (date) => holidays.has(date))).toBe('2025-11-17');
});
