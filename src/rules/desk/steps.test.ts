import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PAPER_STATE_LABELS } from '../papers/lifecycle.ts';
import type { MailpieceState } from '../papers/lifecycle.ts';
import { countPosted, isPostedState, issuanceSteps, stageOf } from './steps.ts';
import type { IssuanceStep, StepFacts, StepKey } from './steps.ts';

const LOT = { isPrintApproved: false, isPostingApproved: false, isHandedOver: false };
const BEGUN: StepFacts = {
  kind: 'certificate',
  limit: 4,
  members: 100,
  decided: 100,
  targets: 40,
  enclosed: 0,
  certificates: 0,
  mailpieces: 0,
  batches: 0,
  printedBatches: 0,
  printed: 0,
  states: {},
  destroyedAfterPosting: 0,
  lots: [],
  running: [],
  failed: [],
};
const PRINTED: StepFacts = {
  ...BEGUN,
  enclosed: 100,
  certificates: 40,
  mailpieces: 20,
  batches: 2,
  printedBatches: 2,
  printed: 19,
  states: { printed: 19, held: 1 },
  lots: [LOT, LOT],
};
const RELEASED: StepFacts = { ...PRINTED, lots: [{ ...LOT, isPrintApproved: true }, LOT] };
const step = (facts: StepFacts, key: StepKey): IssuanceStep => issuanceSteps(facts).find((one) => one.key === key)!;

test.each<[string, StepFacts, StepKey, string]>([
  ['deciding goes on', { ...BEGUN, decided: 60, running: ['decide'] }, 'decide', '実行中'],
  ['deciding failed', { ...BEGUN, decided: 60, failed: ['decide'] }, 'decide', '止まっています'],
  ['decided', BEGUN, 'decide', '完了'],
  ['decided: enclosing may begin', BEGUN, 'enclose', '始められます'],
  ['not decided: enclosing may not', { ...BEGUN, decided: 60 }, 'enclose', '未着手'],
  ['failed once, and done since', { ...PRINTED, failed: ['enclose'] }, 'enclose', '完了'],
  ['nothing is released', PRINTED, 'package', '未着手'],
  // One lot of two is released for print and not handed over: it can be.
  ['a released lot may be handed over', RELEASED, 'package', '始められます'],
  ['held pieces let go are no lots', { ...PRINTED, states: { released: 5 } }, 'package', '未着手'],
  [
    'every released lot is handed over, another is to come',
    { ...RELEASED, lots: [{ ...LOT, isPrintApproved: true, isHandedOver: true }, LOT] },
    'package',
    '未着手',
  ],
  [
    'all lots are handed over',
    { ...PRINTED, lots: [{ ...LOT, isPrintApproved: true, isHandedOver: true }] },
    'package',
    '完了',
  ],
  ['printed: two persons may confirm', PRINTED, 'release', '始められます'],
  [
    'both lots released for print',
    { ...PRINTED, lots: [{ ...LOT, isPrintApproved: true }] },
    'release',
    '印刷は承認済み',
  ],
  [
    'released for print and post',
    { ...PRINTED, lots: [{ ...LOT, isPrintApproved: true, isPostingApproved: true }] },
    'release',
    '完了',
  ],
  ['nothing is enclosed', PRINTED, 'post', '未着手'],
  ['some are enclosed', { ...PRINTED, states: { printed: 10, enclosed: 10 } }, 'post', '実行中'],
  ['some are posted', { ...PRINTED, states: { posted: 10, enclosed: 10 } }, 'post', '実行中'],
  ['all are posted', { ...PRINTED, states: { posted: 19, held: 1 } }, 'post', '完了'],
  ['withdrawn and destroyed, none posted', { ...PRINTED, states: { destroyed: 20 } }, 'post', '未着手'],
  ['some came back', { ...PRINTED, states: { posted: 15, returned: 5 } }, 'return', '始められます'],
  ['none came back', { ...PRINTED, states: { posted: 20 } }, 'return', '完了'],
])('%s', (_name, facts, key, word) => expect(step(facts, key).word).toBe(word));

test.each<[number | null, 'certificate' | 'notice', string]>([
  [4, 'certificate', '世帯ごとに、1通4枚まで。判定が終わると始められます。'],
  [6, 'certificate', '世帯ごとに、1通6枚まで。判定が終わると始められます。'],
  [null, 'certificate', '世帯ごとに一通。枚数の上限はありません。判定が終わると始められます。'],
  [4, 'notice', '一人に一通。判定が終わると始められます。'],
])('a limit of %s (%s): %s', (limit, kind, note) => {
  const facts = { ...BEGUN, limit, kind };
  expect(step(facts, 'enclose').note).toBe(note);
});

