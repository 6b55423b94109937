// Nothing is wrong with any file that leaves the house: asked of qpdf, MuPDF and, where they are installed, the native qpdf,
// mutool and poppler. And each of them sees what it is asked for.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openTestFolder, openTestLedger } from './ledger.ts';
import { PAPER_FILES, makePaperFiles } from './paper-files.ts';
import { FROM_NPM, NATIVE, isInstalled } from './pdf-checkers.ts';
import type { Checker } from './pdf-checkers.ts';

const context = await openTestLedger();
const folder = openTestFolder();
let files: string[];

beforeAll(async () => {
  files = await makePaperFiles(context, folder);
});

test('every PDF is of a kind that is checked', () => {
  const kinds = Object.values<RegExp>(PAPER_FILES);
  expect(files.filter((file) => !kinds.some((kind) => kind.test(file)))).toEqual([]);
});

const CHECKERS = [...FROM_NPM, ...NATIVE];

const isMissing = (checker: Checker): boolean => NATIVE.includes(checker) && !isInstalled(checker);

describe.each(CHECKERS)('$name', (checker) => {
  test.skipIf(isMissing(checker)).each(Object.entries<RegExp>(PAPER_FILES))(
    'nothing is wrong with %s',
    async (_, kind) => {
      const own = files.filter((file) => kind.test(file));
      expect(own).not.toEqual([]);
      for (const file of own) expect(await checker.complaints(path.join(folder, file)), file).toEqual([]);
    },
  );
});

/** Digits in place of digits, as many. */
const instead = (digits: string, change: number): string =>
  String(Number(digits) + change).padStart(digits.length, '0');

/** A fault put into a print file's bytes, none of them moved, and who sees it: qpdf does not look into fonts. */
const FAULTS: Readonly<Record<string, readonly [fault: (pdf: string) => string, seenBy: RegExp]>> = {
  'an object that is not where the cross-reference table says': [
    (pdf) => pdf.replace(/(?<=xref\n0 \d+\n\d{10} 65535 f \n)\d{10}/, (offset) => instead(offset, 7)),
    /./,
  ],
  'a stream that is longer than it says': [
    (pdf) => pdf.replace(/(?<=\/Length )\d+/, (length) => instead(length, -9)),
    /./,
  ],
  'a font whose outlines are gone': [(pdf) => pdf.replace('/FontFile2', '/FontFile8'), /MuPDF|mutool|pdffonts/],
  'a page whose font is not there': [(pdf) => pdf.replace('/Font<</F0 ', '/Font<</F9 '), /pdftotext/],
};

describe.each(Object.entries(FAULTS))('%s', (_, [fault, seenBy]) => {
  const saying = CHECKERS.filter(({ name }) => seenBy.test(name));
  let file: string;

  beforeAll(() => {
    const whole = readFileSync(
      path.join(
        folder,
        files.find((name) => PAPER_FILES.postcards.test(name))!,
      ),
      'latin1',
    );
    const damaged = fault(whole);
    if (damaged === whole || damaged.length !== whole.length) throw new Error('the fault changes nothing, or too much');
    file = path.join(folder, 'damaged.pdf');
    writeFileSync(file, damaged, 'latin1');
  });

  for (const checker of saying)
    test.skipIf(isMissing(checker))(`is seen by ${checker.name}`, async () => {
      expect(await checker.complaints(file)).not.toEqual([]);
    });
});
