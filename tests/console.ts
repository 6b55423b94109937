// For tests of the server: two insurers with sample issuances in one ledger, an account a role, and a client that
// behaves like the console. Jobs run through the real operations, without the queue in between.
import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadProfile, profileFile } from '../src/formats/profile.ts';
import { createAccount } from '../src/operations/desk/accounts.ts';
import type { NewAccountRequest } from '../src/operations/desk/accounts.ts';
import type { Context } from '../src/operations/context.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { findIssuance } from '../src/ledger/papers/issuances.ts';
import { issue, writeOutput } from '../src/operations/issue.ts';
import { indexForConsole, runJob } from '../src/operations/perform-job.ts';
import { outputFolder } from '../src/operations/desk/jobs.ts';
import { variedBreakdown, writeSample } from '../src/operations/sample.ts';
import type { Role } from '../src/rules/access.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { buildApp } from '../src/server/app.ts';
import type { App, Server } from '../src/server/http.ts';
import { NO_PROXIES } from '../src/server/proxies.ts';
import type { ImportPage, Upload } from '../src/server/contract/imports.ts';
import type { Session } from '../src/server/contract/session.ts';
import { openTestFolder, openTestLedger, sharedLedger } from './ledger.ts';

export const PASSWORD = 'とても長い長い合言葉 123';

/** Somebody signed in. */
export class Client {
  readonly #app: App;
  #cookie = '';
  session: Session | null = null;
  #writes = 0;

  constructor(app: App) {
    this.#app = app;
  }

