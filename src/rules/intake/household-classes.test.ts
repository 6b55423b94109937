import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HouseholdClasses } from './household-classes.ts';
import type { InsuredClass } from './member.ts';

interface Row {
  readonly symbol: string;
  readonly number: string;
  readonly relation: 'insured' | 'dependent';
  readonly insuredClass: InsuredClass;
}

const row: fc.Arbitrary<Row> = fc.record({
  symbol: fc.constant('1'),
  number: fc.constantFrom('1', '2', '3'),
  relation: fc.constantFrom('insured', 'dependent'),
  insuredClass: fc.constantFrom('general', 'voluntary-continuation', 'day-labourer'),
});

const watch = (rows: readonly Row[]): boolean => {
  const classes = new HouseholdClasses();
  for (const own of rows) classes.see(own);
  return classes.mayDiffer;
};

test('a class that differs is never missed, whatever order the rows are in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(row, { selector: (r) => JSON.stringify(r), maxLength: 12 }), (rows) => {
      const heads = new Map(rows.filter((r) => r.relation === 'insured').map((r) => [r.number, r.insuredClass]));
      const one = rows.filter((r) => r.relation === 'dependent' || heads.get(r.number) === r.insuredClass);
      const differs = one.some((r) => heads.has(r.number) && heads.get(r.number) !== r.insuredClass);
      expect(watch(one) || !differs).toBe(true);
    }),
  );
});

test('an ordinary file says no: each insured person, then the dependents, and some without', () => {
  const of = (number: string, relation: Row['relation'], insuredClass: InsuredClass): Row => ({
    symbol: '1',
    number,
    relation,
    insuredClass,
  });
  const rows = [
    of('1', 'insured', 'general'),
    of('1', 'dependent', 'general'),
    of('2', 'insured', 'voluntary-continuation'),
    of('2', 'dependent', 'voluntary-continuation'),
    of('3', 'dependent', 'general'),
    of('4', 'insured', 'general'),
  ];
  expect(watch(rows)).toBe(false);
});
