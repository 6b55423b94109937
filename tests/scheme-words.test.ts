// Articles, days and the word for the employer stand in one table (src/rules/papers/scheme.ts): nowhere else in what reaches
// paper or screen. Comments cite as they like.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');
const FIXED = /健保則|施行規則第?\d|健康保険法第?\d|船員保険法第?\d|[0-9０-９一五十]+日以内|船舶所有者|事業主(?!氏名)/;

function read(folder: string, name: RegExp, comment: RegExp): [string, number, string][] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => name.test(file) && !/\.test\.tsx?$/.test(file))
    .flatMap((file) =>
      readFileSync(path.join(ROOT, folder, file), 'utf8')
        .split('\n')
        .map((line, i): [string, number, string] => {
          // A source says whose words they are, a place takes the scheme's own word.
          const words = line
            .replace(comment, '')
            .replace(/^ +source: .*/, '')
            .replaceAll(/\{[^}]*\}/g, '');
          return [`${folder}/${file}`, i + 1, folder === 'insurers' ? words : line.replace(comment, '')];
        }),
    );
}

const found = (lines: readonly [string, number, string][]): string[] =>
  lines.filter(([, , line]) => FIXED.test(line)).map(([file, at, line]) => `${file}:${at} ${line.trim()}`);

test('templates and profiles take them from the scheme', () => {
  expect(found(read('templates', /\.typ$/, /(?:^|\s)\/\/.*$/))).toEqual([]);
  expect(found(read('insurers', /\.yaml$/, /(?:^|\s)#.*$/))).toEqual([]);
});

/** Lines of code that may: the table itself, and what names another thing by the same word. */
const ALLOWED: readonly RegExp[] = [
  /^src\/rules\/papers\/scheme\.ts:/,
  /'健康保険法第3条第2項の被保険者/, // who they are, under whatever scheme
  /summary: '事業主への送付文書/,
  /name: '事業主'/,
  /'事業主への送付文書と/,
  /'事業主経由の希望'|事業主経由の希望があるとき/, // a column of 加入者.csv
];

test('code takes them from the scheme', () => {
  const lines = [
    ...read('src', /\.ts$/, /(?:^\s*(?:\/\/|\/?\*).*|\s\/\/ .*|\/\*\*.*)$/),
    ...read('web', /\.tsx?$/, /(?:^\s*(?:\/\/|\/?\*).*|\s\/\/ .*|\/\*\*.*)$/),
  ].filter(([file]) => !file.startsWith('web/dist'));
  expect(found(lines).filter((line) => !ALLOWED.some((allowed) => allowed.test(line)))).toEqual([]);
});
