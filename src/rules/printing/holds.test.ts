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

const holds = (change: Parameters<typeof certificate>[2]) =>
  holdsOfPiece(piece(10, 'home', [certificate(10, '00', change)])).map(({ reason, field }) => `${reason} ${field}`);

// 健保則47条1項5号・3項7号: what was asked for stands on the certificate, or none goes out.
test('entries asked for are printed or held', () => {
  expect(holds({ hasOptionalEntries: true, optionalContent: '' })).toEqual(['optional-entries-unknown remarks']);
  expect(holds({ hasOptionalEntries: true, optionalContent: '限度額適用認定　適用区分ウ' })).toEqual([]);
  expect(holds({ hasOptionalEntries: true, optionalContent: null })).toEqual([]);
});

test('a former name that has no place is held', () => {
  const shown = { formerName: '雛形', showsFormerName: true };
  expect(holds({ name: '見本太郎', ...shown })).toEqual(['former-name-unplaced name']);
  expect(holds({ name: '見本　太郎', ...shown })).toEqual([]);
  expect(holds({ name: '見本 太郎', ...shown })).toEqual([]);
  expect(holds({ name: '見本太郎', formerName: '雛形', showsFormerName: false })).toEqual([]);
});

test('a registered name that nobody can have is held like any name', () => {
  expect(holds({ registeredName: '●●　太郎' })).toEqual(['name-unreadable remarks']);
  expect(holds({ registeredName: '見本　太郎左衛門' })).toEqual([]);
});
