import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import { hashFile } from './content-hash.ts';

const file = path.join(openTestFolder(), 'file');

test.each([
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
])('the hash is SHA-256 of the bytes (FIPS 180-4 examples)', async (text, expected) => {
  writeFileSync(file, text);
  expect(await hashFile(file)).toBe(expected);
});
