import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  classify,
  compareIdentities,
  describeDifferences,
  matchOf,
  mayShowDigits,
  parseMatchResult,
} from './matching.ts';
import type { Difference, Identity, LowRiskRule } from './matching.ts';
import type { LocalDate } from '../words/local-date.ts';

const BASE: Identity = {
  name: '渡邉　髙子',
  kana: 'ワタナベ　タカコ',
  bornOn: '1980-02-29' as LocalDate,
  sex: 'female',
  address: { line: '東京都千代田区霞が関１丁目３番２号', building: '郵便ハイツ２０１' },
};
const address = (line: string, building = '郵便ハイツ201'): Partial<Identity> => ({ address: { line, building } });

test.each<[string, Partial<Identity>]>([
  ['variants and spaces', { name: '渡辺高子' }],
  ['small kana and width', { kana: 'ﾜﾀﾅﾍﾞﾀｶｺ' }],
  ['numbers of the address', address('東京都千代田区霞ヶ関1-3-2')],
  ['building on the line', address('東京都千代田区霞が関1-3-2　郵便ハイツ201', '')],
])('%s agree', (_, other) => expect(compareIdentities(BASE, { ...BASE, ...other })).toEqual([]));

test.each<[Partial<Identity>, Difference[]]>([
  [{ name: '田中　髙子' }, [{ attribute: 'name', manner: 'differs' }]],
  [{ name: '渡邉　●子' }, [{ attribute: 'name', manner: 'unreadable' }]],
  [{ name: '渡邉（田中）髙子' }, [{ attribute: 'name', manner: 'differs' }]],
  [{ name: '渡邉　髙子マリア' }, [{ attribute: 'name', manner: 'extra-text' }]],
  [{ kana: '' }, [{ attribute: 'kana', manner: 'missing' }]],
  [{ kana: '・' }, [{ attribute: 'kana', manner: 'missing' }]],
  [{ bornOn: '1980-03-01' as LocalDate }, [{ attribute: 'bornOn', manner: 'differs' }]],
  [{ bornOn: null }, [{ attribute: 'bornOn', manner: 'missing' }]],
  [{ sex: 'male' }, [{ attribute: 'sex', manner: 'differs' }]],
  [address('千代田区霞が関1-3-2'), [{ attribute: 'address', manner: 'prefecture-omitted' }]],
  [address('東京都千代田区霞が関1-3-2', ''), [{ attribute: 'address', manner: 'building-omitted' }]],
  [address('東京都千代田区霞が関1-3-2', '郵便ハイツ202'), [{ attribute: 'address', manner: 'building-differs' }]],
  [address('東京都千代田区霞が関1-3-22', ''), [{ attribute: 'address', manner: 'differs' }]],
  [{ address: null }, [{ attribute: 'address', manner: 'missing' }]],
])('%j differs as said, both ways', (other, differences) => {
  expect(compareIdentities(BASE, { ...BASE, ...other })).toEqual(differences);
  expect(compareIdentities({ ...BASE, ...other }, BASE)).toEqual(differences);
});

const RULES: LowRiskRule[] = [
  {
    allows: [
      { attribute: 'address', manner: 'prefecture-omitted' },
      { attribute: 'address', manner: 'building-omitted' },
      { attribute: 'name', manner: 'extra-text' },
    ],
    reason: '住所の省略のみ',
  },
];
const OMITTED: Difference = { attribute: 'address', manner: 'building-omitted' };
const OTHER_NAME: Difference = { attribute: 'name', manner: 'differs' };

test.each<[string, Difference[], boolean, Difference[], string, string | null]>([
  ['no difference', [], true, [], 'agrees', null],
  ['every difference confirmed', [OTHER_NAME, OMITTED], true, [OMITTED, OTHER_NAME], 'confirmed', null],
  ['a difference found after the confirmation', [OTHER_NAME, OMITTED], true, [OMITTED], 'unresolved', null],
  ['a combination the profile allows', [OMITTED], true, [], 'low-risk', '住所の省略のみ'],
  ['one difference too many', [OMITTED, OTHER_NAME], true, [], 'unresolved', null],
  ['another manner than the allowed', [{ attribute: 'address', manner: 'differs' }], true, [], 'unresolved', null],
  ['a birth date', [{ attribute: 'bornOn', manner: 'differs' }], true, [], 'unresolved', null],
  ['no number, though all agrees', [], false, [], 'not-submitted', null],
  ['no number, and a difference', [OMITTED], false, [OMITTED], 'not-submitted', null],
])('%s', (_, differences, submitted, confirmed, matchClass, reason) => {
  const result = classify(differences, { submitted, confirmed }, RULES);
  expect([result.matchClass, result.reason]).toEqual([matchClass, reason]);
});

