// The documents do not go stale: what is made is as the program says it, what is named exists.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FUNCTION_TEXTS, SCHEMA_FOLDER } from '../src/ledger/core/migrate.ts';
import { COMMANDS_PAGE, commandsPage } from '../tools/commands.ts';
import { functionTextsFile } from '../tools/schema.ts';

const ROOT = path.join(import.meta.dirname, '..');

const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
];

function sources(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(ROOT, folder, name));
}

test('docs/commands.md is what --help says (npm run commands)', () => {
  expect(readFileSync(COMMANDS_PAGE, 'utf8')).toBe(commandsPage());
});

test('function-texts.txt holds the present text of every function (npm run schema)', () => {
  expect(readFileSync(path.join(SCHEMA_FOLDER, FUNCTION_TEXTS), 'utf8')).toBe(functionTextsFile());
});

test('every environment variable is explained in docs/environment.md, and none that is not there', () => {
  const files = ['src', 'tests', 'web', 'bench', 'tools'].flatMap(sources);
  const used = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/process\.env\['((?:TODOKE|DATABASE)_\w+)'\]/g)].map((match) => match[1]!),
  );
  const page = readFileSync(path.join(ROOT, 'docs', 'environment.md'), 'utf8');
  const explained = [...page.matchAll(/^\| `.*?\|/gm)].flatMap(([cell]) =>
    [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1]!),
  );
  expect(used.length).toBeGreaterThan(10);
  expect(explained.toSorted()).toEqual([...new Set(used)].toSorted());
});

test('every link of a document leads to something that is there', () => {
  const broken = PAGES.flatMap((page) => {
    const text = readFileSync(path.join(ROOT, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    return [...text.matchAll(/\]\(([^)#\s]*)(?:#[^)]*)?\)/g)]
      .map((match) => match[1]!)
      .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(path.join(ROOT, path.dirname(page), target)))
      .map((target) => `${page}: ${target}`);
  });
  expect(PAGES.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

test('every npm script that a document names is there', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  const named = PAGES.flatMap((page) =>
    [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/npm run (?:-s )?([a-z][\w:]*)/g)].map(
      (match) => match[1]!,
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});

test('every file of the program that a document names is there', () => {
  const rooms =
    /`((?:src\/)?(?:rules|formats|ledger|print|operations|worker|server|cli)\/[\w/.-]+|(?:web|tests|tools|bench|templates|insurers)\/[\w/.-]+)`/g;
  const missing = PAGES.flatMap((page) =>
    [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(rooms)]
      .map((match) => match[1]!)
      // (Built, not kept.)
      .filter((name) => name !== 'web/dist')
      .filter((name) => {
        const places = [name, path.join('src', name)];
        return !places.some((place) =>
          ['', '.ts', '.tsx'].some((ending) => existsSync(path.join(ROOT, place + ending))),
        );
      })
      .map((name) => `${page}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test('each decision has a number of its own', () => {
  const numbers = readdirSync(path.join(ROOT, 'docs', 'decisions')).map((name) => name.slice(0, 3));
  expect(numbers).toEqual([...new Set(numbers)].toSorted());
});
