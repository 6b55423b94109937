// Room: cli. The console: `serve` (with a worker in the same process), `worker` alone, `user`.
import { mkdirSync, existsSync } from 'node:fs';
import path from 'node:path';
import { loadProfile, profileFile } from '../../formats/profile.ts';
import { createAccount, totpLink } from '../../operations/desk/accounts.ts';
import { Refusal } from '../../operations/context.ts';
import type { Context } from '../../operations/context.ts';
import { indexForConsole } from '../../operations/perform-job.ts';
import type { JobContext } from '../../operations/perform-job.ts';
import type { OidcSettings } from '../../server/http.ts';
import { PROXY_HEADERS, parseProxies } from '../../server/proxies.ts';
import type { Proxies } from '../../server/proxies.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { Role } from '../../rules/access.ts';
import { ROLE_LABELS } from '../../rules/access.ts';
import { COMMON, PROFILE, command, countOption, dateOption } from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';
import { DATA_FOLDER, withContext } from '../compose.ts';
import { print, printLine } from '../say.ts';

const CONSOLE_FOLDER = path.join(import.meta.dirname, '..', '..', '..', 'web', 'dist');

const PROFILES = {
  profile: { ...PROFILE.profile, value: '名前[,名前…]', help: '受け持つ保険者のプロファイル（複数はコンマで）' },
} as const satisfies Options;

/** Profiles by insurer number, and the file of each. */
export interface Profiles {
  readonly byNumber: Map<string, InsurerProfile>;
  readonly files: Map<string, string>;
}

/** Loads profiles, names or files parted by commas. */
export async function loadProfiles(names: string): Promise<Profiles> {
  const found: Profiles = { byNumber: new Map(), files: new Map() };
  for (const name of names.split(',').map((part) => part.trim())) {
    const profile = await loadProfile(name);
    found.byNumber.set(profile.insurer.number, profile);
    found.files.set(profile.insurer.number, profileFile(name));
  }
  return found;
}

/** One line of JSON on standard error. */
function logLine(line: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
}

function jobContextOf(context: Context, profileFiles: ReadonlyMap<string, string>, files: string): JobContext {
  return {
    database: context.database,
    digitsKey: context.digitsKey,
    profileOf: async (number) => {
      const file = profileFiles.get(number);
      if (!file) throw new Refusal('no-profile', `保険者番号 ${number} のプロファイルが読み込まれていません。`);
      return loadProfile(file);
    },
    files,
    signal: context.signal,
  };
}