test('digits are shown for three classes only', () => {
  const all = ['agrees', 'confirmed', 'low-risk', 'unresolved', 'not-submitted'] as const;
  expect(all.map(mayShowDigits)).toEqual([true, true, true, false, false]);
});

test.each([
  ['一致', 'agrees'],
  ['不一致(保険者確認済み)', 'confirmed'],
  ['low-risk', 'low-risk'],
  ['たぶん一致', null],
  ['', null],
])('突合結果 %s is %s', (word, matchClass) =>
  expect(parseMatchResult(word)).toEqual(matchClass === null ? null : { matchClass }),
);

test.each<[string, Difference[] | null]>([
  ['住所：方書の省略', [{ attribute: 'address', manner: 'building-omitted' }]],
  [
    'カナ氏名:異なる、 address：building-differs',
    [
      { attribute: 'kana', manner: 'differs' },
      { attribute: 'address', manner: 'building-differs' },
    ],
  ],
  ['住所：なんとなく', null],
  ['住所', null],
  ['住所：異なる：異なる', null],
  ['一致、住所：異なる', null],
])('突合結果 %s tells %j', (word, differences) =>
  expect(parseMatchResult(word)).toEqual(differences === null ? null : { differences }),
);

test('what describeDifferences writes is read back', () => {
  const difference = fc.record({
    attribute: fc.constantFrom('name', 'kana', 'bornOn', 'sex', 'address'),
    manner: fc.constantFrom('missing', 'unreadable', 'extra-text', 'prefecture-omitted', 'building-omitted', 'differs'),
  }) as fc.Arbitrary<Difference>;
  fc.assert(
    fc.property(fc.array(difference, { minLength: 1, maxLength: 5 }), (differences) => {
      expect(parseMatchResult(describeDifferences(differences))).toEqual({ differences });
    }),
  );
});

const BUILDING: LowRiskRule = {
  allows: [{ attribute: 'address', manner: 'building-omitted' }],
  reason: '方書だけの違い',
};
test.each<[string, boolean, string, string | null]>([
  ['一致', true, 'agrees', null],
  ['一致', false, 'not-submitted', null],
  ['', true, 'unresolved', null],
  ['', false, 'not-submitted', null],
  ['見たことのない語', true, 'unresolved', null],
  ['個人番号未提出', true, 'not-submitted', null],
  ['住所：方書の省略', true, 'low-risk', '方書だけの違い'],
  ['住所：方書の省略', false, 'not-submitted', null],
  ['住所：方書の省略、生年月日：異なる', true, 'unresolved', null],
])('突合結果 %s, submitted %s: %s', (word, submitted, matchClass, reason) =>
  expect(matchOf(parseMatchResult(word), submitted, [BUILDING])).toMatchObject({ matchClass, reason }),
);

const words = fc.string({
  unit: fc.constantFrom(...'渡辺邉高髙子丁目番号一二3-1 　京都府県東ワﾜヮ・●々'),
  maxLength: 8,
});
const identity: fc.Arbitrary<Identity> = fc.record({
  name: words,
  kana: words,
  bornOn: fc.constantFrom(null, '1980-02-28', '1980-02-29', '1980-03-01').map((d) => d as LocalDate | null),
  sex: fc.constantFrom('male' as const, 'female' as const, null),
  address: fc.option(fc.record({ line: words, building: words }), { nil: null }),
});

test('the order of two records does not matter', () => {
  fc.assert(
    fc.property(identity, identity, (a, b) => {
      expect(compareIdentities(a, b)).toEqual(compareIdentities(b, a));
    }),
    { numRuns: 3000 },
  );
});
test('two different birth dates never agree, nor get digits unless the insurer confirmed exactly that', () => {
  fc.assert(
    fc.property(identity, identity, (a, b) => {
      fc.pre(a.bornOn !== b.bornOn);
      const differences = compareIdentities(a, b);
      expect(differences.map((d) => d.attribute)).toContain('bornOn');
      const everything = (['missing', 'differs', 'unreadable', 'extra-text'] as const).flatMap((manner) =>
        (['name', 'kana', 'sex', 'address'] as const).map((attribute) => ({ attribute, manner })),
      );
      const result = classify(differences, { submitted: true, confirmed: [] }, [
        { allows: everything, reason: '全部' },
      ]);
      expect(result.matchClass).toBe('unresolved');
    }),
    { numRuns: 3000 },
  );
});
test('a complete readable record agrees with itself', () => {
  fc.assert(
    fc.property(identity, (a) => {
      const manners = compareIdentities(a, a).map((d) => d.manner);
      expect(manners.filter((manner) => manner !== 'missing' && manner !== 'unreadable')).toEqual([]);
    }),
  );
});
test('what staff read holds no value of either record', () => {
  const said = describeDifferences(compareIdentities(BASE, { ...BASE, name: '田中　一郎', sex: 'male' }));
  expect(said).toBe('漢字氏名：異なる、性別：異なる');
});
