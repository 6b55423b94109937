import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';
import { LAWFUL_CHANGES, NOTICE_CHANGES } from './notice-changes.ts';
import {
  decideNotice,
  isNoticed,
  lintNoticeText,
  noticeContent,
  noticeRoute,
  NUMBER_REQUEST,
  showsDigitsOn,
  spanOf,
  windowLines,
} from './notices.ts';
import type { NoticeFacts, NoticeIssuanceSettings, NoticeSpan } from './notices.ts';

const day = (text: string): LocalDate => text as LocalDate;
// 002 gives the posting periods and 2024-11-29; its extraction days are not said and are made up here.
const ROUND_1: NoticeIssuanceSettings & NoticeSpan = {
  id: 'notice-2024-1',
  name: '1回目',
  kind: 'notice',
  extractedOn: day('2024-07-05'),
  joined: null,
  changes: [],
  posting: { from: day('2024-09-09'), through: day('2024-09-30') },
  digits: { basis: '事務連絡', from: day('2024-03-01'), through: day('2024-10-31') },
};
const ROUND_2: NoticeIssuanceSettings & NoticeSpan = {
  id: 'notice-2024-2',
  name: '2回目',
  kind: 'notice',
  extractedOn: day('2024-12-16'),
  joined: { from: day('2024-07-05'), through: day('2024-11-29') },
  changes: [],
  posting: { from: day('2025-01-22'), through: day('2025-02-03') },
  digits: null,
};
const OLD: NoticeFacts = {
  acquiredOn: day('2020-04-01'),
  lostOn: null,
  insuredClass: 'general',
  hadNotice: false,
  wasDeferred: false,
  symbolChangedOn: null,
  changes: [],
  holdsCertificate: false,
};
/** 施行規則51条の3第5項, and what the profile asks beyond it. */
const LATER: NoticeSpan = {
  extractedOn: day('2025-08-01'),
  joined: { from: day('2024-11-30'), through: day('2025-08-01') },
  changes: NOTICE_CHANGES,
};
const LAWFUL: NoticeSpan = { ...LATER, changes: LAWFUL_CHANGES };

test.each<[string, Partial<NoticeFacts>, NoticeSpan, string, boolean]>([
  ['加入者全員', {}, ROUND_1, 'member', true],
  ['任意継続 too', { insuredClass: 'voluntary-continuation' }, ROUND_1, 'member', true],
  ['特例退職 too', { insuredClass: 'special-retiree' }, ROUND_1, 'member', true],
  ['法第3条第2項', { insuredClass: 'day-labourer' }, ROUND_1, 'day-labourer', false],
  ['joined on the day of extraction', { acquiredOn: day('2024-07-05') }, ROUND_1, 'member', true],
  ['joined the day after', { acquiredOn: day('2024-07-06') }, ROUND_1, 'not-yet', false],
  ['lost on the day of extraction', { lostOn: day('2024-07-05') }, ROUND_1, 'lost', false],
  ['last day of cover is the day of extraction', { lostOn: day('2024-07-06') }, ROUND_1, 'member', true],
  ['round 1 run again', { hadNotice: true }, ROUND_1, 'already-noticed', false],
  ['in round 1', { hadNotice: true }, ROUND_2, 'already-noticed', false],
  ['joined between', { acquiredOn: day('2024-09-01') }, ROUND_2, 'joined-since', true],
  ['joined on the first extraction day, not in it', { acquiredOn: day('2024-07-05') }, ROUND_2, 'joined-since', true],
  ['joined on that day, in it', { acquiredOn: day('2024-07-05'), hadNotice: true }, ROUND_2, 'already-noticed', false],
  ['joined on 2024-11-29', { acquiredOn: day('2024-11-29') }, ROUND_2, 'joined-since', true],
  ['joined on 2024-11-30', { acquiredOn: day('2024-11-30') }, ROUND_2, 'after-cutoff', false],
  [
    'joined and left before the second',
    { acquiredOn: day('2024-09-01'), lostOn: day('2024-12-01') },
    ROUND_2,
    'lost',
    false,
  ],
  ['moved out of the area', { hadNotice: true, symbolChangedOn: day('2024-10-01') }, ROUND_2, 'symbol-changed', true],
  [
    'moved after the cut-off',
    { hadNotice: true, symbolChangedOn: day('2024-11-30') },
    ROUND_2,
    'already-noticed',
    false,
  ],
  ['moved, but left', { symbolChangedOn: day('2024-10-01'), lostOn: day('2024-11-01') }, ROUND_2, 'lost', false],
  [
    'moved, 法第3条第2項',
    { symbolChangedOn: day('2024-10-01'), insuredClass: 'day-labourer' },
    ROUND_2,
    'day-labourer',
    false,
  ],
  ['old member without a notice', {}, ROUND_2, 'earlier-unsent', false],
  ['old member, held in round 1', { wasDeferred: true }, ROUND_2, 'held-before', true],
  ['held in round 1, noticed since', { wasDeferred: true, hadNotice: true }, ROUND_2, 'already-noticed', false],
  ['held in round 1, left since', { wasDeferred: true, lostOn: day('2024-12-16') }, ROUND_2, 'lost', false],
  ['later, nothing changed', { hadNotice: true }, LATER, 'already-noticed', false],
  ['later, another number', { hadNotice: true, changes: ['number'] }, LAWFUL, 'number-changed', true],
  [
    'moved, in a later round',
    { hadNotice: true, changes: ['number'], symbolChangedOn: day('2025-06-01') },
    LAWFUL,
    'number-changed',
    true,
  ],
  ['another ratio from 70 on', { hadNotice: true, changes: ['ratio'] }, LAWFUL, 'ratio-changed', true],
  ['number and ratio', { hadNotice: true, changes: ['number', 'ratio'] }, LAWFUL, 'number-changed', true],
  ['another name, where the profile asks', { hadNotice: true, changes: ['details'] }, LATER, 'details-changed', true],
  ['another name, by law alone', { hadNotice: true, changes: ['details'] }, LAWFUL, 'already-noticed', false],
  ['a child that went to school', { hadNotice: true, changes: ['ratio-below-70'] }, LATER, 'ratio-changed', true],
  ['the same by law alone', { hadNotice: true, changes: ['ratio-below-70'] }, LAWFUL, 'already-noticed', false],
  [
    'a change, with 資格確認書',
    { hadNotice: true, changes: ['ratio'], holdsCertificate: true },
    LATER,
    'holds-certificate',
    false,
  ],
  ['資格確認書 and no change', { hadNotice: true, holdsCertificate: true }, LATER, 'already-noticed', false],
  [
    'a new member with 資格確認書',
    { acquiredOn: day('2025-06-01'), holdsCertificate: true },
    LATER,
    'joined-since',
    true,
  ],
  ['a change, but left', { hadNotice: true, changes: ['ratio'], lostOn: day('2025-08-01') }, LATER, 'lost', false],
  [
    'a change, 法第3条第2項',
    { hadNotice: true, changes: ['ratio'], insuredClass: 'day-labourer' },
    LATER,
    'day-labourer',
    false,
  ],
  [
    'a change, held in a later round',
    { hadNotice: true, wasDeferred: true, changes: ['ratio'] },
    LATER,
    'ratio-changed',
    true,
  ],
  [
    '002’s second round asks for no change',
    { hadNotice: true, changes: ['number', 'ratio', 'details'] },
    ROUND_2,
    'already-noticed',
    false,
  ],
])('%s', (_, change, round, reason, isTarget) => {
  expect(decideNotice({ ...OLD, ...change }, round)).toEqual({ isTarget, reason });
});