test('posted is what has been posted: neither what was withdrawn or spoiled, nor that once it is destroyed', () => {
  const states = {
    posted: 5,
    returned: 1,
    rerouted: 1,
    'handed-over': 2,
    destroyed: 4,
    withdrawn: 1,
    spoiled: 1,
    enclosed: 3,
  };
  // Of the four destroyed one had been posted, and made again.
  expect(countPosted(states, 1)).toBe(10);
  const { counts } = step({ ...PRINTED, mailpieces: 18, states, destroyedAfterPosting: 1 }, 'post');
  expect(counts).toEqual([
    { label: '発送', count: 10, unit: '通', of: 18 },
    { label: '損傷', count: 1, unit: '通', of: null },
  ]);
});

test('which states a piece reaches only by being posted', () => {
  const states = Object.keys(PAPER_STATE_LABELS) as MailpieceState[];
  const posted = ['posted', 'returned', 'rerouted', 'handed-over', 'not-handed-over', 'left-workplace'];
  const certificates = [
    'made',
    'issued',
    'return-requested',
    'return-demanded',
    'given-back',
    'missing',
    'unrecoverable',
    'superseded',
    'void',
    'expired',
  ];
  expect(states.filter((state) => !certificates.includes(state) && isPostedState(state)).toSorted()).toEqual(
    posted.toSorted(),
  );
});

test.each<[string, StepFacts, string, boolean]>([
  ['deciding', { ...BEGUN, decided: 60 }, '判定中', false],
  ['decided', BEGUN, '判定済み', true],
  ['enclosing', { ...BEGUN, enclosed: 50 }, '封入計画中', false],
  ['enclosed', { ...BEGUN, enclosed: 100 }, '封入計画済み', true],
  ['printing', { ...PRINTED, printedBatches: 1 }, '印刷中', false],
  ['printed', PRINTED, '印刷済み', true],
  ['posting', { ...PRINTED, states: { posted: 5, printed: 15 } }, '発送中', false],
  ['posted, one is still with staff', { ...PRINTED, states: { posted: 19, held: 1 } }, '発送済み', true],
  ['posted, some came back', { ...PRINTED, states: { posted: 15, returned: 5 } }, '発送済み', true],
])('an issuance in a word: %s', (_name, facts, word, isWhole) => expect(stageOf(facts)).toEqual({ word, isWhole }));

test.each<[string, StepFacts, string[]]>([
  ['decided', BEGUN, ['enclose']],
  ['decided, and enclosing runs', { ...BEGUN, running: ['enclose'] }, []],
  ['enclosed', { ...BEGUN, enclosed: 100 }, ['print']],
  ['printed', PRINTED, []],
  ['released', RELEASED, ['package']],
  [
    'let go by staff, spoiled, brought back, left',
    { ...PRINTED, states: { released: 1, spoiled: 2, returned: 3, 'left-workplace': 4 } },
    ['release 1', 'reprint 2', 'reroute 3', 'rehome 7'],
  ],
])('what can be begun: %s', (_name, facts, offered) => {
  const offers = issuanceSteps(facts).flatMap((one) => one.offers);
  expect(
    offers.map(({ kind, count }) => (['enclose', 'print', 'package'].includes(kind) ? kind : `${kind} ${count}`)),
  ).toEqual(offered);
});

test('every step has a word, and no count is below nothing or above its whole', () => {
  const n = fc.integer({ min: 0, max: 20 });
  const facts = fc
    .record({ printed: n, enclosed: n, posted: n, returned: n, destroyed: n, spoiled: n, withdrawn: n })
    .chain((states) => {
      const mailpieces = Object.values(states).reduce((sum, count) => sum + count, 0);
      return fc.record({
        states: fc.constant(states),
        mailpieces: fc.constant(mailpieces),
        destroyedAfterPosting: fc.integer({ min: 0, max: states.destroyed }),
      });
    });
  fc.assert(
    fc.property(facts, (given) => {
      for (const { word, counts } of issuanceSteps({ ...PRINTED, ...given })) {
        expect(word).not.toBe('');
        for (const { count, of } of counts) expect(count >= 0 && count <= (of ?? count)).toBe(true);
      }
    }),
  );
});
