import fc from 'fast-check';
import { expect, test } from 'vitest';
import { burdenRatio } from './burden-ratio.ts';
import type { LocalDate } from '../words/local-date.ts';
import { changesSince, formatLastRatio } from './notice-changes.ts';
import type { LastNotice, NoticeDetails } from './notice-changes.ts';

const day = (text: string): LocalDate => text as LocalDate;
const told = (tenths: 2 | 3, from: string, through: string) => ({ tenths, from: day(from), through: day(through) });
const below = (tenths: 2 | 3) => ({ tenths, from: null, through: null });

const NOW: NoticeDetails = {
  name: '渡邉　髙子',
  kana: 'ワタナベ　タカコ',
  bornOn: day('1955-05-10'),
  acquiredOn: day('2015-04-01'),
  branchCode: '13',
};
const LAST: LastNotice = { ...NOW, issuedOn: day('2024-09-09'), ratio: told(2, '2024-08-01', '2025-07-31') };
const facts = { bornOn: NOW.bornOn, relation: 'insured', insuredBornOn: null, holdsElderlyCertificate: false } as const;

test.each<[string, Partial<LastNotice>, Partial<NoticeDetails>, string[]]>([
  ['nothing', {}, {}, []],
  ['another branch: its 保険者番号', { branchCode: '27' }, {}, ['number']],
  ['a symbol that 事業所.csv lacks', {}, { branchCode: '' }, []],
  ['married', { name: '田中　髙子', kana: 'タナカ　タカコ' }, {}, ['details']],
  ['another reading', { kana: 'ワタベ　タカコ' }, {}, ['details']],
  ['a variant, width, spaces', { name: '渡辺 高子', kana: 'ﾜﾀﾅﾍﾞ ﾀｶｺ' }, {}, []],
  ['birth date corrected', { bornOn: day('1955-05-11') }, {}, ['details']],
  ['day of acquisition corrected', { acquiredOn: day('2015-04-02') }, {}, ['details']],
  ['name and branch', { name: '田中　髙子', branchCode: '' }, {}, ['number', 'details']],
])('%s', (_, last, now, changes) => {
  // 70 since 2025-06-01; the same ratio as on the last notice.
  const ratio = LAST.ratio!;
  expect(changesSince({ ...LAST, ...last }, { ...NOW, ...now }, false, ratio, day('2025-06-10'))).toEqual(changes);
});

test.each<[string, LastNotice['ratio'], Parameters<typeof burdenRatio>[0]['determined'], string, string[]]>([
  ['below 70, the same', below(3), null, '2025-05-31', []],
  ['turned 70, determined', below(3), told(2, '2025-06-01', '2025-07-31'), '2025-06-01', ['ratio']],
  // Held by the plan until it is told; staff see who is waited for.
  ['turned 70, not determined yet', below(3), null, '2025-06-01', ['ratio']],
  [
    'within its days, the same',
    told(2, '2025-06-01', '2025-07-31'),
    told(2, '2025-06-01', '2025-07-31'),
    '2025-07-31',
    [],
  ],
  [
    'August: another year, the same tenths',
    told(2, '2025-06-01', '2025-07-31'),
    told(2, '2025-08-01', '2026-07-31'),
    '2025-08-01',
    ['ratio'],
  ],
  [
    'August: another year, other tenths',
    told(2, '2025-06-01', '2025-07-31'),
    told(3, '2025-08-01', '2026-07-31'),
    '2025-08-01',
    ['ratio'],
  ],
  ['August, not told yet', told(2, '2025-06-01', '2025-07-31'), null, '2025-08-01', ['ratio']],
  [
    'next year’s file before August',
    told(2, '2025-06-01', '2025-07-31'),
    told(2, '2025-08-01', '2026-07-31'),
    '2025-07-31',
    [],
  ],
  ['no row, within the days it says', told(2, '2025-06-01', '2025-07-31'), null, '2025-07-31', []],
  ['income changed', told(2, '2025-08-01', '2026-07-31'), told(3, '2025-11-01', '2026-07-31'), '2025-11-01', ['ratio']],
  ['高齢受給者証 said it, now nobody does', null, told(2, '2025-08-01', '2026-07-31'), '2025-08-01', ['ratio']],
])('ratio: %s', (_, last, determined, on, changes) => {
  const ratio = burdenRatio({ ...facts, determined }, day(on));
  expect(changesSince({ ...LAST, ratio: last }, NOW, false, ratio, day(on))).toEqual(changes);
});

test('who has 高齢受給者証, or is no member any more, has no ratio to be told of', () => {
  const holder = burdenRatio({ ...facts, determined: null, holdsElderlyCertificate: true }, day('2025-06-01'));
  expect(changesSince({ ...LAST, ratio: below(3) }, NOW, false, holder, day('2025-06-01'))).toEqual([]);
  const ended = burdenRatio({ ...facts, determined: null }, day('2030-05-10'));
  expect(changesSince(LAST, NOW, false, ended, day('2030-05-10'))).toEqual([]);
});

test('a child that goes to school is a change beyond the law', () => {
  const child = { ...NOW, bornOn: day('2018-04-02') };
  const ratio = burdenRatio(
    {
      bornOn: child.bornOn,
      relation: 'dependent',
      determined: null,
      insuredBornOn: null,
      holdsElderlyCertificate: false,
    },
    day('2025-04-01'),
  );
  const last = { ...LAST, ...child, ratio: below(2) };
  expect(changesSince(last, child, false, ratio, day('2025-04-01'))).toEqual(['ratio-below-70']);
});

test('without a notice under the own number, another number is all there is to say', () => {
  expect(changesSince(null, NOW, true, below(3), day('2025-06-10'))).toEqual(['number']);
  expect(changesSince(null, NOW, false, below(3), day('2025-06-10'))).toEqual([]);
});

test('whoever is told today what holds today is told nothing again today', () => {
  const days = fc
    .integer({ min: 0, max: 4000 })
    .map((n) => day(new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10)));
  const determined = fc.option(
    fc.tuple(fc.constantFrom(2 as const, 3 as const), days, days).map(([tenths, a, b]) => ({
      tenths,
      ...(a < b ? { from: a, through: b } : { from: b, through: a }),
    })),
    { nil: null },
  );
  const relation = fc.constantFrom('insured' as const, 'dependent' as const);
  const bornOn = fc
    .constantFrom('1945-03-01', '1952-02-29', '1955-05-10', '1980-01-01', '2017-04-01', '2018-04-02')
    .map(day);
  fc.assert(
    fc.property(bornOn, relation, determined, days, fc.boolean(), (born, who, given, on, holdsElderlyCertificate) => {
      const asked = { bornOn: born, relation: who, determined: given, insuredBornOn: null, holdsElderlyCertificate };
      const ratio = burdenRatio(asked, on);
      fc.pre(ratio !== 'income-unknown' && ratio !== 'ended');
      const said = { ...LAST, bornOn: born, ratio: typeof ratio === 'string' ? null : ratio };
      expect(changesSince(said, { ...NOW, bornOn: born }, false, ratio, on)).toEqual([]);
    }),
  );
});

test.each([
  [null, '高齢受給者証に記載'],
  [below(3), '3割'],
  [told(2, '2024-08-01', '2025-07-31'), '2割（令和6年8月1日から令和7年7月31日まで）'],
])('%j is told as %s', (ratio, text) => expect(formatLastRatio(ratio)).toBe(text));
