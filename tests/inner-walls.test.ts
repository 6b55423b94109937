// Checks that the server or the command line makes as well: each is called by itself, so that it holds when those are changed.
import { expect, test } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import { opened, sealed } from '../src/operations/intake/digits.ts';
import { correctHeld } from '../src/operations/life/held.ts';
import { checkReader } from '../src/operations/posting/recipients.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { importRows } from './issued.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const profile = await loadProfile('kyokai-kenpo');
const insurer = profile.insurer.number;

test('sealed digits open for their person and insurer alone', () => {
  const digitsKey = new Uint8Array(32).fill(7);
  const person = { symbol: '100', number: '1', subNumber: '00' };
  const bytes = sealed({ digitsKey }, insurer, { ...person, individualNumberLast4: '9018' })!;
  expect(opened(digitsKey, insurer, person, bytes)).toBe('9018');
  const wrong = expect.objectContaining({ code: 'digits-key-wrong' });
  expect(() => opened(digitsKey, '06271015', person, bytes)).toThrow(wrong);
  expect(() => opened(digitsKey, insurer, { ...person, subNumber: '01' }, bytes)).toThrow(wrong);
  expect(() => opened(new Uint8Array(32), insurer, person, bytes)).toThrow(wrong);
});

test.each(['123456789018', '本人の番号 1234-5678-9018', '１２３４５６７８９０１８'])(
  'a correction of a held piece takes no individual number, neither as its reason nor as its text (%s)',
  async (number) => {
    const correction = { subNumber: '00', field: 'name', text: '協会　花子', reason: '本人に確かめた' } as const;
    const asked = (change: object) => correctHeld(context, profile, '20001000000017', { ...correction, ...change });
    const refused = { code: 'text-refused', message: '12桁の番号は書けません。' };
    await expect(asked({ reason: number })).rejects.toMatchObject(refused);
    await expect(asked({ text: number })).rejects.toMatchObject(refused);
    // Without it the piece is asked for.
    await expect(asked({})).rejects.toMatchObject({ code: 'paper-unknown' });
  },
);

test('a list for a branch is refused where it names anyone of another branch, or of none', async () => {
  const workplaces = [
    { 記号: '100', 事業所名称: '株式会社あさひ', 支部: '13' },
    { 記号: '200', 事業所名称: '株式会社ゆうひ', 支部: '27' },
  ];
  await importRows(context, profile, folder, { workplaces }, '2025-08-01' as LocalDate);
  const list = (branch: string | null, ...symbols: string[]) =>
    checkReader(
      context.database,
      insurer,
      branch,
      '対象者',
      symbols.map((symbol) => ({ symbol })),
    );
  await list('13', '100', '100');
  await list('27', '200');
  await list('13');
  // Of the whole insurer.
  await list(null, '100', '200', '999');
  const refused = { code: 'outside-recipient', message: expect.not.stringContaining('200') };
  await expect(list('13', '100', '200')).rejects.toMatchObject(refused);
  await expect(list('13', '999')).rejects.toMatchObject(refused);
});
