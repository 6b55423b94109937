// The house's one rule about rooms, read from every import: what each room may use, of ours and of npm's.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');

const MAY_IMPORT: Readonly<Record<string, { rooms: readonly string[]; packages: readonly string[] | 'any' }>> = {
  rules: { rooms: ['rules'], packages: [] },
  formats: {
    rooms: ['formats', 'rules'],
    packages: ['node:', 'yaml', 'zod', 'age-encryption', '@zip.js/zip.js', 'saxen'],
  },
  ledger: { rooms: ['ledger', 'rules'], packages: ['node:', 'pg', 'pg-copy-streams'] },
  print: { rooms: ['print', 'rules'], packages: 'any' },
  operations: { rooms: ['operations', 'rules', 'formats', 'ledger', 'print'], packages: ['node:', 'otpauth'] },
  worker: { rooms: ['worker', 'operations', 'ledger'], packages: ['node:', 'pg-boss'] },
  server: {
    rooms: ['server', 'operations', 'rules', 'formats', 'ledger'],
    packages: ['node:', 'hono', '@hono/', 'zod', 'openid-client', 'prom-client', 'rate-limiter-flexible'],
  },
  cli: { rooms: ['cli', 'operations', 'worker', 'server', 'rules', 'formats', 'ledger'], packages: ['node:'] },
};

/** The console: each folder by what it may use. `src/rules` by value; what the server answers as types alone. */
const WEB_MAY_IMPORT: Readonly<Record<string, { rooms: readonly string[]; packages: readonly string[] }>> = {
  ui: { rooms: ['ui'], packages: ['react', 'react-dom', 'react-router'] },
  api: { rooms: ['api'], packages: ['react', '@tanstack/react-query'] },
  forms: { rooms: ['forms', 'ui', 'api', 'paths.ts'], packages: ['react', '@tanstack/react-query', 'react-router'] },
  pages: {
    rooms: ['pages', 'forms', 'ui', 'api', 'paths.ts'],
    packages: ['react', '@tanstack/react-query', 'react-router'],
  },
};