test.each([
  [null, '2024-07-05', false],
  ['2024-07-05', '2024-07-05', true],
  // Lost and acquired again after the extraction: that notice tells nothing of it.
  ['2024-07-05', '2024-07-06', false],
])('noticed as of %s, acquired on %s: %s', (asOf, acquiredOn, is) =>
  expect(isNoticed(asOf === null ? null : day(asOf), day(acquiredOn))).toBe(is),
);

test('whoever joins by the cut-off and stays is told once, by one of the two rounds', () => {
  fc.assert(
    fc.property(fc.integer({ min: -400, max: 250 }), (offset) => {
      const acquiredOn = addDays(ROUND_1.extractedOn, offset);
      const first = decideNotice({ ...OLD, acquiredOn }, ROUND_1).isTarget;
      const second = decideNotice({ ...OLD, acquiredOn, hadNotice: first }, ROUND_2).isTarget;
      expect(Number(first) + Number(second)).toBe(acquiredOn <= day('2024-11-29') ? 1 : 0);
    }),
  );
});

const MONTHLY: NoticeIssuanceSettings = {
  ...ROUND_2,
  extractedOn: null,
  joined: { from: day('2024-11-30'), through: null },
};
test.each<[NoticeIssuanceSettings, string | null, NoticeSpan | null]>([
  [ROUND_1, null, { extractedOn: day('2024-07-05'), joined: null, changes: [] }],
  [ROUND_1, '2024-07-05', { extractedOn: day('2024-07-05'), joined: null, changes: [] }],
  [ROUND_1, '2024-07-06', null],
  [MONTHLY, null, null],
  [
    MONTHLY,
    '2025-03-31',
    { extractedOn: day('2025-03-31'), joined: { from: day('2024-11-30'), through: day('2025-03-31') }, changes: [] },
  ],
])('%o on %s', (round, on, span) => expect(spanOf(round, on === null ? null : day(on))).toEqual(span));

