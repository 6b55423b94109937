import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import {
  changedEntries,
  holderRefusal,
  isGone,
  isUnchanged,
  reasonRefusal,
  reissueRefusal,
  replacedFor,
} from './reissue.ts';
import type { HolderEntries, ReissueFacts, ReissueReason, ReissueRefusal } from './reissue.ts';

const day = (text: string): LocalDate => text as LocalDate;
const TODAY = day('2025-11-20');

const HOLDER: ReissueFacts = {
  state: 'issued',
  mailpieceState: 'posted',
  validThrough: day('2029-11-30'),
  isRequested: false,
  isMember: true,
  lostOn: null,
  isProtected: false,
  isVerifiable: false,
  specialCare: false,
  hasNewer: false,
};

test.each<[Partial<ReissueFacts>, ReissueRefusal | null]>([
  [{}, null],
  [{ state: 'missing' }, null],
  [{ mailpieceState: 'handed-over' }, null],
  // Asked for again: one request waits.
  [{ isRequested: true }, 'requested'],
  [{ state: 'made', mailpieceState: 'enclosed' }, 'not-posted'],
  [{ state: 'return-requested' }, 'asked-back'],
  [{ state: 'return-demanded' }, 'asked-back'],
  [{ state: 'superseded' }, 'ended'],
  [{ state: 'void' }, 'ended'],
  [{ state: 'given-back' }, 'ended'],
  [{ state: 'withdrawn' }, 'ended'],
  // The last day is still a day of it (有効期限 is inclusive); the day after, it is renewed and not reissued.
  [{ validThrough: TODAY }, null],
  [{ validThrough: day('2025-11-19') }, 'ended'],
  [{ mailpieceState: 'returned' }, 'brought-back'],
  [{ mailpieceState: 'left-workplace' }, 'brought-back'],
  [{ mailpieceState: 'not-handed-over' }, 'brought-back'],
  [{ isMember: false }, 'lost'],
  // 資格喪失日 is the first day without cover.
  [{ lostOn: TODAY }, 'lost'],
  [{ lostOn: day('2025-11-21') }, null],
  [{ isProtected: true }, 'protected'],
  [{ hasNewer: true }, 'newer'],
  [{ isVerifiable: true }, 'verifiable'],
  [{ isVerifiable: true, specialCare: true }, null],
])('%j: %s', (change, expected) => {
  expect(reissueRefusal({ ...HOLDER, ...change }, TODAY)).toBe(expected);
});

test('when it is made, only the holder counts: the old one has ended by then', () => {
  const { state: _state, ...holder } = HOLDER;
  expect(holderRefusal(holder, TODAY)).toBeNull();
  expect(holderRefusal({ ...holder, lostOn: TODAY }, TODAY)).toBe('lost');
});

const SAME = { name: false, sex: false, address: false };

test.each<[ReissueReason, boolean, ReissueFacts['state'], Partial<typeof SAME>, ReissueRefusal | null]>([
  ['missing', false, 'issued', {}, null],
  ['missing', false, 'missing', {}, null],
  // Who has it in the envelope has not lost it.
  ['missing', true, 'issued', {}, 'not-at-hand'],
  ['torn', true, 'missing', {}, 'not-at-hand'],
  ['torn', true, 'issued', {}, null],
  ['soiled', false, 'issued', {}, null],
  // 健保則48条: what is printed is the newest file's, so the change must be in it.
  ['name-changed', true, 'issued', {}, 'unchanged'],
  ['name-changed', true, 'issued', { name: true }, null],
  ['name-changed', true, 'issued', { address: true }, 'unchanged'],
  ['sex-changed', false, 'issued', { sex: true }, null],
  ['address-changed', false, 'issued', { address: true }, null],
  ['address-changed', false, 'missing', { address: true }, null],
])('%s, attached %s, %s, changed %j: %s', (reason, isAttached, state, changed, expected) => {
  expect(reasonRefusal(reason, isAttached, state, { ...SAME, ...changed })).toBe(expected);
});

test('only what the holder has no more is void at once', () => {
  const reasons = [
    'missing',
    'not-arrived',
    'torn',
    'soiled',
    'name-changed',
    'sex-changed',
    'address-changed',
  ] as const;
  expect(reasons.filter(isGone)).toEqual(['missing', 'not-arrived']);
});

const ENTRIES: HolderEntries = {
  name: ['健保　太郎', 'ケンポ　タロウ', '協会', false],
  sex: 'male',
  address: ['1000013', '東京都千代田区霞が関1-3-2', '', null, null, null],
};
const put = (list: readonly (string | boolean | null)[], at: number, value: string | boolean | null) =>
  list.map((entry, i) => (i === at ? value : entry)) as (string | null)[];
test.each<[string, HolderEntries | null, [name: boolean, sex: boolean, address: boolean]]>([
  ['nothing', ENTRIES, [false, false, false]],
  ['the name', { ...ENTRIES, name: put(ENTRIES.name, 0, '健保　花子') }, [true, false, false]],
  ['the kana', { ...ENTRIES, name: put(ENTRIES.name, 1, 'ケンポ　ハナコ') }, [true, false, false]],
  ['that the former name is shown', { ...ENTRIES, name: put(ENTRIES.name, 3, true) }, [true, false, false]],
  ['the sex', { ...ENTRIES, sex: 'female' }, [false, true, false]],
  ['the home', { ...ENTRIES, address: put(ENTRIES.address, 1, '東京都港区芝1-1-1') }, [false, false, true]],
  ['a 送付先 that there was not', { ...ENTRIES, address: put(ENTRIES.address, 3, '1050014') }, [false, false, true]],
  ['all: the person is in no newer file', null, [true, true, true]],
])('what has changed: %s', (_name, now, [name, sex, address]) =>
  expect(changedEntries(ENTRIES, now)).toEqual({ name, sex, address }),
);

test.each<[ReissueReason | null, { name?: boolean; sex?: boolean }, 'corrected' | 'damaged' | null]>([
  ['torn', {}, 'damaged'],
  ['soiled', {}, 'damaged'],
  ['name-changed', {}, 'corrected'],
  ['sex-changed', {}, 'corrected'],
  // An address stands on no certificate; a lost one that is found is another matter (49条4項).
  ['address-changed', {}, null],
  ['missing', {}, null],
  [null, {}, null],
  // Made in another issuance meanwhile, under a new name.
  [null, { name: true }, 'corrected'],
  [null, { sex: true }, 'corrected'],
  ['torn', { name: true }, 'damaged'],
])('made again for %s with %j, the old one is asked for by law: %s', (reason, changed, ground) => {
  expect(replacedFor(reason, { name: false, sex: false, ...changed })).toBe(ground);
});

test('what is made again for a change waits for the file that says it', () => {
  const none = { name: false, sex: false, address: false };
  expect(isUnchanged('name-changed', none)).toBe(true);
  expect(isUnchanged('name-changed', { ...none, name: true })).toBe(false);
  expect(isUnchanged('torn', none)).toBe(false);
});
