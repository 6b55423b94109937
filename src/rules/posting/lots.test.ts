import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LOT_STEPS,
  decideConfirmation,
  isApproved,
  isOfTheseFiles,
  lotBalances,
  postingRefusal,
  takeBackRefusal,
} from './lots.ts';
import type { Confirmation, LotCounts, LotFacts, LotStep } from './lots.ts';
import type { LocalDate } from '../words/local-date.ts';

const even: LotCounts = {
  extracted: 10,
  held: 1,
  withdrawn: 2,
  spoiled: 1,
  remade: 1,
  printed: 6,
  enclosed: 6,
  posted: 6,
};
const said = (step: LotStep, ...persons: string[]): Confirmation[] => persons.map((person) => ({ step, person }));
const lot = (confirmations: readonly Confirmation[], override: Partial<LotFacts> = {}): LotFacts => ({
  confirmations,
  counts: even,
  unprintedBatches: 0,
  isClosed: false,
  ...override,
});
const printed = said('print', '山田太郎', '鈴木花子');
const posted = [...printed, ...said('post', '山田太郎', '鈴木花子')];

describe('who may confirm what', () => {
  test.each([
    ['the first person', lot([]), 'print', '山田 太郎', 'confirm'],
    ['a second, other person', lot(said('print', '山田太郎')), 'print', '鈴木花子', 'confirm'],
    ['the same person spelt otherwise', lot(said('print', '渡邉　花')), 'print', '渡辺花', /もう一人は別の人/],
    ['one of the two again', lot(printed), 'print', '鈴木 花子', 'already'],
    ['a third person', lot(printed), 'print', '佐藤一', /二人の確認が済んでいます/],
    ['nobody', lot([]), 'print', '　', /氏名がありません/],
    ['post before print', lot(said('print', '山田太郎')), 'post', '鈴木花子', /先に「印刷の承認」/],
    ['the same two persons for post', lot(printed), 'post', '山田太郎', 'confirm'],
    [
      'post with a piece that was not enclosed',
      lot(printed, { counts: { ...even, enclosed: 5, posted: 0 } }),
      'post',
      '山田太郎',
      /印刷 = 封入 がそろっていません（引き抜きを除く印刷 6通、封入 5通）/,
    ],
    [
      'post, the missing one pulled out meanwhile',
      lot(printed, { counts: { ...even, withdrawn: 3, printed: 5, enclosed: 5, posted: 0 } }),
      'post',
      '山田太郎',
      'confirm',
    ],
    [
      'post as the second, where the first answers for it by name',
      lot([...printed, { step: 'post', person: '山田太郎', overrideBy: '部長 高橋' }], {
        counts: { ...even, enclosed: 5, posted: 0 },
      }),
      'post',
      '鈴木花子',
      'confirm',
    ],
    ['close before post', lot(printed), 'close', '山田太郎', /先に「発送の承認」/],
    ['close when all agrees', lot(posted), 'close', '山田太郎', 'confirm'],
    [
      'close with a piece not posted',
      lot(posted, { counts: { ...even, posted: 5 } }),
      'close',
      '山田太郎',
      /封入 = 発送（6 \/ 5）/,
    ],
    [
      'close with a spoiled piece not made again',
      lot(posted, { counts: { ...even, remade: 0 } }),
      'close',
      '山田太郎',
      /損傷 = 作り直し/,
    ],
    ['files not made', lot([], { unprintedBatches: 2 }), 'print', '山田太郎', /印刷単位が 2/],
    ['a closed lot', lot(posted, { isClosed: true }), 'close', '山田太郎', /締め済み/],
  ] as const)('%s', (_, facts, step, person, expected) => {
    const decision = decideConfirmation(facts, step, person);
    expect(decision.kind === 'refused' ? decision.why : decision.kind).toMatch(expected);
  });
});

test('a release of what is not all enclosed is for a named person, every other refusal for nobody', () => {
  const part = lot(printed, { counts: { ...even, enclosed: 5, posted: 0 } });
  expect(decideConfirmation(part, 'post', '山田太郎')).toMatchObject({ kind: 'refused', canOverride: true });
  expect(decideConfirmation(part, 'post', '山田太郎', true)).toEqual({ kind: 'confirm' });
  for (const facts of [lot([]), lot(posted, { isClosed: true })])
    expect(decideConfirmation(facts, 'post', '佐藤一', true)).not.toHaveProperty('canOverride');
});