test.each([
  ['agrees', 'hold', true, 'printed', false, false],
  ['confirmed', 'hold', true, 'printed', false, false],
  ['low-risk', 'hold', true, 'printed', false, false],
  ['not-submitted', 'hold', true, 'asked', true, false],
  ['unresolved', 'hold', true, 'asked', false, true],
  ['unresolved', 'send-without-digits', true, 'asked', true, false],
  // A round that shows none says not a word of it, and asks for what is not known.
  ['agrees', 'hold', false, 'none', false, false],
  ['confirmed', 'hold', false, 'none', false, false],
  ['low-risk', 'hold', false, 'none', false, false],
  ['not-submitted', 'hold', false, 'asked', true, false],
  ['unresolved', 'hold', false, 'asked', false, true],
] as const)(
  '%s (%s, %s): digits %s, form %s, held %s',
  (matchClass, unresolved, showsDigits, digits, requestForm, held) => {
    expect(noticeContent(matchClass, { unresolved, showsDigits })).toEqual({ digits, requestForm, held });
  },
);

test.each([
  ['2024-02-29', false],
  ['2024-03-01', true],
  ['2024-09-09', true],
  ['2024-10-31', true],
  ['2024-11-01', false],
])('a notice of %s may show the digits of a basis from March to October: %s', (on, expected) => {
  expect(showsDigitsOn(ROUND_1.digits, day(on))).toBe(expected);
  expect(showsDigitsOn(null, day(on))).toBe(false);
});

/** 施行規則51条の3: その旨, in words that say it. */
const STATUTORY_STATEMENTS = [
  'この資格情報のお知らせは、ご自身の資格に係る情報を確認していただくために通知するものです。この資格情報のお知らせのみでは、医療機関等で受診することはできません。',
  '災害や機器の不具合などで電子資格確認を受けることができないときは、マイナンバーカードとともに、この資格情報のお知らせかマイナポータルの資格情報の画面を提示することで受診できます。',
] as const;

const PURPOSE = '自らの資格に係る情報を確認するために通知するものです。';
test.each<[string, string[]]>([
  [STATUTORY_STATEMENTS.join(''), []],
  [STATUTORY_STATEMENTS[0], ['with-card-missing', 'portal-missing']],
  [STATUTORY_STATEMENTS[1], ['purpose-missing', 'not-alone-missing']],
  // 2項1号 has two halves: what it is for, and that it is not enough.
  [STATUTORY_STATEMENTS.join('').replace(/^.*?。/, ''), ['purpose-missing']],
  [`${STATUTORY_STATEMENTS.join('')}マイナンバーカードがなくても受診できます。`, ['card-dispensable']],
  [`${STATUTORY_STATEMENTS.join('')}マイナンバーカードの提示は不要です。`, ['card-dispensable']],
  [
    '資格情報のお知らせのみでは受診不可です。',
    ['purpose-missing', 'not-alone-missing', 'with-card-missing', 'portal-missing'],
  ],
  [NUMBER_REQUEST, ['purpose-missing', 'not-alone-missing', 'with-card-missing', 'portal-missing']],
  [
    `${PURPOSE}このお知らせだけでは　受診\nできません。カードリーダーが使えない場合は、マイナンバーカードと併せて提示すると受診できます。`,
    ['portal-missing'],
  ],
  [
    `${PURPOSE}このお知らせだけでは　受診\nできません。カードリーダーが使えない場合は、マイナンバーカードと併せて提示すると受診できます。マイナポータルの画面の提示でもかまいません。`,
    [],
  ],
  // The portal alone, without the card, is not what the regulation says.
  [
    `${PURPOSE}このお知らせだけでは受診できません。カードリーダーが使えない場合は、マイナポータルの画面を提示すると受診できます。`,
    ['with-card-missing'],
  ],
  [
    `${PURPOSE}このお知らせだけでは受診できません。カードリーダーが使えない場合は、マイナンバーカードがあっても受診できません。`,
    ['with-card-missing', 'portal-missing'],
  ],
])('%s lacks %j', (text, defects) => expect(lintNoticeText(text)).toEqual(defects));

const HOME = { postalCode: '1000013', line: '東京都千代田区霞が関1-3-2', building: '' };
const ordinary = { insuredClass: 'general', home: HOME, mailTo: null, mailStopped: false, isForHome: false } as const;
test.each<[Partial<Parameters<typeof noticeRoute>[0]>, string]>([
  [{}, 'workplace'],
  [{ home: null }, 'workplace'],
  [{ isForHome: true }, 'home'],
  [{ isForHome: true, home: null }, 'no-address'],
  [{ mailTo: HOME }, 'home'],
  [{ insuredClass: 'voluntary-continuation' }, 'home'],
  [{ insuredClass: 'special-retiree', home: null }, 'no-address'],
  [{ mailTo: HOME, mailStopped: true }, 'mail-stopped'],
])('%j goes %s', (change, route) => expect(noticeRoute({ ...ordinary, ...change })).toBe(route));

test('the window shows what 002 shows', () => {
  expect(
    windowLines({ symbol: '12345678', number: '1234567', insuredName: '協会　太郎', addressee: '協会　花子' }),
  ).toEqual(['（記号）12345678　（番号）1234567', '（被保険者氏名）協会　太郎　様', '（対象者氏名）協会　花子　様']);
});