  async request(
    method: string,
    address: string,
    init: { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const writes =
      method === 'GET'
        ? {}
        : { 'x-csrf': this.session?.csrf ?? '', 'idempotency-key': `write-${this.#writes++}-${Math.random()}` };
    const headers = { host: 'localhost', cookie: this.#cookie, ...writes, ...init.headers };
    return this.#app.request(`/api${address}`, { method, headers, body: init.body ?? null });
  }

  get(address: string): Promise<Response> {
    return this.request('GET', address);
  }

  post(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.request('POST', address, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  async signIn(login: string, password = PASSWORD, code = ''): Promise<Response> {
    const answer = await this.post('/session', { login, password, code });
    if (answer.ok) {
      this.#cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      this.session = (await answer.clone().json()) as Session;
    }
    return answer;
  }
}

export interface TestConsole {
  readonly context: Context;
  readonly server: Server;
  readonly app: App;
  readonly folder: string;
  /** 協会けんぽ: branches, home route. */
  readonly kyokai: { readonly profile: InsurerProfile; readonly run: Issuance };
  /** MBK: one office, through the workplace. */
  readonly mbk: { readonly profile: InsurerProfile; readonly run: Issuance };
  /** A signed-in client: `kyokai headquarters`, `mbk workplace` … */
  readonly as: (insurer: 'kyokai' | 'mbk', role: Role) => Promise<Client>;
  /** When every job asked for so far has ended. */
  readonly settled: () => Promise<void>;
  readonly query: <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;
}

const INSURERS = [
  ['kyokai', 'kyokai-kenpo', '2025-07-22', 900, 5, '1000'],
  ['mbk', 'mbk', '2025-11-04', 400, 6, '2000'],
] as const;

/** Ids of the first issuances of both insurers. */
interface Issued {
  readonly kyokai: number;
  readonly mbk: number;
}

/** Both insurers' first issuances and an account for each role, once for all files that ask for it. */
async function issueBoth(context: Context, folder: string, prints: boolean): Promise<Issued> {
  const issued: { -readonly [Name in keyof Issued]?: number } = {};
  for (const [name, id, issuedOn, members, seed, symbols] of INSURERS) {
    const profile = await loadProfile(id);
    const issuance = profile.issuances[0]!;
    const outDir = path.join(folder, id);
    const sample = await writeSample({ members, seed, outDir, profile, issuance, breakdown: variedBreakdown(members) });
    // Each insurer has symbols of its own, so that nothing is found by chance.
    for (const file of Object.values(sample)) {
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replaceAll(/(^|,)1000(?=\d{4},)/gm, `$1${symbols}`));
    }
    // One employer filed a name that a spreadsheet would run.
    const named = await readFile(sample.workplaces, 'utf8');
    await writeFile(sample.workplaces, named.replace(',株式会社', ',=株式会社'));
    const { issuance: run } = await issue(context, profile, {
      ...sample,
      issuance: issuance.id,
      issuedOn: issuedOn as LocalDate,
      outDir: path.join(folder, id, 'out'),
      inputEncoding: null,
      outputEncoding: 'utf-8',
      skipInvalid: false,
      prints: false,
    });
    const outputDir = outputFolder(path.join(folder, 'files'), run);
    if (prints) await writeOutput(context, run, profile, { outDir: outputDir, encoding: 'utf-8', prints: true });
    await indexForConsole(context.database, profile.insurer.number);
    issued[name] = run.id;
    const { branch, workplace } = await busiest(context, run);
    for (const role of ROLES) {
      if (role === 'branch' && name === 'mbk') continue;
      await madeAccount(context, {
        insurer: profile.insurer,
        login: `${name}-${role}`,
        displayName: `${name} ${role}`,
        role,
        branchCode: role === 'branch' ? branch : null,
        workplaceSymbol: role === 'workplace' ? workplace : null,
      });
    }
  }
  return issued as Issued;
}

/** Opens all of it. `prints`: whether the first issuances have print files; `consoleFolder`: the built console to serve. */
export async function openTestConsole(prints = false, consoleFolder: string | null = null): Promise<TestConsole> {
  const name = prints ? 'console_printed' : 'console';
  const shared = await sharedLedger(name, (own, filled) => issueBoth(own, filled, prints));
  const context = await openTestLedger(shared.template);
  const folder = openTestFolder();
  await cp(shared.folder, folder, { recursive: true });
  const opened = async (id: string, issuance: number): Promise<TestConsole['kyokai']> => {
    const profile = await loadProfile(id);
    const run = await context.database.transaction((tx) =>
      findIssuance<Issuance>(tx, profile.insurer.number, issuance),
    );
    return { profile, run: run! };
  };
  const kyokai = await opened('kyokai-kenpo', shared.value.kyokai);
  const mbk = await opened('mbk', shared.value.mbk);
  const profiles = new Map([kyokai, mbk].map(({ profile }) => [profile.insurer.number, profile]));
  const profileFiles = new Map<string, string>();
  for (const { profile } of [kyokai, mbk]) {
    const copy = path.join(folder, `${profile.id}.yaml`);
    await copyFile(profileFile(profile.id), copy);
    profileFiles.set(profile.insurer.number, copy);
  }
  const query: TestConsole['query'] = (sql, values = []) => context.database.transaction((tx) => tx.query(sql, values));
  const files = path.join(folder, 'files');
  const served = serveTests({ context, profiles, profileFiles, files, consoleFolder });
  return { context, folder, kyokai, mbk, query, ...served, as: (insurer, role) => served.signIn(`${insurer}-${role}`) };
}

/** An account with the tests' password that sees its whole insurer; what differs is given. */
export function madeAccount(
  context: Context,
  given: Pick<NewAccountRequest, 'insurer' | 'login'> & Partial<NewAccountRequest>,
): ReturnType<typeof createAccount> {
  return createAccount(context, {
    displayName: given.login,
    role: 'headquarters',
    branchCode: null,
    workplaceSymbol: null,
    password: PASSWORD,
    withTotp: false,
    oidc: null,
    expiresOn: null,
    ...given,
  });
}

/** The server over a ledger, its jobs run at once; accounts sign in with the tests' password. */
export function serveTests(
  given: Pick<Server, 'profiles' | 'profileFiles' | 'files' | 'consoleFolder'> & { readonly context: Context },
): Pick<TestConsole, 'server' | 'app' | 'settled'> & { readonly signIn: (login: string) => Promise<Client> } {
  const { context, ...place } = given;
  const { database, signal } = context;
  const work: Promise<void>[] = [];
  const server: Server = {
    ...place,
    database,
    enqueue: async (id) => {
      const profileOf = async (number: string) => place.profiles.get(number)!;
      work.push(runJob({ database, profileOf, files: place.files, signal }, id).catch(() => undefined));
    },
    clock: () => new Date(),
    isSecure: false,
    proxies: NO_PROXIES,
    metricsToken: 'metrics-token',
    log: () => undefined,
    oidc: null,
    requestsPerMinute: 1200,
    signal,
  };
  const { app } = buildApp(server);
  return {
    server,
    app,
    settled: async () => void (await Promise.all(work)),
    signIn: async (login) => {
      const client = new Client(app);
      const answer = await client.signIn(login);
      if (!answer.ok) throw new Error(`sign-in of ${login}: ${answer.status}`);
      return client;
    },
  };
}

/** A file as somebody brings it. */
export interface Brought {
  readonly name: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
  /** Reference date of an enrolment file. */
  readonly asOf?: string;
  readonly rows?: number;
  /** Where the header does not say it. */
  readonly kind?: 'members' | 'workplaces' | 'enrolment' | 'ratios' | 'filings';
}

/** Sends a file as the console does. */
export async function sendFile(client: Client, { name, content }: Pick<Brought, 'name' | 'content'>): Promise<Upload> {
  const answer = await client.request('POST', '/imports/uploads', {
    body: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    headers: { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(name) },
  });
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Upload;
}

/** Brings files together and waits for what would change. */
export async function proposeFiles(
  at: Pick<TestConsole, 'settled'>,
  client: Client,
  files: readonly Brought[],
  skipInvalid = false,
): Promise<ImportPage> {
  const sent = [];
  for (const { asOf = null, rows = null, ...file } of files) {
    const { upload, kind } = await sendFile(client, file);
    sent.push({ upload, kind: file.kind ?? kind, asOf, rows });
  }
  const answer = await client.post('/imports/proposals', { files: sent, skipInvalid });
  if (!answer.ok) throw new Error(`proposal: ${answer.status} ${await answer.text()}`);
  await at.settled();
  return importPage(client, ((await answer.json()) as ImportPage).id);
}

export async function importPage(client: Client, id: number): Promise<ImportPage> {
  return (await (await client.get(`/imports/proposals/${id}`)).json()) as ImportPage;
}

/** The same, confirmed by whoever brings them (where it takes two persons, by `second` as well). */
export async function bringFiles(
  at: Pick<TestConsole, 'settled'>,
  client: Client,
  files: readonly Brought[],
  { reason = null, second = null }: { readonly reason?: string | null; readonly second?: Client | null } = {},
): Promise<ImportPage> {
  const { id, version } = await proposeFiles(at, client, files);
  for (const person of [client, ...(second ? [second] : [])]) {
    const answer = await person.post(`/imports/proposals/${id}/confirmations`, { version, reason });
    if (!answer.ok) throw new Error(`confirmation: ${answer.status} ${await answer.text()}`);
  }
  await at.settled();
  return importPage(client, id);
}

export const ROLES: readonly Role[] = [
  'headquarters',
  'branch',
  'contractor',
  'workplace',
  'call-centre',
  'auditor',
  'administrator',
];

/** The branch and the workplace with most pieces of a run. */
async function busiest({ database }: Context, run: Issuance): Promise<{ branch: string; workplace: string }> {
  const rows = await database.transaction((tx) =>
    tx.query<{ branch: string; workplace: string }>(
      `select w.branch_code as branch, w.symbol as workplace
         from mailpiece p join workplace w on w.dataset_id = $2 and w.symbol = p.symbol
        where p.issuance_id = $1 group by 1, 2 order by count(*) desc, 2 limit 1`,
      [run.id, run.workplacesId],
    ),
  );
  return rows[0]!;
}