test.each([
  ['print, by one person', said('print', '山田太郎'), 0, 'print', /^$/],
  ['print, by both', printed, 0, 'print', /^$/],
  ['nothing', [], 0, 'print', /まだ確認されていません/],
  ['post that nobody has confirmed', printed, 0, 'post', /まだ確認されていません/],
  ['print under a confirmed post', [...printed, ...said('post', '山田太郎')], 0, 'print', /先に「発送の承認」/],
  ['post', posted, 0, 'post', /^$/],
  ['post, a piece posted', posted, 1, 'post', /郵便物 1通を発送済み/],
] as const)('taken back: %s', (_, confirmations, postedCount, step, expected) => {
  expect(takeBackRefusal({ confirmations, isClosed: false, postedCount }, step) ?? '').toMatch(expected);
});

test('an approval is of the files it was given for; one of an earlier release says none', () => {
  const of = (filesSha256: string | null): Confirmation[] =>
    printed.map((confirmation) => ({ ...confirmation, filesSha256 }));
  expect(isOfTheseFiles(of('a'), 'print', 'a')).toBe(true);
  expect(isOfTheseFiles(of('a'), 'print', 'b')).toBe(false);
  expect(isOfTheseFiles([...of('a').slice(1), ...of('b').slice(1)], 'print', 'b')).toBe(false);
  expect(isOfTheseFiles(of(null), 'print', 'b')).toBe(true);
  expect(isOfTheseFiles(of('a'), 'post', 'b')).toBe(true);
});

test('whoever confirms in whatever order: a step is released by two different persons, after the step before it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ step: fc.constantFrom(...LOT_STEPS), person: fc.constantFrom('甲', '乙', '丙', ' 甲') }), {
        maxLength: 20,
      }),
      (asked) => {
        const confirmations: Confirmation[] = [];
        for (const { step, person } of asked)
          if (decideConfirmation(lot(confirmations), step, person).kind === 'confirm')
            confirmations.push({ step, person });
        for (const [i, step] of LOT_STEPS.entries()) {
          const persons = confirmations.filter((c) => c.step === step).map((c) => c.person.trim());
          expect(new Set(persons).size).toBe(persons.length);
          expect(persons.length).toBeLessThanOrEqual(2);
          expect(isApproved(confirmations, step)).toBe(persons.length === 2);
          const before = LOT_STEPS[i - 1];
          expect(persons.length === 0 || before === undefined || isApproved(confirmations, before)).toBe(true);
        }
      },
    ),
  );
});

test('a lot balances exactly when nothing of it is missing', () => {
  const piece = fc.constantFrom('held', 'withdrawn', 'spoiled', 'remade', 'printed', 'enclosed', 'posted', 'lost');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const n = (...kinds: string[]): number => pieces.filter((p) => kinds.includes(p)).length;
      const counts: LotCounts = {
        extracted: pieces.length,
        held: n('held'),
        withdrawn: n('withdrawn'),
        spoiled: n('spoiled', 'remade'),
        remade: n('remade'),
        printed: n('printed', 'enclosed', 'posted'),
        enclosed: n('enclosed', 'posted'),
        posted: n('posted'),
      };
      const balanced = lotBalances(counts).every((b) => b.difference === 0);
      expect(balanced).toBe(n('spoiled', 'printed', 'enclosed', 'lost') === 0);
    }),
  );
});

test.each([
  ['released, in its days', true, '2025-08-01', /^$/],
  ['on its first day', true, '2025-07-22', /^$/],
  ['on its last day', true, '2025-08-15', /^$/],
  ['before its days', true, '2025-07-21', /開始日（2025-07-22）/],
  ['after its days', true, '2025-08-16', /期限（2025-08-15）/],
  ['not released', false, '2025-08-01', /二人の確認/],
] as const)('posting: %s', (_, isOut, on, expected) => {
  const [postFrom, postThrough] = ['2025-07-22' as LocalDate, '2025-08-15' as LocalDate];
  const why = postingRefusal({ isApproved: isOut, postFrom, postThrough, liesInOpenParcel: false }, on as LocalDate);
  expect(why ?? '').toMatch(expected);
});
