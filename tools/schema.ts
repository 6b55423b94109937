// Writes down the schema as PostgreSQL says it is: src/ledger/schema/schema.sql whole, docs/schema.md at a glance; and notes the
// texts of functions (`npm run schema`, after a migration or a function was changed).
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../src/ledger/core/pool.ts';
import type { Reader } from '../src/ledger/core/pool.ts';
import {
  FUNCTION_TEXTS,
  SCHEMA_FOLDER,
  functionTextLines,
  migrate,
  readFunctionTexts,
} from '../src/ledger/core/migrate.ts';
import { startEmbeddedServer } from '../src/ledger/core/server.ts';
import { describeSchema } from '../src/ledger/core/describe.ts';
import type { DescribedTable } from '../src/ledger/core/describe.ts';

const ROOT = path.join(import.meta.dirname, '..');

/** What migrations are about, in the order of the first files. */
export const SUBJECTS = ['intake', 'issuing', 'papers', 'printing', 'posting', 'life', 'desk'] as const;

/** The files this command writes, by their path in the project, as they should be now. */
export async function schemaFiles(reader: Reader): Promise<Readonly<Record<string, string>>> {
  const { sql, tables } = await describeSchema(reader);
  return {
    'src/ledger/schema/schema.sql':
      '-- Made by `npm run schema`: the schema as PostgreSQL says it is, for reading and for review. Nothing runs this file.\n' +
      `-- The bodies of the functions are the files of functions/.\n\n${sql}`,
    'docs/schema.md': page(tables),
  };
}

/**
 * `function-texts.txt` as it should be now: what it holds, and the present text of each function after the earlier ones of
 * that function. A program knows by it which databases are older than itself.
 */
export function functionTextsFile(): string {
  const known = new Set(readFunctionTexts());
  const texts = [...known, ...functionTextLines().filter((line) => !known.has(line))];
  const nameOf = (line: string): string => line.split(' ')[0] ?? '';
  // Sorting keeps the order among the lines of one function.
  return `${texts.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0)).join('\n')}\n`;
}

interface Migration {
  readonly subject: string;
  /** The first paragraph of its opening comment. */
  readonly about: string;
  readonly tables: readonly string[];
}

function readMigrations(): Migration[] {
  const folder = path.join(SCHEMA_FOLDER, 'migrations');
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8');
      const opening = /^(?:-- .+\n)+/.exec(text)?.[0] ?? '';
      return {
        subject: /^\d+_([a-z]+)/.exec(name)?.[1] ?? '',
        about: opening.replaceAll(/^-- /gm, '').trim().replaceAll('\n', ' '),
        tables: [...text.matchAll(/^create (?:unlogged )?(?:table|view) (\w+)/gm)].map((match) => match[1] ?? ''),
      };
    });
}

const ROW = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function page(tables: readonly DescribedTable[]): string {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const migrations = readMigrations();
  const lines = [
    '# Schema',
    '',
    'Made by `npm run schema` from the database itself; a test compares. Every column, constraint, index, policy and right is in',
    '[schema.sql](../src/ledger/schema/schema.sql), the bodies of the functions are in `src/ledger/schema/functions/`.',
    'Tables marked ▤ keep the rows of one input file or one issuance in a partition of their own.',
  ];
  for (const subject of SUBJECTS) {
    const own = migrations.filter((migration) => migration.subject === subject);
    lines.push(
      '',
      `## ${subject}`,
      '',
      own[0]?.about ?? '',
      '',
      ROW(['table', 'holds', 'columns', 'refers to']),
      '|---|---|--:|---|',
    );
    for (const name of own.flatMap((migration) => migration.tables)) {
      const table = byName.get(name);
      if (table)
        lines.push(
          ROW([
            `\`${name}\`${table.isPartitioned ? ' ▤' : ''}${table.kind === 'view' ? ' (view)' : ''}`,
            table.comment ?? '',
            String(table.columnCount),
            table.refersTo.map((other) => `\`${other}\``).join(', '),
          ]),
        );
    }
  }
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) {
  writeFileSync(path.join(SCHEMA_FOLDER, FUNCTION_TEXTS), functionTextsFile());
  const folder = mkdtempSync(path.join(tmpdir(), 'todoke-schema-'));
  const server = await startEmbeddedServer({ dataDir: path.join(folder, 'data'), throwaway: true });
  const database = openDatabase(server.connection);
  try {
    await migrate(database);
    for (const [name, text] of Object.entries(await database.transaction(schemaFiles)))
      writeFileSync(path.join(ROOT, name), text);
  } finally {
    await database.close();
    await server.leave();
    rmSync(folder, { recursive: true, force: true });
  }
}
