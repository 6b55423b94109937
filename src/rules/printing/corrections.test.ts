import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressSource, addressText, correctedNotices, correctedPieces, parseAddressText } from './corrections.ts';
import type { Correction } from './corrections.ts';
import type { LocalDate } from '../words/local-date.ts';
import type { PrintableCertificate, PrintableNotice, PrintablePiece } from './printable.ts';

const KEY = { symbol: '100', number: '5' };
const certificate = (subNumber: string, name: string): PrintableCertificate => ({
  ...KEY,
  subNumber,
  name,
  kana: `カナ${subNumber}`,
  certificateNumber: `1000100000${subNumber}0`,
  bornOn: '1990-05-10' as LocalDate,
  sex: 'male',
  relation: subNumber === '00' ? 'insured' : 'dependent',
  insuredClass: 'general',
  ratio: null,
  acquiredOn: '2015-04-01' as LocalDate,
  issuedOn: '2025-07-22' as LocalDate,
  validThrough: '2026-07-31' as LocalDate,
  insuredName: '協会　',
  formerName: '旧　姓',
  showsFormerName: true,
  sexOnBack: false,
  hasOptionalEntries: false,
  isProtected: false,
  registeredName: null,
  optionalContent: null,
  optionalFrom: null,
  optionalThrough: null,
});
const PIECE: PrintablePiece = {
  mailpieceNumber: '20001000000018',
  route: 'home',
  ...KEY,
  sequence: 1,
  sequenceCount: 1,
  firstOfHousehold: '20001000000018',
  addressee: '協会　',
  address: null,
  workplace: null,
  customerBarcode: '',
  certificates: [certificate('00', '協会　'), certificate('01', '協会　次郎')],
};
const NOTICE: PrintableNotice = {
  mailpieceNumber: '20001000000018',
  route: 'home',
  ...KEY,
  subNumber: '01',
  sequence: 1,
  sequenceCount: 1,
  firstOfHousehold: '20001000000018',
  addressee: '協会　次郎',
  insuredName: '協会　',
  hasInsured: true,
  relation: 'dependent',
  insuredClass: 'general',
  hasDigits: true,
  address: null,
  workplace: null,
  customerBarcode: '',
  kana: 'カナ01',
  bornOn: '1990-05-10' as LocalDate,
  acquiredOn: '2015-04-01' as LocalDate,
  issuedOn: '2024-09-01' as LocalDate,
  last4: null,
  requestForm: true,
  ratio: null,
  ratioFrom: null,
  ratioThrough: null,
};
const HOME = { postalCode: '1050014', line: '東京都港区芝1-1', building: '' };
const correction = (subNumber: string, field: Correction['field'], source: string, text: string): Correction => ({
  ...KEY,
  subNumber,
  field,
  source,
  text,
});
const NAME = correction('00', 'name', '協会　\uE000', '協会　花子');

test('a corrected name stands wherever the person is named: envelope, card, and the dependents’ cards', () => {
  const [piece] = correctedPieces([PIECE], [NAME]);
  expect(piece!.addressee).toBe('協会　花子');
  expect(piece!.certificates.map((c) => [c.name, c.insuredName])).toEqual([
    ['協会　花子', '協会　花子'],
    ['協会　次郎', '協会　花子'],
  ]);
  const [notice] = correctedNotices([NOTICE], [NAME]);
  expect([notice!.addressee, notice!.insuredName]).toEqual(['協会　次郎', '協会　花子']);
});

test.each([
  ['of another person', correction('01', 'name', '協会　\uE000', '協会　花子')],
  ['of another household', { ...NAME, number: '6' }],
  ['of another symbol', { ...NAME, symbol: '101' }],
  ['of a text the files do not say any more', { ...NAME, source: '協会　はな' }],
  ['of another field', { ...NAME, field: 'kana' as const }],
])('a correction %s changes nothing', (_, own) => {
  expect(correctedPieces([PIECE], [own])).toEqual([PIECE]);
});

test('an address that was not there is where the piece goes; a notice’s is its own person’s', () => {
  const address = (subNumber: string): Correction => correction(subNumber, 'address', '', addressText(HOME));
  expect(correctedPieces([PIECE], [address('00')])[0]!.address).toEqual(HOME);
  expect(correctedNotices([NOTICE], [address('00')])[0]!.address).toBeNull();
  expect(correctedNotices([NOTICE], [address('01')])[0]!.address).toEqual(HOME);
});

test('kana and former name are corrected for their person alone', () => {
  const given = [correction('01', 'kana', 'カナ01', 'ジロウ'), correction('00', 'former-name', '旧　姓', '新　姓')];
  const [piece] = correctedPieces([PIECE], given);
  expect(piece!.certificates.map((c) => [c.kana, c.formerName])).toEqual([
    ['カナ00', '新　姓'],
    ['ジロウ', '旧　姓'],
  ]);
  expect(correctedNotices([NOTICE], given)[0]!.kana).toBe('ジロウ');
});

test('an address goes into its text and comes back; two addresses have two sources', () => {
  const part = fc.string({ minLength: 1 }).filter((text) => !text.includes('\n'));
  const address = fc.record({
    postalCode: fc.stringMatching(/^\d{7}$/),
    line: part,
    building: fc.oneof(fc.constant(''), part),
  });
  fc.assert(
    fc.property(address, (one) => {
      expect(parseAddressText(addressText(one))).toEqual(one);
    }),
  );
  fc.assert(
    fc.property(address, address, (a, b) => {
      const isSame = a.line === b.line && a.building === b.building;
      expect(addressSource(a) === addressSource(b)).toBe(isSame);
    }),
  );
});
