// For tests that need the ledger: a database of their own, a context, and a folder that goes away.
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { openDatabase } from '../src/ledger/core/pool.ts';
import type { Database } from '../src/ledger/core/pool.ts';
import { afterAll, inject, onTestFinished } from 'vitest';
import { startEmbeddedServer } from '../src/ledger/core/server.ts';
import type { Context } from '../src/operations/context.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { USUAL_FIT_LIMITS } from '../src/rules/intake/file-fit.ts';
import { confirmLot, listLotViews } from '../src/operations/posting/lots.ts';
import type { LotView } from '../src/operations/posting/lots.ts';

async function admin(sql: string): Promise<void> {
  const client = new pg.Client({ ...inject('connection'), database: 'postgres' });
  await client.connect();
  await client.query(sql);
  await client.end();
}

async function cloneDatabase(template: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await admin(`create database ${name} template ${template}`);
  return name;
}

const dropDatabase = (name: string): Promise<void> => admin(`drop database ${name} with (force)`);

/** A clone of a template (the migrated one where none is named); dropped when the file's tests are over. */
async function cloneTemplate(template: string): Promise<string> {
  const name = await cloneDatabase(template);
  afterAll(() => dropDatabase(name));
  return name;
}

function contextOn(database: Database): Context {
  const quiet = (): void => undefined;
  return {
    database,
    actor: 'tester',
    progress: { begin: quiet, reach: quiet, end: quiet },
    signal: new AbortController().signal,
  };
}

/**
 * What several files of a run begin with: `make` fills a folder once, for the first that asks; the others wait for it.
 * What it returns is kept as JSON.
 */
export async function sharedOnce<T>(
  name: string,
  make: (folder: string) => Promise<T>,
): Promise<{ readonly folder: string; readonly value: T }> {
  const own = path.join(inject('sharedFolder'), name);
  const [folder, done] = [path.join(own, 'files'), path.join(own, 'value.json')];
  if (!existsSync(done)) {
    const client = new pg.Client({ ...inject('connection'), database: 'postgres' });
    await client.connect();
    try {
      await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [own]);
      if (!existsSync(done)) {
        mkdirSync(folder, { recursive: true });
        const value = await make(folder);
        writeFileSync(`${done}.part`, JSON.stringify(value ?? null));
        renameSync(`${done}.part`, done);
      }
    } finally {
      await client.end();
    }
  }
  return { folder, value: JSON.parse(readFileSync(done, 'utf8')) as T };
}

/** A ledger that several files of a run begin with, and its folder; opened by `openTestLedger(template)`. */
export async function sharedLedger<T>(
  name: string,
  work: (context: Context, folder: string) => Promise<T>,
): Promise<{ readonly template: string; readonly folder: string; readonly value: T }> {
  const template = `shared_${name}`;
  const made = await sharedOnce(name, async (folder) => {
    await admin(`drop database if exists ${template}`);
    await admin(`create database ${template} template todoke`);
    const database = openDatabase({ ...inject('connection'), database: template });
    try {
      return await work(contextOn(database), folder);
    } finally {
      await database.close();
    }
  });
  return { template, ...made };
}

/** A ledger of one's own, as `template` was left; gone when the file's tests are over. */
export async function openTestLedger(template = 'todoke'): Promise<Context> {
  const database = openDatabase({ ...inject('connection'), database: await cloneTemplate(template) });
  afterAll(() => database.close());
  return contextOn(database);
}

/** A template of one's own: a ledger in which some work was done, to be cloned by its name. */
export async function makeTestTemplate(work: (context: Context) => Promise<void>): Promise<string> {
  const name = await cloneTemplate('todoke');
  const database = openDatabase({ ...inject('connection'), database: name });
  await work(contextOn(database));
  await database.close();
  return name;
}

/** A ledger of the running test's own, and what was done in it before. */
export type Given<T> = T & { readonly context: Context };

/**
 * What several tests of a file begin with, so that each of them also passes alone: `work` is done once, when the first
 * test asks for it, and each test that asks gets a clone of that ledger, with what `work` returned (to be read only).
 * With `before`, the work goes on from there. A clone costs about 50 ms and goes when its test is over.
 */
