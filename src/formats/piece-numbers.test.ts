import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPaperNumber, paperNumber } from '../rules/words/check-digits.ts';
import { readPieceNumbers } from './piece-numbers.ts';

const [first, second] = [paperNumber('mailpiece', 1, 1), paperNumber('mailpiece', 2, 99_999_999)];

test.each([
  ['one a line', [first, second], [first, second], []],
  [
    'as they are printed, with hyphens and full-width digits',
    [formatPaperNumber(first), `　${second} `],
    [first, second],
    [],
  ],
  [
    'the first column of the list the console writes',
    ['\ufeff郵便物番号,発行', `${first},1`, `"${second}",2`],
    [first, second],
    [],
  ],
  ['twice is once, empty lines are nothing', [first, '', first, ' '], [first], []],
  ['a heading stands on the first line alone', [first, '郵便物番号'], [first], [2]],
  [
    'a wrong check digit, a certificate, something else: by line',
    ['20001000000099', paperNumber('certificate', 1, 1), first, 'abc1'],
    [first],
    [1, 2, 4],
  ],
  ['nothing', [], [], []],
])('%s', async (_name, lines, numbers, faults) => {
  expect(await readPieceNumbers(lines)).toEqual({ numbers, faults });
});

test('every list of numbers is read as it was written', async () => {
  const number = fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 99_999_999 }))
    .map(([run, serial]) => paperNumber('mailpiece', run, serial));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(number), async (numbers) => {
      const written = ['郵便物番号', ...numbers.map((one, i) => (i % 2 === 0 ? one : formatPaperNumber(one)))];
      expect(await readPieceNumbers(written)).toEqual({ numbers, faults: [] });
    }),
  );
});
