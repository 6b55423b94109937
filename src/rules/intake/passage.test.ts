import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasNoEmployer, mayPassEmployer, whyNotThroughEmployer } from './passage.ts';
import type { PassageBar, PassageFacts } from './passage.ts';

const EMPLOYED: PassageFacts = {
  insuredClass: 'general',
  isProtected: false,
  hasOptionalEntries: false,
  hasWorkplace: true,
};

test.each<[string, Partial<PassageFacts>, PassageBar | null]>([
  ['an ordinary paper', {}, null],
  ['送付停止', { isProtected: true }, 'protected'],
  ['任意記載', { hasOptionalEntries: true }, 'optional-entries'],
  ['任意継続', { insuredClass: 'voluntary-continuation' }, 'no-employer'],
  ['特例退職', { insuredClass: 'special-retiree' }, 'no-employer'],
  ['法第3条第2項', { insuredClass: 'day-labourer' }, 'day-labourer'],
  ['a symbol that is not in 事業所.csv', { hasWorkplace: false }, 'workplace-unknown'],
  ['protected and 任意継続', { isProtected: true, insuredClass: 'voluntary-continuation' }, 'protected'],
  [
    '任意継続 whose symbol is a workplace’s',
    { insuredClass: 'voluntary-continuation', hasWorkplace: true },
    'no-employer',
  ],
])('%s: %j is barred by %s', (_name, change, bar) => {
  expect(whyNotThroughEmployer({ ...EMPLOYED, ...change })).toBe(bar);
  expect(mayPassEmployer({ ...EMPLOYED, ...change })).toBe(bar === null);
});

test('a protected person’s paper passes through no employer, whatever else is known', () => {
  const facts = fc.record({
    insuredClass: fc.constantFrom(
      ...(['general', 'voluntary-continuation', 'special-retiree', 'day-labourer'] as const),
    ),
    isProtected: fc.boolean(),
    hasOptionalEntries: fc.boolean(),
    hasWorkplace: fc.boolean(),
  });
  fc.assert(
    fc.property(facts, (given) => {
      expect(mayPassEmployer({ ...given, isProtected: true })).toBe(false);
      expect(mayPassEmployer({ ...given, hasOptionalEntries: true })).toBe(false);
      expect(mayPassEmployer(given) && hasNoEmployer(given.insuredClass)).toBe(false);
    }),
  );
});