/** Folder for uploads and what is written for people to fetch: in the data folder where none is named. */
export function filesFolder(dataFolder = DATA_FOLDER): string {
  const folder = process.env['TODOKE_FILES'] ?? path.join(dataFolder, 'files');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function oidcSettings(publicUrl: string): OidcSettings | null {
  const issuer = process.env['TODOKE_OIDC_ISSUER'];
  if (!issuer) return null;
  const clientId = process.env['TODOKE_OIDC_CLIENT_ID'] ?? '';
  const clientSecret = process.env['TODOKE_OIDC_CLIENT_SECRET'] ?? '';
  return { issuer, clientId, clientSecret, publicUrl };
}

function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Twenty a second: more than a page with live updates needs, less than a script that copies a whole list. */
export const REQUESTS_PER_MINUTE = 1200;

export interface ServeOptions {
  readonly profiles: Profiles;
  /** Folder for uploads and what is written for people to fetch. */
  readonly files: string;
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly proxies: Proxies;
  /** Requests an account may send a minute. */
  readonly requestsPerMinute: number;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
  /** Called when the console can be opened. */
  readonly onOpen: (address: string) => void;
}

/** Serves console and API and does their jobs, until the context's signal. */
export async function serveConsole(context: Context, options: ServeOptions): Promise<void> {
  const { profiles, files, log } = options;
  // Only `serve` loads the server.
  const { buildApp } = await import('../../server/app.ts');
  const { openSocket } = await import('../../server/socket.ts');
  const { openQueue } = await import('../../worker/queue.ts');
  const queue = await openQueue(context.database.connection);
  for (const number of profiles.byNumber.keys()) await indexForConsole(context.database, number);
  const publicUrl = options.publicUrl ?? `http://localhost:${options.port}`;
  const { app, metrics } = buildApp({
    database: context.database,
    profiles: profiles.byNumber,
    profileFiles: profiles.files,
    files,
    enqueue: queue.enqueue,
    clock: () => new Date(),
    isSecure: publicUrl.startsWith('https:'),
    proxies: options.proxies,
    consoleFolder: existsSync(path.join(CONSOLE_FOLDER, 'index.html')) ? CONSOLE_FOLDER : null,
    metricsToken: process.env['TODOKE_METRICS_TOKEN'] ?? null,
    log,
    oidc: oidcSettings(publicUrl),
    requestsPerMinute: options.requestsPerMinute,
    signal: context.signal,
  });
  await queue.work(jobContextOf(context, profiles.files, files), (error) => {
    metrics.countFailure();
    log({ level: 'error', job: true, error: (error as Error).name });
  });
  const socket = await openSocket(app, options.port, options.host);
  options.onOpen(options.publicUrl ?? `http://localhost:${socket.port}`);
  await untilStopped(context.signal);
  await socket.close();
  await queue.close();
}

const serveCommand = command({
  name: 'serve',
  summary: 'コンソールとAPIを開く（処理をする係も同じプロセスで動く）',
  positional: null,
  options: {
    ...PROFILES,
    port: { type: 'string', value: '番号', help: 'ポート（省略すると8080）' },
    host: { type: 'string', value: 'アドレス', help: '待ち受けるアドレス（省略すると127.0.0.1）' },
    'public-url': { type: 'string', value: 'URL', help: '利用者から見た住所（https://…）' },
    'trusted-proxies': {
      type: 'string',
      value: '範囲[,範囲…]',
      help: '前に置くリバースプロキシのアドレス（10.0.0.0/8 など。省略すると TODOKE_TRUSTED_PROXIES）',
    },
    'proxy-header': {
      type: 'string',
      value: PROXY_HEADERS.join('|'),
      help: 'プロキシが書くヘッダー（省略すると TODOKE_PROXY_HEADER、なければ x-forwarded-for）',
    },
    'requests-per-minute': {
      type: 'string',
      value: '回',
      help: `一人が一分に送れる要求の数（省略すると${REQUESTS_PER_MINUTE}）`,
    },
    ...COMMON,
  },
  issuance: async (values) => {
    const profiles = await loadProfiles(values.profile ?? '');
    const proxies = parseProxies(
      values['trusted-proxies'] ?? process.env['TODOKE_TRUSTED_PROXIES'] ?? '',
      values['proxy-header'] ?? process.env['TODOKE_PROXY_HEADER'] ?? PROXY_HEADERS[0],
    );
    if (!existsSync(path.join(CONSOLE_FOLDER, 'index.html')))
      process.stderr.write('画面が組み立てられていません（npm run build）。APIだけを開きます。\n');
    await withContext(true, (context) =>
      serveConsole(context, {
        profiles,
        files: filesFolder(),
        port: countOption('port', values.port, 8080),
        host: values.host ?? '127.0.0.1',
        publicUrl: values['public-url'],
        proxies,
        requestsPerMinute: countOption('requests-per-minute', values['requests-per-minute'], REQUESTS_PER_MINUTE),
        log: logLine,
        onOpen: (address) => printLine(address),
      }),
    );
    return 0;
  },
});

const workerCommand = command({
  name: 'worker',
  summary: 'コンソールから頼まれた処理をする係を、別のプロセスや別の機械で動かす',
  positional: null,
  options: { ...PROFILES, ...COMMON },
  issuance: async (values) => {
    const profiles = await loadProfiles(values.profile ?? '');
    const { openQueue } = await import('../../worker/queue.ts');
    await withContext(true, async (context) => {
      const queue = await openQueue(context.database.connection);
      await queue.work(jobContextOf(context, profiles.files, filesFolder()), (error) =>
        logLine({ level: 'error', job: true, error: (error as Error).name }),
      );
      await untilStopped(context.signal);
      await queue.close();
    });
    return 0;
  },
});

const userCommand = command({
  name: 'user',
  summary: 'コンソールの利用者を登録する（パスワードは標準入力か TODOKE_PASSWORD から）',
  positional: '利用者名',
  options: {
    ...PROFILE,
    role: { type: 'string', value: Object.keys(ROLE_LABELS).join('|'), help: '役割', required: true },
    name: { type: 'string', value: '氏名', help: '画面に出る名前', required: true },
    branch: { type: 'string', value: 'コード', help: '支部（役割が branch のとき）' },
    workplace: { type: 'string', value: '記号', help: '事業所（役割が workplace のとき）' },
    totp: { type: 'boolean', help: '確認コード（認証アプリ）も求める' },
    'expires-on': { type: 'string', value: '日付', help: 'この日まで使える' },
    ...COMMON,
  },
  issuance: async (values, login) => {
    const profile = await loadProfile(values.profile ?? '');
    if (!Object.hasOwn(ROLE_LABELS, values.role ?? ''))
      throw new Refusal('arguments', `--role は ${Object.keys(ROLE_LABELS).join('、')} のどれかです。`);
    const password = process.env['TODOKE_PASSWORD'] ?? (await readLine());
    const { account, totpSecret } = await withContext(values.json, (context) =>
      createAccount(context, {
        insurer: profile.insurer,
        login,
        displayName: values.name ?? '',
        role: values.role as Role,
        branchCode: values.branch,
        workplaceSymbol: values.workplace,
        password,
        withTotp: values.totp,
        oidc: null,
        expiresOn: dateOption('expires-on', values['expires-on']),
      }),
    );
    const totp = totpSecret === null ? null : totpLink(account.login, totpSecret);
    if (values.json) printLine(JSON.stringify({ id: account.id, totp }));
    else print(`${account.login}（${ROLE_LABELS[account.role]}）を登録しました。\n${totp ?? ''}${totp ? '\n' : ''}`);
    return 0;
  },
});

/** The first line of standard input. */
async function readLine(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('パスワード: ');
  let text = '';
  for await (const block of process.stdin.setEncoding('utf8')) {
    text += String(block);
    if (text.includes('\n')) break;
  }
  return text.split(/\r?\n/)[0] ?? '';
}

export const CONSOLE_COMMANDS: readonly Command<Options>[] = [serveCommand, workerCommand, userCommand];
