import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packParcels, PARCEL_RULES } from './parcels.ts';
import type { NoticePiece, Parcel } from './parcels.ts';

let serial = 0;
function household(number: number, size: number, requestForm = false): NoticePiece[] {
  return Array.from({ length: size }, (_, i) => ({
    pieceNumber: String(++serial).padStart(14, '0'),
    symbol: '12345678',
    number: String(number),
    subNumber: String(i).padStart(2, '0'),
    relation: i === 0 ? 'insured' : 'dependent',
    requestForm,
  }));
}
const counts = (parcels: readonly Parcel[]): number[] => parcels.map((parcel) => parcel.pieces.length);

test('insured person, then dependents, household by household, numbers', () => {
  const pieces = [...household(10, 3), ...household(9, 2)].reverse();
  const [parcel] = packParcels(pieces, PARCEL_RULES);
  expect(parcel?.pieces.map((piece) => `${piece.number}-${piece.subNumber}`)).toEqual([
    '9-00',
    '9-01',
    '10-00',
    '10-01',
    '10-02',
  ]);
});

test('a household that does not fit into the rest starts a new parcel', () => {
  const pieces = [...Array.from({ length: 74 }, (_, i) => household(i + 1, 2)).flat(), ...household(900, 3)];
  expect(counts(packParcels(pieces, PARCEL_RULES))).toEqual([148, 3]);
});

test('150 fit together, 151 do not', () => {
  const singles = Array.from({ length: 151 }, (_, i) => household(i + 1, 1)).flat();
  expect(counts(packParcels(singles.slice(0, 150), PARCEL_RULES))).toEqual([150]);
  expect(counts(packParcels(singles, PARCEL_RULES))).toEqual([150, 1]);
});

test('only a household above the limit is divided', () => {
  const rules = { ...PARCEL_RULES, limit: 4 };
  expect(counts(packParcels([...household(1, 3), ...household(2, 6), ...household(3, 2)], rules))).toEqual([3, 4, 4]);
});

test('estimates: 150 letters in four stacks of an envelope', () => {
  const [parcel] = packParcels(Array.from({ length: 150 }, (_, i) => household(i + 1, 1)).flat(), PARCEL_RULES);
  // 38 letters of 1.6 mm in the highest stack; 150 × 20 g and the envelope's 60 g.
  expect(parcel).toMatchObject({ container: 'envelope', depthMm: 61, weightG: 3060 });
});

test('request forms make it heavier, and weight begins a new parcel', () => {
  const rules = { ...PARCEL_RULES, postal: { ...PARCEL_RULES.postal, weightG: 300 } };
  const plain = packParcels(Array.from({ length: 12 }, (_, i) => household(i + 1, 1)).flat(), rules);
  expect(plain.map((parcel) => [parcel.pieces.length, parcel.weightG])).toEqual([[12, 300]]);
  const withForms = packParcels(Array.from({ length: 12 }, (_, i) => household(i + 1, 1, true)).flat(), rules);
  expect(withForms.map((parcel) => [parcel.pieces.length, parcel.weightG])).toEqual([
    [10, 300],
    [2, 108],
  ]);
});

test('too thick for an envelope as the post takes it: a box', () => {
  const thick = { ...PARCEL_RULES, letter: { ...PARCEL_RULES.letter, thicknessMm: 2.4 } };
  const pieces = Array.from({ length: 149 }, (_, i) => household(i + 1, 1)).flat();
  // 38 × 2.4 = 92 mm: 490 + 320 + 92 is above 900, and three stacks of 50 are 120 mm: the box is just full.
  expect(packParcels(pieces, thick).map((parcel) => [parcel.container, parcel.depthMm])).toEqual([['box', 120]]);
});

test('what cannot be packed is refused', () => {
  expect(() => packParcels([...household(1, 1), { ...household(2, 1)[0]!, symbol: '8' }], PARCEL_RULES)).toThrow('two');
  const [piece] = household(1, 1);
  expect(() => packParcels([piece!, piece!], PARCEL_RULES)).toThrow('twice');
  expect(() => packParcels([piece!], { ...PARCEL_RULES, limit: 0 })).toThrow('limit');
  expect(() => packParcels([piece!], { ...PARCEL_RULES, containers: [] })).toThrow('fits no');
});

test('nothing lost, nothing doubled, no limit passed, no household divided that fits one parcel', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), { maxLength: 60 }),
      fc.integer({ min: 3, max: 40 }),
      (sizes, limit) => {
        const pieces = sizes.flatMap(([size, form], i) => household(i + 1, size, form));
        const parcels = packParcels(pieces, { ...PARCEL_RULES, limit });
        const packed = parcels.flatMap((parcel) => parcel.pieces.map((piece) => piece.pieceNumber));
        expect(packed).toEqual(pieces.map((piece) => piece.pieceNumber));
        expect(parcels.map((parcel) => parcel.sequence)).toEqual(parcels.map((_, i) => i + 1));
        expect(parcels.every((parcel) => parcel.pieces.length <= limit && parcel.weightG <= 4000)).toBe(true);
        for (const [i, [size]] of sizes.entries()) {
          const holding = parcels.filter((parcel) => parcel.pieces.some((piece) => piece.number === String(i + 1)));
          expect(holding.length).toBe(size <= limit ? 1 : Math.ceil(size / limit));
        }
      },
    ),
    { numRuns: 500 },
  );
});
