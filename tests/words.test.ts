// One word for one thing on screen and on paper: the words that docs/glossary.md rules out are in no text of the program.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');
const GLOSSARY = readFileSync(path.join(ROOT, 'docs', 'glossary.md'), 'utf8');

/** Rows of a table of the glossary, by its heading. */
function rowsOf(heading: string): string[][] {
  const section = GLOSSARY.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| (.+) \|$/gm)].slice(1).map((match) => match[1]!.split(' | '));
}

/** Words in which a ruled-out character means something else. */
const OTHER_WORDS = /郵便|便利|約束|収束|拘束/g;

const FORBIDDEN = rowsOf('画面では使わない言葉').map(([word = '', instead = '']) => ({ word, instead }));

/** Text without what nobody reads on a screen: comments. */
function withoutComments(text: string): string {
  const blank = (match: string): string => match.replaceAll(/[^\n]/g, ' ');
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, blank).replaceAll(/(?<=^|\s)\/\/.*$/gm, blank);
}

/** Where a text says a forbidden word: its line, and the word to use. */
function faultsOf(text: string): string[] {
  return withoutComments(text)
    .replaceAll(OTHER_WORDS, '')
    .split('\n')
    .flatMap((line, i) =>
      FORBIDDEN.filter(({ word }) => line.includes(word)).map(
        ({ word, instead }) => `${i + 1}: ${word} → ${instead}（${line.trim().slice(0, 60)}）`,
      ),
    );
}

/** Texts of the program: the console, the rules' labels, the API, the commands, the papers, profiles. */
function texts(): string[] {
  return ['src', 'web', 'templates', 'insurers'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:tsx?|js|json|typ|yaml|html|sql)$/.test(name))
      // Built files; places and characters of Japan, which are nobody's words.
      .filter((name) => !/^dist\/|towns\.json$|variants\.ts$|\.test\.tsx?$/.test(name))
      .map((name) => path.join(folder, name)),
  );
}

test('the glossary rules words out, and no word that it uses', () => {
  expect(FORBIDDEN).toEqual([
    { word: '便', instead: 'ロット' },
    { word: '束', instead: '印刷単位' },
    { word: '送付保留', instead: '送付停止' },
  ]);
  const used = rowsOf('言葉').map(([word = '']) => word.replaceAll(OTHER_WORDS, ''));
  expect(used.length).toBeGreaterThan(50);
  expect(used.filter((word) => FORBIDDEN.some((f) => word.includes(f.word)))).toEqual([]);
});

test('each word has one row', () => {
  const words = rowsOf('言葉').map(([word]) => word);
  expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
  const english = rowsOf('Words of the code').map(([word]) => word);
  expect(english.length).toBeGreaterThan(10);
  expect(english.filter((word, i) => english.indexOf(word) !== i)).toEqual([]);
});

test('no text of the program says a word that is ruled out', () => {
  expect(faultsOf("title: '便と二人の確認', // 便\nlabel: '郵便番号'")).toEqual([
    expect.stringMatching(/^1: 便 → ロット/),
  ]);
  const files = texts();
  expect(files.length).toBeGreaterThan(300);
  const faults = files.flatMap((file) =>
    faultsOf(readFileSync(path.join(ROOT, file), 'utf8')).map((fault) => `${file}:${fault}`),
  );
  expect(faults).toEqual([]);
});

/** Texts that say 保留 of what is not sent now (deferred), and columns of files, whose names are the contractor's to read. */
const DEFERRED = [
  'src/rules/issuing/notice-explanation.ts',
  'src/rules/issuing/notices.ts',
  'src/rules/papers/kinds.ts',
  // Tables and papers of a package: a piece that print held is not in its parcel, or a list could not be printed.
  'src/formats/package.ts',
  'src/ledger/posting/notice-parcels.ts',
  'src/operations/life/recall-files.ts',
  'src/operations/posting/export-tables.ts',
];

test('保留 is said of what is not sent now alone: what print held is 確認待ち, a protected person 送付停止', () => {
  const found = texts().filter((file) => withoutComments(readFileSync(path.join(ROOT, file), 'utf8')).includes('保留'));
  expect(found.toSorted()).toEqual(DEFERRED.toSorted());
});

test('nor does a document for users', () => {
  const pages = [
    'README.md',
    ...['tutorial', 'notices', 'files', 'commands', 'environment', 'lifecycle'].map((name) => `docs/${name}.md`),
  ];
  const faults = pages.flatMap((page) =>
    faultsOf(readFileSync(path.join(ROOT, page), 'utf8')).map((fault) => `${page}:${fault}`),
  );
  expect(faults).toEqual([]);
});

/** Names that the code does not use: docs/glossary.md, "Words of the code", says what is used instead. */
const NOT_IN_CODE =
  /\b\w*(?:(?<!in)[Dd]eed|[Ww]ish|[Ww]orkshop|isNews|byWhoAsked|flyOver|digits_look)\w*\b|\b(?:in)?[Ll]anes?\b|\b(?:noteLook|returnRoad|findRoads|IssuanceRun|NoticeRun|CertificateRun)\b/;

test('no name of the code is one that the glossary replaces', () => {
  const files = texts().filter((file) => /\.(?:tsx?|js|sql)$/.test(file));
  const faults = files.flatMap((file) =>
    withoutComments(readFileSync(path.join(ROOT, file), 'utf8').replaceAll(/--.*$/gm, ''))
      .split('\n')
      .flatMap((line, i) => (NOT_IN_CODE.test(line) ? [`${file}:${i + 1}: ${line.trim().slice(0, 80)}`] : [])),
  );
  expect(NOT_IN_CODE.test('const pieceDeed = 1')).toBe(true);
  expect(faults).toEqual([]);
});
