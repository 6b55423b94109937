import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestFolder } from '../../tests/ledger.ts';
import { loadProfile, profileJsonSchema } from './profile.ts';

const folder = openTestFolder();
const INSURERS = path.join(import.meta.dirname, '..', '..', 'insurers');

test.each([
  ['kyokai-kenpo', 'card', 'home', 4, '2025-04-30', '2024-11-30', '2024-11-29'],
  ['mbk', 'postcard', 'workplace', null, '2025-09-30', '2024-12-01', null],
  ['seamen', 'card', 'home', 4, '2025-04-30', '2024-11-30', '2024-11-29'],
] as const)(
  '%s says what its sources say',
  async (name, form, route, limit, referenceOn, acquiredThroughOn, decidedThroughOn) => {
    const profile = await loadProfile(name);
    expect(profile).toMatchObject({ id: name, sample: true, form: { kind: form }, route, enclosing: { limit } });
    expect(profile.issuances[0]).toMatchObject({ referenceOn, acquiredThroughOn, decidedThroughOn });
    const bare = name === 'seamen';
    expect(profile.form).toMatchObject({ showsCertificateNumber: !bare, showsQr: !bare });
  },
);

test('the schema for editors is current (write profileJsonSchema() to insurers/profile.schema.json)', () => {
  expect(JSON.parse(readFileSync(path.join(INSURERS, 'profile.schema.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(profileJsonSchema())),
  );
});

test.each([
  ['an insurer number of nine digits', /number: '\d{8}'/, "number: '999999999'", /7行 insurer\.number: 検査数字/],
  ['a word the profile does not know', /^sample:/m, 'sampel: true\nsample:', /sampel/],
  ['a day that is none', /2025-09-30/, '2025-09-31', /issuances\.0\.referenceOn: 実在する日付/],
  [
    'the sentence that a listed person may get none',
    /送付されない場合があります/g,
    '送付します',
    /workplaceList\.letter/,
  ],
  ['an expiry past five years', /validThrough: 2029-11-30/, 'validThrough: 2030-11-30', /maxYears/],
] as const)('%s is refused with its line', async (_, find, replacement, message) => {
  const file = path.join(folder, 'broken.yaml');
  writeFileSync(file, readFileSync(path.join(INSURERS, 'mbk.yaml'), 'utf8').replace(find, replacement));
  await expect(loadProfile(file)).rejects.toThrow(message);
});

test('a profile that does not exist is named', async () => {
  await expect(loadProfile('nobody')).rejects.toThrow('nobody');
});
