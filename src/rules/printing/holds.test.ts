import { expect, test } from 'vitest';
import { certificate, notice, piece } from '../../../tests/cast.ts';
import { holdsOfNotice, holdsOfPiece } from './holds.ts';

const CONTINUED = { insuredClass: 'voluntary-continuation', relation: 'dependent' } as const;
const MISSING = { reason: 'insured-person-missing', field: 'validThrough', subNumber: '01', codePoint: '' };

test.each<[string, Parameters<typeof certificate>[2], boolean]>([
  ['任意継続 without the insured person’s row', { ...CONTINUED, insuredName: null }, true],
  ['任意継続 with it', CONTINUED, false],
  ['an ordinary dependent without it', { relation: 'dependent', insuredName: null }, false],
])('%s: held %s', (_, change, isHeld) => {
  const own = { ...piece(1, 'home', [certificate(1, '01', change)]), isReleased: false };
  expect(holdsOfPiece(own)).toEqual(isHeld ? [MISSING] : []);
  // Somebody has released it by name.
  expect(holdsOfPiece({ ...own, isReleased: true })).toEqual([]);
});

test('a notice of such a dependent is held, too', () => {
  const own = notice(1, 'home', { ...CONTINUED, subNumber: '01', insuredName: null, hasInsured: false });
  expect(holdsOfNotice(own)).toEqual([MISSING]);
  expect(holdsOfNotice({ ...own, isReleased: true })).toEqual([]);
  expect(holdsOfNotice({ ...own, hasInsured: true })).toEqual([]);
});
