import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDigits, parseDigitsKey, sealDigits } from './digits.ts';

const KEY = new Uint8Array(32).fill(7);
const OTHER = new Uint8Array(32).fill(8);
const digits = fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0'));

test('what is sealed opens for its owner under its key, and for nobody else', () => {
  fc.assert(
    fc.property(digits, fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (last4, owner, other) => {
      const sealed = sealDigits(KEY, last4, owner);
      expect(sealed).toHaveLength(32);
      expect(openDigits(KEY, sealed, owner)).toBe(last4);
      expect(openDigits(OTHER, sealed, owner)).toBeNull();
      if (Buffer.from(other).equals(Buffer.from(owner))) return;
      expect(openDigits(KEY, sealed, other)).toBeNull();
    }),
  );
});

test('the same digits never look the same twice, and a changed byte does not open', () => {
  const sealed = sealDigits(KEY, '1234', 'a');
  expect(sealDigits(KEY, '1234', 'a').equals(sealed)).toBe(false);
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed);
    changed[i]! ^= 1;
    expect(openDigits(KEY, changed, 'a'), `byte ${i}`).toBeNull();
  }
  expect(openDigits(KEY, sealed.subarray(1), 'a')).toBeNull();
});

test.each(['', '123', '12345', '123456789018', '１２３４', 'abcd'])('%s is not sealed, nor repeated', (text) => {
  expect(() => sealDigits(KEY, text, 'a')).toThrow(/^four digits expected$/);
});

test.each([
  ['00'.repeat(32), 32],
  [`${'AB'.repeat(32)}\n`, 32],
  [Buffer.alloc(32, 1).toString('base64'), 32],
  [Buffer.alloc(32, 255).toString('base64url'), 32],
  ['', null],
  ['00'.repeat(31), null],
  ['pass phrase', null],
  [Buffer.alloc(33).toString('base64'), null],
])('key %s', (text, length) => expect(parseDigitsKey(text)?.length ?? null).toBe(length));