export function given<T extends object>(work: (context: Context) => Promise<T>): GivenStart<T>;
export function given<S extends object, T extends object>(
  before: GivenStart<S>,
  work: (start: Given<S>) => Promise<T>,
): GivenStart<S & T>;
export function given(before: GivenStart<object> | Work<Context>, work?: Work<Given<object>>): GivenStart<object> {
  if (work !== undefined) return startAfter(before as GivenStart<object>, work);
  const none = { template: () => Promise.resolve({ name: 'todoke', value: {} }) };
  return startAfter(none, ({ context }) => (before as Work<Context>)(context));
}

type Work<From> = (from: From) => Promise<object>;

function startAfter(before: Pick<GivenStart<object>, 'template'>, work: Work<Given<object>>): GivenStart<object> {
  const names: string[] = [];
  afterAll(() => Promise.all(names.map(dropDatabase)));
  const make = async (): Promise<Template<object>> => {
    const earlier = await before.template();
    const name = await cloneDatabase(earlier.name);
    names.push(name);
    const database = openDatabase({ ...inject('connection'), database: name });
    try {
      const value = await work({ ...earlier.value, context: contextOn(database) });
      return { name, value: { ...earlier.value, ...value } };
    } finally {
      await database.close();
    }
  };
  let made: Promise<Template<object>> | undefined;
  const template = (): Promise<Template<object>> => (made ??= make());
  const open = async (): Promise<Given<object>> => {
    const { name, value } = await template();
    const own = await cloneDatabase(name);
    const database = openDatabase({ ...inject('connection'), database: own });
    onTestFinished(async () => {
      await database.close();
      await dropDatabase(own);
    });
    return { ...value, context: contextOn(database) };
  };
  return Object.assign(open, { template });
}

interface Template<T> {
  readonly name: string;
  readonly value: T;
}

/** Opens a ledger for the running test. */
export interface GivenStart<T> {
  (): Promise<Given<T>>;
  readonly template: () => Promise<Template<T>>;
}

/**
 * Keeps the embedded server of a data folder running while the file's tests run commands on it: started and stopped by each
 * command, it would cost more than most of them. Nothing in it survives a crash.
 */
export async function keepServer(dataDir: string): Promise<void> {
  const server = await startEmbeddedServer({ dataDir, throwaway: true });
  const client = new pg.Client({ ...server.connection });
  await client.connect();
  afterAll(async () => {
    await client.end();
    await server.leave();
  });
}

/** A folder for this file's tests. */
export function openTestFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'todoke-files-'));
  // As root the database runs as another user, who must be able to walk in; else it would be kept elsewhere.
  chmodSync(folder, 0o755);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One lot of a run as it stands. */
export async function getLotView(context: Context, run: Issuance, no: number): Promise<LotView> {
  return (await listLotViews(context, run)).find((lot) => lot.no === no)!;
}

/** How much a newer file may miss, as profiles have it that say nothing of it. */
export const FILE_LIMITS = { fit: USUAL_FIT_LIMITS } as const;

/** Somebody who answers for a lot that is released before all of it is enclosed. */
export const BEFORE_ENCLOSING = { person: '部長 高橋', reason: '封入の前に承認する' } as const;

/**
 * Two persons release every lot of a printed run for print and for post, so that its pieces may be posted; a named person lets
 * those go that are not enclosed yet.
 */
export async function approveLots(context: Context, run: Issuance): Promise<void> {
  for (const { no } of await listLotViews(context, run))
    for (const step of ['print', 'post'] as const)
      for (const person of ['山田 太郎', '鈴木 花子'])
        await confirmLot(context, run, FILE_LIMITS, no, step, person, step === 'post' ? BEFORE_ENCLOSING : null);
}

/** Tables in which a row holds the text. */
export async function tablesWith({ database }: Context, text: string): Promise<string[]> {
  return database.transaction(async (tx) => {
    const tables = await tx.query<{ name: string }>(
      `select quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'todoke' and c.relkind = 'r' order by 1`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await tx.query(`select 1 from ${name} t where position($1 in to_jsonb(t)::text) > 0 limit 1`, [
        text,
      ]);
      if (rows.length > 0) found.push(name);
    }
    return found;
  });
}