function sources(room: string): string[] {
  return readdirSync(path.join(ROOT, 'src', room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join(ROOT, 'src', room, name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export)\b[^;()]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

test('every room is in the table', () => {
  expect(readdirSync(path.join(ROOT, 'src')).filter((room) => !(room in MAY_IMPORT))).toEqual([]);
});

test.each(Object.entries(MAY_IMPORT).filter(([room]) => existsSync(path.join(ROOT, 'src', room))))(
  '%s imports only what it may',
  (room, allowed) => {
    const wrong: string[] = [];
    for (const file of sources(room)) {
      for (const name of importsOf(file)) {
        const place = path.relative(ROOT, file);
        if (name.startsWith('.')) {
          const target = path
            .relative(path.join(ROOT, 'src'), path.resolve(path.dirname(file), name))
            .split(path.sep)[0];
          if (!allowed.rooms.includes(target ?? '')) wrong.push(`${place} imports ${target}`);
        } else if (
          allowed.packages !== 'any' &&
          !allowed.packages.some(
            (p) => name === p || name.startsWith(`${p}/`) || (/[:/]$/.test(p) && name.startsWith(p)),
          )
        ) {
          wrong.push(`${place} imports ${name}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  },
);

test.each(Object.entries(WEB_MAY_IMPORT).filter(([room]) => existsSync(path.join(ROOT, 'web', room))))(
  'web/%s imports only what it may',
  (room, allowed) => {
    const wrong: string[] = [];
    for (const name of readdirSync(path.join(ROOT, 'web', room), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name) || /\.test\.tsx?$/.test(name)) continue;
      const file = path.join(ROOT, 'web', room, name);
      const place = path.relative(ROOT, file);
      for (const [, typeOnly, from = ''] of readFileSync(file, 'utf8').matchAll(
        /^(?:import|export)\b( type\b)?[^;]*?from '([^']+)'/gm,
      )) {
        if (!from.startsWith('.')) {
          if (!allowed.packages.includes(from)) wrong.push(`${place} imports ${from}`);
          continue;
        }
        const [top, next] = path.relative(ROOT, path.resolve(path.dirname(file), from)).split(path.sep);
        const fits =
          top === 'web'
            ? allowed.rooms.includes(next ?? '')
            : top === 'src' && (next === 'rules' || (next === 'server' && typeOnly !== undefined && room !== 'ui'));
        if (!fits) wrong.push(`${place} imports ${from}`);
      }
    }
    expect(wrong).toEqual([]);
  },
);

/**
 * Subjects inside the rooms, in the one direction in which they use each other: each may use those before it. Checked within
 * a room, and between `operations`, `ledger` and `rules`.
 */
const SUBJECTS = ['words', 'core', 'papers', 'intake', 'issuing', 'printing', 'posting', 'life', 'desk'] as const;

/** Rooms with subjects, and their files beside the folders: what every subject may use, and what drives them all. */
const WITH_SUBJECTS: Readonly<Record<string, { shared: readonly string[]; drivers: readonly string[] }>> = {
  'src/rules': { shared: ['insurer.ts', 'access.ts'], drivers: ['profile-checks.ts'] },
  'src/ledger': { shared: [], drivers: [] },
  'src/operations': {
    shared: ['context.ts', 'frozen-rules.ts', 'issuance.ts'],
    drivers: ['issue.ts', 'perform-job.ts', 'remake-work.ts', 'sample.ts', 'sample/'],
  },
  'src/cli': {
    shared: ['arguments.ts', 'compose.ts', 'progress.ts', 'say.ts', 'summary.ts'],
    drivers: ['commands.ts', 'run.ts', 'sample-commands.ts'],
  },
  'src/server/routes': { shared: ['descriptions.ts'], drivers: [] },
  'web/pages': {
    shared: [
      'error-pages.tsx',
      'fetched.tsx',
      'job-view.tsx',
      'list-search.tsx',
      'listed-states.ts',
      'places.ts',
      'signed-in.tsx',
      'start-button.tsx',
    ],
    drivers: [],
  },
};
const DOORS = ['src/cli', 'src/server/routes', 'web/pages'];

/** A file's room with subjects, and its subject, `shared` or `drivers` there; null elsewhere. */
function placeOf(file: string): { readonly room: string; readonly subject: string } | null {
  const room = Object.keys(WITH_SUBJECTS).find((known) => file.startsWith(`${known}/`));
  if (room === undefined) return null;
  const rest = file.slice(room.length + 1);
  const { shared, drivers } = WITH_SUBJECTS[room]!;
  const isIn = (list: readonly string[]): boolean =>
    list.some((entry) => (entry.endsWith('/') ? rest.startsWith(entry) : rest === entry));
  if (isIn(shared)) return { room, subject: 'shared' };
  if (isIn(drivers)) return { room, subject: 'drivers' };
  return { room, subject: rest.split('/')[0]! };
}

/** All sources of the program with what each imports of ours, types included. */
function importGraph(): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const folder of ['src', 'web'])
    for (const name of readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name) || /\.test\.tsx?$|^(?:dist|tests)\//.test(name)) continue;
      const file = path.join(folder, name);
      const targets = importsOf(path.join(ROOT, file))
        .filter((from) => from.startsWith('.'))
        .map((from) => path.relative(ROOT, path.resolve(ROOT, path.dirname(file), from)));
      graph.set(file, targets);
    }
  return graph;
}

test('every file of a room with subjects lies in one, or is shared or a driver by name', () => {
  const wrong = [...importGraph().keys()].filter((file) => {
    const place = placeOf(file);
    return place && !['shared', 'drivers', ...SUBJECTS].includes(place.subject);
  });
  expect(wrong).toEqual([]);
});

test('a subject uses only those before it', () => {
  const wrong: string[] = [];
  for (const [file, targets] of importGraph()) {
    const from = placeOf(file);
    if (!from || from.subject === 'drivers') continue;
    for (const target of targets) {
      const to = placeOf(target);
      if (!to || to.subject === 'shared') continue;
      const isDoor = DOORS.includes(from.room);
      // Commands, routes and pages of a subject may call any operation; drivers are called by those alone.
      if (from.room !== to.room && isDoor) continue;
      const order = (subject: string): number => (SUBJECTS as readonly string[]).indexOf(subject);
      const isForward = from.subject === 'shared' || order(to.subject) <= order(from.subject);
      if (to.subject === 'drivers' || !isForward) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no file imports itself by way of others, not even a type', () => {
  const graph = importGraph();
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) {
      circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(graph.size).toBeGreaterThan(300);
  expect(circles).toEqual([]);
});

test('what the program uses it brings along: no package that is for tests alone', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  const files = ['src', 'web'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|^(?:dist|tests)\/|vite\.config/.test(name))
      .map((name) => path.join(ROOT, folder, name)),
  );
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
      .filter((name) => !(/^(?:@[^/]+\/)?[^/]+/.exec(name)![0] in dependencies))
      .map((name) => `${path.relative(ROOT, file)} imports ${name}`),
  );
  expect(files.length).toBeGreaterThan(200);
  expect(wrong).toEqual([]);
});

test('every folder of web is in the table', () => {
  const folders = readdirSync(path.join(ROOT, 'web'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['dist', 'public', 'tests'].includes(entry.name))
    .map((entry) => entry.name);
  expect(folders.filter((room) => !(room in WEB_MAY_IMPORT))).toEqual([]);
});

test('rules look at no clock', () => {
  const wrong = sources('rules').filter((file) =>
    /Date\.now|new Date\(\)|performance\./.test(readFileSync(file, 'utf8')),
  );
  expect(wrong).toEqual([]);
});

test('no test is skipped', () => {
  const files = ['src', 'tests', 'web'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => path.join(ROOT, folder, name)),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(
    files.filter((file) =>
      /\b(?:test|describe|it)\.(?:skip|only|todo)\b/.test(readFileSync(file, 'utf8').replace(/\/\\b.*$/gm, '')),
    ),
  ).toEqual([]);
});

/** Where the program asks which kind an issuance or a paper number is, besides the kinds of the subjects, and why. */
const ASKS_KIND: Readonly<Record<string, string>> = {
  'src/formats/package.ts': 'what the files of a package of each kind are: a table of the contract',
  'src/formats/profile.ts': 'parts the profile’s list of issuances',
  'src/ledger/papers/pieces.ts': 'whether a number is a certificate’s or a mailpiece’s: each has its table',
  'src/ledger/printing/prints.ts': 'which papers are looked at before approval: a table of a query each',
  'src/operations/desk/piece-actions.ts': 'another certificate is asked for by a certificate’s number',
  'src/operations/issuing/kinds.ts': 'the kinds of issuing',
  'src/operations/life/returns.ts': 'whether a scanned number is a certificate’s',
  'src/operations/posting/kinds.ts': 'the kinds of posting',
  'src/operations/printing/kinds.ts': 'the kinds of printing',
  'src/operations/printing/texts.ts': 'which of the insurer’s words the papers of each kind need',
  'src/rules/insurer.ts': 'card images are of certificates in card form',
  'src/rules/profile-checks.ts': 'parts the profile’s list of issuances',
};

test('which kind of paper an issuance makes is asked by the kinds of each subject alone', () => {
  const asking = [...importGraph().keys()].filter((file) =>
    /\bkind [!=]== '(?:notice|certificate)'|\bisNotice\b/.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(asking.toSorted()).toEqual(Object.keys(ASKS_KIND));
});

test('who does not print loads neither fonts nor Typst', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    // What is imported when the program starts: types are gone by then, `await import` comes when it is needed.
    const text = readFileSync(file, 'utf8');
    for (const [, clause = '', name = ''] of text.matchAll(/^(?:import|export) (?!type)([^;()]*?)from '(\.[^']+)'/gm))
      if (!/^\{\s*type [^,]*\}\s*$/.test(clause)) visit(path.resolve(path.dirname(file), name));
  };
  visit(path.join(ROOT, 'src', 'cli', 'run.ts'));
  expect(seen.size).toBeGreaterThan(50);
  expect([...seen].filter((file) => file.startsWith(path.join(ROOT, 'src', 'print')))).toEqual([]);
});
